/* Parts of the registry that stay Wine's (dlls/winreg/face/wineparts.h). */
#include "fixture.h"

static const char list[] = "\xef\xbb\xbf# Parts for this test\r\n"
                           "HKEY_LOCAL_MACHINE\\HARDWARE   # the machine\r\n"
                           "\tHKCU\\Software\\Wine\n"
                           "no path\n"
                           "HKEY_CURRENT_USER\\Software\\DecanterPart\\Deep\\\n"
                           "HKEY_LOCAL_MACHINE\\Software\\Classes\n"
                           "HKEY_LOCAL_MACHINE\\Software\\DecanterPart";

/* Before the first registry function: the server reads the file when it starts. */
static int write_list(void)
{
    char path[MAX_PATH + 40];
    DWORD len = GetEnvironmentVariableA("DECANTER_HIVES", path, MAX_PATH), written;
    HANDLE file;
    if (!len || len >= MAX_PATH)
        return 0;
    CreateDirectoryA(path, NULL);
    strcat(path, "\\wine-parts.txt");
    file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 0;
    WriteFile(file, list, sizeof(list) - 1, &written, NULL);
    return CloseHandle(file);
}

/* A kernel handle that winreg.dll's methods do not know. */
static int is_wines(HKEY key)
{
    static DWORD(WINAPI * get_version)(HKEY, DWORD *);
    DWORD version;
    if (!get_version)
        get_version = (DWORD(WINAPI *)(HKEY, DWORD *))(void *)GetProcAddress(
            GetModuleHandleA("winreg.dll"), "BaseRegGetVersion");
    ok(get_version != NULL, "no BaseRegGetVersion\n");
    return key && get_version && get_version(key, &version) == ERROR_INVALID_HANDLE;
}

static void a_part_is_opened_as_wines(void)
{
    static const char *const paths[] = {"Software\\Wine", "software\\WINE\\\\", "Software\\\\Wine"};
    for (int i = 0; i < 3; i++) {
        HKEY key = NULL;
        ok_err(RegOpenKeyExA(HKEY_CURRENT_USER, paths[i], 0, KEY_READ, &key), ERROR_SUCCESS);
        ok(is_wines(key), "%s is %p\n", paths[i], (void *)key);
        ok_err(RegCloseKey(key), ERROR_SUCCESS);
    }
}

static void a_part_is_found_from_a_key_of_ours(void)
{
    HKEY software = NULL, key = NULL;
    ok_err(RegOpenKeyExA(HKEY_CURRENT_USER, "Software", 0, KEY_READ, &software), ERROR_SUCCESS);
    ok(!is_wines(software), "Software is Wine's\n");
    ok_err(RegOpenKeyExA(software, "Wine", 0, KEY_READ, &key), ERROR_SUCCESS);
    ok(is_wines(key), "it is %p\n", (void *)key);
    RegCloseKey(key);
    ok_err(RegOpenKeyExA(software, "wine\\DllOverrides", 0, KEY_READ, &key), ERROR_SUCCESS);
    ok(is_wines(key), "it is %p\n", (void *)key);
    RegCloseKey(key);
    RegCloseKey(software);
}

static void the_classes_root_goes_with_the_machines_classes(void)
{
    HKEY key = NULL;
    char text[20] = "";
    LONG size = sizeof(text);
    ok_err(RegCreateKeyA(HKEY_CLASSES_ROOT, ".decanter", &key), ERROR_SUCCESS);
    ok(is_wines(key), "it is %p\n", (void *)key);
    ok_err(RegSetValueA(key, NULL, REG_SZ, "here", 4), ERROR_SUCCESS);
    RegCloseKey(key);
    ok_err(RegQueryValueA(HKEY_LOCAL_MACHINE, "Software\\Classes\\.decanter", text, &size),
           ERROR_SUCCESS);
    ok(!strcmp(text, "here"), "got %s\n", text);
    ok_err(RegDeleteKeyA(HKEY_CLASSES_ROOT, ".decanter"), ERROR_SUCCESS);
    ok_err(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\Classes\\.decanter", &key),
           ERROR_FILE_NOT_FOUND);
}

static void names_that_only_begin_alike_are_ours(void)
{
    HKEY key = NULL;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\WineNot", &key), ERROR_SUCCESS);
    ok(!is_wines(key), "it is Wine's\n");
    RegDeleteKeyA(key, "");
    RegCloseKey(key);
}

