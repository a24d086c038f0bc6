/*
 * Reading a patch file: its summary information, that of its transforms, and its own tables.
 */
#include <string.h>

#include "codepage.h"
#include "os.h"
#include "patchdata.h"
#include "propset.h"
#include "record.h"
#include "rows.h"
#include "stg.h"
#include "utf16.h"

enum {
    PID_TEMPLATE = 7,
    PID_LAST_AUTHOR = 8,
    PID_REVISION = 9,
    PID_PAGES = 14,
    PID_WORDS = 15,
    PID_CHARACTERS = 16
};

/* What a patch or its transform may ask for. The documented Word Counts end at 5, which is version
 * 3.1; what three later versions may have counted on to is taken too. */
enum { WORDS_MAX = 8, SCHEMA_MAX = 500 };

static const char16_t summary[] = u"\005SummaryInformation";

static u32 broken(u32 err)
{
    return err && err != ERROR_OUTOFMEMORY ? ERROR_PATCH_PACKAGE_INVALID : err;
}

/* Why a part could not be added to count others. */
static u32 not_added(u32 count)
{
    return count < PATCH_MAX_PARTS ? ERROR_OUTOFMEMORY : ERROR_PATCH_PACKAGE_INVALID;
}

static u32 read_set(struct stg *stg, struct propset *set)
{
    u8 *data;
    size_t len;
    u32 err = stg_read_all(stg, summary, &data, &len);

    propset_init(set);
    if (err)
        return broken(err);
    err = propset_read(set, data, len);
    os_free(data);
    return broken(err);
}

static i32 number_of(const struct propset *set, u32 id)
{
    const struct prop *p = propset_get(set, id);

    return p && (p->type == PROP_I4 || p->type == PROP_I2) ? p->num : 0;
}

/* A property's text, terminated, from os_alloc; empty where there is none. */
static u32 text_of(const struct propset *set, u32 id, char16_t **text)
{
    const struct prop *p = propset_get(set, id);
    size_t cap = p && p->type == PROP_LPSTR ? p->len : 0, need = 0;
    u32 err = ERROR_SUCCESS;

    *text = os_calloc((u64)cap + 1, sizeof(**text));
    if (!*text)
        return ERROR_OUTOFMEMORY;
    if (cap)
        err = codepage_decode(propset_codepage(set), (const char *)p->data, cap, *text, cap, &need);
    if (!err && need <= cap)
        return ERROR_SUCCESS;
    os_free(*text);
    return broken(err ? err : ERROR_INVALID_DATA);
}

/* The GUID at s, be there something behind it or not. */
static bool take_guid(const char16_t *s, char16_t guid[GUID_CHARS + 1])
{
    u16_copy(guid, GUID_CHARS + 1, s);
    if (guid_is(guid))
        return true;
    guid[0] = 0;
    return false;
}

/* The characters before the next semicolon. */
static size_t piece(const char16_t *s)
{
    size_t n = 0;

    while (s[n] && s[n] != ';')
        n++;
    return n;
}

/* --- the file's own summary information ---------------------------------------------------------
 */

static u32 read_products(const struct propset *set, struct patch_data *d)
{
    char16_t *text, guid[GUID_CHARS + 1];
    struct patch_code *code;
    u32 err = text_of(set, PID_TEMPLATE, &text);

    if (err)
        return err;
    for (const char16_t *s = text; !err && *s; s += *s == ';') {
        if (take_guid(s, guid)) {
            code = patch_add_product(d);
            err = code ? ERROR_SUCCESS : not_added(d->product_count);
            if (code)
                u16_copy(code->guid, GUID_CHARS + 1, guid);
        }
        s += piece(s);
    }
    os_free(text);
    return err;
}

static u32 read_codes(const struct propset *set, struct patch_data *d)
{
    char16_t *text, guid[GUID_CHARS + 1];
    struct patch_code *code;
    u32 err = text_of(set, PID_REVISION, &text);
    const char16_t *s;

    if (err)
        return err;
    err = take_guid(text, d->code) ? ERROR_SUCCESS : ERROR_PATCH_PACKAGE_INVALID;
    for (s = text + GUID_CHARS; !err && take_guid(s, guid); s += GUID_CHARS) {
        code = patch_add_obsolete(d);
        err = code ? ERROR_SUCCESS : not_added(d->obsolete_count);
        if (code)
            u16_copy(code->guid, GUID_CHARS + 1, guid);
    }
    os_free(text);
    return err;
}

/* --- transforms ---------------------------------------------------------------------------------
 */

