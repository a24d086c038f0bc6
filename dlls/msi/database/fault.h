/*
 * What went wrong in an operation on a whole database: a number of "Windows Installer Error
 * Messages" and the name that goes with it, for the error record.
 */
#ifndef MSI_FAULT_H
#define MSI_FAULT_H

#include "dbcore.h"
#include "utf16.h"

enum fault_number {
    FAULT_EXPORT_WRITE = 2214,
    FAULT_IMPORT_OPEN = 2215,
    FAULT_IMPORT_FORMAT = 2216,
    FAULT_IMPORT_CODEPAGE = 2221,
    FAULT_CODEPAGE = 2222, /* of a transform or a merge */
    FAULT_SAME = 2223,
    FAULT_TEMPORARY = 2225,
    FAULT_TRANSFORM = 2226,
    FAULT_TRANSFORM_FORMAT = 2246,
    FAULT_TRANSFORM_STREAM = 2247,
    FAULT_COLUMN_TYPE = 2248,
    FAULT_ADD_EXISTING_ROW = 2250,
    FAULT_DELETE_MISSING_ROW = 2251,
    FAULT_ADD_EXISTING_TABLE = 2252,
    FAULT_DELETE_MISSING_TABLE = 2253,
    FAULT_UPDATE_MISSING_ROW = 2254,
    FAULT_ADD_EXISTING_COLUMN = 2255,
    FAULT_KEYS = 2256,
    FAULT_CONFLICTS = 2268,
    FAULT_COLUMN_COUNT = 2269,
    FAULT_COLUMN_NAME = 2270,
    FAULT_TRANSFORM_SUMMARY = 2271,
    FAULT_ERROR_TABLE = 2274,
    FAULT_UNKNOWN_CODEPAGE = 2276,
};

struct fault {
    u32 number; /* 0: nothing is known */
    char16_t what[TBL_MAX_NAME + 1];
    u32 line; /* of a text archive, from 1; 0: none is known */
};

/* The first word counts. f may be NULL. */
static inline void fault_set(struct fault *f, u32 number, const char16_t *what)
{
    if (!f || f->number)
        return;
    f->number = number;
    u16_copy(f->what, ARRAY_LEN(f->what), what ? what : u"");
}

/* With the name of a table, or any other text of the pool. */
static inline void fault_set_id(struct fault *f, u32 number, const struct str_pool *p, u32 id)
{
    if (!f || f->number)
        return;
    f->number = number;
    f->what[sp_text(p, id, f->what, TBL_MAX_NAME) > TBL_MAX_NAME ? TBL_MAX_NAME : sp_len(p, id)] =
        0;
}

#endif
