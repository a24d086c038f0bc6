/*
 * One line with a value, and the lines that continue it:
 *
 *   name = data
 *   name   "text" or @
 *   data   -                          the value goes
 *          "text"                     REG_SZ
 *          dword:N                    1 to 8 hexadecimal digits, none before a comment
 *          hex:LIST  hex(N):LIST      bytes of 1 or 2 digits each, separated by commas
 *          str(N):"text"              Wine's own form alone
 *
 * Blanks may stand between any two of these and behind commas; behind the data blanks alone, or a
 * comment, which begins with a semicolon. A backslash behind a comma of a list, or before its first
 * byte, continues it in the next line that is neither empty nor a comment; blanks and a comment may
 * follow it. That line begins with a digit.
 *
 * Lists of REG_SZ, REG_EXPAND_SZ and REG_MULTI_SZ are text: in REGEDIT4 of the code page, unless
 * the file itself is UTF-16. As by regedit, text without a terminator gets one. regtext_priv.h has
 * the comments that say otherwise.
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

/* False: a line that continues the list begins with something that is no byte. */
static bool skip_to_item(struct reader *r)
{
    skip_blanks(r);
    if (!continuation(r))
        return true;
    skip_blanks(r);
    return at_line_end(r) || reader_at_digit(r);
}

/* What C calls white space, of all languages: it may stand before a number. */
static bool is_space(char16_t c)
{
    return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

/* A number as C reads it: white space, a sign, "0x" and any number of zeros may stand before the
 * digits. False: it is none, or of more than 32 bits. */
static bool number(struct reader *r, u32 *n)
{
    bool minus, right;
    u64 value = 0;

    while (!at_line_end(r) && is_space(*r->s))
        r->s++;
    minus = reader_take(r, "-");
    if (!minus)
        (void)reader_take(r, "+");
    if (!reader_take(r, "0x"))
        (void)reader_take(r, "0X");
    while (r->end - r->s > 1 && r->s[0] == '0' && r->s[1] == '0')
        r->s++;
    right = reader_number(r, 9, &value) && value <= UINT32_MAX;
    *n = minus ? 0u - (u32)value : (u32)value;
    return right;
}

static refusal bytes(struct reader *r, u32 *err)
{
    static const char wrong[] = "a list of bytes with something else in it";
    u32 value;
    u8 byte;

    r->data.len = 0;
    do {
        if (!skip_to_item(r))
            return wrong;
        if (at_line_end(r) || peek(r) == ';')
            return NULL;
        if (!number(r, &value) || value > 0xff)
            return wrong;
        byte = (u8)value;
        *err = buf_add(&r->data, &byte, 1);
    } while (!*err && reader_take(r, ","));
    return NULL;
}

/* REGEDIT4 has text as bytes of the code page. */
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

/* regedit ends what has no terminator, and where half a character is left over, in its place. */
static u32 end_text(struct reader *r, size_t unit)
{
    static const u8 zeros[2];
    size_t half = r->data.len % unit, whole = r->data.len - half;
    u32 err;

    for (size_t i = 0; whole && i < unit && !r->data.data[whole - 1 - i]; i++)
        if (i + 1 == unit)
            return ERROR_SUCCESS;
    r->data.len = whole;
    err = buf_add(&r->data, zeros, unit);
    return err ? err : buf_add(&r->data, zeros, half);
}

static bool remarked(struct reader *r, const char *remark)
{
    const char16_t *before = r->s;
    bool found;

    skip_blanks(r);
    found = reader_take(r, remark);
    skip_blanks(r);
    found = found && at_line_end(r);
    r->s = before;
    return found;
}

enum remark reader_remark(struct reader *r)
{
    return remarked(r, REGTEXT_UNENDED) ? REMARK_UNENDED
           : remarked(r, REGTEXT_UTF16) ? REMARK_UTF16
                                        : REMARK_NONE;
}

static u32 list_as_text(struct reader *r)
{
    bool narrow = r->form == REGTEXT_V4 && !r->wide;
    enum remark remark = r->remark ? r->remark : reader_remark(r);
    u32 err = ERROR_SUCCESS;

    if (!r->data.len || remark == REMARK_UTF16)
        return ERROR_SUCCESS;
    if (remark != REMARK_UNENDED)
        err = end_text(r, narrow ? 1 : 2);
    return err || !narrow ? err : widen(r);
}

static bool is_text(u32 type)
{
    return type == TYPE_SZ || type == TYPE_EXPAND_SZ || type == TYPE_MULTI_SZ;
}

/* "(N)", where it is there. */
static refusal type_number(struct reader *r, u32 *type)
{
    const char16_t *start;
    bool right;

    if (!reader_take(r, "("))
        return NULL;
    start = r->s;
    right = number(r, type) || r->s == start;
    /* regedit takes "0x" behind white space or a sign only */
    if (r->s - start > 1 && (start[1] | 0x20) == 'x')
        right = false;
    return right && reader_take(r, ")") ? NULL : "a type that is no number";
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
    if (!why && !*err && r->form != REGTEXT_WINE && is_text(*type))
        *err = list_as_text(r);
    return why;
}

/* --- the other kinds ---------------------------------------------------------------------------
 */

static refusal dword_data(struct reader *r, u32 *type, u32 *err)
{
    u64 value;
    u8 le[4];

    skip_blanks(r);
    if (!reader_dword(r, &value) && peek(r) != ';') /* what a comment follows is 0 */
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
