/*
 * The installer's functions without an installer: wrong arguments, products that the registry tells
 * of, and what needs no installer at all.
 */
#include "msitest.h"

/* The programs of two architectures may run at once on one registry. */
#ifdef _WIN64
#define GUID_A   "{12345678-1234-1234-1234-123456789012}"
#define PACKED_A "87654321432143212143214365870921"
#else
#define GUID_A   "{12345678-1234-1234-1234-123456789013}"
#define PACKED_A "87654321432143212143214365870931"
#endif
#define OTHER    "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"
#define PRODUCTS "Software\\Classes\\Installer\\Products\\"
#define ALL_DATA "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\"
#define USERDATA ALL_DATA "S-1-5-18\\Products\\"
#define ANOTHERS ALL_DATA "S-1-5-21-1-2-3-1001\\Products\\"

UINT WINAPI MsiDecomposeDescriptorA(const char *, char *, char *, char *, DWORD *);
UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *, WCHAR *, WCHAR *, WCHAR *, DWORD *);

/* --- arguments ----------------------------------------------------------------------------------
 */

static void product_codes_are_guids(void)
{
    ok(MsiConfigureProductA(NULL, 0, INSTALLSTATE_ABSENT) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiConfigureProductA("", 0, INSTALLSTATE_ABSENT) == ERROR_INVALID_PARAMETER, "empty\n");
    ok(MsiConfigureProductA("{1}", 0, INSTALLSTATE_ABSENT) == ERROR_INVALID_PARAMETER, "short\n");
    ok(MsiConfigureProductA(OTHER "x", 0, INSTALLSTATE_ABSENT) == ERROR_INVALID_PARAMETER,
       "long\n");
    ok(MsiConfigureProductW(L"{1}", 0, INSTALLSTATE_ABSENT) == ERROR_INVALID_PARAMETER, "W\n");
    ok(MsiQueryProductStateA(NULL) == INSTALLSTATE_INVALIDARG, "state of NULL\n");
    ok(MsiQueryProductStateA("{1}") == INSTALLSTATE_INVALIDARG, "state of no GUID\n");
    ok(MsiQueryFeatureStateA(NULL, "f") == INSTALLSTATE_INVALIDARG, "feature of NULL\n");
    ok(MsiQueryFeatureStateA(OTHER, NULL) == INSTALLSTATE_INVALIDARG, "no feature\n");
    ok(MsiUseFeatureA("{1}", "f") == INSTALLSTATE_INVALIDARG, "use of no GUID\n");
}

/* Of a number in a wide place only the lower half counts. */
static void a_reserved_zero_is_of_32_bits(void)
{
#ifdef _WIN64
    INSTALLSTATE(WINAPI * use)
    (const char *, const char *, DWORD, ULONG_PTR) = (void *)MsiUseFeatureExA;

    ok(use(OTHER, "f", 0, (ULONG_PTR)1 << 32) == INSTALLSTATE_UNKNOWN, "what is above it counts\n");
    ok(use(OTHER, "f", 0, 1) == INSTALLSTATE_INVALIDARG, "1 is taken for 0\n");
#else
    skip("places are of 32 bits here\n");
#endif
}

/* What is no text is not read as one, whatever number it is. */
static void numbers_are_not_followed(void)
{
    char buf[64];
    DWORD size = sizeof(buf);

    ok(MsiEnumComponentsA(5, buf) != ERROR_SUCCESS, "the sixth component\n");
    ok(MsiEnumPatchesExA(OTHER, NULL, MSIINSTALLCONTEXT_MACHINE, MSIPATCHSTATE_ALL, 7, NULL, NULL,
                         NULL, buf, &size) != ERROR_SUCCESS,
       "the eighth patch\n");
    ok(MsiUseFeatureExA(OTHER, "f", 0x1234, 0) == INSTALLSTATE_UNKNOWN, "a mode\n");
}

