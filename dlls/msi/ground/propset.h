/*
 * The codec of "\005SummaryInformation": an OLE property set (MS-OLEPS) in memory and as bytes.
 *
 * Text is kept as stored: bytes in the set's code page (property 1). Properties of types that MSI
 * does not use are carried along unread.
 */
#ifndef DECANTER_PROPSET_H
#define DECANTER_PROPSET_H

#include "base.h"
#include "error.h"

enum prop_type {
    PROP_EMPTY = 0,     /* VT_EMPTY */
    PROP_I2 = 2,        /* VT_I2, in num */
    PROP_I4 = 3,        /* VT_I4, in num */
    PROP_LPSTR = 30,    /* VT_LPSTR: len bytes and a terminator in data */
    PROP_LPWSTR = 31,   /* VT_LPWSTR: len bytes of little-endian UTF-16 and a terminating unit */
    PROP_FILETIME = 64, /* VT_FILETIME, in time */
};

enum prop_id { PROP_ID_CODEPAGE = 1 };

struct prop {
    u32 id;
    u32 type; /* enum prop_type, or any other type of MS-OLEPS: then data is the stored value */
    i32 num;
    u64 time;
    u8 *data;
    u32 len; /* bytes in data, without the terminator */
};

struct propset {
    struct prop *props; /* sorted by id, no id twice */
    u32 count;
    u32 cap;
};

void propset_init(struct propset *s);
void propset_free(struct propset *s);

/* Fills an initialised, empty set. ERROR_INVALID_DATA: the bytes are no property set, or not one of
 * the summary information. ERROR_FILE_CORRUPT: they are, and something in them points outside or
 * contradicts itself. ERROR_OUTOFMEMORY. The set is empty on failure. */
u32 propset_read(struct propset *s, const void *data, size_t len);
/* The set as bytes from os_alloc. */
u32 propset_write(const struct propset *s, u8 **data, size_t *len);

/* The code page of LPSTR texts: property 1 as an unsigned number, 0 where there is none. */
u32 propset_codepage(const struct propset *s);

/* NULL where there is none. Valid until the set changes. */
const struct prop *propset_get(const struct propset *s, u32 id);
/* Each replaces the property or makes it. ERROR_OUTOFMEMORY leaves the set as it was. */
u32 propset_set_num(struct propset *s, u32 id, enum prop_type i2_or_i4, i32 num);
u32 propset_set_time(struct propset *s, u32 id, u64 filetime);
u32 propset_set_text(struct propset *s, u32 id, const char *bytes, u32 len); /* LPSTR */
void propset_remove(struct propset *s, u32 id);
/* Any property; its data is copied. */
u32 propset_add(struct propset *s, const struct prop *p);
/* A deep copy into an initialised, empty set. */
u32 propset_copy(struct propset *to, const struct propset *from);

#endif
