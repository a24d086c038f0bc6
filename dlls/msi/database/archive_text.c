#include <string.h>

#include "archive_text.h"
#include "codepage.h"
#include "filename.h"
#include "os.h"
#include "strpool.h"
#include "utf16.h"

#ifdef _WIN32
enum { SEPARATOR = u'\\' };
#else
enum { SEPARATOR = u'/' };
#endif

/* --- taking apart ----------------------------------------------------------------------------- */

bool archive_line(struct text *rest, struct text *line)
{
    size_t n = 0, skip;

    if (!rest->len)
        return false;
    while (n < rest->len && rest->at[n] != u'\n')
        n++;
    skip = n < rest->len ? n + 1 : n;
    line->at = rest->at;
    line->len = n;
    rest->at += skip;
    rest->len -= skip;
    return true;
}

bool archive_field(struct text *rest, struct text *field)
{
    size_t n = 0;

    if (!rest->at)
        return false;
    while (n < rest->len && rest->at[n] != u'\t')
        n++;
    field->at = rest->at;
    field->len = n;
    if (n == rest->len) {
        rest->at = NULL;
        rest->len = 0;
    } else {
        rest->at += n + 1;
        rest->len -= n + 1;
    }
    return true;
}

static const struct {
    char16_t control, written;
} escapes[] = {{0, 21}, {8, 27}, {9, 16}, {10, 25}, {12, 24}, {13, 17}};

/* What stands for the character of a field; a zero as it is for a line feed. */
static char16_t unescaped(char16_t c)
{
    for (size_t k = 0; k < ARRAY_LEN(escapes); k++)
        if (c == escapes[k].written)
            return escapes[k].control;
    return c ? c : u'\n';
}

void archive_unescape(struct text *field)
{
    for (size_t i = 0; i < field->len; i++)
        if (field->at[i] < 32)
            field->at[i] = unescaped(field->at[i]);
}

/* The number at the start of the third line, where there is one and a field behind it. */
static u32 stamp(const u8 *data, size_t len, u32 fallback, bool *stamped)
{
    u32 lines = 0, value = 0;
    size_t at = 0, start;

    *stamped = false;
    while (at < len && lines < 2)
        lines += data[at++] == '\n';
    start = at;
    while (at < len && at - start < 6 && data[at] >= '0' && data[at] <= '9')
        value = value * 10 + data[at++] - '0';
    if (at == start || at == len || data[at] != '\t')
        return fallback;
    *stamped = true;
    return value;
}

/* ASCII is the same in every code page, and most archives have nothing else. */
static bool widen_ascii(const u8 *data, size_t len, char16_t *to)
{
    u8 all = 0;

    for (size_t i = 0; i < len; i++) {
        to[i] = data[i];
        all |= data[i];
    }
    return all < 0x80;
}

/* Carriage returns end lines together with line feeds, or are nothing: one that is meant is
 * escaped. */
static size_t drop_returns(char16_t *s, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (s[i] != u'\r')
            s[n++] = s[i];
    return n;
}

static u32 decode(struct archive *a, const u8 *data, size_t len, u32 codepage, size_t *units)
{
    u32 err;

    if (len > SIZE_MAX / 4)
        return ERROR_OUTOFMEMORY;
    a->all = os_alloc_array(len + 1, sizeof(*a->all));
    if (!a->all)
        return ERROR_OUTOFMEMORY;
    *units = len;
    if (widen_ascii(data, len, a->all))
        return ERROR_SUCCESS;
    /* no code page makes more units than bytes */
    err = codepage_decode(codepage, (const char *)data, len, a->all, len, units);
    if (err == ERROR_INVALID_PARAMETER || (!err && *units > len))
        return ERROR_FUNCTION_FAILED;
    return err;
}

u32 archive_parse(const u8 *data, size_t len, u32 codepage, struct archive *a)
{
    struct text field, rest;
    size_t units;
    u32 err;

    memset(a, 0, sizeof(*a));
    codepage = stamp(data, len, codepage, &a->stamped);
    a->codepage = a->stamped ? codepage : 0;
    /* the pseudo table that sets a code page has none of its own text */
    if (a->stamped && codepage && !codepage_known(codepage))
        return ERROR_FUNCTION_FAILED;
    err = decode(a, data, len, codepage, &units);
    if (err) {
        archive_free(a);
        return err;
    }
    a->rows = (struct text){a->all, drop_returns(a->all, units)};
    if (!archive_line(&a->rows, &a->names) || !archive_line(&a->rows, &a->types) ||
        !archive_line(&a->rows, &a->keys)) {
        archive_free(a);
        return ERROR_FUNCTION_FAILED;
    }
    rest = a->keys;
    if (a->stamped && archive_field(&rest, &field))
        a->keys = rest;
    return ERROR_SUCCESS;
}