static void unknown_products_are_told(void)
{
    DWORD size = 0, index = 0;
    char buf[64];

    ok(MsiConfigureProductA(OTHER, 0, INSTALLSTATE_ABSENT) == ERROR_UNKNOWN_PRODUCT,
       "MsiConfigureProduct\n");
    ok(MsiConfigureProductExW(L"" OTHER, 0, INSTALLSTATE_ABSENT, NULL) == ERROR_UNKNOWN_PRODUCT,
       "MsiConfigureProductEx\n");
    ok(MsiReinstallProductA(OTHER, REINSTALLMODE_REPAIR) == ERROR_UNKNOWN_PRODUCT,
       "MsiReinstallProduct\n");
    ok(MsiSourceListEnumSourcesA(OTHER, NULL, MSIINSTALLCONTEXT_MACHINE,
                                 MSICODE_PRODUCT | MSISOURCETYPE_NETWORK, index, NULL,
                                 &size) == ERROR_UNKNOWN_PRODUCT,
       "MsiSourceListEnumSources\n");
    ok(MsiGetProductCodeA(OTHER, buf) == ERROR_UNKNOWN_COMPONENT, "MsiGetProductCode\n");
    ok(MsiQueryProductStateA(OTHER) == INSTALLSTATE_UNKNOWN, "MsiQueryProductState\n");
    ok(MsiQueryFeatureStateA(OTHER, "f") == INSTALLSTATE_UNKNOWN, "MsiQueryFeatureState\n");
    ok(MsiUseFeatureA(OTHER, "f") == INSTALLSTATE_UNKNOWN, "MsiUseFeature\n");
}

static void a_buffer_needs_its_size(void)
{
    char buf[64];
    DWORD size = sizeof(buf);

    ok(MsiGetProductInfoA(OTHER, "ProductName", buf, NULL) == ERROR_INVALID_PARAMETER, "info\n");
    ok(MsiLocateComponentA(OTHER, buf, NULL) == INSTALLSTATE_INVALIDARG, "locate\n");
    ok(MsiGetComponentPathA(OTHER, GUID_A, buf, NULL) == INSTALLSTATE_INVALIDARG, "path\n");
    ok(MsiGetComponentPathA(OTHER, NULL, buf, &size) == INSTALLSTATE_INVALIDARG, "component\n");
    ok(MsiGetUserInfoA(OTHER, buf, NULL, NULL, NULL, NULL, NULL) == USERINFOSTATE_INVALIDARG,
       "user\n");
    ok(MsiEnumProductsA(0, NULL) == ERROR_INVALID_PARAMETER, "products\n");
}

static void contexts_are_one_and_known(void)
{
    DWORD size = 0;

    ok(MsiGetProductInfoExA(OTHER, NULL, 0, "ProductName", NULL, &size) == ERROR_INVALID_PARAMETER,
       "0\n");
    ok(MsiGetProductInfoExA(OTHER, NULL, 3, "ProductName", NULL, &size) == ERROR_INVALID_PARAMETER,
       "two\n");
    ok(MsiGetProductInfoExA(OTHER, "S-1-5-18", MSIINSTALLCONTEXT_MACHINE, "ProductName", NULL,
                            &size) == ERROR_INVALID_PARAMETER,
       "a user and the machine\n");
    ok(MsiGetProductInfoExA(OTHER, NULL, MSIINSTALLCONTEXT_MACHINE, "ProductName", NULL, &size) ==
           ERROR_UNKNOWN_PRODUCT,
       "the machine\n");
    differs("MsiEnumProductsEx")
        ok(MsiEnumProductsExA(NULL, NULL, 8, 0, NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER,
           "unknown\n");
}

static void what_is_reserved_is_0(void)
{
    char buf[64];

    differs("MsiEnumRelatedProducts")
        ok(MsiEnumRelatedProductsA(OTHER, 1, 0, buf) == ERROR_INVALID_PARAMETER, "related\n");
    ok(MsiUseFeatureExA(OTHER, "f", INSTALLMODE_DEFAULT, 1) == INSTALLSTATE_INVALIDARG, "use\n");
    ok(MsiInstallProductA(NULL, NULL) == ERROR_INVALID_PARAMETER, "install nothing\n");
    ok(MsiApplyPatchA(NULL, NULL, INSTALLTYPE_DEFAULT, NULL) == ERROR_INVALID_PARAMETER,
       "apply nothing\n");
}

/* --- products -----------------------------------------------------------------------------------
 */

static void set_value(const char *path, const char *name, const char *text)
{
    HKEY key;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL,
                        &key, NULL),
       "create %s\n", path);
    if (name && text)
        RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)strlen(text) + 1);
    else if (name)
        RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&(DWORD){1}, 4);
    RegCloseKey(key);
}

static void drop_key(const char *path)
{
    LONG err = RegDeleteKeyExA(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, 0);

    ok(!err || err == ERROR_FILE_NOT_FOUND, "%s: error %ld\n", path, err);
}

