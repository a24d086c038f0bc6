/*
 * Reading registry text. One pass over UTF-16; the only memory is one string and one value.
 */
#include <string.h>

#include "codepage.h"
#include "os.h"
#include "regtext.h"
#include "utf16.h"

enum { TYPE_SZ = 1, TYPE_EXPAND_SZ = 2, TYPE_BINARY = 3, TYPE_DWORD = 4, TYPE_MULTI_SZ = 7 };
enum { PROGRESS_STEP = 1 << 20 };

struct reader {
    const char16_t *start, *s, *end;
    u32 line;
    enum regtext_form form;
    u32 codepage;
    bool in_key; /* a key line that made sense came before */
    const struct regtext_sink *sink;
    struct buf name, text, data; /* name and text hold char16_t */
    size_t told;
};

static void problem(struct reader *r, const char *what)
{
    if (r->sink->problem)
        r->sink->problem(r->sink->ctx, r->line, what);
}

/* --- characters ------------------------------------------------------------------------------ */

static bool at_end(const struct reader *r)
{
    return r->s >= r->end;
}

static char16_t peek(const struct reader *r)
{
    return r->s < r->end ? *r->s : 0;
}

static bool is_newline(char16_t c)
{
    return c == '\n' || c == '\r';
}

static void skip_blanks(struct reader *r)
{
    while (!at_end(r) && (*r->s == ' ' || *r->s == '\t'))
        r->s++;
}

static void skip_newline(struct reader *r)
{
    if (peek(r) == '\r')
        r->s++;
    if (peek(r) == '\n')
        r->s++;
    r->line++;
}

static void skip_line(struct reader *r)
{
    while (!at_end(r) && !is_newline(*r->s))
        r->s++;
    if (!at_end(r))
        skip_newline(r);
}

static u32 hex_digit(char16_t c)
{
    if (c >= '0' && c <= '9')
        return (u32)(c - '0');
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (u32)((c | 0x20) - 'a' + 10);
    return 16;
}

/* Up to `most` hexadecimal digits; false where there is none. */
static bool read_hex(struct reader *r, u32 most, u64 *value)
{
    u32 n = 0;

    *value = 0;
    while (n < most && hex_digit(peek(r)) < 16) {
        *value = *value << 4 | hex_digit(*r->s++);
        n++;
    }
    return n > 0;
}

static bool take(struct reader *r, const char *ascii)
{
    size_t n = strlen(ascii);

    if ((size_t)(r->end - r->s) < n || !u16_is(r->s, n, ascii))
        return false;
    r->s += n;
    return true;
}

static u32 add_char(struct buf *b, char16_t c)
{
    return buf_add(b, &c, sizeof(c));
}

/* --- quoted text ------------------------------------------------------------------------------ */

static char16_t read_octal(struct reader *r)
{
    u32 value = 0;

    for (u32 n = 0; n < 3 && peek(r) >= '0' && peek(r) <= '7'; n++)
        value = value * 8 + (u32)(*r->s++ - '0');
    return (char16_t)value;
}

static char16_t wine_escape(struct reader *r)
{
    static const char from[] = "abefnrtv", to[] = "\a\b\033\f\n\r\t\v";
    char16_t c = peek(r);
    u64 value;

    if (c >= '0' && c <= '7')
        return read_octal(r);
    r->s++;
    if (c == 'x' && hex_digit(peek(r)) < 16) {
        read_hex(r, 4, &value);
        return (char16_t)value;
    }
    for (size_t i = 0; from[i]; i++)
        if (c == (u8)from[i])
            return (u8)to[i];
    return c;
}

/* Only \\ and \" are regedit's; \n, \r and \0 are what Wine's regedit writes. */
static char16_t regedit_escape(struct reader *r)
{
    char16_t c = *r->s++;

    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case '0':
        return 0;
    default:
        return c;
    }
}

/* Text up to the closing character, which is taken; it may span lines. */
static u32 read_quoted(struct reader *r, char16_t close, struct buf *out)
{
    out->len = 0;
    while (!at_end(r)) {
        char16_t c = *r->s++;
        u32 err;

        if (c == close)
            return ERROR_SUCCESS;
        if (c == '\n')
            r->line++;
        if (c == '\\' && !at_end(r))
            c = r->form == REGTEXT_WINE ? wine_escape(r) : regedit_escape(r);
        err = add_char(out, c);
        if (err)
            return err;
    }
    problem(r, "text without its closing quote");
    return ERROR_INVALID_DATA;
}

