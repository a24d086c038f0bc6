/*
 * Packages as the commands see them: databases, queries, rows, summary information.
 *
 * pkg_win.c stands on the exports of msi.dll, pkg_posix.c on the engine, so that a command is the
 * same in msiq.exe and in the native msiq. Text is UTF-16 and terminated; numbers of errors are
 * Win32's. What is said to be allocated is the caller's, for os_free.
 */
#ifndef MSIQ_PKG_H
#define MSIQ_PKG_H

#include "base.h"
#include "error.h"

struct pkg;       /* an open database */
struct pkg_query; /* a view */
struct pkg_row;   /* a record; fields count from 1 */
struct pkg_sum;   /* summary information */

/* --- databases ------------------------------------------------------------------------------ */

enum pkg_mode { PKG_READ, PKG_CHANGE, PKG_NEW };

/* A patch opens like a package. Errors of MsiOpenDatabase. */
u32 pkg_open(const char16_t *path, enum pkg_mode mode, struct pkg **out);
/* For reading; a commit writes to the new file `output`. */
u32 pkg_open_to(const char16_t *path, const char16_t *output, struct pkg **out);
/* An empty one that leaves no file. */
u32 pkg_open_scratch(struct pkg **out);
void pkg_close(struct pkg *p); /* may be NULL */
u32 pkg_commit(struct pkg *p);

/* The number of key columns (the first ones), 0 where it cannot be told. */
u32 pkg_keys(struct pkg *p, const char16_t *table);
bool pkg_has_table(struct pkg *p, const char16_t *table);
u32 pkg_export(struct pkg *p, const char16_t *table, const char16_t *folder, const char16_t *file);
/* path: of the text archive, relative or not. */
u32 pkg_import(struct pkg *p, const char16_t *path);
/* Conflicts become rows of `errors`; ERROR_FUNCTION_FAILED then. */
u32 pkg_merge(struct pkg *p, struct pkg *from, const char16_t *errors);
/* Makes the file of what turns `before` into `after`. ERROR_NO_DATA: nothing does. */
u32 pkg_generate(struct pkg *after, struct pkg *before, const char16_t *path);
u32 pkg_transform_summary(struct pkg *after, struct pkg *before, const char16_t *path,
                          u32 conditions, u32 validation);
u32 pkg_apply(struct pkg *p, const char16_t *path, u32 conditions);

/* --- queries -------------------------------------------------------------------------------- */

/* Opens and executes; params may be NULL. */
u32 pkg_run(struct pkg *p, const char16_t *query, struct pkg_row *params, struct pkg_query **out);
void pkg_query_close(struct pkg_query *q); /* may be NULL */
/* ERROR_NO_MORE_ITEMS after the last. */
u32 pkg_fetch(struct pkg_query *q, struct pkg_row **out);
u32 pkg_columns(struct pkg_query *q, bool names, struct pkg_row **out);
/* MSIMODIFY_VALIDATE: ERROR_INVALID_DATA where pkg_next_error has something to tell: the number of
 * an MSIDBERROR (0: no more) and the column's name. */
u32 pkg_validate(struct pkg_query *q, struct pkg_row *row);
enum { PKG_COLUMN_NAME = 72 };
int pkg_next_error(struct pkg_query *q, char16_t column[PKG_COLUMN_NAME]);

/* --- rows ----------------------------------------------------------------------------------- */

struct pkg_row *row_new(u32 fields); /* NULL without memory */
void row_free(struct pkg_row *r);    /* may be NULL */
u32 row_count(struct pkg_row *r);
bool row_is_null(struct pkg_row *r, u32 field);
i32 row_int(struct pkg_row *r, u32 field);
/* Allocated; "" for NULL and for a stream. */
char16_t *row_text(struct pkg_row *r, u32 field);
void row_set_text(struct pkg_row *r, u32 field, const char16_t *text);
/* The bytes of a file. */
u32 row_set_file(struct pkg_row *r, u32 field, const char16_t *path);
/* Bytes of a stream field. */
u32 row_size(struct pkg_row *r, u32 field);
/* Reads on; *n: room in, bytes out, 0 at the end. */
u32 row_read(struct pkg_row *r, u32 field, void *buf, u32 *n);
/* What the last function that failed left, or NULL: MsiGetLastErrorRecord. */
struct pkg_row *row_last_error(void);

/* --- summary information -------------------------------------------------------------------- */

enum sum_id {
    SUM_CODEPAGE = 1,
    SUM_TITLE,
    SUM_SUBJECT,
    SUM_AUTHOR,
    SUM_KEYWORDS,
    SUM_COMMENTS,
    SUM_TEMPLATE,
    SUM_LASTAUTHOR,
    SUM_REVNUMBER,
    SUM_LASTPRINTED = 11,
    SUM_CREATED,
    SUM_LASTSAVED,
    SUM_PAGECOUNT,
    SUM_WORDCOUNT,
    SUM_CHARCOUNT,
    SUM_APPNAME = 18,
    SUM_SECURITY,
};
enum sum_type { SUM_EMPTY = 0, SUM_I2 = 2, SUM_I4 = 3, SUM_TEXT = 30, SUM_TIME = 64 };

struct sum_item {
    u32 type;
    i32 number;
    u64 time;       /* FILETIME */
    char16_t *text; /* allocated, NULL where it is none */
};

/* Of a file of any kind: package, transform, patch. */
u32 sum_open(const char16_t *path, struct pkg_sum **out);
void sum_close(struct pkg_sum *s); /* may be NULL */
u32 sum_get(struct pkg_sum *s, u32 id, struct sum_item *out);

/* --- the rule of handles, for tour ----------------------------------------------------------- */

/* Closes the database's handle on another thread, looks, closes it here, and again: the errors of
 * the three closes, and whether it was open between the first and the second. Takes p over. */
struct pkg_handle_rule {
    u32 elsewhere, here, again;
    bool open_after;
};
struct pkg_handle_rule pkg_close_by_the_rule(struct pkg *p);

#endif
