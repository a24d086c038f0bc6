/*
 * What was wrong with a query: the Win32 code that the caller returns, and what the record of
 * MsiGetLastErrorRecord says, in the numbers of "Windows Installer Error Messages".
 */
#ifndef MSI_SQL_ERROR_H
#define MSI_SQL_ERROR_H

#include "base.h"
#include "error.h"

enum { SQL_ERROR_TEXT_MAX = 64 };

/* Fields 3 and 4 of the record. Field 1 is the number, field 2 the database's path. */
enum sql_error_fields {
    SQL_FIELDS_NONE,       /* no field 3 */
    SQL_FIELDS_TEXT,       /* 3: text */
    SQL_FIELDS_QUERY,      /* 3: the query */
    SQL_FIELDS_TEXT_QUERY, /* 3: text, 4: the query */
};

struct sql_error {
    u32 code;   /* a Win32 code, ERROR_SUCCESS where there is no error */
    u32 number; /* 2200..2299, or 0: there is no record for it */
    enum sql_error_fields fields;
    char16_t text[SQL_ERROR_TEXT_MAX]; /* terminated; cut where it is longer */
    size_t position; /* characters from the start of the query, for syntax and names */
};

void sql_error_clear(struct sql_error *e);
/* Fills in *e (which may be NULL) and returns `code`. The fields follow from the number; text is
 * copied and may be NULL with len 0. */
u32 sql_error_set(struct sql_error *e, u32 code, u32 number, const char16_t *text, size_t len,
                  size_t position);

#endif
