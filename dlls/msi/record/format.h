/*
 * Formatted text: "[1] of {[Property]}[\\]]".
 *
 *   [n]      field n of the record, 0 its template; missing and NULL fields give nothing
 *   [name]   looked up: a property, %variable, #file, !file, $component
 *   [\c]     the character c
 *   [~]      a zero
 *   [[x]]    brackets are resolved from the inside out
 *   {...}    the braces go where all that is looked up between them is found; everything goes where
 *            something is not; and all stays where nothing is looked up
 *   {{...}}  goes
 *
 * Fields are put in first; with a session all is then looked at again for names, those in fields
 * too (MsiFormatRecord, Remarks, steps 1 and 2). Without a session what is no field stays as it is.
 * format.c has the rule for what overlaps and what is not closed.
 */
#ifndef MSI_FORMAT_H
#define MSI_FORMAT_H

#include "record.h"
#include "textbuf.h"

/* Adds the value of what stands between the brackets to *out; nothing where there is none. */
typedef u32 (*fmt_lookup)(void *session, const char16_t *name, size_t len, struct text_buf *out);

/* r gives the fields and may be NULL; lookup is NULL without a session. Appends to *out.
 * ERROR_OUTOFMEMORY or what lookup returned. */
u32 fmt_text(struct record *r, fmt_lookup lookup, void *session, const char16_t *s, size_t len,
             struct text_buf *out);
/* MsiFormatRecord: field 0 is the text; where it is NULL, every field with its number. */
u32 fmt_record(struct record *r, fmt_lookup lookup, void *session, struct text_buf *out);

#endif
