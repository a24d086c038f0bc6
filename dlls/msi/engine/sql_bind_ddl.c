/*
 * Binding: the columns of CREATE TABLE and ALTER TABLE ADD. They name nothing that exists; what is
 * checked is that they make sense among themselves.
 */
#include "sql_binder.h"
#include "utf16.h"

static u16 type_of(const struct ast_column_def *d)
{
    static const u16 base[] = {
        [AST_CHAR] = COL_STRING | COL_PLAIN, [AST_LONGCHAR] = COL_STRING | COL_PLAIN,
        [AST_SHORT] = COL_PLAIN | 2,         [AST_LONG] = 4,
        [AST_OBJECT] = COL_STRING,
    };
    u32 type = base[d->type] | COL_VALID | d->size;
    if (!d->not_null)
        type |= COL_NULLABLE;
    if (d->temporary)
        type |= COL_TEMPORARY;
    if (d->localizable)
        type |= COL_LOCALIZABLE;
    return (u16)type;
}

static void spec_of(const struct ast_column_def *d, struct column_spec *out)
{
    out->name = d->column.name.text;
    out->len = d->column.name.len;
    out->type = type_of(d);
}

static bool is_column(const struct ast_column_def *d, const struct ast_name *name)
{
    return !u16_compare(d->column.name.text, d->column.name.len, name->text, name->len);
}

/* Names must be there, and be there once; a table has one stream of a row at most. */
static u32 check_defs(struct sql_binder *b)
{
    u32 objects = 0;
    for (const struct ast_column_def *d = b->ast->defs; d; d = d->next) {
        const struct ast_name *name = &d->column.name;
        if (!name->len)
            return sql_binder_fail(b, 2227, name);
        for (const struct ast_column_def *o = d->next; o; o = o->next) {
            if (is_column(o, name))
                return sql_binder_fail(b, 2242, &o->column.name);
        }
        objects += d->type == AST_OBJECT;
        if (objects > 1)
            return sql_binder_fail(b, 2244, name);
    }
    return ERROR_SUCCESS;
}

static const struct ast_column_def *find_def(const struct ast_query *q, const struct ast_name *name)
{
    const struct ast_column_def *d = q->defs;
    while (d && !is_column(d, name))
        d = d->next;
    return d;
}

static bool is_spec(const struct column_spec *spec, const struct ast_name *name)
{
    return !u16_compare(spec->name, spec->len, name->text, name->len);
}

static u32 check_keys(struct sql_binder *b)
{
    for (const struct ast_item *k = b->ast->keys; k; k = k->next) {
        const struct ast_name *name = &k->operand.name;
        const struct ast_column_def *d = find_def(b->ast, name);
        if (!d)
            return sql_binder_fail(b, 2235, name);
        if (d->type == AST_OBJECT)
            return sql_binder_fail(b, 2244, name);
        for (const struct ast_item *o = b->ast->keys; o != k; o = o->next) {
            if (is_column(d, &o->operand.name))
                return sql_binder_fail(b, 2242, name);
        }
    }
    return ERROR_SUCCESS;
}

/* Key columns are exchanged with what stands in their places, one after the other. */
static void order_specs(struct sql_binder *b)
{
    struct column_spec *specs = b->q->specs;
    u32 n = 0, place = 0;
    for (const struct ast_column_def *d = b->ast->defs; d; d = d->next)
        spec_of(d, &specs[n++]);
    for (const struct ast_item *k = b->ast->keys; k; k = k->next, place++) {
        struct column_spec moved = specs[place];
        u32 from = place;
        while (!is_spec(&specs[from], &k->operand.name))
            from++;
        specs[place] = specs[from];
        specs[from] = moved; /* which may be the same */
        specs[place].type |= COL_KEY;
    }
    b->q->spec_count = n;
}

/* A table is temporary when all its columns are. A key that is gone after saving would leave the
 * rows of a persistent table without one. */
static u32 check_temporary(struct sql_binder *b)
{
    struct bound_query *q = b->q;
    bool temporary_key = false;
    q->temporary = true;
    for (u32 i = 0; i < q->spec_count; i++) {
        q->temporary = q->temporary && (q->specs[i].type & COL_TEMPORARY);
        if ((q->specs[i].type & (COL_KEY | COL_TEMPORARY)) == (COL_KEY | COL_TEMPORARY))
            temporary_key = true;
    }
    const struct ast_name *name = &b->ast->tables->name;
    if (temporary_key && !q->temporary)
        return sql_error_set(b->err, ERROR_FUNCTION_FAILED, 2211, name->text, name->len, name->pos);
    return ERROR_SUCCESS;
}

u32 sql_binder_create(struct sql_binder *b)
{
    u32 n = 0;
    if (!b->ast->tables->name.len)
        return sql_binder_fail(b, 2227, &b->ast->tables->name);
    u32 code = check_defs(b);
    if (!code)
        code = check_keys(b);
    if (code)
        return code;
    for (const struct ast_column_def *d = b->ast->defs; d; d = d->next)
        n++;
    b->q->specs = sql_arena_array(b->arena, n, sizeof(*b->q->specs));
    if (!b->q->specs)
        return sql_binder_no_memory(b);
    order_specs(b);
    return check_temporary(b);
}

u32 sql_binder_add(struct sql_binder *b)
{
    u32 code = check_defs(b);
    if (code)
        return code;
    b->q->specs = sql_arena_alloc(b->arena, sizeof(*b->q->specs));
    if (!b->q->specs)
        return sql_binder_no_memory(b);
    spec_of(b->ast->defs, b->q->specs);
    b->q->spec_count = 1;
    return ERROR_SUCCESS;
}
