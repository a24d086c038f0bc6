/*
 * Opening, closing and committing a root; what all handles need.
 */
#include <string.h>

#include "stg_root.h"
#include "utf16.h"

/* --- the file's life
 * -------------------------------------------------------------------------------- */

/* What was written and not committed goes; a file that this open made goes whole. */
static void close_file(struct cfb *c)
{
    if (!c->file)
        return;
    /* where it is not known which header the file has, the tail may be what it reaches */
    if (c->writable && !c->made && !c->doubtful && c->size > c->kept)
        os_resize(c->file, c->kept);
    os_close(c->file);
    if (c->made || c->replaces)
        os_remove(c->path);
}

static void destroy(struct cfb *c)
{
    cfb_tree_free(c, &c->tree);
    cfb_drop_meta(c);
    close_file(c);
    cfb_scratch_close(c);
    os_mutex_done(&c->lock);
    os_free(c->window);
    os_free(c->busy);
    os_free(c->path);
    os_free(c);
}

static u32 new_file(struct cfb **out)
{
    struct cfb *c = os_calloc(1, sizeof(*c));
    u32 err;

    if (!c)
        return ERROR_OUTOFMEMORY;
    c->shift = CFB_SHIFT_V3;
    c->mini_start = CFB_END;
    err = cfb_tree_init(&c->tree);
    if (err) {
        os_free(c);
        return err;
    }
    *out = c;
    return ERROR_SUCCESS;
}

static u32 load(struct cfb *c)
{
    u32 err = cfb_header_read(c);

    if (!err)
        err = cfb_difat_read(c);
    if (!err)
        err = cfb_dir_read(c, &c->tree);
    return err;
}

/* Hands the new file to its first handle, or destroys it. */
static u32 finish(struct cfb *c, u32 err, struct stg **out)
{
    if (!err)
        err = stg_handle(c, 0, out);
    if (err)
        destroy(c);
    return err;
}

static u32 open_path(struct cfb *c, const char16_t *path, u32 os_flags, u32 flags)
{
    u32 err;

    /* a commit to a file that has lost its name would be lost with it */
    if (!(flags & STG_MAY_GO))
        os_flags |= OS_DENY_DELETE;
    if (flags & STG_DENY_WRITE)
        os_flags |= OS_DENY_WRITE;
    if (flags & STG_DENY_READ)
        os_flags |= OS_DENY_READ;
    err = os_open(path, os_flags, &c->file);
    if (!err)
        err = os_size(c->file, &c->size);
    c->kept = c->size;
    c->writable = (os_flags & OS_WRITE) != 0;
    return err;
}

u32 stg_open(const char16_t *path, u32 flags, struct stg **out)
{
    struct cfb *c;
    u32 err = new_file(&c);

    if (err)
        return err;
    err = open_path(c, path, flags & STG_WRITE ? OS_WRITE : OS_READ, flags);
    if (!err)
        err = load(c);
    return finish(c, err, out);
}

/* A file that will be replaced; its first bytes are kept for the case that the commit fails when it
 * has written the header. */
static u32 open_old(struct cfb *c, const char16_t *path, u32 flags)
{
    u32 err = open_path(c, path, OS_WRITE, flags);
    u32 got;

    if (!err)
        err = os_read_at(c->file, 0, c->header, CFB_HEADER_SIZE, &got);
    return err;
}

u32 stg_create(const char16_t *path, u32 flags, struct stg **out)
{
    struct cfb *c;
    u32 err = new_file(&c);

    if (err)
        return err;
    c->path = u16_dup(path, u16_len(path));
    if (!c->path)
        return finish(c, ERROR_OUTOFMEMORY, out);
    err = open_path(c, path, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, flags);
    if (!err)
        c->made = true;
    else if (err == ERROR_FILE_EXISTS || err == ERROR_ALREADY_EXISTS)
        err = open_old(c, path, flags);
    c->changed = true;
    return finish(c, err, out);
}

void stg_replaces(struct stg *s)
{
    os_mutex_lock(&s->c->lock);
    s->c->replaces = true;
    os_mutex_unlock(&s->c->lock);
}

u32 stg_create_memory(struct stg **out)
{
    struct cfb *c;
    u32 err = new_file(&c);

    if (err)
        return err;
    c->writable = true;
    return finish(c, ERROR_SUCCESS, out);
}

u32 stg_open_memory(const void *data, size_t len, struct stg **out)
{
    struct cfb *c;
    u32 err = new_file(&c);

    if (err)
        return err;
    if (len > UINT32_MAX / 2)
        return finish(c, ERROR_OUTOFMEMORY, out);
    c->window = os_alloc(len);
    if (!c->window)
        return finish(c, ERROR_OUTOFMEMORY, out);
    memcpy(c->window, data, len);
    c->window_len = c->window_cap = (u32)len;
    c->size = len;
    return finish(c, load(c), out);
}

