/*
 * Concurrent installations: another package is installed while one is.
 *
 *   7    it is a sub-storage of the package
 *   23   it is a file of the source, by its path below the root of that
 *   39   it is a product's that is advertised or installed, by its code
 *
 * What it does is done at once, before what the outer installation has planned so far, and is
 * undone with it. Its own package, and those that it is within, it cannot install again; nor are
 * more than some within one another, for actions may change the codes that tell them apart.
 */
#include "nested.h"

#include "custom.h"
#include "dbopen.h"
#include "install_impl.h"
#include "look.h"
#include "op_undo.h"
#include "os.h"
#include "prodpackage.h"
#include "run.h"
#include "session_impl.h"
#include "stg.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

/* --- any ----------------------------------------------------------------------------------------
 */

u32 nested_run(struct session *s, struct run *run, bool shared)
{
    struct install *in;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    if (in) {
        in->run = run;
        in->nested = shared;
    }
    os_mutex_unlock(&s->lock);
    if (!in) {
        if (!shared)
            run_end(run);
        return ERROR_OUTOFMEMORY;
    }
    return install_takes(s, NULL, 0) ? session_do_action(s, u"INSTALL", 7)
                                     : ERROR_CALL_NOT_IMPLEMENTED;
}

bool nested_wants_restart(const struct session *s)
{
    const struct install *in = s->install;

    return in && in->reboot;
}

/* --- the package --------------------------------------------------------------------------------
 */

struct concurrent {
    struct session *outer;
    char16_t *path;                  /* of the package, as os.h opens it */
    char16_t *original, *transforms; /* NULL, or where it comes from, and what it has */
    const char16_t *product;         /* NULL, or whose it is */
    const char16_t *line;
    bool temporary; /* the file is a copy */
    bool stuck;     /* it failed, and what it did could not be undone */
};

static void concurrent_free(struct concurrent *c)
{
    if (c->temporary)
        os_remove(c->path);
    os_free(c->path);
    os_free(c->original);
    os_free(c->transforms);
}

static char16_t *property_text(struct session *s, const char *name)
{
    const struct property *p;
    char16_t *text;

    os_mutex_lock(&s->lock);
    p = prop_get(s, name);
    text = p ? u16_dup(p->value, p->value_len) : u16_dup(u"", 0);
    os_mutex_unlock(&s->lock);
    return text;
}

static u32 save_storage(struct session *s, const char16_t *name, const char16_t *path)
{
    struct stg *sub;
    u32 err;

    db_lock(s->db);
    err = stg_sub_open(s->db->stg, name, &sub);
    if (!err) {
        err = stg_save_as(sub, path);
        stg_close(sub);
    }
    db_unlock(s->db);
    return err;
}

/* Its source is the outer package's. */
static u32 find_in_package(struct concurrent *c, const char16_t *name)
{
    struct text_buf temp;
    u32 err;

    c->path = os_alloc_array(TGT_PATH, sizeof(*c->path));
    c->original = property_text(c->outer, "OriginalDatabase");
    if (!c->path || !c->original)
        return ERROR_OUTOFMEMORY;
    tb_init(&temp);
    err = custom_temp_path(c->outer, &temp);
    if (!err)
        err = tgt_host_path(temp.s, c->path, TGT_PATH);
    tb_free(&temp);
    if (!err)
        err = save_storage(c->outer, name, c->path);
    c->temporary = !err;
    return err;
}

static u32 find_in_source(struct concurrent *c, const char16_t *name)
{
    struct session *s = c->outer;
    const struct property *root;
    struct text_buf path;
    size_t unused;
    u32 err;

    tb_init(&path);
    os_mutex_lock(&s->lock);
    err = s->source_resolved ? ERROR_SUCCESS : folders_resolve_source(s);
    root = prop_get(s, "SourceDir");
    if (!err && root)
        tb_add(&path, root->value, root->value_len);
    os_mutex_unlock(&s->lock);
    if (path.len && path.s[path.len - 1] != '\\' && path.s[path.len - 1] != '/')
        tb_char(&path, '\\');
    tb_add(&path, name, u16_len(name));
    if (!err && path.failed)
        err = ERROR_OUTOFMEMORY;
    for (size_t i = 0; !err && path.s[0] == '/' && i < path.len; i++)
        if (path.s[i] == '\\') /* the host's */
            path.s[i] = '/';
    if (!err)
        c->path = tb_take(&path, &unused);
    tb_free(&path);
    return err;
}

static u32 find_cached(struct concurrent *c, const struct product *p)
{
    char16_t *local;
    u32 err = product_property(p, u"LocalPackage", &local);

    if (err)
        return err;
    c->path = os_alloc_array(LOOK_PATH, sizeof(*c->path));
    if (!c->path)
        err = ERROR_OUTOFMEMORY;
    else if (!look_os_path(local, c->path))
        err = ERROR_INSTALL_SOURCE_ABSENT;
    os_free(local);
    return err;
}

