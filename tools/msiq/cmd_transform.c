/*
 * transform: made of two packages, applied to one, shown.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"

/* The bits of MSITRANSFORM_ERROR and MSITRANSFORM_VALIDATE: the name that an option takes, and the
 * words that show prints. */
struct flag {
    u32 bit;
    const char *name;
    const char16_t *words;
};

static const struct flag conditions[] = {
    {0x1, "addexistingrow", u"row exists"},
    {0x2, "delmissingrow", u"row to delete is missing"},
    {0x4, "addexistingtable", u"table exists"},
    {0x8, "delmissingtable", u"table to drop is missing"},
    {0x10, "updatemissingrow", u"row to update is missing"},
    {0x20, "changecodepage", u"other code page"},
    {0, NULL, NULL},
};

static const struct flag validations[] = {
    {0x1, "language", u"language"},
    {0x2, "product", u"product"},
    {0x8, "majorversion", u"major version"},
    {0x10, "minorversion", u"minor version"},
    {0x20, "updateversion", u"update version"},
    {0x40, "newlessbaseversion", u"version <"},
    {0x80, "newlessequalbaseversion", u"version <="},
    {0x100, "newequalbaseversion", u"version ="},
    {0x200, "newgreaterequalbaseversion", u"version >="},
    {0x400, "newgreaterbaseversion", u"version >"},
    {0x800, "upgradecode", u"upgrade code"},
    {0, NULL, NULL},
};

enum { VIEW_TRANSFORM = 0x100, ALL_CONDITIONS = 0x3f };

/* --- flags from options ----------------------------------------------------------------------- */

static bool add_flag(const char16_t *name, size_t len, const struct flag *flags, u32 all, u32 *bits)
{
    u32 number;

    if (u16_to_u32(name, len, &number)) {
        *bits |= number;
        return number <= all;
    }
    if (u16_is(name, len, "none"))
        return true;
    if (u16_is(name, len, "all")) {
        *bits |= all;
        return true;
    }
    for (; flags->name; flags++) {
        if (u16_is(name, len, flags->name)) {
            *bits |= flags->bit;
            return true;
        }
    }
    return false;
}

/* Names with commas between. */
static bool parse_flags(const char16_t *text, const struct flag *flags, u32 all, u32 *bits)
{
    *bits = 0;
    while (text && *text) {
        size_t n = 0;

        while (text[n] && text[n] != u',')
            n++;
        if (!add_flag(text, n, flags, all, bits))
            return false;
        text += n + (text[n] == u',');
    }
    return true;
}

/* --- make and apply --------------------------------------------------------------------------- */

static u32 make_file(struct pkg *before, struct pkg *after, const char16_t *path, u32 ignore,
                     u32 validate)
{
    u32 err = pkg_generate(after, before, path);

    if (err == ERROR_NO_DATA) {
        warn("the packages are the same: no transform is made");
        return ERROR_SUCCESS;
    }
    if (err)
        return complain(path, err);
    err = pkg_transform_summary(after, before, path, ignore, validate);
    if (err) {
        complain(path, err);
        os_remove(path);
    }
    return err;
}

static u32 make_transform(const char16_t *old, const char16_t *new, const char16_t *path,
                          u32 ignore, u32 validate)
{
    struct pkg *before = NULL, *after = NULL;
    u32 err = open_pkg(old, PKG_READ, &before);

    if (!err)
        err = open_pkg(new, PKG_READ, &after);
    if (!err)
        err = make_file(before, after, path, ignore, validate);
    pkg_close(before);
    pkg_close(after);
    return err;
}

/* What the transform itself says is no error, as an installer takes it. */
static u32 own_conditions(const char16_t *path)
{
    struct pkg_sum *info;
    struct sum_item item = {0};

    if (sum_open(path, &info))
        return 0;
    if (sum_get(info, SUM_CHARCOUNT, &item) || item.type != SUM_I4)
        item.number = 0;
    os_free(item.text);
    sum_close(info);
    return (u32)item.number & ALL_CONDITIONS;
}

static u32 check_kind(const char16_t *path)
{
    enum file_kind kind = file_kind(path);

    if (kind == KIND_TRANSFORM || path[0] == u':')
        return ERROR_SUCCESS;
    if (!os_exists(path))
        return complain(path, ERROR_FILE_NOT_FOUND);
    warn_about(path, kind == KIND_PACKAGE ? "this is a package and no transform"
                     : kind == KIND_PATCH ? "this is a patch and no transform: 'msiq storages' "
                                            "takes its transforms out"
                                          : "this is no transform");
    return ERROR_INSTALL_TRANSFORM_FAILURE;
}

