/*
 * What Windows Installer's keys in the registry tell of products.
 */
#include "products.h"

#include <msi.h>

#include "error.h"
#include "utf16.h"

#define INSTALLER L"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"

/* Up to three pieces, one after the other. */
static void join(WCHAR *path, const WCHAR *a, const WCHAR *b, const WCHAR *c)
{
    size_t n = u16_copy((char16_t *)path, PRODUCT_PATH, (const char16_t *)a);

    n += u16_copy((char16_t *)path + n, PRODUCT_PATH - n, (const char16_t *)b);
    u16_copy((char16_t *)path + n, PRODUCT_PATH - n, (const char16_t *)c);
}

static const DWORD contexts[] = {MSIINSTALLCONTEXT_USERMANAGED, MSIINSTALLCONTEXT_USERUNMANAGED,
                                 MSIINSTALLCONTEXT_MACHINE};

/* The key with what is advertised in a context: Products, Components, Patches. */
static HKEY advertised(DWORD context, const WCHAR *what, WCHAR *path)
{
    WCHAR sid[PRODUCT_SID] = L"", tail[PRODUCT_PATH];

    join(tail, L"\\Installer\\", what, L"\\");
    if (context == MSIINSTALLCONTEXT_MACHINE) {
        join(path, L"Software\\Classes", tail, L"");
        return HKEY_LOCAL_MACHINE;
    }
    if (context == MSIINSTALLCONTEXT_USERUNMANAGED) {
        join(path, L"Software\\Microsoft", tail, L"");
        return HKEY_CURRENT_USER;
    }
    reg_user_sid(sid, PRODUCT_SID);
    join(path, INSTALLER L"Managed\\", sid, tail);
    return HKEY_LOCAL_MACHINE;
}

/* The key under UserData of a context, in HKLM. */
static void installed(DWORD context, const WCHAR *what, WCHAR *path)
{
    WCHAR sid[PRODUCT_SID] = L"S-1-5-18";

    if (context != MSIINSTALLCONTEXT_MACHINE && !reg_user_sid(sid, PRODUCT_SID))
        sid[0] = 0;
    join(path, INSTALLER L"UserData\\", sid, what);
}

/* Fills p for the product in a context, be it there or not. */
static void place(struct product *p, const char16_t *guid, DWORD context)
{
    WCHAR packed[GUID_PACKED + 1], path[PRODUCT_PATH];

    guid_pack(guid, (char16_t *)packed);
    p->context = context;
    p->root = advertised(context, L"Products", path);
    join(p->key, path, packed, L"");
    installed(context, L"\\Products\\", path);
    join(p->data, path, packed, L"\\InstallProperties");
}

bool product_find(const char16_t *guid, struct product *p)
{
    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        place(p, guid, contexts[i]);
        if (reg_has(p->root, p->key))
            return true;
    }
    return false;
}

bool product_installed(const struct product *p)
{
    WCHAR text[16];

    return !reg_text(HKEY_LOCAL_MACHINE, p->data, L"WindowsInstaller", text, ARRAY_LEN(text)) &&
           u16_equal((char16_t *)text, u"1");
}

bool product_for_others(const char16_t *guid)
{
    WCHAR packed[GUID_PACKED + 1], tail[PRODUCT_PATH], sid[PRODUCT_SID];
    struct product p;

    guid_pack(guid, (char16_t *)packed);
    join(tail, L"\\Products\\", packed, L"\\InstallProperties");
    for (DWORD i = 0; reg_subkey(HKEY_LOCAL_MACHINE, INSTALLER L"UserData", i, sid, PRODUCT_SID);
         i++) {
        join(p.data, INSTALLER L"UserData\\", sid, tail);
        if (product_installed(&p))
            return true;
    }
    return false;
}

