/*
 * What is registered of an installed product, as those find it who ask for it: all of it is there
 * after installing, and nothing after removing.
 */
#include "product_fixture.h"

#include "code85.h"
#include "components.h"
#include "prodfeatures.h"
#include "products.h"
#include "qualified.h"
#include "sources.h"
#include "target.h"

#define CODE      u"{11111111-2222-3333-4444-555555555555}"
#define PACKED    u"11111111222233334444555555555555"
#define OTHER     u"{11111111-2222-3333-4444-666666666666}"
#define COMPONENT u"{AAAAAAAA-2222-3333-4444-555555555555}"
#define CATEGORY  u"{CCCCCCCC-2222-3333-4444-555555555555}"
#define UPGRADE   u"{DDDDDDDD-2222-3333-4444-555555555555}"

static void start(void)
{
    regmem_start();
    target_start("product");
}

/* A child that is not installed, one that is disabled, and a component without a code. */
static struct database *package(void)
{
    struct database *db = inst_package();

    inst_row(db, "Property", "UpgradeCode;{DDDDDDDD-2222-3333-4444-555555555555}");
    inst_row(db, "Property", "ARPCOMMENTS;words");
    inst_row(db, "Property", "ARPNOMODIFY;1");
    inst_row(db, "Property", "ProductID;42");
    inst_row(db, "Property", "USERNAME;Somebody");
    inst_row(db, "Feature", "off;f;Title;;1;1000;INSTALLDIR;0");
    inst_row(db, "Feature", "never;;Title;;1;0;INSTALLDIR;0");
    inst_row(db, "Component", "bare;;INSTALLDIR;0;;");
    inst_row(db, "Component", "other;{BBBBBBBB-2222-3333-4444-555555555555};INSTALLDIR;0;0;");
    inst_row(db, "FeatureComponents", "f;bare");
    inst_row(db, "FeatureComponents", "f;other");
    INST_TABLE(db,
               "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255;VolumeLabel S32;"
               "Source S72",
               "1;1;Disk one;;LABEL;");
    INST_TABLE(db,
               "PublishComponent;ComponentId s38 k;Qualifier s255 k;Component_ s72 k;AppData "
               "L255;Feature_ s38",
               "{CCCCCCCC-2222-3333-4444-555555555555};q;c;text;f");
    return db;
}

static void property_is(int line, const char16_t *name, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err = product_find(CODE, &p) ? product_property(&p, name, &text) : ERROR_UNKNOWN_PRODUCT;

    ok(!err && u16_is(text, u16_len(text), want), "line %d: %s gives %u\n", line, want, err);
    if (!err)
        os_free(text);
}
#define PROPERTY(name, want) property_is(__LINE__, name, want)

static void properties_are_told(u32 context)
{
    struct product p;

    ok(product_find(CODE, &p) && p.context == context && product_installed(&p), "installed\n");
    PROPERTY(u"ProductName", "App");
    PROPERTY(u"PackageCode", "{12345678-1234-1234-1234-123456789012}");
    PROPERTY(u"Version", "16908291");
    PROPERTY(u"VersionString", "1.2.3");
    PROPERTY(u"VersionMajor", "1");
    PROPERTY(u"VersionMinor", "2");
    PROPERTY(u"Language", "1033");
    PROPERTY(u"InstalledLanguage", "1033");
    PROPERTY(u"InstalledProductName", "App");
    PROPERTY(u"Publisher", "Maker");
    PROPERTY(u"AssignmentType", context == CONTEXT_MACHINE ? "1" : "0");
    PROPERTY(u"ProductID", "42");
    PROPERTY(u"RegOwner", "Somebody");
    PROPERTY(u"HelpLink", "");
}

static void product_is_installed(void)
{
    char16_t code[GUID_CHARS + 1];

    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    properties_are_told(CONTEXT_MACHINE);
    ok(!product_at(0, code) && u16_equal(code, CODE), "listed\n");
    ok(product_at(1, code) == ERROR_NO_MORE_ITEMS, "alone\n");
    ok(!product_related_at(UPGRADE, 0, code) && u16_equal(code, CODE), "related\n");
    IS(REG_MACHINE, REG_VIEW_64,
       u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UpgradeCodes\\"
       u"DDDDDDDD222233334444555555555555",
       PACKED, "1:");
    target_end();
}

static void a_users_product_is_the_users(void)
{
    start();
    ok(!prod_run(package(), "ALLUSERS=2", "MSIINSTALLPERUSER=1"), "install\n");
    properties_are_told(CONTEXT_USER);
    target_end();
}

