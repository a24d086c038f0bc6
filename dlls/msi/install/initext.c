/*
 * The text of an INI file.
 *
 * A file in a code page is widened byte by byte, and what is put into it is converted to that code
 * page and widened likewise, so that no byte of others' is ever converted.
 */
#include "initext.h"

#include <string.h>

#include "codepage.h"
#include "os.h"
#include "textbuf.h"
#include "utf16.h"

struct ini {
    bool wide;
    struct text_buf text;                /* of the file */
    struct text_buf section, key, value; /* as they stand in it */
};

/* A line: [at, end) without its end, [end, next) is that. */
struct line {
    size_t at, end, next;
};

/* --- bytes and text -----------------------------------------------------------------------------
 */

static u32 widen(const char16_t *s, bool wide, struct text_buf *out)
{
    size_t len = u16_len(s), need = 0;
    char *bytes;
    u32 err;

    tb_add(out, u"", 0);
    if (wide) {
        tb_add(out, s, len);
        return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    }
    err = codepage_encode(CODEPAGE_ACP, s, len, NULL, 0, &need, NULL);
    bytes = err ? NULL : os_alloc(need + 1);
    if (!bytes)
        return err ? err : ERROR_OUTOFMEMORY;
    err = codepage_encode(CODEPAGE_ACP, s, len, bytes, need, &need, NULL);
    for (size_t i = 0; !err && i < need; i++)
        tb_char(out, (unsigned char)bytes[i]);
    os_free(bytes);
    return !err && out->failed ? ERROR_OUTOFMEMORY : err;
}

static bool has_mark(const u8 *bytes, size_t len)
{
    return len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
}

