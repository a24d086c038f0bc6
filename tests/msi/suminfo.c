/*
 * MsiGetSummaryInformation and MsiSummaryInfo*.
 */
#include "msitest.h"

static const char *name;
static MSIHANDLE db, sum;

static void begin(UINT updates)
{
    name = new_name();
    db = create(name);
    sum = 0;
    ok(!MsiGetSummaryInformationA(db, NULL, updates, &sum), "open\n");
}

static void end(void)
{
    MsiCloseHandle(sum);
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static UINT set_text(UINT id, const char *text)
{
    return MsiSummaryInfoSetPropertyA(sum, id, VT_LPSTR, 0, NULL, text);
}

static const char *get_text(UINT id)
{
    static char text[128];
    DWORD size = sizeof(text);
    UINT type, err;

    err = MsiSummaryInfoGetPropertyA(sum, id, &type, NULL, NULL, text, &size);
    if (err || type != VT_LPSTR)
        snprintf(text, sizeof(text), "error %u, type %u", err, type);
    return text;
}

/* A size without a buffer is a question, which is answered; whether it would do is the result. */
static void a_text_without_a_buffer(void)
{
    UINT type = 0;
    DWORD size = 0;

    begin(2);
    ok(!MsiSummaryInfoSetPropertyA(sum, 2, VT_LPSTR, 0, NULL, "Title"), "set\n");
    ok(MsiSummaryInfoGetPropertyA(sum, 2, &type, NULL, NULL, NULL, &size) == ERROR_MORE_DATA &&
           size == 5,
       "size %lu\n", size);
    ok(MsiSummaryInfoGetPropertyA(sum, 2, &type, NULL, NULL, NULL, &size) == ERROR_MORE_DATA,
       "no room for the end\n");
    size = 6;
    ok(!MsiSummaryInfoGetPropertyW(sum, 2, &type, NULL, NULL, NULL, &size) && size == 5,
       "size %lu\n", size);
    end();
}

static void an_empty_one(void)
{
    UINT count = 77, type = 77;
    DWORD size = 0;

    begin(0);
    ok(!MsiSummaryInfoGetPropertyCount(sum, &count) && count == 0, "count %u\n", count);
    ok(!MsiSummaryInfoGetPropertyA(sum, 2, &type, NULL, NULL, NULL, &size), "get\n");
    ok(type == VT_EMPTY, "type %u\n", type);
    end();
}

static void properties_of_every_type_come_back(void)
{
    FILETIME time = {0x89abcdef, 0x01d00000}, back = {0};
    UINT type, count = 0;
    INT n = 0;

    begin(10);
    ok(!MsiSummaryInfoSetPropertyA(sum, 1, VT_I2, 1252, NULL, NULL), "code page\n");
    ok(!set_text(2, "title"), "title\n");
    ok(!MsiSummaryInfoSetPropertyA(sum, 12, VT_FILETIME, 0, &time, NULL), "time\n");
    ok(!MsiSummaryInfoSetPropertyA(sum, 14, VT_I4, 200, NULL, NULL), "pages\n");
    ok(!MsiSummaryInfoGetPropertyCount(sum, &count) && count == 4, "count %u\n", count);
    ok(!MsiSummaryInfoGetPropertyA(sum, 1, &type, &n, NULL, NULL, NULL), "get\n");
    ok(type == VT_I2 && n == 1252, "code page: type %u, %d\n", type, n);
    ok(!strcmp(get_text(2), "title"), "title: %s\n", get_text(2));
    ok(!MsiSummaryInfoGetPropertyA(sum, 12, &type, NULL, &back, NULL, NULL), "get\n");
    ok(type == VT_FILETIME && !memcmp(&time, &back, sizeof(time)), "time: type %u\n", type);
    ok(!MsiSummaryInfoGetPropertyA(sum, 14, &type, &n, NULL, NULL, NULL), "get\n");
    ok(type == VT_I4 && n == 200, "pages: type %u, %d\n", type, n);
    end();
}

static void types_must_be_the_property_s(void)
{
    FILETIME time = {0};

    begin(10);
    ok(MsiSummaryInfoSetPropertyA(sum, 2, VT_I4, 5, NULL, NULL) == ERROR_DATATYPE_MISMATCH, "2\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 1, VT_I4, 5, NULL, NULL) == ERROR_DATATYPE_MISMATCH, "1\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 14, VT_I2, 5, NULL, NULL) == ERROR_DATATYPE_MISMATCH,
       "14\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 12, VT_LPSTR, 0, NULL, "x") == ERROR_DATATYPE_MISMATCH,
       "12\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 0, VT_I4, 5, NULL, NULL) == ERROR_DATATYPE_MISMATCH, "0\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 20, VT_I4, 5, NULL, NULL) == ERROR_DATATYPE_MISMATCH,
       "20\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 17, VT_LPSTR, 5, &time, "x") == ERROR_DATATYPE_MISMATCH,
       "17\n");
    ok(set_text(2, NULL) == ERROR_INVALID_PARAMETER, "no text\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 12, VT_FILETIME, 0, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "no time\n");
    end();
}

