/*
 * Open addressing with linear probing, at most three quarters full.
 */
#include <stdatomic.h>
#include <string.h>

#include "hash.h"
#include "os.h"
#include "utf16.h"

enum { EMPTY = 0, GONE = 0xffffffffu, FIRST_SLOTS = 16 };

void hash_init(struct hash_map *m)
{
    memset(m, 0, sizeof(*m));
}

void hash_free(struct hash_map *m)
{
    os_free(m->slots);
    os_free(m->hashes);
    hash_init(m);
}

void hash_clear(struct hash_map *m)
{
    if (m->slots)
        memset(m->slots, 0, ((size_t)m->mask + 1) * sizeof(*m->slots));
    m->used = m->filled = 0;
}

u32 hash_find(const struct hash_map *m, u32 hash, hash_equal equal, const void *ctx,
              const void *item)
{
    if (!m->slots)
        return HASH_NONE;
    for (u32 i = hash & m->mask; m->slots[i] != EMPTY; i = (i + 1) & m->mask) {
        u32 slot = m->slots[i];

        if (slot != GONE && m->hashes[i] == hash && equal(ctx, slot - 1, item))
            return slot - 1;
    }
    return HASH_NONE;
}

static void place(u32 *slots, u32 *hashes, u32 mask, u32 hash, u32 slot)
{
    u32 i = hash & mask;

    while (slots[i] != EMPTY)
        i = (i + 1) & mask;
    slots[i] = slot;
    hashes[i] = hash;
}

static u32 resize(struct hash_map *m, u32 count)
{
    u32 *slots = os_calloc(count, sizeof(*slots));
    u32 *hashes = os_alloc_array(count, sizeof(*hashes));

    if (!slots || !hashes) {
        os_free(slots);
        os_free(hashes);
        return ERROR_OUTOFMEMORY;
    }
    for (u32 i = 0; m->slots && i <= m->mask; i++)
        if (m->slots[i] != EMPTY && m->slots[i] != GONE)
            place(slots, hashes, count - 1, m->hashes[i], m->slots[i]);
    os_free(m->slots);
    os_free(m->hashes);
    m->slots = slots;
    m->hashes = hashes;
    m->mask = count - 1;
    m->filled = m->used;
    return ERROR_SUCCESS;
}

static u32 make_room(struct hash_map *m)
{
    u32 count = m->slots ? m->mask + 1 : 0;

    if (m->slots && m->filled + 1 <= count - count / 4)
        return ERROR_SUCCESS;
    if (!count)
        return resize(m, FIRST_SLOTS);
    /* many removed ones: the same size again is enough */
    if (m->used < count / 2)
        return resize(m, count);
    if (count > 0x40000000)
        return ERROR_OUTOFMEMORY;
    return resize(m, count * 2);
}

u32 hash_reserve(struct hash_map *m, u32 n)
{
    u32 count = FIRST_SLOTS;

    if (n > 0x20000000)
        return ERROR_OUTOFMEMORY;
    while (n > count - count / 4)
        count *= 2;
    if (m->slots && m->mask + 1 >= count)
        return ERROR_SUCCESS;
    return resize(m, count);
}

u32 hash_add(struct hash_map *m, u32 hash, u32 value)
{
    u32 err = make_room(m);
    u32 i;

    if (err && (!m->slots || m->filled >= m->mask)) /* one stays empty, which ends a search */
        return err;
    for (i = hash & m->mask; m->slots[i] != EMPTY && m->slots[i] != GONE;)
        i = (i + 1) & m->mask;
    if (m->slots[i] == EMPTY)
        m->filled++;
    m->slots[i] = value + 1;
    m->hashes[i] = hash;
    m->used++;
    return ERROR_SUCCESS;
}

bool hash_remove(struct hash_map *m, u32 hash, u32 value)
{
    if (!m->slots)
        return false;
    for (u32 i = hash & m->mask; m->slots[i] != EMPTY; i = (i + 1) & m->mask) {
        if (m->slots[i] == value + 1 && m->hashes[i] == hash) {
            m->slots[i] = GONE;
            m->used--;
            return true;
        }
    }
    return false;
}

/* --- hashes ----------------------------------------------------------------------------------- */

static u64 mix(u64 v)
{
    v = (v ^ v >> 32) * 0xff51afd7ed558ccdu;
    v = (v ^ v >> 29) * 0xc4ceb9fe1a85ec53u;
    return v ^ v >> 32;
}

/* Drawn by whoever comes first; never 0 afterwards. */
static u64 seed(void)
{
    static _Atomic u64 drawn;
    u64 s = atomic_load_explicit(&drawn, memory_order_relaxed), none = 0;

    if (s)
        return s;
    os_random(&s, sizeof(s));
    s |= 1;
    return atomic_compare_exchange_strong(&drawn, &none, s) ? s : none;
}

/* Two rounds, each a step that can be taken back: to another number, times an odd one, and the high
 * half onto the low one. */
u32 hash_u32(u32 v)
{
    u64 s = seed();
    u32 a = (u32)s, b = (u32)(s >> 32);

    v = (v ^ b) * (a | 1);
    v ^= v >> 15;
    v = (v + a) * (b | 1);
    v ^= v >> 16;
    v *= 0x846ca68bu;
    return v ^ v >> 15;
}

static u64 absorb(u64 h, const u8 *p, size_t len)
{
    for (; len >= 8; len -= 8, p += 8) {
        u64 word;

        memcpy(&word, p, sizeof(word));
        h = mix(h ^ word);
    }
    if (len) {
        u64 word = 0;

        memcpy(&word, p, len);
        h = mix(h ^ word);
    }
    return h;
}

u32 hash_bytes(const void *data, size_t len)
{
    return (u32)mix(absorb(seed() ^ len, data, len) ^ seed());
}

u32 hash_name(const char16_t *name, size_t len)
{
    char16_t upper[64];
    u32 h = 0;

    for (size_t at = 0; at < len;) {
        size_t n = 0;

        while (n < ARRAY_LEN(upper) && at < len)
            upper[n++] = u16_upper(name[at++]);
        h = hash_u32(h ^ hash_bytes(upper, n * sizeof(*upper)));
    }
    return h;
}

u32 hash_shared(const void *data, size_t len)
{
    const u8 *p = data;
    u64 h = 0x9e3779b97f4a7c15u ^ len;

    for (; len >= 8; len -= 8, p += 8) {
        u64 word;

        memcpy(&word, p, sizeof(word));
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    if (len) {
        u64 word = 0;

        memcpy(&word, p, len);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    h *= 0xc4ceb9fe1a85ec53u;
    return (u32)(h ^ (h >> 32));
}
