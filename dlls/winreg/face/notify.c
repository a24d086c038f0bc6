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
    if (!DuplicateHandle(self, event, self, out, EVENT_MODIFY_STATE, FALSE, 0))
        return ERROR_INVALID_HANDLE;
    if (ResetEvent(*out)) /* what was signalled before is not what is waited for */
        return ERROR_SUCCESS;
    CloseHandle(*out);
    return ERROR_INVALID_HANDLE; /* a semaphore, a thread */
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

static u32 check(const struct face_key *k, DWORD filter)
{
    u32 err;
    if (!(filter & ~(filters | REG_NOTIFY_THREAD_AGNOSTIC)) && (filter & filters))
        return ERROR_SUCCESS;
    err = k->wine ? (u32)ERROR_SUCCESS : inside_state(k->ours);
    return err ? err : ERROR_INVALID_PARAMETER;
}

static u32 notify(const struct face_key *k, BOOL subtree, DWORD filter, HANDLE event,
                  BOOL asynchronous)
{
    u32 err = check(k, filter);
    if (err)
        return err;
    if (k->wine)
        return WINE(NotifyChangeKeyValue, k->wine, subtree, filter, event, asynchronous);
    return asynchronous ? arm(k->ours, subtree, filter, event)
                        : wait_here(k->ours, subtree, filter);
}

LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, BOOL subtree, DWORD filter, HANDLE event,
                                       BOOL asynchronous)
{
    struct face_key k;
    u32 err = asynchronous && !event ? (u32)ERROR_INVALID_HANDLE : face_begin(key, &k);
    if (!err) {
        err = notify(&k, subtree, filter, event, asynchronous);
        face_end(&k);
    }
    FACE_TRACE("RegNotifyChangeKeyValue(%p, %d, %lx, %p, %d) = %lu", (void *)key, subtree, filter,
               (void *)event, asynchronous, (unsigned long)err);
    return (LSTATUS)err;
}
