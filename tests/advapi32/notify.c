/* RegNotifyChangeKeyValue. */
#include "fixture.h"

static HANDLE new_event(void)
{
    return CreateEventA(NULL, TRUE, FALSE, NULL);
}

static int is_set(HANDLE event, DWORD ms)
{
    return WaitForSingleObject(event, ms) == WAIT_OBJECT_0;
}

static LONG watch(HKEY key, BOOL subtree, DWORD filter, HANDLE event)
{
    return RegNotifyChangeKeyValue(key, subtree, filter, event, TRUE);
}

static void a_value_is_noticed(void)
{
    FIXTURE(key);
    HANDLE event = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok(!is_set(event, 0), "set at once\n");
    set_string(key, "v", "x");
    ok(is_set(event, 2000), "not set\n");
    CloseHandle(event);
    END(key);
}

static void it_is_told_once(void)
{
    FIXTURE(key);
    HANDLE event = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    set_string(key, "v", "x");
    ok(is_set(event, 2000), "not set\n");
    ResetEvent(event);
    set_string(key, "v", "y");
    ok(!is_set(event, 100), "set again\n");
    CloseHandle(event);
    END(key);
}

static void a_new_subkey_is_noticed(void)
{
    FIXTURE(key);
    HANDLE event = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_SUCCESS);
    set_string(key, "v", "x");
    ok(!is_set(event, 50), "set by a value\n");
    RegCloseKey(make_key(key, "x"));
    ok(is_set(event, 2000), "not set\n");
    CloseHandle(event);
    END(key);
}

static void a_subtree_is_watched_when_asked_for(void)
{
    FIXTURE(key);
    HKEY deep = make_key(key, "a\\b"), other = make_key(key, "");
    HANDLE flat = new_event(), whole = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, flat), ERROR_SUCCESS);
    ok_err(watch(other, TRUE, REG_NOTIFY_CHANGE_LAST_SET, whole), ERROR_SUCCESS);
    set_string(deep, "v", "x");
    ok(is_set(whole, 2000), "the subtree is not watched\n");
    ok(!is_set(flat, 50), "the subtree is watched\n");
    CloseHandle(flat);
    CloseHandle(whole);
    RegCloseKey(deep);
    RegCloseKey(other);
    END(key);
}

static void closing_the_key_is_noticed(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    HANDLE event = new_event();
    ok_err(watch(sub, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok(is_set(event, 2000), "not set\n");
    CloseHandle(event);
    END(key);
}

static DWORD WINAPI set_value_soon(void *key)
{
    Sleep(100);
    return (DWORD)RegSetValueExA((HKEY)key, "v", 0, REG_SZ, (const BYTE *)"x", 2);
}

static void without_an_event_the_call_waits(void)
{
    FIXTURE(key);
    HKEY again = make_key(key, "");
    HANDLE thread = CreateThread(NULL, 0, set_value_soon, again, 0, NULL);
    DWORD start = GetTickCount();
    ok_err(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, NULL, FALSE),
           ERROR_SUCCESS);
    ok(GetTickCount() - start >= 50, "it did not wait\n");
    WaitForSingleObject(thread, 5000);
    CloseHandle(thread);
    RegCloseKey(again);
    END(key);
}

static void wrong_parameters(void)
{
    FIXTURE(key);
    HANDLE event = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, NULL), ERROR_INVALID_HANDLE);
    ok_err(watch(NULL, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_INVALID_HANDLE);
    ok_err(watch(NO_KEY, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_INVALID_HANDLE);
    ok_err(watch(NO_KEY, FALSE, 0, event), ERROR_INVALID_HANDLE);
    ok_err(watch(NULL, FALSE, 0, event), ERROR_INVALID_HANDLE);
    differs(DOC_NOTIFY) ok_err(watch(key, FALSE, 0, event), ERROR_INVALID_PARAMETER);
    differs(DOC_NOTIFY) ok_err(watch(key, FALSE, 0x100, event), ERROR_INVALID_PARAMETER);
    CloseHandle(event);
    END(key);
}

static void the_same_value_again_is_no_change(void)
{
    FIXTURE(key);
    FILETIME before, after;
    HANDLE event = new_event();
    set_string(key, "v", "x");
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &before);
    Sleep(20);
    set_string(key, "V", "x");
    RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &after);
    ok(!CompareFileTime(&before, &after), "the key's time is another\n");
    ok(!is_set(event, 100), "set\n");
    ok_err(RegSetValueExA(key, "v", 0, REG_BINARY, (const BYTE *)"x", 2), ERROR_SUCCESS);
    ok(is_set(event, 2000), "not set by another type\n");
    CloseHandle(event);
    END(key);
}

