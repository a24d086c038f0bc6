/*
 * What the registry tells of products: contexts, features, components, patches, source lists, laid
 * out as Windows Installer lays them out. Each test writes the keys that it needs, of the machine,
 * and takes them away again.
 */
#include "msitest.h"

/* The programs of two architectures may run at once on one registry. */
#ifdef _WIN64
#define END "A1"
#else
#define END "B1"
#endif
#define CODE      "{5A8C1D20-1111-2222-3333-4444555566" END "}"
#define PATCH     "{5A8C1D20-1111-2222-3333-4444555567" END "}"
#define COMPONENT "{5A8C1D20-1111-2222-3333-4444555568" END "}"
#define NOBODY    "{5A8C1D20-1111-2222-3333-4444555569" END "}"

#define CLASSES "Software\\Classes\\Installer\\"
#define CURRENT "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"
#define DATA    CURRENT "UserData\\S-1-5-18\\"

UINT WINAPI MsiEnumClientsExA(const char *, const char *, DWORD, DWORD, char *, MSIINSTALLCONTEXT *,
                              char *, DWORD *);
INSTALLSTATE WINAPI MsiGetComponentPathExA(const char *, const char *, const char *,
                                           MSIINSTALLCONTEXT, char *, DWORD *);

static char product[40], patch[40], component[40];

/* The digits of a GUID as the names of keys have them. */
static void pack(char *to, const char *guid)
{
    static const int place[] = {8,  7,  6,  5,  4,  3,  2,  1,  13, 12, 11, 10, 18, 17, 16, 15,
                                21, 20, 23, 22, 26, 25, 28, 27, 30, 29, 32, 31, 34, 33, 36, 35};

    for (size_t i = 0; i < 32; i++)
        to[i] = guid[place[i]];
    to[32] = 0;
}

static const char *path(const char *above, const char *code, const char *below)
{
    static char paths[8][256];
    static unsigned n;
    char *p = paths[n++ % 8];

    snprintf(p, sizeof(paths[0]), "%s%s%s", above, code, below);
    return p;
}

static void put(const char *key, const char *name, DWORD type, const void *data, DWORD size)
{
    HKEY k;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL, &k,
                        NULL),
       "create %s\n", key);
    if (data)
        RegSetValueExA(k, name, 0, type, data, size);
    RegCloseKey(k);
}

static void text(const char *key, const char *name, const char *value)
{
    put(key, name, REG_SZ, value, (DWORD)strlen(value) + 1);
}

static void number(const char *key, const char *name, DWORD value)
{
    put(key, name, REG_DWORD, &value, sizeof(value));
}

static void drop(const char *key)
{
    HKEY k;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, key, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &k))
        return;
    RegDeleteTreeA(k, NULL);
    RegCloseKey(k);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, key, KEY_WOW64_64KEY, 0);
}

static void clean(void)
{
    pack(product, CODE);
    pack(patch, PATCH);
    pack(component, COMPONENT);
    drop(path(CLASSES "Products\\", product, ""));
    drop(path(CLASSES "Features\\", product, ""));
    drop(path(CLASSES "Components\\", component, ""));
    drop(path(CLASSES "Patches\\", patch, ""));
    drop(path(CLASSES "UpgradeCodes\\", patch, ""));
    drop(path(DATA "Products\\", product, ""));
    drop(path(DATA "Components\\", component, ""));
    drop(path(DATA "Components\\", patch, ""));
    drop(path(DATA "Patches\\", patch, ""));
}

static void advertise(void)
{
    clean();
    text(path(CLASSES "Products\\", product, ""), "ProductName", "Lamp");
    text(path(CLASSES "Products\\", product, ""), "PackageCode", patch);
    number(path(CLASSES "Products\\", product, ""), "Language", 1033);
    text(path(CLASSES "Products\\", product, "\\SourceList"), "PackageName", "lamp.msi");
}

