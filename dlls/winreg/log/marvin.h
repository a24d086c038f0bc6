/*
 * Marvin32, the checksum of log entries: 64 bits of hash under a 64-bit seed.
 */
#ifndef DECANTER_MARVIN_H
#define DECANTER_MARVIN_H

#include "base.h"

/* The seed of registry logs. */
#define MARVIN_LOG_SEED 0x82ef4d887a4e55c5u

/* data needs no alignment. */
u64 marvin32(u64 seed, const void *data, size_t n);

#endif
