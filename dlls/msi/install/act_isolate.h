/*
 * Isolated components: an application's own copies of files that others share.
 */
#ifndef MSI_ACT_ISOLATE_H
#define MSI_ACT_ISOLATE_H

#include "act_folder.h"
#include "file_table.h"

/* Plans the copies beside each application that is installed, and its .local file. */
u32 plan_isolated(struct install *in, const struct file_table *t, struct making *made);
/* Plans their removal with each application that goes. */
u32 plan_isolated_removed(struct install *in, const struct file_table *t, struct leaving *l);

#endif
