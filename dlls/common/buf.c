#include <string.h>

#include "buf.h"
#include "os.h"

void buf_free(struct buf *b)
{
    os_free(b->data);
    memset(b, 0, sizeof(*b));
}

u32 buf_reserve(struct buf *b, size_t n)
{
    size_t cap = b->cap;
    u8 *data;

    if (n <= cap - b->len)
        return ERROR_SUCCESS;
    if (n > SIZE_MAX / 4 - b->len)
        return ERROR_OUTOFMEMORY;
    cap = MAX(b->len + n, cap + cap / 2 + 64);
    data = os_realloc(b->data, cap);
    if (!data)
        return ERROR_OUTOFMEMORY;
    b->data = data;
    b->cap = cap;
    return ERROR_SUCCESS;
}

u32 buf_add(struct buf *b, const void *data, size_t n)
{
    u32 err = buf_reserve(b, n);

    if (err)
        return err;
    if (data && n)
        memcpy(b->data + b->len, data, n);
    b->len += n;
    return ERROR_SUCCESS;
}

u32 buf_add16(struct buf *b, u32 v)
{
    u8 bytes[2];

    put_le16(bytes, v);
    return buf_add(b, bytes, sizeof(bytes));
}

u32 buf_add32(struct buf *b, u32 v)
{
    u8 bytes[4];

    put_le32(bytes, v);
    return buf_add(b, bytes, sizeof(bytes));
}
