/*
 * How MSI packs stream names into the 31 units that a compound file allows.
 *
 * Of the 64 characters 0-9 A-Z a-z . _ (values 0 to 63 in this order):
 *   0x3800 + a + 64 * b   two of them, a first
 *   0x4800 + a            one of them
 *   0x4840                at the start only: the stream belongs to a table
 * Any other unit stands for itself.
 */
#ifndef DECANTER_NAMECODEC_H
#define DECANTER_NAMECODEC_H

#include "base.h"
#include "error.h"

#define NAME_STORED_MAX 31 /* units of a stored name, the table mark included */
#define NAME_MAX_UNITS  62 /* units of a name in clear */

/* Packs a name of len units; table asks for the table mark. `stored` is terminated.
 * ERROR_INVALID_NAME for an empty name, ERROR_FILENAME_EXCED_RANGE for one that does not fit; then
 * stored is untouched. */
u32 name_encode(const char16_t *name, size_t len, bool table, char16_t stored[NAME_STORED_MAX + 1]);

/* Unpacks a terminated stored name of at most 31 units (what follows is cut) and returns the length
 * of the name, which is terminated. *table (may be NULL) tells whether the table mark was there. */
size_t name_decode(const char16_t *stored, char16_t name[NAME_MAX_UNITS + 1], bool *table);

#endif
