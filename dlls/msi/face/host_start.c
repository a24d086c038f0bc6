/*
 * Starting hosts of custom actions, and keeping one of each architecture for the next action.
 *
 * What a host must know it reads from a pipe that it inherits, so that no other process sees it:
 * not on a command line, not in an environment. It inherits that, a handle to wait for this
 * process, and its output, and nothing else.
 */
#include "host_server.h"

#include "host_calls.h"
#include "os.h"
#include "trace.h"

enum { GREETING_MS = 120000, LINE_CHARS = MAX_PATH * 4 };
#ifdef __x86_64__
enum { HERE = IMAGE_FILE_MACHINE_AMD64, THERE = IMAGE_FILE_MACHINE_I386 };
#else
enum { HERE = IMAGE_FILE_MACHINE_I386, THERE = IMAGE_FILE_MACHINE_AMD64 };
#endif

static SRWLOCK lock = SRWLOCK_INIT;
static struct host *expected; /* those that are to greet */
static struct host *idle[2];  /* of this architecture and the other; each a reference */

/* --- those that are known -----------------------------------------------------------------------
 */

static struct host **idle_of(u32 machine)
{
    return &idle[machine != HERE];
}

static void expect(struct host *h)
{
    AcquireSRWLockExclusive(&lock);
    h->next = expected;
    expected = h;
    ReleaseSRWLockExclusive(&lock);
}

/* The lock is held. */
static bool unlink_expected(struct host *h)
{
    struct host **at = &expected;

    while (*at && *at != h)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = h->next;
    return true;
}

/* All bytes are looked at, so that the time it takes tells nothing. */
static bool is_secret(const u8 *a, const u8 *b)
{
    u8 differs = 0;

    for (u32 i = 0; i < HOST_SECRET; i++)
        differs |= (u8)(a[i] ^ b[i]);
    return !differs;
}

struct host *host_welcome(const u8 *secret)
{
    struct host *h = NULL;

    AcquireSRWLockExclusive(&lock);
    for (struct host *at = expected; at; at = at->next)
        if (is_secret(at->secret, secret))
            h = at;
    if (h) {
        unlink_expected(h);
        InterlockedIncrement(&h->refs);
    }
    ReleaseSRWLockExclusive(&lock);
    return h;
}

bool host_send_away(struct host *h)
{
    struct host **place = idle_of(h->machine);
    bool away;

    AcquireSRWLockExclusive(&lock);
    away = *place == h;
    if (away)
        *place = NULL;
    ReleaseSRWLockExclusive(&lock);
    if (away)
        host_drop(h);
    return away;
}

/* --- what it is started with --------------------------------------------------------------------
 */

/* rundll32 takes a path up to the first blank or comma. */
static bool is_plain(const WCHAR *path)
{
    return !wcspbrk(path, L" ,\"\t");
}

/* Where the code is that this runs in. */
static bool our_dll(WCHAR *path, DWORD cap)
{
    WCHAR full[MAX_PATH * 2];
    HMODULE here;
    DWORD n;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const WCHAR *)(const void *)&lock, &here))
        return false;
    n = GetModuleFileNameW(here, full, ARRAY_LEN(full));
    if (!n || n >= ARRAY_LEN(full))
        return false;
    n = is_plain(full) ? 0 : GetShortPathNameW(full, path, cap);
    if (!n)
        swprintf(path, cap, L"%ls", full);
    return n < cap && is_plain(path);
}