static void values_of_a_part(void)
{
    HKEY key = NULL, sub = NULL;
    char text[20];
    DWORD size = sizeof(text), count = 9;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart\\Deep", &key), ERROR_SUCCESS);
    ok(is_wines(key), "it is %p\n", (void *)key);
    set_string(key, "v", "hello");
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)text, &size), ERROR_SUCCESS);
    ok(size == 6 && !strcmp(text, "hello"), "size %lu\n", size);
    ok_err(RegCreateKeyA(key, "sub", &sub), ERROR_SUCCESS);
    ok(is_wines(sub), "it is %p\n", (void *)sub);
    ok_err(RegSetValueA(sub, NULL, REG_SZ, "x", 1), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok_err(RegEnumKeyA(key, 0, text, sizeof(text)), ERROR_SUCCESS);
    ok(!strcmp(text, "sub"), "got %s\n", text);
    ok_err(
        RegQueryInfoKeyA(key, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        ERROR_SUCCESS);
    ok(count == 1, "%lu subkeys\n", count);
    size = sizeof(text);
    ok_err(RegGetValueA(key, "sub", NULL, RRF_RT_REG_SZ, NULL, text, &size), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(key, NULL), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart\\Deep"), ERROR_SUCCESS);
    RegCloseKey(key);
    ok_err(RegOpenKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart\\Deep", &key),
           ERROR_FILE_NOT_FOUND);
}

static int shows(HKEY key, const char *name)
{
    char got[300];
    DWORD subkeys = 0, i;
    int found = 0;
    RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    for (i = 0; !RegEnumKeyA(key, i, got, sizeof(got)); i++)
        found += !lstrcmpiA(got, name);
    ok(i == subkeys, "%lu subkeys enumerated, %lu told\n", i, subkeys);
    return found;
}

static void a_part_is_seen_among_its_parents_subkeys(void)
{
    HKEY software = NULL, machine = NULL;
    ok_err(RegOpenKeyExA(HKEY_CURRENT_USER, "Software", 0, KEY_READ, &software), ERROR_SUCCESS);
    ok(shows(software, "Wine") == 1, "Wine is not seen once\n");
    RegCloseKey(software);
    ok(shows(HKEY_LOCAL_MACHINE, "HARDWARE") == 1, "HARDWARE is not seen once\n");
    ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0, KEY_READ, &machine), ERROR_SUCCESS);
    ok(shows(machine, "DecanterPart") == 0, "a part that Wine has not is seen\n");
    RegCloseKey(machine);
}

/* A part's class and time come as those of any key: with room, with too little, and not asked. */
static void a_part_is_enumerated_with_its_class(void)
{
    WCHAR name[40], class_name[40];
    DWORD name_len = ARRAYSIZE(name), class_len = ARRAYSIZE(class_name);
    FILETIME none = {7, 7}, time = none;
    HKEY above = NULL, part = NULL;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart", &above), ERROR_SUCCESS);
    ok_err(RegCreateKeyExA(above, "Deep", 0, (char *)"sort", 0, KEY_ALL_ACCESS, NULL, &part, NULL),
           ERROR_SUCCESS);
    ok(is_wines(part), "it is %p\n", (void *)part);
    ok_err(RegEnumKeyExW(above, 0, name, &name_len, NULL, class_name, &class_len, &time),
           ERROR_SUCCESS);
    ok(name_len == 4 && class_len == 4, "lengths %lu, %lu\n", name_len, class_len);
    ok(!wcscmp(class_name, L"sort"), "another class\n");
    ok(CompareFileTime(&time, &none) != 0, "no time\n");
    name_len = ARRAYSIZE(name);
    class_len = 4;
    ok_err(RegEnumKeyExW(above, 0, name, &name_len, NULL, class_name, &class_len, NULL),
           ERROR_MORE_DATA);
    ok(class_len == 4, "length %lu\n", class_len);
    class_len = 0;
    ok_err(RegEnumKeyExW(above, 0, name, &name_len, NULL, NULL, &class_len, NULL), ERROR_SUCCESS);
    ok(class_len == 4, "length %lu\n", class_len);
    time = none;
    name_len = ARRAYSIZE(name);
    ok_err(RegEnumKeyExW(above, 1, name, &name_len, NULL, NULL, NULL, &time), ERROR_NO_MORE_ITEMS);
    ok(!CompareFileTime(&time, &none), "the time of a key that is not there\n");
    RegDeleteKeyA(part, "");
    RegCloseKey(part);
    RegDeleteKeyA(above, "");
    RegCloseKey(above);
}

/* The A function has its own memory for the class. */
static void a_part_without_a_class_has_an_empty_one(void)
{
    char name[40], class_name[40] = "before";
    DWORD name_len = ARRAYSIZE(name), class_len = ARRAYSIZE(class_name);
    HKEY above = NULL, part = NULL;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart", &above), ERROR_SUCCESS);
    ok_err(RegCreateKeyA(above, "Deep", &part), ERROR_SUCCESS);
    ok_err(RegEnumKeyExA(above, 0, name, &name_len, NULL, class_name, &class_len, NULL),
           ERROR_SUCCESS);
    ok(!class_len && !class_name[0], "class of %lu characters\n", class_len);
    RegDeleteKeyA(part, "");
    RegCloseKey(part);
    RegDeleteKeyA(above, "");
    RegCloseKey(above);
}

