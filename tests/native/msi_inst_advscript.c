/*
 * Advertise scripts, run and taken back: with failures and kills at every step everything is as it
 * was, or all is done.
 */
#include "patch_product_fixture.h"
#include "sweep_fixture.h"

#include "advscript.h"
#include "products.h"

static struct database *advertisable(void)
{
    struct database *db = first();

    INST_TABLE(db, "AdvtExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "CostInitialize;;800", "CostFinalize;;1000", "InstallValidate;;1400",
               "InstallInitialize;;1500", "CreateShortcuts;;4500", "RegisterClassInfo;;4600",
               "RegisterProgIdInfo;;4700", "PublishFeatures;;6300", "PublishProduct;;6400",
               "InstallFinalize;;6600");
    INST_TABLE(db,
               "Shortcut;Shortcut s72 k;Directory_ s72;Name l128;Component_ s72;Target s72;"
               "Arguments S255;Description L255;Hotkey I2;Icon_ S72;IconIndex I2;ShowCmd I2;WkDir "
               "S72",
               "sc;TARGETDIR;short.lnk|Shortcut.lnk;c;f;;;;;;;");
    INST_TABLE(db,
               "Class;CLSID s38 k;Context s32 k;Component_ s72 k;ProgId_Default S255;Description "
               "L255;AppId_ S38;FileTypeMask S255;Icon_ S72;IconIndex I2;DefInprocHandler S32;"
               "Argument S255;Feature_ s38;Attributes I2",
               "{CCCCCCCC-2222-3333-4444-555555555555};LocalServer32;c;App.Doc;A class;;;;;;;f;");
    INST_TABLE(db,
               "ProgId;ProgId s255 k;ProgId_Parent S255;Class_ S38;Description L255;Icon_ S72;"
               "IconIndex I2",
               "App.Doc;;{CCCCCCCC-2222-3333-4444-555555555555};A document;;");
    inst_row(db, "InstallExecuteSequence", "RemoveShortcuts;;3200");
    inst_row(db, "InstallExecuteSequence", "UnregisterClassInfo;;2700");
    inst_row(db, "InstallExecuteSequence", "UnregisterProgIdInfo;;2800");
    inst_row(db, "InstallExecuteSequence", "CreateShortcuts;;4500");
    inst_row(db, "InstallExecuteSequence", "RegisterClassInfo;;4600");
    inst_row(db, "InstallExecuteSequence", "RegisterProgIdInfo;;4700");
    return db;
}

static void make_script(void)
{
    struct database *db = advertisable();
    struct session *s;

    patched_cabinet(db);
    package_save(db);
    db = NULL;
    ok(!db_open(text16(package_path("package.msi")), DB_READONLY, false, &db), "open\n");
    s = inst_open(db);
    ok(!advscript_write(s, text16(package_path("package.msi")), text16(package_path("it.aas"))),
       "write\n");
    inst_close(s);
}

static struct session *open_script(bool remove)
{
    struct session_options how = {.silent = true};
    struct database *db = NULL;
    struct advscript script;
    struct session *s = NULL;
    u32 err;

    ok(!db_open(text16(package_path("it.aas")), DB_READONLY, false, &db), "open\n");
    ok(!advscript_read(db, &script), "it is no script\n");
    ok(!advscript_limit(db, 0x1ed), "limit\n");
    how.original = script.package;
    how.command_line =
        remove ? u"ALLUSERS=\"1\" REMOVE=\"ALL\"" : u"ALLUSERS=\"1\" ACTION=\"ADVERTISE\"";
    err = session_open(db, &how, &s);
    ok(!err, "session: %u\n", err);
    ok(install_takes(s, NULL, 0), "taken\n");
    obj_unref(db_object(db));
    advscript_free(&script);
    return s;
}

static void empty_machine(void)
{
    patched_machine("advscript");
}

static u32 advertise(struct session *s)
{
    return session_do_action(s, u"ADVERTISE", 9);
}

static void advertised_machine(void)
{
    struct session *s;

    empty_machine();
    s = open_script(false);
    ok(!advertise(s), "advertise\n");
    inst_close(s);
}

static struct session *open_to_advertise(void)
{
    return open_script(false);
}

static struct session *open_to_remove(void)
{
    return open_script(true);
}

static bool class_is_there(void)
{
    struct reg_key *key = NULL;
    u32 err = reg_open(REG_MACHINE, u"Software\\Classes\\App.Doc\\CLSID", &key);

    reg_close(key);
    return !err;
}

static bool is_advertised(void)
{
    struct product p;

    return product_find(CODE, &p) && product_advertised(&p) && !product_installed(&p) &&
           class_is_there() && sweep_count("drive_c", ".lnk") == 1 &&
           !sweep_count("drive_c/Config.Msi", ".rbs") && sweep_has(APP "one.txt", NULL);
}

static bool is_removed(void)
{
    struct product p;

    return !product_find(CODE, &p) && !class_is_there() && !sweep_count("drive_c", ".lnk") &&
           !sweep_count("drive_c/Config.Msi", ".rbs") &&
           !sweep_count("drive_c/windows/Installer", ".msi");
}

static const struct sweep_case advertising = {empty_machine, open_to_advertise, advertise,
                                              is_advertised, NULL};
static const struct sweep_case removing = {advertised_machine, open_to_remove, NULL, is_removed,
                                           NULL};

/* Twice, as classes leave the keys above their own. */
static void advertised_and_taken_back(void)
{
    char *before = NULL, *after = NULL;

    empty_machine();
    for (int i = 0; i < 2; i++) {
        struct session *s = open_script(false);

        ok(!advertise(s) && is_advertised(), "advertise\n");
        inst_close(s);
        s = open_script(true);
        ok(!session_do_action(s, u"INSTALL", 7) && is_removed(), "take back\n");
        inst_close(s);
        before = after;
        after = machine_state();
    }
    ok(!strcmp(before, after), "something stays:\n%s-- before\n%s", after, before);
    free(before);
    free(after);
    target_end();
}

static void failures_of_scripts(void)
{
    sweep_failures(&advertising, 8);
    sweep_failures(&removing, 8);
}

static void kills_of_scripts(void)
{
    sweep_kills(&advertising, 5);
    sweep_kills(&removing, 5);
}

START_TEST(msi_inst_advscript)
{
    regmem_start();
    obj_unref(db_object(package_begin("advscript")));
    make_script();
    RUN(advertised_and_taken_back);
    RUN(failures_of_scripts);
    RUN(kills_of_scripts);
    package_end(NULL);
}
