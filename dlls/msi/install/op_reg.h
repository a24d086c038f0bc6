/*
 * What the families of the registry have in common.
 */
#ifndef MSI_OP_REG_H
#define MSI_OP_REG_H

#include "family.h"
#include "reg.h"
#include "regbytes.h"

/* Fields 0 to 3 of these operations: root, view, key, name. */
struct reg_at {
    enum reg_root root;
    enum reg_view view;
    const char16_t *key, *name;
};
/* ERROR_INVALID_PARAMETER: there is no such root, or no key's path. */
u32 reg_at_of(const struct op *op, struct reg_at *at);

/* The note of a value: whether it was there, with type and bytes, and which part of its key's path
 * was. For any family whose operation changes one value of an existing or new key. kind: the
 * family's. goes: the value may go, so the order of the key's is noted too. */
u32 reg_note_value(struct run *r, const struct op *op, u32 kind, bool goes, struct op *undo);
/* Its undo. */
u32 reg_undo_value(struct run *r, const struct op *undo);
/* What such a note's family has for `after`; its undo makes things so again. */
u32 reg_after_value(struct run *r, const struct op *undo, bool done, struct op *now);

/* How many characters of a key's path are there. */
u32 reg_existing(const struct reg_at *at, size_t *len);
/* Removes the key and those above it while they are empty, down to `keep` characters. */
u32 reg_prune(const struct reg_at *at, size_t keep);
/* How many of the first n characters of a path are the key's above; 0: none. */
size_t reg_parent(const char16_t *key, size_t n);

/* op_regkeep.c. From within note: what is about the key of the first len characters, and about
 * those above it down to more than `keep` characters, is noted, where it was not yet. */
u32 reg_keep_keys(struct run *r, const struct reg_at *at, size_t len, size_t keep);
/* From within note: the order of the key's values likewise. */
u32 reg_keep_order(struct run *r, const struct reg_at *at, struct reg_key *key);
/* From within note: whether it was not asked for that value before in this part of the run. */
u32 reg_is_first_value(struct run *r, const struct reg_at *at, bool *first);
/* In undoing: opens the key to write; what is missing is made as it was noted. */
u32 reg_make_again(struct run *r, const struct reg_at *at, struct reg_key **key);
/* In undoing: the values that b has (their number first) in their order; those that are missing
 * too. Moves b on only where it says so by an error. */
u32 reg_put_in_order(struct reg_key *key, struct reg_bytes *b);

#endif
