/*
 * Products that another engine installed are repaired and removed: it noted no folders, published
 * without DeploymentFlags, and put the shortcuts of all users where those of one are.
 */
#include "patch_product_fixture.h"

#include "guid.h"

#define INSTALLER u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Folders"
#define MENU      "drive_c/ProgramData/Microsoft/Windows/Start Menu/Programs"
#define OWN_MENU  "drive_c/users/me/AppData/Roaming/Microsoft/Windows/Start Menu/Programs"

static void make(void)
{
    struct database *db = first();

    inst_row(db, "Directory", "ProgramMenuFolder;TARGETDIR;.");
    inst_row(db, "Directory", "MENU;ProgramMenuFolder;App");
    INST_TABLE(db,
               "Shortcut;Shortcut s72 k;Directory_ s72;Name l128;Component_ s72;Target s72;"
               "Arguments S255;Description L255;Hotkey I2;Icon_ S72;IconIndex I2;ShowCmd I2;"
               "WkDir S72",
               "s;MENU;App;c;[#one];;;;;;;");
    inst_row(db, "InstallExecuteSequence", "RemoveShortcuts;;3200");
    inst_row(db, "InstallExecuteSequence", "CreateShortcuts;;4500");
    patched_cabinet(db);
    package_save(db);
}

static void folder_with_parents(const char *path)
{
    char part[200];

    for (size_t i = strlen("drive_c/"); path[i - 1]; i++)
        if (path[i] == '/' || !path[i]) {
            snprintf(part, sizeof(part), "%.*s", (int)i, path);
            mkdir(target_path(part), 0755);
        }
}

/* What it would be, had another engine installed it: folders of somebody else are noted. */
static void as_of_others(void)
{
    char16_t packed[GUID_PACKED + 1], path[120];
    struct reg_key *key = NULL;
    size_t n = u16_copy(path, ARRAY_LEN(path), u"Software\\Classes\\Installer\\Products\\");

    guid_pack(CODE, packed);
    u16_copy(path + n, ARRAY_LEN(path) - n, packed);
    ok(!reg_make(REG_MACHINE, path, &key) && !reg_remove_value(key, u"DeploymentFlags"),
       "published\n");
    reg_close(key);
    ok(!reg_make(REG_MACHINE, INSTALLER, &key), "folders\n");
    reg_remove_value(key, u"C:\\Program Files (x86)\\App\\");
    ok(!reg_set(key, u"C:\\Elsewhere\\", 1, u"", sizeof(u"")), "another\n");
    reg_close(key);
    folder_with_parents(OWN_MENU "/App");
    rename(target_path(MENU "/App/App.lnk"), target_path(OWN_MENU "/App/App.lnk"));
}

static void start(void)
{
    patched_machine("others");
    folder_with_parents(MENU);
    ok(!patched_run(NULL, "", ""), "install\n");
    ok(!access(target_path(MENU "/App/App.lnk"), F_OK), "the shortcut\n");
    as_of_others();
    HAS(APP "one.txt", "one");
    ok(!access(target_path(OWN_MENU "/App/App.lnk"), F_OK), "the other's shortcut\n");
}

static void gone(const char *path)
{
    ok(access(target_path(path), F_OK), "%s is there\n", path);
}

static bool noted(const char16_t *folder)
{
    struct reg_key *key = NULL;
    bool has = !reg_open(REG_MACHINE, INSTALLER, &key) && reg_has_value(key, folder);

    reg_close(key);
    return has;
}

static void folders_and_shortcuts_go(void)
{
    start();
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    gone("drive_c/Program Files (x86)/App");
    gone(MENU "/App");
    gone(OWN_MENU "/App");
    ok(!access(target_path(OWN_MENU), F_OK), "the user's own folder stays\n");
    target_end();
}

static void also_after_a_repair(void)
{
    u32 err;

    start();
    err = patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=amus");
    ok(!err, "repair: %u\n", err);
    gone(OWN_MENU "/App");
    ok(!access(target_path(MENU "/App/App.lnk"), F_OK), "the shortcut has its place\n");
    ok(noted(u"C:\\Program Files (x86)\\App\\") && !noted(u"C:\\ProgramData\\Microsoft\\"),
       "the product's folders are noted\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    gone("drive_c/Program Files (x86)/App");
    gone(MENU "/App");
    target_end();
}

START_TEST(msi_inst_others)
{
    setenv("USER", "me", 1);
    patched_make("others");
    make();
    RUN(folders_and_shortcuts_go);
    RUN(also_after_a_repair);
    package_end(NULL);
}
