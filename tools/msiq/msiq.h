/*
 * What the commands of msiq share: the open database, rows read whole, output. One source for
 * msiq.exe and for the native msiq; what differs is behind pkg.h and place.h.
 *
 * Text is UTF-16 inside and UTF-8 on standard output. A command returns an exit code: EXIT_GOOD,
 * EXIT_DIFFERENT (diff, merge, validate: something was found), EXIT_FAILED, EXIT_USAGE.
 */
#ifndef MSIQ_H
#define MSIQ_H

#include <stdio.h>

#include "base.h"
#include "error.h"
#include "os.h"
#include "pkg.h"
#include "utf16.h"

enum { EXIT_GOOD = 0, EXIT_DIFFERENT = 1, EXIT_FAILED = 2, EXIT_USAGE = 3 };
enum out_form { OUT_TEXT, OUT_CSV, OUT_JSON };

/* What a command may take; another option is refused. */
enum option_bits {
    TAKES_FORM = 1,      /* --csv, --json */
    TAKES_OUT = 2,       /* --out PATH */
    TAKES_FLAT = 4,      /* --flat */
    TAKES_LIST = 8,      /* --list */
    TAKES_IGNORE = 16,   /* --ignore CONDITIONS */
    TAKES_VALIDATE = 32, /* --validate FLAGS */
    TAKES_SCRIPT = 64,   /* -f SCRIPT */
    TAKES_ROOT = 128,    /* --root FOLDER */
    TAKES_HIVES = 256,   /* --hives FOLDER */
};

struct options {
    enum out_form form;
    const char16_t *out;          /* --out: a file or folder, NULL for none */
    const char16_t *ignore;       /* --ignore, NULL for none */
    const char16_t *validate;     /* --validate, NULL for none */
    const char16_t *script;       /* -f, NULL for none */
    const char16_t *root, *hives; /* --root, --hives, NULL for none */
    bool flat, list;
    bool quiet; /* --quiet: no progress */
};
extern struct options options;

struct command {
    const char *name;
    int least, most; /* how many arguments; most -1: any number */
    int (*run)(int argc, char16_t **argv);
    unsigned takes; /* enum option_bits */
    const char *usage;
    const char *help;
    const char *more; /* for --help alone; NULL for none */
};

/* main.c; arguments without the program's name. */
int msiq_main(int argc, char16_t **argv);
/* Says what is wrong with the arguments; gives EXIT_USAGE. */
int wrong_usage(const char *command, const char *what, const char16_t *argument);

/* --- errors and progress (complain.c) --- */

/* Says on standard error what failed, with the error record's text if there is one; gives err. */
u32 complain(const char16_t *what, u32 err);
/* A line of ours on standard error, after "msiq: ". */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warn_about(const char16_t *what, const char *words);
/* The words for a Win32 error, "" for none; for a number of "Windows Installer Error Messages" that
 * is about databases (errtext.c). */
const char *error_words(u32 err);
const char *installer_error(int number);
/* A line on standard error that overwrites itself; done == total clears it. */
void progress(const char *what, u64 done, u64 total);

/* --- text; memory that is not there ends the program (text.c) --- */

void *must_alloc(size_t size);
void *must_realloc(void *p, size_t size);
/* p itself, which is not NULL afterwards. */
void *must(void *p);
char16_t *must_dup(const char16_t *s);
/* The texts up to a NULL, one after the other. */
char16_t *join(const char16_t *first, ...) __attribute__((sentinel));
char16_t *from_ascii(const char *s);
char16_t *from_number(u64 n);
bool is(const char16_t *s, const char *ascii);
bool starts_with(const char16_t *s, const char *ascii);
int compare(const char16_t *a, const char16_t *b);
bool number_of(const char16_t *s, u32 *n);

/* --- rows (rows.c) --- */

struct cells {
    char16_t **cells; /* "" for null; "[Binary Data]" for a stream */
};
struct rows {
    u32 columns, count, room;
    char16_t **names, **types;
    struct cells *row;
};

