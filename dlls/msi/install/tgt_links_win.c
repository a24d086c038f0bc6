/*
 * A link is a reparse point that stands for another name. Wine shows a symbolic link to a folder as
 * a reparse point without a tag, and one to a file as the file itself; that one is told by the name
 * of what was opened.
 */
#include <windows.h>

#include "tgt_links_win.h"

#include "os.h"
#include "target.h"

enum {
    SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
    AS_IT_IS = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS,
};

u32 link_tag(const WCHAR *path)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);

    if (find == INVALID_HANDLE_VALUE)
        return 0;
    FindClose(find);
    return data.dwReserved0;
}

/* Files that are stored elsewhere or otherwise have reparse points too, and are no links. */
bool link_is_tag(u32 tag)
{
    return !tag || (tag & 0x20000000); /* IsReparseTagNameSurrogate */
}

/* The name that it was found under, from os_alloc; NULL where it cannot be told. */
static WCHAR *name_of(HANDLE f)
{
    WCHAR *name = os_alloc_array(TGT_PATH, sizeof(*name));
    DWORD n = name ? GetFinalPathNameByHandleW(f, name, TGT_PATH, 0) : 0;

    if (n && n < TGT_PATH)
        return name;
    os_free(name);
    return NULL;
}

static WCHAR *found_as(const WCHAR *path)
{
    HANDLE f =
        CreateFileW(path, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING, AS_IT_IS, NULL);
    WCHAR *name = NULL;

    if (f != INVALID_HANDLE_VALUE) {
        name = name_of(f);
        CloseHandle(f);
    }
    return name;
}

bool link_same_name(const WCHAR *a, const WCHAR *b)
{
    return CompareStringOrdinal(a, -1, b, -1, TRUE) == CSTR_EQUAL;
}

static bool is_last_of(const WCHAR *path, const WCHAR *name)
{
    const WCHAR *slash = wcsrchr(path, '\\');

    return slash && link_same_name(slash + 1, name);
}

/* Whether `at`, found in the folder of `path`, is what path names there. A short name is found
 * under its long one. */
static bool is_in_folder(WCHAR *path, const WCHAR *at)
{
    WCHAR *slash = wcsrchr(path, '\\'), *folder;
    const WCHAR *end = wcsrchr(at, '\\');
    size_t n;
    bool same;

    *slash = 0;
    folder = found_as(path);
    *slash = '\\';
    n = folder ? wcslen(folder) : 0;
    while (n && folder[n - 1] == '\\')
        n--;
    same = !folder || (end && (size_t)(end - at) == n &&
                       CompareStringOrdinal(folder, (int)n, at, (int)n, TRUE) == CSTR_EQUAL &&
                       (is_last_of(path, end + 1) || wcschr(slash, '~')));
    os_free(folder);
    return same;
}

static bool is_elsewhere(WCHAR *path, const WCHAR *at)
{
    return at && !link_same_name(at, path) && !is_in_folder(path, at);
}

bool link_is_hidden(WCHAR *path)
{
    WCHAR *at = found_as(path);
    bool link = is_elsewhere(path, at);

    os_free(at);
    return link;
}

bool link_is_hidden_at(HANDLE f, WCHAR *path)
{
    WCHAR *at = name_of(f);
    bool link = is_elsewhere(path, at);

    os_free(at);
    return link;
}
