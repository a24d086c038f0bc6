/*
 * Merging: first all schemas are compared, then tables and rows are added.
 *
 * A table in which a row of the other database conflicts with its own is left as it is.
 */
#include "merge.h"

#include "fault.h"
#include "os.h"
#include "rowcopy.h"
#include "utf16.h"

struct merger {
    struct db_core *to, *from;
    const char16_t *errors;
    struct fault *fault;
    struct id_map map; /* from's pool to to's */
    struct row_values values;
    u32 conflicts; /* tables that have some */
};

/* --- schemas ---------------------------------------------------------------------------------- */

/* The name of a table of `from` in the pool of `to`, and the table. NULL where there is none. */
static u32 find_table(struct merger *m, const struct table *from, struct table **to)
{
    u32 name, err = id_map_find(&m->map, tbl_name(from), &name);

    *to = NULL;
    if (err || name == ID_NONE)
        return err;
    err = db_core_table_id(m->to, name, to);
    return err == ERROR_INVALID_TABLE ? ERROR_SUCCESS : err;
}

/* Widths of text and localizing may differ. */
static u32 kind_of(u32 type)
{
    u32 kind = type & (COL_STRING | COL_PLAIN | COL_NULLABLE | COL_KEY);

    return col_is_int(type) ? kind | col_int_size(type) : kind;
}

/* The columns of `from`, and the first ones of `to`, which may have more. */
static u32 shared_columns(const struct table *from, const struct table *to)
{
    return MIN(persistent_columns(from), persistent_columns(to));
}

static u32 mismatch(struct merger *m, const struct table *from, u32 number)
{
    fault_set_id(m->fault, number, db_core_strings(m->from), tbl_name(from));
    return ERROR_DATATYPE_MISMATCH;
}

static u32 compare_columns(struct merger *m, const struct table *from, const struct table *to)
{
    u32 n = shared_columns(from, to);

    if (n < persistent_columns(from))
        return mismatch(m, from, FAULT_COLUMN_COUNT);
    if (tbl_keys(from) != tbl_keys(to))
        return mismatch(m, from, FAULT_KEYS);
    for (u32 i = 0; i < n; i++) {
        const struct column *a = tbl_column(from, i), *b = tbl_column(to, i);
        u32 name, err = id_map_find(&m->map, a->name, &name);

        if (err)
            return err;
        if (name != b->name)
            return mismatch(m, from, FAULT_COLUMN_NAME);
        if (kind_of(a->type) != kind_of(b->type))
            return mismatch(m, from, FAULT_COLUMN_TYPE);
    }
    return ERROR_SUCCESS;
}

/* Every table that is saved, loaded. */
static u32 for_tables(struct merger *m,
                      u32 (*each)(struct merger *, struct table *from, struct table *to))
{
    struct table *from, *to;
    u32 err = ERROR_SUCCESS;

    for (u32 at = 0; !err && (from = db_core_next_table(m->from, &at));) {
        if (tbl_is_temporary(from))
            continue;
        err = db_core_table_id(m->from, tbl_name(from), &from);
        if (!err)
            err = find_table(m, from, &to);
        if (!err)
            err = each(m, from, to);
    }
    return err;
}

static u32 check_table(struct merger *m, struct table *from, struct table *to)
{
    return to ? compare_columns(m, from, to) : ERROR_SUCCESS;
}

static u32 widen_columns(struct merger *m, const struct table *from, struct table *to)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < shared_columns(from, to); i++) {
        u32 a = tbl_column(from, i)->type & COL_SIZE_MASK, type = tbl_column(to, i)->type;
        u32 b = type & COL_SIZE_MASK;

        if (!col_is_text(type) || !b || (a && a <= b)) /* 0 is the widest */
            continue;
        err = db_core_set_column_type(m->to, to, i, (type & ~(u32)COL_SIZE_MASK) | a);
    }
    return err;
}

static void free_names(struct column_spec *columns, u32 n)
{
    for (u32 i = 0; i < n; i++)
        os_free((void *)(uintptr_t)columns[i].name);
}

