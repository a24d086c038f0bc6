/*
 * The folders of a session: the Directory table resolved to target and source paths.
 *
 * DefaultDir is "target:source", each "short|long"; "." is the parent's folder. The target of a
 * folder is the property of its name where that is set, else its parent's with its own name; that
 * of a root is TARGETDIR or ROOTDRIVE. Sources stand below the folder of the package.
 */
#include "pathname.h"
#include "rows.h"
#include "session_impl.h"
#include "sysprops.h"
#include "utf16.h"

enum { DEPTH_MAX = 256 };

void folder_done(void *item)
{
    struct folder *f = item;

    os_free(f->parent);
    os_free(f->target_name);
    os_free(f->source_name);
    os_free(f->target);
}

/* The long name of "short|long" as a copy; *name is NULL for "." and without memory. */
static u32 long_name(const char16_t *s, size_t len, char16_t **name)
{
    size_t bar = 0;

    while (bar < len && s[bar] != '|')
        bar++;
    if (bar < len) {
        s += bar + 1;
        len -= bar + 1;
    }
    *name = NULL;
    if (!len || u16_is(s, len, "."))
        return ERROR_SUCCESS;
    *name = u16_dup(s, len);
    return *name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 split_default(struct folder *f, const char16_t *s, size_t len)
{
    size_t colon = 0;
    u32 err;

    while (colon < len && s[colon] != ':')
        colon++;
    err = long_name(s, colon, &f->target_name);
    if (err)
        return err;
    return colon < len ? long_name(s + colon + 1, len - colon - 1, &f->source_name)
                       : long_name(s, len, &f->source_name);
}

static u32 add_folder(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct rec_view v;
    struct folder *f;
    size_t len;
    char16_t *text;
    u32 err;

    rec_view(row, 1, &v);
    f = names_add(&s->folders, v.text, v.len);
    if (!f)
        return ERROR_OUTOFMEMORY;
    f->parent = rec_dup_text(row, 2, &len);
    text = rec_dup_text(row, 3, &len);
    err = f->parent && text ? split_default(f, text, len) : ERROR_OUTOFMEMORY;
    os_free(text);
    return err;
}

u32 folders_load(struct session *s)
{
    names_free(&s->folders, folder_done);
    return rows_each(s->db,
                     u"SELECT `Directory`, `Directory_Parent`, `DefaultDir` FROM `Directory`", NULL,
                     add_folder, s);
}

static u32 parent_of(const struct session *s, u32 i)
{
    const struct folder *f = names_at(&s->folders, i);
    u32 parent;

    if (!f->parent[0])
        return NAME_NONE;
    parent = names_find(&s->folders, f->parent, u16_len(f->parent));
    return parent == i ? NAME_NONE : parent;
}

static void add_slash(struct text_buf *out)
{
    if (out->len && out->s[out->len - 1] != '\\')
        tb_char(out, '\\');
}

static void root_target(struct session *s, struct text_buf *out)
{
    const struct property *p = prop_get(s, "TARGETDIR");

    if (!p)
        p = prop_get(s, "ROOTDRIVE");
    if (p)
        tb_add(out, p->value, p->value_len);
}

static u32 resolve(struct session *s, u32 i, u32 depth);

/* The path that the folder gets from the folders above it. */
static u32 inherited(struct session *s, u32 i, u32 depth, struct text_buf *out)
{
    const char16_t *name;
    struct folder *f;
    u32 parent = parent_of(s, i), err;

    if (parent == NAME_NONE) {
        root_target(s, out);
        return ERROR_SUCCESS;
    }
    err = resolve(s, parent, depth + 1);
    if (err)
        return err;
    f = names_at(&s->folders, parent);
    tb_add(out, f->target, u16_len(f->target));
    add_slash(out);
    f = names_at(&s->folders, i);
    name = session_is_admin(s) ? f->source_name : f->target_name;
    if (name)
        tb_add(out, name, u16_len(name));
    return ERROR_SUCCESS;
}

static u32 resolve(struct session *s, u32 i, u32 depth)
{
    struct folder *f = names_at(&s->folders, i);
    const struct property *p = props_get(&s->props, f->named.name, f->named.len);
    struct text_buf path;
    u32 err = ERROR_SUCCESS;
    size_t len;

    if (f->target)
        return ERROR_SUCCESS;
    if (f->resolving || depth > DEPTH_MAX)
        return ERROR_INSTALL_PACKAGE_INVALID;
    f->resolving = true;
    tb_init(&path);
    /* An image has the folders of a source, all below one. */
    if (p && !session_is_admin(s))
        tb_add(&path, p->value, p->value_len);
    else
        err = inherited(s, i, depth, &path);
    f->resolving = false;
    add_slash(&path);
    if (!err) {
        f->target = tb_take(&path, &len);
        err = f->target ? props_set(&s->props, f->named.name, f->named.len, f->target, len)
                        : ERROR_OUTOFMEMORY;
    }
    tb_free(&path);
    return err;
}

u32 folders_set_root(struct session *s)
{
    char16_t drive[4];

    if (prop_get(s, "ROOTDRIVE"))
        return ERROR_SUCCESS;
    sys_root_drive(drive);
    return prop_set(s, "ROOTDRIVE", drive, u16_len(drive));
}

u32 folders_resolve(struct session *s)
{
    u32 err = folders_set_root(s);

    for (u32 i = 0; i < s->folders.count; i++) {
        struct folder *f = names_at(&s->folders, i);

        os_free(f->target);
        f->target = NULL;
    }
    for (u32 i = 0; !err && i < s->folders.count; i++)
        err = resolve(s, i, 0);
    return err;
}

/* Where the folder would be if CostFinalize came now: adds the path, and sets nothing. */
static u32 expected_target(struct session *s, u32 i, u32 depth, struct text_buf *out)
{
    const struct folder *f = names_at(&s->folders, i);
    const struct property *p = props_get(&s->props, f->named.name, f->named.len);
    u32 parent = parent_of(s, i), err = ERROR_SUCCESS;

    if (depth > DEPTH_MAX)
        return ERROR_DIRECTORY;
    if (p) {
        tb_add(out, p->value, p->value_len);
    } else if (parent == NAME_NONE) {
        root_target(s, out);
    } else {
        err = expected_target(s, parent, depth + 1, out);
        if (f->target_name)
            tb_add(out, f->target_name, u16_len(f->target_name));
    }
    add_slash(out);
    return err;
}

u32 folder_target(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    u32 i = s->initialized ? names_find(&s->folders, name, len) : NAME_NONE;
    const struct folder *f;

    if (i == NAME_NONE)
        return ERROR_DIRECTORY;
    f = names_at(&s->folders, i);
    if (!s->costed)
        return expected_target(s, i, 0, out);
    tb_add(out, f->target, u16_len(f->target));
    return ERROR_SUCCESS;
}

/* The folder that the package is from, which may be a copy, or what SourceDir says. */
static void source_root(struct session *s, struct text_buf *out)
{
    const struct property *p = prop_get(s, "SourceDir");
    const struct property *original = prop_get(s, "OriginalDatabase");
    const char16_t *path = original ? original->value : s->db->path;

    if (p) {
        tb_add(out, p->value, p->value_len);
        add_slash(out);
        return;
    }
    tb_add(out, path, path_name(path, u16_len(path)));
}

u32 folders_resolve_source(struct session *s)
{
    struct text_buf root;
    u32 err;

    tb_init(&root);
    source_root(s, &root);
    err = root.failed ? ERROR_OUTOFMEMORY : prop_set(s, "SourceDir", root.s, root.len);
    if (!err)
        err = prop_set(s, "SOURCEDIR", root.s, root.len);
    s->source_resolved = !err;
    tb_free(&root);
    return err;
}

/* The root by its name in DefaultDir; by the property's only where the package has no folders. */
static bool is_source_root(const struct session *s, const char16_t *name, size_t len)
{
    return u16_is(name, len, "SourceDir") ||
           (u16_is(name, len, "SOURCEDIR") && (s->word_count & 2));
}

static u32 source_below(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    u32 chain[DEPTH_MAX], n = 0, i;

    if (s->initialized && is_source_root(s, name, len)) {
        source_root(s, out);
        return ERROR_SUCCESS;
    }
    i = s->initialized ? names_find(&s->folders, name, len) : NAME_NONE;
    if (i == NAME_NONE)
        return ERROR_DIRECTORY;
    for (; i != NAME_NONE && n < DEPTH_MAX; i = parent_of(s, i))
        chain[n++] = i;
    if (i != NAME_NONE)
        return ERROR_DIRECTORY;
    source_root(s, out);
    /* Of an image without folders all files are in one; the root itself is the package's folder. */
    for (n--; n-- > 0 && !(s->word_count & 2);) {
        const struct folder *f = names_at(&s->folders, chain[n]);

        if (!f->source_name)
            continue;
        tb_add(out, f->source_name, u16_len(f->source_name));
        add_slash(out);
    }
    return ERROR_SUCCESS;
}

/* Who asks for a source resolves it: the properties have it then. */
u32 folder_source(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    u32 err = source_below(s, name, len, out);

    if (err || (prop_get(s, "SourceDir") && prop_get(s, "SOURCEDIR")))
        return err;
    return s->source_resolved ? ERROR_SUCCESS : folders_resolve_source(s);
}

/* --- the exported questions ---------------------------------------------------------------------
 */

u32 session_target_path(struct session *s, const char16_t *folder, size_t len, struct text_buf *out)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = folder_target(s, folder, len, out);
    os_mutex_unlock(&s->lock);
    return err;
}

