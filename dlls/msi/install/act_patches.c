/*
 * What is registered of a product's patches (product/patches.h), by the actions that register the
 * product. Where PATCH brings none and none goes, nothing is.
 *
 * A patch that is superseded or obsolete keeps its registration with another state, and comes back
 * when what superseded it goes.
 */
#include "act_patches.h"

#include "filekeep.h"
#include "os.h"
#include "patches.h"
#include "patching.h"
#include "pathname.h"
#include "product_text.h"
#include "regplan.h"
#include "target.h"
#include "unregister.h"
#include "utf16.h"

/* Also without a patch that comes or goes: a newer package of the product has some for which they
 * are not, or not any longer. */
static bool changes(const struct install *in)
{
    const struct session_patches *l = in->s->patches;
    bool any = l && (l->fresh || l->going);

    for (u32 i = 0; l && !any && i < l->count; i++)
        any = l->all[i].state != l->all[i].was;
    return any;
}

static void place(struct reg_place *at, const struct layout_path *path)
{
    *at = (struct reg_place){path->root, REG_VIEW_64, path->path};
}

static bool is_kept(const struct session_patch *p)
{
    return !p->goes && (p->registered || p->fresh);
}

/* --- lists --------------------------------------------------------------------------------------
 */

static void list_add(struct text_buf *list, const struct session_patch *p)
{
    char16_t packed[GUID_PACKED + 1];

    guid_pack(p->code, packed);
    tb_add(list, packed, GUID_PACKED);
    tb_char(list, 0);
}

/* Ends the list, plans it as a value, and frees it. */
static u32 plan_list(struct install *in, const struct reg_place *at, const char16_t *name,
                     struct text_buf *list)
{
    u32 err;

    tb_char(list, 0);
    err = list->failed
              ? ERROR_OUTOFMEMORY
              : plan_reg_set(in, at, name, REG_TYPE_MULTI, list->s, list->len * sizeof(*list->s));
    tb_free(list);
    return err;
}

/* --- published ----------------------------------------------------------------------------------
 */

static u32 write_source(struct install *in, const struct session_patch *p, const char16_t *name,
                        const struct text_buf *folder, const struct text_buf *last)
{
    struct layout_path path;
    struct reg_place at;
    u32 err;

    layout_advertised(&path, in->context, in->sid, u"Patches", p->code, u"SourceList");
    place(&at, &path);
    err = plan_reg_text(in, &at, u"PackageName", name);
    if (!err)
        err = plan_reg_expand(in, &at, u"LastUsedSource", last->s);
    layout_advertised(&path, in->context, in->sid, u"Patches", p->code, u"SourceList\\Net");
    return err ? err : plan_reg_expand(in, &at, u"1", folder->s);
}

static u32 publish_source(struct install *in, const struct session_patch *p)
{
    struct text_buf folder, last;
    size_t name = path_name(p->path, u16_len(p->path));
    u32 err;

    tb_init(&folder);
    tb_init(&last);
    err = product_folder_of(p->path, &folder);
    if (!folder.len || folder.s[folder.len - 1] != '\\')
        tb_char(&folder, '\\');
    tb_ascii(&last, "n;1;");
    tb_add(&last, folder.s, folder.len);
    if (!err && (folder.failed || last.failed))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = write_source(in, p, p->path + name, &folder, &last);
    tb_free(&folder);
    tb_free(&last);
    return err;
}

/* The transforms of each that is applied; those that were of others go. */
static u32 publish_transforms(struct install *in, const struct reg_place *at)
{
    const struct session_patches *l = in->s->patches;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < l->count; i++) {
        const struct session_patch *p = &l->all[i];
        char16_t packed[GUID_PACKED + 1];

        guid_pack(p->code, packed);
        if (p->order >= 0)
            err = plan_reg_text(in, at, packed, p->transforms);
        else if (p->goes || (p->path && p->registered))
            err = plan_reg_remove_value(in, at, packed);
        if (!err && p->fresh && !p->handed) /* one of the old product's has its source */
            err = publish_source(in, p);
    }
    return err;
}

static bool any_kept(const struct install *in)
{
    for (u32 i = 0; i < in->s->patches->count; i++)
        if (is_kept(&in->s->patches->all[i]))
            return true;
    return false;
}

/* Of the last that goes nothing is left. */
static u32 forget_published(struct install *in)
{
    struct layout_path path;
    struct reg_place at;

    layout_advertised(&path, in->context, in->sid, u"Products", in->product_code, u"Patches");
    place(&at, &path);
    return plan_reg_remove_key(in, &at);
}

