/*
 * patch: what a patch is for and what it changes; applied to a copy of a package; made of two.
 */
#include <stdio.h>
#include <string.h>

#include "dbopen.h"
#include "dbtransform.h"
#include "msiq.h"
#include "namecodec.h"
#include "patchbase.h"
#include "patchmake.h"
#include "patching.h"
#include "rows.h"
#include "stg.h"
#include "suminfo.h"

/* --- show ---------------------------------------------------------------------------------------
 */

static char16_t *joined_codes(const struct patch_code *codes, u32 count)
{
    char16_t *text = must_dup(u"");

    for (u32 i = 0; i < count; i++) {
        char16_t *more = join(text, i ? u" " : u"", codes[i].guid, NULL);

        os_free(text);
        text = more;
    }
    return text;
}

static void show_itself(const struct patch_data *d)
{
    struct pair pairs[6];

    memset(pairs, 0, sizeof(pairs));
    pairs[0].name = u"Code";
    pairs[0].value = must_dup(d->code);
    pairs[1].name = u"Name";
    pairs[1].value = must_dup(d->display_name ? d->display_name : u"");
    pairs[2].name = u"Obsoletes";
    pairs[2].value = joined_codes(d->obsolete, d->obsolete_count);
    pairs[3].name = u"Products";
    pairs[3].value = joined_codes(d->products, d->product_count);
    pairs[4].name = u"Removable";
    pairs[4].value = must_dup(d->removable ? u"yes" : u"no");
    pairs[5].name = u"More";
    pairs[5].value = must_dup(d->more_info ? d->more_info : u"");
    out_between();
    out_pairs(pairs, ARRAY_LEN(pairs), u"Patch");
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        os_free(pairs[i].value);
}

/* What the transform compares, as the words of its bits. */
static char16_t *compared(u32 validate)
{
    static const struct {
        u32 bit;
        const char16_t *word;
    } bits[] = {{VALIDATE_PRODUCT, u"product "},
                {VALIDATE_LANGUAGE, u"language "},
                {VALIDATE_UPGRADE_CODE, u"upgrade "},
                {VALIDATE_MAJOR, u"major "},
                {VALIDATE_MINOR, u"minor "},
                {VALIDATE_UPDATE, u"update "},
                {VALIDATE_LESS, u"< "},
                {VALIDATE_LESS_EQUAL, u"<= "},
                {VALIDATE_EQUAL, u"= "},
                {VALIDATE_GREATER_EQUAL, u">= "},
                {VALIDATE_GREATER, u"> "}};
    char16_t *text = must_dup(u"");

    for (size_t i = 0; i < ARRAY_LEN(bits); i++)
        if (validate & bits[i].bit) {
            char16_t *more = join(text, bits[i].word, NULL);

            os_free(text);
            text = more;
        }
    if (*text)
        text[u16_len(text) - 1] = 0;
    return text;
}

/* base: NULL, or what each is compared with. */
static void show_targets(const struct patch_data *d, const struct patch_base *base)
{
    struct rows r;

    rows_make(&r, u"Transform:s31", u"Product:s38", u"Version:s23", u"Makes:s23", u"Compares:s0",
              u"Fits:s3", NULL);
    for (u32 i = 0; i < d->target_count; i++) {
        const struct patch_target *t = &d->targets[i];

        rows_add(&r, must_dup(t->name), must_dup(t->code), must_dup(t->version.text),
                 must_dup(t->new_version.text), compared(t->validate),
                 must_dup(!base                 ? u""
                          : patch_fits(t, base) ? u"yes"
                                                : u"no"));
    }
    out_between();
    out_rows(&r, u"Targets");
    rows_free(&r);
}

static void show_families(const struct patch_data *d)
{
    struct rows r;

    rows_make(&r, u"Family:s0", u"Product:s38", u"Sequence:s23", u"Supersedes:s3", NULL);
    for (u32 i = 0; i < d->family_count; i++) {
        const struct patch_family *f = &d->families[i];

        rows_add(&r, must_dup(f->name), must_dup(f->product), must_dup(f->sequence.text),
                 must_dup(f->attributes & 1 ? u"yes" : u"no"));
    }
    out_between();
    out_rows(&r, u"Families");
    rows_free(&r);
}

static u32 show_patch(const char16_t *path, const char16_t *package)
{
    struct patch_base base;
    struct patch_data d;
    u32 err = package ? patch_base_read(package, &base) : ERROR_SUCCESS;

    if (err)
        return complain(package, err);
    err = patch_read_file(path, &d);
    if (err)
        return complain(path, err);
    out_begin_many();
    show_itself(&d);
    show_targets(&d, package ? &base : NULL);
    show_families(&d);
    out_end_many();
    patch_data_free(&d);
    return ERROR_SUCCESS;
}

/* --- apply --------------------------------------------------------------------------------------
 */

/* The stream of a cabinet goes along, so that the copy is whole. */
struct bringing {
    struct database *db;
    struct stg *patch;
    i32 disk;
    u32 count;
};

