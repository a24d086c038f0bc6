/*
 * Upgrades, over patch_product_fixture.h: a product of an upgrade code, and another that takes its
 * place, with RemoveExistingProducts in one of its four places.
 *
 *     upgrade_make("folder");        once: package.msi, and upgrade0.msi to upgrade3.msi
 *     upgrade_machine();             an empty machine
 */
#ifndef TEST_UPGRADE_FIXTURE_H
#define TEST_UPGRADE_FIXTURE_H

#include "patch_product_fixture.h"
#include "sweep_fixture.h"

#include "products.h"

#define NEW_CODE   u"{22222222-2222-3333-4444-555555555555}"
#define NEW_CODE_A "{22222222-2222-3333-4444-555555555555}"
#define UPGRADE    "{99999999-2222-3333-4444-555555555555}"

enum upgrade_place { BEFORE_ALL, AT_THE_BEGINNING, AT_THE_END, AFTER_ALL, PLACES };

static const char *upgrade_folder;

static struct database *upgradable(void)
{
    struct database *db = first();

    inst_row(db, "Property", "UpgradeCode;" UPGRADE);
    return db;
}

/* Another file, and one more, and all that finds and removes the old one. */
static struct database *upgrading(enum upgrade_place place)
{
    static const char *const rows[PLACES] = {
        "RemoveExistingProducts;;1450", "RemoveExistingProducts;;1510",
        "RemoveExistingProducts;;6550", "RemoveExistingProducts;;6700"};
    struct database *db = upgradable();

    msp_set_text(db, "Property", "ProductCode", 1, NEW_CODE_A);
    msp_set_text(db, "Property", "ProductVersion", 1, "2.0.0");
    msp_set(db, "File", "one", 3, 4);
    msp_set_text(db, "Registry", "r", 4, "new");
    inst_row(db, "Property", "SecureCustomProperties;OLDER");
    INST_TABLE(db,
               "Upgrade;UpgradeCode s38 k;VersionMin S20 k;VersionMax S20 k;Language S255 k;"
               "Attributes i4 k;Remove S255;ActionProperty s72",
               UPGRADE ";;2.0.0;;0;;OLDER");
    inst_row(db, "InstallExecuteSequence", "FindRelatedProducts;;200");
    inst_row(db, "InstallExecuteSequence", "MigrateFeatureStates;;1200");
    inst_row(db, "InstallExecuteSequence", "InstallExecute;;6500");
    inst_row(db, "InstallExecuteSequence", rows[place]);
    return db;
}

static void upgrade_save(enum upgrade_place place)
{
    static const struct cab_entry files[] = {{"one", 4, 0, 0, 0x58a2, 0x6000, 0x20},
                                             {"two", 3, 4, 0, 0x58a1, 0x6000, 0x20}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "ONE!two", .len = 7, .made = 7};
    struct database *db = upgrading(place);
    struct buf cab = {0};
    char name[30];

    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    snprintf(name, sizeof(name), "upgrade%d.msi", (int)place);
    package_save_as(db, name);
}

TEST_UNUSED static void upgrade_make(const char *name)
{
    struct database *db;

    upgrade_folder = name;
    regmem_start();
    obj_unref(db_object(package_begin(name)));
    db = upgradable();
    patched_cabinet(db);
    package_save(db);
    for (u32 place = 0; place < PLACES; place++)
        upgrade_save(place);
}

static void upgrade_machine(void)
{
    patched_machine(upgrade_folder);
    target_folder("drive_c/windows/temp");
}

/* With the old one. */
TEST_UNUSED static void upgrade_start(void)
{
    upgrade_machine();
    ok(!patched_run(NULL, "", ""), "install\n");
}

static bool upgrade_there(const char16_t *code)
{
    struct product p;

    return product_find(code, &p) && product_installed(&p);
}

/* The new one alone, whole, and nothing of the way there. */
TEST_UNUSED static bool upgrade_is_done(void)
{
    return upgrade_there(NEW_CODE) && !upgrade_there(CODE) && sweep_has(APP "one.txt", "ONE!") &&
           sweep_has(APP "two.txt", "two") &&
           sweep_count("drive_c/windows/Installer", ".msi") == 1 &&
           !sweep_count("drive_c/Config.Msi", ".rbs") && !sweep_count("drive_c/Config.Msi", ".rbf");
}

#endif