/* The other architecture's msi.dll is that of its system folder. */
static bool command_line(u32 machine, WCHAR *line)
{
    WCHAR folder[MAX_PATH], dll[MAX_PATH * 2] = L"msi.dll";
    UINT n;

    if (machine == HERE && !our_dll(dll, ARRAY_LEN(dll)))
        return false;
    if (machine == HERE)
        n = GetSystemDirectoryW(folder, ARRAY_LEN(folder));
    else if (THERE == IMAGE_FILE_MACHINE_I386)
        n = GetSystemWow64DirectoryW(folder, ARRAY_LEN(folder));
    else
        n = GetWindowsDirectoryW(folder, ARRAY_LEN(folder));
    if (!n || n >= ARRAY_LEN(folder))
        return false;
    swprintf(line, LINE_CHARS, L"\"%ls%ls\\rundll32.exe\" %ls," HOST_ENTRY " " HOST_COMMAND, folder,
             machine != HERE && machine == IMAGE_FILE_MACHINE_AMD64 ? L"\\sysnative" : L"", dll);
    return true;
}

/* What it inherits. */
struct legacy {
    HANDLE letter; /* its standard input */
    HANDLE installer;
    HANDLE output, errors; /* NULL where this process has none */
};

/* access 0: the same. */
static HANDLE inheritable(HANDLE h, DWORD access)
{
    HANDLE copy;

    return DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), &copy, access, TRUE,
                           access ? 0 : DUPLICATE_SAME_ACCESS)
               ? copy
               : NULL;
}

static HANDLE inheritable_output(DWORD which)
{
    HANDLE h = GetStdHandle(which);

    return h && h != INVALID_HANDLE_VALUE ? inheritable(h, 0) : NULL;
}

/* A pipe: the end to write to is given back; NULL: it could not be made. */
static HANDLE make_legacy(struct legacy *l)
{
    HANDLE from, to;

    if (!CreatePipe(&from, &to, NULL, 0))
        return NULL;
    l->letter = inheritable(from, 0);
    CloseHandle(from);
    l->installer = inheritable(GetCurrentProcess(), SYNCHRONIZE);
    l->output = inheritable_output(STD_OUTPUT_HANDLE);
    l->errors = inheritable_output(STD_ERROR_HANDLE);
    if (l->letter && l->installer)
        return to;
    CloseHandle(to);
    return NULL;
}

static void close_legacy(struct legacy *l)
{
    HANDLE all[] = {l->letter, l->installer, l->output, l->errors};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i])
            CloseHandle(all[i]);
}

/* --- starting -----------------------------------------------------------------------------------
 */

static bool create_with(WCHAR *line, const struct legacy *l, LPPROC_THREAD_ATTRIBUTE_LIST list,
                        PROCESS_INFORMATION *process)
{
    STARTUPINFOEXW start = {.StartupInfo = {.cb = sizeof(start)}, .lpAttributeList = list};

    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = l->letter;
    start.StartupInfo.hStdOutput = l->output;
    start.StartupInfo.hStdError = l->errors;
    return CreateProcessW(NULL, line, NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                          &start.StartupInfo, process);
}

static bool create(WCHAR *line, const struct legacy *l, PROCESS_INFORMATION *process)
{
    HANDLE handles[4] = {l->letter, l->installer};
    LPPROC_THREAD_ATTRIBUTE_LIST list;
    u32 count = 2;
    SIZE_T size = 0;
    bool made = false;

    if (l->output)
        handles[count++] = l->output;
    if (l->errors)
        handles[count++] = l->errors;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    list = size ? os_calloc(1, size) : NULL;
    if (!list)
        return false;
    if (InitializeProcThreadAttributeList(list, 1, 0, &size)) {
        made = UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles,
                                         count * sizeof(*handles), NULL, NULL) &&
               create_with(line, l, list, process);
        DeleteProcThreadAttributeList(list);
    }
    os_free(list);
    return made;
}

static bool write_letter(struct host *h, HANDLE to, HANDLE installer)
{
    struct host_letter letter = {.magic = HOST_MAGIC, .list = host_function_list()};
    const WCHAR *endpoint = host_endpoint();
    DWORD n;
    bool written;

    letter.installer = (u32)(uintptr_t)installer;
    memcpy(letter.secret, h->secret, sizeof(letter.secret));
    swprintf(letter.endpoint, ARRAY_LEN(letter.endpoint), L"%ls", endpoint);
    written = WriteFile(to, &letter, sizeof(letter), &n, NULL) && n == sizeof(letter);
    SecureZeroMemory(&letter, sizeof(letter));
    return written;
}

