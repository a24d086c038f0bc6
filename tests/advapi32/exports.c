/* advapi32.dll's export table against that of Wine's own. */
#include "fixture.h"

static const IMAGE_EXPORT_DIRECTORY *table_of(HMODULE module)
{
    const BYTE *base = (const BYTE *)module;
    const IMAGE_NT_HEADERS *nt =
        (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    return (const IMAGE_EXPORT_DIRECTORY *)(base +
                                            nt->OptionalHeader.DataDirectory[0].VirtualAddress);
}

static const char *name_at(HMODULE module, DWORD i)
{
    const BYTE *base = (const BYTE *)module;
    return (const char *)base + ((const DWORD *)(base + table_of(module)->AddressOfNames))[i];
}

static DWORD ordinal_at(HMODULE module, DWORD i)
{
    const IMAGE_EXPORT_DIRECTORY *t = table_of(module);
    return t->Base + ((const WORD *)((const BYTE *)module + t->AddressOfNameOrdinals))[i];
}

static DWORD ordinal_of(HMODULE module, const char *name)
{
    for (DWORD i = 0; i < table_of(module)->NumberOfNames; i++)
        if (!strcmp(name_at(module, i), name))
            return ordinal_at(module, i);
    return 0;
}

static void all_of_wines_exports_are_there(void)
{
    HMODULE ours = GetModuleHandleA("advapi32"), wines = LoadLibraryA("advapi32_wine.dll");
    DWORD missing = 0, moved = 0;
    ok(wines != NULL, "there is no advapi32_wine.dll\n");
    for (DWORD i = 0; wines && i < table_of(wines)->NumberOfNames; i++) {
        const char *name = name_at(wines, i);
        DWORD ordinal = ordinal_of(ours, name);
        missing += !ordinal;
        moved += ordinal && ordinal != ordinal_at(wines, i);
        ok(ordinal && GetProcAddress(ours, name), "%s is missing\n", name);
    }
    if (moved)
        skip("this Wine has other ordinals\n");
    ok(!missing, "%lu are missing\n", missing);
}

static void registry_functions_are_ours(void)
{
    HMODULE ours = GetModuleHandleA("advapi32"), winreg = GetModuleHandleA("winreg");
    ok(winreg != NULL, "winreg.dll is not loaded\n");
    for (DWORD i = 0; winreg && i < table_of(winreg)->NumberOfNames; i++) {
        const char *name = name_at(winreg, i);
        if (strncmp(name, "Reg", 3))
            continue;
        ok(GetProcAddress(ours, name) == GetProcAddress(winreg, name), "%s is another's\n", name);
    }
}

static void others_are_wines(void)
{
    static const char *const names[] = {
        "RegisterEventSourceW", "RegisterTraceGuidsW", "RegisterServiceCtrlHandlerW",
        "OpenProcessToken",     "CryptGenRandom",      "SystemFunction036"};
    HMODULE ours = GetModuleHandleA("advapi32"), wines = GetModuleHandleA("advapi32_wine");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ok(GetProcAddress(ours, names[i]) == GetProcAddress(wines, names[i]), "%s is another's\n",
           names[i]);
}

START_TEST(exports)
{
    test_dll("advapi32");
    if (test_builtin_dlls) {
        skip("Wine's own is the measure\n");
        return;
    }
    RegCloseKey(NULL);
    RUN(all_of_wines_exports_are_there);
    RUN(registry_functions_are_ours);
    RUN(others_are_wines);
}
