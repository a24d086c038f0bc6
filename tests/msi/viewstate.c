/*
 * What a view takes that was not executed, what NULL is in comparisons, views of what is gone, and
 * queries that the documents tell more about than Wine's DLL knows.
 */
#include "msitest.h"

static const char *name;
static MSIHANDLE db;

/* Row 4 of T is NULL wherever it may be. */
static void begin(void)
{
    name = new_name();
    db = create_with_table(name);
    must_run(db, "INSERT INTO `T` (`A`) VALUES (4)");
}

static void end(void)
{
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static UINT put(MSIHANDLE view, MSIMODIFY mode, int key, const char *text)
{
    MSIHANDLE rec = MsiCreateRecord(3);
    UINT err;

    MsiRecordSetInteger(rec, 1, key);
    MsiRecordSetStringA(rec, 2, text);
    err = MsiViewModify(view, mode, rec);
    MsiCloseHandle(rec);
    return err;
}

static void records_go_into_a_view_not_executed(void)
{
    MSIHANDLE view = 0;

    begin();
    ok(!MsiDatabaseOpenViewA(db, "SELECT * FROM `T`", &view), "open\n");
    ok(!put(view, MSIMODIFY_INSERT, 10, "new"), "insert\n");
    ok(put(view, MSIMODIFY_INSERT, 10, "again"), "insert twice\n");
    ok(!put(view, MSIMODIFY_INSERT_TEMPORARY, 11, "new"), "insert temporary\n");
    ok(!put(view, MSIMODIFY_ASSIGN, 12, "new"), "assign\n");
    ok(!put(view, MSIMODIFY_MERGE, 13, "new"), "merge\n");
    MsiCloseHandle(view);
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `B` = 'new'") == 4, "rows\n");
    end();
}

static void a_new_row_needs_its_values(void)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(3);
    char column[16] = "";
    DWORD size = sizeof(column);

    begin();
    ok(!MsiDatabaseOpenViewA(db, "SELECT * FROM `T`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    ok(MsiViewModify(view, MSIMODIFY_INSERT, rec) == ERROR_INVALID_DATA, "insert\n");
    ok(MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, rec) == ERROR_INVALID_DATA, "temporary\n");
    ok(MsiViewModify(view, MSIMODIFY_MERGE, rec) == ERROR_INVALID_DATA, "merge\n");
    ok(MsiViewModify(view, MSIMODIFY_ASSIGN, rec) == ERROR_FUNCTION_FAILED, "assign\n");
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, rec) == ERROR_INVALID_DATA, "validate\n");
    MsiRecordSetInteger(rec, 1, 5);
    ok(!MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, rec), "a new key\n");
    MsiRecordSetInteger(rec, 1, 1);
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, rec) == ERROR_INVALID_DATA, "a known key\n");
    ok(MsiViewGetErrorA(view, column, &size) == MSIDBERROR_DUPLICATEKEY, "error\n");
    ok(!strcmp(column, "A"), "column %s\n", column);
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    end();
}

static void null_differs_from_all_that_is_there(void)
{
    begin();
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `B` <> 'one'") == 3, "a text\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `C` <> 10") == 3, "a number\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `B` <> ''") == 3, "no text\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `B` = ''") == 1, "equal to no text\n");
    end();
}

static void null_is_below_every_number(void)
{
    begin();
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `C` < 20") == 2, "less\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `C` > -100") == 3, "greater\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `C` = 0") == 0, "it is not 0\n");
    end();
}

static void null_joins_with_null(void)
{
    begin();
    must_run(db, "CREATE TABLE `U` (`K` SHORT NOT NULL, `V` LONG PRIMARY KEY `K`)");
    must_run(db, "INSERT INTO `U` (`K`, `V`) VALUES (1, 20)");
    must_run(db, "INSERT INTO `U` (`K`) VALUES (2)");
    ok(count_rows(db, "SELECT `A`, `K` FROM `T`, `U` WHERE `C` = `V`") == 2, "rows\n");
    end();
}

static void refused_once_dropped(const char *query)
{
    MSIHANDLE view = 0;
    UINT err;

    begin();
    ok(!MsiDatabaseOpenViewA(db, query, &view), "open: %s\n", query);
    must_run(db, "DROP TABLE `T`");
    err = MsiViewExecute(view, 0);
    ok(err != ERROR_SUCCESS, "%s: %u\n", query, err);
    MsiCloseHandle(view);
    end();
}

