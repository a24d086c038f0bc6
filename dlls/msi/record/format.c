/*
 * Formatted text. The rule, which Windows has been seen to follow:
 *
 * 1. Braces come first, from the left, whatever brackets stand around or in them. "{{" goes up to
 *    the next "}}" and is left out. "{" goes up to the next "}": a group. A "{{" that finds no end
 *    makes every brace behind it a plain character. The text between groups and the inside of each
 *    group are pieces, and each piece is formatted for brackets by itself.
 * 2. In a piece brackets are resolved from the inside out. From a "[" that is never closed to the
 *    end of the piece nothing is.
 * 3. A group in which something looked up was not there goes, one in which something was there
 *    loses its braces, and one in which brackets were left or nothing was looked up keeps them.
 * 4. All of this is done with the fields of the record, what is no number staying in its brackets;
 *    and, where there is a session, once more on the result with what the session knows, numbers
 *    staying in theirs.
 */
#include "format.h"

#include "os.h"

/* What the brackets of a piece came to. */
struct found {
    bool null;  /* something looked up was not there */
    bool value; /* something was */
    bool left;  /* something stayed in its brackets */
};

struct pass {
    struct record *r;  /* of the pass over fields; may be NULL */
    fmt_lookup lookup; /* of the other; NULL in the first */
    void *session;
    bool escapes; /* there will be a second pass, or this is it: "[\{]" is no brace */
    struct text_buf *out;
    u32 err;
};

/* --- brackets -----------------------------------------------------------------------------------
 */

static bool is_number(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return len;
}

static size_t last_of(const char16_t *s, size_t len, char16_t c)
{
    while (len && s[len - 1] != c)
        len--;
    return len ? len - 1 : SIZE_MAX;
}

/* "[\c...]" at `i`: the place of the bracket that ends it; 0 where none begins there. `last` is
 * that of the last "]" of all. "[\]" with none behind it is an escape without a character. */
static size_t escape_end(const char16_t *s, size_t len, size_t i, size_t last)
{
    size_t end = i + 3;

    if (len - i < 3 || s[i + 1] != '\\' || last == SIZE_MAX || last < i + 2)
        return 0;
    if (last == i + 2)
        return last;
    while (s[end] != ']')
        end++;
    return end;
}

/* Up to where all brackets are closed; *deepest: how many are open there at once. */
static size_t closed_part(const char16_t *s, size_t len, size_t last, size_t *deepest)
{
    size_t open = 0, bottom = len, end;

    *deepest = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '[' && (end = escape_end(s, len, i, last))) {
            i = end;
        } else if (s[i] == '[') {
            if (!open++)
                bottom = i;
            *deepest = MAX(*deepest, open);
        } else if (s[i] == ']' && open && !--open) {
            bottom = len;
        }
    }
    return bottom;
}

static void put_field(struct pass *p, const char16_t *s, size_t len)
{
    struct rec_view view;
    u64 n = 0;

    for (size_t i = 0; i < len && n <= REC_MAX_FIELDS; i++)
        n = n * 10 + (s[i] - '0');
    tb_cut(p->out, p->out->len - len - 1);
    if (!p->r || n > REC_MAX_FIELDS)
        return;
    rec_lock(p->r);
    if (!rec_view(p->r, (u32)n, &view))
        tb_add(p->out, view.text, view.len);
    rec_unlock(p->r);
}

static void look_up(struct pass *p, const char16_t *s, size_t len)
{
    char16_t *name = os_alloc_array(len + 1, sizeof(*name));

    if (!name) {
        p->err = ERROR_OUTOFMEMORY;
        return;
    }
    for (size_t i = 0; i < len; i++)
        name[i] = s[i];
    name[len] = 0;
    tb_cut(p->out, p->out->len - len - 1);
    if (len == 1 && name[0] == '~')
        tb_char(p->out, 0);
    else if (len)
        p->err = p->lookup(p->session, name, len, p->out);
    os_free(name);
}

