/*
 * Writes keys and values through winreg.dll's RegCreateKeyEx, RegSetValueEx and RegCloseKey, as any
 * program would that is linked with -lwinreg.
 */
#include <windows.h>

#include "demo.h"
#include "hivetool.h"

static LONG set(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    LONG err = RegSetValueExW(key, name, 0, type, data, size);

    out_format("  RegSetValueEx   %-10ls type %lu, %lu bytes: %s\n", *name ? name : L"(default)",
               type, size, err ? "FAILED" : "done");
    return err;
}

static LONG fill(HKEY key)
{
    static const WCHAR text[] = L"Hello from Decanter", path[] = L"%SystemRoot%\\system32";
    static const WCHAR list[] = L"one\0two\0three\0";
    static const BYTE bytes[] = {0xde, 0xca, 0x47, 0xe2};
    DWORD number = 42;
    LONG err = set(key, L"", REG_SZ, text, sizeof(text));

    if (!err)
        err = set(key, L"Folder", REG_EXPAND_SZ, path, sizeof(path));
    if (!err)
        err = set(key, L"Words", REG_MULTI_SZ, list, sizeof(list));
    if (!err)
        err = set(key, L"Number", REG_DWORD, &number, sizeof(number));
    if (!err)
        err = set(key, L"Bytes", REG_BINARY, bytes, sizeof(bytes));
    return err;
}

static LONG demo_key(const WCHAR *path)
{
    DWORD made;
    HKEY key;
    LONG err =
        RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &made);

    if (err) {
        out_format("  RegCreateKeyEx  %ls: error %ld\n", path, err);
        return err;
    }
    out_format("  RegCreateKeyEx  %ls: %s\n", path,
               made == REG_CREATED_NEW_KEY ? "made" : "was there");
    err = fill(key);
    if (!err)
        err = RegFlushKey(key);
    out_format("  RegCloseKey     %ld", RegCloseKey(key));
    out_format(", and a second time %ld\n", RegCloseKey(key));
    return err;
}

int cmd_demo(int argc, char16_t **argv)
{
    LONG err;

    UNUSED(argc);
    UNUSED(argv);
    err = demo_key(L"Software\\Decanter");
    if (!err)
        err = demo_key(L"Software\\Decanter\\Deeper");
    return err ? EXIT_FAILED : EXIT_GOOD;
}
