/*
 * The actions of services.
 */
#ifndef MSI_ACT_SERVICES_H
#define MSI_ACT_SERVICES_H

#include "install.h"

u32 install_services(struct install *in);
u32 configure_services(struct install *in);
u32 delete_services(struct install *in);
u32 start_services(struct install *in);
u32 stop_services(struct install *in);

#endif
