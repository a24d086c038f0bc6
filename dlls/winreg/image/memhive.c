/*
 * Hives in private memory (memhive.h).
 *
 * Base block of the file, 4096 bytes: 0 "regf"  4, 8 sequence numbers  12 last write (8)  20 major
 * 24 minor version  28 type, 0  32 format, 1  36 root cell  40 size of the bins  44 1  48 name
 * (64)  508 checksum: the 127 words before, exclusive-or. Bins follow.
 */
#include <string.h>

#include "hive_cache.h"
#include "memhive.h"
#include "os.h"

#define BASE_SIZE 4096u
#define SIG_REGF  0x66676572u

enum base_offsets {
    BASE_SEQ1 = 4,
    BASE_SEQ2 = 8,
    BASE_TIME = 12,
    BASE_MAJOR = 20,
    BASE_MINOR = 24,
    BASE_FORMAT = 32,
    BASE_ROOT = 36,
    BASE_BINS = 40,
    BASE_CLUSTER = 44,
    BASE_CHECKSUM = 508,
};

static u32 get32(const u8 *p, u32 at)
{
    u32 v;

    memcpy(&v, p + at, 4);
    return v;
}

static void put32(u8 *p, u32 at, u32 v)
{
    memcpy(p + at, &v, 4);
}

/* Room for a storage of that size, zeroed behind what there was. */
static u32 reserve(struct memhive *m, enum hv_storage st, u32 size)
{
    u32 room = m->room[st] ? m->room[st] : 0x10000;
    u8 *base;

    if (size <= m->room[st])
        return ERROR_SUCCESS;
    while (room < size)
        room = room < 0x40000000 ? room * 2 : size;
    if (!(base = os_realloc(m->base[st], room)))
        return ERROR_OUTOFMEMORY;
    memset(base + m->room[st], 0, room - m->room[st]);
    m->base[st] = base;
    m->room[st] = room;
    return ERROR_SUCCESS;
}

static u32 start(struct memhive *m, u32 stable_size)
{
    u32 err;

    memset(m, 0, sizeof(*m));
    m->max_value = 0x40000000;
    if ((err = overlay_create(&m->overlay)) || (err = reserve(m, HV_META_STORE, HV_META_SIZE)) ||
        (err = reserve(m, HV_STABLE_STORE, stable_size)))
        return err;
    m->size[HV_META_STORE] = HV_META_SIZE;
    m->cache = hcache_create();
    return ERROR_SUCCESS;
}

void memhive_free(struct memhive *m)
{
    for (u32 st = 0; st < HV_STORES; st++)
        os_free(m->base[st]);
    overlay_destroy(m->overlay);
    hcache_destroy(m->cache);
    memset(m, 0, sizeof(*m));
}

void memhive_read(struct memhive *m, struct hview *h)
{
    hv_init(h, m->base[0], m->size[0], m->base[1], m->size[1], m->base[2]);
    h->cache = m->cache;
    h->max_value = m->max_value;
}

void memhive_write_begin(struct memhive *m, struct hview *h)
{
    memhive_read(m, h);
    overlay_attach(h, m->overlay);
}

u32 memhive_write_commit(struct memhive *m, struct hview *h)
{
    u32 err = h->error;

    for (enum hv_storage st = HV_STABLE_STORE; !err && st < HV_META_STORE; st++)
        err = reserve(m, st, h->size[st]);
    if (!err) {
        memcpy(m->size, h->size, sizeof(m->size));
        memcpy(h->base, m->base, sizeof(m->base));
        overlay_install(m->overlay, h);
    }
    memhive_write_abort(m, h);
    return err;
}

void memhive_write_abort(struct memhive *m, struct hview *h)
{
    overlay_reset(m->overlay);
    memset(h, 0, sizeof(*h));
}

static void ignore_mended(void *ctx, u32 off, u32 size)
{
    UNUSED(ctx);
    UNUSED(off);
    UNUSED(size);
}

