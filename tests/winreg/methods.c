/*
 * The methods of MS-RRP in a Windows program: parameters, lengths, errors.
 */
#include "test.h"

#include "fixture.h"

static void a_value_is_set_queried_and_deleted(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Methods");
    RRP_UNICODE_STRING name = str(L"name");
    BYTE buf[8];
    DWORD type = 9, size = sizeof buf, len = 9;
    ok(!BaseRegSetValue(key, &name, REG_DWORD, (LPBYTE) "abcd", 4), "set\n");
    ok(!BaseRegQueryValue(key, &name, &type, buf, &size, &len), "query\n");
    ok(type == REG_DWORD && size == 4 && len == 4 && !memcmp(buf, "abcd", 4), "%lu %lu %lu\n", type,
       size, len);
    size = 3;
    DWORD err = BaseRegQueryValue(key, &name, &type, buf, &size, &len);
    ok(err == ERROR_MORE_DATA && size == 4 && len == 0, "%lu %lu %lu\n", err, size, len);
    ok(!BaseRegDeleteValue(key, &name), "delete\n");
    err = BaseRegQueryValue(key, &name, &type, buf, &size, &len);
    ok(err == ERROR_FILE_NOT_FOUND, "%lu\n", err);
    close_key(key);
    fixture_stop();
}

static void names_without_a_terminator_are_taken_too(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Methods");
    RRP_UNICODE_STRING with = str(L"name"), without = {8, 8, with.Buffer};
    DWORD type, size = 0, len;
    ok(!BaseRegSetValue(key, &without, REG_SZ, NULL, 0), "set\n");
    ok(!BaseRegQueryValue(key, &with, &type, NULL, &size, &len), "query\n");
    close_key(key);
    fixture_stop();
}

static void enumeration_goes_to_the_out_string_or_to_new_memory(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Methods");
    close_key(make_key(L"Software\\Methods\\sub"));
    WCHAR buf[32] = L"";
    RRP_UNICODE_STRING in = {0, sizeof buf, NULL}, out = {0, 0, NULL};
    ok(!BaseRegEnumKey(key, 0, &in, &out, NULL, NULL, NULL), "enum\n");
    ok(out.Buffer && out.Length == 8 && !wcscmp(out.Buffer, L"sub"), "%u\n", out.Length);
    WinregFree(out.Buffer);
    out = (RRP_UNICODE_STRING){0, sizeof buf, buf};
    ok(!BaseRegEnumKey(key, 0, &in, &out, NULL, NULL, NULL), "enum\n");
    ok(!wcscmp(buf, L"sub"), "not in the caller's buffer\n");
    DWORD err = BaseRegEnumKey(key, 1, &in, &out, NULL, NULL, NULL);
    ok(err == ERROR_NO_MORE_ITEMS, "%lu\n", err);
    err = BaseRegEnumKey((RPC_HKEY)3, 0, &in, &out, NULL, NULL, NULL);
    ok(err == ERROR_INVALID_PARAMETER, "a handle that is none: %lu\n", err);
    close_key(key);
    fixture_stop();
}

static void several_values_come_in_one_buffer(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Methods");
    RRP_UNICODE_STRING a = str(L"a"), b = str(L"b");
    BaseRegSetValue(key, &a, REG_BINARY, (LPBYTE) "123", 3);
    BaseRegSetValue(key, &b, REG_DWORD, (LPBYTE) "4567", 4);
    RVALENT in[2] = {{&a, 0, NULL, 0}, {&b, 0, NULL, 0}}, out[2];
    char buf[16];
    DWORD size = 2, need = 0;
    DWORD err = BaseRegQueryMultipleValues(key, in, out, 2, buf, &size);
    ok(err == ERROR_MORE_DATA && size == 8, "%lu %lu\n", err, size);
    ok(!BaseRegQueryMultipleValues(key, in, out, 2, buf, &size), "query\n");
    ok((UINT_PTR)out[1].ve_valueptr == 4 && out[1].ve_type == REG_DWORD &&
           !memcmp(buf + 4, "4567", 4),
       "offset %p\n", (void *)out[1].ve_valueptr);
    size = sizeof buf;
    ok(!BaseRegQueryMultipleValues2(key, in, out, 2, buf, &size, &need), "query 2\n");
    ok(need == 8 && size == sizeof buf, "%lu %lu\n", need, size);
    close_key(key);
    fixture_stop();
}

static void the_version_says_that_both_namespaces_are_there(void)
{
    fixture_start();
    RPC_HKEY key = current_user();
    DWORD version = 0;
    ok(!BaseRegGetVersion(key, &version) && version == 6, "%lu\n", version);
    ok(BaseRegGetVersion(key, NULL) == ERROR_NOACCESS, "NULL\n");
    close_key(key);
    fixture_stop();
}

static void opnums_that_are_none_say_so(void)
{
    ok(Opnum14NotImplemented() == ERROR_CALL_NOT_IMPLEMENTED, "14\n");
    ok(Opnum24NotImplemented() == ERROR_CALL_NOT_IMPLEMENTED, "24\n");
    ok(Opnum25NotImplemented() == ERROR_CALL_NOT_IMPLEMENTED, "25\n");
    ok(Opnum28NotImplemented() == ERROR_CALL_NOT_IMPLEMENTED, "28\n");
    ok(Opnum30NotImplemented() == ERROR_CALL_NOT_IMPLEMENTED, "30\n");
}

static void a_transaction_is_kept_when_it_is_committed(void)
{
    fixture_start();
    RPC_HKEY t = NULL;
    ok(!WinregCreateTransaction(&t) && t, "create\n");
    ok(!WinregRollbackTransaction(t), "roll back\n");
    DWORD err = WinregCommitTransaction(t);
    ok(err == 6701, "commit after the end: %lu\n", err);
    close_key(t);
    fixture_stop();
}

static void starting_twice_is_one_start(void)
{
    fixture_start();
    ok(!WinregStart(fixture_folder), "the same folder\n");
    DWORD err = WinregStart(L"C:\\somewhere-else");
    ok(err == ERROR_ALREADY_EXISTS, "another folder: %lu\n", err);
    fixture_stop();
}

START_TEST(methods)
{
    test_dll("winreg");
    RUN(a_value_is_set_queried_and_deleted);
    RUN(names_without_a_terminator_are_taken_too);
    RUN(enumeration_goes_to_the_out_string_or_to_new_memory);
    RUN(several_values_come_in_one_buffer);
    RUN(the_version_says_that_both_namespaces_are_there);
    RUN(opnums_that_are_none_say_so);
    RUN(a_transaction_is_kept_when_it_is_committed);
    RUN(starting_twice_is_one_start);
}
