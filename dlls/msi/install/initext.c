/*
 * The text of an INI file.
 *
 * A file in a code page is widened byte by byte, and what is put into it is converted to that code
 * page and widened likewise, so that no byte of others' is ever converted.
 */
#include "initext.h"

#include "codepage.h"
#include "inilines.h"
#include "os.h"
#include "textbuf.h"
#include "utf16.h"

struct ini_text {
    bool wide;
    struct ini_lines lines;
};

/* What is meant, as it stands in the file. */
struct wanted {
    struct text_buf section, key, value;
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

u32 ini_open(const u8 *bytes, size_t len, struct ini_text **out)
{
    struct ini_text *t = os_calloc(1, sizeof(*t));
    struct text_buf text;
    u32 err;

    *out = NULL;
    if (!t)
        return ERROR_OUTOFMEMORY;
    tb_init(&text);
    tb_add(&text, u"", 0);
    t->wide = has_mark(bytes, len);
    if (t->wide)
        for (size_t i = 2; i + 1 < len; i += 2)
            tb_char(&text, (char16_t)le16(bytes + i));
    else
        for (size_t i = 0; i < len; i++)
            tb_char(&text, bytes[i]);
    err = ini_lines_read(&t->lines, &text);
    if (err)
        ini_close(t);
    else
        *out = t;
    return err;
}

void ini_close(struct ini_text *t)
{
    if (!t)
        return;
    ini_lines_free(&t->lines);
    os_free(t);
}

u32 ini_bytes(const struct ini_text *t, struct buf *out)
{
    struct text_buf text;
    u32 err;

    tb_init(&text);
    ini_lines_join(&t->lines, &text);
    err = text.failed ? ERROR_OUTOFMEMORY : buf_reserve(out, text.len * 2 + 2);
    if (!err && t->wide)
        err = buf_add(out, "\xff\xfe", 2);
    for (size_t i = 0; !err && i < text.len; i++) {
        u8 byte = (u8)text.s[i];

        err = t->wide ? buf_add16(out, text.s[i]) : buf_add(out, &byte, 1);
    }
    tb_free(&text);
    return err;
}

bool ini_is_empty(const u8 *bytes, size_t len)
{
    for (size_t i = has_mark(bytes, len) ? 2 : 0; i < len; i++)
        if (bytes[i] && bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != ' ' && bytes[i] != '\t')
            return false;
    return true;
}

/* --- changes ------------------------------------------------------------------------------------
 */

static void add_pair(const struct wanted *w, struct text_buf *out)
{
    tb_add(out, w->key.s, w->key.len);
    tb_char(out, '=');
    tb_add(out, w->value.s, w->value.len);
}

static u32 insert_section(struct ini_lines *l, const struct wanted *w, u32 *section)
{
    struct text_buf header;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&header);
    tb_char(&header, '[');
    tb_add(&header, w->section.s, w->section.len);
    tb_char(&header, ']');
    if (!header.failed)
        err = ini_lines_add_section(l, header.s, header.len, section);
    tb_free(&header);
    return err;
}

