/*
 * All numbers are little-endian.
 *
 *   text:    u32 number of units, the units
 *   value:   text name, u32 type, u32 size, bytes
 *   values:  u32 number of them, each
 *   about:   text class, u32 size, a security descriptor, u32 size, where a link leads
 */
#include "regbytes.h"

#include <string.h>

#include "os.h"
#include "security.h"
#include "utf16.h"

u32 reg_add_text(struct buf *b, const char16_t *text)
{
    size_t n = u16_len(text);
    u32 err = buf_add32(b, (u32)n);

    return err ? err : buf_add(b, text, n * sizeof(*text));
}

static u32 add_sized(struct buf *b, const u8 *bytes, u32 size)
{
    u32 err = buf_add32(b, size);

    return err || !size ? err : buf_add(b, bytes, size);
}

u32 reg_add_about(struct buf *b, const struct reg_about *about)
{
    u32 err = reg_add_text(b, about->class ? about->class : u"");

    if (!err)
        err = add_sized(b, about->security, about->security ? about->security_size : 0);
    return err ? err : add_sized(b, about->link, about->link ? about->link_size : 0);
}

static u32 add_value(struct buf *b, struct reg_key *key, const char16_t *name)
{
    struct reg_data d;
    u32 err = reg_get(key, name, &d);

    if (err)
        return err;
    err = reg_add_text(b, name);
    if (!err)
        err = buf_add32(b, d.type);
    if (!err)
        err = add_sized(b, d.bytes, d.size);
    os_free(d.bytes);
    return err;
}

/* Their number is put in when it is known. */
u32 reg_add_values(struct buf *b, struct reg_key *key, size_t most)
{
    size_t head = b->len;
    char16_t name[REG_NAME_MAX];
    u32 err = buf_add32(b, 0), n = 0;

    while (!err && !(err = reg_value_at(key, n, name))) {
        err = add_value(b, key, name);
        if (!err && b->len > most)
            err = ERROR_NOT_SUPPORTED;
        n++;
    }
    if (err != ERROR_NO_MORE_ITEMS)
        return err ? err : ERROR_GEN_FAILURE;
    put_le32(b->data + head, n);
    return ERROR_SUCCESS;
}

/* --- reading ------------------------------------------------------------------------------------
 */

u32 reg_take_number(struct reg_bytes *b, u32 *n)
{
    if (b->size - b->at < 4)
        return ERROR_FILE_CORRUPT;
    *n = le32(b->from + b->at);
    b->at += 4;
    return ERROR_SUCCESS;
}

static u32 take_sized(struct reg_bytes *b, const u8 **bytes, u32 *size)
{
    u32 err = reg_take_number(b, size);

    if (err || b->size - b->at < *size)
        return ERROR_FILE_CORRUPT;
    *bytes = b->from + b->at;
    b->at += *size;
    return ERROR_SUCCESS;
}

/* of: the size of its items. *n in items. */
static u32 take_items(struct reg_bytes *b, size_t of, const u8 **bytes, u32 *n)
{
    u32 err = reg_take_number(b, n);

    if (err || (b->size - b->at) / of < *n)
        return ERROR_FILE_CORRUPT;
    *bytes = b->from + b->at;
    b->at += *n * of;
    return ERROR_SUCCESS;
}

u32 reg_take_text(struct reg_bytes *b, char16_t name[REG_NAME_MAX], size_t *len)
{
    const u8 *units;
    u32 n, err = take_items(b, sizeof(*name), &units, &n);

    if (err || n >= REG_NAME_MAX)
        return ERROR_FILE_CORRUPT;
    memcpy(name, units, n * sizeof(*name));
    name[n] = 0;
    *len = n;
    return ERROR_SUCCESS;
}

u32 reg_take_value(struct reg_bytes *b, struct reg_value *v)
{
    size_t len;
    u32 err = reg_take_text(b, v->name, &len);

    if (!err)
        err = reg_take_number(b, &v->type);
    return err ? err : take_sized(b, &v->bytes, &v->size);
}

/* NULL where there are none, with zero units behind them. */
static u32 copy_bytes(const u8 *bytes, size_t size, u8 **out)
{
    *out = size ? os_alloc(size + 2) : NULL;
    if (size && !*out)
        return ERROR_OUTOFMEMORY;
    if (size) {
        memcpy(*out, bytes, size);
        memset(*out + size, 0, 2);
    }
    return ERROR_SUCCESS;
}

u32 reg_take_about(struct reg_bytes *b, struct reg_about *about)
{
    const u8 *class, *security, *link;
    u32 units, err;

    *about = (struct reg_about){0};
    err = take_items(b, sizeof(*about->class), &class, &units);
    if (!err)
        err = take_sized(b, &security, &about->security_size);
    if (!err)
        err = take_sized(b, &link, &about->link_size);
    if (!err && about->security_size && !security_is_descriptor(security, about->security_size))
        err = ERROR_FILE_CORRUPT;
    if (!err)
        err = copy_bytes(class, units * sizeof(*about->class), (u8 **)&about->class);
    if (!err)
        err = copy_bytes(security, about->security_size, &about->security);
    return err ? err : copy_bytes(link, about->link_size, &about->link);
}
