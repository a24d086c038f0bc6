/*
 * A patch of two versions of a package: whole files, in one cabinet.
 *
 * The first transform makes the new version's rows of the old one's. What a package says of its own
 * media is no part of that: the files that both have keep the old one's sequences, so that the
 * product finds its source as before. The second transform moves the files that are new, or have
 * other bytes, to the patch's medium. patching.h says what becomes of them.
 */
#include "patchmake.h"

#include <string.h>

#include "cabinet.h"
#include "cabwrite.h"
#include "dbopen.h"
#include "extract.h"
#include "guid.h"
#include "namecodec.h"
#include "place.h"
#include "rows.h"
#include "seam.h"
#include "stg.h"
#include "suminfo.h"

#define TARGET  u"Old.1" /* the transforms' names: this, and with '#' before it */
#define CABINET u"patch.cab"

enum {
    MARK_ADDED = 0x1000,      /* msidbFileAttributesPatchAdded */
    MARK_LOOSE = 0x2000,      /* Noncompressed */
    MARK_COMPRESSED = 0x4000, /* Compressed */
    ALL_ERRORS = 0x1f,        /* what a transform of a patch lets pass */
    INSTALLER_4_5 = 5,        /* of the word count */
};

struct one_version {
    const char16_t *package;
    struct pkg *db;
    struct plan plan;
    char16_t *folder; /* its files are there, by their places in the plan */
    char16_t *code, *version;
};

struct making {
    struct one_version old, new;
    char16_t *temp, *next, *media, *mst, *media_mst, *cab; /* files of a moment */
    char16_t patch[GUID_CHARS + 1];
    u32 *changed; /* places in new's plan */
    u32 changed_count;
    u32 last_sequence, disk; /* the highest that the old one has */
    u32 validate;
};

/* --- the two versions ---------------------------------------------------------------------------
 */

static char16_t *property(struct pkg *db, const char16_t *name)
{
    struct pkg_row *params = must(row_new(1));
    char16_t *value = NULL;
    struct rows r;

    row_set_text(params, 1, name);
    if (!rows_query(db, u"SELECT `Value` FROM `Property` WHERE `Property` = ?", params, &r)) {
        if (r.count)
            value = must_dup(r.row[0].cells[0]);
        rows_free(&r);
    }
    row_free(params);
    return value;
}

