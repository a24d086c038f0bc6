/*
 * No library of the host's knows the form of deltas.
 */
#include "delta_host.h"

#include <stddef.h>

static u32 (*applies)(const char16_t *old, const char16_t *delta, const char16_t *made);

void delta_use(u32 (*apply)(const char16_t *old, const char16_t *delta, const char16_t *made))
{
    applies = apply;
}

u32 delta_apply(const char16_t *old, const char16_t *delta, const char16_t *made)
{
    return applies ? applies(old, delta, made) : ERROR_MOD_NOT_FOUND;
}
