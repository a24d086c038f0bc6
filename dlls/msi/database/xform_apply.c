/*
 * Applying a transform: first all of it is looked at, which tells what is wrong with it, then all
 * of it is done; what that meets, and the look does not see, undoes it.
 */
#include "fault.h"
#include "os.h"
#include "stg.h"
#include "utf16.h"
#include "xform.h"

struct applier {
    struct db_core *db;
    const struct xform *x;
    u32 conditions;
    struct fault *fault;
    const struct xform_table *xt; /* in work */
    bool look;                    /* only look whether it can be done */
    struct buf gone; /* while looking: a byte for each row that the transform has deleted */
    struct xform_values values;
};

static u32 refuse(const struct applier *a, u32 number)
{
    if (a->xt)
        fault_set_id(a->fault, number, a->x->strings, a->xt->name);
    else
        fault_set(a->fault, number, NULL);
    return ERROR_FUNCTION_FAILED;
}

/* What was looked at is not refused later. */
static u32 unless(const struct applier *a, u32 condition, u32 number)
{
    return !a->look || a->conditions & condition ? ERROR_SUCCESS : refuse(a, number);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Whether the columns in mask can hold the values; t (may be NULL) comes before the layout, which
 * has the columns that are yet to be added. */
static u32 check_values(const struct applier *a, const struct table *t,
                        const struct xform_layout *l, u32 mask)
{
    u32 own = t ? tbl_columns(t) : 0, err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < MAX(own, l->columns); i++)
        if (mask >> i & 1)
            err =
                db_core_value_fits(i < own ? tbl_column(t, i)->type : l->types[i], &a->values.v[i]);
    return err;
}

/* What the layout calls column i may be another one where columns were there already; columns are
 * told by their place. */
static u32 insert_row(struct applier *a, struct table *t, const struct xform_layout *l,
                      const struct xform_change *c, u32 row)
{
    u32 mask, err;

    if (row != TBL_NONE) {
        err = unless(a, XFORM_ADD_EXISTING_ROW, FAULT_ADD_EXISTING_ROW);
        mask = c->mask & (~0u << 1 << (tbl_keys(t) - 1));
        if (!err && a->look)
            return check_values(a, t, l, mask);
        return err ? err : db_core_update(a->db, t, row, mask, a->values.v);
    }
    return a->look ? check_values(a, t, l, ~0u)
                   : db_core_insert(a->db, t, a->values.v, false, &row);
}

/* Notes that the row would be deleted. */
static u32 note_gone(struct applier *a, u32 row)
{
    u32 err = ERROR_SUCCESS;

    while (!err && a->gone.len <= row)
        err = buf_add(&a->gone, "", 1);
    if (!err)
        a->gone.data[row] = 1;
    return err;
}

static u32 change_row(struct applier *a, struct table *t, const struct xform_layout *l,
                      const struct xform_change *c)
{
    u32 row, err = db_core_find(a->db, t, a->values.v, &row);

    if (err)
        return err;
    if (row < a->gone.len && a->gone.data[row])
        row = TBL_NONE;
    if (c->kind == XFORM_INSERT)
        return insert_row(a, t, l, c, row);
    if (row == TBL_NONE)
        return c->kind == XFORM_UPDATE
                   ? unless(a, XFORM_UPDATE_MISSING_ROW, FAULT_UPDATE_MISSING_ROW)
                   : unless(a, XFORM_DELETE_MISSING_ROW, FAULT_DELETE_MISSING_ROW);
    if (a->look)
        return c->kind == XFORM_DELETE ? note_gone(a, row) : check_values(a, t, l, c->mask);
    return c->kind == XFORM_UPDATE ? db_core_update(a->db, t, row, c->mask, a->values.v)
                                   : db_core_delete(a->db, t, row);
}

