/*
 * Installations within an installation: products that are removed by an upgrade, and what custom
 * actions of types 7, 23 and 39 install.
 */
#ifndef MSI_NESTED_H
#define MSI_NESTED_H

#include "install.h"

/* Runs the session's installation. shared: the run is the outer one's, which commits or undoes it;
 * else it is given away. ERROR_CALL_NOT_IMPLEMENTED: the package is not for this engine. */
u32 nested_run(struct session *s, struct run *run, bool shared);
/* Whether its end asked for a restart; of a run of its own, for else the outer one was told. */
bool nested_wants_restart(const struct session *s);

/* A concurrent installation: type, source and line as the CustomAction table has them, the line
 * formatted. Between InstallInitialize and InstallFinalize it is part of the installation of s,
 * which goes on without it where the type says so, unless something of it could not be undone. No
 * lock is held. */
u32 nested_install(struct session *s, u32 type, const char16_t *source, const char16_t *line);

#endif
