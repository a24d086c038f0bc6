/*
 * RegisterProduct: the properties of an installed product, among those that Windows Installer keeps
 * and where Add or Remove Programs looks, and the cached package. RegisterUser: who it is for.
 */
#include "act_register.h"

#include "act_patches.h"
#include "estimate.h"
#include "filekeep.h"
#include "os.h"
#include "product_text.h"
#include "products.h"
#include "regplan.h"
#include "unregister.h"
#include "utf16.h"

#define CURRENT_VERSION u"Software\\Microsoft\\Windows\\CurrentVersion"
#define UNINSTALL       CURRENT_VERSION u"\\Uninstall\\"

/* The two keys that have the same values. */
struct both {
    struct install *in;
    struct layout_path properties, uninstall;
    struct reg_place at[2];
};

static void both_places(struct install *in, struct both *b)
{
    size_t n;

    b->in = in;
    layout_installed(&b->properties, in->context, in->sid, u"Products", in->product_code,
                     u"InstallProperties");
    b->at[0] = (struct reg_place){b->properties.root, REG_VIEW_64, b->properties.path};
    n = u16_copy(b->uninstall.path, LAYOUT_PATH, UNINSTALL);
    u16_copy(b->uninstall.path + n, LAYOUT_PATH - n, in->product_code);
    b->at[1] =
        (struct reg_place){in->per_machine ? REG_MACHINE : REG_USER,
                           in->s->package_64bit ? REG_VIEW_64 : REG_VIEW_32, b->uninstall.path};
}

static u32 both_text(struct both *b, const char16_t *name, u32 type, const char16_t *text)
{
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(b->at); i++)
        err = plan_reg_set(b->in, &b->at[i], name, type, text, (u16_len(text) + 1) * sizeof(*text));
    return err;
}

static u32 both_number(struct both *b, const char16_t *name, u32 number)
{
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(b->at); i++)
        err = plan_reg_number(b->in, &b->at[i], name, number);
    return err;
}

/* --- what is written ----------------------------------------------------------------------------
 */

static u32 write_texts(struct both *b)
{
    static const struct {
        const char16_t *name;
        const char *property;
        u32 type;
    } all[] = {
        {u"AuthorizedCDFPrefix", "ARPAUTHORIZEDCDFPREFIX", REG_TYPE_SZ},
        {u"Comments", "ARPCOMMENTS", REG_TYPE_SZ},
        {u"Contact", "ARPCONTACT", REG_TYPE_SZ},
        {u"DisplayVersion", "ProductVersion", REG_TYPE_SZ},
        {u"HelpLink", "ARPHELPLINK", REG_TYPE_EXPAND},
        {u"HelpTelephone", "ARPHELPTELEPHONE", REG_TYPE_SZ},
        {u"InstallLocation", "ARPINSTALLLOCATION", REG_TYPE_SZ},
        {u"Publisher", "Manufacturer", REG_TYPE_SZ},
        {u"Readme", "ARPREADME", REG_TYPE_EXPAND},
        {u"Size", "ARPSIZE", REG_TYPE_SZ},
        {u"URLInfoAbout", "ARPURLINFOABOUT", REG_TYPE_SZ},
        {u"URLUpdateInfo", "ARPURLUPDATEINFO", REG_TYPE_SZ},
        {u"DisplayName", "ProductName", REG_TYPE_SZ},
    };
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = both_text(b, all[i].name, all[i].type, install_property(b->in, all[i].property));
    if (!err && install_property(b->in, "MSIARPSETTINGSIDENTIFIER")[0])
        err = both_text(b, u"SettingsIdentifier", REG_TYPE_SZ,
                        install_property(b->in, "MSIARPSETTINGSIDENTIFIER"));
    return err;
}

static u32 language_of(const struct install *in)
{
    const char16_t *text = install_property(in, "ProductLanguage");
    size_t n = 0;
    u32 language;

    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return u16_to_u32(text, n, &language) ? language : 0;
}

static u32 write_numbers(struct both *b)
{
    u32 version = product_version(install_property(b->in, "ProductVersion"));
    u32 err = both_number(b, u"VersionMajor", version >> 24);

    if (!err)
        err = both_number(b, u"VersionMinor", version >> 16 & 0xff);
    if (!err)
        err = both_number(b, u"Version", version);
    if (!err)
        err = both_number(b, u"Language", language_of(b->in));
    return err ? err : both_number(b, u"WindowsInstaller", 1);
}

