/*
 * Bytes of the file. A system call under Wine costs as much as copying many kilobytes, so small
 * reads go through a window: a piece of the file, or all of a small one.
 */
#include <string.h>

#include "cfb.h"

enum {
    WINDOW = 64 * 1024,
    SMALL_FILE = 256 * 1024, /* read whole */
    DIRECT = 32 * 1024,      /* reads of at least this go past the window */
    WRITE_PIECE = 1024 * 1024,
};

u32 cfb_sectors(const struct cfb *c)
{
    u64 size = cfb_sector_size(c);
    u64 n;

    if (c->size <= size)
        return 0;
    n = (c->size - size + size - 1) >> c->shift;
    return n > CFB_MAX_SECTOR ? CFB_MAX_SECTOR : (u32)n;
}

static u32 read_file(struct cfb *c, u64 off, void *buf, u32 n)
{
    u32 got;
    u32 err = os_read_at(c->file, off, buf, n, &got);

    if (err)
        return err;
    return got == n ? ERROR_SUCCESS : ERROR_FILE_CORRUPT;
}

static u32 move_window(struct cfb *c, u64 off)
{
    u32 cap = c->size <= SMALL_FILE ? SMALL_FILE : WINDOW;
    u64 from = c->size <= SMALL_FILE ? 0 : off & ~(u64)(WINDOW - 1);
    u32 len = (u32)MIN(c->size - from, cap);
    u32 err;

    c->window_len = 0;
    if (len > c->window_cap) {
        os_free(c->window);
        c->window_cap = 0;
        c->window = os_alloc(MAX(len, WINDOW));
        if (!c->window)
            return ERROR_OUTOFMEMORY;
        c->window_cap = MAX(len, WINDOW);
    }
    err = read_file(c, from, c->window, len);
    if (err)
        return err;
    c->window_off = from;
    c->window_len = len;
    return ERROR_SUCCESS;
}

static bool in_window(const struct cfb *c, u64 off, u32 n)
{
    return c->window && off >= c->window_off && off + n <= c->window_off + c->window_len;
}

static u32 read_inside(struct cfb *c, u64 off, u8 *buf, u32 n)
{
    if (!in_window(c, off, n)) {
        u32 err;

        if (!c->file)
            return ERROR_FILE_CORRUPT;
        if (n >= DIRECT && c->size > SMALL_FILE)
            return read_file(c, off, buf, n);
        err = move_window(c, off);
        if (err)
            return err;
        if (!in_window(c, off, n))
            return read_file(c, off, buf, n);
    }
    memcpy(buf, c->window + (off - c->window_off), n);
    return ERROR_SUCCESS;
}

u32 cfb_read(struct cfb *c, u64 off, void *buf, u32 n)
{
    u64 whole = ALIGN_UP(c->size, (u64)cfb_sector_size(c));
    u32 have;
    u32 err = ERROR_SUCCESS;

    if (off + n > whole)
        return ERROR_FILE_CORRUPT;
    have = off >= c->size ? 0 : (u32)MIN(c->size - off, n);
    if (have)
        err = read_inside(c, off, buf, have);
    memset((u8 *)buf + have, 0, n - have);
    return err;
}

u32 cfb_write(struct cfb *c, u64 off, const void *buf, u32 n)
{
    u32 err;

    if (c->window_len && off < c->window_off + c->window_len && off + n > c->window_off)
        c->window_len = 0;
    err = os_write_at(c->file, off, buf, n);
    if (err) {
        u64 size;

        /* a part may have been written */
        if (!os_size(c->file, &size) && size > c->size)
            c->size = size;
        return err;
    }
    c->size = MAX(c->size, off + n);
    return ERROR_SUCCESS;
}

u32 cfb_read_runs(struct cfb *c, u32 shift, const struct cfb_runs *runs, u32 *run, u64 *base,
                  u64 off, u8 *buf, u32 n)
{
    if (off < *base) {
        *run = 0;
        *base = 0;
    }
    while (n) {
        const struct cfb_run *r = &runs->at[*run];
        u64 len = (u64)r->count << shift;
        u32 part;
        u32 err;

        if (*run >= runs->count)
            return ERROR_FILE_CORRUPT;
        if (off >= *base + len) {
            *base += len;
            ++*run;
            continue;
        }
        part = (u32)MIN(*base + len - off, n);
        err = cfb_read(c, cfb_offset_as(r->start, shift) + (off - *base), buf, part);
        if (err)
            return err;
        off += part;
        buf += part;
        n -= part;
    }
    return ERROR_SUCCESS;
}

static u32 write_padded(struct cfb *c, u64 at, const u8 *data, u32 n)
{
    u8 last[1 << CFB_SHIFT_V4];
    u32 size = cfb_sector_size(c);
    u32 whole = n & ~(size - 1);
    u32 err = whole ? cfb_write(c, at, data, whole) : ERROR_SUCCESS;

    if (err || whole == n)
        return err;
    memset(last, 0, size);
    memcpy(last, data + whole, n - whole);
    return cfb_write(c, at + whole, last, size);
}

u32 cfb_write_runs(struct cfb *c, const struct cfb_runs *runs, const u8 *data, u64 n)
{
    for (u32 i = 0; i < runs->count && n; i++) {
        u64 at = cfb_offset(c, runs->at[i].start);
        u64 len = MIN((u64)runs->at[i].count << c->shift, n);

        n -= len;
        while (len) {
            u32 part = (u32)MIN(len, WRITE_PIECE);
            u32 err = write_padded(c, at, data, part);

            if (err)
                return err;
            at += part;
            data += part;
            len -= part;
        }
    }
    return ERROR_SUCCESS;
}

u32 cfb_runs_add(struct cfb_runs *r, u32 start, u32 count)
{
    if (r->count && r->at[r->count - 1].start + r->at[r->count - 1].count == start) {
        r->at[r->count - 1].count += count;
        return ERROR_SUCCESS;
    }
    if (r->count == r->cap) {
        u32 cap = r->cap ? r->cap * 2 : 1;
        struct cfb_run *at = os_realloc_array(r->at, cap, sizeof(*at));

        if (!at)
            return ERROR_OUTOFMEMORY;
        r->at = at;
        r->cap = cap;
    }
    r->at[r->count++] = (struct cfb_run){start, count};
    return ERROR_SUCCESS;
}

u32 cfb_runs_total(const struct cfb_runs *r)
{
    u32 n = 0;

    for (u32 i = 0; i < r->count; i++)
        n += r->at[i].count;
    return n;
}

void cfb_runs_free(struct cfb_runs *r)
{
    os_free(r->at);
    memset(r, 0, sizeof(*r));
}
