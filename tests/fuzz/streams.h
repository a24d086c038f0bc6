/*
 * An input that is several streams, each with its length before it (1 byte); what is missing is
 * empty. Bytes changed anywhere seldom leave more than one stream sensible, so the mutator starts
 * from streams that the engine has written and changes one at a time.
 */
#ifndef FUZZ_STREAMS_H
#define FUZZ_STREAMS_H

#include <stdlib.h>
#include <string.h>

#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "utf16.h"

enum { STREAM_MAX = 255 };

struct stream_name {
    const char16_t *name;
    bool table;
};

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static void stored_name(const struct stream_name *n, char16_t stored[NAME_STORED_MAX + 1])
{
    if (name_encode(n->name, u16_len(n->name), n->table, stored))
        abort();
}

/* Takes the first stream off the input. */
static size_t next_stream(const uint8_t **data, size_t *size, const uint8_t **stream)
{
    size_t len = *size ? (*data)[0] : 0;

    *data += *size != 0;
    *size -= *size != 0;
    if (len > *size)
        len = *size;
    *stream = *data;
    *data += len;
    *size -= len;
    return len;
}

static void streams_put(struct stg *stg, const struct stream_name *names, size_t count,
                        const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        char16_t stored[NAME_STORED_MAX + 1];
        const uint8_t *stream;
        size_t len = next_stream(&data, &size, &stream);

        stored_name(&names[i], stored);
        if (stg_set_bytes(stg, stored, stream, len))
            abort();
    }
}

/* The input that streams_put would make these streams of; 0 where it is longer than max. */
static size_t streams_take(struct stg *stg, const struct stream_name *names, size_t count,
                           uint8_t *out, size_t max)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        char16_t stored[NAME_STORED_MAX + 1];
        u8 *bytes = NULL;
        size_t len = 0;

        stored_name(&names[i], stored);
        if (stg_read_all(stg, stored, &bytes, &len))
            len = 0;
        if (len > STREAM_MAX)
            abort();
        if (used + 1 + len > max) {
            os_free(bytes);
            return 0;
        }
        out[used++] = (uint8_t)len;
        if (len)
            memcpy(out + used, bytes, len);
        used += len;
        os_free(bytes);
    }
    return used;
}

/* Changes one of the streams. */
static size_t streams_mutate(uint8_t *data, size_t size, size_t max, unsigned seed, size_t count)
{
    uint8_t *copy = malloc(size + 1), one[STREAM_MAX];
    const uint8_t *rest = copy, *stream;
    size_t left = size, used = 0;

    memcpy(copy, data, size);
    for (size_t i = 0; i < count && used < max; i++) {
        size_t len = next_stream(&rest, &left, &stream);

        memcpy(one, stream, len);
        if (i == seed % count)
            len = LLVMFuzzerMutate(one, len, STREAM_MAX);
        if (len > max - used - 1)
            len = max - used - 1;
        data[used++] = (uint8_t)len;
        memcpy(data + used, one, len);
        used += len;
    }
    free(copy);
    return used;
}

#endif
