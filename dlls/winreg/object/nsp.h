/*
 * Keys and values by row of the handle table: opening, making, deleting, reading and writing.
 *
 * What is said of paths in walk.h holds. Names are UTF-16 without terminator, lengths of names in
 * characters, of data and classes in bytes. Rights are not looked at here except where a key is
 * opened or made (rows come with the rights granted).
 */
#ifndef DECANTER_NSP_H
#define DECANTER_NSP_H

#include "access.h"
#include "row.h"
#include "space.h"
#include "value.h"

struct nsp_path {
    const struct reg_row *base;
    const char16_t *path;
    u32 len;
    u32 view;          /* ACCESS_VIEW_32, ACCESS_VIEW_64, 0 */
    bool open_link;    /* REG_OPTION_OPEN_LINK */
    bool by_privilege; /* REG_OPTION_BACKUP_RESTORE: `wanted` is ignored */
    bool of_active;    /* named with a transaction, which must not have ended */
    u32 wanted;        /* of access_parse */
};

/* A key that is there. ERROR_FILE_NOT_FOUND, ERROR_BAD_PATHNAME (begins with a backslash),
 * ERROR_ACCESS_DENIED, ERROR_KEY_DELETED, and what opening a hive gives. *dangling (may be NULL):
 * the error is a link's that leads nowhere. */
u32 nsp_open(const struct nsp_path *p, struct reg_row *out, bool *dangling);

struct nsp_new {
    const void *class_name; /* NULL: none */
    u32 class_size;
    bool is_volatile, is_link;
    const void *sd; /* NULL: inherited */
    u32 sd_size;
};

/* The key, made where it is missing, with those above it. ERROR_ALREADY_EXISTS: is_link, and it is
 * there. ERROR_INVALID_PARAMETER: directly below MACHINE or USER, a name that cannot be,
 * ERROR_CHILD_MUST_BE_VOLATILE. */
u32 nsp_create(const struct nsp_path *p, const struct nsp_new *what, struct reg_row *out,
               bool *created);

/* ERROR_ACCESS_DENIED: it has subkeys, or is a hive's root. ERROR_FILE_NOT_FOUND: it is not there,
 * or a link (MS-RRP 3.1.1.11). */
u32 nsp_delete(const struct nsp_path *p);
/* The key and all below it, or (keep) all below it. In one write. ERROR_ACCESS_DENIED: also where a
 * key below may not be deleted or looked into. */
u32 nsp_delete_tree(const struct nsp_path *p, bool keep);
/* Another name for a key; path "" names the key of the base. ERROR_ACCESS_DENIED: also where the
 * key or one below may not be deleted, or the key above take a new one. */
u32 nsp_rename(const struct nsp_path *p, const char16_t *name, u32 len);

/* --- inside one read or write
 * ---------------------------------------------------------------------- */

typedef u32 (*nsp_reader)(void *ctx, struct hview *v, u32 key);
typedef u32 (*nsp_writer)(void *ctx, struct hview *v, u32 key);

/* For rows that are in a hive. The reader is called again until what it read is true; the row's
 * hint is made new. ERROR_KEY_DELETED. */
u32 nsp_read(struct reg_row *row, nsp_reader fn, void *ctx);
u32 nsp_write(const struct reg_row *row, nsp_writer fn, void *ctx);

/* A change that can be made again later, under a transaction. */
struct nsp_op {
    nsp_writer run;
    void *ctx;
    /* A copy of ctx in one block from os_alloc. NULL: this one cannot be under a transaction
     * (ERROR_NOT_SUPPORTED). ERROR_OUTOFMEMORY. */
    u32 (*keep)(const void *ctx, void **copy);
};
u32 nsp_change(const struct reg_row *row, const struct nsp_op *op);

/* The same on the root of row->mount's hive. */
u32 nsp_write_root(const struct reg_row *row, nsp_writer fn, void *ctx);

/* Called after each write that was committed, with its mount; for those who wait for changes. */
void nsp_on_commit(void (*told)(struct mount *m));

/* For transact.c: makes what is left of a walk below the key it stands at, in the write's view;
 * *note is access_check's, to be remembered once the write has been committed. The deletion of a
 * key; tells of a commit in any hive. */
struct walk;
u32 nsp_make_rest(struct walk *w, struct hview *v, const struct nsp_new *what, u64 *note);
const struct nsp_op *nsp_op_delete(void);
void nsp_tell_all(void);

#endif
