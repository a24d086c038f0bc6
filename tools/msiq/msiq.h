/*
 * What the commands of msiq share: the open database, rows read through the API, and output.
 *
 * Text is UTF-16 as the API gives it, and UTF-8 on standard output. A command returns an exit
 * code: EXIT_GOOD, EXIT_DIFFERENT (diff, validate: something was found), EXIT_FAILED, EXIT_USAGE.
 */
#ifndef MSIQ_H
#define MSIQ_H

#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <msidefs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif

enum { EXIT_GOOD = 0, EXIT_DIFFERENT = 1, EXIT_FAILED = 2, EXIT_USAGE = 3 };
enum out_form { OUT_TEXT, OUT_CSV, OUT_JSON };

struct options {
    enum out_form form;
    const WCHAR *out; /* --out: a file or folder, NULL for none */
    bool quiet;       /* --quiet: no progress */
};
extern struct options options;

struct command {
    const WCHAR *name;
    int least, most; /* how many arguments; most -1: any number */
    int (*run)(int argc, WCHAR **argv);
    const char *usage;
    const char *help;
};

/* --- errors and progress (main.c) --- */

/* Says on standard error what failed, with the error record's text if there is one; gives err. */
UINT complain(const WCHAR *what, UINT err);
/* What a number of "Windows Installer Error Messages" means, "" where it is none of a database's
 * (errtext.c). */
const char *installer_error(int number);
/* A line on standard error that overwrites itself; done at the end clears it. */
void progress(const char *what, unsigned done, unsigned total);

/* --- memory: ends the program where there is none --- */

void *must_alloc(size_t size);
void *must_realloc(void *p, size_t size);
WCHAR *must_dup(const WCHAR *s);

/* --- rows (rows.c) --- */

struct row {
    WCHAR **cells; /* "" for null; "[Binary Data]" for a stream */
};
struct rows {
    unsigned columns, count, room;
    WCHAR **names, **types;
    struct row *row;
};

UINT db_open(const WCHAR *path, const WCHAR *mode, MSIHANDLE *db); /* complains */
/* Runs a query that gives rows, params may be 0. Complains on failure. */
UINT rows_query(MSIHANDLE db, const WCHAR *query, MSIHANDLE params, struct rows *out);
/* A table whole; the name may hold any character. */
UINT rows_table(MSIHANDLE db, const WCHAR *table, struct rows *out);
/* The names of the tables that are stored in it, sorted. */
UINT rows_tables(MSIHANDLE db, struct rows *out);
void rows_free(struct rows *r);
/* Runs a query that gives none. */
UINT run_query(MSIHANDLE db, const WCHAR *query, MSIHANDLE params);
/* A field's text, allocated. */
WCHAR *record_text(MSIHANDLE rec, unsigned field);
/* The number of key columns (the first ones), 0 where it cannot be told. */
unsigned key_columns(MSIHANDLE db, const WCHAR *table);
bool is_stream(const struct rows *r, unsigned column);

/* --- output (out.c) --- */

void out_text(const WCHAR *s);
void out_format(const char *format, ...) __attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2)));
void out_rows(const struct rows *r, const WCHAR *title);
/* A list of names and values: aligned lines, or one CSV table or JSON object. */
struct pair {
    const WCHAR *name;
    WCHAR *value;
};
void out_pairs(const struct pair *pairs, unsigned count, const WCHAR *title);
/* In JSON several things make an array; in text an empty line stands between them. */
void out_begin_many(void);
void out_between(void);
void out_end_many(void);
void out_flush(void);

/* --- commands --- */

int cmd_info(int argc, WCHAR **argv);
int cmd_tables(int argc, WCHAR **argv);
int cmd_schema(int argc, WCHAR **argv);
int cmd_show(int argc, WCHAR **argv);
int cmd_tour(int argc, WCHAR **argv);
int cmd_sql(int argc, WCHAR **argv);
int cmd_export(int argc, WCHAR **argv);
int cmd_import(int argc, WCHAR **argv);
int cmd_streams(int argc, WCHAR **argv);
int cmd_diff(int argc, WCHAR **argv);
int cmd_transform(int argc, WCHAR **argv);
int cmd_merge(int argc, WCHAR **argv);
int cmd_validate(int argc, WCHAR **argv);

/* The summary information as pairs, for info and tour; returns their number (0: complained). */
enum { SUMMARY_PAIRS = 20 };
unsigned summary_pairs(MSIHANDLE db, struct pair pairs[SUMMARY_PAIRS]);
void free_pairs(struct pair *pairs, unsigned count);
/* One property as text, allocated; NULL where it is not there. */
WCHAR *summary_text(MSIHANDLE info, UINT id);

#endif
