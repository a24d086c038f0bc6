/*
 * The host process of custom actions: rundll32.exe with this DLL, started by host_start.c.
 *
 * It runs one action after the other, each in a thread of its own, while its main thread waits for
 * that. Every call with a handle of the installation goes to the process that started it, and
 * without that it is for nothing: it ends when that process has, and when a call cannot get there.
 */
#include "host.h"

#include <rpc.h>

#include "actionhost.h"
#include "execmutex.h"
#include "handle.h"
#include "host_calls.h"
#include "os.h"
#include "remote.h"
#include "runaction.h"
#include "trace.h"

static HOST_CONTEXT context;

STATIC_ASSERT(HOST_MOST == HOST_REQUEST_MAX);

/* --- the end ------------------------------------------------------------------------------------
 */

static void end_here(void)
{
    TerminateProcess(GetCurrentProcess(), ERROR_CANCELLED);
}

static DWORD WINAPI watch(void *installer)
{
    WaitForSingleObject(installer, INFINITE);
    end_here();
    return 0;
}

/* Whether this thread is in a stub. */
static DWORD in_stub = TLS_OUT_OF_INDEXES;

/* A stub tells by an exception what rpcrt4 cannot do; its codes are Win32's. */
static LONG CALLBACK see_exception(EXCEPTION_POINTERS *p)
{
    DWORD code = p->ExceptionRecord->ExceptionCode;

    if (TlsGetValue(in_stub) && (code < 0x10000 || code == EXCEPTION_ACCESS_VIOLATION))
        end_here();
    return EXCEPTION_CONTINUE_SEARCH;
}

static void enter(void)
{
    TlsSetValue(in_stub, &context);
}

static void leave(void)
{
    TlsSetValue(in_stub, NULL);
}

/* An action's fault that is not in its own thread: without a window, and at once. */
static LONG WINAPI see_fault(EXCEPTION_POINTERS *p)
{
    UNUSED(p);
    end_here();
    return EXCEPTION_EXECUTE_HANDLER;
}

/* --- calls --------------------------------------------------------------------------------------
 */

static u32 send_call(u32 function, const u8 *request, u32 size, u8 **reply, u32 *reply_size)
{
    ULONG got = 0;
    byte *bytes = NULL, none = 0;
    u32 err;

    enter();
    err =
        HostCall(context, function, size, size ? (byte *)(uintptr_t)request : &none, &got, &bytes);
    leave();
    *reply = bytes;
    *reply_size = bytes ? got : 0;
    return err;
}

/* --- an action ----------------------------------------------------------------------------------
 */

struct errand {
    MSIHANDLE install;
    WCHAR *dll;
    char *entry;
    struct action_dll d;
    struct host_result r;
};

static void *take_chars(struct wire_in *in, u32 unit)
{
    u32 bytes = wire_get32(in);
    const u8 *p = wire_take(in, bytes);
    u8 *text = p ? os_calloc((u64)bytes + unit, 1) : NULL;

    if (text)
        memcpy(text, p, bytes);
    return text;
}

static void call_it(void *errand)
{
    struct errand *e = errand;

    e->r.result = e->d.function(e->install);
    e->r.outcome = HOST_RAN;
}

static DWORD WINAPI run_errand(void *errand)
{
    struct errand *e = errand;
    bool loaded = action_load(&e->d, e->dll, e->entry);

    e->r.outcome = loaded ? HOST_FAULTED : e->d.dll ? HOST_NO_FUNCTION : HOST_NO_DLL;
    if (loaded && os_guard(call_it, e))
        e->r.left = hnd_close_all();
    if (e->d.dll && e->r.outcome != HOST_FAULTED)
        FreeLibrary(e->d.dll);
    return 0;
}

static bool unpack(struct errand *e, const u8 *bytes, ULONG size)
{
    struct wire_in in = {bytes, size, false};

    *e = (struct errand){.install = wire_get32(&in)};
    exec_mutex_for_us(wire_get32(&in) != 0);
    e->dll = take_chars(&in, sizeof(WCHAR));
    e->entry = take_chars(&in, 1);
    return e->dll && e->entry && !in.bad;
}

/* False: the installer has no more use for this process. */
static bool run_next(void)
{
    struct errand e;
    ULONG size = 0, err;
    byte *bytes = NULL;
    HANDLE thread;

    enter();
    err = HostNext(context, &size, &bytes);
    leave();
    if (err || !bytes || !unpack(&e, bytes, size))
        return false;
    os_free(bytes);
    thread = CreateThread(NULL, 0, run_errand, &e, 0, NULL);
    if (!thread)
        return false;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    os_free(e.dll);
    os_free(e.entry);
    enter();
    err = HostDone(context, e.r.outcome, e.r.result, e.r.left);
    leave();
    return !err && e.r.outcome != HOST_FAULTED;
}

/* --- the beginning ------------------------------------------------------------------------------
 */

bool host_is_command(const WCHAR *line)
{
    static const WCHAR command[] = L"" HOST_COMMAND;
    WCHAR copy[ARRAY_LEN(command)];

    /* of whoever calls the function for what its name says it may be anything */
    return os_copy(copy, line, sizeof(copy)) && !memcmp(copy, command, sizeof(command));
}

static bool read_letter(struct host_letter *letter)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    DWORD n = 0;
    bool read = ReadFile(in, letter, sizeof(*letter), &n, NULL) && n == sizeof(*letter) &&
                letter->magic == HOST_MAGIC && letter->list == host_function_list();

    CloseHandle(in);
    SetStdHandle(STD_INPUT_HANDLE, NULL); /* nothing more is in it for an action */
    letter->endpoint[ARRAY_LEN(letter->endpoint) - 1] = 0;
    return read;
}

static bool bind_to(const WCHAR *endpoint, handle_t *binding)
{
    RPC_WSTR text = NULL;
    RPC_STATUS s = RpcStringBindingComposeW(NULL, (RPC_WSTR)L"ncalrpc", NULL,
                                            (RPC_WSTR)(uintptr_t)endpoint, NULL, &text);

    if (!s)
        s = RpcBindingFromStringBindingW(text, binding);
    if (text)
        RpcStringFreeW(&text);
    return !s;
}

static bool greet(struct host_letter *letter)
{
    handle_t binding = NULL;
    u32 err = ERROR_ACCESS_DENIED;

    if (bind_to(letter->endpoint, &binding)) {
        enter();
        err = HostGreet(binding, letter->secret, letter->list, &context);
        leave();
        RpcBindingFree(&binding);
    }
    SecureZeroMemory(letter, sizeof(*letter));
    return !err;
}

void host_main(HWND window)
{
    struct host_letter letter;
    HANDLE watcher;

    /* Its thread is this one, which has no time for messages: whoever sends one to all windows
     * would wait for that, an action of this process for ever. */
    DestroyWindow(window);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    SetUnhandledExceptionFilter(see_fault);
    in_stub = TlsAlloc();
    if (in_stub == TLS_OUT_OF_INDEXES || !read_letter(&letter))
        ExitProcess(ERROR_ACCESS_DENIED);
    AddVectoredExceptionHandler(1, see_exception);
    watcher = CreateThread(NULL, 0, watch, (HANDLE)(uintptr_t)letter.installer, 0, NULL);
    if (!watcher || !greet(&letter))
        ExitProcess(ERROR_ACCESS_DENIED);
    remote_by(send_call);
    InterlockedExchange(&remote_active, 1);
    while (run_next())
        ;
    ExitProcess(ERROR_SUCCESS);
}