/* The items get their places as names. */
static u32 take_files(struct one_version *v)
{
    for (u32 i = 0; i < v->plan.count; i++) {
        struct item *item = &v->plan.items[i];

        os_free(item->path);
        item->path = from_number(i);
        item->refused = NULL;
        item->wanted = true;
    }
    return extract_wanted(&v->plan, v->package, v->folder) ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

static u32 read_version(struct one_version *v, const char16_t *temp, const char16_t *name)
{
    u32 err = open_pkg(v->package, PKG_READ, &v->db);

    if (!err)
        err = plan_make(v->db, v->package, &v->plan);
    if (err)
        return err;
    v->folder = path_in(temp, name);
    v->code = property(v->db, u"ProductCode");
    v->version = property(v->db, u"ProductVersion");
    if (!v->code || !v->version) {
        warn_about(v->package, "it has no ProductCode or no ProductVersion");
        return ERROR_INSTALL_PACKAGE_INVALID;
    }
    return take_files(v);
}

static void version_done(struct one_version *v)
{
    plan_free(&v->plan);
    pkg_close(v->db);
    os_free(v->folder);
    os_free(v->code);
    os_free(v->version);
}

/* --- what has changed ---------------------------------------------------------------------------
 */

static char16_t *file_of(const struct one_version *v, u32 i)
{
    char16_t *name = from_number(i), *path = path_in(v->folder, name);

    os_free(name);
    return path;
}

static u32 compare_bytes(struct os_file *a, struct os_file *b, bool *same)
{
    static u8 x[1 << 15], y[1 << 15];
    u32 n = 1, m, err = ERROR_SUCCESS;

    *same = true;
    for (u64 at = 0; !err && *same && n; at += n) {
        err = os_read_at(a, at, x, sizeof(x), &n);
        if (!err)
            err = os_read_at(b, at, y, sizeof(y), &m);
        *same = !err && n == m && !memcmp(x, y, n);
    }
    return err;
}

static u32 compare_files(struct making *k, u32 was, u32 is_now, bool *same)
{
    char16_t *a = file_of(&k->old, was), *b = file_of(&k->new, is_now);
    struct os_file *x = NULL, *y = NULL;
    u32 err = os_open(a, OS_READ, &x);

    if (!err)
        err = os_open(b, OS_READ, &y);
    if (!err)
        err = compare_bytes(x, y, same);
    if (err)
        complain(b, err);
    os_close(x);
    os_close(y);
    os_free(a);
    os_free(b);
    return err;
}

static u32 find_changed(struct making *k)
{
    const struct plan *new = &k->new.plan;
    u32 err = ERROR_SUCCESS;

    k->changed = must_alloc((new->count + 1u) * sizeof(*k->changed));
    for (u32 i = 0; !err && i < new->count; i++) {
        const struct item *was = plan_find(&k->old.plan, new->items[i].key);
        bool same = false;

        if (was)
            err = compare_files(k, (u32)(was - k->old.plan.items), i, &same);
        if (!err && !same)
            k->changed[k->changed_count++] = i;
    }
    return err;
}

/* --- the databases that the transforms are made of ----------------------------------------------
 */

static u32 run_with(struct pkg *db, const char16_t *query, const char16_t *const *texts, u32 count)
{
    struct pkg_row *params = must(row_new(count));
    u32 err;

    for (u32 i = 0; i < count; i++)
        row_set_text(params, i + 1, texts[i]);
    err = run_query(db, query, params);
    row_free(params);
    return err;
}

/* column: Sequence or Attributes. */
static u32 set_file(struct pkg *db, const char *column, const char16_t *key, u32 number)
{
    char16_t *text = from_number(number), *name = from_ascii(column);
    char16_t *query = join(u"UPDATE `File` SET `", name, u"` = ? WHERE `File` = ?", NULL);
    const char16_t *const texts[] = {text, key};
    u32 err = run_with(db, query, texts, ARRAY_LEN(texts));

    os_free(query);
    os_free(name);
    os_free(text);
    return err;
}

#define MEDIA u"`DiskId`, `LastSequence`, `DiskPrompt`, `Cabinet`, `VolumeLabel`, `Source`"
enum { MEDIA_COLUMNS = 6, MEDIA_DISK = 0, MEDIA_LAST };

/* The old one's rows for the new one's. */
static u32 keep_media(struct making *k, struct pkg *db)
{
    struct rows media;
    u32 err = rows_query(k->old.db, u"SELECT " MEDIA u" FROM `Media`", NULL, &media), n;

    if (err)
        return err;
    err = run_query(db, u"DELETE FROM `Media`", NULL);
    for (u32 i = 0; !err && i < media.count; i++) {
        char16_t **cells = media.row[i].cells;

        err = run_with(db, u"INSERT INTO `Media` (" MEDIA u") VALUES (?, ?, ?, ?, ?, ?)",
                       (const char16_t *const *)cells, MEDIA_COLUMNS);
        if (number_of(cells[MEDIA_DISK], &n))
            k->disk = MAX(k->disk, n);
        if (number_of(cells[MEDIA_LAST], &n))
            k->last_sequence = MAX(k->last_sequence, n);
    }
    rows_free(&media);
    return err;
}

static u32 keep_sequences(struct making *k, struct pkg *db)
{
    struct rows files;
    u32 err = rows_query(k->old.db, u"SELECT `File`, `Sequence` FROM `File`", NULL, &files), n;

    for (u32 i = 0; !err && i < files.count; i++) {
        char16_t **cells = files.row[i].cells;

        if (!number_of(cells[1], &n))
            continue;
        k->last_sequence = MAX(k->last_sequence, n);
        if (plan_find(&k->new.plan, cells[0]))
            err = set_file(db, "Sequence", cells[0], n);
    }
    rows_free(&files);
    return err;
}

static u32 number_changed(struct making *k, struct pkg *db, bool on_patch)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < k->changed_count; i++) {
        const struct item *item = &k->new.plan.items[k->changed[i]];
        u32 marks = (item->attributes & ~(u32)MARK_LOOSE) | MARK_ADDED | MARK_COMPRESSED;

        if (!on_patch && plan_find(&k->old.plan, item->key))
            continue; /* it has the old one's place */
        err = set_file(db, "Sequence", item->key, k->last_sequence + 1 + i);
        if (!err && on_patch)
            err = set_file(db, "Attributes", item->key, marks);
    }
    return err;
}

