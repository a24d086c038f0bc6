/*
 * MSZIP, the usual compression of cabinets: blocks of at most 32 KB, each "CK" and a deflate stream
 * (RFC 1951) that may refer to the bytes of the blocks before it.
 */
#ifndef MSI_MSZIP_H
#define MSI_MSZIP_H

#include "base.h"
#include "error.h"

enum {
    MSZIP_BLOCK = 32768, /* bytes of a whole block */
    MSZIP_PAD = 8,       /* bytes that may be read behind the input */
};

struct mszip {
    u8 window[2 * MSZIP_BLOCK]; /* the blocks before, then the one that is made */
    u32 history;                /* bytes of the first half that are there, at its end */
    u32 last;                   /* bytes of the block that was made last */
};

/* Forgets the blocks before. */
void mszip_start(struct mszip *z);
/* Makes the out_len bytes (at most MSZIP_BLOCK) of a block, which *out then points to until the
 * next call. `in` has MSZIP_PAD bytes more than in_len. ERROR_FILE_CORRUPT. */
u32 mszip_block(struct mszip *z, const u8 *in, u32 in_len, u32 out_len, const u8 **out);

#endif