u32 product_at(DWORD index, char16_t *guid)
{
    WCHAR path[PRODUCT_PATH], name[64];
    HKEY root;

    for (size_t c = 0; c < ARRAY_LEN(contexts); c++) {
        root = advertised(contexts[c], L"Products", path);
        for (DWORD i = 0; reg_subkey(root, path, i, name, ARRAY_LEN(name)); i++)
            if (guid_unpack((char16_t *)name, guid) && !index--)
                return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

/* --- properties ---------------------------------------------------------------------------------
 */

/* PACKED: as ADVERTISED, a packed GUID. */
enum where { ADVERTISED, PACKED, INSTALLED, SOURCE };

static const struct {
    const char *name;
    const WCHAR *value;
    enum where where;
} properties[] = {{"Transforms", L"Transforms", ADVERTISED},
                  {"Language", L"Language", ADVERTISED},
                  {"ProductName", L"ProductName", ADVERTISED},
                  {"AssignmentType", L"Assignment", ADVERTISED},
                  {"PackageCode", L"PackageCode", PACKED},
                  {"Version", L"Version", ADVERTISED},
                  {"ProductIcon", L"ProductIcon", ADVERTISED},
                  {"AuthorizedLUAApp", L"AuthorizedLUAApp", ADVERTISED},
                  {"InstanceType", L"InstanceType", ADVERTISED},
                  {"PackageName", L"PackageName", SOURCE},
                  {"InstalledLanguage", L"Language", INSTALLED},
                  {"InstalledProductName", L"DisplayName", INSTALLED},
                  {"VersionString", L"DisplayVersion", INSTALLED},
                  {"HelpLink", L"HelpLink", INSTALLED},
                  {"HelpTelephone", L"HelpTelephone", INSTALLED},
                  {"InstallLocation", L"InstallLocation", INSTALLED},
                  {"InstallSource", L"InstallSource", INSTALLED},
                  {"InstallDate", L"InstallDate", INSTALLED},
                  {"Publisher", L"Publisher", INSTALLED},
                  {"LocalPackage", L"LocalPackage", INSTALLED},
                  {"URLInfoAbout", L"URLInfoAbout", INSTALLED},
                  {"URLUpdateInfo", L"URLUpdateInfo", INSTALLED},
                  {"VersionMinor", L"VersionMinor", INSTALLED},
                  {"VersionMajor", L"VersionMajor", INSTALLED},
                  {"ProductID", L"ProductID", INSTALLED},
                  {"RegCompany", L"RegCompany", INSTALLED},
                  {"RegOwner", L"RegOwner", INSTALLED}};

static void unpack_in_place(WCHAR *text, DWORD cap)
{
    char16_t guid[GUID_CHARS + 1];

    if (cap > GUID_CHARS && guid_unpack((char16_t *)text, guid))
        u16_copy((char16_t *)text, cap, guid);
}

static u32 read_property(const struct product *p, size_t i, WCHAR *text, DWORD cap)
{
    WCHAR path[PRODUCT_PATH];
    u32 err;

    if (properties[i].where == INSTALLED)
        return reg_text(HKEY_LOCAL_MACHINE, p->data, properties[i].value, text, cap);
    join(path, p->key, properties[i].where == SOURCE ? L"\\SourceList" : L"", L"");
    err = reg_text(p->root, path, properties[i].value, text, cap);
    if (!err && properties[i].where == PACKED)
        unpack_in_place(text, cap);
    return err;
}

u32 product_property(const struct product *p, const char16_t *name, WCHAR *text, DWORD cap)
{
    size_t i = 0;
    u32 err;

    while (i < ARRAY_LEN(properties) && !u16_is(name, u16_len(name), properties[i].name))
        i++;
    if (i == ARRAY_LEN(properties) || (properties[i].where == INSTALLED && !product_installed(p)))
        return ERROR_UNKNOWN_PROPERTY;
    err = read_property(p, i, text, cap);
    if (err == ERROR_MORE_DATA)
        return err;
    if (err)
        text[0] = 0;
    return ERROR_SUCCESS;
}

/* --- what else is known -------------------------------------------------------------------------
 */

static bool known_under(const char16_t *guid, const WCHAR *what)
{
    WCHAR packed[GUID_PACKED + 1], path[PRODUCT_PATH], key[PRODUCT_PATH];
    HKEY root;

    guid_pack(guid, (char16_t *)packed);
    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        root = advertised(contexts[i], what, path);
        join(key, path, packed, L"");
        if (reg_has(root, key))
            return true;
    }
    return false;
}

bool qualified_known(const char16_t *guid)
{
    return known_under(guid, L"Components");
}

bool patch_known(const char16_t *guid)
{
    return known_under(guid, L"Patches");
}

bool component_known(const char16_t *guid)
{
    WCHAR packed[GUID_PACKED + 1], path[PRODUCT_PATH], key[PRODUCT_PATH];

    guid_pack(guid, (char16_t *)packed);
    for (size_t i = 1; i < ARRAY_LEN(contexts); i++) {
        installed(contexts[i], L"\\Components\\", path);
        join(key, path, packed, L"");
        if (reg_has(HKEY_LOCAL_MACHINE, key))
            return true;
    }
    return false;
}