/* Into 1 or nothing, which conditions of the sequence see. */
static void a_context_is_settled(void)
{
    static const struct {
        const char *per_user, *want;
    } cases[] = {{"", "1"}, {"0", "1"}, {"1", ""}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct database *db;
        struct session *s;
        struct text_buf value;

        start();
        db = package();
        INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2",
                   "CostInitialize;;800");
        s = inst_open(db);
        inst_set(s, "ALLUSERS", "2");
        if (*cases[i].per_user)
            inst_set(s, "MSIINSTALLPERUSER", cases[i].per_user);
        ok(!inst_act(s, "INSTALL"), "install\n");
        tb_init(&value);
        ok(!session_get_property(s, u"ALLUSERS", 8, &value), "get\n");
        ok(u16_is(value.s ? value.s : u"", value.len, cases[i].want), "case %zu\n", i);
        tb_free(&value);
        inst_close(s);
        target_end();
    }
}

#define UNINSTALL u"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\" CODE

static void programs_are_listed_for_removal(void)
{
    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"DisplayName", "1:App");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"Comments", "1:words");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"UninstallString",
       "2:MsiExec.exe /X{11111111-2222-3333-4444-555555555555}");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"NoModify", "4:1");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"NoRepair", "none");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"WindowsInstaller", "4:1");
    IS(REG_MACHINE, REG_VIEW_64, UNINSTALL, u"LocalPackage", "none");
    target_end();
}

static void state_is(const char16_t *feature, int want)
{
    struct product p;
    int state = -100;

    ok(product_find(CODE, &p), "there\n");
    ok(!feature_state(&p, feature, &state) && state == want, "state %d\n", state);
}

static void features_are_told(void)
{
    char16_t name[REG_NAME_MAX], *parent;
    struct product p;
    int state;

    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    state_is(u"f", STATE_LOCAL);
    state_is(u"off", STATE_ABSENT);
    ok(product_find(CODE, &p) && feature_state(&p, u"never", &state) == ERROR_UNKNOWN_FEATURE,
       "a disabled one\n");
    ok(!feature_at(&p, 1, name, &parent) && u16_is(name, u16_len(name), "off") &&
           u16_is(parent, u16_len(parent), "f"),
       "its parent\n");
    os_free(parent);
    target_end();
}

static void path_is(int line, const char16_t *component, const char *want)
{
    char16_t *path = NULL;
    u32 err = component_path_in(component, CODE, NULL, CONTEXT_MACHINE, &path);

    ok(want ? !err && u16_is(path, u16_len(path), want) : err == ERROR_UNKNOWN_COMPONENT,
       "line %d: %u\n", line, err);
    if (!err)
        os_free(path);
}
#define PATH(component, want) path_is(__LINE__, component, want)

static void components_have_their_paths(void)
{
    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    PATH(COMPONENT, "C:\\Program Files (x86)\\App\\");
    PATH(u"{BBBBBBBB-2222-3333-4444-555555555555}", ""); /* disabled */
    ok(!prod_run(package(), "REINSTALL=ALL"), "again\n");
    PATH(COMPONENT, "C:\\Program Files (x86)\\App\\");
    PATH(u"{BBBBBBBB-2222-3333-4444-555555555555}", "");
    target_end();
}

static void sources_are_listed(void)
{
    struct source_owner o = {CODE, NULL, CONTEXT_MACHINE, false};
    char16_t *text, *prompt;
    u32 disk;

    start();
    ok(!prod_run(package(), "SourceDir=D:\\from\\"), "install\n");
    ok(!source_at(&o, SOURCE_NETWORK, 0, &text) && u16_is(text, u16_len(text), "D:\\from\\"),
       "folder\n");
    os_free(text);
    ok(!source_disk_at(&o, 0, &disk, &text, &prompt) && disk == 1 &&
           u16_is(text, u16_len(text), "LABEL") && u16_is(prompt, u16_len(prompt), "Disk one"),
       "disk\n");
    os_free(text);
    os_free(prompt);
    ok(!source_info(&o, u"LastUsedSource", &text) && u16_is(text, u16_len(text), "D:\\from\\"),
       "last\n");
    os_free(text);
    target_end();
}

static void qualified_components_are_found(void)
{
    struct descriptor d;

    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    ok(!qualified_find(CATEGORY, u"q", CODE, &d) && u16_equal(d.component, COMPONENT) &&
           u16_is(d.feature, u16_len(d.feature), "f"),
       "found\n");
    IS(REG_USER, REG_VIEW_64, u"Software\\Microsoft\\Installer\\Components", NULL, "no key");
    target_end();
}

