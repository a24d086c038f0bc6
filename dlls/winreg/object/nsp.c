#include "nsp.h"

#include "os.h"
#include "place.h"
#include "transact.h"
#include "walk.h"

#include <string.h>

static void (*commit_told)(struct mount *m);

void nsp_on_commit(void (*told)(struct mount *m))
{
    __atomic_store_n(&commit_told, told, __ATOMIC_RELEASE);
}

static u32 finish_write(struct mount *m, struct hive *h, struct hive_write *w, u32 err)
{
    void (*told)(struct mount *) = __atomic_load_n(&commit_told, __ATOMIC_ACQUIRE);
    if (err) {
        hive_write_abort(h, w);
        return err;
    }
    err = hive_write_commit(h, w);
    if (!err && told)
        told(m);
    return err;
}

u32 nsp_read(struct reg_row *row, nsp_reader fn, void *ctx)
{
    struct hive *h;
    struct hive_read r = {.tries = 0};
    if (row->extra)
        return txn_read(row, fn, ctx);
    u32 cell, gen, err = space_hive(row->mount, &h);
    if (err)
        return err;
    do {
        err = hive_read_begin(h, &r);
        if (err)
            return err;
        gen = key_struct_gen(&r.view);
        err = walk_cell(&r.view, row->gen, row->cell, row->id, &cell);
        if (!err)
            err = fn(ctx, &r.view, cell);
    } while (!hive_read_end(h, &r));
    if (gen != row->gen && err != ERROR_KEY_DELETED) {
        row->cell = cell;
        row->gen = gen;
    }
    return err;
}

u32 nsp_write(const struct reg_row *row, nsp_writer fn, void *ctx)
{
    struct hive *h;
    struct hive_write w;
    if (row->extra)
        return ERROR_NOT_SUPPORTED;
    u32 cell, err = space_hive(row->mount, &h);
    if (!err)
        err = hive_write_begin(h, HIVE_WAIT, &w);
    if (err)
        return err;
    err = walk_cell(&w.view, row->gen, row->cell, row->id, &cell);
    if (!err)
        err = fn(ctx, &w.view, cell);
    return finish_write(row->mount, h, &w, err);
}

u32 nsp_change(const struct reg_row *row, const struct nsp_op *op)
{
    return row->extra ? txn_write(row, op) : nsp_write(row, op->run, op->ctx);
}

static void tell(void *ctx, struct mount *m)
{
    (*(void (**)(struct mount *))ctx)(m);
}

void nsp_tell_all(void)
{
    void (*told)(struct mount *) = __atomic_load_n(&commit_told, __ATOMIC_ACQUIRE);
    if (told)
        space_each_open(tell, &told);
}

u32 nsp_write_root(const struct reg_row *row, nsp_writer fn, void *ctx)
{
    struct hive *h;
    struct hive_write w;
    struct key_ref root;
    u32 err = space_hive(row->mount, &h);
    if (!err)
        err = hive_write_begin(h, HIVE_WAIT, &w);
    if (err)
        return err;
    err = key_root(&w.view, &root);
    if (!err)
        err = fn(ctx, &w.view, root.cell);
    return finish_write(row->mount, h, &w, err);
}

/* --- opening
 * ---------------------------------------------------------------------------------------- */

struct opening {
    const struct nsp_path *p;
    u32 granted;
    u64 note;
};

static u32 check_end(void *ctx, struct mount *m, struct hview *v, u32 cell)
{
    struct opening *o = ctx;
    return o->p->by_privilege ? access_by_privilege(&o->granted)
                              : access_check(m, v, cell, o->p->wanted, &o->granted, &o->note);
}

static u32 start_path(struct walk *w, const struct nsp_path *p)
{
    const char16_t *path = p->path;
    u32 len = p->len;
    /* HKEY_CLASSES_ROOT alone forgives a backslash at the begin. */
    if (len && *path == u'\\' && !p->base->mount && p->base->id == SPACE_CLASSES)
        path++, len--;
    if (len && *path == u'\\')
        return ERROR_BAD_PATHNAME;
    walk_start(w, p->base, path, len);
    w->view = p->view & ACCESS_VIEW_32;
    w->open_link = p->open_link;
    return ERROR_SUCCESS;
}

