/* RegSaveKey, RegRestoreKey, RegLoadKey, RegLoadAppKey, RegLoadMUIString's errors. */
#include "fixture.h"

static char folder[MAX_PATH];

static const char *file_name(const char *name)
{
    static char path[2][MAX_PATH + 40];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof(path[turn]), "%s" TEST_NAME "-%s", folder, name);
    return path[turn];
}

static BOOL privilege(const char *name, BOOL on)
{
    TOKEN_PRIVILEGES wanted = {.PrivilegeCount = 1};
    HANDLE token = NULL;
    BOOL done = OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token) &&
                LookupPrivilegeValueA(NULL, name, &wanted.Privileges[0].Luid);
    wanted.Privileges[0].Attributes = on ? SE_PRIVILEGE_ENABLED : 0;
    done = done && AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL);
    CloseHandle(token);
    return done;
}

static void saving_needs_a_privilege(void)
{
    FIXTURE(key);
    const char *file = file_name("denied.hiv");
    privilege("SeBackupPrivilege", FALSE);
    DeleteFileA(file);
    ok_err(RegSaveKeyA(key, file, NULL), ERROR_PRIVILEGE_NOT_HELD);
    differs("RegSaveKeyW")
        ok(GetFileAttributesA(file) == INVALID_FILE_ATTRIBUTES, "a file was made\n");
    DeleteFileA(file);
    ok_err(RegSaveKeyA(key, NULL, NULL), ERROR_INVALID_PARAMETER);
    END(key);
}

