/*
 * Windows code pages: codepage_win.c asks kernel32, codepage_posix.c iconv.
 */
#ifndef DECANTER_CODEPAGE_H
#define DECANTER_CODEPAGE_H

#include "base.h"
#include "error.h"

/* UTF-16 is one in property sets only; it is not converted here. */
enum { CODEPAGE_ACP = 0, CODEPAGE_UTF16 = 1200, CODEPAGE_UTF8 = 65001 };

/* Whether text of that code page can be converted here. CODEPAGE_ACP is the process's own
 * (on the host: 1252). */
bool codepage_known(u32 cp);
/* The number of the process's own code page. */
u32 codepage_acp(void);

/* Bytes to UTF-16. Writes at most cap units, no terminator; *need is what the whole text takes,
 * and cap may be 0 to ask. Bytes that stand for nothing become the code page's default character.
 * ERROR_INVALID_PARAMETER for an unknown code page, ERROR_NOT_ENOUGH_MEMORY. */
u32 codepage_decode(u32 cp, const char *from, size_t len, char16_t *to, size_t cap, size_t *need);

/* UTF-16 to bytes, in the same way. *lossy (may be NULL) tells whether a character had no
 * equivalent and became the default character. */
u32 codepage_encode(u32 cp, const char16_t *from, size_t len, char *to, size_t cap, size_t *need,
                    bool *lossy);

/* The length in bytes of the first character (1 or 2) of a double-byte code page's text. */
size_t codepage_char_len(u32 cp, const char *s, size_t len);

#endif
