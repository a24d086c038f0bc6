/*
 * What a session's properties say about the machine: versions, folders, the user.
 */
#ifndef MSI_SYSPROPS_H
#define MSI_SYSPROPS_H

#include "base.h"
#include "error.h"

/* Gives each property to set, which stops at its first error. */
u32 sys_properties(u32 (*set)(void *ctx, const char *name, const char16_t *value), void *ctx);
/* Folders that each user has and all users have together: gives name, the path that the property
 * has for the other kind, and the one that it is to have. */
u32 sys_shared_folders(bool all_users,
                       u32 (*change)(void *ctx, const char *name, const char16_t *from,
                                     const char16_t *to),
                       void *ctx);
/* Whether 64-bit packages can be installed; whether text of that language can. */
bool sys_is_64bit(void);
bool sys_language_known(u32 language);
/* The path of the program's current folder's drive, "C:\". */
void sys_root_drive(char16_t drive[4]);
/* The bytes that the user may write to the drive of that letter; false where that cannot be told.
 */
bool sys_free_space(char16_t letter, u64 *bytes);
/* Bytes of a cluster of that drive; the usual ones where that cannot be told. */
u32 sys_cluster(char16_t letter);

#endif
