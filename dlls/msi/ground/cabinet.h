/*
 * Reading cabinets: cabinet_win.c stands on cabinet.dll, cabinet_posix.c on libmspack.
 *
 * A cabinet's bytes come from wherever the user has them, and go wherever it wants, in pieces;
 * nothing is in memory whole. A cabinet that goes on in another one is read on there.
 */
#ifndef MSI_CABINET_H
#define MSI_CABINET_H

#include "base.h"
#include "error.h"

/* The bytes of one cabinet. */
struct cab_bytes {
    u64 size;
    /* Up to n bytes at off; *got is less only at the end. */
    u32 (*read)(void *ctx, u64 off, void *buf, u32 n, u32 *got);
    void (*close)(void *ctx);
    void *ctx;
};

enum cab_attributes {
    CAB_READONLY = 0x01,
    CAB_HIDDEN = 0x02,
    CAB_SYSTEM = 0x04,
    CAB_ARCHIVE = 0x20,
    CAB_EXECUTE = 0x40,
};

struct cab_file {
    const char16_t *name; /* as stored; of a package's file: its key */
    u32 size;             /* bytes, uncompressed */
    u16 date, time;       /* as MS-DOS writes them, local time */
    u32 attributes;       /* enum cab_attributes */
};

/* An error that a function gives ends the reading, and is what cab_read returns. */
struct cab_user {
    void *ctx;
    /* The cabinet of that name: the one that was asked for, or one that another goes on in. */
    u32 (*open)(void *ctx, const char16_t *name, struct cab_bytes *out);
    /* A file comes; *want says whether its bytes are. */
    u32 (*begin)(void *ctx, const struct cab_file *f, bool *want);
    u32 (*data)(void *ctx, const void *bytes, u32 n);
    /* All bytes have come and were sound. */
    u32 (*end)(void *ctx, const struct cab_file *f);
};

/* Reads the cabinet and those that it goes on in, in their order. ERROR_FILE_CORRUPT for what is
 * no cabinet or damaged, also where bytes do not fit their checksum; ERROR_UNSUPPORTED_TYPE for a
 * compression that is not known; ERROR_OUTOFMEMORY. A file that was begun and not ended is not
 * whole. */
u32 cab_read(const struct cab_user *user, const char16_t *name);

/* A name in a cabinet as text, terminated, at most cap - 1 units: UTF-8 where it is that, else
 * Windows' Western code page. */
void cab_name(const char *bytes, char16_t *out, size_t cap);

/* Of n bytes, going on with `seed`: a block's is that of its two sizes behind that of its bytes. */
u32 cab_checksum(const u8 *bytes, u32 n, u32 seed);

#endif
