/*
 * MsiViewModify in its modes, and MsiViewGetError.
 */
#include "msitest.h"

static const char *name;
static MSIHANDLE db, view, rec;

/* A view on all of T that stands on its first row, which rec is. */
static void begin(void)
{
    UINT err;

    name = new_name();
    db = create_with_table(name);
    view = rec = 0;
    err = MsiDatabaseOpenViewA(db, "SELECT `A`, `B`, `C` FROM `T`", &view);
    ok(!err, "open: error %u\n", err);
    ok(!MsiViewExecute(view, 0), "execute\n");
    ok(!MsiViewFetch(view, &rec), "fetch\n");
}

static void end(void)
{
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void is_row(int key, const char *text)
{
    char query[80];
    MSIHANDLE row;

    snprintf(query, sizeof(query), "SELECT `B` FROM `T` WHERE `A` = %d", key);
    row = first_row(db, query);
    if (text)
        ok(row && !strcmp(field(row, 1), text), "row %d: %s\n", key, row ? field(row, 1) : "none");
    else
        ok(!row, "row %d is there\n", key);
    MsiCloseHandle(row);
}

static void update_changes_the_row(void)
{
    begin();
    MsiRecordSetStringA(rec, 2, "uno");
    ok(!MsiViewModify(view, MSIMODIFY_UPDATE, rec), "update\n");
    is_row(1, "uno");
    MsiRecordSetInteger(rec, 1, 8);
    ok(MsiViewModify(view, MSIMODIFY_UPDATE, rec) == ERROR_FUNCTION_FAILED, "a key\n");
    is_row(8, NULL);
    end();
}

static void delete_takes_the_row_away(void)
{
    begin();
    ok(!MsiViewModify(view, MSIMODIFY_DELETE, rec), "delete\n");
    is_row(1, NULL);
    is_row(2, "two");
    end();
}

static void insert_adds_a_row(void)
{
    MSIHANDLE row = MsiCreateRecord(3);

    begin();
    MsiRecordSetInteger(row, 1, 4);
    MsiRecordSetStringA(row, 2, "four");
    ok(!MsiViewModify(view, MSIMODIFY_INSERT, row), "insert\n");
    is_row(4, "four");
    ok(MsiViewModify(view, MSIMODIFY_INSERT, row) == ERROR_FUNCTION_FAILED, "the same key\n");
    MsiRecordSetInteger(row, 1, 5);
    ok(!MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, row), "temporary\n");
    is_row(5, "four");
    ok(!MsiDatabaseCommit(db), "commit\n");
    end();
    MsiCloseHandle(row);
}

static void assign_inserts_or_updates(void)
{
    MSIHANDLE row = MsiCreateRecord(3);

    begin();
    MsiRecordSetInteger(row, 1, 2);
    MsiRecordSetStringA(row, 2, "zwei");
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, row), "existing\n");
    is_row(2, "zwei");
    MsiRecordSetInteger(row, 1, 6);
    MsiRecordSetStringA(row, 2, "sechs");
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, row), "new\n");
    is_row(6, "sechs");
    end();
    MsiCloseHandle(row);
}

static void replace_moves_a_row_to_another_key(void)
{
    begin();
    MsiRecordSetInteger(rec, 1, 7);
    MsiRecordSetStringA(rec, 2, "seven");
    differs("MsiViewModify, MSIMODIFY_REPLACE")
        ok(!MsiViewModify(view, MSIMODIFY_REPLACE, rec), "replace\n");
    if (!test_builtin_dlls) {
        is_row(1, NULL);
        is_row(7, "seven");
    }
    end();
}

static void merge_takes_equal_rows_and_new_ones(void)
{
    MSIHANDLE row = MsiCreateRecord(3);

    begin();
    MsiRecordSetInteger(row, 1, 2);
    MsiRecordSetStringA(row, 2, "two");
    MsiRecordSetInteger(row, 3, 20);
    ok(!MsiViewModify(view, MSIMODIFY_MERGE, row), "equal\n");
    MsiRecordSetStringA(row, 2, "other");
    differs("MsiViewModify, MSIMODIFY_MERGE")
        ok(MsiViewModify(view, MSIMODIFY_MERGE, row) != ERROR_SUCCESS, "different\n");
    is_row(2, "two");
    MsiRecordSetInteger(row, 1, 9);
    ok(!MsiViewModify(view, MSIMODIFY_MERGE, row), "new\n");
    is_row(9, "other");
    end();
    MsiCloseHandle(row);
}

