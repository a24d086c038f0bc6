/*
 * RegRenameKey, RegLoadAppKey, and the transacted functions.
 */
#include "face.h"
#include "open.h"
#include "delete.h"
#include "wineparts.h"

bool delete_tree_fast(HKEY key, bool whole, u32 *err)
{
    UNUSED(key), UNUSED(whole), UNUSED(err);
    return false;
}

LSTATUS WINAPI RegRenameKey(HKEY key, LPCWSTR subkey, LPCWSTR name)
{
    struct face_key k;
    u32 err = name ? face_begin(key, &k) : (u32)ERROR_INVALID_PARAMETER;
    if (!err) {
        err = ERROR_CALL_NOT_IMPLEMENTED;
        face_end(&k);
    }
    FACE_TRACE("RegRenameKey(%p, %s, %s) = %lu", (void *)key, face_text(subkey), face_text(name),
               (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegLoadAppKeyW(LPCWSTR file, PHKEY result, REGSAM access, DWORD options,
                              DWORD reserved)
{
    u32 err;
    if (!file || !result || reserved || (options & ~1u))
        err = ERROR_INVALID_PARAMETER;
    else
        err = ERROR_CALL_NOT_IMPLEMENTED;
    FACE_TRACE("RegLoadAppKey(%s, %lx, %lx) = %lu", face_text(file), access, options,
               (unsigned long)err);
    return (LSTATUS)err;
}