static void nothing_is_left(u32 context)
{
    char16_t code[GUID_CHARS + 1];
    struct product p;
    char *all;

    ok(!product_find(CODE, &p), "unknown\n");
    ok(product_at(0, code) == ERROR_NO_MORE_ITEMS, "not listed\n");
    PATH(COMPONENT, NULL);
    all = regmem_show();
    ok(!strstr(all, "1111") && !strstr(all, "Installer"), "context %u: left\n%s", context, all);
    free(all);
}

static void all_goes_with_the_product(void)
{
    start();
    ok(!prod_run(package(), "A=1") && !prod_run(package(), "REMOVE=ALL"), "machine\n");
    nothing_is_left(CONTEXT_MACHINE);
    ok(!prod_run(package(), "ALLUSERS=") && !prod_run(package(), "ALLUSERS=", "REMOVE=ALL"),
       "user\n");
    nothing_is_left(CONTEXT_USER);
    target_end();
}

/* Where Wine's installer lists it. */
static void an_entry_for_everybody_goes_with_a_users_product(void)
{
    static const char16_t entry[] = u"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\"
                                    u"{11111111-2222-3333-4444-555555555555}";
    struct reg_key *key = NULL;

    start();
    ok(!prod_run(package(), "ALLUSERS="), "install\n");
    for (int view = REG_VIEW_64; view <= REG_VIEW_32; view += REG_VIEW_32) {
        ok(!reg_make_view(REG_MACHINE, (enum reg_view)view, entry, &key), "key\n");
        ok(!reg_set(key, u"WindowsInstaller", REG_TYPE_DWORD, "\1\0\0", 4), "value\n");
        reg_close(key);
    }
    ok(!prod_run(package(), "ALLUSERS=", "REMOVE=ALL"), "remove\n");
    IS(REG_MACHINE, REG_VIEW_64, entry, u"WindowsInstaller", "no key");
    IS(REG_MACHINE, REG_VIEW_32, entry, u"WindowsInstaller", "4:1");
    target_end();
}

/* publishproduct-action.md: "if any feature is being installed or reinstalled" */
static void a_product_of_which_nothing_comes_is_not_there(void)
{
    struct product p;

    start();
    ok(!prod_run(package(), "REMOVE=ALL"), "install nothing\n");
    nothing_is_left(CONTEXT_MACHINE);
    ok(!prod_run(package(), "INSTALLLEVEL=0", "REMOVE=f"), "nor this\n");
    ok(!product_find(u"{11111111-2222-3333-4444-555555555555}", &p), "it is there\n");
    nothing_is_left(CONTEXT_MACHINE);
    target_end();
}

/* Maintenance from a package elsewhere leaves where it came from. */
static void a_feature_comes_and_goes(void)
{
    struct source_owner o = {CODE, NULL, CONTEXT_MACHINE, false};
    char16_t *text;

    start();
    ok(!prod_run(package(), "SourceDir=D:\\from\\"), "install\n");
    ok(!prod_run(package(), "ADDLOCAL=off", "SourceDir=E:\\cache\\"), "add\n");
    state_is(u"off", STATE_LOCAL);
    state_is(u"f", STATE_LOCAL);
    ok(!source_at(&o, SOURCE_NETWORK, 0, &text) && u16_is(text, u16_len(text), "D:\\from\\"),
       "folder\n");
    os_free(text);
    ok(!prod_run(package(), "REMOVE=off"), "remove\n");
    state_is(u"off", STATE_ABSENT);
    state_is(u"f", STATE_LOCAL);
    properties_are_told(CONTEXT_MACHINE);
    target_end();
}

/* --- key paths ----------------------------------------------------------------------------------
 */

static struct database *with_key_paths(void)
{
    struct database *db = package();

