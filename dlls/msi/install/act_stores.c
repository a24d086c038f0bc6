/*
 * Win32 assemblies for everybody: what goes of them, and what was there before.
 */
#include "act_stores.h"

#include <string.h>

#include "components.h"
#include "descriptor.h"
#include "os.h"
#include "reg.h"
#include "regplan.h"
#include "stores.h"
#include "sxsname.h"
#include "target.h"
#include "utf16.h"

#define INSTALLATIONS   u"Software\\Microsoft\\Windows\\CurrentVersion\\SideBySide\\Installations\\"
#define CURRENT_VERSION u"Software\\Microsoft\\Windows\\CurrentVersion"
#define SYSTEMS         u"System"

enum store_uses {
    USED_BY_OTHERS = 1, /* a product is registered for it, and has it */
    USED_BY_THIS = 2,   /* this one is, in its context, and has it; or it was noted already */
};

struct use {
    struct named named; /* the folder */
    u32 uses;
};

struct uses {
    struct install *in;
    struct name_list all; /* struct use */
};

static u32 add_use(struct uses *u, const char16_t *store, size_t len, u32 uses)
{
    u32 i = names_find(&u->all, store, len);
    struct use *use = i == NAME_NONE ? names_add(&u->all, store, len) : names_at(&u->all, i);

    if (!use)
        return ERROR_OUTOFMEMORY;
    use->uses |= uses;
    return ERROR_SUCCESS;
}

static u32 uses_of(const struct uses *u, const char16_t *store)
{
    u32 i = names_find(&u->all, store, u16_len(store));

    return i == NAME_NONE ? 0 : ((const struct use *)names_at(&u->all, i))->uses;
}

static u32 unless_missing(u32 err)
{
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* --- who is registered --------------------------------------------------------------------------
 */

/* What is advertised alone has no assembly, and a component may have got another one since. Where
 * the text does not say which component it is, or that is registered with a path as others write
 * it, the product is believed. */
static u32 has_it(const struct uses *u, const struct descriptor *d, u32 context,
                  const struct text_buf *store, bool *has)
{
    const char16_t *sid = context == CONTEXT_MACHINE ? NULL : u->in->sid;
    struct text_buf its;
    char16_t *path;
    u32 err = ERROR_SUCCESS;

    *has = !d->component[0];
    if (!*has)
        err = component_path_in(d->component, d->product, sid, context, &path);
    if (*has || err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    tb_init(&its);
    if (path[0] == '<' && path[1] == '\\') {
        err = sxs_folder(path + 2, u16_len(path + 2), &its);
        *has = !err && u16_equal(its.s, store->s);
    } else {
        *has = path[0];
    }
    tb_free(&its);
    os_free(path);
    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
}

/* The same product may be there in another context too, and is another one then. */
static bool is_this(const struct uses *u, const struct descriptor *client, u32 context)
{
    return context == u->in->context && u16_equal_fold(client->product, u->in->product_code);
}

static u32 uses_in(const struct uses *u, const struct reg_data *d, u32 context,
                   const struct text_buf *store, u32 *uses)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    const char16_t *end = s + d->size / sizeof(*s);
    struct descriptor client;
    u32 err = ERROR_SUCCESS;

    *uses = 0;
    if (d->type != REG_TYPE_MULTI && d->type != REG_TYPE_SZ)
        return ERROR_SUCCESS;
    for (; !err && s < end && *s; s += u16_len(s) + 1) {
        bool has = false;

        if (!descriptor_read(s, &client))
            continue;
        err = has_it(u, &client, context, store, &has);
        if (has)
            *uses |= is_this(u, &client, context) ? USED_BY_THIS : USED_BY_OTHERS;
    }
    return err;
}

static u32 read_list(struct uses *u, struct reg_key *key, const char16_t *name, u32 context)
{
    struct text_buf store;
    struct reg_data d;
    u32 err, uses;

    tb_init(&store);
    err = sxs_folder(name, u16_len(name), &store);
    if (!err && !(err = reg_get(key, name, &d))) {
        err = uses_in(u, &d, context, &store, &uses);
        os_free(d.bytes);
        if (!err && uses)
            err = add_use(u, store.s, store.len, uses);
    }
    tb_free(&store);
    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS; /* what is no list has no clients */
}

/* Names that are longer than an enumeration takes are asked for by what the package has. */
static u32 read_long_names(struct uses *u, struct reg_key *key, u32 context)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < u->in->s->components.count; i++) {
        const struct component *c = names_at(&u->in->s->components, i);

        if (c->store && u16_len(c->assembly) >= REG_NAME_MAX - 1)
            err = read_list(u, key, c->assembly, context);
    }
    return err;
}