static bool start_process(struct host *h)
{
    PROCESS_INFORMATION process;
    WCHAR line[LINE_CHARS];
    struct legacy l = {0};
    HANDLE to;
    bool started;

    if (!command_line(h->machine, line))
        return false;
    to = make_legacy(&l);
    started = to && create(line, &l, &process);
    if (started) {
        CloseHandle(process.hThread);
        h->process = process.hProcess;
        h->pid = process.dwProcessId;
        expect(h);
        started = write_letter(h, to, l.installer);
    } else {
        TRACE(TRACE_MSI, "no host is started: %u", (unsigned)GetLastError());
    }
    if (to)
        CloseHandle(to);
    close_legacy(&l);
    return started;
}

static struct host *make_host(u32 machine)
{
    struct host *h = os_calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->refs = 1;
    h->machine = machine;
    InitializeSRWLock(&h->lock);
    os_random(h->secret, sizeof(h->secret));
    h->greeted = CreateEventW(NULL, TRUE, FALSE, NULL);
    h->wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    h->work = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (h->greeted && h->wake && h->work)
        return h;
    host_drop(h);
    return NULL;
}

/* Ends it in any case, and gives the reference back. */
static void end_host(struct host *h)
{
    if (h->process)
        TerminateProcess(h->process, ERROR_CANCELLED);
    host_drop(h);
}

static bool has_greeted(struct host *h)
{
    HANDLE either[2] = {h->greeted, h->process};

    return WaitForMultipleObjects(2, either, FALSE, GREETING_MS) == WAIT_OBJECT_0;
}

static struct host *start_host(u32 machine)
{
    struct host *h = host_endpoint() ? make_host(machine) : NULL;

    if (!h)
        return NULL;
    if (start_process(h) && has_greeted(h))
        return h;
    AcquireSRWLockExclusive(&lock);
    unlink_expected(h);
    ReleaseSRWLockExclusive(&lock);
    TRACE(TRACE_MSI, "no host of custom actions for the machine %x", machine);
    end_host(h);
    return NULL;
}

/* --- taking and giving --------------------------------------------------------------------------
 */

static bool is_alive(struct host *h)
{
    bool gone;

    AcquireSRWLockExclusive(&h->lock);
    gone = h->gone;
    ReleaseSRWLockExclusive(&h->lock);
    return !gone && WaitForSingleObject(h->process, 0) == WAIT_TIMEOUT;
}

struct host *host_take(u32 machine)
{
    struct host **place = idle_of(machine), *h;

    if (machine != HERE && machine != THERE) /* nor is what waits in that place for it */
        return NULL;
    AcquireSRWLockExclusive(&lock);
    h = *place;
    *place = NULL;
    ReleaseSRWLockExclusive(&lock);
    if (h && is_alive(h))
        return h;
    if (h)
        end_host(h);
    return start_host(machine);
}

/* For the next; true: there was none yet. */
static bool put_idle(struct host *h)
{
    struct host **place = idle_of(h->machine);
    bool put;

    AcquireSRWLockExclusive(&lock);
    put = !*place;
    if (put)
        *place = h;
    ReleaseSRWLockExclusive(&lock);
    return put;
}

static void dismiss(struct host *h)
{
    AcquireSRWLockExclusive(&h->lock);
    h->leave = true;
    ReleaseSRWLockExclusive(&h->lock);
    SetEvent(h->work);
    host_drop(h);
}

void host_give(struct host *h, const struct host_result *r)
{
    if (r->outcome == HOST_DIED || r->outcome == HOST_FAULTED)
        end_host(h);
    else if (!put_idle(h))
        dismiss(h);
}

bool host_ready(u32 machine)
{
    static const struct host_result well = {HOST_RAN, 0, 0};
    struct host *h = host_take(machine);

    if (!h)
        return false;
    host_give(h, &well);
    return true;
}
