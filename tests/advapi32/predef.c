/* Predefined keys: overriding, connecting, opening by token, reflection. */
#include "fixture.h"

static void a_root_can_be_another_key(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    RegCloseKey(sub);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, key), ERROR_SUCCESS);
    ok(has_key(HKEY_LOCAL_MACHINE, "x"), "HKEY_LOCAL_MACHINE is still itself\n");
    ok(!has_key(HKEY_LOCAL_MACHINE, "Software"), "HKEY_LOCAL_MACHINE is still itself\n");
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL), ERROR_SUCCESS);
    ok(has_key(HKEY_LOCAL_MACHINE, "Software"), "HKEY_LOCAL_MACHINE is not itself again\n");
    END(key);
}

static void the_override_outlives_the_handle(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    RegCloseKey(make_key(sub, "y"));
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, sub), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok(has_key(HKEY_LOCAL_MACHINE, "y"), "the key is gone\n");
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL), ERROR_SUCCESS);
    END(key);
}

static void the_override_gives_no_other_rights(void)
{
    FIXTURE(key);
    HKEY read = NULL;
    RegCloseKey(make_key(key, "x"));
    ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &read), ERROR_SUCCESS);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, read), ERROR_SUCCESS);
    ok(has_key(HKEY_LOCAL_MACHINE, "x"), "HKEY_LOCAL_MACHINE is still itself\n");
    ok_err(RegSetValueExA(HKEY_LOCAL_MACHINE, "v", 0, REG_SZ, (const BYTE *)"", 1),
           ERROR_ACCESS_DENIED);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL), ERROR_SUCCESS);
    RegCloseKey(read);
    END(key);
}

static void a_root_can_be_a_deleted_key(void)
{
    FIXTURE(key);
    HKEY gone = make_key(key, "gone"), sub = NULL;
    ok_err(RegDeleteKeyA(key, "gone"), ERROR_SUCCESS);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, gone), ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "x", 0, KEY_READ, &sub), ERROR_KEY_DELETED);
    ok_err(RegCreateKeyA(HKEY_LOCAL_MACHINE, "x", &sub), ERROR_KEY_DELETED);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL), ERROR_SUCCESS);
    ok(has_key(HKEY_LOCAL_MACHINE, "Software"), "HKEY_LOCAL_MACHINE is not itself again\n");
    RegCloseKey(gone);
    END(key);
}

/* Its page names it among the keys that can be. */
static void performance_data_can_be_another_key(void)
{
    FIXTURE(key);
    DWORD value = 0, size = sizeof(value);
    set_dword(key, "v", 7);
    ok_err(RegOverridePredefKey(HKEY_PERFORMANCE_DATA, key), ERROR_SUCCESS);
    if (!test_builtin_dlls) {
        ok_err(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "v", NULL, NULL, (BYTE *)&value, &size),
               ERROR_SUCCESS);
        ok(value == 7, "got %lu\n", value);
        ok_err(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "none", NULL, NULL, NULL, &size),
               ERROR_FILE_NOT_FOUND);
    }
    ok_err(RegOverridePredefKey(HKEY_PERFORMANCE_DATA, NULL), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "Global", NULL, NULL, NULL, &size),
           ERROR_MORE_DATA);
    END(key);
}

static void only_roots_can_be_overridden(void)
{
    FIXTURE(key);
    ok_err(RegOverridePredefKey(key, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegOverridePredefKey(key, HKEY_CURRENT_USER), ERROR_INVALID_HANDLE);
    ok_err(RegOverridePredefKey((HKEY)(ULONG_PTR)0x80000009, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NO_KEY), ERROR_INVALID_HANDLE);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER), ERROR_INVALID_HANDLE);
    END(key);
}

static void an_overridden_root_leaves_the_last_error_alone(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    RegCloseKey(make_key(key, "x"));
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, key), ERROR_SUCCESS);
    SetLastError(0xdead);
    ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "x", 0, KEY_READ, &sub), ERROR_SUCCESS);
    ok(GetLastError() == 0xdead, "last error %lx\n", GetLastError());
    RegCloseKey(sub);
    ok_err(RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL), ERROR_SUCCESS);
    END(key);
}

