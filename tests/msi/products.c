/*
 * What the registry tells of products: contexts, features, components, patches.
 */
#define PART "1111"
#include "productkeys.h"

UINT WINAPI MsiEnumClientsExA(const char *, const char *, DWORD, DWORD, char *, MSIINSTALLCONTEXT *,
                              char *, DWORD *);
INSTALLSTATE WINAPI MsiGetComponentPathExA(const char *, const char *, const char *,
                                           MSIINSTALLCONTEXT, char *, DWORD *);

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
    put_text(path(INSTALLER_CLASSES "Products\\", product, ""), "PackageCode", "nonsense");
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
    put_text(path(CURRENT "UpgradeCodes\\", patch, ""), product, "");
    ok(!MsiEnumRelatedProductsA(PATCH, 0, 0, code) && !strcmp(code, CODE), "%s\n", code);
    ok(MsiEnumRelatedProductsA(PATCH, 0, 1, code) == ERROR_NO_MORE_ITEMS, "a second\n");
    drop_tree(path(CURRENT "UpgradeCodes\\", patch, ""));
    clean();
}

static void data_of_the_machine_alone_are_no_product(void)
{
    clean();
    number(path(INSTALLER_DATA "Products\\", product, "\\InstallProperties"), "WindowsInstaller",
           1);
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
    clean();
}

/* --- features -----------------------------------------------------------------------------------
 */

#define ZERO "!!!!!!!!!!!!!!!!!!!!" /* the GUID of zeros */

static void states_of_features(void)
{
    INSTALLSTATE state = INSTALLSTATE_UNKNOWN;
    const char *data;

    install();
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Bulb", "");
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Shade", "Bulb");
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Gone", "\006Bulb");
    ok(MsiQueryFeatureStateA(CODE, "Bulb") == INSTALLSTATE_ADVERTISED, "advertised\n");
    ok(MsiQueryFeatureStateA(CODE, "Gone") == INSTALLSTATE_ABSENT, "absent\n");
    ok(MsiQueryFeatureStateA(CODE, "None") == INSTALLSTATE_UNKNOWN, "unknown\n");
    data = path(INSTALLER_DATA "Products\\", product, "\\Features");
    put_text(data, "Bulb", "");
    ok(MsiQueryFeatureStateA(CODE, "Bulb") == INSTALLSTATE_LOCAL, "without components\n");
    put_text(data, "Shade", ZERO);
    ok(MsiQueryFeatureStateA(CODE, "Shade") == INSTALLSTATE_ADVERTISED, "a component is missing\n");
    put_text(data, "Shade", "12345");
    ok(MsiQueryFeatureStateA(CODE, "Shade") == INSTALLSTATE_BADCONFIG, "too short\n");
    ok(MsiQueryFeatureStateExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "Shade", &state) ==
               ERROR_BAD_CONFIGURATION &&
           state == INSTALLSTATE_BADCONFIG,
       "asked by context: %d\n", state);
    clean();
}

static void features_are_enumerated(void)
{
    char name[64], parent[64];
    unsigned seen = 0;

    install();
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Bulb", "");
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Shade", "Bulb");
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
    put_text(path(INSTALLER_CLASSES "Features\\", product, ""), "Bulb", "");
    put_text(path(INSTALLER_DATA "Products\\", product, "\\Features"), "Bulb", "");
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
    put_text(path(INSTALLER_DATA "Components\\", component, ""), product, value);
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
    put_value(path(INSTALLER_CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ,
              list, 34);
    put_text(path(INSTALLER_CLASSES "Products\\", product, "\\Patches"), patch, ":a;:b");
    ok(!MsiEnumPatchesA(CODE, 0, code, transforms, &size) && !strcmp(code, PATCH) &&
           !strcmp(transforms, ":a;:b") && size == 5,
       "%s %s\n", code, transforms);
    ok(MsiEnumPatchesA(CODE, 1, code, transforms, &size) == ERROR_NO_MORE_ITEMS, "a second\n");
    put_value(path(INSTALLER_CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ,
              list, 33);
    size = sizeof(transforms);
    ok(!MsiEnumPatchesA(CODE, 0, code, transforms, &size), "a list without an end\n");
    clean();
}

static void a_patch_without_transforms_is_none(void)
{
    char code[40], transforms[16], list[64] = "";
    DWORD size = sizeof(transforms);

    install();
    strcpy(list, patch);
    put_value(path(INSTALLER_CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ,
              list, 34);
    ok(MsiEnumPatchesA(CODE, 0, code, transforms, &size) == ERROR_NO_MORE_ITEMS, "none\n");
    put_value(path(INSTALLER_CLASSES "Products\\", product, "\\Patches"), "Patches", REG_MULTI_SZ,
              list, 33);
    differs("MsiEnumPatches")
        ok(MsiEnumPatchesA(CODE, 0, code, transforms, &size) == ERROR_BAD_CONFIGURATION,
           "nor a list without an end\n");
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
    key = path(INSTALLER_DATA "Patches\\", patch, "");
    put_text(key, "LocalPackage", "C:\\p.msp");
    key = path("\\Patches\\", patch, "");
    key = path(INSTALLER_DATA "Products\\", product, key);
    number(key, "State", 1);
    put_text(key, "DisplayName", "Mend");
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
    RUN(data_of_the_machine_alone_are_no_product);
    RUN(states_of_features);
    RUN(features_are_enumerated);
    RUN(uses_are_counted);
    RUN(paths_of_components);
    RUN(a_counted_file);
    RUN(a_key_path_in_the_registry);
    RUN(the_size_where_there_is_no_path);
    RUN(clients_of_a_component);
    RUN(patches_of_a_product);
    RUN(a_patch_without_transforms_is_none);
    RUN(properties_of_a_patch);
}
