#include <windows.h>

#include "tgt_version_win.h"

#include "os.h"

static bool read_version(void *info, u32 version[4], u32 *language)
{
    VS_FIXEDFILEINFO *fixed;
    struct {
        WORD language, codepage;
    } * translation;
    UINT n;

    if (!VerQueryValueW(info, L"\\", (void **)&fixed, &n) || n < sizeof(*fixed))
        return false;
    version[0] = HIWORD(fixed->dwFileVersionMS);
    version[1] = LOWORD(fixed->dwFileVersionMS);
    version[2] = HIWORD(fixed->dwFileVersionLS);
    version[3] = LOWORD(fixed->dwFileVersionLS);
    *language = 0;
    if (VerQueryValueW(info, L"\\VarFileInfo\\Translation", (void **)&translation, &n) &&
        n >= sizeof(*translation))
        *language = translation->language;
    return true;
}

bool version_of(const wchar_t *path, u32 version[4], u32 *language)
{
    DWORD unused, size = GetFileVersionInfoSizeW(path, &unused);
    void *info = size ? os_alloc(size) : NULL;
    bool found =
        info && GetFileVersionInfoW(path, 0, size, info) && read_version(info, version, language);

    os_free(info);
    return found;
}
