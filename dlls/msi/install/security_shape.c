/*
 * Whether bytes are a self-relative security descriptor (MS-DTYP 2.4.6), before the system reads
 * it: that follows its offsets without knowing where it ends.
 *
 *   descriptor: u8 revision, u8, u16 control, u32 places of owner, group, SACL, DACL; 0: none
 *   SID:        u8 revision, u8 number of subauthorities, 6 bytes, so many u32
 *   ACL:        u8 revision, u8, u16 bytes of all, u16 number of entries, u16
 *   entry:      u8 type, u8 flags, u16 bytes of all, u32 rights, and of most types a SID
 */
#include "security.h"

#include "buf.h"

enum { HEAD = 20, OWNER = 4, GROUP = 8, SACL = 12, DACL = 16, SELF_RELATIVE = 0x8000 };
enum { SID_HEAD = 8, SUBAUTHORITIES_MAX = 15, ACL_HEAD = 8, ACE_HEAD = 4, ACE_SID = 8 };
enum { ALLOWED = 0, DENIED = 1, AUDIT = 2, ALARM = 3, LABEL = 17 };

static bool is_sid(const u8 *p, u32 size)
{
    return size >= SID_HEAD && p[0] == 1 && p[1] <= SUBAUTHORITIES_MAX &&
           size - SID_HEAD >= 4u * p[1];
}

static bool has_sid(u8 type)
{
    return type == ALLOWED || type == DENIED || type == AUDIT || type == ALARM || type == LABEL;
}

static bool is_entry(const u8 *p, u32 left, u32 *len)
{
    if (left < ACE_HEAD)
        return false;
    *len = le16(p + 2);
    if (*len < ACE_HEAD || *len > left || *len % 4)
        return false;
    return !has_sid(p[0]) || (*len >= ACE_SID && is_sid(p + ACE_SID, *len - ACE_SID));
}

static bool is_acl(const u8 *p, u32 size)
{
    u32 len = size >= ACL_HEAD ? le16(p + 2) : 0, at = ACL_HEAD, one;

    if (len < ACL_HEAD || len > size)
        return false;
    for (u32 i = 0; i < le16(p + 4); i++, at += one)
        if (!is_entry(p + at, len - at, &one))
            return false;
    return true;
}

static bool holds(const u8 *p, u32 size, u32 field, bool (*is)(const u8 *p, u32 size))
{
    u32 at = le32(p + field);

    return !at || (at >= HEAD && at % 4 == 0 && at < size && is(p + at, size - at));
}

bool security_is_descriptor(const u8 *bytes, u32 size)
{
    return size >= HEAD && bytes[0] == 1 && (le16(bytes + 2) & SELF_RELATIVE) &&
           holds(bytes, size, OWNER, is_sid) && holds(bytes, size, GROUP, is_sid) &&
           holds(bytes, size, SACL, is_acl) && holds(bytes, size, DACL, is_acl);
}