u32 session_source_path(struct session *s, const char16_t *folder, size_t len, struct text_buf *out)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = folder_source(s, folder, len, out);
    os_mutex_unlock(&s->lock);
    return err;
}

/* Whether folder i stands below `top`. */
static bool stands_below(const struct session *s, u32 i, u32 top)
{
    for (u32 n = 0; i != NAME_NONE && n < DEPTH_MAX; n++) {
        i = parent_of(s, i);
        if (i == top)
            return true;
    }
    return false;
}

/* A backslash, of several one; the first of all stands before nothing. */
static void end_name(struct text_buf *out)
{
    if (!out->len || out->s[out->len - 1] != '\\' || out->len == 1)
        tb_char(out, '\\');
}

/* Runs of backslashes become one, and blanks around names go; what begins a network path stays. */
static void add_tidy(struct text_buf *out, const char16_t *path, size_t len)
{
    size_t i = 0, end;

    if (len > 1 && path[0] == '\\' && path[1] == '\\')
        tb_char(out, '\\');
    while (i < len) {
        size_t start = i;

        while (start < len && path[start] == ' ')
            start++;
        for (i = start; i < len && path[i] != '\\';)
            i++;
        for (end = i; end > start && path[end - 1] == ' ';)
            end--;
        tb_add(out, path + start, end - start);
        if (i++ < len)
            end_name(out);
    }
}

