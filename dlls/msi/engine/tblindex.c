/*
 * Hash indexes over a table's columns, made when they are first wanted and kept up to date since.
 */
#include <string.h>

#include "hash.h"
#include "os.h"
#include "table_impl.h"

enum { GONE = 0xffffffffu, MIN_SLOTS = 16 };

/* --- cells of an index ------------------------------------------------------------------------ */

static u32 hash_row(const struct table *t, u32 columns, u32 row)
{
    u32 h = 0;

    for (u32 i = 0; i < t->columns; i++)
        if (columns >> i & 1)
            h = hash_u32(h * 31 + tbl_raw(&t->data[i], row));
    return h;
}

static bool equal_rows(const struct table *t, u32 columns, u32 a, u32 b)
{
    for (u32 i = 0; i < t->columns; i++)
        if (columns >> i & 1 && tbl_raw(&t->data[i], a) != tbl_raw(&t->data[i], b))
            return false;
    return true;
}

static void drop(struct table *t, struct tbl_index *x)
{
    struct tbl_index **link = &t->indexes;

    while (*link != x)
        link = &(*link)->next;
    *link = x->next;
    os_free(x->slots);
    os_free(x->after);
    os_free(x->before);
    os_free(x);
}

void tbl_index_drop_all(struct table *t)
{
    while (t->indexes)
        drop(t, t->indexes);
}

/* --- slots ------------------------------------------------------------------------------------ */

/* The slot that holds the head of the row's equals, or SIZE_MAX. */
static size_t find_slot(const struct table *t, const struct tbl_index *x, u32 row, u32 hash)
{
    for (u32 i = hash & x->mask; x->slots[i]; i = (i + 1) & x->mask)
        if (x->slots[i] != GONE && equal_rows(t, x->columns, x->slots[i] - 1, row))
            return i;
    return SIZE_MAX;
}

static void place(struct tbl_index *x, u32 hash, u32 row)
{
    u32 i = hash & x->mask;

    while (x->slots[i] && x->slots[i] != GONE)
        i = (i + 1) & x->mask;
    x->filled += !x->slots[i];
    x->used++;
    x->slots[i] = row + 1;
}

/* At most four fifths are filled. */
static u32 slots_for(u32 heads)
{
    u32 n = MIN_SLOTS;

    while ((u64)n * 4 < (u64)heads * 5)
        n *= 2;
    return n;
}

static bool rehash(const struct table *t, struct tbl_index *x, u32 heads)
{
    u32 *old = x->slots, old_count = old ? x->mask + 1 : 0, count = slots_for(heads);

    x->slots = os_calloc(count, sizeof(*x->slots));
    if (!x->slots) {
        x->slots = old;
        return false;
    }
    x->mask = count - 1;
    x->used = x->filled = 0;
    for (u32 i = 0; i < old_count; i++)
        if (old[i] && old[i] != GONE)
            place(x, hash_row(t, x->columns, old[i] - 1), old[i] - 1);
    os_free(old);
    return true;
}

static bool chain_room(const struct table *t, struct tbl_index *x)
{
    u32 cap = t->cap, *grown;

    if (!x->chained || x->chain_cap >= cap)
        return true;
    grown = os_realloc_array(x->after, cap, sizeof(*grown));
    if (!grown)
        return false;
    x->after = grown;
    grown = os_realloc_array(x->before, cap, sizeof(*grown));
    if (!grown)
        return false;
    x->before = grown;
    x->chain_cap = cap;
    return true;
}

/* A key that two rows have: from now on each key has a chain, so that a row can be taken out
 * without making the index anew. */
static bool start_chains(const struct table *t, struct tbl_index *x)
{
    x->after = os_calloc(t->cap, sizeof(*x->after));
    x->before = os_calloc(t->cap, sizeof(*x->before));
    x->chained = x->after && x->before; /* else the index is dropped */
    x->chain_cap = t->cap;
    return x->chained;
}

