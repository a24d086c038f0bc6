/*
 * Reading the registry, in its 64-bit view. advapi32.dll is loaded at the first question, because
 * msi.dll must not import it: it may be ours.
 */
#ifndef MSI_REGREAD_H
#define MSI_REGREAD_H

#include <windows.h>

#include "base.h"

/* Whether there is the key. */
bool reg_has(HKEY root, const WCHAR *path);
/* The name of the index-th key in it; false after the last. cap is in characters. */
bool reg_subkey(HKEY root, const WCHAR *path, DWORD index, WCHAR *name, DWORD cap);
/* A value as text, numbers in decimal; terminated. ERROR_FILE_NOT_FOUND, ERROR_MORE_DATA. */
u32 reg_text(HKEY root, const WCHAR *path, const WCHAR *name, WCHAR *text, DWORD cap);
/* The SID of the caller, as text; false where it is not to be had. */
bool reg_user_sid(WCHAR *sid, DWORD cap);

#endif
