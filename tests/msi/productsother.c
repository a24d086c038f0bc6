/*
 * Products by other names: shortcuts, assemblies, package codes, users whose SIDs change, features
 * named by descriptors, and what is not done yet.
 */
#include "msitest.h"

#include <objbase.h>

/* The programs of two architectures may run at once on one registry. */
#ifdef _WIN64
#define END    "A1"
#define PEND   "1A"
#define NUMBER "1"
#else
#define END    "B1"
#define PEND   "1B"
#define NUMBER "2"
#endif
#define CODE           "{5A8C1D20-8888-2222-3333-4444555566" END "}"
#define PACKED         "02D1C8A58888222233334444555566" PEND
#define PACKAGE        "{5A8C1D20-9999-2222-3333-4444555566" END "}"
#define PACKED_PACKAGE "02D1C8A59999222233334444555566" PEND
#define NOBODY         "{5A8C1D20-9898-2222-3333-4444555566" END "}"

#define CLASSES  "Software\\Classes\\Installer\\"
#define CURRENT  "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"
#define OLD_USER "S-1-5-21-7-7-7-10" NUMBER
#define NEW_USER "S-1-5-21-8-8-8-10" NUMBER

UINT WINAPI MsiConfigureFeatureFromDescriptorA(const char *, INSTALLSTATE);
UINT WINAPI MsiConfigureFeatureFromDescriptorW(const WCHAR *, INSTALLSTATE);
UINT WINAPI MsiReinstallFeatureFromDescriptorA(const char *, DWORD);
UINT WINAPI MsiDeleteUserDataA(const char *, const char *, void *);
UINT WINAPI MsiDeleteUserDataW(const WCHAR *, const WCHAR *, void *);
UINT WINAPI MsiGetProductCodeFromPackageCodeA(const char *, char *);
UINT WINAPI MsiGetProductCodeFromPackageCodeW(const WCHAR *, WCHAR *);
UINT WINAPI MsiInvalidateFeatureCache(void);
UINT WINAPI Migrate10CachedPackagesA(const char *, const char *, const char *, DWORD);
UINT WINAPI QueryInstanceCount(void);

/* --- the registry -------------------------------------------------------------------------------
 */

static void put(const char *path, const char *name, DWORD type, const void *data, DWORD size)
{
    HKEY key;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL,
                        &key, NULL),
       "create %s\n", path);
    RegSetValueExA(key, name, 0, type, data, size);
    RegCloseKey(key);
}

static void text(const char *path, const char *name, const char *value)
{
    put(path, name, REG_SZ, value, (DWORD)strlen(value) + 1);
}

static void drop(const char *path)
{
    HKEY key;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &key))
        return;
    RegDeleteTreeA(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, 0);
}

static BOOL has(const char *path, const char *name, const char *value)
{
    char buf[64] = "";
    DWORD size = sizeof(buf);
    HKEY key;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, &key))
        return FALSE;
    RegQueryValueExA(key, name, NULL, NULL, (BYTE *)buf, &size);
    RegCloseKey(key);
    return !value || !strcmp(buf, value);
}

static void advertise(void)
{
    text(CLASSES "Products\\" PACKED, "ProductName", "Lamp");
    text(CLASSES "Products\\" PACKED, "PackageCode", PACKED_PACKAGE);
    text(CLASSES "Features\\" PACKED, "Main", "");
}

static void clean(void)
{
    drop(CLASSES "Products\\" PACKED);
    drop(CLASSES "Features\\" PACKED);
    drop(CURRENT "UserData\\S-1-5-18\\Products\\" PACKED);
    drop(CURRENT "UserData\\S-1-5-18\\Components\\" PACKED);
}

/* --- shortcuts ----------------------------------------------------------------------------------
 */

#define DESCRIPTOR "yh1BVN)8A$!!!!!MKKSkFeat>yh1BVN)8A$!!!!!MKKSk"
#define OF_CODE    "{90150000-006E-0409-0000-0000000FF1CE}"

