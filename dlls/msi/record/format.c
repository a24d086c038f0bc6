/*
 * Formatted text, by one pass from the left with brackets and braces as nested levels.
 *
 * A level writes its content to the end of the output and then decides what becomes of it, so
 * nothing is looked at twice. A level that is never closed leaves its content and its sign.
 */
#include "format.h"

#include "os.h"

enum { MAX_DEPTH = 100 }; /* deeper brackets and braces are plain characters */

/* What was met between braces. */
struct found {
    bool null;    /* something looked up was not there */
    bool value;   /* something was */
    bool literal; /* brackets were left as they are */
    bool braces;  /* and other braces */
};

struct format {
    struct record *r;
    fmt_lookup lookup;
    void *session;
    const char16_t *s;
    size_t len, pos;
    struct text_buf *out;
    u32 depth, braces;
    u32 err;
};

static void content(struct format *f, char16_t end, struct found *found);

static bool at_end(const struct format *f)
{
    return f->pos >= f->len || f->err || f->out->failed;
}

/* --- brackets -----------------------------------------------------------------------------------
 */

static bool is_number(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return len && !(len == 1 && s[0] == '0');
}

static bool has_signs(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == '[' || s[i] == '{')
            return true;
    return false;
}

/* Fields are put in before anything is looked up, so what stands in them is looked up too. It has
 * no fields of its own: this ends. */
static void put_field_formatted(struct format *f, u32 n)
{
    size_t len;
    char16_t *text = rec_dup_text(f->r, n, &len);

    f->err = text ? fmt_text(NULL, f->lookup, f->session, text, len, f->out) : ERROR_OUTOFMEMORY;
    os_free(text);
}

static void put_field(struct format *f, const char16_t *s, size_t len)
{
    struct rec_view view;
    bool again = false;
    u64 n = 0;

    for (size_t i = 0; i < len && n <= REC_MAX_FIELDS; i++)
        n = n * 10 + (s[i] - '0');
    if (!f->r || n > REC_MAX_FIELDS)
        return;
    rec_lock(f->r);
    if (!rec_view(f->r, (u32)n, &view)) {
        again = f->lookup && has_signs(view.text, view.len);
        if (!again)
            tb_add(f->out, view.text, view.len);
    }
    rec_unlock(f->r);
    if (again)
        put_field_formatted(f, (u32)n);
}

/* The name stands at the end of the output, from `start`; it is replaced by its value. */
static void resolve(struct format *f, size_t start, struct found *found)
{
    size_t len = f->out->len - start;
    char16_t *name;

    if (f->out->failed)
        return;
    if (!f->lookup && !is_number(f->out->s + start, len)) {
        tb_insert(f->out, start, '[');
        tb_char(f->out, ']');
        found->literal = true;
        return;
    }
    name = os_alloc_array(len + 1, sizeof(*name));
    if (!name) {
        f->err = ERROR_OUTOFMEMORY;
        return;
    }
    for (size_t i = 0; i < len; i++)
        name[i] = f->out->s[start + i];
    name[len] = 0;
    tb_cut(f->out, start);
    if (is_number(name, len))
        put_field(f, name, len);
    else if (len == 1 && name[0] == '0')
        tb_ascii(f->out, "[0]");
    else if (len == 1 && name[0] == '~')
        tb_char(f->out, 0);
    else if (len)
        f->err = f->lookup(f->session, name, len, f->out);
    os_free(name);
    if (f->out->len > start)
        found->value = true;
    else
        found->null = true;
}

/* "[\c...]": the place of the bracket that ends it, or f->len. pos is at the backslash. */
static size_t escape_end(const struct format *f)
{
    size_t i = f->pos + 2;

    while (i < f->len && f->s[i] != ']')
        i++;
    return i;
}

/* pos is behind "[", at the backslash. */
static void escape(struct format *f, struct found *found)
{
    size_t end = escape_end(f), only = f->pos + 1;

    if (end >= f->len && only < f->len && f->s[only] == ']')
        end = only; /* "[\]" and no more: there is no character */
    if (end >= f->len || !f->lookup) {
        tb_char(f->out, '[');
        found->literal = true;
        end = MIN(end, f->len - 1);
        tb_add(f->out, f->s + f->pos, end + 1 - f->pos);
    } else if (end != only) {
        tb_char(f->out, f->s[only]);
    }
    f->pos = end + 1;
}

