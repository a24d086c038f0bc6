/*
 * HKEY_CLASSES_ROOT: the user's Classes over the machine's.
 *
 * A row with ROW_CLASSES is one of the two keys, the user's where that is there. What is asked of
 * it is asked of both: the user's key decides, the machine's fills in.
 */
#ifndef DECANTER_CLASSES_H
#define DECANTER_CLASSES_H

#include "nsp.h"

/* As their like in nsp.h. A new key goes to the user's Classes where the key above it is there,
 * else to the machine's. */
u32 classes_open(const struct nsp_path *p, struct reg_row *out);
u32 classes_create(const struct nsp_path *p, const struct nsp_new *what, struct reg_row *out,
                   bool *created);
u32 classes_delete(const struct nsp_path *p);

/* The keys behind a row: the user's and the machine's, mount NULL for one that is not there.
 * ERROR_KEY_DELETED: neither is. */
u32 classes_both(const struct reg_row *row, struct reg_row *user, struct reg_row *machine);
/* One of the two Classes keys itself: the user's or the machine's. */
u32 classes_top(bool users, struct reg_row *out);
/* The one to write to. */
u32 classes_writable(const struct reg_row *row, struct reg_row *out);

/* The index-th subkey of both, each name once, in the order of names: into name (KEY_NAME_MAX
 * characters) and *len, and in *from the key it is of. ERROR_NO_MORE_ITEMS. */
u32 classes_enum(const struct reg_row *row, u32 index, char16_t *name, u32 *len,
                 struct reg_row *from);
/* How many subkeys both have together, and the longest of their names in characters. */
u32 classes_count(const struct reg_row *row, u32 *count, u32 *longest);

#endif
