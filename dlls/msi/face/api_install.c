/*
 * Installing, changing, repairing and removing products and their features.
 *
 * What this engine does not take goes on to Wine's msi.dll as it was asked for; where that is not
 * beside us, ERROR_CALL_NOT_IMPLEMENTED.
 */
#include <windows.h>
#include <msi.h>

#include "database.h"
#include "door.h"
#include "errorrec.h"
#include "fullpath.h"
#include "guid.h"
#include "installing.h"
#include "products.h"
#include "rows.h"
#include "texts.h"
#include "trace.h"

/* Passes a call on, where Wine's has the function. */
#define TO_WINE(function, types, passed)                                                        \
    static u32 wines_##function types                                                           \
    {                                                                                           \
        static struct door_entry wine = {#function, NULL};                                      \
                                                                                                \
        TRACE(TRACE_MSI, "%s: not by this engine", #function);                                  \
        return door_available() && door_find(&wine) ? ((UINT(WINAPI *) types)wine.target)passed \
                                                    : ERROR_CALL_NOT_IMPLEMENTED;               \
    }
TO_WINE(MsiInstallProductW, (const char16_t *package, const char16_t *line), (package, line))
TO_WINE(MsiConfigureProductExW,
        (const char16_t *product, int level, INSTALLSTATE state, const char16_t *line),
        (product, level, state, line))
TO_WINE(MsiReinstallProductW, (const char16_t *product, DWORD mode), (product, mode))
TO_WINE(MsiConfigureFeatureW,
        (const char16_t *product, const char16_t *feature, INSTALLSTATE state),
        (product, feature, state))
TO_WINE(MsiReinstallFeatureW, (const char16_t *product, const char16_t *feature, DWORD mode),
        (product, feature, mode))

/* ERROR_INVALID_PARAMETER, ERROR_UNKNOWN_PRODUCT. */
static u32 check_product(const char16_t *code)
{
    struct product p;

    if (!code || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    return product_find(code, &p) ? ERROR_SUCCESS : ERROR_UNKNOWN_PRODUCT;
}

/* --- MsiInstallProduct --------------------------------------------------------------------------
 */

static u32 install_product(const char16_t *package, const char16_t *line)
{
    const struct installation how = {.package = package, .line = line};
    bool ours;
    u32 err;

    if (!package)
        return ERROR_INVALID_PARAMETER;
    if (!package[0])
        return ERROR_PATH_NOT_FOUND;
    err = install_by_us(&how, &ours);
    return ours ? err : wines_MsiInstallProductW(package, line);
}

UINT WINAPI MsiInstallProductW(const WCHAR *package, const WCHAR *line)
{
    return install_product(w16(package), w16(line));
}

UINT WINAPI MsiInstallProductA(const char *package, const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 2, (const char *const[]){package, line});

    if (err)
        return err;
    err = install_product(t.at[0].text, t.at[1].text);
    texts_done(&t);
    return err;
}

/* --- MsiConfigureProduct ------------------------------------------------------------------------
 */

/* What a state asks of all features, or of those named. DEFAULT asks nothing. */
static const char *property_for(INSTALLSTATE state, bool all)
{
    switch (state) {
    case INSTALLSTATE_LOCAL:
        return "ADDLOCAL";
    case INSTALLSTATE_SOURCE:
        return "ADDSOURCE";
    case INSTALLSTATE_ABSENT:
        return "REMOVE";
    case INSTALLSTATE_ADVERTISED:
        return "ADVERTISE";
    case INSTALLSTATE_DEFAULT:
        return all ? NULL : "ADDDEFAULT";
    default:
        return "";
    }
}

enum { LEVEL_HIGHEST = 32767 };

static void add_level(struct text_buf *set, int level)
{
    char16_t text[8];
    struct text_buf number;

    if (level <= INSTALLLEVEL_DEFAULT)
        return;
    tb_init(&number);
    tb_number(&number, MIN(level, LEVEL_HIGHEST));
    if (!number.failed && number.len < ARRAY_LEN(text)) {
        memcpy(text, number.s, (number.len + 1) * sizeof(*text));
        line_add(set, "INSTALLLEVEL", text);
    }
    tb_free(&number);
}

/* Runs with what was put together, unless there was no memory for it. */
static u32 run_with(const char16_t *product, struct text_buf *set, const char16_t *line, bool *ours)
{
    const struct installation how = {.product = product, .set = set->s, .line = line};

    *ours = true;
    return set->failed ? ERROR_OUTOFMEMORY : install_by_us(&how, ours);
}

static u32 configure_product(const char16_t *product, int level, INSTALLSTATE state,
                             const char16_t *line)
{
    const char *property = property_for(state, true);
    u32 err = check_product(product);
    struct text_buf set;
    bool ours;

    if (err)
        return err;
    if (level < INSTALLLEVEL_DEFAULT || level > INSTALLLEVEL_MAXIMUM || (property && !*property))
        return ERROR_INVALID_PARAMETER;
    tb_init(&set);
    if (property)
        line_add(&set, property, u"ALL");
    else
        add_level(&set, level);
    err = run_with(product, &set, line, &ours);
    tb_free(&set);
    return ours ? err : wines_MsiConfigureProductExW(product, level, state, line);
}

UINT WINAPI MsiConfigureProductExW(const WCHAR *product, int level, INSTALLSTATE state,
                                   const WCHAR *line)
{
    return configure_product(w16(product), level, state, w16(line));
}

UINT WINAPI MsiConfigureProductExA(const char *product, int level, INSTALLSTATE state,
                                   const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 2, (const char *const[]){product, line});

    if (err)
        return err;
    err = configure_product(t.at[0].text, level, state, t.at[1].text);
    texts_done(&t);
    return err;
}

UINT WINAPI MsiConfigureProductW(const WCHAR *product, int level, INSTALLSTATE state)
{
    return MsiConfigureProductExW(product, level, state, NULL);
}

UINT WINAPI MsiConfigureProductA(const char *product, int level, INSTALLSTATE state)
{
    return MsiConfigureProductExA(product, level, state, NULL);
}

/* --- MsiReinstallProduct, MsiReinstallFeature ---------------------------------------------------
 */

static u32 reinstall(const char16_t *product, const char16_t *what, DWORD mode, bool *ours)
{
    char16_t letters[12];
    struct text_buf set;
    u32 err;

    reinstall_letters(mode, letters);
    tb_init(&set);
    line_add(&set, "REINSTALL", what);
    if (letters[0])
        line_add(&set, "REINSTALLMODE", letters);
    err = run_with(product, &set, NULL, ours);
    tb_free(&set);
    return err;
}

/* *code, from os_alloc, is that of the package's product. */
static u32 code_of_package(const char16_t *package, char16_t **code)
{
    struct database *db;
    char16_t *full;
    u32 err = full_path(package, &full);

    if (err)
        return err;
    err = db_open(full, DB_READONLY, false, &db);
    os_free(full);
    if (err)
        return err;
    err = rows_property(db, u"ProductCode", code, NULL);
    obj_unref(db_object(db));
    return err;
}

/* With v it is installed from this package, else from the one that is kept of the product. */
static u32 reinstall_from(const char16_t *package, const char16_t *code, DWORD mode)
{
    char16_t letters[12];
    struct text_buf line;
    u32 err = check_product(code);

    if (err == ERROR_INVALID_PARAMETER)
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (err || !(mode & REINSTALLMODE_PACKAGE))
        return err ? err : MsiReinstallProductW((const WCHAR *)code, mode);
    reinstall_letters(mode, letters);
    tb_init(&line);
    line_add(&line, "REINSTALL", u"ALL");
    line_add(&line, "REINSTALLMODE", letters);
    err = line.failed ? ERROR_OUTOFMEMORY : install_product(package, line.s);
    tb_free(&line);
    return err;
}

/* Windows' msiexec looks for the product of the package that its /f names; Wine's, which is a
 * prefix's, passes the package on. Neither file nor package: it is no product code. */
static u32 reinstall_package(const char16_t *package, DWORD mode)
{
    char16_t *code;
    u32 err = code_of_package(package, &code);

    if (err) {
        err_clear(); /* nobody asked for a database */
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INVALID_PARAMETER;
    }
    err = reinstall_from(package, code, mode);
    os_free(code);
    return err;
}

static u32 reinstall_product(const char16_t *product, DWORD mode)
{
    u32 err = check_product(product);
    bool ours;

    if (err == ERROR_INVALID_PARAMETER && product && product[0])
        return reinstall_package(product, mode);
    if (err)
        return err;
    err = reinstall(product, u"ALL", mode, &ours);
    return ours ? err : wines_MsiReinstallProductW(product, mode);
}

UINT WINAPI MsiReinstallProductW(const WCHAR *product, DWORD mode)
{
    return reinstall_product(w16(product), mode);
}

UINT WINAPI MsiReinstallProductA(const char *product, DWORD mode)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = reinstall_product(text.text, mode);
    text_done(&text);
    return err;
}