static u32 bring_cabinet(void *ctx, struct record *row)
{
    struct bringing *b = ctx;
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg_stream *st;
    size_t len;
    char16_t *name = rec_dup_text(row, 1, &len);
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err && len > 1 && name[0] == '#') {
        err = name_encode(name + 1, len - 1, false, stored);
        if (!err && stg_kind_of(b->db->stg, stored) != STG_NONE)
            err = ERROR_ALREADY_EXISTS; /* whose it is nobody could tell */
        if (!err)
            err = stg_stream_open(b->patch, stored, &st);
        if (!err) {
            err = stg_set_stream(b->db->stg, stored, st);
            stg_stream_close(st);
        }
    }
    os_free(name);
    return err;
}

static u32 bring_cabinets(struct database *db, const struct session_patch *p)
{
    struct bringing b = {.db = db};
    u32 err = stg_open(p->path, STG_READ, &b.patch);

    for (i32 i = 0; !err && i < p->disk_count; i++) {
        struct record *disk = rec_create(1);

        err = disk ? rec_set_int(disk, 1, p->disk + i) : ERROR_OUTOFMEMORY;
        if (!err)
            err = rows_each(db, u"SELECT `Cabinet` FROM `Media` WHERE `DiskId` = ?", disk,
                            bring_cabinet, &b);
        if (disk)
            obj_unref(rec_object(disk));
    }
    stg_close(b.patch);
    return err;
}

static u32 bring_all(struct database *db, const struct session *s)
{
    u32 err = ERROR_SUCCESS;

    for (i32 i = 0; !err && s->patches && i < (i32)s->patches->applied; i++)
        err = bring_cabinets(db, patching_at(s, i));
    return err;
}

/* What a patch says that the summary information is to be afterwards. */
static u32 set_summary(struct database *db, const struct session *s)
{
    static const struct {
        const char *property;
        u32 id;
    } all[] = {{"PATCHNEWPACKAGECODE", SUM_REVNUMBER},
               {"PATCHNEWSUMMARYSUBJECT", SUM_SUBJECT},
               {"PATCHNEWSUMMARYCOMMENTS", SUM_COMMENTS}};
    struct suminfo *sum;
    u32 err = suminfo_open(db, ARRAY_LEN(all), &sum);

    if (err)
        return err;
    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++) {
        const struct property *p = prop_get(s, all[i].property);
        struct sum_value v = {.type = SUM_TEXT};

        if (!p)
            continue;
        v.text = p->value;
        v.len = p->value_len;
        err = suminfo_set(sum, all[i].id, &v);
    }
    if (!err)
        err = suminfo_persist(sum);
    obj_unref(suminfo_object(sum));
    return err;
}

static char16_t *line_of(int argc, char16_t **patches)
{
    char16_t *line = must_dup(u"PATCH=\"");

    for (int i = 0; i < argc; i++) {
        char16_t *more = join(line, patches[i], i + 1 < argc ? u";" : u"\"", NULL);

        os_free(line);
        line = more;
    }
    return line;
}

/* The session is on nobody's machine: what is installed here is of no account. */
static u32 apply_to(struct database *db, int argc, char16_t **patches)
{
    struct session_options how = {.restricted = true, .silent = true};
    char16_t *line = line_of(argc, patches);
    struct session *s;
    u32 err;

    how.command_line = line;
    err = session_open(db, &how, &s);
    if (!err) {
        err = bring_all(db, s);
        if (!err)
            err = set_summary(db, s);
        if (!err && !s->patches)
            err = ERROR_PATCH_PACKAGE_OPEN_FAILED;
        if (!err && (i32)s->patches->applied < argc)
            warn("%u of the patches are not applied: superseded, or for something else",
                 (u32)argc - s->patches->applied);
        obj_unref(session_object(s));
    }
    os_free(line);
    return err ? err : db_commit(db);
}

static u32 apply_patches(const char16_t *file, int argc, char16_t **patches)
{
    struct database *db;
    u32 err = db_open_output(file, options.out, false, &db);

    if (err)
        return complain(file, err);
    err = apply_to(db, argc, patches);
    if (err)
        complain(patches[0], err);
    obj_unref(db_object(db));
    return err;
}

/* --- make ---------------------------------------------------------------------------------------
 */

/* The product, and the version that it was made for to the third number. */
static u32 make_patch(char16_t **argv)
{
    return patch_make(argv[0], argv[1], argv[2],
                      VALIDATE_PRODUCT | VALIDATE_UPDATE | VALIDATE_EQUAL);
}

/* --- the command --------------------------------------------------------------------------------
 */

static int usage(const char *what, const char16_t *argument)
{
    return wrong_usage("patch", what, argument);
}

int cmd_patch(int argc, char16_t **argv)
{
    u32 err;

    if (is(argv[0], "show")) {
        if (argc > 3)
            return usage("show takes MSP [PACKAGE]", NULL);
        if (options.out)
            return usage("--out is for apply", NULL);
        err = show_patch(argv[1], argc == 3 ? argv[2] : NULL);
    } else if (is(argv[0], "apply")) {
        if (argc < 3)
            return usage("apply takes FILE MSP ...", NULL);
        if (!options.out)
            return usage("apply makes a copy: --out PATH", NULL);
        err = apply_patches(argv[1], argc - 2, argv + 2);
    } else if (is(argv[0], "make")) {
        if (argc != 4)
            return usage("make takes OLD NEW MSP", NULL);
        if (options.out)
            return usage("--out is for apply", NULL);
        err = make_patch(argv + 1);
    } else {
        return usage("show, apply or make, not", argv[0]);
    }
    return err ? EXIT_FAILED : EXIT_GOOD;
}
