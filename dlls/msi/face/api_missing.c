/*
 * What is missing of an installed product: MsiInstallMissingComponent, MsiInstallMissingFile. The
 * package says which feature brings it, and that is what is installed.
 */
#include <windows.h>
#include <msi.h>

#include "os.h"
#include "patchbase.h"
#include "record.h"
#include "rows.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* The feature with the fewest components, which takes the least room. */
struct choice {
    struct database *db;
    char16_t feature[REG_NAME_MAX];
    u32 components;
};

static u32 count_row(void *ctx, struct record *row)
{
    UNUSED(row);
    ++*(u32 *)ctx;
    return ERROR_SUCCESS;
}

static u32 choose(void *ctx, struct record *row)
{
    struct choice *c = ctx;
    size_t len;
    char16_t *name = rec_dup_text(row, 1, &len);
    u32 n = 0, err;

    if (!name)
        return ERROR_OUTOFMEMORY;
    err =
        rows_each_named(c->db, u"SELECT `Component_` FROM `FeatureComponents` WHERE `Feature_` = ?",
                        name, len, count_row, &n);
    if (!err && len < REG_NAME_MAX && (!c->feature[0] || n < c->components)) {
        u16_copy(c->feature, REG_NAME_MAX, name);
        c->components = n;
    }
    os_free(name);
    return err;
}

static u32 open_package(const struct product *p, struct database **db)
{
    char16_t *path;
    u32 err = patch_base_package(p, &path);

    if (err)
        return err;
    err = db_open(path, DB_READONLY, false, db);
    os_free(path);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_FAILURE : err;
}

/* The feature of a component, or of a file: query's first column. */
static u32 find_feature(const struct product *p, const char16_t *query, const char16_t *name,
                        struct choice *c)
{
    u32 err = open_package(p, &c->db);

    if (err)
        return err;
    err = rows_each_named(c->db, query, name, u16_len(name), choose, c);
    obj_unref(db_object(c->db));
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_FAILURE : err;
}

/* --- MsiInstallMissingComponent -----------------------------------------------------------------
 */

static u32 missing_component(const char16_t *code, const char16_t *component, INSTALLSTATE state)
{
    struct choice c = {0};
    struct product p;
    u32 err;

    if (!code || !component || !guid_is(code) || !guid_is(component) ||
        state < INSTALLSTATE_ABSENT || state > INSTALLSTATE_DEFAULT)
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = find_feature(&p,
                       u"SELECT `Feature_` FROM `FeatureComponents`, `Component` "
                       u"WHERE `Component_` = `Component` AND `ComponentId` = ?",
                       component, &c);
    if (err)
        return err;
    if (!c.feature[0])
        return ERROR_UNKNOWN_COMPONENT;
    return MsiConfigureFeatureW((const WCHAR *)code, (const WCHAR *)c.feature, state);
}

UINT WINAPI MsiInstallMissingComponentW(const WCHAR *product, const WCHAR *component,
                                        INSTALLSTATE state)
{
    return missing_component(w16(product), w16(component), state);
}

UINT WINAPI MsiInstallMissingComponentA(const char *product, const char *component,
                                        INSTALLSTATE state)
{
    const char *in[] = {product, component};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = missing_component(t.at[0].text, t.at[1].text, state);
    texts_done(&t);
    return err;
}

/* --- MsiInstallMissingFile ----------------------------------------------------------------------
 */

static u32 missing_file(const char16_t *code, const char16_t *file)
{
    struct choice c = {0};
    struct product p;
    u32 err;

    if (!code || !file || !guid_is(code) || !file[0])
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = find_feature(&p,
                       u"SELECT `Feature_` FROM `File`, `FeatureComponents` "
                       u"WHERE `File`.`Component_` = `FeatureComponents`.`Component_` "
                       u"AND `File` = ?",
                       file, &c);
    if (err)
        return err;
    if (!c.feature[0]) {
        TRACE(TRACE_MSI, "MsiInstallMissingFile: the package has no such file");
        return ERROR_INSTALL_FAILURE;
    }
    return MsiReinstallFeatureW((const WCHAR *)code, (const WCHAR *)c.feature,
                                REINSTALLMODE_FILEMISSING);
}

UINT WINAPI MsiInstallMissingFileW(const WCHAR *product, const WCHAR *file)
{
    return missing_file(w16(product), w16(file));
}

UINT WINAPI MsiInstallMissingFileA(const char *product, const char *file)
{
    const char *in[] = {product, file};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = missing_file(t.at[0].text, t.at[1].text);
    texts_done(&t);
    return err;
}
