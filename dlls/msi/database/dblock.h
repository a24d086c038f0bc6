/*
 * Two databases in one call, and how calls on whole databases report.
 */
#ifndef MSI_DBLOCK_H
#define MSI_DBLOCK_H

#include "database.h"

/* In the order of their addresses, so that two threads cannot wait for each other. The two may be
 * one. */
void db_lock_both(struct database *a, struct database *b);
void db_unlock_both(struct database *a, struct database *b);
/* Returns err, with the error record left: `number`, the database's path and `what`. */
u32 db_report(struct database *db, u32 err, u32 number, const char16_t *what);
/* The same with what a fault says, and `otherwise` where it has no number. */
struct fault;
u32 db_report_fault(struct database *db, u32 err, const struct fault *fault, u32 otherwise);

#endif
