/*
 * How the programs of custom actions are run. What one writes to its standard output and error goes
 * to the log, if there is one, line by line.
 */
#include "runaction.h"

#include "log.h"
#include "os.h"
#include "textbuf.h"
#include "trace.h"
#include "utf16.h"

/* --- what it writes -----------------------------------------------------------------------------
 */

enum { PIPE_BYTES = 4096, LINE_BYTES = 2048 };

struct output {
    HANDLE here, there; /* the two ends of a pipe */
    OVERLAPPED wait;
    char chunk[PIPE_BYTES], line[LINE_BYTES];
    size_t len; /* of the line so far */
    const struct custom_action *action;
};

static void put_line(struct output *o)
{
    WCHAR wide[LINE_BYTES];
    struct text_buf text;
    int n;

    if (!o->len)
        return;
    n = MultiByteToWideChar(CP_OEMCP, 0, o->line, (int)o->len, wide, LINE_BYTES);
    o->len = 0;
    tb_init(&text);
    tb_add(&text, o->action->name, u16_len(o->action->name));
    tb_ascii(&text, ": ");
    tb_add(&text, (const char16_t *)wide, n > 0 ? (size_t)n : 0);
    if (!text.failed)
        log_line(LOG_INFO | LOG_VERBOSE, text.s, text.len);
    tb_free(&text);
}

static void take_bytes(struct output *o, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = o->chunk[i];

        if (c == '\n' || o->len == LINE_BYTES)
            put_line(o);
        if (c != '\n' && c != '\r')
            o->line[o->len++] = c ? c : ' ';
    }
}

static void close_output(struct output *o)
{
    if (o->here != INVALID_HANDLE_VALUE)
        CloseHandle(o->here);
    if (o->there != INVALID_HANDLE_VALUE)
        CloseHandle(o->there);
    if (o->wait.hEvent)
        CloseHandle(o->wait.hEvent);
    os_free(o);
}

/* NULL: the program gets no pipe. */
static struct output *open_output(const struct custom_action *a)
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), NULL, TRUE};
    struct output *o;
    WCHAR name[64];
    u32 chance;

    if (!log_is(LOG_INFO | LOG_VERBOSE) || !(o = os_calloc(1, sizeof(*o))))
        return NULL;
    os_random(&chance, sizeof(chance));
    swprintf(name, ARRAY_LEN(name), L"\\\\.\\pipe\\decanter-action-%lx-%lx",
             (unsigned long)GetCurrentProcessId(), (unsigned long)chance);
    o->action = a;
    o->there = INVALID_HANDLE_VALUE;
    o->here = CreateNamedPipeW(
        name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, PIPE_BYTES, 0, NULL);
    if (o->here != INVALID_HANDLE_VALUE)
        o->there = CreateFileW(name, GENERIC_WRITE, 0, &inherited, OPEN_EXISTING, 0, NULL);
    o->wait.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (o->there != INVALID_HANDLE_VALUE && o->wait.hEvent)
        return o;
    close_output(o);
    return NULL;
}

/* Reads until the program has ended and what it wrote is read. Programs that it left running may
 * have the pipe too, and are not waited for. */
static void read_output(struct output *o, HANDLE process)
{
    HANDLE either[2] = {o->wait.hEvent, process};
    bool ended = false;
    DWORD got;

    for (;;) {
        bool pending = !ReadFile(o->here, o->chunk, PIPE_BYTES, NULL, &o->wait);

        if (pending && GetLastError() != ERROR_IO_PENDING)
            break;
        if (!ended && WaitForMultipleObjects(2, either, FALSE, INFINITE) != WAIT_OBJECT_0)
            ended = true;
        if (ended && WaitForSingleObject(o->wait.hEvent, 0) != WAIT_OBJECT_0)
            CancelIo(o->here);
        if (!GetOverlappedResult(o->here, &o->wait, &got, TRUE))
            break;
        take_bytes(o, got);
    }
    put_line(o);
}

/* --- starting -----------------------------------------------------------------------------------
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

/* Without a list of its own a program would inherit whatever handle of ours can be inherited. */
static LPPROC_THREAD_ATTRIBUTE_LIST list_of(HANDLE *handle)
{
    LPPROC_THREAD_ATTRIBUTE_LIST list;
    SIZE_T size = 0;

    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    list = size ? os_calloc(1, size) : NULL;
    if (!list)
        return NULL;
    if (InitializeProcThreadAttributeList(list, 1, 0, &size) &&
        UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handle,
                                  sizeof(*handle), NULL, NULL))
        return list;
    os_free(list);
    return NULL;
}

static bool create(char16_t *line, const char16_t *folder, struct output *o,
                   PROCESS_INFORMATION *process)
{
    STARTUPINFOEXW start = {.StartupInfo = {.cb = sizeof(start.StartupInfo)}};
    DWORD flags = 0;
    BOOL made;

    if (o) {
        start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
        start.StartupInfo.hStdOutput = start.StartupInfo.hStdError = o->there;
        start.lpAttributeList = list_of(&o->there);
        if (start.lpAttributeList) {
            start.StartupInfo.cb = sizeof(start);
            flags = EXTENDED_STARTUPINFO_PRESENT;
        }
    }
    made = CreateProcessW(NULL, (WCHAR *)line, NULL, NULL, o != NULL, flags, NULL,
                          folder[0] ? (const WCHAR *)folder : NULL, &start.StartupInfo, process);
    if (!made)
        TRACE(TRACE_MSI, "%s is not started: %u", trace_text(line, -1), (unsigned)GetLastError());
    if (start.lpAttributeList)
        DeleteProcThreadAttributeList(start.lpAttributeList);
    os_free(start.lpAttributeList);
    return made;
}

/* --- running ------------------------------------------------------------------------------------
 */

/* Who neither waits for its code nor cares for it. */
static bool is_left_alone(u32 type)
{
    return (type & CUSTOM_ASYNC) && (type & CUSTOM_CONTINUE);
}

static u32 wait_for(HANDLE process, struct output *o)
{
    DWORD code = 0;

    if (o) {
        CloseHandle(o->there);
        o->there = INVALID_HANDLE_VALUE;
        read_output(o, process);
    }
    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    return code;
}

u32 action_program(const struct custom_action *a, struct custom_trouble *t)
{
    struct output *o = is_left_alone(a->type) ? NULL : open_output(a);
    char16_t *line = line_of(a);
    PROCESS_INFORMATION process;
    u32 code = 0;

    if (line && create(line, a->folder, o, &process)) {
        CloseHandle(process.hThread);
        if (!is_left_alone(a->type))
            code = wait_for(process.hProcess, o);
        CloseHandle(process.hProcess);
    } else {
        t->error = CUSTOM_NOT_STARTED;
        code = line ? ERROR_INSTALL_FAILURE : ERROR_OUTOFMEMORY;
    }
    os_free(line);
    if (o)
        close_output(o);
    return code;
}
