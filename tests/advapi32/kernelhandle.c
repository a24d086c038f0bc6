/* An HKEY is a kernel handle: what kernel32 and ntdll do with one. */
#include "fixture.h"

#include <wchar.h>
#include <winternl.h>

static UNICODE_STRING counted(const WCHAR *s)
{
    USHORT bytes = (USHORT)(wcslen(s) * sizeof(WCHAR));
    return (UNICODE_STRING){bytes, bytes, (WCHAR *)s};
}

static HANDLE self(void)
{
    return GetCurrentProcess();
}

static HKEY duplicate(HKEY key)
{
    HANDLE out = NULL;
    ok(DuplicateHandle(self(), key, self(), &out, 0, FALSE, DUPLICATE_SAME_ACCESS),
       "DuplicateHandle: error %lu\n", GetLastError());
    return (HKEY)out;
}

static void a_duplicate_is_the_same_key(void)
{
    FIXTURE(key);
    HKEY copy = duplicate(key);
    char text[20] = "";
    DWORD size = sizeof(text);
    ok(copy && copy != key, "got %p of %p\n", (void *)copy, (void *)key);
    set_string(key, "v", "hello");
    ok_err(RegQueryValueExA(copy, "v", NULL, NULL, (BYTE *)text, &size), ERROR_SUCCESS);
    ok(!strcmp(text, "hello"), "got %s\n", text);
    RegCloseKey(make_key(copy, "sub"));
    ok(has_key(key, "sub"), "no subkey\n");
    ok_err(RegCloseKey(copy), ERROR_SUCCESS);
    ok_err(RegCloseKey(copy), ERROR_INVALID_HANDLE);
    END(key);
}

