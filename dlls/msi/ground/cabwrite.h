/*
 * Writing cabinets: whole files, not compressed, as MS-CAB has them.
 *
 *   header   36  MSCF, sizes, where the files begin, version 1.3, counts
 *   folders   8  each: where its blocks begin, their number, how they are compressed (0: not)
 *   files    16  each, and its name: size, place in its folder, folder, date, time, attributes
 *   blocks    8  each, and up to 32768 bytes: checksum, bytes stored, bytes meant
 */
#ifndef MSI_CABWRITE_H
#define MSI_CABWRITE_H

#include "base.h"
#include "error.h"
#include "os.h"

struct cab_put {
    const char16_t *name; /* at most 255 bytes of UTF-8 */
    const char16_t *path; /* whose bytes it has */
    u32 size;             /* found by cab_make, and the last two */
    u32 date, time;       /* as MS-DOS has them */
    u32 attributes;       /* enum cab_attributes */
    u32 folder, offset;
};

/* Writes them to a file from its beginning; *size: what was written. ERROR_FILE_TOO_LARGE: a file
 * of 2 GB, a cabinet of 4 GB, more than 65535 files. ERROR_INVALID_NAME. ERROR_READ_FAULT: a file
 * that becomes shorter meanwhile. */
u32 cab_make(struct os_file *to, struct cab_put *files, u32 count, u64 *size);

#endif
