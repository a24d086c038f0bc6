/*
 * Validation of a record against _Validation, for the MSIMODIFY_VALIDATE modes.
 */
#ifndef MSI_VALID_H
#define MSI_VALID_H

#include "dbcore.h"
#include "record.h"

struct sql_query;

/* The values are MSIDBERROR's. */
enum valid_error {
    VALID_FUNCTIONERROR = -1,
    VALID_MOREDATA = -2,
    VALID_INVALIDARG = -3,
    VALID_NOERROR = 0,
    VALID_DUPLICATEKEY = 1,
    VALID_REQUIRED = 2,
    VALID_BADLINK = 3,
    VALID_OVERFLOW = 4,
    VALID_UNDERFLOW = 5,
    VALID_NOTINSET = 6,
    VALID_BADVERSION = 7,
    VALID_BADCASE = 8,
    VALID_BADGUID = 9,
    VALID_BADWILDCARD = 10,
    VALID_BADIDENTIFIER = 11,
    VALID_BADLANGUAGE = 12,
    VALID_BADFILENAME = 13,
    VALID_BADPATH = 14,
    VALID_BADCONDITION = 15,
    VALID_BADFORMATTED = 16,
    VALID_BADTEMPLATE = 17,
    VALID_BADDEFAULTDIR = 18,
    VALID_BADREGPATH = 19,
    VALID_BADCUSTOMSOURCE = 20,
    VALID_BADPROPERTY = 21,
    VALID_MISSINGDATA = 22,
    VALID_BADCATEGORY = 23,
    VALID_BADKEYTABLE = 24,
    VALID_BADMAXMINVALUES = 25,
    VALID_BADCABINET = 26,
    VALID_BADSHORTCUT = 27,
    VALID_STRINGOVERFLOW = 28,
    VALID_BADLOCALIZEATTRIB = 29,
};

struct valid_errors {
    struct valid_finding {
        int error;
        u32 column; /* of the query */
    } * found;
    u32 count, cap;
};

void valid_errors_clear(struct valid_errors *e);
void valid_errors_free(struct valid_errors *e);
u32 valid_errors_add(struct valid_errors *e, int error, u32 column);

/* Puts what is wrong with the n values, the columns of the query, into *e. `incomplete`: fields
 * that are NULL are not looked at (MSIMODIFY_VALIDATE_FIELD). ERROR_FUNCTION_FAILED without a
 * _Validation table, ERROR_OUTOFMEMORY. The database is locked. */
u32 valid_row(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
              bool incomplete, struct valid_errors *e);
/* The same for the row that is to be inserted: the key must be new. */
u32 valid_new_key(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
                  struct valid_errors *e);
/* What can be said of a new row without a _Validation table: what must not be NULL is not. */
bool valid_has_rules(struct db_core *db);
u32 valid_required(const struct sql_query *q, const struct value *values, u32 n,
                   struct valid_errors *e);
/* Whether no new row can be made through the query: a column that must not be NULL is not in it. */
bool valid_lacks_column(const struct sql_query *q);
/* The same for a row that is to be deleted: no other row may refer to it. */
u32 valid_delete(struct db_core *db, const struct sql_query *q, const struct value *values, u32 n,
                 struct valid_errors *e);

#endif
