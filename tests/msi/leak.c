/*
 * What is left open is told in the trace, in the words of Windows Installer's log.
 */
#include "msitest.h"

static DWORD WINAPI leave_two_open(void *arg)
{
    (void)arg;
    MsiCreateRecord(1);
    MsiCreateRecord(1);
    MsiCloseHandle(MsiCreateRecord(1));
    return 0;
}

/* The child: a thread that leaves two records open, then the process leaves a database. */
static void child(void)
{
    HANDLE thread = CreateThread(NULL, 0, leave_two_open, NULL, 0, NULL);
    MSIHANDLE db = 0;

    WaitForSingleObject(thread, INFINITE);
    MsiOpenDatabaseA("leak.msi", OPEN_CREATE, &db);
    ExitProcess(0);
}

/* Starts this program again with its standard error in a file, and returns that. */
static char *trace_of_child(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
    HANDLE file = CreateFileA("trace.txt", GENERIC_WRITE | GENERIC_READ, FILE_SHARE_READ, &inherit,
                              CREATE_ALWAYS, 0, NULL);
    STARTUPINFOA start = {.cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION info = {.hProcess = NULL};
    static char text[65536];
    char command[MAX_PATH + 16];
    DWORD size = 0;

    snprintf(command, sizeof(command), "\"%s\" child", test_argv[0]);
    start.hStdError = file;
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    SetEnvironmentVariableA("DECANTER_TRACE", "msi");
    ok(CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &info),
       "start: error %lu\n", GetLastError());
    SetEnvironmentVariableA("DECANTER_TRACE", NULL);
    if (info.hProcess) {
        WaitForSingleObject(info.hProcess, 60000);
        CloseHandle(info.hThread);
        CloseHandle(info.hProcess);
    }
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    ReadFile(file, text, sizeof(text) - 1, &size, NULL);
    text[size] = 0;
    CloseHandle(file);
    DeleteFileA("trace.txt");
    return text;
}

static void leaks_are_told_newest_first(void)
{
    const char *text = trace_of_child(), *first, *second, *database;
    unsigned long a = 0, b = 0, type = 0, thread = 0;

    first = strstr(text, "Leaked MSIHANDLE (");
    ok(first != NULL, "nothing is told\n");
    if (!first)
        return;
    ok(sscanf(first, "Leaked MSIHANDLE (%lu) of type %lu for thread %lu", &a, &type, &thread) == 3,
       "the words\n");
    ok(type == 790531, "type %lu\n", type);
    second = strstr(first + 1, "Leaked MSIHANDLE (");
    ok(second && sscanf(second, "Leaked MSIHANDLE (%lu)", &b) == 1, "the second\n");
    ok(a > b, "%lu before %lu\n", a, b);
    database = second ? strstr(second + 1, "of type 790541 ") : NULL;
    ok(database != NULL, "the database at the process's end\n");
    ok(!database || !strstr(database, "Leaked MSIHANDLE"), "more than there was\n");
}

START_TEST(leak)
{
    if (test_child())
        child();
    test_dll("msi");
    if (test_builtin_dlls) {
        win_skip("it does not tell\n");
        return;
    }
    RUN(leaks_are_told_newest_first);
}