/* "{old code}version;{new code}version;{upgrade code}" */
static bool read_revision(const char16_t *s, struct patch_target *t)
{
    size_t n = piece(s);

    if (!take_guid(s, t->code) || n < GUID_CHARS ||
        !version_read(s + GUID_CHARS, n - GUID_CHARS, &t->version) || !s[n])
        return false;
    s += n + 1;
    n = piece(s);
    if (!take_guid(s, t->new_code) || n < GUID_CHARS ||
        !version_read(s + GUID_CHARS, n - GUID_CHARS, &t->new_version))
        return false;
    if (s[n])
        take_guid(s + n + 1, t->upgrade);
    return true;
}

/* What follows the platform: "Intel;1033,1031". */
static const char16_t *languages(const char16_t *s)
{
    size_t n = piece(s);

    return s + n + (s[n] == ';');
}

static void read_language(const char16_t *s, i32 *language)
{
    size_t n = 0;

    s = languages(s);
    while (s[n] >= '0' && s[n] <= '9')
        n++;
    *language = n ? rec_parse_int(s, n) : 0;
}

static u32 read_texts(const struct propset *set, struct patch_target *t)
{
    char16_t *text;
    u32 err = text_of(set, PID_REVISION, &text);

    if (err)
        return err;
    err = read_revision(text, t) ? ERROR_SUCCESS : ERROR_PATCH_PACKAGE_INVALID;
    os_free(text);
    if (err || (err = text_of(set, PID_TEMPLATE, &text)))
        return err;
    read_language(text, &t->language);
    os_free(text);
    if ((err = text_of(set, PID_LAST_AUTHOR, &text)))
        return err;
    u16_copy(t->new_languages, ARRAY_LEN(t->new_languages), languages(text));
    os_free(text);
    return ERROR_SUCCESS;
}

static u32 read_transform(struct stg *stg, const char16_t *name, size_t len, struct patch_data *d)
{
    struct patch_target *t = patch_add_target(d);
    struct propset set;
    struct stg *sub;
    u32 err;

    if (!t)
        return not_added(d->target_count);
    if (!len || len >= ARRAY_LEN(t->name))
        return ERROR_PATCH_PACKAGE_INVALID;
    memcpy(t->name, name, len * sizeof(*name));
    err = stg_sub_open(stg, t->name, &sub);
    if (err)
        return broken(err);
    err = read_set(sub, &set);
    if (!err)
        err = read_texts(&set, t);
    t->min_msi = number_of(&set, PID_PAGES);
    if (!err && t->min_msi > SCHEMA_MAX)
        err = ERROR_PATCH_PACKAGE_UNSUPPORTED;
    t->validate = (u32)number_of(&set, PID_CHARACTERS) >> 16;
    propset_free(&set);
    stg_close(sub);
    return err;
}

/* Those that number files say nothing that the others do not. */
static u32 read_transforms(struct stg *stg, const struct propset *set, struct patch_data *d)
{
    char16_t *text;
    u32 err = text_of(set, PID_LAST_AUTHOR, &text);

    if (err)
        return err;
    for (const char16_t *s = text; !err && *s; s += *s == ';') {
        size_t n = piece(s), skip = s[0] == ':';

        if (n > skip && s[skip] != '#')
            err = read_transform(stg, s + skip, n - skip, d);
        s += n;
    }
    os_free(text);
    return err;
}

/* --- tables -------------------------------------------------------------------------------------
 */

/* A field's text; false where it does not fit. */
static bool field_text(struct record *row, u32 field, char16_t *to, size_t cap)
{
    struct rec_view v;
    bool fits;

    rec_lock(row);
    fits = !rec_view(row, field, &v) && v.len < cap;
    if (fits)
        u16_copy(to, cap, v.text);
    rec_unlock(row);
    return fits;
}

static u32 add_family(void *ctx, struct record *row)
{
    struct patch_family *f = patch_add_family(ctx);
    char16_t sequence[VERSION_CHARS + 1];

    if (!f)
        return not_added(((struct patch_data *)ctx)->family_count);
    if (!field_text(row, 1, f->name, ARRAY_LEN(f->name)) ||
        !field_text(row, 2, f->product, ARRAY_LEN(f->product)) ||
        !field_text(row, 3, sequence, ARRAY_LEN(sequence)) ||
        !version_read(sequence, u16_len(sequence), &f->sequence))
        return ERROR_PATCH_PACKAGE_INVALID;
    f->has_attributes = !rec_is_null(row, 4);
    f->attributes = f->has_attributes ? rec_get_int(row, 4) : 0;
    return ERROR_SUCCESS;
}

