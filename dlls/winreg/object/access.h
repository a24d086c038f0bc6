/*
 * Rights: what a caller may ask for, and what a key's descriptor gives.
 */
#ifndef DECANTER_ACCESS_H
#define DECANTER_ACCESS_H

#include "space.h"

#define ACCESS_QUERY     0x0001u
#define ACCESS_SET       0x0002u
#define ACCESS_CREATE    0x0004u
#define ACCESS_ENUM      0x0008u
#define ACCESS_NOTIFY    0x0010u
#define ACCESS_LINK      0x0020u
#define ACCESS_VIEW_64   0x0100u
#define ACCESS_VIEW_32   0x0200u
#define ACCESS_DELETE    0x10000u
#define ACCESS_READ_SD   0x20000u
#define ACCESS_WRITE_DAC 0x40000u
#define ACCESS_WRITE_OWN 0x80000u
#define ACCESS_SACL      0x1000000u
#define ACCESS_MAXIMUM   0x2000000u
#define ACCESS_READ      0x20019u
#define ACCESS_ALL       0xf003fu

/* ERROR_INVALID_PARAMETER: bits that mean nothing, or both views. *wanted: generic rights mapped,
 * the view bits taken off; *view: ACCESS_VIEW_32, ACCESS_VIEW_64 or 0. */
u32 access_parse(u32 sam, u32 *wanted, u32 *view);

/* Whether the caller gets `wanted` (of access_parse) on the key, in a read or a write of its hive.
 * ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD, ERROR_OUTOFMEMORY. *note is for access_remember()
 * once hive_read_end() said that what was read is true. */
u32 access_check(struct mount *m, struct hview *v, u32 key, u32 wanted, u32 *granted, u64 *note);
/* Whether the caller gets `wanted` on every key below `key`. Asked for the whole tree before
 * anything happens to it, since the tree is changed or copied in one piece. */
u32 access_check_below(struct mount *m, struct hview *v, u32 key, u32 wanted);
/* Keeps the answer for the next check; a note of 0 is none. */
void access_remember(struct mount *m, u64 note);
/* The same for the keys that are in no hive. */
u32 access_check_top(u32 wanted, u32 *granted);
/* Their descriptor. */
const void *access_top_descriptor(u32 *size);
/* REG_OPTION_BACKUP_RESTORE: the rights that the privileges give. ERROR_ACCESS_DENIED. */
u32 access_by_privilege(u32 *granted);

/* A key's descriptor in memory from os_alloc. */
u32 access_descriptor(struct hview *v, u32 key, void **sd, u32 *size);
/* The descriptor for a new key below `parent`, from os_alloc; *sd NULL: the parent's own, shared.
 * `explicit_sd` may be NULL. settled: the parent was there before this write. */
u32 access_inherit(struct mount *m, struct hview *v, u32 parent, bool settled,
                   const void *explicit_sd, u32 n, void **sd, u32 *size);

#endif