static void make_row(const struct walk *w, const struct nsp_path *p, u32 granted,
                     struct reg_row *out)
{
    const struct spot *at = &w->at;
    memset(out, 0, sizeof *out);
    out->mount = at->mount;
    out->id = at->mount ? at->id : (u32)at->top;
    out->cell = at->cell;
    out->gen = at->gen;
    out->place = at->place;
    out->access = granted | p->view;
    out->flags = (p->base->flags & ROW_CLASSES) | (w->at_link ? ROW_LINK : 0);
    if (!p->len)
        out->flags |= p->base->flags & ROW_LINK;
}

u32 nsp_open(const struct nsp_path *p, struct reg_row *out, bool *dangling)
{
    struct walk w;
    struct opening o = {.p = p};
    if (p->base->extra)
        return txn_open(txn_of(p->base), p, out);
    u32 err = start_path(&w, p);
    if (err)
        return err;
    err = walk_run(&w, check_end, &o);
    if (!err && !w.at.mount)
        err = p->by_privilege ? access_by_privilege(&o.granted)
                              : access_check_top(p->wanted, &o.granted);
    if (!err) {
        make_row(&w, p, o.granted, out);
        if (w.at.mount)
            access_remember(w.at.mount, o.note);
    }
    if (dangling)
        *dangling = err == ERROR_FILE_NOT_FOUND && walk_dangling(&w);
    walk_done(&w);
    return err;
}

/* --- making
 * ------------------------------------------------------------------------------------------- */

/* How many keys one call makes at most. */
#define CREATE_LEVELS 32u

/* The components after the next one, if any. */
static bool more_follow(const struct walk *w, const char16_t *name, u32 len)
{
    struct walk rest = *w;
    const char16_t *n;
    u32 l;
    walk_consume(&rest, name, len);
    return walk_component(&rest, &n, &l);
}

static u32 make_one(struct walk *w, struct hview *v, const struct nsp_new *what, u32 level)
{
    const char16_t *name;
    void *sd = NULL;
    u32 len, child, sd_size = 0;
    walk_component(w, &name, &len);
    bool last = !more_follow(w, name, len);
    struct key_new make = {.name = name, .name_len = len, .is_volatile = what->is_volatile};
    u32 err = access_inherit(w->at.mount, v, w->at.cell, level == 0, last ? what->sd : NULL,
                             last ? what->sd_size : 0, &sd, &sd_size);
    if (err)
        return err;
    make.sd = sd;
    make.sd_size = sd_size;
    if (last) {
        make.class_name = what->class_name;
        make.class_size = what->class_size;
        make.is_link = what->is_link;
    }
    err = key_create(v, w->at.cell, &make, &child);
    os_free(sd);
    if (!err) {
        w->at.place = place_child(w->at.place, name, len);
        w->at.cell = child;
        walk_consume(w, name, len);
    }
    return err;
}

u32 nsp_make_rest(struct walk *w, struct hview *v, const struct nsp_new *what, u64 *note)
{
    const char16_t *name;
    u32 len, granted, err;
    err = access_check(w->at.mount, v, w->at.cell,
                       ACCESS_CREATE | (what->is_link ? ACCESS_LINK : 0), &granted, note);
    if (!err && key_flags(v, w->at.cell) & KEYF_SYM_LINK)
        err = ERROR_ACCESS_DENIED;
    for (u32 level = 0; !err && walk_component(w, &name, &len); level++)
        err = level < CREATE_LEVELS ? make_one(w, v, what, level) : ERROR_INVALID_PARAMETER;
    w->at_link = what->is_link;
    w->at.id = key_ref_of(v, w->at.cell).id;
    w->at.gen = key_struct_gen(v);
    return err;
}

