/*
 * Assemblies of a package.
 */
#include "stores.h"

#include "rows.h"
#include "sxsname.h"
#include "utf16.h"

enum { ATTRIBUTES_WIN32 = 1 };

/* --- names --------------------------------------------------------------------------------------
 */

/* The name of a component's assembly: `name` without its key comes first. */
struct naming {
    struct named named; /* the component */
    struct text_buf name, rest;
};

static void naming_done(void *item)
{
    struct naming *a = item;

    tb_free(&a->name);
    tb_free(&a->rest);
}

/* Fields: component, name, value. */
static u32 add_part(void *list, struct record *row)
{
    struct name_list *l = list;
    struct rec_view c, name, value;
    struct naming *a;
    u32 i;

    if (rec_view(row, 1, &c) || rec_view(row, 2, &name) || rec_view(row, 3, &value))
        return ERROR_SUCCESS;
    i = names_find(l, c.text, c.len);
    a = i == NAME_NONE ? names_add(l, c.text, c.len) : names_at(l, i);
    if (!a)
        return ERROR_OUTOFMEMORY;
    if (!u16_compare_fold(name.text, name.len, u"name", 4)) {
        tb_add(&a->name, value.text, value.len);
    } else {
        tb_char(&a->rest, ',');
        tb_add(&a->rest, name.text, name.len);
        tb_ascii(&a->rest, "=\"");
        tb_add(&a->rest, value.text, value.len);
        tb_char(&a->rest, '"');
    }
    return a->name.failed || a->rest.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* The caller frees, failed or not. */
static u32 read_names(struct session *s, struct name_list *l)
{
    u32 err;

    names_init(l, sizeof(struct naming));
    err = rows_each(s->db, u"SELECT `Component_`, `Name`, `Value` FROM `MsiAssemblyName`", NULL,
                    add_part, l);
    for (u32 i = 0; !err && i < l->count; i++) {
        struct naming *a = names_at(l, i);

        tb_add(&a->name, a->rest.s ? a->rest.s : u"", a->rest.len);
        if (a->name.failed)
            err = ERROR_OUTOFMEMORY;
    }
    return err;
}

/* --- assemblies for everybody -------------------------------------------------------------------
 */

/* The folder's name of a row whose fields are component, manifest, application, attributes.
 * ERROR_BAD_PATHNAME: it is none of ours, or not here. */
static u32 row_store(const struct name_list *names, struct record *row, struct text_buf *out)
{
    struct rec_view v;
    const struct naming *a;
    u32 i;

    if (rec_view(row, 3, &v) || v.len || rec_view(row, 2, &v) || !v.len ||
        rec_get_int(row, 4) != ATTRIBUTES_WIN32 || rec_view(row, 1, &v))
        return ERROR_BAD_PATHNAME;
    i = names_find(names, v.text, v.len);
    a = i == NAME_NONE ? NULL : names_at(names, i);
    return a ? sxs_folder(a->name.s, a->name.len, out) : ERROR_BAD_PATHNAME;
}

struct loading {
    struct session *s;
    struct name_list names; /* struct naming */
};

static u32 load_row(void *ctx, struct record *row)
{
    struct loading *l = ctx;
    struct component *c;
    struct text_buf store;
    struct rec_view v;
    size_t len;
    u32 err, i = rec_view(row, 1, &v) ? NAME_NONE : names_find(&l->s->components, v.text, v.len);

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    c = names_at(&l->s->components, i);
    tb_init(&store);
    err = c->store ? ERROR_BAD_PATHNAME : row_store(&l->names, row, &store);
    if (!err) {
        c->store = tb_take(&store, &len);
        c->compressed = true; /* none is run from its source */
        i = rec_view(row, 2, &v) ? NAME_NONE : names_find(&l->s->files, v.text, v.len);
        if (i != NAME_NONE)
            ((struct package_file *)names_at(&l->s->files, i))->beside = true;
        err = c->store ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    tb_free(&store);
    return err == ERROR_BAD_PATHNAME ? ERROR_SUCCESS : err;
}

/* --- files --------------------------------------------------------------------------------------
 */

static size_t stem(const char16_t *name)
{
    size_t n = u16_len(name);

    while (n && name[n - 1] != '.')
        n--;
    return n ? n - 1 : u16_len(name);
}

static u32 rename_beside(struct package_file *f, const char16_t *store, const char16_t *ending)
{
    struct text_buf name;
    char16_t *text;
    size_t len;

    tb_init(&name);
    tb_add(&name, store, u16_len(store));
    tb_add(&name, ending, u16_len(ending));
    text = tb_take(&name, &len);
    tb_free(&name);
    if (!text)
        return ERROR_OUTOFMEMORY;
    os_free(f->long_name);
    f->long_name = text;
    f->beside = true;
    return ERROR_SUCCESS;
}

/* A catalog is named as the manifest of its component is. */
static u32 place_catalogs(struct session *s, char16_t *const *stems)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < s->files.count; i++) {
        struct package_file *f = names_at(&s->files, i);
        const struct component *c =
            f->component == NAME_NONE ? NULL : names_at(&s->components, f->component);
        size_t n = stem(f->long_name);
        const char16_t *own;

        if (!c || !c->store || f->beside || !stems[f->component])
            continue;
        own = stems[f->component];
        if (!u16_compare_fold(f->long_name, n, own, u16_len(own)) &&
            u16_equal_fold(f->long_name + n, SXS_CATALOG))
            err = rename_beside(f, c->store, SXS_CATALOG);
    }
    return err;
}

