/*
 * Key nodes and stored names (node.h; the layout stands in regf.h).
 */
#include "node.h"
#include "os.h"

bool fold_any(struct fold_name *f, const char16_t *name, u32 len)
{
    u32 hash = 0;

    if (!len || len > KEY_NAME_MAX)
        return false;
    for (u32 i = 0; i < len; i++) {
        char16_t c = upper(name[i]);
        f->up[i] = c;
        hash = hash * 37 + c;
    }
    f->len = len;
    f->hash = hash;
    return true;
}

bool fold_make(struct fold_name *f, const char16_t *name, u32 len)
{
    for (u32 i = 0; i < len; i++)
        if (name[i] == u'\\')
            return false;
    return fold_any(f, name, len);
}

bool node_is(struct hview *h, u32 key)
{
    u32 room = cell_room(h, key);

    return room >= NK_NAME && cell_u16(h, key, 0) == SIG_NK &&
           cell_u16(h, key, NK_NAME_LEN) <= room - NK_NAME;
}

/* A node's name as it is stored, Latin-1 or UTF-16. */
struct raw_name {
    bool compressed;
    u32 len; /* in characters */
    u8 bytes[KEY_NAME_MAX * 2 + 2];
};

/* False where there is no node with all of its name. Few accesses: a writer's are dear. */
static bool raw_get(struct hview *h, u32 key, struct raw_name *raw)
{
    u32 room = cell_room(h, key), what, bytes;

    if (room < NK_NAME)
        return false;
    what = cell_u32(h, key, 0);
    bytes = cell_u16(h, key, NK_NAME_LEN);
    if ((what & 0xffff) != SIG_NK || bytes > room - NK_NAME)
        return false;
    raw->compressed = what >> 16 & KEYF_COMP_NAME;
    raw->len = MIN(name_chars(bytes, raw->compressed), KEY_NAME_MAX);
    hv_copy(h, key + CELL_HEAD + NK_NAME, raw->bytes, raw->compressed ? raw->len : raw->len * 2);
    return true;
}

static inline char16_t raw_upper(const struct raw_name *raw, u32 i)
{
    const u8 *b = raw->bytes;

    return upper(raw->compressed ? b[i] : (char16_t)(b[2 * i] | b[2 * i + 1] << 8));
}

static int compare(const struct fold_name *f, const struct raw_name *raw)
{
    u32 n = MIN(raw->len, f->len);

    for (u32 i = 0; i < n; i++) {
        int d = (int)f->up[i] - (int)raw_upper(raw, i);
        if (d)
            return d;
    }
    return (int)f->len - (int)raw->len;
}

int node_compare(struct hview *h, const struct fold_name *f, u32 key)
{
    struct raw_name raw;

    if (raw_get(h, key, &raw))
        return compare(f, &raw);
    hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return (int)f->len;
}

bool node_named(struct hview *h, const struct fold_name *f, u32 key)
{
    struct raw_name raw;

    return raw_get(h, key, &raw) && raw.len == f->len && !compare(f, &raw);
}

bool node_fold(struct hview *h, u32 key, struct fold_name *f)
{
    struct raw_name raw;

    f->len = f->hash = 0;
    if (!raw_get(h, key, &raw)) {
        hv_fail(h, ERROR_REGISTRY_CORRUPT);
        return false;
    }
    f->len = raw.len;
    for (u32 i = 0; i < f->len; i++) {
        f->up[i] = raw_upper(&raw, i);
        f->hash = f->hash * 37 + f->up[i];
    }
    return f->len > 0;
}

bool name_is_latin1(const char16_t *name, u32 len)
{
    for (u32 i = 0; i < len; i++)
        if (name[i] > 0xff)
            return false;
    return true;
}

void name_get(struct hview *h, u32 off, bool compressed, char16_t *buf, u32 n)
{
    u8 *narrow = (u8 *)buf + n;

    if (!compressed) {
        hv_copy(h, off, buf, n * 2);
        return;
    }
    /* Read into the second half of the buffer and widened from its front: a character is
     * written at 2 * i and read at n + i, which is never behind. */
    hv_copy(h, off, narrow, n);
    for (u32 i = 0; i < n; i++)
        buf[i] = narrow[i];
}

void name_put(struct hview *h, u32 off, bool compressed, const char16_t *name, u32 n)
{
    u8 buf[256];

    if (!compressed) {
        hv_write(h, off, name, n * 2);
        return;
    }
    while (n) {
        u32 part = MIN(n, (u32)sizeof(buf));
        for (u32 i = 0; i < part; i++)
            buf[i] = (u8)name[i];
        hv_write(h, off, buf, part);
        off += part;
        name += part;
        n -= part;
    }
}

void node_touch(struct hview *h, u32 key)
{
    hv_put_u64(h, key + CELL_HEAD + NK_TIME, hv_now(h));
}

void node_raise(struct hview *h, u32 key, u32 field, u32 value)
{
    if (field == NK_MAX_NAME) { /* 16 bits, flags of others above */
        if (cell_u16(h, key, field) < value)
            cell_put_u16(h, key, field, (u16)value);
    } else if (cell_u32(h, key, field) < value) {
        cell_put_u32(h, key, field, value);
    }
}

u32 write_ok(struct hview *h)
{
    if (h->error)
        return h->error;
    if (!h->overlay && !h->direct)
        return hv_fail(h, ERROR_ACCESS_DENIED);
    if (hv_u32(h, HM_FLAGS) & META_READ_ONLY)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return ERROR_SUCCESS;
}

static u32 gen_counter;

u32 gen_renew(struct hview *h, u32 at)
{
    u32 gen;

    if (!HV_LOAD(&gen_counter)) {
        u32 start = 0, none = 0;
        os_random(&start, sizeof(start));
        __atomic_compare_exchange_n(&gen_counter, &none, start | 1, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
    }
    gen = __atomic_add_fetch(&gen_counter, 1, __ATOMIC_RELAXED);
    hv_put_u32(h, at, gen);
    return gen;
}
