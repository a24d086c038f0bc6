/*
 * MsiEnableLog. What Wine's msi.dll installs it logs itself, so it is told too.
 */
#include <windows.h>
#include <msi.h>

#include "door.h"
#include "log.h"
#include "strio.h"
#include "fullpath.h"
#include "os.h"

static u32 enable(DWORD modes, const char16_t *file, DWORD attributes)
{
    static struct door_entry wine = {"MsiEnableLogW", NULL};
    char16_t *full = NULL;
    u32 err = ERROR_SUCCESS;

    if (file && !modes)
        return ERROR_INVALID_PARAMETER;
    if (file)
        err = full_path(file, &full);
    if (!err)
        err = log_set(modes, full, attributes);
    os_free(full);
    if (!err && door_available() && door_find(&wine))
        ((UINT(WINAPI *)(DWORD, const char16_t *, DWORD))wine.target)(modes, file, attributes);
    return err;
}

UINT WINAPI MsiEnableLogW(DWORD modes, const WCHAR *file, DWORD attributes)
{
    return enable(modes, w16(file), attributes);
}

UINT WINAPI MsiEnableLogA(DWORD modes, const char *file, DWORD attributes)
{
    struct text_in text;
    u32 err = text_from_a(&text, file);

    if (err)
        return err;
    err = enable(modes, text.text, attributes);
    text_done(&text);
    return err;
}
