/*
 * Packages and products, as patches see them.
 */
#include "patchbase.h"

#include <string.h>

#include "listing.h"
#include "look.h"
#include "os.h"
#include "patches.h"
#include "record.h"
#include "rows.h"
#include "utf16.h"

static u32 take_value(void *ctx, struct record *row)
{
    struct patch_base *base = ctx;
    struct rec_view name, value;

    rec_lock(row);
    if (!rec_view(row, 1, &name) && !rec_view(row, 2, &value)) {
        if (u16_is(name.text, name.len, "ProductCode"))
            u16_copy(base->code, ARRAY_LEN(base->code), value.text);
        else if (u16_is(name.text, name.len, "UpgradeCode"))
            u16_copy(base->upgrade, ARRAY_LEN(base->upgrade), value.text);
        else if (u16_is(name.text, name.len, "ProductVersion"))
            version_read(value.text, value.len, &base->version);
        else if (u16_is(name.text, name.len, "ProductLanguage"))
            base->language = rec_parse_int(value.text, value.len);
    }
    rec_unlock(row);
    return ERROR_SUCCESS;
}

/* Whether the file or already its folder is missing. */
static u32 missing(const char16_t *path)
{
    struct os_file *f;
    u32 err = os_open(path, OS_READ, &f);

    if (!err)
        os_close(f);
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND ? err : ERROR_SUCCESS;
}

u32 patch_base_of(struct database *db, struct patch_base *base)
{
    memset(base, 0, sizeof(*base));
    return rows_each(db, u"SELECT `Property`, `Value` FROM `Property`", NULL, take_value, base);
}

u32 patch_base_read(const char16_t *package, struct patch_base *base)
{
    struct database *db;
    u32 err = missing(package);

    memset(base, 0, sizeof(*base));
    if (err)
        return err;
    err = db_open(package, DB_READONLY, false, &db);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    err = patch_base_of(db, base);
    obj_unref(db_object(db));
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_INVALID;
    return guid_is(base->code) ? ERROR_SUCCESS : ERROR_INSTALL_PACKAGE_INVALID;
}

u32 patch_base_package(const struct product *p, char16_t **path)
{
    struct reg_key *key;
    u32 err = layout_open(&p->properties, &key);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_PRODUCT : err;
    err = reg_get_text(
        key, p->context == CONTEXT_MANAGED ? u"ManagedLocalPackage" : u"LocalPackage", path);
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_BAD_CONFIGURATION : err;
}

u32 patch_cached(const struct product *p, const char16_t *patch, char16_t **path)
{
    char16_t *local, *found = os_alloc_array(LOOK_PATH, sizeof(*found));
    u32 err = found ? patch_property(p, patch, u"LocalPackage", &local) : ERROR_OUTOFMEMORY;

    if (!err) {
        err = look_os_path(local, found) ? ERROR_SUCCESS : ERROR_PATCH_PACKAGE_OPEN_FAILED;
        os_free(local);
    }
    if (err)
        os_free(found);
    else
        *path = found;
    return err;
}

static u32 read_cached(const struct product *p, const char16_t *patch, struct patch_data *data)
{
    char16_t *path;
    u32 err = patch_cached(p, patch, &path);

    if (err)
        return err;
    err = patch_read_file(path, data);
    os_free(path);
    return err;
}

u32 patch_each_applied(const struct product *p, u32 (*each)(void *ctx, struct patch_data *data),
                       void *ctx)
{
    struct listing_row row;
    struct patch_data data;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err; i++) {
        err = patch_at(p->code, product_sid(p), p->context, PATCH_APPLIED, i, &row);
        if (err)
            break;
        err = read_cached(p, row.guid, &data);
        if (!err)
            err = each(ctx, &data);
        else if (err != ERROR_OUTOFMEMORY)
            err = ERROR_SUCCESS;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}