/* --- handles
 * ------------------------------------------------------------------------------------------ */

u32 stg_handle(struct cfb *c, u32 node, struct stg **out)
{
    struct stg *s = os_alloc(sizeof(*s));

    if (!s)
        return ERROR_OUTOFMEMORY;
    s->c = c;
    s->node = node;
    s->epoch = c->epoch;
    c->refs++;
    c->tree.nodes[node].opens++;
    *out = s;
    return ERROR_SUCCESS;
}

void stg_release(struct cfb *c)
{
    bool last = --c->refs == 0;

    os_mutex_unlock(&c->lock);
    if (last)
        destroy(c);
}

void stg_close(struct stg *s)
{
    if (!s)
        return;
    os_mutex_lock(&s->c->lock);
    if (s->epoch == s->c->epoch)
        cfb_node_close(&s->c->tree, s->node);
    stg_release(s->c);
    os_free(s);
}

u32 stg_enter(struct stg *s)
{
    os_mutex_lock(&s->c->lock);
    if ((s->node == 0 || s->epoch == s->c->epoch) && s->c->tree.nodes[s->node].type != CFB_UNUSED)
        return ERROR_SUCCESS;
    os_mutex_unlock(&s->c->lock);
    return ERROR_FILE_NOT_FOUND;
}

void stg_leave(struct stg *s)
{
    os_mutex_unlock(&s->c->lock);
}

void stg_touch(struct cfb *c)
{
    c->changed = true;
    c->version++;
}

void stg_touch_node(struct cfb *c, u32 node)
{
    const struct cfb_node *n = &c->tree.nodes[node];
    struct cfb_change *change;

    stg_touch(c);
    change = &c->recent[c->version % CFB_RECENT];
    change->version = c->version;
    change->parent = n->parent;
    memcpy(change->name, n->name, n->name_len * sizeof(*n->name));
    change->name[n->name_len] = 0;
}

bool stg_changed_name(struct stg *s, u32 version, char16_t *name)
{
    const struct cfb_change *change = &s->c->recent[version % CFB_RECENT];
    bool known;

    os_mutex_lock(&s->c->lock);
    known = version && change->version == version;
    if (known)
        u16_copy(name, CFB_NAME_UNITS, change->parent == s->node ? change->name : u"");
    os_mutex_unlock(&s->c->lock);
    return known;
}

u32 stg_version(struct stg *s)
{
    u32 version;

    os_mutex_lock(&s->c->lock);
    version = s->c->version;
    os_mutex_unlock(&s->c->lock);
    return version;
}

/* --- the root as a whole
 * -------------------------------------------------------------------------------- */

bool stg_is_changed(struct stg *s)
{
    bool changed;

    os_mutex_lock(&s->c->lock);
    changed = s->c->changed;
    os_mutex_unlock(&s->c->lock);
    return changed;
}

bool stg_is_writable(struct stg *s)
{
    return s->c->writable;
}

bool stg_is_stale(struct stg *s)
{
    struct cfb *c = s->c;
    u8 header[CFB_HEADER_SIZE];
    bool stale = false;
    u32 got;

    os_mutex_lock(&c->lock);
    if (c->file && c->has_header)
        stale = os_read_at(c->file, 0, header, sizeof(header), &got) || got != sizeof(header) ||
                memcmp(header, c->header, sizeof(header)) != 0;
    os_mutex_unlock(&c->lock);
    return stale;
}

u32 stg_commit(struct stg *s)
{
    u32 err;

    os_mutex_lock(&s->c->lock);
    s->c->replaces = false;
    err = cfb_commit(s->c);
    os_mutex_unlock(&s->c->lock);
    return err;
}

static u32 revert(struct cfb *c)
{
    struct cfb_tree tree;
    u32 opens;
    u32 err = cfb_tree_init(&tree);

    if (!err && c->has_header)
        err = cfb_dir_read(c, &tree);
    if (err) {
        cfb_tree_free(c, &tree);
        return err;
    }
    opens = c->tree.nodes[0].opens;
    cfb_tree_free(c, &c->tree);
    c->tree = tree;
    c->tree.nodes[0].opens = opens;
    c->epoch++;
    c->changed = !c->has_header;
    return ERROR_SUCCESS;
}

u32 stg_revert(struct stg *s)
{
    u32 err;

    os_mutex_lock(&s->c->lock);
    if ((s->c->file || s->c->has_header) && !s->c->upgraded)
        err = revert(s->c);
    else
        err = ERROR_NOT_SUPPORTED;
    s->c->version++;
    os_mutex_unlock(&s->c->lock);
    return err;
}

u32 stg_save_as(struct stg *s, const char16_t *path)
{
    struct stg *to;
    u32 err = stg_create(path, STG_DENY_WRITE | STG_DENY_READ, &to);

    if (err)
        return err;
    err = stg_copy(s, to);
    if (!err)
        err = stg_commit(to);
    stg_close(to);
    return err;
}
