/*
 * Serving hosts of custom actions over local RPC.
 *
 * rpcrt4 gives each call a thread of its own. A call of an installer's function waits there for the
 * thread of the action, which does it: handles are that thread's, and calls of several threads of a
 * host take turns. Who may call: a name that nobody can guess, a secret that is good for one
 * greeting by the process that it was given to, and then the context that this greeting gave.
 */
#include "host_server.h"

#include <rpc.h>

#include "execmutex.h"
#include "host_calls.h"
#include "host_serve.h"
#include "os.h"
#include "trace.h"

enum { IDLE_MS = 15000 };

/* --- the endpoint -------------------------------------------------------------------------------
 */

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static WCHAR endpoint[ARRAY_LEN(((struct host_letter *)0)->endpoint)];
static bool listening;

static void name_endpoint(void)
{
    u32 chance[4];

    os_random(chance, sizeof(chance));
    swprintf(endpoint, ARRAY_LEN(endpoint), L"decanter-%08x%08x%08x%08x", chance[0], chance[1],
             chance[2], chance[3]);
}

/* rpcrt4's threads are in our code from now on, so that it is never unloaded. */
static bool stay_loaded(void)
{
    HMODULE here;

    return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                  GET_MODULE_HANDLE_EX_FLAG_PIN,
                              (const WCHAR *)(const void *)&once, &here);
}

static BOOL CALLBACK begin_serving(INIT_ONCE *o, void *arg, void **out)
{
    RPC_STATUS s;

    UNUSED(o);
    UNUSED(arg);
    UNUSED(out);
    name_endpoint();
    s = RpcServerUseProtseqEpW((RPC_WSTR)L"ncalrpc", RPC_C_PROTSEQ_MAX_REQS_DEFAULT,
                               (RPC_WSTR)endpoint, NULL);
    if (!s)
        s = RpcServerRegisterIf2(serve_ActionHost_v1_0_s_ifspec, NULL, NULL, RPC_IF_AUTOLISTEN,
                                 RPC_C_LISTEN_MAX_CALLS_DEFAULT, (unsigned)-1, NULL);
    listening = !s && stay_loaded();
    TRACE(TRACE_MSI, "hosts of custom actions are served: %ld", (long)s);
    return TRUE;
}

const WCHAR *host_endpoint(void)
{
    InitOnceExecuteOnce(&once, begin_serving, NULL, NULL);
    return listening ? endpoint : NULL;
}

void *__RPC_USER MIDL_user_allocate(size_t n)
{
    return os_alloc(n);
}

void __RPC_USER MIDL_user_free(void *p)
{
    os_free(p);
}

/* --- hosts --------------------------------------------------------------------------------------
 */

void host_drop(struct host *h)
{
    if (InterlockedDecrement(&h->refs))
        return;
    if (h->process)
        CloseHandle(h->process);
    if (h->greeted)
        CloseHandle(h->greeted);
    if (h->wake)
        CloseHandle(h->wake);
    if (h->work)
        CloseHandle(h->work);
    buf_free(&h->errand);
    os_free(h);
}

static void note_gone(struct host *h)
{
    AcquireSRWLockExclusive(&h->lock);
    h->gone = true;
    ReleaseSRWLockExclusive(&h->lock);
    SetEvent(h->wake);
    SetEvent(h->work);
}

/* The connection of a host is. */
void __RPC_USER HOST_CONTEXT_rundown(HOST_CONTEXT host)
{
    note_gone(host);
    host_drop(host);
}

/* False too where the system cannot tell. */
static bool is_another(handle_t binding, DWORD pid)
{
    unsigned long client = 0;

    return !I_RpcBindingInqLocalClientPID(binding, &client) && client && client != pid;
}

ULONG serve_HostGreet(handle_t binding, byte secret[HOST_SECRET], ULONG list, HOST_CONTEXT *host)
{
    struct host *h;

    *host = NULL;
    if (list != host_function_list() || !(h = host_welcome(secret)))
        return ERROR_ACCESS_DENIED;
    if (is_another(binding, h->pid)) {
        note_gone(h);
        host_drop(h);
        return ERROR_ACCESS_DENIED;
    }
    *host = h;
    SetEvent(h->greeted);
    return ERROR_SUCCESS;
}

/* --- actions ------------------------------------------------------------------------------------
 */

/* ERROR_IO_PENDING: there is nothing yet. */
static u32 take_errand(struct host *h, struct buf *errand)
{
    u32 err = ERROR_IO_PENDING;

    AcquireSRWLockExclusive(&h->lock);
    if (h->leave || h->gone) {
        err = ERROR_NO_MORE_ITEMS;
    } else if (h->errand.len) {
        *errand = h->errand;
        h->errand = (struct buf){0};
        err = ERROR_SUCCESS;
    }
    ReleaseSRWLockExclusive(&h->lock);
    return err;
}