/* In an index of keys the row that was there first stays the one that is found. */
static void chain(struct tbl_index *x, size_t slot, u32 row)
{
    u32 head = x->slots[slot] - 1, next;

    if (!x->unique) {
        x->after[row] = head + 1;
        x->before[head] = row + 1;
        x->slots[slot] = row + 1;
        return;
    }
    next = x->after[head];
    x->after[head] = row + 1;
    x->before[row] = head + 1;
    x->after[row] = next;
    if (next)
        x->before[next - 1] = row + 1;
}

/* --- keeping an index ------------------------------------------------------------------------- */

static bool add_row(const struct table *t, struct tbl_index *x, u32 row)
{
    u32 hash = hash_row(t, x->columns, row);
    size_t slot;

    if (!chain_room(t, x))
        return false;
    if ((u64)(x->filled + 1) * 5 > (u64)(x->mask + 1) * 4 &&
        !rehash(t, x, x->used + x->used / 2 + 1))
        return false;
    slot = find_slot(t, x, row, hash);
    if (slot == SIZE_MAX)
        place(x, hash, row);
    else if (!x->chained && !start_chains(t, x))
        return false;
    if (!x->chained)
        return true;
    x->before[row] = 0;
    x->after[row] = 0;
    if (slot != SIZE_MAX)
        chain(x, slot, row);
    return true;
}

/* false where the index must be dropped. */
static bool remove_row(const struct table *t, struct tbl_index *x, u32 row)
{
    u32 next = x->chained ? x->after[row] : 0, prev = x->chained ? x->before[row] : 0;
    size_t slot;

    if (next)
        x->before[next - 1] = prev;
    if (prev) {
        x->after[prev - 1] = next;
        return true;
    }
    slot = find_slot(t, x, row, hash_row(t, x->columns, row));
    if (slot == SIZE_MAX)
        return false;
    x->slots[slot] = next ? next : (u32)GONE;
    x->used -= !next;
    return true;
}

void tbl_index_add(struct table *t, u32 row, u32 columns)
{
    for (struct tbl_index *x = t->indexes, *next; x; x = next) {
        next = x->next;
        if (x->columns & columns && !add_row(t, x, row))
            drop(t, x);
    }
}

void tbl_index_remove(struct table *t, u32 row, u32 columns)
{
    for (struct tbl_index *x = t->indexes, *next; x; x = next) {
        next = x->next;
        if (x->columns & columns && !remove_row(t, x, row))
            drop(t, x);
    }
}

/* --- look-up ---------------------------------------------------------------------------------- */

static u32 make(struct table *t, u32 columns, bool unique, struct tbl_index **out)
{
    struct tbl_index *x = os_calloc(1, sizeof(*x));

    if (!x)
        return ERROR_OUTOFMEMORY;
    x->columns = columns;
    x->unique = unique;
    x->chained = !unique;
    x->next = t->indexes;
    t->indexes = x;
    /* A key has as many heads as rows; other columns have as many as they have. */
    if (!rehash(t, x, unique ? t->live : 0) || !chain_room(t, x)) {
        drop(t, x);
        return ERROR_OUTOFMEMORY;
    }
    for (u32 row = t->slots; row-- > 0;) {
        if (!row_gone(t, row) && !add_row(t, x, row)) {
            drop(t, x);
            return ERROR_OUTOFMEMORY;
        }
    }
    *out = x;
    return ERROR_SUCCESS;
}

static struct tbl_index *known(const struct table *t, u32 columns, bool unique)
{
    struct tbl_index *x = t->indexes;

    while (x && (x->columns != columns || x->unique != unique))
        x = x->next;
    return x;
}

static u32 want(struct table *t, u32 columns, bool unique, struct tbl_index **x)
{
    *x = known(t, columns, unique);
    return *x ? ERROR_SUCCESS : make(t, columns, unique, x);
}

