#include <string.h>

#include "buf.h"
#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "strpool_io.h"
#include "utf16.h"
#include "xform.h"

enum { INSERT_BIT = 1, WIDE_MASK_COLUMNS = 16 };

/* --- changes ---------------------------------------------------------------------------------- */

static u32 cell_width(const struct xform *x, u32 type)
{
    if (col_is_text(type))
        return x->ref_bytes;
    return col_is_int(type) ? col_int_size(type) : 2;
}

static bool take_cell(const struct xform *x, const struct xform_table *t, size_t *at, u32 type,
                      u32 *cell)
{
    u32 width = cell_width(x, type);
    const u8 *p = t->data + *at;

    if (width > t->len - *at)
        return false;
    *at += width;
    *cell = width == 2 ? le16(p) : width == 3 ? le24(p) : le32(p);
    if (col_is_text(type))
        return !*cell || sp_valid(x->strings, *cell);
    if (col_is_int(type) && width == 2 && *cell)
        *cell += 0x7fff8000u; /* see tbl_decode */
    return true;
}

/* The cells whose bit is set, in order. */
static bool take_cells(const struct xform *x, const struct xform_table *t,
                       const struct xform_layout *l, size_t *at, u32 mask, u32 *cells)
{
    for (u32 i = 0; i < l->columns; i++)
        if (mask >> i & 1 && !take_cell(x, t, at, l->types[i], &cells[i]))
            return false;
    return true;
}

static bool take_mask(const struct xform_table *t, size_t *at, u32 *mask)
{
    size_t left = t->len - *at;

    if (left < 2)
        return false;
    *mask = le16(t->data + *at);
    if (*mask & INSERT_BIT || !t->wide_masks) {
        *at += 2;
        return true;
    }
    if (left < 4)
        return false;
    *mask = le32(t->data + *at);
    *at += 4;
    return true;
}

static u32 low_bits(u32 n)
{
    return n >= 32 ? ~0u : (1u << n) - 1;
}

u32 xform_next(const struct xform *x, const struct xform_table *t, const struct xform_layout *l,
               size_t *at, struct xform_change *c)
{
    u32 mask, keys = low_bits(l->keys);

    if (*at == t->len)
        return ERROR_NO_MORE_ITEMS;
    memset(c->cells, 0, sizeof(c->cells));
    if (!take_mask(t, at, &mask))
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    if (mask & INSERT_BIT) {
        c->kind = XFORM_INSERT;
        if (mask >> 8 > l->columns || mask >> 8 < l->keys)
            return ERROR_INSTALL_TRANSFORM_FAILURE;
        c->mask = low_bits(mask >> 8);
    } else {
        c->kind = mask ? XFORM_UPDATE : XFORM_DELETE;
        if (mask & ~low_bits(l->columns) || (mask && !(mask & ~keys)))
            return ERROR_INSTALL_TRANSFORM_FAILURE;
        c->mask = mask | keys;
    }
    if (!take_cells(x, t, l, at, c->mask, c->cells))
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    if (c->kind == XFORM_UPDATE)
        c->mask &= ~keys;
    return ERROR_SUCCESS;
}

/* --- layouts ---------------------------------------------------------------------------------- */

static u32 pick_masks(const struct xform *x, struct xform_table *t, const struct xform_layout *l)
{
    struct xform_change c;
    size_t at = 0;
    u32 err;

    t->wide_masks = false;
    if (l->columns <= WIDE_MASK_COLUMNS)
        return ERROR_SUCCESS;
    while (!(err = xform_next(x, t, l, &at, &c)))
        ;
    t->wide_masks = err == ERROR_INSTALL_TRANSFORM_FAILURE;
    return ERROR_SUCCESS;
}

/* An object's name is made of the key, so it can be no part of one. */
static bool keys_are_values(const struct xform_layout *l)
{
    for (u32 i = 0; i < l->keys; i++)
        if (col_is_object(l->types[i]))
            return false;
    return l->keys != 0;
}

u32 xform_layout_of(const struct xform *x, struct xform_table *t, const struct table *db,
                    struct xform_layout *l)
{
    u32 n = 0;

    l->keys = 0;
    if (db) {
        n = persistent_columns(db);
        l->keys = tbl_keys(db);
        for (u32 i = 0; i < n; i++)
            l->types[i] = tbl_column(db, i)->type;
    }
    for (u32 i = 0; i < t->added_count; i++) {
        if (n == TBL_MAX_COLUMNS)
            return ERROR_INSTALL_TRANSFORM_FAILURE;
        l->types[n++] = t->added[i].type;
        if (!db && t->added[i].type & COL_KEY)
            l->keys = n;
    }
    l->columns = n;
    return keys_are_values(l) ? pick_masks(x, t, l) : ERROR_INSTALL_TRANSFORM_FAILURE;
}

/* --- the tables of a transform ---------------------------------------------------------------- */

static bool has_name(const void *ctx, u32 at, const void *name)
{
    const struct xform *x = ctx;

    return x->tables[at].name == *(const u32 *)name;
}

/* NULL when there is no memory. */
static struct xform_table *table_of(struct xform *x, u32 name)
{
    u32 at = hash_find(&x->by_name, hash_u32(name), has_name, x, &name);

    if (at != HASH_NONE)
        return &x->tables[at];
    if (x->count == x->cap) {
        u32 cap = x->cap * 2 + 8;
        struct xform_table *grown = os_realloc_array(x->tables, cap, sizeof(*grown));

        if (!grown)
            return NULL;
        x->tables = grown;
        x->cap = cap;
    }
    if (hash_add(&x->by_name, hash_u32(name), x->count))
        return NULL;
    memset(&x->tables[x->count], 0, sizeof(*x->tables));
    x->tables[x->count].name = name;
    return &x->tables[x->count++];
}

