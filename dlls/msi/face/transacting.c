/*
 * What the processes that share a transaction know of it.
 *
 * It stands in a section with a name, which is there as long as one of them has it open, and says
 * where the journal is; whether the transaction lives the journal's lock alone tells. Its owner has
 * a thread that waits for another process to ask for it, and then for that one to end: a
 * transaction without an owner is undone.
 */
#include "transacting.h"

#include "execmutex.h"
#include "handle.h"
#include "os.h"
#include "reg.h"
#include "trace.h"
#include "transaction.h"
#include "utf16.h"

enum { WAIT_MS = 10000, SID_CHARS = 200 };

struct shared {
    u32 handle, owner, state, answer;
    char16_t journal[RUN_NAME];
    char16_t sid[SID_CHARS];
};

/* What this process has open since it began or joined one. Under the lock. */
static struct {
    struct os_mutex lock;
    volatile struct shared *shared;
    HANDLE section, ask, answer;
    HANDLE changed, stop; /* of the watching thread */
} here;

#define NAME(what) L"Global\\_MSIDecanterTransaction" what

/* --- opening and closing ------------------------------------------------------------------------
 */

static void close_one(HANDLE *h)
{
    if (*h)
        CloseHandle(*h);
    *h = NULL;
}

static void close_all(void)
{
    if (here.shared)
        UnmapViewOfFile((const void *)here.shared);
    here.shared = NULL;
    close_one(&here.section);
    close_one(&here.ask);
    close_one(&here.answer);
    close_one(&here.changed);
    close_one(&here.stop);
}

static u32 open_all(bool make)
{
    close_all();
    here.section = make ? CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0,
                                             sizeof(struct shared), NAME(L""))
                        : OpenFileMappingW(FILE_MAP_WRITE, FALSE, NAME(L""));
    if (!here.section)
        return make ? GetLastError() : ERROR_INVALID_HANDLE_STATE;
    here.shared = MapViewOfFile(here.section, FILE_MAP_WRITE, 0, 0, sizeof(struct shared));
    here.ask = CreateEventW(NULL, FALSE, FALSE, NAME(L"Ask"));
    here.answer = CreateEventW(NULL, FALSE, FALSE, NAME(L"Answer"));
    here.changed = CreateEventW(NULL, TRUE, FALSE, NULL);
    here.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (here.shared && here.ask && here.answer && here.changed && here.stop)
        return ERROR_SUCCESS;
    close_all();
    return ERROR_OUTOFMEMORY;
}

static HANDLE duplicate(HANDLE h)
{
    HANDLE copy = NULL;

    DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), &copy, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return copy;
}

/* --- the watching thread ------------------------------------------------------------------------
 */

struct watch {
    HANDLE ask, answer, changed, stop, section;
    volatile struct shared *shared;
    u32 heir; /* who asked for it */
};

static void watch_free(struct watch *w)
{
    if (w->shared)
        UnmapViewOfFile((const void *)w->shared);
    close_one(&w->ask);
    close_one(&w->answer);
    close_one(&w->changed);
    close_one(&w->stop);
    close_one(&w->section);
    os_free(w);
}

static void undo_left(void *watch)
{
    struct watch *w = watch;

    TRACE(TRACE_MSI, "the transaction has lost its owner");
    if (w->shared->owner != w->heir || w->shared->state != TRANSACTING_OPEN)
        return; /* meanwhile there is another one */
    run_recover();
    w->shared->state = TRANSACTING_UNDONE;
}

/* The process that got it ends without having ended it. */
static void see_it_end(struct watch *w)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, w->heir);

    if (!process)
        return;
    WaitForSingleObject(process, INFINITE);
    CloseHandle(process);
    if (w->shared->owner == w->heir && w->shared->state == TRANSACTING_OPEN)
        exec_mutex_clean(undo_left, w);
}

static void watch(void *arg)
{
    struct watch *w = arg;
    HANDLE both[2] = {w->ask, w->stop};

    while (WaitForMultipleObjects(2, both, FALSE, INFINITE) == WAIT_OBJECT_0) {
        u32 err;

        if (w->shared->owner == GetCurrentProcessId())
            continue; /* who asked has given up */
        err = transaction_give();
        w->heir = w->shared->owner;
        w->shared->answer = err;
        if (!err)
            SetEvent(w->changed);
        SetEvent(w->answer);
        if (!err) {
            see_it_end(w);
            break;
        }
    }
    watch_free(w);
}

static u32 start_watching(void)
{
    struct watch *w = os_calloc(1, sizeof(*w));
    u32 err;

    if (!w)
        return ERROR_OUTOFMEMORY;
    w->ask = duplicate(here.ask);
    w->answer = duplicate(here.answer);
    w->changed = duplicate(here.changed);
    w->stop = duplicate(here.stop);
    w->section = duplicate(here.section);
    if (w->section)
        w->shared = MapViewOfFile(w->section, FILE_MAP_WRITE, 0, 0, sizeof(struct shared));
    err = w->ask && w->answer && w->changed && w->stop && w->shared ? os_thread_start(watch, w)
                                                                    : ERROR_OUTOFMEMORY;
    if (err)
        watch_free(w);
    return err;
}

/* This process has the transaction. The lock is held. */
static u32 own(HANDLE *changed)
{
    u32 err;

    *changed = duplicate(here.changed);
    err = *changed ? start_watching() : ERROR_OUTOFMEMORY;
    if (err) {
        close_one(changed);
        transaction_end(false);
        here.shared->state = TRANSACTING_UNDONE;
        close_all();
    }
    return err;
}

