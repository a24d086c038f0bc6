/*
 * The summary information of a transform.
 *
 *   1, 2, 4..6, 18     those of the database that has the changes
 *   3 Subject          that of the reference
 *   7 Template         that of the reference with one language: what the transform is for; blank
 *                      where there is none
 *   8 Last Saved By    that of the database: what comes out
 *   9 Revision Number  old product code and version; new ones; upgrade code
 *   12, 13             now
 *   14 Page Count      the higher one of both
 *   16 Character Count validation flags in the high word, error conditions in the low one
 *   19 Security        4
 */
#include <string.h>

#include "archive_text.h"
#include "codepage.h"
#include "fault.h"
#include "os.h"
#include "propset.h"
#include "stg.h"
#include "transform.h"
#include "utf16.h"

enum {
    PID_SUBJECT = 3,
    PID_TEMPLATE = 7,
    PID_LASTAUTHOR = 8,
    PID_REVISION = 9,
    PID_PRINTED = 11,
    PID_CREATED = 12,
    PID_SAVED = 13,
    PID_PAGES = 14,
    PID_WORDS = 15,
    PID_CHARS = 16,
    PID_SECURITY = 19,
    READ_ONLY_ENFORCED = 4,
    VALIDATE_UPGRADE_CODE = 0x800
};

static const char16_t stream_name[] = u"\005SummaryInformation";

