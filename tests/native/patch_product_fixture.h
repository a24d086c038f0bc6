/*
 * A product with files, a registry value and all that registers it, and patches of it: installed
 * whole, from files.
 *
 *     patched_make();                    once: package.msi, one.msp, two.msp, three.msp
 *     patched_machine();                 an empty machine
 *     patched_run("PATCH", "one.msp", "")   runs the package with that property naming that file
 */
#ifndef TEST_PATCH_PRODUCT_FIXTURE_H
#define TEST_PATCH_PRODUCT_FIXTURE_H

#include "patch_fixture.h"

#include "patching.h"
#include "patches.h"
#include "run.h"

#define CODE  u"{11111111-2222-3333-4444-555555555555}"
#define ONE   "{00000001-AAAA-BBBB-CCCC-000000000001}"
#define TWO   "{00000002-AAAA-BBBB-CCCC-000000000002}"
#define THREE "{00000003-AAAA-BBBB-CCCC-000000000003}"
#define APP   "drive_c/Program Files (x86)/App/"

/* --- the package and its versions ---------------------------------------------------------------
 */

TEST_UNUSED static struct database *first(void)
{
    struct database *db = inst_package();

    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "one;c;one.txt;3;;;16384;1", "two;c;two.txt;3;;;16384;2");
    INST_TABLE(db,
               "Media;DiskId i2 k;LastSequence i2;DiskPrompt L64;Cabinet S255;VolumeLabel S32;"
               "Source S72",
               "1;2;;#in.cab;;");
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               "r;2;Software\\App;v;old;c");
    INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "CostInitialize;;800", "FileCost;;900", "CostFinalize;;1000",
               "InstallValidate;;1400", "InstallInitialize;;1500", "ProcessComponents;;1600",
               "UnpublishFeatures;;1800", "RemoveRegistryValues;;2600", "RemoveFiles;;3500",
               "InstallFiles;;4000", "WriteRegistryValues;;5000", "RegisterUser;;6000",
               "RegisterProduct;;6100", "PublishFeatures;;6300", "PublishProduct;;6400",
               "InstallFinalize;;6600");
    INST_TABLE(db, "AdminExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "CostInitialize;;800", "FileCost;;900", "CostFinalize;;1000",
               "InstallValidate;;1400", "InstallInitialize;;1500", "InstallAdminPackage;;3900",
               "InstallFiles;;4000", "PatchFiles;;4090", "InstallFinalize;;6600");
    return db;
}

/* A small update: another file and another value. */
TEST_UNUSED static struct database *small_update(void)
{
    struct database *db = first();

    msp_set(db, "File", "one", 3, 4);
    msp_set_text(db, "Registry", "r", 4, "new");
    return db;
}

/* Another version, with a file and a component more. */
TEST_UNUSED static struct database *service_pack(void)
{
    struct database *db = first();

    msp_set_text(db, "Property", "ProductVersion", 1, "1.3.0");
    msp_set(db, "File", "two", 3, 7);
    inst_row(db, "Component", "d;{BBBBBBBB-2222-3333-4444-555555555555};INSTALLDIR;0;;three");
    inst_row(db, "FeatureComponents", "f;d");
    inst_row(db, "File", "three;d;three.txt;5;;;0;3");
    inst_row(db, "Registry", "s;2;Software\\App;more;three;d");
    inst_row(db, "Registry", "t;2;Software\\App;kept;t;c");
    return db;
}

TEST_UNUSED static struct database *after_service_pack(void)
{
    struct database *db = service_pack();

    msp_set(db, "File", "two", 3, 6);
    return db;
}

static const struct msp one = {.name = "one.msp",
                               .code = ONE,
                               .base = first,
                               .next = small_update,
                               .files = {"one"},
                               .contents = {"ONE!"},
                               .family = "App",
                               .sequence = "1.2.1"};
static const struct msp two = {.name = "two.msp",
                               .code = TWO,
                               .base = first,
                               .next = service_pack,
                               .files = {"two", "three"},
                               .contents = {"TWO-TWO", "three"},
                               .family = "App",
                               .sequence = "1.3"};
static const struct msp three = {.name = "three.msp",
                                 .code = THREE,
                                 .base = service_pack,
                                 .next = after_service_pack,
                                 .files = {"two"},
                                 .contents = {"twoTWO"},
                                 .family = "App",
                                 .sequence = "1.3.1"};

/* The cabinet of what first() has; its two files. */
static void patched_cabinet(struct database *db)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, 0x58a1, 0x6000, 0x20},
                                             {"two", 3, 3, 0, 0x58a1, 0x6000, 0x20}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "onetwo", .len = 6, .made = 6};
    struct buf cab = {0};

    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
}

TEST_UNUSED static void patched_make(const char *name)
{
    struct database *db;

    regmem_start();
    obj_unref(db_object(package_begin(name)));
    db = first();
    patched_cabinet(db);
    package_save(db);
    msp_make(&one);
    msp_make(&two);
    msp_make(&three);
}

/* --- the machine --------------------------------------------------------------------------------
 */

TEST_UNUSED static void patched_machine(const char *name)
{
    struct reg_key *key;

    regmem_start();
    target_start(name);
    /* an empty key would go with what comes and goes below it */
    ok(!reg_make(REG_MACHINE, u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer", &key) &&
           !reg_set(key, u"v", 1, "v", 1),
       "key\n");
    reg_close(key);
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/windows");
    target_folder("drive_c/windows/Installer");
}

/* --- running ------------------------------------------------------------------------------------
 */

/* property (NULL: none) names files of the folder, with semicolons between. */
TEST_UNUSED static u32 patched_open_of(const char *package, const char *property, const char *files,
                                       const char *more, struct session **s)
{
    struct session_options how = {0};
    struct database *db = NULL;
    char line[3000] = "";
    u32 err;

    *s = NULL;
    for (const char *at = files; property && *at;) {
        size_t n = strcspn(at, ";");
        char name[60];

        snprintf(name, sizeof(name), "%.*s", (int)n, at);
        strcat(line, *line ? ";" : property);
        strcat(strcat(line, at == files ? "=\"" : ""), package_path(name));
        at += n + (at[n] == ';');
    }
    strcat(strcat(line, *line ? "\" " : ""), more);
    how.command_line = u16_dup_utf8(line);
    ok(!db_open(text16(package_path(package)), DB_READONLY, false, &db), "open\n");
    err = session_open(db, &how, s);
    obj_unref(db_object(db));
    os_free((void *)how.command_line);
    return err;
}

TEST_UNUSED static u32 patched_open(const char *property, const char *files, const char *more,
                                    struct session **s)
{
    return patched_open_of("package.msi", property, files, more, s);
}

TEST_UNUSED static u32 patched_run_of(const char *package, const char *property, const char *files,
                                      const char *more)
{
    struct session *s;
    u32 err = patched_open_of(package, property, files, more, &s);

    if (err)
        return err;
    ok(install_takes(s, NULL, 0), "taken\n");
    err = session_do_action(s, u"INSTALL", 7);
    inst_close(s);
    return err;
}

TEST_UNUSED static u32 patched_run(const char *property, const char *files, const char *more)
{
    return patched_run_of("package.msi", property, files, more);
}

#endif
