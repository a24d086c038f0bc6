#include "wineparts.h"

static struct wine_functions functions;
static volatile LONG found;

/* In the order of the structure; the names are what follows "Reg". */
static const char *const names[] = {
    "RegCloseKey",      "RegCopyTreeW",      "RegCreateKeyExW",  "RegDeleteKeyExW",
    "RegDeleteTreeW",   "RegDeleteValueW",   "RegEnumKeyExW",    "RegEnumValueW",
    "RegFlushKey",      "RegGetKeySecurity", "RegLoadKeyW",      "RegNotifyChangeKeyValue",
    "RegOpenKeyExW",    "RegQueryInfoKeyW",  "RegQueryValueExW", "RegRestoreKeyW",
    "RegSaveKeyExW",    "RegSetKeySecurity", "RegSetValueExW",   "RegUnLoadKeyW",
    "RegQueryValueExA",
};
STATIC_ASSERT(sizeof(functions) == ARRAY_LEN(names) * sizeof(void *));

const struct wine_functions *wine_functions(void)
{
    FARPROC *slot = (FARPROC *)(void *)&functions;
    HMODULE kernelbase;
    if (found)
        return &functions;
    /* Loaded in every process; two threads that come here at once write the same. */
    kernelbase = GetModuleHandleW(L"kernelbase.dll");
    for (size_t i = 0; kernelbase && i < ARRAY_LEN(names); i++)
        slot[i] = GetProcAddress(kernelbase, names[i]);
    InterlockedExchange(&found, 1);
    return &functions;
}

void wine_close(HKEY key)
{
    (void)WINE(CloseKey, key);
}
