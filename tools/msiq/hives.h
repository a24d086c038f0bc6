/*
 * The folder of hives that a native msiq installs into.
 */
#ifndef MSIQ_HIVES_H
#define MSIQ_HIVES_H

#include "base.h"
#include "error.h"

/* The folder is made where it is missing. */
u32 hives_start(const char16_t *folder);
/* Writes everything out. */
u32 hives_stop(void);

#endif
