/*
 * The invariants of table_impl.h, executable: tests call this after every step.
 */
#include "os.h"
#include "table_impl.h"

static u32 count_live(const struct table *t)
{
    u32 n = 0;

    for (u32 row = 0; row < t->slots; row++)
        n += !row_gone(t, row);
    return n;
}

static bool order_whole(const struct table *t)
{
    u8 *seen = os_calloc((size_t)t->slots + 1, 1);
    bool whole = t->ordered <= t->slots;

    for (u32 pos = 0; seen && t->order && whole && pos < t->ordered; pos++) {
        u32 row = t->order[pos];

        whole = row < t->ordered && !seen[row];
        if (whole)
            seen[row] = 1;
    }
    os_free(seen);
    return whole;
}

static int check_cell(const struct table *t, u32 row, u32 col)
{
    u32 type = t->column[col].type, stored = tbl_raw(&t->data[col], row);

    if (col_is_text(type) && stored && !sp_valid(t->pool, stored))
        return 5;
    if (col_is_int(type) && tbl_encode(type, tbl_decode(type, stored)) != stored)
        return 6;
    return 0;
}

int tbl_check(struct table *t)
{
    if (count_live(t) != t->live)
        return 1;
    if (!order_whole(t))
        return 2;
    if (t->sorted && !t->keep_order && !tbl_order_ascends(t))
        return 3;
    for (u32 row = 0; row < t->slots; row++) {
        for (u32 col = 0; !row_gone(t, row) && col < t->columns; col++) {
            int broken = check_cell(t, row, col);

            if (broken)
                return broken;
        }
    }
    return tbl_index_check(t);
}
