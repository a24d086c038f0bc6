/*
 * MD5 (RFC 1321), which MsiGetFileHash is. For comparing files, not for trusting them.
 */
#ifndef MSI_MD5_H
#define MSI_MD5_H

#include "base.h"

struct md5 {
    u32 state[4];
    u64 len;
    u8 block[64];
};

void md5_init(struct md5 *m);
void md5_add(struct md5 *m, const void *data, size_t len);
void md5_done(struct md5 *m, u32 digest[4]);

#endif