u32 memhive_create(struct memhive *m, const char16_t *root_name, const void *sd, u32 sd_size)
{
    size_t len = 0;
    struct hview h;
    u32 root, err;

    while (root_name[len])
        len++;
    if ((err = start(m, 0x10000))) {
        memhive_free(m);
        return err;
    }
    m->minor = 5;
    memhive_write_begin(m, &h);
    if ((err = meta_create(&h, root_name, len, sd, sd_size, &root)))
        memhive_write_abort(m, &h);
    else
        err = memhive_write_commit(m, &h);
    if (err)
        memhive_free(m);
    return err;
}

/* The meta storage of what was loaded, written in place: nobody else sees this hive. */
static u32 build(struct memhive *m, u32 root)
{
    u32 room = meta_room(m->size[HV_STABLE_STORE]), err = reserve(m, HV_VOLATILE_STORE, room);
    struct hview h;

    if (err)
        return err;
    hv_init(&h, m->base[0], m->size[0], m->base[1], 0, m->base[2]);
    h.direct = true;
    h.limit[HV_STABLE_STORE] = m->size[HV_STABLE_STORE];
    h.limit[HV_VOLATILE_STORE] = room;
    err = meta_build(&h, root, m->minor, ignore_mended, NULL);
    m->size[HV_VOLATILE_STORE] = h.size[HV_VOLATILE_STORE];
    return err ? err : h.error;
}

u32 memhive_load(struct memhive *m, const void *file, size_t n)
{
    const u8 *f = file;
    u32 size, err;

    memset(m, 0, sizeof(*m));
    if (n < BASE_SIZE || get32(f, 0) != SIG_REGF || get32(f, BASE_MAJOR) != 1 ||
        get32(f, BASE_MINOR) < 1 || get32(f, BASE_MINOR) > 6)
        return ERROR_NOT_REGISTRY_FILE;
    size = get32(f, BASE_BINS);
    size = (u32)MIN(size, n - BASE_SIZE) & ~4095u;
    if (!(err = start(m, size))) {
        m->size[HV_STABLE_STORE] = MIN(size, 0x7fff0000u);
        m->minor = get32(f, BASE_MINOR);
        if (size)
            memcpy(m->base[HV_STABLE_STORE], f + BASE_SIZE, size);
        err = build(m, get32(f, BASE_ROOT));
    }
    if (err)
        memhive_free(m);
    return err;
}

static void put_base(struct memhive *m, u8 *f)
{
    struct hview h;
    u64 now = os_time();
    u32 sum = 0;

    memhive_read(m, &h);
    put32(f, 0, SIG_REGF);
    put32(f, BASE_SEQ1, 1);
    put32(f, BASE_SEQ2, 1);
    memcpy(f + BASE_TIME, &now, 8);
    put32(f, BASE_MAJOR, 1);
    put32(f, BASE_MINOR, m->minor);
    put32(f, BASE_FORMAT, 1);
    put32(f, BASE_ROOT, hv_u32(&h, HM_ROOT));
    put32(f, BASE_BINS, m->size[HV_STABLE_STORE]);
    put32(f, BASE_CLUSTER, 1);
    for (u32 at = 0; at < BASE_CHECKSUM; at += 4)
        sum ^= get32(f, at);
    put32(f, BASE_CHECKSUM, sum == 0xffffffff ? 0xfffffffe : sum ? sum : 1);
}

u32 memhive_save(struct memhive *m, void **file, size_t *n)
{
    u32 size = m->size[HV_STABLE_STORE];
    u8 *f = os_calloc(1, BASE_SIZE + (size_t)size);

    if (!f)
        return ERROR_OUTOFMEMORY;
    put_base(m, f);
    memcpy(f + BASE_SIZE, m->base[HV_STABLE_STORE], size);
    *file = f;
    *n = BASE_SIZE + (size_t)size;
    return ERROR_SUCCESS;
}
