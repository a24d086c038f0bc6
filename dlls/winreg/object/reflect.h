/*
 * Reflection between the 32-bit and the 64-bit namespace (MS-RRP 3.1.1.9, 3.1.5.6): off by default,
 * as Windows 7 and later have none.
 */
#ifndef DECANTER_REFLECT_H
#define DECANTER_REFLECT_H

#include "row.h"

void reflect_set(bool on);
/* Whether an update through this row has to set UPDATECOPY. */
bool reflect_on(const struct reg_row *row);
/* Copies the key's values and subkeys to its place in the other namespace. Errors go nowhere. */
void reflect_copy(const struct reg_row *row);

#endif
