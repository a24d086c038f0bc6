/*
 * All families, for families.c.
 */
#ifndef MSI_FAMILIES_H
#define MSI_FAMILIES_H

#include "family.h"

/* op_file.c, op_later.c, op_folder.c */
extern const struct op_family op_file_put, op_file_remove, op_file_copy, op_file_move, op_later,
    op_file_change;
extern const struct op_family op_folder_make, op_folder_remove, op_folder_forget, op_folder_times;
/* op_media.c, op_link.c, op_admin.c */
extern const struct op_family op_media, op_link, op_file_write, op_admin_package;
/* op_reg.c, op_regtree.c, op_regkeep.c */
extern const struct op_family op_reg_set, op_reg_remove_value, op_reg_make_key;
extern const struct op_family op_reg_remove_key, op_reg_remove_empty, op_reg_kept, op_reg_order;
/* op_reglist.c, op_cache.c, op_ini.c, op_font.c, op_selfreg.c, op_notify.c */
extern const struct op_family op_reg_list, op_cache, op_ini, op_font, op_selfreg, op_notify;
/* op_service.c, op_run.c, op_security.c */
extern const struct op_family op_service, op_run, op_security;

#endif
