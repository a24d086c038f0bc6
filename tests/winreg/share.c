/*
 * Processes of both architectures on one registry: what one wrote the other sees at once, a change
 * wakes who waits for it in another process, and a process that is killed while it writes loses
 * nothing and holds nobody up.
 *
 * The program starts itself, and where DECANTER_OTHER names a folder with the other architecture's
 * build, that one too.
 */
#include "test.h"

#include <winreg.h>

#define CHILDREN 4
#define KEY      "Software\\DecanterShare"
#define KILLS    24

struct progress {
    volatile LONG begun, done;
    char pad[56];
};
static struct progress *progress;

static HKEY open_key(void)
{
    HKEY key = NULL;
    LONG err =
        RegCreateKeyExA(HKEY_CURRENT_USER, KEY, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);

    ok(!err, "the key: %ld\n", err);
    return key;
}

static DWORD get(HKEY key, const char *name)
{
    DWORD value = 0, size = sizeof(value), type;

    return RegQueryValueExA(key, name, NULL, &type, (BYTE *)&value, &size) ? 0 : value;
}

static LONG set(HKEY key, const char *name, DWORD value)
{
    return RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&value, sizeof(value));
}

/* By a name of this run's own: the other architecture's may run at the same time. */
static void map_progress(void)
{
    char name[64];
    HANDLE section;

    if (!GetEnvironmentVariableA("DECANTER_SHARE", name, sizeof(name))) {
        sprintf(name, "DecanterShare%lu", GetCurrentProcessId());
        SetEnvironmentVariableA("DECANTER_SHARE", name);
    }
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    progress = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 4096);
}

/* --- children ------------------------------------------------------------------------------------
 */

/* Answers each "ping" of the parent's with a "pong". */
static void answer(void)
{
    HKEY key = open_key();
    DWORD last = 0;

    for (;;) {
        DWORD now = get(key, "ping");

        if (now == last) {
            Sleep(0);
            continue;
        }
        last = now;
        set(key, "pong", now);
        if (now == ~0u)
            break;
    }
    RegCloseKey(key);
}

/* Counts in a value for ever; goes on where it or its predecessor was. */
static void count(int i)
{
    HKEY key = open_key();
    char name[8];
    DWORD n;

    sprintf(name, "n%d", i);
    for (n = get(key, name) + 1;; n++) {
        progress[i].begun = (LONG)n;
        if (set(key, name, n))
            ExitProcess(1);
        progress[i].done = (LONG)n;
    }
}

static const char loaded_name[] = "DecanterShareLoaded";

/* What loading and unloading ask for. */
static void enable_restore(void)
{
    TOKEN_PRIVILEGES wanted = {.PrivilegeCount = 1};
    HANDLE token = NULL;

    OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token);
    LookupPrivilegeValueA(NULL, "SeRestorePrivilege", &wanted.Privileges[0].Luid);
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL);
    CloseHandle(token);
}

/* What another process loaded: a value from it becomes another in it. */
static void use_loaded(void)
{
    HKEY key = NULL;
    LONG err = RegOpenKeyExA(HKEY_LOCAL_MACHINE, loaded_name, 0, KEY_ALL_ACCESS, &key);

    if (!err)
        err = set(key, "seen", get(key, "told") + 1);
    RegCloseKey(key);
    ExitProcess((UINT)err);
}

static void child(void)
{
    map_progress();
    if (!strcmp(test_argv[2], "answer"))
        answer();
    else if (!strcmp(test_argv[2], "count"))
        count(atoi(test_argv[3]));
    else if (!strcmp(test_argv[2], "loaded"))
        use_loaded();
    else if (!strcmp(test_argv[2], "unload")) {
        enable_restore();
        ExitProcess((UINT)RegUnLoadKeyA(HKEY_LOCAL_MACHINE, loaded_name));
    } else {
        HKEY key = open_key();

        set(key, "told", (DWORD)atoi(test_argv[3]));
        RegCloseKey(key);
    }
    ExitProcess(0);
}

/* --- the parent ----------------------------------------------------------------------------------
 */

static const char *other;

static HANDLE spawn(const char *what, int n, BOOL of_other)
{
    PROCESS_INFORMATION info = {.hProcess = NULL};
    STARTUPINFOA start = {.cb = sizeof(start)};
    char exe[MAX_PATH], line[MAX_PATH + 64];

    if (of_other)
        sprintf(exe, "%s\\share.exe", other);
    else
        GetModuleFileNameA(NULL, exe, sizeof(exe));
    sprintf(line, "\"%s\" child %s %d", exe, what, n);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &info)) {
        ok(FALSE, "cannot start %s: %lu\n", exe, GetLastError());
        return NULL;
    }
    CloseHandle(info.hThread);
    return info.hProcess;
}

/* Nobody waits for what a child does that has ended, or never began. */
static BOOL alive(HANDLE process)
{
    return process && WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
}

static void end(HANDLE process)
{
    if (!process)
        return;
    TerminateProcess(process, 1);
    WaitForSingleObject(process, 10000);
    CloseHandle(process);
}

static void wait_end(HANDLE process)
{
    if (!process)
        return;
    ok(!WaitForSingleObject(process, 60000), "no end\n");
    CloseHandle(process);
}