ULONG serve_HostNext(HOST_CONTEXT host, ULONG *size, byte **errand)
{
    struct host *h = host;
    HANDLE either[2] = {h ? h->work : NULL, h ? h->process : NULL};
    struct buf b = {0};
    DWORD waited;
    u32 err;

    *size = 0;
    *errand = NULL;
    if (!h)
        return ERROR_INVALID_HANDLE;
    while ((err = take_errand(h, &b)) == ERROR_IO_PENDING) {
        waited = WaitForMultipleObjects(2, either, FALSE, IDLE_MS);
        if (waited == WAIT_OBJECT_0 + 1 || waited == WAIT_FAILED)
            return ERROR_NO_MORE_ITEMS;
        if (waited == WAIT_TIMEOUT && host_send_away(h))
            return ERROR_NO_MORE_ITEMS;
    }
    *size = (ULONG)b.len;
    *errand = b.data;
    return err;
}

/* Where the action's thread finds it; false: no action runs. */
static bool put_call(struct host *h, struct host_call *call)
{
    struct host_call **at = &h->calls;
    bool put;

    AcquireSRWLockExclusive(&h->lock);
    put = h->running && !h->finished;
    while (put && *at)
        at = &(*at)->next;
    if (put)
        *at = call;
    ReleaseSRWLockExclusive(&h->lock);
    return put;
}

static struct host_call *next_call(struct host *h)
{
    struct host_call *call;

    AcquireSRWLockExclusive(&h->lock);
    call = h->calls;
    if (call)
        h->calls = call->next;
    ReleaseSRWLockExclusive(&h->lock);
    return call;
}

ULONG serve_HostCall(HOST_CONTEXT host, ULONG function, ULONG size, byte *request,
                     ULONG *reply_size, byte **reply)
{
    struct host_call call = {NULL, function, request, size, {0}, ERROR_INVALID_HANDLE, NULL};
    struct host *h = host;

    *reply_size = 0;
    *reply = NULL;
    if (!h)
        return ERROR_INVALID_HANDLE;
    call.done = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!call.done)
        return ERROR_OUTOFMEMORY;
    if (put_call(h, &call)) {
        SetEvent(h->wake);
        WaitForSingleObject(call.done, INFINITE);
    }
    CloseHandle(call.done);
    if (call.err) {
        buf_free(&call.reply);
        return call.err;
    }
    *reply_size = (ULONG)call.reply.len;
    *reply = call.reply.data;
    return ERROR_SUCCESS;
}

ULONG serve_HostDone(HOST_CONTEXT host, ULONG outcome, ULONG result, ULONG left)
{
    struct host *h = host;
    u32 err = ERROR_INVALID_DATA;

    if (!h)
        return ERROR_INVALID_HANDLE;
    AcquireSRWLockExclusive(&h->lock);
    if (h->running && !h->finished && !h->errand.len && outcome > HOST_DIED &&
        outcome <= HOST_NO_FUNCTION) {
        h->result = (struct host_result){(enum host_outcome)outcome, result, left};
        h->finished = true;
        err = ERROR_SUCCESS;
    }
    ReleaseSRWLockExclusive(&h->lock);
    SetEvent(h->wake);
    return err;
}

/* --- the thread of an action --------------------------------------------------------------------
 */

static bool begin(struct host *h, u32 install, const char16_t *dll, const char *entry)
{
    size_t path = wcslen((const WCHAR *)dll) * sizeof(*dll), name = strlen(entry);
    struct buf b = {0};
    bool whole = !buf_add32(&b, install) && !buf_add32(&b, exec_mutex_is_here()) &&
                 !buf_add32(&b, (u32)path) && !buf_add(&b, dll, path) &&
                 !buf_add32(&b, (u32)name) && !buf_add(&b, entry, name);

    AcquireSRWLockExclusive(&h->lock);
    whole = whole && !h->gone;
    if (whole) {
        h->errand = b;
        h->running = true;
        h->finished = false;
        h->result = (struct host_result){0};
    }
    ReleaseSRWLockExclusive(&h->lock);
    if (!whole)
        buf_free(&b);
    SetEvent(h->work);
    return whole;
}

/* What comes now is refused, and what waits. */
static void end(struct host *h)
{
    struct host_call *call;

    AcquireSRWLockExclusive(&h->lock);
    h->running = false;
    ReleaseSRWLockExclusive(&h->lock);
    while ((call = next_call(h)))
        SetEvent(call->done);
}

static bool has_ended(struct host *h)
{
    bool ended;

    AcquireSRWLockExclusive(&h->lock);
    ended = h->finished || h->gone;
    ReleaseSRWLockExclusive(&h->lock);
    return ended;
}

/* What it takes off the list is its caller's again as soon as that is told. */
static void serve_calls(struct host *h, struct host_handles *handles)
{
    struct host_call *call;

    while ((call = next_call(h))) {
        call->err = host_serve(handles, call->function, call->request, call->size, &call->reply);
        SetEvent(call->done);
    }
}

void host_run(struct host *h, MSIHANDLE install, const char16_t *dll, const char *entry,
              struct host_result *r)
{
    HANDLE either[2] = {h->wake, h->process};
    struct host_handles handles = {0};
    u32 number = host_handles_add(&handles, install);

    *r = (struct host_result){0};
    if (number && begin(h, number, dll, entry)) {
        while (!has_ended(h) && WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0)
            serve_calls(h, &handles);
        end(h);
        *r = h->result;
    }
    host_handles_free(&handles);
}
