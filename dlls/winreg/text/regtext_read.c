/*
 * Reading registry text: the file, its lines, and the lines with keys. One pass over UTF-16; the
 * only memory is one string and one value. Values are in regtext_value.c.
 */
#include <string.h>

#include "os.h"
#include "regtext_priv.h"
#include "utf16.h"

enum { PROGRESS_STEP = 1 << 20 };

void reader_problem(struct reader *r, u32 line, const char *what)
{
    if (r->sink->problem)
        r->sink->problem(r->sink->ctx, line, what);
}

/* What the sink said: a refusal is told with the line, and reading goes on. */
static u32 settle(struct reader *r, u32 line, u32 err)
{
    if (err != ERROR_INVALID_DATA)
        return err;
    reader_problem(r, line, NULL);
    return ERROR_SUCCESS;
}

/* --- characters ------------------------------------------------------------------------------ */

void reader_skip_line(struct reader *r)
{
    while (!at_line_end(r))
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

/* C's functions, by which regedit reads numbers, take other scripts' digits too. */
static u32 any_digit(char16_t c)
{
    static const char16_t zeros[] = {0x660, 0x6f0,  0x966,  0x9e6,  0xa66, 0xae6,
                                     0xb66, 0xc66,  0xce6,  0xd66,  0xe50, 0xed0,
                                     0xf20, 0x1040, 0x17e0, 0x1810, 0xff10};

    for (size_t i = 0; c >= zeros[0] && i < ARRAY_LEN(zeros); i++)
        if (c >= zeros[i] && c <= zeros[i] + 9)
            return (u32)(c - zeros[i]);
    return hex_digit(c);
}

static u32 wide_digit(char16_t c)
{
    return c >= 0xff10 && c <= 0xff19 ? (u32)(c - 0xff10) : hex_digit(c);
}

static bool digits(struct reader *r, u32 most, u64 *value, u32 (*digit)(char16_t))
{
    u32 n = 0;

    *value = 0;
    while (n < most && digit(peek(r)) < 16) {
        *value = *value << 4 | digit(*r->s++);
        n++;
    }
    return n > 0;
}

bool reader_hex(struct reader *r, u32 most, u64 *value)
{
    return digits(r, most, value, hex_digit);
}

bool reader_number(struct reader *r, u32 most, u64 *value)
{
    return digits(r, most, value, any_digit);
}

bool reader_dword(struct reader *r, u64 *value)
{
    return digits(r, 8, value, wide_digit);
}

bool reader_at_digit(const struct reader *r)
{
    return wide_digit(peek(r)) < 16;
}

bool reader_take(struct reader *r, const char *ascii)
{
    size_t n = strlen(ascii);

    if ((size_t)(r->end - r->s) < n || !u16_is(r->s, n, ascii))
        return false;
    r->s += n;
    return true;
}

/* --- Wine's own form -------------------------------------------------------------------------- */

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
        reader_hex(r, 4, &value);
        return (char16_t)value;
    }
    for (size_t i = 0; from[i]; i++)
        if (c == (u8)from[i])
            return (u8)to[i];
    return c;
}

bool reader_wine_text(struct reader *r, char16_t close, struct buf *out, u32 *err)
{
    const char16_t *before = r->s;
    u32 line = r->line;

    out->len = 0;
    while (!at_end(r) && !*err) {
        char16_t c = *r->s++;

        if (c == close)
            return true;
        if (c == '\n')
            r->line++;
        if (c == '\\' && !at_end(r))
            c = wine_escape(r);
        *err = buf_add(out, &c, sizeof(c));
    }
    r->s = before;
    r->line = line;
    return *err != ERROR_SUCCESS;
}

static u32 read_directive(struct reader *r)
{
    const struct regtext_sink *sink = r->sink;
    u32 err = ERROR_SUCCESS;
    u64 time;

    r->s++;
    if (reader_take(r, "time=")) {
        if (reader_hex(r, 16, &time) && sink->key_time && r->in_key)
            err = sink->key_time(sink->ctx, time);
    } else if (reader_take(r, "class=\"")) {
        if (!reader_wine_text(r, '"', &r->text, &err))
            reader_problem(r, r->line, "text without its closing quote");
        else if (!err && sink->key_class && r->in_key)
            err = sink->key_class(sink->ctx, chars(&r->text), char_count(&r->text));
    } else if (reader_take(r, "link")) {
        if (sink->key_link && r->in_key)
            err = sink->key_link(sink->ctx);
    }
    reader_skip_line(r);
    return err;
}

/* ";; All keys relative to PATH", with its separators escaped. */
static u32 read_relative(struct reader *r)
{
    u32 err = ERROR_SUCCESS;

    r->name.len = 0;
    while (!err && !at_line_end(r)) {
        if (*r->s == '\\' && r->s + 1 < r->end && r->s[1] == '\\')
            r->s++;
        err = buf_add(&r->name, r->s++, sizeof(char16_t));
    }
    if (!err && r->sink->relative_to)
        err = r->sink->relative_to(r->sink->ctx, chars(&r->name), char_count(&r->name));
    return err;
}

