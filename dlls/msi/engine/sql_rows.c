/*
 * A result that is worked out as a whole.
 */
#include "sql_rows.h"

#include <string.h>

#include "hash.h"
#include "os.h"
#include "sql_eval.h"
#include "sql_sort.h"

/* Rows of a join that are worked out as a whole: some hundred megabytes. Three tables of a thousand
 * rows without a condition would be a billion, which a query asks for in a line. */
enum { JOINED_MOST = 1 << 24 };

struct context {
    const struct sql_rows *rows;
    const struct bound_query *q;
    u32 *keys; /* the cells of ORDER BY, by tuple */
};

static const u32 *tuple(const struct sql_rows *r, u32 i)
{
    return r->data + (size_t)i * r->width;
}

static bool add_tuple(struct sql_rows *r, const u32 *rows)
{
    if (r->width > 1 && r->count >= JOINED_MOST)
        return false;
    if (r->count == r->cap) {
        if (r->cap > UINT32_MAX / 4 || r->cap > SIZE_MAX / 2 / sizeof(*r->data) / r->width)
            return false;
        u32 cap = MAX(r->cap * 2, 16u);
        u32 *data = os_realloc_array(r->data, cap, r->width * sizeof(*data));
        if (!data)
            return false;
        r->data = data;
        r->cap = cap;
    }
    memcpy(r->data + (size_t)r->count++ * r->width, rows, r->width * sizeof(*rows));
    return true;
}

/* --- orders --------------------------------------------------------------------------------- */

static int natural_order(const void *ctx, u32 a, u32 b)
{
    const struct context *c = ctx;
    const u32 *x = tuple(c->rows, a), *y = tuple(c->rows, b);
    for (u32 t = c->rows->width; t-- > 0;) {
        int d = x[t] == y[t] ? 0 : tbl_compare_rows(c->q->table[t], x[t], y[t]);
        if (d)
            return d;
    }
    return 0;
}

/* Cells are ordered as they are: NULL first, integers by value, strings by id, which puts equal
 * ones together and is all that is promised. */
static int given_order(const void *ctx, u32 a, u32 b)
{
    const struct context *c = ctx;
    u32 n = c->q->order_count;
    const u32 *x = c->keys + (size_t)a * n, *y = c->keys + (size_t)b * n;
    for (u32 i = 0; i < n; i++) {
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    }
    return 0;
}

/* The cells are fetched once, not at each comparison. */
static u32 sort_as_given(struct sql_rows *r, struct context *c)
{
    u32 n = c->q->order_count;
    if (r->count > SIZE_MAX / sizeof(*c->keys) / n)
        return ERROR_OUTOFMEMORY;
    c->keys = os_alloc_array((u64)r->count * n, sizeof(*c->keys));
    if (!c->keys)
        return ERROR_OUTOFMEMORY;
    for (u32 k = 0; k < r->shown; k++) {
        u32 at = r->order[k];
        for (u32 i = 0; i < n; i++)
            c->keys[(size_t)at * n + i] = sql_eval_cell(c->q, &c->q->orders[i], tuple(r, at));
    }
    u32 code = sql_sort(r->order, r->shown, given_order, c);
    os_free(c->keys);
    return code;
}

/* --- DISTINCT ------------------------------------------------------------------------------- */

/* What makes two rows differ in the column. Streams are not compared: each row has its own. */
static u32 distinguishing(const struct bound_query *q, const struct bound_column *c,
                          const u32 *rows)
{
    if (c->table == SQL_NO_TABLE)
        return 0;
    u32 cell = sql_eval_cell(q, c, rows);
    return cell && col_is_object(c->type) ? rows[c->table] + 1 : cell;
}

static u32 tuple_hash(const struct bound_query *q, const u32 *rows)
{
    u32 h = 0;
    for (u32 i = 0; i < q->column_count; i++)
        h = hash_u32(h ^ distinguishing(q, &q->columns[i], rows)) + i;
    return h;
}

