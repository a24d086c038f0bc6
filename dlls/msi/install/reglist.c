/*
 * Lists, counts and environment variables in registry values.
 */
#include "reglist.h"

#include <string.h>

#include "utf16.h"

/* A piece of text. */
struct piece {
    const char16_t *s;
    size_t len;
};

static bool is_text(const struct reg_data *d)
{
    return d && (d->type == REG_TYPE_SZ || d->type == REG_TYPE_EXPAND);
}

/* What a value has as text, without the zeros at its end. */
static struct piece value_text(const struct reg_data *d)
{
    struct piece p = {u"", 0};

    if (!d || (!is_text(d) && d->type != REG_TYPE_MULTI))
        return p;
    p.s = (const char16_t *)(const void *)d->bytes;
    p.len = d->size / sizeof(*p.s);
    if (is_text(d))
        p.len = u16_nlen(p.s, p.len);
    while (p.len && !p.s[p.len - 1])
        p.len--;
    return p;
}

static u32 add_text(struct buf *b, const char16_t *s, size_t len)
{
    return buf_add(b, s, len * sizeof(*s));
}

/* --- lists --------------------------------------------------------------------------------------
 */

/* Takes the first item off *rest; false at the end. */
static bool next_item(struct piece *rest, struct piece *item)
{
    if (!rest->len)
        return false;
    item->s = rest->s;
    item->len = u16_nlen(rest->s, rest->len);
    rest->s += item->len;
    rest->len -= item->len;
    if (rest->len) { /* the zero between */
        rest->s++;
        rest->len--;
    }
    return true;
}

static bool has_item(struct piece list, struct piece item)
{
    struct piece p;

    while (next_item(&list, &p))
        if (!u16_compare(p.s, p.len, item.s, item.len))
            return true;
    return false;
}

/* Adds the items of a list that are not in `without`. */
static u32 add_items(struct buf *b, struct piece list, struct piece without)
{
    struct piece item;
    u32 err = ERROR_SUCCESS;

    while (!err && next_item(&list, &item)) {
        if (has_item(without, item))
            continue;
        err = add_text(b, item.s, item.len);
        if (!err)
            err = buf_add16(b, 0);
    }
    return err;
}

static u32 change_list(const struct reg_data *old, u32 how, struct piece items,
                       struct reg_list_result *out)
{
    static const struct piece none = {u"", 0};
    struct piece list = value_text(old);
    u32 err = ERROR_SUCCESS;

    out->type = REG_TYPE_MULTI;
    if (how == LIST_PREPEND)
        err = add_items(&out->bytes, items, none);
    if (!err)
        err = add_items(&out->bytes, list, items);
    if (!err && how == LIST_APPEND)
        err = add_items(&out->bytes, items, none);
    out->remove = !out->bytes.len;
    return err ? err : buf_add16(&out->bytes, 0);
}

/* Nothing to leave means that nobody changes the value. */
static u32 leave_list(const struct reg_data *old, struct piece items, struct reg_list_result *out)
{
    struct piece list = value_text(old), item;
    bool any = false;

    while (!any && next_item(&list, &item))
        any = has_item(items, item);
    if (!any)
        out->same = true;
    return any ? change_list(old, LIST_LEAVE, items, out) : ERROR_SUCCESS;
}

/* --- counts -------------------------------------------------------------------------------------
 */

static u32 change_count(const struct reg_data *old, bool up, struct reg_list_result *out)
{
    u32 n = old && old->type == REG_TYPE_DWORD && old->size == 4 ? le32(old->bytes) : 0;

    out->type = REG_TYPE_DWORD;
    if (up)
        return buf_add32(&out->bytes, n == UINT32_MAX ? n : n + 1);
    out->same = !old;
    out->remove = n <= 1;
    return out->remove ? ERROR_SUCCESS : buf_add32(&out->bytes, n - 1);
}

/* --- environment variables ----------------------------------------------------------------------
 */

/* Where the part stands in a value: between the ends of the value and separators, which may be the
 * part's own. SIZE_MAX: nowhere. */
static size_t find_part(struct piece in, struct piece part, char16_t separator)
{
    for (size_t i = 0; part.len && i + part.len <= in.len; i++) {
        bool starts = !i || in.s[i - 1] == separator || part.s[0] == separator;
        bool ends = i + part.len == in.len || in.s[i + part.len] == separator ||
                    part.s[part.len - 1] == separator;

        if (starts && ends && !memcmp(in.s + i, part.s, part.len * sizeof(*part.s)))
            return i;
    }
    return SIZE_MAX;
}

