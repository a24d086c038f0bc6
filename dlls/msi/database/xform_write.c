#include "codepage.h"
#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "strpool_io.h"
#include "utf16.h"
#include "xform_write.h"

static const u8 transform_class[16] = {0x82, 0x10, 0x0c, 0, 0, 0, 0, 0,
                                       0xc0, 0,    0,    0, 0, 0, 0, 0x46};

void xform_writer_free(struct xform_writer *w)
{
    id_map_free(&w->to_ref);
    id_map_free(&w->to_db);
    id_map_free(&w->from_db);
    id_map_free(&w->from_ref);
    sp_free(w->strings);
    w->strings = NULL;
    buf_free(&w->tables);
    buf_free(&w->columns);
    buf_free(&w->rows);
}

u32 xform_begin(struct xform_writer *w)
{
    struct str_pool *db = db_core_strings(w->db), *ref = db_core_strings(w->ref);
    u32 err;

    xform_writer_free(w);
    err = sp_create(sp_codepage(db), &w->strings);
    if (!err)
        err = id_map_init(&w->to_ref, db, ref);
    if (!err)
        err = id_map_init(&w->to_db, ref, db);
    if (!err)
        err = id_map_init(&w->from_db, db, w->strings);
    if (!err)
        err = id_map_init(&w->from_ref, ref, w->strings);
    w->different = sp_codepage(db) && sp_codepage(db) != sp_codepage(ref);
    return err;
}

u32 xform_put_id(const struct xform_writer *w, struct buf *b, u32 id)
{
    u8 bytes[3];

    put_le24(bytes, id);
    return buf_add(b, bytes, w->ref_bytes);
}

u32 xform_put_cell(const struct xform_writer *w, struct buf *b, u32 type, u32 cell)
{
    if (col_is_text(type))
        return xform_put_id(w, b, cell);
    if (col_is_int(type) && col_int_size(type) == 4)
        return buf_add32(b, cell);
    if (col_is_int(type) && cell)
        cell -= 0x7fff8000u; /* see tbl_encode */
    return buf_add16(b, cell);
}

static u32 write_stream(struct xform_writer *w, const char16_t *name, size_t len, struct buf *b)
{
    char16_t stored[NAME_STORED_MAX + 1];

    w->different |= b->len != 0;
    if (!w->stg || !b->len)
        return ERROR_SUCCESS;
    if (name_encode(name, len, true, stored))
        return ERROR_FUNCTION_FAILED;
    return stg_set_bytes(w->stg, stored, b->data, b->len);
}

u32 xform_end_table(struct xform_writer *w, const struct str_pool *p, u32 name)
{
    char16_t text[TBL_MAX_NAME];
    size_t len = sp_text(p, name, text, TBL_MAX_NAME);
    u32 err = write_stream(w, text, MIN(len, TBL_MAX_NAME), &w->rows);

    w->rows.len = 0;
    return err;
}

/* The rows that go are named in the words of the reference, which the database's code page may not
 * have: the transform is in UTF-8 then, so that it finds them. */
static u32 settle_codepage(struct xform_writer *w)
{
    bool lossy = false;
    u32 err = ERROR_SUCCESS;

    if (sp_codepage(db_core_strings(w->ref)) != sp_codepage(w->strings))
        err = sp_lossy(w->strings, &lossy);
    if (!err && lossy)
        sp_put_codepage(w->strings, CODEPAGE_UTF8);
    return err;
}

static u32 write_pool(struct xform_writer *w)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct buf pool = {0}, data = {0};
    u32 err = settle_codepage(w);

    if (!err)
        err = sp_write(w->strings, w->ref_bytes, &pool, &data);
    if (!err)
        err = write_stream(w, u"_StringPool", 11, &pool);
    if (!err)
        err = name_encode(u"_StringData", 11, true, stored);
    if (!err)
        err = stg_set_bytes(w->stg, stored, data.data, data.len);
    buf_free(&pool);
    buf_free(&data);
    return err;
}

u32 xform_finish(struct xform_writer *w)
{
    u32 err = write_stream(w, u"_Tables", 7, &w->tables);

    if (!err)
        err = write_stream(w, u"_Columns", 8, &w->columns);
    if (err || !w->stg || !w->different)
        return err;
    err = write_pool(w);
    return err ? err : stg_set_class(w->stg, transform_class);
}