struct lnk {
    BYTE bytes[2048];
    DWORD size;
};

static void add(struct lnk *l, const void *data, DWORD n)
{
    memcpy(l->bytes + l->size, data, n);
    l->size += n;
}

static void add_number(struct lnk *l, DWORD value, DWORD bytes)
{
    add(l, &value, bytes);
}

/* A header with these flags, what they announce, and a block with the descriptor in one form. */
static void make_shortcut(const char *name, DWORD flags, const char *descriptor, BOOL wide)
{
    static const BYTE class[] = {1, 0x14, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
    static const BYTE zeros[0x400];
    struct lnk l = {.size = 0};
    WCHAR chars[260] = {0};

    add_number(&l, 76, 4);
    add(&l, class, sizeof(class));
    add_number(&l, flags, 4);
    add(&l, zeros, 76 - 24);
    if (flags & 1) {
        add_number(&l, 4, 2);
        add(&l, zeros, 4);
    }
    if (flags & 2) {
        add_number(&l, 12, 4);
        add(&l, zeros, 8);
    }
    if (flags & 4) {
        add_number(&l, 3, 2);
        add(&l, "a\0b\0c\0", flags & 0x80 ? 6 : 3);
    }
    add_number(&l, 16, 4); /* a block of another kind: a special folder */
    add_number(&l, 0xa0000005, 4);
    add(&l, zeros, 8);
    add_number(&l, 0x314, 4);
    add_number(&l, 0xa0000006, 4);
    if (descriptor)
        MultiByteToWideChar(CP_ACP, 0, descriptor, -1, chars, 259);
    add(&l, descriptor && !wide ? descriptor : (const char *)zeros,
        descriptor && !wide ? (DWORD)strlen(descriptor) : 0);
    add(&l, zeros, 260 - (descriptor && !wide ? (DWORD)strlen(descriptor) : 0));
    add(&l, wide ? (const void *)chars : zeros, 520);
    add_number(&l, 0, 4);
    write_file(name, l.bytes, l.size);
}

static const char *full(const char *name)
{
    static char path[MAX_PATH];

    GetFullPathNameA(name, sizeof(path), path, NULL);
    return path;
}

static void an_advertised_shortcut(void)
{
    static const DWORD flags[] = {0x1000, 0x1001, 0x1002, 0x1083, 0x1007, 0x1087};
    char product[39], feature[39], component[39];
    WCHAR wide[39], path[MAX_PATH];

    for (size_t i = 0; i < ARRAYSIZE(flags); i++)
        for (int form = 0; form < 2; form++) {
            UINT err;

            product[0] = feature[0] = component[0] = 0;
            make_shortcut("a.lnk", flags[i], DESCRIPTOR, form);
            err = MsiGetShortcutTargetA(full("a.lnk"), product, feature, component);
            differs("MsiGetShortcutTarget, by Wine's own reader of shortcuts")
                ok(!err && !strcmp(product, OF_CODE) && !strcmp(feature, "Feat") &&
                       !strcmp(component, OF_CODE),
                   "%lx %d: %u %s %s %s\n", flags[i], form, err, product, feature, component);
        }
    GetFullPathNameW(L"a.lnk", MAX_PATH, path, NULL);
    differs("MsiGetShortcutTarget, by Wine's own reader of shortcuts")
        ok(!MsiGetShortcutTargetW(path, wide, NULL, NULL) && !lstrcmpW(wide, L"" OF_CODE), "W\n");
    DeleteFileA("a.lnk");
}

static void what_is_no_advertised_shortcut(void)
{
    char product[39] = "x";

    make_shortcut("b.lnk", 0x80, DESCRIPTOR, TRUE);
    ok(MsiGetShortcutTargetA(full("b.lnk"), product, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "without the flag\n");
    make_shortcut("b.lnk", 0x1080, "nonsense", TRUE);
    ok(MsiGetShortcutTargetA(full("b.lnk"), product, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "no descriptor\n");
    make_shortcut("b.lnk", 0x1080, NULL, TRUE);
    ok(MsiGetShortcutTargetA(full("b.lnk"), product, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "an empty one\n");
    write_file("b.lnk", "L\0\0\0", 4);
    ok(MsiGetShortcutTargetA(full("b.lnk"), product, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "cut short\n");
    ok(MsiGetShortcutTargetA("nofile.lnk", product, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "no file\n");
    differs("MsiGetShortcutTarget")
        ok(MsiGetShortcutTargetA(NULL, product, NULL, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(!strcmp(product, "x"), "%s\n", product);
    DeleteFileA("b.lnk");
}

/* --- assemblies ---------------------------------------------------------------------------------
 */

#define ASSEMBLY "lamp.core,version=\"1.0.0.0\",end=\"" END "\""
/* What stands for CODE and for the component PACKAGE, from the registry of a product. */
static char descriptor[80];

static DWORD value85(const BYTE *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (DWORD)bytes[3] << 24;
}

static void encode(char *to, const char *guid)
{
    static const char digits[] = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                                 "abcdefghijklmnopqrstuvwxyz{}~";
    WCHAR wide[39];
    GUID id;

    MultiByteToWideChar(CP_ACP, 0, guid, -1, wide, 39);
    CLSIDFromString(wide, &id);
    for (int i = 0; i < 4; i++) {
        DWORD n = value85((const BYTE *)&id + 4 * i);

        for (int k = 0; k < 5; k++, n /= 85)
            *to++ = digits[n % 85];
    }
    *to = 0;
}

static void register_assembly(const char *below)
{
    char list[100] = {0}, path[200];

    encode(descriptor, CODE);
    strcat(descriptor, "Main>");
    encode(descriptor + strlen(descriptor), PACKAGE);
    memcpy(list, descriptor, strlen(descriptor));
    snprintf(path, sizeof(path), CLASSES "%s", below);
    put(path, ASSEMBLY, REG_MULTI_SZ, list, (DWORD)strlen(list) + 2);
}

static void assemblies_that_are_there(void)
{
    char codes[60], path[MAX_PATH] = "", key[300];
    DWORD size = sizeof(path);
    UINT err;

    advertise();
    register_assembly("Assemblies\\Global");
    encode(codes, PACKAGE);
    strcat(codes, "\2");
    text(CURRENT "UserData\\S-1-5-18\\Products\\" PACKED "\\Features", "Main", codes);
    write_file("core.dll", "x", 1);
    text(CURRENT "UserData\\S-1-5-18\\Components\\" PACKED_PACKAGE, PACKED, full("core.dll"));
    err = MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_EXISTING, 0, path, &size);
    ok(!err && !strcmp(path, full("core.dll")) && size == strlen(path), "%u %s\n", err, path);
    size = sizeof(path);
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_EXISTING, 1, path, &size) ==
           ERROR_UNKNOWN_COMPONENT,
       "of the other kind\n");
    DeleteFileA("core.dll");
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_EXISTING, 0, NULL, NULL) ==
           ERROR_FILE_NOT_FOUND,
       "the file is gone\n");
    ok(!MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_NODETECTION, 0, NULL, NULL),
       "without a look\n");
    ok(!MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_NODETECTION_ANY, 0, NULL, NULL),
       "of any\n");
    size = 3;
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, (DWORD)INSTALLMODE_NODETECTION, 0, path, &size) ==
               ERROR_MORE_DATA &&
           size == strlen(full("core.dll")),
       "%lu\n", size);
    drop(CLASSES "Assemblies\\Global");
    register_assembly("Win32Assemblies\\C:|app|lamp.exe");
    ok(!MsiProvideAssemblyA(ASSEMBLY, "C:\\app\\lamp.exe", (DWORD)INSTALLMODE_NODETECTION, 1, NULL,
                            NULL),
       "an application's own\n");
    ok(MsiProvideAssemblyA(ASSEMBLY, "C:\\app\\other.exe", (DWORD)INSTALLMODE_NODETECTION, 1, NULL,
                           NULL) == ERROR_UNKNOWN_COMPONENT,
       "another's\n");
    drop(CLASSES "Win32Assemblies\\C:|app|lamp.exe");
    snprintf(key, sizeof(key), CURRENT "UserData\\S-1-5-18\\Components\\%s", PACKED_PACKAGE);
    drop(key);
    clean();
}

