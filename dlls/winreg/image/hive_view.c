/*
 * The accessors of hive_view.h that are not inline: volatile storage, meta, writers' overlays, and
 * everything longer than a word.
 */
#include <string.h>

#include "hive_view.h"
#include "os.h"
#include "overlay_priv.h"

#define DEFAULT_MAX_VALUE 0x40000000u
#define VOLATILE_LIMIT    0x08000000u /* what the bin map in the meta storage has bits for */

/* A fuzzer need not be told of each word that is copied. */
#ifdef __clang__
#define NO_COVERAGE __attribute__((no_sanitize("coverage")))
#else
#define NO_COVERAGE
#endif

typedef uintptr_t word;
#define WORD sizeof(word)

NO_COVERAGE static inline void load_half(u8 *to, const u8 *shared)
{
    u32 w = HV_LOAD((const u32 *)(const void *)shared);

    memcpy(to, &w, sizeof(w));
}

NO_COVERAGE void hv_load_bytes(void *to, const void *shared, size_t n)
{
    u8 *d = to;
    const u8 *s = shared;

    /* The data of a cell begins four bytes behind a multiple of eight. */
    if (((uintptr_t)s & 7) == 4 && n >= 4) {
        load_half(d, s);
        d += 4, s += 4, n -= 4;
    }
    for (; n && ((uintptr_t)s & (WORD - 1)); n--)
        *d++ = HV_LOAD(s++);
    for (; n >= WORD; n -= WORD, d += WORD, s += WORD) {
        word w = HV_LOAD((const word *)(const void *)s);
        memcpy(d, &w, WORD);
    }
    if (WORD > 4 && n >= 4) {
        load_half(d, s);
        d += 4, s += 4, n -= 4;
    }
    for (; n; n--)
        *d++ = HV_LOAD(s++);
}

NO_COVERAGE static inline void store_word(u8 *shared, const u8 *from, u32 i)
{
    word w;

    memcpy(&w, from + i * WORD, WORD);
    HV_STORE((word *)(void *)shared + i, w);
}

/* Eight words at a time: it is sectors that are stored most. */
NO_COVERAGE void hv_store_bytes(void *shared, const void *from, size_t n)
{
    const u8 *s = from;
    u8 *d = shared;

    for (; n && ((uintptr_t)d & (WORD - 1)); n--, d++, s++)
        HV_STORE(d, *s);
    for (; n >= 8 * WORD; n -= 8 * WORD, d += 8 * WORD, s += 8 * WORD) {
        store_word(d, s, 0);
        store_word(d, s, 1);
        store_word(d, s, 2);
        store_word(d, s, 3);
        store_word(d, s, 4);
        store_word(d, s, 5);
        store_word(d, s, 6);
        store_word(d, s, 7);
    }
    for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
        store_word(d, s, 0);
    for (; n; n--, d++, s++)
        HV_STORE(d, *s);
}

void hv_init(struct hview *h, void *stable, u32 stable_size, void *vol, u32 vol_size, void *meta)
{
    memset(h, 0, sizeof(*h));
    h->base[HV_STABLE_STORE] = stable;
    h->base[HV_VOLATILE_STORE] = vol;
    h->base[HV_META_STORE] = meta;
    h->limit[HV_STABLE_STORE] = HV_STABLE_MAX;
    h->limit[HV_VOLATILE_STORE] = VOLATILE_LIMIT;
    h->limit[HV_META_STORE] = HV_META_SIZE;
    h->size[HV_STABLE_STORE] = MIN(stable_size, HV_STABLE_MAX) & ~(OV_PAGE - 1);
    h->size[HV_VOLATILE_STORE] = MIN(vol_size, VOLATILE_LIMIT) & ~(OV_PAGE - 1);
    h->size[HV_META_STORE] = meta ? HV_META_SIZE : 0;
    h->fast = h->size[HV_STABLE_STORE];
    h->max_value = DEFAULT_MAX_VALUE;
}

u32 hv_fail(struct hview *h, u32 err)
{
    if (!h->error)
        h->error = err;
    return err;
}

