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

    if (type <= ACE_ALARM || type == ACE_LABEL) /* which is laid out like the first four */
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

/* --- the SACL, whose entries belong to different parts ----------------------------------------
 */

#define SACL_PARTS (SD_SACL | SD_LABEL | SD_ATTRIBUTE | SD_SCOPE)

static u32 part_of(const u8 *ace)
{
    switch (ace[0]) {
    case ACE_LABEL:
        return SD_LABEL;
    case ACE_ATTRIBUTE:
        return SD_ATTRIBUTE;
    case ACE_SCOPE:
        return SD_SCOPE;
    default:
        return SD_SACL;
    }
}

/* The bytes of the entries that belong to the parts, which it puts in buf (NULL: nowhere). */
static u32 pick(const u8 *acl, u32 parts, u8 *buf, u32 *count)
{
    u32 at = ACL_HEAD, n = 0;

    *count = 0;
    for (u32 i = acl ? sd_u16(acl + 4) : 0; i > 0; i--, at += sd_u16(acl + at + 2)) {
        u32 size = sd_u16(acl + at + 2);
        if (!(part_of(acl + at) & parts))
            continue;
        if (buf)
            memcpy(buf + n, acl + at, size);
        n += size;
        ++*count;
    }
    return n;
}

/* The entries of a that belong to parts_a, then those of b of parts_b, in memory from os_alloc;
 * *acl NULL where there are none and neither list is named as such. */
static u32 join(const u8 *a, u32 parts_a, const u8 *b, u32 parts_b, u8 **acl)
{
    u32 count_a, count_b;
    u32 n = pick(a, parts_a, NULL, &count_a),
        size = ACL_HEAD + n + pick(b, parts_b, NULL, &count_b);
    bool named = (a && parts_a & SD_SACL) || (b && parts_b & SD_SACL);

    *acl = NULL;
    if (count_a + count_b == 0 && !named)
        return ERROR_SUCCESS;
    if (size > 0xffff)
        return ERROR_INVALID_SECURITY_DESCR;
    u8 *buf = os_calloc(1, size);
    if (!buf)
        return ERROR_OUTOFMEMORY;
    buf[0] = MAX(a ? a[0] : 2, b ? b[0] : 2);
    buf[2] = (u8)size;
    buf[3] = (u8)(size >> 8);
    buf[4] = (u8)(count_a + count_b);
    buf[5] = (u8)((count_a + count_b) >> 8);
    pick(a, parts_a, buf + ACL_HEAD, &count_a);
    pick(b, parts_b, buf + ACL_HEAD + n, &count_b);
    *acl = buf;
    return ERROR_SUCCESS;
}

static u32 all_of(u32 parts)
{
    return parts & SD_BACKUP ? parts | SD_OWNER | SD_GROUP | SD_DACL | SACL_PARTS : parts;
}

/* --- taking apart ------------------------------------------------------------------------------
 */

static void leave_out(struct sd_view *v, u32 parts)
{
    if (!(parts & SD_OWNER)) {
        v->owner = NULL;
        v->control &= ~(u32)SDC_OWNER_DEFAULTED;
    }
    if (!(parts & SD_GROUP)) {
        v->group = NULL;
        v->control &= ~(u32)SDC_GROUP_DEFAULTED;
    }
    if (!(parts & SD_DACL)) {
        v->dacl = NULL;
        v->control &= ~(u32)SDC_DACL_BITS;
    }
    if (!(parts & SACL_PARTS)) {
        v->sacl = NULL;
        v->control &= ~(u32)SDC_SACL_BITS;
    }
}

u32 sd_extract(const void *sd, u32 n, u32 parts, void *buf, u32 cap, u32 *size)
{
    struct sd_view v;
    u8 *sacl = NULL;
    u32 err = ERROR_SUCCESS;

    if (!sd_look(sd, n, &v))
        return ERROR_INVALID_SECURITY_DESCR;
    parts = all_of(parts);
    leave_out(&v, parts);
    if (v.sacl) {
        err = join(v.sacl, parts & SACL_PARTS, NULL, 0, &sacl);
        v.sacl = sacl;
        if (!sacl)
            v.control &= ~(u32)SDC_SACL_BITS;
    }
    *size = sd_view_size(&v);
    if (!err && *size > cap)
        err = ERROR_INSUFFICIENT_BUFFER;
    if (!err)
        sd_view_put(&v, buf);
    os_free(sacl);
    return err;
}

/* --- putting together --------------------------------------------------------------------------
 */

bool sd_lacks(const void *with, u32 n, u32 parts)
{
    struct sd_view w;

    parts = all_of(parts);
    return sd_look(with, n, &w) &&
           ((parts & SD_OWNER && !w.owner) || (parts & SD_GROUP && !w.group));
}

/* The control bits of v among `bits` replaced by those of w. */
static void take_bits(struct sd_view *v, const struct sd_view *w, u32 bits)
{
    v->control = (v->control & ~bits) | (w->control & bits);
}

static void take_plain(struct sd_view *v, const struct sd_view *w, u32 parts)
{
    if (parts & SD_OWNER) {
        v->owner = w->owner;
        take_bits(v, w, SDC_OWNER_DEFAULTED);
    }
    if (parts & SD_GROUP) {
        v->group = w->group;
        take_bits(v, w, SDC_GROUP_DEFAULTED);
    }
    if (parts & SD_DACL) {
        v->dacl = w->dacl;
        take_bits(v, w, SDC_DACL_BITS);
        v->control |= SDC_DACL_PRESENT; /* always, once it is an object's */
        if (parts & SD_PROTECTED_DACL)
            v->control |= SDC_DACL_PROTECTED;
        else if (parts & SD_UNPROTECTED_DACL)
            v->control &= ~(u32)SDC_DACL_PROTECTED;
    }
}

/* *made is to be freed after use of v. */
static u32 take_sacl(struct sd_view *v, const struct sd_view *w, u32 parts, u8 **made)
{
    u32 kinds = parts & SACL_PARTS, err;

    if (!kinds)
        return ERROR_SUCCESS;
    err = join(v->sacl, SACL_PARTS & ~kinds, w->sacl, kinds, made);
    v->sacl = *made;
    if (parts & SD_SACL)
        take_bits(v, w, SDC_SACL_BITS);
    v->control &= ~(u32)SDC_SACL_PRESENT;
    if (v->sacl || (parts & SD_SACL && w->control & SDC_SACL_PRESENT))
        v->control |= SDC_SACL_PRESENT;
    if (parts & SD_SACL && parts & SD_PROTECTED_SACL)
        v->control |= SDC_SACL_PROTECTED;
    else if (parts & SD_SACL && parts & SD_UNPROTECTED_SACL)
        v->control &= ~(u32)SDC_SACL_PROTECTED;
    return err;
}

u32 sd_merge(const void *old, u32 old_n, const void *with, u32 with_n, u32 parts, void **out,
             u32 *size)
{
    struct sd_view v, w;
    u8 *buf, *sacl = NULL;
    u32 err;

    parts = all_of(parts);
    if (!sd_look(old, old_n, &v) || !sd_look(with, with_n, &w) || sd_lacks(with, with_n, parts))
        return ERROR_INVALID_SECURITY_DESCR;
    take_plain(&v, &w, parts);
    err = take_sacl(&v, &w, parts, &sacl);
    if (!err && !(buf = os_alloc(sd_view_size(&v))))
        err = ERROR_OUTOFMEMORY;
    if (!err) {
        sd_view_put(&v, buf);
        *out = buf;
        *size = sd_view_size(&v);
    }
    os_free(sacl);
    return err;
}
