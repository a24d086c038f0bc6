/*
 * Whether a file of a package replaces the one that is there: the rules of file versions,
 * languages, hashes and dates, under the letters of REINSTALLMODE.
 */
#ifndef MSI_FILE_RULES_H
#define MSI_FILE_RULES_H

#include "base.h"

/* The letters of REINSTALLMODE that are about files. */
enum file_mode {
    MODE_MISSING = 1,   /* p */
    MODE_OLDER = 2,     /* o */
    MODE_EQUAL = 4,     /* e */
    MODE_DIFFERENT = 8, /* d */
    MODE_CHECKSUM = 16, /* c */
    MODE_ALL = 32,      /* a */
};

u32 file_mode(const char16_t *letters, size_t len);

/* "1.2.3.4", with fewer numbers too; false for anything else, or one over 65535. */
bool version_parse(const char16_t *text, size_t len, u32 version[4]);

/* A file of the package. */
struct file_offer {
    bool versioned, hashed;
    u32 version[4];
    const char16_t *languages; /* numbers and commas; may be empty */
    size_t languages_len;
    u32 hash[4];
    u32 product_language;
};

/* The file that is there. */
struct file_there {
    bool versioned;
    u32 version[4], language;
    u64 created, written;
    bool (*hash)(void *ctx, u32 hash[4]); /* false: it cannot be read */
    void *ctx;
};

bool file_replaces(u32 mode, const struct file_offer *offer, const struct file_there *there);

#endif
