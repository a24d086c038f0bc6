/*
 * The folders of a session's context: those of all users, where the product is for all of them.
 *
 * A folder that the package, or whoever installs it, has given another path keeps that.
 */
#include "session_impl.h"
#include "sysprops.h"
#include "utf16.h"

static bool is_set_to(const struct session *s, const char *name, const char *value)
{
    const struct property *p = prop_get(s, name);

    return p && u16_is(p->value, p->value_len, value);
}

bool session_is_admin(const struct session *s)
{
    return is_set_to(s, "ACTION", "ADMIN");
}

bool session_advertises(const struct session *s)
{
    const struct property *p = prop_get(s, "ACTION");
    static const char16_t name[] = u"ADVERTISE";

    return p && !u16_compare_fold(p->value, p->value_len, name, ARRAY_LEN(name) - 1);
}

/* A product that is advertised is installed for those that it was advertised to. */
bool session_for_all_users(const struct session *s)
{
    if (s->registered)
        return s->product_there.context == CONTEXT_MACHINE;
    if (is_set_to(s, "ALLUSERS", "2"))
        return prop_get(s, "Privileged") && !is_set_to(s, "MSIINSTALLPERUSER", "1");
    return is_set_to(s, "ALLUSERS", "1");
}

static u32 change_folder(void *ctx, const char *name, const char16_t *from, const char16_t *to)
{
    struct session *s = ctx;
    const struct property *p = prop_get(s, name);

    if (!p || u16_compare_fold(p->value, p->value_len, from, u16_len(from)))
        return ERROR_SUCCESS;
    return prop_set(s, name, to, u16_len(to));
}

u32 context_folders(struct session *s)
{
    return sys_shared_folders(session_for_all_users(s), change_folder, s);
}

u32 context_settle(struct session *s)
{
    if (!is_set_to(s, "ALLUSERS", "2"))
        return ERROR_SUCCESS;
    return session_for_all_users(s) ? prop_set(s, "ALLUSERS", u"1", 1)
                                    : prop_set(s, "ALLUSERS", NULL, 0);
}