/* t is NULL while the table is yet to be made: then the changes are only read. */
static u32 change_rows(struct applier *a, const struct xform_table *xt, struct table *t,
                       const struct xform_layout *l)
{
    struct xform_change c;
    size_t at = 0;
    u32 err;

    a->gone.len = 0;
    while (!(err = xform_next(a->x, xt, l, &at, &c))) {
        err = xform_values_take(&a->values, a->x, xt, l, &c);
        if (!err && t)
            err = change_row(a, t, l, &c);
        else if (!err && c.kind == XFORM_INSERT)
            err = check_values(a, NULL, l, ~0u);
        if (err)
            return err;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* --- schema ----------------------------------------------------------------------------------- */

/* An added column of the transform with its name in a terminated copy. */
static u32 take_spec(const struct xform *x, const struct xform_column *c, struct column_spec *spec)
{
    char16_t *name = sp_dup(x->strings, c->name);

    if (!name)
        return ERROR_OUTOFMEMORY;
    *spec = (struct column_spec){name, u16_len(name), c->type & ~(u32)COL_TEMPORARY};
    return ERROR_SUCCESS;
}

static void free_specs(struct column_spec *specs, u32 n)
{
    for (u32 i = 0; i < n; i++)
        os_free((void *)(uintptr_t)specs[i].name);
}

static u32 create_table(struct applier *a, const struct xform_table *xt, struct table **t)
{
    struct column_spec specs[TBL_MAX_COLUMNS] = {{0}};
    char16_t *name = sp_dup(a->x->strings, xt->name);
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u32 i = 0; !err && i < xt->added_count; i++)
        err = take_spec(a->x, &xt->added[i], &specs[i]);
    if (!err)
        err = db_core_create_table(a->db, name, u16_len(name), specs, xt->added_count, false, false,
                                   t);
    free_specs(specs, xt->added_count);
    os_free(name);
    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

static u32 add_columns(struct applier *a, const struct xform_table *xt, struct table *t)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < xt->added_count; i++) {
        struct column_spec spec;

        err = take_spec(a->x, &xt->added[i], &spec);
        if (err)
            return err;
        err = db_core_add_column(a->db, t, &spec, false);
        free_specs(&spec, 1);
    }
    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_FUNCTION_FAILED : err;
}

/* Whether the table has a column of that name. */
static u32 has_column(struct applier *a, const struct table *t, u32 name, bool *has)
{
    struct column_spec spec;
    u32 id, err = take_spec(a->x, &(struct xform_column){name, 0}, &spec);

    if (err)
        return err;
    err = sp_find(db_core_strings(a->db), spec.name, spec.len, &id);
    free_specs(&spec, 1);
    if (!err)
        *has = tbl_column_find(t, id) != TBL_NONE;
    return err;
}

