/*
 * Security descriptors as bytes: validation, and taking apart and together (secdesc.h, and
 * sd_parts.h for the layouts).
 */
#include "os.h"
#include "sd_parts.h"

u32 sid_size(const u8 *p, size_t n)
{
    u32 size;

    if (n < 8 || p[0] != 1 || p[1] > 15)
        return 0;
    size = 8u + 4u * p[1];
    return size <= n ? size : 0;
}

/* Where in an ACE of that type its SID is; 0 where the type is not known to have one. */
static u32 ace_sid_at(const u8 *ace, u32 size)
{
    u32 type = ace[0], at = ACE_HEAD;

    if (type <= ACE_ALARM || type == 17) /* a mandatory label is laid out like the first four */
        return at;
    if (type >= 5 && type <= 8 && size >= 12) {
        u32 flags = sd_u32(ace + 8);
        return 12 + (flags & 1 ? 16u : 0) + (flags & 2 ? 16u : 0);
    }
    return 0;
}

static u32 ace_size(const u8 *p, size_t n)
{
    u32 size, at;

    if (n < 4)
        return 0;
    size = sd_u16(p + 2);
    if (size < 4 || (size & 3) || size > n)
        return 0;
    at = ace_sid_at(p, size);
    if (at && (at > size || !sid_size(p + at, size - at)))
        return 0;
    return size;
}

u32 acl_size(const u8 *p, size_t n)
{
    u32 size, count, at = ACL_HEAD;

    if (n < ACL_HEAD || p[0] < 2 || p[0] > 4)
        return 0;
    size = sd_u16(p + 2);
    count = sd_u16(p + 4);
    if (size < ACL_HEAD || size > n)
        return 0;
    for (u32 i = 0; i < count; i++) {
        u32 ace = ace_size(p + at, size - at);
        if (!ace)
            return 0;
        at += ace;
    }
    return size;
}

/* The part at that offset, checked by `measure`; false where it is not sound. */
static bool look_at(const u8 *sd, u32 n, u32 off, u32 (*measure)(const u8 *, size_t),
                    const u8 **part)
{
    *part = NULL;
    if (!off)
        return true;
    if (off < SD_HEAD || off >= n || !measure(sd + off, n - off))
        return false;
    *part = sd + off;
    return true;
}

bool sd_look(const void *sd, u32 n, struct sd_view *v)
{
    const u8 *p = sd;

    if (n < SD_HEAD || p[0] != 1)
        return false;
    v->control = sd_u16(p + 2);
    if (!(v->control & SDC_SELF_RELATIVE))
        return false;
    v->dacl = v->sacl = NULL;
    return look_at(p, n, sd_u32(p + 4), sid_size, &v->owner) &&
           look_at(p, n, sd_u32(p + 8), sid_size, &v->group) &&
           (!(v->control & SDC_SACL_PRESENT) ||
            look_at(p, n, sd_u32(p + 12), acl_size, &v->sacl)) &&
           (!(v->control & SDC_DACL_PRESENT) || look_at(p, n, sd_u32(p + 16), acl_size, &v->dacl));
}

bool sd_valid(const void *sd, u32 n)
{
    struct sd_view v;

    return sd_look(sd, n, &v);
}

static u32 end_of(const u8 *sd, const u8 *part, u32 size, u32 end)
{
    return part ? MAX(end, (u32)(part - sd) + size) : end;
}

u32 sd_length(const void *sd, u32 n)
{
    struct sd_view v;
    u32 end = SD_HEAD;

    if (!sd_look(sd, n, &v))
        return 0;
    end = end_of(sd, v.owner, v.owner ? sid_size(v.owner, 68) : 0, end);
    end = end_of(sd, v.group, v.group ? sid_size(v.group, 68) : 0, end);
    end = end_of(sd, v.sacl, v.sacl ? sd_u16(v.sacl + 2) : 0, end);
    return end_of(sd, v.dacl, v.dacl ? sd_u16(v.dacl + 2) : 0, end);
}

