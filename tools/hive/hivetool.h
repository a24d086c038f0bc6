/*
 * What the commands of hive share. Text is UTF-16 inside, UTF-8 on standard output; on Windows
 * and on the host the same code.
 */
#ifndef HIVETOOL_H
#define HIVETOOL_H

#include "base.h"
#include "buf.h"
#include "error.h"
#include "hive.h"
#include "key.h"
#include "regtext.h"
#include "value.h"

enum { EXIT_GOOD = 0, EXIT_DIFFERENT = 1, EXIT_FAILED = 2, EXIT_USAGE = 3, EXIT_NOTHING = 4 };

struct options {
    const char16_t *out;    /* --out FILE */
    const char16_t *prefix; /* --prefix PATH: what the hive's root is called in registry text */
    const char16_t *under;  /* --under KEY */
    enum regtext_form form; /* --v4, --wine */
    u32 codepage;           /* --codepage N: of text without a mark; 0: not said */
    bool all_or_nothing;    /* --all-or-nothing: import takes all lines or none */
    bool wide;              /* --utf16: registry text in regedit's encoding into pipes too */
    bool quiet;             /* --quiet: no progress */
    bool flat;              /* --flat: print one line a value, as for grep */
    bool strict;            /* --strict: check takes harmless remarks for damage */
};
extern struct options options;

/* --- output (out.c) --- */

void out_text(const char16_t *s, size_t len);
void out_string(const char16_t *s);
/* Control characters show as escapes, a zero as \0, half a pair as \xd83d. */
void out_visible(const char16_t *s, size_t len);
void out_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says what failed on standard error; gives EXIT_FAILED. */
int complain(const char16_t *what, u32 err);
int complain_ascii(const char *what, u32 err);
/* The same of a key in a hive (NULL: the hive itself), or a value in that (NULL: the key). */
int complain_key(const char16_t *hive, const char16_t *key, const char16_t *value, u32 err);
/* The same of a file of registry text. */
int complain_text(const char16_t *file, u32 err);
/* "hive: FILE, line N: what (key)"; key may be NULL. */
void warn_line(const char16_t *file, u32 line, const char *what, const char16_t *key, u32 len);
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line on standard error that overwrites itself; total 0: not known. done == total clears. */
void progress(const char *what, u64 done, u64 total);

/* --- files (file.c) --- */

/* "-" is standard input. */
u32 read_file(const char16_t *path, struct buf *out);
bool is_standard_input(const char16_t *path);
/* Registry text: into a pipe or a terminal as UTF-8, else as it is. Complains. */
u32 write_text_file(const char16_t *path, const struct buf *text);
/* Replaces the file whole or not at all; NULL or "-" is standard output. */
u32 write_file(const char16_t *path, const struct buf *data);

/* --- hives (tree.c) --- */

/* What export and diff call the root of a hive. */
#define TEXT_ROOT u"HKEY_LOCAL_MACHINE\\HIVE"

/* A hive in memory with what a file of registry text says (cmd_import.c). ERROR_NOT_REGISTRY_FILE.
 */
u32 hive_of_text(const char16_t *path, struct hive **out);
/* For looking: a copy in memory, logs replayed, damage put up with; or made of registry text.
 * Complains. */
u32 open_to_read(const char16_t *path, struct hive **out);
/* For changing: shared with whoever has it open; made where it is not there. Complains. */
u32 open_to_write(const char16_t *path, bool create, struct hive **out);
/* The key at a path below the root; backslashes at its ends do not matter. */
u32 find_path(struct hview *h, const char16_t *path, u32 *key);
/* The same, making what is missing. */
u32 make_path(struct hview *h, const char16_t *path, size_t len, u32 *key);
u32 make_path_from(struct hview *h, u32 key, const char16_t *path, size_t len, u32 *result);

/* One write of the new hive `to` that fills it from a read of another: its root gets the other's
 * name, which a copy of a tree does not carry, and fill does the rest, root to root. */
typedef u32 (*fill_hive)(void *ctx, struct hview *to, u32 to_root, struct hview *from,
                         u32 from_root);
u32 hive_into_new(struct hive *from, struct hive *to, fill_hive fill, void *ctx);

/* A value read whole. */
struct value {
    char16_t *name; /* not terminated */
    u32 name_len;
    u32 type, size;
    u8 *data;
};
u32 value_read(struct hview *h, const struct val_info *info, struct value *out);
void value_free(struct value *v);
typedef u32 (*visit_value)(void *ctx, const struct value *v);
/* A damaged value is warned of and left out. */
u32 each_value(struct hview *h, u32 key, visit_value visit, void *ctx);

/* Calls visit for the key and all below it, parents first; path is relative to the first key, ""
 * for itself. Depth is bounded. A damaged key below is warned of and left out. */
typedef u32 (*visit_key)(void *ctx, struct hview *h, u32 key, const char16_t *path, u32 len);
u32 walk_keys(struct hview *h, u32 key, visit_key visit, void *ctx);

/* EXIT_GOOD, or EXIT_DIFFERENT (and a word) where damage was left out on the way. */
int exit_looked(void);
/* Something was left out. */
void note_looked(void);

/* --- types (types.c) --- */

const char *type_name(u32 type, char buffer[16]); /* "REG_SZ", or "0x123" */
/* "REG_SZ", "sz", "dword", "hex", "hex(7)", ...; false for what is none. */
bool type_parse(const char16_t *name, u32 *type);
/* Data as people write it: numbers, text, bytes in hexadecimal, \0 between strings. */
u32 data_parse(u32 type, const char16_t *text, struct buf *out);
void data_print(u32 type, const u8 *data, u32 size);

/* --- commands --- */

struct command {
    const char *name;
    int least, most; /* arguments; -1: any number */
    int (*run)(int argc, char16_t **argv);
    const char *usage, *help;
};
/* What only a Windows build has, NULL where there is none. */
extern const struct command *const more_command;

int cmd_print(int argc, char16_t **argv);
int cmd_get(int argc, char16_t **argv);
int cmd_set(int argc, char16_t **argv);
int cmd_delete(int argc, char16_t **argv);
int cmd_export(int argc, char16_t **argv);
int cmd_import(int argc, char16_t **argv);
int cmd_diff(int argc, char16_t **argv);
int cmd_info(int argc, char16_t **argv);
int cmd_check(int argc, char16_t **argv);
int cmd_recover(int argc, char16_t **argv);
/* A line for each log that was not used, what it is and why (cmd_recover.c). */
void show_logs(const struct hive_recovery *r);
int cmd_compact(int argc, char16_t **argv);
int cmd_salvage(int argc, char16_t **argv);

/* main.c, called by main_win.c and main_posix.c with UTF-16 arguments without the program's. */
int hive_main(int argc, char16_t **argv);

#endif
