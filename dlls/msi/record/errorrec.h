/*
 * The error record of the process, which MsiGetLastErrorRecord hands out once.
 *
 * Field 1 is the number of "Windows Installer Error Messages", field 2 the database's path, the
 * others what the message's text needs.
 */
#ifndef MSI_ERRORREC_H
#define MSI_ERRORREC_H

#include "record.h"
#include "sql_error.h"

/* A function that reports errors this way has succeeded. */
void err_clear(void);
/* It has failed with `number`. `texts` are fields 2 to 1 + n; a NULL one is empty. Returns code. */
u32 err_set(u32 code, u32 number, const char16_t *const *texts, u32 n);
/* It has failed as a query says; path is the database's, query the whole statement. Returns
 * e->code. */
u32 err_set_sql(const struct sql_error *e, const char16_t *path, const char16_t *query);
/* The record, which is the caller's then; NULL where there is none. */
struct record *err_take(void);

#endif
