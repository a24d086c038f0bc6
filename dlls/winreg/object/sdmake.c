/*
 * A self-relative descriptor (MS-DTYP 2.4.6):
 *
 *   0   1  revision 1
 *   2   2  control: SE_SELF_RELATIVE 0x8000, SE_DACL_PRESENT 4
 *   4   4  offset of the owner     8  of the group     12  of the SACL (0)     16  of the DACL
 *   20     DACL: revision 2, size (2 bytes at 2), number of ACEs (2 at 4)
 *          each ACE: type 0 (allow), flags, size (2), mask (4), SID
 */
#include "sdmake.h"

#include "user.h"

#include <string.h>

struct out {
    u8 *buf;
    u32 at;
    bool full;
};

static void put(struct out *o, const void *p, u32 n)
{
    if (o->at + n > SDMAKE_MAX) {
        o->full = true;
        return;
    }
    memcpy(o->buf + o->at, p, n);
    o->at += n;
}

static void put_u16(u8 *p, u32 v)
{
    p[0] = (u8)v;
    p[1] = (u8)(v >> 8);
}

static void put_u32(u8 *p, u32 v)
{
    put_u16(p, v);
    put_u16(p + 2, v >> 16);
}

static const u8 *sid_of(enum sdmake_who who)
{
    static const u8 everyone[] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    static const u8 creator[] = {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
    static const u8 restricted[] = {1, 1, 0, 0, 0, 0, 0, 5, 12, 0, 0, 0};
    static const u8 local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    static const u8 admins[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    static const u8 users[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0};
    const struct sd_token *t = user_token();
    switch (who) {
    case SDMAKE_EVERYONE:
        return everyone;
    case SDMAKE_CREATOR:
        return creator;
    case SDMAKE_RESTRICTED:
        return restricted;
    case SDMAKE_SYSTEM:
        return local_system;
    case SDMAKE_USERS:
        return users;
    case SDMAKE_SELF:
        return t->count ? t->sids[0].sid : admins;
    case SDMAKE_ADMINS:
        break;
    }
    return admins;
}

static u32 sid_size(const u8 *sid)
{
    return 8 + 4u * sid[1];
}

static void put_ace(struct out *o, const struct sdmake_ace *ace)
{
    u8 head[8] = {0, ace->flags};
    const u8 *sid = sid_of(ace->who);
    put_u16(head + 2, 8 + sid_size(sid));
    put_u32(head + 4, ace->mask);
    put(o, head, 8);
    put(o, sid, sid_size(sid));
}

u32 sdmake(const struct sdmake_ace *aces, u32 n, u8 buf[SDMAKE_MAX])
{
    struct out o = {buf, 0, false};
    u8 head[28] = {1, 0, 4, 0x80};
    const u8 *owner = sid_of(SDMAKE_ADMINS), *group = sid_of(SDMAKE_SYSTEM);
    head[20] = 2;
    put(&o, head, sizeof head);
    for (u32 i = 0; i < n; i++)
        put_ace(&o, &aces[i]);
    put_u32(buf + 16, 20);
    put_u16(buf + 22, o.at - 20);
    put_u16(buf + 24, n);
    put_u32(buf + 4, o.at);
    put(&o, owner, sid_size(owner));
    put_u32(buf + 8, o.at);
    put(&o, group, sid_size(group));
    return o.full ? 0 : o.at;
}