/* The text with its separator, and without. */
struct joined {
    struct piece whole, bare;
    char16_t separator;
};

static struct joined joined_of(const char16_t *text, size_t len, bool end)
{
    struct joined j = {{text, len}, {text, len}, 0};

    if (!len)
        return j;
    j.separator = end ? text[0] : text[len - 1];
    j.bare.len--;
    if (end)
        j.bare.s++;
    return j;
}

static u32 set_var(const struct reg_data *old, struct piece a, struct piece b,
                   struct reg_list_result *out)
{
    u32 err = add_text(&out->bytes, a.s, a.len);

    if (!err)
        err = add_text(&out->bytes, b.s, b.len);
    out->type = old && old->type == REG_TYPE_EXPAND ? REG_TYPE_EXPAND : REG_TYPE_SZ;
    for (size_t i = 0; i < b.len; i++)
        if (b.s[i] == '%')
            out->type = REG_TYPE_EXPAND;
    for (size_t i = 0; i < a.len; i++)
        if (a.s[i] == '%')
            out->type = REG_TYPE_EXPAND;
    return err ? err : buf_add16(&out->bytes, 0);
}

static u32 join_var(const struct reg_data *old, struct joined j, bool end,
                    struct reg_list_result *out)
{
    static const struct piece none = {u"", 0};
    struct piece value = value_text(old);

    if (!value.len)
        return set_var(NULL, j.bare, none, out);
    if (find_part(value, j.bare, j.separator) != SIZE_MAX) {
        out->same = true;
        return ERROR_SUCCESS;
    }
    return end ? set_var(old, value, j.whole, out) : set_var(old, j.whole, value, out);
}

/* With its separator where that is there, else (the first of the list, say) with the one on its
 * other side, else alone. */
static u32 leave_var(const struct reg_data *old, struct joined j, bool end,
                     struct reg_list_result *out)
{
    struct piece value = value_text(old), before, behind;
    size_t at = find_part(value, j.whole, j.separator), len = j.whole.len;

    if (at == SIZE_MAX) {
        at = find_part(value, j.bare, j.separator);
        len = j.bare.len;
        if (at != SIZE_MAX && end && at + len < value.len)
            len++;
        else if (at != SIZE_MAX && !end && at && at + len == value.len) {
            at--;
            len++;
        }
    }
    if (at == SIZE_MAX) {
        out->same = true;
        return ERROR_SUCCESS;
    }
    out->remove = len == value.len;
    before = (struct piece){value.s, at};
    behind = (struct piece){value.s + at + len, value.len - at - len};
    return out->remove ? ERROR_SUCCESS : set_var(old, before, behind, out);
}

static u32 default_var(const struct reg_data *old, struct piece value, struct reg_list_result *out)
{
    static const struct piece none = {u"", 0};

    out->same = old;
    return old ? ERROR_SUCCESS : set_var(NULL, value, none, out);
}

static void remove_equal(const struct reg_data *old, struct piece value,
                         struct reg_list_result *out)
{
    struct piece is = value_text(old);

    out->remove = old && (!value.len || !u16_compare(is.s, is.len, value.s, value.len));
    out->same = !out->remove;
}

u32 reg_list_apply(const struct reg_data *old, u32 how, const char16_t *text, size_t len,
                   struct reg_list_result *out)
{
    struct piece items = {text, len};

    memset(out, 0, sizeof(*out));
    switch (how) {
    case LIST_APPEND:
    case LIST_PREPEND:
        return change_list(old, how, items, out);
    case LIST_LEAVE:
        return leave_list(old, items, out);
    case COUNT_UP:
    case COUNT_DOWN:
        return change_count(old, how == COUNT_UP, out);
    case VAR_APPEND:
    case VAR_PREPEND:
        return join_var(old, joined_of(text, len, how == VAR_APPEND), how == VAR_APPEND, out);
    case VAR_LEAVE_END:
    case VAR_LEAVE_START:
        return leave_var(old, joined_of(text, len, how == VAR_LEAVE_END), how == VAR_LEAVE_END,
                         out);
    case VAR_DEFAULT:
        return default_var(old, items, out);
    case VAR_REMOVE_EQUAL:
        remove_equal(old, items, out);
        return ERROR_SUCCESS;
    }
    return ERROR_INVALID_PARAMETER;
}
