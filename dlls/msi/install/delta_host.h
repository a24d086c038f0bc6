/*
 * For tests: who applies deltas on the host.
 */
#ifndef MSI_DELTA_HOST_H
#define MSI_DELTA_HOST_H

#include "delta.h"

/* As delta_apply; NULL: nobody. */
void delta_use(u32 (*apply)(const char16_t *old, const char16_t *delta, const char16_t *made));

#endif