/* Bay and Row are the key; a view that leaves some out. */
static MSIHANDLE shelf(const char *columns)
{
    MSIHANDLE some = 0;
    char query[64];

    must_run(db, "CREATE TABLE `Shelf` (`Bay` SHORT, `Row` SHORT, `Qty` SHORT, `Max` SHORT PRIMARY "
                 "KEY `Bay`, `Row`)");
    must_run(db, "INSERT INTO `Shelf` (`Bay`, `Row`, `Qty`, `Max`) VALUES (5, 6, 70, 80)");
    snprintf(query, sizeof(query), "SELECT %s FROM `Shelf`", columns);
    ok(!MsiDatabaseOpenViewA(db, query, &some), "open\n");
    ok(!MsiViewExecute(some, 0), "execute\n");
    return some;
}

static UINT modify_shelf(MSIHANDLE some, MSIMODIFY mode, int a, int b, int c)
{
    MSIHANDLE row = MsiCreateRecord(3);
    UINT err;

    MsiRecordSetInteger(row, 1, a);
    MsiRecordSetInteger(row, 2, b);
    MsiRecordSetInteger(row, 3, c);
    err = MsiViewModify(some, mode, row);
    MsiCloseHandle(row);
    return err;
}

static void assign_takes_what_is_not_selected_for_null(void)
{
    MSIHANDLE some, row;

    begin();
    some = shelf("`Row`, `Qty`");
    ok(!modify_shelf(some, MSIMODIFY_ASSIGN, 6, 71, 0), "the row of another bay\n");
    ok(!modify_shelf(some, MSIMODIFY_ASSIGN, 7, 71, 0), "a new one\n");
    ok(!modify_shelf(some, MSIMODIFY_ASSIGN, 7, 72, 0), "the same\n");
    ok(count_rows(db, "SELECT * FROM `Shelf`") == 3, "rows\n");
    ok(count_rows(db, "SELECT * FROM `Shelf` WHERE `Bay` IS NULL AND `Max` IS NULL") == 2,
       "rows without a bay\n");
    row = first_row(db, "SELECT `Qty` FROM `Shelf` WHERE `Row` = 7");
    ok(MsiRecordGetInteger(row, 1) == 72, "quantity %s\n", field(row, 1));
    MsiCloseHandle(row);
    MsiCloseHandle(some);
    end();
}

static void assign_empties_what_is_not_selected(void)
{
    MSIHANDLE some, row;

    begin();
    some = shelf("`Bay`, `Row`, `Qty`");
    ok(!modify_shelf(some, MSIMODIFY_ASSIGN, 5, 6, 75), "assign\n");
    row = first_row(db, "SELECT `Qty`, `Max` FROM `Shelf`");
    ok(MsiRecordGetInteger(row, 1) == 75 && MsiRecordIsNull(row, 2), "%s, %s\n", field(row, 1),
       field(row, 2));
    MsiCloseHandle(row);
    MsiCloseHandle(some);
    end();
}

static void merge_compares_the_whole_row(void)
{
    MSIHANDLE some;

    begin();
    some = shelf("`Bay`, `Row`, `Qty`");
    differs("MsiViewModify, MSIMODIFY_MERGE")
        ok(modify_shelf(some, MSIMODIFY_MERGE, 5, 6, 70) == ERROR_FUNCTION_FAILED, "Max is 80\n");
    must_run(db, "UPDATE `Shelf` SET `Max` = NULL");
    ok(!modify_shelf(some, MSIMODIFY_MERGE, 5, 6, 70), "Max is NULL\n");
    ok(!modify_shelf(some, MSIMODIFY_MERGE, 5, 7, 70), "a new row\n");
    ok(count_rows(db, "SELECT * FROM `Shelf`") == 2, "rows\n");
    MsiCloseHandle(some);
    end();
}

