/*
 * MsiGetPatchFileList: which files of an installed product its patches would change.
 *
 * The product's package is read twice. Onto the one go the patches, in their order; the files whose
 * rows then differ from the other are those of the patches, and those of components that are
 * installed are told.
 */
#include <windows.h>
#include <msi.h>

#include "components.h"
#include "fullpath.h"
#include "handle.h"
#include "os.h"
#include "patchbase.h"
#include "record.h"
#include "rows.h"
#include "session.h"
#include "stg.h"
#include "textbuf.h"
#include "texts.h"
#include "trace.h"
#include "transform.h"
#include "use.h"
#include "utf16.h"

enum { ALL_CONDITIONS = 0x3f, PATCHES_MAX = 1024 };

struct work {
    const struct product *p;
    struct database *before, *after;
    struct session *session; /* on `after`, costed; NULL until a folder is asked for */
    MSIHANDLE *handles;
    u32 count, cap;
};

/* --- the patches --------------------------------------------------------------------------------
 */

struct patch_list {
    struct patch_item *items;
    struct patch_data *data;
    char16_t **paths;
    u32 count;
};

static void list_free(struct patch_list *l)
{
    for (u32 i = 0; i < l->count; i++) {
        patch_data_free(&l->data[i]);
        os_free(l->paths[i]);
    }
    os_free(l->items);
    os_free(l->data);
    os_free(l->paths);
}

static u32 pieces(const char16_t *s)
{
    u32 n = 1;

    for (; *s; s++)
        n += *s == ';';
    return n;
}

/* Without the blanks around it; NULL without memory. */
static char16_t *trimmed(const char16_t *s, size_t n)
{
    while (n && *s <= ' ')
        s++, n--;
    while (n && s[n - 1] <= ' ')
        n--;
    return u16_dup(s, n);
}

static u32 add_patch(struct patch_list *l, const char16_t *s, size_t n)
{
    char16_t *name = trimmed(s, n), *full;
    u32 err;

    if (!name)
        return ERROR_OUTOFMEMORY;
    err = name[0] ? full_path(name, &full) : ERROR_INVALID_PARAMETER;
    os_free(name);
    if (err)
        return err;
    err = patch_read_file(full, &l->data[l->count]);
    if (err) {
        os_free(full);
        return err;
    }
    l->paths[l->count] = full;
    l->items[l->count].data = &l->data[l->count];
    l->count++;
    return ERROR_SUCCESS;
}

static u32 read_list(const char16_t *s, struct patch_list *l)
{
    u32 n = pieces(s), err = ERROR_SUCCESS;

    if (n > PATCHES_MAX)
        return ERROR_INVALID_PARAMETER;
    l->items = os_calloc(n, sizeof(*l->items));
    l->data = os_calloc(n, sizeof(*l->data));
    l->paths = os_calloc(n, sizeof(*l->paths));
    if (!l->items || !l->data || !l->paths)
        return ERROR_OUTOFMEMORY;
    for (size_t at = 0, end; !err; at = end + 1) {
        for (end = at; s[end] && s[end] != ';'; end++)
            ;
        err = add_patch(l, s + at, end - at);
        if (!s[end])
            break;
    }
    return err;
}

/* --- applying -----------------------------------------------------------------------------------
 */

static u32 apply_one(struct database *db, struct stg *patch, const char16_t *name)
{
    struct stg *sub;
    u32 err = stg_sub_open(patch, name, &sub);

    if (err)
        return err;
    db_lock(db);
    err = xform_apply(db->core, sub, ALL_CONDITIONS, NULL);
    db_unlock(db);
    stg_close(sub);
    return err;
}

