/*
 * Validation of a record against _Validation.
 *
 * _Validation: Table, Column (the key), Nullable (Y, N or @), MinValue, MaxValue, KeyTable (tables
 * separated by semicolons), KeyColumn (counting from 1), Category, Set (values separated by
 * semicolons), Description.
 */
#include "valid.h"

#include "os.h"
#include "sql.h"
#include "utf16.h"
#include "validcat.h"
#include "validsource.h"

enum rule { V_NULLABLE, V_MIN, V_MAX, V_KEY_TABLE, V_KEY_COLUMN, V_CATEGORY, V_SET, V_RULES };
static const char16_t *const rule_names[V_RULES] = {
    u"Nullable", u"MinValue", u"MaxValue", u"KeyTable", u"KeyColumn", u"Category", u"Set"};

struct validation {
    struct db_core *db;
    struct str_pool *pool;
    struct table *table;
    u32 cols[V_RULES]; /* of the table; TBL_NONE for one it lacks */
    /* the record in work */
    const struct sql_query *q;
    const struct value *values;
    u32 n;
};

/* A text of the pool that is looked at for a while. */
struct text {
    char16_t *s; /* "" is never NULL */
    size_t len;
};

void valid_errors_clear(struct valid_errors *e)
{
    e->count = 0;
}

void valid_errors_free(struct valid_errors *e)
{
    os_free(e->found);
    e->found = NULL;
    e->count = e->cap = 0;
}

u32 valid_errors_add(struct valid_errors *e, int error, u32 column)
{
    if (e->count == e->cap) {
        u32 cap = e->cap ? e->cap * 2 : 8;
        struct valid_finding *found = os_realloc_array(e->found, cap, sizeof(*found));

        if (!found)
            return ERROR_OUTOFMEMORY;
        e->found = found;
        e->cap = cap;
    }
    e->found[e->count].error = error;
    e->found[e->count++].column = column;
    return ERROR_SUCCESS;
}

/* --- the _Validation table ----------------------------------------------------------------------
 */

static u32 column_named(const struct validation *v, const struct table *t, const char16_t *name)
{
    u32 id = 0;

    if (sp_find(v->pool, name, u16_len(name), &id) || !id)
        return TBL_NONE;
    return tbl_column_find(t, id);
}

static u32 validation_open(struct db_core *db, struct validation *v)
{
    u32 err = db_core_table(db, u"_Validation", 11, &v->table);

    if (err)
        return err == ERROR_INVALID_TABLE ? ERROR_FUNCTION_FAILED : err;
    v->db = db;
    v->pool = db_core_strings(db);
    if (tbl_keys(v->table) != 2)
        return ERROR_FUNCTION_FAILED;
    for (int i = 0; i < V_RULES; i++)
        v->cols[i] = column_named(v, v->table, rule_names[i]);
    return ERROR_SUCCESS;
}

static u32 rule_cell(const struct validation *v, u32 row, enum rule rule)
{
    return v->cols[rule] == TBL_NONE ? 0 : tbl_get(v->table, row, v->cols[rule]);
}

