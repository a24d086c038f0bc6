/*
 * MsiCreateRecord and MsiRecord*.
 */
#include "msitest.h"

static void the_number_of_fields_has_a_limit(void)
{
    MSIHANDLE rec = MsiCreateRecord(65535);

    ok(rec != 0, "65535\n");
    ok(MsiRecordGetFieldCount(rec) == 65535, "count\n");
    MsiCloseHandle(rec);
    ok(MsiCreateRecord(65536) == 0, "65536\n");
    ok(MsiCreateRecord(~0u) == 0, "-1\n");
}

static void a_record_without_fields_has_field_0(void)
{
    MSIHANDLE rec = MsiCreateRecord(0);

    ok(MsiRecordGetFieldCount(rec) == 0, "count\n");
    ok(MsiRecordIsNull(rec, 0), "not null\n");
    ok(!MsiRecordSetStringA(rec, 0, "zero"), "set\n");
    ok(!strcmp(field(rec, 0), "zero"), "got %s\n", field(rec, 0));
    MsiCloseHandle(rec);
}

static void fields_past_the_end(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(MsiRecordIsNull(rec, 2), "not null\n");
    ok(MsiRecordIsNull(rec, ~0u), "not null\n");
    ok(MsiRecordSetInteger(rec, 2, 5) == ERROR_INVALID_PARAMETER, "integer\n");
    ok(MsiRecordSetStringA(rec, 2, "x") == ERROR_INVALID_FIELD, "string\n");
    ok(MsiRecordGetInteger(rec, 2) == NULL_INTEGER, "get\n");
    ok(MsiRecordDataSize(rec, 2) == 0, "size\n");
    ok(!strcmp(field(rec, 2), ""), "got %s\n", field(rec, 2));
    MsiCloseHandle(rec);
}

static void what_no_record_answers(void)
{
    DWORD size = 1;
    char c;

    ok(MsiRecordGetFieldCount(0) == ~0u, "count\n");
    ok(!MsiRecordIsNull(0, 0), "null\n");
    ok(MsiRecordGetInteger(0, 0) == NULL_INTEGER, "integer\n");
    ok(MsiRecordDataSize(0, 0) == 0, "size\n");
    ok(MsiRecordClearData(0) == ERROR_INVALID_HANDLE, "clear\n");
    ok(MsiRecordSetInteger(0, 0, 0) == ERROR_INVALID_HANDLE, "set integer\n");
    ok(MsiRecordSetStringA(0, 0, "") == ERROR_INVALID_HANDLE, "set string\n");
    ok(MsiRecordGetStringA(0, 0, &c, &size) == ERROR_INVALID_HANDLE, "get string\n");
    ok(MsiRecordSetStreamA(0, 1, NULL) == ERROR_INVALID_HANDLE, "set stream\n");
    ok(MsiRecordReadStream(0, 1, &c, &size) == ERROR_INVALID_HANDLE, "read stream\n");
}

static void null_in_its_forms(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(!MsiRecordSetInteger(rec, 1, NULL_INTEGER), "set\n");
    ok(MsiRecordIsNull(rec, 1), "the null integer\n");
    MsiRecordSetInteger(rec, 1, 0);
    ok(!MsiRecordIsNull(rec, 1), "zero\n");
    ok(!MsiRecordSetStringA(rec, 1, ""), "set\n");
    ok(MsiRecordIsNull(rec, 1), "the empty text\n");
    MsiRecordSetInteger(rec, 1, 0);
    ok(!MsiRecordSetStringA(rec, 1, NULL), "set\n");
    ok(MsiRecordIsNull(rec, 1), "no text\n");
    ok(MsiRecordGetInteger(rec, 1) == NULL_INTEGER, "as integer\n");
    MsiCloseHandle(rec);
}

