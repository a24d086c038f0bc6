/*
 * The compound file on disk (MS-CFB), all numbers little-endian.
 *
 * Sector i lies at (i + 1) << shift; the header takes the place before sector 0. shift is 9 in
 * version 3 files and 12 in version 4.
 *
 *   Header, 512 bytes
 *     00  8  signature D0 CF 11 E0 A1 B1 1A E1
 *     08 16  class, zero
 *     18  2  minor version, 3E
 *     1A  2  major version, 3 or 4
 *     1C  2  byte order, FFFE
 *     1E  2  sector shift, 9 or 12
 *     20  2  mini sector shift, 6
 *     28  4  directory sectors (version 4; 0 in version 3)
 *     2C  4  FAT sectors
 *     30  4  first directory sector
 *     34  4  transaction number: here, how often the file was committed
 *     38  4  mini stream cutoff, 4096
 *     3C  4  first mini FAT sector
 *     40  4  mini FAT sectors
 *     44  4  first DIFAT sector
 *     48  4  DIFAT sectors
 *     4C     the first 109 FAT sectors
 *
 *   FAT: an array of u32, one for each sector: the next one of its chain, or CFB_END, CFB_FREE,
 *   CFB_FAT_SECTOR, CFB_DIFAT_SECTOR. A DIFAT sector lists further FAT sectors, its last u32 the
 *   next DIFAT sector.
 *
 *   Directory: a chain of 128-byte entries
 *     00 64  name, UTF-16, terminated
 *     40  2  its length in bytes, with the terminator
 *     42  1  0 unused, 1 storage, 2 stream, 5 root
 *     43  1  0 red, 1 black
 *     44  4  left sibling, 48 4 right sibling, 4C 4 child (CFB_NONE: none)
 *     50 16  class
 *     60  4  state bits
 *     64  8  creation time, 6C 8 modification time
 *     74  4  first sector, 78 8 size in bytes (version 3: the low half counts)
 *   The siblings of a storage are a red-black tree in the order of cfb_name_compare.
 *
 *   Streams under 4096 bytes lie in 64-byte mini sectors of the mini stream, which is the stream of
 *   the root entry; the mini FAT chains them as the FAT does sectors.
 */
#ifndef DECANTER_CFB_FORMAT_H
#define DECANTER_CFB_FORMAT_H

#include "base.h"

#define CFB_DIFAT_SECTOR 0xfffffffcu
#define CFB_FAT_SECTOR   0xfffffffdu
#define CFB_END          0xfffffffeu
#define CFB_FREE         0xffffffffu
#define CFB_NONE         0xffffffffu
#define CFB_MAX_SECTOR   0xfffffffau

enum {
    CFB_HEADER_SIZE = 512,
    CFB_HEADER_FAT = 109, /* FAT sectors that the header lists */
    CFB_ENTRY_SIZE = 128,
    CFB_MINI_SHIFT = 6,
    CFB_MINI_SIZE = 64,
    CFB_CUTOFF = 4096,
    CFB_NAME_UNITS = 32, /* with the terminator */
    CFB_SHIFT_V3 = 9,
    CFB_SHIFT_V4 = 12,
};

enum cfb_type { CFB_UNUSED = 0, CFB_STORAGE = 1, CFB_STREAM = 2, CFB_ROOT = 5 };
enum cfb_colour { CFB_RED = 0, CFB_BLACK = 1 };

enum cfb_header_field {
    CFB_H_MINOR = 0x18,
    CFB_H_MAJOR = 0x1a,
    CFB_H_ORDER = 0x1c,
    CFB_H_SHIFT = 0x1e,
    CFB_H_MINI_SHIFT = 0x20,
    CFB_H_DIR_COUNT = 0x28,
    CFB_H_FAT_COUNT = 0x2c,
    CFB_H_DIR = 0x30,
    CFB_H_COMMITS = 0x34,
    CFB_H_CUTOFF = 0x38,
    CFB_H_MINIFAT = 0x3c,
    CFB_H_MINIFAT_COUNT = 0x40,
    CFB_H_DIFAT = 0x44,
    CFB_H_DIFAT_COUNT = 0x48,
    CFB_H_FAT = 0x4c,
};

enum cfb_entry_field {
    CFB_E_NAME_BYTES = 0x40,
    CFB_E_TYPE = 0x42,
    CFB_E_COLOUR = 0x43,
    CFB_E_LEFT = 0x44,
    CFB_E_RIGHT = 0x48,
    CFB_E_CHILD = 0x4c,
    CFB_E_CLASS = 0x50,
    CFB_E_STATE = 0x60,
    CFB_E_CREATED = 0x64,
    CFB_E_MODIFIED = 0x6c,
    CFB_E_START = 0x74,
    CFB_E_SIZE = 0x78,
};

static inline u16 get16(const u8 *p)
{
    return (u16)(p[0] | p[1] << 8);
}

static inline u32 get32(const u8 *p)
{
    return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

static inline u64 get64(const u8 *p)
{
    return get32(p) | (u64)get32(p + 4) << 32;
}

static inline void put16(u8 *p, u16 v)
{
    p[0] = (u8)v;
    p[1] = (u8)(v >> 8);
}

static inline void put32(u8 *p, u32 v)
{
    put16(p, (u16)v);
    put16(p + 2, (u16)(v >> 16));
}

static inline void put64(u8 *p, u64 v)
{
    put32(p, (u32)v);
    put32(p + 4, (u32)(v >> 32));
}

#endif
