/*
 * Mapping anew, or copying into more memory; region.h says how it is used.
 */
#include <string.h>

#include "region.h"

#define REGION_MAX  0x7fff0000u
#define REGION_STEP 0x10000u

void region_init(struct region *r, struct os_file *file, u64 off, u32 least)
{
    memset(r, 0, sizeof(*r));
    r->file = file;
    r->off = off;
    r->least = least;
}

static void drop_view(struct region *r, struct region_view *v)
{
    if (r->file)
        os_unmap(v->base, v->size);
    else
        os_free(v->base);
    os_free(v);
}

void region_close(struct region *r)
{
    struct region_view *v = r->view;

    while (v) {
        struct region_view *older = v->older;

        drop_view(r, v);
        v = older;
    }
    r->view = NULL;
    os_mutex_done(&r->lock);
}

/* A power of two with room to grow; as little as possible where that is refused. */
static u32 roomy(const struct region *r, u32 size)
{
    u64 want = r->least;

    while (want < size + (u64)size / 8)
        want *= 2;
    return (u32)MIN(want, REGION_MAX);
}

static u8 *make(struct region *r, u32 size)
{
    const struct region_view *old = r->view;
    void *base;

    if (r->file)
        return os_map(r->file, r->off, size, !r->read_only, r->lost, &base) ? NULL : base;
    base = os_calloc(1, size);
    if (base && old)
        memcpy(base, old->base, old->size);
    return base;
}

void region_lengthen(struct region *r, u32 size)
{
    const struct region_view *v = __atomic_load_n(&r->view, __ATOMIC_ACQUIRE);
    u64 have, want = r->off + roomy(r, size);

    if (!r->file || (v && size <= v->size) || os_size(r->file, &have))
        return;
    if (have < want)
        os_resize(r->file, want); /* without it views are shorter, and more of them */
}

/* What of a file can be mapped: a reader never makes it longer, for it would not know how long a
 * writer has just made it. */
static u32 mappable(const struct region *r, u32 want)
{
    u64 have;

    if (!r->file)
        return want;
    if (os_size(r->file, &have) || have <= r->off)
        return 0;
    return (u32)MIN((u64)want, (have - r->off) & ~(u64)4095);
}

static u8 *extend(struct region *r, u32 size)
{
    struct region_view *v = os_alloc(sizeof(*v));

    if (!v)
        return NULL;
    v->size = mappable(r, roomy(r, size));
    v->base = v->size && v->size >= size ? make(r, v->size) : NULL;
    if (!v->base && v->size > size) {
        v->size = mappable(r, ALIGN_UP(size, REGION_STEP));
        v->base = v->size >= size ? make(r, v->size) : NULL;
    }
    if (!v->base) {
        os_free(v);
        return NULL;
    }
    v->older = r->view;
    __atomic_store_n(&r->view, v, __ATOMIC_RELEASE);
    return v->base;
}

u8 *region_more(struct region *r, u32 size)
{
    u8 *base;

    if (size > REGION_MAX)
        return NULL;
    os_mutex_lock(&r->lock);
    base = r->view && size <= r->view->size ? r->view->base : extend(r, size);
    os_mutex_unlock(&r->lock);
    return base;
}
