/*
 * Installing by our engine, for the functions that install, change, repair and remove.
 *
 * A session is opened for each call, silently; where this engine does all that the package asks
 * for, the installation is run in it. Where not, the caller passes the call on to Wine's msi.dll,
 * and nobody has been told of anything.
 */
#ifndef MSI_INSTALLING_H
#define MSI_INSTALLING_H

#include <windows.h>

#include "textbuf.h"

struct session;

struct installation {
    const char16_t *package; /* a path or URL; or NULL, and */
    const char16_t *product; /* a product code */
    const char16_t *set;     /* what the function itself sets: "REMOVE=ALL" */
    const char16_t *line;    /* the caller's command line. Either may be NULL */
};

/* *ours false: it is for Wine's, or what is returned where that is not there. The package cannot be
 * opened: package_open's errors, ERROR_UNKNOWN_PRODUCT, ERROR_INSTALL_SOURCE_ABSENT.
 * ERROR_INSTALL_LOG_FAILURE, ERROR_INSTALL_ALREADY_RUNNING, ERROR_PRODUCT_VERSION,
 * ERROR_INSTALL_FAILURE, ERROR_INSTALL_USEREXIT, ERROR_SUCCESS_REBOOT_REQUIRED. */
u32 install_by_us(const struct installation *how, bool *ours);
/* Only looks whether it is; the errors of opening. */
u32 install_is_ours(const struct installation *how, bool *ours);

/* Before a program's own session does anything: what installs, and what that needs from here. */
void install_prepare(void);
/* Whether the package's sequence of execution changes the machine at all. */
bool install_is_whole(struct session *s);
/* An action at the top (INSTALL, ADMIN, ADVERTISE, ExecuteAction) in a session that a program
 * opened. ERROR_CALL_NOT_IMPLEMENTED: the package has something that is not done here; the errors
 * of install_by_us. */
u32 install_in_session(struct session *s, const char16_t *action);

/* NAME="value" behind what is in *out, quotation marks doubled. */
void line_add(struct text_buf *out, const char *name, const char16_t *value);
/* REINSTALLMODE's letters of its bits. */
void reinstall_letters(u32 bits, char16_t letters[12]);

#endif
