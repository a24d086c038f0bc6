/*
 * RemoveExistingProducts: the products that FindRelatedProducts found are removed, each by a
 * session of its own on its cached package.
 *
 * Between InstallInitialize and InstallFinalize, and in a transaction, their operations are part of
 * this installation's run: a failure brings the old product back. Before and after, each removal is
 * a run of its own.
 */
#include "install_impl.h"

#include "apart.h"
#include "nested.h"
#include "op_undo.h"
#include "products.h"
#include "rows.h"
#include "run.h"
#include "session_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { ONLY_DETECT = 2, IGNORE_FAILURE = 4, HOST_PATH = 4096 };

struct removal {
    struct install *in;
    char16_t *codes; /* with semicolons between them */
    size_t codes_len;
    struct text_buf features; /* what REMOVE is to be */
    bool may_fail;
};

struct removals {
    struct install *in;
    struct removal *all;
    u32 count, cap;
};

/* --- the table ----------------------------------------------------------------------------------
 */

static u32 more(struct removals *l)
{
    u32 cap = l->cap ? l->cap * 2 : 8;
    struct removal *all;

    if (l->count < l->cap)
        return ERROR_SUCCESS;
    all = os_realloc_array(l->all, cap, sizeof(*all));
    if (!all)
        return ERROR_OUTOFMEMORY;
    l->all = all;
    l->cap = cap;
    return ERROR_SUCCESS;
}

static u32 format_features(struct session *s, struct record *row, struct text_buf *out)
{
    size_t len;
    char16_t *text = rec_dup_text(row, 2, &len);
    u32 err = text ? format_text(s, text, len, out) : ERROR_OUTOFMEMORY;

    os_free(text);
    if (!err && !out->len)
        tb_ascii(out, "ALL");
    return err ? err : out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 take_row(void *ctx, struct record *row)
{
    struct removals *l = ctx;
    u32 attributes = (u32)rec_get_int(row, 1), err;
    const struct property *found;
    struct removal *r;
    size_t len;
    char16_t *name;

    if (attributes & ONLY_DETECT)
        return ERROR_SUCCESS;
    name = rec_dup_text(row, 3, &len);
    err = name ? more(l) : ERROR_OUTOFMEMORY;
    found = err ? NULL : props_get(&l->in->s->props, name, len);
    os_free(name);
    if (err || !found)
        return err;
    r = &l->all[l->count++];
    r->in = l->in;
    r->may_fail = attributes & IGNORE_FAILURE;
    r->codes_len = found->value_len;
    r->codes = u16_dup(found->value, found->value_len);
    tb_init(&r->features);
    return r->codes ? format_features(l->in->s, row, &r->features) : ERROR_OUTOFMEMORY;
}

static void free_all(struct removals *l)
{
    for (u32 i = 0; i < l->count; i++) {
        os_free(l->all[i].codes);
        tb_free(&l->all[i].features);
    }
    os_free(l->all);
}

/* --- one product --------------------------------------------------------------------------------
 */

/* A copy of the cached package, which may go while it is open; the host's path. */
static u32 copy_package(struct run *run, const char16_t *code, char16_t *host)
{
    char16_t *local = NULL, *copy;
    struct product p;
    u32 err = product_find(code, &p) ? ERROR_SUCCESS : ERROR_UNKNOWN_PRODUCT;

    if (!err)
        err = product_property(&p, u"LocalPackage", &local);
    if (!err && !*local)
        err = ERROR_INSTALL_SOURCE_ABSENT;
    if (!err)
        err = run_temp_name(run, local, "msi", &copy);
    if (!err)
        err = copy_file(local, copy);
    if (!err)
        err = tgt_host_path(copy, host, HOST_PATH);
    os_free(local);
    return err;
}

static u32 add_line(struct text_buf *line, const struct removal *r)
{
    const struct property *own;

    tb_ascii(line, "REMOVE=\"");
    tb_add(line, r->features.s, r->features.len);
    tb_ascii(line, "\" UPGRADINGPRODUCTCODE=");
    os_mutex_lock(&r->in->s->lock);
    own = prop_get(r->in->s, "ProductCode");
    if (own)
        tb_add(line, own->value, own->value_len);
    os_mutex_unlock(&r->in->s->lock);
    return line->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 remove_with(struct removal *r, struct run *run, bool shared, const char16_t *code)
{
    char16_t *host = os_alloc_array(HOST_PATH, sizeof(*host));
    struct session_options how = {0};
    struct database *db = NULL;
    struct session *s = NULL;
    struct text_buf line;
    u32 err = host ? copy_package(run, code, host) : ERROR_OUTOFMEMORY;

    tb_init(&line);
    if (!err)
        err = add_line(&line, r);
    how.command_line = line.s;
    how.product = code;
    if (!err)
        err = db_open(host, DB_READONLY, false, &db);
    if (!err)
        err = session_open(db, &how, &s);
    if (!err) {
        err = nested_run(s, run, shared);
        r->in->reboot = r->in->reboot || nested_wants_restart(s);
        obj_unref(session_object(s));
    } else if (!shared) {
        run_end(run);
    }
    if (db)
        obj_unref(db_object(db));
    tb_free(&line);
    os_free(host);
    return err;
}

static u32 remove_product(struct removal *r, const char16_t *code)
{
    struct install *in = r->in;
    bool shared = in->started || in->member;
    struct run *run = NULL;
    struct product there;
    u32 err, place = 0;

    if (!product_find(code, &there))
        return ERROR_SUCCESS; /* it went with one before */
    err = shared ? install_begin_run(in) : run_begin(NULL, true, &run);
    if (!err && shared && r->may_fail)
        err = run_mark(in->run, &place);
    if (!err)
        err = remove_with(r, shared ? in->run : run, shared, code);
    TRACE(TRACE_MSI, "removing %s: %u", trace_text(code, -1), err);
    if (!err || !r->may_fail || err == ERROR_INSTALL_USEREXIT)
        return err;
    /* it goes on without the removal, of which nothing stays */
    return shared ? run_undo_from(in->run, place) : ERROR_SUCCESS;
}

static u32 remove_each(struct removal *r)
{
    u32 err = ERROR_SUCCESS;

    for (size_t at = 0, n; !err && at < r->codes_len; at += n + 1) {
        char16_t code[GUID_CHARS + 1];

        for (n = 0; at + n < r->codes_len && r->codes[at + n] != ';';)
            n++;
        u16_copy(code, MIN(n + 1, ARRAY_LEN(code)), r->codes + at);
        if (guid_is(code))
            err = remove_product(r, code);
    }
    return err;
}

u32 install_remove_existing(struct install *in)
{
    struct removals l = {.in = in};
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&in->s->lock);
    if (!prop_get(in->s, "Installed"))
        err =
            rows_each(in->s->db, u"SELECT `Attributes`, `Remove`, `ActionProperty` FROM `Upgrade`",
                      NULL, take_row, &l);
    os_mutex_unlock(&in->s->lock);
    /* what was planned before comes before */
    if (!err && l.count && in->started && in->script.len)
        err = install_execute(in);
    if (!err && l.count)
        err = apart_keep(in);
    for (u32 i = 0; !err && i < l.count; i++)
        err = remove_each(&l.all[i]);
    free_all(&l);
    return err;
}
