/*
 * A request of a host process: unpacked, done by the function of ours that it names, and answered.
 *
 * Nothing in a request is believed: numbers of handles are looked up among those of the action, a
 * buffer has the size that the answer needs, not the one that is claimed, and what runs over the
 * end of the request makes it none.
 */
#include "host_serve.h"

#include <msiquery.h>

#include "os.h"
#include "trace.h"

/* Buffers are first of this size, in characters; larger where what is asked for is longer. */
enum { ROOM_CHARS = 4096, ROOM_MOST = 0x2000000 };

/* An argument: where it is kept while the function runs. */
struct arg {
    char rule;
    bool there;
    u32 number; /* of a handle; the size that was asked for */
    DWORD out;
    MSIHANDLE handle;
    FILETIME time;
    void *memory;
    u32 room; /* of a buffer, in characters */
};

struct request {
    const struct host_function *f;
    struct host_handles *handles;
    struct arg arg[HOST_ARGS_MAX];
    uintptr_t value[HOST_ARGS_MAX];
    u32 unit; /* bytes of a character */
    bool no_memory;
};

/* --- in -----------------------------------------------------------------------------------------
 */

static void get_text(struct request *r, struct arg *a, struct wire_in *in)
{
    u32 len = wire_get32(in);
    const u8 *chars;
    u8 *text;

    if (len == NO_TEXT || in->bad)
        return;
    chars = len > in->left / r->unit ? NULL : wire_take(in, (size_t)len * r->unit);
    if (!chars) {
        in->bad = true;
        return;
    }
    text = os_alloc_array((u64)len + 1, r->unit);
    if (!text) {
        r->no_memory = true;
        return;
    }
    memcpy(text, chars, (size_t)len * r->unit);
    memset(text + (size_t)len * r->unit, 0, r->unit);
    a->memory = text;
    a->there = true;
}

static void get_time(struct arg *a, struct wire_in *in)
{
    const u8 *p;

    a->there = wire_get8(in);
    p = wire_take(in, 8);
    if (p)
        a->time = (FILETIME){le32(p), le32(p + 4)};
}

static uintptr_t get_arg(struct request *r, struct arg *a, struct wire_in *in)
{
    switch (a->rule) {
    case 'h':
        a->number = wire_get32(in);
        if (!a->number) /* another function, then: one that opens what the host names */
            in->bad = true;
        return host_handles_get(r->handles, a->number);
    case 'r':
        a->number = wire_get32(in);
        return host_handles_get(r->handles, a->number);
    case 'u':
        return wire_get32(in);
    case 't':
    case 'f':
        get_text(r, a, in);
        return (uintptr_t)a->memory;
    case 'n':
    case 's':
        a->there = wire_get8(in);
        a->number = a->out = wire_get32(in);
        return a->there ? (uintptr_t)&a->out : 0;
    case 'i':
        get_time(a, in);
        return a->there ? (uintptr_t)&a->time : 0;
    case 'm':
        a->there = wire_get8(in);
        a->handle = NO_HANDLE;
        return a->there ? (uintptr_t)&a->handle : 0;
    default: /* b, c: its memory is known when its size is */
        a->there = wire_get8(in);
        return 0;
    }
}

/* Room in a buffer for `chars`, and a mark by which it is seen whether anything is written. */
static void make_room(struct request *r, u32 i, u32 chars)
{
    struct arg *a = &r->arg[i];
    u32 unit = a->rule == 'c' ? 1 : r->unit;

    os_free(a->memory);
    a->room = chars;
    a->memory = os_alloc_array((u64)chars + 1, unit);
    r->value[i] = (uintptr_t)a->memory;
    if (a->memory)
        memset(a->memory, 0xff, ((size_t)chars + 1) * unit);
    else
        r->no_memory = true;
}

static void prepare_buffers(struct request *r)
{
    for (u32 i = 0; i < r->f->count; i++) {
        struct arg *a = &r->arg[i], *size = a + 1;
        u32 most = a->rule == 'c' ? HOST_PIECE : ROOM_CHARS;

        if ((a->rule != 'b' && a->rule != 'c') || !a->there)
            continue;
        if (!size->there)
            size->number = 0;
        make_room(r, i, size->number < most ? size->number : most);
        size->out = a->room;
    }
}

/* --- out ----------------------------------------------------------------------------------------
 */

