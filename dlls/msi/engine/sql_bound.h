/*
 * A query whose names are bound to tables and columns: what the planner and the executor work on.
 *
 * Tables are numbered in the order of FROM, and the bits of a mask are those numbers.
 */
#ifndef MSI_SQL_BOUND_H
#define MSI_SQL_BOUND_H

#include "dbcore.h"
#include "sql_ast.h"

enum { SQL_BOUND_TABLES = 16, SQL_NO_TABLE = 0xff };

struct bound_column {
    u32 table; /* SQL_NO_TABLE for a constant */
    u32 col;
    u32 type;                           /* enum column_type */
    u32 serial;                         /* of the column: another may stand in its place later */
    const struct ast_operand *constant; /* of SQL_NO_TABLE; NULL for the empty string */
};

/* A comparison has a column to its left and either a column or a constant to its right. */
struct bound_expr {
    enum ast_expr_kind kind;
    enum ast_operator op;
    struct bound_expr *left, *right;
    struct bound_column a, b;           /* b where constant is NULL */
    const struct ast_operand *constant; /* NULL for two columns and for IS [NOT] NULL */
    u32 cell;                           /* the constant's, while the query runs */
    bool held;                          /* the cell is a string that was interned */
    bool mixed;                         /* a number and a text, which are never equal */
    u32 mask;                           /* tables that it reads */
    struct bound_expr *next_constant;   /* the list of those with a constant */
};

struct bound_set {
    struct bound_column column;
    const struct ast_operand *value;
};

struct bound_query {
    u32 tables;
    struct table *table[SQL_BOUND_TABLES]; /* retained */
    u32 schema[SQL_BOUND_TABLES];          /* tbl_schema then: a change calls for binding anew */

    struct bound_column *columns; /* SELECT */
    u32 column_count;
    struct bound_column *orders; /* SELECT */
    u32 order_count;
    struct bound_expr *where;
    struct bound_expr *constants;
    struct bound_set *sets; /* INSERT, UPDATE */
    u32 set_count;

    struct column_spec *specs; /* CREATE, ADD */
    u32 spec_count;
    bool temporary; /* CREATE: the table is */
};

#endif
