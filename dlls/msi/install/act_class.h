/*
 * RegisterClassInfo, RegisterProgIdInfo, RegisterExtensionInfo, RegisterMIMEInfo and their
 * opposites.
 */
#ifndef MSI_ACT_CLASS_H
#define MSI_ACT_CLASS_H

#include "install.h"

u32 act_register_class(struct install *in);
u32 act_unregister_class(struct install *in);
u32 act_register_prog_id(struct install *in);
u32 act_unregister_prog_id(struct install *in);
u32 act_register_extension(struct install *in);
u32 act_unregister_extension(struct install *in);
u32 act_register_mime(struct install *in);
u32 act_unregister_mime(struct install *in);

#endif
