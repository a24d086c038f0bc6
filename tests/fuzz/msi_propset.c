/*
 * Any bytes as a property set: refused, or a set that comes out of writing and reading the same.
 *
 * Input: byte 0 even: the rest is the set. Odd: the rest goes behind a good header.
 * Now and then the mutator starts anew from a set that was written here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "propset.h"

static const u8 header[0x30] = {
    0xfe, 0xff, 0,    0,    6,    0,    2,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    1,    0,    0,    0,    0xe0, 0x85, 0x9f, 0xf2,
    0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9, 0x30, 0,    0,    0};

static void need_at(bool good, int line)
{
    if (good)
        return;
    fprintf(stderr, "line %d does not hold\n", line);
    abort();
}
#define need(good) need_at(good, __LINE__)

static void check(const u8 *data, size_t len)
{
    struct propset a, b;
    u8 *once, *twice;
    size_t n, m;

    propset_init(&a);
    propset_init(&b);
    if (propset_read(&a, data, len)) {
        need(a.count == 0);
        return;
    }
    need(!propset_write(&a, &once, &n));
    need(!propset_read(&b, once, n));
    need(a.count == b.count);
    need(!propset_write(&b, &twice, &m));
    need(n == m && !memcmp(once, twice, n));
    propset_free(&a);
    propset_free(&b);
    os_free(once);
    os_free(twice);
}

/* --- whole sets to start from ----------------------------------------------------------------- */

/* One property of every type that summary information has. */
static size_t whole_input(uint8_t *out, size_t max)
{
    struct propset s;
    size_t len;
    u8 *bytes;

    propset_init(&s);
    need(!propset_set_num(&s, 1, PROP_I2, 1252) && !propset_set_text(&s, 2, "Title", 5));
    need(!propset_set_text(&s, 7, "Intel;1033", 10) && !propset_set_num(&s, 14, PROP_I4, 200));
    need(!propset_set_time(&s, 12, 0x01d0000000000000) && !propset_set_text(&s, 9, "", 0));
    need(!propset_write(&s, &bytes, &len));
    if (len < max) {
        out[0] = 0;
        memcpy(out + 1, bytes, len);
    }
    os_free(bytes);
    propset_free(&s);
    return len < max ? len + 1 : 0;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t whole = size < 16 || seed % 512 == 0 ? whole_input(data, max) : 0;

    return whole ? whole : LLVMFuzzerMutate(data, size, max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u8 *copy;

    if (!size)
        return 0;
    if (data[0] % 2 == 0) {
        check(data + 1, size - 1);
        return 0;
    }
    copy = malloc(sizeof(header) + size);
    memcpy(copy, header, sizeof(header));
    memcpy(copy + sizeof(header), data + 1, size - 1);
    /* the section's size is that of the input, else little is ever reached */
    if (size > 4) {
        copy[0x30] = (u8)(size - 1);
        copy[0x31] = (u8)((size - 1) >> 8);
        copy[0x32] = (u8)((size - 1) >> 16);
        copy[0x33] = 0;
    }
    check(copy, sizeof(header) + size - 1);
    free(copy);
    return 0;
}
