/*
 * Any bytes as a table: refused, or a table that is whole, that finds its rows, and that comes out
 * of writing and reading with the same cells.
 *
 * Input: column count and width (1 byte), a type (1 byte) for each column, then the stream.
 */
#include <stdlib.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str_pool *pool;
    struct table *t, *again;
    struct buf b = {0}, b2 = {0};
    u32 n, width, id;

    if (size < 1)
        return 0;
    n = data[0] % 31 + 1;
    width = data[0] & 0x80 ? 3 : 2;
    if (size < 1 + n || sp_create(0, &pool))
        return 0;
    for (char16_t c = u'a'; c < u'z'; c++)
        sp_intern(pool, &c, 1, &id);
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
