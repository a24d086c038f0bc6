/*
 * Concurrent installations: a package that another one installs and removes by custom actions, in
 * one transaction with itself.
 */
#include "upgrade_fixture.h"

#include "custom.h"
#include "notice.h"

#define OUTER   "{33333333-2222-3333-4444-555555555555}"
#define OUTER16 u"{33333333-2222-3333-4444-555555555555}"

enum { HAS_FILE = 23, HAS_STORAGE = 7, CONTINUES = 64 };

/* type: how it has the other one. more: of its line. fails: an action behind it does. */
static struct database *outer_database(u32 type, const char *source, const char *more, bool fails)
{
    struct database *db = first();
    char row[200];

    msp_set_text(db, "Property", "ProductCode", 1, OUTER);
    msp_set_text(db, "Property", "ProductName", 1, "Outer");
    msp_set_text(db, "Directory", "INSTALLDIR", 2, "Outer");
    msp_set_text(db, "Component", "c", 1, "{CCCCCCCC-2222-3333-4444-555555555555}");
    msp_set_text(db, "Registry", "r", 2, "Software\\Outer");
    INST_TABLE(db, "CustomAction;Action s72 k;Type i4;Source S72;Target S255");
    snprintf(row, sizeof(row), "AddOther;%u;%s;ALLUSERS=1 %s", type, source, more);
    inst_row(db, "CustomAction", row);
    inst_row(db, "CustomAction", "DropOther;39;{11111111-2222-3333-4444-555555555555};REMOVE=ALL");
    inst_row(db, "CustomAction", "Fail;19;;no");
    inst_row(db, "InstallExecuteSequence", "AddOther;NOT Installed;1520");
    inst_row(db, "InstallExecuteSequence", "DropOther;REMOVE=\"ALL\";1530");
    if (fails)
        inst_row(db, "InstallExecuteSequence", "Fail;NOT Installed;6590");
    patched_cabinet(db);
    if (type == HAS_STORAGE) {
        struct stg *inner = NULL, *sub = NULL;

        ok(!stg_open(text16(package_path("package.msi")), STG_READ, &inner), "inner\n");
        ok(!stg_sub_create(db->stg, text16(source), &sub), "storage\n");
        ok(!stg_copy(inner, sub), "copy\n");
        stg_close(sub);
        stg_close(inner);
    }
    return db;
}

static void outer_package(const char *name, u32 type, const char *source, const char *more,
                          bool fails)
{
    package_save_as(outer_database(type, source, more, fails), name);
}

static bool can(u32 type, const u8 *head, size_t len, bool wide)
{
    UNUSED(type);
    UNUSED(head);
    UNUSED(len);
    UNUSED(wide);
    return false;
}

static void start(void)
{
    static const struct custom_ways ways = {.can = can};

    custom_by(&ways);
    install_custom_by(custom_do);
    upgrade_machine();
}

static bool both(void)
{
    return upgrade_there(CODE) && upgrade_there(OUTER16) && sweep_has(APP "one.txt", "one") &&
           sweep_has("drive_c/Program Files (x86)/Outer/one.txt", "one") &&
           sweep_count("drive_c/windows/Installer", ".msi") == 2 &&
           !sweep_count("drive_c/windows/temp", ".tmp");
}

static bool none(void)
{
    return !upgrade_there(CODE) && !upgrade_there(OUTER16) && sweep_has(APP "one.txt", NULL) &&
           sweep_has("drive_c/Program Files (x86)/Outer/one.txt", NULL) &&
           !sweep_count("drive_c/windows/Installer", ".msi") &&
           !sweep_count("drive_c/windows/temp", ".tmp");
}

static void installed_and_removed(u32 type, const char *source)
{
    u32 err;

    outer_package("outer.msi", type, source, "", false);
    start();
    err = patched_run_of("outer.msi", NULL, "", "");
    ok(!err && both(), "type %u: install: %u\n", type, err);
    err = patched_run_of("outer.msi", NULL, "", "REMOVE=ALL");
    ok(!err && none(), "type %u: remove: %u\n", type, err);
    target_end();
}

static void a_file_of_the_source(void)
{
    installed_and_removed(HAS_FILE, "package.msi");
}

static void a_storage_of_the_package(void)
{
    installed_and_removed(HAS_STORAGE, "inner");
}

