/*
 * The calls that a host process of custom actions makes to the process that installs, as bytes.
 *
 * bridge_list.h says of each function by a letter what its arguments are. A request has for each,
 * one after the other, little-endian and without gaps:
 *
 *   h r    a handle: its number there (0: none)                        u32
 *   u      a number                                                    u32
 *   t f    a text; f is a path, made a full one by the host:           u32 length (NO_TEXT: NULL),
 *          bytes in A functions, UTF-16 in W functions                 characters
 *   n      a number to be given back                                   u8 there, u32
 *   i      a FILETIME to be given back                                 u8 there, 8 bytes
 *   m      a handle to be given back                                   u8 there
 *   b c    a buffer for text, for bytes                                u8 there
 *   s      the size of the buffer before it                            u8 there, u32
 *
 * and a reply what the function returned (u32), and for what is given back and there:
 *
 *   n s    u32
 *   i      8 bytes
 *   m      u8 changed, u32 number
 *   b c    u32 how many characters or bytes were written, and these
 *
 * Numbers of handles are the action's own, from REMOTE_FIRST, and mean nothing to another action.
 */
#ifndef MSI_HOST_CALLS_H
#define MSI_HOST_CALLS_H

#include <windows.h>

#include "base.h"
#include "buf.h"
#include "error.h"

enum { REMOTE_FIRST = 0x200000, REMOTE_LAST = 0x3fffff, HOST_ARGS_MAX = 8 };
enum { HOST_PIECE = 0x400000 }; /* bytes of a stream in a reply */
enum { HOST_MOST = 0x4000000 }; /* bytes of a request; HOST_REQUEST_MAX of actionhost.idl */
#define NO_TEXT 0xffffffffu

struct host_function {
    const char *name, *rules;
    u32 count;           /* of arguments */
    void *ours, *remote; /* the second, in a host, calls the first in the process that installs */
};

extern const struct host_function host_functions[];
u32 host_function_count(void);
/* Which functions there are with what arguments, as a number; both sides must have the same. */
u32 host_function_list(void);
/* An index; host_function_count() where there is none. */
u32 host_function_find(const char *name);
bool host_function_ansi(const struct host_function *f);
/* Whether it returns a handle. */
bool host_function_opens(const struct host_function *f);
u32 host_function_call(const struct host_function *f, const uintptr_t *args);

/* --- bytes --------------------------------------------------------------------------------------
 */

struct wire_out {
    struct buf b;
    bool failed;
};

static inline void wire_put(struct wire_out *w, const void *p, size_t n)
{
    if (!w->failed && buf_add(&w->b, p, n))
        w->failed = true;
}
static inline void wire_put32(struct wire_out *w, u32 v)
{
    u8 bytes[4];

    put_le32(bytes, v);
    wire_put(w, bytes, sizeof(bytes));
}
static inline void wire_put8(struct wire_out *w, bool v)
{
    u8 byte = v;

    wire_put(w, &byte, 1);
}

/* What runs over the end is bad, and zeros. */
struct wire_in {
    const u8 *p;
    size_t left;
    bool bad;
};

static inline const u8 *wire_take(struct wire_in *w, size_t n)
{
    const u8 *p = w->p;

    if (n > w->left) {
        w->bad = true;
        return NULL;
    }
    w->p += n;
    w->left -= n;
    return p;
}
static inline u32 wire_get32(struct wire_in *w)
{
    const u8 *p = wire_take(w, 4);

    return p ? le32(p) : 0;
}
static inline bool wire_get8(struct wire_in *w)
{
    const u8 *p = wire_take(w, 1);

    return p && *p;
}

#endif