static void install(void)
{
    const char *key;

    advertise();
    key = path(DATA "Products\\", product, "\\InstallProperties");
    number(key, "WindowsInstaller", 1);
    text(key, "LocalPackage", "C:\\windows\\Installer\\lamp.msi");
    text(key, "DisplayVersion", "1.2.3");
    text(key, "RegOwner", "Ann");
    text(key, "RegCompany", "Works");
    text(key, "ProductID", "77");
}

/* --- properties ---------------------------------------------------------------------------------
 */

static const char *info_ex(const char *property)
{
    static char buf[128];
    DWORD size = sizeof(buf);
    UINT err = MsiGetProductInfoExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, property, buf, &size);

    if (err)
        snprintf(buf, sizeof(buf), "error %u", err);
    return buf;
}

static void properties_by_context(void)
{
    advertise();
    ok(!strcmp(info_ex("State"), "1"), "advertised: %s\n", info_ex("State"));
    ok(!strcmp(info_ex("ProductName"), "Lamp"), "name %s\n", info_ex("ProductName"));
    ok(!strcmp(info_ex("Language"), "1033"), "language %s\n", info_ex("Language"));
    ok(!strcmp(info_ex("VersionString"), "error 1608"), "version %s\n", info_ex("VersionString"));
    install();
    ok(!strcmp(info_ex("State"), "5"), "installed: %s\n", info_ex("State"));
    ok(!strcmp(info_ex("VersionString"), "1.2.3"), "version %s\n", info_ex("VersionString"));
    ok(!strcmp(info_ex("HelpLink"), ""), "not set: %s\n", info_ex("HelpLink"));
    ok(!strcmp(info_ex("Nonsense"), "error 1608"), "none: %s\n", info_ex("Nonsense"));
    clean();
    ok(!strcmp(info_ex("State"), "error 1605"), "gone: %s\n", info_ex("State"));
}

/* The package code is a packed GUID, or the registration is broken. */
static void a_broken_package_code(void)
{
    char buf[64] = "x";
    DWORD size = sizeof(buf);

    advertise();
    text(path(CLASSES "Products\\", product, ""), "PackageCode", "nonsense");
    differs("MsiGetProductInfoEx")
        ok(MsiGetProductInfoExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "PackageCode", buf, &size) ==
                   ERROR_BAD_CONFIGURATION &&
               !strcmp(buf, "x") && size == sizeof(buf),
           "%s, %lu\n", buf, size);
    clean();
}

/* A function with Ex tells twice the length of a text that did not fit; W tells the length. */
static void the_size_of_what_does_not_fit(void)
{
    WCHAR wide[8];
    char buf[8];
    DWORD size = 2;

    advertise();
    ok(MsiGetProductInfoExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "ProductName", buf, &size) ==
               ERROR_MORE_DATA &&
           size == 8,
       "A: %lu\n", size);
    size = 2;
    ok(MsiGetProductInfoExW(L"" CODE, NULL, MSIINSTALLCONTEXT_MACHINE, L"ProductName", wide,
                            &size) == ERROR_MORE_DATA &&
           size == 4,
       "W: %lu\n", size);
    size = 2;
    ok(MsiGetProductInfoA(CODE, "ProductName", buf, &size) == ERROR_MORE_DATA && size == 4,
       "without Ex: %lu\n", size);
    clean();
}

static void who_installed_it(void)
{
    char user[8] = "x", org[8] = "x", id[8] = "x";
    DWORD a = 8, b = 8, c = 8;

    advertise();
    ok(MsiGetUserInfoA(CODE, user, &a, org, &b, id, &c) == USERINFOSTATE_ABSENT, "nobody\n");
    install();
    ok(MsiGetUserInfoA(CODE, user, &a, org, &b, id, &c) == USERINFOSTATE_PRESENT &&
           !strcmp(user, "Ann") && !strcmp(org, "Works") && !strcmp(id, "77"),
       "%s %s %s\n", user, org, id);
    a = 3;
    strcpy(user, "xyz");
    differs("MsiGetUserInfo")
        ok(MsiGetUserInfoA(CODE, user, &a, NULL, NULL, NULL, NULL) == USERINFOSTATE_MOREDATA &&
               a == 3 && !strcmp(user, "xyz"),
           "one too short: %s %lu\n", user, a);
    clean();
    ok(MsiGetUserInfoA(CODE, NULL, NULL, NULL, NULL, NULL, NULL) == USERINFOSTATE_UNKNOWN,
       "unknown\n");
}