void archive_free(struct archive *a)
{
    os_free(a->all);
    memset(a, 0, sizeof(*a));
}

/* --- putting together ------------------------------------------------------------------------- */

u32 archive_add(struct buf *b, const char16_t *s, size_t len)
{
    return buf_add(b, s, len * sizeof(*s));
}

static char16_t escaped(char16_t c)
{
    for (size_t k = 0; c < 32 && k < ARRAY_LEN(escapes); k++)
        if (c == escapes[k].control)
            return escapes[k].written;
    return c;
}

u32 archive_add_escaped(struct buf *b, const char16_t *s, size_t len)
{
    size_t at = b->len;
    u32 err = archive_add(b, s, len);

    for (; !err && at < b->len; at += sizeof(*s)) {
        char16_t c;

        memcpy(&c, b->data + at, sizeof(c));
        c = escaped(c);
        memcpy(b->data + at, &c, sizeof(c));
    }
    return err;
}

u32 archive_add_number(struct buf *b, i32 value)
{
    char16_t digits[12];
    u32 v = value < 0 ? 0u - (u32)value : (u32)value, at = ARRAY_LEN(digits);

    do
        digits[--at] = (char16_t)(u'0' + v % 10);
    while (v /= 10);
    if (value < 0)
        digits[--at] = u'-';
    return archive_add(b, digits + at, ARRAY_LEN(digits) - at);
}

/* --- files ------------------------------------------------------------------------------------ */

char16_t *archive_path(const char16_t *folder, const char16_t *file)
{
    size_t a = u16_len(folder), b = u16_len(file);
    char16_t *path = os_alloc_array(a + b + 2, sizeof(*path));

    if (!path)
        return NULL;
    memcpy(path, folder, a * sizeof(*path));
    if (a && path[a - 1] != u'/' && path[a - 1] != u'\\')
        path[a++] = SEPARATOR;
    memcpy(path + a, file, (b + 1) * sizeof(*path));
    return path;
}

u32 archive_folder(const struct str_pool *p, u32 table, const char16_t *folder, char16_t **out)
{
    char16_t name[3 * 64 + 4], *text = sp_dup(p, table);
    size_t n;

    if (!text)
        return ERROR_OUTOFMEMORY;
    n = file_name_of(text, u16_len(text), name, ARRAY_LEN(name));
    os_free(text);
    if (!n)
        return ERROR_FUNCTION_FAILED;
    *out = archive_path(folder, name);
    return *out ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 archive_read_file(const char16_t *path, u8 **data, size_t *len)
{
    struct os_file *f;
    u64 size;
    u32 got = 0, err = os_open(path, OS_READ, &f);

    if (err)
        return err;
    err = os_size(f, &size);
    if (!err && size > 0x7fffffff)
        err = ERROR_OUTOFMEMORY;
    if (!err && !(*data = os_alloc((u64)size + 1)))
        err = ERROR_OUTOFMEMORY;
    if (!err) {
        err = os_read_at(f, 0, *data, (u32)size, &got);
        *len = got;
        if (err)
            os_free(*data);
    }
    os_close(f);
    return err;
}

static u32 write_bytes(const char16_t *path, const char *bytes, size_t len)
{
    struct os_file *f;
    u32 err = os_open(path, OS_WRITE | OS_CREATE | OS_TRUNCATE, &f);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_BAD_PATHNAME;
    err = len > 0xffffffffu ? ERROR_OUTOFMEMORY : os_write_at(f, 0, bytes, (u32)len);
    os_close(f);
    if (err)
        os_remove(path);
    return err;
}

/* false where the text is not ASCII. */
static bool narrow_ascii(const char16_t *text, size_t len, char *to)
{
    char16_t all = 0;

    for (size_t i = 0; i < len; i++) {
        to[i] = (char)text[i];
        all |= text[i];
    }
    return all < 0x80;
}

u32 archive_write_file(const char16_t *path, const char16_t *text, size_t len, u32 codepage)
{
    char *bytes = os_alloc_behind(1, len, 4); /* no code page here takes more for a unit */
    size_t cap = 4 * len + 1, need;
    u32 err = ERROR_SUCCESS;

    if (!bytes)
        return ERROR_OUTOFMEMORY;
    if (narrow_ascii(text, len, bytes))
        need = len;
    else
        err = codepage_encode(codepage, text, len, bytes, cap, &need, NULL);
    if (!err && need > cap)
        err = ERROR_FUNCTION_FAILED;
    if (!err)
        err = write_bytes(path, bytes, need);
    if (err == ERROR_INVALID_PARAMETER)
        err = ERROR_FUNCTION_FAILED;
    os_free(bytes);
    return err;
}
