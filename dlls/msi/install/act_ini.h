/*
 * WriteIniValues and RemoveIniValues.
 */
#ifndef MSI_ACT_INI_H
#define MSI_ACT_INI_H

#include "install.h"

u32 act_write_ini(struct install *in);
u32 act_remove_ini(struct install *in);

#endif
