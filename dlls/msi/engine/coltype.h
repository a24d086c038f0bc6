/*
 * The type strings of columns, as text archives and MsiViewGetColumnInfo have them.
 *
 *   s72 text, l72 localizable text, i2 i4 integers (i0, i1: as i2), v0 object; a capital letter is
 * nullable. Text of more than 255 characters has no limit: s0. Temporary columns: g text, j
 * integer, O0 object (for MSICOLINFO_TYPES).
 */
#ifndef MSI_COLTYPE_H
#define MSI_COLTYPE_H

#include "cell.h"
#include "error.h"

enum { COL_TYPE_TEXT_MAX = 8 };

/* Writes the terminated string of the type. out holds COL_TYPE_TEXT_MAX units. */
void col_type_text(u32 type, char16_t *out);
/* The type that the text of a text archive stands for (s l i v, capitals nullable).
 * ERROR_DATATYPE_MISMATCH. */
u32 col_type_parse(const char16_t *text, size_t len, u16 *type);
/* Sets the bits that go with the others: COL_VALID, COL_PLAIN. */
u16 col_type_complete(u32 type);

#endif