static u32 find_product(struct concurrent *c, const char16_t *code)
{
    struct product p;
    u32 err;

    if (!guid_is(code) || !product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    c->product = code;
    err = product_package(&p, &c->path, &c->original);
    if (err == ERROR_INSTALL_SOURCE_ABSENT) /* a folder of the host's is that machine */
        err = find_cached(c, &p);
    if (err)
        return err;
    err = product_property(&p, u"Transforms", &c->transforms);
    return err == ERROR_UNKNOWN_PROPERTY ? ERROR_SUCCESS : err;
}

static u32 find_package(struct concurrent *c, u32 type, const char16_t *source)
{
    switch (type & CUSTOM_SOURCE) {
    case CUSTOM_OF_BINARY:
        return find_in_package(c, source);
    case CUSTOM_OF_FILE:
        return find_in_source(c, source);
    default:
        return find_product(c, source);
    }
}

/* --- installing it ------------------------------------------------------------------------------
 */

enum { DEEPEST = 8 };

/* Whether an installation that this one is within is of that product, or there are too many. */
static bool is_within(const struct install *in, const char16_t *code)
{
    for (u32 depth = 1; in; in = in->outer, depth++) {
        char16_t *own = property_text(in->s, "ProductCode");
        bool is = own && u16_equal_fold(own, code);
        os_free(own);
        if (is || depth == DEEPEST)
            return true;
    }
    return false;
}

static u32 tell_parent(struct session *s, struct install *outer)
{
    static const struct {
        const char16_t *name;
        const char *of;
    } all[] = {{u"ParentProductCode", "ProductCode"},
               {u"ParentOriginalDatabase", "OriginalDatabase"}};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++) {
        char16_t *text = property_text(outer->s, all[i].of);

        err = text ? session_set_property(s, all[i].name, u16_len(all[i].name), text, u16_len(text))
                   : ERROR_OUTOFMEMORY;
        os_free(text);
    }
    return err;
}

static u32 prepare(struct session *s, struct install *outer)
{
    char16_t *code = property_text(s, "ProductCode");
    bool again = code && is_within(outer, code);
    struct install *in;

    os_free(code);
    if (!code)
        return ERROR_OUTOFMEMORY;
    if (again)
        return ERROR_INSTALL_FAILURE;
    os_mutex_lock(&s->lock);
    in = install_of(s);
    if (in)
        in->outer = outer;
    os_mutex_unlock(&s->lock);
    return in ? tell_parent(s, outer) : ERROR_OUTOFMEMORY;
}

static u32 run_apart(struct session *s)
{
    struct run *run;
    u32 err = run_begin(NULL, true, &run);

    return err ? err : nested_run(s, run, false);
}

static u32 run_within(struct concurrent *c, struct session *s, struct install *outer)
{
    u32 err = install_begin_run(outer), place = 0;

    if (!err)
        err = run_mark(outer->run, &place);
    if (err)
        return err;
    err = nested_run(s, outer->run, true);
    /* the outer one may go on without it, and then nothing of it stays */
    c->stuck = err && run_undo_from(outer->run, place);
    return c->stuck ? ERROR_INSTALL_FAILURE : err;
}

/* It is a deed of the outer one: nobody else ends the run meanwhile. */
static u32 run_concurrent(struct concurrent *c, struct session *s, struct install *outer)
{
    u32 err, lapsed;

    if (!install_begin_deed(outer))
        return ERROR_INSTALL_FAILURE;
    err = outer->started || outer->member ? run_within(c, s, outer) : run_apart(s);
    outer->reboot = outer->reboot || nested_wants_restart(s);
    lapsed = install_end_deed(outer);
    return err ? err : lapsed;
}

static u32 open_and_run(struct concurrent *c, struct install *outer)
{
    const struct session_options how = {.command_line = c->line,
                                        .original = c->original,
                                        .transforms = c->transforms,
                                        .product = c->product};
    struct database *db;
    struct session *s;
    u32 err = db_open_package(c->path, &db);

    if (err)
        return err;
    err = session_open(db, &how, &s);
    obj_unref(db_object(db));
    if (err)
        return err;
    err = prepare(s, outer);
    if (!err)
        err = run_concurrent(c, s, outer);
    obj_unref(session_object(s));
    return err;
}

u32 nested_install(struct session *s, u32 type, const char16_t *source, const char16_t *line)
{
    struct concurrent c = {.outer = s, .line = line};
    struct install *outer;
    u32 err;

    os_mutex_lock(&s->lock);
    outer = install_of(s);
    os_mutex_unlock(&s->lock);
    if (!outer)
        return ERROR_OUTOFMEMORY;
    err = find_package(&c, type, source);
    if (!err)
        err = open_and_run(&c, outer);
    TRACE(TRACE_MSI, "concurrent installation of %s: %u", trace_text(source, -1), err);
    concurrent_free(&c);
    return type & CUSTOM_CONTINUE && !c.stuck ? ERROR_SUCCESS : err;
}
