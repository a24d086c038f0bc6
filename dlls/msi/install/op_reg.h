/*
 * What the families of the registry have in common.
 */
#ifndef MSI_OP_REG_H
#define MSI_OP_REG_H

#include "family.h"
#include "reg.h"

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
 * family's. */
u32 reg_note_value(struct run *r, const struct op *op, u32 kind, struct op *undo);
/* Its undo. */
u32 reg_undo_value(struct run *r, const struct op *undo);

/* How many characters of a key's path are there. */
u32 reg_existing(const struct reg_at *at, size_t *len);
/* Removes the key and those above it while they are empty, down to `keep` characters. */
u32 reg_prune(const struct reg_at *at, size_t keep);

#endif