static void updates_are_counted(void)
{
    begin(0);
    ok(set_text(2, "x") == ERROR_FUNCTION_FAILED, "none are allowed\n");
    end();
    begin(2);
    ok(!set_text(2, "x"), "first\n");
    ok(!set_text(3, "x"), "second\n");
    ok(!set_text(3, "y"), "the second again\n");
    ok(set_text(4, "x") == ERROR_FUNCTION_FAILED, "third\n");
    end();
}

static void save_and_open_by_path(void)
{
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(sum);
    MsiCloseHandle(db);
    db = 0;
    ok(!MsiGetSummaryInformationA(0, name, 0, &sum), "open by path\n");
}

static void what_is_persisted_and_committed_is_in_the_file(void)
{
    begin(5);
    set_text(2, "a title");
    set_text(4, "an author");
    save_and_open_by_path();
    ok(!strcmp(get_text(2), "a title"), "title: %s\n", get_text(2));
    ok(!strcmp(get_text(4), "an author"), "author: %s\n", get_text(4));
    end();
}

static void a_file_is_changed_through_its_path(void)
{
    begin(5);
    set_text(2, "old");
    MsiSummaryInfoPersist(sum);
    MsiDatabaseCommit(db);
    MsiCloseHandle(sum);
    MsiCloseHandle(db);
    db = 0;
    ok(!MsiGetSummaryInformationA(0, name, 5, &sum), "open\n");
    ok(!set_text(2, "new"), "set\n");
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    MsiCloseHandle(sum);
    ok(!MsiGetSummaryInformationA(0, name, 0, &sum), "open again\n");
    differs("MsiSummaryInfoPersist, Remarks")
        ok(!strcmp(get_text(2), "new"), "title: %s\n", get_text(2));
    end();
}

static void nothing_is_persisted_without_updates(void)
{
    begin(5);
    set_text(2, "old");
    save_and_open_by_path();
    differs("MsiSummaryInfoSetProperty") ok(set_text(2, "new") == ERROR_FUNCTION_FAILED, "set\n");
    ok(MsiSummaryInfoPersist(sum) == ERROR_FUNCTION_FAILED, "persist\n");
    end();
}

/* UTF-16 is a code page of property sets, and no code page of the system. */
static void text_of_a_utf16_set_is_kept(void)
{
    begin(5);
    ok(!set_text(3, "before"), "set\n");
    ok(!MsiSummaryInfoSetPropertyA(sum, 1, VT_I2, 1200, NULL, NULL), "code page\n");
    ok(!set_text(2, "a title"), "set\n");
    ok(!strcmp(get_text(2), "a title"), "title: %s\n", get_text(2));
    save_and_open_by_path();
    ok(!strcmp(get_text(2), "a title"), "title: %s\n", get_text(2));
    ok(!strcmp(get_text(3), "before"), "subject: %s\n", get_text(3));
    end();
}

