/*
 * Going through the rows of a query.
 */
#include "rows.h"

#include "errorrec.h"
#include "utf16.h"
#include "view.h"

static u32 fetch_all(struct view *v, u32 (*each)(void *ctx, struct record *row), void *ctx)
{
    struct record *row;
    u32 err;

    while (!(err = view_fetch(v, &row))) {
        err = each(ctx, row);
        obj_unref(rec_object(row));
        if (err)
            break;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 run(struct view *v, struct record *params, u32 (*each)(void *ctx, struct record *row),
               void *ctx)
{
    u32 err = view_execute(v, params);

    if (!err)
        err = fetch_all(v, each, ctx);
    obj_unref(view_object(v));
    return err;
}

u32 rows_each(struct database *db, const char16_t *query, struct record *params,
              u32 (*each)(void *ctx, struct record *row), void *ctx)
{
    struct view *v;
    u32 err = view_open(db, query, u16_len(query), &v);

    if (!err)
        return run(v, params, each, ctx);
    err_clear();
    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_SUCCESS : err;
}

u32 rows_each_of(struct database *db, const char16_t *query,
                 u32 (*each)(void *ctx, struct record *row), void *ctx)
{
    struct view *v;
    u32 err = view_open(db, query, u16_len(query), &v);

    return err ? err : run(v, NULL, each, ctx);
}

u32 rows_each_named(struct database *db, const char16_t *query, const char16_t *name, size_t len,
                    u32 (*each)(void *ctx, struct record *row), void *ctx)
{
    struct record *params = rec_create(1);
    u32 err;

    if (!params)
        return ERROR_OUTOFMEMORY;
    err = rec_set_text(params, 1, name, len);
    if (!err)
        err = rows_each(db, query, params, each, ctx);
    obj_unref(rec_object(params));
    return err;
}

struct text_value {
    char16_t *text;
    size_t len;
};

static u32 take_value(void *ctx, struct record *row)
{
    struct text_value *v = ctx;

    v->text = rec_dup_text(row, 1, &v->len);
    return v->text ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

u32 rows_property(struct database *db, const char16_t *name, char16_t **value, size_t *len)
{
    struct text_value v = {NULL, 0};
    u32 err = rows_each_named(db, u"SELECT `Value` FROM `Property` WHERE `Property` = ?", name,
                              u16_len(name), take_value, &v);

    *value = v.text;
    if (len)
        *len = v.len;
    return err;
}
