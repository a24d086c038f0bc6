/*
 * Command lines: the public properties that an installation is given, "NAME=value NAME="a value"".
 *
 * Names are letters, digits, underscores and periods, do not begin with a digit, and are raised to
 * capitals. A value ends at a blank, or is in quotation marks, of which a doubled one stands for
 * one; an empty one takes the property away.
 */
#ifndef MSI_CMDLINE_H
#define MSI_CMDLINE_H

#include "props.h"

/* Gives each property to set, in order, which stops at its first error. ERROR_INVALID_COMMAND_LINE
 * for what breaks the grammar: what stands before it has been given then. ERROR_OUTOFMEMORY. */
u32 cmdline_each(const char16_t *text, size_t len,
                 u32 (*set)(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                            size_t value_len),
                 void *ctx);

#endif