/* What a new key's handle may do: what was asked for; the descriptor is not asked. */
static u32 grant_creator(const struct nsp_path *p, u32 *granted)
{
    if (p->by_privilege)
        return access_by_privilege(granted);
    if (p->wanted & ACCESS_SACL && access_check_top(ACCESS_SACL, granted))
        return ERROR_PRIVILEGE_NOT_HELD;
    *granted = p->wanted & ~ACCESS_MAXIMUM;
    if (p->wanted & ACCESS_MAXIMUM)
        *granted |= ACCESS_ALL;
    return ERROR_SUCCESS;
}

/* The walk ended at a missing component: makes it in a write. ERROR_RETRY_WALK: things changed
 * meanwhile, the walk begins again. */
#define ERROR_RETRY_WALK 0xfffffffcu
static u32 create_here(struct walk *w, const struct nsp_path *p, const struct nsp_new *what,
                       u32 *granted)
{
    struct hive *h;
    struct hive_write hw;
    u64 note = 0;
    u32 err = grant_creator(p, granted);
    if (!err)
        err = space_hive(w->at.mount, &h);
    if (!err)
        err = hive_write_begin(h, HIVE_WAIT, &hw);
    if (err)
        return err;
    /* The read found the first component missing; if somebody made it since, key_create says so. */
    err = walk_cell(&hw.view, w->at.gen, w->at.cell, w->at.id, &w->at.cell);
    if (!err)
        err = nsp_make_rest(w, &hw.view, what, &note);
    if (err == ERROR_ALREADY_EXISTS || err == ERROR_KEY_DELETED)
        err = ERROR_RETRY_WALK;
    err = finish_write(w->at.mount, h, &hw, err);
    if (!err)
        access_remember(w->at.mount, note);
    return err;
}

/* A link's target is made where only its last component is missing, and then what is to be below
 * it. */
static bool can_make(const struct walk *w)
{
    struct walk target = *w;
    const char16_t *name;
    u32 len;
    if (w->no_target || !walk_component(w, &name, &len))
        return false;
    if (walk_dangling(w))
        target.left -= w->behind;
    return !walk_dangling(w) || !more_follow(&target, name, len);
}

static u32 try_create(const struct nsp_path *p, const struct nsp_new *what, struct reg_row *out,
                      bool *created)
{
    struct walk w;
    struct opening o = {.p = p};
    u32 err = start_path(&w, p);
    if (err)
        return err;
    if (what->is_link)
        w.open_link = true;
    err = walk_run(&w, check_end, &o);
    if (!err && !w.at.mount)
        err = access_check_top(p->wanted, &o.granted);
    *created = err == ERROR_FILE_NOT_FOUND && can_make(&w);
    if (*created)
        err = w.at.mount ? create_here(&w, p, what, &o.granted) : ERROR_INVALID_PARAMETER;
    else if (!err && what->is_link)
        err = ERROR_ALREADY_EXISTS;
    if (!err)
        make_row(&w, p, o.granted, out);
    walk_done(&w);
    return err;
}

u32 nsp_create(const struct nsp_path *p, const struct nsp_new *what, struct reg_row *out,
               bool *created)
{
    u32 err = ERROR_RETRY_WALK;
    if (p->base->extra)
        return txn_create_key(txn_of(p->base), p, what, out, created);
    for (u32 i = 0; i < 100 && err == ERROR_RETRY_WALK; i++)
        err = try_create(p, what, out, created);
    return err == ERROR_RETRY_WALK ? ERROR_BUSY : err;
}

/* --- removing and renaming
 * ------------------------------------------------------------------------------ */

static u32 delete_key(void *ctx, struct hview *v, u32 key)
{
    UNUSED(ctx);
    u32 err = key_delete(v, key);
    return err == ERROR_KEY_HAS_CHILDREN ? ERROR_ACCESS_DENIED : err;
}

static u32 keep_nothing(const void *ctx, void **copy)
{
    UNUSED(ctx);
    *copy = NULL;
    return ERROR_SUCCESS;
}

