/*
 * The seam to the security of files, keys and services: security_win.c; security_posix.c, where
 * nothing of that is held. Descriptors are self-relative; what is looked at and changed of an
 * object is its list of who may do what.
 */
#ifndef MSI_SECURITY_H
#define MSI_SECURITY_H

#include "base.h"
#include "error.h"

enum security_kind { SECURITY_FILE, SECURITY_KEY, SECURITY_SERVICE };

struct security_object {
    u32 kind;             /* enum security_kind */
    const char16_t *name; /* a path, a key, a service's name */
    u32 root, view;       /* of a key: enum reg_root, enum reg_view */
};

enum { SECURITY_SID = 192 }; /* characters of one as text, with the terminator */

/* Whether there is such a thing here. */
bool security_here(void);
/* The SID of an account as text; domain may be empty. False: nobody of that name is known. */
bool security_account(const char16_t *domain, const char16_t *user, char16_t sid[SECURITY_SID]);
/* From the text of a descriptor, in memory for os_free. ERROR_INVALID_DATA: it is none. */
u32 security_parse(const char16_t *text, u8 **descriptor, u32 *size);
/* What the object has, likewise. ERROR_FILE_NOT_FOUND: there is no such object. */
u32 security_get(const struct security_object *o, u8 **descriptor, u32 *size);
/* ERROR_INVALID_DATA: those bytes are no descriptor. */
u32 security_set(const struct security_object *o, const u8 *descriptor, u32 size);
/* Whether all that it points to is within it: security_shape.c. */
bool security_is_descriptor(const u8 *bytes, u32 size);

#endif
