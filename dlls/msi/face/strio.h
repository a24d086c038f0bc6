/*
 * Text in and out of the exported functions, A and W, in one place.
 *
 * In: A text is bytes in the process's code page (CP_ACP).
 * Out, the same for every function: *size is the buffer's room in characters (bytes for A), with
 * the terminator; on return it is the length of the whole text without it. What does not fit is
 * cut, terminated, and answered with ERROR_MORE_DATA; a room of 0 leaves the buffer alone. Without
 * a buffer the length is returned with success.
 */
#ifndef MSI_STRIO_H
#define MSI_STRIO_H

#include <windows.h>

#include "base.h"
#include "error.h"

struct text_in {
    const char16_t *text; /* terminated; NULL where NULL was given */
    size_t len;
    char16_t *owned;
    char16_t small[80];
};

/* ERROR_OUTOFMEMORY. What it made lives until text_done. */
u32 text_from_a(struct text_in *t, const char *s);
u32 text_from_w(struct text_in *t, const WCHAR *s);
void text_done(struct text_in *t);

static inline const char16_t *w16(const WCHAR *s)
{
    return (const char16_t *)s;
}

struct text_out {
    void *buf;
    DWORD *size;
    bool ansi;
};

static inline struct text_out out_a(char *buf, DWORD *size)
{
    return (struct text_out){buf, size, true};
}
static inline struct text_out out_w(WCHAR *buf, DWORD *size)
{
    return (struct text_out){buf, size, false};
}

/* ERROR_INVALID_PARAMETER for a buffer without a size; ERROR_MORE_DATA. */
u32 text_put(struct text_out out, const char16_t *s, size_t len);

#endif
