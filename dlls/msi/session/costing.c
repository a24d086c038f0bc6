/*
 * Costing: the features, components and files of a package, and which of them are to be installed.
 */
#include "notice.h"
#include "patching.h"
#include "rows.h"
#include "session_impl.h"
#include "stores.h"
#include "sysprops.h"
#include "utf16.h"

enum { FILE_NONCOMPRESSED = 0x2000, FILE_COMPRESSED = 0x4000, WORDS_COMPRESSED = 2 };

/* --- loading ------------------------------------------------------------------------------------
 */

static void feature_done(void *item)
{
    struct feature *f = item;

    os_free(f->title);
    os_free(f->description);
}

static void component_done(void *item)
{
    struct component *c = item;

    os_free(c->folder);
    os_free(c->key_path);
    os_free(c->guid);
    os_free(c->assembly);
    os_free(c->store);
}

static void file_done(void *item)
{
    os_free(((struct package_file *)item)->long_name);
}

void costing_free(struct session *s)
{
    names_free(&s->folders, folder_done);
    names_free(&s->features, feature_done);
    names_free(&s->components, component_done);
    names_free(&s->files, file_done);
    os_free(s->members);
    s->members = NULL;
    s->member_count = s->member_cap = 0;
    s->initialized = s->costed = s->validated = false;
}

/* The item that the row's field names, or NAME_NONE. */
static u32 find_in(const struct name_list *l, struct record *row, u32 field)
{
    struct rec_view v;

    if (rec_view(row, field, &v))
        return NAME_NONE;
    return names_find(l, v.text, v.len);
}

static void *add_to(struct name_list *l, struct record *row)
{
    struct rec_view v;

    if (rec_view(row, 1, &v))
        return NULL;
    return names_add(l, v.text, v.len);
}

static i32 int_or(struct record *row, u32 field, i32 otherwise)
{
    i32 n = rec_get_int(row, field);

    return n == REC_NULL_INT ? otherwise : n;
}

