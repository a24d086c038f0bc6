/*
 * The texts of messages: what MsiProcessMessage shows.
 */
#ifndef MSI_MESSAGE_H
#define MSI_MESSAGE_H

#include "session.h"

/* Adds the text of a message of that kind (INSTALLMESSAGE without its flags, shifted down by 24).
 * Field 0 is its template; without one field 1 is a number of the Error table. */
u32 message_text(struct session *s, u32 kind, struct record *r, struct text_buf *out);

/* A copy of the record whose field 0 is the template that message_text takes for it; NULL where
 * that is its own, of a number that has no text, and without memory. */
struct record *message_with_template(struct session *s, u32 kind, struct record *r);

/* Whether the record names an error of the inside: 2000 to 2999, without a text of its own in the
 * record or in the Error table. */
bool message_is_internal(struct session *s, u32 kind, struct record *r);
/* A copy of it with the text that is for the log, or the one of the Error table for such errors.
 * NULL without memory. */
struct record *message_of_internal(struct session *s, struct record *r, bool for_log);

#endif
