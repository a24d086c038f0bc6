/*
 * One installation at a time on a machine: the mutex _MSIExecute.
 */
#ifndef MSI_EXECMUTEX_H
#define MSI_EXECMUTEX_H

#include <windows.h>

#include "base.h"

/* ERROR_INSTALL_ALREADY_RUNNING where an installation holds it, on this thread too. It is given
 * back by the thread that took it. */
u32 exec_mutex_take(HANDLE *mutex);
void exec_mutex_give(HANDLE mutex);
/* Others may have it while an installation, on the thread that took it, waits for a program. */
HANDLE exec_mutex_pause(void);
void exec_mutex_resume(HANDLE paused);
/* Whether an installation of this process has it, or the one whose action it runs: what actions
 * call is within it. */
bool exec_mutex_is_here(void);
/* In a host of custom actions: whether the installation has it. */
void exec_mutex_for_us(bool taken);
/* Does it under the mutex, while exec_mutex_take waits in this process: what cleans up is no
 * installation. Not done where an installation holds the mutex. */
void exec_mutex_clean(void (*work)(void *ctx), void *ctx);

#endif