static void a_saved_key_is_restored(void)
{
    FIXTURE(key);
    HKEY from = make_key(key, "from"), to = make_key(key, "to");
    const char *file = file_name("saved.hiv");
    RegCloseKey(make_key(from, "a\\b"));
    set_string(from, "v", "hello");
    set_string(to, "old", "x");
    privilege("SeBackupPrivilege", TRUE);
    privilege("SeRestorePrivilege", TRUE);
    DeleteFileA(file);
    ok_err(RegSaveKeyA(from, file, NULL), ERROR_SUCCESS);
    differs("RegSaveKeyW") ok_err(RegSaveKeyA(from, file, NULL), ERROR_ALREADY_EXISTS);
    if (test_builtin_dlls) {
        skip("Wine's own restores nothing\n");
    } else {
        ok_err(RegRestoreKeyA(to, file, 0), ERROR_SUCCESS);
        ok(has_key(to, "a\\b"), "no subkeys\n");
        ok_err(RegQueryValueExA(to, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
        ok_err(RegQueryValueExA(to, "old", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    }
    DeleteFileA(file);
    RegCloseKey(from);
    RegCloseKey(to);
    privilege("SeBackupPrivilege", FALSE);
    privilege("SeRestorePrivilege", FALSE);
    END(key);
}

static void a_saved_key_is_loaded(void)
{
    FIXTURE(key);
    const char *file = file_name("load.hiv");
    set_string(key, "v", "hello");
    privilege("SeBackupPrivilege", TRUE);
    privilege("SeRestorePrivilege", TRUE);
    DeleteFileA(file);
    ok_err(RegSaveKeyA(key, file, NULL), ERROR_SUCCESS);
    ok_err(RegLoadKeyA(HKEY_USERS, "DecanterLoaded", file), ERROR_SUCCESS);
    ok(has_key(HKEY_USERS, "DecanterLoaded"), "it is not there\n");
    ok_err(RegUnLoadKeyA(HKEY_USERS, "DecanterLoaded"), ERROR_SUCCESS);
    ok(!has_key(HKEY_USERS, "DecanterLoaded"), "it is still there\n");
    DeleteFileA(file);
    privilege("SeBackupPrivilege", FALSE);
    privilege("SeRestorePrivilege", FALSE);
    END(key);
}

static void a_file_in_use_is_not_deleted(void)
{
    const char *file = file_name("used.hiv");
    HKEY key = NULL;
    if (test_builtin_dlls) {
        skip("Wine's own reads the file and closes it\n");
        return;
    }
    DeleteFileA(file);
    ok_err(RegLoadAppKeyA(file, &key, KEY_ALL_ACCESS, 0, 0), ERROR_SUCCESS);
    ok(!DeleteFileA(file) && GetLastError() == ERROR_SHARING_VIOLATION, "error %lu\n",
       GetLastError());
    RegCloseKey(key);
    ok(DeleteFileA(file), "error %lu\n", GetLastError());
}

static void loading_leaves_the_last_error_alone(void)
{
    const char *file = file_name("last.hiv");
    HKEY key = NULL;
    if (test_builtin_dlls) {
        skip("Wine's own gives no handle that may be closed\n");
        return;
    }
    DeleteFileA(file);
    SetLastError(0xdead);
    ok_err(RegLoadAppKeyA(file, &key, KEY_ALL_ACCESS, 0, 0), ERROR_SUCCESS);
    ok(GetLastError() == 0xdead, "last error %lu\n", GetLastError());
    RegCloseKey(key);
    DeleteFileA(file);
}

static void replace_loaded(HKEY from, const char *file, const char *backup)
{
    HKEY loaded = NULL;
    ok_err(RegOpenKeyExA(HKEY_USERS, "DecanterReplaced", 0, KEY_ALL_ACCESS, &loaded),
           ERROR_SUCCESS);
    ok_err(RegSaveKeyA(from, file, NULL), ERROR_SUCCESS);
    ok_err(RegReplaceKeyA(loaded, NULL, file, backup), ERROR_SUCCESS);
    ok(has_key(loaded, "new"), "not replaced\n");
    ok(GetFileAttributesA(backup) != INVALID_FILE_ATTRIBUTES, "no backup\n");
    RegCloseKey(loaded);
}

static void without_a_subkey_the_keys_own_hive_is_replaced(void)
{
    FIXTURE(key);
    char hive[MAX_PATH];
    const char *file, *backup;
    strcpy(hive, file_name("replaced.hiv"));
    file = file_name("replacing.hiv"), backup = file_name("backup.hiv");
    if (test_builtin_dlls) {
        skip("Wine's own replaces nothing\n");
    } else {
        privilege("SeBackupPrivilege", TRUE);
        privilege("SeRestorePrivilege", TRUE);
        ok_err(RegSaveKeyA(key, hive, NULL), ERROR_SUCCESS);
        RegCloseKey(make_key(key, "new"));
        ok_err(RegLoadKeyA(HKEY_USERS, "DecanterReplaced", hive), ERROR_SUCCESS);
        replace_loaded(key, file, backup);
        ok_err(RegUnLoadKeyA(HKEY_USERS, "DecanterReplaced"), ERROR_SUCCESS);
        privilege("SeBackupPrivilege", FALSE);
        privilege("SeRestorePrivilege", FALSE);
    }
    DeleteFileA(hive);
    DeleteFileA(file);
    DeleteFileA(backup);
    END(key);
}

static void an_app_key_is_a_file_of_its_own(void)
{
    const char *file = file_name("app.hiv");
    HKEY key = NULL, sub = NULL, again = NULL;
    if (test_builtin_dlls) {
        skip("Wine's own gives 0xdeadbeef\n");
        return;
    }
    DeleteFileA(file);
    ok_err(RegLoadAppKeyA(file, &key, KEY_ALL_ACCESS, 0, 0), ERROR_SUCCESS);
    ok_err(RegCreateKeyA(key, "a\\b", &sub), ERROR_SUCCESS);
    set_string(sub, "v", "hello");
    RegCloseKey(sub);
    ok_err(RegLoadAppKeyA(file, &again, KEY_READ, 0, 0), ERROR_SUCCESS);
    ok(has_key(again, "a\\b"), "another hive\n");
    RegCloseKey(again);
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
    ok_err(RegLoadAppKeyA(file, &key, KEY_READ, REG_PROCESS_APPKEY, 0), ERROR_SUCCESS);
    ok_err(RegGetValueA(key, "a\\b", "v", RRF_RT_REG_SZ, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
    ok(DeleteFileA(file), "the file is still open: error %lu\n", GetLastError());
    ok_err(RegLoadAppKeyA(NULL, &key, KEY_READ, 0, 0), ERROR_INVALID_PARAMETER);
    ok_err(RegLoadAppKeyA(file, NULL, KEY_READ, 0, 0), ERROR_INVALID_PARAMETER);
    ok_err(RegLoadAppKeyA(file, &key, KEY_READ, 2, 0), ERROR_INVALID_PARAMETER);
    ok_err(RegLoadAppKeyA(file, &key, KEY_READ, 0, 1), ERROR_INVALID_PARAMETER);
}

static void let_everybody_in(HKEY key, DWORD rights)
{
    SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    SECURITY_DESCRIPTOR sd;
    BYTE acl_room[100];
    PACL acl = (PACL)acl_room;
    InitializeAcl(acl, sizeof(acl_room), ACL_REVISION);
    AddAccessAllowedAce(acl, ACL_REVISION, rights, &everyone);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
}

static void save(HKEY key, const char *file)
{
    DeleteFileA(file);
    privilege("SeBackupPrivilege", TRUE);
    ok_err(RegSaveKeyA(key, file, NULL), ERROR_SUCCESS);
    privilege("SeBackupPrivilege", FALSE);
}

/* "All keys inside the hive must have the same security descriptor, otherwise the function will
 * fail." */
static void an_app_key_with_two_descriptors(void)
{
    FIXTURE(key);
    const char *file = file_name("mixed.hiv");
    HKEY sub = make_key(key, "a\\b"), app = NULL;
    save(key, file);
    if (test_builtin_dlls) {
        skip("Wine's own gives 0xdeadbeef\n");
    } else {
        ok_err(RegLoadAppKeyA(file, &app, KEY_READ, 0, 0), ERROR_SUCCESS);
        ok_err(RegCloseKey(app), ERROR_SUCCESS);
        let_everybody_in(sub, KEY_ALL_ACCESS);
        save(key, file);
        ok_err(RegLoadAppKeyA(file, &app, KEY_READ, 0, 0), ERROR_BADDB);
    }
    ok(DeleteFileA(file), "the file is still open: error %lu\n", GetLastError());
    RegCloseKey(sub);
    END(key);
}

/* So nothing that is made there may have another one. */
static void keys_made_in_an_app_key(void)
{
    FIXTURE(key);
    const char *file = file_name("made.hiv");
    HKEY sub = make_key(key, "a\\b"), app = NULL, made = NULL;
    SECURITY_DESCRIPTOR sd;
    SECURITY_ATTRIBUTES sa = {sizeof(sa), &sd, FALSE};
    let_everybody_in(sub, KEY_ALL_ACCESS);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE);
    if (test_builtin_dlls) {
        skip("Wine's own gives 0xdeadbeef\n");
    } else {
        DeleteFileA(file);
        ok_err(RegLoadAppKeyA(file, &app, KEY_ALL_ACCESS, 0, 0), ERROR_SUCCESS);
        ok_err(RegCreateKeyExA(app, "m", 0, NULL, 0, KEY_READ, &sa, &made, NULL), ERROR_SUCCESS);
        RegCloseKey(made);
        ok_err(RegCopyTreeA(key, NULL, app), ERROR_SUCCESS);
        ok_err(RegCloseKey(app), ERROR_SUCCESS);
        ok_err(RegLoadAppKeyA(file, &app, KEY_READ, 0, 0), ERROR_SUCCESS);
        ok(has_key(app, "a\\b") && has_key(app, "m"), "not all is there\n");
        ok_err(RegCloseKey(app), ERROR_SUCCESS);
        DeleteFileA(file);
    }
    RegCloseKey(sub);
    END(key);
}

/* As by any other function that opens a file. */
static void a_file_in_no_folder(void)
{
    FIXTURE(key);
    if (test_builtin_dlls) {
        skip("Wine's own restores nothing\n");
    } else {
        privilege("SeRestorePrivilege", TRUE);
        ok_err(RegRestoreKeyA(key, file_name("none.hiv"), 0), ERROR_FILE_NOT_FOUND);
        ok_err(RegRestoreKeyA(key, file_name("none\\none.hiv"), 0), ERROR_PATH_NOT_FOUND);
        privilege("SeRestorePrivilege", FALSE);
    }
    END(key);
}

static WCHAR system_folder[MAX_PATH];

static LONG load_string(HKEY key, const char *text, DWORD type, WCHAR *buf, DWORD room)
{
    RegSetValueExA(key, "m", 0, type, (const BYTE *)text, (DWORD)strlen(text) + 1);
    return RegLoadMUIStringW(key, L"m", buf, room, NULL, 0, system_folder);
}

static void string_resources_by_name(void)
{
    FIXTURE(key);
    WCHAR buf[40];
    char text[40];
    ok_err(load_string(key, "", REG_SZ, buf, sizeof(buf)), ERROR_INVALID_DATA);
    ok_err(RegSetValueExA(key, "m", 0, REG_SZ, NULL, 0), ERROR_SUCCESS);
    ok_err(RegLoadMUIStringW(key, L"m", buf, sizeof(buf), NULL, 0, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegLoadMUIStringW(key, L"m", buf, sizeof(buf), NULL, 0, L""), ERROR_FILE_NOT_FOUND);
    ok_err(load_string(key, "no reference", REG_SZ, buf, sizeof(buf)), ERROR_INVALID_DATA);
    ok_err(load_string(key, "@none.dll", REG_SZ, buf, sizeof(buf)), ERROR_INVALID_DATA);
    ok_err(load_string(key, "@none.dll,a", REG_SZ, buf, sizeof(buf)), ERROR_INVALID_DATA);
    ok_err(load_string(key, "@none.dll,-10", REG_SZ, buf, sizeof(buf)), ERROR_FILE_NOT_FOUND);
    ok_err(load_string(key, "@user32.dll,-64000", REG_SZ, buf, sizeof(buf)),
           ERROR_RESOURCE_NAME_NOT_FOUND);
    ok_err(load_string(key, "@none.dll,-10", REG_BINARY, buf, sizeof(buf)), ERROR_FILE_NOT_FOUND);
    ok_err(load_string(key, "@none.dll,-10", REG_SZ, buf, 7), ERROR_INVALID_PARAMETER);
    ok_err(RegLoadMUIStringW(key, L"none", buf, sizeof(buf), NULL, 0, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegLoadMUIStringA(key, "m", text, sizeof(text), NULL, 0, NULL),
           ERROR_CALL_NOT_IMPLEMENTED);
    END(key);
}

static void a_string_resource_comes_out_whole(void)
{
    FIXTURE(key);
    HMODULE user32 = LoadLibraryA("user32.dll");
    WCHAR expected[200], buf[200], text[40];
    UINT id = 1;
    DWORD need = 0;
    int len = 0;
    int(WINAPI * load)(HINSTANCE, UINT, LPWSTR, int) =
        (int(WINAPI *)(HINSTANCE, UINT, LPWSTR, int))(void *)GetProcAddress(user32, "LoadStringW");
    while (id < 5000 && (len = load(user32, id, expected, 200)) < 2)
        id++;
    swprintf(text, 40, L"@user32.dll,-%u", id);
    RegSetValueExW(key, L"m", 0, REG_SZ, (const BYTE *)text,
                   (DWORD)(wcslen(text) + 1) * sizeof(WCHAR));
    ok_err(RegLoadMUIStringW(key, L"m", buf, sizeof(buf), &need, 0, system_folder), ERROR_SUCCESS);
    ok(!wcscmp(buf, expected), "another text\n");
    ok(need == (DWORD)(len + 1) * sizeof(WCHAR), "%lu bytes\n", need);
    ok_err(RegLoadMUIStringW(key, L"m", buf, 4, &need, 0, system_folder), ERROR_MORE_DATA);
    ok(need == (DWORD)(len + 1) * sizeof(WCHAR), "%lu bytes\n", need);
    ok_err(RegLoadMUIStringW(key, L"m", buf, 4, NULL, REG_MUI_STRING_TRUNCATE, system_folder),
           ERROR_SUCCESS);
    ok(buf[0] == expected[0] && !buf[1], "not cut\n");
    ok_err(RegLoadMUIStringW(key, L"m", buf, 0, NULL, REG_MUI_STRING_TRUNCATE, system_folder),
           ERROR_SUCCESS);
    ok_err(RegLoadMUIStringW(key, L"m", buf, 4, &need, REG_MUI_STRING_TRUNCATE, system_folder),
           ERROR_INVALID_PARAMETER);
    END(key);
}

START_TEST(hivefile)
{
    test_dll("advapi32");
    GetTempPathA(MAX_PATH, folder);
    GetSystemDirectoryW(system_folder, MAX_PATH);
    RUN(saving_needs_a_privilege);
    RUN(a_saved_key_is_restored);
    RUN(a_saved_key_is_loaded);
    RUN(an_app_key_is_a_file_of_its_own);
    RUN(an_app_key_with_two_descriptors);
    RUN(keys_made_in_an_app_key);
    RUN(a_file_in_no_folder);
    RUN(a_file_in_use_is_not_deleted);
    RUN(loading_leaves_the_last_error_alone);
    RUN(without_a_subkey_the_keys_own_hive_is_replaced);
    RUN(string_resources_by_name);
    RUN(a_string_resource_comes_out_whole);
}
