/*
 * The version that a program or library on Windows carries.
 */
#ifndef MSI_TGT_VERSION_WIN_H
#define MSI_TGT_VERSION_WIN_H

#include <stddef.h>

#include "base.h"

/* False: it has none, or is none. */
bool version_of(const wchar_t *path, u32 version[4], u32 *language);

#endif
