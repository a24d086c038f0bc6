/*
 * The files of a package: where each goes, and where its bytes are. extract_plan.c reads the
 * tables, extract_paths.c makes the paths, cmd_extract.c takes the bytes.
 */
#ifndef MSIQ_EXTRACT_H
#define MSIQ_EXTRACT_H

#include "hash.h"
#include "msiq.h"

/* Rows by their first column. */
struct index {
    struct rows rows;
    struct hash_map map;
};
/* A table's columns; empty where there is no such table. Complains. */
u32 index_query(struct pkg *db, const char16_t *table, const char16_t *columns, struct index *out);
/* The row, or HASH_NONE. */
u32 index_find(const struct index *x, const char16_t *key);
void index_free(struct index *x);

struct item {
    char16_t *key;
    char16_t *name;          /* of the file, long */
    char16_t *path, *source; /* with '/' between names: below the target, beside the package */
    const char *refused;     /* why its path is not taken; NULL: it is */
    u32 size, attributes;    /* of the File table */
    u32 medium;              /* index, or NO_MEDIUM */
    bool wanted, done, in_cabinet, found;
};
enum { NO_MEDIUM = 0xffffffffu };

struct medium {
    u32 last;          /* sequence */
    char16_t *cabinet; /* "" for none, with '#' for a stream */
    bool read;
};

struct plan {
    const char16_t *package;
    struct item *items;
    struct medium *media;
    u32 count, media_count;
    struct hash_map by_key; /* items */
};

/* Complains. */
u32 plan_make(struct pkg *db, const char16_t *package, struct plan *out);
/* The item, or NULL. */
struct item *plan_find(const struct plan *p, const char16_t *key);
/* The medium of that cabinet, or NULL. One that another goes on in is named there without the '#'
 * that Media puts before the name. */
struct medium *plan_medium(const struct plan *p, const char16_t *name);
void plan_free(struct plan *p);
/* Puts the items that are wanted into the folder, by their paths. Complains, and is false. */
bool extract_wanted(struct plan *p, const char16_t *package, const char16_t *folder);

/* --- paths (extract_paths.c) --- */

struct folders;
struct folders *folders_read(struct pkg *db, bool short_source, u32 *err); /* complains */
/* The paths of the folder of that key, which live as long as the folders; what is wrong with it, or
 * NULL. */
const char *folders_path(struct folders *f, const char16_t *key, const char16_t **target,
                         const char16_t **source);
void folders_free(struct folders *f);
/* One spelling for each folder, and another name for what would be a second file of one path;
 * --flat: all without their folders. */
void paths_settle(struct plan *p, bool flat);
/* The long or the short name of "short|long", allocated. */
char16_t *long_name(const char16_t *name);
char16_t *short_name(const char16_t *name);

#endif
