/*
 * Who gets in: the access check of MS-DTYP 2.5.3.2 for keys.
 *
 * Entries are taken in their order: one that allows takes its rights off what is still wanted,
 * one that denies ends it where any of its rights are still wanted. Without a DACL everything is
 * granted; the owner may always read and change the DACL, unless an entry for OWNER RIGHTS says
 * what the owner may.
 */
#include "sd_parts.h"

#define GENERIC_READ_BIT    0x80000000u
#define GENERIC_WRITE_BIT   0x40000000u
#define GENERIC_EXECUTE_BIT 0x20000000u
#define GENERIC_ALL_BIT     0x10000000u
#define GENERIC_BITS        0xf0000000u
#define MAXIMUM_ALLOWED_BIT 0x02000000u
#define SYSTEM_SECURITY_BIT 0x01000000u
#define READ_CONTROL_BIT    0x00020000u
#define WRITE_DAC_BIT       0x00040000u
#define WRITE_OWNER_BIT     0x00080000u

#define KEY_READ_RIGHTS  0x00020019u
#define KEY_WRITE_RIGHTS 0x00020006u
#define KEY_ALL_RIGHTS   0x000f003fu
#define KEY_WOW64_BITS   0x00000300u
#define SYNCHRONIZE_BIT  0x00100000u

static const u8 owner_rights[12] = {1, 1, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0};

u32 sd_map_generic(u32 mask)
{
    if (mask & GENERIC_READ_BIT)
        mask |= KEY_READ_RIGHTS;
    if (mask & GENERIC_WRITE_BIT)
        mask |= KEY_WRITE_RIGHTS;
    if (mask & GENERIC_EXECUTE_BIT)
        mask |= KEY_READ_RIGHTS;
    if (mask & GENERIC_ALL_BIT)
        mask |= KEY_ALL_RIGHTS;
    return mask & ~GENERIC_BITS;
}

/* Whether the token counts as that SID; what is for denying alone counts where `deny` is set. */
static bool has_sid(const struct sd_token *t, const u8 *sid, bool deny)
{
    for (u32 i = 0; i < t->count; i++) {
        u32 a = t->sids[i].attributes;
        bool enabled = i == 0 || (a & SD_SID_ENABLED);
        if (a & SD_SID_DENY_ONLY)
            enabled = deny;
        if (enabled && sid_equal(t->sids[i].sid, sid))
            return true;
    }
    return false;
}

struct access {
    const struct sd_token *token;
    u32 wanted;  /* and not yet granted */
    u32 granted; /* by entries so far */
    u32 denied;  /* by entries so far, before they were granted */
    bool is_owner;
    bool refused;
};

/* One entry of the DACL that is effective on the key itself. */
static void take_entry(struct access *a, const u8 *ace)
{
    u32 mask = sd_map_generic(sd_u32(ace + 4));
    const u8 *sid = ace + ACE_HEAD;
    bool deny = ace[0] == ACE_DENIED;
    bool mine = sid_equal(sid, owner_rights) ? a->is_owner : has_sid(a->token, sid, deny);

    if (!mine)
        return;
    if (deny) {
        if (a->wanted & mask)
            a->refused = true;
        a->denied |= mask & ~a->granted;
    } else {
        a->granted |= mask & ~a->denied;
        a->wanted &= ~mask;
    }
}

static bool has_owner_rights(const u8 *dacl)
{
    u32 at = ACL_HEAD;

    for (u32 i = sd_u16(dacl + 4); i > 0; i--, at += sd_u16(dacl + at + 2))
        if (dacl[at] <= ACE_DENIED && !(dacl[at + 1] & ACEF_INHERIT_ONLY) &&
            sid_equal(dacl + at + ACE_HEAD, owner_rights))
            return true;
    return false;
}

static void walk_dacl(struct access *a, const u8 *dacl)
{
    u32 at = ACL_HEAD;

    for (u32 i = sd_u16(dacl + 4); i > 0 && !a->refused; i--, at += sd_u16(dacl + at + 2))
        if (dacl[at] <= ACE_DENIED && !(dacl[at + 1] & ACEF_INHERIT_ONLY))
            take_entry(a, dacl + at);
}

/* What the token gets whatever the DACL says. */
static u32 privileged(const struct sd_token *t)
{
    u32 rights = 0;

    if (t->take_ownership)
        rights |= WRITE_OWNER_BIT;
    if (t->backup)
        rights |= KEY_READ_RIGHTS;
    if (t->restore)
        rights |= KEY_WRITE_RIGHTS | WRITE_DAC_BIT | WRITE_OWNER_BIT;
    return rights;
}

u32 sd_access(const void *sd, u32 n, const struct sd_token *token, u32 wanted, u32 *granted)
{
    struct access a = {.token = token};
    bool maximum = wanted & MAXIMUM_ALLOWED_BIT;
    u32 free_rights = privileged(token), given = 0;
    struct sd_view v;

    if (!sd_look(sd, n, &v))
        return ERROR_INVALID_SECURITY_DESCR;
    wanted = sd_map_generic(wanted & ~(MAXIMUM_ALLOWED_BIT | KEY_WOW64_BITS | SYNCHRONIZE_BIT));
    if (wanted & SYSTEM_SECURITY_BIT) {
        if (!token->security)
            return ERROR_PRIVILEGE_NOT_HELD;
        given |= SYSTEM_SECURITY_BIT;
        wanted &= ~SYSTEM_SECURITY_BIT;
    }
    if (!v.dacl) {
        *granted = given | wanted | (maximum ? KEY_ALL_RIGHTS : 0);
        return ERROR_SUCCESS;
    }
    a.is_owner = v.owner && has_sid(token, v.owner, false);
    if (a.is_owner && !has_owner_rights(v.dacl))
        free_rights |= READ_CONTROL_BIT | WRITE_DAC_BIT;
    a.wanted = wanted & ~free_rights;
    a.granted = free_rights;
    walk_dacl(&a, v.dacl);
    if (a.refused || a.wanted)
        return ERROR_ACCESS_DENIED;
    if (maximum && !(wanted | (a.granted & KEY_ALL_RIGHTS)))
        return ERROR_ACCESS_DENIED;
    *granted = given | wanted | (maximum ? a.granted & KEY_ALL_RIGHTS : 0);
    return ERROR_SUCCESS;
}
