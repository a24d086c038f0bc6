/*
 * Copying trees of keys (copy.h).
 */
#include "copy.h"
#include "node.h"
#include "os.h"
#include "sk.h"
#include "value.h"

#define TELL_EVERY 256u /* keys */

struct level {
    u32 from, to;
    u32 next, count;
    struct key_pos pos;
};

struct copy {
    struct hview *dst, *src;
    u32 flags;
    copy_progress progress;
    void *ctx;
    u32 keys, most;
    u8 *buf; /* for data, names, classes, descriptors: one at a time */
    u32 room;
    char16_t *name;
    struct level *stack;
};

static u32 reserve(struct copy *c, u32 n)
{
    u8 *buf;

    if (n <= c->room)
        return ERROR_SUCCESS;
    n = MAX(n, 4096u);
    if (!(buf = os_realloc(c->buf, n)))
        return hv_fail(c->dst, ERROR_OUTOFMEMORY);
    c->buf = buf;
    c->room = n;
    return ERROR_SUCCESS;
}

static u32 copy_values(struct copy *c, u32 from, u32 to)
{
    struct val_info info;
    u32 len, err;

    for (u32 i = 0;; i++) {
        if ((err = val_enum(c->src, from, i, &info)))
            return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
        if ((err = val_name(c->src, info.cell, c->name, VAL_NAME_MAX, &len)))
            return err;
        if (len > VAL_NAME_MAX)
            return ERROR_REGISTRY_CORRUPT;
        if ((err = reserve(c, info.size)) ||
            (err = val_data(c->src, &info, 0, c->buf, info.size)) ||
            (err = val_set(c->dst, to, c->name, len, info.type, c->buf, info.size)))
            return err;
    }
}

static u32 copy_class(struct copy *c, u32 from, u32 to)
{
    u32 size, err = key_class(c->src, from, NULL, 0, &size);

    if (err || !size)
        return err;
    if ((err = reserve(c, size)) || (err = key_class(c->src, from, c->buf, size, &size)))
        return err;
    return key_set_class(c->dst, to, c->buf, size & ~1u);
}

static u32 copy_security(struct copy *c, u32 from, u32 to)
{
    u32 size, err;

    if ((err = key_get_security(c->src, from, NULL, 0, &size)))
        return err;
    if (size > SK_SIZE_MAX)
        return ERROR_REGISTRY_CORRUPT;
    if ((err = reserve(c, size)) || (err = key_get_security(c->src, from, c->buf, size, &size)))
        return err;
    return key_set_security(c->dst, to, c->buf, size);
}

/* What a key gets when it is made. */
static u32 copy_making(struct copy *c, u32 from, u32 to)
{
    u32 err;

    if ((err = copy_class(c, from, to)))
        return err;
    if (!(c->flags & COPY_ONE_SECURITY) && (err = copy_security(c, from, to)))
        return err;
    hv_put_u8(c->dst, to + CELL_HEAD + NK_USER_FLAGS,
              hv_u8(c->src, from + CELL_HEAD + NK_USER_FLAGS));
    return ERROR_SUCCESS;
}

/* All of a key but its subkeys. */
static u32 copy_key(struct copy *c, u32 from, u32 to, bool made)
{
    u32 err;

    if (++c->keys > c->most)
        return ERROR_REGISTRY_CORRUPT;
    if (c->keys % TELL_EVERY == 0 && c->progress && !c->progress(c->ctx, c->keys))
        return ERROR_CANCELLED;
    if ((made || !(c->flags & COPY_KEEP_KEYS)) && (err = copy_making(c, from, to)))
        return err;
    return copy_values(c, from, to);
}

static u32 enter(struct copy *c, struct level *l, u32 from, u32 to, bool made)
{
    bool all = c->flags & (COPY_VOLATILE | COPY_MAKE_VOLATILE | COPY_STABLE);

    *l = (struct level){.from = from, .to = to};
    l->count = cell_u32(c->src, from, NK_COUNT);
    if (all || cell_storage(from) == HV_VOLATILE_STORE)
        l->count += cell_u32(c->src, from, NK_COUNT + 4);
    return copy_key(c, from, to, made);
}

