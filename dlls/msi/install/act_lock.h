/*
 * The tables LockPermissions and MsiLockPermissionsEx.
 */
#ifndef MSI_ACT_LOCK_H
#define MSI_ACT_LOCK_H

#include "install.h"

/* Plans to secure what these have of a table: File, CreateFolder, Registry or ServiceInstall. After
 * the action that makes those. */
u32 lock_objects(struct install *in, const char16_t *table);

#endif