/* A database without the stream has no property. */
static u32 read_set(struct stg *stg, struct propset *set)
{
    u8 *data;
    size_t len;
    u32 err = stg_read_all(stg, stream_name, &data, &len);

    if (err == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_INVALID;
    err = propset_read(set, data, len);
    os_free(data);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_PACKAGE_INVALID : err;
}

/* --- the revision number ---------------------------------------------------------------------- */

/* Appends the value of a property in the Property table. ERROR_INSTALL_PACKAGE_INVALID where it has
 * none. */
static u32 add_property(struct db_core *db, const char16_t *name, struct buf *out)
{
    struct value key = {.kind = VALUE_TEXT, .text = name, .len = u16_len(name)};
    struct table *t;
    size_t len;
    u32 row, err = db_core_table(db, u"Property", 8, &t);

    if (err || tbl_keys(t) != 1 || tbl_columns(t) < 2 || !col_is_text(tbl_column(t, 0)->type) ||
        !col_is_text(tbl_column(t, 1)->type))
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_INVALID;
    err = db_core_find(db, t, &key, &row);
    if (err)
        return err;
    len = row == TBL_NONE ? 0 : sp_len(db_core_strings(db), tbl_get(t, row, 1));
    if (!len)
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = buf_add(out, NULL, len * sizeof(char16_t));
    if (!err)
        sp_text(db_core_strings(db), tbl_get(t, row, 1),
                (char16_t *)(void *)(out->data + out->len) - len, len);
    return err;
}

static u32 add_product(struct db_core *db, struct buf *out)
{
    u32 err = add_property(db, u"ProductCode", out);

    if (!err)
        err = add_property(db, u"ProductVersion", out);
    return err ? err : archive_add(out, u";", 1);
}

/* That of the reference; with `must` both have to have one. */
static u32 add_upgrade_code(struct db_core *db, struct db_core *ref, bool must, struct buf *out)
{
    struct buf other = {0};
    u32 err = add_property(ref, u"UpgradeCode", out);

    if (!must)
        return err == ERROR_INSTALL_PACKAGE_INVALID ? ERROR_SUCCESS : err;
    if (!err)
        err = add_property(db, u"UpgradeCode", &other);
    buf_free(&other);
    return err;
}

static u32 add_revision(struct db_core *db, struct db_core *ref, u32 validation, struct buf *out)
{
    u32 err = add_product(ref, out);

    if (!err)
        err = add_product(db, out);
    return err ? err : add_upgrade_code(db, ref, validation & VALIDATE_UPGRADE_CODE, out);
}

static u32 encode(struct propset *set, u32 id, const char16_t *units, size_t len)
{
    u32 cp = propset_codepage(set), err;
    char *bytes = NULL;
    size_t need;

    err = codepage_encode(cp, units, len, NULL, 0, &need, NULL);
    if (!err && !(bytes = os_alloc(need + 1)))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = codepage_encode(cp, units, len, bytes, need, &need, NULL);
    if (!err)
        err = propset_set_text(set, id, bytes, (u32)need);
    os_free(bytes);
    return err == ERROR_INVALID_PARAMETER ? ERROR_FUNCTION_FAILED : err;
}

static u32 set_revision(struct propset *set, struct db_core *db, struct db_core *ref,
                        u32 validation)
{
    struct buf text = {0};
    u32 err = add_revision(db, ref, validation, &text);

    if (!err)
        err = encode(set, PID_REVISION, (const char16_t *)(const void *)text.data, text.len / 2);
    buf_free(&text);
    return err;
}

/* --- the others ------------------------------------------------------------------------------- */

static const struct prop *text_of(const struct propset *set, u32 id)
{
    const struct prop *p = propset_get(set, id);

    return p && p->type == PROP_LPSTR ? p : NULL;
}

/* A blank one is a template too. */
static u32 set_last_author(struct propset *set)
{
    const struct prop *p = text_of(set, PID_TEMPLATE);

    return propset_set_text(set, PID_LASTAUTHOR, p ? (const char *)p->data : "", p ? p->len : 0);
}

/* The platform and the first of the languages, since a transform has one. */
static u32 set_template(struct propset *set, const struct propset *ref)
{
    const struct prop *p = text_of(ref, PID_TEMPLATE);
    u32 n = 0;

    while (p && n < p->len && p->data[n] != ';')
        n++;
    while (p && n < p->len && p->data[n] != ',')
        n++;
    return propset_set_text(set, PID_TEMPLATE, p ? (const char *)p->data : "", n);
}

/* From the code page of the reference to that of the set. */
static u32 set_subject(struct propset *set, const struct propset *ref)
{
    const struct prop *p = text_of(ref, PID_SUBJECT);
    char16_t *units;
    size_t need;
    u32 err;

    if (!p) {
        propset_remove(set, PID_SUBJECT);
        return ERROR_SUCCESS;
    }
    units = os_alloc_array(p->len + 1, sizeof(*units));
    if (!units)
        return ERROR_OUTOFMEMORY;
    err =
        codepage_decode(propset_codepage(ref), (const char *)p->data, p->len, units, p->len, &need);
    if (!err)
        err = encode(set, PID_SUBJECT, units, MIN(need, p->len));
    os_free(units);
    return err == ERROR_INVALID_PARAMETER ? ERROR_FUNCTION_FAILED : err;
}

static u32 set_times(struct propset *set)
{
    u64 now = os_time();
    u32 err = propset_set_time(set, PID_CREATED, now);

    propset_remove(set, PID_PRINTED);
    return err ? err : propset_set_time(set, PID_SAVED, now);
}

static i32 number(const struct propset *set, u32 id)
{
    const struct prop *p = propset_get(set, id);

    return p && p->type == PROP_I4 ? p->num : 0;
}

/* set starts as the summary information of the database. */
static u32 make_set(struct propset *set, const struct propset *ref, u32 conditions, u32 validation)
{
    u32 err = set_last_author(set);

    if (!err)
        err = set_template(set, ref);
    if (!err)
        err = set_subject(set, ref);
    if (!err)
        err = set_times(set);
    if (!err)
        err = propset_set_num(set, PID_PAGES, PROP_I4,
                              MAX(number(set, PID_PAGES), number(ref, PID_PAGES)));
    if (!err)
        err = propset_set_num(set, PID_CHARS, PROP_I4,
                              (i32)(validation << 16 | (conditions & 0xffff)));
    if (!err)
        err = propset_set_num(set, PID_SECURITY, PROP_I4, READ_ONLY_ENFORCED);
    propset_remove(set, PID_WORDS);
    return err;
}

static u32 write_set(const struct propset *set, const char16_t *path)
{
    struct stg *stg;
    u8 *data;
    size_t len;
    u32 err = stg_open(path, STG_WRITE, &stg);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_OPEN_FAILED;
    err = propset_write(set, &data, &len);
    if (!err) {
        err = stg_set_bytes(stg, stream_name, data, len);
        os_free(data);
    }
    if (!err)
        err = stg_commit(stg);
    stg_close(stg);
    return err;
}

u32 xform_summary(struct db_core *db, struct db_core *reference, const char16_t *path,
                  u32 conditions, u32 validation, struct fault *fault)
{
    struct propset set, ref;
    u32 err;

    propset_init(&set);
    propset_init(&ref);
    err = read_set(db_core_stg(db), &set);
    if (!err)
        err = read_set(db_core_stg(reference), &ref);
    if (!err)
        err = make_set(&set, &ref, conditions, validation);
    if (!err)
        err = set_revision(&set, db, reference, validation);
    if (!err)
        err = write_set(&set, path);
    if (err)
        fault_set(fault, FAULT_TRANSFORM_SUMMARY, path);
    propset_free(&set);
    propset_free(&ref);
    return err;
}