static bool same_tuple(const void *ctx, u32 value, const void *item)
{
    const struct context *c = ctx;
    const u32 *a = tuple(c->rows, value), *b = item;
    for (u32 i = 0; i < c->q->column_count; i++) {
        const struct bound_column *col = &c->q->columns[i];
        if (distinguishing(c->q, col, a) != distinguishing(c->q, col, b))
            return false;
    }
    return true;
}

static bool any_tuple(const void *ctx, u32 value, const void *item)
{
    UNUSED(ctx);
    UNUSED(value);
    UNUSED(item);
    return true;
}

/* Whether such a tuple was seen; if not, it is seen now, as tuple `at`. */
static u32 see(struct hash_map *seen, const struct context *c, const u32 *rows, u32 at, bool *again)
{
    u32 h = tuple_hash(c->q, rows);
    /* hash_u32 is one to one, so that one column's hash says all about it */
    hash_equal equal = c->q->column_count == 1 ? any_tuple : same_tuple;
    *again = hash_find(seen, h, equal, c, rows) != HASH_NONE;
    return *again ? ERROR_SUCCESS : hash_add(seen, h, at);
}

/* Leaves the first of equal tuples in order[]. */
static u32 drop_repeated(struct sql_rows *r, const struct context *c)
{
    struct hash_map seen;
    u32 kept = 0, code = ERROR_SUCCESS;
    bool again;
    hash_init(&seen);
    for (u32 i = 0; !code && i < r->shown; i++) {
        code = see(&seen, c, tuple(r, r->order[i]), r->order[i], &again);
        if (!again)
            r->order[kept++] = r->order[i];
    }
    r->shown = kept;
    hash_free(&seen);
    return code;
}

/* --- the whole -------------------------------------------------------------------------------- */

static u32 collect(struct sql_rows *r, struct sql_scan *s)
{
    u32 code;
    while (!(code = sql_scan_next(s))) {
        if (!add_tuple(r, s->row))
            return ERROR_OUTOFMEMORY;
    }
    return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}

/* For rows that come in the order that counts: the first of equal tuples stays. */
static u32 collect_distinct(struct sql_rows *r, struct sql_scan *s)
{
    struct context c = {r, s->q, NULL};
    struct hash_map seen;
    bool again;
    u32 code;
    hash_init(&seen);
    while (!(code = sql_scan_next(s))) {
        code = see(&seen, &c, s->row, r->count, &again);
        if (!code && !again && !add_tuple(r, s->row))
            code = ERROR_OUTOFMEMORY;
        if (code)
            break;
    }
    hash_free(&seen);
    return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}

/* Of equal tuples the first in the order that was asked for counts, so sorting comes first. */
static u32 arrange(struct sql_rows *r, struct sql_scan *s, bool repeated)
{
    struct context c = {r, s->q, NULL};
    u32 code = ERROR_SUCCESS;
    r->order = os_alloc_array(MAX(r->count, 1), sizeof(*r->order));
    if (!r->order)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < r->count; i++)
        r->order[i] = i;
    r->shown = r->count;
    if (!s->plan->natural)
        code = sql_sort(r->order, r->shown, natural_order, &c);
    if (!code && s->q->order_count && r->shown)
        code = sort_as_given(r, &c);
    if (!code && repeated)
        code = drop_repeated(r, &c);
    return code;
}

u32 sql_rows_collect(struct sql_rows *r, struct sql_scan *s, bool distinct)
{
    memset(r, 0, sizeof(*r));
    r->width = s->q->tables;
    bool at_once = distinct && s->plan->natural && !s->q->order_count;
    u32 code = at_once ? collect_distinct(r, s) : collect(r, s);
    if (!code)
        code = arrange(r, s, distinct && !at_once);
    if (code)
        sql_rows_free(r);
    return code;
}

void sql_rows_free(struct sql_rows *r)
{
    os_free(r->data);
    os_free(r->order);
    memset(r, 0, sizeof(*r));
}

const u32 *sql_rows_next(struct sql_rows *r)
{
    return r->at < r->shown ? tuple(r, r->order[r->at++]) : NULL;
}
