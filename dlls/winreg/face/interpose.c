#include "interpose.h"

#include <string.h>

struct nt_functions nt_real;

/* In the order of struct nt_functions. */
static const struct {
    const char *name;
    void *ours;
} functions[] = {
    {"NtClose", (void *)nt_close},
    {"NtCreateKey", (void *)nt_create_key},
    {"NtDeleteKey", (void *)nt_delete_key},
    {"NtDeleteValueKey", (void *)nt_delete_value_key},
    {"NtDuplicateObject", (void *)nt_duplicate_object},
    {"NtEnumerateKey", (void *)nt_enumerate_key},
    {"NtEnumerateValueKey", (void *)nt_enumerate_value_key},
    {"NtFlushKey", (void *)nt_flush_key},
    {"LdrGetProcedureAddress", NULL}, /* get_procedure */
    {"NtNotifyChangeKey", (void *)nt_notify_change_key},
    {"NtOpenKey", (void *)nt_open_key},
    {"NtOpenKeyEx", (void *)nt_open_key_ex},
    {"NtQueryKey", (void *)nt_query_key},
    {"NtQueryObject", (void *)nt_query_object},
    {"NtQuerySecurityObject", (void *)nt_query_security_object},
    {"NtQueryValueKey", (void *)nt_query_value_key},
    {"NtRenameKey", (void *)nt_rename_key},
    {"NtSetInformationObject", (void *)nt_set_information_object},
    {"NtSetSecurityObject", (void *)nt_set_security_object},
    {"NtSetValueKey", (void *)nt_set_value_key},
};
STATIC_ASSERT(sizeof(nt_real) == ARRAY_LEN(functions) * sizeof(void *));

/* Functions by their addresses, and what stands before each. */
enum { TABLE_MAX = 512 };
struct table {
    struct {
        void *real, *ours;
    } pair[TABLE_MAX];
    volatile u32 count;           /* only grows, with the loader's lock held */
    volatile uintptr_t low, high; /* of the real ones: most pointers are outside */
};
static struct table nt_table, reg_table;
static HMODULE own_module;
/* Set once, with the loader's lock held: advapi32 is ours. */
static bool is_advapi32;

static void add_pair(struct table *t, void *real, void *ours)
{
    if (!real || !ours || t->count == TABLE_MAX)
        return;
    if (!t->count || (uintptr_t)real < t->low)
        t->low = (uintptr_t)real;
    if (!t->count || (uintptr_t)real > t->high)
        t->high = (uintptr_t)real;
    t->pair[t->count].real = real;
    t->pair[t->count].ours = ours;
    MemoryBarrier(); /* others read the table meanwhile */
    t->count++;
}

static void *instead_of(const struct table *t, void *real)
{
    if (!t->count || (uintptr_t)real < t->low || (uintptr_t)real > t->high)
        return NULL;
    for (u32 i = 0; i < t->count; i++)
        if (t->pair[i].real == real)
            return t->pair[i].ours;
    return NULL;
}

NTSYSAPI NTSTATUS NTAPI LdrGetProcedureAddress(HMODULE module, ANSI_STRING *name, ULONG ordinal,
                                               void **address);

void *interpose_real(HMODULE module, const char *name)
{
    ANSI_STRING text = {(USHORT)strlen(name), (USHORT)(strlen(name) + 1), (char *)name};
    void *address;
    return module && !LdrGetProcedureAddress(module, &text, 0, &address) ? address : NULL;
}

/* What GetProcAddress asks. */
static NTSTATUS NTAPI get_procedure(HMODULE module, ANSI_STRING *name, ULONG ordinal,
                                    void **address)
{
    NTSTATUS status = LdrGetProcedureAddress(module, name, ordinal, address);
    void *ours;
    if (status)
        return status;
    ours = instead_of(&nt_table, *address);
    if (!ours && is_advapi32)
        ours = instead_of(&reg_table, *address);
    if (ours)
        *address = ours;
    return status;
}

/* --- import tables ------------------------------------------------------------------------------
 */

static void replace(void **slot, void *ours)
{
    DWORD old;
    if (!VirtualProtect(slot, sizeof(*slot), PAGE_READWRITE, &old))
        return;
    InterlockedExchangePointer(slot, ours);
    VirtualProtect(slot, sizeof(*slot), old, &old);
}

/* The table that a module's imports from `dll` are looked up in. What names kernelbase itself is
 * Wine's own core. */
static const struct table *table_for(const char *dll)
{
    static const char registry[] = "api-ms-win-core-registry",
                      downlevel[] = "api-ms-win-downlevel-advapi32";
    if (!_stricmp(dll, "ntdll.dll"))
        return &nt_table;
    if (is_advapi32 &&
        (!_stricmp(dll, "kernel32.dll") || !_strnicmp(dll, registry, sizeof(registry) - 1) ||
         !_strnicmp(dll, downlevel, sizeof(downlevel) - 1)))
        return &reg_table;
    return NULL;
}

static const IMAGE_NT_HEADERS *headers_of(const BYTE *base)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *nt;
    if (dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 || dos->e_lfanew > 0x10000)
        return NULL;
    nt = (const IMAGE_NT_HEADERS *)(base + dos->e_lfanew);
    return nt->Signature == IMAGE_NT_SIGNATURE &&
                   nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR_MAGIC
               ? nt
               : NULL;
}