static void texts_are_read_as_integers(void)
{
    static const struct {
        const char *text;
        int value;
    } cases[] = {{"5", 5},
                 {"-5", -5},
                 {"00012", 12},
                 {"2147483647", 2147483647},
                 {"+5", NULL_INTEGER},
                 {" 5", NULL_INTEGER},
                 {"5 ", NULL_INTEGER},
                 {"5x", NULL_INTEGER},
                 {"0x10", NULL_INTEGER},
                 {"1.5", NULL_INTEGER},
                 {"word", NULL_INTEGER}};
    MSIHANDLE rec = MsiCreateRecord(1);

    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        MsiRecordSetStringA(rec, 1, cases[i].text);
        ok(MsiRecordGetInteger(rec, 1) == cases[i].value, "%s: %d\n", cases[i].text,
           MsiRecordGetInteger(rec, 1));
    }
    MsiCloseHandle(rec);
}

static void integers_are_read_as_texts(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    MsiRecordSetInteger(rec, 1, -12345);
    ok(!strcmp(field(rec, 1), "-12345"), "got %s\n", field(rec, 1));
    ok(MsiRecordDataSize(rec, 1) == sizeof(int), "size %u\n", MsiRecordDataSize(rec, 1));
    MsiCloseHandle(rec);
}

static void text_comes_back_in_both_forms(void)
{
    static const WCHAR wide[] = {'h', 0xe9, 'l', 'l', 'o', 0};
    MSIHANDLE rec = MsiCreateRecord(2);
    WCHAR back[16];
    DWORD size = ARRAYSIZE(back);

    ok(!MsiRecordSetStringW(rec, 1, wide), "set\n");
    ok(MsiRecordDataSize(rec, 1) == 5, "size %u\n", MsiRecordDataSize(rec, 1));
    ok(!MsiRecordGetStringW(rec, 1, back, &size), "get\n");
    ok(size == 5 && !memcmp(back, wide, sizeof(wide)), "wide\n");
    ok(!MsiRecordSetStringA(rec, 2, "h\xe9llo"), "set\n");
    ok(!strcmp(field(rec, 2), "h\xe9llo"), "got %s\n", field(rec, 2));
    MsiCloseHandle(rec);
}

static void a_long_text_comes_back(void)
{
    static char text[100000], back[100001];
    MSIHANDLE rec = MsiCreateRecord(1);
    DWORD size = sizeof(back);

    memset(text, 'x', sizeof(text) - 1);
    ok(!MsiRecordSetStringA(rec, 1, text), "set\n");
    ok(!MsiRecordGetStringA(rec, 1, back, &size), "get\n");
    ok(size == sizeof(text) - 1 && !strcmp(text, back), "size %lu\n", size);
    MsiCloseHandle(rec);
}

static void clearing_clears_every_field(void)
{
    MSIHANDLE rec = MsiCreateRecord(2);

    MsiRecordSetStringA(rec, 0, "zero");
    MsiRecordSetInteger(rec, 1, 1);
    MsiRecordSetStringA(rec, 2, "two");
    ok(!MsiRecordClearData(rec), "clear\n");
    ok(MsiRecordIsNull(rec, 0) && MsiRecordIsNull(rec, 1) && MsiRecordIsNull(rec, 2), "null\n");
    ok(MsiRecordGetFieldCount(rec) == 2, "count\n");
    MsiCloseHandle(rec);
}

/* --- streams ------------------------------------------------------------------------------------
 */

static MSIHANDLE record_with_stream(void)
{
    MSIHANDLE rec = MsiCreateRecord(2);

    write_file("stream.bin", "0123456789", 10);
    ok(!MsiRecordSetStreamA(rec, 1, "stream.bin"), "set\n");
    DeleteFileA("stream.bin");
    return rec;
}

static void a_stream_is_read_on_from_where_it_stopped(void)
{
    MSIHANDLE rec = record_with_stream();
    char buf[16] = "................";
    DWORD size = 4;

    ok(MsiRecordDataSize(rec, 1) == 10, "size %u\n", MsiRecordDataSize(rec, 1));
    ok(!MsiRecordIsNull(rec, 1), "null\n");
    ok(!MsiRecordReadStream(rec, 1, buf, &size) && size == 4, "first: %lu\n", size);
    ok(!memcmp(buf, "0123.", 5), "first bytes\n");
    size = sizeof(buf);
    ok(!MsiRecordReadStream(rec, 1, buf, &size) && size == 6, "second: %lu\n", size);
    ok(!memcmp(buf, "456789..", 8), "second bytes\n");
    size = sizeof(buf);
    ok(!MsiRecordReadStream(rec, 1, buf, &size) && size == 0, "third: %lu\n", size);
    MsiCloseHandle(rec);
}

