/*
 * Conditional statements: "VersionNT >= 600 AND NOT Installed".
 *
 *   values     a property's name, %variable, "text", an integer,
 *              $component &feature (action state), ?component !feature (installed state)
 *   compare    = <> < > <= >=, of texts also >< (contains) << (begins) >> (ends), of integers the
 *              same signs for common bits, high half and low half; ~ before one: any case
 *   combine    NOT, AND, OR, XOR, EQV, IMP, in this order of binding, and parentheses
 *
 * A property and an integer are compared as integers where the property is one; where it is not,
 * and of a text in quotation marks, every comparison with an integer but <> is false. A property
 * and another one, or a text, are compared as integers where both are.
 */
#ifndef MSI_COND_H
#define MSI_COND_H

#include "textbuf.h"

/* Adds the value of a name to *out, as it stands with its sign: "Name", "%VAR", "&Feature".
 * Nothing where there is none. */
typedef u32 (*cond_lookup)(void *session, char16_t sign, const char16_t *name, size_t len,
                           struct text_buf *out);

/* MSICONDITION's values. */
enum cond_result { COND_FALSE = 0, COND_TRUE = 1, COND_NONE = 2, COND_ERROR = 3 };

/* lookup may be NULL: then no name has a value. */
enum cond_result cond_evaluate(const char16_t *text, size_t len, cond_lookup lookup, void *session);

#endif