static u32 take_text(struct record *row, char16_t **to)
{
    size_t len;

    os_free(*to);
    *to = rec_dup_text(row, 2, &len);
    return *to ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 add_metadata(void *ctx, struct record *row)
{
    struct patch_data *d = ctx;
    char16_t name[24], value[8];
    size_t len;
    bool one = field_text(row, 2, value, ARRAY_LEN(value)) && u16_is(value, u16_len(value), "1");

    if (!field_text(row, 1, name, ARRAY_LEN(name)))
        return ERROR_SUCCESS;
    len = u16_len(name);
    if (u16_is(name, len, "MinorUpdateTargetRTM"))
        d->targets_rtm = one;
    else if (u16_is(name, len, "AllowRemoval"))
        d->removable = one;
    else if (u16_is(name, len, "DisplayName"))
        return take_text(row, &d->display_name);
    else if (u16_is(name, len, "MoreInfoURL"))
        return take_text(row, &d->more_info);
    return ERROR_SUCCESS;
}

/* A table that is there without a column that it must have says nothing, as if it were not there.
 */
static u32 check_columns(struct database *db, const char16_t *name, const char16_t *const *columns,
                         size_t count)
{
    struct str_pool *strings = db_core_strings(db->core);
    struct table *t = NULL;
    u32 id, err = db_core_table(db->core, name, u16_len(name), &t);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    for (size_t i = 0; !err && i < count; i++) {
        err = sp_find(strings, columns[i], u16_len(columns[i]), &id);
        if (err != ERROR_OUTOFMEMORY && (err || tbl_column_find(t, id) == TBL_NONE))
            err = ERROR_PATCH_PACKAGE_INVALID;
    }
    return err;
}

static u32 check_tables(struct database *db)
{
    static const char16_t *const sequence[] = {u"PatchFamily", u"ProductCode", u"Sequence",
                                               u"Attributes"};
    static const char16_t *const metadata[] = {u"Company", u"Property", u"Value"};
    u32 err;

    db_lock(db);
    err = check_columns(db, u"MsiPatchSequence", sequence, ARRAY_LEN(sequence));
    if (!err)
        err = check_columns(db, u"MsiPatchMetadata", metadata, ARRAY_LEN(metadata));
    db_unlock(db);
    return err;
}

static u32 read_tables(struct database *db, struct patch_data *d)
{
    u32 err = check_tables(db);

    if (!err)
        err = rows_each(db,
                        u"SELECT `PatchFamily`, `ProductCode`, `Sequence`, `Attributes` "
                        u"FROM `MsiPatchSequence`",
                        NULL, add_family, d);

    if (!err)
        err = rows_each(db,
                        u"SELECT `Property`, `Value` FROM `MsiPatchMetadata` "
                        u"WHERE `Company` = ''",
                        NULL, add_metadata, d);
    return broken(err);
}

static u32 read_database(struct database *db, struct patch_data *d)
{
    struct propset set;
    u32 err = read_set(db->stg, &set);

    d->min_msi = number_of(&set, PID_WORDS);
    if (!err && d->min_msi > WORDS_MAX)
        err = ERROR_PATCH_PACKAGE_UNSUPPORTED;
    if (!err)
        err = read_codes(&set, d);
    if (!err)
        err = read_products(&set, d);
    if (!err)
        err = read_transforms(db->stg, &set, d);
    propset_free(&set);
    return err ? err : read_tables(db, d);
}

/* Whether the file can be opened at all, which db_open does not tell from what is no patch. */
static u32 try_file(const char16_t *path)
{
    struct stg *stg;
    u32 err = stg_open(path, STG_READ | STG_DENY_WRITE, &stg);

    if (!err)
        stg_close(stg);
    else if (err != ERROR_OUTOFMEMORY && err != ERROR_INVALID_DATA && err != ERROR_FILE_CORRUPT)
        err = ERROR_PATCH_PACKAGE_OPEN_FAILED;
    return err == ERROR_PATCH_PACKAGE_OPEN_FAILED ? err : broken(err);
}

u32 patch_read_file(const char16_t *path, struct patch_data *d)
{
    struct database *db;
    u32 err = try_file(path);

    memset(d, 0, sizeof(*d));
    if (err)
        return err;
    err = db_open(path, DB_READONLY, true, &db);
    if (err)
        return broken(err);
    err = read_database(db, d);
    obj_unref(db_object(db));
    if (err)
        patch_data_free(d);
    return err;
}
