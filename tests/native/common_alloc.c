/*
 * Sizes that come from files: what no address space holds is no memory, on every path there.
 */
#include <string.h>

#include "os.h"
#include "test.h"

static void products_do_not_wrap(void)
{
    void *p = os_alloc(16);

    ok(!os_alloc_array(1ull << 32, 1ull << 32), "64 bits wrapped to nothing\n");
    ok(!os_alloc_array((1ull << 61) + 1, 8), "64 bits wrapped to 8\n");
    ok(!os_calloc((1ull << 61) + 1, 8), "zeroed: wrapped to 8\n");
    ok(!os_realloc_array(p, (1ull << 61) + 1, 8), "again: wrapped to 8\n");
    ok(!os_alloc_behind(UINT64_MAX - 7, 2, 4), "the sum wrapped to nothing\n");
    ok(!os_alloc_behind(16, 1ull << 32, 1ull << 32), "behind a head: wrapped to nothing\n");
    os_free(p);
}

static void more_than_an_address_space_is_refused(void)
{
    void *p = os_alloc(16);

    /* what a 32-bit size cannot hold is cut to 1 where a caller narrows it */
    ok(!os_alloc((u64)PTRDIFF_MAX + 1), "more than a pointer can span\n");
    ok(!os_alloc_array((u64)PTRDIFF_MAX / 8 + 1, 8), "more than a pointer can span, in eights\n");
    ok(!os_realloc(p, UINT64_MAX), "everything there is\n");
    os_free(p);
}

static void small_arrays_are_whole(void)
{
    u32 *p = os_alloc_array(3, sizeof(*p));
    u8 *q;

    ok(p != NULL, "three words\n");
    if (p)
        memset(p, 1, 3 * sizeof(*p));
    p = os_realloc_array(p, 5, sizeof(*p));
    ok(p && p[2] == 0x01010101, "kept\n");
    os_free(p);
    q = os_alloc_behind(1, 3, 5);
    ok(q != NULL, "one and fifteen bytes\n");
    if (q)
        memset(q, 0, 16);
    os_free(q);
    p = os_alloc_array(0, 8);
    ok(p != NULL, "nothing is something to free\n");
    os_free(p);
}

START_TEST(common_alloc)
{
    RUN(products_do_not_wrap);
    RUN(more_than_an_address_space_is_refused);
    RUN(small_arrays_are_whole);
}