static void a_root_can_be_a_class(void)
{
    HKEY clsid = NULL, sub = NULL;
    ok_err(RegCreateKeyA(HKEY_CLASSES_ROOT, "DecanterTest\\Sub", &sub), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "DecanterTest", 0, KEY_READ, &clsid), ERROR_SUCCESS);
    ok_err(RegOverridePredefKey(HKEY_CURRENT_USER, clsid), ERROR_SUCCESS);
    RegCloseKey(clsid);
    ok(has_key(HKEY_CURRENT_USER, "Sub"), "the class is not there\n");
    ok_err(RegOverridePredefKey(HKEY_CURRENT_USER, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(HKEY_CLASSES_ROOT, "DecanterTest"), ERROR_SUCCESS);
}

static void performance_data_can_be_connected(void)
{
    HKEY key = NULL;
    ok_err(RegConnectRegistryA(NULL, HKEY_PERFORMANCE_DATA, &key), ERROR_SUCCESS);
    ok(key != NULL, "no key\n");
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
}

static void this_machine_can_be_connected(void)
{
    char name[MAX_COMPUTERNAME_LENGTH + 3] = "\\\\";
    DWORD len = MAX_COMPUTERNAME_LENGTH + 1;
    HKEY key = NULL;
    ok_err(RegConnectRegistryA(NULL, HKEY_LOCAL_MACHINE, &key), ERROR_SUCCESS);
    ok(has_key(key, "Software"), "it is not the machine's\n");
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
    GetComputerNameA(name + 2, &len);
    ok_err(RegConnectRegistryA(name + 2, HKEY_USERS, &key), ERROR_SUCCESS);
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
    ok_err(RegConnectRegistryA(name, HKEY_LOCAL_MACHINE, &key), ERROR_SUCCESS);
    ok_err(RegCloseKey(key), ERROR_SUCCESS);
}

static void other_machines_are_not_there(void)
{
    HKEY key = NULL;
    ok_err(RegConnectRegistryA("\\\\no.such.machine", HKEY_LOCAL_MACHINE, &key), ERROR_BAD_NETPATH);
    ok_err(RegConnectRegistryA(NULL, HKEY_LOCAL_MACHINE, NULL), ERROR_INVALID_PARAMETER);
}

static void only_roots_can_be_connected(void)
{
    FIXTURE(key);
    HKEY result = NULL;
    differs(DOC_PREDEF) ok_err(RegConnectRegistryA(NULL, key, &result), ERROR_INVALID_HANDLE);
    END(key);
}

static void the_current_user_by_function(void)
{
    FIXTURE(key);
    HKEY user = NULL;
    ok_err(RegOpenCurrentUser(KEY_READ, &user), ERROR_SUCCESS);
    ok(user != HKEY_CURRENT_USER, "it is the predefined one\n");
    ok(has_key(user, FIXTURE_ROOT), "it is another user's\n");
    ok_err(RegCloseKey(user), ERROR_SUCCESS);
    END(key);
}

static void the_classes_of_a_token(void)
{
    HKEY classes = NULL;
    HANDLE token = NULL;
    differs(DOC_CLASSES)
        ok_err(RegOpenUserClassesRoot(NULL, 0, KEY_READ, &classes), ERROR_INVALID_HANDLE);
    differs(DOC_CLASSES) ok_err(RegOpenUserClassesRoot(GetCurrentProcess(), 0, KEY_READ, &classes),
                                ERROR_INVALID_HANDLE);
    OpenProcessToken(GetCurrentProcess(), TOKEN_DUPLICATE, &token);
    differs(DOC_CLASSES)
        ok_err(RegOpenUserClassesRoot(token, 0, KEY_READ, &classes), ERROR_ACCESS_DENIED);
    CloseHandle(token);
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    ok_err(RegOpenUserClassesRoot(token, 0, KEY_READ, &classes), ERROR_SUCCESS);
    ok_err(RegCloseKey(classes), ERROR_SUCCESS);
    differs(DOC_CLASSES)
        ok_err(RegOpenUserClassesRoot(token, 1, KEY_READ, &classes), ERROR_INVALID_PARAMETER);
    CloseHandle(token);
}

