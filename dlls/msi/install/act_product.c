/*
 * PublishProduct: the advertised product (product/layout.h), its source list, its icons, and the
 * product among those with its upgrade code.
 *
 * A source list that is there stays, unless the package was fetched anew: what maintains a product
 * is its cached package, which lies in no source.
 */
#include "act_publish.h"

#include "act_patches.h"
#include "filekeep.h"
#include "os.h"
#include "product_text.h"
#include "regplan.h"
#include "rows.h"
#include "unregister.h"
#include "utf16.h"

enum { ADVERTISE_FLAGS = 0x184, DEPLOYMENT_FLAGS = 3 };

static void product_place(struct install *in, const char16_t *below, struct layout_path *path,
                          struct reg_place *at)
{
    layout_advertised(path, in->context, in->sid, u"Products", in->product_code, below);
    *at = (struct reg_place){path->root, REG_VIEW_64, path->path};
}

/* --- values of the product ----------------------------------------------------------------------
 */

static u32 number_property(struct install *in, const char *name)
{
    const char16_t *text = install_property(in, name);
    size_t n = 0;
    u32 number;

    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return u16_to_u32(text, n, &number) ? number : 0;
}

static u32 publish_numbers(struct install *in, const struct reg_place *at)
{
    const struct {
        const char16_t *name;
        u32 value;
    } all[] = {
        {u"Language", number_property(in, "ProductLanguage")},
        {u"Version", product_version(install_property(in, "ProductVersion"))},
        {u"Assignment", in->per_machine},
        {u"AdvertiseFlags", ADVERTISE_FLAGS},
        {u"InstanceType", install_property(in, "MSINEWINSTANCE")[0] != 0},
        {u"AuthorizedLUAApp", 0},
        {u"DeploymentFlags", DEPLOYMENT_FLAGS},
    };
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = plan_reg_number(in, at, all[i].name, all[i].value);
    return err;
}

/* Wine's msi.dll leaves DeploymentFlags out. */
bool product_is_of_others(struct install *in)
{
    struct layout_path path;
    struct reg_place at;

    layout_advertised(&path, in->context, in->sid, u"Products", in->product_code, NULL);
    at = (struct reg_place){path.root, REG_VIEW_64, path.path};
    return in->s->registered && reg_place_has(&at, u"PackageCode") &&
           !reg_place_has(&at, u"DeploymentFlags");
}

static u32 publish_code(struct install *in, const struct reg_place *at)
{
    const char16_t *code = install_property(in, "PackageCode");
    char16_t packed[GUID_PACKED + 1];

    if (!guid_is(code))
        return ERROR_SUCCESS;
    guid_pack(code, packed);
    return plan_reg_text(in, at, u"PackageCode", packed);
}

static u32 publish_icon(struct install *in, const struct reg_place *at)
{
    const char16_t *name = install_property(in, "ARPPRODUCTICON");
    struct text_buf path;
    u32 err;

    if (!name[0])
        return ERROR_SUCCESS;
    tb_init(&path);
    err = product_icon(in, name, &path);
    if (!err)
        err = plan_reg_text(in, at, u"ProductIcon", path.s);
    tb_free(&path);
    return err;
}

static u32 publish_values(struct install *in)
{
    static const char16_t clients[] = u":\0"; /* a list of one, and its end */
    struct layout_path path;
    struct reg_place at;
    u32 err;

    product_place(in, NULL, &path, &at);
    err = plan_reg_text(in, &at, u"ProductName", install_property(in, "ProductName"));
    if (!err)
        err = publish_code(in, &at);
    if (!err)
        err = publish_numbers(in, &at);
    if (!err)
        err = publish_icon(in, &at);
    if (!err)
        err = plan_transforms(in, &at);
    return err ? err : plan_reg_set(in, &at, u"Clients", REG_TYPE_MULTI, clients, sizeof(clients));
}

/* --- the source list ----------------------------------------------------------------------------
 */

static u32 publish_disk(void *ctx, struct record *row)
{
    struct install *in = ctx;
    char16_t name[12];
    struct layout_path path;
    struct reg_place at;
    struct rec_view label, prompt;
    struct text_buf text;
    u32 err = ERROR_OUTOFMEMORY;

    if (rec_view(row, 2, &label) || rec_view(row, 3, &prompt))
        return ERROR_SUCCESS;
    rec_format_int(rec_get_int(row, 1), name);
    product_place(in, u"SourceList\\Media", &path, &at);
    tb_init(&text);
    tb_add(&text, label.text, label.len);
    tb_char(&text, ';');
    tb_add(&text, prompt.text, prompt.len);
    if (!text.failed)
        err = plan_reg_text(in, &at, name, text.s);
    tb_free(&text);
    return err;
}

static u32 publish_disks(struct install *in)
{
    struct layout_path path;
    struct reg_place at;
    u32 err;

    product_place(in, u"SourceList\\Media", &path, &at);
    err = plan_reg_text(in, &at, u"DiskPrompt", install_property(in, "DiskPrompt"));
    if (!err)
        err = plan_reg_text(in, &at, u"MediaPackage", install_property(in, "MEDIAPACKAGEPATH"));
    return err ? err
               : rows_each(in->s->db, u"SELECT `DiskId`, `VolumeLabel`, `DiskPrompt` FROM `Media`",
                           NULL, publish_disk, in);
}

static bool is_url(const char16_t *s)
{
    while (*s && *s != ':' && *s != '\\' && *s != '/')
        s++;
    return s[0] == ':' && s[1] == '/' && s[2] == '/';
}