static u32 reinstall_feature(const char16_t *product, const char16_t *feature, DWORD mode)
{
    u32 err;
    bool ours;

    if (!feature || !feature[0])
        return ERROR_INVALID_PARAMETER;
    err = check_product(product);
    if (err)
        return err;
    err = reinstall(product, feature, mode, &ours);
    return ours ? err : wines_MsiReinstallFeatureW(product, feature, mode);
}

UINT WINAPI MsiReinstallFeatureW(const WCHAR *product, const WCHAR *feature, DWORD mode)
{
    return reinstall_feature(w16(product), w16(feature), mode);
}

UINT WINAPI MsiReinstallFeatureA(const char *product, const char *feature, DWORD mode)
{
    struct texts t;
    u32 err = texts_from_a(&t, 2, (const char *const[]){product, feature});

    if (err)
        return err;
    err = reinstall_feature(t.at[0].text, t.at[1].text, mode);
    texts_done(&t);
    return err;
}

/* --- MsiConfigureFeature ------------------------------------------------------------------------
 */

static u32 configure_feature(const char16_t *product, const char16_t *feature, INSTALLSTATE state)
{
    const char *property = property_for(state, false);
    struct text_buf set;
    bool ours;
    u32 err;

    if (!feature || !*property)
        return ERROR_INVALID_PARAMETER;
    err = check_product(product);
    if (err)
        return err;
    tb_init(&set);
    line_add(&set, property, feature);
    err = run_with(product, &set, NULL, &ours);
    tb_free(&set);
    return ours ? err : wines_MsiConfigureFeatureW(product, feature, state);
}

UINT WINAPI MsiConfigureFeatureW(const WCHAR *product, const WCHAR *feature, INSTALLSTATE state)
{
    return configure_feature(w16(product), w16(feature), state);
}

UINT WINAPI MsiConfigureFeatureA(const char *product, const char *feature, INSTALLSTATE state)
{
    struct texts t;
    u32 err = texts_from_a(&t, 2, (const char *const[]){product, feature});

    if (err)
        return err;
    err = configure_feature(t.at[0].text, t.at[1].text, state);
    texts_done(&t);
    return err;
}
