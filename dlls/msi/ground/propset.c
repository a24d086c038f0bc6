/*
 * The property set in memory: a sorted array.
 */
#include <string.h>

#include "os.h"
#include "propset.h"
#include "propset_format.h"

/* {F29F85E0-4FF9-1068-AB91-08002B27B3D9} */
const u8 ps_summary_format[16] = {0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10,
                                  0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9};

void propset_init(struct propset *s)
{
    memset(s, 0, sizeof(*s));
}

void propset_free(struct propset *s)
{
    for (u32 i = 0; i < s->count; i++)
        os_free(s->props[i].data);
    os_free(s->props);
    propset_init(s);
}

/* The first place whose id is not less. */
static u32 place_of(const struct propset *s, u32 id)
{
    u32 low = 0;
    u32 high = s->count;

    while (low < high) {
        u32 mid = low + (high - low) / 2;

        if (s->props[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct prop *propset_get(const struct propset *s, u32 id)
{
    u32 i = place_of(s, id);

    return i < s->count && s->props[i].id == id ? &s->props[i] : NULL;
}

u32 propset_codepage(const struct propset *s)
{
    const struct prop *p = propset_get(s, PROP_ID_CODEPAGE);

    if (!p || (p->type != PROP_I2 && p->type != PROP_I4))
        return 0;
    return (u16)p->num;
}

static u32 make_room(struct propset *s)
{
    u32 cap = s->cap ? s->cap * 2 : 16;
    struct prop *props;

    if (s->count < s->cap)
        return ERROR_SUCCESS;
    props = os_realloc_array(s->props, cap, sizeof(*props));
    if (!props)
        return ERROR_OUTOFMEMORY;
    s->props = props;
    s->cap = cap;
    return ERROR_SUCCESS;
}

/* Takes p->data over on success. */
static u32 put(struct propset *s, const struct prop *p)
{
    u32 i = place_of(s, p->id);
    u32 err;

    if (i < s->count && s->props[i].id == p->id) {
        os_free(s->props[i].data);
        s->props[i] = *p;
        return ERROR_SUCCESS;
    }
    err = make_room(s);
    if (err)
        return err;
    memmove(&s->props[i + 1], &s->props[i], (s->count - i) * sizeof(*s->props));
    s->props[i] = *p;
    s->count++;
    return ERROR_SUCCESS;
}

u32 propset_set_num(struct propset *s, u32 id, enum prop_type i2_or_i4, i32 num)
{
    struct prop p = {.id = id, .type = i2_or_i4, .num = i2_or_i4 == PROP_I2 ? (i16)num : num};

    return put(s, &p);
}

u32 propset_set_time(struct propset *s, u32 id, u64 filetime)
{
    struct prop p = {.id = id, .type = PROP_FILETIME, .time = filetime};

    return put(s, &p);
}

/* A property with its own copy of len bytes, two zero bytes behind them. */
static u32 put_data(struct propset *s, const struct prop *from, const void *bytes, u32 len)
{
    struct prop p = *from;
    u32 err;

    p.data = os_alloc((u64)len + 2);
    if (!p.data)
        return ERROR_OUTOFMEMORY;
    if (len)
        memcpy(p.data, bytes, len);
    p.data[len] = p.data[len + 1] = 0;
    p.len = len;
    err = put(s, &p);
    if (err)
        os_free(p.data);
    return err;
}

u32 propset_set_text(struct propset *s, u32 id, const char *bytes, u32 len)
{
    struct prop p = {.id = id, .type = PROP_LPSTR};

    return put_data(s, &p, bytes, len);
}

u32 propset_add(struct propset *s, const struct prop *p)
{
    return p->data ? put_data(s, p, p->data, p->len) : put(s, p);
}

void propset_remove(struct propset *s, u32 id)
{
    u32 i = place_of(s, id);

    if (i == s->count || s->props[i].id != id)
        return;
    os_free(s->props[i].data);
    s->count--;
    memmove(&s->props[i], &s->props[i + 1], (s->count - i) * sizeof(*s->props));
}

u32 propset_copy(struct propset *to, const struct propset *from)
{
    for (u32 i = 0; i < from->count; i++) {
        u32 err = propset_add(to, &from->props[i]);

        if (err) {
            propset_free(to);
            return err;
        }
    }
    return ERROR_SUCCESS;
}