/* A 32-bit Windows, which ignores what is said of views. */
static BOOL has_one_view(void)
{
    BOOL emulated = FALSE;
    return sizeof(void *) == 4 && IsWow64Process(GetCurrentProcess(), &emulated) && !emulated;
}

static void a_part_in_both_views(void)
{
    static const REGSAM views[] = {KEY_WOW64_32KEY, KEY_WOW64_64KEY};
    for (int i = 0; i < 2; i++) {
        HKEY key = NULL, software = NULL;
        ok_err(RegCreateKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterPart", 0, NULL, 0,
                               KEY_ALL_ACCESS | views[i], NULL, &key, NULL),
               ERROR_SUCCESS);
        ok(is_wines(key), "it is %p\n", (void *)key);
        set_dword(key, "view", (DWORD)i);
        RegCloseKey(key);
        ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0, KEY_READ | views[i], &software),
               ERROR_SUCCESS);
        ok_err(RegOpenKeyExA(software, "DecanterPart", 0, KEY_READ | views[i], &key),
               ERROR_SUCCESS);
        ok(is_wines(key), "it is %p\n", (void *)key);
        DWORD value = 77, size = sizeof(value);
        ok_err(RegQueryValueExA(key, "view", NULL, NULL, (BYTE *)&value, &size), ERROR_SUCCESS);
        ok(value == (DWORD)i, "got %lu\n", value);
        RegCloseKey(key);
        RegCloseKey(software);
    }
    for (int i = 0; i < 2; i++)
        ok_err(RegDeleteKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterPart", views[i], 0),
               i && has_one_view() ? ERROR_FILE_NOT_FOUND : ERROR_SUCCESS);
}

static void trees_are_copied_between_wines_and_ours(void)
{
    FIXTURE(key);
    HKEY part = NULL;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart\\Deep", &part), ERROR_SUCCESS);
    RegCloseKey(make_key(part, "a\\b"));
    set_string(part, "v", "hello");
    ok_err(RegCopyTreeA(part, NULL, key), ERROR_SUCCESS);
    ok(has_key(key, "a\\b"), "no copy\n");
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    RegDeleteTreeA(part, NULL);
    RegDeleteKeyA(part, "");
    RegCloseKey(part);
    END(key);
}

/* A backslash is a path below the root, which leads to a key of its own. */
static void a_backslash_opens_the_classes_root(void)
{
    HKEY key = NULL;
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "", 0, KEY_READ, &key), ERROR_SUCCESS);
    ok(key == HKEY_CLASSES_ROOT, "got %p\n", (void *)key);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "\\", 0, KEY_READ, &key), ERROR_SUCCESS);
    ok(key != HKEY_CLASSES_ROOT, "the predefined key\n");
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "\\\\", 0, KEY_READ, &key), ERROR_BAD_PATHNAME);
}

static void enable(const char *privilege)
{
    TOKEN_PRIVILEGES p = {.PrivilegeCount = 1};
    HANDLE token;
    OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token);
    LookupPrivilegeValueA(NULL, privilege, &p.Privileges[0].Luid);
    p.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    AdjustTokenPrivileges(token, FALSE, &p, 0, NULL, NULL);
    CloseHandle(token);
}

static HKEY part_to_save(void)
{
    HKEY part = NULL, sub;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\DecanterPart\\Deep", &part), ERROR_SUCCESS);
    sub = make_key(part, "a\\b \xe9");
    set_string(sub, "v \"\\", "hello");
    set_dword(sub, NULL, 7);
    RegCloseKey(sub);
    ok_err(RegCreateKeyExA(part, "volatile", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL,
                           &sub, NULL),
           ERROR_SUCCESS);
    RegCloseKey(sub);
    enable("SeBackupPrivilege");
    enable("SeRestorePrivilege");
    return part;
}

static void part_end(HKEY part)
{
    RegDeleteTreeA(part, NULL);
    RegDeleteKeyA(part, "");
    RegCloseKey(part);
}