/* "Setting the SID value to S-1-5-18 returns ERROR_INVALID_PARAMETER", in every context. */
static void the_machine_is_no_user_that_can_be_named(void)
{
    INSTALLSTATE state;
    char buf[64];
    DWORD size;

    install();
    for (DWORD context = 1; context <= 4; context *= 2) {
        differs("MsiGetProductInfoEx")
        {
            size = sizeof(buf);
            ok(MsiGetProductInfoExA(CODE, "S-1-5-18", (MSIINSTALLCONTEXT)context, "VersionString",
                                    buf, &size) == ERROR_INVALID_PARAMETER,
               "product, %lu\n", context);
            ok(MsiQueryFeatureStateExA(CODE, "s-1-5-18", (MSIINSTALLCONTEXT)context, "f", &state) ==
                   ERROR_INVALID_PARAMETER,
               "feature, %lu\n", context);
            size = sizeof(buf);
            ok(MsiEnumClientsExA(COMPONENT, "S-1-5-18", context, 0, NULL, NULL, buf, &size) ==
                   ERROR_INVALID_PARAMETER,
               "clients, %lu\n", context);
        }
    }
    clean();
}

static void a_property_that_is_none_is_told_before_the_product(void)
{
    char buf[64];
    DWORD size = sizeof(buf);

    clean();
    ok(MsiGetProductInfoA(NOBODY, "nope", buf, &size) == ERROR_UNKNOWN_PROPERTY, "none\n");
    ok(MsiGetProductInfoA(NOBODY, "PackageName", buf, &size) == ERROR_UNKNOWN_PRODUCT, "one\n");
}

static void products_by_context(void)
{
    MSIINSTALLCONTEXT context = MSIINSTALLCONTEXT_NONE;
    char code[40], sid[64] = "x";
    DWORD size = sizeof(sid);

    install();
    differs("MsiEnumProductsEx")
        ok(!MsiEnumProductsExA(CODE, NULL, MSIINSTALLCONTEXT_ALL, 0, code, &context, sid, &size) &&
               !strcmp(code, CODE) && context == MSIINSTALLCONTEXT_MACHINE && !sid[0] && !size,
           "%s in %d of %s\n", code, context, sid);
    ok(MsiEnumProductsExA(CODE, NULL, MSIINSTALLCONTEXT_ALL, 1, code, &context, sid, &size) ==
           ERROR_NO_MORE_ITEMS,
       "a second\n");
    ok(MsiEnumProductsExA(CODE, NULL, MSIINSTALLCONTEXT_USERUNMANAGED, 0, code, &context, sid,
                          &size) == ERROR_NO_MORE_ITEMS,
       "of the user\n");
    clean();
}

static void products_by_upgrade_code(void)
{
    char code[40];

    install();
    text(path(CURRENT "UpgradeCodes\\", patch, ""), product, "");
    ok(!MsiEnumRelatedProductsA(PATCH, 0, 0, code) && !strcmp(code, CODE), "%s\n", code);
    ok(MsiEnumRelatedProductsA(PATCH, 0, 1, code) == ERROR_NO_MORE_ITEMS, "a second\n");
    drop(path(CURRENT "UpgradeCodes\\", patch, ""));
    clean();
}

/* --- features -----------------------------------------------------------------------------------
 */

#define ZERO "!!!!!!!!!!!!!!!!!!!!" /* the GUID of zeros */

