/*
 * validate: what keeps a package from being opened or installed, what its own rules say, and what
 * was not looked at.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

static const char *const level_names[LEVELS] = {"error", "warning", "not looked at"};

void found_name(struct check *c, enum level level, const char16_t *where, const char16_t *row,
                const char *what, const char16_t *name, const char *advice)
{
    char16_t *words = from_ascii(what), *text = name ? join(words, u" ", name, NULL) : words;

    if (name)
        os_free(words);
    c->counts[level]++;
    rows_add(&c->found, from_ascii(level_names[level]), must_dup(where), must_dup(row ? row : u""),
             text, from_ascii(advice));
}

void found(struct check *c, enum level level, const char16_t *where, const char16_t *row,
           const char *what, const char *advice)
{
    found_name(c, level, where, row, what, NULL, advice);
}

/* --- what is looked at ------------------------------------------------------------------------ */

static void unreadable_tables(struct check *c, u32 err)
{
    char text[96];

    snprintf(text, sizeof(text),
             "the tables cannot be read (error %u): Windows answers 1620 or 2219", (unsigned)err);
    found(c, LEVEL_ERROR, u"_StringPool", NULL, text,
          "the string pool or the list of tables is damaged; 'msiq streams' may still take the "
          "cabinets out");
}

static void check_package(struct check *c)
{
    u32 err = db_core_open(c->stg, &c->db);

    if (err) {
        c->db = NULL;
        check_summary(c);
        unreadable_tables(c, err);
        check_streams(c);
        return;
    }
    c->pool = db_core_strings(c->db);
    /* a package into which a module was merged has the table too */
    c->module = check_table(c, u"ModuleSignature") && !check_has(c, u"Property", u"ProductCode");
    c->validation = check_table(c, u"_ICESequence");
    check_summary(c);
    check_pool(c);
    check_tables(c);
    check_streams(c);
    check_rules(c);
    if (c->kind == KIND_PATCH) {
        check_transform(c);
        return;
    }
    check_known(c);
    if (!c->module && !c->validation)
        check_product(c);
    check_folders(c);
    if (!c->validation)
        check_media(c);
}

static void say_what_was_left_out(struct check *c)
{
    if (c->kind == KIND_TRANSFORM) {
        found(c, LEVEL_NOTE, u"its changes", NULL, "a transform has no tables of its own",
              "apply it to a copy of its package ('msiq transform apply --out') and validate that");
        return;
    }
    found(c, LEVEL_NOTE, u"custom actions", NULL, "what their programs and scripts do", "");
    found(c, LEVEL_NOTE, u"internal consistency evaluators", NULL,
          "the rules of darice.cub and the like beyond those above", "");
    found(c, LEVEL_NOTE, u"digital signature", NULL, "whether the file is as it was signed", "");
    if (c->kind == KIND_PACKAGE && !c->module && !c->validation)
        found(c, LEVEL_NOTE, u"this machine", NULL,
              "launch conditions, disk space and privileges, which an installation asks for", "");
}

static void check_file(struct check *c)
{
    if (c->kind == KIND_UNKNOWN)
        found(c, LEVEL_ERROR, u"class", NULL,
              "the file's class is none of a package, a transform or a patch: Windows answers "
              "1620 or 2219",
              "a tool wrote it that does not set the class; 'msiq import' into a new file makes "
              "one that has it");
    if (c->kind == KIND_TRANSFORM) {
        check_streams(c);
        check_transform(c);
    } else {
        check_package(c);
    }
    say_what_was_left_out(c);
}

/* --- what is printed -------------------------------------------------------------------------- */

static void print_finding(const struct cells *f)
{
    out_text(f->cells[0]);
    out_format(": ");
    out_text(f->cells[1]);
    if (f->cells[2][0]) {
        out_format(" [");
        out_text(f->cells[2]);
        out_format("]");
    }
    out_format(": ");
    out_text(f->cells[3]);
    out_format("\n");
    if (f->cells[4][0]) {
        out_format("    ");
        out_text(f->cells[4]);
        out_format("\n");
    }
}

static void print_findings(const struct check *c, bool notes)
{
    for (u32 i = 0; i < c->found.count; i++)
        if (is(c->found.row[i].cells[0], level_names[LEVEL_NOTE]) == notes)
            print_finding(&c->found.row[i]);
}

static const char *plural(u32 n)
{
    return n == 1 ? "" : "s";
}

static void print_text(const struct check *c)
{
    static const char *const kinds[] = {"a file of no known class", "a package", "a transform",
                                        "a patch"};
    u32 errors = c->counts[LEVEL_ERROR], warnings = c->counts[LEVEL_WARNING];

    out_text(c->path);
    out_format(": %s\n", c->module       ? "a merge module"
                         : c->validation ? "a database of validation rules"
                                         : kinds[c->kind]);
    print_findings(c, false);
    out_format("%u violation%s, %u warning%s\n", errors, plural(errors), warnings,
               plural(warnings));
    print_findings(c, true);
}

int cmd_validate(int argc, char16_t **argv)
{
    struct check c = {.path = argv[0]};
    int code;
    u32 err;

    UNUSED(argc);
    err = stg_open(argv[0], STG_READ | STG_DENY_WRITE, &c.stg);
    if (err && err != ERROR_INVALID_DATA && err != ERROR_FILE_CORRUPT) {
        complain(argv[0], err);
        return EXIT_FAILED;
    }
    c.kind = file_kind(argv[0]);
    rows_make(&c.found, u"Level:s16", u"Where:s0", u"Row:S0", u"What:s0", u"Advice:S0", NULL);
    if (err)
        found(&c, LEVEL_ERROR, u"file", NULL,
              err == ERROR_INVALID_DATA
                  ? "this is no compound file, and so no package: Windows answers 1620"
                  : "the compound file is damaged: Windows answers 1620",
              "get it again, and compare its size");
    else
        check_file(&c);
    if (options.form == OUT_TEXT)
        print_text(&c);
    else
        out_rows(&c.found, NULL);
    code = c.counts[LEVEL_ERROR] ? EXIT_DIFFERENT : EXIT_GOOD;
    rows_free(&c.found);
    db_core_free(c.db);
    stg_close(c.stg);
    return code;
}
