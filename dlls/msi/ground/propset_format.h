/*
 * A property set stream (MS-OLEPS 2.21), all numbers little-endian.
 *
 *   00  2  byte order, FFFE
 *   02  2  version, 0 (1 is read too)
 *   04  4  system, 00020006
 *   08 16  class, zero
 *   18  4  number of sections; the first one is read, one is written
 *   1C 16  format of the section: FMTID_SummaryInformation
 *   2C  4  where the section begins
 *
 *   Section
 *     00 4  its size in bytes
 *     04 4  number of properties
 *     08    for each: 4 identifier, 4 where its value begins in the section
 *
 *   Value, at a multiple of four
 *     00 4  type
 *     04    VT_I2: 2 bytes, VT_I4: 4, VT_FILETIME: 8, each padded to a multiple of four
 *           VT_LPSTR: 4 bytes with the size of what follows, text in the code page, terminator
 *           VT_LPWSTR: 4 bytes with the number of UTF-16 units that follow, the terminator included
 */
#ifndef DECANTER_PROPSET_FORMAT_H
#define DECANTER_PROPSET_FORMAT_H

#include "base.h"

enum {
    PS_HEADER = 0x30, /* with the one section's format and place */
    PS_SECTIONS = 0x18,
    PS_FORMAT = 0x1c,
    PS_PLACE = 0x2c,
    PS_SECTION_HEADER = 8,
    PS_INDEX_ENTRY = 8,
};

extern const u8 ps_summary_format[16];

#endif