/* Buttons that are not to be shown, and the like: there where the property is. One that was there
 * and is not set any more goes. */
static u32 write_flags(struct both *b)
{
    static const struct {
        const char16_t *name;
        const char *property;
    } all[] = {
        {u"NoModify", "ARPNOMODIFY"},
        {u"NoRepair", "ARPNOREPAIR"},
        {u"NoRemove", "ARPNOREMOVE"},
        {u"SystemComponent", "ARPSYSTEMCOMPONENT"},
    };
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++) {
        if (install_property(b->in, all[i].property)[0])
            err = both_number(b, all[i].name, 1);
        for (size_t k = 0; !err && k < ARRAY_LEN(b->at); k++)
            if (!install_property(b->in, all[i].property)[0] &&
                reg_place_has(&b->at[k], all[i].name))
                err = plan_reg_remove_value(b->in, &b->at[k], all[i].name);
    }
    return err;
}

/* How Add or Remove Programs asks for changes: one that cannot be modified is removed. */
static u32 write_commands(struct both *b)
{
    bool fixed = install_property(b->in, "ARPNOMODIFY")[0];
    struct text_buf text;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&text);
    tb_ascii(&text, fixed ? "MsiExec.exe /X" : "MsiExec.exe /I");
    tb_add(&text, b->in->product_code, u16_len(b->in->product_code));
    if (!text.failed)
        err = both_text(b, u"ModifyPath", REG_TYPE_EXPAND, text.s);
    if (!err)
        err = both_text(b, u"UninstallString", REG_TYPE_EXPAND, text.s);
    tb_free(&text);
    return err;
}

static u32 write_icon(struct both *b)
{
    const char16_t *name = install_property(b->in, "ARPPRODUCTICON");
    struct text_buf path;
    u32 err;

    if (!name[0])
        return ERROR_SUCCESS;
    tb_init(&path);
    err = product_icon(b->in, name, &path);
    if (!err)
        err = both_text(b, u"DisplayIcon", REG_TYPE_SZ, path.s);
    tb_free(&path);
    return err;
}

/* What maintains a product comes from the cache: where it was installed from stays. */
static u32 write_source(struct both *b)
{
    struct text_buf text;
    u32 err;

    if (b->in->s->registered && !install_recaches(b->in) &&
        reg_place_has(&b->at[0], u"InstallSource"))
        return ERROR_SUCCESS;
    tb_init(&text);
    err = product_source(b->in, &text);
    if (!err)
        err = both_text(b, u"InstallSource", REG_TYPE_SZ, text.s);
    tb_free(&text);
    return err;
}

static u32 write_package(struct both *b)
{
    const char16_t *name =
        b->in->context == CONTEXT_MANAGED ? u"ManagedLocalPackage" : u"LocalPackage";
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = plan_keep_package(b->in, &path);
    if (!err && path.len)
        err = plan_reg_text(b->in, &b->at[0], name, path.s);
    tb_free(&path);
    return err;
}

static u32 write_size(struct both *b)
{
    u32 kilobytes, err = estimated_size(b->in, &kilobytes);

    return err ? err : both_number(b, u"EstimatedSize", kilobytes);
}

/* --- the action ---------------------------------------------------------------------------------
 */

static u32 write_upgrade(struct install *in)
{
    const char16_t *upgrade = install_property(in, "UpgradeCode");
    char16_t packed[GUID_PACKED + 1], key[LAYOUT_PATH];
    struct reg_place at = {REG_MACHINE, REG_VIEW_64, key};

    if (!guid_is(upgrade))
        return ERROR_SUCCESS;
    upgrade_key(upgrade, key);
    guid_pack(in->product_code, packed);
    return plan_reg_text(in, &at, packed, u"");
}

static u32 write_patches(struct install *in)
{
    static const char16_t none[] = u"";
    struct layout_path path;
    struct reg_place at;

    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, u"Patches");
    at = (struct reg_place){path.root, REG_VIEW_64, path.path};
    if (in->s->patches || reg_place_has(&at, u"AllPatches"))
        return plan_patches_registered(in);
    return plan_reg_set(in, &at, u"AllPatches", REG_TYPE_MULTI, none, sizeof(none));
}

