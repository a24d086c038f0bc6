/*
 * RegNotifyChangeKeyValue.
 */
#include "face.h"
#include "inside.h"
#include "watcher.h"
#include "wineparts.h"
#include "os.h"

#ifndef REG_NOTIFY_THREAD_AGNOSTIC
#define REG_NOTIFY_THREAD_AGNOSTIC 0x10000000u
#endif

static const DWORD filters = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_ATTRIBUTES |
                             REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_SECURITY;

/* ctx is a duplicate of the caller's event: the caller may close its own while we wait. */
static void fire(void *ctx)
{
    SetEvent((HANDLE)ctx);
    CloseHandle((HANDLE)ctx);
}

static u32 duplicate(HANDLE event, HANDLE *out)
{
    HANDLE self = GetCurrentProcess();
    return DuplicateHandle(self, event, self, out, EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, 0)
               ? (u32)ERROR_SUCCESS
               : (u32)ERROR_INVALID_HANDLE;
}

static u32 arm(RPC_HKEY key, bool subtree, DWORD filter, HANDLE event)
{
    struct notify_wait wait = {.fire = fire, .thread = GetCurrentThreadId()};
    u32 err = duplicate(event, &wait.ctx);
    if (err)
        return err;
    if (filter & REG_NOTIFY_THREAD_AGNOSTIC)
        wait.thread = 0;
    err = watcher_add(key, subtree, filter & filters, &wait);
    if (err)
        CloseHandle(wait.ctx);
    return err;
}

/* Without an event the call itself waits. */
static u32 wait_here(RPC_HKEY key, bool subtree, DWORD filter)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    u32 err;
    if (!event)
        return ERROR_NO_SYSTEM_RESOURCES;
    err = arm(key, subtree, filter, event);
    if (!err)
        WaitForSingleObject(event, INFINITE);
    CloseHandle(event);
    return err;
}

static u32 check(DWORD filter, HANDLE event, BOOL asynchronous)
{
    if (asynchronous && !event)
        return ERROR_INVALID_HANDLE;
    if ((filter & ~(filters | REG_NOTIFY_THREAD_AGNOSTIC)) || !(filter & filters))
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, BOOL subtree, DWORD filter, HANDLE event,
                                       BOOL asynchronous)
{
    struct face_key k;
    u32 err = check(filter, event, asynchronous);
    if (!err)
        err = face_begin(key, &k);
    if (!err) {
        if (k.wine)
            err = WINE(NotifyChangeKeyValue, k.wine, subtree, filter, event, asynchronous);
        else if (asynchronous)
            err = arm(k.ours, subtree, filter, event);
        else
            err = wait_here(k.ours, subtree, filter);
        face_end(&k);
    }
    FACE_TRACE("RegNotifyChangeKeyValue(%p, %d, %lx, %p, %d) = %lu", (void *)key, subtree, filter,
               (void *)event, asynchronous, (unsigned long)err);
    return (LSTATUS)err;
}
