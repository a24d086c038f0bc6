/*
 * How custom actions are run, and the DLLs among them.
 *
 * A DLL is called, and a script is run, in this process, in a thread of its own that owns the
 * handle of the session and every handle that the action opens; what it leaves open is told and
 * closed. A DLL of another architecture cannot be loaded here, and a package that has one is not
 * taken. A fault in the action ends its thread's call and is a failure.
 */
#include "runaction.h"

#include <msiquery.h>
#include <stdio.h>

#include "install.h"
#include "log.h"
#include "os.h"
#include "strio.h"
#include "trace.h"
#include "use.h"
#include "utf16.h"

enum { NAME_MAX_CHARS = 256 };

/* --- what can be run ----------------------------------------------------------------------------
 */

#ifdef __x86_64__
enum { MACHINE = IMAGE_FILE_MACHINE_AMD64 };
#else
enum { MACHINE = IMAGE_FILE_MACHINE_I386 };
#endif

/* Of the first bytes of a DLL. */
static bool is_of_this_machine(const u8 *head, size_t len)
{
    u32 at = len >= 0x40 && head[0] == 'M' && head[1] == 'Z' ? le32(head + 0x3c) : 0;

    return at && at <= len - 8 && !memcmp(head + at, "PE\0\0", 4) && le16(head + at + 4) == MACHINE;
}

/* What a DLL is for that the package installs is told by its component. */
static bool can_run(u32 type, const u8 *head, size_t len, bool wide)
{
    switch (type & CUSTOM_KIND) {
    case CUSTOM_DLL:
        if (custom_in_package(type))
            return is_of_this_machine(head, len);
        return (type & CUSTOM_SOURCE) == CUSTOM_OF_FILE &&
               wide == (MACHINE == IMAGE_FILE_MACHINE_AMD64);
    case CUSTOM_EXE:
    case CUSTOM_JSCRIPT:
    case CUSTOM_VBSCRIPT:
        return true;
    }
    return false;
}

/* --- threads ------------------------------------------------------------------------------------
 */

struct errand {
    struct session *s;
    const struct custom_action *action;
    void (*body)(void *ctx, MSIHANDLE install);
    void *ctx;
    MSIHANDLE handle;
    bool ended;
};

static void run_body(void *errand)
{
    struct errand *e = errand;

    e->body(e->ctx, e->handle);
    e->ended = true;
}

static void tell_open(const struct custom_action *a, UINT open)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "Custom Action ");
    tb_add(&line, a->name, u16_len(a->name));
    tb_ascii(&line, " did not close ");
    tb_number(&line, (i32)open);
    tb_ascii(&line, " MSIHANDLEs.");
    if (!line.failed)
        log_tell("DEBUG: Error 2769:  ", line.s, line.len);
    tb_free(&line);
}

static DWORD WINAPI errand_thread(void *errand)
{
    struct errand *e = errand;
    UINT open;

    obj_ref(session_object(e->s));
    e->handle = hnd_open(session_object(e->s));
    if (!e->handle || !os_guard(run_body, e))
        TRACE(TRACE_MSI, "the custom action %s faulted", trace_text(e->action->name, -1));
    MsiCloseHandle(e->handle);
    open = MsiCloseAllHandles();
    if (open)
        tell_open(e->action, open);
    return 0;
}

bool action_thread(struct session *s, const struct custom_action *a,
                   void (*body)(void *ctx, MSIHANDLE install), void *ctx)
{
    struct errand e = {.s = s, .action = a, .body = body, .ctx = ctx};
    HANDLE thread = CreateThread(NULL, 0, errand_thread, &e, 0, NULL);

    if (!thread)
        return false;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return e.ended;
}

/* --- DLLs ---------------------------------------------------------------------------------------
 */

typedef UINT(WINAPI *action_fn)(MSIHANDLE install);

struct call {
    HMODULE dll;
    char entry[NAME_MAX_CHARS];
    action_fn function;
    u32 result;
};

/* By its name, and as it is decorated where the arguments are counted in it. */
static action_fn find_entry(HMODULE dll, const char *entry)
{
    action_fn f = (action_fn)(void *)GetProcAddress(dll, entry);
#ifndef __x86_64__
    char decorated[NAME_MAX_CHARS + 8];

    if (!f) {
        snprintf(decorated, sizeof(decorated), "_%s@4", entry);
        f = (action_fn)(void *)GetProcAddress(dll, decorated);
    }
#endif
    return f;
}

static void call_it(void *call, MSIHANDLE install)
{
    struct call *c = call;

    c->result = c->function(install);
}

static void tell_invoked(const struct custom_action *a)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "Invoking remote custom action. DLL: ");
    tb_add(&line, a->program, u16_len(a->program));
    tb_ascii(&line, ", Entrypoint: ");
    tb_add(&line, a->target, u16_len(a->target));
    if (!line.failed)
        log_verbose(line.s, line.len);
    tb_free(&line);
}

static bool load(struct call *c, const struct custom_action *a)
{
    size_t n = u16_len(a->target);

    if (!n || n >= NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i < n; i++)
        c->entry[i] = (char)a->target[i];
    c->dll = LoadLibraryExW((const WCHAR *)a->program, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!c->dll) {
        TRACE(TRACE_MSI, "the DLL is not loaded: %u", (unsigned)GetLastError());
        return false;
    }
    c->function = find_entry(c->dll, c->entry);
    if (!c->function)
        TRACE(TRACE_MSI, "the DLL has no function %s", c->entry);
    return c->function != NULL;
}

static u32 run_dll(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    struct call c = {0};
    bool ran;

    tell_invoked(a);
    ran = load(&c, a) && action_thread(s, a, call_it, &c);
    if (c.dll)
        FreeLibrary(c.dll);
    if (ran)
        return c.result;
    t->error = CUSTOM_DLL_NOT_RUN;
    return ERROR_INSTALL_FAILURE;
}

/* --- all ----------------------------------------------------------------------------------------
 */

static u32 run_in_session(struct session *s, const struct custom_action *a,
                          struct custom_trouble *t)
{
    return custom_is_script(a->type) ? action_script(s, a, t) : run_dll(s, a, t);
}

static u32 run_action(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    const struct script_session how = {a->mode, a->data, a->product, a->sid, a->language};
    struct session *own;
    u32 result;

    if ((a->type & CUSTOM_KIND) == CUSTOM_EXE)
        return action_program(a, t);
    if (!a->mode)
        return run_in_session(s, a, t);
    result = session_open_script(&how, &own);
    if (result)
        return result;
    result = run_in_session(own, a, t);
    obj_unref(session_object(own));
    return result;
}

/* --- asynchronous ones --------------------------------------------------------------------------
 */

struct start {
    void (*fn)(void *arg);
    void *arg;
};

static DWORD WINAPI started(void *start)
{
    struct start s = *(struct start *)start;

    os_free(start);
    s.fn(s.arg);
    return 0;
}

static void *start_thread(void (*fn)(void *arg), void *arg)
{
    struct start *s = os_alloc(sizeof(*s));
    HANDLE thread;

    if (!s)
        return NULL;
    *s = (struct start){fn, arg};
    thread = CreateThread(NULL, 0, started, s, 0, NULL);
    if (!thread)
        os_free(s);
    return thread;
}

static void join_thread(void *thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void leave_thread(void *thread)
{
    CloseHandle(thread);
}

void run_actions(void)
{
    static const struct custom_ways ways = {can_run, run_action, start_thread, join_thread,
                                            leave_thread};

    custom_by(&ways);
    install_custom_by(custom_do);
    run_chainers();
}