static u32 read_context(struct uses *u, u32 context)
{
    char16_t name[REG_NAME_MAX];
    struct layout_path p;
    struct reg_key *key;
    u32 err, at;

    layout_advertised(&p, context, context == CONTEXT_MACHINE ? NULL : u->in->sid,
                      u"Win32Assemblies", NULL, u"Global");
    err = layout_open(&p, &key);
    if (err)
        return unless_missing(err);
    for (u32 i = 0; !err && (at = reg_value_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (at && at != ERROR_MORE_DATA)
            err = at;
        else if (!at)
            err = read_list(u, key, name, context);
    }
    if (!err)
        err = read_long_names(u, key, context);
    reg_close(key);
    return err;
}

/* The caller ends it, failed or not. */
static u32 uses_begin(struct uses *u, struct install *in)
{
    u32 err = install_identify(in);

    u->in = in;
    names_init(&u->all, sizeof(struct use));
    if (!err)
        err = read_context(u, CONTEXT_MACHINE);
    if (!err)
        err = read_context(u, CONTEXT_USER);
    return err ? err : read_context(u, CONTEXT_MANAGED);
}

static void uses_end(struct uses *u)
{
    names_free(&u->all, NULL);
}

static bool has_stores(const struct install *in)
{
    for (u32 i = 0; i < in->s->components.count; i++)
        if (((const struct component *)names_at(&in->s->components, i))->store)
            return true;
    return false;
}

/* --- what was there -----------------------------------------------------------------------------
 */

bool store_is_wines(const struct install *in, u32 component, const char16_t *path)
{
    static const char built_in[] = "Wine builtin DLL", stands_for[] = "Wine placeholder DLL";
    const struct component *c = names_at(&in->s->components, component);
    enum { AT = 0x40, SIZE = AT + 32 };
    struct tgt_file *f;
    u8 bytes[SIZE];
    u32 got = 0;

    if (!c->store || tgt_open(path, &f))
        return false;
    if (tgt_read(f, bytes, SIZE, &got))
        got = 0;
    tgt_close(f);
    return got == SIZE && bytes[0] == 'M' && bytes[1] == 'Z' &&
           (!memcmp(bytes + AT, built_in, sizeof(built_in)) ||
            !memcmp(bytes + AT, stands_for, sizeof(stands_for)));
}

static u32 see_file(const char16_t *path, bool *there)
{
    struct tgt_stat st;
    u32 err = tgt_glance(path, &st);

    *there = !err && !(st.attributes & TGT_FOLDER);
    return unless_missing(err);
}

/* The path of a file beside the manifests. */
static u32 beside(struct install *in, const char16_t *store, const char16_t *ending,
                  struct text_buf *out)
{
    u32 err;

    tb_init(out);
    err = manifests_target(in->s, out);
    tb_add(out, store, u16_len(store));
    tb_add(out, ending, u16_len(ending));
    if (!err && out->failed)
        err = ERROR_OUTOFMEMORY;
    if (!err && !path_is_full(out->s, out->len))
        err = ERROR_BAD_PATHNAME;
    return err == ERROR_DIRECTORY ? ERROR_PATH_NOT_FOUND : err;
}

static u32 is_there(struct install *in, const char16_t *store, bool *there)
{
    struct text_buf path;
    u32 err = beside(in, store, SXS_MANIFEST, &path);

    *there = false;
    if (!err)
        err = see_file(path.s, there);
    tb_free(&path);
    return err;
}

/* Sets the key of the assembly's place in the registry, in room that is the caller's. */
static u32 system_place(const char16_t *store, struct text_buf *key, struct reg_place *at)
{
    tb_init(key);
    tb_add(key, INSTALLATIONS, u16_len(INSTALLATIONS));
    tb_add(key, store, u16_len(store));
    *at = (struct reg_place){REG_MACHINE, REG_VIEW_64, key->s};
    return key->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 is_systems(const char16_t *store, bool *is)
{
    struct reg_key *opened;
    struct reg_place at;
    struct text_buf key;
    u32 err = system_place(store, &key, &at);

    *is = false;
    if (!err)
        err = reg_place_open(&at, &opened);
    if (!err) {
        *is = reg_has_value(opened, SYSTEMS);
        reg_close(opened);
    }
    tb_free(&key);
    return unless_missing(err);
}

/* The assembly that the registered key path of this product's component says. */
static u32 registered_store(struct install *in, const struct component *c, struct text_buf *out)
{
    char16_t *path;
    u32 err = ERROR_BAD_PATHNAME;

    if (guid_is(c->guid))
        err = component_path_in(c->guid, in->product_code, in->sid, in->context, &path);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_BAD_PATHNAME;
    err = path[0] == '<' && path[1] == '\\' ? sxs_folder(path + 2, u16_len(path + 2), out)
                                            : ERROR_BAD_PATHNAME;
    os_free(path);
    return err;
}

/* Whether it is there, and neither a product's nor of this component, whose package may publish no
 * assemblies. */
static u32 is_nobodys(struct uses *u, const struct component *c, bool *is)
{
    struct text_buf own;
    u32 err = is_there(u->in, c->store, is);

    if (err || !*is)
        return err;
    tb_init(&own);
    err = registered_store(u->in, c, &own);
    *is = !uses_of(u, c->store) && (err || !u16_equal_fold(own.s, c->store));
    tb_free(&own);
    return err == ERROR_BAD_PATHNAME ? ERROR_SUCCESS : err;
}

static u32 note_found(struct uses *u, const struct component *c)
{
    struct reg_place at;
    struct text_buf key;
    bool stays = c->attributes & COMPONENT_PERMANENT;
    u32 err = stays ? ERROR_SUCCESS : is_nobodys(u, c, &stays);

    if (err || !stays)
        return err;
    err = system_place(c->store, &key, &at);
    if (!err && !reg_place_has(&at, SYSTEMS))
        err = plan_reg_text(u->in, &at, SYSTEMS, u"");
    tb_free(&key);
    return err ? err : add_use(u, c->store, u16_len(c->store), USED_BY_THIS);
}

u32 plan_stores_found(struct install *in)
{
    struct uses u;
    u32 err;

    if (!has_stores(in))
        return ERROR_SUCCESS;
    err = uses_begin(&u, in);
    for (u32 i = 0; !err && i < in->s->components.count; i++) {
        const struct component *c = names_at(&in->s->components, i);

        if (c->store && component_installs(c))
            err = note_found(&u, c);
    }
    uses_end(&u);
    return err;
}

/* --- what goes ----------------------------------------------------------------------------------
 */

struct going {
    struct install *in;
    struct leaving *leaving;
    struct text_buf path; /* of the folder */
    struct path_set done;
};

static u32 remove_file(void *ctx, const char16_t *name, u32 attributes)
{
    struct going *g = ctx;
    size_t folder_len = g->path.len;
    u32 err;

    if (attributes & TGT_FOLDER)
        return ERROR_SUCCESS;
    tb_add(&g->path, name, u16_len(name));
    err = g->path.failed ? ERROR_OUTOFMEMORY : plan_file_removed(g->in, g->path.s, folder_len);
    tb_cut(&g->path, folder_len);
    return err;
}

static u32 remove_beside(struct going *g, const char16_t *store, const char16_t *ending)
{
    struct text_buf path;
    u32 err = beside(g->in, store, ending, &path);
    size_t folder_len = path.len - (err ? 0 : u16_len(store) + u16_len(ending));
    bool there = false;

    if (!err)
        err = see_file(path.s, &there);
    if (!err && there)
        err = plan_file_removed(g->in, path.s, folder_len);
    if (!err)
        err = leaving_add(g->leaving, path.s, folder_len, false);
    tb_free(&path);
    return err;
}

/* A folder that is a link is somebody's, and what is in it too. */
static u32 remove_folder(struct going *g, const char16_t *store)
{
    struct tgt_stat st;
    char16_t *folder;
    u32 err;

    tb_cut(&g->path, 0);
    err = store_target(g->in->s, store, &g->path);
    if (err)
        return err == ERROR_DIRECTORY ? ERROR_PATH_NOT_FOUND : err;
    if (!path_is_full(g->path.s, g->path.len))
        return ERROR_BAD_PATHNAME;
    folder = u16_dup(g->path.s, g->path.len - 1);
    if (!folder)
        return ERROR_OUTOFMEMORY;
    err = tgt_stat(folder, &st);
    if (!err && (st.attributes & (TGT_FOLDER | TGT_LINK)) == TGT_FOLDER) {
        err = tgt_each(folder, remove_file, g);
        if (!err)
            err = leaving_add(g->leaving, g->path.s, g->path.len, true);
    }
    os_free(folder);
    return unless_missing(err);
}

static u32 remove_store(struct going *g, const char16_t *store)
{
    bool is_new, systems;
    u32 err = path_set_add(&g->done, store, u16_len(store), &is_new);

    if (err || !is_new)
        return err;
    err = is_systems(store, &systems);
    if (err || systems)
        return err;
    err = remove_folder(g, store);
    if (!err)
        err = remove_beside(g, store, SXS_CATALOG);
    return err ? err : remove_beside(g, store, SXS_MANIFEST);
}

/* Components of this product that have it afterwards. */
static bool stays(const struct component *c)
{
    return component_installs(c) || (c->installed == STATE_LOCAL && !component_goes(c));
}

/* The assembly that it was, where that is another than it is now. */
static u32 store_before(struct install *in, const struct component *c, struct text_buf *out)
{
    u32 err = registered_store(in, c, out);

    return !err && c->store && u16_equal_fold(out->s, c->store) ? ERROR_BAD_PATHNAME : err;
}

static u32 remove_before(struct going *g, const struct uses *u, const struct component *c)
{
    struct text_buf store;
    u32 err;

    tb_init(&store);
    err = store_before(g->in, c, &store);
    if (!err && !(uses_of(u, store.s) & USED_BY_OTHERS))
        err = remove_store(g, store.s);
    tb_free(&store);
    return err == ERROR_BAD_PATHNAME ? ERROR_SUCCESS : err;
}

/* The lists of before have this product too; what counts of it is what it will have. */
static u32 forget_own(struct uses *u)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < u->all.count; i++)
        ((struct use *)names_at(&u->all, i))->uses &= ~(u32)USED_BY_THIS;
    for (u32 i = 0; !err && i < u->in->s->components.count; i++) {
        const struct component *c = names_at(&u->in->s->components, i);

        if (c->store && stays(c))
            err = add_use(u, c->store, u16_len(c->store), USED_BY_OTHERS);
    }
    return err;
}

