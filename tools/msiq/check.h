/*
 * What msiq validate looks at, and what it found. Each check_*.c is one subject; they read the file
 * through the engine, as it is stored, and add findings.
 */
#ifndef MSIQ_CHECK_H
#define MSIQ_CHECK_H

#include "dbcore.h"
#include "msiq.h"
#include "stg.h"

enum level {
    LEVEL_ERROR,   /* Windows refuses the file, or its installation, or does something else */
    LEVEL_WARNING, /* it works, or works in some places only */
    LEVEL_NOTE,    /* what was not looked at */
    LEVELS
};

struct check {
    const char16_t *path;
    enum file_kind kind;
    struct stg *stg;
    struct db_core *db;      /* NULL where the tables cannot be read at all */
    struct str_pool *pool;   /* of db */
    bool module, validation; /* a merge module; a database of validation rules (.cub) */
    struct rows found;
    u32 counts[LEVELS];
};

/* `where` is a table, "Table.Column", a stream or what else has a name; `row` its key, NULL for
 * none. The texts say what is wrong and what to do about it. */
void found(struct check *c, enum level level, const char16_t *where, const char16_t *row,
           const char *what, const char *advice);
/* The same with a name put after the words. */
void found_name(struct check *c, enum level level, const char16_t *where, const char16_t *row,
                const char *what, const char16_t *name, const char *advice);

/* --- reading tables (check_read.c) --- */

/* The table with its rows, NULL where there is none or it cannot be read (which check_tables
 * says). */
struct table *check_table(struct check *c, const char16_t *name);
/* The column of that name, TBL_NONE where there is none. */
u32 check_column(struct check *c, struct table *t, const char16_t *name);
/* The cell's text, allocated; "" for NULL, numbers in decimal. */
char16_t *check_text(struct check *c, struct table *t, u32 row, u32 col);
/* False for NULL. */
bool check_int(struct table *t, u32 row, u32 col, i32 *value);
/* The key, with tabs between columns; allocated. */
char16_t *check_key(struct check *c, struct table *t, u32 row);
/* Whether a table has a row whose first column is this text; the table need not be there. */
bool check_has(struct check *c, const char16_t *table, const char16_t *key);
/* Property's value, allocated; NULL where there is none. */
char16_t *check_property(struct check *c, const char16_t *name);
/* Calls for each row. */
typedef void (*check_row)(struct check *c, struct table *t, u32 row, void *ctx);
void check_each(struct check *c, struct table *t, check_row visit, void *ctx);

/* --- the checks --- */

void check_summary(struct check *c); /* summary information */
void check_streams(struct check *c); /* every stream can be read; none without a row */
void check_pool(struct check *c);    /* the string pool and its counts */
void check_tables(struct check *c);  /* the stored tables: sizes, order, keys */
void check_rules(struct check *c);   /* the rows against _Validation */
void check_known(struct check *c);   /* what is known of tables that _Validation is silent about */
void check_product(struct check *c); /* properties, sequences */
void check_folders(struct check *c); /* trees of folders and features */
void check_media(struct check *c);   /* files, media, cabinets */
void check_transform(struct check *c); /* a transform, and the transforms in a patch */

#endif
