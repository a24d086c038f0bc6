/*
 * Qualified components: below Components of a context, a key for each category, with a value for
 * each qualifier: a list of descriptors (descriptor.h), each followed by a text to show.
 */
#ifndef MSI_QUALIFIED_H
#define MSI_QUALIFIED_H

#include "descriptor.h"
#include "layout.h"

bool qualified_known(const char16_t *category);

/* The index-th descriptor of all values. The qualifier and the text are from os_alloc.
 * ERROR_UNKNOWN_COMPONENT, ERROR_NO_MORE_ITEMS, ERROR_INVALID_PARAMETER for what is no descriptor.
 */
u32 qualified_at(const char16_t *category, u32 index, char16_t **qualifier, char16_t **text);
/* What a qualifier stands for; product NULL: the first. ERROR_UNKNOWN_COMPONENT,
 * ERROR_INDEX_ABSENT: there is no such qualifier. */
u32 qualified_find(const char16_t *category, const char16_t *qualifier, const char16_t *product,
                   struct descriptor *d);

#endif