/* --- keys ------------------------------------------------------------------------------------ */

/* regedit escapes nothing in a key line, and names may hold brackets: the last one closes. A line
 * that begins with a blank behind the bracket, or has no other bracket, is no key line. */
static bool bracketed(struct reader *r, u32 *err)
{
    const char16_t *close = NULL, *s;

    for (s = r->s; s < r->end && !is_newline(*s); s++)
        if (*s == ']')
            close = s;
    r->name.len = 0;
    if (!close || *r->s == ' ' || *r->s == '\t')
        return false;
    *err = buf_add(&r->name, r->s, (size_t)(close - r->s) * sizeof(*s));
    r->s = close + 1;
    return true;
}

static u32 read_key(struct reader *r)
{
    u32 line = r->line, err = ERROR_SUCCESS, len;
    const char16_t *path;
    bool remove, whole;

    r->s++;
    whole = r->form == REGTEXT_WINE ? reader_wine_text(r, ']', &r->name, &err) : bracketed(r, &err);
    if (!whole)
        reader_problem(r, line, "no key: a blank behind the bracket, or no closing one");
    reader_skip_line(r);
    if (!whole || err)
        return err;
    path = chars(&r->name);
    len = char_count(&r->name);
    remove = r->form != REGTEXT_WINE && len && *path == '-';
    r->in_key = r->refused_key = false;
    if (!r->sink->key)
        return err;
    err = r->sink->key(r->sink->ctx, path + remove, len - remove, remove);
    r->refused_key = err == ERROR_INVALID_DATA;
    r->in_key = !err && !remove;
    return settle(r, line, err);
}

/* --- the whole file -----------------------------------------------------------------------------
 */

static u32 read_comment(struct reader *r)
{
    u32 err = ERROR_SUCCESS;

    r->remark = reader_remark(r);
    if (r->form == REGTEXT_WINE && reader_take(r, ";; All keys relative to "))
        err = read_relative(r);
    reader_skip_line(r);
    return err;
}

static u32 read_sense(struct reader *r)
{
    u32 line = r->line;

    switch (peek(r)) {
    case '"':
    case '@':
        return settle(r, line, reader_value(r));
    case '[':
        return read_key(r);
    case '#':
        if (r->form == REGTEXT_WINE)
            return read_directive(r);
        break;
    }
    if (!at_line_end(r))
        reader_problem(r, line, "neither a key nor a value nor a comment");
    reader_skip_line(r);
    return ERROR_SUCCESS;
}

static u32 read_line(struct reader *r)
{
    u32 err;

    skip_blanks(r);
    if (peek(r) == ';')
        return read_comment(r);
    err = read_sense(r);
    r->remark = REMARK_NONE;
    return err;
}

static void skip_empty_lines(struct reader *r)
{
    while (!at_end(r) && (is_newline(*r->s) || *r->s == ' ' || *r->s == '\t')) {
        if (is_newline(*r->s))
            skip_newline(r);
        else
            r->s++;
    }
}

/* regedit's forms begin in the first line, with nothing but blanks before the name and nothing
 * behind it. */
static u32 read_header(struct reader *r)
{
    skip_blanks(r);
    if (reader_take(r, "Windows Registry Editor Version 5.00") && at_line_end(r)) {
        r->form = REGTEXT_V5;
    } else if (reader_take(r, "REGEDIT4") && at_line_end(r)) {
        r->form = REGTEXT_V4;
    } else {
        skip_empty_lines(r);
        if (!reader_take(r, "WINE REGISTRY Version 2"))
            return ERROR_NOT_REGISTRY_FILE;
        r->form = REGTEXT_WINE;
    }
    reader_skip_line(r);
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

u32 regtext_read(const void *bytes, size_t size, u32 codepage, const struct regtext_sink *sink,
                 enum regtext_form *form)
{
    struct reader r = {.line = 1, .codepage = codepage, .sink = sink};
    char16_t *text;
    size_t len;
    u32 err = regtext_decode(bytes, size, codepage, &text, &len, &r.wide);

    if (err)
        return err;
    r.start = r.s = text;
    r.end = text + len;
    err = read_header(&r);
    while (!err && !at_end(&r)) {
        err = read_line(&r);
        tell_progress(&r);
    }
    buf_free(&r.name);
    buf_free(&r.text);
    buf_free(&r.data);
    os_free(text);
    if (!err && form)
        *form = r.form;
    return err;
}

u32 regtext_check(const void *bytes, size_t size, u32 codepage, enum regtext_form *form)
{
    struct reader r = {.line = 1};
    char16_t *text;
    size_t len;
    u32 err = regtext_decode(bytes, MIN(size, 4096u), codepage, &text, &len, &r.wide);

    if (err)
        return err;
    r.start = r.s = text;
    r.end = text + len;
    err = read_header(&r);
    os_free(text);
    if (!err && form)
        *form = r.form;
    return err;
}
