/*
 * InstallODBC and RemoveODBC.
 */
#ifndef MSI_ACT_ODBC_H
#define MSI_ACT_ODBC_H

#include "install.h"

u32 act_install_odbc(struct install *in);
u32 act_remove_odbc(struct install *in);

#endif