static u32 check_columns(struct applier *a, const struct xform_table *xt, const struct table *t)
{
    for (u32 i = 0; i < xt->added_count; i++) {
        bool has = false;
        u32 err = has_column(a, t, xt->added[i].name, &has);

        if (!err && (has || xt->added[i].type & COL_KEY))
            err = refuse(a, FAULT_ADD_EXISTING_COLUMN);
        if (err)
            return err;
    }
    return ERROR_SUCCESS;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* A new table, or one that is there already under the same columns. */
static u32 new_table(struct applier *a, struct xform_table *xt, struct table *t)
{
    struct xform_layout l;
    u32 err = xform_layout_of(a->x, xt, NULL, &l);

    if (!err && t && xt->fate == XFORM_CREATED) {
        err = unless(a, XFORM_ADD_EXISTING_TABLE, FAULT_ADD_EXISTING_TABLE);
    } else if (!err) {
        if (a->look)
            t = NULL;
        else if (t)
            err = db_core_drop_table(a->db, t);
        if (!err && !a->look)
            err = create_table(a, xt, &t);
    }
    if (!err && t && persistent_columns(t) < l.columns)
        err = ERROR_FUNCTION_FAILED;
    return err ? err : change_rows(a, xt, t, &l);
}

static u32 drop_table(struct applier *a, struct table *t)
{
    if (!t)
        return unless(a, XFORM_DELETE_MISSING_TABLE, FAULT_DELETE_MISSING_TABLE);
    return a->look ? ERROR_SUCCESS : db_core_drop_table(a->db, t);
}

static u32 changed_table(struct applier *a, struct xform_table *xt, struct table *t)
{
    struct xform_layout l;
    u32 err;

    if (!t)
        return unless(a, XFORM_UPDATE_MISSING_ROW, FAULT_UPDATE_MISSING_ROW);
    if (tbl_is_temporary(t))
        return refuse(a, FAULT_TEMPORARY);
    err = xform_layout_of(a->x, xt, t, &l);
    if (!err && a->look)
        err = check_columns(a, xt, t);
    if (!err && !a->look)
        err = add_columns(a, xt, t);
    return err ? err : change_rows(a, xt, t, &l);
}

static u32 all_tables(struct applier *a)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < a->x->count; i++) {
        struct xform_table *xt = &a->x->tables[i];
        struct table *t;

        a->xt = xt;
        err = xform_find_table(a->x, xt, a->db, &t);
        if (err)
            break;
        if (xt->fate == XFORM_DROPPED)
            err = drop_table(a, t);
        else if (xt->fate == XFORM_CHANGED)
            err = changed_table(a, xt, t);
        else
            err = new_table(a, xt, t);
    }
    return err;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* A neutral database takes the transform's code page. */
static u32 check_codepage(struct applier *a)
{
    u32 own = sp_codepage(db_core_strings(a->db)), other = sp_codepage(a->x->strings);

    return own && other && own != other ? unless(a, XFORM_CHANGE_CODEPAGE, FAULT_CODEPAGE)
                                        : ERROR_SUCCESS;
}

static u32 apply(struct applier *a)
{
    struct str_pool *p = db_core_strings(a->db);
    u32 codepage = sp_codepage(a->x->strings), err;

    a->look = true;
    err = check_codepage(a);
    if (!err)
        err = all_tables(a);
    a->look = false;
    a->gone.len = 0;
    if (!err)
        err = db_core_begin(a->db);
    if (err)
        return err;
    err = all_tables(a);
    if (!err && codepage && codepage != sp_codepage(p))
        err = sp_set_codepage(p, codepage);
    return db_core_end(a->db, err);
}

u32 xform_apply(struct db_core *db, struct stg *transform, u32 conditions, struct fault *fault)
{
    struct applier a = {.db = db, .conditions = conditions, .fault = fault};
    struct xform x;
    u32 err = xform_read(transform, &x);

    if (err) {
        fault_set(fault, FAULT_TRANSFORM_FORMAT, NULL);
        return err;
    }
    a.x = &x;
    err = conditions & XFORM_VIEW ? xform_view(db, &x) : apply(&a);
    if (err)
        fault_set(fault,
                  err == ERROR_INSTALL_TRANSFORM_FAILURE ? FAULT_TRANSFORM_FORMAT : FAULT_TRANSFORM,
                  NULL);
    xform_values_free(&a.values);
    buf_free(&a.gone);
    xform_free(&x);
    return err;
}

static u32 open_transform(struct db_core *db, const char16_t *path, struct stg **stg)
{
    u32 err = path[0] == u':' ? stg_sub_open(db_core_stg(db), path + 1, stg)
                              : stg_open(path, STG_READ, stg);

    return err && err != ERROR_OUTOFMEMORY ? ERROR_OPEN_FAILED : err;
}

u32 xform_apply_file(struct db_core *db, const char16_t *path, u32 conditions, struct fault *fault)
{
    struct stg *stg;
    u32 err = open_transform(db, path, &stg);

    if (err) {
        fault_set(fault, FAULT_TRANSFORM_STREAM, path);
        return err;
    }
    err = xform_apply(db, stg, conditions, fault);
    stg_close(stg);
    return err;
}
