/*
 * Self-relative security descriptors as bytes (MS-DTYP 2.4.6): validation, parts, inheritance, and
 * the access check. No Windows function: the caller brings the SIDs of the token.
 */
#ifndef DECANTER_SECDESC_H
#define DECANTER_SECDESC_H

#include "base.h"
#include "error.h"

enum sd_parts { /* SECURITY_INFORMATION */
                SD_OWNER = 1,
                SD_GROUP = 2,
                SD_DACL = 4,
                SD_SACL = 8, /* its entries but those of the next three */
                SD_LABEL = 0x10,
                SD_ATTRIBUTE = 0x20,
                SD_SCOPE = 0x40,
                SD_BACKUP = 0x10000, /* all of it */
                SD_UNPROTECTED_SACL = 0x10000000,
                SD_UNPROTECTED_DACL = 0x20000000,
                SD_PROTECTED_SACL = 0x40000000,
                SD_PROTECTED_DACL = (int)0x80000000,
};

/* Whether the n bytes hold a well-formed descriptor: every SID, ACL and ACE inside. */
bool sd_valid(const void *sd, u32 n);
/* The bytes of it that are in use: what is to be stored. 0 when not valid. */
u32 sd_length(const void *sd, u32 n);

/* The parts of sd alone, as a new descriptor in buf; *size is what it takes.
 * ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_SECURITY_DESCR. */
u32 sd_extract(const void *sd, u32 n, u32 parts, void *buf, u32 cap, u32 *size);
/* Whether `with` lacks an owner or a group that the parts name: neither can be taken away. */
bool sd_lacks(const void *with, u32 n, u32 parts);
/* old with the parts of `with` put in place of its own; from os_alloc. Without a DACL there, the
 * DACL named is the one that lets everybody in. ERROR_INVALID_SECURITY_DESCR: one of them is none,
 * or sd_lacks(), or the SACL would be too long. */
u32 sd_merge(const void *old, u32 old_n, const void *with, u32 with_n, u32 parts, void **out,
             u32 *size);

/* SIDs of a token, or of any other who asks; `attributes` as SE_GROUP_*: only SD_SID_ENABLED ones
 * grant, SD_SID_DENY_ONLY ones deny alone. The first is the user. */
#define SD_SID_ENABLED   4u
#define SD_SID_DENY_ONLY 16u
struct sd_sid {
    const void *sid;
    u32 attributes;
};
struct sd_token {
    const struct sd_sid *sids;
    u32 count;
    const void *owner;         /* of what it makes; NULL: the user */
    const void *primary_group; /* NULL: none */
    const void *default_dacl;  /* an ACL; NULL: none */
    bool take_ownership;       /* SeTakeOwnershipPrivilege is on */
    bool security;             /* SeSecurityPrivilege is on */
    bool backup, restore;      /* for KEY_READ and KEY_WRITE of REG_OPTION_BACKUP_RESTORE */
};

/* The descriptor of a new key below one with `parent`: explicit is the creator's (NULL: none);
 * owner and group from the token where missing, ACEs inherited as CONTAINER_INHERIT, INHERIT_ONLY,
 * NO_PROPAGATE say, CREATOR OWNER and CREATOR GROUP replaced, generic rights mapped to key
 * rights. From os_alloc. Who gives a SACL must hold the security privilege:
 * ERROR_PRIVILEGE_NOT_HELD. ERROR_INVALID_SECURITY_DESCR. */
u32 sd_inherit(const void *parent, u32 parent_n, const void *explicit_sd, u32 explicit_n,
               const struct sd_token *token, void **out, u32 *size);

/* Whether the token gets `wanted` (key rights, generic ones and MAXIMUM_ALLOWED mapped).
 * *granted: what it got. ERROR_ACCESS_DENIED, ERROR_INVALID_SECURITY_DESCR,
 * ERROR_PRIVILEGE_NOT_HELD (ACCESS_SYSTEM_SECURITY without the privilege). */
u32 sd_access(const void *sd, u32 n, const struct sd_token *token, u32 wanted, u32 *granted);

#endif
