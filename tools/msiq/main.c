/*
 * msiq: looks into Windows Installer packages, checks them, takes them apart and changes them.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"
#include "trace.h"

#ifndef DECANTER_VERSION
#define DECANTER_VERSION "unknown"
#endif

struct options options;

static const struct command commands[] = {
    {"info", 1, 1, cmd_info, TAKES_FORM, "info FILE", "the summary information",
     "Of a package, a transform or a patch."},
    {"tables", 1, 1, cmd_tables, TAKES_FORM, "tables FILE",
     "the tables, with their numbers of rows", NULL},
    {"schema", 1, -1, cmd_schema, TAKES_FORM, "schema FILE [TABLE ...]", "columns, types and keys",
     "Types: s text, l localizable text, i integer, v stream, with the width; a capital letter may "
     "be null."},
    {"show", 1, -1, cmd_show, TAKES_FORM, "show FILE [TABLE ...]", "rows of the tables",
     "On a terminal long cells are cut; in a pipe, with --csv and with --json nothing is."},
    {"sql", 1, 2, cmd_sql, TAKES_FORM | TAKES_SCRIPT, "sql FILE [QUERY | -f SCRIPT]",
     "one query, a script of queries that end with ';', or lines from\n"
     "standard input; committed if all worked",
     NULL},
    {"export", 1, -1, cmd_export, TAKES_OUT, "export FILE [TABLE ...]",
     "text archives, to standard output or to the folder --out", NULL},
    {"import", 2, -1, cmd_import, 0, "import FILE IDT ...", "text archives into FILE (made if new)",
     NULL},
    {"streams", 1, -1, cmd_streams, TAKES_FORM | TAKES_OUT,
     "streams FILE [NAME | all | put NAME PATH | delete NAME ...]",
     "the streams and sizes, one stream's bytes (to --out), all of\n"
     "them (to the folder --out); put and delete commit",
     "'all' goes on after a stream that is damaged, and ends with 2."},
    {"storages", 1, -1, cmd_storages, TAKES_FORM | TAKES_OUT,
     "storages FILE [NAME | all | put NAME PATH | delete NAME ...]",
     "the same for storages: transforms inside of a patch or a\n"
     "package, each a file of its own outside",
     NULL},
    {"extract", 1, -1, cmd_extract, TAKES_FORM | TAKES_FLAT | TAKES_LIST | TAKES_OUT,
     "extract FILE FOLDER [KEY ...]",
     "the package's files under their target names, or those of\n"
     "these keys (--flat: in one folder, --list: what there is)",
     "From cabinets in the package and beside it, and from files beside it that are not "
     "compressed.\n"
     "Times and attributes are kept. A path that would lead out of FOLDER is refused, also "
     "through\n"
     "links that stand there. 'extract FILE KEY --out PATH' writes one file ('-': to standard "
     "output)."},
    {"diff", 2, 2, cmd_diff, TAKES_FORM, "diff OLD NEW", "what differs, row by row",
     "Streams and storages are compared by their bytes. Ends with 1 where something differs."},
    {"transform", 2, 4, cmd_transform, TAKES_FORM | TAKES_OUT | TAKES_IGNORE | TAKES_VALIDATE,
     "transform make OLD NEW MST | apply FILE MST | show MST [BASE]",
     "makes a transform, applies one (--out: to a copy), or shows\n"
     "what it does to the package BASE",
     "  --ignore LIST    errors that are none: addexistingrow, delmissingrow, addexistingtable,\n"
     "                   delmissingtable, updatemissingrow, changecodepage; all, none, or a "
     "number.\n"
     "                   make writes them into the transform; apply takes those that stand there\n"
     "                   without this option.\n"
     "  --validate LIST  what an installer is to compare: language, product, upgradecode,\n"
     "                   majorversion, minorversion, updateversion, newlessbaseversion,\n"
     "                   newlessequalbaseversion, newequalbaseversion,\n"
     "                   newgreaterequalbaseversion, newgreaterbaseversion; or a number. make "
     "writes\n"
     "                   them; apply does not look at them."},
    {"patch", 2, -1, cmd_patch, TAKES_FORM | TAKES_OUT,
     "patch show MSP [PACKAGE] | apply FILE MSP ... --out COPY | make OLD NEW MSP",
     "what a patch is for, and whether the package is; a copy of\n"
     "FILE with the patches on it, in their order; a patch that\n"
     "makes NEW of an installed OLD",
     "make puts every file that is new, or has other bytes, into the patch whole, in a cabinet "
     "that is "
     "not\ncompressed. OLD and NEW are of one product, with their files in them or beside them.\n"
     "The copy has the patches' cabinets too: it installs what the package with its patches does. "
     "'msiq\n"
     "transform show' tells what a transform of a patch changes, once 'msiq storages' took it "
     "out."},
    {"merge", 2, 2, cmd_merge, TAKES_FORM, "merge FILE OTHER", "merges OTHER's rows into FILE",
     "Ends with 1 and the conflicts where rows of one key differ; then nothing is changed."},
    {"validate", 1, 1, cmd_validate, TAKES_FORM, "validate FILE",
     "what Windows would refuse, rows against _Validation, and more",
     "Ends with 1 where errors were found; warnings alone end with 0. The last lines say what was "
     "not looked at."},
    {"install", 1, -1, cmd_install, TAKES_ROOT | TAKES_HIVES,
     "install FILE --root FOLDER [PROPERTY=value ...]",
     "the package into a folder of drives and its hives, without\n"
     "Windows: whole, or not at all",
     "A failure undoes everything; so does the next call after one that was killed. Custom actions "
     "are\n"
     "programs for Windows: they are skipped, and named on standard output."},
    {"uninstall", 1, -1, cmd_uninstall, TAKES_ROOT | TAKES_HIVES,
     "uninstall FILE | {PRODUCT-CODE} --root FOLDER [PROPERTY=value ...]",
     "removes the product again", NULL},
    {"installed", 0, 0, cmd_installed, TAKES_FORM | TAKES_ROOT | TAKES_HIVES,
     "installed --root FOLDER", "the products that are installed there", NULL},
    {"recover", 0, 0, cmd_recover, TAKES_ROOT | TAKES_HIVES, "recover --root FOLDER",
     "undoes what an installation that was killed left", NULL},
    {"tour", 1, 1, cmd_tour, 0, "tour FILE", "all of a package, and how handles keep their thread",
     NULL},
};

/* --- help ------------------------------------------------------------------------------------ */

