#include "keypath.h"

#include "os.h"

#include <string.h>

static u32 make_room(struct keypath *p, u32 more)
{
    if (p->len + more <= p->cap)
        return ERROR_SUCCESS;
    u32 cap = (p->len + more) * 2;
    char16_t *s = os_realloc(p->s, cap * sizeof *s);
    if (!s)
        return ERROR_OUTOFMEMORY;
    p->s = s;
    p->cap = cap;
    return ERROR_SUCCESS;
}

u32 keypath_before(struct keypath *p, const char16_t *name, u32 len)
{
    u32 err = make_room(p, len + 1);
    if (err)
        return err;
    u32 gap = p->len ? len + 1 : len;
    memmove(p->s + gap, p->s, p->len * sizeof *p->s);
    memcpy(p->s, name, len * sizeof *name);
    if (p->len)
        p->s[len] = u'\\';
    p->len += gap;
    return ERROR_SUCCESS;
}

u32 keypath_add(struct keypath *p, const char16_t *s, u32 len)
{
    u32 err = len ? make_room(p, len + 1) : ERROR_SUCCESS;
    if (err || !len)
        return err;
    if (p->len)
        p->s[p->len++] = u'\\';
    memcpy(p->s + p->len, s, len * sizeof *s);
    p->len += len;
    return ERROR_SUCCESS;
}

u32 keypath_in(struct hview *v, u32 key, struct keypath *p)
{
    char16_t name[KEY_NAME_MAX];
    u32 len, parent, err;
    p->len = 0;
    for (u32 depth = 0; depth <= KEY_DEPTH_MAX; depth++) {
        err = key_parent(v, key, &parent);
        if (err || parent == HV_NIL)
            return err;
        err = key_name(v, key, name, &len);
        if (!err)
            err = keypath_before(p, name, len);
        if (err)
            return err;
        key = parent;
    }
    return ERROR_REGISTRY_CORRUPT;
}

static u32 read_path(void *ctx, struct hview *v, u32 key)
{
    return keypath_in(v, key, ctx);
}

u32 keypath_of(const struct reg_row *row, struct keypath *p)
{
    struct reg_row copy = *row;
    return nsp_read(&copy, read_path, p);
}

void keypath_free(struct keypath *p)
{
    os_free(p->s);
    p->s = NULL;
    p->len = p->cap = 0;
}
