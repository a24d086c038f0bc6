/*
 * Patches as files, for tests: made of the databases of two versions of a package.
 *
 *     struct msp p = {.name = "one.msp", .code = "{...}", .base = base, .next = next};
 *     msp_make(&p);
 * base and next make the databases. What #transforms add (.cabinet, the files in it) goes to a
 * third, which is next with a medium, its files numbered behind those that are there.
 */
#ifndef TEST_PATCH_FIXTURE_H
#define TEST_PATCH_FIXTURE_H

#include "package_fixture.h"
#include "transform.h"

struct msp {
    const char *name, *code;
    const char *obsolete; /* codes, one behind the other */
    struct database *(*base)(void), *(*next)(void);
    const char *files[4], *contents[4]; /* keys in File, and what is in the cabinet */
    const char *family, *sequence;      /* MsiPatchSequence; NULL: none */
    bool supersedes, stays;             /* stays: AllowRemoval is 0 */
    const char *target;                 /* NULL: inst_package's product */
    bool odd;                           /* next has a table PatchPackage of its own */
    u32 disk;                           /* of its medium; 0: 2 */
    bool for_base;                      /* both transforms say that they are for the base */
    u32 validate;                       /* 0: product, version to the third number, equal */
    bool deltas;                        /* contents are deltas of those files, vital */
    bool optional;                      /* they may fail */
};

enum { MSP_VALIDATE = 0x122 };

/* The transform from one to the other, as a storage of the patch; `of`: what it says it is for. */
static void msp_transform(struct database *msp, struct database *of, struct database *from,
                          struct database *to, const char *name, u32 validate)
{
    const char16_t *path = text16(package_path("made.mst"));
    struct stg *mst = NULL, *sub = NULL;

    ok(!xform_generate(to->core, from->core, path, NULL), "transform %s\n", name);
    ok(!xform_summary(to->core, of->core, path, 0x1f, validate, NULL), "summary %s\n", name);
    ok(!stg_open(path, STG_READ, &mst), "open %s\n", name);
    ok(!stg_sub_create(msp->stg, text16(name), &sub), "storage %s\n", name);
    ok(!stg_copy(mst, sub), "copy %s\n", name);
    stg_close(sub);
    stg_close(mst);
    unlink(package_path("made.mst"));
}

/* Which row of a table has that key; TBL_NONE. */
static u32 msp_row(struct database *db, const char *table, const char *key, struct table **t)
{
    struct value v = {.kind = VALUE_TEXT, .text = text16(key), .len = strlen(key)};
    u32 row = TBL_NONE;

    *t = NULL;
    if (db_core_table(db->core, text16(table), strlen(table), t) ||
        db_core_find(db->core, *t, &v, &row))
        return TBL_NONE;
    return row;
}

static void msp_set(struct database *db, const char *table, const char *key, u32 col, i32 number)
{
    struct value values[TBL_MAX_COLUMNS] = {{.kind = VALUE_NULL}};
    struct table *t;
    u32 row = msp_row(db, table, key, &t);

    values[col].kind = VALUE_INT;
    values[col].i = number;
    ok(row != TBL_NONE && !db_core_update(db->core, t, row, 1u << col, values), "%s of %s\n", key,
       table);
}

TEST_UNUSED static void msp_set_text(struct database *db, const char *table, const char *key,
                                     u32 col, const char *text)
{
    struct value values[TBL_MAX_COLUMNS] = {{.kind = VALUE_NULL}};
    struct table *t;
    u32 row = msp_row(db, table, key, &t);

    values[col].kind = VALUE_TEXT;
    values[col].text = text16(text);
    values[col].len = strlen(text);
    ok(row != TBL_NONE && !db_core_update(db->core, t, row, 1u << col, values), "%s of %s\n", key,
       table);
}

