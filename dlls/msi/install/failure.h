/*
 * What is said of an operation that failed.
 */
#ifndef MSI_FAILURE_H
#define MSI_FAILURE_H

#include "op.h"
#include "session.h"

/* op: without what nobody is to read. No lock is held. */
void failure_tell(struct session *s, const struct op *op, u32 err);
/* The file of OP_LATER's note is in use: the restart does it. */
void failure_tell_later(const struct op *note);

#endif
