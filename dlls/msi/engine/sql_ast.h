/*
 * The tree of a query. Names are as they were written: nothing here knows a database.
 *
 * Everything lives in the arena given to the parser; names point into the query's text, which must
 * live as long. Lists are linked in the order of the query.
 */
#ifndef MSI_SQL_AST_H
#define MSI_SQL_AST_H

#include "base.h"

enum {
    SQL_MAX_LENGTH = 1 << 20, /* characters of a query */
    SQL_MAX_DEPTH = 64,       /* parentheses within each other */
    SQL_MAX_COMPARISONS = 32, /* in a WHERE clause; documented */
    SQL_MAX_LIST = 512,       /* items of any list */
    SQL_MAX_CHAR_SIZE = 255,  /* documented */
};

struct ast_name {
    const char16_t *text; /* not terminated */
    u32 len;
    u32 pos; /* in the query */
};

/* A column, or a constant, wherever either may stand. */
enum ast_operand_kind { AST_COLUMN, AST_NULL, AST_INT, AST_STRING, AST_PARAM, AST_ALL };

struct ast_operand {
    enum ast_operand_kind kind;
    u32 pos;
    bool qualified; /* AST_COLUMN: `table`.`column` */
    struct ast_name table;
    struct ast_name name; /* AST_COLUMN: the column; AST_STRING: the text */
    i32 value;            /* AST_INT */
    u32 param;            /* AST_PARAM: counted from 0 */
};

struct ast_item {
    struct ast_operand operand;
    struct ast_item *next;
};

struct ast_table {
    struct ast_name name;
    struct ast_table *next;
};

enum ast_expr_kind { AST_AND, AST_OR, AST_COMPARE, AST_IS_NULL, AST_IS_NOT_NULL };
enum ast_operator { AST_EQ, AST_NE, AST_LT, AST_GT, AST_LE, AST_GE };

struct ast_expr {
    enum ast_expr_kind kind;
    enum ast_operator op;          /* AST_COMPARE */
    struct ast_expr *left, *right; /* AST_AND, AST_OR */
    struct ast_operand a, b;       /* AST_COMPARE, a being a column; a alone for IS NULL */
};

enum ast_type { AST_CHAR, AST_LONGCHAR, AST_SHORT, AST_LONG, AST_OBJECT };

struct ast_column_def {
    struct ast_operand column;
    enum ast_type type;
    u32 size; /* AST_CHAR, 0 for no limit */
    bool not_null, temporary, localizable;
    struct ast_column_def *next;
};

/* SET column = value, and the pairs of an INSERT. */
struct ast_assignment {
    struct ast_operand column, value;
    struct ast_assignment *next;
};

enum ast_kind {
    AST_SELECT,
    AST_INSERT,
    AST_UPDATE,
    AST_DELETE,
    AST_CREATE,
    AST_DROP,
    AST_ADD,
    AST_HOLD,
    AST_FREE,
};

struct ast_query {
    enum ast_kind kind;
    u32 params;
    struct ast_table *tables;    /* SELECT, UPDATE: one or more; otherwise one */
    bool distinct;               /* SELECT */
    struct ast_item *items;      /* SELECT */
    struct ast_expr *where;      /* SELECT, UPDATE, DELETE; NULL for none */
    u32 comparisons;             /* in it */
    struct ast_item *order;      /* SELECT */
    struct ast_assignment *sets; /* INSERT, UPDATE */
    bool temporary;              /* INSERT */
    struct ast_column_def *defs; /* CREATE, ADD (one) */
    struct ast_item *keys;       /* CREATE */
    bool hold;                   /* CREATE, ADD */
};

#endif
