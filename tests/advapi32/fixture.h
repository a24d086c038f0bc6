/*
 * A fresh key for each test function: HKCU\Software\DecanterTest64\<name>, gone when it ends.
 */
#ifndef DECANTER_TEST_FIXTURE_H
#define DECANTER_TEST_FIXTURE_H

#include "test.h"

#include <winreg.h>

/* One for each, because on Wine's own DLLs the 64-bit and the 32-bit tests share one registry. */
#ifdef _WIN64
#define TEST_NAME "DecanterTest64"
#else
#define TEST_NAME "DecanterTest32"
#endif
#define FIXTURE_ROOT "Software\\" TEST_NAME
/* A handle that nobody gave out. */
#define NO_KEY ((HKEY)(ULONG_PTR)0xdeadbeef)

/* Documents that back what ours does where Wine's own DLL does otherwise. */
#define DOC_CLOSE   "RegCloseKey; MS-RRP 3.1.5.6"
#define DOC_OPEN    "RegOpenKeyExW, lpSubKey"
#define DOC_CREATE  "RegCreateKeyExW"
#define DOC_CREATE1 "RegCreateKeyW, lpSubKey"
#define DOC_GET     "RegGetValueW, pvData and pcbData"
#define DOC_PREDEF  "RegConnectRegistryW, hKey"
#define DOC_CLASSES "RegOpenUserClassesRoot, hToken"
#define DOC_MERGED  "Merged View of HKEY_CLASSES_ROOT"
#define DOC_NOTIFY  "RegNotifyChangeKeyValue"
#define DOC_SET     "RegSetValueExW"
#define DOC_COPY    "RegCopyTreeW"
#define DOC_MULTI   "MS-RRP 3.1.5.30"

TEST_UNUSED static HKEY fixture(const char *name)
{
    HKEY root = NULL, key = NULL;
    LONG err = RegCreateKeyA(HKEY_CURRENT_USER, FIXTURE_ROOT, &root);
    ok(err == ERROR_SUCCESS, "the fixtures' root: error %ld\n", err);
    RegDeleteTreeA(root, name);
    err = RegCreateKeyExA(root, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    ok(err == ERROR_SUCCESS, "the fixture %s: error %ld\n", name, err);
    RegCloseKey(root);
    return key;
}

TEST_UNUSED static void fixture_end(HKEY key, const char *name)
{
    HKEY root;
    RegCloseKey(key);
    if (!RegOpenKeyA(HKEY_CURRENT_USER, FIXTURE_ROOT, &root)) {
        RegDeleteTreeA(root, name);
        RegCloseKey(root);
    }
}

/* A test function's frame: FIXTURE(key); ... END(key); */
#define FIXTURE(key) HKEY key = fixture(__func__)
#define END(key)     fixture_end(key, __func__)

#define ok_err(call, expected)                                                      \
    do {                                                                            \
        LONG ok_err_ = (call);                                                      \
        ok(ok_err_ == (LONG)(expected), "%s = %ld, expected %ld\n", #call, ok_err_, \
           (LONG)(expected));                                                       \
    } while (0)

TEST_UNUSED static void set_string(HKEY key, const char *name, const char *text)
{
    ok_err(RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)strlen(text) + 1),
           ERROR_SUCCESS);
}

TEST_UNUSED static void set_dword(HKEY key, const char *name, DWORD value)
{
    ok_err(RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&value, sizeof(value)),
           ERROR_SUCCESS);
}

/* Whether the subkey is there. */
TEST_UNUSED static int has_key(HKEY key, const char *subkey)
{
    HKEY opened;
    LONG err = RegOpenKeyExA(key, subkey, 0, KEY_READ, &opened);
    if (!err)
        RegCloseKey(opened);
    return !err;
}

TEST_UNUSED static HKEY make_key(HKEY key, const char *subkey)
{
    HKEY made = NULL;
    ok_err(RegCreateKeyExA(key, subkey, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &made, NULL),
           ERROR_SUCCESS);
    return made;
}

#endif
