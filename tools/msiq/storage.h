/*
 * Looks at the storages and streams of a compound file: sizes and digests of what is in them.
 */
#ifndef MSIQ_STORAGE_H
#define MSIQ_STORAGE_H

#include "stg.h"

enum { DIGEST_TEXT = 33 }; /* 32 hexadecimal digits and an end */

struct storage_look {
    const char *kind; /* "transform", "package", "patch", "storage" */
    u64 bytes;        /* of the streams in it and below */
    char digest[DIGEST_TEXT];
};

/* Of a sub-storage: names, classes and bytes of all that is in it. */
u32 storage_look(struct stg *root, const char16_t *name, struct storage_look *out);
/* Of the bytes of a stream. */
u32 stream_digest(struct stg *root, const char16_t *stored, char digest[DIGEST_TEXT]);

#endif
