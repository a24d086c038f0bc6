/*
 * Paths of Windows Installer's keys.
 */
#include "layout.h"

#include <stdatomic.h>

#include "utf16.h"

#define INSTALLER u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"

static void add(struct layout_path *p, const char16_t *text)
{
    size_t n = u16_len(p->path);

    u16_copy(p->path + n, LAYOUT_PATH - n, text);
}

static void add_part(struct layout_path *p, const char16_t *part)
{
    if (!part)
        return;
    add(p, u"\\");
    add(p, part);
}

static void add_tail(struct layout_path *p, const char16_t *what, const char16_t *guid,
                     const char16_t *below)
{
    char16_t packed[GUID_PACKED + 1];

    add_part(p, what);
    if (guid) {
        guid_pack(guid, packed);
        add_part(p, packed);
    }
    add_part(p, below);
}

/* The user's SID, the caller's where sid is NULL. */
static const char16_t *user(const char16_t *sid, char16_t own[LAYOUT_SID])
{
    if (sid)
        return sid;
    if (!reg_user_sid(own, LAYOUT_SID))
        own[0] = 0;
    return own;
}

void layout_advertised(struct layout_path *p, u32 context, const char16_t *sid,
                       const char16_t *what, const char16_t *guid, const char16_t *below)
{
    char16_t own[LAYOUT_SID];

    p->root = REG_MACHINE;
    p->path[0] = 0;
    if (context == CONTEXT_MACHINE) {
        add(p, u"Software\\Classes\\Installer");
    } else if (context == CONTEXT_MANAGED) {
        add(p, INSTALLER u"Managed\\");
        add(p, user(sid, own));
        add(p, u"\\Installer");
    } else {
        p->root = sid ? REG_USERS : REG_USER;
        if (sid) {
            add(p, sid);
            add(p, u"\\");
        }
        add(p, u"Software\\Microsoft\\Installer");
    }
    add_tail(p, what, guid, below);
}

void layout_installed(struct layout_path *p, u32 context, const char16_t *sid, const char16_t *what,
                      const char16_t *guid, const char16_t *below)
{
    char16_t own[LAYOUT_SID];

    p->root = REG_MACHINE;
    p->path[0] = 0;
    add(p, INSTALLER u"UserData\\");
    add(p, context == CONTEXT_MACHINE ? LAYOUT_MACHINE_SID : user(sid, own));
    add_tail(p, what, guid, below);
}

static void (*prepare_by)(void);

void layout_prepare_by(void (*prepare)(void))
{
    prepare_by = prepare;
}

/* It may look for keys itself. */
static void prepare(void)
{
    static _Atomic bool asked;

    if (prepare_by && !atomic_load_explicit(&asked, memory_order_relaxed) &&
        !atomic_exchange(&asked, true))
        prepare_by();
}

u32 layout_open(const struct layout_path *p, struct reg_key **key)
{
    prepare();
    return reg_open(p->root, p->path, key);
}

bool layout_has(const struct layout_path *p)
{
    prepare();
    return reg_has(p->root, p->path);
}
