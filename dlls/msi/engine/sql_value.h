/*
 * Values on their way between constants and parameters of a query and the columns of tables.
 *
 * A string of digits does for an integer column, an integer for a text column. Nothing else is
 * converted.
 */
#ifndef MSI_SQL_VALUE_H
#define MSI_SQL_VALUE_H

#include "dbcore.h"
#include "sql_ast.h"

enum { SQL_VALUE_TEXT = 12 };

/* The constant's value; a question mark's is taken from params. */
struct value sql_value_of(const struct ast_operand *a, const struct value *params);
/* Makes *v a value of the kind that the column type takes; digits holds the text of an integer.
 * ERROR_DATATYPE_MISMATCH. */
u32 sql_value_fit(struct value *v, u32 type, char16_t digits[SQL_VALUE_TEXT]);
/* A decimal with an optional sign; false where it is none or no 32-bit integer. */
bool sql_value_to_int(const char16_t *s, size_t len, i32 *out);

#endif