static void without_a_buffer_a_stream_tells_what_is_left(void)
{
    MSIHANDLE rec = record_with_stream();
    char buf[16];
    DWORD size = 0;

    ok(!MsiRecordReadStream(rec, 1, NULL, &size) && size == 10, "all: %lu\n", size);
    size = 4;
    MsiRecordReadStream(rec, 1, buf, &size);
    size = 0;
    differs("MsiRecordReadStream, Remarks")
        ok(!MsiRecordReadStream(rec, 1, NULL, &size) && size == 6, "rest: %lu\n", size);
    MsiCloseHandle(rec);
}

static void of_a_null_field_no_bytes_are_read(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    char buf[4];
    DWORD size = sizeof(buf);

    ok(MsiRecordReadStream(rec, 1, buf, &size) == ERROR_INVALID_DATA, "read\n");
    ok(size == 0, "%lu bytes\n", size);
    MsiCloseHandle(rec);
}

static void setting_no_file_rewinds(void)
{
    MSIHANDLE rec = record_with_stream();
    char buf[16];
    DWORD size = sizeof(buf);

    MsiRecordReadStream(rec, 1, buf, &size);
    ok(!MsiRecordSetStreamA(rec, 1, NULL), "rewind\n");
    size = sizeof(buf);
    ok(!MsiRecordReadStream(rec, 1, buf, &size) && size == 10, "again: %lu\n", size);
    ok(MsiRecordSetStreamA(rec, 2, NULL) == ERROR_INVALID_FIELD, "no stream\n");
    MsiCloseHandle(rec);
}

static void what_is_no_stream_is_not_read(void)
{
    MSIHANDLE rec = record_with_stream();
    char buf[4];
    DWORD size = sizeof(buf);

    ok(MsiRecordReadStream(rec, 2, buf, &size) == ERROR_INVALID_DATA, "null\n");
    MsiRecordSetStringA(rec, 2, "text");
    ok(MsiRecordReadStream(rec, 2, buf, &size) == ERROR_INVALID_DATATYPE, "text\n");
    ok(MsiRecordReadStream(rec, 9, buf, &size) == ERROR_INVALID_PARAMETER, "past the end\n");
    ok(MsiRecordReadStream(rec, 1, buf, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
    size = sizeof(buf);
    ok(MsiRecordGetStringA(rec, 1, buf, &size) != ERROR_SUCCESS, "as text\n");
    MsiCloseHandle(rec);
}

static void streams_that_cannot_be_set(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(MsiRecordSetStreamA(rec, 0, NULL) == ERROR_INVALID_PARAMETER, "field 0\n");
    ok(MsiRecordSetStreamA(rec, 2, NULL) == ERROR_INVALID_PARAMETER, "past the end\n");
    differs("MsiRecordSetStream, return values")
        ok(MsiRecordSetStreamA(rec, 1, "no such file") == ERROR_BAD_PATHNAME, "no file\n");
    MsiCloseHandle(rec);
}

START_TEST(record)
{
    test_dll("msi");
    RUN(the_number_of_fields_has_a_limit);
    RUN(a_record_without_fields_has_field_0);
    RUN(fields_past_the_end);
    RUN(what_no_record_answers);
    RUN(null_in_its_forms);
    RUN(texts_are_read_as_integers);
    RUN(integers_are_read_as_texts);
    RUN(text_comes_back_in_both_forms);
    RUN(a_long_text_comes_back);
    RUN(clearing_clears_every_field);
    RUN(a_stream_is_read_on_from_where_it_stopped);
    RUN(without_a_buffer_a_stream_tells_what_is_left);
    RUN(of_a_null_field_no_bytes_are_read);
    RUN(setting_no_file_rewinds);
    RUN(what_is_no_stream_is_not_read);
    RUN(streams_that_cannot_be_set);
}