static void assemblies_that_are_not(void)
{
    char path[MAX_PATH];
    DWORD size = sizeof(path), junk = 7;

    ok(MsiProvideAssemblyA(NULL, NULL, 0, 0, path, &size) == ERROR_INVALID_PARAMETER, "no name\n");
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, 0, 2, path, &size) == ERROR_INVALID_PARAMETER,
       "no such kind\n");
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, 0, 0, path, NULL) == ERROR_INVALID_PARAMETER,
       "no size\n");
    ok(MsiProvideAssemblyW(L"" ASSEMBLY, NULL, 0, 0, NULL, NULL) == ERROR_UNKNOWN_COMPONENT,
       "unknown\n");
    put(CLASSES "Assemblies\\Global", ASSEMBLY, REG_DWORD, &junk, 4);
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, 0, 0, NULL, NULL) == ERROR_BAD_CONFIGURATION,
       "a number\n");
    put(CLASSES "Assemblies\\Global", ASSEMBLY, REG_MULTI_SZ, "nonsense\0", 10);
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, 0, 0, NULL, NULL) == ERROR_BAD_CONFIGURATION,
       "no descriptor\n");
    register_assembly("Assemblies\\Global");
    ok(MsiProvideAssemblyA(ASSEMBLY, NULL, 0, 0, NULL, NULL) == ERROR_UNKNOWN_PRODUCT,
       "of a product that is gone\n");
    drop(CLASSES "Assemblies\\Global");
}

