/*
 * Any bytes as a table: refused, or a table that is whole, that finds its rows, and that comes out
 * of writing and reading with the same cells.
 *
 * Input: column count and width (1 byte), a type (1 byte) for each column, then the stream.
 * Now and then the mutator starts anew from a table that the engine has written.
 */
#include <stdlib.h>
#include <string.h>

#include "table_impl.h"
#include "table_io.h"

static const u16 types[] = {0x1d48, 0x1502, 0x1104, 0x1900, 0x1f00, 0x0d20};

static struct table *make(struct str_pool *pool, const uint8_t *kinds, u32 n)
{
    struct table *t = tbl_new(pool, 0, TBL_USER);

    for (u32 i = 0; t && i < n; i++)
        tbl_add_column(t,
                       (struct column){i + 1, (u16)(types[kinds[i] % 6] | (i < 2 ? COL_KEY : 0))});
    return t;
}

static void use(struct table *t)
{
    u32 key[TBL_MAX_COLUMNS], row;

    for (u32 r = 0; r < t->slots && r < 50; r++) {
        for (u32 i = 0; i < t->keys; i++)
            key[i] = tbl_get(t, r, i);
        if (tbl_find_key(t, key, &row) || row == TBL_NONE ||
            tbl_match(t, t->columns - 1, tbl_get(t, r, t->columns - 1), &row) || row == TBL_NONE)
            abort();
    }
    if (tbl_check(t))
        abort();
}

/* --- whole tables to start from --------------------------------------------------------------- */

static struct str_pool *letters(void)
{
    struct str_pool *pool;
    u32 id;

    if (sp_create(0, &pool))
        return NULL;
    for (char16_t c = u'a'; c < u'z'; c++)
        sp_intern(pool, &c, 1, &id);
    return pool;
}

static u32 cell_of(u32 kind, u32 row, u32 col, unsigned seed)
{
    if (col_is_text(types[kind]))
        return (row + col * 3 + seed) % 24 + 1;
    return col_is_int(types[kind]) ? cell_from_int((i32)(row * 7 + col)) : row % 2;
}

static void fill(struct table *t, const uint8_t *kinds, u32 n, unsigned seed)
{
    u32 cells[TBL_MAX_COLUMNS], row;

    for (u32 r = 0; r < 9; r++) {
        for (u32 i = 0; i < n; i++)
            cells[i] = cell_of(kinds[i] % 6, r, i, seed);
        if (tbl_insert(t, cells, false, &row))
            return;
    }
}

static size_t whole_input(uint8_t *out, size_t max, unsigned seed)
{
    struct str_pool *pool = letters();
    u32 n = seed / 1024 % 8 + 1, width = seed / 512 % 2 ? 3 : 2;
    struct buf b = {0};
    struct table *t;
    size_t size;

    if (!pool || max < 1 + n)
        abort();
    out[0] = (uint8_t)((n - 1) | (width == 3 ? 0x80 + 4 : 0));
    n = out[0] % 31 + 1; /* as it is read */
    for (u32 i = 0; i < n; i++)
        out[1 + i] = (uint8_t)((seed >> (i & 15)) % 6);
    t = make(pool, out + 1, n);
    fill(t, out + 1, n, seed);
    if (tbl_write(t, width, &b))
        abort();
    size = 1 + n + b.len;
    if (size <= max)
        memcpy(out + 1 + n, b.data, b.len);
    buf_free(&b);
    tbl_release(t);
    sp_free(pool);
    return size <= max ? size : 0;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t whole = (size < 16 || seed % 512 == 0) && max > 200 ? whole_input(data, max, seed) : 0;

    return whole ? whole : LLVMFuzzerMutate(data, size, max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str_pool *pool;
    struct table *t, *again;
    struct buf b = {0}, b2 = {0};
    u32 n, width;

    if (size < 1)
        return 0;
    n = data[0] % 31 + 1;
    width = data[0] & 0x80 ? 3 : 2;
    if (size < 1 + n || !(pool = letters()))
        return 0;
    t = make(pool, data + 1, n);
    again = make(pool, data + 1, n);
    if (!tbl_read(t, data + 1 + n, size - 1 - n, width)) {
        use(t);
        if (tbl_write(t, width, &b) || tbl_read(again, b.data, b.len, width) ||
            tbl_rows(again) != tbl_rows(t) || tbl_write(again, width, &b2) || b.len != b2.len)
            abort();
        for (u32 row = 0; row < t->slots; row += 3)
            if (tbl_delete(t, row))
                abort();
        tbl_squeeze(t);
        if (tbl_check(t))
            abort();
    }
    tbl_release(t);
    tbl_release(again);
    buf_free(&b);
    buf_free(&b2);
    sp_free(pool);
    return 0;
}
