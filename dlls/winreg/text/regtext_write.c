/*
 * Writing registry text, as regedit and as Wine's server write it.
 */
#include <stdio.h>
#include <string.h>

#include "codepage.h"
#include "regtext.h"
#include "regtext_priv.h"
#include "utf16.h"

enum { TYPE_SZ = 1, TYPE_EXPAND_SZ = 2, TYPE_BINARY = 3, TYPE_DWORD = 4, TYPE_MULTI_SZ = 7 };
enum { LINE_WIDTH = 76 }; /* hex data is broken after this */

/* --- text in the form's encoding -----------------------------------------------------------------
 */

static void put_ansi(struct regtext_writer *w, const char16_t *s, size_t len)
{
    size_t need;

    w->err = codepage_encode(w->codepage, s, len, NULL, 0, &need, NULL);
    if (!w->err)
        w->err = buf_add(w->out, NULL, need);
    if (!w->err && need)
        w->err = codepage_encode(w->codepage, s, len, (char *)w->out->data + w->out->len - need,
                                 need, &need, NULL);
}

static void put(struct regtext_writer *w, const char16_t *s, size_t len)
{
    if (w->err || !len)
        return;
    if (w->form == REGTEXT_V5)
        w->err = buf_add(w->out, s, len * sizeof(*s));
    else
        put_ansi(w, s, len);
}

static void put_ascii(struct regtext_writer *w, const char *s)
{
    for (; *s && !w->err; s++) {
        char16_t c = (u8)*s;

        if (w->form == REGTEXT_V5)
            w->err = buf_add(w->out, &c, sizeof(c));
        else
            w->err = buf_add(w->out, s, 1);
    }
}

static void put_line_end(struct regtext_writer *w)
{
    put_ascii(w, w->form == REGTEXT_WINE ? "\n" : "\r\n");
}

/* --- escapes --------------------------------------------------------------------------------- */

static void put_escaped(struct regtext_writer *w, const char16_t *s, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        if (s[i] != '"' && s[i] != '\\')
            continue;
        put(w, s + from, i - from);
        put_ascii(w, "\\");
        from = i;
    }
    put(w, s + from, len - from);
}

