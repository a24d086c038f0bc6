/*
 * The seam to the machine's services: svc_win.c over the service control manager; svc_posix.c,
 * where there is none.
 */
#ifndef MSI_SVC_H
#define MSI_SVC_H

#include "base.h"
#include "error.h"

#ifndef ERROR_SERVICE_DOES_NOT_EXIST
#define ERROR_SERVICE_DOES_NOT_EXIST 1060
#endif

/* What a service is. Texts are terminated and may be NULL: of a change, as it is; lists end with an
 * empty name. */
struct svc_config {
    u32 type, start, error;
    const char16_t *binary, *display, *group, *dependencies, *account, *password, *description;
};

/* Whether there is one that runs; else the functions below know of nothing, and services are in the
 * registry alone (svcreg.h). */
bool svc_manager(void);
/* *out lives in *block, for os_free. ERROR_SERVICE_DOES_NOT_EXIST. The password is never told. */
u32 svc_query(const char16_t *name, struct svc_config *out, void **block);
u32 svc_running(const char16_t *name, bool *running);
/* Makes it, or changes one that is there. */
u32 svc_put(const char16_t *name, const struct svc_config *c);
/* One that runs is stopped first. */
u32 svc_delete(const char16_t *name);
/* args: a list. wait: until it runs, 30 seconds at most; else until it is on its way. */
u32 svc_start(const char16_t *name, const char16_t *args, bool wait);
/* With those that depend on it. */
u32 svc_stop(const char16_t *name, bool wait);

#endif