static void patch_imports(BYTE *base, const IMAGE_IMPORT_DESCRIPTOR *from, DWORD image_size)
{
    const struct table *t = from->Name < image_size ? table_for((char *)base + from->Name) : NULL;
    if (!t || from->FirstThunk >= image_size)
        return;
    void **end = (void **)(void *)(base + image_size) - 1;
    for (void **slot = (void **)(void *)(base + from->FirstThunk); slot <= end && *slot; slot++) {
        void *ours = instead_of(t, *slot);
        if (ours)
            replace(slot, ours);
    }
}

/* The module is mapped and its imports are filled in; the loader's lock is held. */
static void patch_module(void *module)
{
    BYTE *base = module;
    const IMAGE_NT_HEADERS *nt = module && module != own_module ? headers_of(base) : NULL;
    const IMAGE_IMPORT_DESCRIPTOR *from;
    if (!nt)
        return;
    const IMAGE_DATA_DIRECTORY *dir =
        &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    DWORD image_size = nt->OptionalHeader.SizeOfImage;
    if (!dir->VirtualAddress || dir->VirtualAddress >= image_size)
        return;
    from = (const IMAGE_IMPORT_DESCRIPTOR *)(const void *)(base + dir->VirtualAddress);
    for (; (const BYTE *)(from + 1) <= base + image_size && from->Name; from++)
        patch_imports(base, from, image_size);
}

NTSYSAPI PEB *NTAPI RtlGetCurrentPeb(void);

static void patch_all(void)
{
    LIST_ENTRY *head = &RtlGetCurrentPeb()->Ldr->InMemoryOrderModuleList;
    for (LIST_ENTRY *e = head->Flink; e != head; e = e->Flink)
        patch_module(CONTAINING_RECORD(e, LDR_DATA_TABLE_ENTRY, InMemoryOrderLinks)->DllBase);
}

/* --- when modules come --------------------------------------------------------------------------
 */

/* The Reg* functions of this DLL, by its own export table, before those of another. */
static void add_registry_of(HMODULE other)
{
    const BYTE *base = (const BYTE *)own_module;
    const IMAGE_NT_HEADERS *nt = headers_of(base);
    const IMAGE_EXPORT_DIRECTORY *dir;
    if (!nt || !other)
        return;
    dir = (const void *)(base + nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]
                                    .VirtualAddress);
    const DWORD *names = (const void *)(base + dir->AddressOfNames);
    for (DWORD i = 0; i < dir->NumberOfNames; i++) {
        const char *name = (const char *)(base + names[i]);
        void *real = strncmp(name, "Reg", 3) ? NULL : interpose_real(other, name);
        void *ours = real ? interpose_real(own_module, name) : NULL;
        if (real != ours && !instead_of(&reg_table, real))
            add_pair(&reg_table, real, ours);
    }
}

static void start_registry(void)
{
    add_registry_of(GetModuleHandleW(L"kernelbase.dll"));
    add_registry_of(GetModuleHandleW(L"kernel32.dll"));
    is_advapi32 = true;
}

/* Whether the process's advapi32 is the one that forwards to this DLL. A program that links
 * winreg.dll alone has a registry of its own, and the other modules keep theirs. */
static bool forwards_here(void)
{
    HMODULE advapi32 = GetModuleHandleW(L"advapi32.dll");
    return advapi32 &&
           interpose_real(advapi32, "RegCloseKey") == interpose_real(own_module, "RegCloseKey");
}

struct loaded {
    ULONG flags;
    const UNICODE_STRING *full_name, *name;
    void *base;
    ULONG size;
};

static void NTAPI module_comes(ULONG reason, const struct loaded *what, void *ctx)
{
    static const WCHAR advapi32[] = L"advapi32.dll";
    UNUSED(ctx);
    if (reason != 1) /* LDR_DLL_NOTIFICATION_REASON_LOADED */
        return;
    if (what->name->Length == sizeof(advapi32) - sizeof(WCHAR) &&
        !_wcsnicmp(what->name->Buffer, advapi32, ARRAY_LEN(advapi32) - 1)) {
        if (!is_advapi32 && forwards_here()) {
            start_registry();
            patch_all();
        } else if (is_advapi32) {
            /* An API set led to the one of system32, and ours stands beside the program. */
            add_registry_of(what->base);
        }
    }
    patch_module(what->base);
}

NTSYSAPI NTSTATUS NTAPI LdrRegisterDllNotification(
    ULONG flags, void(NTAPI *fn)(ULONG, const struct loaded *, void *), void *ctx, void **cookie);
NTSYSAPI NTSTATUS NTAPI LdrAddRefDll(ULONG flags, HMODULE module);

void interpose_start(HMODULE self)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    void **real = (void **)(void *)&nt_real, *cookie;
    own_module = self;
    /* The tables point here from now on: the DLL stays as long as the process. */
    if (!ntdll || LdrAddRefDll(1, self))
        return;
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        real[i] = interpose_real(ntdll, functions[i].name);
        add_pair(&nt_table, real[i], functions[i].ours ? functions[i].ours : (void *)get_procedure);
    }
    if (forwards_here())
        start_registry();
    LdrRegisterDllNotification(0, module_comes, NULL, &cookie);
    patch_all();
}