/* pos is behind the "[". */
static void bracket(struct format *f, struct found *found)
{
    struct found inner = {0};
    size_t start = f->out->len;

    if (f->pos < f->len && f->s[f->pos] == '\\') {
        escape(f, found);
        return;
    }
    f->depth++;
    content(f, ']', &inner);
    f->depth--;
    if (f->pos >= f->len) {
        tb_insert(f->out, start, '[');
        found->literal = true;
        return;
    }
    f->pos++;
    resolve(f, start, found);
}

/* --- braces -------------------------------------------------------------------------------------
 */

/* The level from `first` (behind the brace) to pos is closed; what it wrote begins at `start`. */
static void close_brace(struct format *f, size_t first, size_t start, const struct found *inner,
                        struct found *found)
{
    size_t n = f->pos - first;
    bool twice = n >= 2 && f->s[first] == '{' && f->s[f->pos - 1] == '}';

    if (inner->null)
        found->null = true;
    if (twice || (inner->null && !inner->literal) || !n) {
        tb_cut(f->out, start);
    } else if (f->braces || inner->braces || inner->literal || !inner->value) {
        tb_insert(f->out, start, '{');
        tb_char(f->out, '}');
        found->braces = true;
    } else {
        found->value = true;
    }
}

static void brace(struct format *f, struct found *found)
{
    struct found inner = {0};
    size_t start = f->out->len, first = f->pos;

    f->depth++;
    f->braces++;
    content(f, '}', &inner);
    f->depth--;
    f->braces--;
    if (f->pos >= f->len) {
        tb_insert(f->out, start, '{');
        found->braces = true;
        return;
    }
    close_brace(f, first, start, &inner, found);
    f->pos++;
}

/* Writes what stands up to `end` (0: the end of the text), which pos is at afterwards. */
static void content(struct format *f, char16_t end, struct found *found)
{
    while (!at_end(f)) {
        char16_t c = f->s[f->pos];

        if (end && c == end)
            return;
        f->pos++;
        if (c == '[' && f->depth < MAX_DEPTH)
            bracket(f, found);
        else if (c == '{' && f->depth < MAX_DEPTH)
            brace(f, found);
        else
            tb_char(f->out, c);
    }
    f->pos = f->len;
}

u32 fmt_text(struct record *r, fmt_lookup lookup, void *session, const char16_t *text, size_t len,
             struct text_buf *out)
{
    struct format f = {
        .r = r, .lookup = lookup, .session = session, .s = text, .len = len, .out = out};
    struct found found = {0};

    tb_add(out, u"", 0); /* from here on there is a text, if an empty one */
    content(&f, 0, &found);
    if (out->failed)
        return ERROR_OUTOFMEMORY;
    return f.err;
}

/* "1: [1] 2: [2] " and so on. */
static u32 list_fields(struct record *r, fmt_lookup lookup, void *session, struct text_buf *out)
{
    struct text_buf list;
    u32 err;

    tb_init(&list);
    for (u32 i = 1; i <= rec_count(r); i++) {
        tb_number(&list, (i32)i);
        tb_ascii(&list, ": [");
        tb_number(&list, (i32)i);
        tb_ascii(&list, "] ");
    }
    err = list.failed ? ERROR_OUTOFMEMORY
                      : fmt_text(r, lookup, session, list.s ? list.s : u"", list.len, out);
    tb_free(&list);
    return err;
}

u32 fmt_record(struct record *r, fmt_lookup lookup, void *session, struct text_buf *out)
{
    char16_t *text;
    size_t len;
    u32 err;

    if (rec_is_null(r, 0))
        return list_fields(r, lookup, session, out);
    text = rec_dup_text(r, 0, &len);
    if (!text)
        return ERROR_OUTOFMEMORY;
    err = fmt_text(r, lookup, session, text, len, out);
    os_free(text);
    return err;
}
