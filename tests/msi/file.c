/*
 * MsiGetFileHash, MsiGetFileVersion, DllGetVersion.
 */
#include "msitest.h"

#include <shlwapi.h>

static void is_hash(const void *data, DWORD size, DWORD a, DWORD b, DWORD c, DWORD d)
{
    MSIFILEHASHINFO info = {.dwFileHashInfoSize = sizeof(info)};

    write_file("hash.bin", data, size);
    ok(!MsiGetFileHashA("hash.bin", 0, &info), "hash of %lu bytes\n", size);
    ok(info.dwData[0] == a && info.dwData[1] == b && info.dwData[2] == c && info.dwData[3] == d,
       "%lu bytes: %08lx %08lx %08lx %08lx\n", size, info.dwData[0], info.dwData[1], info.dwData[2],
       info.dwData[3]);
    DeleteFileA("hash.bin");
}

static void the_hash_is_md5(void)
{
    static char many[100000];

    is_hash("", 0, 0, 0, 0, 0);
    is_hash("hello", 5, 0x2a40415d, 0x762a4bbc, 0x919d71b9, 0x92c51710);
    is_hash("12345678901234567890123456789012345678901234567890123456789012345678901234567890", 80,
            0xa2f4ed57, 0x55c9e32b, 0x2eda49ac, 0x7ab60721);
    memset(many, 0, sizeof(many));
    is_hash(many, 64, 0x7d3c5d3b, 0xdc377e20, 0x01d3edee, 0x582e5ee3);
}

static void hash_arguments(void)
{
    MSIFILEHASHINFO info = {.dwFileHashInfoSize = sizeof(info)};

    write_file("hash.bin", "x", 1);
    ok(MsiGetFileHashA(NULL, 0, &info) == ERROR_INVALID_PARAMETER, "no path\n");
    ok(MsiGetFileHashA("hash.bin", 1, &info) == ERROR_INVALID_PARAMETER, "options\n");
    ok(MsiGetFileHashA("hash.bin", 0, NULL) == ERROR_INVALID_PARAMETER, "no info\n");
    info.dwFileHashInfoSize = 4;
    ok(MsiGetFileHashA("hash.bin", 0, &info) == ERROR_INVALID_PARAMETER, "size\n");
    info.dwFileHashInfoSize = sizeof(info);
    ok(MsiGetFileHashA("nofile", 0, &info) == ERROR_FILE_NOT_FOUND, "no file\n");
    DeleteFileA("hash.bin");
}

static void the_version_of_a_dll(void)
{
    char path[MAX_PATH], version[64], language[16];
    DWORD size = sizeof(version), language_size = sizeof(language);

    GetSystemDirectoryA(path, sizeof(path) - 16);
    strcat(path, "\\kernel32.dll");
    ok(!MsiGetFileVersionA(path, version, &size, language, &language_size), "version\n");
    ok(size == strlen(version) && strchr(version, '.') != NULL, "got %s\n", version);
    ok(!strcmp(language, "1033"), "language %s\n", language);
    ok(!MsiGetFileVersionA(path, NULL, NULL, NULL, NULL), "nothing asked\n");
    ok(MsiGetFileVersionA(path, version, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
}

/* Where the loader finds them. */
static void the_version_of_a_dll_by_its_name(void)
{
    char version[64];
    DWORD size = sizeof(version);

    ok(!MsiGetFileVersionA("kernel32.dll", version, &size, NULL, NULL), "with its ending\n");
    ok(size == strlen(version) && strchr(version, '.') != NULL, "got %s\n", version);
    size = sizeof(version);
    ok(!MsiGetFileVersionA("kernel32", version, &size, NULL, NULL), "without\n");
    ok(MsiGetFileVersionA("no such library.dll", version, &size, NULL, NULL) ==
           ERROR_FILE_NOT_FOUND,
       "none\n");
}

static void files_without_a_version(void)
{
    char version[64];
    DWORD size = sizeof(version);

    write_file("plain.txt", "text", 4);
    ok(MsiGetFileVersionA("plain.txt", version, &size, NULL, NULL) == ERROR_FILE_INVALID, "text\n");
    ok(size == sizeof(version), "size %lu\n", size);
    DeleteFileA("plain.txt");
    ok(MsiGetFileVersionA(".", version, &size, NULL, NULL) == ERROR_ACCESS_DENIED, "a folder\n");
    ok(MsiGetFileVersionA("nofile", version, &size, NULL, NULL) == ERROR_FILE_NOT_FOUND,
       "no file\n");
    ok(MsiGetFileVersionA(NULL, version, &size, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "no path\n");
}

static void the_dll_tells_its_version(void)
{
    DLLVERSIONINFO info = {.cbSize = sizeof(info)};
    DLLGETVERSIONPROC get =
        (DLLGETVERSIONPROC)(void *)GetProcAddress(GetModuleHandleA("msi.dll"), "DllGetVersion");

    ok(get && get(&info) == S_OK, "call\n");
    ok(info.dwMajorVersion >= 4, "version %lu\n", info.dwMajorVersion);
}

START_TEST(file)
{
    test_dll("msi");
    RUN(the_hash_is_md5);
    RUN(hash_arguments);
    RUN(the_version_of_a_dll);
    RUN(the_version_of_a_dll_by_its_name);
    RUN(files_without_a_version);
    RUN(the_dll_tells_its_version);
}