/* A cell that the column could not hold equals none of its cells. */
static bool could_hold(const struct table *t, u32 col, u32 cell)
{
    u32 type = t->column[col].type;

    if (col_is_int(type))
        return col_int_size(type) == 4 || cell_fits_i2(cell);
    return cell <= (t->data[col].width == 2 ? 0xffff : 0xffffff);
}

u32 tbl_find_key(struct table *t, const u32 *key, u32 *row)
{
    u32 stored[TBL_MAX_COLUMNS], h = 0;
    struct tbl_index *x;
    u32 err;

    *row = TBL_NONE;
    if (!t->live)
        return ERROR_SUCCESS;
    err = want(t, (u32)((1ull << t->keys) - 1), true, &x);
    if (err)
        return err;
    for (u32 i = 0; i < t->keys; i++) {
        if (!could_hold(t, i, key[i]))
            return ERROR_SUCCESS;
        stored[i] = tbl_encode(t->column[i].type, key[i]);
        h = hash_u32(h * 31 + stored[i]);
    }
    for (u32 s = h & x->mask; x->slots[s]; s = (s + 1) & x->mask) {
        u32 at = x->slots[s] - 1, i = 0;

        if (x->slots[s] == GONE)
            continue;
        while (i < t->keys && tbl_raw(&t->data[i], at) == stored[i])
            i++;
        if (i == t->keys) {
            *row = at;
            break;
        }
    }
    return ERROR_SUCCESS;
}

u32 tbl_match(struct table *t, u32 col, u32 cell, u32 *row)
{
    struct tbl_index *x;
    u32 err, stored;

    *row = TBL_NONE;
    if (!t->live || !could_hold(t, col, cell))
        return ERROR_SUCCESS;
    err = want(t, 1u << col, false, &x);
    if (err)
        return err;
    stored = tbl_encode(t->column[col].type, cell);
    for (u32 s = hash_u32(stored) & x->mask; x->slots[s]; s = (s + 1) & x->mask) {
        if (x->slots[s] != GONE && tbl_raw(&t->data[col], x->slots[s] - 1) == stored) {
            *row = x->slots[s] - 1;
            break;
        }
    }
    return ERROR_SUCCESS;
}

u32 tbl_match_next(const struct table *t, u32 col, u32 row)
{
    struct tbl_index *x = known(t, 1u << col, false);

    return x && row < x->chain_cap && x->after[row] ? x->after[row] - 1 : TBL_NONE;
}

/* --- figures ---------------------------------------------------------------------------------- */

size_t tbl_index_memory(const struct table *t)
{
    size_t n = 0;

    for (const struct tbl_index *x = t->indexes; x; x = x->next)
        n += sizeof(*x) + ((size_t)x->mask + 1 + 2 * (size_t)x->chain_cap) * sizeof(u32);
    return n;
}

static u32 count_rows(const struct tbl_index *x)
{
    u32 n = 0;

    for (u32 s = 0; s <= x->mask; s++)
        for (u32 row = x->slots[s] == GONE ? 0 : x->slots[s]; row;
             row = x->chained ? x->after[row - 1] : 0)
            n++;
    return n;
}

static bool holds(const struct table *t, const struct tbl_index *x, u32 row)
{
    size_t slot = find_slot(t, x, row, hash_row(t, x->columns, row));
    u32 at;

    if (slot == SIZE_MAX)
        return false;
    for (at = x->slots[slot]; at && at - 1 != row; at = x->chained ? x->after[at - 1] : 0)
        ;
    return at;
}

int tbl_index_check(struct table *t)
{
    for (const struct tbl_index *x = t->indexes; x; x = x->next) {
        if (count_rows(x) != t->live)
            return 4;
        for (u32 row = 0; row < t->slots; row++)
            if (!row_gone(t, row) && !holds(t, x, row))
                return 4;
    }
    return 0;
}