static bool is_hex(char16_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static void put_wine_control(struct regtext_writer *w, char16_t c, char16_t next)
{
    static const char *const names[] = {[7] = "\\a",  [8] = "\\b",  [9] = "\\t", [10] = "\\n",
                                        [11] = "\\v", [12] = "\\f", [13] = "\\r"};
    char text[8];

    if (c < ARRAY_LEN(names) && names[c]) {
        put_ascii(w, names[c]);
        return;
    }
    /* three digits where another digit would be taken for one more of this number */
    snprintf(text, sizeof(text), next >= '0' && next <= '7' ? "\\%03o" : "\\%o", (unsigned)c);
    put_ascii(w, text);
}

/* Wine's own: ASCII alone; specials are the characters that a backslash protects. */
static void put_wine(struct regtext_writer *w, const char16_t *s, size_t len, const char *specials)
{
    for (size_t i = 0; i < len && !w->err; i++) {
        char16_t next = i + 1 < len ? s[i + 1] : 0;
        char text[8];

        if (s[i] > 0x7e) {
            snprintf(text, sizeof(text), is_hex(next) ? "\\x%04x" : "\\x%x", (unsigned)s[i]);
            put_ascii(w, text);
        } else if (s[i] < 0x20) {
            put_wine_control(w, s[i], next);
        } else {
            if (strchr(specials, (char)s[i]))
                put_ascii(w, "\\");
            text[0] = (char)s[i];
            text[1] = 0;
            put_ascii(w, text);
        }
    }
}

/* --- keys ------------------------------------------------------------------------------------ */

void regtext_begin(struct regtext_writer *w, const char16_t *relative_to)
{
    static const char16_t mark[] = {0xfeff};

    w->err = ERROR_SUCCESS;
    if (w->form == REGTEXT_WINE) {
        put_ascii(w, "WINE REGISTRY Version 2\n;; All keys relative to ");
        put_wine(w, relative_to, u16_len(relative_to), "\\");
        put_ascii(w, "\n");
        return;
    }
    if (w->form == REGTEXT_V5)
        put(w, mark, 1);
    put_ascii(w,
              w->form == REGTEXT_V5 ? "Windows Registry Editor Version 5.00\r\n" : "REGEDIT4\r\n");
}

static void put_wine_key(struct regtext_writer *w, const char16_t *path, u32 len, u64 last_write)
{
    char text[64];
    u64 seconds = last_write / 10000000;

    put_ascii(w, "\n[");
    put_wine(w, path, len, "[]\\");
    seconds = seconds > 11644473600u ? seconds - 11644473600u : 0; /* 1601 to 1970 */
    snprintf(text, sizeof(text), "] %llu\n#time=%llx\n", (unsigned long long)seconds,
             (unsigned long long)last_write);
    put_ascii(w, text);
}

void regtext_key(struct regtext_writer *w, const char16_t *path, u32 len, u64 last_write,
                 const char16_t *class_name, u32 class_len, bool link)
{
    if (w->form == REGTEXT_WINE) {
        put_wine_key(w, path, len, last_write);
        if (class_len) {
            put_ascii(w, "#class=\"");
            put_wine(w, class_name, class_len, "\"\\");
            put_ascii(w, "\"\n");
        }
        if (link)
            put_ascii(w, "#link\n");
        return;
    }
    put_ascii(w, "\r\n[");
    put(w, path, len);
    put_ascii(w, "]\r\n");
}

void regtext_remove_key(struct regtext_writer *w, const char16_t *path, u32 len)
{
    put_ascii(w, "\r\n[-");
    put(w, path, len);
    put_ascii(w, "]\r\n");
}

/* --- values ---------------------------------------------------------------------------------- */

/* Returns how many columns the name takes: hex data is broken with it in mind. */
static size_t put_name(struct regtext_writer *w, const char16_t *name, u32 len)
{
    size_t before = w->out->len;

    if (!len) {
        put_ascii(w, "@=");
    } else {
        put_ascii(w, "\"");
        if (w->form == REGTEXT_WINE)
            put_wine(w, name, len, "\"\\");
        else
            put_escaped(w, name, len);
        put_ascii(w, "\"=");
    }
    return (w->out->len - before) / (w->form == REGTEXT_V5 ? sizeof(char16_t) : 1);
}

static void put_bytes(struct regtext_writer *w, const u8 *data, size_t size, size_t column)
{
    char text[8];

    for (size_t i = 0; i < size && !w->err; i++) {
        snprintf(text, sizeof(text), i + 1 < size ? "%02x," : "%02x", data[i]);
        put_ascii(w, text);
        column += 3;
        if (column > LINE_WIDTH && i + 1 < size) {
            put_ascii(w, "\\");
            put_line_end(w);
            put_ascii(w, "  ");
            column = 2;
        }
    }
}

static void put_hex(struct regtext_writer *w, u32 type, const u8 *data, u32 size, size_t column)
{
    char text[24];

    snprintf(text, sizeof(text), type == TYPE_BINARY ? "hex:" : "hex(%x):", (unsigned)type);
    put_ascii(w, text);
    put_bytes(w, data, size, column + strlen(text));
}

/* REGEDIT4: as ANSI bytes. */
static void put_narrow_hex(struct regtext_writer *w, u32 type, const char16_t *s, size_t len,
                           size_t column)
{
    struct buf bytes = {0};
    size_t need;
    char text[24];

    snprintf(text, sizeof(text), "hex(%x):", (unsigned)type);
    put_ascii(w, text);
    if (!w->err)
        w->err = codepage_encode(w->codepage, s, len, NULL, 0, &need, NULL);
    if (!w->err)
        w->err = buf_add(&bytes, NULL, need);
    if (!w->err && need)
        w->err = codepage_encode(w->codepage, s, len, (char *)bytes.data, need, &need, NULL);
    put_bytes(w, bytes.data, bytes.len, column + strlen(text));
    buf_free(&bytes);
}

/* Whether the data is text that ends with its one terminator; in regedit's form there may be no
 * other zero and no line end in it either. */
static bool is_plain_text(const struct regtext_writer *w, const char16_t *s, u32 size)
{
    size_t len = size / 2;

    if (size < 2 || size % 2 || s[len - 1])
        return false;
    for (size_t i = 0; w->form != REGTEXT_WINE && i + 1 < len; i++)
        if (!s[i] || s[i] == '\n' || s[i] == '\r')
            return false;
    return true;
}

static bool put_as_text(struct regtext_writer *w, u32 type, const char16_t *s, u32 size)
{
    size_t len = size / 2;
    char text[16];

    if (!is_plain_text(w, s, size))
        return false;
    if (w->form != REGTEXT_WINE) {
        if (type != TYPE_SZ)
            return false;
        put_ascii(w, "\"");
        put_escaped(w, s, len - 1);
        put_ascii(w, "\"");
        return true;
    }
    if (type != TYPE_SZ && type != TYPE_EXPAND_SZ && type != TYPE_MULTI_SZ)
        return false;
    snprintf(text, sizeof(text), type == TYPE_SZ ? "\"" : "str(%x):\"", (unsigned)type);
    put_ascii(w, text);
    put_wine(w, s, len - 1, "\"\\");
    put_ascii(w, "\"");
    return true;
}

static bool is_text_list(const struct regtext_writer *w, u32 type)
{
    return w->form != REGTEXT_WINE &&
           (type == TYPE_SZ || type == TYPE_EXPAND_SZ || type == TYPE_MULTI_SZ);
}

/* What is not made of characters cannot be said in REGEDIT4 and is left as it is. */
static bool is_left(const struct regtext_writer *w, u32 size)
{
    return w->form == REGTEXT_V4 && size % 2;
}

/* What regedit would end, and the reader here would too, says in the line before that it has no
 * terminator. */
static void put_remark(struct regtext_writer *w, u32 type, const char16_t *s, u32 size)
{
    if (!is_text_list(w, type) || !size)
        return;
    if (is_left(w, size))
        put_ascii(w, REGTEXT_UTF16);
    else if (size < 2 || s[size / 2 - 1])
        put_ascii(w, REGTEXT_UNENDED);
    else
        return;
    put_line_end(w);
}

static void put_data(struct regtext_writer *w, u32 type, const u8 *data, u32 size, size_t column)
{
    const char16_t *s = (const char16_t *)(const void *)data;
    char text[24];

    if (type == TYPE_DWORD && size == 4) {
        snprintf(text, sizeof(text), "dword:%08x", (unsigned)le32(data));
        put_ascii(w, text);
        return;
    }
    if (put_as_text(w, type, s, size))
        return;
    if (is_text_list(w, type) && w->form == REGTEXT_V4 && !is_left(w, size))
        put_narrow_hex(w, type, s, size / 2, column);
    else
        put_hex(w, type, data, size, column);
}

void regtext_value(struct regtext_writer *w, const char16_t *name, u32 len, u32 type,
                   const void *data, u32 size)
{
    static const char16_t none[1];
    struct buf aligned = {0};
    const u8 *bytes;

    /* the text is looked at as characters, and data may be at any address */
    if (!w->err)
        w->err = buf_add(&aligned, data, size);
    if (w->err)
        return;
    bytes = size ? aligned.data : (const u8 *)none;
    put_remark(w, type, (const char16_t *)(const void *)bytes, size);
    put_data(w, type, bytes, size, put_name(w, name, len));
    buf_free(&aligned);
    put_line_end(w);
}

void regtext_remove_value(struct regtext_writer *w, const char16_t *name, u32 len)
{
    put_name(w, name, len);
    put_ascii(w, "-");
    put_line_end(w);
}

void regtext_end(struct regtext_writer *w)
{
    if (w->form != REGTEXT_WINE)
        put_line_end(w);
}

bool regtext_can_say(enum regtext_form form, const char16_t *path, u32 len)
{
    /* would remove a key, or be no key line */
    if (form != REGTEXT_WINE && len && (path[0] == '-' || path[0] == ' ' || path[0] == '\t'))
        return false;
    for (u32 i = 0; i < len && form != REGTEXT_WINE; i++)
        if (!path[i] || path[i] == '\r' || path[i] == '\n')
            return false;
    return true;
}