static const char16_t *chars(const struct buf *b)
{
    static const char16_t none[1];

    return b->len ? (const char16_t *)(const void *)b->data : none;
}

static u32 char_count(const struct buf *b)
{
    return (u32)(b->len / sizeof(char16_t));
}

/* --- keys ------------------------------------------------------------------------------------ */

/* regedit escapes nothing in a key line, and names may hold brackets: the last one closes. */
static u32 read_bracketed(struct reader *r)
{
    const char16_t *close = NULL;
    const char16_t *s;

    for (s = r->s; s < r->end && !is_newline(*s); s++)
        if (*s == ']')
            close = s;
    r->name.len = 0;
    if (!close) {
        problem(r, "a key without its closing bracket");
        return ERROR_INVALID_DATA;
    }
    s = r->s;
    r->s = close + 1;
    return buf_add(&r->name, s, (size_t)(close - s) * sizeof(*s));
}

static u32 read_key(struct reader *r)
{
    bool remove = false;
    u32 err;

    r->s++;
    r->in_key = false;
    if (r->form != REGTEXT_WINE && peek(r) == '-') {
        remove = true;
        r->s++;
    }
    err = r->form == REGTEXT_WINE ? read_quoted(r, ']', &r->name) : read_bracketed(r);
    if (err)
        return err;
    skip_line(r);
    r->in_key = !remove;
    if (!r->sink->key)
        return ERROR_SUCCESS;
    return r->sink->key(r->sink->ctx, chars(&r->name), char_count(&r->name), remove);
}

/* --- values ---------------------------------------------------------------------------------- */

/* A backslash at the end of a line continues it. */
static bool take_continuation(struct reader *r)
{
    const char16_t *s = r->s + 1;

    if (peek(r) != '\\')
        return false;
    while (s < r->end && (*s == ' ' || *s == '\t'))
        s++;
    if (s < r->end && !is_newline(*s))
        return false;
    r->s = s;
    if (!at_end(r))
        skip_newline(r);
    return true;
}

static u32 read_bytes(struct reader *r)
{
    r->data.len = 0;
    for (;;) {
        u64 value;
        u8 byte;
        u32 err;

        skip_blanks(r);
        if (take_continuation(r))
            continue;
        if (peek(r) == ',') {
            r->s++;
            continue;
        }
        if (!read_hex(r, 2, &value))
            break;
        byte = (u8)value;
        err = buf_add(&r->data, &byte, 1);
        if (err)
            return err;
    }
    if (!at_end(r) && !is_newline(peek(r)) && peek(r) != ';') {
        problem(r, "a byte that is none");
        return ERROR_INVALID_DATA;
    }
    return ERROR_SUCCESS;
}

/* REGEDIT4 has the text of REG_EXPAND_SZ and REG_MULTI_SZ as ANSI bytes. */
static u32 widen_bytes(struct reader *r)
{
    size_t need;
    u32 err = codepage_decode(r->codepage, (const char *)r->data.data, r->data.len, NULL, 0, &need);

    r->text.len = 0;
    if (!err)
        err = buf_add(&r->text, NULL, need * sizeof(char16_t));
    if (!err && need)
        err = codepage_decode(r->codepage, (const char *)r->data.data, r->data.len,
                              (char16_t *)(void *)r->text.data, need, &need);
    r->data.len = 0;
    return err ? err : buf_add(&r->data, r->text.data, r->text.len);
}

static u32 give_value(struct reader *r, u32 type)
{
    static const u8 none[1];

    if (r->data.len > UINT32_MAX)
        return ERROR_INVALID_DATA;
    if (!r->sink->value)
        return ERROR_SUCCESS;
    return r->sink->value(r->sink->ctx, chars(&r->name), char_count(&r->name), type,
                          r->data.len ? r->data.data : none, (u32)r->data.len);
}

static bool read_type(struct reader *r, u32 *type)
{
    u64 value;

    if (peek(r) != '(')
        return true;
    r->s++;
    if (!read_hex(r, 8, &value) || peek(r) != ')')
        return false;
    r->s++;
    *type = (u32)value;
    return true;
}

