/*
 * Users by name.
 */
#ifndef MSI_USERLOOKUP_H
#define MSI_USERLOOKUP_H

#include "layout.h"

struct user_sid {
    char16_t text[LAYOUT_SID];
    bool own; /* the caller's */
};

/* "user" or "domain\user". ERROR_BAD_USERNAME: nobody has that name. */
u32 user_lookup(const char16_t *name, struct user_sid *sid);

#endif