static void a_query_of_a_dropped_table_fails(void)
{
    if (test_builtin_dlls) {
        win_skip("a view of a dropped table ends the process with Wine's DLL\n");
        return;
    }
    refused_once_dropped("DELETE FROM `T`");
    refused_once_dropped("UPDATE `T` SET `B` = 'x' WHERE `A` = 1");
    refused_once_dropped("INSERT INTO `T` (`A`) VALUES (9)");
    refused_once_dropped("SELECT * FROM `T`");
    refused_once_dropped("ALTER TABLE `T` HOLD");
}

/* The names are made free by the drop, and those of the new table would take their places. */
static void a_view_knows_the_columns_of_a_dropped_table(void)
{
    MSIHANDLE view = 0, rec = 0;

    if (test_builtin_dlls) {
        win_skip("it shows freed memory\n");
        return;
    }
    begin();
    ok(!MsiDatabaseOpenViewA(db, "SELECT * FROM `T`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    must_run(db, "DROP TABLE `T`");
    must_run(db, "CREATE TABLE `T` (`X` CHAR(9) NOT NULL, `Y` LONG PRIMARY KEY `X`)");
    must_run(db, "INSERT INTO `T` (`X`) VALUES ('new')");
    ok(!MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, &rec), "names\n");
    ok(!strcmp(field(rec, 1), "A"), "1: %s\n", field(rec, 1));
    ok(!strcmp(field(rec, 3), "C"), "3: %s\n", field(rec, 3));
    MsiCloseHandle(rec);
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "a row\n");
    MsiCloseHandle(view);
    ok(count_rows(db, "SELECT `X` FROM `T` WHERE `X` = 'new'") == 1, "the new table\n");
    end();
}

static void no_columns(const char *query)
{
    MSIHANDLE view = 0, rec = 77;

    ok(!MsiDatabaseOpenViewA(db, query, &view), "open: %s\n", query);
    ok(MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, &rec) == ERROR_FUNCTION_FAILED, "%s\n", query);
    ok(MsiViewGetColumnInfo(view, MSICOLINFO_TYPES, &rec) == ERROR_FUNCTION_FAILED, "%s\n", query);
    ok(rec == 77, "%s: a record\n", query);
    MsiCloseHandle(view);
}

static void a_table_that_was_made_shows_its_columns(void)
{
    MSIHANDLE view = 0, names = 0;

    begin();
    ok(!MsiDatabaseOpenViewA(db,
                             "CREATE TABLE `Swap` (`p` SHORT NOT NULL, `q` SHORT, `r` CHAR(10), "
                             "`s` LONG, `t` CHAR(9) NOT NULL PRIMARY KEY `t`, `r`)",
                             &view),
       "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    differs("MsiViewGetColumnInfo of a CREATE TABLE that was executed")
        ok(!MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, &names), "names\n");
    if (names)
        ok(!strcmp(field(names, 1), "t"), "the first is %s\n", field(names, 1));
    MsiCloseHandle(names);
    MsiCloseHandle(view);
    end();
}

/* Those of the key change places with what stands in theirs. */
static void columns_of_the_key_come_first(void)
{
    static const char *const want[] = {"t", "r", "q", "s", "p"};
    MSIHANDLE rec;

    begin();
    must_run(db, "CREATE TABLE `Swap` (`p` SHORT NOT NULL, `q` SHORT, `r` CHAR(10), `s` LONG, `t` "
                 "CHAR(9) NOT NULL PRIMARY KEY `t`, `r`)");
    must_run(db, "INSERT INTO `Swap` (`p`, `q`, `r`, `s`, `t`) VALUES (1, 2, 'r', 4, 't')");
    for (UINT i = 0; i < ARRAYSIZE(want); i++) {
        char query[128];

        snprintf(query, sizeof(query),
                 "SELECT `Name` FROM `_Columns` WHERE `Table` = 'Swap' AND `Number` = %u", i + 1);
        rec = first_row(db, query);
        ok(!strcmp(field(rec, 1), want[i]), "%u is %s\n", i + 1, field(rec, 1));
        MsiCloseHandle(rec);
    }
    rec = first_row(db, "SELECT * FROM `Swap`");
    ok(!strcmp(field(rec, 1), "t") && !strcmp(field(rec, 2), "r"), "the key\n");
    ok(!strcmp(field(rec, 3), "2") && !strcmp(field(rec, 4), "4") && !strcmp(field(rec, 5), "1"),
       "%s %s %s\n", field(rec, 3), field(rec, 4), field(rec, 5));
    MsiCloseHandle(rec);
    end();
}

