#include "text.h"

#include "os.h"
#include "utf16.h"

u32 text_in(const RRP_UNICODE_STRING *in, struct text *out)
{
    if (!in || (in->Length && !in->Buffer))
        return ERROR_INVALID_PARAMETER;
    out->s = in->Buffer ? in->Buffer : u"";
    out->len = in->Length / 2;
    return ERROR_SUCCESS;
}

u32 text_path(const RRP_UNICODE_STRING *in, char16_t **out)
{
    struct text t;
    u32 err = text_in(in, &t);
    if (err || !t.len)
        return ERROR_INVALID_PARAMETER;
    char16_t *s = os_alloc(((size_t)t.len + 1) * sizeof *s);
    if (!s)
        return ERROR_OUTOFMEMORY;
    if (!os_copy(s, t.s, t.len * sizeof *s))
        err = ERROR_NOACCESS;
    while (!err && t.len && !s[t.len - 1])
        t.len--;
    if (err || !t.len) {
        os_free(s);
        return err ? err : ERROR_INVALID_PARAMETER;
    }
    s[t.len] = 0;
    *out = s;
    return ERROR_SUCCESS;
}

/* Where it is to be written and how many bytes fit. */
static u32 find_room(const RRP_UNICODE_STRING *in, RPC_UNICODE_STRING *out, u32 *room)
{
    *room = in ? in->MaximumLength : out->MaximumLength;
    if (out->Buffer) {
        if (out->MaximumLength && out->MaximumLength < *room)
            *room = out->MaximumLength;
        return ERROR_SUCCESS;
    }
    out->MaximumLength = (USHORT)*room;
    if (!*room)
        return ERROR_SUCCESS;
    out->Buffer = in && in->Buffer ? in->Buffer : os_alloc(*room);
    return out->Buffer ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 text_out(const RRP_UNICODE_STRING *in, RPC_UNICODE_STRING *out, const char16_t *s, u32 len)
{
    u32 room, need = (len + 1) * 2;
    u32 err = find_room(in, out, &room);
    if (err)
        return err;
    out->Length = (USHORT)(need > 0xfffe ? 0xfffe : need);
    if (need > room)
        return ERROR_MORE_DATA;
    static const char16_t end;
    return os_copy(out->Buffer, s, len * 2) && os_copy(out->Buffer + len, &end, 2) ? ERROR_SUCCESS
                                                                                   : ERROR_NOACCESS;
}

u32 text_out_wanted(const RRP_UNICODE_STRING *in, RPC_UNICODE_STRING *out, const char16_t *s,
                    u32 len)
{
    if (!in || !out)
        return ERROR_SUCCESS;
    if (!len && in->MaximumLength < 2) {
        out->Length = 0;
        return ERROR_SUCCESS;
    }
    return text_out(in, out, s, len);
}
