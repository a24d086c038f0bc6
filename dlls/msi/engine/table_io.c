/*
 * The stored form of a table.
 *
 * The stream, named after the table with the mark of namecodec.h, has no header. It holds the
 * cells of the first column in row order, then those of the second, and so on:
 *   string   2 bytes, or 3 where the pool says so: its id, 0 for NULL
 *   integer  2 bytes: the value + 0x8000, or 4 bytes: the value + 0x80000000; 0 for NULL
 *   object   2 bytes: 1 where there is a stream Table.key1.key2, 0 for NULL
 * So the number of rows is the length divided by the bytes of a row.
 */
#include <string.h>

#include "buf.h"
#include "os.h"
#include "strpool_io.h"
#include "table_impl.h"
#include "table_io.h"

static u32 stored_width(u32 type, u32 ref_bytes)
{
    return col_is_text(type) ? ref_bytes : tbl_width(type);
}

static u32 stored_row(const struct table *t, u32 ref_bytes)
{
    u32 n = 0;

    for (u32 i = 0; i < t->columns; i++)
        if (!(t->column[i].type & COL_TEMPORARY))
            n += stored_width(t->column[i].type, ref_bytes);
    return n;
}

static u32 load_cell(const u8 *at, u32 width)
{
    if (width == 2)
        return le16(at);
    return width == 3 ? le24(at) : le32(at);
}

static bool ids_valid(const struct table *t, u32 col)
{
    for (u32 row = 0; row < t->slots; row++) {
        u32 id = tbl_raw(&t->data[col], row);

        if (id && !sp_was_stored(t->pool, id))
            return false;
    }
    return true;
}

static u32 read_column(struct table *t, u32 col, const u8 *data, u32 ref_bytes)
{
    u32 type = t->column[col].type, width = stored_width(type, ref_bytes);
    u32 err = tbl_widen(t, col, width);
    struct column_data *d = &t->data[col];

    if (err)
        return err;
    if (width == d->width)
        memcpy(d->cells, data, (size_t)t->slots * width);
    else
        for (u32 row = 0; row < t->slots; row++)
            tbl_put_raw(d, row, load_cell(data + (size_t)row * width, width));
    return col_is_text(type) && !ids_valid(t, col) ? ERROR_INSTALL_PACKAGE_INVALID : ERROR_SUCCESS;
}

u32 tbl_read(struct table *t, const u8 *data, size_t len, u32 ref_bytes)
{
    u32 row_bytes = stored_row(t, ref_bytes), err = ERROR_SUCCESS;
    size_t rows;

    if (!len)
        return ERROR_SUCCESS;
    if (!row_bytes || len % row_bytes || len / row_bytes > 0x7fffff00)
        return ERROR_INSTALL_PACKAGE_INVALID;
    rows = len / row_bytes;
    for (u32 i = 0; !err && i < t->columns; i++)
        if (col_is_text(t->column[i].type))
            err = tbl_widen(t, i, ref_bytes);
    if (!err)
        err = tbl_reserve(t, (u32)rows);
    if (err)
        return err;
    t->slots = t->live = t->ordered = (u32)rows;
    for (u32 i = 0; !err && i < t->columns; i++) {
        if (t->column[i].type & COL_TEMPORARY) {
            memset(t->data[i].cells, 0, rows * t->data[i].width);
            continue;
        }
        err = read_column(t, i, data, ref_bytes);
        data += rows * stored_width(t->column[i].type, ref_bytes);
    }
    if (err) {
        tbl_clear(t, true);
        return err;
    }
    t->keep_order = !tbl_order_ascends(t);
    t->version++;
    return ERROR_SUCCESS;
}

static void write_column(const struct table *t, u32 col, u32 width, u8 *to)
{
    for (u32 pos = 0; pos < t->ordered; pos++) {
        u32 row = t->order ? t->order[pos] : pos, cell;

        if (row_gone(t, row) || tbl_row_temporary(t, row))
            continue;
        cell = tbl_raw(&t->data[col], row);
        if (width == 2)
            put_le16(to, cell);
        else if (width == 3)
            put_le24(to, cell);
        else
            put_le32(to, cell);
        to += width;
    }
}

static u32 persistent_rows(const struct table *t)
{
    u32 n = 0;

    for (u32 row = 0; row < t->slots; row++)
        n += !row_gone(t, row) && !tbl_row_temporary(t, row);
    return n;
}

u32 tbl_write(struct table *t, u32 ref_bytes, struct buf *out)
{
    u32 err = tbl_make_order(t), rows;

    if (err)
        return err;
    rows = persistent_rows(t);
    for (u32 i = 0; !err && i < t->columns; i++) {
        u32 width = stored_width(t->column[i].type, ref_bytes);

        if (t->column[i].type & COL_TEMPORARY)
            continue;
        err = buf_add(out, NULL, (size_t)rows * width);
        if (!err && rows)
            write_column(t, i, width, out->data + out->len - (size_t)rows * width);
    }
    return err;
}

void tbl_count_refs(const struct table *t)
{
    for (u32 i = 0; i < t->columns; i++) {
        if (!col_is_text(t->column[i].type) || t->column[i].type & COL_TEMPORARY)
            continue;
        for (u32 row = 0; row < t->slots; row++)
            if (!row_gone(t, row) && !tbl_row_temporary(t, row))
                sp_add_ref(t->pool, tbl_raw(&t->data[i], row), SP_PERSISTENT);
    }
}