/* For reading, changing or making; complains, and says so where the file is of another kind. */
u32 open_pkg(const char16_t *path, enum pkg_mode mode, struct pkg **db);
/* Runs a query that gives rows. Complains on failure. */
u32 rows_query(struct pkg *db, const char16_t *query, struct pkg_row *params, struct rows *out);
u32 rows_table(struct pkg *db, const char16_t *table, struct rows *out);
/* The names of the tables that are stored in it, sorted. */
u32 rows_tables(struct pkg *db, struct rows *out);
/* A table of our own making: columns as "Name:type" texts up to a NULL. */
void rows_make(struct rows *r, ...) __attribute__((sentinel));
/* Adds a row of allocated texts, which the rows take over. */
void rows_add(struct rows *r, ...);
void rows_free(struct rows *r);
/* Runs a query that gives none. */
u32 run_query(struct pkg *db, const char16_t *query, struct pkg_row *params);
bool is_stream(const struct rows *r, u32 column);
u32 commit(struct pkg *db);

/* --- what a file is (kind.c) --- */

enum file_kind { KIND_UNKNOWN, KIND_PACKAGE, KIND_TRANSFORM, KIND_PATCH };
enum file_kind file_kind(const char16_t *path);

/* --- output (out.c) --- */

void out_text(const char16_t *s);
void out_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_json_text(const char16_t *s);
void err_text(const char16_t *s);
void out_rows(const struct rows *r, const char16_t *title);
/* A list of names and values: aligned lines, or one CSV table or JSON object. */
struct pair {
    const char16_t *name;
    char16_t *value;
    bool number;
};
void out_pairs(const struct pair *pairs, u32 count, const char16_t *title);
/* In JSON several things make an array; in text an empty line stands between them. */
void out_begin_many(void);
void out_between(void);
void out_end_many(void);

/* --- files (file.c) --- */

/* An output file that is there whole or not at all: bytes go to one beside it, which takes its name
 * at the end. NULL path: standard output. */
struct out_file;
u32 out_file_open(const char16_t *path, struct out_file **out);
u32 out_file_write(struct out_file *f, const void *data, u32 n);
/* Ends it, also after a failure `err`, which is returned; then nothing is left. */
u32 out_file_close(struct out_file *f, u32 err);
/* ERROR_SUCCESS also where the folder is there. */
u32 make_folder(const char16_t *path);
/* folder, a separator, name; allocated. */
char16_t *path_in(const char16_t *folder, const char16_t *name);
/* A name for what is called `name` in a package: what no file's name can have is %XX. */
char16_t *file_name_for(const char16_t *name);
/* The bytes of a stream field, to a file or standard output (NULL). */
u32 save_stream(struct pkg_row *row, u32 field, const char16_t *path);
/* The bytes of a file, likewise. */
u32 save_file(const char16_t *path, const char16_t *out);

/* --- commands --- */

int cmd_info(int argc, char16_t **argv);
int cmd_tables(int argc, char16_t **argv);
int cmd_schema(int argc, char16_t **argv);
int cmd_show(int argc, char16_t **argv);
int cmd_tour(int argc, char16_t **argv);
int cmd_sql(int argc, char16_t **argv);
int cmd_export(int argc, char16_t **argv);
int cmd_import(int argc, char16_t **argv);
int cmd_streams(int argc, char16_t **argv);
int cmd_storages(int argc, char16_t **argv);
int cmd_extract(int argc, char16_t **argv);
int cmd_diff(int argc, char16_t **argv);
int cmd_transform(int argc, char16_t **argv);
int cmd_patch(int argc, char16_t **argv);
int cmd_merge(int argc, char16_t **argv);
int cmd_validate(int argc, char16_t **argv);
int cmd_install(int argc, char16_t **argv);
int cmd_uninstall(int argc, char16_t **argv);
int cmd_installed(int argc, char16_t **argv);
int cmd_recover(int argc, char16_t **argv);

/* The summary information as pairs, for info, diff and tour. ERROR_SUCCESS with none where the file
 * has none; complains. */
enum { SUMMARY_PAIRS = 20 };
u32 summary_pairs(const char16_t *path, struct pair pairs[SUMMARY_PAIRS], u32 *count);
void free_pairs(struct pair *pairs, u32 count);
/* One property as text, allocated; NULL where it is not there. */
char16_t *summary_text(struct pkg_sum *info, u32 id);

#endif
