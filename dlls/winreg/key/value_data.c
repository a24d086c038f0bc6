/*
 * Data of values (value_data.h; the layouts stand in regf.h).
 *
 * Big data is told from a plain cell by its room: a cell with room for all of the data is the
 * data, whatever the version of the hive says; a db record is always shorter.
 */
#include <string.h>

#include "value_data.h"

bool data_is_big(struct hview *h, const struct data_words *w, u32 *count, u32 *list)
{
    u32 size = data_size(w), room;

    if ((w->size & VK_INLINE) || size <= DB_SEGMENT)
        return false;
    room = cell_room(h, w->data);
    if (room >= size || room < DB_SIZE || cell_u16(h, w->data, 0) != SIG_DB)
        return false;
    *count = cell_u16(h, w->data, DB_COUNT);
    *list = cell_u32(h, w->data, DB_LIST);
    return *count == (size + DB_SEGMENT - 1) / DB_SEGMENT && cell_room(h, *list) / 4 >= *count;
}

static u32 read_big(struct hview *h, u32 count, u32 list, u32 off, u8 *buf, u32 n)
{
    while (n) {
        u32 i = off / DB_SEGMENT, at = off % DB_SEGMENT, part = MIN(n, DB_SEGMENT - at);
        u32 cell = i < count ? cell_u32(h, list, i * 4) : HV_NIL;
        if (cell_room(h, cell) < at + part)
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        hv_copy(h, cell + CELL_HEAD + at, buf, part);
        buf += part;
        off += part;
        n -= part;
    }
    return h->error;
}

u32 data_read(struct hview *h, const struct data_words *w, u32 off, void *buf, u32 n)
{
    u32 size = data_size(w), count, list;

    if (off > size || n > size - off)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (!n)
        return h->error;
    if (w->size & VK_INLINE) {
        memcpy(buf, (const u8 *)&w->data + off, n);
        return h->error;
    }
    if (data_is_big(h, w, &count, &list))
        return read_big(h, count, list, off, buf, n);
    if (cell_room(h, w->data) < size)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    hv_copy(h, w->data + CELL_HEAD + off, buf, n);
    return h->error;
}

/* The record and its list, and then the segments one by one. */
static u32 store_big(struct hview *h, enum hv_storage st, const u8 *data, u32 size, u32 *cell)
{
    u32 count = (size + DB_SEGMENT - 1) / DB_SEGMENT, list, segment, err;

    if ((err = cell_alloc(h, st, DB_SIZE, cell)) || (err = cell_alloc(h, st, count * 4, &list)))
        return err;
    cell_put_u16(h, *cell, 0, SIG_DB);
    cell_put_u16(h, *cell, DB_COUNT, (u16)count);
    cell_put_u32(h, *cell, DB_LIST, list);
    for (u32 i = 0; i < count; i++) {
        u32 part = MIN(size - i * DB_SEGMENT, DB_SEGMENT);
        if ((err = cell_alloc(h, st, part, &segment)))
            return err;
        hv_write(h, segment + CELL_HEAD, data + i * DB_SEGMENT, part);
        cell_put_u32(h, list, i * 4, segment);
    }
    return h->error;
}

u32 data_store(struct hview *h, enum hv_storage st, const void *data, u32 size,
               struct data_words *w)
{
    u32 err;

    if (size > h->max_value || size > 0xffffu * DB_SEGMENT)
        return ERROR_NO_SYSTEM_RESOURCES;
    if (size <= 4) {
        w->size = size | VK_INLINE;
        w->data = 0;
        if (size)
            memcpy(&w->data, data, size);
        return h->error;
    }
    w->size = size;
    if (size > DB_SEGMENT && hv_u32(h, HM_MINOR) >= DB_MINOR)
        return store_big(h, st, data, size, &w->data);
    if ((err = cell_alloc(h, st, size, &w->data)))
        return err;
    hv_write(h, w->data + CELL_HEAD, data, size);
    return h->error;
}

u32 data_store_with(struct hview *h, enum hv_storage st, u32 n, const void *data, u32 size,
                    u32 *value, struct data_words *w)
{
    u32 err;

    if (size <= 4 || size > DB_SEGMENT) {
        err = data_store(h, st, data, size, w);
        return err ? err : cell_alloc(h, st, n, value);
    }
    if (size > h->max_value)
        return ERROR_NO_SYSTEM_RESOURCES;
    if ((err = cell_alloc_pair(h, st, n, size, value, &w->data)))
        return err;
    w->size = size;
    hv_write(h, w->data + CELL_HEAD, data, size);
    return h->error;
}

/* Whether the old cell takes the new data without wasting most of itself. */
static bool fits(struct hview *h, const struct data_words *w, u32 size)
{
    u32 count, list, room;

    if ((w->size & VK_INLINE) || size <= 4 || size > DB_SEGMENT || data_is_big(h, w, &count, &list))
        return false;
    room = cell_room(h, w->data);
    return size <= room && room <= 2 * size + 64;
}

u32 data_replace(struct hview *h, enum hv_storage st, const void *data, u32 size,
                 struct data_words *w)
{
    struct data_words old = *w;
    u32 err;

    if (fits(h, w, size)) {
        w->size = size;
        hv_write(h, w->data + CELL_HEAD, data, size);
        return h->error;
    }
    if ((err = data_store(h, st, data, size, w)))
        return err;
    return data_free(h, &old);
}

static bool has_cell(const struct data_words *w)
{
    return !(w->size & VK_INLINE) && data_size(w);
}

/* Of big data, all but the record. */
static u32 free_segments(struct hview *h, const struct data_words *w)
{
    u32 count, list, err;

    if (!data_is_big(h, w, &count, &list))
        return h->error;
    for (u32 i = 0; i < count; i++)
        if ((err = cell_free(h, cell_u32(h, list, i * 4))))
            return err;
    return cell_free(h, list);
}

u32 data_free(struct hview *h, const struct data_words *w)
{
    u32 err = has_cell(w) ? free_segments(h, w) : h->error;

    return err || !has_cell(w) ? err : cell_free(h, w->data);
}

u32 data_free_with(struct hview *h, const struct data_words *w, u32 value)
{
    u32 err;

    if (!has_cell(w))
        return cell_free(h, value);
    err = free_segments(h, w);
    return err ? err : cell_free_pair(h, value, w->data);
}
