/*
 * Packages through the engine. A struct here is never looked into: its pointer is the object's.
 */
#include <pthread.h>
#include <string.h>

#include "database.h"
#include "dbmove.h"
#include "dbtransform.h"
#include "errorrec.h"
#include "handle.h"
#include "os.h"
#include "pkg.h"
#include "record.h"
#include "suminfo.h"
#include "utf16.h"
#include "view.h"

static inline struct database *db_of(struct pkg *p)
{
    return (struct database *)p;
}

static inline struct record *rec_of(struct pkg_row *r)
{
    return (struct record *)r;
}

static inline struct view *view_of(struct pkg_query *q)
{
    return (struct view *)q;
}

/* --- databases ---------------------------------------------------------------------------------
 */

/* One that is no patch is tried first: what is said of a file that is neither is about that. */
u32 pkg_open(const char16_t *path, enum pkg_mode mode, struct pkg **out)
{
    static const enum db_mode modes[] = {DB_READONLY, DB_TRANSACT, DB_CREATE};
    struct database *db = NULL;
    u32 err = db_open(path, modes[mode], false, &db);

    if (err && mode != PKG_NEW && !db_open(path, modes[mode], true, &db))
        err = ERROR_SUCCESS;
    *out = (struct pkg *)db;
    return err;
}

u32 pkg_open_to(const char16_t *path, const char16_t *output, struct pkg **out)
{
    struct database *db = NULL;
    u32 err = db_open_output(path, output, false, &db);

    *out = (struct pkg *)db;
    return err;
}

u32 pkg_open_scratch(struct pkg **out)
{
    struct database *db = NULL;
    u32 err = db_open_memory(&db);

    *out = (struct pkg *)db;
    return err;
}

void pkg_close(struct pkg *p)
{
    if (p)
        obj_unref(db_object(db_of(p)));
}

u32 pkg_commit(struct pkg *p)
{
    return db_commit(db_of(p));
}

u32 pkg_keys(struct pkg *p, const char16_t *table)
{
    struct record *r;
    u32 count;

    if (db_primary_keys(db_of(p), table, u16_len(table), &r))
        return 0;
    count = rec_count(r);
    obj_unref(rec_object(r));
    return count;
}

bool pkg_has_table(struct pkg *p, const char16_t *table)
{
    enum { NONE = 2 };

    return db_is_table_persistent(db_of(p), table, u16_len(table)) != NONE;
}

u32 pkg_export(struct pkg *p, const char16_t *table, const char16_t *folder, const char16_t *file)
{
    return db_export(db_of(p), table, u16_len(table), folder, file);
}

u32 pkg_import(struct pkg *p, const char16_t *path)
{
    size_t n = u16_len(path);
    char16_t *folder;
    u32 err;

    while (n && path[n - 1] != u'/')
        n--;
    folder = n ? u16_dup(path, n > 1 ? n - 1 : 1) : u16_dup(u".", 1);
    if (!folder)
        return ERROR_OUTOFMEMORY;
    err = db_import(db_of(p), folder, path + n);
    os_free(folder);
    return err;
}

u32 pkg_merge(struct pkg *p, struct pkg *from, const char16_t *errors)
{
    return db_merge(db_of(p), db_of(from), errors);
}

u32 pkg_generate(struct pkg *after, struct pkg *before, const char16_t *path)
{
    return db_generate_transform(db_of(after), db_of(before), path);
}

u32 pkg_transform_summary(struct pkg *after, struct pkg *before, const char16_t *path,
                          u32 conditions, u32 validation)
{
    return db_transform_summary(db_of(after), db_of(before), path, conditions, validation);
}

u32 pkg_apply(struct pkg *p, const char16_t *path, u32 conditions)
{
    return db_apply_transform(db_of(p), path, conditions);
}

/* --- queries -----------------------------------------------------------------------------------
 */

u32 pkg_run(struct pkg *p, const char16_t *query, struct pkg_row *params, struct pkg_query **out)
{
    struct view *v = NULL;
    u32 err = view_open(db_of(p), query, u16_len(query), &v);

    *out = NULL;
    if (err)
        return err;
    err = view_execute(v, rec_of(params));
    if (err)
        obj_unref(view_object(v));
    else
        *out = (struct pkg_query *)v;
    return err;
}

void pkg_query_close(struct pkg_query *q)
{
    if (q)
        obj_unref(view_object(view_of(q)));
}

