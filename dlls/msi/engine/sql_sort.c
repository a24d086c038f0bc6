/*
 * A stable merge sort, from short runs upwards.
 */
#include "sql_sort.h"

#include <string.h>

#include "os.h"

enum { RUN_LENGTH = 8 };

static bool is_sorted(const u32 *items, u32 n, sql_order order, const void *ctx)
{
    for (u32 i = 1; i < n; i++) {
        if (order(ctx, items[i - 1], items[i]) > 0)
            return false;
    }
    return true;
}

static void insertion(u32 *items, u32 n, sql_order order, const void *ctx)
{
    for (u32 i = 1; i < n; i++) {
        u32 v = items[i], k = i;
        for (; k && order(ctx, items[k - 1], v) > 0; k--)
            items[k] = items[k - 1];
        items[k] = v;
    }
}

/* Merges from[0..mid) and from[mid..n) into `to`. */
static void merge(const u32 *from, u32 mid, u32 n, u32 *to, sql_order order, const void *ctx)
{
    u32 a = 0, b = mid, o = 0;
    while (a < mid && b < n)
        to[o++] = order(ctx, from[a], from[b]) <= 0 ? from[a++] : from[b++];
    memcpy(to + o, from + a, (mid - a) * sizeof(*to));
    o += mid - a;
    memcpy(to + o, from + b, (n - b) * sizeof(*to));
}

u32 sql_sort(u32 *items, u32 n, sql_order order, const void *ctx)
{
    if (is_sorted(items, n, order, ctx))
        return ERROR_SUCCESS;
    u32 *other = os_alloc_array(n, sizeof(*other));
    if (!other)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < n; i += RUN_LENGTH)
        insertion(items + i, MIN(n - i, (u32)RUN_LENGTH), order, ctx);
    u32 *from = items, *to = other;
    for (u64 run = RUN_LENGTH; run < n; run *= 2) {
        for (u64 i = 0; i < n; i += 2 * run) {
            u32 len = (u32)MIN((u64)n - i, 2 * run);
            merge(from + i, (u32)MIN(run, (u64)len), len, to + i, order, ctx);
        }
        u32 *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, (size_t)n * sizeof(*items));
    os_free(other);
    return ERROR_SUCCESS;
}
