/*
 * An installation: a session that plans and runs operations.
 *
 * The actions of the sequence tables that change the machine are functions of this room (act_*.c),
 * named in actions_table.c. Each plans: it looks at the package's tables and at the states that
 * costing gave, and adds operations to the script. Nothing is touched before InstallExecute or
 * InstallFinalize run the script.
 */
#ifndef MSI_INSTALL_H
#define MSI_INSTALL_H

#include "op.h"
#include "session.h"
#include "textbuf.h"

struct run;

struct install {
    struct session *s;     /* its lock is held while an action plans */
    struct buf script;     /* what was planned and not yet run */
    struct run *run;       /* since the first operation was run */
    bool started;          /* InstallInitialize was done, and InstallFinalize not yet */
    bool by_itself;        /* it was not: an action that a program asked for began it (step.c) */
    bool untimely;         /* an action has asked for an operation before InstallInitialize */
    bool rollback_off;     /* DisableRollback */
    struct install *outer; /* whose custom action this is (nested.h); NULL: nobody's */
    bool committed;        /* InstallFinalize was done */
    bool nested;           /* its run is another installation's, which commits or undoes it */
    bool member;        /* its run is a transaction's, from its beginning to its end; nested too */
    bool rollback_lost; /* of a member: something was done without notes */
    bool deed;          /* what was planned is being run, or others' products are removed */
    bool lapses;        /* ... and its sequence has ended meanwhile: what is left is undone then */
    bool announces;     /* handlers are told when its first action comes */
    bool per_machine;
    bool reboot;    /* asked for */
    bool suspended; /* by ForceReboot: it goes on after the restart */
    u32 context;    /* MSIINSTALLCONTEXT_* */
    char16_t *product_code,
        *sid; /* sid: of the user the product is for; NULL: the caller, or none */

    /* of the action that plans now; its OP_ACTION is written with its first operation */
    const char16_t *action;
    size_t action_len;
    bool action_written;

    char16_t *package;       /* the copy that the package is kept from (apart.h); NULL: itself */
    char16_t *data_template; /* of the action that runs now */
    u64 ticks;               /* done and told */
    u32 failure;             /* why the operation that ended the run failed; 0: none did */
    struct text_buf failed;  /* that operation, as op_show has it */
    u32 left;                /* why something is not undone yet; 0: everything is */
    u32 depth;               /* of top-level actions within each other */
    struct custom_job *jobs; /* asynchronous custom actions that nobody waited for yet */
};

/* Adds an operation to the script. ERROR_INSTALL_FAILURE before InstallInitialize. */
u32 plan(struct install *in, const struct op *op);
/* The message that goes before it: texts, NULL for an empty field. */
u32 plan_data(struct install *in, u32 count, const char16_t *const *texts);

/* An action of a sequence: plans. ERROR_INSTALL_FAILURE ... ends the installation. */
struct install_action {
    const char *name;
    u32 (*plan)(struct install *in);
};
extern const struct install_action install_actions[]; /* actions_table.c; ends with a NULL name */

/* From then on the sessions of the process install. Before any is opened. */
void install_start(void);
/* What does custom actions, but for those that set something or are an error: those of the
 * CustomAction table, by name. No lock is held. NULL (as at first): they answer
 * ERROR_CALL_NOT_IMPLEMENTED. */
typedef u32 (*install_custom)(struct session *s, const char16_t *action, size_t len);
void install_custom_by(install_custom run);
/* What a program's own session needs of the room above for what it asks for (step.c). */
struct install_asked {
    /* The whole of an installation, by an action at the top. */
    u32 (*whole)(struct session *s, const char16_t *action);
    /* Around what changes the machine: nobody else does meanwhile. ERROR_INSTALL_ALREADY_RUNNING.
     */
    u32 (*enter)(void **held);
    void (*leave)(void *held, u32 result);
};
/* NULL, as at first: a whole installation answers ERROR_CALL_NOT_IMPLEMENTED, and nobody is kept
 * away. */
void install_asked_by(const struct install_asked *how);
/* What a sequence that a program asked for has left: waits for its asynchronous custom actions. */
u32 install_wait(struct session *s);
/* The session's installation, made at the first call; NULL: no memory. It lives as long as the
 * session. The lock is held. */
struct install *install_of(struct session *s);
/* Whether everything that the package's execute sequence and tables ask for is done here; *what,
 * where it is not and what is not NULL, gets the name of the first action that is not. */
bool install_takes(struct session *s, char16_t *what, size_t cap);

/* --- execute.c: running what was planned. No lock is held ----------------------------------------
 */

/* Runs what was planned so far; a failure undoes everything. */
u32 install_execute(struct install *in);
/* The same, and then the commit. */
u32 install_finalize(struct install *in);
/* Undoes what was run and not committed, and forgets what was planned. */
u32 install_undo(struct install *in);
/* The top-level actions by name: INSTALL, ADMIN, ADVERTISE, SEQUENCE, ExecuteAction.
 * ERROR_CALL_NOT_IMPLEMENTED: it is none. Any failure undoes, and is ERROR_INSTALL_FAILURE unless
 * it is ERROR_INSTALL_USEREXIT, ERROR_INSTALL_SUSPEND or ERROR_INSTALL_ALREADY_RUNNING. */
u32 install_top_level(struct session *s, const char16_t *action, size_t len);

#endif
