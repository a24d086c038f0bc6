/*
 * CreateShortcuts and RemoveShortcuts.
 *
 * A target that names a feature is the key file of the shortcut's component, with the descriptor of
 * both beside it, by which the component is installed when the shortcut is used: it may be there
 * before the component, where the feature is advertised.
 */
#include <stdlib.h>
#include <string.h>

#include "act_files.h"
#include "act_folder.h"
#include "act_publish.h"
#include "advertise.h"
#include "file_table.h"
#include "filename.h"
#include "lnk.h"
#include "product_text.h"
#include "rows.h"
#include "session_impl.h"
#include "stores.h"
#include "sysprops.h"
#include "target.h"
#include "utf16.h"

enum shortcut_column {
    SHORTCUT = 1,
    DIRECTORY,
    NAME,
    COMPONENT,
    TARGET,
    ARGUMENTS,
    DESCRIPTION,
    HOTKEY,
    ICON,
    ICON_INDEX,
    SHOW,
    FOLDER,
};

static const char16_t query[] =
    u"SELECT `Shortcut`, `Directory_`, `Name`, `Component_`, `Target`, `Arguments`, "
    u"`Description`, `Hotkey`, `Icon_`, `IconIndex`, `ShowCmd`, `WkDir` FROM `Shortcut`";

/* A row of MsiShortcutProperty. */
struct property_row {
    char16_t *shortcut, *key, *value;
};

struct shortcuts {
    struct install *in;
    struct making made;
    struct leaving leaving;
    struct property_row *rows;
    u32 row_count, row_cap;
    bool others; /* removing: another engine put them */
};

/* --- properties ---------------------------------------------------------------------------------
 */

