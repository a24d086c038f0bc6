/*
 * The keys of one product of the machine, laid out as Windows Installer lays them out, for tests
 * that write those that they need and take them away again. PART, four digits of its GUIDs, is the
 * including program's own.
 */
#ifndef PRODUCTKEYS_H
#define PRODUCTKEYS_H

#include "msitest.h"

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

#define CLASSES "Software\\Classes\\Installer\\"
#define CURRENT "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"
#define DATA    CURRENT "UserData\\S-1-5-18\\"

static char product[40], patch[40], component[40]; /* packed */

/* The digits of a GUID as the names of keys have them. */
TEST_UNUSED static void pack(char *to, const char *guid)
{
    static const int place[] = {8,  7,  6,  5,  4,  3,  2,  1,  13, 12, 11, 10, 18, 17, 16, 15,
                                21, 20, 23, 22, 26, 25, 28, 27, 30, 29, 32, 31, 34, 33, 36, 35};

    for (size_t i = 0; i < 32; i++)
        to[i] = guid[place[i]];
    to[32] = 0;
}

TEST_UNUSED static const char *path(const char *above, const char *code, const char *below)
{
    static char paths[8][256];
    static unsigned n;
    char *p = paths[n++ % 8];

    snprintf(p, sizeof(paths[0]), "%s%s%s", above, code, below);
    return p;
}

TEST_UNUSED static void put(const char *key, const char *name, DWORD type, const void *data,
                            DWORD size)
{
    HKEY k;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL, &k,
                        NULL),
       "create %s\n", key);
    if (data)
        RegSetValueExA(k, name, 0, type, data, size);
    RegCloseKey(k);
}

TEST_UNUSED static void text(const char *key, const char *name, const char *value)
{
    put(key, name, REG_SZ, value, (DWORD)strlen(value) + 1);
}

TEST_UNUSED static void number(const char *key, const char *name, DWORD value)
{
    put(key, name, REG_DWORD, &value, sizeof(value));
}

TEST_UNUSED static void drop(const char *key)
{
    HKEY k;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, key, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &k))
        return;
    RegDeleteTreeA(k, NULL);
    RegCloseKey(k);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, key, KEY_WOW64_64KEY, 0);
}

TEST_UNUSED static void clean(void)
{
    pack(product, CODE);
    pack(patch, PATCH);
    pack(component, COMPONENT);
    drop(path(CLASSES "Products\\", product, ""));
    drop(path(CLASSES "Features\\", product, ""));
    drop(path(CLASSES "Components\\", component, ""));
    drop(path(CLASSES "Patches\\", patch, ""));
    drop(path(CLASSES "UpgradeCodes\\", patch, ""));
    drop(path(DATA "Products\\", product, ""));
    drop(path(DATA "Components\\", component, ""));
    drop(path(DATA "Components\\", patch, ""));
    drop(path(DATA "Patches\\", patch, ""));
}

TEST_UNUSED static void advertise(void)
{
    clean();
    text(path(CLASSES "Products\\", product, ""), "ProductName", "Lamp");
    text(path(CLASSES "Products\\", product, ""), "PackageCode", patch);
    number(path(CLASSES "Products\\", product, ""), "Language", 1033);
    text(path(CLASSES "Products\\", product, "\\SourceList"), "PackageName", "lamp.msi");
}

TEST_UNUSED static void install(void)
{
    const char *key;

    advertise();
    key = path(DATA "Products\\", product, "\\InstallProperties");
    number(key, "WindowsInstaller", 1);
    text(key, "LocalPackage", "C:\\windows\\Installer\\lamp.msi");
    text(key, "DisplayVersion", "1.2.3");
    text(key, "RegOwner", "Ann");
    text(key, "RegCompany", "Works");
    text(key, "ProductID", "77");
}

#endif
