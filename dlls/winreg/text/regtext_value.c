/*
 * One line with a value, and the lines that continue it:
 *
 *   name = data
 *   name   "text" or @
 *   data   -                          the value goes
 *          "text"                     REG_SZ
 *          dword:N                    1 to 8 hexadecimal digits
 *          hex:LIST  hex(N):LIST      bytes of 1 or 2 digits each, separated by commas
 *          str(N):"text"              Wine's own form alone
 *
 * Blanks may stand between any two of these and behind commas; behind the data blanks alone, or a
 * comment, which begins with a semicolon. A backslash behind a comma of a list, or before its first
 * byte, continues it in the next line that is neither empty nor a comment; blanks and a comment may
 * follow it.
 *
 * A line is taken whole or not at all. What is wrong is told with the line in which the value
 * begins, and reading goes on behind the line in which it was found.
 */
#include <string.h>

#include "codepage.h"
#include "regtext_priv.h"
#include "utf16.h"

enum { TYPE_SZ = 1, TYPE_EXPAND_SZ = 2, TYPE_BINARY = 3, TYPE_DWORD = 4, TYPE_MULTI_SZ = 7 };

/* What became of a step: right, or the reason why the line is refused. */
typedef const char *refusal;

/* --- text --------------------------------------------------------------------------------------
 */

/* Only \\ and \" are Windows'; \n, \r and \0 are what Wine's regedit writes. Before anything else
 * the backslash goes. */
