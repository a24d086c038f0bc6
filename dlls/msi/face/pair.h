/*
 * Calls with two databases.
 */
#ifndef MSI_PAIR_H
#define MSI_PAIR_H

#include "use.h"

/* What is done with both databases, and its arguments. */
struct pair_call {
    u32 (*call)(struct database *db, struct database *other, const struct pair_call *c);
    const char16_t *text;
    u32 conditions, validation;
};

/* ERROR_INVALID_HANDLE unless both are databases. */
static inline u32 with_both(MSIHANDLE handle, MSIHANDLE other, const struct pair_call *c)
{
    struct hnd_use use, use_other;
    struct database *db = use_database(handle, &use), *second;
    u32 err = ERROR_INVALID_HANDLE;

    if (!db)
        return err;
    second = use_database(other, &use_other);
    if (second) {
        err = c->call(db, second, c);
        hnd_done(&use_other);
    }
    hnd_done(&use);
    return err;
}

#endif
