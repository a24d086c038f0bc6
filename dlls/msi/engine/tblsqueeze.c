/*
 * Getting rid of deleted rows and of an order that is not that of the arrays.
 */
#include "os.h"
#include "table_impl.h"

/* The live rows in their order, NULL when there is no memory. */
static u32 *live_rows(const struct table *t)
{
    u32 *rows = os_alloc_array((u64)t->live + 1, sizeof(*rows)), n = 0;

    for (u32 pos = 0; rows && pos < t->ordered; pos++) {
        u32 row = t->order ? t->order[pos] : pos;

        if (!row_gone(t, row))
            rows[n++] = row;
    }
    return rows;
}

static bool gather(const struct table *t, const u32 *rows, struct column_data *to, u8 **flags)
{
    if (t->flags) {
        *flags = os_alloc((u64)t->live + 1);
        if (!*flags)
            return false;
        for (u32 i = 0; i < t->live; i++)
            (*flags)[i] = t->flags[rows[i]];
    }
    for (u32 col = 0; col < t->columns; col++) {
        to[col].width = t->data[col].width;
        to[col].cells = os_alloc_array(MAX(t->live, 1), to[col].width);
        if (!to[col].cells)
            return false;
        for (u32 i = 0; i < t->live; i++)
            tbl_put_raw(&to[col], i, tbl_raw(&t->data[col], rows[i]));
    }
    return true;
}

static void swap_in(struct table *t, struct column_data *to, u8 **flags)
{
    u8 *old;

    for (u32 col = 0; col < t->columns; col++) {
        struct column_data d = t->data[col];

        t->data[col] = to[col];
        to[col] = d;
    }
    old = t->flags;
    t->flags = *flags;
    *flags = old;
    os_free(t->order);
    t->order = NULL;
    t->slots = t->ordered = t->live;
    t->cap = MAX(t->live, 1);
    t->version++;
    t->order_version++;
    tbl_index_drop_all(t);
}

void tbl_squeeze(struct table *t)
{
    struct column_data to[TBL_MAX_COLUMNS] = {{NULL, 0}};
    u8 *flags = NULL;
    u32 *rows;

    if (t->pins || tbl_make_order(t) || (!t->order && t->live == t->slots))
        return;
    rows = live_rows(t);
    if (rows && gather(t, rows, to, &flags))
        swap_in(t, to, &flags);
    for (u32 col = 0; col < TBL_MAX_COLUMNS; col++)
        os_free(to[col].cells);
    os_free(flags);
    os_free(rows);
}