static u32 create_like(struct merger *m, const struct table *from, struct table **to)
{
    struct str_pool *p = db_core_strings(m->from);
    struct column_spec columns[TBL_MAX_COLUMNS] = {{0}};
    u32 n = persistent_columns(from), err = ERROR_SUCCESS;
    char16_t *name = sp_dup(p, tbl_name(from));

    for (u32 i = 0; i < n; i++) {
        columns[i].name = sp_dup(p, tbl_column(from, i)->name);
        columns[i].len = sp_len(p, tbl_column(from, i)->name);
        columns[i].type = tbl_column(from, i)->type;
        if (!columns[i].name)
            err = ERROR_OUTOFMEMORY;
    }
    if (!name)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = db_core_create_table(m->to, name, u16_len(name), columns, n, false, false, to);
    free_names(columns, n);
    os_free(name);
    return err;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Calls `each` for every saved row with its twin. */
static u32 for_rows(struct merger *m, struct table *from, struct table *to, u32 *count,
                    u32 (*each)(struct merger *, const struct row_ref *from,
                                const struct row_ref *twin, u32 *count))
{
    struct tbl_cursor c;
    u32 row, err;

    tbl_start(&c);
    while (!(err = tbl_next(from, &c, &row)) && row != TBL_NONE) {
        struct row_ref a = {m->from, from, row}, b = {m->to, to, TBL_NONE};

        if (tbl_row_temporary(from, row))
            continue;
        err = row_find_twin(&m->map, from, row, to, &b.row);
        if (!err)
            err = each(m, &a, &b, count);
        if (err)
            break;
    }
    return err;
}

static u32 count_conflict(struct merger *m, const struct row_ref *from, const struct row_ref *twin,
                          u32 *count)
{
    u32 mask, err;

    if (twin->row == TBL_NONE)
        return ERROR_SUCCESS;
    err = row_difference(&m->map, from, twin, shared_columns(from->t, twin->t), &mask);
    if (!err)
        *count += mask != 0;
    return err;
}

static u32 copy_row(struct merger *m, const struct row_ref *from, const struct row_ref *twin,
                    u32 *count)
{
    u32 row, err;

    UNUSED(count);
    if (twin->row != TBL_NONE) /* one that would not be saved is saved from now on */
        return db_core_make_permanent(m->to, twin->t, twin->row);
    err = row_values_take(&m->values, from, shared_columns(from->t, twin->t));
    return err ? err : db_core_insert(m->to, twin->t, m->values.v, false, &row);
}

/* --- the table of conflicts ------------------------------------------------------------------- */

/* Any table does whose first two columns are these; the others must be nullable. */
static bool takes_errors(const struct table *t)
{
    return tbl_keys(t) == 1 && tbl_columns(t) >= 2 && col_is_text(tbl_column(t, 0)->type) &&
           col_is_int(tbl_column(t, 1)->type);
}

static u32 errors_table(struct merger *m, struct table **t)
{
    static const struct column_spec columns[] = {
        {u"Table", 5, COL_STRING | COL_PLAIN | COL_KEY | 255}, {u"NumRowMergeConflicts", 20, 2}};
    u32 len = (u32)u16_len(m->errors), err = db_core_table(m->to, m->errors, len, t);

    if (err == ERROR_INVALID_TABLE)
        err = db_core_create_table(m->to, m->errors, len, columns, 2, false, false, t);
    if (!err && !takes_errors(*t))
        err = ERROR_INVALID_TABLE;
    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_INVALID_TABLE : err;
}

static u32 report(struct merger *m, const struct table *from, u32 count)
{
    struct value values[TBL_MAX_COLUMNS] = {{.kind = VALUE_TEXT},
                                            {.kind = VALUE_INT, .i = (i32)MIN(count, 32767)}};
    char16_t *name;
    struct table *t;
    u32 row, err;

    m->conflicts++;
    if (!m->errors)
        return ERROR_SUCCESS;
    err = errors_table(m, &t);
    if (err)
        return err;
    name = sp_dup(db_core_strings(m->from), tbl_name(from));
    if (!name)
        return ERROR_OUTOFMEMORY;
    values[0].text = name;
    values[0].len = u16_len(name);
    err = db_core_find(m->to, t, values, &row);
    if (!err && row != TBL_NONE)
        err = db_core_update(m->to, t, row, 2, values);
    else if (!err)
        err = db_core_insert(m->to, t, values, false, &row);
    os_free(name);
    if (err && err != ERROR_OUTOFMEMORY)
        fault_set(m->fault, FAULT_ERROR_TABLE, m->errors);
    return err;
}

/* --- merging ---------------------------------------------------------------------------------- */

static u32 merge_table(struct merger *m, struct table *from, struct table *to)
{
    u32 count = 0, err;

    if (!to) {
        err = create_like(m, from, &to);
        return err ? err : for_rows(m, from, to, &count, copy_row);
    }
    err = for_rows(m, from, to, &count, count_conflict);
    if (!err && count)
        return report(m, from, count);
    if (!err)
        err = widen_columns(m, from, to);
    return err ? err : for_rows(m, from, to, &count, copy_row);
}

static u32 check_codepages(const struct merger *m)
{
    u32 a = sp_codepage(db_core_strings(m->to)), b = sp_codepage(db_core_strings(m->from));

    if (!a || !b || a == b)
        return ERROR_SUCCESS;
    fault_set(m->fault, FAULT_CODEPAGE, NULL);
    return ERROR_DATATYPE_MISMATCH;
}

/* The record of the error tells how many tables have conflicts. */
static u32 fail_with_conflicts(const struct merger *m)
{
    char16_t digits[11], *at = digits + ARRAY_LEN(digits) - 1;

    *at = 0;
    for (u32 n = m->conflicts; n; n /= 10)
        *--at = (char16_t)(u'0' + n % 10);
    fault_set(m->fault, FAULT_CONFLICTS, at);
    return ERROR_FUNCTION_FAILED;
}

u32 merge_databases(struct db_core *to, struct db_core *from, const char16_t *errors,
                    struct fault *fault)
{
    struct merger m = {.to = to, .from = from, .errors = errors, .fault = fault};
    u32 err = id_map_init(&m.map, db_core_strings(from), db_core_strings(to));

    if (!err)
        err = check_codepages(&m);
    if (!err)
        err = for_tables(&m, check_table);
    /* what was not found may be added from here on */
    id_map_free(&m.map);
    if (!err)
        err = id_map_init(&m.map, db_core_strings(from), db_core_strings(to));
    if (!err)
        err = db_core_begin(to);
    if (!err)
        err = db_core_end(to, for_tables(&m, merge_table));
    id_map_free(&m.map);
    row_values_free(&m.values);
    return err || !m.conflicts ? err : fail_with_conflicts(&m);
}