static void a_duplicate_outlives_the_original(void)
{
    FIXTURE(key);
    HKEY original = make_key(key, "sub"), copy = duplicate(original), other[200];
    ok_err(RegCloseKey(original), ERROR_SUCCESS);
    set_dword(copy, "v", 7);
    ok_err(RegQueryValueExA(original, "v", NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    /* also when the original's value is another key's */
    for (int i = 0; i < 200; i++) {
        ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &other[i]), ERROR_SUCCESS);
        RegCloseKey(other[i]);
    }
    ok_err(RegQueryValueExA(copy, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegCloseKey(copy), ERROR_SUCCESS);
    END(key);
}

static void many_duplicates_of_many_keys(void)
{
    enum { N = 300 };
    FIXTURE(key);
    HKEY first[N], second[N];
    char name[20];
    for (int i = 0; i < N; i++) {
        sprintf(name, "k%d", i);
        first[i] = make_key(key, name);
        set_dword(first[i], "n", (DWORD)i);
        second[i] = duplicate(first[i]);
    }
    for (int i = 0; i < N; i++)
        RegCloseKey(first[i]);
    for (int i = 0; i < N; i++) {
        DWORD n = 0, size = sizeof(n);
        LONG err = RegQueryValueExA(second[i], "n", NULL, NULL, (BYTE *)&n, &size);
        ok(!err && n == (DWORD)i, "%d: error %ld, %lu\n", i, err, n);
        ok(CloseHandle(second[i]), "CloseHandle: %lu\n", GetLastError());
    }
    END(key);
}

static void a_duplicate_with_fewer_rights(void)
{
    FIXTURE(key);
    HANDLE copy = NULL;
    DWORD n = 1;
    set_dword(key, "v", 7);
    ok(DuplicateHandle(self(), key, self(), &copy, KEY_READ, FALSE, 0), "error %lu\n",
       GetLastError());
    ok_err(RegQueryValueExA((HKEY)copy, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegSetValueExA((HKEY)copy, "w", 0, REG_DWORD, (BYTE *)&n, sizeof(n)),
           ERROR_ACCESS_DENIED);
    ok_err(RegCloseKey((HKEY)copy), ERROR_SUCCESS);
    END(key);
}

static void a_duplicate_can_close_its_source(void)
{
    FIXTURE(key);
    HKEY original = make_key(key, "sub");
    HANDLE copy = NULL;
    ok(DuplicateHandle(self(), original, self(), &copy, 0, FALSE,
                       DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
       "error %lu\n", GetLastError());
    if (copy != original)
        ok_err(RegQueryInfoKeyA(original, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                NULL, NULL),
               ERROR_INVALID_HANDLE);
    ok_err(RegDeleteKeyA((HKEY)copy, ""), ERROR_SUCCESS);
    ok_err(RegCloseKey((HKEY)copy), ERROR_SUCCESS);
    END(key);
}

static void close_handle_closes_a_key(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    ok(CloseHandle(sub), "error %lu\n", GetLastError());
    ok_err(RegQueryValueExA(sub, "v", NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    SetLastError(0);
    ok(!CloseHandle(sub) && GetLastError() == ERROR_INVALID_HANDLE, "a second time: %lu\n",
       GetLastError());
    END(key);
}

static void a_closed_key_is_no_handle(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    HANDLE copy = NULL;
    DWORD flags;
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    ok(!CloseHandle(sub), "CloseHandle succeeds\n");
    ok(!GetHandleInformation(sub, &flags), "GetHandleInformation succeeds\n");
    ok(!SetHandleInformation(sub, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT),
       "SetHandleInformation succeeds\n");
    SetLastError(0);
    ok(!DuplicateHandle(self(), sub, self(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS) &&
           GetLastError() == ERROR_INVALID_HANDLE,
       "DuplicateHandle: %p, error %lu\n", copy, GetLastError());
    END(key);
}

static void handle_information(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    DWORD flags = 77;
    ok(GetHandleInformation(sub, &flags) && !flags, "error %lu, flags %lx\n", GetLastError(),
       flags);
    ok(SetHandleInformation(sub, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), "error %lu\n",
       GetLastError());
    ok(GetHandleInformation(sub, &flags) && flags == HANDLE_FLAG_INHERIT, "flags %lx\n", flags);
    set_dword(sub, "v", 1);
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    /* the flag is that handle's, not of a key opened later */
    for (int i = 0; i < 300; i++) {
        ok_err(RegOpenKeyExA(key, "sub", 0, KEY_READ, &sub), ERROR_SUCCESS);
        flags = 77;
        ok(GetHandleInformation(sub, &flags) && !flags, "%d: flags %lx\n", i, flags);
        RegCloseKey(sub);
    }
    END(key);
}

static void a_protected_key_stays_open(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    ok(SetHandleInformation(sub, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE),
       "error %lu\n", GetLastError());
    ok(!CloseHandle(sub), "CloseHandle succeeds\n");
    ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    set_dword(sub, "v", 1);
    ok(SetHandleInformation(sub, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0), "error %lu\n", GetLastError());
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    END(key);
}

static void a_key_cannot_be_waited_for(void)
{
    FIXTURE(key);
    SetLastError(0);
    differs("WaitForSingleObject, Remarks")
        ok(WaitForSingleObject(key, 0) == WAIT_FAILED && GetLastError() == ERROR_INVALID_HANDLE,
           "error %lu\n", GetLastError());
    END(key);
}

/* Bit 1 is a mark of classes that the kernel does not see. */
static void a_class_is_duplicated(void)
{
    HKEY key = NULL, copy;
    ok_err(RegCreateKeyA(HKEY_CLASSES_ROOT, TEST_NAME "Dup", &key), ERROR_SUCCESS);
    copy = duplicate(key);
    ok_err(RegSetValueA(copy, "sub", REG_SZ, "x", 1), ERROR_SUCCESS);
    ok(has_key(key, "sub"), "no subkey\n");
    ok(CloseHandle(key), "error %lu\n", GetLastError());
    ok_err(RegCloseKey(copy), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(HKEY_CLASSES_ROOT, TEST_NAME "Dup"), ERROR_SUCCESS);
}

/* What the table had and the program closed past everything that stands before NtClose. */
static void other_handles_get_no_key(void)
{
    enum { N = 400 };
    FIXTURE(key);
    HANDLE events[N];
    HKEY keys[N];
    for (int i = 0; i < N; i++) {
        ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &keys[i]), ERROR_SUCCESS);
        events[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
    }
    for (int i = 0; i < N; i++) {
        ok((HANDLE)keys[i] != events[i], "a key and an event are %p\n", (void *)events[i]);
        ok(SetEvent(events[i]), "no event: %lu\n", GetLastError());
        CloseHandle(events[i]);
        RegCloseKey(keys[i]);
    }
    END(key);
}

/* --- ntdll --------------------------------------------------------------------------------------
 */

static void nt_functions_on_a_key(void)
{
    FIXTURE(key);
    BYTE buf[600];
    ULONG size = 0;
    UNICODE_STRING name;
    HKEY sub = make_key(key, "sub");
    DWORD n = 7;
    NTSTATUS(NTAPI * query_key)
    (HANDLE, ULONG, void *, ULONG, ULONG *) =
        (NTSTATUS(NTAPI *)(HANDLE, ULONG, void *, ULONG, ULONG *))(void *)GetProcAddress(
            GetModuleHandleA("ntdll"), "NtQueryKey");
    NTSTATUS(NTAPI * set_value)
    (HANDLE, UNICODE_STRING *, ULONG, ULONG, const void *, ULONG) =
        (NTSTATUS(NTAPI *)(HANDLE, UNICODE_STRING *, ULONG, ULONG, const void *, ULONG))(
            void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtSetValueKey");
    NTSTATUS(NTAPI * query_value)
    (HANDLE, UNICODE_STRING *, ULONG, void *, ULONG, ULONG *) =
        (NTSTATUS(NTAPI *)(HANDLE, UNICODE_STRING *, ULONG, void *, ULONG, ULONG *))(
            void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtQueryValueKey");
    NTSTATUS(NTAPI * delete_key)
    (HANDLE) =
        (NTSTATUS(NTAPI *)(HANDLE))(void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtDeleteKey");
    /* KeyNameInformation: what programs ask for a key's path */
    ok(!query_key(sub, 3, buf, sizeof(buf), &size), "no name\n");
    ok(size == 4 + *(ULONG *)buf && size > 40, "size %lu\n", size);
    ok(!_wcsnicmp((WCHAR *)(buf + 4), L"\\REGISTRY\\USER\\", 15), "the name begins otherwise\n");
    ok(!_wcsnicmp((WCHAR *)(buf + size) - 4, L"\\sub", 4), "the name ends otherwise\n");
    ok(query_key(sub, 3, buf, 10, &size) == (NTSTATUS)0x80000005, "a short buffer\n");
    ok(query_key(sub, 3, buf, 2, &size) == (NTSTATUS)0xc0000023, "no buffer\n");
    name = counted(L"v");
    ok(!set_value(sub, &name, 0, REG_DWORD, &n, sizeof(n)), "NtSetValueKey\n");
    n = 0;
    size = sizeof(n);
    ok_err(RegQueryValueExA(sub, "v", NULL, NULL, (BYTE *)&n, &size), ERROR_SUCCESS);
    ok(n == 7, "got %lu\n", n);
    ok(!query_value(sub, &name, 2, buf, sizeof(buf), &size), "NtQueryValueKey\n");
    ok(size == 16 && ((ULONG *)buf)[3] == 7, "size %lu\n", size);
    ok(!query_key(sub, 2, buf, sizeof(buf), &size), "full\n");
    ok(((ULONG *)buf)[8] == 1, "%lu values\n", ((ULONG *)buf)[8]);
    ok(!delete_key(sub), "NtDeleteKey\n");
    ok(!has_key(key, "sub"), "it is still there\n");
    RegCloseKey(sub);
    END(key);
}

static void nt_open_below_a_key(void)
{
    FIXTURE(key);
    HANDLE opened = NULL;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS(NTAPI * open_key)
    (HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *) =
        (NTSTATUS(NTAPI *)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *))(void *)GetProcAddress(
            GetModuleHandleA("ntdll"), "NtOpenKey");
    HKEY sub = make_key(key, "sub");
    set_dword(sub, "v", 7);
    name = counted(L"sub");
    InitializeObjectAttributes(&attributes, &name, 0, key, NULL);
    ok(!open_key(&opened, KEY_READ, &attributes), "NtOpenKey\n");
    ok_err(RegQueryValueExA((HKEY)opened, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(CloseHandle(opened), "error %lu\n", GetLastError());
    name = counted(L"none");
    ok(open_key(&opened, KEY_READ, &attributes) == (NTSTATUS)0xc0000034, "a key that is not\n");
    RegCloseKey(sub);
    END(key);
}

/* --- API sets -----------------------------------------------------------------------------------
 */

static void api_sets_lead_to_the_same_registry(void)
{
    static const char *const sets[] = {
        "api-ms-win-core-registry-l1-1-0.dll", "api-ms-win-core-registry-l2-1-0.dll",
        "api-ms-win-downlevel-advapi32-l1-1-0.dll", "kernelbase.dll", "kernel32.dll"};
    FIXTURE(key);
    set_dword(key, "v", 7);
    for (int i = 0; i < 5; i++) {
        HMODULE dll = LoadLibraryA(sets[i]);
        LSTATUS(WINAPI * open)
        (HKEY, const char *, DWORD, REGSAM, HKEY *) = (LSTATUS(WINAPI *)(
            HKEY, const char *, DWORD, REGSAM, HKEY *))(void *)GetProcAddress(dll, "RegOpenKeyExA");
        LSTATUS(WINAPI * query)
        (HKEY, const char *, DWORD *, DWORD *, BYTE *, DWORD *) =
            (LSTATUS(WINAPI *)(HKEY, const char *, DWORD *, DWORD *, BYTE *, DWORD *))(
                void *)GetProcAddress(dll, "RegQueryValueExA");
        HKEY opened = NULL;
        if (!open || !query) {
            skip("no %s\n", sets[i]);
            continue;
        }
        ok_err(query(key, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
        ok_err(open(HKEY_CURRENT_USER, FIXTURE_ROOT, 0, KEY_READ, &opened), ERROR_SUCCESS);
        ok(has_key(opened, __func__), "%s: another registry\n", sets[i]);
        ok_err(RegCloseKey(opened), ERROR_SUCCESS);
    }
    END(key);
}

/* --- other processes ----------------------------------------------------------------------------
 */

/* Reads the value "v" of a key whose handle it was given; its exit code is the value, or 1000 and
 * the error; 500 more where it may not write. */
static DWORD child(void)
{
    HKEY key = (HKEY)(ULONG_PTR)strtoul(test_argc > 2 ? test_argv[2] : "0", NULL, 16);
    DWORD n = 0, size = sizeof(n);
    LONG err = RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)&n, &size);
    if (!err && RegSetValueExA(key, "w", 0, REG_DWORD, (BYTE *)&n, sizeof(n)))
        n += 500;
    if (!err && !CloseHandle(key))
        return 3000;
    return err ? 1000 + (DWORD)err : n;
}

static DWORD run_child(HKEY key)
{
    STARTUPINFOA si = {.cb = sizeof(si)};
    PROCESS_INFORMATION pi;
    char exe[MAX_PATH], line[MAX_PATH + 40];
    DWORD code = 2000;
    GetModuleFileNameA(NULL, exe, sizeof(exe));
    sprintf(line, "\"%s\" child %lx", exe, (unsigned long)(ULONG_PTR)key);
    if (!CreateProcessA(exe, line, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi)) {
        ok(0, "no child: error %lu\n", GetLastError());
        return code;
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    GetExitCodeProcess(pi.hProcess, &code);
    CloseHandle(pi.hProcess);
    CloseHandle(pi.hThread);
    return code;
}

static void a_child_inherits_a_key(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    DWORD code;
    set_dword(sub, "v", 42);
    ok(SetHandleInformation(sub, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), "error %lu\n",
       GetLastError());
    code = run_child(sub);
    ok(code == 42, "the child says %lu\n", code);
    RegCloseKey(sub);
    ok_err(RegOpenKeyExA(key, "sub", 0, KEY_READ, &sub), ERROR_SUCCESS);
    ok(SetHandleInformation(sub, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), "error %lu\n",
       GetLastError());
    code = run_child(sub);
    ok(code == 542, "the child says %lu of a key to read\n", code);
    RegCloseKey(sub);
    END(key);
}

static void a_key_made_to_be_inherited(void)
{
    SECURITY_ATTRIBUTES sa = {sizeof(sa), NULL, TRUE};
    FIXTURE(key);
    HKEY sub = NULL;
    HANDLE copy = NULL;
    DWORD flags = 0, code;
    ok_err(RegCreateKeyExA(key, "sub", 0, NULL, 0, KEY_ALL_ACCESS, &sa, &sub, NULL), ERROR_SUCCESS);
    differs(DOC_CREATE)
        ok(GetHandleInformation(sub, &flags) && flags == HANDLE_FLAG_INHERIT, "flags %lx\n", flags);
    set_dword(sub, "v", 43);
    code = run_child(sub);
    differs(DOC_CREATE) ok(code == 43, "the child says %lu\n", code);
    ok(DuplicateHandle(self(), sub, self(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS), "error %lu\n",
       GetLastError());
    RegCloseKey(sub);
    code = run_child((HKEY)copy);
    ok(code == 43, "the child says %lu\n", code);
    ok(CloseHandle(copy), "error %lu\n", GetLastError());
    END(key);
}

static void a_key_is_not_inherited_by_itself(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    DWORD code;
    set_dword(sub, "v", 42);
    code = run_child(sub);
    ok(code == 1000 + ERROR_INVALID_HANDLE, "the child says %lu\n", code);
    RegCloseKey(sub);
    END(key);
}

/* --- threads ------------------------------------------------------------------------------------
 */

static volatile LONG closed, go;

static DWORD WINAPI close_on_go(void *key)
{
    while (!go)
        continue;
    if ((InterlockedIncrement(&go) & 1 ? !RegCloseKey(key) : CloseHandle(key)))
        InterlockedIncrement(&closed);
    return 0;
}

static void of_threads_that_close_one_key_one_succeeds(void)
{
    FIXTURE(key);
    for (int i = 0; i < 100; i++) {
        HKEY sub = NULL;
        HANDLE threads[4];
        ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &sub), ERROR_SUCCESS);
        closed = go = 0;
        for (int t = 0; t < 4; t++)
            threads[t] = CreateThread(NULL, 0, close_on_go, sub, 0, NULL);
        go = 1;
        WaitForMultipleObjects(4, threads, TRUE, INFINITE);
        for (int t = 0; t < 4; t++)
            CloseHandle(threads[t]);
        ok(closed == 1, "%ld of 4 closed it\n", closed);
    }
    END(key);
}

START_TEST(kernelhandle)
{
    test_dll("advapi32");
    if (test_child())
        ExitProcess(child());
    RUN(a_duplicate_is_the_same_key);
    RUN(a_duplicate_outlives_the_original);
    RUN(many_duplicates_of_many_keys);
    RUN(a_duplicate_with_fewer_rights);
    RUN(a_duplicate_can_close_its_source);
    RUN(close_handle_closes_a_key);
    RUN(a_closed_key_is_no_handle);
    RUN(handle_information);
    RUN(a_protected_key_stays_open);
    RUN(a_key_cannot_be_waited_for);
    RUN(a_class_is_duplicated);
    RUN(other_handles_get_no_key);
    RUN(nt_functions_on_a_key);
    RUN(nt_open_below_a_key);
    RUN(api_sets_lead_to_the_same_registry);
    RUN(a_child_inherits_a_key);
    RUN(a_key_made_to_be_inherited);
    RUN(a_key_is_not_inherited_by_itself);
    RUN(of_threads_that_close_one_key_one_succeeds);
}
