/*
 * A hive in private memory: for tests, for copies on the way to a file, for tools that only look.
 *
 * It has the three storages of an image and one overlay, and no lock: one thread at a time.
 */
#ifndef DECANTER_MEMHIVE_H
#define DECANTER_MEMHIVE_H

#include "meta.h"
#include "overlay.h"

struct memhive {
    u8 *base[HV_STORES];
    u32 size[HV_STORES]; /* in use */
    u32 room[HV_STORES]; /* allocated */
    struct overlay *overlay;
    struct hv_cache *cache;
    u32 max_value;
    u32 minor;
};

/* A new hive with a root key of that name, as meta_create. */
u32 memhive_create(struct memhive *m, const char16_t *root_name, const void *sd, u32 sd_size);
/* From the bytes of a hive file, base block and all. The checksum is not looked at, sequence
 * numbers neither: recovery is the shared hive's business. ERROR_NOT_REGISTRY_FILE,
 * ERROR_REGISTRY_CORRUPT, ERROR_OUTOFMEMORY. */
u32 memhive_load(struct memhive *m, const void *file, size_t n);
void memhive_free(struct memhive *m);

/* The bytes of a hive file with what was committed, from os_alloc. */
u32 memhive_save(struct memhive *m, void **file, size_t *n);

/* As hive.h has them. */
void memhive_read(struct memhive *m, struct hview *h);
void memhive_write_begin(struct memhive *m, struct hview *h);
/* Installs the overlay; h->error, or ERROR_OUTOFMEMORY: then it was an abort. */
u32 memhive_write_commit(struct memhive *m, struct hview *h);
void memhive_write_abort(struct memhive *m, struct hview *h);

#endif
