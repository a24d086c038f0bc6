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

struct run;

struct install {
    struct session *s; /* its lock is held while an action plans */
    struct buf script; /* what was planned and not yet run */
    struct run *run;   /* since the first operation was run */
    bool started;      /* InstallInitialize was done, and InstallFinalize not yet */
    bool rollback_off; /* DisableRollback */
    bool per_machine;
    bool reboot;                  /* asked for */
    u32 context;                  /* MSIINSTALLCONTEXT_* */
    char16_t *product_code, *sid; /* sid: of the user the product is for; NULL: of the machine */

    /* of the action that plans now; its OP_ACTION is written with its first operation */
    const char16_t *action;
    size_t action_len;
    bool action_written;
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
/* The session's installation, made at the first call; NULL: no memory. It lives as long as the
 * session. The lock is held. */
struct install *install_of(struct session *s);

#endif