/* A record of this query makes a row without a key. */
static void a_query_without_the_key_makes_no_rows(void)
{
    MSIHANDLE some = 0, row = MsiCreateRecord(2);
    MSIMODIFY modes[] = {MSIMODIFY_INSERT, MSIMODIFY_MERGE, MSIMODIFY_INSERT_TEMPORARY,
                         MSIMODIFY_VALIDATE_NEW};

    begin();
    MsiRecordSetStringA(row, 1, "text");
    MsiRecordSetInteger(row, 2, 7);
    ok(!MsiDatabaseOpenViewA(db, "SELECT `B`, `C` FROM `T`", &some), "open\n");
    ok(!MsiViewExecute(some, 0), "execute\n");
    for (UINT i = 0; i < ARRAYSIZE(modes); i++) {
        UINT err = MsiViewModify(some, modes[i], row);

        ok(err == ERROR_INVALID_DATA, "mode %d: error %u\n", modes[i], err);
    }
    MsiCloseHandle(some);
    MsiCloseHandle(row);
    end();
}

static void refresh_reads_the_row_again(void)
{
    begin();
    must_run(db, "UPDATE `T` SET `B` = 'fresh' WHERE `A` = 1");
    ok(!strcmp(field(rec, 2), "one"), "before: %s\n", field(rec, 2));
    ok(!MsiViewModify(view, MSIMODIFY_REFRESH, rec), "refresh\n");
    ok(!strcmp(field(rec, 2), "fresh"), "after: %s\n", field(rec, 2));
    end();
}

static void seek_finds_the_row_of_a_key(void)
{
    MSIHANDLE row = MsiCreateRecord(3);

    begin();
    MsiRecordSetInteger(row, 1, 3);
    differs("MsiViewModify, MSIMODIFY_SEEK")
        ok(!MsiViewModify(view, MSIMODIFY_SEEK, row), "seek\n");
    differs("MsiViewModify, MSIMODIFY_SEEK")
        ok(!strcmp(field(row, 2), "three"), "got %s\n", field(row, 2));
    MsiRecordSetInteger(row, 1, 99);
    ok(MsiViewModify(view, MSIMODIFY_SEEK, row) != ERROR_SUCCESS, "no such row\n");
    end();
    MsiCloseHandle(row);
}

static void modes_and_records_there_are_not(void)
{
    MSIHANDLE small = MsiCreateRecord(1);

    begin();
    differs("MsiViewModify, MSIMODIFY_SEEK")
        ok(MsiViewModify(view, MSIMODIFY_SEEK, small) == ERROR_INVALID_DATA, "a small record\n");
    MsiCloseHandle(small);
    ok(MsiViewModify(view, (MSIMODIFY)-2, rec) != ERROR_SUCCESS, "mode -2\n");
    ok(MsiViewModify(view, (MSIMODIFY)12, rec) != ERROR_SUCCESS, "mode 12\n");
    ok(MsiViewModify(view, MSIMODIFY_INSERT, 0) == ERROR_INVALID_HANDLE, "no record\n");
    ok(MsiViewModify(0, MSIMODIFY_INSERT, rec) == ERROR_INVALID_HANDLE, "no view\n");
    ok(MsiViewModify(view, MSIMODIFY_INSERT, db) == ERROR_INVALID_HANDLE, "a database\n");
    end();
}

/* --- streams ------------------------------------------------------------------------------------
 */

static void add_stream(const char *key, const char *text)
{
    MSIHANDLE put = 0, row = MsiCreateRecord(2);

    write_file("modify.bin", text, (DWORD)strlen(text));
    MsiRecordSetStringA(row, 1, key);
    MsiRecordSetStreamA(row, 2, "modify.bin");
    ok(!MsiDatabaseOpenViewA(db, "INSERT INTO `S` (`K`, `O`) VALUES (?, ?)", &put), "open\n");
    ok(!MsiViewExecute(put, row), "insert %s\n", key);
    MsiCloseHandle(put);
    MsiCloseHandle(row);
    DeleteFileA("modify.bin");
}