/* One manifest for a component; what claims to be one of another's stays where that has it. */
static u32 place_manifests(struct session *s, char16_t **stems)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < s->files.count; i++) {
        struct package_file *f = names_at(&s->files, i);
        const struct component *c =
            f->component == NAME_NONE ? NULL : names_at(&s->components, f->component);

        if (!f->beside)
            continue;
        f->beside = c && c->store && !stems[f->component];
        if (!f->beside)
            continue;
        stems[f->component] = u16_dup(f->long_name, stem(f->long_name));
        err = stems[f->component] ? rename_beside(f, c->store, SXS_MANIFEST) : ERROR_OUTOFMEMORY;
    }
    return err;
}

static u32 place_files(struct session *s)
{
    char16_t **stems = os_calloc(s->components.count + 1u, sizeof(*stems));
    u32 err = stems ? place_manifests(s, stems) : ERROR_OUTOFMEMORY;

    if (!err)
        err = place_catalogs(s, stems);
    for (u32 i = 0; stems && i < s->components.count; i++)
        os_free(stems[i]);
    os_free(stems);
    return err;
}

/* --- all of it ----------------------------------------------------------------------------------
 */

#define ASSEMBLIES \
    u"SELECT `Component_`, `File_Manifest`, `File_Application`, `Attributes` FROM `MsiAssembly`"

static u32 set_names(struct session *s, const struct name_list *names)
{
    for (u32 i = 0; i < names->count; i++) {
        const struct naming *a = names_at(names, i);
        u32 at = names_find(&s->components, a->named.name, a->named.len);
        struct component *c = at == NAME_NONE ? NULL : names_at(&s->components, at);

        if (!c)
            continue;
        c->assembly = u16_dup(a->name.s ? a->name.s : u"", a->name.len);
        if (!c->assembly)
            return ERROR_OUTOFMEMORY;
    }
    return ERROR_SUCCESS;
}

u32 stores_load(struct session *s)
{
    struct loading l = {.s = s};
    u32 err = read_names(s, &l.names);

    if (!err)
        err = set_names(s, &l.names);
    if (!err && l.names.count && !session_is_admin(s)) {
        err = rows_each(s->db, ASSEMBLIES, NULL, load_row, &l);
        if (!err)
            err = place_files(s);
    }
    names_free(&l.names, naming_done);
    return err;
}

struct sufficing {
    struct session *s;
    struct name_list names;
    bool suffice;
};

struct owning {
    struct rec_view component;
    bool owns;
};

static u32 see_owner(void *ctx, struct record *row)
{
    struct owning *o = ctx;
    struct rec_view v;

    o->owns =
        !rec_view(row, 1, &v) && !u16_compare(v.text, v.len, o->component.text, o->component.len);
    return ERROR_NO_MORE_ITEMS;
}

/* Whether the manifest is a file of the assembly's component: an assembly is one component. */
static u32 see_manifest(struct session *s, struct record *row)
{
    struct owning o = {.owns = false};
    struct rec_view manifest;
    u32 err;

    if (rec_view(row, 1, &o.component) || rec_view(row, 2, &manifest))
        return ERROR_BAD_PATHNAME;
    err = rows_each_named(s->db, u"SELECT `Component_` FROM `File` WHERE `File` = ?", manifest.text,
                          manifest.len, see_owner, &o);
    return err || o.owns ? err : ERROR_BAD_PATHNAME;
}

static u32 see_row(void *ctx, struct record *row)
{
    struct sufficing *q = ctx;
    struct text_buf store;
    struct rec_view application;
    u32 err;

    if (!rec_view(row, 3, &application) && application.len)
        return ERROR_SUCCESS;
    tb_init(&store);
    err = row_store(&q->names, row, &store);
    tb_free(&store);
    if (!err)
        err = see_manifest(q->s, row);
    if (err != ERROR_BAD_PATHNAME)
        return err;
    q->suffice = false;
    return ERROR_NO_MORE_ITEMS;
}

u32 stores_suffice(struct session *s, bool *suffice)
{
    struct sufficing q = {.s = s, .suffice = true};
    u32 err = read_names(s, &q.names);

    if (!err)
        err = rows_each(s->db, ASSEMBLIES, NULL, see_row, &q);
    names_free(&q.names, naming_done);
    *suffice = !err && q.suffice;
    return err;
}

/* --- where they are -----------------------------------------------------------------------------
 */

static u32 below_windows(struct session *s, const char16_t *below, struct text_buf *out)
{
    const struct property *windows = prop_get(s, "WindowsFolder");

    if (!windows || !windows->value_len)
        return ERROR_DIRECTORY;
    tb_add(out, windows->value, windows->value_len);
    if (windows->value[windows->value_len - 1] != '\\')
        tb_char(out, '\\');
    tb_add(out, below, u16_len(below));
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 stores_target(struct session *s, struct text_buf *out)
{
    return below_windows(s, SXS_FOLDER, out);
}

u32 store_target(struct session *s, const char16_t *store, struct text_buf *out)
{
    u32 err = stores_target(s, out);

    if (err)
        return err;
    tb_add(out, store, u16_len(store));
    tb_char(out, '\\');
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 manifests_target(struct session *s, struct text_buf *out)
{
    return below_windows(s, SXS_MANIFESTS, out);
}

u32 component_target(struct session *s, const struct component *c, struct text_buf *out)
{
    return c->store ? store_target(s, c->store, out)
                    : folder_target(s, c->folder, u16_len(c->folder), out);
}

u32 file_target_folder(struct session *s, const struct package_file *f, struct text_buf *out)
{
    if (f->component == NAME_NONE)
        return ERROR_DIRECTORY;
    return f->beside ? manifests_target(s, out)
                     : component_target(s, names_at(&s->components, f->component), out);
}
