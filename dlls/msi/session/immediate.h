/*
 * Standard actions that set something and are done.
 */
#ifndef MSI_IMMEDIATE_H
#define MSI_IMMEDIATE_H

#include "session_impl.h"

/* ProductID from PIDKEY, where that fits PIDTemplate. Success whether or not it does. */
u32 validate_product_id(struct session *s);
/* MSIRUNMODE_REBOOTATEND. */
u32 schedule_reboot(struct session *s);
/* RollbackDisabled, which whoever installs goes by. */
u32 disable_rollback(struct session *s);
/* The registry has no limit that a package could ask to raise: only its message goes out. */
u32 allocate_registry_space(struct session *s);
/* Drivers that replace others come into their folders. ERROR_FUNCTION_FAILED before CostFinalize.
 */
u32 set_odbc_folders(struct session *s);
/* From now on whoever installs files goes by the IsolatedComponent table. */
u32 isolate_components(struct session *s);

#endif