/* The transform, and the one that numbers the files, where there is one. */
static u32 apply_patch(struct database *db, const char16_t *path, const struct patch_target *t)
{
    char16_t numbering[ARRAY_LEN(t->name) + 1] = u"#";
    struct stg *patch;
    u32 err = stg_open(path, STG_READ, &patch);

    if (err)
        return err;
    u16_copy(numbering + 1, ARRAY_LEN(t->name), t->name);
    err = apply_one(db, patch, t->name);
    if (!err)
        err = apply_one(db, patch, numbering);
    stg_close(patch);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 apply_all(struct database *db, const struct patch_list *l)
{
    u32 err = ERROR_SUCCESS;

    for (u32 place = 0; !err && place < l->count; place++)
        for (u32 i = 0; !err && i < l->count; i++)
            if (l->items[i].order == (i32)place)
                err = apply_patch(db, l->paths[i], l->items[i].target);
    return err;
}

/* --- where a file is ----------------------------------------------------------------------------
 */

/* A session on the patched package, as far as its folders are known. */
static u32 cost(struct work *w)
{
    static const char16_t *const actions[] = {u"CostInitialize", u"FileCost", u"CostFinalize"};
    u32 err = w->session ? ERROR_SUCCESS : session_open(w->after, NULL, &w->session);

    for (size_t i = 0; !err && i < ARRAY_LEN(actions); i++)
        err = session_do_action(w->session, actions[i], u16_len(actions[i]));
    return err;
}

static u32 folder_by_package(struct work *w, struct record *row, struct text_buf *path)
{
    size_t len;
    char16_t *name = rec_dup_text(row, 4, &len);
    u32 err;

    if (!name)
        return ERROR_OUTOFMEMORY;
    err = w->session ? ERROR_SUCCESS : cost(w);
    if (!err)
        err = session_target_path(w->session, name, len, path);
    os_free(name);
    return err;
}

static bool has_drive(const char16_t *path)
{
    return path[0] && (path[1] == ':' || path[1] == '?' || (path[0] == '\\' && path[1] == '\\'));
}

/* Of a key path: a file's folder, or the folder that it is. What is in the registry, or has no key
 * path, is where the package says. */
static u32 folder_of(struct work *w, struct record *row, char16_t *key_path, struct text_buf *path)
{
    size_t n = u16_len(key_path);

    if (!has_drive(key_path))
        return folder_by_package(w, row, path);
    if (key_path[1] == '?')
        key_path[1] = ':';
    while (n && key_path[n - 1] != '\\')
        n--;
    tb_add(path, key_path, n);
    return path->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* The long one of "short|long". */
static u32 add_name(struct record *row, struct text_buf *path)
{
    size_t len, from = 0;
    char16_t *name = rec_dup_text(row, 2, &len);

    if (!name)
        return ERROR_OUTOFMEMORY;
    for (size_t i = 0; i < len; i++)
        if (name[i] == '|')
            from = i + 1;
    tb_add(path, name + from, len - from);
    os_free(name);
    return path->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 add_handle(struct work *w, const struct text_buf *path)
{
    struct record *r = rec_create(0);
    u32 err = r ? rec_set_text(r, 0, path->s, path->len) : ERROR_OUTOFMEMORY;

    if (!err && w->count == w->cap) {
        MSIHANDLE *more = os_realloc_array(w->handles, w->cap ? w->cap * 2 : 16, sizeof(*more));

        err = more ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
        if (more) {
            w->handles = more;
            w->cap = w->cap ? w->cap * 2 : 16;
        }
    }
    if (!err)
        return give_handle(rec_object(r), &w->handles[w->count++]);
    if (r)
        obj_unref(rec_object(r));
    return err;
}

static u32 tell(struct work *w, struct record *row, char16_t *key_path)
{
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = folder_of(w, row, key_path, &path);
    if (!err)
        err = add_name(row, &path);
    if (!err)
        err = add_handle(w, &path);
    tb_free(&path);
    return err;
}

/* --- which files --------------------------------------------------------------------------------
 */

/* The columns whose change says that the patch brings the file; 1 to 4 are what is told of it. */
#define COLUMNS                                                                        \
    u"SELECT `File`, `FileName`, `ComponentId`, `Directory_`, `FileSize`, `Version`, " \
    u"`File`.`Attributes`, `Sequence` FROM `File`, `Component` "                       \
    u"WHERE `Component_` = `Component`"

enum { FIRST_COMPARED = 5, LAST_COMPARED = 8 };

struct comparison {
    struct record *row;
    bool found, same;
};

static bool same_field(struct record *a, struct record *b, u32 field)
{
    size_t a_len, b_len;
    char16_t *x = rec_dup_text(a, field, &a_len), *y = rec_dup_text(b, field, &b_len);
    bool same = x && y && !u16_compare(x, a_len, y, b_len);

    os_free(x);
    os_free(y);
    return same;
}

static u32 compare(void *ctx, struct record *row)
{
    struct comparison *c = ctx;

    c->found = c->same = true;
    for (u32 i = FIRST_COMPARED; c->same && i <= LAST_COMPARED; i++)
        c->same = same_field(c->row, row, i);
    return ERROR_SUCCESS;
}

static u32 is_changed(struct work *w, struct record *row, bool *changed)
{
    struct comparison c = {.row = row};
    size_t len;
    char16_t *file = rec_dup_text(row, 1, &len);
    u32 err;

    if (!file)
        return ERROR_OUTOFMEMORY;
    err = rows_each_named(w->before, COLUMNS u" AND `File` = ?", file, len, compare, &c);
    os_free(file);
    *changed = !c.found || !c.same;
    return err;
}

/* Of a component that is installed. */
static u32 tell_installed(struct work *w, struct record *row)
{
    size_t len;
    char16_t *component = rec_dup_text(row, 3, &len), *path;
    u32 err;

    if (!component)
        return ERROR_OUTOFMEMORY;
    err = guid_is(component)
              ? component_path_in(component, w->p->code, product_sid(w->p), w->p->context, &path)
              : ERROR_UNKNOWN_COMPONENT;
    os_free(component);
    if (err)
        return err == ERROR_UNKNOWN_COMPONENT ? ERROR_SUCCESS : err;
    err = tell(w, row, path);
    os_free(path);
    return err;
}

static u32 look_at(void *ctx, struct record *row)
{
    struct work *w = ctx;
    bool changed;
    u32 err = is_changed(w, row, &changed);

    return err || !changed ? err : tell_installed(w, row);
}

/* --- together -----------------------------------------------------------------------------------
 */

static u32 open_both(struct work *w, const char16_t *package)
{
    u32 err = db_open(package, DB_READONLY, false, &w->before);

    return err ? err : db_open(package, DB_READONLY, false, &w->after);
}

static u32 list_files(struct work *w, const char16_t *package, const struct patch_list *l)
{
    u32 err = open_both(w, package);

    if (!err)
        err = apply_all(w->after, l);
    if (!err)
        err = rows_each(w->after, COLUMNS, NULL, look_at, w);
    if (w->session)
        obj_unref(session_object(w->session));
    if (w->before)
        obj_unref(db_object(w->before));
    if (w->after)
        obj_unref(db_object(w->after));
    return err;
}

static u32 of_product(struct work *w, const char16_t *patches)
{
    struct patch_list l = {0};
    struct patch_base base;
    char16_t *package;
    u32 err = patch_base_package(w->p, &package);

    if (err)
        return err;
    err = patch_base_read(package, &base);
    if (!err)
        err = read_list(patches, &l);
    if (!err)
        err = patch_order(&base, l.items, l.count);
    if (!err)
        err = list_files(w, package, &l);
    list_free(&l);
    os_free(package);
    return err;
}

/* The array is the caller's, who has no document that says how to free it: LocalFree does. */
static u32 give_array(struct work *w, DWORD *count, MSIHANDLE **array)
{
    MSIHANDLE *copy = LocalAlloc(LMEM_FIXED, w->count ? w->count * sizeof(*copy) : 1);

    if (!copy)
        return ERROR_OUTOFMEMORY;
    if (w->count)
        memcpy(copy, w->handles, w->count * sizeof(*copy));
    *array = copy;
    *count = w->count;
    return ERROR_SUCCESS;
}

static bool find_product(const char16_t *code, struct product *p)
{
    static const u32 contexts[] = {CONTEXT_USER, CONTEXT_MANAGED, CONTEXT_MACHINE};

    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        product_in(code, NULL, contexts[i], p);
        if (product_advertised(p))
            return true;
    }
    return false;
}

static u32 patch_file_list(const char16_t *code, const char16_t *patches, DWORD *count,
                           MSIHANDLE **array)
{
    struct product p;
    struct work w = {.p = &p};
    u32 err;

    if (!code || !guid_is(code) || !patches || !patches[0] || !count || !array)
        return ERROR_INVALID_PARAMETER;
    if (!find_product(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = of_product(&w, patches);
    if (!err)
        err = give_array(&w, count, array);
    for (u32 i = 0; err && i < w.count; i++)
        MsiCloseHandle(w.handles[i]);
    os_free(w.handles);
    TRACE(TRACE_MSI, "MsiGetPatchFileList: %u files, %u", w.count, err);
    return err && err != ERROR_INVALID_PARAMETER && err != ERROR_OUTOFMEMORY ? ERROR_FUNCTION_FAILED
                                                                             : err;
}

UINT WINAPI MsiGetPatchFileListW(const WCHAR *product, const WCHAR *patches, DWORD *count,
                                 MSIHANDLE **array)
{
    return patch_file_list(w16(product), w16(patches), count, array);
}

UINT WINAPI MsiGetPatchFileListA(const char *product, const char *patches, DWORD *count,
                                 MSIHANDLE **array)
{
    const char *in[] = {product, patches};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = patch_file_list(t.at[0].text, t.at[1].text, count, array);
    texts_done(&t);
    return err;
}