/* Fetching that starts over does not look for new rows; executing does. */
static void starting_over_is_no_execution(void)
{
    MSIHANDLE view = 0, rec = 0;

    begin();
    MsiDatabaseOpenViewA(db, "SELECT `A` FROM `T` WHERE `B` = 'pear'", &view);
    MsiViewExecute(view, 0);
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "an empty result\n");
    must_run(db, "INSERT INTO `T` (`A`, `B`) VALUES (70, 'pear')");
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "still empty\n");
    ok(!MsiViewExecute(view, 0) && !MsiViewFetch(view, &rec), "executed again\n");
    ok(MsiRecordGetInteger(rec, 1) == 70, "row %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "the end\n");
    must_run(db, "INSERT INTO `T` (`A`, `B`) VALUES (71, 'pear')");
    ok(!MsiViewFetch(view, &rec) && MsiRecordGetInteger(rec, 1) == 70, "the first again\n");
    ok(!MsiRecordIsNull(rec, 0), "field 0 is NULL\n");
    MsiRecordSetStringA(rec, 1, "70");
    ok(!MsiViewModify(view, MSIMODIFY_REFRESH, rec), "a row of the view it is still\n");
    MsiCloseHandle(rec);
    differs("what an execution found")
        ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "what came later\n");
    MsiCloseHandle(view);
    end();
}