/* --- beginning, joining, ending -----------------------------------------------------------------
 */

static void copy_text(volatile char16_t *to, const char16_t *from)
{
    size_t i = 0;

    do
        to[i] = from[i];
    while (from[i++]);
}

u32 transacting_begin(u32 handle, const char16_t name[RUN_NAME], HANDLE *changed)
{
    char16_t sid[SID_CHARS] = u"";
    u32 err;

    reg_user_sid(sid, SID_CHARS);
    os_mutex_lock(&here.lock);
    err = open_all(true);
    if (!err) {
        here.shared->handle = handle;
        here.shared->owner = GetCurrentProcessId();
        here.shared->state = TRANSACTING_OPEN;
        copy_text(here.shared->journal, name);
        copy_text(here.shared->sid, sid);
        err = own(changed);
    } else {
        transaction_end(false);
    }
    os_mutex_unlock(&here.lock);
    return err;
}

/* The journal is sure to be ours when the owner gives it away: asks the owner to. Which one asks
 * stands where the owner did. */
static u32 ask_owner(void *ctx)
{
    u32 *owner = ctx, err = ERROR_INVALID_HANDLE_STATE;
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, *owner);
    HANDLE both[2] = {here.answer, process};

    if (!process)
        return err;
    ResetEvent(here.answer);
    here.shared->owner = GetCurrentProcessId();
    SetEvent(here.ask);
    switch (WaitForMultipleObjects(2, both, FALSE, WAIT_MS)) {
    case WAIT_OBJECT_0:
        err = here.shared->answer;
        break;
    case WAIT_TIMEOUT:
        ResetEvent(here.ask); /* nobody takes it any more */
        err = ERROR_INSTALL_ALREADY_RUNNING;
        break;
    }
    CloseHandle(process);
    if (err)
        here.shared->owner = *owner;
    return err;
}

/* The lock is held, and the section open. */
static u32 take_over(u32 handle)
{
    char16_t sid[SID_CHARS] = u"", journal[RUN_NAME];
    u32 owner = here.shared->owner;

    if (here.shared->handle != handle || here.shared->state != TRANSACTING_OPEN)
        return ERROR_INVALID_HANDLE_STATE;
    reg_user_sid(sid, SID_CHARS);
    for (size_t i = 0; i < SID_CHARS && (sid[i] || here.shared->sid[i]); i++)
        if (sid[i] != here.shared->sid[i])
            return ERROR_ACCESS_DENIED;
    for (size_t i = 0; i < RUN_NAME; i++)
        journal[i] = here.shared->journal[i];
    journal[RUN_NAME - 1] = 0;
    return transaction_join(journal, WAIT_MS, ask_owner, &owner);
}

u32 transacting_join(u32 handle, HANDLE *changed)
{
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&here.lock);
    if (transaction_is_open()) {
        if (!here.shared || here.shared->handle != handle)
            err = ERROR_INVALID_HANDLE_STATE;
        else if (!(*changed = duplicate(here.changed)))
            err = ERROR_OUTOFMEMORY;
    } else {
        err = open_all(false);
        if (!err)
            err = take_over(handle);
        if (!err)
            err = own(changed);
    }
    os_mutex_unlock(&here.lock);
    return err;
}

u32 transacting_end(bool commit)
{
    u32 err;

    os_mutex_lock(&here.lock);
    err = transaction_end(commit);
    if (err != ERROR_ACCESS_DENIED && err != ERROR_INSTALL_ALREADY_RUNNING && here.shared) {
        here.shared->state = commit && !err ? TRANSACTING_COMMITTED : TRANSACTING_UNDONE;
        SetEvent(here.stop);
    }
    os_mutex_unlock(&here.lock);
    return err;
}

void transacting_forget(u32 handle)
{
    os_mutex_lock(&here.lock);
    if (here.shared && here.shared->handle == handle) {
        here.shared->state = TRANSACTING_UNDONE;
        SetEvent(here.stop);
    }
    os_mutex_unlock(&here.lock);
}

/* --- the handle ---------------------------------------------------------------------------------
 */

static void handle_gone(struct object *o)
{
    os_free(o);
}

u32 transacting_new_handle(void)
{
    struct object *o = os_calloc(1, sizeof(*o));

    if (!o)
        return 0;
    obj_init(o, OBJ_TRANSACTION, handle_gone);
    return hnd_open(o);
}

/* --- questions ----------------------------------------------------------------------------------
 */

bool transacting_elsewhere(void)
{
    HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, NAME(L"")), process;
    const volatile struct shared *s =
        section ? MapViewOfFile(section, FILE_MAP_READ, 0, 0, sizeof(*s)) : NULL;
    u32 owner = s && s->state == TRANSACTING_OPEN ? s->owner : 0;
    bool lives = false;

    if (owner && owner != GetCurrentProcessId() &&
        (process = OpenProcess(SYNCHRONIZE, FALSE, owner))) {
        lives = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
        CloseHandle(process);
    }
    if (s)
        UnmapViewOfFile((const void *)s);
    if (section)
        CloseHandle(section);
    return lives;
}

enum transacting_end transacting_outcome(u32 handle)
{
    enum transacting_end end = TRANSACTING_UNDONE;

    os_mutex_lock(&here.lock);
    if (here.shared && here.shared->handle == handle)
        end = (enum transacting_end)here.shared->state;
    os_mutex_unlock(&here.lock);
    return end;
}

u32 transacting_handle(void)
{
    u32 handle;

    os_mutex_lock(&here.lock);
    handle = here.shared ? here.shared->handle : 0;
    os_mutex_unlock(&here.lock);
    return handle;
}
