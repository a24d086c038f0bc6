/*
 * GUIDs as text, and as Windows Installer writes them in the names of registry keys: 32 digits,
 * each group in the byte order of its number turned round.
 */
#ifndef MSI_GUID_H
#define MSI_GUID_H

#include "base.h"

enum { GUID_CHARS = 38, GUID_PACKED = 32 };

/* "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}" and nothing more; not NULL. */
bool guid_is(const char16_t *s);
/* From one to the other, both terminated. guid_unpack is false for what is no packed GUID. */
void guid_pack(const char16_t *guid, char16_t *packed);
bool guid_unpack(const char16_t *packed, char16_t *guid);

#endif
