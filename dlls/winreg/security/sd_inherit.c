/*
 * The descriptor of a new key (MS-DTYP 2.5.3.4): what the creator gave, and what its parent hands
 * down to containers.
 *
 * An entry that has generic rights or stands for CREATOR OWNER or CREATOR GROUP takes effect on the
 * new key with real rights and a real SID; if it is also to be handed on, the entry as it was
 * follows, for inheriting only.
 */
#include "os.h"
#include "sd_parts.h"

#define ACL_MAX       0xfffcu
#define INHERIT_FLAGS (ACEF_OBJECT | ACEF_CONTAINER | ACEF_NO_PROPAGATE | ACEF_INHERIT_ONLY)
#define GENERIC_BITS  0xf0000000u

static const u8 creator_owner[12] = {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
static const u8 creator_group[12] = {1, 1, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0};

/* An ACL being made. */
struct maker {
    u8 *acl; /* ACL_MAX bytes */
    u32 at, count;
    bool full;
    const u8 *owner, *group;
};

static void put_ace(struct maker *m, const u8 *ace, u32 flags, u32 mask, const u8 *sid)
{
    u32 sid_n = 8u + 4u * sid[1], size = ACE_HEAD + sid_n;
    u16 size16 = (u16)size;

    if (m->full || size > ACL_MAX - m->at) {
        m->full = true;
        return;
    }
    m->acl[m->at] = ace[0];
    m->acl[m->at + 1] = (u8)flags;
    memcpy(m->acl + m->at + 2, &size16, 2);
    memcpy(m->acl + m->at + 4, &mask, 4);
    memcpy(m->acl + m->at + ACE_HEAD, sid, sid_n);
    m->at += size;
    m->count++;
}

static void put_as_it_is(struct maker *m, const u8 *ace, u32 flags)
{
    u32 size = sd_u16(ace + 2);

    if (m->full || size > ACL_MAX - m->at) {
        m->full = true;
        return;
    }
    memcpy(m->acl + m->at, ace, size);
    m->acl[m->at + 1] = (u8)flags;
    m->at += size;
    m->count++;
}

static const u8 *real_sid(const struct maker *m, const u8 *sid)
{
    if (sid_equal(sid, creator_owner) && m->owner)
        return m->owner;
    if (sid_equal(sid, creator_group) && m->group)
        return m->group;
    return sid;
}

/* An entry that takes effect on the new key; `on` are the flags it hands itself on with, 0 where it
 * does not, `keep` others it keeps. */
static void put_effective(struct maker *m, const u8 *ace, u32 on, u32 keep)
{
    const u8 *sid = ace + ACE_HEAD, *real;
    u32 mask;

    /* Object entries and others have nothing here to be replaced; they may end before a mask. */
    if (ace[0] > ACE_ALARM) {
        put_as_it_is(m, ace, on | keep);
        return;
    }
    mask = sd_u32(ace + 4);
    real = real_sid(m, sid);
    if (real == sid && !(mask & GENERIC_BITS)) {
        put_as_it_is(m, ace, on | keep);
        return;
    }
    put_ace(m, ace, keep, sd_map_generic(mask), real);
    if (on)
        put_as_it_is(m, ace, on | ACEF_INHERIT_ONLY | keep);
}

/* What a parent's entry becomes on a key below: marked, whoever it comes from. */
static void hand_down(struct maker *m, const u8 *ace)
{
    u32 flags = ace[1], on = flags & (ACEF_CONTAINER | ACEF_OBJECT);

    if (flags & ACEF_CONTAINER)
        put_effective(m, ace, flags & ACEF_NO_PROPAGATE ? 0 : on, ACEF_INHERITED);
    else if ((flags & ACEF_OBJECT) && !(flags & ACEF_NO_PROPAGATE))
        put_as_it_is(m, ace, ACEF_OBJECT | ACEF_INHERIT_ONLY | ACEF_INHERITED);
}

static void copy_given(struct maker *m, const u8 *ace)
{
    u32 flags = ace[1];

    if (flags & ACEF_INHERIT_ONLY)
        put_as_it_is(m, ace, flags);
    else
        put_effective(m, ace, flags & INHERIT_FLAGS, flags & ~(u32)INHERIT_FLAGS);
}

static void each_ace(struct maker *m, const u8 *acl, void (*take)(struct maker *, const u8 *))
{
    u32 at = ACL_HEAD;

    for (u32 i = sd_u16(acl + 4); i > 0; i--, at += sd_u16(acl + at + 2))
        take(m, acl + at);
}

static void begin_acl(struct maker *m, u8 *buf)
{
    m->acl = buf;
    m->at = ACL_HEAD;
    m->count = 0;
    memset(buf, 0, ACL_HEAD);
    buf[0] = 2;
}

static const u8 *end_acl(struct maker *m)
{
    u16 size = (u16)m->at, count = (u16)m->count;

    memcpy(m->acl + 2, &size, 2);
    memcpy(m->acl + 4, &count, 2);
    return m->acl;
}

/* The same without what the creator had from another parent. */
static void copy_own(struct maker *m, const u8 *ace)
{
    if (!(ace[1] & ACEF_INHERITED))
        copy_given(m, ace);
}

/* One of the two ACLs to be made. */
struct acl_task {
    const u8 *given, *parent, *fallback; /* NULL: none; the fallback is the token's */
    bool is_given;                       /* also where it is NULL, which lets everybody in */
    bool weak;                           /* the given one stands back behind the parent's */
    bool merge;                          /* the parent's entries come behind the given ones */
};

static const u8 *make_from(struct maker *m, u8 *buf, const u8 *acl,
                           void (*take)(struct maker *, const u8 *))
{
    begin_acl(m, buf);
    buf[0] = acl[0];
    each_ace(m, acl, take);
    return end_acl(m);
}

static const u8 *make_given(struct maker *m, u8 *buf, const struct acl_task *t)
{
    if (!t->given)
        return NULL;
    make_from(m, buf, t->given, t->merge ? copy_own : copy_given);
    if (t->merge && t->parent) {
        buf[0] = MAX(buf[0], t->parent[0]);
        each_ace(m, t->parent, hand_down);
        end_acl(m);
    }
    return buf;
}

static const u8 *make_acl(struct maker *m, u8 *buf, const struct acl_task *t)
{
    if (t->is_given && !t->weak)
        return make_given(m, buf, t);
    if (t->parent && make_from(m, buf, t->parent, hand_down) && m->count)
        return buf;
    if (t->is_given)
        return make_given(m, buf, t);
    return t->fallback ? make_from(m, buf, t->fallback, copy_given) : NULL;
}

static bool look(const void *sd, u32 n, struct sd_view *v)
{
    memset(v, 0, sizeof(*v));
    return !sd || sd_look(sd, n, v);
}

/* The bits of one of the two ACLs in the control word. */
struct acl_bits {
    u32 present, defaulted, request, automatic, protect;
};
static const struct acl_bits dacl_bits = {SDC_DACL_PRESENT, SDC_DACL_DEFAULTED, SDC_DACL_AUTO_REQ,
                                          SDC_DACL_AUTO, SDC_DACL_PROTECTED};
static const struct acl_bits sacl_bits = {SDC_SACL_PRESENT, SDC_SACL_DEFAULTED, SDC_SACL_AUTO_REQ,
                                          SDC_SACL_AUTO, SDC_SACL_PROTECTED};

/* What the control words say about an ACL: entries are handed down for good where the parent takes
 * part in automatic inheritance or the creator asks for it, and the creator does not forbid it.
 * *kept: the bits that the new one has beside `present`. */
static void plan(struct acl_task *t, const struct acl_bits *b, u32 parent, u32 given, u32 *kept)
{
    bool automatic = parent & b->automatic || (given & b->present && given & b->request);

    t->is_given = given & b->present;
    t->weak = t->is_given && given & b->defaulted;
    t->merge = t->is_given && t->given && automatic && !(given & b->protect);
    *kept = t->is_given ? given & (b->protect | b->automatic) : 0;
    if (t->merge || (!t->is_given && automatic))
        *kept |= b->automatic;
}

/* The new descriptor's parts; bufs holds both ACLs. */
static bool compose(struct sd_view *v, const struct sd_view *parent, const struct sd_view *given,
                    const struct sd_token *t, u8 *bufs)
{
    const u8 *user = t->count ? t->sids[0].sid : parent->owner;
    struct acl_task dacl = {given->dacl, parent->dacl, t->default_dacl, false, false, false};
    struct acl_task sacl = {given->sacl, parent->sacl, NULL, false, false, false};
    struct maker m = {0};
    u32 bits;

    memset(v, 0, sizeof(*v));
    v->owner = m.owner = given->owner ? given->owner : t->owner ? t->owner : user;
    v->group = m.group = given->group       ? given->group
                         : t->primary_group ? t->primary_group
                                            : parent->group;
    plan(&dacl, &dacl_bits, parent->control, given->control, &bits);
    v->dacl = make_acl(&m, bufs, &dacl);
    v->control = SDC_DACL_PRESENT | bits; /* always, once it is an object's */
    plan(&sacl, &sacl_bits, parent->control, given->control, &bits);
    v->sacl = make_acl(&m, bufs + ACL_MAX, &sacl);
    if (v->sacl || sacl.is_given)
        v->control |= SDC_SACL_PRESENT | bits;
    return !m.full;
}

/* A SACL of labels and attributes alone is no matter of auditing. */
static bool audits(const struct sd_view *given)
{
    u32 at = ACL_HEAD;

    for (u32 i = given->sacl ? sd_u16(given->sacl + 4) : 0; i > 0;
         i--, at += sd_u16(given->sacl + at + 2))
        if (given->sacl[at] != ACE_LABEL && given->sacl[at] != ACE_ATTRIBUTE)
            return true;
    return false;
}

u32 sd_inherit(const void *parent, u32 parent_n, const void *explicit_sd, u32 explicit_n,
               const struct sd_token *token, void **out, u32 *size)
{
    struct sd_view p, g, v;
    u32 err = ERROR_OUTOFMEMORY;
    u8 *bufs, *sd;

    if (!look(parent, parent_n, &p) || !look(explicit_sd, explicit_n, &g))
        return ERROR_INVALID_SECURITY_DESCR;
    if (audits(&g) && !token->security)
        return ERROR_PRIVILEGE_NOT_HELD;
    if (!(bufs = os_alloc(2 * ACL_MAX)))
        return ERROR_OUTOFMEMORY;
    if (!compose(&v, &p, &g, token, bufs)) {
        err = ERROR_INVALID_SECURITY_DESCR;
    } else if ((sd = os_alloc(sd_view_size(&v)))) {
        sd_view_put(&v, sd);
        *out = sd;
        *size = sd_view_size(&v);
        err = ERROR_SUCCESS;
    }
    os_free(bufs);
    return err;
}
