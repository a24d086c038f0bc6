/*
 * Between the process's ANSI code page and UTF-16, for every Reg*A function.
 */
#ifndef DECANTER_FACE_ANSI_H
#define DECANTER_FACE_ANSI_H

#include "face.h"

/* A text from the caller as UTF-16: terminated, or NULL where the caller gave NULL. */
struct wide_text {
    WCHAR *text; /* small, memory of os_alloc, or NULL */
    WCHAR small[FACE_NAME_MAX + 9];
};
/* ERROR_OUTOFMEMORY. */
u32 wide_init(struct wide_text *w, const char *from);
void wide_free(struct wide_text *w);

/* The bytes that len characters take. */
u32 ansi_size(const WCHAR *from, u32 len);
/* Converts len characters into cap bytes; true when all of them fit. */
bool ansi_put(const WCHAR *from, u32 len, char *to, u32 cap);

/* Data of a value of a text type: bytes to characters, from os_alloc. ERROR_OUTOFMEMORY. */
u32 wide_data(const char *from, u32 size, WCHAR **to, u32 *to_size);

/* Hands data of a value out as its A function does: texts converted. Without room only the size
 * is told; ERROR_MORE_DATA. A text that was stored without a terminator gets one where there is
 * room. size may be NULL when data is. */
u32 ansi_hand_out(DWORD type, const void *from, u32 from_size, void *data, DWORD *size);

#endif