/* A view on rows `one` and `two`, whose streams are their names, that stands on the first. */
static void begin_streams(void)
{
    name = new_name();
    db = create(name);
    must_run(db, "CREATE TABLE `S` (`K` CHAR(9) NOT NULL, `O` OBJECT PRIMARY KEY `K`)");
    add_stream("one", "one");
    add_stream("two", "two");
    view = rec = 0;
    ok(!MsiDatabaseOpenViewA(db, "SELECT `K`, `O` FROM `S`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    ok(!MsiViewFetch(view, &rec), "fetch\n");
}

static void is_stream(const char *key, const char *text)
{
    char query[80], buf[16] = "";
    DWORD size = sizeof(buf) - 1;
    MSIHANDLE row;

    snprintf(query, sizeof(query), "SELECT `O` FROM `S` WHERE `K` = '%s'", key);
    row = first_row(db, query);
    ok(row && !MsiRecordReadStream(row, 1, buf, &size), "%s: not read\n", key);
    ok(!strcmp(buf, text), "%s: %s\n", key, buf);
    MsiCloseHandle(row);
}

static void a_stream_goes_along_under_a_new_key(void)
{
    begin_streams();
    MsiRecordSetStringA(rec, 1, "three");
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, rec), "assign\n");
    MsiRecordSetStringA(rec, 1, "four");
    ok(!MsiViewModify(view, MSIMODIFY_MERGE, rec), "merge\n");
    is_stream("one", "one");
    is_stream("three", "one");
    is_stream("four", "one");
    end();
}

static void a_stream_is_assigned_to_another_row(void)
{
    begin_streams();
    MsiRecordSetStringA(rec, 1, "two");
    differs("MsiViewModify, MSIMODIFY_MERGE")
        ok(MsiViewModify(view, MSIMODIFY_MERGE, rec) == ERROR_FUNCTION_FAILED, "merge\n");
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, rec), "assign\n");
    is_stream("two", "one");
    is_stream("one", "one");
    end();
}

static void a_stream_stays_with_its_row(void)
{
    begin_streams();
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, rec), "assign\n");
    ok(!MsiViewModify(view, MSIMODIFY_MERGE, rec), "merge\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    ok(!MsiViewModify(view, MSIMODIFY_ASSIGN, rec), "assign what was fetched before\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    is_stream("one", "one");
    is_stream("two", "two");
    end();
}

/* --- validation ---------------------------------------------------------------------------------
 */

static void add_rules(void)
{
    must_run(db, "CREATE TABLE `_Validation` (`Table` CHAR(32) NOT NULL, `Column` CHAR(32) NOT "
                 "NULL, `Nullable` CHAR(4) NOT NULL, `MinValue` LONG, `MaxValue` LONG, `KeyTable` "
                 "CHAR(255), `KeyColumn` SHORT, `Category` CHAR(32), `Set` CHAR(255), "
                 "`Description` CHAR(255) PRIMARY KEY `Table`, `Column`)");
    must_run(db, "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `MinValue`, "
                 "`MaxValue`) VALUES ('T', 'A', 'N', 1, 100)");
    must_run(db, "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `Category`) VALUES "
                 "('T', 'B', 'N', 'Identifier')");
    must_run(db, "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `Set`) VALUES ('T', "
                 "'C', 'Y', '10;20;30')");
}

static int next_error(char *column)
{
    DWORD size = 32;

    return MsiViewGetErrorA(view, column, &size);
}

static void validation_finds_what_is_wrong(void)
{
    MSIHANDLE row = MsiCreateRecord(3);
    char column[32];

    begin();
    add_rules();
    ok(!MsiViewModify(view, MSIMODIFY_VALIDATE, rec), "the row is right\n");
    MsiRecordSetInteger(row, 1, 500);
    MsiRecordSetStringA(row, 2, "9 lives");
    MsiRecordSetInteger(row, 3, 11);
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row) == ERROR_INVALID_DATA, "wrong row\n");
    ok(next_error(column) == MSIDBERROR_OVERFLOW && !strcmp(column, "A"), "A: %s\n", column);
    ok(next_error(column) == MSIDBERROR_BADIDENTIFIER && !strcmp(column, "B"), "B: %s\n", column);
    ok(next_error(column) == MSIDBERROR_NOTINSET && !strcmp(column, "C"), "C: %s\n", column);
    ok(next_error(column) == MSIDBERROR_NOERROR && !column[0], "the end: %s\n", column);
    end();
    MsiCloseHandle(row);
}