/* The end of the output, from `start`, is a bracket and a name: they are replaced by its value. */
static void resolve(struct pass *p, size_t start, struct found *found)
{
    const char16_t *name = p->out->s + start + 1;
    size_t len = p->out->len - start - 1;

    if (p->out->failed)
        return;
    if (is_number(name, len) == (p->lookup != NULL)) {
        tb_char(p->out, ']');
        found->left = true;
        return;
    }
    if (p->lookup)
        look_up(p, name, len);
    else
        put_field(p, name, len);
    if (p->out->len > start)
        found->value = true;
    else
        found->null = true;
}

static void put_escape(struct pass *p, const char16_t *s, size_t len, struct found *found)
{
    if (p->lookup) {
        tb_add(p->out, s + 2, len > 3); /* the character */
        return;
    }
    tb_add(p->out, s, len);
    found->left = true;
}

static void brackets(struct pass *p, const char16_t *s, size_t len, struct found *found)
{
    size_t last = last_of(s, len, ']'), deepest, end = closed_part(s, len, last, &deepest);
    size_t *starts = os_alloc_array(deepest + 1, sizeof(*starts)), open = 0, over;

    if (!starts)
        p->err = ERROR_OUTOFMEMORY;
    for (size_t i = 0; i < end && !p->err && !p->out->failed; i++) {
        if (s[i] == '[' && (over = escape_end(s, len, i, last))) {
            put_escape(p, s + i, over + 1 - i, found);
            i = over;
        } else if (s[i] == ']' && open) {
            resolve(p, starts[--open], found);
        } else {
            if (s[i] == '[')
                starts[open++] = p->out->len;
            tb_char(p->out, s[i]);
        }
    }
    os_free(starts);
    tb_add(p->out, s + end, len - end);
}

/* --- braces -------------------------------------------------------------------------------------
 */

static void group(struct pass *p, const char16_t *s, size_t len)
{
    size_t start = p->out->len;
    struct found found = {0};

    brackets(p, s, len, &found);
    if (!len || (found.null && !found.left)) {
        tb_cut(p->out, start);
    } else if (found.left || !found.value) {
        tb_insert(p->out, start, '{');
        tb_char(p->out, '}');
    }
}

/* The place of the next brace that closes, of the pair of them, from `i`; len where there is none.
 */
static size_t next_close(const char16_t *s, size_t len, size_t i, bool pair)
{
    for (; i < len; i++)
        if (s[i] == '}' && (!pair || (i + 1 < len && s[i + 1] == '}')))
            return i;
    return len;
}

static void text(struct pass *p, const char16_t *s, size_t len)
{
    size_t from = 0, i = 0, last = last_of(s, len, ']'), end;
    struct found unused;

    while (i < len) {
        bool pair = i + 1 < len && s[i + 1] == '{';

        if (s[i] != '{') {
            end = s[i] == '[' && p->escapes ? escape_end(s, len, i, last) : 0;
            i = MAX(i, end) + 1;
            continue;
        }
        end = next_close(s, len, i + 1 + pair, pair);
        if (end == len)
            break; /* all that follows is plain */
        brackets(p, s + from, i - from, &unused);
        if (!pair)
            group(p, s + i + 1, end - i - 1);
        i = from = end + 1 + pair;
    }
    brackets(p, s + from, len - from, &unused);
}

/* --- passes -------------------------------------------------------------------------------------
 */

static u32 run(struct pass *p, const char16_t *s, size_t len)
{
    tb_add(p->out, u"", 0); /* from here on there is a text, if an empty one */
    text(p, s, len);
    return p->out->failed ? ERROR_OUTOFMEMORY : p->err;
}

u32 fmt_text(struct record *r, fmt_lookup lookup, void *session, const char16_t *s, size_t len,
             struct text_buf *out)
{
    struct text_buf between;
    struct pass fields = {.r = r, .escapes = lookup, .out = lookup ? &between : out};
    struct pass names = {.lookup = lookup, .session = session, .escapes = true, .out = out};
    u32 err;

    tb_init(&between);
    err = run(&fields, s, len);
    if (!err && lookup)
        err = run(&names, between.s, between.len);
    tb_free(&between);
    return err;
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
    char16_t *template;
    size_t len;
    u32 err;

    if (rec_lacks_template(r))
        return list_fields(r, lookup, session, out);
    template = rec_dup_text(r, 0, &len);
    if (!template)
        return ERROR_OUTOFMEMORY;
    err = fmt_text(r, lookup, session, template, len, out);
    os_free(template);
    return err;
}