static u32 ini_read(struct ini *ini, const u8 *bytes, size_t len)
{
    tb_init(&ini->text);
    tb_add(&ini->text, u"", 0);
    ini->wide = has_mark(bytes, len);
    if (ini->wide)
        for (size_t i = 2; i + 1 < len; i += 2)
            tb_char(&ini->text, (char16_t)le16(bytes + i));
    else
        for (size_t i = 0; i < len; i++)
            tb_char(&ini->text, bytes[i]);
    return ini->text.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 ini_write(const struct ini *ini, struct buf *out)
{
    u32 err = ini->text.failed ? ERROR_OUTOFMEMORY : buf_reserve(out, ini->text.len * 2 + 2);

    if (!err && ini->wide)
        err = buf_add(out, "\xff\xfe", 2);
    for (size_t i = 0; !err && i < ini->text.len; i++) {
        u8 byte = (u8)ini->text.s[i];

        err = ini->wide ? buf_add16(out, ini->text.s[i]) : buf_add(out, &byte, 1);
    }
    return err;
}

static void ini_free(struct ini *ini)
{
    tb_free(&ini->text);
    tb_free(&ini->section);
    tb_free(&ini->key);
    tb_free(&ini->value);
}

/* --- lines --------------------------------------------------------------------------------------
 */

static bool line_at(const struct ini *ini, size_t at, struct line *l)
{
    const char16_t *s = ini->text.s;
    size_t end = at, len = ini->text.len;

    if (at >= len)
        return false;
    while (end < len && s[end] != '\n')
        end++;
    l->at = at;
    l->next = end < len ? end + 1 : end;
    l->end = end > at && s[end - 1] == '\r' ? end - 1 : end;
    return true;
}

static bool blank(char16_t c)
{
    return c == ' ' || c == '\t';
}

static void trim(const struct ini *ini, size_t *at, size_t *end)
{
    while (*at < *end && blank(ini->text.s[*at]))
        ++*at;
    while (*end > *at && blank(ini->text.s[*end - 1]))
        --*end;
}

static bool is_name(const struct ini *ini, size_t at, size_t end, const struct text_buf *name)
{
    trim(ini, &at, &end);
    return !u16_compare_fold(ini->text.s + at, end - at, name->s, name->len);
}

static bool is_header(const struct ini *ini, const struct line *l)
{
    size_t at = l->at, end = l->end;

    trim(ini, &at, &end);
    return at < end && ini->text.s[at] == '[';
}

static bool is_section(const struct ini *ini, const struct line *l)
{
    size_t at = l->at, end = l->end, close;

    if (!is_header(ini, l))
        return false;
    trim(ini, &at, &end);
    close = ++at;
    while (close < end && ini->text.s[close] != ']')
        close++;
    return is_name(ini, at, close, &ini->section);
}

/* Where the sign stands in a line of a key; l->end where it is none. */
static size_t equals_at(const struct ini *ini, const struct line *l)
{
    size_t i = l->at;

    while (i < l->end && ini->text.s[i] != '=')
        i++;
    return i;
}

static bool is_key(const struct ini *ini, const struct line *l)
{
    size_t sign = equals_at(ini, l);

    return sign < l->end && is_name(ini, l->at, sign, &ini->key);
}

/* What was found: the section's first line, the key's, and where a new key goes. */
struct found {
    bool section, key;
    struct line header, line;
    size_t insert; /* behind the section's last line that is not blank */
    size_t end;    /* of the section, with the blank lines behind it */
    bool others;   /* it has lines besides the key's */
};

static void find(const struct ini *ini, struct found *f)
{
    size_t at = 0;
    struct line l;

    memset(f, 0, sizeof(*f));
    for (; line_at(ini, at, &l) && !f->section; at = l.next)
        if (is_section(ini, &l)) {
            f->section = true;
            f->header = l;
            f->insert = f->end = l.next;
        }
    for (; f->section && line_at(ini, at, &l) && !is_header(ini, &l); at = l.next) {
        size_t from = l.at, to = l.end;

        f->end = l.next;
        trim(ini, &from, &to);
        if (from == to)
            continue;
        f->insert = l.next;
        if (!f->key && is_key(ini, &l)) {
            f->key = true;
            f->line = l;
        } else {
            f->others = true;
        }
    }
}

/* --- changes ------------------------------------------------------------------------------------
 */

/* Replaces [at, end) by the text. */
static u32 replace(struct ini *ini, size_t at, size_t end, const struct text_buf *by)
{
    struct text_buf out;

    tb_init(&out);
    tb_add(&out, ini->text.s, at);
    if (by)
        tb_add(&out, by->s, by->len);
    tb_add(&out, ini->text.s + end, ini->text.len - end);
    if (out.failed) {
        tb_free(&out);
        return ERROR_OUTOFMEMORY;
    }
    tb_free(&ini->text);
    ini->text = out;
    return ERROR_SUCCESS;
}

static void add_pair(const struct ini *ini, struct text_buf *out)
{
    tb_add(out, ini->key.s, ini->key.len);
    tb_char(out, '=');
    tb_add(out, ini->value.s, ini->value.len);
}

static u32 insert_key(struct ini *ini, const struct found *f)
{
    size_t at = f->section ? f->insert : ini->text.len;
    struct text_buf out;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&out);
    if (at && ini->text.s[at - 1] != '\n')
        tb_ascii(&out, "\r\n");
    if (!f->section) {
        tb_char(&out, '[');
        tb_add(&out, ini->section.s, ini->section.len);
        tb_ascii(&out, "]\r\n");
    }
    add_pair(ini, &out);
    tb_ascii(&out, "\r\n");
    if (!out.failed)
        err = replace(ini, at, at, &out);
    tb_free(&out);
    return err;
}

static u32 set_key(struct ini *ini, const struct found *f, bool *same)
{
    size_t from = f->line.at, to = f->line.end;
    struct text_buf out;
    u32 err = ERROR_OUTOFMEMORY;

    if (!f->key)
        return insert_key(ini, f);
    from = equals_at(ini, &f->line) + 1;
    trim(ini, &from, &to);
    if (!u16_compare(ini->text.s + from, to - from, ini->value.s, ini->value.len)) {
        *same = true;
        return ERROR_SUCCESS;
    }
    tb_init(&out);
    add_pair(ini, &out);
    if (!out.failed)
        err = replace(ini, f->line.at, f->line.end, &out);
    tb_free(&out);
    return err;
}

static u32 remove_key(struct ini *ini, const struct found *f, bool *same)
{
    *same = !f->key;
    if (!f->key)
        return ERROR_SUCCESS;
    return f->others ? replace(ini, f->line.at, f->line.next, NULL)
                     : replace(ini, f->header.at, f->end, NULL);
}