static u32 make_next(struct making *k)
{
    struct pkg *db;
    u32 err = pkg_open_to(k->new.package, k->next, &db);

    if (err)
        return complain(k->new.package, err);
    err = pkg_has_table(db, u"Media") ? keep_media(k, db) : ERROR_SUCCESS;
    if (!err)
        err = keep_sequences(k, db);
    if (!err)
        err = number_changed(k, db, false);
    if (!err)
        err = commit(db);
    pkg_close(db);
    return err;
}

static u32 add_medium(struct making *k, struct pkg *db)
{
    char16_t *disk = from_number(k->disk + 1),
             *last = from_number(k->last_sequence + k->changed_count);
    const char16_t *const medium[] = {disk, last, u"#" CABINET, u"PATCHSOURCE"};
    const char16_t *const patch[] = {k->patch, disk};
    u32 err = ERROR_SUCCESS;

    if (k->changed_count)
        err = run_with(db,
                       u"INSERT INTO `Media` (`DiskId`, `LastSequence`, `Cabinet`, `Source`) "
                       u"VALUES (?, ?, ?, ?)",
                       medium, ARRAY_LEN(medium));
    if (!err && !pkg_has_table(db, u"PatchPackage"))
        err = run_query(db,
                        u"CREATE TABLE `PatchPackage` (`PatchId` CHAR(38) NOT NULL, `Media_` SHORT "
                        u"NOT NULL PRIMARY KEY `PatchId`)",
                        NULL);
    if (!err)
        err = run_with(db, u"INSERT INTO `PatchPackage` (`PatchId`, `Media_`) VALUES (?, ?)", patch,
                       ARRAY_LEN(patch));
    os_free(disk);
    os_free(last);
    return err;
}

/* Whoever patches the package itself gives it the new one's package code. */
static u32 tell_code(struct making *k, struct pkg *db)
{
    const char16_t *texts[] = {NULL};
    char16_t *code;
    struct pkg_sum *sum;
    u32 err = sum_open(k->new.package, &sum);

    if (err)
        return complain(k->new.package, err);
    code = summary_text(sum, SUM_REVNUMBER);
    sum_close(sum);
    texts[0] = code;
    if (code && *code)
        err = run_with(db,
                       u"INSERT INTO `Property` (`Property`, `Value`) VALUES "
                       u"('PATCHNEWPACKAGECODE', ?)",
                       texts, 1);
    os_free(code);
    return err;
}

static u32 make_media(struct making *k)
{
    struct pkg *db;
    u32 err = pkg_open_to(k->next, k->media, &db);

    if (err)
        return complain(k->next, err);
    err = number_changed(k, db, true);
    if (!err)
        err = tell_code(k, db);
    if (!err)
        err = add_medium(k, db);
    if (!err)
        err = commit(db);
    pkg_close(db);
    return err;
}

/* --- transforms and cabinet ---------------------------------------------------------------------
 */

static u32 make_transform(const char16_t *before, const char16_t *after, const char16_t *mst,
                          u32 validate)
{
    struct pkg *a = NULL, *b = NULL;
    u32 err = open_pkg(before, PKG_READ, &a);

    if (!err)
        err = open_pkg(after, PKG_READ, &b);
    if (!err) {
        err = pkg_generate(b, a, mst);
        if (!err)
            err = pkg_transform_summary(b, a, mst, ALL_ERRORS, validate);
        if (err == ERROR_NO_DATA)
            warn("nothing has changed");
        else if (err)
            complain(after, err);
    }
    pkg_close(a);
    pkg_close(b);
    return err;
}

static u32 fill_cabinet(struct making *k, struct os_file *to, u64 *size)
{
    struct cab_put *files = must_alloc((k->changed_count + 1u) * sizeof(*files));
    u32 err;

    memset(files, 0, (k->changed_count + 1u) * sizeof(*files));
    for (u32 i = 0; i < k->changed_count; i++) {
        char16_t *path = file_of(&k->new, k->changed[i]);

        files[i].name = k->new.plan.items[k->changed[i]].key;
        files[i].path = path;
        files[i].attributes = CAB_ARCHIVE;
        place_times(path, &files[i].date, &files[i].time);
    }
    err = cab_make(to, files, k->changed_count, size);
    for (u32 i = 0; i < k->changed_count; i++)
        os_free((char16_t *)files[i].path);
    os_free(files);
    return err;
}

