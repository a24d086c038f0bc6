/*
 * Whether the machine is restarted after an installation, and what that answers.
 */
#ifndef MSI_RESTART_H
#define MSI_RESTART_H

#include "session.h"

/* What an installation that ended with err answers: ERROR_SUCCESS_REBOOT_REQUIRED for one that
 * needs a restart, ERROR_SUCCESS_REBOOT_INITIATED where that is to be made now, by restart_now. Who
 * installs is asked, where there is a user interface to ask by. */
u32 restart_code(struct session *s, u32 err);
/* What that came to: the same, or where no restart is to be had ERROR_INSTALL_SUSPEND or
 * ERROR_SUCCESS_REBOOT_REQUIRED. */
u32 restart_now(struct session *s);

#endif
