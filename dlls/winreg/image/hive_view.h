/*
 * A sight of a hive's bytes: the one door to the shared image.
 *
 * A hive is addressed by 32-bit offsets as its file has them, relative to the start of the hive
 * bins data (file offset 4096):
 *
 *   0x00000000 .. 0x7fffffff  stable storage, what is in the hive file
 *   0x80000000 .. 0xfffeffff  volatile storage, the same format, gone when the hive is unloaded
 *   0xffff0000 .. 0xffffffff  meta: bookkeeping of the image, meta.h has its layout
 *
 * The image is shared memory that other processes change at any time, and may hold anything. So
 * no function hands out a pointer into it: the accessors here check bounds, load with relaxed
 * atomics, and copy out. An access out of bounds gives 0 (a write is dropped) and sets the sticky
 * h->error to ERROR_REGISTRY_CORRUPT. A reader believes what it read only after hive_read_end()
 * said that nothing changed meanwhile; until then every loop must end on any garbage.
 *
 * A writer's view has an overlay: private copies of the 512-byte sectors it wrote (overlay.h).
 * Nothing reaches the image before the commit, so an error in the middle leaves nothing.
 */
#ifndef DECANTER_HIVE_VIEW_H
#define DECANTER_HIVE_VIEW_H

#include "base.h"
#include "error.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "regf is little-endian, and so are all hosts so far"
#endif

#define HV_VOLATILE   0x80000000u
#define HV_META       0xffff0000u
#define HV_META_SIZE  0x10000u
#define HV_STABLE_MAX 0x7fff0000u /* bytes of stable storage that can be looked at and written */
#define HV_NIL        0xffffffffu /* no cell */

enum hv_storage { HV_STABLE_STORE, HV_VOLATILE_STORE, HV_META_STORE, HV_STORES };

struct overlay;
struct hv_cache;
struct late_frees;

struct hview {
    u32 fast;  /* size[0] of a reader, and of a writer that has not written to stable storage yet;
                  then 0: one test on the way to stable bytes */
    u32 error; /* sticky; ERROR_SUCCESS so far */
    u8 *base[HV_STORES];     /* 8-aligned; NULL where the size is 0 */
    u32 size[HV_STORES];     /* in bytes, a multiple of 4096; of a writer with what it grew */
    u32 limit[HV_STORES];    /* hv_grow goes no further: ERROR_NO_SYSTEM_RESOURCES */
    struct overlay *overlay; /* of a writer; NULL: the view is for reading */
    struct hv_cache *cache;  /* this process's look-up hints (hive_cache.h); may be NULL */
    const u64 *seq; /* of a reader of what others write: the number of the last write, which */
    u64 stamp;      /* was this one when the read began; NULL: nobody writes meanwhile */
    struct late_frees *late; /* while many cells are freed (cell.h) */
    bool direct;             /* writes go straight into base: nobody else sees this image yet */
    u64 now;                 /* the time this write stamps on keys, 0 until asked for */
    u32 max_value;           /* largest value data in bytes; hv_init sets 1 GB */
};

/* A reader's view. Sizes are cut down to a multiple of 4096. meta may be NULL for a foreign image
 * that is only looked at. A writer's: overlay_attach() (overlay.h) afterwards. */
void hv_init(struct hview *h, void *stable, u32 stable_size, void *vol, u32 vol_size, void *meta);

/* As hv_init, for a reader in a hurry: `blank` is what hv_init made of no storages but that meta.
 */
static inline void hv_renew(struct hview *h, const struct hview *blank, void *stable,
                            u32 stable_size, void *vol, u32 vol_size)
{
    *h = *blank;
    h->base[HV_STABLE_STORE] = (u8 *)stable;
    h->base[HV_VOLATILE_STORE] = (u8 *)vol;
    h->size[HV_STABLE_STORE] = MIN(stable_size, blank->limit[HV_STABLE_STORE]) & ~4095u;
    h->size[HV_VOLATILE_STORE] = MIN(vol_size, blank->limit[HV_VOLATILE_STORE]) & ~4095u;
    h->fast = h->size[HV_STABLE_STORE];
}

