/*
 * Keys and values as bytes, in notes: regbytes.c has their layout.
 */
#ifndef MSI_REGBYTES_H
#define MSI_REGBYTES_H

#include "buf.h"
#include "reg.h"

u32 reg_add_text(struct buf *b, const char16_t *text);
u32 reg_add_about(struct buf *b, const struct reg_about *about);
/* All of the key's. ERROR_NOT_SUPPORTED: b would be longer than `most`. */
u32 reg_add_values(struct buf *b, struct reg_key *key, size_t most);

/* Bytes that are read; they may be anybody's. What is none of theirs is ERROR_FILE_CORRUPT. */
struct reg_bytes {
    const u8 *from;
    size_t size, at;
};
struct reg_value {
    char16_t name[REG_NAME_MAX];
    u32 type, size;
    const u8 *bytes; /* in those that are read */
};
u32 reg_take_number(struct reg_bytes *b, u32 *n);
u32 reg_take_text(struct reg_bytes *b, char16_t name[REG_NAME_MAX], size_t *len);
u32 reg_take_value(struct reg_bytes *b, struct reg_value *v);
/* reg_about_free it, also after an error. */
u32 reg_take_about(struct reg_bytes *b, struct reg_about *about);

#endif
