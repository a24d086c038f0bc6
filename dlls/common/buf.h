/*
 * Bytes: a buffer that grows, and little-endian numbers at any address.
 */
#ifndef DECANTER_BUF_H
#define DECANTER_BUF_H

#include "base.h"
#include "error.h"

static inline u32 le16(const u8 *p)
{
    return (u32)p[0] | (u32)p[1] << 8;
}
static inline u32 le24(const u8 *p)
{
    return le16(p) | (u32)p[2] << 16;
}
static inline u32 le32(const u8 *p)
{
    return le16(p) | le16(p + 2) << 16;
}
static inline void put_le16(u8 *p, u32 v)
{
    p[0] = (u8)v;
    p[1] = (u8)(v >> 8);
}
static inline void put_le24(u8 *p, u32 v)
{
    put_le16(p, v);
    p[2] = (u8)(v >> 16);
}
static inline void put_le32(u8 *p, u32 v)
{
    put_le16(p, v);
    put_le16(p + 2, v >> 16);
}

/* Zeroed memory is an empty buffer. */
struct buf {
    u8 *data;
    size_t len, cap;
};

void buf_free(struct buf *b); /* leaves an empty one */
/* Room for n more bytes without a further allocation. ERROR_OUTOFMEMORY. */
u32 buf_reserve(struct buf *b, size_t n);
/* Appends n bytes, or n undefined ones where data is NULL. */
u32 buf_add(struct buf *b, const void *data, size_t n);
u32 buf_add16(struct buf *b, u32 v);
u32 buf_add32(struct buf *b, u32 v);

#endif
