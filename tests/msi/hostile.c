/*
 * Every export with arguments that mean nothing: no crash, and no success where a handle is asked
 * for. The list of exports is the DLL's own export table.
 */
#include "msitest.h"

/* These do something without arguments of meaning, or tell nothing by what they return. */
static const char *const left_out[] = {"MsiCloseAllHandles", "DllGetClassObject",
                                       "DllRegisterServer", "DllUnregisterServer",
                                       "__wine_msi_call_dll_function"};

typedef ULONG_PTR(WINAPI *function)(ULONG_PTR, ULONG_PTR, ULONG_PTR, ULONG_PTR, ULONG_PTR,
                                    ULONG_PTR, ULONG_PTR, ULONG_PTR, ULONG_PTR, ULONG_PTR,
                                    ULONG_PTR, ULONG_PTR);

static void call_with(const char *name, FARPROC address, ULONG_PTR first)
{
#ifdef _WIN64
    function f = (function)(void *)address;

    f(first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
#else
    /* The callee takes off its own arguments, so the stack is put back by hand. */
    __asm__ volatile("movl %%esp, %%esi\n"
                     "subl $64, %%esp\n"
                     "movl %%esp, %%edi\n"
                     "xorl %%eax, %%eax\n"
                     "movl $16, %%ecx\n"
                     "rep stosl\n"
                     "movl %1, (%%esp)\n"
                     "call *%0\n"
                     "movl %%esi, %%esp\n"
                     :
                     : "b"(address), "d"(first)
                     : "eax", "ecx", "esi", "edi", "memory", "cc");
#endif
    ok(1, "%s\n", name);
}

static int is_left_out(const char *name)
{
    for (unsigned i = 0; i < ARRAYSIZE(left_out); i++)
        if (!strcmp(name, left_out[i]))
            return 1;
    return 0;
}

/* Calls body for each name that the DLL exports. */
static unsigned each_export(HMODULE dll, void (*body)(const char *name, FARPROC address))
{
    BYTE *base = (BYTE *)dll;
    IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_EXPORT_DIRECTORY *dir =
        (IMAGE_EXPORT_DIRECTORY *)(base + nt->OptionalHeader.DataDirectory[0].VirtualAddress);
    DWORD *names = (DWORD *)(base + dir->AddressOfNames);

    for (DWORD i = 0; i < dir->NumberOfNames; i++) {
        const char *name = (const char *)base + names[i];

        if (!is_left_out(name))
            body(name, GetProcAddress(dll, name));
    }
    return dir->NumberOfNames;
}

static void with_nothing(const char *name, FARPROC address)
{
    call_with(name, address, 0);
}

static void with_no_handle(const char *name, FARPROC address)
{
    /* A number that is no handle; to a function that takes a pointer there it would be one. */
    if (!strncmp(name, "MsiRecord", 9) || !strncmp(name, "MsiView", 7) ||
        !strncmp(name, "MsiSummaryInfo", 14) || !strncmp(name, "MsiDatabase", 11) ||
        !strncmp(name, "MsiGetProperty", 14) || !strncmp(name, "MsiSetProperty", 14))
        call_with(name, address, 0x7ffffff0);
}

static void no_export_crashes_on_zeros(void)
{
    ok(each_export(GetModuleHandleA("msi.dll"), with_nothing) >= 290, "few exports\n");
}

static void no_export_crashes_on_a_wrong_handle(void)
{
    each_export(GetModuleHandleA("msi.dll"), with_no_handle);
}

static MSIHANDLE record;

static void with_a_record(const char *name, FARPROC address)
{
    if (!strncmp(name, "MsiRecord", 9) || !strncmp(name, "MsiView", 7) ||
        !strncmp(name, "MsiSummaryInfo", 14) || !strncmp(name, "MsiDatabase", 11) ||
        !strncmp(name, "MsiGetProperty", 14) || !strncmp(name, "MsiSetProperty", 14))
        call_with(name, address, record);
}

static void no_export_crashes_on_a_handle_of_another_type(void)
{
    record = MsiCreateRecord(1);
    each_export(GetModuleHandleA("msi.dll"), with_a_record);
    MsiCloseHandle(record);
}

static MSIHANDLE database;

static void with_a_database(const char *name, FARPROC address)
{
    if (strncmp(name, "MsiDatabaseCommit", 17) && !strncmp(name, "MsiDatabase", 11))
        call_with(name, address, database);
}

static void no_database_function_crashes_without_its_other_arguments(void)
{
    const char *name = new_name();

    database = create_with_table(name);
    each_export(GetModuleHandleA("msi.dll"), with_a_database);
    MsiCloseHandle(database);
}

static void what_is_not_done_says_so(void)
{
    UINT err = MsiInstallProductA("x.msi", NULL);

    ok(MsiAdvertiseScriptA("x.aas", 0, NULL, FALSE) == ERROR_INSTALL_FAILURE,
       "MsiAdvertiseScript\n");
    ok(err == ERROR_FILE_NOT_FOUND, "MsiInstallProduct %u\n", err);
    ok(MsiQueryProductStateA("{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}") == INSTALLSTATE_UNKNOWN,
       "MsiQueryProductState\n");
}

START_TEST(hostile)
{
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        win_skip("it crashes on NULL pointers\n");
        return;
    }
    RUN(no_export_crashes_on_zeros);
    RUN(no_export_crashes_on_a_wrong_handle);
    RUN(no_export_crashes_on_a_handle_of_another_type);
    RUN(no_database_function_crashes_without_its_other_arguments);
    RUN(what_is_not_done_says_so);
}
