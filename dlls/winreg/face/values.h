/*
 * Reading values, for the functions that read one on their way.
 */
#ifndef DECANTER_FACE_VALUE_H
#define DECANTER_FACE_VALUE_H

#include "face.h"

/* As RegQueryValueExW with the checks of its arguments done: *type and *size are there; data may
 * be NULL to ask for them. A text without terminator gets one where there is room. */
u32 value_query(HKEY key, const WCHAR *name, DWORD *type, void *data, DWORD *size);

/* The room a text may have beyond its data gets a terminator, so that a text stored without one is
 * no trap; the size stays that of the data. */
void value_terminate(DWORD type, void *data, DWORD size, DWORD room);

/* A value whole, whatever its size, in memory of `buf` (of *size bytes) or of os_alloc: free *data
 * with os_free where it is not buf. Two more bytes than *size, both 0, follow the data. */
u32 value_read(HKEY key, const WCHAR *name, void *buf, DWORD *size, DWORD *type, void **data);

#endif
