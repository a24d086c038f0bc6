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
    u8 mark; /* ACEF_INHERITED where entries handed down are marked */
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

/* What a parent's entry becomes on a key below. */
static void hand_down(struct maker *m, const u8 *ace)
{
    u32 flags = ace[1], on = flags & (ACEF_CONTAINER | ACEF_OBJECT);

    if (flags & ACEF_CONTAINER)
        put_effective(m, ace, flags & ACEF_NO_PROPAGATE ? 0 : on, m->mark);
    else if ((flags & ACEF_OBJECT) && !(flags & ACEF_NO_PROPAGATE))
        put_as_it_is(m, ace, ACEF_OBJECT | ACEF_INHERIT_ONLY | m->mark);
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

/* One of the two ACLs: the given one, or what the parent's hands down, or the fallback. */
static const u8 *make_acl(struct maker *m, u8 *buf, const u8 *given, bool is_given,
                          const u8 *parent, const u8 *fallback)
{
    begin_acl(m, buf);
    if (is_given) {
        if (!given)
            return NULL;
        buf[0] = given[0];
        each_ace(m, given, copy_given);
        return end_acl(m);
    }
    if (parent) {
        buf[0] = parent[0];
        each_ace(m, parent, hand_down);
        if (m->count)
            return end_acl(m);
    }
    if (!fallback)
        return NULL;
    begin_acl(m, buf);
    buf[0] = fallback[0];
    each_ace(m, fallback, copy_given);
    return end_acl(m);
}

static bool look(const void *sd, u32 n, struct sd_view *v)
{
    memset(v, 0, sizeof(*v));
    return !sd || sd_look(sd, n, v);
}

/* The new descriptor's parts; bufs holds both ACLs. */
static bool compose(struct sd_view *v, const struct sd_view *parent, const struct sd_view *given,
                    const struct sd_token *t, u8 *bufs)
{
    struct maker m = {0};
    bool has_dacl = given->control & SDC_DACL_PRESENT, has_sacl = given->control & SDC_SACL_PRESENT;
    const u8 *fallback = t->default_dacl;

    memset(v, 0, sizeof(*v));
    v->owner = m.owner = given->owner ? given->owner : t->count ? t->sids[0].sid : parent->owner;
    v->group = m.group = given->group       ? given->group
                         : t->primary_group ? t->primary_group
                                            : parent->group;
    m.mark = parent->control & SDC_DACL_AUTO ? ACEF_INHERITED : 0;
    v->dacl = make_acl(&m, bufs, given->dacl, has_dacl, parent->dacl, fallback);
    if (has_dacl)
        v->control |= given->control & SDC_DACL_BITS;
    else if (v->dacl)
        v->control |= SDC_DACL_PRESENT | (parent->control & SDC_DACL_AUTO);
    m.mark = parent->control & SDC_SACL_AUTO ? ACEF_INHERITED : 0;
    v->sacl = make_acl(&m, bufs + ACL_MAX, given->sacl, has_sacl, parent->sacl, NULL);
    if (has_sacl)
        v->control |= given->control & SDC_SACL_BITS;
    else if (v->sacl)
        v->control |= SDC_SACL_PRESENT | (parent->control & SDC_SACL_AUTO);
    return !m.full;
}

u32 sd_inherit(const void *parent, u32 parent_n, const void *explicit_sd, u32 explicit_n,
               const struct sd_token *token, void **out, u32 *size)
{
    struct sd_view p, g, v;
    u32 err = ERROR_OUTOFMEMORY;
    u8 *bufs, *sd;

    if (!look(parent, parent_n, &p) || !look(explicit_sd, explicit_n, &g))
        return ERROR_INVALID_SECURITY_DESCR;
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
