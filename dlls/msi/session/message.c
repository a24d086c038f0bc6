/*
 * The texts of messages.
 */
#include "message.h"

#include "rows.h"
#include "utf16.h"

enum { FATAL, ERROR_KIND, WARNING, USER, INFO, ACTION_START = 8 };

struct found {
    char16_t *text;
    size_t len;
};

static u32 take(void *ctx, struct record *row)
{
    struct found *f = ctx;

    f->text = rec_dup_text(row, 1, &f->len);
    return f->text ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

/* The Error table's text for the number, or NULL. */
static u32 find_text(struct session *s, i32 number, struct found *f)
{
    struct database *db = session_database(s);
    struct record *params = rec_create(1);
    u32 err = ERROR_OUTOFMEMORY;

    if (params) {
        rec_set_int(params, 1, number);
        err = rows_each(db, u"SELECT `Message` FROM `Error` WHERE `Error` = ?", params, take, f);
        obj_unref(rec_object(params));
    }
    obj_unref(db_object(db));
    return err;
}

static const char *prefix_of(u32 kind)
{
    switch (kind) {
    case FATAL:
    case ERROR_KIND:
        return "Error ";
    case WARNING:
        return "Warning ";
    case INFO:
        return "Info ";
    }
    return NULL;
}

/* "Error 1001. text". */
static u32 numbered(struct session *s, u32 kind, struct record *r, i32 number, struct text_buf *out)
{
    struct record *copy = rec_clone(r);
    struct found f = {0};
    u32 err = copy ? find_text(s, number, &f) : ERROR_OUTOFMEMORY;

    if (!err && prefix_of(kind)) {
        tb_ascii(out, prefix_of(kind));
        tb_number(out, number);
        tb_ascii(out, ". ");
    }
    if (!err && f.text)
        err = rec_set_text(copy, 0, f.text, f.len);
    if (!err)
        err = session_format(s, copy, out);
    os_free(f.text);
    if (copy)
        obj_unref(rec_object(copy));
    return err;
}

u32 message_text(struct session *s, u32 kind, struct record *r, struct text_buf *out)
{
    i32 number = rec_get_int(r, 1);

    if (kind <= INFO && rec_lacks_template(r) && number != REC_NULL_INT)
        return numbered(s, kind, r, number, out);
    return session_format(s, r, out);
}

/* --- errors of the inside -----------------------------------------------------------------------
 */

enum { INTERNAL_FIRST = 2000, INTERNAL_LAST = 2999, ROW_OF_INTERNAL = 5, ACTION_NOT_FOUND = 2726 };

bool message_is_internal(struct session *s, u32 kind, struct record *r)
{
    i32 number = rec_get_int(r, 1);
    struct found f = {0};
    u32 err;

    if (kind > USER || !rec_is_null(r, 0) || number < INTERNAL_FIRST || number > INTERNAL_LAST)
        return false;
    err = find_text(s, number, &f);
    os_free(f.text);
    return !err && !f.text;
}

static u32 set_log_text(struct record *copy, i32 number)
{
    static const char16_t found[] = u"DEBUG: Error [1]:  Action not found: [2]";
    static const char16_t plain[] = u"DEBUG: Error [1]:  ";

    return number == ACTION_NOT_FOUND ? rec_set_text(copy, 0, found, ARRAY_LEN(found) - 1)
                                      : rec_set_text(copy, 0, plain, ARRAY_LEN(plain) - 1);
}

static u32 set_table_text(struct session *s, struct record *copy)
{
    struct found f = {0};
    u32 err = find_text(s, ROW_OF_INTERNAL, &f);

    if (!err && f.text)
        err = rec_set_text(copy, 0, f.text, f.len);
    os_free(f.text);
    return err;
}

struct record *message_of_internal(struct session *s, struct record *r, bool for_log)
{
    struct record *copy = rec_clone(r);
    u32 err;

    if (!copy)
        return NULL;
    err = for_log ? set_log_text(copy, rec_get_int(r, 1)) : set_table_text(s, copy);
    if (!err)
        return copy;
    obj_unref(rec_object(copy));
    return NULL;
}
