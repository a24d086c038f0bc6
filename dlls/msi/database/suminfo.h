/*
 * Summary information objects: the property set of a database or a file.
 *
 * What is set is kept in the object until suminfo_persist puts it into the storage; of a database,
 * MsiDatabaseCommit then makes it permanent; of a file, suminfo_persist does.
 */
#ifndef MSI_SUMINFO_H
#define MSI_SUMINFO_H

#include "database.h"

struct suminfo;
struct record;

enum { SUM_MAX_PROPERTY = 19 };

static inline struct suminfo *suminfo_from(struct object *o)
{
    return (struct suminfo *)o;
}
static inline struct object *suminfo_object(struct suminfo *s)
{
    return (struct object *)s;
}

/* `updates` is the most properties that may be set. A database or file without the stream has an
 * empty set. ERROR_INSTALL_PACKAGE_INVALID for a stream that is damaged. */
u32 suminfo_open(struct database *db, u32 updates, struct suminfo **out);
/* Opens the file itself, for writing where updates is not 0. ERROR_INSTALL_PACKAGE_INVALID for what
 * cannot be opened; leaves the error record. */
u32 suminfo_open_file(const char16_t *path, u32 updates, struct suminfo **out);

u32 suminfo_count(struct suminfo *s);

/* A property's value: type VT_EMPTY 0, VT_I2 2, VT_I4 3, VT_LPSTR 30, VT_FILETIME 64. */
struct sum_value {
    u32 type;
    i32 num;
    u64 time;
    char16_t *text; /* VT_LPSTR: terminated, from os_alloc, the receiver's */
    size_t len;
    bool missing; /* to suminfo_set: the caller gave no text, no time */
};
/* A property that is not there is VT_EMPTY. ERROR_UNKNOWN_PROPERTY past SUM_MAX_PROPERTY,
 * ERROR_OUTOFMEMORY. */
u32 suminfo_get(struct suminfo *s, u32 id, struct sum_value *v);
/* VT_EMPTY removes the property. ERROR_DATATYPE_MISMATCH for a type that is not the property's or a
 * property that cannot be set, ERROR_INVALID_PARAMETER where the value is missing,
 * ERROR_FUNCTION_FAILED when the updates are used up. */
u32 suminfo_set(struct suminfo *s, u32 id, const struct sum_value *v);
/* ERROR_FUNCTION_FAILED where it cannot be written. */
u32 suminfo_persist(struct suminfo *s);

#endif
