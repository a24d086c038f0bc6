/*
 * Any bytes as the two streams of a string pool: refused, or a pool that is whole and that comes
 * out of writing and reading with the same texts under the same ids.
 *
 * Input: the length of the pool stream (2 bytes), that stream, the rest is the data stream.
 */
#include <stdlib.h>

#include "strpool.h"
#include "strpool_io.h"

static void round_trip(struct str_pool *p, u32 ref_bytes)
{
    struct buf pool = {0}, data = {0};
    struct str_pool *again;
    u32 width;

    if (sp_write(p, ref_bytes, &pool, &data)) {
        if (!sp_codepage(p) || sp_codepage(p) == 65001)
            abort();
    } else if (!sp_read(pool.data, pool.len, data.data, data.len, &width, &again)) {
        if (sp_check(again) || width != ref_bytes || sp_count(again) != sp_count(p))
            abort();
        sp_free(again);
    } else {
        abort();
    }
    buf_free(&pool);
    buf_free(&data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str_pool *p;
    u32 ref_bytes, id;
    size_t pool_len;

    if (size < 2)
        return 0;
    pool_len = le16(data);
    if (pool_len > size - 2)
        pool_len = size - 2;
    if (sp_read(data + 2, pool_len, data + 2 + pool_len, size - 2 - pool_len, &ref_bytes, &p))
        return 0;
    if (sp_check(p) || sp_intern(p, u"new", 3, &id))
        abort();
    sp_release(p, id, SP_TEMPORARY);
    if (sp_check(p))
        abort();
    round_trip(p, ref_bytes);
    sp_free(p);
    return 0;
}
