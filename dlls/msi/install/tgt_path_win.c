#include <windows.h>

#include "tgt_path_win.h"

#include "filename.h"
#include "os.h"
#include "target.h"
#include "utf16.h"

static bool names_ok(const char16_t *s)
{
    while (*s) {
        size_t n = 0;

        while (s[n] && s[n] != '\\')
            n++;
        if (!file_name_is_plain(s, n))
            return false;
        s += n;
        if (*s && !*++s) /* one separator may end the path */
            return true;
    }
    return true;
}

static bool is_letter(char16_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What stands before the path, and how much of the path it takes the place of; NULL for what is no
 * full path. */
static const WCHAR *prefix_of(const char16_t *path, size_t *skip)
{
    size_t names = 0;

    if (is_letter(path[0]) && path[1] == ':' && (path[2] == '\\' || !path[2])) {
        *skip = 0;
        names = path[2] ? 3 : 2; /* what is above a folder of a drive's root is the drive */
    } else if (path[0] == '\\' && path[1] == '\\') {
        *skip = names = 2;
    }
    if (!names || !names_ok(path + names))
        return NULL;
    return *skip ? L"\\\\?\\UNC\\" : L"\\\\?\\";
}

u32 tgt_long_path(const char16_t *path, size_t more, WCHAR **out, size_t *len)
{
    size_t skip, n = u16_nlen(path, TGT_PATH), m;
    const WCHAR *prefix = n && n < TGT_PATH ? prefix_of(path, &skip) : NULL;
    WCHAR *to;

    if (!prefix)
        return ERROR_BAD_PATHNAME;
    m = wcslen(prefix);
    to = os_alloc_array(m + n + more + 2, sizeof(*to));
    if (!to)
        return ERROR_OUTOFMEMORY;
    memcpy(to, prefix, m * sizeof(*to));
    memcpy(to + m, path + skip, (n - skip + 1) * sizeof(*to));
    *len = m + n - skip;
    if (to[*len - 1] == ':')
        memcpy(to + (*len)++, L"\\", sizeof(L"\\"));
    if (to[*len - 1] == '\\' && to[*len - 2] != ':')
        to[--*len] = 0;
    *out = to;
    return ERROR_SUCCESS;
}