static inline enum hv_storage storage_of(u32 off)
{
    if (off < HV_VOLATILE)
        return HV_STABLE_STORE;
    return off < HV_META ? HV_VOLATILE_STORE : HV_META_STORE;
}

static inline u32 offset_in(enum hv_storage st, u32 off)
{
    if (st == HV_STABLE_STORE)
        return off;
    return st == HV_VOLATILE_STORE ? off - HV_VOLATILE : off - HV_META;
}

bool hv_inside(struct hview *h, u32 off, u32 n)
{
    enum hv_storage st = storage_of(off);
    u32 rel = offset_in(st, off);

    if (rel <= h->size[st] && n <= h->size[st] - rel)
        return true;
    hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return false;
}

/* Where the byte is now; the bytes up to the end of its sector follow it. off is inside. Inline: a
 * writer comes here for each word. */
static inline const u8 *byte_at(const struct hview *h, u32 off)
{
    enum hv_storage st = storage_of(off);
    u32 rel = offset_in(st, off);

    const u8 *private = h->overlay ? overlay_read(h->overlay, rel, st) : NULL;

    return private ? private : h->base[st] + rel;
}

/* The same for an aligned word that is read alone; NULL where it is not inside. */
static inline const void *word_at(struct hview *h, u32 off)
{
    enum hv_storage st = storage_of(off);

    if (offset_in(st, off) < h->size[st])
        return byte_at(h, off);
    hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return NULL;
}

u8 hv_u8_slow(struct hview *h, u32 off)
{
    const u8 *p = word_at(h, off);

    return p ? HV_LOAD(p) : 0;
}

static u32 misaligned(struct hview *h, u32 off, u32 n)
{
    u32 v = 0;

    hv_copy(h, off, &v, n);
    return v;
}

u16 hv_u16_slow(struct hview *h, u32 off)
{
    const u16 *p;

    if (off & 1)
        return (u16)misaligned(h, off, 2);
    p = word_at(h, off);
    return p ? HV_LOAD(p) : 0;
}

u32 hv_u32_slow(struct hview *h, u32 off)
{
    const u32 *p;

    if (off & 3)
        return misaligned(h, off, 4);
    p = word_at(h, off);
    return p ? HV_LOAD(p) : 0;
}

/* How much of n from off on is in one piece: all of it, or with an overlay up to a sector's end. */
static inline u32 piece(const struct hview *h, u32 off, u32 n)
{
    u32 left = OV_SECTOR - (off & (OV_SECTOR - 1));

    return h->overlay ? MIN(n, left) : n;
}

void hv_copy(struct hview *h, u32 off, void *dst, u32 n)
{
    u8 *d = dst;

    if (!hv_inside(h, off, n)) {
        memset(dst, 0, n);
        return;
    }
    while (n) {
        u32 part = piece(h, off, n);
        hv_load_bytes(d, byte_at(h, off), part);
        d += part;
        off += part;
        n -= part;
    }
}

bool hv_equal(struct hview *h, u32 off, const void *bytes, u32 n)
{
    u8 buf[256];
    const u8 *b = bytes;

    while (n) {
        u32 part = MIN(n, (u32)sizeof(buf));
        if (!hv_inside(h, off, part))
            return false;
        hv_copy(h, off, buf, part);
        if (memcmp(buf, b, part))
            return false;
        b += part;
        off += part;
        n -= part;
    }
    return true;
}

/* A place to write up to the end of off's sector (direct views: to the end of the storage);
 * off is inside. NULL where there is none. */
static u8 *writable_at(struct hview *h, u32 off)
{
    enum hv_storage st = storage_of(off);
    u32 rel = offset_in(st, off);
    u8 *sector;

    if (h->direct)
        return h->base[st] + rel;
    if (h->overlay && (sector = overlay_logged(h->overlay, rel, st)))
        return sector;
    if (!h->overlay) {
        hv_fail(h, ERROR_ACCESS_DENIED);
        return NULL;
    }
    sector = overlay_dirty(h, off, rel, st, true);
    return sector ? sector + (off & (OV_SECTOR - 1)) : NULL;
}