static u32 (*const writers[])(struct both *b) = {write_texts,    write_numbers, write_flags,
                                                 write_commands, write_icon,    write_source,
                                                 write_size,     write_package};

u32 act_register_product(struct install *in)
{
    char16_t date[9];
    struct both b;
    u32 err = install_identify(in);

    if (err)
        return err;
    if (install_removes_all(in))
        return plan_unregister(in);
    if (install_adds_nothing(in))
        return ERROR_SUCCESS;
    both_places(in, &b);
    err = plan_data(in, 1, (const char16_t *const[]){install_property(in, "ProductName")});
    product_date(date);
    if (!err)
        err = both_text(&b, u"InstallDate", REG_TYPE_SZ, date);
    for (size_t i = 0; !err && i < ARRAY_LEN(writers); i++)
        err = writers[i](&b);
    if (!err)
        err = write_patches(in);
    return err ? err : write_upgrade(in);
}

/* --- the user -----------------------------------------------------------------------------------
 */

u32 act_register_user(struct install *in)
{
    static const struct {
        const char16_t *name;
        const char *property;
    } all[] = {
        {u"ProductID", "ProductID"}, {u"RegOwner", "USERNAME"}, {u"RegCompany", "COMPANYNAME"}};
    struct both b;
    u32 err = install_identify(in);

    if (err || install_removes_all(in) || install_adds_nothing(in) ||
        !install_property(in, "ProductID")[0])
        return err;
    both_places(in, &b);
    err = plan_data(in, 1, (const char16_t *const[]){install_property(in, "USERNAME")});
    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = plan_reg_text(in, &b.at[0], all[i].name, install_property(in, all[i].property));
    return err;
}

/* --- removal ------------------------------------------------------------------------------------
 */

static u32 drop_package(struct install *in)
{
    char16_t *path;
    u32 err;

    if (product_property(&in->s->product_there, u"LocalPackage", &path))
        return ERROR_SUCCESS;
    err = path[0] ? plan_drop_file(in, path) : ERROR_SUCCESS;
    os_free(path);
    return err;
}

static u32 leave_upgrade(struct install *in)
{
    const char16_t *upgrade = install_property(in, "UpgradeCode");
    char16_t packed[GUID_PACKED + 1], key[LAYOUT_PATH];
    struct reg_place at = {REG_MACHINE, REG_VIEW_64, key};
    u32 err;

    if (!guid_is(upgrade))
        return ERROR_SUCCESS;
    upgrade_key(upgrade, key);
    guid_pack(in->product_code, packed);
    err = plan_reg_remove_value(in, &at, packed);
    return err ? err : plan_reg_remove_empty(in, &at, ARRAY_LEN(CURRENT_VERSION) - 1);
}

/* Wine's installer lists a user's products for everybody. */
static u32 drop_machines_entry(struct install *in, const struct both *b)
{
    struct reg_place at = b->at[1];
    struct product machine;
    u32 err;

    at.root = REG_MACHINE;
    product_in(in->product_code, NULL, CONTEXT_MACHINE, &machine);
    if (in->per_machine || product_installed(&machine) || !reg_place_has(&at, u"WindowsInstaller"))
        return ERROR_SUCCESS;
    err = plan_reg_remove_key(in, &at);
    return err ? err : plan_reg_remove_empty(in, &at, ARRAY_LEN(CURRENT_VERSION) - 1);
}

u32 plan_unregister(struct install *in)
{
    struct layout_path path;
    struct both b;
    u32 err = plan_data(in, 1, (const char16_t *const[]){install_property(in, "ProductName")});

    both_places(in, &b);
    if (!err)
        err = drop_package(in);
    if (!err)
        err = plan_unpatch(in);
    if (!err)
        err = plan_reg_remove_key(in, &b.at[1]);
    if (!err)
        err = plan_reg_remove_empty(in, &b.at[1], ARRAY_LEN(CURRENT_VERSION) - 1);
    if (!err)
        err = drop_machines_entry(in, &b);
    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, NULL);
    if (!err)
        err = plan_layout_remove(in, &path);
    return err ? err : leave_upgrade(in);
}
