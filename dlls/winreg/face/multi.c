/*
 * RegQueryMultipleValues.
 *
 * The data of each value begins on a multiple of 4 in the caller's buffer; *size goes in as its
 * room and comes out as what is used, or needed.
 */
#include "multi.h"
#include "values.h"

/* One value behind what is used so far; with too little room it is only measured. */
static u32 query_one(HKEY key, VALENTW *v, BYTE *buf, DWORD room, DWORD *used)
{
    DWORD at = ALIGN_UP(*used, 4u);
    bool fits = buf && at <= room;
    DWORD size = fits ? room - at : 0;
    u32 err = value_query(key, v->ve_valuename, &v->ve_type, fits ? buf + at : NULL, &size);
    if (err && err != ERROR_MORE_DATA)
        return err;
    if (size > 0x7fffffffu - at)
        return ERROR_OUTOFMEMORY;
    v->ve_valuelen = size;
    v->ve_valueptr = (DWORD_PTR)(buf + at);
    *used = at + size;
    return fits ? err : (u32)ERROR_MORE_DATA;
}

u32 multi_query(HKEY key, VALENTW *list, DWORD count, void *buf, DWORD *size)
{
    DWORD room = buf ? *size : 0, used = 0;
    u32 result = ERROR_SUCCESS;
    for (DWORD i = 0; i < count; i++) {
        u32 err = query_one(key, &list[i], buf, room, &used);
        if (err && err != ERROR_MORE_DATA)
            return err;
        if (err)
            result = err;
    }
    *size = used;
    return result;
}

LSTATUS WINAPI RegQueryMultipleValuesW(HKEY key, PVALENTW list, DWORD count, LPWSTR buf,
                                       LPDWORD size)
{
    u32 err;
    if (!size || (count && !list))
        err = ERROR_INVALID_PARAMETER;
    else
        err = multi_query(key, list, count, buf, size);
    FACE_TRACE("RegQueryMultipleValues(%p, %lu) = %lu", (void *)key, count, (unsigned long)err);
    return (LSTATUS)err;
}
