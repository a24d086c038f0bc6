/*
 * Values of a key. What key.h says of torn bytes, errors and names holds here.
 *
 * The default value is the one with the empty name. Values are enumerated in the order in which
 * they were made; in a key with more than 512 the last one takes the place of one that is deleted.
 * Data is bytes; nothing here looks at types.
 */
#ifndef DECANTER_VALUE_H
#define DECANTER_VALUE_H

#include "hive_view.h"

#define VAL_NAME_MAX 16383u

struct val_info {
    u32 cell; /* of the value (vk) */
    u32 type;
    u32 size;           /* of the data in bytes */
    u32 name_len;       /* in characters */
    u32 raw_size, data; /* as the cell has them, for val_data in the same read */
};

/* ERROR_FILE_NOT_FOUND. */
u32 val_find(struct hview *h, u32 key, const char16_t *name, u32 len, struct val_info *info);
/* ERROR_NO_MORE_ITEMS. */
u32 val_enum(struct hview *h, u32 key, u32 index, struct val_info *info);
/* The value in that cell, for who has it from a list that is damaged elsewhere. */
u32 val_open(struct hview *h, u32 cell, struct val_info *info);
/* Up to cap characters; *len is the whole length in characters. */
u32 val_name(struct hview *h, u32 cell, char16_t *buf, u32 cap, u32 *len);
/* Copies n bytes from offset off of the data; off + n <= info->size. */
u32 val_data(struct hview *h, const struct val_info *info, u32 off, void *buf, u32 n);

/* Makes or replaces; name "" is the default value. ERROR_INVALID_PARAMETER (name too long),
 * ERROR_NO_SYSTEM_RESOURCES (data larger than h->max_value, hive full). */
u32 val_set(struct hview *h, u32 key, const char16_t *name, u32 len, u32 type, const void *data,
            u32 size);
/* ERROR_FILE_NOT_FOUND. */
u32 val_delete(struct hview *h, u32 key, const char16_t *name, u32 len);
/* For key_delete.c: all values of a key that is going. */
u32 val_free_all(struct hview *h, u32 key);

#endif
