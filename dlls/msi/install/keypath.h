/*
 * Key paths of components, in the form in which they are registered (product/components.h).
 */
#ifndef MSI_KEYPATH_H
#define MSI_KEYPATH_H

#include "regplan.h"

/* One for each of the session's components; NULL where it has none: the row that its key names is
 * missing. */
struct key_paths {
    char16_t **all;
    u32 count;
};

/* Of the components that are installed or to be so. Tables are read once. The caller frees, failed
 * or not. */
u32 key_paths_of(struct install *in, struct key_paths *out);
void key_paths_free(struct key_paths *k);
/* Whether it is a file or a folder of a drive. */
bool key_path_is_local(const char16_t *path);

#endif
