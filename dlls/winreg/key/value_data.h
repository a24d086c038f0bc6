/*
 * The data of values: in the value itself (up to 4 bytes), in a cell, or as big data in segments.
 */
#ifndef DECANTER_VALUE_DATA_H
#define DECANTER_VALUE_DATA_H

#include "cell.h"

/* The two words a vk has for its data: size with VK_INLINE, and the data or its cell. */
struct data_words {
    u32 size;
    u32 data;
};

static inline u32 data_size(const struct data_words *w)
{
    u32 size = w->size & ~VK_INLINE;

    if (w->size & VK_INLINE)
        return MIN(size, 4u);
    return size;
}

/* Copies n bytes from off on; off + n <= data_size. */
u32 data_read(struct hview *h, const struct data_words *w, u32 off, void *buf, u32 n);
/* Stores new data. ERROR_NO_SYSTEM_RESOURCES where larger than h->max_value. */
u32 data_store(struct hview *h, enum hv_storage st, const void *data, u32 size,
               struct data_words *w);
/* The same, and a cell of n bytes for the value itself, beside the data's where that is one cell.
 */
u32 data_store_with(struct hview *h, enum hv_storage st, u32 n, const void *data, u32 size,
                    u32 *value, struct data_words *w);
/* Puts other data in the place of the old, in its cell where it fits. */
u32 data_replace(struct hview *h, enum hv_storage st, const void *data, u32 size,
                 struct data_words *w);
u32 data_free(struct hview *h, const struct data_words *w);
/* The data and the value's own cell. */
u32 data_free_with(struct hview *h, const struct data_words *w, u32 value);

/* --- for check.c ----------------------------------------------------------------------------- */

/* Whether the data is in segments; *count and *list from the db record. */
bool data_is_big(struct hview *h, const struct data_words *w, u32 *count, u32 *list);

#endif
