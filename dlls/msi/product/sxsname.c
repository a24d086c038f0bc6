/*
 * Names of Win32 assemblies.
 */
#include "sxsname.h"

#include "filename.h"
#include "utf16.h"

enum { NAME_MAX_LEN = 255 - 9 }; /* with ".manifest" behind it it is a file's name */

enum part {
    PART_NAME,
    PART_TYPE,
    PART_VERSION,
    PART_ARCHITECTURE,
    PART_TOKEN,
    PART_LANGUAGE,
    PARTS
};

static const char *const part_keys[PARTS] = {
    "name", "type", "version", "processorArchitecture", "publicKeyToken", "language"};

struct part_text {
    const char16_t *s;
    size_t len;
};

/* --- reading ------------------------------------------------------------------------------------
 */

static size_t until(const char16_t *s, size_t len, char16_t end)
{
    size_t n = 0;

    while (n < len && s[n] != end)
        n++;
    return n;
}

static bool is_key(const char16_t *s, size_t len, const char *key)
{
    size_t n = 0;

    for (; n < len && key[n]; n++)
        if (u16_upper(s[n]) != u16_upper((u8)key[n]))
            return false;
    return n == len && !key[n];
}

static void take_part(struct part_text parts[PARTS], const char16_t *key, size_t key_len,
                      struct part_text value)
{
    for (u32 i = 0; i < PARTS; i++)
        if (is_key(key, key_len, part_keys[i]))
            parts[i] = value;
}

/* One item, `key="value"` or the name alone. 0: it is neither; else what it takes. */
static size_t read_item(const char16_t *s, size_t len, struct part_text parts[PARTS])
{
    size_t key = until(s, len, '='), comma = until(s, len, ','), end;

    if (comma < key || key == len) {
        if (!comma || until(s, comma, '"') < comma)
            return 0;
        parts[PART_NAME] = (struct part_text){s, comma};
        return comma;
    }
    if (key + 1 >= len || s[key + 1] != '"')
        return 0;
    end = key + 2 + until(s + key + 2, len - key - 2, '"');
    if (end == len)
        return 0;
    take_part(parts, s, key, (struct part_text){s + key + 2, end - key - 2});
    return end + 1;
}

static bool read_parts(const char16_t *s, size_t len, struct part_text parts[PARTS])
{
    while (len) {
        size_t n = read_item(s, len, parts);

        if (!n || (n < len && s[n] != ','))
            return false;
        if (n < len && ++n == len)
            return false;
        s += n;
        len -= n;
    }
    return true;
}

/* --- the folder ---------------------------------------------------------------------------------
 */

/* Four numbers of 16 bits with points between them. */
static bool is_version(const struct part_text *v)
{
    u32 points = 0, number = 0, digits = 0;

    for (size_t i = 0; i < v->len; i++) {
        if (v->s[i] == '.' && digits) {
            points++;
            number = digits = 0;
        } else if (v->s[i] >= '0' && v->s[i] <= '9' && digits < 5) {
            number = number * 10 + (v->s[i] - '0');
            digits++;
        } else {
            return false;
        }
        if (number > 0xffff)
            return false;
    }
    return points == 3 && digits;
}

static void add_lower(struct text_buf *out, const struct part_text *p, const char *otherwise)
{
    if (!p->len || (p->len == 1 && p->s[0] == '*'))
        tb_ascii(out, otherwise);
    else
        for (size_t i = 0; i < p->len; i++)
            tb_char(out, p->s[i] >= 'A' && p->s[i] <= 'Z' ? p->s[i] + 'a' - 'A' : p->s[i]);
}

static bool is_win32(const struct part_text *type)
{
    return is_key(type->s, type->len, "win32") || is_key(type->s, type->len, "win32-policy");
}

u32 sxs_folder(const char16_t *text, size_t len, struct text_buf *out)
{
    static const enum part order[] = {PART_ARCHITECTURE, PART_NAME, PART_TOKEN, PART_VERSION,
                                      PART_LANGUAGE};
    struct part_text parts[PARTS] = {0};
    size_t start = out->len;

    if (!read_parts(text, len, parts) || !is_win32(&parts[PART_TYPE]) || !parts[PART_NAME].len ||
        !parts[PART_ARCHITECTURE].len || !is_version(&parts[PART_VERSION]))
        return ERROR_BAD_PATHNAME;
    for (u32 i = 0; i < ARRAY_LEN(order); i++) {
        add_lower(out, &parts[order[i]],
                  order[i] == PART_TOKEN || order[i] == PART_LANGUAGE ? "none" : "");
        tb_char(out, '_');
    }
    tb_ascii(out, "deadbeef");
    if (out->failed)
        return ERROR_OUTOFMEMORY;
    if (out->len - start <= NAME_MAX_LEN && file_name_is_plain(out->s + start, out->len - start))
        return ERROR_SUCCESS;
    tb_cut(out, start);
    return ERROR_BAD_PATHNAME;
}