static DWORD exit_code(HANDLE process)
{
    DWORD code = ~0u;

    if (!process)
        return code;
    ok(!WaitForSingleObject(process, 60000), "no end\n");
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

/* RegLoadKey: for every process, of either architecture, until it is unloaded; MS-RRP 3.1.5.23:
 * not while somebody has a key of it open. */
static void a_hive_that_one_loads_all_have(void)
{
    char path[MAX_PATH];
    HKEY key = NULL;
    DWORD err;

    enable_restore();
    GetTempPathA(sizeof(path) - 40, path);
    sprintf(path + strlen(path), "decanter%lu.hiv", GetCurrentProcessId());
    err = (DWORD)RegLoadKeyA(HKEY_LOCAL_MACHINE, loaded_name, path);
    ok(!err, "load: %lu\n", err);
    err = (DWORD)RegOpenKeyExA(HKEY_LOCAL_MACHINE, loaded_name, 0, KEY_ALL_ACCESS, &key);
    ok(!err, "open: %lu\n", err);
    ok(!set(key, "told", 41), "set\n");
    err = exit_code(spawn("loaded", 0, other != NULL));
    ok(!err, "the other: %lu\n", err);
    ok(get(key, "seen") == 42, "got %lu\n", get(key, "seen"));
    err = exit_code(spawn("unload", 0, other != NULL));
    ok(err == ERROR_ACCESS_DENIED, "unload with a key open: %lu\n", err);
    RegCloseKey(key);
    err = exit_code(spawn("unload", 0, other != NULL));
    ok(!err, "unload: %lu\n", err);
    err = (DWORD)RegOpenKeyExA(HKEY_LOCAL_MACHINE, loaded_name, 0, KEY_READ, &key);
    ok(err == ERROR_FILE_NOT_FOUND, "after it was unloaded: %lu\n", err);
    ok(DeleteFileA(path), "the file is in use: %lu\n", GetLastError());
}

static void ping_pong(BOOL of_other)
{
    HKEY key = open_key();
    HANDLE process;
    DWORD i;

    set(key, "ping", 0);
    set(key, "pong", 0);
    process = spawn("answer", 0, of_other);
    for (i = 1; i <= 200; i++) {
        DWORD since = GetTickCount();

        ok(!set(key, "ping", i), "set\n");
        while (get(key, "pong") != i && GetTickCount() - since < 20000 && alive(process))
            Sleep(0);
        if (get(key, "pong") != i)
            break;
    }
    ok(i > 200, "answer %lu did not come, and the other is %s\n", i,
       alive(process) ? "alive" : "not there");
    set(key, "ping", ~0u);
    if (i > 200)
        wait_end(process);
    else
        end(process);
    RegCloseKey(key);
}

static void what_one_writes_the_other_sees(void)
{
    ping_pong(FALSE);
}

static void architectures_share(void)
{
    if (other)
        ping_pong(TRUE);
    else
        skip("there is no build of the other architecture\n");
}

static void a_change_wakes_who_waits_in_another_process(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HKEY key = open_key();
    HANDLE process;
    LONG err = RegNotifyChangeKeyValue(key, TRUE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE);

    ok(!err, "notify: %ld\n", err);
    ok(WaitForSingleObject(event, 50) == WAIT_TIMEOUT, "nothing has changed\n");
    process = spawn("tell", (int)(GetTickCount() & 0xffff), other != NULL);
    if (process)
        ok(!WaitForSingleObject(event, 20000), "not woken\n");
    wait_end(process);
    CloseHandle(event);
    RegCloseKey(key);
}

static void must_go_on(int i)
{
    DWORD since = GetTickCount();
    LONG was = progress[i].done;

    while (progress[i].done == was && GetTickCount() - since < 60000)
        Sleep(1);
    ok(progress[i].done != was, "%d stands still\n", i);
}

/* A child that counts, and has begun to; NULL if it did not. */
static HANDLE counting(int i)
{
    LONG was = progress[i].done;
    HANDLE process = spawn("count", i, other && i % 2);
    DWORD since = GetTickCount();

    while (progress[i].done == was && GetTickCount() - since < 60000 && alive(process))
        Sleep(1);
    if (process && progress[i].done == was) {
        ok(FALSE, "%d does not count, and is %s\n", i, alive(process) ? "alive" : "not there");
        end(process);
        process = NULL;
    }
    return process;
}

static void look_at_count(HKEY key, int i, int kill)
{
    char name[8];
    DWORD n;

    sprintf(name, "n%d", i);
    n = get(key, name);
    ok(n >= (DWORD)progress[i].done && n <= (DWORD)progress[i].begun,
       "kill %d of %d: has %lu, done %ld, begun %ld\n", kill, i, n, progress[i].done,
       progress[i].begun);
}

static void killed_writers_lose_nothing(void)
{
    HANDLE process[CHILDREN];
    HKEY key = open_key();
    int i, k, good = 0;

    memset(progress, 0, sizeof(*progress) * CHILDREN);
    for (i = 0; i < CHILDREN; i++)
        if ((process[i] = good == i ? counting(i) : NULL))
            good++;
    for (k = 0; k < KILLS && good == CHILDREN; k++) {
        i = rand() % CHILDREN;
        Sleep((DWORD)rand() % 20);
        end(process[i]);
        must_go_on((i + 1) % CHILDREN);
        look_at_count(key, i, k);
        process[i] = counting(i);
        good -= !process[i];
    }
    for (i = 0; i < CHILDREN; i++)
        end(process[i]);
    ok(!set(key, "after", 1), "afterwards\n");
    RegCloseKey(key);
}

START_TEST(share)
{
    static char folder[MAX_PATH];

    if (test_child())
        child();
    test_dll("winreg");
    map_progress();
    if (GetEnvironmentVariableA("DECANTER_OTHER", folder, sizeof(folder)))
        other = folder;
    RUN(what_one_writes_the_other_sees);
    RUN(architectures_share);
    RUN(a_change_wakes_who_waits_in_another_process);
    RUN(a_hive_that_one_loads_all_have);
    RUN(killed_writers_lose_nothing);
    RegDeleteKeyA(HKEY_CURRENT_USER, KEY);
}
