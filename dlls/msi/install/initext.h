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

/* bytes: the file's, in UTF-16 where it begins with a byte order mark, else in the code page of the
 * process; len 0 where there is none. *out, empty before, is the file as it is to be; *same: it is
 * so already, and *out stays empty. ERROR_INVALID_PARAMETER, ERROR_OUTOFMEMORY. */
u32 ini_change(const u8 *bytes, size_t len, const struct ini_change *c, struct buf *out,
               bool *same);
/* Whether nothing but blank lines is in it. */
bool ini_is_empty(const u8 *bytes, size_t len);

#endif
