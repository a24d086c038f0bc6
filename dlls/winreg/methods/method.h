/*
 * What every method begins with: the server's life and the handle.
 */
#ifndef DECANTER_METHOD_H
#define DECANTER_METHOD_H

#include "access.h"
#include "handles.h"
#include "life.h"
#include "nsp.h"
#include "text.h"
#include "trace.h"

struct call {
    u32 pass; /* of life_enter */
    u32 handle;
    struct reg_row row;
    u32 used;          /* bytes of room */
    struct held *held; /* what found no room there */
    u64 room[64];
};

/* Room for n bytes until the call ends; NULL: no memory. */
void *call_room(struct call *c, size_t n);
/* *p, n bytes of the client's, becomes a copy of them that lasts until the call ends. Of what a
 * client gives, nothing is touched while others may wait for this thread: its memory may not be
 * there (ERROR_NOACCESS), or take long to come. ERROR_OUTOFMEMORY. */
u32 call_copy(struct call *c, const void **p, size_t n);
/* The same for a text; zeros at its end are no part of it. */
u32 call_text(struct call *c, struct text *t);
/* text_in and call_text. */
u32 call_text_in(struct call *c, const RRP_UNICODE_STRING *in, struct text *out);

/* Enters the server and looks the handle up. On an error it has left again. The life's errors;
 * `bad` where the handle is none. */
u32 call_begin(struct call *c, RPC_HKEY key, u32 bad);
/* The same for any handle, that of a transaction too. */
u32 call_begin_any(struct call *c, RPC_HKEY key, u32 bad);
/* The same without a handle. */
u32 call_begin_open(struct call *c);
/* Leaves; returns err. */
u32 call_end(struct call *c, u32 err);

/* A value's data to the client's memory, in a read. ERROR_NOACCESS, and what val_data says. */
u32 call_data(struct hview *v, const struct val_info *info, u8 *to);

/* ERROR_INVALID_HANDLE for performance keys, ERROR_ACCESS_DENIED where the handle was not granted
 * all of `rights`. */
u32 call_need(const struct call *c, u32 rights);
bool call_is_perf(const struct call *c);

/* nsp_read on the call's row; what it learns of the key's place is kept with the handle. */
u32 call_read(struct call *c, nsp_reader fn, void *ctx);

/* A handle for the row to the client. */
u32 call_give(const struct reg_row *row, PRPC_HKEY out);
/* A kernel handle that was made for the row (handles.h) becomes one of the table. */
u32 call_lend(const struct reg_row *row, u32 handle);
/* The bookkeeping of a row that left the table. */
void call_closed(u32 handle, const struct reg_row *row);

#endif
