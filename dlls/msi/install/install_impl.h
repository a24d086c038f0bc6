/*
 * What the files of planning and executing share.
 */
#ifndef MSI_INSTALL_IMPL_H
#define MSI_INSTALL_IMPL_H

#include "install.h"

/* Whether the action plans or runs here. */
bool install_has(const char16_t *action, size_t len);
/* Whether an installer's action that is not here would have something to do: its tables have rows.
 * The lock is held. */
u32 install_has_work(struct session *s, const char16_t *action, size_t len, bool *work);
/* Whether there is somebody who does custom actions. */
bool install_has_custom(void);
/* The run that operations are done in, made where there is none. */
u32 install_begin_run(struct install *in);
/* The action ForceReboot; without the lock. ERROR_INSTALL_SUSPEND: all is done that was planned,
 * and the rest is for after the restart. */
u32 install_force_reboot(struct install *in);
/* The action RemoveExistingProducts; without the lock. */
u32 install_remove_existing(struct install *in);

#endif