static u32 apply_transform(const char16_t *file, const char16_t *path, u32 ignore)
{
    struct pkg *db;
    u32 err = check_kind(path);

    if (err)
        return err;
    if (options.out) {
        err = pkg_open_to(file, options.out, &db);
        if (err)
            complain(file, err);
    } else {
        err = open_pkg(file, PKG_CHANGE, &db);
    }
    if (err)
        return err;
    err = pkg_apply(db, path, ignore);
    if (err)
        complain(path, err);
    if (!err)
        err = commit(db);
    pkg_close(db);
    return err;
}

/* --- show ------------------------------------------------------------------------------------- */

/* The words of the bits that are set, with commas between; allocated. */
static char16_t *flag_words(u32 value, const struct flag *flags)
{
    char16_t *text = must_dup(u"");

    for (; flags->name; flags++) {
        char16_t *more;

        if (!(value & flags->bit))
            continue;
        more = join(text, *text ? u", " : u"", flags->words, NULL);
        os_free(text);
        text = more;
    }
    return text;
}

/* What the summary information tells; a transform may have none. */
static void show_purpose(const char16_t *path)
{
    struct sum_item flags = {0};
    struct pair pairs[5];
    struct pkg_sum *info;
    u32 count = 0;

    if (sum_open(path, &info))
        return;
    if (sum_get(info, SUM_CHARCOUNT, &flags) || flags.type != SUM_I4) {
        os_free(flags.text);
        sum_close(info);
        return;
    }
    memset(pairs, 0, sizeof(pairs));
    pairs[count].name = u"For";
    pairs[count++].value = summary_text(info, SUM_TEMPLATE);
    pairs[count].name = u"Makes";
    pairs[count++].value = summary_text(info, SUM_LASTAUTHOR);
    pairs[count].name = u"Products";
    pairs[count++].value = summary_text(info, SUM_REVNUMBER);
    pairs[count].name = u"Validates";
    pairs[count++].value = flag_words((u32)flags.number >> 16, validations);
    pairs[count].name = u"No error";
    pairs[count++].value = flag_words((u32)flags.number & 0xffff, conditions);
    for (u32 i = 0; i < count; i++)
        if (!pairs[i].value)
            pairs[i].value = must_dup(u"");
    out_between();
    out_pairs(pairs, count, u"Transform");
    free_pairs(pairs, count);
    sum_close(info);
}

/* Without a base only tables that the transform itself makes or drops can be told: the columns of
 * others are the base's. */
static u32 open_base(const char16_t *base, struct pkg **db)
{
    u32 err;

    if (base)
        return open_pkg(base, PKG_READ, db);
    warn("without a base: tables that it makes or drops, not changes of others");
    err = pkg_open_scratch(db);
    return err ? complain(u"a database of the moment", err) : ERROR_SUCCESS;
}

static u32 show_changes(struct pkg *db, const char16_t *path, u32 ignore)
{
    struct rows r;
    u32 err = pkg_apply(db, path, VIEW_TRANSFORM | ignore);

    if (err)
        return complain(path, err);
    err = rows_table(db, u"_TransformView", &r);
    if (err)
        return err;
    out_begin_many();
    show_purpose(path);
    out_between();
    out_rows(&r, u"Changes");
    out_end_many();
    rows_free(&r);
    return ERROR_SUCCESS;
}

static u32 show_transform(const char16_t *path, const char16_t *base, u32 ignore)
{
    struct pkg *db = NULL;
    u32 err = check_kind(path);

    if (!err)
        err = open_base(base, &db);
    if (!err)
        err = show_changes(db, path, ignore);
    pkg_close(db);
    return err;
}

/* --- the command ------------------------------------------------------------------------------ */

static int usage(const char *what, const char16_t *argument)
{
    return wrong_usage("transform", what, argument);
}

int cmd_transform(int argc, char16_t **argv)
{
    bool make = is(argv[0], "make"), apply = is(argv[0], "apply"), show = is(argv[0], "show");
    u32 ignore, validate, err;

    if (!make && !apply && !show)
        return usage("make, apply or show, not", argv[0]);
    if (argc != (make ? 4 : 3) && !(show && argc == 2))
        return usage(make    ? "make takes OLD NEW MST"
                     : apply ? "apply takes FILE MST"
                             : "show takes MST [BASE]",
                     NULL);
    if (!parse_flags(options.ignore, conditions, ALL_CONDITIONS, &ignore))
        return usage("--ignore does not know all of", options.ignore);
    if (!parse_flags(options.validate, validations, 0xfff, &validate))
        return usage("--validate does not know all of", options.validate);
    if (options.validate && !make)
        return usage("--validate is for make", NULL);
    if (options.out && !apply)
        return usage("--out is for apply", NULL);
    if (make)
        err = make_transform(argv[1], argv[2], argv[3], ignore, validate);
    else if (apply)
        err = apply_transform(argv[1], argv[2], options.ignore ? ignore : own_conditions(argv[2]));
    else
        err = show_transform(argv[1], argc == 3 ? argv[2] : NULL, ignore);
    return err ? EXIT_FAILED : EXIT_GOOD;
}
