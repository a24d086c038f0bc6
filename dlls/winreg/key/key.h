/*
 * Keys of one hive: the tree as regf cells, without handles, paths, links or access checks.
 *
 * A key is named by the cell of its key node (nk). Cells are reused, so whoever keeps one across
 * calls keeps a key_ref and asks key_check() first, in the same read or write; all other functions
 * here take a cell that was checked (or found) in this read or write.
 *
 * Reading functions may see torn bytes: they end, copy out, and return ERROR_REGISTRY_CORRUPT
 * for what makes no sense; the caller asks hive_read_end() before it believes any answer, errors
 * included. Writing functions need a writer's view. Those that refuse have changed nothing; where
 * an error comes in the middle, it is set in the view too, so that the write cannot be committed.
 *
 * Names are UTF-16 without terminator, len in characters; they compare without case (u16_upper).
 * Out parameters are set only on success where not said otherwise.
 */
#ifndef DECANTER_KEY_H
#define DECANTER_KEY_H

#include "hive_view.h"

/* The pages say 255 characters; Windows takes 512 bytes. */
#define KEY_NAME_MAX  256u
#define KEY_DEPTH_MAX 512u

enum key_flags { /* nk flags, as in the file */
                 KEYF_VOLATILE = 0x0001,
                 KEYF_HIVE_EXIT = 0x0002,
                 KEYF_HIVE_ENTRY = 0x0004, /* the root */
                 KEYF_NO_DELETE = 0x0008,
                 KEYF_SYM_LINK = 0x0010,
                 KEYF_COMP_NAME = 0x0020, /* the name is Latin-1 */
                 KEYF_PREDEF = 0x0040,
};

/* A key across calls: its cell, and a number that no other key in that cell has. */
struct key_ref {
    u32 cell;
    u32 id;
};

/* Where an enumeration is, so that the next index is found in one step; zero it to start. Any
 * content is safe; a stale one costs a search. */
struct key_pos {
    u32 key, gen;    /* whose list, and its generation */
    u32 leaf, first; /* a leaf and the index of its first entry */
    u32 count;       /* entries in the leaf */
    u32 root_pos;    /* the leaf's place in the index root */
};

struct key_info {
    u32 subkeys;   /* stable and volatile */
    u32 max_name;  /* longest subkey name in bytes of UTF-16 */
    u32 max_class; /* longest subkey class in bytes */
    u32 values;
    u32 max_value_name; /* in bytes of UTF-16 */
    u32 max_value_data; /* in bytes */
    u64 last_write;     /* FILETIME */
    u32 name_len;       /* in bytes of UTF-16 */
    u32 class_len;      /* in bytes */
    u32 flags;          /* enum key_flags */
    u32 user_flags;     /* as KeyFlagsInformation has them */
    u32 sd_size;        /* in bytes */
};

/* The root key. ERROR_REGISTRY_CORRUPT. */
u32 key_root(struct hview *h, struct key_ref *root);
struct key_ref key_ref_of(struct hview *h, u32 key);
/* Whether the key still lives; one that a rename moved gets its new cell. ERROR_KEY_DELETED. */
u32 key_check(struct hview *h, struct key_ref *ref);

/* The child of that name. ERROR_FILE_NOT_FOUND. */
u32 key_find(struct hview *h, u32 key, const char16_t *name, u32 len, u32 *child);
/* The index-th child, stable ones by name and then volatile ones by name. pos may be NULL.
 * ERROR_NO_MORE_ITEMS. */
u32 key_enum(struct hview *h, u32 key, u32 index, struct key_pos *pos, u32 *child);
/* buf has room for KEY_NAME_MAX characters; no terminator. */
u32 key_name(struct hview *h, u32 key, char16_t *buf, u32 *len);
/* Up to cap bytes of the class (UTF-16, no terminator) and its whole size in *size; either case
 * is a success. */
u32 key_class(struct hview *h, u32 key, void *buf, u32 cap, u32 *size);
u32 key_query(struct hview *h, u32 key, struct key_info *info);
/* HV_NIL for the root. */
u32 key_parent(struct hview *h, u32 key, u32 *parent);
/* nk flags; 0 for what is no key. */
u32 key_flags(struct hview *h, u32 key);
/* Whether `key` is `above` or lies below it. */
bool key_is_under(struct hview *h, u32 key, u32 above);

struct key_new {
    const char16_t *name;
    u32 name_len;
    const void *class_name; /* UTF-16, NULL: none */
    u32 class_size;         /* in bytes */
    bool is_volatile;       /* a child of a volatile key has to be: ERROR_CHILD_MUST_BE_VOLATILE */
    bool is_link;           /* KEYF_SYM_LINK */
    bool any_name;          /* a copy's: a backslash in the name is taken over */
    const void *sd;         /* self-relative; NULL: shares the parent's */
    u32 sd_size;
};

/* ERROR_ALREADY_EXISTS (*child set to it), ERROR_INVALID_PARAMETER (name empty, too long, or with
 * a backslash), ERROR_CHILD_MUST_BE_VOLATILE, ERROR_NO_SYSTEM_RESOURCES (hive full or too deep). */
u32 key_create(struct hview *h, u32 parent, const struct key_new *what, u32 *child);
/* ERROR_KEY_HAS_CHILDREN, ERROR_ACCESS_DENIED (root, or KEYF_NO_DELETE). */
u32 key_delete(struct hview *h, u32 key);
/* Deletes all below, and the key itself unless keep is set. ERROR_ACCESS_DENIED. */
u32 key_delete_tree(struct hview *h, u32 key, bool keep);
/* ERROR_ALREADY_EXISTS, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED (root). The cell may move:
 * *new_cell. */
u32 key_rename(struct hview *h, u32 key, const char16_t *name, u32 len, u32 *new_cell);
/* The root's name, which no path has; its cell stays. ERROR_INVALID_PARAMETER: longer than what
 * there is room for, or no name. */
u32 key_name_root(struct hview *h, const char16_t *name, u32 len);
u32 key_set_time(struct hview *h, u32 key, u64 last_write);
/* Replaces the class: UTF-16, size in bytes, 0 for none. ERROR_INVALID_PARAMETER (too long). */
u32 key_set_class(struct hview *h, u32 key, const void *class_name, u32 size);
/* Sets and clears nk flags: KEYF_SYM_LINK, KEYF_NO_DELETE. */
u32 key_set_flags(struct hview *h, u32 key, u32 set, u32 clear);

/* Security descriptors as bytes; engine/secdesc.h validates and merges them. Up to cap bytes, and
 * the whole size in *size. */
u32 key_get_security(struct hview *h, u32 key, void *buf, u32 cap, u32 *size);
u32 key_set_security(struct hview *h, u32 key, const void *sd, u32 size);
/* A number for the descriptor that changes when the key gets another one: for caches of access
 * checks. Valid with the struct_gen of the hive. */
u32 key_security_id(struct hview *h, u32 key);
/* Whether all keys of the hive have the same descriptor, volatile ones aside. */
bool key_one_security(struct hview *h);
/* No hive has more keys than that. Who walks a tree ends there: the lists of a damaged hive may
 * lead to a key by more ways than could ever be gone. */
u32 key_bound(const struct hview *h);

/* Counters to validate caches by (meta.h): struct_gen moves when keys go, list_gen when the
 * subkeys of this key (or of one with the same hash) change, value_gen likewise for values. */
u32 key_struct_gen(struct hview *h);
u32 key_list_gen(struct hview *h, u32 key);
u32 key_value_gen(struct hview *h, u32 key);

#endif
