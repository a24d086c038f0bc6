/*
 * Properties that an administrative image keeps: those that the package's property AdminProperties
 * lists, with the values that they had when the image was made. They stand in a stream of the
 * image's package, "AdminProperties", as NAME="value" with blanks between, in UTF-16; a quotation
 * mark in a value is doubled. Windows' own form is not documented.
 */
#ifndef MSI_ADMINPROPS_H
#define MSI_ADMINPROPS_H

#include "session_impl.h"

/* What the stream is to have; nothing where nothing is listed. */
u32 adminprops_write(struct session *s, struct text_buf *out);
/* Sets the session's properties from the stream, as far as it can be read. */
u32 adminprops_read(struct session *s);
/* The stream's name as it is stored. */
extern const char16_t adminprops_stream[16];

#endif
