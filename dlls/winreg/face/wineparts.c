#include "wineparts.h"

static struct wine_functions functions;
static volatile LONG found;

/* In the order of the structure; the names are what follows "Reg". */
static const char *const names[] = {
    "RegCloseKey",    "RegCopyTreeW",      "RegCreateKeyExW",  "RegDeleteKeyExW",
    "RegDeleteTreeW", "RegDeleteValueW",   "RegEnumKeyExW",    "RegEnumValueW",
    "RegFlushKey",    "RegGetKeySecurity", "RegLoadKeyW",      "RegNotifyChangeKeyValue",
    "RegOpenKeyExW",  "RegQueryInfoKeyW",  "RegQueryValueExW", "RegRestoreKeyW",
    "RegSaveKeyExW",  "RegSetKeySecurity", "RegSetValueExW",   "RegUnLoadKeyW",
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

bool parts_open(HKEY key, const struct face_key *k, const WCHAR *subkey, DWORD options,
                REGSAM access, HKEY *out, u32 *err)
{
    UNUSED(key), UNUSED(k), UNUSED(subkey), UNUSED(options), UNUSED(access), UNUSED(out);
    UNUSED(err);
    return false;
}

bool parts_create(HKEY key, const struct face_key *k, const WCHAR *subkey, const WCHAR *class_name,
                  const struct create_how *how, HKEY *out, DWORD *disposition, u32 *err)
{
    UNUSED(key), UNUSED(k), UNUSED(subkey), UNUSED(class_name), UNUSED(how), UNUSED(out);
    UNUSED(disposition), UNUSED(err);
    return false;
}

bool parts_delete(HKEY key, const struct face_key *k, const WCHAR *subkey, REGSAM access, u32 *err)
{
    UNUSED(key), UNUSED(k), UNUSED(subkey), UNUSED(access), UNUSED(err);
    return false;
}

u32 parts_enum(HKEY key, const struct face_key *k, DWORD index, WCHAR *name, DWORD *name_len,
               FILETIME *time)
{
    UNUSED(key), UNUSED(k), UNUSED(index), UNUSED(name), UNUSED(name_len), UNUSED(time);
    return ERROR_NO_MORE_ITEMS;
}

void parts_count(HKEY key, const struct face_key *k, DWORD *subkeys, DWORD *max_len)
{
    UNUSED(key), UNUSED(k), UNUSED(subkeys), UNUSED(max_len);
}

bool parts_at_or_below(const struct face_key *k, const WCHAR *subkey)
{
    UNUSED(k), UNUSED(subkey);
    return false;
}