static u32 read_stream(struct xform *x, const char16_t *name, u8 **data, size_t *len)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err = name_encode(name, u16_len(name), true, stored);

    *data = NULL;
    *len = 0;
    if (!err)
        err = stg_read_all(x->stg, stored, data, len);
    if (err == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

/* Reads a stream of the schema change by change. */
static u32 read_schema(struct xform *x, const char16_t *name, const struct xform_layout *l,
                       u32 (*each)(struct xform *, const struct xform_change *))
{
    struct xform_table t = {0};
    struct xform_change c;
    size_t at = 0;
    u32 err = read_stream(x, name, &t.data, &t.len);

    while (!err && !(err = xform_next(x, &t, l, &at, &c)))
        err = each(x, &c);
    os_free(t.data);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 table_change(struct xform *x, const struct xform_change *c)
{
    struct xform_table *t;

    if (!c->cells[0] || c->kind == XFORM_UPDATE)
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    t = table_of(x, c->cells[0]);
    if (!t)
        return ERROR_OUTOFMEMORY;
    if (c->kind == XFORM_DELETE)
        t->fate = XFORM_DROPPED;
    else
        t->fate = t->fate == XFORM_DROPPED ? XFORM_REPLACED : XFORM_CREATED;
    return ERROR_SUCCESS;
}

/* Only new columns can be told; deleted and changed ones have no way to be applied. */
static u32 column_change(struct xform *x, const struct xform_change *c)
{
    enum { TABLE, NUMBER, NAME, TYPE };
    struct xform_table *t;

    if (c->kind != XFORM_INSERT)
        return ERROR_SUCCESS;
    if (!c->cells[TABLE] || !c->cells[NAME] || !c->cells[TYPE])
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    t = table_of(x, c->cells[TABLE]);
    if (!t)
        return ERROR_OUTOFMEMORY;
    if (t->added_count == TBL_MAX_COLUMNS)
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    t->added[t->added_count++] =
        (struct xform_column){c->cells[NAME], (u16)cell_to_int(c->cells[TYPE])};
    return ERROR_SUCCESS;
}

/* The pool, the schema and what is no table's changes. */
static bool is_own_name(const char16_t *name, size_t len)
{
    return u16_is(name, len, "_StringPool") || u16_is(name, len, "_StringData") ||
           u16_is(name, len, "_Tables") || u16_is(name, len, "_Columns");
}

static u32 read_table(struct xform *x, const struct stg_entry *e)
{
    char16_t name[NAME_MAX_UNITS + 1];
    bool table;
    size_t len = name_decode(e->name, name, &table);
    struct xform_table *t;
    u32 id, err;

    if (e->kind != STG_STREAM || !table || is_own_name(name, len))
        return ERROR_SUCCESS;
    /* the table's name need not be in the transform's pool */
    err = sp_intern(x->strings, name, len, &id);
    if (err)
        return err;
    t = table_of(x, id);
    if (!t)
        return ERROR_OUTOFMEMORY;
    if (t->data) /* two streams, one packed and one not, under one name */
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    err = stg_read_all(x->stg, e->name, &t->data, &t->len);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

static u32 read_tables(struct xform *x)
{
    struct stg_list list;
    u32 err = stg_list(x->stg, &list);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_TRANSFORM_FAILURE;
    for (u32 i = 0; !err && i < list.count; i++)
        err = read_table(x, &list.entries[i]);
    stg_list_free(&list);
    return err;
}

static u32 read_pool(struct xform *x)
{
    u8 *pool = NULL, *data = NULL;
    size_t pool_len, data_len;
    u32 err = read_stream(x, u"_StringPool", &pool, &pool_len);

    if (!err)
        err = read_stream(x, u"_StringData", &data, &data_len);
    if (!err)
        err = sp_read(pool, pool_len, data, data_len, &x->ref_bytes, &x->strings);
    os_free(pool);
    os_free(data);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

u32 xform_read(struct stg *stg, struct xform *x)
{
    static const struct xform_layout tables = {{0x2d40}, 1, 1};
    static const struct xform_layout columns = {{0x2d40, 0x2502, 0x0d40, 0x0502}, 4, 2};
    u32 err;

    memset(x, 0, sizeof(*x));
    hash_init(&x->by_name);
    x->stg = stg;
    err = read_pool(x);
    if (!err)
        err = read_schema(x, u"_Tables", &tables, table_change);
    if (!err)
        err = read_schema(x, u"_Columns", &columns, column_change);
    if (!err)
        err = read_tables(x);
    if (err)
        xform_free(x);
    return err;
}

void xform_free(struct xform *x)
{
    for (u32 i = 0; i < x->count; i++)
        os_free(x->tables[i].data);
    os_free(x->tables);
    hash_free(&x->by_name);
    sp_free(x->strings);
    memset(x, 0, sizeof(*x));
}

u32 xform_find_table(const struct xform *x, const struct xform_table *t, struct db_core *db,
                     struct table **out)
{
    char16_t name[TBL_MAX_NAME];
    size_t len = sp_text(x->strings, t->name, name, TBL_MAX_NAME);
    u32 err;

    *out = NULL;
    if (len > TBL_MAX_NAME)
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    err = db_core_table(db, name, len, out);
    if (!err && tbl_is_system(*out))
        return ERROR_INSTALL_TRANSFORM_FAILURE;
    return err == ERROR_INVALID_TABLE ? ERROR_SUCCESS : err;
}