static u32 add_feature(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct feature *f = add_to(&s->features, row);
    size_t len;

    if (!f)
        return ERROR_OUTOFMEMORY;
    f->parent = NAME_NONE;
    f->title = rec_dup_text(row, 3, &len);
    f->description = rec_dup_text(row, 4, &len);
    f->level = int_or(row, 5, 0);
    f->attributes = (u32)int_or(row, 6, 0);
    f->installed = STATE_UNKNOWN;
    f->action = STATE_UNKNOWN;
    return f->title && f->description ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* A second time through the table, when all names are known. */
static u32 link_feature(void *ctx, struct record *row)
{
    struct session *s = ctx;
    u32 i = find_in(&s->features, row, 1), parent = find_in(&s->features, row, 2);

    if (i != NAME_NONE && parent != i)
        ((struct feature *)names_at(&s->features, i))->parent = parent;
    return ERROR_SUCCESS;
}

static u32 add_component(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct component *c = add_to(&s->components, row);
    struct rec_view v;
    size_t len;

    if (!c)
        return ERROR_OUTOFMEMORY;
    c->folder = rec_dup_text(row, 2, &len);
    c->attributes = (u32)int_or(row, 3, 0);
    c->key_path = rec_dup_text(row, 5, &len);
    c->guid = rec_dup_text(row, 6, &len);
    c->installed = STATE_UNKNOWN;
    c->action = STATE_UNKNOWN;
    c->enabled = rec_view(row, 4, &v) || condition_true(s, v.text, v.len);
    return c->folder && c->key_path && c->guid ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 add_member(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct membership m = {find_in(&s->features, row, 1), find_in(&s->components, row, 2)};

    if (m.feature == NAME_NONE || m.component == NAME_NONE)
        return ERROR_SUCCESS;
    if (s->member_count == s->member_cap) {
        u32 cap = s->member_cap ? s->member_cap * 2 : 64;
        struct membership *all = os_realloc_array(s->members, cap, sizeof(*all));

        if (!all)
            return ERROR_OUTOFMEMORY;
        s->members = all;
        s->member_cap = cap;
    }
    s->members[s->member_count++] = m;
    return ERROR_SUCCESS;
}

/* Whether a file is in a cabinet: its own bits say, else those of the package. */
static bool is_compressed(const struct session *s, u32 attributes)
{
    if (attributes & (FILE_COMPRESSED | FILE_NONCOMPRESSED))
        return (attributes & FILE_COMPRESSED) != 0;
    return (s->word_count & WORDS_COMPRESSED) != 0;
}

static void count_file(const struct session *s, struct component *c, struct record *row)
{
    i64 size = MAX(int_or(row, 4, 0), 0);

    c->bytes += (size + s->cluster - 1) / s->cluster * s->cluster;
    c->compressed = c->compressed || is_compressed(s, (u32)int_or(row, 5, 0));
}

static u32 add_file(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct package_file *f = add_to(&s->files, row);
    struct rec_view v;
    size_t bar = 0;

    if (!f)
        return ERROR_OUTOFMEMORY;
    f->component = find_in(&s->components, row, 2);
    if (f->component != NAME_NONE)
        count_file(s, names_at(&s->components, f->component), row);
    if (rec_view(row, 3, &v))
        return ERROR_INSTALL_PACKAGE_INVALID;
    while (bar < v.len && v.text[bar] != '|')
        bar++;
    bar = bar < v.len ? bar + 1 : 0;
    f->long_name = u16_dup(v.text + bar, v.len - bar);
    return f->long_name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static const struct {
    const char16_t *query;
    u32 (*each)(void *ctx, struct record *row);
} tables[] = {
    {u"SELECT `Feature`, `Feature_Parent`, `Title`, `Description`, `Level`, `Attributes` FROM "
     u"`Feature`",
     add_feature},
    {u"SELECT `Feature`, `Feature_Parent` FROM `Feature`", link_feature},
    {u"SELECT `Component`, `Directory_`, `Attributes`, `Condition`, `KeyPath`, `ComponentId` "
     u"FROM `Component`",
     add_component},
    {u"SELECT `Feature_`, `Component_` FROM `FeatureComponents`", add_member},
    {u"SELECT `File`, `Component_`, `FileName`, `FileSize`, `Attributes` FROM `File`", add_file},
};

enum { TREE_DEPTH = 16 };

/* How deep a feature is, no further than where that is too deep: a circle of parents has no end. */
static u32 depth_of(const struct session *s, u32 i)
{
    u32 depth = 0;

    for (; i != NAME_NONE && depth <= TREE_DEPTH;
         i = ((struct feature *)names_at(&s->features, i))->parent)
        depth++;
    return depth;
}

static u32 check_tree(struct session *s)
{
    u32 deepest = 0;

    for (u32 i = 0; i < s->features.count && deepest <= TREE_DEPTH; i++)
        deepest = MAX(deepest, depth_of(s, i));
    if (deepest <= TREE_DEPTH)
        return ERROR_SUCCESS;
    os_mutex_unlock(&s->lock);
    notice_too_deep(s, TREE_DEPTH);
    os_mutex_lock(&s->lock);
    return ERROR_INSTALL_FAILURE;
}

u32 costing_load(struct session *s)
{
    u32 err = ERROR_SUCCESS;

    char16_t drive[4];

    costing_free(s);
    sys_root_drive(drive);
    s->cluster = sys_cluster(drive[0]);
    for (size_t i = 0; !err && i < ARRAY_LEN(tables); i++)
        err = rows_each(s->db, tables[i].query, NULL, tables[i].each, s);
    if (!err)
        err = stores_load(s);
    if (!err)
        err = check_tree(s);
    if (!err)
        err = folders_load(s);
    if (!err)
        err = folders_set_root(s);
    if (!err)
        err = prop_set(s, "CostingComplete", u"0", 1);
    if (err)
        costing_free(s);
    else
        s->initialized = true;
    return err;
}

/* --- the end ------------------------------------------------------------------------------------
 */

u32 costing_finalize(struct session *s)
{
    u32 err = context_folders(s);

    if (!err)
        err = folders_resolve(s);
    if (!err)
        err = levels_from_conditions(s);
    if (!err)
        err = installed_update(s);
    if (err)
        return err;
    if (!session_is_admin(s)) {
        s->costed = true; /* the folders are: what moves now takes those below along */
        err = folders_from_installed(s);
        s->costed = false;
    }
    if (!err)
        err = select_features(s);
    if (!err)
        err = costing_update(s);
    if (err)
        return err;
    patching_goes(s);
    s->costed = true;
    if (!prop_get(s, "INSTALLLEVEL"))
        err = prop_set(s, "INSTALLLEVEL", u"1", 1);
    if (!err)
        err = space_properties(s);
    return err ? err : prop_set(s, "CostingComplete", u"1", 1);
}

/* --- paths --------------------------------------------------------------------------------------
 */

u32 component_path(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    u32 i = s->costed ? names_find(&s->components, name, len) : NAME_NONE;
    const struct component *c;

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    c = names_at(&s->components, i);
    if (c->action == STATE_SOURCE)
        folder_source(s, c->folder, u16_len(c->folder), out);
    else if (c->action == STATE_LOCAL)
        component_target(s, c, out);
    return ERROR_SUCCESS;
}

/* What goes, or stays as it is, is where it was installed. */
u32 file_path(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    u32 i = s->costed ? names_find(&s->files, name, len) : NAME_NONE;
    const struct package_file *f;
    const struct component *c;
    size_t before = out->len;
    int state;

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    f = names_at(&s->files, i);
    if (f->component == NAME_NONE)
        return ERROR_SUCCESS;
    c = names_at(&s->components, f->component);
    state = c->action == STATE_ABSENT || c->action == STATE_UNKNOWN ? c->installed : c->action;
    if (state == STATE_SOURCE)
        folder_source(s, c->folder, u16_len(c->folder), out);
    else if (state == STATE_LOCAL)
        file_target_folder(s, f, out);
    if (out->len > before)
        tb_add(out, f->long_name, u16_len(f->long_name));
    return ERROR_SUCCESS;
}