/* The folders below move along: their properties, where they are made, are made anew. */
static u32 move_folder(struct session *s, u32 top, const char16_t *path, size_t len)
{
    struct text_buf text;
    struct folder *f;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && s->costed && i < s->folders.count; i++) {
        f = names_at(&s->folders, i);
        if (stands_below(s, i, top))
            err = props_set(&s->props, f->named.name, f->named.len, NULL, 0);
    }
    tb_init(&text);
    add_tidy(&text, path, len);
    add_slash(&text);
    f = names_at(&s->folders, top);
    if (!err)
        err = text.failed ? ERROR_OUTOFMEMORY
                          : props_set(&s->props, f->named.name, f->named.len, text.s, text.len);
    tb_free(&text);
    return err || !s->costed ? err : folders_resolve(s);
}

u32 folder_move(struct session *s, const char16_t *folder, size_t len, const char16_t *path,
                size_t path_len)
{
    u32 i = s->initialized ? names_find(&s->folders, folder, len) : NAME_NONE;

    return i == NAME_NONE ? ERROR_DIRECTORY : move_folder(s, i, path, path_len);
}

u32 session_set_target_path(struct session *s, const char16_t *folder, size_t len,
                            const char16_t *path, size_t path_len)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = folder_move(s, folder, len, path, path_len);
    os_mutex_unlock(&s->lock);
    return err;
}