/* The key below l->to for a child of l->from, made where it is not there. */
static u32 make_child(struct copy *c, const struct level *l, u32 from, u32 *to, bool *made)
{
    u32 flags = key_flags(c->src, from), err;
    struct key_new what = {.name = c->name, .any_name = true};

    what.is_volatile = (c->flags & COPY_MAKE_VOLATILE) ||
                       ((flags & KEYF_VOLATILE) && !(c->flags & COPY_STABLE)) ||
                       cell_storage(l->to) == HV_VOLATILE_STORE;
    what.is_link = flags & KEYF_SYM_LINK;
    if ((err = key_name(c->src, from, c->name, &what.name_len)))
        return err;
    err = key_create(c->dst, l->to, &what, to);
    *made = !err;
    if (err == ERROR_INVALID_PARAMETER)
        return ERROR_REGISTRY_CORRUPT;
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

static u32 next_child(struct copy *c, u32 *depth)
{
    struct level *l = &c->stack[*depth];
    u32 from, to, err;
    bool made;

    if ((err = key_enum(c->src, l->from, l->next++, &l->pos, &from)))
        return err == ERROR_NO_MORE_ITEMS ? ERROR_REGISTRY_CORRUPT : err;
    if (*depth + 1 >= KEY_DEPTH_MAX)
        return ERROR_REGISTRY_CORRUPT;
    if ((err = make_child(c, l, from, &to, &made)))
        return err;
    return enter(c, &c->stack[++*depth], from, to, made);
}

static u32 leave(struct copy *c, const struct level *l)
{
    if (!(c->flags & COPY_KEEP_TIMES))
        return ERROR_SUCCESS;
    return key_set_time(c->dst, l->to, hv_u64(c->src, l->from + CELL_HEAD + NK_TIME));
}

static u32 walk(struct copy *c, u32 from, u32 to)
{
    u32 depth = 0, err = enter(c, &c->stack[0], from, to, false);

    while (!err) {
        if (c->stack[depth].next < c->stack[depth].count) {
            err = next_child(c, &depth);
            continue;
        }
        if ((err = leave(c, &c->stack[depth])) || !depth--)
            break;
    }
    if (!err)
        err = c->src->error ? c->src->error : c->dst->error;
    return err;
}

/* Whether from and to may be copied; empties `to` where that is asked for. */
static u32 prepare(struct copy *c, u32 from, u32 to)
{
    u32 err;

    if (!node_is(c->src, from))
        return hv_fail(c->src, ERROR_REGISTRY_CORRUPT);
    if (!node_is(c->dst, to))
        return hv_fail(c->dst, ERROR_REGISTRY_CORRUPT);
    if (c->src == c->dst && key_is_under(c->dst, to, from))
        return ERROR_INVALID_PARAMETER;
    if (!(c->flags & COPY_REPLACE))
        return ERROR_SUCCESS;
    if (c->src == c->dst && key_is_under(c->dst, from, to))
        return ERROR_INVALID_PARAMETER;
    if ((err = key_delete_tree(c->dst, to, true)))
        return err;
    return val_free_all(c->dst, to);
}

u32 copy_tree(struct hview *dst, u32 to, struct hview *src, u32 from, u32 flags,
              copy_progress progress, void *ctx)
{
    struct copy c = {.dst = dst, .src = src, .flags = flags, .progress = progress, .ctx = ctx};
    u32 err = write_ok(dst);

    if (err)
        return err;
    c.most = key_bound(src);
    c.name = os_alloc((VAL_NAME_MAX + 1) * sizeof(*c.name));
    c.stack = os_alloc(KEY_DEPTH_MAX * sizeof(*c.stack));
    if (!c.name || !c.stack)
        err = hv_fail(dst, ERROR_OUTOFMEMORY);
    if (!err && !(err = prepare(&c, from, to)) && (err = walk(&c, from, to)))
        hv_fail(dst, err); /* half of it is there: this write must not be committed */
    os_free(c.name);
    os_free(c.stack);
    os_free(c.buf);
    return err;
}