static void classes_are_the_users_over_the_machines(void)
{
    static const char name[] = ".decanter-test", path[] = "Software\\Classes\\.decanter-test";
    char text[20];
    LONG size = sizeof(text);
    RegDeleteTreeA(HKEY_CURRENT_USER, path);
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, path);
    ok_err(RegSetValueA(HKEY_LOCAL_MACHINE, path, REG_SZ, "machine", 0), ERROR_SUCCESS);
    ok_err(RegQueryValueA(HKEY_CLASSES_ROOT, name, text, &size), ERROR_SUCCESS);
    ok(!strcmp(text, "machine"), "got %s\n", text);
    ok_err(RegSetValueA(HKEY_CURRENT_USER, path, REG_SZ, "user", 0), ERROR_SUCCESS);
    size = sizeof(text);
    ok_err(RegQueryValueA(HKEY_CLASSES_ROOT, name, text, &size), ERROR_SUCCESS);
    differs("HKEY_CLASSES_ROOT Key") ok(!strcmp(text, "user"), "got %s\n", text);
    ok_err(RegDeleteTreeA(HKEY_CURRENT_USER, path), ERROR_SUCCESS);
    size = sizeof(text);
    ok_err(RegQueryValueA(HKEY_CLASSES_ROOT, name, text, &size), ERROR_SUCCESS);
    ok(!strcmp(text, "machine"), "got %s\n", text);
    ok_err(RegDeleteTreeA(HKEY_LOCAL_MACHINE, path), ERROR_SUCCESS);
}

/* Programs look at the two low bits of a handle: 2 is below HKEY_CLASSES_ROOT. */
static int is_class(HKEY key)
{
    return ((ULONG_PTR)key & 3) == 2;
}

static void handles_of_classes_show_it(void)
{
    static const struct {
        HKEY root;
        const char *path;
    } others[] = {{HKEY_CURRENT_USER, "Software"},
                  {HKEY_LOCAL_MACHINE, "Software"},
                  {HKEY_USERS, ".Default"}};
    HKEY made = NULL, key = NULL, sub = NULL;
    RegCreateKeyA(HKEY_LOCAL_MACHINE, "Software\\Classes\\DecanterTest\\Sub", &made);
    ok_err(RegOpenKeyA(HKEY_CLASSES_ROOT, "DecanterTest", &key), ERROR_SUCCESS);
    differs("HKEY_CLASSES_ROOT Key") ok(is_class(key), "it is %p\n", (void *)key);
    ok_err(RegOpenKeyA(key, "Sub", &sub), ERROR_SUCCESS);
    differs("HKEY_CLASSES_ROOT Key") ok(is_class(sub), "it is %p\n", (void *)sub);
    ok_err(RegSetValueA(sub, NULL, REG_SZ, "x", 1), ERROR_SUCCESS);
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    differs(DOC_CLOSE) ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    RegCloseKey(key);
    RegCloseKey(made);
    ok_err(RegDeleteTreeA(HKEY_CLASSES_ROOT, "DecanterTest"), ERROR_SUCCESS);
    for (int i = 0; i < 3; i++) {
        ok_err(RegOpenKeyA(others[i].root, others[i].path, &key), ERROR_SUCCESS);
        ok(!is_class(key), "%s is %p\n", others[i].path, (void *)key);
        RegCloseKey(key);
    }
}

#define CLASS      TEST_NAME
#define CLASS_PATH "Software\\Classes\\" CLASS