static u32 make_cabinet(struct making *k, u64 *size)
{
    struct os_file *to;
    u32 err = os_open(k->cab, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &to);

    if (!err) {
        err = fill_cabinet(k, to, size);
        os_close(to);
    }
    return err ? complain(k->cab, err) : ERROR_SUCCESS;
}

/* --- the patch ----------------------------------------------------------------------------------
 */

static void random_code(char16_t code[GUID_CHARS + 1])
{
    static const char16_t digits[] = u"0123456789ABCDEF", form[] = u"{8-4-4-4-C}";
    u8 chance[GUID_CHARS];
    u32 at = 0;

    os_random(chance, sizeof(chance));
    for (u32 i = 0; form[i]; i++) {
        u32 n = form[i] == 'C' ? 12u : form[i] >= '4' && form[i] <= '8' ? form[i] - (u32)'0' : 0;

        if (!n)
            code[at++] = form[i];
        for (; n; n--, at++)
            code[at] = digits[chance[at] & 15];
    }
    code[at] = 0;
}

static u32 put_text(struct suminfo *sum, u32 id, const char16_t *text)
{
    struct sum_value v = {.type = SUM_TEXT, .text = (char16_t *)text, .len = u16_len(text)};

    return suminfo_set(sum, id, &v);
}

static u32 put_summary(struct making *k, struct database *msp)
{
    struct sum_value words = {.type = SUM_I4, .num = INSTALLER_4_5};
    struct suminfo *sum;
    u32 err = suminfo_open(msp, 6, &sum);

    if (err)
        return err;
    err = put_text(sum, SUM_TITLE, u"Patch");
    if (!err)
        err = put_text(sum, SUM_TEMPLATE, k->old.code);
    if (!err)
        err = put_text(sum, SUM_LASTAUTHOR, u":" TARGET u";:#" TARGET);
    if (!err)
        err = put_text(sum, SUM_REVNUMBER, k->patch);
    if (!err)
        err = suminfo_set(sum, SUM_WORDCOUNT, &words);
    if (!err)
        err = suminfo_persist(sum);
    obj_unref(suminfo_object(sum));
    return err;
}

static u32 put_transform(struct database *msp, const char16_t *name, const char16_t *path)
{
    struct stg *mst = NULL, *sub = NULL;
    u32 err = stg_open(path, STG_READ, &mst);

    if (!err)
        err = stg_sub_create(msp->stg, name, &sub);
    if (!err)
        err = stg_copy(mst, sub);
    stg_close(sub);
    stg_close(mst);
    return err;
}

static u32 put_cabinet(struct making *k, struct database *msp, u64 size)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct os_file *cab;
    u32 err = name_encode(CABINET, u16_len(CABINET), false, stored);

    if (!err)
        err = os_open(k->cab, OS_READ, &cab);
    if (err)
        return err;
    err = stg_set_file(msp->stg, stored, cab, 0, size);
    os_close(cab);
    return err;
}

static u32 put_all(struct making *k, struct database *msp, u64 size)
{
    u32 err = put_summary(k, msp);

    if (!err)
        err = put_transform(msp, TARGET, k->mst);
    if (!err)
        err = put_transform(msp, u"#" TARGET, k->media_mst);
    if (!err && k->changed_count)
        err = put_cabinet(k, msp, size);
    return err ? err : db_commit(msp);
}

static u32 sequence_patch(struct making *k, struct pkg *db)
{
    /* it has all that the new version has, so it stands for the earlier ones between the two */
    const char16_t *const row[] = {k->old.code, k->new.version,
                                   u16_equal(k->old.version, k->new.version) ? u"0" : u"1"};
    u32 err = run_query(db,
                        u"CREATE TABLE `MsiPatchSequence` (`PatchFamily` CHAR(72) NOT NULL, "
                        u"`ProductCode` CHAR(38), `Sequence` CHAR(72) NOT NULL, `Attributes` SHORT "
                        u"PRIMARY KEY `PatchFamily`, `ProductCode`)",
                        NULL);

    if (!err)
        err = run_with(db,
                       u"INSERT INTO `MsiPatchSequence` (`PatchFamily`, `ProductCode`, `Sequence`, "
                       u"`Attributes`) VALUES ('Msiq', ?, ?, ?)",
                       row, ARRAY_LEN(row));
    return err;
}

