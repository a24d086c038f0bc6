/*
 * Allocations whose size is computed: the one place where a count is multiplied.
 */
#include "mem_size.h"
#include "os.h"

void *os_alloc_array(u64 count, u64 size)
{
    return os_alloc(mem_product(count, size));
}

void *os_alloc_behind(u64 head, u64 count, u64 size)
{
    return os_alloc(mem_sum(head, mem_product(count, size)));
}

void *os_realloc_array(void *p, u64 count, u64 size)
{
    return os_realloc(p, mem_product(count, size));
}