/* --- package codes, descriptors -----------------------------------------------------------------
 */

static void a_product_by_its_package(void)
{
    char code[39] = "x";
    WCHAR wide[39];

    advertise();
    ok(!MsiGetProductCodeFromPackageCodeA(PACKAGE, code) && !strcmp(code, CODE), "%s\n", code);
    ok(!MsiGetProductCodeFromPackageCodeW(L"" PACKAGE, wide) && !lstrcmpW(wide, L"" CODE), "W\n");
    ok(MsiGetProductCodeFromPackageCodeA(NOBODY, code) == ERROR_UNKNOWN_PRODUCT, "nobody's\n");
    ok(MsiGetProductCodeFromPackageCodeA("x", code) == ERROR_INVALID_PARAMETER, "no code\n");
    ok(MsiGetProductCodeFromPackageCodeA(PACKAGE, NULL) == ERROR_INVALID_PARAMETER, "no buffer\n");
    clean();
}

static void features_by_descriptors(void)
{
    ok(MsiConfigureFeatureFromDescriptorA(NULL, INSTALLSTATE_LOCAL) == ERROR_INVALID_PARAMETER,
       "NULL\n");
    ok(MsiConfigureFeatureFromDescriptorA("nonsense", INSTALLSTATE_LOCAL) ==
           ERROR_INVALID_PARAMETER,
       "none\n");
    ok(MsiConfigureFeatureFromDescriptorW(L"" DESCRIPTOR, INSTALLSTATE_LOCAL) ==
           ERROR_UNKNOWN_PRODUCT,
       "unknown\n");
    ok(MsiReinstallFeatureFromDescriptorA(NULL, 1) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiReinstallFeatureFromDescriptorA(DESCRIPTOR, REINSTALLMODE_REPAIR) ==
           ERROR_UNKNOWN_PRODUCT,
       "unknown\n");
}

/* --- users --------------------------------------------------------------------------------------
 */

