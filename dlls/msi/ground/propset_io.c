/*
 * Property sets from bytes and to bytes; propset_format.h has the layout.
 */
#include <string.h>

#include "cfb_format.h"
#include "codepage.h"
#include "os.h"
#include "propset.h"
#include "propset_format.h"

enum { MAX_PROPS = 4096 };

/* --- reading ------------------------------------------------------------------------------------
 */

struct section {
    const u8 *at;
    u32 len;
    u32 count;
};

/* The section may end some bytes before its size says: where Wine's ole32 has left away what pads
 * the last value. */
enum { PADDING_MAX = 3 };

static u32 find_section(const u8 *data, size_t len, struct section *s)
{
    u32 place;

    if (len < PS_HEADER || get16(data) != 0xfffe || get16(data + 2) > 1)
        return ERROR_INVALID_DATA;
    if (get32(data + PS_SECTIONS) < 1 || memcmp(data + PS_FORMAT, ps_summary_format, 16) != 0)
        return ERROR_INVALID_DATA;
    place = get32(data + PS_PLACE);
    if (place < PS_HEADER || place > len || len - place < PS_SECTION_HEADER)
        return ERROR_FILE_CORRUPT;
    s->at = data + place;
    s->len = get32(s->at);
    s->count = get32(s->at + 4);
    if (s->len > len - place && s->len - (len - place) <= PADDING_MAX)
        s->len = (u32)(len - place);
    if (s->len < PS_SECTION_HEADER || s->len > len - place || s->count > MAX_PROPS)
        return ERROR_FILE_CORRUPT;
    if ((s->len - PS_SECTION_HEADER) / PS_INDEX_ENTRY < s->count)
        return ERROR_FILE_CORRUPT;
    return ERROR_SUCCESS;
}

static u32 text_bytes(const u8 *v, u32 room, u32 unit, u32 *len)
{
    u32 n;

    if (room < 4)
        return ERROR_FILE_CORRUPT;
    n = get32(v);
    if (n > (room - 4) / unit)
        return ERROR_FILE_CORRUPT;
    *len = n * unit;
    return ERROR_SUCCESS;
}

/* Up to the first terminator; text without any ends where its size says, with its last whole unit.
 */
static u32 cut_text(const u8 *text, u32 len, u32 unit)
{
    for (u32 i = 0; i + unit <= len; i += unit)
        if (!text[i] && (unit == 1 || !text[i + 1]))
            return i;
    return len - len % unit;
}

static u32 read_text(struct prop *p, const u8 *v, u32 room, u32 unit)
{
    u32 len;
    u32 err = text_bytes(v, room, p->type == PROP_LPWSTR ? 2 : 1, &len);

    if (err)
        return err;
    p->data = (u8 *)v + 4;
    p->len = cut_text(p->data, len, unit);
    if (unit == 2)
        p->type = PROP_LPWSTR;
    return ERROR_SUCCESS;
}

/* v: the value behind its type, `room` bytes up to the end of the section. `next` is where the next
 * value begins, for those whose size is not known. p->data points into v. */
static u32 read_value(struct prop *p, const u8 *v, u32 room, u32 next, u32 codepage)
{
    switch (p->type) {
    case PROP_EMPTY:
        return ERROR_SUCCESS;
    case PROP_I2:
        p->num = room < 2 ? 0 : (i16)get16(v);
        return room < 2 ? ERROR_FILE_CORRUPT : ERROR_SUCCESS;
    case PROP_I4:
        p->num = room < 4 ? 0 : (i32)get32(v);
        return room < 4 ? ERROR_FILE_CORRUPT : ERROR_SUCCESS;
    case PROP_FILETIME:
        p->time = room < 8 ? 0 : get64(v);
        return room < 8 ? ERROR_FILE_CORRUPT : ERROR_SUCCESS;
    case PROP_LPSTR:
        return read_text(p, v, room, codepage == CODEPAGE_UTF16 ? 2 : 1);
    case PROP_LPWSTR:
        return read_text(p, v, room, 2);
    default:
        p->data = (u8 *)v;
        p->len = next;
        return ERROR_SUCCESS;
    }
}

static const u8 *index_entry(const struct section *s, u32 i)
{
    return s->at + PS_SECTION_HEADER + (size_t)i * PS_INDEX_ENTRY;
}

/* Bytes from off to the next value or the end of the section. */
static u32 room_to_next(const struct section *s, u32 off)
{
    u32 end = s->len;

    for (u32 i = 0; i < s->count; i++) {
        u32 other = get32(index_entry(s, i) + 4);

        if (other > off && other < end)
            end = other;
    }
    return end - off;
}

