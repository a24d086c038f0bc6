/*
 * Views: open, execute, fetch, close, column information, parameters, streams.
 */
#include "msitest.h"

static const char *name;
static MSIHANDLE db;

static void begin(void)
{
    name = new_name();
    db = create_with_table(name);
}

static void end(void)
{
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static MSIHANDLE open(const char *query)
{
    MSIHANDLE view = 0;
    UINT err = MsiDatabaseOpenViewA(db, query, &view);

    ok(!err, "%s: error %u\n", query, err);
    return view;
}

static void rows_come_in_order_and_end(void)
{
    static const char *const want[] = {"one", "two", "three"};
    MSIHANDLE view, rec = 0;

    begin();
    view = open("SELECT `A`, `B`, `C` FROM `T`");
    ok(!MsiViewExecute(view, 0), "execute\n");
    for (int i = 0; i < 3; i++) {
        ok(!MsiViewFetch(view, &rec), "fetch %d\n", i);
        ok(MsiRecordGetFieldCount(rec) == 3, "fields\n");
        ok(MsiRecordGetInteger(rec, 1) == i + 1, "A\n");
        ok(!strcmp(field(rec, 2), want[i]), "B: %s\n", field(rec, 2));
        ok(MsiRecordGetInteger(rec, 3) == 10 * (i + 1), "C\n");
        MsiCloseHandle(rec);
    }
    rec = 77;
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "the end\n");
    ok(rec == 0, "a handle\n");
    MsiCloseHandle(view);
    end();
}

static void after_the_end_fetching_starts_over(void)
{
    MSIHANDLE view, rec = 0;

    begin();
    view = open("SELECT `B` FROM `T` WHERE `A` = 2");
    MsiViewExecute(view, 0);
    MsiViewFetch(view, &rec);
    MsiCloseHandle(rec);
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "the end\n");
    ok(!MsiViewFetch(view, &rec), "again\n");
    ok(!strcmp(field(rec, 1), "two"), "got %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    end();
}

