/*
 * Win32 assemblies for everybody: what goes of them, and what was there before.
 *
 * InstallFiles and RemoveFiles have their files below winsxs (session/stores.h). An assembly goes
 * whole with the last of its clients: those that products have registered below
 * Win32Assemblies\Global, in the contexts that the caller has, whatever component it is to them.
 * One that was there before any product had it is the system's, and stays for ever, as that of a
 * permanent component does: a value says so,
 *
 *   HKLM\Software\Microsoft\Windows\CurrentVersion\SideBySide\Installations\FOLDER   System
 */
#ifndef MSI_ACT_STORES_H
#define MSI_ACT_STORES_H

#include "act_folder.h"

/* Whether the file of a component that is such an assembly is one of Wine's own, which stand for
 * what it has built in: it has a version, and is no reason not to put the real one. */
bool store_is_wines(const struct install *in, u32 component, const char16_t *path);
/* For InstallFiles: notes those that come and are there already, and nobody's, or are permanent. */
u32 plan_stores_found(struct install *in);
/* For RemoveFiles: those that go, and those that a component was before it has got another name. */
u32 plan_stores_removed(struct install *in, struct leaving *l);

#endif
