/*
 * How the DLLs and programs of custom actions are run.
 */
#ifndef MSI_RUNACTION_H
#define MSI_RUNACTION_H

/* From then on the process's installations run custom actions. */
void run_actions(void);

#endif
