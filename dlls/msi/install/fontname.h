/*
 * The name of a font in its file, as the registry has it: "Name (TrueType)".
 */
#ifndef MSI_FONTNAME_H
#define MSI_FONTNAME_H

#include "textbuf.h"

/* Of a TrueType or OpenType file, or a collection, whose names are joined by " & ". Adds the text.
 * ERROR_FILE_CORRUPT: it is none, or has no name. */
u32 font_name(const u8 *bytes, size_t len, struct text_buf *out);

#endif