/* The first error sticks; always returns err. */
u32 hv_fail(struct hview *h, u32 err);

/* --- memory that others change ---------------------------------------------------------------- */

#define HV_LOAD(p)     __atomic_load_n((p), __ATOMIC_RELAXED)
#define HV_STORE(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)

/* memcpy from and to shared memory, word by word with relaxed atomics. */
void hv_load_bytes(void *to, const void *shared, size_t n);
void hv_store_bytes(void *shared, const void *from, size_t n);

/* --- reading ------------------------------------------------------------------------------------
 */

u8 hv_u8_slow(struct hview *h, u32 off);
u16 hv_u16_slow(struct hview *h, u32 off);
u32 hv_u32_slow(struct hview *h, u32 off);

/* Sizes are multiples of 4096: an aligned word that starts inside ends inside. */
static inline u8 hv_u8(struct hview *h, u32 off)
{
    return off < h->fast ? HV_LOAD(h->base[0] + off) : hv_u8_slow(h, off);
}

static inline u16 hv_u16(struct hview *h, u32 off)
{
    if (off < h->fast && !(off & 1))
        return HV_LOAD((const u16 *)(const void *)(h->base[0] + off));
    return hv_u16_slow(h, off);
}

static inline u32 hv_u32(struct hview *h, u32 off)
{
    if (off < h->fast && !(off & 3))
        return HV_LOAD((const u32 *)(const void *)(h->base[0] + off));
    return hv_u32_slow(h, off);
}

static inline u64 hv_u64(struct hview *h, u32 off)
{
    return hv_u32(h, off) | (u64)hv_u32(h, off + 4) << 32;
}

/* A hint that a reader will soon look there. */
static inline void hv_prefetch(const struct hview *h, u32 off)
{
    if (off < h->fast)
        __builtin_prefetch(h->base[0] + off);
}

/* False (and the error set) where the range is not all inside one storage. */
bool hv_inside(struct hview *h, u32 off, u32 n);
/* Copies out; where the range is not inside, dst is zeroed. */
void hv_copy(struct hview *h, u32 off, void *dst, u32 n);
bool hv_equal(struct hview *h, u32 off, const void *bytes, u32 n);

/* --- writing (views with an overlay; others get ERROR_ACCESS_DENIED) ----------------------------
 */

void hv_put_u8(struct hview *h, u32 off, u8 v);
void hv_put_u16(struct hview *h, u32 off, u16 v);
void hv_put_u32(struct hview *h, u32 off, u32 v);
void hv_put_u64(struct hview *h, u32 off, u64 v);
/* A word of stable storage that means something as long as the image lives, and nothing in the hive
 * file: it is installed with the write, and makes nobody log its sector. */
void hv_put_aside(struct hview *h, u32 off, u32 v);
/* What was such words comes to mean something in the hive file too: the image may have words there
 * that the log has not, so a sector of it is logged even if in the end it equals the image. */
void hv_log_all(struct hview *h, u32 off, u32 n);
void hv_write(struct hview *h, u32 off, const void *src, u32 n);
void hv_fill(struct hview *h, u32 off, u8 byte, u32 n);
/* Moves n bytes inside one storage, overlapping or not. */
void hv_move(struct hview *h, u32 to, u32 from, u32 n);
/* Makes a storage new_size bytes long (a multiple of 4096, larger than it is); what is new reads
 * as zeros. The image follows when the write is committed. ERROR_NO_SYSTEM_RESOURCES at the
 * limit. */
u32 hv_grow(struct hview *h, enum hv_storage storage, u32 new_size);
/* The time of this write, asked of the clock once. */
u64 hv_now(struct hview *h);

#endif
