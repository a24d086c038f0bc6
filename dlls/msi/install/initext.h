/*
 * The text of an INI file, changed as Windows changes one: everything that is not meant stays as it
 * is, byte for byte.
 */
#ifndef MSI_INITEXT_H
#define MSI_INITEXT_H

#include "base.h"
#include "buf.h"
#include "error.h"

enum ini_how {
    INI_SET = 0,        /* the key has the value */
    INI_DEFAULT = 1,    /* likewise, where there is no such key */
    INI_REMOVE = 2,     /* the key goes, and its section with its last key */
    INI_ADD_TAG = 3,    /* the value is one of those, between commas, that the key has */
    INI_REMOVE_TAG = 4, /* it is none of them */
    INI_HOWS
};

/* What is meant. Names are compared without case. */
struct ini_change {
    const char16_t *section, *key, *value; /* terminated */
    u32 how;                               /* enum ini_how */
};

struct ini_text;

/* bytes: the file's, in UTF-16 where it begins with a byte order mark, else in the code page of the
 * process; len 0 where there is none. ERROR_OUTOFMEMORY. */
u32 ini_open(const u8 *bytes, size_t len, struct ini_text **out);
void ini_close(struct ini_text *t);
/* *same: it is so already. Costs what the line is long, not the file. ERROR_INVALID_PARAMETER,
 * ERROR_OUTOFMEMORY: only ini_close may follow. */
u32 ini_change(struct ini_text *t, const struct ini_change *c, bool *same);
/* Adds the file as it is to be. ERROR_OUTOFMEMORY. */
u32 ini_bytes(const struct ini_text *t, struct buf *out);
/* Whether nothing but blank lines is in it. */
bool ini_is_empty(const u8 *bytes, size_t len);

#endif
