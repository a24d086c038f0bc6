/*
 * RegisterFonts and UnregisterFonts.
 */
#ifndef MSI_ACT_FONTS_H
#define MSI_ACT_FONTS_H

#include "install.h"

u32 act_register_fonts(struct install *in);
u32 act_unregister_fonts(struct install *in);

#endif
