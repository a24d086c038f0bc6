/*
 * What Windows Installer keeps of a user as a whole: UserData\SID and Managed\SID (layout.h).
 */
#ifndef MSI_USERDATA_H
#define MSI_USERDATA_H

#include "base.h"
#include "error.h"

/* Whether it is the SID of one account, as text: not the system's, not everyone's. */
bool userdata_sid(const char16_t *sid);
/* What is kept of the one is the other's from then on; nothing is success. Where it fails, the old
 * one has everything. ERROR_FUNCTION_FAILED: too deep; what the registry answers. */
u32 userdata_rename(const char16_t *from, const char16_t *to);
u32 userdata_delete(const char16_t *sid);

#endif