u32 plan_patches_published(struct install *in)
{
    struct layout_path path;
    struct reg_place at;
    struct text_buf list;
    u32 err;

    if (!changes(in))
        return ERROR_SUCCESS;
    if (!any_kept(in))
        return forget_published(in);
    layout_advertised(&path, in->context, in->sid, u"Products", in->product_code, u"Patches");
    place(&at, &path);
    err = publish_transforms(in, &at);
    tb_init(&list);
    for (i32 i = 0; !err && i < (i32)in->s->patches->applied; i++)
        list_add(&list, patching_at(in->s, i));
    if (!list.len) /* a list of none that is one */
        tb_char(&list, 0);
    if (!err)
        return plan_list(in, &at, u"Patches", &list);
    tb_free(&list);
    return err;
}

/* --- registered ---------------------------------------------------------------------------------
 */

static void patch_place(struct install *in, const struct session_patch *p, struct layout_path *path,
                        struct reg_place *at)
{
    static const char16_t below[] = u"Patches\\";
    char16_t tail[ARRAY_LEN(below) + GUID_PACKED];

    u16_copy(tail, ARRAY_LEN(tail), below);
    guid_pack(p->code, tail + ARRAY_LEN(below) - 1);
    layout_installed(path, in->context, in->sid, u"Products", in->product_code, tail);
    place(at, path);
}

/* Whether the cache has its file, for another product. */
static bool is_cached(const struct layout_path *path)
{
    struct tgt_stat st;
    struct reg_key *key;
    char16_t *file;
    bool is;

    if (layout_open(path, &key))
        return false;
    is = !reg_get_text(key, u"LocalPackage", &file);
    reg_close(key);
    if (!is)
        return false;
    is = !tgt_stat(file, &st);
    os_free(file);
    return is;
}

static u32 keep_file(struct install *in, const struct session_patch *p)
{
    struct layout_path path;
    struct reg_place at;
    struct text_buf file;
    u32 err;

    layout_installed(&path, in->context, in->sid, u"Patches", p->code, NULL);
    place(&at, &path);
    if (is_cached(&path))
        return ERROR_SUCCESS;
    tb_init(&file);
    err = keep_free_name(in, ".msp", &file);
    if (!err)
        err = plan_keep_copy(in, file.s, p->path);
    if (!err)
        err = plan_reg_text(in, &at, u"LocalPackage", file.s);
    tb_free(&file);
    return err;
}

static u32 register_texts(struct install *in, const struct session_patch *p,
                          const struct reg_place *at)
{
    char16_t date[9];
    const struct {
        const char16_t *name, *value;
    } all[] = {{u"DisplayName", p->data.display_name},
               {u"MoreInfoURL", p->data.more_info},
               {u"Installed", date},
               {u"Transforms", p->transforms}};
    u32 err = ERROR_SUCCESS;

    product_date(date);
    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = plan_reg_text(in, at, all[i].name, all[i].value ? all[i].value : u"");
    return err;
}

static u32 register_fresh(struct install *in, const struct session_patch *p,
                          const struct reg_place *at)
{
    const struct {
        const char16_t *name;
        u32 value;
    } all[] = {{u"Uninstallable", p->data.removable && !p->lasting && !patching_turns(p)},
               {u"LUAEnabled", 0},
               {u"MSI3", 1},
               {u"PatchType", 0}};
    u32 err = register_texts(in, p, at);

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = plan_reg_number(in, at, all[i].name, all[i].value);
    return err ? err : keep_file(in, p);
}

static u32 register_one(struct install *in, const struct session_patch *p)
{
    struct layout_path path;
    struct reg_place at;
    u32 err = ERROR_SUCCESS;

    patch_place(in, p, &path, &at);
    if (p->goes) {
        err = plan_reg_remove_key(in, &at);
        return err ? err : plan_patch_forgotten(in, p->code);
    }
    if (p->fresh)
        err = register_fresh(in, p, &at);
    if (!err && is_kept(p) && p->state != p->was)
        err = plan_reg_number(in, &at, u"State", p->state);
    return err;
}

u32 plan_patches_registered(struct install *in)
{
    const struct session_patches *l = in->s->patches;
    struct layout_path path;
    struct reg_place at;
    struct text_buf list;
    u32 err = ERROR_SUCCESS;

    if (!changes(in))
        return ERROR_SUCCESS;
    tb_init(&list);
    for (u32 i = 0; !err && i < l->count; i++) {
        err = register_one(in, &l->all[i]);
        if (is_kept(&l->all[i]))
            list_add(&list, &l->all[i]);
    }
    if (err) {
        tb_free(&list);
        return err;
    }
    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, u"Patches");
    place(&at, &path);
    return plan_list(in, &at, u"AllPatches", &list);
}
