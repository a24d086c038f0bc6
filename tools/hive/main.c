/*
 * hive: looks into registry hives and registry text, changes them, checks and repairs them.
 */
#include <stdio.h>
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "trace.h"
#include "utf16.h"

#ifndef DECANTER_VERSION
#define DECANTER_VERSION "unknown"
#endif

struct options options = {.form = REGTEXT_V5};

static const struct command commands[] = {
    {"print", 1, 2, cmd_print, "print HIVE [KEY]", "keys and values (--flat: a line each)"},
    {"get", 2, 3, cmd_get, "get HIVE KEY [VALUE]", "one value's data (no VALUE: the default one)"},
    {"set", 5, 5, cmd_set, "set HIVE KEY VALUE TYPE DATA", "sets a value, making keys on the way"},
    {"delete", 2, 3, cmd_delete, "delete HIVE KEY [VALUE]", "a value, or a key and all below it"},
    {"export", 1, 2, cmd_export, "export HIVE [KEY]",
     "registry text (--v4, --wine, --prefix PATH, --out FILE)"},
    {"import", 2, -1, cmd_import, "import HIVE TEXT ...",
     "registry text into a hive, made if new (--prefix PATH, --under KEY, --all-or-nothing)"},
    {"diff", 2, 2, cmd_diff, "diff OLD NEW",
     "what differs, as registry text that makes NEW of OLD"},
    {"info", 1, 1, cmd_info, "info HIVE", "the base block, sizes and what the logs hold"},
    {"check", 1, 1, cmd_check, "check HIVE",
     "names each kind of damage and where it is (--strict: remarks count)"},
    {"recover", 1, 1, cmd_recover, "recover HIVE",
     "replays the logs into the hive, and corrects counts"},
    {"compact", 1, 1, cmd_compact, "compact HIVE",
     "writes it anew without free space (--out FILE)"},
    {"salvage", 2, 2, cmd_salvage, "salvage HIVE NEW",
     "what can be read of a damaged hive, as a new one"},
};

static void print_usage(FILE *to)
{
    fputs("usage: hive COMMAND [OPTION ...] ...\n"
          "       hive COMMAND --help\n\n",
          to);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(to, "  %-30s %s\n", commands[i].usage, commands[i].help);
    if (more_command)
        fprintf(to, "  %-30s %s\n", more_command->usage, more_command->help);
    fputs(
        "\nHIVE is a hive file, TEXT a file of registry text (regedit's or Wine's), KEY a path "
        "below\n"
        "the root such as 'Software\\Name'. Data: text as it is, numbers in decimal or 0x...,\n"
        "REG_BINARY and other types as bytes in hexadecimal, REG_MULTI_SZ with \\0 between "
        "strings.\n"
        "TEXT is UTF-16 or UTF-8 by its mark; without one UTF-8 where it is that, else of the\n"
        "system's code page (natively 1252) or of --codepage N; - is standard input. Lines that\n"
        "regedit does not take are named and left out (exit code 1). export and diff write UTF-8\n"
        "into a pipe or a terminal, and what regedit writes into files or with --utf16.\n"
        "HIVE may be registry text for the commands that only look.\n"
        "Looking never changes a file or locks it. --quiet leaves the progress out,\n"
        "--version says of which version this is.\n"
        "exit codes: 0 done, 1 differences or damage found, or (recover) the logs do not fit,\n"
        "2 failed, 3 wrong usage, 4 (recover) nothing to replay\n",
        to);
}

static int print_help(const struct command *c)
{
    printf("usage: hive %s\n\n%s\n\n'hive --help' says what a HIVE and a KEY are, and the exit "
           "codes.\n",
           c->usage, c->help);
    return EXIT_GOOD;
}

/* Says what is wrong with the arguments. */
static int wrong_usage(const char *what, const char16_t *argument)
{
    fprintf(stderr, "hive: %s", what);
    if (argument) {
        char *text = u16_dup_to_utf8(argument);

        fprintf(stderr, " '%s'", text ? text : "");
        os_free(text);
    }
    fputs("\nhive: 'hive --help' says what there is\n", stderr);
    return EXIT_USAGE;
}