static void executing_again_starts_again(void)
{
    MSIHANDLE view, rec = 0;

    begin();
    view = open("SELECT `B` FROM `T`");
    for (int i = 0; i < 2; i++) {
        ok(!MsiViewExecute(view, 0), "execute\n");
        ok(!MsiViewFetch(view, &rec) && !strcmp(field(rec, 1), "one"), "first row\n");
        MsiCloseHandle(rec);
    }
    ok(!MsiViewClose(view), "close\n");
    ok(!MsiViewClose(view), "close again\n");
    ok(!MsiViewExecute(view, 0), "execute after close\n");
    ok(!MsiViewFetch(view, &rec) && !strcmp(field(rec, 1), "one"), "first row\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    end();
}

static void parameters_choose_rows(void)
{
    MSIHANDLE view, rec = 0, params = MsiCreateRecord(1);

    begin();
    view = open("SELECT `B` FROM `T` WHERE `A` = ?");
    for (int i = 3; i > 0; i--) {
        static const char *const want[] = {"", "one", "two", "three"};

        MsiRecordSetInteger(params, 1, i);
        ok(!MsiViewExecute(view, params), "execute\n");
        ok(!MsiViewFetch(view, &rec) && !strcmp(field(rec, 1), want[i]), "row %d\n", i);
        MsiCloseHandle(rec);
    }
    ok(MsiViewExecute(view, 0x7ffffff0) == ERROR_INVALID_HANDLE, "no record\n");
    ok(MsiViewExecute(view, db) == ERROR_INVALID_HANDLE, "a database as record\n");
    MsiCloseHandle(view);
    MsiCloseHandle(params);
    end();
}

static void inserting_by_parameters(void)
{
    MSIHANDLE view, rec, params = MsiCreateRecord(3);

    begin();
    view = open("INSERT INTO `T` (`A`, `B`, `C`) VALUES (?, ?, ?)");
    MsiRecordSetInteger(params, 1, 9);
    MsiRecordSetStringA(params, 2, "nine");
    MsiRecordSetInteger(params, 3, 90);
    ok(!MsiViewExecute(view, params), "insert\n");
    ok(MsiViewExecute(view, params) == ERROR_FUNCTION_FAILED, "the same key\n");
    MsiCloseHandle(view);
    rec = first_row(db, "SELECT `B`, `C` FROM `T` WHERE `A` = 9");
    ok(!strcmp(field(rec, 1), "nine") && !strcmp(field(rec, 2), "90"), "row\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(params);
    end();
}

static void columns_have_names_and_types(void)
{
    MSIHANDLE view, rec = 0;

    begin();
    must_run(db, "CREATE TABLE `U` (`K` CHAR(72) NOT NULL, `L` CHAR(0) LOCALIZABLE, `O` OBJECT, "
                 "`S` SHORT NOT NULL, `N` LONG PRIMARY KEY `K`)");
    view = open("SELECT * FROM `U`");
    ok(!MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, &rec), "names\n");
    ok(!strcmp(field(rec, 1), "K") && !strcmp(field(rec, 5), "N"), "names\n");
    MsiCloseHandle(rec);
    ok(!MsiViewGetColumnInfo(view, MSICOLINFO_TYPES, &rec), "types\n");
    ok(!strcmp(field(rec, 1), "s72"), "K: %s\n", field(rec, 1));
    ok(!strcmp(field(rec, 2), "L0"), "L: %s\n", field(rec, 2));
    ok(!strcmp(field(rec, 3), "V0"), "O: %s\n", field(rec, 3));
    ok(!strcmp(field(rec, 4), "i2"), "S: %s\n", field(rec, 4));
    ok(!strcmp(field(rec, 5), "I4"), "N: %s\n", field(rec, 5));
    MsiCloseHandle(rec);
    ok(MsiViewGetColumnInfo(view, (MSICOLINFO)2, &rec) == ERROR_INVALID_PARAMETER, "2\n");
    ok(MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiViewGetColumnInfo(0, MSICOLINFO_NAMES, &rec) == ERROR_INVALID_HANDLE, "no view\n");
    MsiCloseHandle(view);
    end();
}

static void a_stream_goes_in_and_comes_out(void)
{
    MSIHANDLE view, rec = MsiCreateRecord(1);
    char buf[16];
    DWORD size = sizeof(buf);

    begin();
    must_run(db, "CREATE TABLE `Bin` (`N` CHAR(20) NOT NULL, `D` OBJECT PRIMARY KEY `N`)");
    write_file("data.bin", "some bytes", 10);
    MsiRecordSetStreamA(rec, 1, "data.bin");
    DeleteFileA("data.bin");
    view = open("INSERT INTO `Bin` (`N`, `D`) VALUES ('x', ?)");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    ok(!MsiDatabaseCommit(db), "commit\n");
    rec = first_row(db, "SELECT `D` FROM `Bin`");
    ok(MsiRecordDataSize(rec, 1) == 10, "size %u\n", MsiRecordDataSize(rec, 1));
    ok(!MsiRecordReadStream(rec, 1, buf, &size) && size == 10, "read %lu\n", size);
    ok(!memcmp(buf, "some bytes", 10), "bytes\n");
    MsiCloseHandle(rec);
    rec = first_row(db, "SELECT `Name` FROM `_Streams` WHERE `Name` = 'Bin.x'");
    ok(rec && !strcmp(field(rec, 1), "Bin.x"), "_Streams\n");
    MsiCloseHandle(rec);
    end();
}

/* By both ways that the page of _Streams has. */
static void streams_are_deleted(void)
{
    MSIHANDLE view, rec = MsiCreateRecord(2);

    begin();
    write_file("data.bin", "some bytes", 10);
    MsiRecordSetStringA(rec, 1, "one");
    ok(!MsiRecordSetStreamA(rec, 2, "data.bin"), "set\n");
    view = open("INSERT INTO `_Streams` (`Name`, `Data`) VALUES (?, ?)");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiRecordSetStringA(rec, 1, "two");
    ok(!MsiRecordSetStreamA(rec, 2, "data.bin"), "set\n");
    DeleteFileA("data.bin");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    view = open("SELECT `Name`, `Data` FROM `_Streams` WHERE `Name` = 'one'");
    MsiViewExecute(view, 0);
    ok(!MsiViewFetch(view, &rec), "fetch\n");
    MsiRecordSetStringA(rec, 2, NULL);
    differs("_Streams Table") ok(!MsiViewModify(view, MSIMODIFY_UPDATE, rec), "update\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    differs("_Streams Table")
        ok(!count_rows(db, "SELECT `Name` FROM `_Streams` WHERE `Name` = 'one'"), "one\n");
    must_run(db, "DELETE FROM `_Streams` WHERE `Name` = 'two'");
    ok(!count_rows(db, "SELECT `Name` FROM `_Streams` WHERE `Name` = 'two'"), "two\n");
    end();
}

static void a_stream_that_was_deleted_reads_as_empty(void)
{
    MSIHANDLE rec = MsiCreateRecord(2), view;
    char buf[16];
    DWORD size = sizeof(buf);

    begin();
    write_file("data.bin", "some bytes", 10);
    MsiRecordSetStringA(rec, 1, "one");
    MsiRecordSetStreamA(rec, 2, "data.bin");
    DeleteFileA("data.bin");
    view = open("INSERT INTO `_Streams` (`Name`, `Data`) VALUES (?, ?)");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    rec = first_row(db, "SELECT `Name`, `Data` FROM `_Streams` WHERE `Name` = 'one'");
    must_run(db, "DELETE FROM `_Streams` WHERE `Name` = 'one'");
    ok(!strcmp(field(rec, 1), "one"), "name %s\n", field(rec, 1));
    ok(!MsiRecordReadStream(rec, 2, buf, &size) && !size, "read %lu\n", size);
    MsiCloseHandle(rec);
    end();
}

/* Its name can be read, and its bytes cannot. */
static void a_sub_storage_is_a_row(void)
{
    MSIHANDLE inner, rec = MsiCreateRecord(2), view;
    char buf[16];
    DWORD size = sizeof(buf);

    begin();
    inner = create_with_table("inner.msi");
    ok(!MsiDatabaseCommit(inner), "commit\n");
    MsiCloseHandle(inner);
    MsiRecordSetStringA(rec, 1, "sub");
    ok(!MsiRecordSetStreamA(rec, 2, "inner.msi"), "stream\n");
    view = open("INSERT INTO `_Storages` (`Name`, `Data`) VALUES (?, ?)");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    rec = first_row(db, "SELECT `Name`, `Data` FROM `_Storages`");
    ok(rec && !strcmp(field(rec, 1), "sub"), "name\n");
    ok(MsiRecordReadStream(rec, 2, buf, &size) == ERROR_INVALID_DATA && !size, "size %lu\n", size);
    MsiCloseHandle(rec);
    DeleteFileA("inner.msi");
    end();
}

static void wrong_queries(void)
{
    MSIHANDLE view = 0;

    begin();
    ok(MsiDatabaseOpenViewA(db, "SELEC `A` FROM `T`", &view) == ERROR_BAD_QUERY_SYNTAX, "word\n");
    ok(MsiDatabaseOpenViewA(db, "SELECT `A` FROM `No`", &view) == ERROR_BAD_QUERY_SYNTAX,
       "table\n");
    ok(MsiDatabaseOpenViewA(db, "SELECT `No` FROM `T`", &view) == ERROR_BAD_QUERY_SYNTAX,
       "column\n");
    ok(MsiDatabaseOpenViewA(db, "", &view) == ERROR_BAD_QUERY_SYNTAX, "empty\n");
    ok(MsiDatabaseOpenViewA(db, NULL, &view) == ERROR_BAD_QUERY_SYNTAX, "none\n");
    ok(MsiDatabaseOpenViewA(db, "SELECT `A` FROM `T`", NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiDatabaseOpenViewA(0, "SELECT `A` FROM `T`", &view) == ERROR_INVALID_HANDLE, "no db\n");
    ok(!view, "a handle\n");
    end();
}

static void fetching_what_was_not_executed(void)
{
    MSIHANDLE view, rec = 0;

    begin();
    view = open("SELECT `A` FROM `T`");
    differs("Error 2209") ok(MsiViewFetch(view, &rec) == ERROR_FUNCTION_FAILED, "before\n");
    ok(MsiViewFetch(view, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiViewFetch(0, &rec) == ERROR_INVALID_HANDLE, "no view\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    end();
}

static void rows_that_change_under_an_open_view(void)
{
    MSIHANDLE view, rec = 0;

    begin();
    view = open("SELECT `B` FROM `T`");
    MsiViewExecute(view, 0);
    MsiViewFetch(view, &rec);
    MsiCloseHandle(rec);
    must_run(db, "UPDATE `T` SET `B` = 'changed' WHERE `A` = 2");
    ok(!MsiViewFetch(view, &rec) && !strcmp(field(rec, 1), "changed"), "got %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    end();
}

START_TEST(view)
{
    test_dll("msi");
    RUN(rows_come_in_order_and_end);
    RUN(after_the_end_fetching_starts_over);
    RUN(executing_again_starts_again);
    RUN(parameters_choose_rows);
    RUN(inserting_by_parameters);
    RUN(columns_have_names_and_types);
    RUN(a_stream_goes_in_and_comes_out);
    RUN(streams_are_deleted);
    RUN(a_stream_that_was_deleted_reads_as_empty);
    RUN(a_sub_storage_is_a_row);
    RUN(wrong_queries);
    RUN(fetching_what_was_not_executed);
    RUN(rows_that_change_under_an_open_view);
}
