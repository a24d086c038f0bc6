/*
 * The stored form of a string pool.
 *
 * _StringPool:
 *   OFFSET  SIZE  DESCRIPTION
 *   0       4     code page in the low 31 bits; 0x80000000: the tables have 3-byte references
 *   4 * n   4     string n (from 1): its length in bytes (2), its reference count (2)
 * An entry of length 0 and count 0 is free. After an entry of length 0 with a count stand four
 * bytes more, its length: a string of 64 KB and more. Other writers put the high word of the length
 * where the count is, and the low word and the count after it. Where the count is the high word
 * both are the same, so a lower count is stored as that: every reader understands it, and whoever
 * reads the file here counts anew. Of other files the form under which all lengths add up to the
 * size of _StringData is read.
 *
 * _StringData: the bytes of the strings in the order of their entries, in the code page.
 */
#include <string.h>

#include "codepage.h"
#include "os.h"
#include "strpool_impl.h"
#include "strpool_io.h"

enum { HEADER = 4, ENTRY = 4, THREE_BYTE_REFS = 0x80000000u, MAX_CODEPAGE = 0xffff };

struct reader {
    struct str_pool *p;
    const u8 *data;
    size_t data_len, off;
    bool ascii;      /* all of the data is */
    bool high_first; /* the other form of long strings */
};

static bool bytes_ascii(const u8 *data, size_t len)
{
    u8 all = 0;

    for (size_t i = 0; i < len; i++)
        all |= data[i];
    return all < 0x80;
}

/* Text that is not ASCII goes to the end of the arena as UTF-16. */
static u32 read_wide(struct reader *r, size_t len, u32 refs)
{
    struct buf *arena = &r->p->arena;
    size_t pad = arena->len & 1, units;
    char16_t *to;
    u32 err;

    err = buf_reserve(arena, pad + 2 * len);
    if (err)
        return err;
    to = (char16_t *)(void *)(arena->data + arena->len + pad);
    err = codepage_decode(r->p->codepage, (const char *)r->data + r->off, len, to, len, &units);
    if (err)
        return err == ERROR_INVALID_PARAMETER ? ERROR_INSTALL_PACKAGE_INVALID : err;
    if (units > len || arena->len + pad + 2 * len > 0xffffffffu)
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (!units) /* a string is never empty */
        to[units++] = 0xfffd;
    err = sp_append_entry(r->p, (u32)(arena->len + pad), (u32)units | SP_WIDE | SP_LOADED, refs);
    r->p->dead += pad + len;
    arena->len += pad + 2 * units;
    return err;
}

static u32 read_string(struct reader *r, size_t len, u32 refs)
{
    u32 err;

    if (len > r->data_len - r->off || len > SP_LEN)
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (r->ascii || bytes_ascii(r->data + r->off, len))
        err = sp_append_entry(r->p, (u32)r->off, (u32)len | SP_LOADED, refs);
    else
        err = read_wide(r, len, refs);
    r->off += len;
    r->p->recount |= !refs || (refs > 1 && refs == len >> 16); /* that may be no count */
    return err;
}

static u32 read_free(struct str_pool *p)
{
    u32 err = sp_append_entry(p, p->free_list, 0, 0);

    if (err)
        return err;
    p->free_list = p->count - 1;
    p->free_count++;
    return ERROR_SUCCESS;
}

struct entry {
    size_t len;
    u32 refs;
};

/* The entry at *at, which moves on. */
static struct entry next_entry(const u8 *pool, size_t pool_len, size_t *at, bool high_first)
{
    const u8 *p = pool + *at;
    struct entry e = {le16(p), le16(p + 2)};

    *at += ENTRY;
    if (e.len || !e.refs || *at >= pool_len)
        return e;
    *at += ENTRY;
    e.len = high_first ? (size_t)e.refs << 16 | le16(p + 4) : le32(p + 4);
    e.refs = high_first ? le16(p + 6) : e.refs;
    return e;
}

static bool adds_up(const struct reader *r, const u8 *pool, size_t pool_len, bool high_first)
{
    u64 sum = 0;

    for (size_t at = HEADER; at < pool_len;)
        sum += next_entry(pool, pool_len, &at, high_first).len;
    return sum == r->data_len;
}

static u32 read_entries(struct reader *r, const u8 *pool, size_t pool_len)
{
    u32 err = ERROR_SUCCESS;

    r->high_first = !adds_up(r, pool, pool_len, false) && adds_up(r, pool, pool_len, true);
    for (size_t at = HEADER; !err && at < pool_len;) {
        struct entry e = next_entry(pool, pool_len, &at, r->high_first);

        if (e.len)
            err = read_string(r, e.len, e.refs);
        else
            err = e.refs ? ERROR_INSTALL_PACKAGE_INVALID : read_free(r->p);
    }
    return err;
}

