/*
 * Makes self-relative security descriptors of a few allowing ACEs, for fresh hives.
 */
#ifndef DECANTER_SDMAKE_H
#define DECANTER_SDMAKE_H

#include "base.h"

#define SDMAKE_MAX 512u

enum sdmake_who {
    SDMAKE_EVERYONE,
    SDMAKE_CREATOR,    /* CREATOR OWNER */
    SDMAKE_RESTRICTED, /* RESTRICTED CODE */
    SDMAKE_SYSTEM,
    SDMAKE_ADMINS,
    SDMAKE_USERS,
    SDMAKE_SELF, /* the user of the token */
};

struct sdmake_ace {
    enum sdmake_who who;
    u32 mask;
    u8 flags; /* *_INHERIT_ACE */
};

/* Owner BUILTIN\Administrators, group SYSTEM, no SACL. Returns the size, 0 where it does not fit.
 */
u32 sdmake(const struct sdmake_ace *aces, u32 n, u8 buf[SDMAKE_MAX]);

#endif
