#include "roots.h"
#include "handles.h"
#include "wineparts.h"
#include "os.h"

typedef DWORD(WINAPI *open_root)(PREGISTRY_SERVER_NAME, REGSAM, PRPC_HKEY);

static DWORD WINAPI open_local_settings(PREGISTRY_SERVER_NAME server, REGSAM access, PRPC_HKEY out)
{
    RRP_UNICODE_STRING path, no_class;
    RPC_HKEY user;
    u32 err = OpenCurrentUser(server, MAXIMUM_ALLOWED, &user);
    if (err)
        return err;
    face_string(&path, L"Software\\Classes\\Local Settings");
    face_string(&no_class, NULL);
    err = BaseRegCreateKey(user, &path, &no_class, 0, access, NULL, out, NULL);
    BaseRegCloseKey(&user);
    return err;
}

/* Slots of the table below. Performance keys are Wine's; that of the data can be overridden. */
enum {
    ROOT_CLASSES,
    ROOT_USER,
    ROOT_MACHINE,
    ROOT_USERS,
    ROOT_CONFIG,
    ROOT_SETTINGS,
    ROOT_PERFORMANCE,
    ROOTS
};

static const open_root openers[ROOTS] = {
    OpenClassesRoot,
    OpenCurrentUser,
    OpenLocalMachine,
    OpenUsers,
    OpenCurrentConfig,
    open_local_settings,
    NULL,
};

struct root {
    RPC_HKEY volatile opened; /* kept open; NULL before the first use */
    struct face_key override; /* changed under `lock` and read only with `overridden` set */
    volatile bool overridden;
};

static struct root roots[ROOTS];
static struct os_rwlock lock;
static volatile bool no_user_cache, no_cache;

static int slot_of(HKEY root)
{
    switch ((u32)(uintptr_t)root) {
    case 0x80000000u:
        return ROOT_CLASSES;
    case 0x80000001u:
        return ROOT_USER;
    case 0x80000002u:
        return ROOT_MACHINE;
    case 0x80000003u:
        return ROOT_USERS;
    case 0x80000004u:
        return ROOT_PERFORMANCE;
    case 0x80000005u:
        return ROOT_CONFIG;
    case 0x80000007u:
        return ROOT_SETTINGS;
    default:
        return -1;
    }
}

bool roots_is_performance(HKEY root)
{
    return (face_is_root(root, HKEY_PERFORMANCE_DATA) && !roots_overridden(root)) ||
           face_is_root(root, HKEY_PERFORMANCE_TEXT) ||
           face_is_root(root, HKEY_PERFORMANCE_NLSTEXT);
}

bool roots_is_root(HKEY key)
{
    return face_is_predefined(key) && (slot_of(key) >= 0 || roots_is_performance(key));
}

u32 roots_open(HKEY root, REGSAM access, RPC_HKEY *out)
{
    int slot = slot_of(root);
    if (slot < 0 || !openers[slot])
        return ERROR_INVALID_HANDLE;
    return openers[slot](NULL, face_view(NULL, access), out);
}

/* A shutdown of the server closes every handle, so a kept one may be stale. */
static bool still_open(RPC_HKEY h)
{
    struct reg_row row;
    u32 value;
    return h && hnd_value(h, &value) && !hnd_get(value, &row);
}

static u32 open_and_keep(struct root *r, HKEY root, RPC_HKEY *out)
{
    RPC_HKEY fresh = NULL, old = r->opened;
    u32 err = roots_open(root, MAXIMUM_ALLOWED, &fresh);
    if (err)
        return err;
    if (InterlockedCompareExchangePointer((void *volatile *)&r->opened, fresh, old) != old) {
        /* Another thread was quicker. */
        BaseRegCloseKey(&fresh);
        fresh = r->opened;
    }
    *out = fresh;
    return ERROR_SUCCESS;
}

static bool get_override(struct root *r, struct face_key *k)
{
    bool found;
    if (!r->overridden)
        return false;
    os_read_lock(&lock);
    found = r->overridden;
    if (found) {
        k->ours = r->override.ours;
        k->wine = r->override.wine;
        k->classes = r->override.classes;
    }
    os_read_unlock(&lock);
    return found;
}

u32 roots_get(HKEY root, struct face_key *k)
{
    int slot = slot_of(root);
    struct root *r = &roots[slot < 0 ? 0 : slot];
    if (slot < 0) {
        if (!roots_is_performance(root) && !parts_root(root))
            return ERROR_INVALID_HANDLE;
        k->wine = root;
        return ERROR_SUCCESS;
    }
    if (get_override(r, k))
        return ERROR_SUCCESS;
    if (slot == ROOT_PERFORMANCE) {
        k->wine = root;
        return ERROR_SUCCESS;
    }
    if ((slot == ROOT_CONFIG || slot == ROOT_CLASSES) && parts_root(root)) {
        k->wine = root;
        return ERROR_SUCCESS;
    }
    if (no_cache || (no_user_cache && slot == ROOT_USER)) {
        u32 err = roots_open(root, MAXIMUM_ALLOWED, &k->ours);
        k->temporary = !err;
        return err;
    }
    k->ours = r->opened;
    if (still_open(k->ours))
        return ERROR_SUCCESS;
    return open_and_keep(r, root, &k->ours);
}

bool roots_overridden(HKEY root)
{
    int slot = slot_of(root);
    return slot >= 0 && roots[slot].overridden;
}

u32 roots_override(HKEY root, const struct face_key *k)
{
    int slot = slot_of(root);
    struct face_key old = {.ours = NULL};
    if (slot < 0)
        return ERROR_INVALID_HANDLE;
    os_write_lock(&lock);
    if (roots[slot].overridden)
        old = roots[slot].override;
    if (k)
        roots[slot].override = *k;
    roots[slot].overridden = k != NULL;
    os_write_unlock(&lock);
    /* Another thread may be in a call with the old one; that call then gets ERROR_INVALID_HANDLE,
     * as it would on Windows. */
    if (old.ours)
        BaseRegCloseKey(&old.ours);
    if (old.wine)
        wine_close(old.wine);
    return ERROR_SUCCESS;
}

bool roots_keeps(RPC_HKEY key)
{
    for (int i = 0; i < ROOTS; i++)
        if (roots[i].opened == key || (roots[i].overridden && roots[i].override.ours == key))
            return true;
    return false;
}

void roots_no_cache(bool every)
{
    no_user_cache = true;
    if (every)
        no_cache = true;
}
