/*
 * What a name stood for, and putting it back.
 */
#include <string.h>

#include "stg_root.h"
#include "utf16.h"

struct stg_saved {
    struct stg at; /* a use of the file of its own */
    char16_t name[CFB_NAME_UNITS];
    u32 len;
    bool changed;                /* whether the root was, before */
    struct cfb_content *content; /* NULL: there was no stream */
};

static u32 save(struct stg *s, const char16_t *name, struct stg_saved *saved)
{
    u32 node;

    saved->at = *s;
    saved->changed = s->c->changed;
    saved->len = (u32)u16_copy(saved->name, CFB_NAME_UNITS, name);
    if (stg_lookup(s, name, &node))
        return ERROR_SUCCESS;
    if (s->c->tree.nodes[node].type != CFB_STREAM)
        return ERROR_ALREADY_EXISTS;
    return cfb_content_of(s->c, node, &saved->content);
}

u32 stg_save_name(struct stg *s, const char16_t *name, struct stg_saved **out)
{
    struct stg_saved *saved = os_calloc(1, sizeof(*saved));
    u32 err = saved ? stg_enter(s) : ERROR_OUTOFMEMORY;

    if (!err) {
        err = save(s, name, saved);
        if (!err) {
            if (saved->content)
                saved->content->refs++;
            s->c->refs++;
            *out = saved;
        }
        stg_leave(s);
    }
    if (err)
        os_free(saved);
    return err;
}

/* The node's slot and that of its name were in use when the name was saved, and what took them
 * since was undone before. */
static void put_back(struct stg_saved *saved)
{
    struct cfb *c = saved->at.c;
    u32 node;

    if (stg_lookup(&saved->at, saved->name, &node)) {
        if (!saved->content ||
            cfb_add(&c->tree, saved->at.node, saved->name, saved->len, CFB_STREAM, &node))
            return;
    } else if (!saved->content) {
        cfb_remove(c, node);
        return;
    }
    if (c->tree.nodes[node].content == saved->content)
        return;
    cfb_content_drop(c, c->tree.nodes[node].content);
    c->tree.nodes[node].content = saved->content;
    saved->content->refs++;
}

void stg_put_back(struct stg_saved *saved)
{
    if (stg_enter(&saved->at))
        return;
    put_back(saved);
    stg_touch(saved->at.c);
    saved->at.c->changed = saved->changed || saved->at.c->upgraded;
    stg_leave(&saved->at);
}

void stg_forget(struct stg_saved *saved)
{
    os_mutex_lock(&saved->at.c->lock);
    cfb_content_drop(saved->at.c, saved->content);
    stg_release(saved->at.c);
    os_free(saved);
}
