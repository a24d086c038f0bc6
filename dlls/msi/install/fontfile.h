/*
 * Fonts on the machine that is installed on.
 */
#ifndef MSI_FONTFILE_H
#define MSI_FONTFILE_H

#include "textbuf.h"

#define FONTS_KEY u"Software\\Microsoft\\Windows NT\\CurrentVersion\\Fonts"

/* The name of the font in a file (fontname.h); adds it. Besides: errors of target.h. */
u32 font_file_name(const char16_t *path, struct text_buf *out);

#endif