static void a_user_s_sid_changes(void)
{
    drop(CURRENT "UserData\\" NEW_USER);
    text(CURRENT "UserData\\" OLD_USER "\\Products\\" PACKED "\\InstallProperties", "DisplayName",
         "Lamp");
    text(CURRENT "Managed\\" OLD_USER "\\Installer\\Products\\" PACKED, "ProductName", "Lamp");
    ok(!MsiNotifySidChangeA(OLD_USER, NEW_USER), "change\n");
    ok(has(CURRENT "UserData\\" NEW_USER "\\Products\\" PACKED "\\InstallProperties", "DisplayName",
           "Lamp"),
       "it is the new one's\n");
    ok(has(CURRENT "Managed\\" NEW_USER "\\Installer\\Products\\" PACKED, "ProductName", "Lamp"),
       "managed\n");
    ok(!has(CURRENT "UserData\\" OLD_USER, "", NULL), "the old one has nothing\n");
    ok(!MsiNotifySidChangeW(L"" OLD_USER, L"" NEW_USER), "nothing to change\n");
    ok(!MsiDeleteUserDataA(NEW_USER, NULL, NULL), "delete\n");
    ok(!has(CURRENT "UserData\\" NEW_USER, "", NULL), "deleted\n");
    ok(!has(CURRENT "Managed\\" NEW_USER, "", NULL), "managed, deleted\n");
}

static void what_is_no_user_s_sid(void)
{
    static const char *const wrong[] = {"",         "S",           "S-1-5-18",
                                        "S-1-1-0",  "S-1-5-21-7-", "S-1-5--21",
                                        "S-1-5\\x", "..",          "S-1-5-21\\..\\S-1-5-18"};

    ok(MsiNotifySidChangeA(NULL, NEW_USER) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiNotifySidChangeA(OLD_USER, NULL) == ERROR_INVALID_PARAMETER, "to NULL\n");
    for (size_t i = 0; i < ARRAYSIZE(wrong); i++) {
        ok(MsiNotifySidChangeA(wrong[i], NEW_USER) == ERROR_INVALID_PARAMETER, "%s\n", wrong[i]);
        ok(MsiDeleteUserDataA(wrong[i], NULL, NULL) == ERROR_INVALID_PARAMETER, "%s\n", wrong[i]);
    }
    ok(MsiDeleteUserDataW(NULL, NULL, NULL) == ERROR_INVALID_PARAMETER, "delete NULL\n");
    ok(MsiDeleteUserDataA(OLD_USER, "elsewhere", NULL) == ERROR_CALL_NOT_IMPLEMENTED,
       "another machine\n");
}

/* --- the rest -----------------------------------------------------------------------------------
 */

/* An enumeration under way sees what has changed after it. */
static void what_is_kept_is_forgotten(void)
{
    UINT n, found = 0;
    char code[39];

    clean();
    advertise();
    ok(!MsiEnumProductsA(0, code), "the first\n");
    text(CLASSES "Products\\" PACKED_PACKAGE, "ProductName", "Other");
    ok(!MsiInvalidateFeatureCache(), "forget\n");
    for (n = 1; !MsiEnumProductsA(n, code); n++)
        found += !strcmp(code, PACKAGE);
    ok(found == 1, "it is not seen\n");
    drop(CLASSES "Products\\" PACKED_PACKAGE);
    clean();
}

/* The index begins with 0 and goes up by one. */
static void an_index_that_nobody_can_ask_next_is_refused(void)
{
    MSIINSTALLCONTEXT context;
    char code[39];

    clean();
    advertise();
    ok(!MsiEnumProductsA(0, code), "the first\n");
    ok(MsiEnumProductsA(5000, code) == ERROR_INVALID_PARAMETER, "products\n");
    ok(!MsiEnumProductsExA(NULL, NULL, 4, 0, code, &context, NULL, NULL), "the first\n");
    ok(MsiEnumProductsExA(NULL, NULL, 4, 5000, code, &context, NULL, NULL) ==
           ERROR_INVALID_PARAMETER,
       "products of the machine\n");
    MsiEnumComponentsA(0, code);
    ok(MsiEnumComponentsA(5000, code) == ERROR_INVALID_PARAMETER, "components\n");
    ok(!MsiEnumProductsA(0, code), "from the start\n");
    clean();
}