/* A class of the user's and of the machine's. */
static void make_classes(void)
{
    ok_err(RegSetValueA(HKEY_LOCAL_MACHINE, CLASS_PATH "\\a", REG_SZ, "machine", 0), ERROR_SUCCESS);
    ok_err(RegSetValueA(HKEY_LOCAL_MACHINE, CLASS_PATH, REG_SZ, "machine", 0), ERROR_SUCCESS);
    ok_err(RegSetValueA(HKEY_CURRENT_USER, CLASS_PATH "\\b", REG_SZ, "user", 0), ERROR_SUCCESS);
    ok_err(RegSetValueA(HKEY_CURRENT_USER, CLASS_PATH, REG_SZ, "user", 0), ERROR_SUCCESS);
}

static void delete_classes(void)
{
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, CLASS_PATH);
    RegDeleteTreeA(HKEY_CURRENT_USER, CLASS_PATH);
}

static void a_tree_of_classes_is_gone_in_both(void)
{
    make_classes();
    ok_err(RegDeleteTreeA(HKEY_CLASSES_ROOT, CLASS), ERROR_SUCCESS);
    ok(!has_key(HKEY_LOCAL_MACHINE, CLASS_PATH), "the machine's is there\n");
    differs(DOC_MERGED) ok(!has_key(HKEY_CURRENT_USER, CLASS_PATH), "the user's is there\n");
    delete_classes();
}

static void what_is_below_a_class_is_gone_in_both(void)
{
    HKEY key = NULL;
    make_classes();
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, CLASS, 0, KEY_ALL_ACCESS, &key), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(key, NULL), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, NULL, NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    ok(!has_key(key, "a") && !has_key(key, "b"), "a subkey is there\n");
    RegCloseKey(key);
    delete_classes();
}

static void values_of_a_class_are_counted_as_they_are_listed(void)
{
    HKEY key = NULL;
    DWORD values = 0, longest = 0, largest = 0, listed = 0, len;
    char name[20];
    make_classes();
    ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, CLASS_PATH, 0, KEY_ALL_ACCESS, &key), ERROR_SUCCESS);
    set_string(key, "of the machine", "a longer text");
    RegCloseKey(key);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, CLASS, 0, KEY_READ, &key), ERROR_SUCCESS);
    ok_err(RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, NULL, NULL, &values, &longest, &largest,
                            NULL, NULL),
           ERROR_SUCCESS);
    while (len = sizeof(name), !RegEnumValueA(key, listed, name, &len, NULL, NULL, NULL, NULL))
        listed++;
    ok(values == 2 && listed == 2, "%lu values, %lu are listed\n", values, listed);
    ok(longest == 14 && largest == 28, "the longest has %lu, the largest %lu\n", longest, largest);
    RegCloseKey(key);
    delete_classes();
}

static void a_class_is_renamed(void)
{
    delete_classes();
    ok_err(RegSetValueA(HKEY_CURRENT_USER, CLASS_PATH, REG_SZ, "user", 0), ERROR_SUCCESS);
    differs(DOC_MERGED)
        ok_err(RegRenameKey(HKEY_CLASSES_ROOT, L"" TEST_NAME, L"" TEST_NAME "2"), 0);
    differs(DOC_MERGED) ok(has_key(HKEY_CURRENT_USER, CLASS_PATH "2"), "it is not there\n");
    RegDeleteTreeA(HKEY_CURRENT_USER, CLASS_PATH "2");
    delete_classes();
}

static void an_overridden_classes_root_is_the_other_key(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    DWORD error;
    RegCloseKey(make_key(key, "sub"));
    ok_err(RegOverridePredefKey(HKEY_CLASSES_ROOT, key), ERROR_SUCCESS);
    SetLastError(1234);
    ok_err(RegOpenKeyA(HKEY_CLASSES_ROOT, "sub", &sub), ERROR_SUCCESS);
    error = GetLastError();
    ok(error == 1234, "the last error is %lu\n", error);
    ok(!is_class(sub), "it is %p\n", (void *)sub);
    RegCloseKey(sub);
    ok_err(RegOverridePredefKey(HKEY_CLASSES_ROOT, NULL), ERROR_SUCCESS);
    END(key);
}

