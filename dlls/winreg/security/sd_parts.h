/*
 * The pieces of security descriptors that secdesc*.c share. All work on bytes that may be anything
 * and sit at any address.
 *
 * Descriptor: 0 revision, 1  1 zero  2 control  4 owner  8 group  12 SACL  16 DACL (offsets, 0
 * none) SID: 0 revision, 1  1 number of sub-authorities n, at most 15  2 authority (6)  8 n words
 * ACL: 0 revision, 2 to 4  1 zero  2 size  4 number of ACEs  6 zero  8 ACEs
 * ACE: 0 type  1 flags  2 size, a multiple of 4  4 mask  8 SID; object types have two GUIDs between
 */
#ifndef DECANTER_SD_PARTS_H
#define DECANTER_SD_PARTS_H

#include <string.h>

#include "secdesc.h"

#define SD_HEAD  20u
#define ACL_HEAD 8u
#define ACE_HEAD 8u

enum sd_control {
    SDC_OWNER_DEFAULTED = 0x0001,
    SDC_GROUP_DEFAULTED = 0x0002,
    SDC_DACL_PRESENT = 0x0004,
    SDC_DACL_DEFAULTED = 0x0008,
    SDC_SACL_PRESENT = 0x0010,
    SDC_SACL_DEFAULTED = 0x0020,
    SDC_DACL_AUTO_REQ = 0x0100,
    SDC_SACL_AUTO_REQ = 0x0200,
    SDC_DACL_AUTO = 0x0400,
    SDC_SACL_AUTO = 0x0800,
    SDC_DACL_PROTECTED = 0x1000,
    SDC_SACL_PROTECTED = 0x2000,
    SDC_SELF_RELATIVE = 0x8000,
};
/* Control bits that go with a part. */
#define SDC_DACL_BITS \
    (SDC_DACL_PRESENT | SDC_DACL_DEFAULTED | SDC_DACL_AUTO_REQ | SDC_DACL_AUTO | SDC_DACL_PROTECTED)
#define SDC_SACL_BITS \
    (SDC_SACL_PRESENT | SDC_SACL_DEFAULTED | SDC_SACL_AUTO_REQ | SDC_SACL_AUTO | SDC_SACL_PROTECTED)

enum ace_types {
    ACE_ALLOWED = 0,
    ACE_DENIED = 1,
    ACE_AUDIT = 2,
    ACE_ALARM = 3,
    ACE_LABEL = 17,
    ACE_ATTRIBUTE = 18,
    ACE_SCOPE = 19,
};

enum ace_flags {
    ACEF_OBJECT = 1,
    ACEF_CONTAINER = 2,
    ACEF_NO_PROPAGATE = 4,
    ACEF_INHERIT_ONLY = 8,
    ACEF_INHERITED = 16,
};

static inline u16 sd_u16(const u8 *p)
{
    u16 v;

    memcpy(&v, p, 2);
    return v;
}

static inline u32 sd_u32(const u8 *p)
{
    u32 v;

    memcpy(&v, p, 4);
    return v;
}

/* The bytes of the SID, ACL at p with n bytes to its end; 0 where it is none. */
u32 sid_size(const u8 *p, size_t n);
u32 acl_size(const u8 *p, size_t n);

static inline bool sid_equal(const u8 *a, const u8 *b)
{
    return a[1] == b[1] && !memcmp(a, b, 8u + 4u * a[1]);
}

/* The parts of a descriptor by pointer; NULL where missing. */
struct sd_view {
    u32 control;
    const u8 *owner, *group, *sacl, *dacl;
};

/* False where the descriptor is not valid. */
bool sd_look(const void *sd, u32 n, struct sd_view *v);
/* The bytes a descriptor of these parts takes, and its making in buf. */
u32 sd_view_size(const struct sd_view *v);
void sd_view_put(const struct sd_view *v, u8 *buf);

/* Generic rights in an access mask replaced by the rights of keys. */
u32 sd_map_generic(u32 mask);

#endif