/* line: of the key; INI_NONE where there is none, nor a section where that is INI_NONE. */
static u32 put_pair(struct ini_lines *l, const struct wanted *w, u32 section, u32 line)
{
    struct text_buf out;
    u32 err = section == INI_NONE ? insert_section(l, w, &section) : ERROR_SUCCESS;

    tb_init(&out);
    add_pair(w, &out);
    if (!err && out.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = line == INI_NONE ? ini_lines_add_key(l, section, out.s, out.len)
                               : ini_lines_set(l, line, out.s, out.len);
    tb_free(&out);
    return err;
}

static size_t equals_at(const char16_t *s, size_t len)
{
    size_t i = 0;

    while (i < len && s[i] != '=')
        i++;
    return i;
}

static u32 set_key(struct ini_lines *l, const struct wanted *w, u32 section, u32 line, bool *same)
{
    if (line != INI_NONE) {
        size_t to, from;
        const char16_t *s = ini_lines_text(l, line, &to);

        from = equals_at(s, to) + 1;
        ini_trim(s, &from, &to);
        *same = !u16_compare(s + from, to - from, w->value.s, w->value.len);
    }
    return *same ? ERROR_SUCCESS : put_pair(l, w, section, line);
}

/* --- tags ---------------------------------------------------------------------------------------
 */

/* The end of the tag that begins there. */
static size_t tag_end(const char16_t *s, size_t len, size_t from)
{
    while (from < len && s[from] != ',')
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

static bool is_tag(const char16_t *s, size_t at, size_t end, const struct text_buf *value)
{
    ini_trim(s, &at, &end);
    return !u16_compare_fold(s + at, end - at, value->s, value->len);
}

/* The place of the value among the tags of the key's line; false: it is not there. A value with
 * commas is as many tags, one behind the other. */
static bool find_tag(const char16_t *s, size_t len, const struct text_buf *value, size_t *at,
                     size_t *end)
{
    size_t commas = commas_in(value), from = equals_at(s, len) + 1, to = from;

    for (size_t i = 0; i < commas && to <= len; i++)
        to = tag_end(s, len, to) + 1;
    for (; to <= len; from = tag_end(s, len, from) + 1) {
        to = tag_end(s, len, to);
        *at = from;
        *end = to++;
        if (from < *end && is_tag(s, from, *end, value))
            return true;
    }
    return false;
}

/* The line with [at, end) replaced by the text. */
static u32 put_part(struct ini_lines *l, u32 line, size_t at, size_t end, const struct text_buf *by)
{
    struct text_buf out;
    size_t len;
    const char16_t *s = ini_lines_text(l, line, &len);
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&out);
    tb_add(&out, s, at);
    tb_add(&out, by->s, by->len);
    tb_add(&out, s + end, len - end);
    if (!out.failed)
        err = ini_lines_set(l, line, out.s, out.len);
    tb_free(&out);
    return err;
}

static u32 add_tag(struct ini_lines *l, const struct wanted *w, u32 section, u32 line, bool *same)
{
    size_t at, end, from, to, len;
    struct text_buf by;
    const char16_t *s;
    u32 err = ERROR_OUTOFMEMORY;

    if (line == INI_NONE)
        return put_pair(l, w, section, line);
    s = ini_lines_text(l, line, &len);
    *same = !w->value.len || find_tag(s, len, &w->value, &at, &end);
    if (*same)
        return ERROR_SUCCESS;
    from = equals_at(s, len) + 1;
    to = len;
    ini_trim(s, &from, &to);
    tb_init(&by);
    if (from < to)
        tb_char(&by, ',');
    tb_add(&by, w->value.s, w->value.len);
    if (!by.failed)
        err = put_part(l, line, to, len, &by);
    tb_free(&by);
    return err;
}

static u32 remove_tag(struct ini_lines *l, const struct wanted *w, u32 line, bool *same)
{
    const struct text_buf nothing = {.s = NULL};
    size_t at, end, len;
    const char16_t *s = line == INI_NONE ? NULL : ini_lines_text(l, line, &len);

    *same = !s || !find_tag(s, len, &w->value, &at, &end);
    if (*same)
        return ERROR_SUCCESS;
    if (at == equals_at(s, len) + 1 && end == len) { /* it was the only one */
        ini_lines_remove(l, line);
        return ERROR_SUCCESS;
    }
    if (end < len)
        end++; /* the comma behind it */
    else
        at--; /* the one before */
    return put_part(l, line, at, end, &nothing);
}

static u32 change(struct ini_lines *l, u32 how, const struct wanted *w, bool *same)
{
    u32 section = ini_lines_section(l, w->section.s, w->section.len);
    u32 line = section == INI_NONE ? INI_NONE : ini_lines_key(l, section, w->key.s, w->key.len);

    switch (how) {
    case INI_SET:
        return set_key(l, w, section, line, same);
    case INI_DEFAULT:
        *same = line != INI_NONE;
        return *same ? ERROR_SUCCESS : put_pair(l, w, section, line);
    case INI_REMOVE:
        *same = line == INI_NONE;
        if (!*same)
            ini_lines_remove(l, line);
        return ERROR_SUCCESS;
    case INI_ADD_TAG:
        return add_tag(l, w, section, line, same);
    case INI_REMOVE_TAG:
        return remove_tag(l, w, line, same);
    }
    return ERROR_INVALID_PARAMETER;
}

static u32 read_again(struct ini_lines *l)
{
    struct text_buf text;

    tb_init(&text);
    tb_add(&text, u"", 0);
    ini_lines_join(l, &text);
    ini_lines_free(l);
    return ini_lines_read(l, &text);
}

u32 ini_change(struct ini_text *t, const struct ini_change *c, bool *same)
{
    struct wanted w;
    u32 err;

    *same = false;
    tb_init(&w.section);
    tb_init(&w.key);
    tb_init(&w.value);
    err = widen(c->section, t->wide, &w.section);
    if (!err)
        err = widen(c->key, t->wide, &w.key);
    if (!err)
        err = widen(c->value, t->wide, &w.value);
    if (!err)
        err = change(&t->lines, c->how, &w, same);
    if (!err && t->lines.again)
        err = read_again(&t->lines);
    tb_free(&w.section);
    tb_free(&w.key);
    tb_free(&w.value);
    return err;
}
