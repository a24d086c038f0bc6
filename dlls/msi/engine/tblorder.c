/*
 * The order of a table's rows: by key cells, and walking in it.
 *
 * Rows come in at the end of the arrays. They are sorted in when somebody next walks, all that came
 * at once, so that n inserts and a walk cost n log n.
 */
#include <string.h>

#include "os.h"
#include "table_impl.h"

/* --- order ------------------------------------------------------------------------------------ */

int tbl_compare_rows(const struct table *t, u32 a, u32 b)
{
    for (u32 i = 0; i < t->keys; i++) {
        u32 x = tbl_raw(&t->data[i], a), y = tbl_raw(&t->data[i], b);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static u32 row_at(const struct table *t, u32 pos)
{
    return t->order ? t->order[pos] : pos;
}

bool tbl_order_ascends(const struct table *t)
{
    u32 last = TBL_NONE;

    for (u32 pos = 0; pos < t->ordered; pos++) {
        u32 row = row_at(t, pos);

        if (row_gone(t, row))
            continue;
        if (last != TBL_NONE && tbl_compare_rows(t, last, row) > 0)
            return false;
        last = row;
    }
    return true;
}

/* Merges the ascending runs [0, half) and [half, n) of `from` into `to`. */
static void merge(const struct table *t, const u32 *from, u32 half, u32 n, u32 *to)
{
    u32 a = 0, b = half;

    for (u32 i = 0; i < n; i++) {
        bool first = b == n || (a < half && tbl_compare_rows(t, from[a], from[b]) < 0);

        to[i] = first ? from[a++] : from[b++];
    }
}

/* Sorts rows[0, n) with scratch room for as many. Bottom up, so nothing recurses. */
static void sort_rows(const struct table *t, u32 *rows, u32 *scratch, u32 n)
{
    u32 *from = rows, *to = scratch;

    for (u32 run = 1; run < n; run *= 2) {
        for (u32 at = 0; at < n; at += 2 * run)
            merge(t, from + at, MIN(run, n - at), MIN(2 * run, n - at), to + at);
        to = from;
        from = from == rows ? scratch : rows;
        if (run > n / 2)
            break;
    }
    if (from != rows)
        memcpy(rows, from, n * sizeof(*rows));
}

/* The rows in order, then those that came since. Returns how many are of the first kind. */
static u32 collect(const struct table *t, u32 *rows, u32 *total)
{
    u32 n = 0, old;

    for (u32 pos = 0; pos < t->ordered; pos++)
        rows[n++] = row_at(t, pos);
    old = n;
    for (u32 row = t->ordered; row < t->slots; row++)
        rows[n++] = row;
    *total = n;
    return old;
}

static bool is_in_order(const struct table *t)
{
    return t->ordered == t->slots && (t->sorted || t->keep_order);
}

/* The rows in `order` are always those with the lowest numbers. */
u32 tbl_make_order(struct table *t)
{
    u32 *rows, *sorted, old, n;

    if (t->keep_order)
        t->ordered = t->slots;
    if (is_in_order(t))
        return ERROR_SUCCESS;
    rows = os_alloc_array(t->slots, sizeof(*rows));
    sorted = os_alloc_array(t->slots, sizeof(*sorted));
    if (!rows || !sorted) {
        os_free(rows);
        os_free(sorted);
        return ERROR_OUTOFMEMORY;
    }
    old = collect(t, rows, &n);
    if (!t->sorted) {
        sort_rows(t, rows, sorted, n);
        memcpy(sorted, rows, n * sizeof(*rows));
    } else {
        sort_rows(t, rows + old, sorted, n - old);
        merge(t, rows, old, n, sorted);
    }
    os_free(rows);
    os_free(t->order);
    t->order = sorted;
    t->ordered = n;
    t->sorted = true;
    t->order_version++;
    return ERROR_SUCCESS;
}

/* --- walking ---------------------------------------------------------------------------------- */

void tbl_start(struct tbl_cursor *c)
{
    c->row = TBL_NONE;
    c->pos = 0;
    c->order_version = 0;
}

/* The first place behind the row's own. */
static u32 place_after(const struct table *t, u32 row)
{
    u32 low = 0, high = t->ordered;

    if (!t->order)
        return row + 1;
    while (low < high) {
        u32 mid = low + (high - low) / 2;

        if (tbl_compare_rows(t, t->order[mid], row) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

u32 tbl_next(struct table *t, struct tbl_cursor *c, u32 *row)
{
    u32 err = is_in_order(t) ? ERROR_SUCCESS : tbl_make_order(t);

    if (err)
        return err;
    if (c->row != TBL_NONE && c->order_version != t->order_version)
        c->pos = c->row < t->slots ? place_after(t, c->row) : t->ordered;
    c->order_version = t->order_version;
    while (c->pos < t->ordered && row_gone(t, row_at(t, c->pos)))
        c->pos++;
    if (c->pos >= t->ordered) {
        *row = TBL_NONE; /* the cursor stays: what is inserted behind its place is still met */
        return ERROR_SUCCESS;
    }
    *row = c->row = row_at(t, c->pos++);
    return ERROR_SUCCESS;
}