    inst_row(db, "Component", "r32;{00000032-2222-3333-4444-555555555555};INSTALLDIR;4;;m");
    inst_row(db, "Component", "r64;{00000064-2222-3333-4444-555555555555};INSTALLDIR;260;;n");
    inst_row(db, "Component", "ru;{00000001-2222-3333-4444-555555555555};INSTALLDIR;4;;u");
    inst_row(db, "Component", "rc;{00000002-2222-3333-4444-555555555555};INSTALLDIR;4;;k");
    inst_row(db, "Component", "rx;{00000003-2222-3333-4444-555555555555};INSTALLDIR;4;;x");
    inst_row(db, "Component", "o;{00000004-2222-3333-4444-555555555555};INSTALLDIR;32;;ds");
    inst_row(db, "Component", "p;{00000005-2222-3333-4444-555555555555};INSTALLDIR;16;;");
    for (const char *const *c = (const char *const[]){"r32", "r64", "ru", "rc", "rx", "o", "p", 0};
         *c; c++) {
        char row[20];

        snprintf(row, sizeof(row), "f;%s", *c);
        inst_row(db, "FeatureComponents", row);
    }
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               "m;2;Software\\[ProductName];v;1;r32", "n;2;Software\\App64;v;1;r64",
               "u;1;\\Software\\U\\;;1;ru", "k;0;Doc;v;1;rc", "x;-1;Software\\X;v;1;rx");
    INST_TABLE(db,
               "ODBCDataSource;DataSource s72 k;Component_ s72;Description s255;DriverDescription "
               "s255;Registration i2",
               "ds;o;My Source;My Driver;0");
    return db;
}

static void key_paths_have_all_forms(void)
{
    char16_t *path = NULL;

    start();
    ok(!prod_run(with_key_paths(), "A=1"), "install\n");
    PATH(u"{00000032-2222-3333-4444-555555555555}", "02:\\Software\\App\\v");
    PATH(u"{00000064-2222-3333-4444-555555555555}", "22:\\Software\\App64\\v");
    PATH(u"{00000001-2222-3333-4444-555555555555}", "01:\\Software\\U\\");
    PATH(u"{00000002-2222-3333-4444-555555555555}", "00:\\Doc\\v");
    PATH(u"{00000003-2222-3333-4444-555555555555}", "02:\\Software\\X\\v");
    PATH(u"{00000004-2222-3333-4444-555555555555}", "02:\\SOFTWARE\\ODBC\\ODBC.INI\\My Source\\");
    PATH(u"{00000005-2222-3333-4444-555555555555}", "C:\\Program Files (x86)\\App\\");
    ok(!component_path_in(u"{00000005-2222-3333-4444-555555555555}",
                          u"{00000000-0000-0000-0000-000000000000}", NULL, CONTEXT_MACHINE, &path),
       "a permanent one has a client of its own\n");
    os_free(path);
    target_end();
}

static void a_permanent_component_stays_known(void)
{
    start();
    ok(!prod_run(with_key_paths(), "A=1") && !prod_run(with_key_paths(), "REMOVE=ALL"), "run\n");
    ok(component_known(u"{00000005-2222-3333-4444-555555555555}"), "known\n");
    PATH(u"{00000005-2222-3333-4444-555555555555}", NULL);
    PATH(u"{00000032-2222-3333-4444-555555555555}", NULL);
    target_end();
}

/* --- shared components --------------------------------------------------------------------------
 */

static struct database *sharing(const char *code, const char *attributes)
{
    struct database *db = package();
    char row[200];

    inst_row(db, "Property", code);
    snprintf(row, sizeof(row), "s;{00000009-2222-3333-4444-555555555555};INSTALLDIR;%s;;file",
             attributes);
    inst_row(db, "Component", row);
    inst_row(db, "FeatureComponents", "f;s");
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "file;s;a.dll;5;;;;1");
    return db;
}

#define SHARED           u"Software\\Microsoft\\Windows\\CurrentVersion\\SharedDLLs"
#define DLL              u"C:\\Program Files (x86)\\App\\a.dll"
#define SHARED_COMPONENT u"{00000009-2222-3333-4444-555555555555}"

static void key_files_are_counted(void)
{
    start();
    ok(!prod_run(sharing("X;1", "8"), "A=1"), "install\n");
    IS(REG_MACHINE, REG_VIEW_32, SHARED, DLL, "4:1");
    PATH(SHARED_COMPONENT, "C?\\Program Files (x86)\\App\\a.dll");
    ok(!prod_run(sharing("X;1", "8"), "REINSTALL=ALL"), "again\n");
    IS(REG_MACHINE, REG_VIEW_32, SHARED, DLL, "4:1");
    ok(!prod_run(sharing("X;1", "8"), "REMOVE=ALL"), "remove\n");
    IS(REG_MACHINE, REG_VIEW_32, SHARED, DLL, "no key");
    target_end();
}

static void put_text(const char16_t *path, const char16_t *name, const char16_t *text)
{
    struct reg_key *key = NULL;

    ok(!reg_make(REG_MACHINE, path, &key), "key\n");
    ok(!reg_set_text(key, name, REG_TYPE_SZ, text), "value\n");
    reg_close(key);
}

#define USERDATA u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\"
#define OTHERS   u"11111111222233334444666666666666"

