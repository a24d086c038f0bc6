#ifndef DECANTER_FACE_MULTI_H
#define DECANTER_FACE_MULTI_H

#include "face.h"

/* As RegQueryMultipleValuesW with its arguments checked. */
u32 multi_query(HKEY key, VALENTW *list, DWORD count, void *buf, DWORD *size);

#endif