static char16_t unescape(char16_t c)
{
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

/* It ends in its line. */
static refusal quoted(struct reader *r, struct buf *out, u32 *err)
{
    out->len = 0;
    while (!at_line_end(r) && !*err) {
        char16_t c = *r->s++;

        if (c == '"')
            return NULL;
        if (c == '\\' && at_line_end(r))
            break;
        if (c == '\\')
            c = unescape(*r->s++);
        *err = buf_add(out, &c, sizeof(c));
    }
    return "text without its closing quote";
}

static refusal text(struct reader *r, struct buf *out, u32 *err)
{
    if (r->form != REGTEXT_WINE)
        return quoted(r, out, err);
    return reader_wine_text(r, '"', out, err) ? NULL : "text without its closing quote";
}

/* --- lists of bytes ----------------------------------------------------------------------------
 */

static void skip_comment(struct reader *r)
{
    skip_blanks(r);
    if (peek(r) == ';')
        while (!at_line_end(r))
            r->s++;
}

/* A backslash that continues the list is taken, and all up to what continues it. */
static bool continuation(struct reader *r)
{
    const char16_t *before = r->s;

    if (peek(r) != '\\')
        return false;
    r->s++;
    skip_comment(r);
    if (!at_line_end(r)) {
        r->s = before;
        return false;
    }
    while (!at_end(r) && is_newline(*r->s)) {
        skip_newline(r);
        skip_comment(r);
    }
    return true;
}

static void skip_to_item(struct reader *r)
{
    skip_blanks(r);
    while (continuation(r))
        skip_blanks(r);
}

/* "0x" says nothing new, but is taken. */
static void prefix(struct reader *r)
{
    if (!reader_take(r, "0x"))
        (void)reader_take(r, "0X");
}

static refusal bytes(struct reader *r, u32 *err)
{
    r->data.len = 0;
    skip_to_item(r);
    while (!at_line_end(r) && peek(r) != ';') {
        u64 value;
        u8 byte;

        prefix(r);
        if (!reader_hex(r, 3, &value) || value > 0xff)
            return "a list of bytes with something else in it";
        byte = (u8)value;
        if ((*err = buf_add(&r->data, &byte, 1)))
            return NULL;
        if (!reader_take(r, ","))
            break;
        skip_to_item(r);
    }
    return NULL;
}

/* REGEDIT4 has the text of REG_EXPAND_SZ and REG_MULTI_SZ as bytes of the code page. That of
 * REG_SZ, which no regedit writes so, is left as it stands: it is how text that is none is kept. */
static u32 widen(struct reader *r)
{
    const char *from = (const char *)r->data.data;
    size_t need;
    u32 err = codepage_decode(r->codepage, from, r->data.len, NULL, 0, &need);

    r->text.len = 0;
    if (!err)
        err = buf_add(&r->text, NULL, need * sizeof(char16_t));
    if (!err && need)
        err = codepage_decode(r->codepage, from, r->data.len, (char16_t *)(void *)r->text.data,
                              need, &need);
    r->data.len = 0;
    return err ? err : buf_add(&r->data, r->text.data, r->text.len);
}

/* A number as C reads it, but for a "0x" without a blank or a sign before it, which regedit does
 * not take: a sign and any number of zeros may stand before the digits. Without anything it is 0.
 */
static bool number(struct reader *r, u32 *n)
{
    const char16_t *start = r->s;
    bool minus, sign, right;
    u64 value = 0;

    skip_blanks(r);
    minus = reader_take(r, "-");
    sign = minus || reader_take(r, "+");
    if (r->s > start)
        prefix(r);
    while (r->end - r->s > 1 && r->s[0] == '0' && r->s[1] == '0')
        r->s++;
    right = (reader_hex(r, 9, &value) || !sign) && value <= UINT32_MAX;
    *n = minus ? 0u - (u32)value : (u32)value;
    return right;
}

/* "(N)", where it is there. */
static refusal type_number(struct reader *r, u32 *type)
{
    if (!reader_take(r, "("))
        return NULL;
    return number(r, type) && reader_take(r, ")") ? NULL : "a type that is no number";
}

static refusal hex_data(struct reader *r, u32 *type, u32 *err)
{
    refusal why;

    *type = TYPE_BINARY;
    if ((why = type_number(r, type)))
        return why;
    if (!reader_take(r, ":"))
        return "hex without its colon";
    why = bytes(r, err);
    if (!why && !*err && r->form == REGTEXT_V4 &&
        (*type == TYPE_EXPAND_SZ || *type == TYPE_MULTI_SZ))
        *err = widen(r);
    return why;
}

/* --- the other kinds ---------------------------------------------------------------------------
 */

static refusal dword_data(struct reader *r, u32 *type, u32 *err)
{
    u64 value;
    u8 le[4];

    skip_blanks(r);
    if (!reader_hex(r, 8, &value))
        return "a dword that is none";
    put_le32(le, (u32)value);
    r->data.len = 0;
    *type = TYPE_DWORD;
    *err = buf_add(&r->data, le, sizeof(le));
    return NULL;
}

static refusal string_data(struct reader *r, u32 *err)
{
    const char16_t nul = 0;
    refusal why;

    r->s++;
    why = text(r, &r->data, err);
    if (!why && !*err)
        *err = buf_add(&r->data, &nul, sizeof(nul));
    return why;
}

static refusal typed_string(struct reader *r, u32 *type, u32 *err)
{
    refusal why = type_number(r, type);

    if (!why && (!reader_take(r, ":") || peek(r) != '"'))
        why = "str without its text";
    return why ? why : string_data(r, err);
}

static refusal data(struct reader *r, bool *remove, u32 *type, u32 *err)
{
    *type = TYPE_SZ;
    *remove = r->form != REGTEXT_WINE && reader_take(r, "-");
    if (*remove)
        return NULL;
    if (peek(r) == '"')
        return string_data(r, err);
    if (reader_take(r, "dword:"))
        return dword_data(r, type, err);
    if (reader_take(r, "hex"))
        return hex_data(r, type, err);
    if (r->form == REGTEXT_WINE && reader_take(r, "str"))
        return typed_string(r, type, err);
    return at_line_end(r) ? "a value without data" : "a value of an unknown kind";
}

/* --- the line ----------------------------------------------------------------------------------
 */

static bool has_nul(const struct buf *b)
{
    const char16_t *s = chars(b);

    for (size_t i = 0; i < char_count(b); i++)
        if (!s[i])
            return true;
    return false;
}

static refusal name(struct reader *r, u32 *err)
{
    refusal why = NULL;

    r->name.len = 0;
    if (*r->s++ == '"')
        why = text(r, &r->name, err);
    if (!why && r->form != REGTEXT_WINE && has_nul(&r->name))
        why = "a name with a \\0 in it";
    skip_blanks(r);
    if (!why && !*err && !reader_take(r, "="))
        why = "a name without an equals sign behind it";
    skip_blanks(r);
    return why;
}

static refusal line_end(struct reader *r)
{
    skip_blanks(r);
    return at_line_end(r) || peek(r) == ';' ? NULL : "something behind the value";
}

static u32 give(struct reader *r, bool remove, u32 type)
{
    static const u8 none[1];
    const struct regtext_sink *sink = r->sink;

    if (remove)
        return sink->remove_value
                   ? sink->remove_value(sink->ctx, chars(&r->name), char_count(&r->name))
                   : ERROR_SUCCESS;
    if (!sink->value)
        return ERROR_SUCCESS;
    return sink->value(sink->ctx, chars(&r->name), char_count(&r->name), type,
                       r->data.len ? r->data.data : none, (u32)r->data.len);
}

u32 reader_value(struct reader *r)
{
    u32 line = r->line, type = 0, err = ERROR_SUCCESS;
    bool remove = false;
    refusal why = name(r, &err);

    if (!why && !err)
        why = data(r, &remove, &type, &err);
    if (!why && !err)
        why = line_end(r);
    if (!why && !err && !r->in_key)
        why = "a value without a key";
    if (!why && !err && r->data.len > UINT32_MAX)
        why = "a value too large";
    if (!why && !err)
        err = give(r, remove, type);
    if (why && (r->in_key || !r->refused_key))
        reader_problem(r, line, why);
    reader_skip_line(r);
    return err;
}