void hv_put_u8(struct hview *h, u32 off, u8 v)
{
    hv_write(h, off, &v, 1);
}

void hv_put_u16(struct hview *h, u32 off, u16 v)
{
    u8 *p;

    if (off & 1)
        hv_write(h, off, &v, 2);
    else if (hv_inside(h, off, 2) && (p = writable_at(h, off)))
        HV_STORE((u16 *)(void *)p, v);
}

void hv_put_u32(struct hview *h, u32 off, u32 v)
{
    u8 *p;

    if (off & 3)
        hv_write(h, off, &v, 4);
    else if (hv_inside(h, off, 4) && (p = writable_at(h, off)))
        HV_STORE((u32 *)(void *)p, v);
}

void hv_put_aside(struct hview *h, u32 off, u32 v)
{
    enum hv_storage st = storage_of(off);
    u32 rel = offset_in(st, off);
    u8 *p;

    if (!h->overlay || (off & 3)) {
        hv_put_u32(h, off, v);
        return;
    }
    if (!hv_inside(h, off, 4))
        return;
    p = overlay_private(h->overlay, rel, st);
    if (!p && (p = overlay_dirty(h, off, rel, st, false)))
        p += off & (OV_SECTOR - 1);
    if (p)
        HV_STORE((u32 *)(void *)p, v);
}

void hv_log_all(struct hview *h, u32 off, u32 n)
{
    u32 at = off & ~(OV_SECTOR - 1);

    if (!h->overlay || off >= HV_VOLATILE || !hv_inside(h, off, n))
        return;
    while (at < off + n && overlay_sure(h, at))
        at += OV_SECTOR;
}

void hv_put_u64(struct hview *h, u32 off, u64 v)
{
    hv_put_u32(h, off, (u32)v);
    hv_put_u32(h, off + 4, (u32)(v >> 32));
}

void hv_write(struct hview *h, u32 off, const void *src, u32 n)
{
    const u8 *s = src;

    if (!hv_inside(h, off, n))
        return;
    while (n) {
        u32 part = piece(h, off, n);
        u8 *p = writable_at(h, off);
        if (!p)
            return;
        hv_store_bytes(p, s, part);
        s += part;
        off += part;
        n -= part;
    }
}

void hv_fill(struct hview *h, u32 off, u8 byte, u32 n)
{
    u8 buf[OV_SECTOR];

    memset(buf, byte, MIN(n, (u32)sizeof(buf)));
    while (n && !h->error) {
        u32 part = MIN(n, (u32)sizeof(buf));
        hv_write(h, off, buf, part);
        off += part;
        n -= part;
    }
}

void hv_move(struct hview *h, u32 to, u32 from, u32 n)
{
    u8 buf[OV_SECTOR];
    bool up = to < from;

    if (!hv_inside(h, to, n) || !hv_inside(h, from, n))
        return;
    while (n && !h->error) {
        u32 part = MIN(n, (u32)sizeof(buf));
        u32 at = up ? 0 : n - part;
        hv_copy(h, from + at, buf, part);
        hv_write(h, to + at, buf, part);
        if (up) {
            from += part;
            to += part;
        }
        n -= part;
    }
}

u32 hv_grow(struct hview *h, enum hv_storage storage, u32 new_size)
{
    if (!h->overlay && !h->direct)
        return hv_fail(h, ERROR_ACCESS_DENIED);
    if ((new_size & (OV_PAGE - 1)) || new_size < h->size[storage])
        return hv_fail(h, ERROR_INVALID_PARAMETER);
    if (new_size > h->limit[storage])
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    h->size[storage] = new_size;
    if (h->direct && storage == HV_STABLE_STORE)
        h->fast = new_size;
    return ERROR_SUCCESS;
}

u64 hv_now(struct hview *h)
{
    if (!h->now)
        h->now = os_time();
    return h->now;
}
