/*
 * What the property TRANSFORMS lists, one by one.
 */
#ifndef MSI_TRANSFORMS_H
#define MSI_TRANSFORMS_H

#include "session_impl.h"
#include "textbuf.h"

struct transform_name {
    char16_t kind;        /* 0, '@' or '|': how the whole list begins */
    const char16_t *name; /* not terminated; with ':' before it a storage of the package */
    size_t len;
};

/* Calls each for every one until it returns an error, which is returned. */
u32 transforms_each(const char16_t *list, size_t len,
                    u32 (*each)(void *ctx, const struct transform_name *n), void *ctx);
/* The path by which os.h opens the file, into *path. ERROR_FILE_NOT_FOUND. */
u32 transform_find(struct session *s, const struct transform_name *n, struct text_buf *path);
/* Applies those of an installed product, if the package is one's and it has any. */
u32 transforms_registered(struct session *s, bool *there);

#endif
