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

struct install;

enum custom_bits { /* of CustomAction.Type */
                   CUSTOM_BASE = 0x3f,
                   CUSTOM_CONTINUE = 0x40,
                   CUSTOM_ASYNC = 0x80,
                   CUSTOM_ROLLBACK = 0x100, /* these two with IN_SCRIPT */
                   CUSTOM_COMMIT = 0x200,
                   CUSTOM_IN_SCRIPT = 0x400,
                   CUSTOM_HIDE_TARGET = 0x2000,
                   /* what it is, and where that comes from: the two make the base type */
                   CUSTOM_KIND = 0x07,
                   CUSTOM_DLL = 1,
                   CUSTOM_EXE = 2,
                   CUSTOM_JSCRIPT = 5,
                   CUSTOM_VBSCRIPT = 6,
                   CUSTOM_PACKAGE = 7, /* a concurrent installation */
                   CUSTOM_SOURCE = 0x30,
                   CUSTOM_OF_BINARY = 0,
                   CUSTOM_OF_FILE = 0x10,
                   CUSTOM_OF_FOLDER = 0x20, /* of scripts: the text in Target */
                   CUSTOM_OF_PROPERTY = 0x30,
};

static inline bool custom_is_script(u32 type)
{
    return (type & CUSTOM_KIND) == CUSTOM_JSCRIPT || (type & CUSTOM_KIND) == CUSTOM_VBSCRIPT;
}
/* Whether `program` of struct custom_action is the text of a script, not a path. */
static inline bool custom_is_text(u32 type)
{
    return custom_is_script(type) && type & CUSTOM_OF_FOLDER;
}
/* Whether it installs another package, which is done when its turn is, and waited for. */
static inline bool custom_is_package(u32 type)
{
    return (type & CUSTOM_KIND) == CUSTOM_PACKAGE && (type & CUSTOM_SOURCE) != CUSTOM_OF_PROPERTY &&
           !(type & (CUSTOM_IN_SCRIPT | CUSTOM_ASYNC));
}
/* Whether it is a row of the Binary table. */
static inline bool custom_in_package(u32 type)
{
    return (type & CUSTOM_SOURCE) == CUSTOM_OF_BINARY;
}

struct custom_action {
    const char16_t *name;
    u32 type, mode;          /* mode: MSIRUNMODE_SCHEDULED, _ROLLBACK, _COMMIT; 0 when immediate */
    const char16_t *program; /* path of the DLL, program or script; a script's text; empty: target
                                names the program */
    const char16_t *target;  /* the function, or the command line behind the program */
    const char16_t *folder;  /* where a program starts; empty: anywhere */
    const char16_t *data, *product, *sid; /* what a session of a script says; else NULL */
    u32 language;                         /* likewise */
};

/* Why an action did not run: the number of an error message, 1720 to 1723, or 0 where it ran. Of
 * 1720 what the script's engine says; texts from os_alloc, or NULL. */
enum { CUSTOM_SCRIPT_FAILED = 1720, CUSTOM_NOT_STARTED, CUSTOM_PROGRAM_FAILED, CUSTOM_DLL_NOT_RUN };
struct custom_trouble {
    u32 error;
    i32 code;
    u32 line, column;
    char16_t *source, *text, *words; /* words: the line of the script itself */
};

struct custom_ways {
    /* Whether such an action can be run here. head: the first bytes of the DLL or program where it
     * is in the package, else NULL; wide: of a DLL that the package installs, whether its component
     * is of 64 bits. */
    bool (*can)(u32 type, const u8 *head, size_t len, bool wide);
    /* What it returned. s: the session of an immediate one; NULL for the others. *t is zero. */
    u32 (*run)(struct session *s, const struct custom_action *a, struct custom_trouble *t);
    /* For asynchronous ones: a thread, NULL where there is none to be had; either of the others
     * ends what is known of it, `join` when it has ended. start NULL: none is asynchronous. */
    void *(*start)(void (*fn)(void *arg), void *arg);
    void (*join)(void *thread);
    void (*leave)(void *thread);
};

/* Before any session is opened. NULL: none is run, they answer ERROR_CALL_NOT_IMPLEMENTED. */
void custom_by(const struct custom_ways *ways);
/* Whether custom_by was given any: where others do custom actions (install_custom_by), it was not.
 */
bool custom_any(void);
/* Of a row of the CustomAction table. No lock is held: a process may be started for it. */
bool custom_can(struct session *s, u32 type, const char16_t *source, size_t len);
/* Runs or plans it. No lock is held. ERROR_FUNCTION_NOT_CALLED: there is no such action, or it
 * says so;
 * ERROR_CALL_NOT_IMPLEMENTED: it is of a type that is not run. ERROR_NO_MORE_ITEMS: it succeeded,
 * and the sequence ends. */
u32 custom_do(struct session *s, const char16_t *action, size_t len);

/* Waits for the session's asynchronous actions, those of scripts or the others: what the first that
 * did not succeed came to. No lock is held. */
u32 custom_wait(struct install *in, bool scripted);
/* Nobody waits for them any more. */
void custom_abandon(struct install *in);

/* --- for op_run.c and custom_run.c --------------------------------------------------------------
 */

enum { CUSTOM_MODE_SCHEDULED = 16, CUSTOM_MODE_ROLLBACK, CUSTOM_MODE_COMMIT }; /* MSIRUNMODE */

/* Whose script runs now; NULL: none does, or the one of a process that was killed is undone. */
void custom_script_of(struct session *s);
struct session *custom_session(void);
const struct custom_ways *custom_how(void);
/* Runs it, with its messages and what its type makes of the result; or starts it and succeeds,
 * where it is asynchronous. temp: a file to be taken away when it has ended; *temp is NULL then
 * where it was taken over. temp may be NULL. */
u32 custom_run(struct session *s, const struct custom_action *a, char16_t **temp);
/* Adds the path of a file that is not there, in the folder for temporary ones. */
u32 custom_temp_path(struct session *s, struct text_buf *out);
/* The bytes of a row of the Binary table, in a new file in the folder for temporary ones. */
u32 custom_extract(struct session *s, const char16_t *binary, size_t len, char16_t **path);

#endif
