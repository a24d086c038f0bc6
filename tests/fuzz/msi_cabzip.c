/*
 * Cabinets of any bytes: the reader that does the usual ones, and the decompression under it.
 */
#include <stdlib.h>
#include <string.h>

#include "cabzip.h"
#include "mszip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
    u64 given;
};

enum { ENOUGH = 1 << 22 };

static u32 read_input(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    const struct input *in = ctx;

    *got = off < in->size ? (u32)MIN((u64)n, in->size - off) : 0;
    memcpy(buf, in->data + MIN(off, (u64)in->size), *got);
    return ERROR_SUCCESS;
}

static u32 begin(void *ctx, const struct cab_file *f, bool *want)
{
    UNUSED(ctx);
    UNUSED(f);
    *want = true;
    return ERROR_SUCCESS;
}

/* A small file may claim any number of bytes again and again. */
static u32 take(void *ctx, const void *bytes, u32 n)
{
    struct input *in = ctx;
    volatile u8 last = n ? ((const u8 *)bytes)[n - 1] : 0;

    UNUSED(last);
    in->given += n;
    return in->given > ENOUGH ? ERROR_DISK_FULL : ERROR_SUCCESS;
}

static u32 end(void *ctx, const struct cab_file *f)
{
    UNUSED(ctx);
    UNUSED(f);
    return ERROR_SUCCESS;
}

/* The first two bytes are how long the block claims to be. */
static void one_block(const uint8_t *data, size_t size)
{
    struct mszip *z = malloc(sizeof(*z));
    const u8 *out;
    u8 *in;

    if (!z || size < 2 || size > 65000) {
        free(z);
        return;
    }
    in = malloc(size + MSZIP_PAD);
    if (in) {
        memcpy(in, data + 2, size - 2);
        memset(in + size - 2, 0, MSZIP_PAD);
        mszip_start(z);
        mszip_block(z, in, (u32)size - 2, (u32)data[0] | (u32)data[1] << 8, &out);
    }
    free(in);
    free(z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {.data = data, .size = size};
    struct cab_bytes bytes = {.size = size, .read = read_input, .ctx = &in};
    struct cab_user user = {.ctx = &in, .begin = begin, .data = take, .end = end};

    cabzip_read(&user, &bytes);
    one_block(data, size);
    return 0;
}