static u32 read_hex_value(struct reader *r)
{
    u32 type = TYPE_BINARY;
    u32 err;

    if (!read_type(r, &type) || !take(r, ":")) {
        problem(r, "hex without its type or colon");
        return ERROR_INVALID_DATA;
    }
    err = read_bytes(r);
    if (!err && r->form == REGTEXT_V4 && (type == TYPE_EXPAND_SZ || type == TYPE_MULTI_SZ))
        err = widen_bytes(r);
    return err ? err : give_value(r, type);
}

static u32 read_dword(struct reader *r)
{
    u64 value;
    u8 bytes[4];
    u32 err;

    skip_blanks(r);
    if (!read_hex(r, 8, &value) || hex_digit(peek(r)) < 16) {
        problem(r, "a dword that is none");
        return ERROR_INVALID_DATA;
    }
    put_le32(bytes, (u32)value);
    r->data.len = 0;
    err = buf_add(&r->data, bytes, sizeof(bytes));
    return err ? err : give_value(r, TYPE_DWORD);
}

static u32 read_string(struct reader *r, u32 type)
{
    u32 err;

    r->s++;
    err = read_quoted(r, '"', &r->data);
    if (!err)
        err = add_char(&r->data, 0);
    return err ? err : give_value(r, type);
}

static u32 read_typed_string(struct reader *r)
{
    u32 type = TYPE_SZ;

    if (!read_type(r, &type) || !take(r, ":") || peek(r) != '"') {
        problem(r, "str without its type or text");
        return ERROR_INVALID_DATA;
    }
    return read_string(r, type);
}

static u32 read_removal(struct reader *r)
{
    r->s++;
    if (!r->sink->remove_value)
        return ERROR_SUCCESS;
    return r->sink->remove_value(r->sink->ctx, chars(&r->name), char_count(&r->name));
}

static u32 read_data(struct reader *r)
{
    if (peek(r) == '"')
        return read_string(r, TYPE_SZ);
    if (peek(r) == '-')
        return read_removal(r);
    if (take(r, "dword:"))
        return read_dword(r);
    if (take(r, "hex"))
        return read_hex_value(r);
    if (r->form == REGTEXT_WINE && take(r, "str"))
        return read_typed_string(r);
    problem(r, "a value of an unknown kind");
    return ERROR_INVALID_DATA;
}

static u32 read_value(struct reader *r)
{
    u32 err = ERROR_SUCCESS;

    r->name.len = 0;
    if (*r->s++ == '"')
        err = read_quoted(r, '"', &r->name);
    if (err)
        return err;
    skip_blanks(r);
    if (peek(r) != '=') {
        problem(r, "a value without its equals sign");
        return ERROR_INVALID_DATA;
    }
    r->s++;
    skip_blanks(r);
    if (!r->in_key) {
        problem(r, "a value without a key");
        return ERROR_INVALID_DATA;
    }
    err = read_data(r);
    skip_line(r);
    return err;
}

/* --- Wine's directives --------------------------------------------------------------------------
 */

static u32 read_directive(struct reader *r)
{
    const struct regtext_sink *sink = r->sink;
    u32 err = ERROR_SUCCESS;
    u64 time;

    r->s++;
    if (take(r, "time=")) {
        if (read_hex(r, 16, &time) && sink->key_time && r->in_key)
            err = sink->key_time(sink->ctx, time);
    } else if (take(r, "class=\"")) {
        err = read_quoted(r, '"', &r->text);
        if (!err && sink->key_class && r->in_key)
            err = sink->key_class(sink->ctx, chars(&r->text), char_count(&r->text));
    } else if (take(r, "link")) {
        if (sink->key_link && r->in_key)
            err = sink->key_link(sink->ctx);
    }
    skip_line(r);
    return err;
}

