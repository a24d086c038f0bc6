/*
 * Any bytes as the two streams of a string pool: refused, or a pool that is whole and that comes
 * out of writing and reading with the same texts under the same ids.
 *
 * Input: the length of the pool stream (2 bytes), that stream, the rest is the data stream.
 * Now and then the mutator starts anew from a pool that the engine has written.
 */
#include <stdlib.h>
#include <string.h>

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

/* A pool with free entries, counted references and characters of its code page. */
static struct str_pool *whole_pool(unsigned seed)
{
    static const u32 pages[] = {0, 1252, 932, 65001};
    struct str_pool *p;
    char16_t text[300];
    u32 id;

    if (sp_create(pages[seed / 4096 % 4], &p))
        abort();
    for (u32 i = 0; i < 12; i++) {
        size_t len = i * i * 2 + 1;

        for (size_t k = 0; k < len; k++)
            text[k] = (char16_t)(u'a' + (i + k) % 26);
        if (sp_codepage(p) && i % 3 == 0)
            text[0] = sp_codepage(p) == 932 ? 0x30a4 : 0xe9;
        if (sp_intern(p, text, len, &id))
            abort();
        for (u32 n = 0; n < i % 4; n++) /* none: a free entry */
            sp_add_ref(p, id, SP_PERSISTENT);
    }
    return p;
}

static size_t whole_input(uint8_t *out, size_t max, unsigned seed)
{
    struct str_pool *p = whole_pool(seed);
    struct buf pool = {0}, data = {0};
    size_t size;

    if (sp_write(p, seed / 16384 % 2 ? 3 : 2, &pool, &data))
        abort();
    size = 2 + pool.len + data.len;
    if (size <= max) {
        put_le16(out, (u32)pool.len);
        memcpy(out + 2, pool.data, pool.len);
        memcpy(out + 2 + pool.len, data.data, data.len);
    }
    buf_free(&pool);
    buf_free(&data);
    sp_free(p);
    return size <= max ? size : 0;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t whole = size < 16 || seed % 512 == 0 ? whole_input(data, max, seed) : 0;

    return whole ? whole : LLVMFuzzerMutate(data, size, max);
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
