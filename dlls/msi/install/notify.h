/*
 * Telling others of what changed, once an installation is committed: OP_NOTIFY. Its field is one of
 * these.
 */
#ifndef MSI_NOTIFY_H
#define MSI_NOTIFY_H

#include "install.h"

enum notify { NOTIFY_ENVIRONMENT = 1, NOTIFY_CLASSES, NOTIFY_FONTS };

/* notify_win.c, notify_posix.c. Waits a little for programs that do not answer. */
void notify_send(enum notify what);

static inline u32 plan_notify(struct install *in, enum notify what)
{
    struct op op;

    op_begin(&op, OP_NOTIFY);
    op_number(&op, what);
    return plan(in, &op);
}

#endif