static void states_of_features(void)
{
    const char *data;

    install();
    text(path(CLASSES "Features\\", product, ""), "Bulb", "");
    text(path(CLASSES "Features\\", product, ""), "Shade", "Bulb");
    text(path(CLASSES "Features\\", product, ""), "Gone", "\006Bulb");
    ok(MsiQueryFeatureStateA(CODE, "Bulb") == INSTALLSTATE_ADVERTISED, "advertised\n");
    ok(MsiQueryFeatureStateA(CODE, "Gone") == INSTALLSTATE_ABSENT, "absent\n");
    ok(MsiQueryFeatureStateA(CODE, "None") == INSTALLSTATE_UNKNOWN, "unknown\n");
    data = path(DATA "Products\\", product, "\\Features");
    text(data, "Bulb", "");
    ok(MsiQueryFeatureStateA(CODE, "Bulb") == INSTALLSTATE_LOCAL, "without components\n");
    text(data, "Shade", ZERO);
    ok(MsiQueryFeatureStateA(CODE, "Shade") == INSTALLSTATE_ADVERTISED, "a component is missing\n");
    text(data, "Shade", "12345");
    ok(MsiQueryFeatureStateA(CODE, "Shade") == INSTALLSTATE_BADCONFIG, "too short\n");
    clean();
}

static void features_are_enumerated(void)
{
    char name[64], parent[64];
    unsigned seen = 0;

    install();
    text(path(CLASSES "Features\\", product, ""), "Bulb", "");
    text(path(CLASSES "Features\\", product, ""), "Shade", "Bulb");
    for (UINT i = 0; !MsiEnumFeaturesA(CODE, i, name, parent); i++)
        seen += (!strcmp(name, "Bulb") && !parent[0]) ||
                (!strcmp(name, "Shade") && !strcmp(parent, "Bulb"));
    differs("MsiEnumFeatures") ok(seen == 2, "%u features\n", seen);
    differs("MsiEnumFeatures")
        ok(MsiEnumFeaturesA(NOBODY, 0, name, parent) == ERROR_UNKNOWN_PRODUCT, "of no product\n");
    clean();
}

static void uses_are_counted(void)
{
    DWORD count = 9;
    WORD date = 9;

    install();
    text(path(CLASSES "Features\\", product, ""), "Bulb", "");
    text(path(DATA "Products\\", product, "\\Features"), "Bulb", "");
    differs("MsiGetFeatureUsage")
    {
        ok(!MsiGetFeatureUsageA(CODE, "Bulb", &count, &date) && !count && !date, "never used\n");
        ok(MsiUseFeatureA(CODE, "Bulb") == INSTALLSTATE_LOCAL, "use it\n");
        ok(!MsiGetFeatureUsageA(CODE, "Bulb", &count, &date) && count == 1 && date, "used once\n");
    }
    clean();
}

/* --- components ---------------------------------------------------------------------------------
 */

static INSTALLSTATE where(char *buf, DWORD *size)
{
    return MsiGetComponentPathA(CODE, COMPONENT, buf, size);
}

static void key_path(const char *value)
{
    text(path(DATA "Components\\", component, ""), product, value);
}

static void paths_of_components(void)
{
    char buf[128];
    DWORD size = sizeof(buf);

    install();
    ok(where(buf, &size) == INSTALLSTATE_UNKNOWN, "not registered\n");
    key_path("C:\\windows\\");
    size = sizeof(buf);
    ok(where(buf, &size) == INSTALLSTATE_LOCAL && !strcmp(buf, "C:\\windows\\"), "%s\n", buf);
    size = sizeof(buf);
    ok(MsiLocateComponentA(COMPONENT, buf, &size) == INSTALLSTATE_LOCAL, "located\n");
    key_path("C:\\windows\\is not there");
    size = sizeof(buf);
    ok(where(buf, &size) == INSTALLSTATE_ABSENT && size == 23, "%s\n", buf);
    size = 3;
    ok(where(buf, &size) == INSTALLSTATE_MOREDATA && size == 23, "short: %lu\n", size);
    clean();
}

/* SharedDLLs counts such a file. */
static void a_counted_file(void)
{
    char buf[128] = "";
    DWORD size = sizeof(buf);

    install();
    key_path("C?\\windows\\");
    differs("MsiGetComponentPath")
        ok(where(buf, &size) == INSTALLSTATE_LOCAL && !strcmp(buf, "C:\\windows\\"), "%s\n", buf);
    clean();
}

