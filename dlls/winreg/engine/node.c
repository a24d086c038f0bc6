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

/* The node's name in `raw`, Latin-1 or UTF-16. Its length in characters; 0 where there is none. */
static u32 raw_name(struct hview *h, u32 key, u8 raw[KEY_NAME_MAX * 2 + 2], bool *compressed)
{
    u32 flags = cell_u16(h, key, NK_FLAGS), bytes = cell_u16(h, key, NK_NAME_LEN), n;

    if (!node_is(h, key)) {
        hv_fail(h, ERROR_REGISTRY_CORRUPT);
        return 0;
    }
    *compressed = flags & KEYF_COMP_NAME;
    n = name_chars(bytes, *compressed);
    n = MIN(n, KEY_NAME_MAX);
    hv_copy(h, key + CELL_HEAD + NK_NAME, raw, *compressed ? n : n * 2);
    return n;
}

static inline char16_t raw_upper(const u8 *raw, bool compressed, u32 i)
{
    return upper(compressed ? raw[i] : (char16_t)(raw[2 * i] | raw[2 * i + 1] << 8));
}

int node_compare(struct hview *h, const struct fold_name *f, u32 key)
{
    u8 raw[KEY_NAME_MAX * 2 + 2];
    bool compressed = false;
    u32 n = raw_name(h, key, raw, &compressed), i;

    for (i = 0; i < n && i < f->len; i++) {
        int d = (int)f->up[i] - (int)raw_upper(raw, compressed, i);
        if (d)
            return d;
    }
    return (int)f->len - (int)n;
}

bool node_has_name(struct hview *h, const struct fold_name *f, u32 key)
{
    u32 flags = cell_u16(h, key, NK_FLAGS), bytes = cell_u16(h, key, NK_NAME_LEN);

    if (name_chars(bytes, flags & KEYF_COMP_NAME) != f->len)
        return false;
    return !node_compare(h, f, key);
}

bool node_fold(struct hview *h, u32 key, struct fold_name *f)
{
    u8 raw[KEY_NAME_MAX * 2 + 2];
    bool compressed = false;

    f->len = raw_name(h, key, raw, &compressed);
    f->hash = 0;
    for (u32 i = 0; i < f->len; i++) {
        f->up[i] = raw_upper(raw, compressed, i);
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
    if (hv_u32(h, HM_FLAGS) & HMETA_READ_ONLY)
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