/* Of two products that have a component each leaves as its own client. */
static void components_of_two_products_stay_with_one(void)
{
    char16_t code[GUID_CHARS + 1];

    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    put_text(USERDATA u"Components\\AAAAAAAA222233334444555555555555", OTHERS, u"C:\\App\\");
    ok(!prod_run(package(), "REMOVE=ALL"), "remove\n");
    PATH(COMPONENT, NULL);
    ok(!component_client_at(COMPONENT, 0, code) && u16_equal(code, OTHER), "the other\n");
    target_end();
}

/* A user's icons go, and the folder that was made for them. */
static void a_users_icons_go_with_their_folder(void)
{
    struct database *db = package();
    struct tgt_stat st;

    start();
    target_folder("drive_c/Roaming");
    INST_TABLE(db, "Icon;Name s72 k;Data v0", "i;bytes of an icon");
    ok(!prod_run(db, "ALLUSERS=", "AppDataFolder=C:\\Roaming\\"), "install\n");
    ok(!tgt_stat(u"C:\\Roaming\\Microsoft\\Installer\\" CODE u"\\i", &st) && st.size == 16,
       "the icon\n");
    ok(!prod_run(package(), "ALLUSERS=", "AppDataFolder=C:\\Roaming\\", "REMOVE=ALL"), "remove\n");
    ok(tgt_stat(u"C:\\Roaming\\Microsoft\\Installer", &st), "the folder\n");
    target_end();
}

#define PATCH1 u"EEEEEEEE222233334444555555555551"
#define PATCH2 u"EEEEEEEE222233334444555555555552"

/* Patches go with the last product that has them, and their packages. */
static void patches_go_with_their_last_product(void)
{
    struct tgt_stat st;

    start();
    ok(!prod_run(package(), "A=1"), "install\n");
    put_text(USERDATA u"Products\\" PACKED u"\\Patches\\" PATCH1, u"State", u"1");
    put_text(USERDATA u"Products\\" PACKED u"\\Patches\\" PATCH2, u"State", u"1");
    put_text(USERDATA u"Products\\" OTHERS u"\\Patches\\" PATCH2, u"State", u"1");
    put_text(USERDATA u"Patches\\" PATCH1, u"LocalPackage", u"C:\\one.msp");
    put_text(USERDATA u"Patches\\" PATCH2, u"LocalPackage", u"C:\\two.msp");
    target_file("drive_c/one.msp", "1");
    target_file("drive_c/two.msp", "2");
    ok(!prod_run(package(), "REMOVE=ALL"), "remove\n");
    IS(REG_MACHINE, REG_VIEW_64, USERDATA u"Patches\\" PATCH1, u"LocalPackage", "no key");
    IS(REG_MACHINE, REG_VIEW_64, USERDATA u"Patches\\" PATCH2, u"LocalPackage", "1:C:\\two.msp");
    ok(tgt_stat(u"C:\\one.msp", &st) && !tgt_stat(u"C:\\two.msp", &st), "packages\n");
    target_end();
}

/* A file that somebody counts is counted on. */
static void counts_of_others_are_gone_on_with(void)
{
    struct reg_key *key = NULL;

    start();
    ok(!reg_make_view(REG_MACHINE, REG_VIEW_32, SHARED, &key), "key\n");
    ok(!reg_set(key, DLL, REG_TYPE_DWORD, "\1\0\0\0", 4), "count\n");
    reg_close(key);
    ok(!prod_run(sharing("X;1", "0"), "A=1"), "install\n");
    IS(REG_MACHINE, REG_VIEW_32, SHARED, DLL, "4:2");
    ok(!prod_run(sharing("X;1", "0"), "REMOVE=ALL"), "remove\n");
    IS(REG_MACHINE, REG_VIEW_32, SHARED, DLL, "4:1");
    target_end();
}

START_TEST(msi_inst_product)
{
    product_is_installed();
    a_users_product_is_the_users();
    a_context_is_settled();
    programs_are_listed_for_removal();
    features_are_told();
    components_have_their_paths();
    sources_are_listed();
    qualified_components_are_found();
    all_goes_with_the_product();
    a_product_of_which_nothing_comes_is_not_there();
    an_entry_for_everybody_goes_with_a_users_product();
    a_feature_comes_and_goes();
    key_paths_have_all_forms();
    a_permanent_component_stays_known();
    key_files_are_counted();
    counts_of_others_are_gone_on_with();
    components_of_two_products_stay_with_one();
    patches_go_with_their_last_product();
    a_users_icons_go_with_their_folder();
}
