#include "wineparts.h"
#include "inside.h"
#include "interpose.h"
#include "open.h"

static struct wine_functions functions;
static volatile LONG found;

/* In the order of the structure; the names are what follows "Reg". */
static const char *const names[] = {
    "RegCloseKey",       "RegCopyTreeW",      "RegCreateKeyExW",  "RegDeleteKeyExW",
    "RegDeleteTreeW",    "RegDeleteValueW",   "RegEnumKeyExW",    "RegEnumValueW",
    "RegFlushKey",       "RegGetKeySecurity", "RegLoadKeyW",      "RegNotifyChangeKeyValue",
    "RegOpenKeyExW",     "RegQueryInfoKeyW",  "RegQueryValueExW", "RegSaveKeyExW",
    "RegSetKeySecurity", "RegSetValueExW",    "RegUnLoadKeyW",    "RegQueryValueExA",
};
STATIC_ASSERT(sizeof(functions) == ARRAY_LEN(names) * sizeof(void *));

const struct wine_functions *wine_functions(void)
{
    void **slot = (void **)(void *)&functions;
    HMODULE kernelbase;
    if (found)
        return &functions;
    /* Loaded in every process; two threads that come here at once write the same. */
    kernelbase = GetModuleHandleW(L"kernelbase.dll");
    for (size_t i = 0; kernelbase && i < ARRAY_LEN(names); i++)
        slot[i] = interpose_real(kernelbase, names[i]);
    InterlockedExchange(&found, 1);
    return &functions;
}

void wine_close(HKEY key)
{
    (void)WINE(CloseKey, key);
}

static u32 take_out(u32 err, HKEY opened)
{
    if (err || face_is_predefined(opened))
        return err;
    if (inside_kernel(opened) >= HND_OPEN)
        inside_forget(opened);
    inside_other(opened, true);
    return err;
}

u32 wine_open(HKEY key, const WCHAR *subkey, DWORD options, REGSAM access, HKEY *out)
{
    u32 err = WINE(OpenKeyExW, key, subkey, options, access, out);
    return take_out(err, err ? NULL : *out);
}

u32 wine_create(HKEY key, const WCHAR *subkey, const WCHAR *class_name,
                const struct create_how *how, HKEY *out, DWORD *disposition)
{
    u32 err = WINE(CreateKeyExW, key, subkey, 0, (WCHAR *)class_name, how->options, how->access,
                   (SECURITY_ATTRIBUTES *)how->sa, out, disposition);
    return take_out(err, err ? NULL : *out);
}