static void undone_with_the_outer_one(void)
{
    char *before, *after;

    outer_package("failing.msi", HAS_FILE, "package.msi", "", true);
    start();
    before = machine_state();
    ok(patched_run_of("failing.msi", NULL, "", "") == ERROR_INSTALL_FAILURE, "it fails\n");
    after = machine_state();
    ok(!strcmp(before, after), "left:\n%s", after);
    free(before);
    free(after);
    target_end();
}

/* No such file; its own package; and what may fail. */
static void what_cannot_be_installed(void)
{
    outer_package("lost.msi", HAS_FILE, "none.msi", "", false);
    outer_package("own.msi", HAS_FILE, "own.msi", "", false);
    outer_package("may.msi", HAS_FILE | CONTINUES, "none.msi", "", false);
    start();
    ok(patched_run_of("lost.msi", NULL, "", "") == ERROR_INSTALL_FAILURE && none(), "lost\n");
    ok(patched_run_of("own.msi", NULL, "", "") == ERROR_INSTALL_FAILURE && none(), "own\n");
    ok(!patched_run_of("may.msi", NULL, "", "") && upgrade_there(OUTER16), "may fail\n");
    target_end();
}

/* What the outer one tells it. */
static void it_knows_its_parent(void)
{
    struct database *db = upgradable();

    INST_TABLE(db, "LaunchCondition;Condition s255 k;Description l255", "Not ParentProductCode;no");
    inst_row(db, "InstallExecuteSequence", "LaunchConditions;;100");
    patched_cabinet(db);
    package_save_as(db, "alone.msi");
    outer_package("outer.msi", HAS_FILE, "alone.msi", "", false);
    start();
    ok(patched_run_of("outer.msi", NULL, "", "") == ERROR_INSTALL_FAILURE && none(), "refused\n");
    ok(!patched_run_of("alone.msi", NULL, "", "") && upgrade_there(CODE), "alone\n");
    target_end();
}

/* Its own package again and again, each under another code. */
static void it_has_an_end(void)
{
    struct database *db = outer_database(HAS_FILE, "turning.msi", "", false);

    inst_row(db, "CustomAction", "Turn;51;ProductCode;{44444444-2222-3333-4444-555555555555}");
    inst_row(db, "InstallExecuteSequence", "Turn;;1510");
    package_save_as(db, "turning.msi");
    start();
    ok(patched_run_of("turning.msi", NULL, "", "") == ERROR_INSTALL_FAILURE && none(), "it ends\n");
    target_end();
}

static struct session *outer_session;
static u32 asked, refused;

/* Somebody has the outer installation end while the inner one is on its way. */
static int end_outer(struct session *s, u32 type, struct record *r)
{
    UNUSED(r);
    if (type != NOTICE_ACTION_START || !outer_session || s == outer_session)
        return 0;
    asked++;
    refused += session_do_action(outer_session, u"InstallFinalize", 15) == ERROR_INSTALL_FAILURE;
    return 0;
}

static void nobody_ends_the_outer_one(void)
{
    u32 err;

    outer_package("outer.msi", HAS_FILE, "package.msi", "", false);
    start();
    ok(!patched_open_of("outer.msi", NULL, "", "", &outer_session), "open\n");
    asked = refused = 0;
    notice_to(end_outer);
    err = session_do_action(outer_session, u"INSTALL", 7);
    notice_to(NULL);
    ok(!err && both() && asked && refused == asked, "%u, %u of %u\n", err, refused, asked);
    inst_close(outer_session);
    outer_session = NULL;
    target_end();
}

/* --- failures and kills -------------------------------------------------------------------------
 */

static struct session *open_it(void)
{
    struct session *s = NULL;

    ok(!patched_open_of("outer.msi", NULL, "", "", &s), "open\n");
    return s;
}

static void done_or_undone(void)
{
    static const struct sweep_case c = {start, open_it, NULL, both, NULL};

    outer_package("outer.msi", HAS_FILE, "package.msi", "", false);
    sweep_failures(&c, 6);
    sweep_kills(&c, 31);
}

START_TEST(msi_inst_nested)
{
    upgrade_make("nested");
    RUN(a_file_of_the_source);
    RUN(a_storage_of_the_package);
    RUN(undone_with_the_outer_one);
    RUN(what_cannot_be_installed);
    RUN(it_knows_its_parent);
    RUN(it_has_an_end);
    RUN(nobody_ends_the_outer_one);
    RUN(done_or_undone);
    package_end(NULL);
}
