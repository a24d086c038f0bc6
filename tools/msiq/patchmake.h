/*
 * Making a patch of two versions of a package.
 */
#ifndef MSIQ_PATCHMAKE_H
#define MSIQ_PATCHMAKE_H

#include "base.h"
#include "error.h"

/* validate: what the patch compares before it takes a product for its own (MSITRANSFORM_VALIDATE).
 * Complains. */
u32 patch_make(const char16_t *old, const char16_t *new, const char16_t *out, u32 validate);

#endif