static u32 read_property(void *ctx, struct record *row)
{
    struct shortcuts *p = ctx;
    struct property_row *r;
    size_t len;

    if (p->row_count == p->row_cap) {
        u32 cap = p->row_cap ? p->row_cap * 2 : 16;

        r = os_realloc_array(p->rows, cap, sizeof(*r));
        if (!r)
            return ERROR_OUTOFMEMORY;
        p->rows = r;
        p->row_cap = cap;
    }
    r = &p->rows[p->row_count++];
    r->shortcut = rec_dup_text(row, 1, &len);
    r->key = rec_dup_text(row, 2, &len);
    r->value = rec_dup_text(row, 3, &len);
    return r->shortcut && r->key && r->value ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

enum { PROPERTIES_MAX = 32 }; /* of one shortcut */

struct texts {
    struct text_buf target, arguments, description, folder, icon, descriptor;
    struct text_buf values[PROPERTIES_MAX];
    struct lnk_property properties[PROPERTIES_MAX];
    u32 count;
};

static void texts_init(struct texts *t)
{
    memset(t, 0, sizeof(*t));
}

static void texts_free(struct texts *t)
{
    tb_free(&t->target);
    tb_free(&t->arguments);
    tb_free(&t->description);
    tb_free(&t->folder);
    tb_free(&t->icon);
    tb_free(&t->descriptor);
    for (u32 i = 0; i < t->count; i++)
        tb_free(&t->values[i]);
}

static int by_shortcut(const void *a, const void *b)
{
    const struct property_row *x = a, *y = b;

    return u16_compare(x->shortcut, u16_len(x->shortcut), y->shortcut, u16_len(y->shortcut));
}

/* The first row that is not before the shortcut's: they are in order. */
static u32 first_of(const struct shortcuts *p, const char16_t *shortcut)
{
    u32 low = 0, high = p->row_count;

    while (low < high) {
        u32 mid = low + (high - low) / 2;
        const char16_t *name = p->rows[mid].shortcut;

        if (u16_compare(name, u16_len(name), shortcut, u16_len(shortcut)) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static u32 take_properties(struct shortcuts *p, const char16_t *shortcut, struct texts *t)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = first_of(p, shortcut); !err && i < p->row_count && t->count < PROPERTIES_MAX;
         i++) {
        const struct property_row *r = &p->rows[i];
        struct text_buf *value = &t->values[t->count];
        struct lnk_property *to = &t->properties[t->count];

        if (!u16_equal(r->shortcut, shortcut))
            break;
        if (!lnk_property_key(r->key, to))
            continue;
        t->count++;
        err = format_text(p->in->s, r->value, u16_len(r->value), value);
        if (!err && value->failed)
            err = ERROR_OUTOFMEMORY;
        to->text = value->s ? value->s : u"";
    }
    return err;
}

/* --- parts --------------------------------------------------------------------------------------
 */

static bool has_bracket(const struct rec_view *v)
{
    for (size_t i = 0; i < v->len; i++)
        if (v->text[i] == '[')
            return true;
    return false;
}

/* The key file of a component, or its folder. */
static u32 component_key(struct shortcuts *p, u32 i, struct text_buf *out)
{
    const struct component *c = names_at(&p->in->s->components, i);
    u32 file = names_find(&p->in->s->files, c->key_path, u16_len(c->key_path)), err;
    const struct package_file *f = file == NAME_NONE ? NULL : names_at(&p->in->s->files, file);

    if (c->store)
        err = f ? file_target_folder(p->in->s, f, out) : store_target(p->in->s, c->store, out);
    else
        err = path_of_folder(p->in, c->folder, out);
    return err || !f ? err : path_add_name(out, f->long_name);
}

static u32 target_of(struct shortcuts *p, struct record *row, u32 component, struct text_buf *out)
{
    struct rec_view v;
    bool found;

    if (rec_view(row, TARGET, &v))
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (has_bracket(&v))
        return format_text(p->in->s, v.text, v.len, out);
    if (names_find(&p->in->s->features, v.text, v.len) != NAME_NONE)
        return component_key(p, component, out);
    /* or a folder's property */
    return path_of_property(p->in, v.text, out, &found);
}

/* The feature that the target names, where such shortcuts are made; or NULL. */
static const struct feature *feature_of(struct shortcuts *p, struct record *row)
{
    struct session *s = p->in->s;
    struct rec_view v;
    u32 i;

    if (prop_get(s, "DISABLEADVTSHORTCUTS") || rec_view(row, TARGET, &v) || has_bracket(&v))
        return NULL;
    i = names_find(&s->features, v.text, v.len);
    return i == NAME_NONE ? NULL : names_at(&s->features, i);
}

enum { DESCRIPTOR_MAX = 260 };

static u32 descriptor_of(struct shortcuts *p, struct record *row, u32 component,
                         struct text_buf *out)
{
    const struct component *c = names_at(&p->in->s->components, component);
    const struct feature *f = feature_of(p, row);
    u32 err = ERROR_SUCCESS;

    if (!f || f->attributes & FEATURE_NO_ADVERTISE || !guid_is(c->guid) || !p->in->product_code)
        return ERROR_SUCCESS;
    err = product_descriptor(p->in, f->named.name, c->guid, out);
    if (out->len >= DESCRIPTOR_MAX)
        tb_cut(out, 0);
    return err;
}

static u32 formatted(struct shortcuts *p, struct record *row, u32 field, struct text_buf *out)
{
    struct rec_view v;

    if (rec_view(row, field, &v) || !v.len)
        return ERROR_SUCCESS;
    return format_text(p->in->s, v.text, v.len, out);
}

/* Icons of a product are in a folder of its own: below Windows' for the machine, else the user's.
 */
static u32 icon_of(struct shortcuts *p, struct record *row, struct text_buf *out)
{
    struct session *s = p->in->s;
    bool all = session_for_all_users(s);
    const struct property *folder = prop_get(s, all ? "WindowsFolder" : "AppDataFolder");
    const struct property *code = prop_get(s, "ProductCode");
    struct rec_view v;

    if (rec_view(row, ICON, &v) || !v.len || !folder || !code)
        return ERROR_SUCCESS;
    if (!file_name_is_plain(v.text, v.len))
        return ERROR_BAD_PATHNAME;
    tb_add(out, folder->value, folder->value_len);
    if (out->len && out->s[out->len - 1] != '\\')
        tb_char(out, '\\');
    tb_ascii(out, all ? "Installer\\" : "Microsoft\\Installer\\");
    tb_add(out, code->value, code->value_len);
    tb_char(out, '\\');
    tb_add(out, v.text, v.len);
    return ERROR_SUCCESS;
}

/* Without the backslash that a property of a folder ends with. */
static u32 folder_of(struct shortcuts *p, struct record *row, struct text_buf *out)
{
    struct rec_view v;
    bool found;
    u32 err;

    if (rec_view(row, FOLDER, &v) || !v.len)
        return ERROR_SUCCESS;
    err = path_of_property(p->in, v.text, out, &found);
    if (!err && found && out->len > 3)
        tb_cut(out, out->len - 1);
    return err;
}

static u32 take_texts(struct shortcuts *p, struct record *row, u32 component, struct texts *t)
{
    struct rec_view name;
    u32 err = target_of(p, row, component, &t->target);

    if (!err)
        err = formatted(p, row, ARGUMENTS, &t->arguments);
    if (!err)
        err = formatted(p, row, DESCRIPTION, &t->description);
    if (!err)
        err = folder_of(p, row, &t->folder);
    if (!err)
        err = icon_of(p, row, &t->icon);
    if (!err)
        err = descriptor_of(p, row, component, &t->descriptor);
    if (!err && !rec_view(row, SHORTCUT, &name))
        err = take_properties(p, name.text, t);
    if (!err && (t->target.failed || t->arguments.failed || t->description.failed ||
                 t->folder.failed || t->icon.failed))
        err = ERROR_OUTOFMEMORY;
    return err;
}

static u32 number_or(struct record *row, u32 field, u32 otherwise)
{
    i32 n = rec_get_int(row, field);

    return n == REC_NULL_INT ? otherwise : (u32)n;
}

static u32 link_bytes(struct shortcuts *p, struct record *row, u32 component, struct buf *out)
{
    struct texts t;
    u32 err;

    texts_init(&t);
    err = take_texts(p, row, component, &t);
    if (!err) {
        struct lnk l = {
            .target = t.target.s,
            .arguments = t.arguments.s,
            .description = t.description.s,
            .folder = t.folder.s,
            .icon = t.icon.s,
            .descriptor = t.descriptor.s,
            .icon_index = (i32)number_or(row, ICON_INDEX, 0),
            .show = number_or(row, SHOW, 1),
            .hotkey = number_or(row, HOTKEY, 0) & 0xffff,
            .properties = t.properties,
            .property_count = t.count,
        };

        err = lnk_make(&l, out);
    }
    texts_free(&t);
    return err;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

/* The shortcut's path; *folder_len: of its folder. */
static u32 link_path(struct shortcuts *p, struct record *row, struct text_buf *path,
                     size_t *folder_len)
{
    static const char16_t ending[] = u".lnk";
    struct rec_view folder, name;
    u32 err;

    if (rec_view(row, DIRECTORY, &folder) || rec_view(row, NAME, &name))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = path_of_folder(p->in, folder.text, path);
    *folder_len = path->len;
    if (!err)
        err = path_add_name(path, name.text);
    if (err)
        return err;
    if (path->len - *folder_len < 5 ||
        u16_compare_fold(path->s + path->len - 4, 4, ending, ARRAY_LEN(ending) - 1))
        tb_add(path, ending, ARRAY_LEN(ending) - 1);
    return path->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 plan_link(struct shortcuts *p, struct record *row, u32 component,
                     const struct text_buf *path, size_t folder_len)
{
    const char16_t *texts[1] = {path->s + folder_len};
    struct buf bytes = {0};
    struct op op;
    u32 err = plan_folder_made(p->in, &p->made, path->s, folder_len);

    if (!err)
        err = link_bytes(p, row, component, &bytes);
    if (!err)
        err = plan_data(p->in, 1, texts);
    op_begin(&op, OP_LINK);
    op_text(&op, path->s);
    op_bytes(&op, bytes.data, bytes.len);
    if (!err)
        err = plan(p->in, &op);
    buf_free(&bytes);
    return err;
}

static u32 component_of(const struct shortcuts *p, struct record *row)
{
    struct rec_view v;

    return rec_view(row, COMPONENT, &v) ? NAME_NONE
                                        : names_find(&p->in->s->components, v.text, v.len);
}

static bool appears(struct shortcuts *p, struct record *row, u32 component)
{
    return component != NAME_NONE &&
           component_appears(names_at(&p->in->s->components, component), feature_of(p, row));
}

static bool vanishes(struct shortcuts *p, struct record *row, u32 component)
{
    return component != NAME_NONE &&
           component_vanishes(names_at(&p->in->s->components, component), feature_of(p, row));
}

static u32 create_row(void *ctx, struct record *row)
{
    struct shortcuts *p = ctx;
    u32 component = component_of(p, row), err;
    struct text_buf path;
    size_t folder_len;

    if (!component_comes(p->in, component) && !appears(p, row, component))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = link_path(p, row, &path, &folder_len);
    if (!err)
        err = plan_link(p, row, component, &path, folder_len);
    tb_free(&path);
    return err;
}

/* --- those of another engine --------------------------------------------------------------------
 */

struct elsewhere {
    const struct text_buf *path;
    struct text_buf own;
    size_t own_folder; /* the length of the user's folder of that kind, with its backslash */
};

/* Of folders in each other the longest one counts. */
static u32 as_own(void *ctx, const char *name, const char16_t *own, const char16_t *shared)
{
    struct elsewhere *e = ctx;
    size_t n = u16_len(shared);

    (void)name;
    if (n > e->path->len || u16_compare_fold(e->path->s, n, shared, n) ||
        (e->own.len && u16_len(own) < e->own_folder))
        return ERROR_SUCCESS;
    e->own_folder = u16_len(own);
    e->own.len = 0;
    tb_add(&e->own, own, e->own_folder);
    tb_add(&e->own, e->path->s + n, e->path->len - n);
    return e->own.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* Wine's msi.dll puts the shortcuts of a product for all users into the folders of the one who
 * installs it. */
static u32 remove_elsewhere(struct shortcuts *p, const struct text_buf *path, size_t folder_len)
{
    struct elsewhere e = {.path = path};
    struct tgt_stat st;
    bool is_new;
    u32 err;

    tb_init(&e.own);
    err = sys_shared_folders(true, as_own, &e);
    if (!err && e.own.len) {
        size_t len = e.own.len - (path->len - folder_len);

        if (!tgt_stat(e.own.s, &st) && !(st.attributes & TGT_FOLDER))
            err = plan_file_removed(p->in, e.own.s, len);
        if (!err) /* the user's, which no property of this session has */
            err = path_set_add(&p->leaving.system, e.own.s, e.own_folder - 1, &is_new);
        if (!err)
            err = leaving_add(&p->leaving, e.own.s, len, false);
    }
    tb_free(&e.own);
    return err;
}

static u32 remove_row(void *ctx, struct record *row)
{
    struct shortcuts *p = ctx;
    u32 component = component_of(p, row), err;
    struct text_buf path;
    struct tgt_stat st;
    size_t folder_len;
    bool goes = component_removes(p->in, component) || vanishes(p, row, component);
    bool moves = p->others && (goes || component_comes(p->in, component));

    if (!goes && !moves)
        return ERROR_SUCCESS;
    tb_init(&path);
    err = link_path(p, row, &path, &folder_len);
    if (!err && goes && !tgt_stat(path.s, &st) && !(st.attributes & TGT_FOLDER))
        err = plan_file_removed(p->in, path.s, folder_len);
    if (!err && goes)
        err = leaving_add(&p->leaving, path.s, folder_len, false);
    if (!err && moves)
        err = remove_elsewhere(p, &path, folder_len);
    tb_free(&path);
    return err;
}

static void rows_free(struct shortcuts *p)
{
    for (u32 i = 0; i < p->row_count; i++) {
        os_free(p->rows[i].shortcut);
        os_free(p->rows[i].key);
        os_free(p->rows[i].value);
    }
    os_free(p->rows);
}

u32 create_shortcuts(struct install *in)
{
    struct shortcuts p = {.in = in};
    u32 err = rows_each(in->s->db,
                        u"SELECT `Shortcut_`, `PropertyKey`, `PropVariantValue` FROM "
                        u"`MsiShortcutProperty`",
                        NULL, read_property, &p);

    if (p.row_count)
        qsort(p.rows, p.row_count, sizeof(*p.rows), by_shortcut);
    if (!err)
        err = rows_each(in->s->db, query, NULL, create_row, &p);
    rows_free(&p);
    making_free(&p.made);
    return err;
}

u32 remove_shortcuts(struct install *in)
{
    struct shortcuts p = {.in = in, .others = in->per_machine && product_is_of_others(in)};
    u32 err = leaving_begin(in, &p.leaving);

    if (!err)
        err = rows_each(in->s->db, query, NULL, remove_row, &p);
    if (!err)
        err = leaving_plan(in, &p.leaving);
    leaving_end(&p.leaving);
    return err;
}
