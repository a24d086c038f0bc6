/*
 * Paths that actions plan with: full ones, and only such as stay where the package says.
 *
 * What a package names is a file's or a folder's name and nothing else; the folders come from the
 * Directory table or from properties that hold a full path.
 */
#ifndef MSI_ACT_PATH_H
#define MSI_ACT_PATH_H

#include "install.h"
#include "hash.h"
#include "textbuf.h"

/* Whether it is a drive or a network name and plain names behind it, with or without a backslash at
 * the end. */
bool path_is_full(const char16_t *path, size_t len);
/* Adds the folder of that name of the Directory table, or what the property of that name says, with
 * a backslash at the end. ERROR_PATH_NOT_FOUND where there is neither; ERROR_BAD_PATHNAME for what
 * is no full path. */
u32 path_of_folder(struct install *in, const char16_t *name, struct text_buf *out);
/* The same of what is no error to leave out: *found says whether there is one. */
u32 path_of_property(struct install *in, const char16_t *name, struct text_buf *out, bool *found);
/* Adds the long name of "short|long". ERROR_BAD_PATHNAME for what is no name of a file. */
u32 path_add_name(struct text_buf *out, const char16_t *text);

/* Folders that an action has planned, so that each is planned once. */
struct path_set {
    struct hash_map map;
    char16_t **paths;
    u32 count, cap;
};
void path_set_free(struct path_set *s);
/* *is_new says whether it was not there; case does not count. ERROR_OUTOFMEMORY. */
u32 path_set_add(struct path_set *s, const char16_t *path, size_t len, bool *is_new);
bool path_set_has(const struct path_set *s, const char16_t *path, size_t len);

#endif
