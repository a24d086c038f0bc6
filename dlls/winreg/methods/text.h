/*
 * Strings of the protocol: RRP_UNICODE_STRING in and out (the rules stand in rrp.h).
 */
#ifndef DECANTER_TEXT_H
#define DECANTER_TEXT_H

#include "base.h"
#include "error.h"

#ifndef RRP_STANDALONE
#define RRP_STANDALONE
#endif
#include "rrp.h"

struct text {
    const char16_t *s; /* not terminated; never NULL */
    u32 len;           /* in characters */
};

/* ERROR_INVALID_PARAMETER: in is NULL, or has a Length and no Buffer. The characters are the
 * client's memory still, and have not been looked at. */
u32 text_in(const RRP_UNICODE_STRING *in, struct text *out);
/* The same, terminated, in memory from os_alloc: a file's name. ERROR_INVALID_PARAMETER too for an
 * empty one. */
u32 text_path(const RRP_UNICODE_STRING *in, char16_t **out);

/* Puts out len characters and a terminator. ERROR_MORE_DATA, ERROR_OUTOFMEMORY, ERROR_NOACCESS. */
u32 text_out(const RRP_UNICODE_STRING *in, RPC_UNICODE_STRING *out, const char16_t *s, u32 len);
/* The same for a class: in or out NULL is success, and none needs no room. */
u32 text_out_wanted(const RRP_UNICODE_STRING *in, RPC_UNICODE_STRING *out, const char16_t *s,
                    u32 len);

#endif
