/*
 * Custom actions: those of the CustomAction table that run something.
 *
 * Immediate ones run when their turn in the sequence comes; the others are planned, as operations
 * (op_run.c). How a DLL or a program is run is known above (face/runaction.c), which makes itself
 * known here.
 */
#ifndef MSI_CUSTOM_H
#define MSI_CUSTOM_H

#include "op.h"
#include "session.h"

enum custom_bits { /* of CustomAction.Type */
                   CUSTOM_BASE = 0x3f,
                   CUSTOM_CONTINUE = 0x40,
                   CUSTOM_ASYNC = 0x80,
                   CUSTOM_ROLLBACK = 0x100, /* these two with IN_SCRIPT */
                   CUSTOM_COMMIT = 0x200,
                   CUSTOM_IN_SCRIPT = 0x400,
                   CUSTOM_HIDE_TARGET = 0x2000,
                   /* base types */
                   CUSTOM_DLL_BINARY = 1,
                   CUSTOM_EXE_BINARY = 2,
                   CUSTOM_DLL_FILE = 17,
                   CUSTOM_EXE_FILE = 18,
                   CUSTOM_EXE_FOLDER = 34,
                   CUSTOM_EXE_PROPERTY = 50,
};

struct custom_action {
    const char16_t *name;
    u32 type, mode;          /* mode: MSIRUNMODE_SCHEDULED, _ROLLBACK, _COMMIT; 0 when immediate */
    const char16_t *program; /* path of the DLL or program; empty: target names it */
    const char16_t *target;  /* the function, or the command line behind the program */
    const char16_t *folder;  /* where a program starts; empty: anywhere */
    const char16_t *data, *product, *sid; /* what a session of a script says; else NULL */
};

struct custom_ways {
    /* Whether such an action can be run here. head: the first bytes of the DLL or program where it
     * is in the package, else NULL; wide: of a DLL that the package installs, whether its component
     * is of 64 bits. */
    bool (*can)(u32 type, const u8 *head, size_t len, bool wide);
    /* What it returned. s: the session of an immediate one; NULL for the others. Error numbers 1721
     * to 1723 go to *error, and 0 where it ran. */
    u32 (*run)(struct session *s, const struct custom_action *a, u32 *error);
};

/* Before any session is opened. NULL: none is run, they answer ERROR_CALL_NOT_IMPLEMENTED. */
void custom_by(const struct custom_ways *ways);
/* Whether custom_by was given any: where others do custom actions (install_custom_by), it was not.
 */
bool custom_any(void);
/* Of a row of the CustomAction table. The session's lock is held. */
bool custom_can(struct session *s, u32 type, const char16_t *source, size_t len);
/* Runs or plans it. No lock is held. ERROR_FUNCTION_NOT_CALLED: there is no such action;
 * ERROR_CALL_NOT_IMPLEMENTED: it is of a type that is not run. ERROR_NO_MORE_ITEMS: it succeeded,
 * and the sequence ends. */
u32 custom_do(struct session *s, const char16_t *action, size_t len);

/* --- for op_run.c
 * ---------------------------------------------------------------------------------
 */

/* Whose script runs now; NULL: none does, or the one of a process that was killed is undone. */
void custom_script_of(struct session *s);
/* Runs it, with its messages and what its type makes of the result. */
u32 custom_run(struct session *s, const struct custom_action *a);
/* The bytes of a row of the Binary table, in a new file in the folder for temporary ones. */
u32 custom_extract(struct session *s, const char16_t *binary, size_t len, char16_t **path);
struct session *custom_session(void);

#endif