const struct nsp_op *nsp_op_delete(void)
{
    static const struct nsp_op op = {delete_key, NULL, keep_nothing};
    return &op;
}

u32 nsp_delete(const struct nsp_path *p)
{
    struct nsp_path path = *p;
    struct reg_row row;
    path.open_link = true;
    if (p->base->extra)
        return txn_delete(txn_of(p->base), p);
    u32 err = nsp_open(&path, &row, NULL);
    if (err)
        return err;
    if (!row.mount)
        return ERROR_ACCESS_DENIED;
    if (row.flags & ROW_LINK && p->len)
        return ERROR_FILE_NOT_FOUND;
    return nsp_write(&row, delete_key, NULL);
}

/* What the descriptors have to allow for a tree to be deleted or renamed: looked at in the write
 * that does it, so that nothing comes between. */
struct tree_rights {
    u32 below, self, above;
    struct mount *mount;
};

static u32 check_rights(const struct tree_rights *r, struct hview *v, u32 key)
{
    u32 granted, above, err = access_check_below(r->mount, v, key, r->below);
    u64 note;
    if (!err && r->self)
        err = access_check(r->mount, v, key, r->self, &granted, &note);
    if (err || !r->above || key_parent(v, key, &above))
        return err;
    if (above == HV_NIL) /* a hive's root */
        return ERROR_ACCESS_DENIED;
    return access_check(r->mount, v, above, r->above, &granted, &note);
}

static u32 open_tree(const struct nsp_path *p, struct reg_row *row)
{
    u32 err = nsp_open(p, row, NULL);
    return !err && !row->mount ? (u32)ERROR_ACCESS_DENIED : err;
}

static u32 keep_block(const void *ctx, size_t size, void **copy)
{
    *copy = os_alloc(size);
    if (!*copy)
        return ERROR_OUTOFMEMORY;
    memcpy(*copy, ctx, size);
    return ERROR_SUCCESS;
}

struct deleting {
    struct tree_rights rights;
    bool keep;
};

static u32 delete_tree(void *ctx, struct hview *v, u32 key)
{
    const struct deleting *d = ctx;
    u32 err = check_rights(&d->rights, v, key);
    return err ? err : key_delete_tree(v, key, d->keep);
}

static u32 keep_deleting(const void *ctx, void **copy)
{
    return keep_block(ctx, sizeof(struct deleting), copy);
}

u32 nsp_delete_tree(const struct nsp_path *p, bool keep)
{
    struct deleting d = {{.below = ACCESS_DELETE | ACCESS_ENUM | ACCESS_QUERY}, keep};
    struct nsp_op op = {delete_tree, &d, keep_deleting};
    struct reg_row row;
    u32 err = open_tree(p, &row);
    if (err)
        return err;
    d.rights.mount = row.mount;
    return nsp_change(&row, &op);
}

struct renaming {
    struct tree_rights rights;
    u32 len;
    char16_t name[KEY_NAME_MAX];
};

static u32 rename_key(void *ctx, struct hview *v, u32 key)
{
    struct renaming *r = ctx;
    u32 moved, err = check_rights(&r->rights, v, key);
    return err ? err : key_rename(v, key, r->name, r->len, &moved);
}

static u32 keep_renaming(const void *ctx, void **copy)
{
    return keep_block(ctx, sizeof(struct renaming), copy);
}

u32 nsp_rename(const struct nsp_path *p, const char16_t *name, u32 len)
{
    struct renaming r = {{ACCESS_DELETE, ACCESS_DELETE, ACCESS_CREATE, NULL}, .len = len};
    struct nsp_op op = {rename_key, &r, keep_renaming};
    struct reg_row row;
    if (!len || len > KEY_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    memcpy(r.name, name, len * sizeof *name);
    u32 err = open_tree(p, &row);
    if (err)
        return err;
    r.rights.mount = row.mount;
    return row.extra ? txn_rename(&row, &op, name, len) : nsp_change(&row, &op);
}