static void check_saved(HKEY key)
{
    HKEY sub = NULL;
    char text[20] = "";
    DWORD size = sizeof(text), type = 0;
    ok_err(RegOpenKeyExA(key, "a\\b \xe9", 0, KEY_READ, &sub), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(sub, "v \"\\", NULL, &type, (BYTE *)text, &size), ERROR_SUCCESS);
    ok(type == REG_SZ && !strcmp(text, "hello"), "type %lu, %s\n", type, text);
    size = sizeof(text);
    ok_err(RegQueryValueExA(sub, NULL, NULL, &type, (BYTE *)text, &size), ERROR_SUCCESS);
    ok(type == REG_DWORD && size == 4 && text[0] == 7, "type %lu\n", type);
    RegCloseKey(sub);
    ok(!has_key(key, "volatile"), "a volatile key was saved\n");
}

static void a_part_is_saved_as_a_hive(void)
{
    FIXTURE(key);
    HKEY part = part_to_save(), app = NULL;
    DeleteFileA("part.dat");
    ok_err(RegSaveKeyA(part, "part.dat", NULL), ERROR_SUCCESS);
    ok_err(RegSaveKeyA(part, "part.dat", NULL), ERROR_ALREADY_EXISTS);
    ok_err(RegRestoreKeyA(key, "part.dat", 0), ERROR_SUCCESS);
    check_saved(key);
    ok_err(RegLoadKeyA(HKEY_LOCAL_MACHINE, TEST_NAME "Part", "part.dat"), ERROR_SUCCESS);
    ok_err(RegOpenKeyA(HKEY_LOCAL_MACHINE, TEST_NAME "Part", &app), ERROR_SUCCESS);
    check_saved(app);
    RegCloseKey(app);
    ok_err(RegUnLoadKeyA(HKEY_LOCAL_MACHINE, TEST_NAME "Part"), ERROR_SUCCESS);
    DeleteFileA("part2.dat");
    ok_err(RegSaveKeyExA(part, "part2.dat", NULL, REG_LATEST_FORMAT), ERROR_SUCCESS);
    ok_err(RegLoadAppKeyA("part2.dat", &app, KEY_READ, 0, 0), ERROR_SUCCESS);
    check_saved(app);
    RegCloseKey(app);
    ok_err(RegSaveKeyA(part, "none\\part.dat", NULL), ERROR_PATH_NOT_FOUND);
    part_end(part);
    END(key);
}

static void a_hive_is_restored_to_a_part(void)
{
    HKEY part = part_to_save();
    DeleteFileA("part3.dat");
    ok_err(RegSaveKeyA(part, "part3.dat", NULL), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(part, "a"), ERROR_SUCCESS);
    RegCloseKey(make_key(part, "new"));
    set_dword(part, "new", 1);
    ok_err(RegRestoreKeyA(part, "part3.dat", 0), ERROR_SUCCESS);
    check_saved(part);
    ok(!has_key(part, "new"), "the new key is still there\n");
    ok_err(RegQueryValueExA(part, "new", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegRestoreKeyA(part, "none.dat", 0), ERROR_FILE_NOT_FOUND);
    part_end(part);
}

/* Every value's cell in the file is none any more. */
static void damage_values(const char *path)
{
    static char bytes[0x40000];
    DWORD size = 0, n;
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, bytes, sizeof(bytes), &size, NULL);
    for (DWORD i = 0x1000; i + 1 < size; i++) {
        if (!memcmp(bytes + i, "vk", 2))
            memcpy(bytes + i, "xx", 2);
    }
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    WriteFile(file, bytes, size, &n, NULL);
    CloseHandle(file);
}

static void a_damaged_hive_costs_the_part_nothing(void)
{
    HKEY part = part_to_save();
    RegDeleteKeyA(part, "volatile");
    DeleteFileA("part4.dat");
    ok_err(RegSaveKeyA(part, "part4.dat", NULL), ERROR_SUCCESS);
    damage_values("part4.dat");
    ok_err(RegRestoreKeyA(part, "part4.dat", 0), ERROR_REGISTRY_CORRUPT);
    check_saved(part);
    part_end(part);
}

START_TEST(wineparts)
{
    int written = write_list();
    test_dll("advapi32");
    if (test_builtin_dlls || !written) {
        skip("nothing is passed on here\n");
        return;
    }
    RUN(a_part_is_opened_as_wines);
    RUN(a_part_is_found_from_a_key_of_ours);
    RUN(the_classes_root_goes_with_the_machines_classes);
    RUN(names_that_only_begin_alike_are_ours);
    RUN(values_of_a_part);
    RUN(a_part_is_seen_among_its_parents_subkeys);
    RUN(a_part_is_enumerated_with_its_class);
    RUN(a_part_without_a_class_has_an_empty_one);
    RUN(a_part_in_both_views);
    RUN(trees_are_copied_between_wines_and_ours);
    RUN(a_backslash_opens_the_classes_root);
    RUN(a_part_is_saved_as_a_hive);
    RUN(a_hive_is_restored_to_a_part);
    RUN(a_damaged_hive_costs_the_part_nothing);
}