static bool is_option(const char16_t *arg, const char *name)
{
    return u16_is(arg, u16_len(arg), name);
}

/* Options with a value: where it goes. */
static const char16_t **value_option(const char16_t *arg)
{
    if (is_option(arg, "--out"))
        return &options.out;
    if (is_option(arg, "--prefix"))
        return &options.prefix;
    if (is_option(arg, "--under"))
        return &options.under;
    return NULL;
}

static bool take_flag(const char16_t *arg)
{
    if (is_option(arg, "--quiet"))
        options.quiet = true;
    else if (is_option(arg, "--flat"))
        options.flat = true;
    else if (is_option(arg, "--strict"))
        options.strict = true;
    else if (is_option(arg, "--all-or-nothing"))
        options.all_or_nothing = true;
    else if (is_option(arg, "--utf16"))
        options.wide = true;
    else if (is_option(arg, "--v4"))
        options.form = REGTEXT_V4;
    else if (is_option(arg, "--wine"))
        options.form = REGTEXT_WINE;
    else
        return false;
    return true;
}

struct taken {
    bool help, version;
    const char *wrong; /* NULL: all is well */
    const char16_t *about;
};

static void set_wrong(struct taken *t, const char *what, const char16_t *about)
{
    if (t->wrong)
        return;
    t->wrong = what;
    t->about = about;
}

/* A prefix ends before the backslash that keys below it have. */
static const char16_t *without_outer_backslashes(char16_t *path)
{
    size_t n = u16_len(path);

    while (n && path[n - 1] == '\\')
        path[--n] = 0;
    while (*path == '\\')
        path++;
    return path;
}

/* Options with a value, which is value (NULL: missing); false where arg is none of them. */
static bool take_value(const char16_t *arg, char16_t *value, struct taken *t)
{
    const char16_t **to = value_option(arg);

    if (!to && !is_option(arg, "--codepage"))
        return false;
    if (!value)
        set_wrong(t, "a value is missing after", arg);
    else if (to)
        *to = to == &options.prefix ? without_outer_backslashes(value) : value;
    else if (!u16_to_u32(value, u16_len(value), &options.codepage))
        set_wrong(t, "not the number of a code page:", value);
    return true;
}

/* Takes the options out of argv; returns how many arguments are left. */
static int take_options(int argc, char16_t **argv, struct taken *t)
{
    int kept = 0;

    for (int i = 0; i < argc; i++) {
        if (take_value(argv[i], i + 1 < argc ? argv[i + 1] : NULL, t))
            i++;
        else if (is_option(argv[i], "--help") || is_option(argv[i], "-h"))
            t->help = true;
        else if (is_option(argv[i], "--version"))
            t->version = true;
        else if (!take_flag(argv[i])) {
            if (argv[i][0] == '-' && argv[i][1] == '-')
                set_wrong(t, "there is no option", argv[i]);
            argv[kept++] = argv[i];
        }
    }
    return kept;
}

static const struct command *find_command(const char16_t *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (is_option(name, commands[i].name))
            return &commands[i];
    return more_command && is_option(name, more_command->name) ? more_command : NULL;
}

static int run_command(const struct command *c, int argc, char16_t **argv, const struct taken *t)
{
    if (t->help)
        return print_help(c);
    if (t->wrong)
        return wrong_usage(t->wrong, t->about);
    if (argc < c->least)
        return wrong_usage("an argument is missing", NULL);
    if (c->most >= 0 && argc > c->most)
        return wrong_usage("one argument too many:", argv[c->most]);
    return c->run(argc, argv);
}

int hive_main(int argc, char16_t **argv)
{
    const struct command *c;
    struct taken t = {0};

    trace_start();
    argc = take_options(argc, argv, &t);
    if (t.version) {
        puts("hive " DECANTER_VERSION);
        return EXIT_GOOD;
    }
    if (!argc && t.wrong)
        return wrong_usage(t.wrong, t.about);
    if (!argc) {
        print_usage(t.help ? stdout : stderr);
        return t.help ? EXIT_GOOD : EXIT_USAGE;
    }
    c = find_command(argv[0]);
    return c ? run_command(c, argc - 1, argv + 1, &t) : wrong_usage("there is no command", argv[0]);
}