u32 sp_read(const u8 *pool, size_t pool_len, const u8 *data, size_t data_len, u32 *ref_bytes,
            struct str_pool **out)
{
    struct reader r = {.data = data, .data_len = data_len};
    u32 header, err;

    if (pool_len < HEADER || pool_len % ENTRY || data_len > 0xffffffffu)
        return ERROR_INSTALL_PACKAGE_INVALID;
    header = le32(pool);
    if ((header & ~THREE_BYTE_REFS) > MAX_CODEPAGE)
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = sp_create(header & MAX_CODEPAGE, &r.p);
    if (err)
        return err;
    r.ascii = bytes_ascii(data, data_len);
    err = buf_add(&r.p->arena, data, data_len);
    if (!err)
        err = sp_reserve(r.p, (u32)MIN(pool_len / ENTRY + 2, SP_MAX_IDS));
    if (!err)
        err = read_entries(&r, pool, pool_len);
    if (err) {
        sp_free(r.p);
        return err;
    }
    r.p->dead += data_len - r.off;
    r.p->from_file = true;
    *ref_bytes = header & THREE_BYTE_REFS ? 3 : 2;
    *out = r.p;
    return ERROR_SUCCESS;
}

/* --- writing ---------------------------------------------------------------------------------- */

static u32 encode(const struct str_pool *p, const struct sp_entry *e, struct buf *data,
                  size_t *written)
{
    const u8 *text = p->arena.data + e->off;
    size_t len = e->len & SP_LEN, need;
    char16_t *units;
    u32 err;

    *written = len;
    if (!(e->len & SP_WIDE))
        return buf_add(data, text, len);
    units = os_alloc_array(len, 2); /* for its alignment */
    if (!units)
        return ERROR_OUTOFMEMORY;
    memcpy(units, text, 2 * len);
    err = codepage_encode(p->codepage, units, len, NULL, 0, &need, NULL);
    if (!err)
        err = buf_reserve(data, need + 1);
    if (!err)
        err = codepage_encode(p->codepage, units, len, (char *)data->data + data->len, need, &need,
                              NULL);
    os_free(units);
    if (err)
        return err == ERROR_INVALID_PARAMETER ? ERROR_FUNCTION_FAILED : err;
    if (!need)
        data->data[data->len + need++] = '?';
    data->len += need;
    *written = need;
    return ERROR_SUCCESS;
}

static u32 entry_lossy(const struct str_pool *p, const struct sp_entry *e, bool *lossy)
{
    size_t len = e->len & SP_LEN, need;
    char16_t *units;
    u32 err;

    if (!(e->len & SP_WIDE))
        return ERROR_SUCCESS;
    units = os_alloc_array(len, 2);
    if (!units)
        return ERROR_OUTOFMEMORY;
    memcpy(units, p->arena.data + e->off, 2 * len);
    err = codepage_encode(p->codepage, units, len, NULL, 0, &need, lossy);
    os_free(units);
    return err == ERROR_INVALID_PARAMETER ? ERROR_FUNCTION_FAILED : err;
}

u32 sp_lossy(const struct str_pool *p, bool *lossy)
{
    u32 limit = sp_stored_limit(p), err = ERROR_SUCCESS;

    *lossy = false;
    for (u32 id = 1; !err && !*lossy && id < limit; id++)
        if (sp_stored_refs(p, id))
            err = entry_lossy(p, &p->entries[id], lossy);
    return err;
}

static u32 write_entry(const struct str_pool *p, u32 id, struct buf *pool, struct buf *data)
{
    const struct sp_entry *e = &p->entries[id];
    u32 refs = sp_stored_refs(p, id), err;
    size_t len;

    if (!refs)
        return buf_add32(pool, 0);
    err = encode(p, e, data, &len);
    if (err)
        return err;
    if (len <= 0xffff)
        return buf_add32(pool, (u32)len | refs << 16);
    err = buf_add32(pool, MAX(refs, (u32)(len >> 16)) << 16);
    return err ? err : buf_add32(pool, (u32)len);
}

u32 sp_write(const struct str_pool *p, u32 ref_bytes, struct buf *pool, struct buf *data)
{
    u32 limit = sp_stored_limit(p);
    u32 err = buf_add32(pool, p->codepage | (ref_bytes == 3 ? THREE_BYTE_REFS : 0));

    for (u32 id = 1; !err && id < limit; id++)
        err = write_entry(p, id, pool, data);
    return err;
}