static void msp_cabinet(const struct msp *p, struct database *msp)
{
    struct cab_entry files[4];
    char bytes[400] = "";
    u32 n = 0, len = 0;
    struct cab_part part = {.files = files, .bytes = bytes};
    struct buf cab = {0};

    for (; n < 4 && p->files[n]; n++) {
        u32 size = (u32)strlen(p->contents[n]);

        files[n] = (struct cab_entry){p->files[n], size, len, 0, 0x58a2, 0x6000, 0x20};
        memcpy(bytes + len, p->contents[n], size);
        len += size;
    }
    part.count = n;
    part.len = part.made = len;
    cab_write(&part, &cab);
    package_stream(msp, "patch.cab", &cab);
    buf_free(&cab);
}

/* The next version, with what tells where the patch's files are. */
static struct database *msp_media(const struct msp *p)
{
    struct database *db = p->next();
    char row[120];
    u32 n = 0;

    if (p->deltas)
        INST_TABLE(db, "Patch;File_ s72 k;Sequence i2 k;PatchSize i4;Attributes i2;Header V0;"
                       "StreamRef_ S38");
    for (; n < 4 && p->files[n]; n++) {
        if (p->deltas) {
            snprintf(row, sizeof(row), "%s;%u;9;%u;;", p->files[n], 20 + n, p->optional);
            inst_row(db, "Patch", row);
            continue;
        }
        msp_set(db, "File", p->files[n], 7, 20 + (i32)n);
        msp_set(db, "File", p->files[n], 6, 0x5000);
    }
    snprintf(row, sizeof(row), "%u;%u;;#patch.cab;;PROPFOR%.8s", p->disk ? p->disk : 2, 19 + n,
             p->code + 1);
    inst_row(db, "Media", row);
    snprintf(row, sizeof(row), "%s;%u", p->code, p->disk ? p->disk : 2);
    if (!p->odd)
        INST_TABLE(db, "PatchPackage;PatchId s38 k;Media_ i2", row);
    return db;
}

static void msp_tables(const struct msp *p, struct database *msp)
{
    char row[200];

    INST_TABLE(msp, "MsiPatchMetadata;Company S72 k;Property s72 k;Value l0",
               p->stays ? ";AllowRemoval;0" : ";AllowRemoval;1", ";DisplayName;A patch",
               ";MoreInfoURL;http://patch/");
    if (!p->family)
        return;
    snprintf(row, sizeof(row), "%s;;%s;%d", p->family, p->sequence, p->supersedes);
    INST_TABLE(msp,
               "MsiPatchSequence;PatchFamily s72 k;ProductCode S38 k;Sequence s72;Attributes I2",
               row);
}

static void msp_summary(const struct msp *p, struct database *msp)
{
    struct suminfo *sum = NULL;
    struct sum_value words = {.type = 3, .num = 5};
    char codes[300];

    ok(!suminfo_open(msp, 6, &sum), "summary\n");
    snprintf(codes, sizeof(codes), "%s%s", p->code, p->obsolete ? p->obsolete : "");
    inst_summary(sum, 7, text16(p->target ? p->target : "{11111111-2222-3333-4444-555555555555}"));
    inst_summary(sum, 8, u":T.1;:#T.1");
    inst_summary(sum, 9, text16(codes));
    ok(!suminfo_set(sum, 15, &words), "words\n");
    ok(!suminfo_persist(sum), "persist\n");
    obj_unref(suminfo_object(sum));
}

TEST_UNUSED static void msp_make(const struct msp *p)
{
    struct database *base = p->base(), *next = p->next(), *media = msp_media(p), *msp = NULL;
    u32 validate = p->validate ? p->validate : MSP_VALIDATE;

    unlink(package_path(p->name));
    ok(!db_open(text16(package_path(p->name)), DB_CREATE, true, &msp), "create %s\n", p->name);
    msp_tables(p, msp);
    msp_summary(p, msp);
    msp_transform(msp, base, base, next, "T.1", validate);
    msp_transform(msp, p->for_base ? base : next, next, media, "#T.1", validate);
    msp_cabinet(p, msp);
    ok(!db_commit(msp), "commit %s\n", p->name);
    obj_unref(db_object(msp));
    obj_unref(db_object(base));
    obj_unref(db_object(next));
    obj_unref(db_object(media));
}

#endif
