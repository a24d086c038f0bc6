/*
 * The contract of texts that are returned, which is one for all functions.
 */
#include "msitest.h"

typedef UINT (*get_a)(char *buf, DWORD *size);

static MSIHANDLE rec;

static UINT from_record(char *buf, DWORD *size)
{
    return MsiRecordGetStringA(rec, 1, buf, size);
}

static UINT from_format(char *buf, DWORD *size)
{
    return MsiFormatRecordA(0, rec, buf, size);
}

/* Each gives "hello". */
static void check(const char *name, get_a get)
{
    char buf[16];
    DWORD size;

    size = 0;
    ok(get(NULL, &size) == ERROR_SUCCESS && size == 5, "%s: no buffer: %lu\n", name, size);
    size = 0;
    buf[0] = 'q';
    ok(get(buf, &size) == ERROR_MORE_DATA && size == 5 && buf[0] == 'q', "%s: no room: %lu\n", name,
       size);
    size = 1;
    buf[0] = 'q';
    ok(get(buf, &size) == ERROR_MORE_DATA && size == 5 && !buf[0], "%s: room of 1: %lu\n", name,
       size);
    size = 5;
    ok(get(buf, &size) == ERROR_MORE_DATA && size == 5 && !strcmp(buf, "hell"), "%s: room of 5\n",
       name);
    size = 6;
    ok(get(buf, &size) == ERROR_SUCCESS && size == 5 && !strcmp(buf, "hello"), "%s: room of 6\n",
       name);
    size = sizeof(buf);
    ok(get(buf, &size) == ERROR_SUCCESS && size == 5, "%s: room enough\n", name);
}

static void sizes_count_without_the_terminator(void)
{
    rec = MsiCreateRecord(1);
    MsiRecordSetStringA(rec, 0, "[1]");
    MsiRecordSetStringA(rec, 1, "hello");
    check("MsiRecordGetString", from_record);
    check("MsiFormatRecord", from_format);
    MsiCloseHandle(rec);
}

static void wide_texts_are_cut_and_terminated(void)
{
    WCHAR buf[8];
    DWORD size = 3;

    rec = MsiCreateRecord(1);
    MsiRecordSetStringA(rec, 1, "hello");
    ok(MsiRecordGetStringW(rec, 1, buf, &size) == ERROR_MORE_DATA && size == 5, "size %lu\n", size);
    differs("MsiRecordGetString, Remarks") ok(!memcmp(buf, L"he", 6), "text\n");
    size = 6;
    ok(!MsiRecordGetStringW(rec, 1, buf, &size) && !memcmp(buf, L"hello", 12), "whole\n");
    MsiCloseHandle(rec);
}

static void a_field_that_is_null_gives_an_empty_text(void)
{
    char buf[4] = "xyz";
    DWORD size = sizeof(buf);

    rec = MsiCreateRecord(1);
    ok(!MsiRecordGetStringA(rec, 1, buf, &size) && !size && !buf[0], "size %lu\n", size);
    MsiCloseHandle(rec);
}

START_TEST(buffer)
{
    test_dll("msi");
    RUN(sizes_count_without_the_terminator);
    RUN(wide_texts_are_cut_and_terminated);
    RUN(a_field_that_is_null_gives_an_empty_text);
}
