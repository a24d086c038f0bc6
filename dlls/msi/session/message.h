/*
 * The texts of messages: what MsiProcessMessage shows.
 */
#ifndef MSI_MESSAGE_H
#define MSI_MESSAGE_H

#include "session.h"

/* Adds the text of a message of that kind (INSTALLMESSAGE without its flags, shifted down by 24).
 * Field 0 is its template; without one field 1 is a number of the Error table. */
u32 message_text(struct session *s, u32 kind, struct record *r, struct text_buf *out);

#endif