static u32 read_prop(struct propset *set, const struct section *s, u32 i, u32 codepage)
{
    const u8 *e = index_entry(s, i);
    struct prop p = {.id = get32(e)};
    u32 off = get32(e + 4);
    u32 next;
    u32 err;

    if (off < PS_SECTION_HEADER || off > s->len - 4 || s->len < 4)
        return ERROR_FILE_CORRUPT;
    p.type = get32(s->at + off);
    if (p.id == 0) /* a dictionary: no type */
        return ERROR_SUCCESS;
    next = room_to_next(s, off);
    if (next < 4)
        return ERROR_FILE_CORRUPT;
    err = read_value(&p, s->at + off + 4, s->len - off - 4, next - 4, codepage);
    if (!err && propset_get(set, p.id))
        err = ERROR_FILE_CORRUPT;
    return err ? err : propset_add(set, &p);
}

static u32 find_codepage(const struct section *s)
{
    for (u32 i = 0; i < s->count; i++) {
        u32 off = get32(index_entry(s, i) + 4);

        if (get32(index_entry(s, i)) == PROP_ID_CODEPAGE && s->len >= 6 && off <= s->len - 6)
            return get16(s->at + off + 4);
    }
    return 0;
}

u32 propset_read(struct propset *s, const void *data, size_t len)
{
    struct section sec;
    u32 codepage;
    u32 err = find_section(data, len, &sec);

    if (err)
        return err;
    codepage = find_codepage(&sec);
    for (u32 i = 0; i < sec.count && !err; i++)
        err = read_prop(s, &sec, i, codepage);
    if (err)
        propset_free(s);
    return err;
}

/* --- writing ------------------------------------------------------------------------------------
 */

/* Text carries its size and a terminator; in a UTF-16 set LPWSTR stands for LPSTR too. */
static size_t value_size(const struct prop *p)
{
    switch (p->type) {
    case PROP_EMPTY:
        return 4;
    case PROP_I2:
    case PROP_I4:
        return 8;
    case PROP_FILETIME:
        return 12;
    case PROP_LPSTR:
        return 8 + ALIGN_UP((size_t)p->len + 1, 4);
    case PROP_LPWSTR:
        return 8 + ALIGN_UP((size_t)p->len + 2, 4);
    default:
        return 4 + ALIGN_UP((size_t)p->len, 4);
    }
}

static void write_value(u8 *v, const struct prop *p)
{
    put32(v, p->type);
    switch (p->type) {
    case PROP_EMPTY:
        break;
    case PROP_I2:
        put16(v + 4, (u16)p->num);
        break;
    case PROP_I4:
        put32(v + 4, (u32)p->num);
        break;
    case PROP_FILETIME:
        put64(v + 4, p->time);
        break;
    case PROP_LPSTR:
        put32(v + 4, p->len + 1);
        memcpy(v + 8, p->data, p->len);
        break;
    case PROP_LPWSTR:
        put32(v + 4, p->len / 2 + 1);
        memcpy(v + 8, p->data, p->len);
        break;
    default:
        memcpy(v + 4, p->data, p->len);
    }
}

static void write_header(u8 *out)
{
    put16(out, 0xfffe);
    put32(out + 4, 0x00020006);
    put32(out + PS_SECTIONS, 1);
    memcpy(out + PS_FORMAT, ps_summary_format, sizeof(ps_summary_format));
    put32(out + PS_PLACE, PS_HEADER);
}

static void write_section(u8 *out, u32 size, const struct propset *s)
{
    size_t off = PS_SECTION_HEADER + (size_t)s->count * PS_INDEX_ENTRY;

    put32(out, size);
    put32(out + 4, s->count);
    for (u32 i = 0; i < s->count; i++) {
        u8 *e = out + PS_SECTION_HEADER + (size_t)i * PS_INDEX_ENTRY;

        put32(e, s->props[i].id);
        put32(e + 4, (u32)off);
        write_value(out + off, &s->props[i]);
        off += value_size(&s->props[i]);
    }
}

u32 propset_write(const struct propset *s, u8 **data, size_t *len)
{
    u64 size = PS_SECTION_HEADER + (u64)s->count * PS_INDEX_ENTRY;
    u8 *out;

    for (u32 i = 0; i < s->count; i++)
        size += value_size(&s->props[i]);
    if (size > UINT32_MAX / 2)
        return ERROR_OUTOFMEMORY;
    out = os_calloc(PS_HEADER + (size_t)size, 1);
    if (!out)
        return ERROR_OUTOFMEMORY;
    write_header(out);
    write_section(out + PS_HEADER, (u32)size, s);
    *data = out;
    *len = PS_HEADER + (size_t)size;
    return ERROR_SUCCESS;
}