static void text_needs_room(void)
{
    char buf[8];
    DWORD size = 3;
    UINT type;

    begin(5);
    set_text(3, "subject");
    ok(MsiSummaryInfoGetPropertyA(sum, 3, &type, NULL, NULL, buf, &size) == ERROR_MORE_DATA, "3\n");
    ok(size == 7 && !strcmp(buf, "su"), "size %lu, %s\n", size, buf);
    size = 8;
    ok(!MsiSummaryInfoGetPropertyA(sum, 3, &type, NULL, NULL, buf, &size), "8\n");
    ok(size == 7 && !strcmp(buf, "subject"), "size %lu, %s\n", size, buf);
    end();
}

static void removed(void)
{
    UINT type = VT_LPSTR, count = 9;
    char buf[8];
    DWORD size = sizeof(buf);

    begin(2);
    set_text(3, "subject");
    differs("VT_EMPTY removes a property, as the automation object's page has it")
    {
        ok(!MsiSummaryInfoSetPropertyA(sum, 3, VT_EMPTY, 0, NULL, NULL), "3\n");
        ok(!MsiSummaryInfoSetPropertyA(sum, 4, VT_EMPTY, 0, NULL, NULL), "one that is not there\n");
        ok(!MsiSummaryInfoGetPropertyA(sum, 3, &type, NULL, NULL, buf, &size) && type == VT_EMPTY,
           "its type: %u\n", type);
        ok(!MsiSummaryInfoGetPropertyCount(sum, &count) && !count, "%u are left\n", count);
    }
    ok(MsiSummaryInfoSetPropertyA(sum, 17, VT_EMPTY, 0, NULL, NULL) == ERROR_DATATYPE_MISMATCH,
       "17\n");
    set_text(3, "again");
    end();
}

static void wrong_arguments(void)
{
    MSIHANDLE h = 0;
    UINT type;
    DWORD size = 0;

    begin(0);
    ok(MsiGetSummaryInformationA(0, NULL, 0, &h) == ERROR_INVALID_HANDLE, "nothing\n");
    ok(MsiGetSummaryInformationA(0, name, 0, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiGetSummaryInformationA(0x7ffffff0, NULL, 0, &h) == ERROR_INVALID_HANDLE, "no handle\n");
    differs("MsiGetSummaryInformation, return values")
        ok(MsiGetSummaryInformationA(0, "nofile.msi", 0, &h) == ERROR_INSTALL_PACKAGE_INVALID,
           "no file\n");
    type = VT_I4;
    ok(MsiSummaryInfoGetPropertyA(sum, 20, &type, NULL, NULL, NULL, &size) ==
           ERROR_UNKNOWN_PROPERTY,
       "20\n");
    ok(type == VT_EMPTY, "its type: %u\n", type);
    ok(MsiSummaryInfoGetPropertyA(0, 2, &type, NULL, NULL, NULL, &size) == ERROR_INVALID_HANDLE,
       "get\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 14, VT_LPSTR, 0, NULL, NULL) == ERROR_DATATYPE_MISMATCH,
       "the type comes first\n");
    ok(MsiSummaryInfoSetPropertyA(sum, 2, VT_LPSTR, 0, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "no text\n");
    ok(MsiSummaryInfoPersist(0) == ERROR_INVALID_HANDLE, "persist\n");
    ok(MsiSummaryInfoGetPropertyCount(0, &type) == ERROR_INVALID_HANDLE, "count\n");
    end();
}

START_TEST(suminfo)
{
    test_dll("msi");
    RUN(a_text_without_a_buffer);
    RUN(an_empty_one);
    RUN(properties_of_every_type_come_back);
    RUN(types_must_be_the_property_s);
    RUN(updates_are_counted);
    RUN(what_is_persisted_and_committed_is_in_the_file);
    RUN(a_file_is_changed_through_its_path);
    RUN(nothing_is_persisted_without_updates);
    RUN(text_of_a_utf16_set_is_kept);
    RUN(text_needs_room);
    RUN(removed);
    RUN(wrong_arguments);
}
