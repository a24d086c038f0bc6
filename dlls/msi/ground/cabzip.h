/*
 * The usual cabinets, without libmspack: one file, whose folders are stored or MSZIP. Faster, and
 * nothing else: what is another kind of cabinet is told as such.
 */
#ifndef MSI_CABZIP_H
#define MSI_CABZIP_H

#include "cabinet.h"

/* Reads the cabinet; the bytes stay the caller's. ERROR_NOT_SUPPORTED, before anything was said to
 * the user, for a cabinet that is another one's part or of another compression. */
u32 cabzip_read(const struct cab_user *user, const struct cab_bytes *bytes);

#endif