static void set_security(HKEY key)
{
    BYTE sd[1024];
    DWORD size = sizeof(sd);
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, sd, &size), ERROR_SUCCESS);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, sd), ERROR_SUCCESS);
}

static void security_is_an_attribute(void)
{
    FIXTURE(key);
    HKEY again = make_key(key, "");
    HANDLE attributes = new_event(), security = new_event();
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_ATTRIBUTES, attributes), ERROR_SUCCESS);
    ok_err(watch(again, FALSE, REG_NOTIFY_CHANGE_SECURITY, security), ERROR_SUCCESS);
    set_security(key);
    differs(DOC_NOTIFY) ok(is_set(attributes, 500), "no word to who waits for attributes\n");
    differs(DOC_NOTIFY) ok(is_set(security, 500), "no word to who waits for security\n");
    CloseHandle(attributes);
    CloseHandle(security);
    RegCloseKey(again);
    END(key);
}

static void the_event_is_reset(void)
{
    FIXTURE(key);
    HANDLE event = new_event();
    SetEvent(event);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok(!is_set(event, 0), "it is still set\n");
    CloseHandle(event);
    END(key);
}

static void what_is_no_event_is_refused(void)
{
    FIXTURE(key);
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 1, NULL);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, semaphore), ERROR_INVALID_HANDLE);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, GetCurrentThread()), ERROR_INVALID_HANDLE);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, GetCurrentProcess()), ERROR_INVALID_HANDLE);
    CloseHandle(semaphore);
    END(key);
}

static void a_deleted_key_is_not_watched_again(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    HANDLE event = new_event();
    ok_err(watch(sub, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok_err(RegDeleteKeyA(key, "x"), ERROR_SUCCESS);
    ok_err(watch(sub, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_KEY_DELETED);
    RegCloseKey(sub);
    CloseHandle(event);
    END(key);
}

#define CLASS      TEST_NAME
#define CLASS_PATH "Software\\Classes\\" CLASS

/* A wait on a key of HKEY_CLASSES_ROOT; then the value below one of its two keys. */
static int class_told(HKEY root, const char *name, const char *path)
{
    HANDLE event = new_event();
    HKEY key = NULL;
    int told;
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, name, 0, KEY_READ, &key), ERROR_SUCCESS);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok_err(RegSetKeyValueA(root, path, "v", REG_SZ, "x", 2), ERROR_SUCCESS);
    told = is_set(event, 300);
    RegCloseKey(key);
    CloseHandle(event);
    return told;
}

static void a_class_changes_in_either_key(void)
{
    static const char name[] = CLASS, path[] = CLASS_PATH;
    RegSetValueA(HKEY_LOCAL_MACHINE, path, REG_SZ, "machine", 0);
    RegSetValueA(HKEY_CURRENT_USER, path, REG_SZ, "user", 0);
    ok(class_told(HKEY_LOCAL_MACHINE, name, path), "no word of the machine's\n");
    differs(DOC_NOTIFY) ok(class_told(HKEY_CURRENT_USER, name, path), "no word of the user's\n");
    RegDeleteTreeA(HKEY_CURRENT_USER, path);
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, path);
}

/* A class of one hive alone; then the other hive gets it too, and the next wait hears that one. */
static void counterpart_told(HKEY first, HKEY second)
{
    HANDLE event = new_event();
    HKEY key = NULL, made = NULL;
    RegDeleteTreeA(second, CLASS_PATH);
    RegSetValueA(first, CLASS_PATH, REG_SZ, "one", 0);
    differs(DOC_MERGED)
        ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, CLASS, 0, KEY_READ, &key), ERROR_SUCCESS);
    differs(DOC_MERGED) ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok_err(RegCreateKeyA(second, CLASS_PATH "Other", &made), ERROR_SUCCESS);
    RegCloseKey(made);
    ok(!is_set(event, 50), "told of another class\n");
    ok_err(RegCreateKeyA(second, CLASS_PATH, &made), ERROR_SUCCESS);
    differs(DOC_MERGED) ok(is_set(event, 300), "no word of the counterpart\n");
    differs(DOC_MERGED) ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event), ERROR_SUCCESS);
    ok(!is_set(event, 50), "told twice\n");
    set_string(made, "v", "x");
    differs(DOC_MERGED) ok(is_set(event, 300), "no word of its value\n");
    RegCloseKey(made);
    RegCloseKey(key);
    CloseHandle(event);
    RegDeleteTreeA(second, CLASS_PATH "Other");
    RegDeleteTreeA(second, CLASS_PATH);
    RegDeleteTreeA(first, CLASS_PATH);
}