static u32 describe_patch(struct making *k, struct pkg *db)
{
    char16_t *name = property(k->new.db, u"ProductName"),
             *words = join(name ? name : u"", u" ", k->new.version, NULL);
    const char16_t *const all[][2] = {{u"AllowRemoval", u"1"},
                                      {u"Classification", u"Update"},
                                      {u"DisplayName", words},
                                      {u"TargetProductName", name ? name : u""}};
    u32 err = run_query(db,
                        u"CREATE TABLE `MsiPatchMetadata` (`Company` CHAR(72), `Property` CHAR(72) "
                        u"NOT NULL, `Value` CHAR(0) NOT NULL LOCALIZABLE PRIMARY KEY `Company`, "
                        u"`Property`)",
                        NULL);

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        if (*all[i][1])
            err =
                run_with(db, u"INSERT INTO `MsiPatchMetadata` (`Property`, `Value`) VALUES (?, ?)",
                         all[i], 2);
    os_free(name);
    os_free(words);
    return err;
}

static u32 make_tables(struct making *k, const char16_t *path)
{
    struct pkg *db;
    u32 err = open_pkg(path, PKG_CHANGE, &db);

    if (err)
        return err;
    err = sequence_patch(k, db);
    if (!err)
        err = describe_patch(k, db);
    if (!err)
        err = commit(db);
    pkg_close(db);
    return err;
}

static u32 make_patch(struct making *k, const char16_t *path, u64 size)
{
    struct database *msp;
    u32 err = db_open(path, DB_CREATE, true, &msp);

    if (!err) {
        err = put_all(k, msp, size);
        obj_unref(db_object(msp));
    }
    return err ? complain(path, err) : make_tables(k, path);
}

/* --- all of it ----------------------------------------------------------------------------------
 */

static u32 read_versions(struct making *k)
{
    u32 err = read_version(&k->old, k->temp, u"old");

    if (!err)
        err = read_version(&k->new, k->temp, u"new");
    if (err || u16_equal_fold(k->old.code, k->new.code))
        return err ? err : find_changed(k);
    warn("the two are different products: a patch makes another version of the same one");
    return ERROR_INSTALL_PACKAGE_INVALID;
}

static u32 make_all(struct making *k, const char16_t *out)
{
    char16_t *msp = path_in(k->temp, u"patch.msp");
    u64 size = 0;
    u32 err = make_next(k);

    if (!err)
        err = make_media(k);
    if (!err)
        err = make_transform(k->old.package, k->next, k->mst, k->validate);
    if (!err)
        err = make_transform(k->next, k->media, k->media_mst, k->validate);
    if (!err && k->changed_count)
        err = make_cabinet(k, &size);
    if (!err)
        err = make_patch(k, msp, size);
    if (!err) {
        err = save_file(msp, out);
        if (err)
            complain(out, err);
    }
    os_free(msp);
    return err;
}

u32 patch_make(const char16_t *old, const char16_t *new, const char16_t *out, u32 validate)
{
    struct making k = {.old.package = old, .new.package = new, .validate = validate};
    u32 err = temp_folder(&k.temp);

    if (err)
        return complain(u"a folder of the moment", err);
    k.next = path_in(k.temp, u"next.msi");
    k.media = path_in(k.temp, u"media.msi");
    k.mst = path_in(k.temp, u"next.mst");
    k.media_mst = path_in(k.temp, u"media.mst");
    k.cab = path_in(k.temp, CABINET);
    random_code(k.patch);
    err = read_versions(&k);
    if (!err)
        err = make_all(&k, out);
    version_done(&k.old);
    version_done(&k.new);
    remove_folder(k.temp);
    os_free(k.temp);
    os_free(k.next);
    os_free(k.media);
    os_free(k.mst);
    os_free(k.media_mst);
    os_free(k.cab);
    os_free(k.changed);
    return err;
}