static void validation_of_new_rows_and_fields(void)
{
    MSIHANDLE row = MsiCreateRecord(3);
    char column[32];

    begin();
    add_rules();
    MsiRecordSetInteger(row, 1, 2);
    MsiRecordSetStringA(row, 2, "name");
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row) == ERROR_INVALID_DATA, "key is there\n");
    ok(next_error(column) == MSIDBERROR_DUPLICATEKEY && !strcmp(column, "A"), "%s\n", column);
    MsiRecordSetInteger(row, 1, 50);
    MsiRecordSetStringA(row, 2, NULL);
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row) == ERROR_INVALID_DATA, "null\n");
    ok(next_error(column) == MSIDBERROR_REQUIRED && !strcmp(column, "B"), "%s\n", column);
    ok(!MsiViewModify(view, MSIMODIFY_VALIDATE_FIELD, row), "an incomplete record\n");
    end();
    MsiCloseHandle(row);
}

/* "returns the error that occurred in the MsiViewModify function" */
static void the_next_call_forgets_what_was_wrong(void)
{
    MSIHANDLE row = MsiCreateRecord(3);
    char column[32];

    begin();
    add_rules();
    MsiRecordSetInteger(row, 1, 500);
    MsiRecordSetStringA(row, 2, "name");
    ok(MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row) == ERROR_INVALID_DATA, "wrong row\n");
    ok(!MsiViewModify(view, MSIMODIFY_REFRESH, rec), "refresh\n");
    ok(next_error(column) == MSIDBERROR_NOERROR && !column[0], "still there: %s\n", column);
    end();
    MsiCloseHandle(row);
}

/* A row whose key is wrong and, with a bad name, whose second column too. */
static MSIHANDLE wrong_row(void)
{
    MSIHANDLE row = MsiCreateRecord(3);

    MsiRecordSetInteger(row, 1, 500);
    MsiRecordSetStringA(row, 2, "name");
    MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row);
    return row;
}

static void an_error_is_told_once_with_room_or_without(void)
{
    MSIHANDLE row;
    char column[32] = "x";
    DWORD size = 1;

    begin();
    add_rules();
    row = wrong_row();
    ok(MsiViewGetErrorA(view, column, &size) == MSIDBERROR_MOREDATA && size == 1 && !column[0],
       "size %lu, %s\n", size, column);
    size = 1;
    ok(MsiViewGetErrorA(view, column, &size) == MSIDBERROR_NOERROR && !size, "size %lu\n", size);
    MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, row);
    size = 0;
    strcpy(column, "x");
    ok(MsiViewGetErrorA(view, column, &size) == MSIDBERROR_MOREDATA && size == 1, "%lu\n", size);
    ok(!strcmp(column, "x"), "no room at all, and got %s\n", column);
    size = 0;
    ok(MsiViewGetErrorA(view, column, &size) == MSIDBERROR_MOREDATA && !size, "size %lu\n", size);
    ok(MsiViewGetErrorA(view, column, NULL) == MSIDBERROR_INVALIDARG, "no size\n");
    size = sizeof(column);
    ok(MsiViewGetErrorA(0, column, &size) == MSIDBERROR_INVALIDARG, "no view\n");
    MsiCloseHandle(row);
    end();
}

START_TEST(modify)
{
    test_dll("msi");
    RUN(update_changes_the_row);
    RUN(delete_takes_the_row_away);
    RUN(insert_adds_a_row);
    RUN(assign_inserts_or_updates);
    RUN(replace_moves_a_row_to_another_key);
    RUN(merge_takes_equal_rows_and_new_ones);
    RUN(assign_takes_what_is_not_selected_for_null);
    RUN(assign_empties_what_is_not_selected);
    RUN(merge_compares_the_whole_row);
    RUN(a_query_without_the_key_makes_no_rows);
    RUN(refresh_reads_the_row_again);
    RUN(seek_finds_the_row_of_a_key);
    RUN(modes_and_records_there_are_not);
    RUN(a_stream_goes_along_under_a_new_key);
    RUN(a_stream_is_assigned_to_another_row);
    RUN(a_stream_stays_with_its_row);
    if (test_builtin_dlls) {
        win_skip("it does not validate\n");
        return;
    }
    RUN(validation_finds_what_is_wrong);
    RUN(validation_of_new_rows_and_fields);
    RUN(the_next_call_forgets_what_was_wrong);
    RUN(an_error_is_told_once_with_room_or_without);
}
