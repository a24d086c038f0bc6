#include "face.h"
#include "roots.h"
#include "wineparts.h"
#include "inside.h"
#include "life.h"
#include "nt_lend.h"
#include "os.h"

#include <wchar.h>

static struct os_mutex start_lock;
static volatile LONG started;

u32 face_start(void)
{
    u32 err;
    if (started)
        return ERROR_SUCCESS;
    os_mutex_lock(&start_lock);
    /* The program may have started it itself, on a folder of its choice, or shut it down. */
    err = started || life_state() != LIFE_NEW ? ERROR_SUCCESS : WinregStart(NULL);
    if (!err && !started)
        parts_load();
    if (!err)
        started = 1;
    else
        FACE_TRACE("the registry's server does not start: error %lu", (unsigned long)err);
    os_mutex_unlock(&start_lock);
    return err;
}

DWORD WINAPI WinregHolds(RPC_HKEY key)
{
    struct face_key k;
    bool holds = !face_begin((HKEY)key, &k);
    if (!holds)
        return 0;
    holds = k.ours != NULL;
    face_end(&k);
    return holds;
}

/* A kernel handle that was not opened here: from another process, or through ntdll. */
static u32 find_unknown(HKEY key, struct face_key *k)
{
    if ((uintptr_t)key & 3)
        return ERROR_INVALID_HANDLE;
    if (!lend_in(key)) {
        k->ours = (RPC_HKEY)key;
    } else {
        inside_other(key, true);
        k->wine = key;
    }
    return ERROR_SUCCESS;
}

static u32 find_key(HKEY key, struct face_key *k)
{
    u32 err;
    k->classes =
        face_is_predefined(key) ? face_is_root(key, HKEY_CLASSES_ROOT) : face_is_class(key);
    if (!key)
        return ERROR_INVALID_HANDLE;
    if (!started && (err = face_start()))
        return err;
    if (face_is_predefined(key))
        return roots_get(key, k);
    switch (inside_kernel(key)) {
    case HND_OPEN:
        k->ours = face_untagged(key);
        return ERROR_SUCCESS;
    case HND_RESTING:
        return ERROR_INVALID_HANDLE;
    case HND_OTHER:
        k->wine = key;
        return ERROR_SUCCESS;
    default:
        return find_unknown(key, k);
    }
}

u32 face_begin(HKEY key, struct face_key *k)
{
    u32 err;
    k->ours = NULL;
    k->wine = NULL;
    k->temporary = false;
    k->last_error = GetLastError();
    err = find_key(key, k);
    if (err)
        SetLastError(k->last_error);
    return err;
}

void face_close_temporary(struct face_key *k)
{
    BaseRegCloseKey(&k->ours);
}

REGSAM face_view(RPC_HKEY key, REGSAM access)
{
#ifdef __i386__
    /* 0: not asked yet, 1: a 32-bit Windows, which has one view, 2: below a 64-bit one. */
    static volatile LONG wow64;
    const REGSAM views = KEY_WOW64_32KEY | KEY_WOW64_64KEY;
    BOOL is_wow64 = FALSE;
    if (!wow64)
        wow64 = IsWow64Process(GetCurrentProcess(), &is_wow64) && is_wow64 ? 2 : 1;
    if (wow64 == 1)
        return (access & views) == views ? access : access & ~views;
    if (!(access & views) && !(key && inside_view(key) == KEY_WOW64_64KEY))
        access |= KEY_WOW64_32KEY;
#else
    UNUSED(key);
#endif
    return access;
}

u32 face_string(RRP_UNICODE_STRING *s, const WCHAR *text)
{
    size_t len = text ? wcsnlen(text, FACE_TEXT_MAX + 1) : 0;
    if (len > FACE_TEXT_MAX)
        return ERROR_INVALID_PARAMETER;
    s->Buffer = (WCHAR *)text;
    s->Length = text ? (USHORT)((len + 1) * sizeof(WCHAR)) : 0;
    s->MaximumLength = s->Length;
    return ERROR_SUCCESS;
}

static bool has_long_name(const WCHAR *path)
{
    u32 len = 0;
    for (; *path; path++) {
        len = *path == '\\' ? 0 : len + 1;
        if (len > FACE_NAME_MAX)
            return true;
    }
    return false;
}

u32 face_path(const struct face_key *k, RRP_UNICODE_STRING *s, const WCHAR *path)
{
    u32 key_err, err = face_string(s, path);
    if (!err && s->Length > FACE_NAME_MAX * sizeof(WCHAR) && has_long_name(path))
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        return ERROR_SUCCESS;
    key_err = inside_state(k->ours);
    return key_err ? key_err : err;
}

u32 face_handle_error(RPC_HKEY key, u32 err)
{
    return err == ERROR_INVALID_PARAMETER && !inside_is_handle(key) ? (u32)ERROR_INVALID_HANDLE
                                                                    : err;
}