/* Of a text that was written into a buffer, with its end; 0: there is none, and nothing was. */
static u32 written(const struct request *r, const struct arg *a)
{
    const u8 *bytes = a->memory;
    const WCHAR *wide = a->memory;

    for (u32 n = 0; n < a->room; n++)
        if (r->unit == 1 ? !bytes[n] : !wide[n])
            return n + 1;
    return 0;
}

static u32 give_number(struct request *r, MSIHANDLE h)
{
    u32 number = h ? host_handles_add(r->handles, h) : 0;

    if (h && !number)
        MsiCloseHandle(h);
    return number;
}

static void put_handle(struct request *r, struct arg *a, struct wire_out *out)
{
    bool changed = a->handle != NO_HANDLE;

    wire_put8(out, changed);
    wire_put32(out, changed ? give_number(r, a->handle) : 0);
}

static void put_arg(struct request *r, u32 i, u32 result, struct wire_out *out)
{
    struct arg *a = &r->arg[i];
    u32 n;

    if (!a->there)
        return;
    switch (a->rule) {
    case 'n':
        wire_put32(out, a->out);
        break;
    case 's': /* what it was not changed from may be less than what was asked for */
        wire_put32(out, a[-1].there && a->out == a[-1].room ? a->number : a->out);
        break;
    case 'i':
        wire_put32(out, a->time.dwLowDateTime);
        wire_put32(out, a->time.dwHighDateTime);
        break;
    case 'm':
        put_handle(r, a, out);
        break;
    case 'b':
        n = written(r, a);
        wire_put32(out, n);
        wire_put(out, a->memory, (size_t)n * r->unit);
        break;
    case 'c':
        n = !result && a[1].there ? a[1].out : 0;
        n = n < a->room ? n : a->room;
        wire_put32(out, n);
        wire_put(out, a->memory, n);
        break;
    }
}

/* --- the call -----------------------------------------------------------------------------------
 */

/* What was longer than our room, where the host has more, is asked for again. */
static bool needs_more_room(struct request *r, u32 result)
{
    bool more = false;

    if (result != ERROR_MORE_DATA)
        return false;
    for (u32 i = 0; i < r->f->count; i++) {
        struct arg *a = &r->arg[i], *size = a + 1;

        if (a->rule != 'b' || !a->there || !size->there)
            continue;
        if (size->out >= a->room && size->number > a->room && size->out < ROOM_MOST) {
            make_room(r, i, size->out < size->number ? size->out + 1 : size->number);
            more = true;
        }
    }
    for (u32 i = 0; more && i < r->f->count; i++)
        if (r->arg[i].rule == 's' && r->arg[i - 1].there)
            r->arg[i].out = r->arg[i - 1].room;
    return more;
}

static u32 call(struct request *r)
{
    u32 result = host_function_call(r->f, r->value);

    if (needs_more_room(r, result) && !r->no_memory)
        result = host_function_call(r->f, r->value);
    if (r->f->ours == (void *)MsiCloseHandle && !result)
        host_handles_remove(r->handles, r->arg[0].number);
    if (r->f->ours == (void *)MsiCloseAllHandles)
        host_handles_free(r->handles);
    return host_function_opens(r->f) ? give_number(r, result) : result;
}

static u32 answer(struct request *r, struct buf *reply)
{
    struct wire_out out = {*reply, false};
    u32 result;

    prepare_buffers(r);
    if (r->no_memory)
        return ERROR_OUTOFMEMORY;
    result = call(r);
    TRACE(TRACE_MSI, "for a host: %s = %u", r->f->name, result);
    wire_put32(&out, result);
    for (u32 i = 0; i < r->f->count; i++)
        put_arg(r, i, result, &out);
    *reply = out.b;
    return out.failed || r->no_memory ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 host_serve(struct host_handles *handles, u32 function, const u8 *request, size_t size,
               struct buf *reply)
{
    struct wire_in in = {request, size, false};
    struct request r = {.handles = handles};
    u32 err;

    if (function >= host_function_count())
        return ERROR_INVALID_DATA;
    r.f = &host_functions[function];
    r.unit = host_function_ansi(r.f) ? 1 : sizeof(WCHAR);
    for (u32 i = 0; i < r.f->count; i++) {
        r.arg[i].rule = r.f->rules[i];
        r.value[i] = get_arg(&r, &r.arg[i], &in);
    }
    err = in.bad || in.left ? ERROR_INVALID_DATA : r.no_memory ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    if (!err)
        err = answer(&r, reply);
    for (u32 i = 0; i < r.f->count; i++)
        os_free(r.arg[i].memory);
    return err;
}
