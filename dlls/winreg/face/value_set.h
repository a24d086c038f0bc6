/*
 * Writing values, for the functions that write one on their way.
 */
#ifndef DECANTER_FACE_VALUE_SET_H
#define DECANTER_FACE_VALUE_SET_H

#include "face.h"

/* As RegSetValueExW, but takes the size at its word. */
u32 value_set(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size);

/* Whether the character right behind the caller's data can be read: it may be on the next page. */
bool value_readable(const void *p);

#endif
