/*
 * Reading tables for the checks.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

struct table *check_table(struct check *c, const char16_t *name)
{
    struct table *t;

    if (!c->db || db_core_presence(c->db, name, u16_len(name)) != TBL_PERSISTENT)
        return NULL;
    return db_core_table(c->db, name, u16_len(name), &t) ? NULL : t;
}

u32 check_column(struct check *c, struct table *t, const char16_t *name)
{
    u32 id = 0;

    if (!t || sp_find(c->pool, name, u16_len(name), &id) || !id)
        return TBL_NONE;
    return tbl_column_find(t, id);
}

bool check_int(struct table *t, u32 row, u32 col, i32 *value)
{
    u32 cell = col == TBL_NONE ? 0 : tbl_get(t, row, col);

    *value = 0;
    if (!cell || !col_is_int(tbl_column(t, col)->type))
        return false;
    *value = cell_to_int(cell);
    return true;
}

char16_t *check_text(struct check *c, struct table *t, u32 row, u32 col)
{
    char number[16];
    i32 value;

    if (col == TBL_NONE || !tbl_get(t, row, col))
        return must_dup(u"");
    if (col_is_text(tbl_column(t, col)->type))
        return must(sp_dup(c->pool, tbl_get(t, row, col)));
    if (!check_int(t, row, col, &value))
        return must_dup(u"[Binary Data]");
    snprintf(number, sizeof(number), "%d", (int)value);
    return from_ascii(number);
}

char16_t *check_key(struct check *c, struct table *t, u32 row)
{
    char16_t *key = check_text(c, t, row, 0);

    for (u32 i = 1; i < tbl_keys(t); i++) {
        char16_t *part = check_text(c, t, row, i), *both = join(key, u"\t", part, NULL);

        os_free(part);
        os_free(key);
        key = both;
    }
    return key;
}

/* Of the rows that begin with the text: the table need not have one key column alone. */
bool check_has(struct check *c, const char16_t *table, const char16_t *key)
{
    struct table *t = check_table(c, table);
    u32 id = 0, row;

    if (!t || !col_is_text(tbl_column(t, 0)->type) || sp_find(c->pool, key, u16_len(key), &id) ||
        !id)
        return false;
    return !tbl_match(t, 0, id, &row) && row != TBL_NONE;
}

char16_t *check_property(struct check *c, const char16_t *name)
{
    struct table *t = check_table(c, u"Property");
    u32 id = 0, row;

    if (!t || tbl_columns(t) < 2 || sp_find(c->pool, name, u16_len(name), &id) || !id ||
        tbl_match(t, 0, id, &row) || row == TBL_NONE)
        return NULL;
    return check_text(c, t, row, 1);
}

void check_each(struct check *c, struct table *t, check_row visit, void *ctx)
{
    struct tbl_cursor cursor;
    u32 row;

    if (!t)
        return;
    tbl_start(&cursor);
    while (!tbl_next(t, &cursor, &row) && row != TBL_NONE)
        visit(c, t, row, ctx);
}