static u32 publish_folder(struct install *in, const struct text_buf *folder)
{
    bool url = is_url(folder->s);
    struct layout_path path;
    struct reg_place at;
    struct text_buf last;
    u32 err;

    tb_init(&last);
    tb_ascii(&last, url ? "u;1;" : "n;1;");
    tb_add(&last, folder->s, folder->len);
    product_place(in, u"SourceList", &path, &at);
    err = last.failed ? ERROR_OUTOFMEMORY : plan_reg_expand(in, &at, u"LastUsedSource", last.s);
    tb_free(&last);
    if (err)
        return err;
    product_place(in, url ? u"SourceList\\URL" : u"SourceList\\Net", &path, &at);
    return plan_reg_expand(in, &at, u"1", folder->s);
}

static bool has_sources(struct install *in)
{
    struct layout_path path;
    struct reg_place at;

    product_place(in, u"SourceList", &path, &at);
    return in->s->registered && !install_recaches(in) && reg_place_has(&at, u"PackageName");
}

static u32 publish_sources(struct install *in)
{
    struct layout_path path;
    struct reg_place at;
    struct text_buf text;
    u32 err;

    if (has_sources(in))
        return ERROR_SUCCESS;
    tb_init(&text);
    product_place(in, u"SourceList", &path, &at);
    err = product_package_name(in, &text);
    if (!err)
        err = plan_reg_text(in, &at, u"PackageName", text.s);
    tb_cut(&text, 0);
    if (!err)
        err = product_source(in, &text);
    if (!err)
        err = publish_folder(in, &text);
    tb_free(&text);
    return err ? err : publish_disks(in);
}

/* --- icons and the upgrade code -----------------------------------------------------------------
 */

static u32 publish_icon_file(void *ctx, struct record *row)
{
    struct install *in = ctx;
    struct text_buf path;
    struct rec_view name;
    u32 err;

    if (rec_view(row, 1, &name) || !keep_name_is_safe(name.text, name.len))
        return ERROR_INSTALL_PACKAGE_INVALID;
    tb_init(&path);
    err = product_icon(in, name.text, &path);
    if (!err)
        err = plan_keep_stream(in, path.s, row, 2);
    tb_free(&path);
    return err;
}

static u32 publish_upgrade(struct install *in)
{
    const char16_t *upgrade = install_property(in, "UpgradeCode");
    char16_t packed[GUID_PACKED + 1];
    struct layout_path path;
    struct reg_place at;

    if (!guid_is(upgrade))
        return ERROR_SUCCESS;
    guid_pack(in->product_code, packed);
    layout_advertised(&path, in->context, in->sid, u"UpgradeCodes", upgrade, NULL);
    at = (struct reg_place){path.root, REG_VIEW_64, path.path};
    return plan_reg_text(in, &at, packed, u"");
}

static bool any_selected(const struct install *in)
{
    for (u32 i = 0; i < in->s->features.count; i++) {
        const struct feature *f = names_at(&in->s->features, i);

        if (f->action != STATE_UNKNOWN)
            return true;
    }
    return !in->s->features.count;
}

u32 act_publish_product(struct install *in)
{
    u32 err = install_identify(in);
    const char16_t *texts[1];

    if (err)
        return err;
    if (install_removes_all(in))
        return plan_unpublish(in);
    if (install_adds_nothing(in) || (in->s->registered && !any_selected(in)))
        return ERROR_SUCCESS;
    texts[0] = in->product_code;
    err = plan_data(in, 1, texts);
    if (!err)
        err =
            rows_each(in->s->db, u"SELECT `Name`, `Data` FROM `Icon`", NULL, publish_icon_file, in);
    if (!err)
        err = publish_values(in);
    if (!err)
        err = publish_sources(in);
    if (!err)
        err = plan_patches_published(in);
    return err ? err : publish_upgrade(in);
}

/* --- removal ------------------------------------------------------------------------------------
 */

static u32 leave_upgrade(struct install *in)
{
    const char16_t *upgrade = install_property(in, "UpgradeCode");
    char16_t packed[GUID_PACKED + 1];
    struct layout_path path;
    struct reg_place at;
    u32 err;

    if (!guid_is(upgrade))
        return ERROR_SUCCESS;
    guid_pack(in->product_code, packed);
    layout_advertised(&path, in->context, in->sid, u"UpgradeCodes", upgrade, NULL);
    at = (struct reg_place){path.root, REG_VIEW_64, path.path};
    err = plan_reg_remove_value(in, &at, packed);
    return err ? err : plan_reg_remove_empty(in, &at, layout_keep(&path));
}

/* A user's icons are below a folder of the user's, which goes with the last of them. */
static u32 drop_icons(struct install *in)
{
    struct text_buf folder;
    size_t n;
    u32 err;

    tb_init(&folder);
    err = product_icon_folder(in, &folder);
    if (err == ERROR_INSTALL_FAILURE) { /* there is no such folder here */
        tb_free(&folder);
        return ERROR_SUCCESS;
    }
    if (!err)
        err = plan_drop_folder(in, folder.s);
    for (n = folder.len ? folder.len - 1 : 0; n && folder.s[n - 1] != '\\';)
        n--;
    tb_cut(&folder, n);
    if (!err && in->context == CONTEXT_USER)
        err = plan_drop_empty(in, folder.s);
    tb_free(&folder);
    return err;
}

u32 plan_unpublish(struct install *in)
{
    struct layout_path path;
    struct reg_place at;
    u32 err = plan_data(in, 1, (const char16_t *const[]){in->product_code});

    if (!err)
        err = drop_icons(in);
    if (!err)
        err = plan_transforms_gone(in);
    product_place(in, NULL, &path, &at);
    if (!err)
        err = plan_layout_remove(in, &path);
    layout_advertised(&path, in->context, in->sid, u"Features", in->product_code, NULL);
    if (!err)
        err = plan_layout_remove(in, &path);
    return err ? err : leave_upgrade(in);
}
