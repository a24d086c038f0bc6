/*
 * Salvaging what belongs to one key (salvage.h): name, class, security, values.
 */
#include "node.h"
#include "os.h"
#include "salvage_priv.h"
#include "secdesc.h"
#include "sk.h"

/* Nothing in the hive is larger than the hive: a size that is was damaged. */
static u32 reserve(struct salvage *s, u32 n)
{
    u8 *buf;

    if (n > s->src->size[HV_STABLE_STORE])
        return ERROR_REGISTRY_CORRUPT;
    if (n <= s->room)
        return ERROR_SUCCESS;
    n = MAX(n, 4096u);
    if (!(buf = os_realloc(s->buf, n)))
        return ERROR_OUTOFMEMORY;
    s->buf = buf;
    s->room = n;
    return ERROR_SUCCESS;
}

static u32 lose(struct salvage *s, u32 *counter, u32 err)
{
    return err == ERROR_OUTOFMEMORY ? err : salvage_lose(s, counter);
}

/* --- class and security --------------------------------------------------------------------------
 */

static u32 read_security(struct salvage *s, u32 from, u32 *size)
{
    u32 err = key_get_security(s->src, from, NULL, 0, size);

    if (!err && *size > SK_SIZE_MAX)
        err = ERROR_REGISTRY_CORRUPT;
    if (!err)
        err = reserve(s, *size);
    if (!err)
        err = key_get_security(s->src, from, s->buf, *size, size);
    if (!err && !sd_valid(s->buf, *size))
        err = ERROR_REGISTRY_CORRUPT;
    return err;
}

void salvage_security(struct salvage *s, u32 from, struct key_new *what)
{
    u32 size;

    if (read_security(s, from, &size)) {
        salvage_lose(s, &s->result->lost_parts);
        return;
    }
    what->sd = s->buf;
    what->sd_size = size;
}

static u32 salvage_class(struct salvage *s, u32 from, u32 to)
{
    u32 size, err = key_class(s->src, from, NULL, 0, &size);

    if (!err && !size)
        return ERROR_SUCCESS;
    if (!err)
        err = reserve(s, size);
    if (!err)
        err = key_class(s->src, from, s->buf, size, &size);
    if (err)
        return lose(s, &s->result->lost_parts, err);
    return key_set_class(s->dst, to, s->buf, size & ~1u);
}

/* --- values --------------------------------------------------------------------------------------
 */

static u32 read_value(struct salvage *s, u32 vk, struct val_info *info)
{
    u32 len, err = val_open(s->src, vk, info);

    if (!err)
        err = val_name(s->src, vk, s->name, VAL_NAME_MAX, &len);
    if (!err && len > VAL_NAME_MAX)
        err = ERROR_REGISTRY_CORRUPT;
    if (!err)
        err = reserve(s, info->size);
    return err ? err : val_data(s->src, info, 0, s->buf, info->size);
}

static u32 salvage_value(struct salvage *s, u32 vk, u32 to)
{
    struct val_info info, there;
    u32 err = read_value(s, vk, &info);

    if (!err && !val_find(s->dst, to, s->name, info.name_len, &there))
        err = ERROR_REGISTRY_CORRUPT; /* the first of two with one name is kept */
    if (err)
        return lose(s, &s->result->lost_values, err);
    s->result->values++;
    return val_set(s->dst, to, s->name, info.name_len, info.type,
                   info.size ? s->buf : (const u8 *)"", info.size);
}

/* As many as the list has room for. */
static u32 salvage_values(struct salvage *s, u32 from, u32 to)
{
    struct hview *h = s->src;
    u32 count = cell_u32(h, from, NK_VALUES), list = cell_u32(h, from, NK_VALUE_LIST), there, err;

    if (!count || (cell_u16(h, from, NK_FLAGS) & KEYF_PREDEF))
        return ERROR_SUCCESS;
    there = MIN(count, cell_room(h, list) / 4);
    if (there < count)
        s->result->lost_values++;
    for (u32 i = 0; i < there; i++)
        if ((err = salvage_value(s, cell_u32(h, list, i * 4), to)))
            return err;
    return ERROR_SUCCESS;
}

/* ---------------------------------------------------------------------------------------------------
 */

u32 salvage_content(struct salvage *s, u32 from, u32 to)
{
    u32 err = salvage_class(s, from, to);

    if (err)
        return err;
    hv_put_u8(s->dst, to + CELL_HEAD + NK_USER_FLAGS,
              hv_u8(s->src, from + CELL_HEAD + NK_USER_FLAGS));
    return salvage_values(s, from, to);
}

u32 salvage_root(struct salvage *s, u32 from, u32 to)
{
    struct key_new what = {.name = NULL};
    u32 err = ERROR_SUCCESS;

    salvage_security(s, from, &what);
    if (what.sd)
        err = key_set_security(s->dst, to, what.sd, what.sd_size);
    return err ? err : salvage_content(s, from, to);
}