static void a_class_that_gets_a_counterpart_has_changed(void)
{
    counterpart_told(HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER);
    counterpart_told(HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE);
}

/* Deleted in one hive, a class is told of once, and its like made there again is told of too. */
static void a_counterpart_goes_and_comes(void)
{
    HANDLE event = new_event();
    HKEY key = NULL, made = NULL;
    RegSetValueA(HKEY_LOCAL_MACHINE, CLASS_PATH, REG_SZ, "machine", 0);
    RegSetValueA(HKEY_CURRENT_USER, CLASS_PATH, REG_SZ, "user", 0);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, CLASS, 0, KEY_READ, &key), ERROR_SUCCESS);
    ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_SUCCESS);
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, CLASS_PATH);
    differs(DOC_NOTIFY) ok(is_set(event, 300), "no word of the deletion\n");
    differs(DOC_MERGED) ok_err(watch(key, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_SUCCESS);
    ok(!is_set(event, 50), "told twice\n");
    ok_err(RegCreateKeyA(HKEY_LOCAL_MACHINE, CLASS_PATH, &made), ERROR_SUCCESS);
    differs(DOC_MERGED) ok(is_set(event, 300), "no word of the new one\n");
    RegCloseKey(made);
    RegCloseKey(key);
    CloseHandle(event);
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, CLASS_PATH);
    RegDeleteTreeA(HKEY_CURRENT_USER, CLASS_PATH);
}

static void the_root_of_the_classes_is_watched(void)
{
    HANDLE event = new_event();
    HKEY made = NULL;
    ok_err(watch(HKEY_CLASSES_ROOT, FALSE, REG_NOTIFY_CHANGE_NAME, event), ERROR_SUCCESS);
    ok(!is_set(event, 0), "set at once\n");
    RegCreateKeyA(HKEY_LOCAL_MACHINE, CLASS_PATH, &made);
    ok(is_set(event, 2000), "not set\n");
    RegCloseKey(made);
    RegDeleteKeyA(HKEY_LOCAL_MACHINE, CLASS_PATH);
    CloseHandle(event);
}

static HKEY thread_key;
static HANDLE thread_event;

static DWORD WINAPI watch_and_end(void *filter)
{
    return (DWORD)watch(thread_key, FALSE, (DWORD)(ULONG_PTR)filter, thread_event);
}

static void the_end_of_the_thread_is_noticed(void)
{
    FIXTURE(key);
    HANDLE thread;
    if (test_builtin_dlls) {
        skip("Wine's own does not notice\n");
    } else {
        thread_key = key;
        thread_event = new_event();
        thread = CreateThread(NULL, 0, watch_and_end, (void *)REG_NOTIFY_CHANGE_NAME, 0, NULL);
        WaitForSingleObject(thread, 5000);
        CloseHandle(thread);
        ok(is_set(thread_event, 3000), "not set\n");
        CloseHandle(thread_event);
    }
    END(key);
}

static void a_thread_agnostic_wait_outlives_the_thread(void)
{
    FIXTURE(key);
    ULONG_PTR filter = REG_NOTIFY_CHANGE_LAST_SET | 0x10000000;
    HANDLE thread;
    thread_key = key;
    thread_event = new_event();
    thread = CreateThread(NULL, 0, watch_and_end, (void *)filter, 0, NULL);
    WaitForSingleObject(thread, 5000);
    CloseHandle(thread);
    ok(!is_set(thread_event, 300), "set by the thread's end\n");
    set_string(key, "v", "x");
    ok(is_set(thread_event, 2000), "not set\n");
    CloseHandle(thread_event);
    END(key);
}

START_TEST(notify)
{
    test_dll("advapi32");
    RUN(a_value_is_noticed);
    RUN(it_is_told_once);
    RUN(a_new_subkey_is_noticed);
    RUN(a_subtree_is_watched_when_asked_for);
    RUN(closing_the_key_is_noticed);
    RUN(without_an_event_the_call_waits);
    RUN(wrong_parameters);
    RUN(the_same_value_again_is_no_change);
    RUN(security_is_an_attribute);
    RUN(the_event_is_reset);
    RUN(what_is_no_event_is_refused);
    RUN(a_deleted_key_is_not_watched_again);
    RUN(a_class_changes_in_either_key);
    RUN(a_class_that_gets_a_counterpart_has_changed);
    RUN(a_counterpart_goes_and_comes);
    RUN(the_root_of_the_classes_is_watched);
    RUN(the_end_of_the_thread_is_noticed);
    if (!test_builtin_dlls)
        RUN(a_thread_agnostic_wait_outlives_the_thread);
}
