/*
 * All families, for families.c.
 */
#ifndef MSI_FAMILIES_H
#define MSI_FAMILIES_H

#include "family.h"

/* op_file.c, op_folder.c */
extern const struct op_family op_file_put, op_file_remove, op_file_copy, op_file_move;
extern const struct op_family op_folder_make, op_folder_remove;
/* op_reg.c, op_regtree.c */
extern const struct op_family op_reg_set, op_reg_remove_value, op_reg_make_key;
extern const struct op_family op_reg_remove_key, op_reg_remove_empty;

#endif
