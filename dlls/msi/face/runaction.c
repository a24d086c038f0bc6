/*
 * How the DLLs and programs of custom actions are run.
 *
 * A DLL is called in this process, in a thread of its own that owns the handle of the session and
 * every handle that the action opens; what it leaves open is told and closed. A DLL of another
 * architecture cannot be loaded here, and a package that has one is not taken. A fault in the
 * action ends its thread's call and is a failure.
 */
#include "runaction.h"

#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <stdio.h>

#include "custom.h"
#include "install.h"
#include "log.h"
#include "os.h"
#include "strio.h"
#include "trace.h"
#include "use.h"
#include "utf16.h"

enum { PROGRAM_NOT_STARTED = 1721, DLL_NOT_RUN = 1723, NAME_MAX_CHARS = 256 };

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
    switch (type & CUSTOM_BASE) {
    case CUSTOM_DLL_BINARY:
        return is_of_this_machine(head, len);
    case CUSTOM_DLL_FILE:
        return wide == (MACHINE == IMAGE_FILE_MACHINE_AMD64);
    case CUSTOM_EXE_BINARY:
    case CUSTOM_EXE_FILE:
    case CUSTOM_EXE_FOLDER:
    case CUSTOM_EXE_PROPERTY:
        return true;
    }
    return false;
}

/* --- DLLs ---------------------------------------------------------------------------------------
 */

typedef UINT(WINAPI *action_fn)(MSIHANDLE install);

struct call {
    struct session *s;
    const struct custom_action *action;
    char entry[NAME_MAX_CHARS];
    action_fn function;
    MSIHANDLE handle;
    u32 result;
    bool ran;
};

static void call_it(void *call)
{
    struct call *c = call;

    c->result = c->function(c->handle);
    c->ran = true;
}

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

static void call_in(HMODULE dll, struct call *c)
{
    UINT open;

    c->function = find_entry(dll, c->entry);
    if (!c->function) {
        TRACE(TRACE_MSI, "the DLL has no function %s", c->entry);
        return;
    }
    obj_ref(session_object(c->s));
    c->handle = hnd_open(session_object(c->s));
    if (!c->handle || !os_guard(call_it, c))
        TRACE(TRACE_MSI, "the custom action %s faulted", c->entry);
    MsiCloseHandle(c->handle);
    open = MsiCloseAllHandles();
    if (open)
        log_tell("Handles were left open by ", c->action->name, u16_len(c->action->name));
}

static DWORD WINAPI call_thread(void *call)
{
    struct call *c = call;
    HMODULE dll =
        LoadLibraryExW((const WCHAR *)c->action->program, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);

    if (!dll) {
        TRACE(TRACE_MSI, "the DLL is not loaded: %u", (unsigned)GetLastError());
        return 0;
    }
    call_in(dll, c);
    FreeLibrary(dll);
    return 0;
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

static u32 run_dll(struct session *s, const struct custom_action *a, u32 *error)
{
    struct call c = {.s = s, .action = a};
    size_t n = u16_len(a->target);
    HANDLE thread;

    *error = DLL_NOT_RUN;
    if (!n || n >= NAME_MAX_CHARS)
        return ERROR_INSTALL_FAILURE;
    for (size_t i = 0; i < n; i++)
        c.entry[i] = (char)a->target[i];
    tell_invoked(a);
    thread = CreateThread(NULL, 0, call_thread, &c, 0, NULL);
    if (!thread)
        return ERROR_INSTALL_FAILURE;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    if (!c.ran)
        return ERROR_INSTALL_FAILURE;
    *error = 0;
    return c.result;
}

/* --- programs -----------------------------------------------------------------------------------
 */

/* "program" arguments, or the arguments alone. */
static char16_t *line_of(const struct custom_action *a)
{
    struct text_buf line;
    char16_t *text;
    size_t len;

    tb_init(&line);
    if (a->program[0]) {
        tb_char(&line, '"');
        tb_add(&line, a->program, u16_len(a->program));
        tb_ascii(&line, "\" ");
    }
    tb_add(&line, a->target, u16_len(a->target));
    text = tb_take(&line, &len);
    tb_free(&line);
    return text;
}

/* Who neither waits for its code nor cares for it. */
static bool is_left_alone(u32 type)
{
    return (type & CUSTOM_ASYNC) && (type & CUSTOM_CONTINUE);
}

static u32 run_program(const struct custom_action *a, u32 *error)
{
    STARTUPINFOW start = {.cb = sizeof(start)};
    PROCESS_INFORMATION process;
    char16_t *line = line_of(a);
    DWORD code = 0;

    *error = PROGRAM_NOT_STARTED;
    if (!line)
        return ERROR_OUTOFMEMORY;
    if (!CreateProcessW(NULL, (WCHAR *)line, NULL, NULL, FALSE, 0, NULL,
                        a->folder[0] ? (const WCHAR *)a->folder : NULL, &start, &process)) {
        TRACE(TRACE_MSI, "%s is not started: %u", trace_text(line, -1), (unsigned)GetLastError());
        os_free(line);
        return ERROR_INSTALL_FAILURE;
    }
    os_free(line);
    *error = 0;
    CloseHandle(process.hThread);
    if (!is_left_alone(a->type)) {
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &code);
    }
    CloseHandle(process.hProcess);
    return code;
}

/* --- both ---------------------------------------------------------------------------------------
 */

static bool is_dll(u32 type)
{
    u32 base = type & CUSTOM_BASE;

    return base == CUSTOM_DLL_BINARY || base == CUSTOM_DLL_FILE;
}

static u32 run_action(struct session *s, const struct custom_action *a, u32 *error)
{
    const struct script_session how = {a->mode, a->data, a->product, a->sid};
    struct session *own;
    u32 result;

    if (!is_dll(a->type))
        return run_program(a, error);
    if (!a->mode)
        return run_dll(s, a, error);
    result = session_open_script(&how, &own);
    if (result)
        return result;
    result = run_dll(own, a, error);
    obj_unref(session_object(own));
    return result;
}

void run_actions(void)
{
    static const struct custom_ways ways = {can_run, run_action};

    custom_by(&ways);
    install_custom_by(custom_do);
}
