/*
 * The categories of _Validation.Category: what a text of each looks like.
 */
#ifndef MSI_VALIDCAT_H
#define MSI_VALIDCAT_H

#include "base.h"

/* VALID_NOERROR, the category's error, or VALID_BADCATEGORY for a category there is not. */
int valid_category(const char16_t *category, size_t category_len, const char16_t *text, size_t len);

/* Whether a text of a column that refers to other tables stands for itself, and is not looked for
 * in these: a version of a file, which else is its companion's key, and a formatted target of a
 * shortcut, which else is a feature. */
bool valid_is_no_key(const char16_t *category, size_t category_len, const char16_t *text,
                     size_t len);

#endif
