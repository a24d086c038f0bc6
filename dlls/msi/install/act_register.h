/*
 * RegisterProduct and RegisterUser.
 */
#ifndef MSI_ACT_REGISTER_H
#define MSI_ACT_REGISTER_H

#include "install.h"

/* Where the whole product goes this takes away what it wrote, and the cached package. */
u32 act_register_product(struct install *in);
u32 act_register_user(struct install *in);

#endif
