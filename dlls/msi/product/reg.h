/*
 * The seam to the registry that tells of products: keys and values by path.
 *
 * reg_win.c stands on advapi32 (loaded late, because msi.dll must not import it: it may be ours)
 * and its 64-bit view; reg_posix.c on what a host program gives with reg_use. Texts are terminated;
 * what a value holds is bounded by REG_DATA_MAX, for its size is anybody's. All functions give
 * Win32 error codes: ERROR_FILE_NOT_FOUND where there is no such key or value.
 */
#ifndef MSI_REG_H
#define MSI_REG_H

#include "base.h"
#include "error.h"

/* A feature has a text of twenty characters for each component, and a package up to 65536 of those.
 */
enum { REG_DATA_MAX = 1 << 22, REG_NAME_MAX = 300 };

enum reg_root { REG_MACHINE, REG_USER, REG_USERS, REG_CLASSES };
/* The types of values that are met here. */
enum reg_type {
    REG_TYPE_SZ = 1,
    REG_TYPE_EXPAND = 2,
    REG_TYPE_BINARY = 3,
    REG_TYPE_DWORD = 4,
    REG_TYPE_LINK = 6,
    REG_TYPE_MULTI = 7
};

struct reg_key;

/* Whose view of the registry: that of programs of the system's own width, or of 32-bit ones. The
 * functions without one mean the former. */
enum reg_view { REG_VIEW_64 = 0, REG_VIEW_32 = 32 };

u32 reg_open(enum reg_root root, const char16_t *path, struct reg_key **key);
u32 reg_open_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key);
static inline u32 reg_open_32(enum reg_root root, const char16_t *path, struct reg_key **key)
{
    return reg_open_view(root, REG_VIEW_32, path, key);
}
/* Opens to write; makes what is missing on the way. ERROR_ACCESS_DENIED. */
u32 reg_make(enum reg_root root, const char16_t *path, struct reg_key **key);
u32 reg_make_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key);
void reg_close(struct reg_key *key); /* may be NULL */
bool reg_has(enum reg_root root, const char16_t *path);

/* A value's bytes, with two zero units behind them, from os_alloc. ERROR_BAD_CONFIGURATION: larger
 * than REG_DATA_MAX. */
struct reg_data {
    u32 type, size;
    u8 *bytes;
};
u32 reg_get(struct reg_key *key, const char16_t *name, struct reg_data *data);
/* A text, or a number in decimal, from os_alloc. ERROR_FILE_NOT_FOUND: it is of another type. */
u32 reg_get_text(struct reg_key *key, const char16_t *name, char16_t **text);
/* Of REG_DWORD. */
u32 reg_get_number(struct reg_key *key, const char16_t *name, u32 *number);
/* Whether the value is there, whatever it is. */
bool reg_has_value(struct reg_key *key, const char16_t *name);

u32 reg_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes, u32 size);
u32 reg_set_text(struct reg_key *key, const char16_t *name, u32 type, const char16_t *text);
u32 reg_remove_value(struct reg_key *key, const char16_t *name);
/* The key with all that is below it. A link goes itself, and what it leads to stays. */
u32 reg_remove(enum reg_root root, const char16_t *path);
u32 reg_remove_view(enum reg_root root, enum reg_view view, const char16_t *path);
/* The key, where nothing is in it. ERROR_DIR_NOT_EMPTY. */
u32 reg_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path);

/* What a key has beside its values and the keys in it; each may be missing. From os_alloc. */
struct reg_about {
    char16_t *class;
    u8 *security; /* a self-relative descriptor: owner, group, and who may do what */
    u32 security_size;
    u8 *link; /* the key is a link, and these bytes the path that it leads to */
    u32 link_size;
};
/* Of the key of that path itself, be it a link. */
u32 reg_look(enum reg_root root, enum reg_view view, const char16_t *path, struct reg_about *about);
void reg_about_free(struct reg_about *about);
/* Makes the key, and what is missing above it, and gives it its security. Its class is given to a
 * new one alone; where a key is there already no link is made. */
u32 reg_make_as(enum reg_root root, enum reg_view view, const char16_t *path,
                const struct reg_about *about);

/* What was written is durable when it returns, where the system does not see to that by itself. */
u32 reg_flush(void);

/* The index-th name, of at most REG_NAME_MAX-1 characters. ERROR_NO_MORE_ITEMS; ERROR_MORE_DATA for
 * a longer one. */
u32 reg_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX]);
u32 reg_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX]);

/* When the key was last written: a FILETIME. Not on the host. */
u32 reg_written(struct reg_key *key, u64 *when);

/* The SID of the caller, as text; false where it is not to be had. */
bool reg_user_sid(char16_t *sid, size_t cap);

#endif