u32 sd_view_size(const struct sd_view *v)
{
    u32 size = SD_HEAD;

    size += v->owner ? 8u + 4u * v->owner[1] : 0;
    size += v->group ? 8u + 4u * v->group[1] : 0;
    size += v->sacl ? ALIGN_UP((u32)sd_u16(v->sacl + 2), 4u) : 0;
    size += v->dacl ? ALIGN_UP((u32)sd_u16(v->dacl + 2), 4u) : 0;
    return size;
}

/* Appends a part at *at and notes its offset in the header. */
static void put_part(u8 *buf, u32 field, const u8 *part, u32 size, u32 *at)
{
    if (!part)
        return;
    memcpy(buf + field, at, 4);
    memcpy(buf + *at, part, size);
    *at += ALIGN_UP(size, 4u);
}

void sd_view_put(const struct sd_view *v, u8 *buf)
{
    u16 control = (u16)(v->control | SDC_SELF_RELATIVE);
    u32 at = SD_HEAD;

    memset(buf, 0, sd_view_size(v));
    buf[0] = 1;
    memcpy(buf + 2, &control, 2);
    put_part(buf, 12, v->sacl, v->sacl ? sd_u16(v->sacl + 2) : 0, &at);
    put_part(buf, 16, v->dacl, v->dacl ? sd_u16(v->dacl + 2) : 0, &at);
    put_part(buf, 4, v->owner, v->owner ? 8u + 4u * v->owner[1] : 0, &at);
    put_part(buf, 8, v->group, v->group ? 8u + 4u * v->group[1] : 0, &at);
}

u32 sd_extract(const void *sd, u32 n, u32 parts, void *buf, u32 cap, u32 *size)
{
    struct sd_view v;

    if (!sd_look(sd, n, &v))
        return ERROR_INVALID_SECURITY_DESCR;
    if (!(parts & SD_OWNER)) {
        v.owner = NULL;
        v.control &= ~(u32)SDC_OWNER_DEFAULTED;
    }
    if (!(parts & SD_GROUP)) {
        v.group = NULL;
        v.control &= ~(u32)SDC_GROUP_DEFAULTED;
    }
    if (!(parts & SD_DACL)) {
        v.dacl = NULL;
        v.control &= ~(u32)SDC_DACL_BITS;
    }
    if (!(parts & SD_SACL)) {
        v.sacl = NULL;
        v.control &= ~(u32)SDC_SACL_BITS;
    }
    *size = sd_view_size(&v);
    if (*size > cap)
        return ERROR_INSUFFICIENT_BUFFER;
    sd_view_put(&v, buf);
    return ERROR_SUCCESS;
}

u32 sd_merge(const void *old, u32 old_n, const void *with, u32 with_n, u32 parts, void **out,
             u32 *size)
{
    struct sd_view v, w;
    u8 *buf;

    if (!sd_look(old, old_n, &v) || !sd_look(with, with_n, &w))
        return ERROR_INVALID_SECURITY_DESCR;
    if (parts & SD_OWNER) {
        v.owner = w.owner;
        v.control = (v.control & ~(u32)SDC_OWNER_DEFAULTED) | (w.control & SDC_OWNER_DEFAULTED);
    }
    if (parts & SD_GROUP) {
        v.group = w.group;
        v.control = (v.control & ~(u32)SDC_GROUP_DEFAULTED) | (w.control & SDC_GROUP_DEFAULTED);
    }
    if (parts & SD_DACL) {
        v.dacl = w.dacl;
        v.control = (v.control & ~(u32)SDC_DACL_BITS) | (w.control & SDC_DACL_BITS);
    }
    if (parts & SD_SACL) {
        v.sacl = w.sacl;
        v.control = (v.control & ~(u32)SDC_SACL_BITS) | (w.control & SDC_SACL_BITS);
    }
    if (!(buf = os_alloc(sd_view_size(&v))))
        return ERROR_OUTOFMEMORY;
    sd_view_put(&v, buf);
    *out = buf;
    *size = sd_view_size(&v);
    return ERROR_SUCCESS;
}
