/*
 * Products in the registry of the machine, for tests: as little as makes one installed.
 */
#ifndef REGISTERED_H
#define REGISTERED_H

#include "msitest.h"

#define INSTALLER_CLASSES "Software\\Classes\\Installer\\"
#define INSTALLER_DATA \
    "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\"

/* The digits of a GUID as the names of keys have them. */
TEST_UNUSED static void pack_guid(char packed[33], const char *guid)
{
    static const int place[] = {8,  7,  6,  5,  4,  3,  2,  1,  13, 12, 11, 10, 18, 17, 16, 15,
                                21, 20, 23, 22, 26, 25, 28, 27, 30, 29, 32, 31, 34, 33, 36, 35};

    for (size_t i = 0; i < 32; i++)
        packed[i] = guid[place[i]];
    packed[32] = 0;
}

/* A key's path with the GUID packed in it. */
TEST_UNUSED static const char *packed_path(const char *above, const char *guid, const char *below)
{
    static char paths[4][300];
    static unsigned n;
    char *path = paths[n++ % 4], packed[33];

    pack_guid(packed, guid);
    snprintf(path, sizeof(paths[0]), "%s%s%s", above, packed, below);
    return path;
}

TEST_UNUSED static void put_value(const char *key, const char *name, DWORD type, const void *data,
                                  DWORD size)
{
    HKEY k = NULL;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL, &k,
                        NULL),
       "create %s\n", key);
    if (name)
        RegSetValueExA(k, name, 0, type, data, size);
    RegCloseKey(k);
}

TEST_UNUSED static void put_text(const char *key, const char *name, const char *value)
{
    put_value(key, name, REG_SZ, value, (DWORD)strlen(value) + 1);
}

TEST_UNUSED static void drop_tree(const char *key)
{
    HKEY k;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, key, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &k))
        return;
    RegDeleteTreeA(k, NULL);
    RegCloseKey(k);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, key, KEY_WOW64_64KEY, 0);
}

/* Installed for the machine, with that package in the cache. */
TEST_UNUSED static void register_product(const char *code, const char *package)
{
    const char *properties = packed_path(INSTALLER_DATA "Products\\", code, "\\InstallProperties");
    DWORD one = 1;

    put_value(packed_path(INSTALLER_CLASSES "Products\\", code, ""), NULL, 0, NULL, 0);
    put_value(properties, "WindowsInstaller", REG_DWORD, &one, sizeof(one));
    put_text(properties, "LocalPackage", package);
}

TEST_UNUSED static void register_source(const char *code, const char *folder, const char *package)
{
    put_text(packed_path(INSTALLER_CLASSES "Products\\", code, "\\SourceList"), "PackageName",
             package);
    put_text(packed_path(INSTALLER_CLASSES "Products\\", code, "\\SourceList\\Net"), "1", folder);
}

TEST_UNUSED static void unregister_product(const char *code)
{
    drop_tree(packed_path(INSTALLER_CLASSES "Products\\", code, ""));
    drop_tree(packed_path(INSTALLER_DATA "Products\\", code, ""));
}

/* A GUID in twenty characters, as the features of a product list their components. */
TEST_UNUSED static const char *guid_in_85(const char *guid)
{
    static const char digits[] = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                                 "abcdefghijklmnopqrstuvwxyz{}~";
    static char text[21];
    unsigned a, b, c, d[8];
    DWORD parts[4];

    sscanf(guid, "{%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x}", &a, &b, &c, &d[0], &d[1], &d[2], &d[3],
           &d[4], &d[5], &d[6], &d[7]);
    parts[0] = a;
    parts[1] = c << 16 | b;
    parts[2] = d[3] << 24 | d[2] << 16 | d[1] << 8 | d[0];
    parts[3] = d[7] << 24 | d[6] << 16 | d[5] << 8 | d[4];
    for (unsigned i = 0; i < 20; i++) {
        text[i] = digits[parts[i / 5] % 85];
        parts[i / 5] /= 85;
    }
    text[20] = 0;
    return text;
}

/* A product's key path of a component. */
TEST_UNUSED static void register_component(const char *code, const char *component,
                                           const char *path)
{
    char packed[40];

    snprintf(packed, sizeof(packed), "%s", packed_path("", code, ""));
    put_text(packed_path(INSTALLER_DATA "Components\\", component, ""), packed, path);
}

TEST_UNUSED static void unregister_component(const char *component)
{
    drop_tree(packed_path(INSTALLER_DATA "Components\\", component, ""));
}

/* A top feature with these components, whose codes in 85 follow one another. */
TEST_UNUSED static void register_feature(const char *code, const char *feature, const char *codes)
{
    put_text(packed_path(INSTALLER_CLASSES "Features\\", code, ""), feature, "");
    put_text(packed_path(INSTALLER_DATA "Products\\", code, "\\Features"), feature, codes);
}

TEST_UNUSED static void unregister_features(const char *code)
{
    drop_tree(packed_path(INSTALLER_CLASSES "Features\\", code, ""));
}

#endif
