/*
 * What the service control manager keeps in the registry, for where there is none that runs: a
 * machine that is being prepared. What is written there is there from its next start on.
 *
 *     HKLM\System\CurrentControlSet\Services\NAME
 *         Type, Start, ErrorControl     REG_DWORD
 *         ImagePath                     REG_EXPAND_SZ
 *         DisplayName, Group, ObjectName, Description    REG_SZ
 *         DependOnService, DependOnGroup                 REG_MULTI_SZ, the latter without its '+'
 *         DelayedAutostart, FailureActionsOnNonCrashFailures, ServiceSidType, PreshutdownTimeout
 *         RequiredPrivileges            REG_MULTI_SZ
 *         FailureActions                REG_BINARY: five numbers (seconds until the count is reset,
 *                                       0, 0, how many actions, 20), then a kind and milliseconds
 *                                       for each
 *         RebootMessage, FailureCommand REG_SZ
 */
#ifndef MSI_SVCREG_H
#define MSI_SVCREG_H

#include "regplan.h"
#include "svc.h"

enum { SVCREG_PATH = 320 };

/* The key of the service, whose name is one (svcreg_is_name). */
void svcreg_key(const char16_t *name, char16_t key[SVCREG_PATH], struct reg_place *at);
/* A name as the service control manager takes it. NULL is none. */
bool svcreg_is_name(const char16_t *name);
/* Plans what makes it, or changes it: NULL texts stay as they are. */
u32 svcreg_plan_put(struct install *in, const char16_t *name, const struct svc_config *c);
u32 svcreg_plan_delete(struct install *in, const char16_t *name);

#endif