static u32 read_comment(struct reader *r)
{
    const char16_t *start;
    u32 err = ERROR_SUCCESS;

    if (r->form == REGTEXT_WINE && take(r, ";; All keys relative to ")) {
        start = r->s;
        r->name.len = 0;
        while (!err && !at_end(r) && !is_newline(*r->s)) {
            /* the separators are escaped here too */
            if (*r->s == '\\' && r->s > start && r->s[-1] == '\\' && r->name.len) {
                r->s++;
                start = r->s;
                continue;
            }
            err = add_char(&r->name, *r->s++);
        }
        if (!err && r->sink->relative_to)
            err = r->sink->relative_to(r->sink->ctx, chars(&r->name), char_count(&r->name));
    }
    skip_line(r);
    return err;
}

/* --- the whole file -----------------------------------------------------------------------------
 */

static u32 read_line(struct reader *r)
{
    skip_blanks(r);
    switch (peek(r)) {
    case '\r':
    case '\n':
        skip_newline(r);
        return ERROR_SUCCESS;
    case ';':
        return read_comment(r);
    case '[':
        return read_key(r);
    case '"':
    case '@':
        return read_value(r);
    case '#':
        if (r->form == REGTEXT_WINE)
            return read_directive(r);
        break;
    case 0:
        if (at_end(r))
            return ERROR_SUCCESS;
        break;
    }
    problem(r, "neither a key nor a value nor a comment");
    skip_line(r);
    return ERROR_SUCCESS;
}

static u32 read_header(struct reader *r)
{
    while (!at_end(r) && (is_newline(*r->s) || *r->s == ' ' || *r->s == '\t')) {
        if (is_newline(*r->s))
            skip_newline(r);
        else
            r->s++;
    }
    if (take(r, "Windows Registry Editor Version 5.00"))
        r->form = REGTEXT_V5;
    else if (take(r, "REGEDIT4"))
        r->form = REGTEXT_V4;
    else if (take(r, "WINE REGISTRY Version 2"))
        r->form = REGTEXT_WINE;
    else
        return ERROR_INVALID_DATA;
    skip_line(r);
    return ERROR_SUCCESS;
}

static void tell_progress(struct reader *r)
{
    size_t done = (size_t)(r->s - r->start);

    if (!r->sink->progress || done - r->told < PROGRESS_STEP)
        return;
    r->told = done;
    r->sink->progress(r->sink->ctx, done, (size_t)(r->end - r->start));
}

static u32 read_all(struct reader *r)
{
    u32 err = read_header(r);

    while (!err && !at_end(r)) {
        const char16_t *before = r->s;

        err = read_line(r);
        if (err == ERROR_INVALID_DATA) {
            /* reported; the rest of its line goes with it */
            err = ERROR_SUCCESS;
            if (r->s == before || (r->s > r->start && !is_newline(r->s[-1])))
                skip_line(r);
        }
        tell_progress(r);
    }
    buf_free(&r->name);
    buf_free(&r->text);
    buf_free(&r->data);
    return err;
}

/* What the bytes are: UTF-16 by its mark or by a zero in its first character, UTF-8 by its mark,
 * Wine's own is ASCII, and the rest ANSI. */
static u32 decode(const u8 *bytes, size_t size, u32 codepage, char16_t **text, size_t *len)
{
    u32 cp = codepage;
    u32 err;

    if (size >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] && !bytes[1]))) {
        size_t skip = bytes[0] == 0xff ? 2 : 0;

        *len = (size - skip) / 2;
        *text = os_alloc(size);
        if (*text)
            memcpy(*text, bytes + skip, *len * 2);
        return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
        bytes += 3;
        size -= 3;
        cp = CODEPAGE_UTF8;
    }
    err = codepage_decode(cp, (const char *)bytes, size, NULL, 0, len);
    if (err)
        return err;
    if (*len > SIZE_MAX / 4 || !(*text = os_alloc(*len * 2)))
        return ERROR_OUTOFMEMORY;
    err = codepage_decode(cp, (const char *)bytes, size, *text, *len, len);
    if (err)
        os_free(*text);
    return err;
}

u32 regtext_read(const void *bytes, size_t size, u32 codepage, const struct regtext_sink *sink,
                 enum regtext_form *form)
{
    struct reader r = {.line = 1, .codepage = codepage, .sink = sink};
    char16_t *text;
    size_t len;
    u32 err = decode(bytes, size, codepage, &text, &len);

    if (err)
        return err;
    r.start = r.s = text;
    r.end = text + len;
    err = read_all(&r);
    os_free(text);
    if (!err && form)
        *form = r.form;
    return err;
}