static void a_key_path_in_the_registry(void)
{
    char buf[128] = "";
    DWORD size = sizeof(buf);

    install();
    key_path("22:\\Software\\Microsoft\\Windows\\CurrentVersion\\");
    differs("MsiGetComponentPath") ok(where(buf, &size) == INSTALLSTATE_LOCAL, "%s\n", buf);
    key_path("22:\\Software\\Microsoft\\Is not there\\");
    size = sizeof(buf);
    ok(where(buf, &size) == INSTALLSTATE_ABSENT, "%s\n", buf);
    clean();
}

/* Seen on Windows: no path, no size; what is asked for without a buffer comes back doubled. */
static void the_size_where_there_is_no_path(void)
{
    char buf[16];
    DWORD size = sizeof(buf);

    clean();
    differs("MsiGetComponentPathEx")
    {
        ok(MsiGetComponentPathExA(CODE, COMPONENT, NULL, MSIINSTALLCONTEXT_MACHINE, buf, &size) ==
                   INSTALLSTATE_UNKNOWN &&
               !size,
           "unknown: %lu\n", size);
        size = 5;
        ok(MsiGetComponentPathExA(CODE, COMPONENT, NULL, MSIINSTALLCONTEXT_MACHINE, NULL, &size) ==
                   INSTALLSTATE_UNKNOWN &&
               size == 10,
           "without a buffer: %lu\n", size);
        ok(MsiGetComponentPathExA(NULL, COMPONENT, NULL, MSIINSTALLCONTEXT_MACHINE, buf, &size) ==
                   INSTALLSTATE_INVALIDARG &&
               !size,
           "no product: %lu\n", size);
    }
}

/* Behind the end one begins with 0 again. */
static void clients_of_a_component(void)
{
    char code[40];

    install();
    key_path("C:\\windows\\");
    ok(!MsiEnumClientsA(COMPONENT, 0, code) && !strcmp(code, CODE), "%s\n", code);
    ok(MsiEnumClientsA(COMPONENT, 1, code) == ERROR_NO_MORE_ITEMS, "a second\n");
    differs("MsiEnumClients")
        ok(MsiEnumClientsA(COMPONENT, 1, code) == ERROR_INVALID_PARAMETER, "behind the end\n");
    ok(!MsiEnumClientsA(COMPONENT, 0, code), "from the start\n");
    ok(!MsiGetProductCodeA(COMPONENT, code) && !strcmp(code, CODE), "its product %s\n", code);
    ok(MsiEnumClientsA(NOBODY, 0, code) == ERROR_UNKNOWN_COMPONENT, "unknown\n");
    clean();
}

/* --- patches ------------------------------------------------------------------------------------
 */

static void patches_of_a_product(void)
{
    char code[40], transforms[16], list[64] = "";
    DWORD size = sizeof(transforms);

    install();
    strcpy(list, patch);
    put(path(CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ, list, 34);
    text(path(CLASSES "Products\\", product, "\\Patches"), patch, ":a;:b");
    ok(!MsiEnumPatchesA(CODE, 0, code, transforms, &size) && !strcmp(code, PATCH) &&
           !strcmp(transforms, ":a;:b") && size == 5,
       "%s %s\n", code, transforms);
    ok(MsiEnumPatchesA(CODE, 1, code, transforms, &size) == ERROR_NO_MORE_ITEMS, "a second\n");
    put(path(CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ, list, 32);
    differs("MsiEnumPatches")
        ok(MsiEnumPatchesA(CODE, 0, code, transforms, &size) == ERROR_BAD_CONFIGURATION,
           "a list without an end\n");
    clean();
}

static void properties_of_a_patch(void)
{
    const char *key;
    char buf[64];
    DWORD size = sizeof(buf);

    install();
    ok(MsiGetPatchInfoExA(PATCH, CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "State", buf, &size) ==
           ERROR_UNKNOWN_PATCH,
       "unknown\n");
    key = path(DATA "Patches\\", patch, "");
    text(key, "LocalPackage", "C:\\p.msp");
    key = path("\\Patches\\", patch, "");
    key = path(DATA "Products\\", product, key);
    number(key, "State", 1);
    text(key, "DisplayName", "Mend");
    size = sizeof(buf);
    ok(!MsiGetPatchInfoExA(PATCH, CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "State", buf, &size) &&
           !strcmp(buf, "1"),
       "state %s\n", buf);
    size = sizeof(buf);
    ok(!MsiGetPatchInfoExA(PATCH, CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "LocalPackage", buf,
                           &size) &&
           !strcmp(buf, "C:\\p.msp"),
       "package %s\n", buf);
    clean();
}

/* --- source lists -------------------------------------------------------------------------------
 */

static UINT add(DWORD kind, const char *place, DWORD at)
{
    return MsiSourceListAddSourceExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, kind, place, at);
}

static UINT source(DWORD index, char *buf, DWORD size)
{
    return MsiSourceListEnumSourcesA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                                     index, buf, &size);
}