static void a_class_of_the_32_bit_view(void)
{
    static const char path[] = "Software\\Classes\\Interface\\{DECANTER-TEST}";
    HKEY made = NULL, above = NULL, sub = NULL;
    ok_err(RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_32KEY,
                           NULL, &made, NULL),
           ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "Interface", 0, KEY_READ | KEY_WOW64_32KEY, &above),
           ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(above, "{DECANTER-TEST}", 0, KEY_READ | KEY_WOW64_32KEY, &sub),
           ERROR_SUCCESS);
    RegCloseKey(sub);
    ok_err(RegOpenKeyExA(above, "{DECANTER-NONE}", 0, KEY_READ | KEY_WOW64_32KEY, &sub),
           ERROR_FILE_NOT_FOUND);
    RegCloseKey(above);
    RegCloseKey(made);
    ok_err(RegDeleteKeyExA(HKEY_LOCAL_MACHINE, path, KEY_WOW64_32KEY, 0), ERROR_SUCCESS);
}

static void reflection_is_off(void)
{
    FIXTURE(key);
    BOOL disabled = FALSE;
    ok_err(RegQueryReflectionKey(key, &disabled), ERROR_SUCCESS);
    ok(disabled, "it is on\n");
    ok_err(RegDisableReflectionKey(key), ERROR_SUCCESS);
    ok_err(RegEnableReflectionKey(key), ERROR_SUCCESS);
    END(key);
}

static void caches_can_be_switched_off(void)
{
    ok_err(RegDisablePredefinedCache(), ERROR_SUCCESS);
    for (int i = 0; i < 3; i++)
        ok(has_key(HKEY_CURRENT_USER, "Software"), "the user's key is gone\n");
}

/* The default value of the performance data, which RegQueryValue asks for. */
static void performance_data_is_asked_without_a_name(void)
{
    DWORD size = 4096, type = 77;
    char data[4096];
    LONG len = sizeof(data);
    ok_err(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "", NULL, &type, (BYTE *)data, &size),
           ERROR_SUCCESS);
    ok_err(RegQueryValueA(HKEY_PERFORMANCE_DATA, NULL, data, &len), ERROR_SUCCESS);
    ok(len > 0, "%ld bytes\n", len);
}

/* Whose highest bit is set, and that is none of them. */
static void a_predefined_key_that_is_none(void)
{
    const HKEY none = (HKEY)(LONG_PTR)(LONG)0x80000099;
    HKEY key = NULL;
    ok_err(RegCreateKeyA(none, NULL, &key), ERROR_INVALID_HANDLE);
    ok_err(RegCreateKeyA(HKEY_USERS, NULL, &key), ERROR_SUCCESS);
    differs(DOC_CREATE1) ok(key == HKEY_USERS, "got %p\n", (void *)key);
}

START_TEST(predef)
{
    test_dll("advapi32");
    RUN(a_root_can_be_another_key);
    RUN(the_override_outlives_the_handle);
    RUN(the_override_gives_no_other_rights);
    RUN(a_root_can_be_a_deleted_key);
    RUN(performance_data_can_be_another_key);
    RUN(only_roots_can_be_overridden);
    RUN(an_overridden_root_leaves_the_last_error_alone);
    RUN(a_root_can_be_a_class);
    RUN(performance_data_can_be_connected);
    RUN(this_machine_can_be_connected);
    RUN(other_machines_are_not_there);
    RUN(only_roots_can_be_connected);
    RUN(the_current_user_by_function);
    RUN(the_classes_of_a_token);
    RUN(classes_are_the_users_over_the_machines);
    RUN(handles_of_classes_show_it);
    RUN(a_tree_of_classes_is_gone_in_both);
    RUN(what_is_below_a_class_is_gone_in_both);
    RUN(values_of_a_class_are_counted_as_they_are_listed);
    RUN(a_class_is_renamed);
    RUN(an_overridden_classes_root_is_the_other_key);
    RUN(a_class_of_the_32_bit_view);
    if (!test_builtin_dlls)
        RUN(reflection_is_off);
    RUN(performance_data_is_asked_without_a_name);
    RUN(a_predefined_key_that_is_none);
    RUN(caches_can_be_switched_off);
}
