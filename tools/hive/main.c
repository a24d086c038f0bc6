/*
 * hive: looks into registry hives and registry text, changes them, checks and repairs them.
 */
#include <stdio.h>
#include <string.h>

#include "hivetool.h"
#include "trace.h"
#include "utf16.h"

struct options options = {.form = REGTEXT_V5, .codepage = 1252};

static const struct command commands[] = {
    {"print", 1, 2, cmd_print, "print HIVE [KEY]", "keys and values (--flat: a line each)"},
    {"get", 2, 3, cmd_get, "get HIVE KEY [VALUE]", "one value's data (no VALUE: the default one)"},
    {"set", 5, 5, cmd_set, "set HIVE KEY VALUE TYPE DATA", "sets a value, making keys on the way"},
    {"delete", 2, 3, cmd_delete, "delete HIVE KEY [VALUE]", "a value, or a key and all below it"},
    {"export", 1, 2, cmd_export, "export HIVE [KEY]",
     "registry text (--v4, --wine, --prefix PATH, --out FILE)"},
    {"import", 2, -1, cmd_import, "import HIVE TEXT ...",
     "registry text into a hive, made if new (--prefix PATH, --under KEY)"},
    {"diff", 2, 2, cmd_diff, "diff OLD NEW",
     "what differs, as registry text that makes NEW of OLD"},
    {"info", 1, 1, cmd_info, "info HIVE", "the base block, sizes and what the logs hold"},
    {"check", 1, 1, cmd_check, "check HIVE",
     "names each kind of damage and where it is (--strict: remarks count)"},
    {"recover", 1, 1, cmd_recover, "recover HIVE", "replays the logs into the hive"},
    {"compact", 1, 1, cmd_compact, "compact HIVE",
     "writes it anew without free space (--out FILE)"},
    {"salvage", 2, 2, cmd_salvage, "salvage HIVE NEW",
     "what can be read of a damaged hive, as a new one"},
};

static void print_usage(void)
{
    fputs("usage: hive COMMAND [OPTION ...] ...\n\n", stderr);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(stderr, "  %-30s %s\n", commands[i].usage, commands[i].help);
    if (more_command)
        fprintf(stderr, "  %-30s %s\n", more_command->usage, more_command->help);
    fputs("\nHIVE is a hive file, TEXT a file of registry text (regedit's or Wine's), KEY a path "
          "below\n"
          "the root such as 'Software\\Name'. Data: text as it is, numbers in decimal or 0x...,\n"
          "REG_BINARY and other types as bytes in hexadecimal, REG_MULTI_SZ with \\0 between "
          "strings.\n"
          "Looking never changes a file or locks it. --quiet leaves the progress out.\n"
          "exit codes: 0 done, 1 differences or damage found, 2 failed, 3 wrong usage\n",
          stderr);
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
    else if (is_option(arg, "--v4"))
        options.form = REGTEXT_V4;
    else if (is_option(arg, "--wine"))
        options.form = REGTEXT_WINE;
    else
        return false;
    return true;
}

/* Takes the options out of argv; returns how many arguments are left, or -1. */
static int take_options(int argc, char16_t **argv)
{
    int kept = 0;

    for (int i = 0; i < argc; i++) {
        const char16_t **value = value_option(argv[i]);

        if (value && i + 1 < argc) {
            *value = argv[++i];
        } else if (is_option(argv[i], "--codepage") && i + 1 < argc) {
            if (!u16_to_u32(argv[i + 1], u16_len(argv[i + 1]), &options.codepage))
                return -1;
            i++;
        } else if (!take_flag(argv[i])) {
            if (argv[i][0] == '-' && argv[i][1] == '-')
                return -1;
            argv[kept++] = argv[i];
        }
    }
    return kept;
}

static bool is_called(const struct command *c, int argc, char16_t **argv)
{
    return is_option(argv[0], c->name) && argc - 1 >= c->least &&
           (c->most < 0 || argc - 1 <= c->most);
}

int hive_main(int argc, char16_t **argv)
{
    trace_start();
    argc = take_options(argc, argv);
    for (size_t i = 0; argc > 0 && i < ARRAY_LEN(commands); i++)
        if (is_called(&commands[i], argc, argv))
            return commands[i].run(argc - 1, argv + 1);
    if (argc > 0 && more_command && is_called(more_command, argc, argv))
        return more_command->run(argc - 1, argv + 1);
    print_usage();
    return EXIT_USAGE;
}
