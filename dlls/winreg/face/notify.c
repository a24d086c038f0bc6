/*
 * RegNotifyChangeKeyValue.
 */
#include "face.h"
#include "wineparts.h"

#ifndef REG_NOTIFY_THREAD_AGNOSTIC
#define REG_NOTIFY_THREAD_AGNOSTIC 0x10000000u
#endif

static const DWORD known_filters = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_ATTRIBUTES |
                                   REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_SECURITY |
                                   REG_NOTIFY_THREAD_AGNOSTIC;

LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, BOOL subtree, DWORD filter, HANDLE event,
                                       BOOL asynchronous)
{
    struct face_key k;
    u32 err = ERROR_SUCCESS;
    if (asynchronous && !event)
        err = ERROR_INVALID_HANDLE;
    else if ((filter & ~known_filters) || !(filter & ~REG_NOTIFY_THREAD_AGNOSTIC))
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = face_begin(key, &k);
    if (!err) {
        err = k.wine ? WINE(NotifyChangeKeyValue, k.wine, subtree, filter, event, asynchronous)
                     : (u32)ERROR_CALL_NOT_IMPLEMENTED;
        face_end(&k);
    }
    FACE_TRACE("RegNotifyChangeKeyValue(%p, %d, %lx, %p, %d) = %lu", (void *)key, subtree, filter,
               (void *)event, asynchronous, (unsigned long)err);
    return (LSTATUS)err;
}
