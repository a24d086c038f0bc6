/*
 * What was wrong with a query.
 */
#include "sql_error.h"

#include <string.h>

#include "utf16.h"

void sql_error_clear(struct sql_error *e)
{
    if (!e)
        return;
    e->code = ERROR_SUCCESS;
    e->number = 0;
    e->fields = SQL_FIELDS_NONE;
    e->text[0] = 0; /* the rest of it is of no interest, and this is called for every row */
    e->position = 0;
}

/* Which fields the message of that number has, from the list of error messages. */
static enum sql_error_fields fields_of(u32 number)
{
    switch (number) {
    case 2227: /* invalid identifier */
    case 2228: /* unknown table */
    case 2229: /* could not load table */
    case 2230: /* repeated table */
    case 2232: /* unexpected token */
    case 2235: /* column not present or ambiguous */
    case 2236: /* invalid operator */
    case 2244: /* invalid type specifier */
        return SQL_FIELDS_TEXT_QUERY;
    case 2231: /* missing ')' */
    case 2233: /* no columns in SELECT */
    case 2234: /* no columns in ORDER BY */
    case 2237: /* invalid or missing query string */
    case 2238: /* missing FROM */
    case 2278: /* too many expressions in WHERE */
        return SQL_FIELDS_QUERY;
    case 2204: /* table already exists */
    case 2205: /* table does not exist */
    case 2206: /* table could not be dropped */
    case 2210: /* invalid update data type in column */
    case 2211: /* could not create table */
    case 2242: /* column repeated */
    case 2257: /* read only table */
    case 2258: /* type mismatch in parameter */
    case 2275: /* modify mode invalid for joins */
    case 2280: /* could not create column */
        return SQL_FIELDS_TEXT;
    default:
        return SQL_FIELDS_NONE;
    }
}

u32 sql_error_set(struct sql_error *e, u32 code, u32 number, const char16_t *text, size_t len,
                  size_t position)
{
    if (!e)
        return code;
    e->code = code;
    e->number = number;
    e->fields = fields_of(number);
    size_t n = MIN(len, (size_t)SQL_ERROR_TEXT_MAX - 1);
    if (n)
        memcpy(e->text, text, n * sizeof(char16_t));
    e->text[n] = 0;
    e->position = position;
    return code;
}
