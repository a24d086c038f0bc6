/*
 * What the two files of source lists share.
 */
#ifndef MSI_SOURCES_KEY_H
#define MSI_SOURCES_KEY_H

#include "sources.h"

/* A key below the owner's; to write, it is made. The errors are those of sources.h, and
 * ERROR_FILE_NOT_FOUND for a key that is not there. */
u32 sources_open(const struct source_owner *o, const char16_t *below, bool write,
                 struct reg_key **key);
/* In decimal. */
void sources_number(u32 number, char16_t text[12]);
/* The number of a place that is in its list. */
u32 sources_place_number(const struct source_owner *o, enum source_kind kind, const char16_t *place,
                         u32 *number);

#endif
