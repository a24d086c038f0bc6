/*
 * What a session's properties say about the machine: versions, folders, the user.
 */
#ifndef MSI_SYSPROPS_H
#define MSI_SYSPROPS_H

#include "base.h"
#include "error.h"

/* Gives each property to set, which stops at its first error. package64: of a 64-bit package, whose
 * folders are not those of 32-bit programs. */
u32 sys_properties(bool package64, u32 (*set)(void *ctx, const char *name, const char16_t *value),
                   void *ctx);
/* Whether 64-bit packages can be installed; whether text of that language can. */
bool sys_is_64bit(void);
bool sys_language_known(u32 language);
/* The path of the program's current folder's drive, "C:\". */
void sys_root_drive(char16_t drive[4]);

#endif