/* All of them, and how it ended. */
static const char *sources(void)
{
    static char all[256];
    char one[64];
    UINT err = 0;

    all[0] = 0;
    for (DWORD i = 0; i < 9 && !err; i++) {
        size_t n = strlen(all);

        err = source(i, one, sizeof(one));
        if (err)
            snprintf(all + n, sizeof(all) - n, "%u", err);
        else
            snprintf(all + n, sizeof(all) - n, "%s;", one);
    }
    return all;
}

#define SOURCES(want)                                \
    do {                                             \
        const char *got = sources();                 \
                                                     \
        ok(!strcmp(got, want), "sources %s\n", got); \
    } while (0)

static void sources_have_an_order(void)
{
    advertise();
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\b", 0), "add\n");
    SOURCES("C:\\b\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\c\\", 9), "at the end\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\b\\;C:\\c\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\a", 1), "first\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\a\\;C:\\b\\;C:\\c\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "c:\\A\\", 0), "there already\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\a\\;C:\\b\\;C:\\c\\;259");
    differs("MsiSourceListClearSource")
    {
        ok(!MsiSourceListClearSourceA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                                      "C:\\a"),
           "clear\n");
        SOURCES("C:\\b\\;C:\\c\\;259");
    }
    ok(add(MSISOURCETYPE_MEDIA, "C:\\", 0) == ERROR_INVALID_PARAMETER, "media\n");
    clean();
    ok(add(MSISOURCETYPE_NETWORK, "C:\\b", 0) == ERROR_UNKNOWN_PRODUCT, "unknown\n");
}

static UINT disk_at(DWORD index)
{
    char label[16];
    DWORD size = sizeof(label);

    return MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, index, NULL,
                                        label, &size, NULL, NULL);
}

/* Each index follows the one before; what was asked for without a buffer may be asked again. */
static void lists_are_gone_through_in_order(void)
{
    char buf[64];
    UINT err;

    advertise();
    for (DWORD i = 1; i <= 3; i++) {
        snprintf(buf, sizeof(buf), "C:\\%lu", i);
        ok(!add(MSISOURCETYPE_NETWORK, buf, i), "add\n");
        ok(!MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, i, buf, "disk"),
           "add\n");
    }
    err = source(0, buf, sizeof(buf));
    ok(!err, "0: %u\n", err);
    err = source(2, buf, sizeof(buf));
    differs("MsiSourceListEnumSources") ok(err == ERROR_INVALID_PARAMETER, "a jump: %u\n", err);
    err = source(1, NULL, 0);
    ok(!err, "the size of 1: %u\n", err);
    err = source(1, buf, 2);
    differs("MsiSourceListEnumSources") ok(err == ERROR_MORE_DATA, "too little for 1: %u\n", err);
    err = source(1, buf, sizeof(buf));
    differs("MsiSourceListEnumSources") ok(!err, "1: %u\n", err);
    err = source(1, buf, sizeof(buf));
    ok(err == ERROR_INVALID_PARAMETER, "1 again: %u\n", err);
    err = source(2, buf, sizeof(buf));
    ok(!err, "2: %u\n", err);
    err = source(0, buf, sizeof(buf));
    ok(!err, "from the beginning: %u\n", err);
    ok(!disk_at(0), "disk 0\n");
    err = disk_at(2);
    ok(err == ERROR_INVALID_PARAMETER, "a jump: %u\n", err);
    err = disk_at(1);
    ok(!err, "disk 1: %u\n", err);
    clean();
}

