/*
 * How custom actions are run.
 */
#ifndef MSI_RUNACTION_H
#define MSI_RUNACTION_H

#include <windows.h>
#include <msi.h>

#include "custom.h"

/* From then on the process's installations run custom actions. */
void run_actions(void);
/* The same of embedded chainers; run_actions calls it. */
void run_chainers(void);

/* --- between the files of this
 * --------------------------------------------------------------------
 */

/* Runs body(ctx, handle of the session) in a thread of its own, which owns that handle and every
 * other one that is opened in it; what is left open is told and closed. body returns how many more
 * were left open, elsewhere. False: it did not end, but faulted, or there was no thread to be had.
 */
bool action_thread(struct session *s, const struct custom_action *a,
                   u32 (*body)(void *ctx, MSIHANDLE install), void *ctx);
/* Each gives what the action returned, or says in *t why it did not run. */
u32 action_dll(struct session *s, const struct custom_action *a, struct custom_trouble *t);
u32 action_program(const struct custom_action *a, struct custom_trouble *t);
u32 action_script(struct session *s, const struct custom_action *a, struct custom_trouble *t);

/* --- rundll.c -----------------------------------------------------------------------------------
 */

/* Whether an action's DLL can be run. head: its first bytes where it is in the package; else wide
 * says whether it is one of 64 bits. */
bool action_can_run_dll(u32 type, const u8 *head, size_t len, bool wide);

typedef UINT(WINAPI *action_fn)(MSIHANDLE install);
struct action_dll {
    HMODULE dll;
    action_fn function;
};
/* False: there is no such DLL (then dll is NULL) or no such function in it. */
bool action_load(struct action_dll *d, const WCHAR *path, const char *entry);

#endif