u32 pkg_fetch(struct pkg_query *q, struct pkg_row **out)
{
    struct record *r = NULL;
    u32 err = view_fetch(view_of(q), &r);

    *out = err ? NULL : (struct pkg_row *)r;
    return err;
}

u32 pkg_columns(struct pkg_query *q, bool names, struct pkg_row **out)
{
    struct record *r = NULL;
    u32 err = view_column_info(view_of(q), names, &r);

    *out = err ? NULL : (struct pkg_row *)r;
    return err;
}

u32 pkg_validate(struct pkg_query *q, struct pkg_row *row)
{
    enum { VALIDATE = 8 };

    return view_modify(view_of(q), VALIDATE, rec_of(row));
}

int pkg_next_error(struct pkg_query *q, char16_t column[PKG_COLUMN_NAME])
{
    STATIC_ASSERT((int)PKG_COLUMN_NAME > (int)TBL_MAX_NAME);

    return view_next_error(view_of(q), column);
}

/* --- rows --------------------------------------------------------------------------------------
 */

struct pkg_row *row_new(u32 fields)
{
    return (struct pkg_row *)rec_create(fields);
}

void row_free(struct pkg_row *r)
{
    if (r)
        obj_unref(rec_object(rec_of(r)));
}

u32 row_count(struct pkg_row *r)
{
    return rec_count(rec_of(r));
}

bool row_is_null(struct pkg_row *r, u32 field)
{
    return rec_is_null(rec_of(r), field);
}

i32 row_int(struct pkg_row *r, u32 field)
{
    return rec_get_int(rec_of(r), field);
}

char16_t *row_text(struct pkg_row *r, u32 field)
{
    size_t len;

    if (rec_kind(rec_of(r), field) == REC_STREAM)
        return u16_dup(u"", 0);
    return rec_dup_text(rec_of(r), field, &len);
}

void row_set_text(struct pkg_row *r, u32 field, const char16_t *text)
{
    rec_set_text(rec_of(r), field, text, u16_len(text));
}

u32 row_set_file(struct pkg_row *r, u32 field, const char16_t *path)
{
    struct rec_stream *s;
    u32 err = rstream_from_file(path, &s);

    if (err)
        return err;
    err = rec_set_stream(rec_of(r), field, s);
    rstream_release(s);
    return err;
}

u32 row_size(struct pkg_row *r, u32 field)
{
    return rec_data_size(rec_of(r), field);
}

u32 row_read(struct pkg_row *r, u32 field, void *buf, u32 *n)
{
    u32 err = rec_read_stream(rec_of(r), field, buf, n);

    if (err)
        *n = 0;
    return err;
}

struct pkg_row *row_last_error(void)
{
    return (struct pkg_row *)err_take();
}

/* --- summary information -----------------------------------------------------------------------
 */

u32 sum_open(const char16_t *path, struct pkg_sum **out)
{
    struct suminfo *s = NULL;
    u32 err = suminfo_open_file(path, 0, &s);

    *out = err ? NULL : (struct pkg_sum *)s;
    return err;
}

void sum_close(struct pkg_sum *s)
{
    if (s)
        obj_unref(suminfo_object((struct suminfo *)s));
}

u32 sum_get(struct pkg_sum *s, u32 id, struct sum_item *out)
{
    struct sum_value v;
    u32 err = suminfo_get((struct suminfo *)s, id, &v);

    *out = (struct sum_item){0};
    if (err)
        return err;
    *out = (struct sum_item){.type = v.type, .number = v.num, .time = v.time, .text = v.text};
    return ERROR_SUCCESS;
}

/* --- the rule of handles -----------------------------------------------------------------------
 */

static void *close_elsewhere(void *arg)
{
    u32 *handle = arg;

    *handle = hnd_close(*handle);
    return NULL;
}

struct pkg_handle_rule pkg_close_by_the_rule(struct pkg *p)
{
    struct pkg_handle_rule rule = {.elsewhere = ERROR_OUTOFMEMORY};
    u32 handle, passed;
    struct hnd_use use;
    pthread_t thread;

    if (!hnd_tls_start())
        return rule;
    passed = handle = hnd_open(db_object(db_of(p)));
    if (!pthread_create(&thread, NULL, close_elsewhere, &passed)) {
        pthread_join(thread, NULL);
        rule.elsewhere = passed;
    }
    rule.open_after = !hnd_use(handle, OBJ_DATABASE, &use);
    if (rule.open_after)
        hnd_done(&use);
    rule.here = hnd_close(handle);
    rule.again = hnd_close(handle);
    return rule;
}
