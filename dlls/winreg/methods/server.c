/*
 * The server's life, and the opnums that the protocol does not use.
 */
#include "classes.h"
#include "detach.h"
#include "home.h"
#include "inside.h"
#include "notify.h"
#include "os.h"
#include "reflect.h"
#include "transact.h"
#include "utf16.h"
#include "watcher.h"

static struct os_mutex start_lock;
static char16_t started_on[HOME_MAX];

/* The server's setting for reflection; without it, none. */
static void set_reflection(void)
{
    char16_t value[4];
    reflect_set(os_env("DECANTER_REFLECTION", value, ARRAY_LEN(value)) && value[0] == u'1');
}

static u32 start_locked(const char16_t *folder)
{
    if (life_state() == LIFE_RUNNING)
        return u16_equal_fold(folder, started_on) ? ERROR_SUCCESS : ERROR_ALREADY_EXISTS;
    u32 err = life_close_door(LIFE_WAIT_MS);
    if (err)
        return err;
    set_reflection();
    watcher_init();
    hnd_on_lost(call_closed);
    err = space_start(folder);
    if (!err) {
        u16_copy(started_on, HOME_MAX, folder);
        life_set(LIFE_RUNNING);
    }
    life_open_door();
    return err;
}

DWORD WINAPI WinregStart(const WCHAR *folder)
{
    char16_t where[HOME_MAX];
    u32 err = ERROR_SUCCESS;
    trace_start();
    if (!folder)
        err = home_folder(where);
    else if (u16_len(folder) >= HOME_MAX)
        err = ERROR_FILENAME_EXCED_RANGE;
    else
        u16_copy(where, HOME_MAX, folder);
    if (err)
        return err;
    os_mutex_lock(&start_lock);
    err = start_locked(where);
    os_mutex_unlock(&start_lock);
    TRACE(TRACE_WINREG, "WinregStart %s: %u", trace_text(where, -1), err);
    return err;
}

u32 inside_folder(char16_t buf[HOME_MAX])
{
    u32 err = ERROR_SUCCESS;
    os_mutex_lock(&start_lock);
    if (life_state() == LIFE_RUNNING)
        u16_copy(buf, HOME_MAX, started_on);
    else
        err = ERROR_NOT_READY;
    os_mutex_unlock(&start_lock);
    return err;
}

static bool close_row(void *ctx, u32 handle, const struct reg_row *row)
{
    struct reg_row was;
    UNUSED(ctx);
    UNUSED(row);
    hnd_flag(handle, 0, ROW_PROTECTED);
    if (!hnd_close(handle, &was))
        call_closed(handle, &was);
    return true;
}

static u32 stop_locked(void)
{
    if (life_state() != LIFE_RUNNING)
        return life_state() == LIFE_NEW ? ERROR_NOT_READY : ERROR_WRITE_PROTECT;
    u32 err = life_close_door(LIFE_WAIT_MS);
    if (err)
        return err;
    life_set(LIFE_DOWN);
    hnd_each(close_row, NULL);
    notify_stop();
    txn_reap();
    err = space_stop();
    life_open_door();
    return err;
}

DWORD WINAPI WinregShutdown(void)
{
    os_mutex_lock(&start_lock);
    u32 err = stop_locked();
    os_mutex_unlock(&start_lock);
    TRACE(TRACE_WINREG, "WinregShutdown: %u", err);
    return err;
}

/* The process ends, and its other threads are gone. One that was inside may have taken a lock with
 * it: then the logs have what was written, and the next process that opens the hives goes on from
 * there. */
void server_detach(void)
{
    if (life_state() != LIFE_RUNNING || life_close_door(0))
        return;
    life_set(LIFE_DOWN);
    space_stop();
    life_open_door();
}

void WINAPI WinregFree(void *p)
{
    os_free(p);
}

/* The protocol's answer to a method that is none (MS-RRP 2.2.6). */
static DWORD not_there(u32 opnum)
{
    TRACE(TRACE_WINREG, "opnum %u is not part of the protocol", opnum);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum14NotImplemented(void)
{
    return not_there(14);
}

DWORD WINAPI Opnum24NotImplemented(void)
{
    return not_there(24);
}

DWORD WINAPI Opnum25NotImplemented(void)
{
    return not_there(25);
}

DWORD WINAPI Opnum28NotImplemented(void)
{
    return not_there(28);
}

DWORD WINAPI Opnum30NotImplemented(void)
{
    return not_there(30);
}
