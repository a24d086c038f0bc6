/*
 * What the files of planning and executing share.
 */
#ifndef MSI_INSTALL_IMPL_H
#define MSI_INSTALL_IMPL_H

#include "install.h"

/* Whether the action plans or runs here. */
bool install_has(const char16_t *action, size_t len);
/* Whether an installer's action that is not here would have something to do: that its tables have
 * rows. */
u32 install_has_work(struct session *s, const char16_t *action, size_t len, bool *work);
/* Whether there is somebody who does custom actions. */
bool install_has_custom(void);
/* An action of this room, a custom action, or one at the top. No lock is held. */
u32 install_act(struct install *in, const char16_t *action, size_t len);
/* Of a session that a program opened: step.c. */
u32 install_step(struct install *in, const char16_t *action, size_t len);
/* One at a time runs what was planned, or another installation within: false where another thread
 * does. Its end undoes what its sequence has left meanwhile, which is an error. No lock is held. */
bool install_begin_deed(struct install *in);
u32 install_end_deed(struct install *in);
/* Its sequence has ended: what is not committed is undone, at once or when the deed is done that
 * another thread has asked for. No lock is held. */
void install_lapse(struct install *in);
/* Whether it is an action that runs what was planned, or that begins. */
bool install_is_deed(const char16_t *action, size_t len);
/* Whether an installation's action is one of those at the top. */
bool install_is_top(const char16_t *action, size_t len);
/* From then on operations may be planned, or no more. The lock is held. */
void install_set_started(struct install *in, bool started);
/* The run that operations are done in, made where there is none. */
u32 install_begin_run(struct install *in);
/* The action ForceReboot; without the lock. ERROR_INSTALL_SUSPEND: all is done that was planned,
 * and the rest is for after the restart. */
u32 install_force_reboot(struct install *in);
/* The action RemoveExistingProducts; without the lock. */
u32 install_remove_existing(struct install *in);

#endif
