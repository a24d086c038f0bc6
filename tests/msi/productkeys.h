/*
 * The keys of one product of the machine, laid out as Windows Installer lays them out, for tests
 * that write those that they need and take them away again. PART, four digits of its GUIDs, is the
 * including program's own.
 */
#ifndef PRODUCTKEYS_H
#define PRODUCTKEYS_H

#include "registered.h"

/* The programs of two architectures may run at once on one registry. */
#ifdef _WIN64
#define END "A1"
#else
#define END "B1"
#endif
#define CODE      "{5A8C1D20-" PART "-2222-3333-4444555566" END "}"
#define PATCH     "{5A8C1D20-" PART "-2222-3333-4444555567" END "}"
#define COMPONENT "{5A8C1D20-" PART "-2222-3333-4444555568" END "}"
#define NOBODY    "{5A8C1D20-" PART "-2222-3333-4444555569" END "}"

#define CURRENT "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"

static char product[40], patch[40], component[40]; /* packed */

TEST_UNUSED static const char *path(const char *above, const char *code, const char *below)
{
    static char paths[8][256];
    static unsigned n;
    char *p = paths[n++ % 8];

    snprintf(p, sizeof(paths[0]), "%s%s%s", above, code, below);
    return p;
}

TEST_UNUSED static void number(const char *key, const char *name, DWORD value)
{
    put_value(key, name, REG_DWORD, &value, sizeof(value));
}

TEST_UNUSED static void clean(void)
{
    pack_guid(product, CODE);
    pack_guid(patch, PATCH);
    pack_guid(component, COMPONENT);
    drop_tree(path(INSTALLER_CLASSES "Products\\", product, ""));
    drop_tree(path(INSTALLER_CLASSES "Features\\", product, ""));
    drop_tree(path(INSTALLER_CLASSES "Components\\", component, ""));
    drop_tree(path(INSTALLER_CLASSES "Patches\\", patch, ""));
    drop_tree(path(INSTALLER_CLASSES "UpgradeCodes\\", patch, ""));
    drop_tree(path(INSTALLER_DATA "Products\\", product, ""));
    drop_tree(path(INSTALLER_DATA "Components\\", component, ""));
    drop_tree(path(INSTALLER_DATA "Components\\", patch, ""));
    drop_tree(path(INSTALLER_DATA "Patches\\", patch, ""));
}

TEST_UNUSED static void advertise(void)
{
    clean();
    put_text(path(INSTALLER_CLASSES "Products\\", product, ""), "ProductName", "Lamp");
    put_text(path(INSTALLER_CLASSES "Products\\", product, ""), "PackageCode", patch);
    number(path(INSTALLER_CLASSES "Products\\", product, ""), "Language", 1033);
    put_text(path(INSTALLER_CLASSES "Products\\", product, "\\SourceList"), "PackageName",
             "lamp.msi");
}

TEST_UNUSED static void install(void)
{
    const char *key;

    advertise();
    key = path(INSTALLER_DATA "Products\\", product, "\\InstallProperties");
    number(key, "WindowsInstaller", 1);
    put_text(key, "LocalPackage", "C:\\windows\\Installer\\lamp.msi");
    put_text(key, "DisplayVersion", "1.2.3");
    put_text(key, "RegOwner", "Ann");
    put_text(key, "RegCompany", "Works");
    put_text(key, "ProductID", "77");
}

#endif