static u32 rule_text(const struct validation *v, u32 row, enum rule rule, struct text *t)
{
    u32 id = rule_cell(v, row, rule);

    t->s = sp_dup(v->pool, id);
    t->len = sp_len(v->pool, id);
    return t->s ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* The next of the values between semicolons, from *pos on; false at the end. */
static bool next_item(const struct text *list, size_t *pos, const char16_t **item, size_t *len)
{
    size_t end = *pos;

    if (*pos >= list->len)
        return false;
    while (end < list->len && list->s[end] != ';')
        end++;
    *item = list->s + *pos;
    *len = end - *pos;
    *pos = end + 1;
    return true;
}

/* --- one value ----------------------------------------------------------------------------------
 */

static bool in_set(const struct text *set, const struct value *value)
{
    const char16_t *item;
    size_t pos = 0, len;

    while (next_item(set, &pos, &item, &len)) {
        u32 number;

        if (value->kind == VALUE_TEXT && !u16_compare(item, len, value->text, value->len))
            return true;
        if (value->kind == VALUE_INT && u16_to_u32(item, len, &number) && number == (u32)value->i)
            return true;
    }
    return false;
}

static int check_range(const struct validation *v, u32 row, i32 n)
{
    u32 low = rule_cell(v, row, V_MIN), high = rule_cell(v, row, V_MAX);

    if (low && high && cell_to_int(high) < cell_to_int(low))
        return VALID_BADMAXMINVALUES;
    if (low && n < cell_to_int(low))
        return VALID_UNDERFLOW;
    if (high && n > cell_to_int(high))
        return VALID_OVERFLOW;
    return VALID_NOERROR;
}

/* Whether the value stands in that column (from 1) of the table; *error: BADLINK, BADKEYTABLE. */
static u32 look_in(const struct validation *v, const char16_t *name, size_t len, u32 column,
                   const struct value *value, int *error)
{
    struct table *t;
    u32 err = db_core_table(v->db, name, len, &t), cell, row;
    bool none;

    if (err == ERROR_INVALID_TABLE) {
        *error = VALID_BADKEYTABLE;
        return ERROR_SUCCESS;
    }
    if (err)
        return err;
    *error = VALID_BADLINK;
    if (!column || column > tbl_columns(t))
        return ERROR_SUCCESS;
    err = db_core_cell(v->db, t, column - 1, value, &cell, &none);
    if (err == ERROR_DATATYPE_MISMATCH || (!err && none))
        return ERROR_SUCCESS;
    if (!err)
        err = tbl_match(t, column - 1, cell, &row);
    if (!err && row != TBL_NONE)
        *error = VALID_NOERROR;
    return err;
}

static u32 check_link(const struct validation *v, u32 row, const struct text *tables,
                      const struct value *value, int *error)
{
    u32 column = rule_cell(v, row, V_KEY_COLUMN), err = ERROR_SUCCESS;
    const char16_t *item;
    size_t pos = 0, len;

    *error = VALID_BADLINK;
    while (!err && *error && next_item(tables, &pos, &item, &len))
        err = look_in(v, item, len, column ? (u32)cell_to_int(column) : 1, value, error);
    return err;
}

static bool is_no_key(const struct value *value, const struct text *category)
{
    return value->kind == VALUE_TEXT &&
           valid_is_no_key(category->s, category->len, value->text, value->len);
}

/* CustomAction.Type in the record; false where it is not there. */
static bool action_type(const struct validation *v, i32 *type)
{
    struct sql_column col;

    for (u32 i = 0; i < v->n; i++) {
        sql_column(v->q, i, &col);
        if (v->values[i].kind != VALUE_INT || !u16_equal(col.name, u"Type"))
            continue;
        *type = v->values[i].i;
        return true;
    }
    return false;
}

static u32 check_source(const struct validation *v, const struct value *value, int *error)
{
    const char16_t *table;
    bool ok = true;
    i32 type;
    u32 err;

    switch (action_type(v, &type) ? custom_source(type, &table) : SOURCE_IDENTIFIER) {
    case SOURCE_KEY:
        err = look_in(v, table, u16_len(table), 1, value, error);
        *error = *error ? VALID_BADCUSTOMSOURCE : VALID_NOERROR;
        return err;
    case SOURCE_IDENTIFIER:
        ok = !valid_category(u"Identifier", 10, value->text, value->len);
        break;
    case SOURCE_GUID:
        ok = !valid_category(u"GUID", 4, value->text, value->len);
        break;
    case SOURCE_TEXT:
        break;
    }
    *error = ok ? VALID_NOERROR : VALID_BADCUSTOMSOURCE;
    return ERROR_SUCCESS;
}

/* The value is not NULL. */
static u32 check_texts(const struct validation *v, u32 row, const struct value *value,
                       const struct text *set, const struct text *tables,
                       const struct text *category, int *error)
{
    if (set->len && in_set(set, value))
        return ERROR_SUCCESS;
    if (tables->len && !is_no_key(value, category))
        return check_link(v, row, tables, value, error);
    if (value->kind == VALUE_TEXT && u16_is(category->s, category->len, "CustomSource"))
        return check_source(v, value, error);
    if (category->len && value->kind == VALUE_TEXT)
        *error = valid_category(category->s, category->len, value->text, value->len);
    else if (set->len)
        *error = VALID_NOTINSET;
    return ERROR_SUCCESS;
}

static u32 check_value(const struct validation *v, u32 row, const struct sql_column *col,
                       const struct value *value, int *error)
{
    struct text set = {0}, tables = {0}, category = {0};
    u32 size = col->type_bits & COL_SIZE_MASK, err;

    *error = VALID_NOERROR;
    if (value->kind == VALUE_INT)
        *error = check_range(v, row, value->i);
    else if (value->kind == VALUE_TEXT && col_is_text(col->type_bits) && size && value->len > size)
        *error = VALID_STRINGOVERFLOW;
    if (*error)
        return ERROR_SUCCESS;
    err = rule_text(v, row, V_SET, &set);
    if (!err)
        err = rule_text(v, row, V_KEY_TABLE, &tables);
    if (!err)
        err = rule_text(v, row, V_CATEGORY, &category);
    if (!err)
        err = check_texts(v, row, value, &set, &tables, &category, error);
    os_free(set.s);
    os_free(tables.s);
    os_free(category.s);
    return err;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static bool nullable(const struct validation *v, u32 row)
{
    return sp_equal(v->pool, rule_cell(v, row, V_NULLABLE), u"Y", 1);
}

static u32 check_column(const struct validation *v, const struct sql_query *q, u32 i,
                        const struct value *value, bool incomplete, int *error)
{
    struct sql_column col;
    u32 key[2], row, err;

    *error = VALID_NOERROR;
    sql_column(q, i, &col);
    if (!col.table)
        return ERROR_SUCCESS;
    key[0] = tbl_name(col.table);
    key[1] = tbl_column(col.table, col.table_col)->name;
    err = tbl_find_key(v->table, key, &row);
    if (err)
        return err;
    if (row == TBL_NONE) {
        *error = VALID_MISSINGDATA;
        return ERROR_SUCCESS;
    }
    if ((col.type_bits & COL_KEY) && (col.type_bits & COL_LOCALIZABLE)) {
        *error = VALID_BADLOCALIZEATTRIB;
        return ERROR_SUCCESS;
    }
    if (value->kind != VALUE_NULL && (value->kind != VALUE_TEXT || value->len))
        return check_value(v, row, &col, value, error);
    if (!incomplete && !nullable(v, row))
        *error = VALID_REQUIRED;
    return ERROR_SUCCESS;
}

u32 valid_row(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
              bool incomplete, struct valid_errors *e)
{
    struct validation v;
    u32 err = validation_open(db, &v);
    int error;

    v.q = q;
    v.values = values;
    v.n = n;
    for (u32 i = 0; !err && i < n; i++) {
        err = check_column(&v, q, i, &values[i], incomplete, &error);
        if (!err && error)
            err = valid_errors_add(e, error, i);
    }
    return err;
}

/* The values of the table's key columns from those of the query; false where one is not in it. */
static bool key_values(const struct sql_query *q, const struct table *t, const struct value *values,
                       u32 n, struct value *key, u32 *first)
{
    u32 found = 0;
    struct sql_column col;

    for (u32 i = 0; i < n; i++) {
        sql_column(q, i, &col);
        if (col.table != t || col.table_col >= tbl_keys(t))
            continue;
        key[col.table_col] = values[i];
        if (!col.table_col)
            *first = i;
        found |= 1u << col.table_col;
    }
    return found == (u32)(((u64)1 << tbl_keys(t)) - 1);
}

u32 valid_new_key(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
                  struct valid_errors *e)
{
    struct table *t = sql_table(q, 0);
    struct value key[TBL_MAX_COLUMNS];
    u32 first = 0, row, err;

    if (!key_values(q, t, values, n, key, &first))
        return ERROR_SUCCESS;
    err = db_core_find(db, t, key, &row);
    if (err == ERROR_DATATYPE_MISMATCH)
        return ERROR_SUCCESS;
    if (!err && row != TBL_NONE)
        err = valid_errors_add(e, VALID_DUPLICATEKEY, first);
    return err;
}

bool valid_has_rules(struct db_core *db)
{
    struct table *t;

    return db_core_table(db, u"_Validation", 11, &t) != ERROR_INVALID_TABLE;
}

bool valid_lacks_column(const struct sql_query *q)
{
    const struct table *t = sql_table(q, 0);
    struct sql_column col;
    u32 selected = 0;

    for (u32 i = 0; i < sql_columns(q); i++) {
        sql_column(q, i, &col);
        if (col.table == t)
            selected |= 1u << col.table_col;
    }
    for (u32 i = 0; i < tbl_columns(t); i++)
        if (!(tbl_column(t, i)->type & COL_NULLABLE) && !(selected >> i & 1))
            return true;
    return false;
}

u32 valid_required(const struct sql_query *q, const struct value *values, u32 n,
                   struct valid_errors *e)
{
    struct sql_column col;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < n; i++) {
        sql_column(q, i, &col);
        if (!col.table || (col.type_bits & COL_NULLABLE))
            continue;
        if (values[i].kind == VALUE_NULL || (values[i].kind == VALUE_TEXT && !values[i].len))
            err = valid_errors_add(e, VALID_REQUIRED, i);
    }
    return err;
}

/* --- deletion -----------------------------------------------------------------------------------
 */

/* Whether rule `row` says that a column refers to column `column` (from 1) of the table alone. */
static bool refers(const struct validation *v, u32 row, const struct table *t, u32 column)
{
    u32 key_column = rule_cell(v, row, V_KEY_COLUMN);

    return rule_cell(v, row, V_KEY_TABLE) == tbl_name(t) &&
           (key_column ? (u32)cell_to_int(key_column) : 1) == column;
}

/* Whether a row of the rule's table has the value in the rule's column. */
static u32 is_used(const struct validation *v, u32 row, const struct value *value, bool *used)
{
    struct table *other;
    u32 err = db_core_table_id(v->db, tbl_get(v->table, row, 0), &other), col, cell, match;
    bool none;

    if (err)
        return err == ERROR_INVALID_TABLE ? ERROR_SUCCESS : err;
    col = tbl_column_find(other, tbl_get(v->table, row, 1));
    if (col == TBL_NONE)
        return ERROR_SUCCESS;
    err = db_core_cell(v->db, other, col, value, &cell, &none);
    if (err || none)
        return err == ERROR_DATATYPE_MISMATCH ? ERROR_SUCCESS : err;
    err = tbl_match(other, col, cell, &match);
    if (!err && match != TBL_NONE)
        *used = true;
    return err;
}

static u32 check_references(struct validation *v, const struct sql_column *col,
                            const struct value *value, bool *used)
{
    struct tbl_cursor c;
    u32 row, err;

    tbl_start(&c);
    while (!(err = tbl_next(v->table, &c, &row)) && row != TBL_NONE && !*used) {
        if (refers(v, row, col->table, col->table_col + 1))
            err = is_used(v, row, value, used);
        if (err)
            break;
    }
    return err;
}

u32 valid_delete(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
                 struct valid_errors *e)
{
    struct validation v;
    struct sql_column col;
    u32 err = validation_open(db, &v);

    for (u32 i = 0; !err && i < n; i++) {
        bool used = false;

        sql_column(q, i, &col);
        if (!col.table || !(col.type_bits & COL_KEY))
            continue;
        err = check_references(&v, &col, &values[i], &used);
        if (!err && used)
            err = valid_errors_add(e, VALID_REQUIRED, i);
    }
    return err;
}
