/*
 * The list of all families.
 */
#include "families.h"

static const struct op_family *const all[] = {
    &op_folder_make,   &op_folder_remove,  &op_file_put,
    &op_file_remove,   &op_file_copy,      &op_file_move,
    &op_later,         &op_reg_set,        &op_reg_remove_value,
    &op_reg_make_key,  &op_reg_remove_key, &op_reg_remove_empty,
    &op_reg_list,      &op_cache,          &op_ini,
    &op_font,          &op_selfreg,        &op_notify,
    &op_media,         &op_link,           &op_file_write,
    &op_admin_package, &op_folder_forget,  &op_service,
    &op_run,           &op_security,       &op_file_change,
    &op_folder_times,  &op_reg_kept,       &op_reg_order,
};

const struct op_family *family_of(u32 kind)
{
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i]->kind == kind)
            return all[i];
    return NULL;
}
