/*
 * Command lines.
 */
#include "cmdline.h"

#include "os.h"
#include "textbuf.h"
#include "utf16.h"

struct line {
    const char16_t *s;
    size_t len, at;
};

static bool is_blank(char16_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct line *l)
{
    while (l->at < l->len && is_blank(l->s[l->at]))
        l->at++;
}

static bool is_letter(char16_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_name_char(char16_t c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.';
}

static void read_name(struct line *l, struct text_buf *name)
{
    if (l->at < l->len && !is_letter(l->s[l->at]))
        return;
    while (l->at < l->len && is_name_char(l->s[l->at]))
        tb_char(name, u16_upper(l->s[l->at++]));
}

/* The rest of a part in quotation marks; false where they are not closed. */
static bool read_quoted(struct line *l, struct text_buf *value)
{
    while (l->at < l->len) {
        char16_t c = l->s[l->at++];

        if (c == '"' && (l->at >= l->len || l->s[l->at] != '"'))
            return true;
        if (c == '"')
            l->at++;
        tb_char(value, c);
    }
    return false;
}

static bool read_value(struct line *l, struct text_buf *value)
{
    while (l->at < l->len && !is_blank(l->s[l->at])) {
        char16_t c = l->s[l->at++];

        if (c == '"') {
            if (!read_quoted(l, value))
                return false;
        } else {
            tb_char(value, c);
        }
    }
    return true;
}

/* One property. Blanks may stand around the equals sign, as in the documented examples. */
static bool read_one(struct line *l, struct text_buf *name, struct text_buf *value)
{
    read_name(l, name);
    skip_blanks(l);
    if (!name->len || l->at >= l->len || l->s[l->at] != '=')
        return false;
    l->at++;
    if (l->at < l->len && is_blank(l->s[l->at])) {
        size_t after = l->at;

        skip_blanks(l); /* a value follows only where it is quoted: else this one is empty */
        if (l->at >= l->len || l->s[l->at] != '"')
            l->at = after;
    }
    return read_value(l, value);
}

u32 cmdline_each(const char16_t *text, size_t len,
                 u32 (*set)(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                            size_t value_len),
                 void *ctx)
{
    struct line l = {text, len, 0};
    u32 err = ERROR_SUCCESS;

    for (skip_blanks(&l); !err && l.at < l.len; skip_blanks(&l)) {
        struct text_buf name, value;

        tb_init(&name);
        tb_init(&value);
        if (!read_one(&l, &name, &value))
            err = ERROR_INVALID_COMMAND_LINE;
        else if (name.failed || value.failed)
            err = ERROR_OUTOFMEMORY;
        else
            err = set(ctx, name.s, name.len, value.s ? value.s : u"", value.len);
        tb_free(&name);
        tb_free(&value);
    }
    return err;
}
