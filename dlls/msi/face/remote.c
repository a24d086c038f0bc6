/*
 * A call with handles of the process that installs: packed, sent and unpacked; host_calls.h.
 */
#include "remote.h"

#include <msiquery.h>
#include <rpc.h>

#include "errorrec.h"
#include "os.h"
#include "trace.h"

volatile LONG remote_active;

static remote_send sender;

void remote_by(remote_send send)
{
    sender = send;
}

/* --- out ----------------------------------------------------------------------------------------
 */

static void put_text_a(struct wire_out *out, const char *s)
{
    size_t len = s ? strlen(s) : 0;

    wire_put32(out, s ? (u32)len : NO_TEXT);
    wire_put(out, s, len);
}

static void put_text_w(struct wire_out *out, const WCHAR *s)
{
    size_t len = s ? wcslen(s) : 0;

    wire_put32(out, s ? (u32)len : NO_TEXT);
    wire_put(out, s, len * sizeof(*s));
}

/* A path is one from this process's folder; what begins with a colon is in a database. */
static void put_path_a(struct wire_out *out, const char *s)
{
    char full[MAX_PATH * 4];
    DWORD n = s && *s && *s != ':' ? GetFullPathNameA(s, sizeof(full), full, NULL) : 0;

    put_text_a(out, n && n < sizeof(full) ? full : s);
}

static void put_path_w(struct wire_out *out, const WCHAR *s)
{
    WCHAR full[MAX_PATH * 4];
    DWORD n = s && *s && *s != ':' ? GetFullPathNameW(s, ARRAY_LEN(full), full, NULL) : 0;

    put_text_w(out, n && n < ARRAY_LEN(full) ? full : s);
}

static void put_text(struct wire_out *out, const struct host_function *f, char rule, uintptr_t arg)
{
    if (host_function_ansi(f)) {
        if (rule == 'f')
            put_path_a(out, (const char *)arg);
        else
            put_text_a(out, (const char *)arg);
    } else {
        if (rule == 'f')
            put_path_w(out, (const WCHAR *)arg);
        else
            put_text_w(out, (const WCHAR *)arg);
    }
}

static void put_time(struct wire_out *out, const FILETIME *time)
{
    wire_put8(out, time != NULL);
    wire_put32(out, time ? time->dwLowDateTime : 0);
    wire_put32(out, time ? time->dwHighDateTime : 0);
}

static void put_arg(struct wire_out *out, const struct host_function *f, char rule, uintptr_t arg)
{
    switch (rule) {
    case 'h':
    case 'r':
    case 'u':
        wire_put32(out, (u32)arg);
        break;
    case 't':
    case 'f':
        put_text(out, f, rule, arg);
        break;
    case 'n':
    case 's':
        wire_put8(out, arg != 0);
        wire_put32(out, arg ? *(const u32 *)arg : 0);
        break;
    case 'i':
        put_time(out, (const FILETIME *)arg);
        break;
    default: /* m, b, c */
        wire_put8(out, arg != 0);
        break;
    }
}

/* --- in -----------------------------------------------------------------------------------------
 */

/* n characters of `unit` bytes, of which no more come than there is room for. */
static void get_chars(struct wire_in *in, void *to, u32 unit, u32 room)
{
    u32 n = wire_get32(in);
    const u8 *p = n > in->left / unit ? NULL : wire_take(in, (size_t)n * unit);

    if (p && n <= room)
        memcpy(to, p, (size_t)n * unit);
    else
        in->bad = true;
}

static void get_handle(struct wire_in *in, MSIHANDLE *to)
{
    bool changed = wire_get8(in);
    u32 number = wire_get32(in);

    if (changed && !in->bad)
        *to = number;
}

static void get_time(struct wire_in *in, FILETIME *to)
{
    to->dwLowDateTime = wire_get32(in);
    to->dwHighDateTime = wire_get32(in);
}

/* rooms: of the buffers, as they were before the call. */
static void get_arg(struct wire_in *in, const struct host_function *f, u32 i, uintptr_t arg,
                    u32 room)
{
    if (!arg)
        return;
    switch (f->rules[i]) {
    case 'n':
    case 's':
        *(u32 *)arg = wire_get32(in);
        break;
    case 'i':
        get_time(in, (FILETIME *)arg);
        break;
    case 'm':
        get_handle(in, (MSIHANDLE *)arg);
        break;
    case 'b':
        get_chars(in, (void *)arg, host_function_ansi(f) ? 1 : sizeof(WCHAR), room);
        break;
    case 'c':
        get_chars(in, (void *)arg, 1, room);
        break;
    }
}

/* --- the call -----------------------------------------------------------------------------------
 */

static bool exchange(u32 index, const uintptr_t *args, u32 *result)
{
    const struct host_function *f = &host_functions[index];
    struct wire_out out = {0};
    struct wire_in in = {0};
    u32 rooms[HOST_ARGS_MAX] = {0}, size = 0, err = ERROR_OUTOFMEMORY;
    u8 *reply = NULL;

    for (u32 i = 0; i < f->count; i++) {
        put_arg(&out, f, f->rules[i], args[i]);
        if (f->rules[i] == 's' && args[i])
            rooms[i - 1] = *(const u32 *)args[i];
    }
    if (!out.failed && out.b.len <= HOST_MOST)
        err = sender(index, out.b.data, (u32)out.b.len, &reply, &size);
    buf_free(&out.b);
    if (!err) {
        in = (struct wire_in){reply, size, false};
        *result = wire_get32(&in);
        for (u32 i = 0; i < f->count; i++)
            get_arg(&in, f, i, args[i], rooms[i]);
    }
    if (reply)
        os_free(reply);
    TRACE(TRACE_MSI, "in the installation: %s = %u, error %u", f->name, *result, err);
    return !err && !in.bad;
}

static u32 call(u32 index, const uintptr_t *args)
{
    u32 result = 0;

    return exchange(index, args, &result) ? result
                                          : host_function_call(&host_functions[index], args);
}

/* MsiRecordReadStream: what is larger than a reply is read in several. */
static u32 call_for_bytes(u32 index, const uintptr_t *args)
{
    DWORD *size = (DWORD *)args[3], asked = size ? *size : 0, part, done = 0;
    uintptr_t piece[4] = {args[0], args[1], args[2], (uintptr_t)&part};
    u32 result;

    if (!args[2] || asked <= HOST_PIECE)
        return call(index, args);
    do {
        part = asked - done < HOST_PIECE ? asked - done : HOST_PIECE;
        piece[2] = args[2] + done;
        result = call(index, piece);
        done += result ? 0 : part;
    } while (!result && part == HOST_PIECE && done < asked);
    if (!result)
        *size = done;
    return result;
}

u32 remote_call(struct door *d, const uintptr_t *args)
{
    u32 index = d->value ? d->value - 1 : host_function_find(d->entry.name);

    d->value = index + 1;
    err_clear(); /* what went wrong before is no longer the last error */
    if (host_functions[index].ours == (void *)MsiRecordReadStream)
        return call_for_bytes(index, args);
    return call(index, args);
}

void *remote_find(const char *name)
{
    u32 i = host_function_find(name);

    return i < host_function_count() ? host_functions[i].remote : NULL;
}