static u32 remove_all(struct going *g, struct uses *u)
{
    u32 err = forget_own(u);

    for (u32 i = 0; !err && i < g->in->s->components.count; i++) {
        const struct component *c = names_at(&g->in->s->components, i);

        if (c->installed != STATE_LOCAL || !(component_goes(c) || component_installs(c)))
            continue;
        if (c->store && component_goes(c) && !uses_of(u, c->store))
            err = remove_store(g, c->store);
        if (!err && (c->store || c->assembly))
            err = remove_before(g, u, c);
    }
    return err;
}

static bool brings_stores(const struct install *in)
{
    for (u32 i = 0; i < in->s->components.count; i++) {
        const struct component *c = names_at(&in->s->components, i);

        if (c->store && component_installs(c))
            return true;
    }
    return false;
}

static u32 keep_folder(struct leaving *l, struct text_buf *path, u32 err)
{
    bool is_new;

    if (!err)
        err = path_set_add(&l->system, path->s, path->len - 1, &is_new);
    tb_free(path);
    return err == ERROR_DIRECTORY ? ERROR_PATH_NOT_FOUND : err;
}

/* What comes finds the folders above it, and notes them no more: they are not left meanwhile. */
static u32 keep_above(struct install *in, struct leaving *l)
{
    struct text_buf path;
    u32 err;

    if (!brings_stores(in))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = keep_folder(l, &path, stores_target(in->s, &path));
    return err ? err : keep_folder(l, &path, manifests_target(in->s, &path));
}

u32 plan_stores_removed(struct install *in, struct leaving *l)
{
    struct going g = {.in = in, .leaving = l};
    struct uses u;
    u32 err;

    if (!has_stores(in))
        return ERROR_SUCCESS;
    tb_init(&g.path);
    err = uses_begin(&u, in);
    if (!err)
        err = keep_above(in, l);
    if (!err)
        err = remove_all(&g, &u);
    uses_end(&u);
    tb_free(&g.path);
    path_set_free(&g.done);
    return err;
}