static void what_the_first_walk_met_is_met_again(void)
{
    MSIHANDLE view = 0, rec, new;

    begin();
    must_run(db, "CREATE TABLE `Walk` (`A` SHORT NOT NULL, `B` CHAR(20) PRIMARY KEY `A`)");
    ok(!MsiDatabaseOpenViewA(db, "SELECT `A`, `B` FROM `Walk`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    new = MsiCreateRecord(2);
    MsiRecordSetInteger(new, 1, 90);
    MsiRecordSetStringA(new, 2, "quince");
    ok(!MsiViewModify(view, MSIMODIFY_INSERT, new), "insert\n");
    MsiCloseHandle(new);
    for (int walk = 1; walk <= 2; walk++) {
        ok(!MsiViewFetch(view, &rec) && MsiRecordGetInteger(rec, 1) == 90, "walk %d\n", walk);
        MsiCloseHandle(rec);
        ok(MsiViewFetch(view, &rec) == ERROR_NO_MORE_ITEMS, "end of walk %d\n", walk);
    }
    MsiCloseHandle(view);
    end();
}

static void what_is_temporary_lives_as_long_as_its_view(void)
{
    MSIHANDLE view = 0, table = 0;

    begin();
    ok(!MsiDatabaseOpenViewA(db, "ALTER TABLE `T` ADD `Seq` LONG TEMPORARY", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    differs("ALTER TABLE without HOLD") ok(!run(db, "UPDATE `T` SET `Seq` = 7"), "set it\n");
    differs("ALTER TABLE without HOLD")
        ok(count_rows(db, "SELECT `A` FROM `T` WHERE `Seq` = 7") == 4, "its rows\n");
    MsiViewClose(view);
    MsiCloseHandle(view);
    ok(run(db, "SELECT `Seq` FROM `T`") == ERROR_BAD_QUERY_SYNTAX, "it is there still\n");
    ok(!MsiDatabaseOpenViewA(
           db, "CREATE TABLE `Tmp` (`K` SHORT NOT NULL TEMPORARY PRIMARY KEY `K`)", &table),
       "open\n");
    ok(!MsiViewExecute(table, 0), "execute\n");
    differs("CREATE TABLE without HOLD")
        ok(!run(db, "INSERT INTO `Tmp` (`K`) VALUES (1)"), "use it\n");
    MsiCloseHandle(table);
    ok(run(db, "SELECT `K` FROM `Tmp`") == ERROR_BAD_QUERY_SYNTAX, "the table is there still\n");
    end();
}

static void a_query_without_columns_has_no_information(void)
{
    begin();
    no_columns("CREATE TABLE `U` (`K` SHORT NOT NULL PRIMARY KEY `K`)");
    no_columns("ALTER TABLE `T` ADD `D` SHORT");
    no_columns("ALTER TABLE `T` HOLD");
    no_columns("DROP TABLE `T`");
    if (!test_builtin_dlls) /* it ends the process */
        no_columns("DELETE FROM `T` WHERE `A` = 1");
    end();
}

static void opens(const char *doc, const char *query, UINT want)
{
    MSIHANDLE view = 0;
    UINT err = MsiDatabaseOpenViewA(db, query, &view);

    differs(doc) ok(err == want, "%s: %u\n", query, err);
    MsiCloseHandle(view);
}

static void a_column_of_two_tables_must_be_qualified(void)
{
    begin();
    opens("2235", "SELECT `Name` FROM `_Tables`, `_Columns`", ERROR_BAD_QUERY_SYNTAX);
    opens("2235", "SELECT `_Tables`.`Name` FROM `_Tables`, `_Columns`", ERROR_SUCCESS);
    end();
}

static void a_temporary_column_may_be_localizable(void)
{
    begin();
    opens(
        "sql-syntax",
        "CREATE TABLE `L` (`K` SHORT NOT NULL, `V` CHAR(9) TEMPORARY LOCALIZABLE PRIMARY KEY `K`)",
        ERROR_SUCCESS);
    end();
}

static void integers_have_31_bits_and_a_sign(void)
{
    begin();
    opens("DoubleInteger", "SELECT `A` FROM `T` WHERE `C` = 2147483647", ERROR_SUCCESS);
    opens("DoubleInteger", "SELECT `A` FROM `T` WHERE `C` = 2147483648", ERROR_BAD_QUERY_SYNTAX);
    opens("DoubleInteger", "UPDATE `T` SET `C` = -2147483647", ERROR_SUCCESS);
    opens("DoubleInteger", "UPDATE `T` SET `C` = 4294967296", ERROR_BAD_QUERY_SYNTAX);
    end();
}

static void what_must_not_be_null_is_not_updated_to_it(void)
{
    begin();
    must_run(db, "ALTER TABLE `T` ADD `D` SHORT NOT NULL");
    must_run(db, "UPDATE `T` SET `D` = 1");
    differs("sql-syntax") ok(run(db, "UPDATE `T` SET `D` = ''") == ERROR_FUNCTION_FAILED, "''\n");
    ok(count_rows(db, "SELECT `A` FROM `T` WHERE `D` = 1") == 4 || test_builtin_dlls, "rows\n");
    end();
}

static void a_stream_without_data_is_empty(void)
{
    begin();
    differs("_Streams Table")
        ok(!run(db, "INSERT INTO `_Streams` (`Name`) VALUES ('empty')"), "insert\n");
    differs("_Streams Table") ok(count_rows(db, "SELECT `Name` FROM `_Streams`") == 1, "rows\n");
    end();
}

START_TEST(viewstate)
{
    test_dll("msi");
    RUN(records_go_into_a_view_not_executed);
    RUN(a_new_row_needs_its_values);
    RUN(null_differs_from_all_that_is_there);
    RUN(null_is_below_every_number);
    RUN(null_joins_with_null);
    RUN(a_query_of_a_dropped_table_fails);
    RUN(a_view_knows_the_columns_of_a_dropped_table);
    RUN(a_query_without_columns_has_no_information);
    RUN(a_table_that_was_made_shows_its_columns);
    RUN(columns_of_the_key_come_first);
    RUN(starting_over_is_no_execution);
    RUN(what_the_first_walk_met_is_met_again);
    RUN(what_is_temporary_lives_as_long_as_its_view);
    RUN(a_column_of_two_tables_must_be_qualified);
    RUN(a_temporary_column_may_be_localizable);
    RUN(integers_have_31_bits_and_a_sign);
    RUN(what_must_not_be_null_is_not_updated_to_it);
    RUN(a_stream_without_data_is_empty);
}
