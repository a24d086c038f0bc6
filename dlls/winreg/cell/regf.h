/*
 * The records of a hive file (regf 1.1 to 1.6), as offsets into the data of a cell. Numbers are
 * little-endian; offsets are relative to the hive bins data; -1 is none.
 *
 * Bin (a multiple of 4096 bytes, at a multiple of 4096):
 *   0 "hbin"   4 its own offset   8 its size   12 reserved (8)   20 time, first bin only (8)
 *   28 spare   32 cells up to the end
 *
 * Cell (at a multiple of 8): 0 size with these 4 bytes, a multiple of 8, negative when in use;
 *   then the data. A free cell of 16 bytes and more has in the shared image the next and the
 *   previous free cell of its list in its data; in the file these bytes mean nothing.
 *
 * nk key: 0 "nk"  2 flags  4 last write (8)  12 access bits  16 parent  20 subkeys  24 volatile
 *   subkeys  28 their list  32 list of volatile ones  36 values  40 list of values  44 sk  48 class
 *   52 longest subkey name (2), user and virtualisation flags (1), debug (1)  56 longest subkey
 *   class  60 longest value name  64 longest value data  68 WorkVar: free for us, the key's number
 *   72 name length (2)  74 class length (2)  76 name, Latin-1 with KEYF_COMP_NAME or UTF-16
 * vk value: 0 "vk"  2 name length  4 data size, bit 31: data in the next field  8 data cell
 *   12 type  16 flags, 1: name is Latin-1  18 spare  20 name
 * sk security: 0 "sk"  2 reserved  4 next  8 previous  12 users  16 size  20 descriptor
 * li, lf, lh lists: 0 signature  2 count  4 entries: li: key (4); lf: key (4), first four
 *   characters (4); lh: key (4), hash (4): h = 37 * h + upper-cased character
 * ri: 0 "ri"  2 count  4 lists (4 each)
 * db big data (minor version above 3, more than 16344 bytes): 0 "db"  2 count  4 list of cells,
 *   which hold 16344 bytes each and the last the rest
 */
#ifndef DECANTER_REGF_H
#define DECANTER_REGF_H

#include "base.h"

#define REGF_BIN 4096u

#define SIG2(a, b) ((u16)((a) | (b) << 8))
#define SIG_HBIN   0x6e696268u
#define SIG_NK     SIG2('n', 'k')
#define SIG_VK     SIG2('v', 'k')
#define SIG_SK     SIG2('s', 'k')
#define SIG_LI     SIG2('l', 'i')
#define SIG_LF     SIG2('l', 'f')
#define SIG_LH     SIG2('l', 'h')
#define SIG_RI     SIG2('r', 'i')
#define SIG_DB     SIG2('d', 'b')

enum bin_offsets {
    BIN_OFFSET = 4,
    BIN_SIZE = 8,
    BIN_TIME = 20,
    BIN_HEAD = 32,
};

enum nk_offsets {
    NK_FLAGS = 2,
    NK_TIME = 4,
    NK_PARENT = 16,
    NK_COUNT = 20, /* stable, then volatile */
    NK_LIST = 28,  /* stable, then volatile */
    NK_VALUES = 36,
    NK_VALUE_LIST = 40,
    NK_SK = 44,
    NK_CLASS = 48,
    NK_MAX_NAME = 52,
    NK_USER_FLAGS = 54,
    NK_MAX_CLASS = 56,
    NK_MAX_VALUE_NAME = 60,
    NK_MAX_VALUE_DATA = 64,
    NK_WORK = 68,
    NK_NAME_LEN = 72,
    NK_CLASS_LEN = 74,
    NK_NAME = 76,
};

enum vk_offsets {
    VK_NAME_LEN = 2,
    VK_SIZE = 4,
    VK_DATA = 8,
    VK_TYPE = 12,
    VK_FLAGS = 16,
    VK_NAME = 20,
};
#define VK_INLINE    0x80000000u
#define VK_COMP_NAME 1u

enum sk_offsets {
    SK_NEXT = 4,
    SK_PREV = 8,
    SK_USERS = 12,
    SK_SIZE = 16,
    SK_BYTES = 20,
};

enum list_offsets {
    LIST_COUNT = 2,
    LIST_ENTRIES = 4,
};

enum db_offsets {
    DB_COUNT = 2,
    DB_LIST = 4,
    DB_SIZE = 8,
};
#define DB_SEGMENT 16344u
#define DB_MINOR   4u /* the first version that has big data */
#define LH_MINOR   5u /* the first version that has hash leaves */

STATIC_ASSERT(NK_NAME == 76 && VK_NAME == 20 && SK_BYTES == 20);

#endif