static void advertise(void)
{
    set_value(PRODUCTS PACKED_A, "ProductName", "The Product");
    set_value(PRODUCTS PACKED_A, "PackageCode", PACKED_A);
    set_value(PRODUCTS PACKED_A "\\SourceList", "PackageName", "product.msi");
}

static void install(void)
{
    set_value(USERDATA PACKED_A "\\InstallProperties", "WindowsInstaller", NULL);
    set_value(USERDATA PACKED_A "\\InstallProperties", "DisplayVersion", "1.2.3");
}

static void drop_all(void)
{
    drop_key(PRODUCTS PACKED_A "\\SourceList");
    drop_key(PRODUCTS PACKED_A);
    drop_key(USERDATA PACKED_A "\\InstallProperties");
    drop_key(USERDATA PACKED_A);
    drop_key(ANOTHERS PACKED_A "\\InstallProperties");
    drop_key(ANOTHERS PACKED_A);
}

static const char *info(const char *property)
{
    static char text[64];
    DWORD size = sizeof(text);
    UINT err = MsiGetProductInfoA(GUID_A, property, text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

static void the_state_of_a_product(void)
{
    advertise();
    ok(MsiQueryProductStateA(GUID_A) == INSTALLSTATE_ADVERTISED, "advertised: %d\n",
       MsiQueryProductStateA(GUID_A));
    install();
    ok(MsiQueryProductStateA(GUID_A) == INSTALLSTATE_DEFAULT, "installed: %d\n",
       MsiQueryProductStateA(GUID_A));
    ok(MsiQueryProductStateW(L"" GUID_A) == INSTALLSTATE_DEFAULT, "W\n");
    drop_all();
    set_value(ANOTHERS PACKED_A "\\InstallProperties", "WindowsInstaller", NULL);
    differs("MsiQueryProductState") ok(MsiQueryProductStateA(GUID_A) == INSTALLSTATE_ABSENT,
                                       "for others: %d\n", MsiQueryProductStateA(GUID_A));
    drop_all();
    ok(MsiQueryProductStateA(GUID_A) == INSTALLSTATE_UNKNOWN, "gone: %d\n",
       MsiQueryProductStateA(GUID_A));
}

static void products_are_enumerated(void)
{
    WCHAR wide[39];
    char code[39];
    UINT n = 0, seen = 0;

    advertise();
    while (!MsiEnumProductsA(n, code) && n < 100) {
        seen += !strcmp(code, GUID_A);
        n++;
    }
    ok(seen == 1, "seen %u times\n", seen);
    ok(MsiEnumProductsA(n, code) == ERROR_NO_MORE_ITEMS, "the end\n");
    ok(!MsiEnumProductsW(0, wide) && wide[37] == '}' && !wide[38], "W\n");
    drop_all();
}

static void the_properties_of_an_advertised_product(void)
{
    advertise();
    ok(!strcmp(info("ProductName"), "The Product"), "name %s\n", info("ProductName"));
    ok(!strcmp(info("PackageName"), "product.msi"), "package %s\n", info("PackageName"));
    ok(!strcmp(info("PackageCode"), GUID_A), "code %s\n", info("PackageCode"));
    ok(!strcmp(info("Language"), ""), "not set %s\n", info("Language"));
    ok(!strcmp(info("VersionString"), "error 1608"), "of an installed one %s\n",
       info("VersionString"));
    ok(!strcmp(info("Nonsense"), "error 1608"), "none %s\n", info("Nonsense"));
    drop_all();
}

static void the_properties_of_an_installed_product(void)
{
    char text[4];
    DWORD size = 3;

    advertise();
    install();
    ok(!strcmp(info("VersionString"), "1.2.3"), "version %s\n", info("VersionString"));
    ok(MsiGetProductInfoA(GUID_A, "VersionString", text, &size) == ERROR_MORE_DATA && size == 5,
       "short buffer: %lu\n", size);
    ok(!MsiGetProductInfoA(GUID_A, "VersionString", NULL, NULL), "is it there\n");
    drop_all();
    ok(!strcmp(info("VersionString"), "error 1605"), "gone: %s\n", info("VersionString"));
}

/* --- without an installer -----------------------------------------------------------------------
 */

#define CODE    "yh1BVN)8A$!!!!!MKKSk"
#define OF_CODE "{90150000-006E-0409-0000-0000000FF1CE}"

static void a_descriptor_has_parts(void)
{
    char product[39], feature[39], component[39];
    WCHAR wide[39];
    DWORD used = 0;

    ok(!MsiDecomposeDescriptorA(CODE "Feat>" CODE "args", product, feature, component, &used),
       "decompose\n");
    ok(!strcmp(product, OF_CODE) && !strcmp(feature, "Feat") && !strcmp(component, OF_CODE),
       "%s %s %s\n", product, feature, component);
    ok(used == 45, "used %lu\n", used);
    ok(!MsiDecomposeDescriptorA("89=?@ABCDEFGHIJKLMNOF<", product, feature, component, &used),
       "without a component\n");
    ok(!strcmp(product, "{4B866BD6-6CB7-5B44-986D-026B796EC07A}") && !component[0] && used == 22,
       "%s, used %lu\n", product, used);
    ok(!MsiDecomposeDescriptorW(L"" CODE "<", wide, NULL, NULL, NULL) && wide[37] == '}', "W\n");
}

static void what_is_no_descriptor(void)
{
    static const char *const wrong[] = {"",
                                        "short",
                                        CODE,
                                        CODE "Feat",
                                        CODE "Feat>short",
                                        "yh1BVN)8A$!!!!!MKK;kFeat<",
                                        CODE "0123456789012345678901234567890123456789<"};

    ok(MsiDecomposeDescriptorA(NULL, NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    for (size_t i = 0; i < ARRAYSIZE(wrong); i++)
        ok(MsiDecomposeDescriptorA(wrong[i], NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER,
           "%s\n", wrong[i]);
}

static void a_package_is_verified(void)
{
    const char *name = new_name(), *junk = new_name();
    MSIHANDLE db = create(name);

    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiVerifyPackageA(name), "a package\n");
    write_file(junk, "hello", 5);
    differs("MsiVerifyPackage") ok(MsiVerifyPackageA(junk) == ERROR_INSTALL_PACKAGE_INVALID,
                                   "no package: %u\n", MsiVerifyPackageA(junk));
    differs("MsiVerifyPackage")
        ok(MsiVerifyPackageA("nofile.msi") == ERROR_INSTALL_PACKAGE_OPEN_FAILED, "no file\n");
    differs("MsiVerifyPackage") ok(MsiVerifyPackageA(NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    DeleteFileA(name);
    DeleteFileA(junk);
}

static void a_file_without_a_signature(void)
{
    const CERT_CONTEXT *cert = (const CERT_CONTEXT *)5;
    BYTE hash[64];
    HRESULT hr;

    write_file("plain.txt", "text", 4);
    ok(MsiGetFileSignatureInformationA(NULL, 0, &cert, NULL, NULL) == E_INVALIDARG, "no path\n");
    ok(MsiGetFileSignatureInformationA("plain.txt", 0, NULL, NULL, NULL) == E_INVALIDARG,
       "no place for it\n");
    differs("MsiGetFileSignatureInformation")
        ok(MsiGetFileSignatureInformationA("plain.txt", 0, &cert, hash, NULL) == E_INVALIDARG,
           "no size\n");
    hr = MsiGetFileSignatureInformationA("plain.txt", 0, &cert, NULL, NULL);
    differs("MsiGetFileSignatureInformation, of a text")
        ok(hr == HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED) && !cert, "%lx\n", (unsigned long)hr);
    hr = MsiGetFileSignatureInformationA("nofile.txt", 0, &cert, NULL, NULL);
    differs("MsiGetFileSignatureInformation, of no file")
        ok(hr == CRYPT_E_FILE_ERROR && !cert, "no file: %lx\n", (unsigned long)hr);
    DeleteFileA("plain.txt");
}

START_TEST(installer)
{
    test_dll("msi");
    wait_for_turn();
    RUN(product_codes_are_guids);
    RUN(a_reserved_zero_is_of_32_bits);
    RUN(numbers_are_not_followed);
    RUN(unknown_products_are_told);
    RUN(a_buffer_needs_its_size);
    RUN(contexts_are_one_and_known);
    RUN(what_is_reserved_is_0);
    RUN(the_state_of_a_product);
    RUN(products_are_enumerated);
    RUN(the_properties_of_an_advertised_product);
    RUN(the_properties_of_an_installed_product);
    RUN(a_descriptor_has_parts);
    RUN(what_is_no_descriptor);
    RUN(a_package_is_verified);
    RUN(a_file_without_a_signature);
}
