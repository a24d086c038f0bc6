#include "filename.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

/* --- plain names ------------------------------------------------------------------------------ */

static bool is_fit(char16_t c)
{
    return c >= 32 && c != 127 && c != u'<' && c != u'>' && c != u':' && c != u'"' && c != u'/' &&
           c != u'\\' && c != u'|' && c != u'?' && c != u'*';
}

static bool same(const char16_t *a, size_t len, const char *upper)
{
    for (size_t i = 0; i < len; i++)
        if (!upper[i] || u16_upper(a[i]) != (unsigned char)upper[i])
            return false;
    return !upper[len];
}

/* 1 to 9, and the superscripts that Windows takes for 1, 2 and 3. */
static bool is_port(char16_t c)
{
    return (c >= u'1' && c <= u'9') || c == 0xb9 || c == 0xb2 || c == 0xb3;
}

/* A device is one whatever extension stands behind it, and blanks before that do not count. */
static bool is_device(const char16_t *name, size_t len)
{
    static const char *const names[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"};
    size_t base = 0;

    while (base < len && name[base] != u'.')
        base++;
    while (base && name[base - 1] == u' ')
        base--;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (same(name, base, names[i]))
            return true;
    return base == 4 && is_port(name[3]) && (same(name, 3, "COM") || same(name, 3, "LPT"));
}

static bool ends_badly(const char16_t *name, size_t len)
{
    return name[len - 1] == u'.' || name[len - 1] == u' ';
}

bool file_name_is_plain(const char16_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_fit(name[i]))
            return false;
    return len && !ends_badly(name, len) && !is_device(name, len); /* "." and ".." end in a dot */
}

/* --- any name --------------------------------------------------------------------------------- */

size_t file_name_of(const char16_t *name, size_t len, char16_t *out, size_t cap)
{
    static const char16_t hex[] = u"0123456789ABCDEF";
    bool device = len && is_device(name, len);
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        bool last = i + 1 == len && ends_badly(name, len);

        if (n + 4 > cap)
            return 0;
        if (is_fit(name[i]) && name[i] != u'%' && !last && !(device && !i)) {
            out[n++] = name[i];
            continue;
        }
        out[n++] = u'%';
        out[n++] = hex[name[i] >> 4 & 15]; /* none of these is above 255 */
        out[n++] = hex[name[i] & 15];
    }
    if (cap)
        out[n] = 0;
    return n;
}

/* --- names that were given -------------------------------------------------------------------- */

struct file_name_entry {
    char16_t *upper;
    u32 times;
};

static bool is_entry(const void *ctx, u32 value, const void *item)
{
    const struct file_names *set = ctx;

    return u16_equal(set->entries[value].upper, item);
}

static u32 remember(struct file_names *set, char16_t *upper, u32 hash)
{
    u32 err;

    if (set->count == set->cap) {
        u32 cap = set->cap * 2 + 16;
        struct file_name_entry *grown = os_realloc_array(set->entries, cap, sizeof(*grown));

        if (!grown)
            return ERROR_OUTOFMEMORY;
        set->entries = grown;
        set->cap = cap;
    }
    err = hash_add(&set->map, hash, set->count);
    if (!err)
        set->entries[set->count++] = (struct file_name_entry){upper, 1};
    return err;
}

static u32 mark(char16_t *out, size_t len, size_t cap, u32 number)
{
    char16_t digits[10];
    size_t n = 0;

    do
        digits[n++] = (char16_t)(u'0' + number % 10);
    while (number /= 10);
    if (len + 2 + n >= cap)
        return ERROR_BUFFER_OVERFLOW;
    out[len++] = u'%';
    out[len++] = u'~';
    while (n)
        out[len++] = digits[--n];
    out[len] = 0;
    return ERROR_SUCCESS;
}

u32 file_names_add(struct file_names *set, char16_t *out, size_t cap)
{
    size_t len = u16_len(out);
    char16_t *upper = u16_dup(out, len);
    u32 hash, at, err;

    if (!upper)
        return ERROR_OUTOFMEMORY;
    for (size_t i = 0; i < len; i++)
        upper[i] = u16_upper(upper[i]);
    hash = hash_bytes(upper, len * sizeof(*upper));
    at = hash_find(&set->map, hash, is_entry, set, upper);
    err = at == HASH_NONE ? remember(set, upper, hash) : ERROR_SUCCESS;
    if (err || at != HASH_NONE)
        os_free(upper);
    return err || at == HASH_NONE ? err : mark(out, len, cap, ++set->entries[at].times);
}

void file_names_free(struct file_names *set)
{
    for (u32 i = 0; i < set->count; i++)
        os_free(set->entries[i].upper);
    os_free(set->entries);
    hash_free(&set->map);
    memset(set, 0, sizeof(*set));
}
