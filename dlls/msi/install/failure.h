/*
 * What is said of an operation that failed.
 */
#ifndef MSI_FAILURE_H
#define MSI_FAILURE_H

#include "op.h"
#include "run.h"
#include "session.h"

/* op: without what nobody is to read; trouble: with its files' source, or NULL. No lock is held. */
void failure_tell(struct session *s, const struct op *op, u32 err,
                  const struct media_trouble *trouble);
/* The file of OP_LATER's note is in use: the restart does it. */
void failure_tell_later(const struct op *note);

#endif
