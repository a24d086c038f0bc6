/*
 * What the parts of the hive check share (check.h).
 */
#ifndef DECANTER_CHECK_PRIV_H
#define DECANTER_CHECK_PRIV_H

#include "check.h"
#include "hash.h"
#include "index.h"

/* Bits for each 8 bytes of a storage. */
struct cell_map {
    u8 *begins; /* an allocated cell begins here */
    u8 *frees;  /* a free cell begins here */
    u8 *seen;   /* and something refers to it */
    u32 bytes;
};

struct sk_users {
    u32 cell, users;
};

struct check {
    struct hview *h;
    check_report report;
    check_mended mended; /* NULL: only look */
    void *ctx;
    struct check_totals totals;
    struct cell_map map[HV_META_STORE];
    struct hash_map sk_map; /* cell -> index in sks */
    struct sk_users *sks;
    u32 sk_count, sk_cap;
    char16_t *names; /* room for two names of values; made when first needed */
    u32 err;         /* ERROR_CANCELLED or ERROR_OUTOFMEMORY: the check ends */
};

/* Counts and tells a damage; always false, so that a check can return it. */
bool check_damage(struct check *c, enum check_code code, u32 off);

/* A number of `size` bytes, at off in a cell's data, that has to be value: tells, or corrects it.
 */
bool check_derived(struct check *c, enum check_code code, u32 cell, u32 off, u32 size, u32 value);

static inline bool check_bit(const u8 *bits, u32 cell)
{
    u32 i = (cell & ~HV_VOLATILE) / 8;

    return bits[i / 8] >> (i & 7) & 1;
}

static inline void check_set_bit(u8 *bits, u32 cell)
{
    u32 i = (cell & ~HV_VOLATILE) / 8;

    bits[i / 8] |= (u8)(1u << (i & 7));
}

/* Whether an allocated cell begins there, in that storage or (HV_STORES) in any. */
bool check_cell_begins(struct check *c, u32 cell, enum hv_storage st);
/* Marks a cell as referred to from `from`, by no other so far, with room for n bytes. */
bool check_claim(struct check *c, u32 cell, enum hv_storage st, u32 n, u32 from);

/* check_keys.c: from the root down. */
void check_keys(struct check *c, u32 root);
/* check_values.c: the values of a key, whose node is sound. */
void check_values(struct check *c, u32 key);
/* check_security.c: counts a use of a security cell by a key; and the rings when all are counted.
 */
void check_security_use(struct check *c, u32 key);
void check_security(struct check *c);

#endif
