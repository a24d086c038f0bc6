/*
 * Loading msi_wine.dll and finding what is in it.
 */
#include "door.h"

#include "pathname.h"
#include "trace.h"

volatile LONG door_loaded;

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HMODULE wine;

/* The path of msi_wine.dll in the folder of the DLL that this code is in. */
static bool path_beside_us(WCHAR *path, DWORD cap)
{
    static const WCHAR name[] = L"msi_wine.dll";
    HMODULE here;
    DWORD n;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const WCHAR *)&once, &here))
        return false;
    n = GetModuleFileNameW(here, path, cap);
    if (!n || n >= cap)
        return false;
    n = (DWORD)path_name((const char16_t *)path, n);
    if (n + ARRAY_LEN(name) > cap)
        return false;
    memcpy(path + n, name, sizeof(name));
    return true;
}

static BOOL CALLBACK load(INIT_ONCE *o, void *arg, void **out)
{
    WCHAR path[1024];

    UNUSED(o);
    UNUSED(arg);
    UNUSED(out);
    /* Without the look first, a search for a file that is not there costs a load error. */
    if (path_beside_us(path, ARRAY_LEN(path)) &&
        GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES)
        wine = LoadLibraryW(path);
    if (wine)
        InterlockedExchange(&door_loaded, 1);
    TRACE(TRACE_MSI, wine ? "msi_wine.dll is loaded" : "there is no msi_wine.dll beside msi.dll");
    return TRUE;
}

bool door_available(void)
{
    InitOnceExecuteOnce(&once, load, NULL, NULL);
    return wine != NULL;
}

void *door_find(struct door_entry *e)
{
    if (!e->target && door_available())
        e->target = (void *)GetProcAddress(wine, e->name);
    return e->target;
}