static void put_help(FILE *to, const char *help)
{
    for (; *help; help++) {
        fputc(*help, to);
        if (*help == '\n')
            fprintf(to, "%33s", "");
    }
    fputc('\n', to);
}

static void print_usage(FILE *to)
{
    fputs("usage: msiq COMMAND [OPTION ...] ...\n"
          "       msiq COMMAND --help\n\n",
          to);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        fprintf(to, "  %-30s%s", commands[i].usage,
                strlen(commands[i].usage) < 30 ? " " : "\n                                 ");
        put_help(to, commands[i].help);
    }
    fputs("\noptions: --csv, --json (most commands), --out PATH, --quiet (no progress), --help, "
          "--version\n"
          "exit codes: 0 done, 1 differences or violations found, 2 failed, 3 wrong usage\n",
          to);
}

static void print_options(unsigned takes)
{
    static const struct {
        unsigned bit;
        const char *text;
    } lines[] = {
        {TAKES_FORM, "--csv | --json   the form of what is printed"},
        {TAKES_OUT, "--out PATH       where it goes"},
        {TAKES_FLAT, "--flat           all files in one folder, under their keys where two names "
                     "are one"},
        {TAKES_LIST, "--list           says what there is, and writes nothing"},
        {TAKES_SCRIPT, "-f SCRIPT        a file of queries ('-': standard input)"},
        {TAKES_ROOT,
         "--root FOLDER    what is installed on: its folders drive_c, drive_d ... are the drives"},
        {TAKES_HIVES,
         "--hives FOLDER   its registry's hives, if not drive_c/windows/system32/config"},
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (takes & lines[i].bit)
            printf("  %s\n", lines[i].text);
    puts("  --quiet          no progress");
}

static int print_help(const struct command *c)
{
    printf("usage: msiq %s\n\n", c->usage);
    for (const char *s = c->help; *s; s++)
        putchar(*s == '\n' ? ' ' : *s);
    puts("\n");
    if (c->more)
        printf("%s\n\n", c->more);
    print_options(c->takes);
    puts("\nexit codes: 0 done, 1 differences or violations found, 2 failed, 3 wrong usage");
    return EXIT_GOOD;
}

int wrong_usage(const char *command, const char *what, const char16_t *argument)
{
    fprintf(stderr, "msiq%s%s: %s", *command ? " " : "", command, what);
    if (argument) {
        fputs(" '", stderr);
        err_text(argument);
        fputc('\'', stderr);
    }
    fprintf(stderr, "\nmsiq: 'msiq %s%s--help' says what there is\n", command, *command ? " " : "");
    return EXIT_USAGE;
}

/* --- options --------------------------------------------------------------------------------- */

static const char16_t **value_option(const char16_t *arg, unsigned *bit)
{
    static const struct {
        const char *name;
        unsigned bit;
        const char16_t **value;
    } with[] = {
        {"--out", TAKES_OUT, &options.out},
        {"--ignore", TAKES_IGNORE, &options.ignore},
        {"--validate", TAKES_VALIDATE, &options.validate},
        {"-f", TAKES_SCRIPT, &options.script},
        {"--root", TAKES_ROOT, &options.root},
        {"--hives", TAKES_HIVES, &options.hives},
    };

    for (size_t i = 0; i < ARRAY_LEN(with); i++)
        if (is(arg, with[i].name)) {
            *bit = with[i].bit;
            return with[i].value;
        }
    return NULL;
}

static unsigned forms_seen;

static bool take_flag(const char16_t *arg, unsigned *bit)
{
    *bit = TAKES_FORM;
    if (is(arg, "--csv")) {
        options.form = OUT_CSV;
        forms_seen |= 1;
    } else if (is(arg, "--json")) {
        options.form = OUT_JSON;
        forms_seen |= 2;
    } else if (is(arg, "--flat")) {
        *bit = TAKES_FLAT;
        options.flat = true;
    } else if (is(arg, "--list")) {
        *bit = TAKES_LIST;
        options.list = true;
    } else if (is(arg, "--quiet")) {
        *bit = 0;
        options.quiet = true;
    } else {
        return false;
    }
    return true;
}

struct taken {
    unsigned bits;
    bool help, version;
    const char *wrong; /* NULL: all is well */
    const char16_t *about;
    const char16_t *options[9]; /* one for each bit, for words about it */
};

static void note_option(struct taken *t, unsigned bit, const char16_t *arg)
{
    t->bits |= bit;
    for (unsigned i = 0; i < ARRAY_LEN(t->options); i++)
        if (bit == 1u << i)
            t->options[i] = arg;
}

/* Takes the options out of argv, up to a "--"; returns how many arguments are left. */
static int take_options(int argc, char16_t **argv, struct taken *t)
{
    int kept = 0;
    bool ended = false;

    for (int i = 0; i < argc; i++) {
        const char16_t **value;
        unsigned bit = 0;

        if (ended || argv[i][0] != u'-' || !argv[i][1]) {
            argv[kept++] = argv[i];
        } else if (is(argv[i], "--")) {
            ended = true;
        } else if (is(argv[i], "--help") || is(argv[i], "-h")) {
            t->help = true;
        } else if (is(argv[i], "--version")) {
            t->version = true;
        } else if ((value = value_option(argv[i], &bit))) {
            note_option(t, bit, argv[i]);
            if (i + 1 == argc) {
                t->wrong = "a value is missing after";
                t->about = argv[i];
                break;
            }
            *value = argv[++i];
        } else if (take_flag(argv[i], &bit)) {
            note_option(t, bit, argv[i]);
        } else {
            t->wrong = "there is no option";
            t->about = argv[i];
        }
    }
    if (!t->wrong && forms_seen == 3)
        t->wrong = "--csv and --json exclude each other";
    return kept;
}

/* --- commands -------------------------------------------------------------------------------- */

static const struct command *find_command(const char16_t *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (is(name, commands[i].name))
            return &commands[i];
    return NULL;
}

static int check_options(const struct command *c, const struct taken *t)
{
    for (unsigned i = 0; i < ARRAY_LEN(t->options); i++)
        if (t->bits & ~c->takes & 1u << i)
            return wrong_usage(c->name, "this command does not take", t->options[i]);
    return EXIT_GOOD;
}

static int run_command(const struct command *c, int argc, char16_t **argv, const struct taken *t)
{
    int code;

    if (t->help)
        return print_help(c);
    if (t->wrong)
        return wrong_usage(c->name, t->wrong, t->about);
    code = check_options(c, t);
    if (code)
        return code;
    if (argc < c->least)
        return wrong_usage(c->name, "an argument is missing", NULL);
    if (c->most >= 0 && argc > c->most)
        return wrong_usage(c->name, "one argument too many:", argv[c->most]);
    return c->run(argc, argv);
}

int msiq_main(int argc, char16_t **argv)
{
    const struct command *c;
    struct taken t = {0};

    trace_start();
    argc = take_options(argc, argv, &t);
    if (t.version) {
        puts("msiq " DECANTER_VERSION);
        return EXIT_GOOD;
    }
    if (!argc && t.help) {
        print_usage(stdout);
        return EXIT_GOOD;
    }
    if (!argc && t.wrong)
        return wrong_usage("", t.wrong, t.about);
    if (!argc) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    c = find_command(argv[0]);
    if (!c)
        return wrong_usage("", "there is no command", argv[0]);
    return run_command(c, argc - 1, argv + 1, &t);
}