/* --- tags ---------------------------------------------------------------------------------------
 */

/* The end of the tag that begins there. */
static size_t tag_end(const struct ini *ini, const struct line *l, size_t from)
{
    while (from < l->end && ini->text.s[from] != ',')
        from++;
    return from;
}

static size_t commas_in(const struct text_buf *text)
{
    size_t n = 0;

    for (size_t i = 0; i < text->len; i++)
        n += text->s[i] == ',';
    return n;
}

/* The place of the value among the tags of the key's line; false: it is not there. A value with
 * commas is as many tags, one behind the other. */
static bool find_tag(const struct ini *ini, const struct line *l, size_t *at, size_t *end)
{
    size_t commas = commas_in(&ini->value), from = equals_at(ini, l) + 1, to = from;

    for (size_t i = 0; i < commas && to <= l->end; i++)
        to = tag_end(ini, l, to) + 1;
    for (; to <= l->end; from = tag_end(ini, l, from) + 1) {
        to = tag_end(ini, l, to);
        *at = from;
        *end = to++;
        if (from < *end && is_name(ini, from, *end, &ini->value))
            return true;
    }
    return false;
}

static u32 add_tag(struct ini *ini, const struct found *f, bool *same)
{
    size_t at, end, from, to;
    struct text_buf out;
    u32 err = ERROR_OUTOFMEMORY;

    if (!f->key)
        return insert_key(ini, f);
    *same = !ini->value.len || find_tag(ini, &f->line, &at, &end);
    if (*same)
        return ERROR_SUCCESS;
    from = equals_at(ini, &f->line) + 1;
    to = f->line.end;
    trim(ini, &from, &to);
    tb_init(&out);
    if (from < to)
        tb_char(&out, ',');
    tb_add(&out, ini->value.s, ini->value.len);
    if (!out.failed)
        err = replace(ini, to, f->line.end, &out);
    tb_free(&out);
    return err;
}

static u32 remove_tag(struct ini *ini, const struct found *f, bool *same)
{
    size_t at, end, start;

    *same = !f->key || !find_tag(ini, &f->line, &at, &end);
    if (*same)
        return ERROR_SUCCESS;
    start = equals_at(ini, &f->line) + 1;
    if (at == start && end == f->line.end) /* it was the only one */
        return remove_key(ini, f, same);
    if (end < f->line.end)
        end++; /* the comma behind it */
    else
        at--; /* the one before */
    return replace(ini, at, end, NULL);
}

static u32 change(struct ini *ini, u32 how, bool *same)
{
    struct found f;

    find(ini, &f);
    switch (how) {
    case INI_SET:
        return set_key(ini, &f, same);
    case INI_DEFAULT:
        *same = f.key;
        return f.key ? ERROR_SUCCESS : insert_key(ini, &f);
    case INI_REMOVE:
        return remove_key(ini, &f, same);
    case INI_ADD_TAG:
        return add_tag(ini, &f, same);
    case INI_REMOVE_TAG:
        return remove_tag(ini, &f, same);
    }
    return ERROR_INVALID_PARAMETER;
}

u32 ini_change(const u8 *bytes, size_t len, const struct ini_change *c, struct buf *out, bool *same)
{
    struct ini ini = {0};
    u32 err = ini_read(&ini, bytes, len);

    *same = false;
    if (!err)
        err = widen(c->section, ini.wide, &ini.section);
    if (!err)
        err = widen(c->key, ini.wide, &ini.key);
    if (!err)
        err = widen(c->value, ini.wide, &ini.value);
    if (!err)
        err = change(&ini, c->how, same);
    if (!err && !*same)
        err = ini_write(&ini, out);
    ini_free(&ini);
    return err;
}

bool ini_is_empty(const u8 *bytes, size_t len)
{
    for (size_t i = has_mark(bytes, len) ? 2 : 0; i < len; i++)
        if (bytes[i] && bytes[i] != '\r' && bytes[i] != '\n' && !blank(bytes[i]))
            return false;
    return true;
}