static DWORD WINAPI second_product(void *code)
{
    return MsiEnumProductsA(1, code);
}

/* Whose language runs its tasks in any thread asks the next one from another. */
static void an_enumeration_goes_on_in_another_thread(void)
{
    DWORD err = 1;
    HANDLE thread;
    char code[39];

    clean();
    advertise();
    text(CLASSES "Products\\" PACKED_PACKAGE, "ProductName", "Other");
    ok(!MsiEnumProductsA(0, code), "the first\n");
    thread = CreateThread(NULL, 0, second_product, code, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &err);
    CloseHandle(thread);
    ok(!err, "the second: error %lu\n", err);
    drop(CLASSES "Products\\" PACKED_PACKAGE);
    clean();
}

static void what_is_missing(void)
{
    ok(MsiInstallMissingFileA(NULL, "f") == ERROR_INVALID_PARAMETER, "no product\n");
    ok(MsiInstallMissingFileA(NOBODY, NULL) == ERROR_INVALID_PARAMETER, "no file\n");
    ok(MsiInstallMissingFileA(NOBODY, "f") == ERROR_UNKNOWN_PRODUCT, "unknown\n");
    ok(MsiInstallMissingComponentA(NOBODY, "x", INSTALLSTATE_LOCAL) == ERROR_INVALID_PARAMETER,
       "no component\n");
    ok(MsiInstallMissingComponentW(L"" NOBODY, L"" CODE, INSTALLSTATE_LOCAL) ==
           ERROR_UNKNOWN_PRODUCT,
       "unknown\n");
    ok(MsiCollectUserInfoA("x") == ERROR_INVALID_PARAMETER, "no product\n");
    ok(MsiCollectUserInfoW(L"" NOBODY) == ERROR_UNKNOWN_PRODUCT, "unknown\n");
}

static void what_is_not_done_says_so(void)
{
    char name[8];
    DWORD size = sizeof(name);

    ok(Migrate10CachedPackagesA(NULL, NULL, NULL, 0) == ERROR_CALL_NOT_IMPLEMENTED, "packages\n");
    ok(QueryInstanceCount() == ERROR_CALL_NOT_IMPLEMENTED, "instances\n");
    ok(MsiGetProductInfoFromScriptA(NULL, NULL, NULL, NULL, name, &size, NULL, NULL) ==
           ERROR_INVALID_PARAMETER,
       "no script\n");
    ok(MsiGetProductInfoFromScriptA("no.aas", NULL, NULL, NULL, name, &size, NULL, NULL) ==
           ERROR_INSTALL_FAILURE,
       "a script that is not there\n");
    ok(MsiProcessAdvertiseScriptA(NULL, NULL, NULL, FALSE, FALSE) == ERROR_INVALID_PARAMETER,
       "no script\n");
}

START_TEST(productsother)
{
    test_dll("msi");
    CoInitialize(NULL); /* Wine's reads shortcuts by the shell's object */
    RUN(an_advertised_shortcut);
    RUN(what_is_no_advertised_shortcut);
    if (test_builtin_dlls) {
        win_skip("these end the process there\n");
        return;
    }
    RUN(assemblies_that_are_there);
    RUN(assemblies_that_are_not);
    RUN(a_product_by_its_package);
    RUN(features_by_descriptors);
    RUN(a_user_s_sid_changes);
    RUN(what_is_no_user_s_sid);
    RUN(an_index_that_nobody_can_ask_next_is_refused);
    RUN(an_enumeration_goes_on_in_another_thread);
    RUN(what_is_kept_is_forgotten);
    RUN(what_is_missing);
    RUN(what_is_not_done_says_so);
}