static void disks_of_a_source_list(void)
{
    char label[16], prompt[16];
    DWORD disk = 0, a = sizeof(label), b = sizeof(prompt);

    advertise();
    ok(!MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 4, "LAMP", "Disk 4"),
       "add\n");
    ok(!MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 0, &disk, label, &a,
                                     prompt, &b) &&
           disk == 4 && !strcmp(label, "LAMP") && !strcmp(prompt, "Disk 4"),
       "%lu %s %s\n", disk, label, prompt);
    ok(MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 5, "", "") ==
           ERROR_INVALID_PARAMETER,
       "empty texts\n");
    ok(MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK, 0,
                                    &disk, NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "a kind of source\n");
    clean();
}

/* The type of a source belongs to LastUsedSource alone, and a list to a product of somebody. */
static void what_a_source_list_is_not_asked(void)
{
    static const DWORD types[] = {MSISOURCETYPE_NETWORK, MSISOURCETYPE_URL,
                                  MSISOURCETYPE_NETWORK | MSISOURCETYPE_URL,
                                  MSISOURCETYPE_NETWORK | MSISOURCETYPE_MEDIA};
    char buf[32];
    DWORD size = sizeof(buf);

    advertise();
    for (size_t i = 0; i < ARRAYSIZE(types); i++)
        ok(MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, types[i], "PackageName",
                                 "x.msi") == ERROR_INVALID_PARAMETER,
           "type %lu\n", types[i]);
    differs("MsiSourceListGetInfo, szUserSid")
        ok(MsiSourceListGetInfoA(CODE, "S-1-1-0", MSIINSTALLCONTEXT_USERUNMANAGED, 0, "PackageName",
                                 buf, &size) == ERROR_INVALID_PARAMETER,
           "everyone\n");
    clean();
}

static void what_a_source_list_tells(void)
{
    char buf[32];
    DWORD size = sizeof(buf);

    advertise();
    ok(!MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                              "LastUsedSource", "C:\\b\\"),
       "set\n");
    ok(!MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "LastUsedSource", buf,
                              &size) &&
           !strcmp(buf, "C:\\b\\"),
       "%s\n", buf);
    size = sizeof(buf);
    ok(!MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "LastUsedType", buf,
                              &size) &&
           !strcmp(buf, "n"),
       "%s\n", buf);
    SOURCES("C:\\b\\;259");
    ok(MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "Nonsense", buf, &size) ==
           ERROR_UNKNOWN_PROPERTY,
       "none\n");
    clean();
}

START_TEST(products)
{
    test_dll("msi");
    RUN(properties_by_context);
    RUN(a_broken_package_code);
    RUN(the_size_of_what_does_not_fit);
    RUN(who_installed_it);
    RUN(the_machine_is_no_user_that_can_be_named);
    RUN(a_property_that_is_none_is_told_before_the_product);
    RUN(products_by_context);
    RUN(products_by_upgrade_code);
    RUN(states_of_features);
    RUN(features_are_enumerated);
    RUN(uses_are_counted);
    RUN(paths_of_components);
    RUN(a_counted_file);
    RUN(a_key_path_in_the_registry);
    RUN(the_size_where_there_is_no_path);
    RUN(clients_of_a_component);
    RUN(patches_of_a_product);
    RUN(properties_of_a_patch);
    RUN(sources_have_an_order);
    RUN(lists_are_gone_through_in_order);
    RUN(disks_of_a_source_list);
    RUN(what_a_source_list_is_not_asked);
    RUN(what_a_source_list_tells);
}
