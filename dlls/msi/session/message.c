/*
 * The texts of messages.
 */
#include "message.h"

#include "msgtexts.h"
#include "rows.h"
#include "utf16.h"

enum { INFO = 4, DISK_FULL = 7, ACTION_START = 8 };
enum { NUMBERS_FIRST = 1000 };

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

/* The package's text for the number, else the built-in one as a copy; NULL where there is none. */
static u32 text_for(struct session *s, i32 number, bool builtin, struct found *f)
{
    u32 err = find_text(s, number, f);
    const char *own = err || f->text || !builtin ? NULL : message_builtin(number);
    struct text_buf copy;

    if (!own)
        return err;
    tb_init(&copy);
    tb_ascii(&copy, own);
    f->text = tb_take(&copy, &f->len);
    tb_free(&copy);
    return f->text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* The record, formatted by the text for a number; without one, as it is where `must`. */
static u32 add_by(struct session *s, struct record *r, i32 number, bool builtin, bool must,
                  struct text_buf *out)
{
    struct found f = {0};
    struct record *copy = NULL;
    u32 err = text_for(s, number, builtin, &f);

    if (!err && (f.text || must)) {
        copy = rec_clone(r);
        err = copy ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    if (!err && f.text)
        err = rec_set_text(copy, 0, f.text, f.len);
    if (!err && copy)
        err = session_format(s, copy, out);
    os_free(f.text);
    if (copy)
        obj_unref(rec_object(copy));
    return err;
}

/* "Warning 1001. text": what stands before the texts of a kind has the kind's number. */
static u32 numbered(struct session *s, u32 kind, struct record *r, i32 number, struct text_buf *out)
{
    u32 err = add_by(s, r, (i32)kind, true, false, out);

    /* what is below is parts of messages, not messages */
    return err ? err : add_by(s, r, number, number >= NUMBERS_FIRST, true, out);
}

static bool is_numbered(u32 kind, struct record *r)
{
    return (kind <= INFO || kind == DISK_FULL) && rec_lacks_template(r) &&
           rec_get_int(r, 1) != REC_NULL_INT;
}

u32 message_text(struct session *s, u32 kind, struct record *r, struct text_buf *out)
{
    if (is_numbered(kind, r))
        return numbered(s, kind, r, rec_get_int(r, 1), out);
    if (kind == ACTION_START && rec_lacks_template(r))
        return add_by(s, r, ACTION_START, true, true, out);
    return session_format(s, r, out);
}

/* *there: whether there is one. */
static u32 add_template(struct session *s, i32 number, bool builtin, struct text_buf *out,
                        bool *there)
{
    struct found f = {0};
    u32 err = text_for(s, number, builtin, &f);

    *there = f.text != NULL;
    if (f.text)
        tb_add(out, f.text, f.len);
    os_free(f.text);
    return err;
}

struct record *message_with_template(struct session *s, u32 kind, struct record *r)
{
    bool numbers = is_numbered(kind, r), there;
    i32 number = rec_get_int(r, 1);
    struct record *copy = NULL;
    struct text_buf text;
    u32 err;

    if (!numbers && (kind != ACTION_START || !rec_lacks_template(r)))
        return NULL;
    tb_init(&text);
    err = add_template(s, (i32)kind, true, &text, &there);
    if (!err && numbers)
        err = add_template(s, number, number >= NUMBERS_FIRST, &text, &there);
    if (!err && there && !text.failed && text.len && (copy = rec_clone(r)) &&
        rec_set_text(copy, 0, text.s, text.len)) {
        obj_unref(rec_object(copy));
        copy = NULL;
    }
    tb_free(&text);
    return copy;
}

/* --- errors of the inside -----------------------------------------------------------------------
 */

enum { INTERNAL_FIRST = 2000, INTERNAL_LAST = 2999, ROW_OF_INTERNAL = 5 };

bool message_is_internal(struct session *s, u32 kind, struct record *r)
{
    i32 number = rec_get_int(r, 1);
    struct found f = {0};
    u32 err;

    if ((kind > INFO && kind != DISK_FULL) || !rec_is_null(r, 0) || number < INTERNAL_FIRST ||
        number > INTERNAL_LAST)
        return false;
    err = find_text(s, number, &f);
    os_free(f.text);
    return !err && !f.text;
}

static u32 set_log_text(struct record *copy, i32 number)
{
    const char *own = message_builtin(number);
    struct text_buf text;
    u32 err;

    tb_init(&text);
    tb_ascii(&text, "DEBUG: Error [1]:  ");
    if (own)
        tb_ascii(&text, own);
    err = text.failed ? ERROR_OUTOFMEMORY : rec_set_text(copy, 0, text.s, text.len);
    tb_free(&text);
    return err;
}

static u32 set_table_text(struct session *s, struct record *copy)
{
    struct found f = {0};
    u32 err = text_for(s, ROW_OF_INTERNAL, true, &f);

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
