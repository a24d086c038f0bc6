/*
 * What the token of a program says of HKEY_LOCAL_MACHINE. Wine 10 starts programs with a token that
 * calls itself limited (TokenElevationTypeLimited, not elevated), Wine 8 with an elevated one; the
 * Administrators are an enabled group in both, and that is what keys' descriptors ask for.
 *
 * The program starts itself with a token in which they are there for denying only.
 */
#include "fixture.h"

#define MACHINE_KEY "Software\\DecanterToken"

static BOOL elevated(void)
{
    TOKEN_ELEVATION elevation = {0};
    HANDLE token = NULL;
    DWORD size;

    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &size);
    CloseHandle(token);
    return elevation.TokenIsElevated != 0;
}

static void a_program_writes_to_the_machine_elevated_or_not(void)
{
    HKEY key = NULL;

    ok_err(RegCreateKeyExA(HKEY_LOCAL_MACHINE, MACHINE_KEY, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key,
                           NULL),
           ERROR_SUCCESS);
    ok(!RegSetValueExA(key, "v", 0, REG_SZ, (const BYTE *)"x", 2), "elevated: %d\n", elevated());
    RegCloseKey(key);
    ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0, KEY_ALL_ACCESS, &key), ERROR_SUCCESS);
    RegCloseKey(key);
}

/* This process's token with the Administrators for denying only, as a filtered one of Windows has.
 */
static HANDLE filtered_token(void)
{
    SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY};
    SID_AND_ATTRIBUTES disable = {NULL, 0};
    HANDLE token = NULL, filtered = NULL;

    AllocateAndInitializeSid(&nt, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0,
                             0, 0, 0, &disable.Sid);
    OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token);
    ok(CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 1, &disable, 0, NULL, 0, NULL,
                             &filtered),
       "CreateRestrictedToken: %lu\n", GetLastError());
    CloseHandle(token);
    FreeSid(disable.Sid);
    return filtered;
}

enum { SAW_READ = 1, SAW_WRITE = 2, SAW_USER = 4, SAW_WRONG = 8 };

/* What a program may do, as bits for its exit code. */
static UINT look(void)
{
    UINT seen = 0;
    HKEY key;
    LONG err;

    if (!RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0, KEY_READ, &key)) {
        seen |= SAW_READ;
        RegCloseKey(key);
    }
    err = RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0, KEY_CREATE_SUB_KEY, &key);
    if (!err) {
        seen |= SAW_WRITE;
        RegCloseKey(key);
    } else if (err != ERROR_ACCESS_DENIED)
        seen |= SAW_WRONG;
    if (!RegCreateKeyExA(HKEY_CURRENT_USER, FIXTURE_ROOT "\\token", 0, NULL, 0, KEY_ALL_ACCESS,
                         NULL, &key, NULL)) {
        seen |= SAW_USER;
        RegCloseKey(key);
    }
    return seen;
}

static void without_administrators_it_reads_there_and_writes_its_own(void)
{
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION info = {.hProcess = NULL};
    char command[MAX_PATH + 16], exe[MAX_PATH];
    HANDLE token = filtered_token();
    DWORD seen = ~0u;

    GetModuleFileNameA(NULL, exe, sizeof(exe));
    snprintf(command, sizeof(command), "\"%s\" child", exe);
    ok(CreateProcessAsUserA(token, NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &info),
       "start: %lu\n", GetLastError());
    CloseHandle(token);
    if (!info.hProcess)
        return;
    ok(!WaitForSingleObject(info.hProcess, 60000), "no end\n");
    GetExitCodeProcess(info.hProcess, &seen);
    differs("Registry Key Security and Access Rights")
        ok(seen == (SAW_READ | SAW_USER), "saw %#lx\n", seen);
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
}

START_TEST(token)
{
    if (test_child())
        ExitProcess(look());
    test_dll("advapi32");
    RUN(a_program_writes_to_the_machine_elevated_or_not);
    RUN(without_administrators_it_reads_there_and_writes_its_own);
    RegDeleteKeyA(HKEY_LOCAL_MACHINE, MACHINE_KEY);
}
