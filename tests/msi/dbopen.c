/*
 * MsiOpenDatabase in its modes, MsiGetDatabaseState, MsiDatabaseCommit.
 */
#include "msitest.h"

enum { PATCHFILE = 32 }; /* bytes: MSIDBOPEN_PATCHFILE counts characters of either size */

static void a_database_that_is_not_there(void)
{
    MSIHANDLE db = 0;

    differs("MsiOpenDatabase, return values")
        ok(MsiOpenDatabaseA("nofile.msi", OPEN_READONLY, &db) == ERROR_OPEN_FAILED, "read\n");
    differs("MsiOpenDatabase, return values")
        ok(MsiOpenDatabaseA("nofile.msi", OPEN_TRANSACT, &db) == ERROR_OPEN_FAILED, "transact\n");
    differs("MsiOpenDatabase, return values")
        ok(MsiOpenDatabaseA("nofile.msi", OPEN_DIRECT, &db) == ERROR_OPEN_FAILED, "direct\n");
    differs("MsiOpenDatabase, return values") ok(
        MsiOpenDatabaseA("nofolder\\x.msi", OPEN_CREATE, &db) == ERROR_CREATE_FAILED, "create\n");
    ok(!db, "a handle\n");
}

static void what_is_no_database(void)
{
    static char junk[4096];
    MSIHANDLE db = 0;

    memset(junk, 'j', sizeof(junk));
    write_file("junk.msi", junk, sizeof(junk));
    write_file("empty.msi", junk, 0);
    differs("MsiOpenDatabase, return values")
        ok(MsiOpenDatabaseA("junk.msi", OPEN_READONLY, &db) == ERROR_OPEN_FAILED, "junk\n");
    differs("MsiOpenDatabase, return values")
        ok(MsiOpenDatabaseA("empty.msi", OPEN_TRANSACT, &db) == ERROR_OPEN_FAILED, "empty\n");
    DeleteFileA("junk.msi");
    DeleteFileA("empty.msi");
}

static void wrong_arguments(void)
{
    MSIHANDLE db = 0;

    ok(MsiOpenDatabaseA("x.msi", (const char *)5, &db) == ERROR_INVALID_PARAMETER, "mode 5\n");
    if (test_builtin_dlls)
        return; /* it does not survive the others */
    ok(MsiOpenDatabaseA(NULL, OPEN_CREATE, &db) == ERROR_INVALID_PARAMETER, "no path\n");
    ok(MsiOpenDatabaseA("x.msi", OPEN_CREATE, NULL) == ERROR_INVALID_PARAMETER, "no handle\n");
    ok(MsiOpenDatabaseA("", OPEN_CREATE, &db) == ERROR_CREATE_FAILED, "empty path\n");
}

static void a_new_database_is_kept_when_it_is_committed(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    ok(MsiGetDatabaseState(db) == MSIDBSTATE_WRITE, "state\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    db = 0;
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    ok(MsiGetDatabaseState(db) == MSIDBSTATE_READ, "state\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 3, "rows\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void a_new_database_is_gone_when_it_is_not(void)
{
    const char *name = new_name();

    MsiCloseHandle(create_with_table(name));
    ok(GetFileAttributesA(name) == INVALID_FILE_ATTRIBUTES, "the file is there\n");
}

/* The one that it was to replace is gone too. */
static void nothing_is_left_of_a_file_that_was_to_be_replaced(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    db = create(name);
    ok(GetFileAttributesA(name) != INVALID_FILE_ATTRIBUTES, "no file while it is open\n");
    MsiCloseHandle(db);
    ok(GetFileAttributesA(name) == INVALID_FILE_ATTRIBUTES, "the file is there\n");
    db = create(name);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(GetFileAttributesA(name) != INVALID_FILE_ATTRIBUTES, "a committed one is gone\n");
    DeleteFileA(name);
}

static void changes_are_lost_without_a_commit(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "open\n");
    must_run(db, "DELETE FROM `T`");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open again\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 3, "rows\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void a_commit_can_be_followed_by_changes(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    ok(!MsiDatabaseCommit(db), "commit\n");
    must_run(db, "INSERT INTO `T` (`A`) VALUES (4)");
    ok(!MsiDatabaseCommit(db), "second commit\n");
    must_run(db, "INSERT INTO `T` (`A`) VALUES (5)");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 4, "rows\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void a_database_opened_to_read_is_not_changed(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    differs("MsiViewModify, MSIMODIFY_INSERT")
        ok(run(db, "INSERT INTO `T` (`A`) VALUES (4)") == ERROR_FUNCTION_FAILED, "insert\n");
    ok(!run(db, "INSERT INTO `T` (`A`) VALUES (5) TEMPORARY"), "insert temporary\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open again\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 3, "rows\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void readers_share_and_writers_do_not(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), other = 0;

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &other), "a second reader\n");
    MsiCloseHandle(other);
    ok(MsiOpenDatabaseA(name, OPEN_DIRECT, &other) != ERROR_SUCCESS, "a writer beside a reader\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "transact\n");
    ok(MsiOpenDatabaseA(name, OPEN_TRANSACT, &other) != ERROR_SUCCESS, "a second writer\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void only_readers_open_what_is_open(void)
{
    static const LPCSTR modes[] = {OPEN_READONLY, OPEN_TRANSACT, OPEN_DIRECT, OPEN_CREATE,
                                   OPEN_CREATEDIRECT};
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), other;

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    for (unsigned i = 0; i < 25; i++) {
        unsigned first = i / 5, second = i % 5;
        UINT r;

        ok(!MsiOpenDatabaseA(name, modes[first], &db), "first %u\n", first);
        MsiDatabaseCommit(db);
        other = 0;
        r = MsiOpenDatabaseA(name, modes[second], &other);
        ok(!r == (!first && !second), "first %u, second %u: %u\n", first, second, r);
        MsiCloseHandle(other);
        MsiCloseHandle(db);
    }
    DeleteFileA(name);
}

static void patches_are_marked_as_such(void)
{
    const char *patch = new_name(), *package = new_name();
    MSIHANDLE db = 0;

    ok(!MsiOpenDatabaseA(patch, OPEN_CREATE + PATCHFILE, &db), "create\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    MsiDatabaseCommit(db = create_with_table(package));
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(patch, OPEN_READONLY + PATCHFILE, &db), "a patch as a patch\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(patch, OPEN_READONLY, &db), "a patch\n");
    MsiCloseHandle(db);
    ok(MsiOpenDatabaseA(package, OPEN_READONLY + PATCHFILE, &db) == ERROR_OPEN_FAILED,
       "a package as a patch\n");
    DeleteFileA(patch);
    DeleteFileA(package);
}

static void an_open_database_keeps_its_name(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name);

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "open\n");
    ok(!DeleteFileA(name) && GetLastError() == ERROR_SHARING_VIOLATION, "deleted: %lu\n",
       GetLastError());
    ok(!MoveFileA(name, "moved.msi"), "moved\n");
    MsiCloseHandle(db);
    ok(DeleteFileA(name), "not released\n");
}

static void a_new_database_can_be_copied_while_it_is_open(void)
{
    const char *name = new_name(), *copy = new_name();
    MSIHANDLE db = create_with_table(name), other = 0;

    MsiDatabaseCommit(db);
    ok(CopyFileA(name, copy, FALSE), "copy: %lu\n", GetLastError());
    ok(!MsiOpenDatabaseA(copy, OPEN_READONLY, &other), "open the copy\n");
    ok(count_rows(other, "SELECT * FROM `T`") == 3, "rows\n");
    MsiCloseHandle(other);
    MsiCloseHandle(db);
    DeleteFileA(name);
    DeleteFileA(copy);
}

static void output_goes_to_another_file(void)
{
    const char *name = new_name(), *out = new_name();
    MSIHANDLE db = create_with_table(name);

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, out, &db), "open\n");
    ok(MsiGetDatabaseState(db) == MSIDBSTATE_WRITE, "state\n");
    must_run(db, "INSERT INTO `T` (`A`) VALUES (4)");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "source\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 3, "rows of the source\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(out, OPEN_READONLY, &db), "output\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 4, "rows of the output\n");
    MsiCloseHandle(db);
    ok(MsiOpenDatabaseA(name, name, &db) == ERROR_OPEN_FAILED, "onto itself\n");
    DeleteFileA(name);
    DeleteFileA(out);
}

static void direct_mode_keeps_what_was_committed(void)
{
    const char *name = new_name();
    MSIHANDLE db = 0;

    ok(!MsiOpenDatabaseA(name, OPEN_CREATEDIRECT, &db), "create\n");
    must_run(db, "CREATE TABLE `T` (`A` SHORT NOT NULL PRIMARY KEY `A`)");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_DIRECT, &db), "open\n");
    must_run(db, "INSERT INTO `T` (`A`) VALUES (1)");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 1, "rows\n");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_DIRECT, &db), "open\n");
    must_run(db, "INSERT INTO `T` (`A`) VALUES (2)");
    MsiCloseHandle(db);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    ok(count_rows(db, "SELECT * FROM `T`") == 1, "a row that was not committed is there\n");
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void keys_and_persistence_of_tables(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), rec = 0;

    ok(!MsiDatabaseGetPrimaryKeysA(db, "T", &rec), "keys\n");
    ok(MsiRecordGetFieldCount(rec) == 1, "count\n");
    ok(!strcmp(field(rec, 0), "T") && !strcmp(field(rec, 1), "A"), "names\n");
    MsiCloseHandle(rec);
    ok(MsiDatabaseGetPrimaryKeysA(db, "Nope", &rec) == ERROR_INVALID_TABLE, "no table\n");
    differs("_Tables Table")
        ok(MsiDatabaseGetPrimaryKeysA(db, "_Tables", &rec) == ERROR_INVALID_TABLE, "_Tables\n");
    differs("_Columns Table")
        ok(MsiDatabaseGetPrimaryKeysA(db, "_Columns", &rec) == ERROR_INVALID_TABLE, "_Columns\n");
    ok(MsiDatabaseGetPrimaryKeysA(0, "T", &rec) == ERROR_INVALID_HANDLE, "no database\n");
    ok(MsiDatabaseGetPrimaryKeysA(0, NULL, &rec) == ERROR_INVALID_HANDLE, "nor a table\n");
    ok(MsiDatabaseGetPrimaryKeysA(0, "T", NULL) == ERROR_INVALID_HANDLE, "nor a place\n");
    must_run(db, "CREATE TABLE `Tmp` (`A` SHORT TEMPORARY PRIMARY KEY `A`) HOLD");
    ok(MsiDatabaseIsTablePersistentA(db, "T") == MSICONDITION_TRUE, "persistent\n");
    ok(MsiDatabaseIsTablePersistentA(db, "Tmp") == MSICONDITION_FALSE, "temporary\n");
    must_run(db, "CREATE TABLE `Gone` (`A` SHORT TEMPORARY PRIMARY KEY `A`)");
    ok(MsiDatabaseIsTablePersistentA(db, "Gone") == MSICONDITION_NONE, "not held\n");
    ok(MsiDatabaseIsTablePersistentA(db, "Nope") == MSICONDITION_NONE, "absent\n");
    ok(MsiDatabaseIsTablePersistentA(db, NULL) == MSICONDITION_ERROR, "no name\n");
    ok(MsiDatabaseIsTablePersistentA(0, "T") == MSICONDITION_ERROR, "no database\n");
    MsiCloseHandle(db);
}

static void states_of_what_is_no_database(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(MsiGetDatabaseState(0) == MSIDBSTATE_ERROR, "0\n");
    ok(MsiGetDatabaseState(rec) == MSIDBSTATE_ERROR, "a record\n");
    ok(MsiDatabaseCommit(0) == ERROR_INVALID_HANDLE, "commit 0\n");
    MsiCloseHandle(rec);
}

START_TEST(dbopen)
{
    test_dll("msi");
    RUN(a_database_that_is_not_there);
    RUN(what_is_no_database);
    RUN(wrong_arguments);
    RUN(a_new_database_is_kept_when_it_is_committed);
    RUN(a_new_database_is_gone_when_it_is_not);
    RUN(nothing_is_left_of_a_file_that_was_to_be_replaced);
    RUN(changes_are_lost_without_a_commit);
    RUN(a_commit_can_be_followed_by_changes);
    RUN(a_database_opened_to_read_is_not_changed);
    RUN(readers_share_and_writers_do_not);
    RUN(only_readers_open_what_is_open);
    RUN(patches_are_marked_as_such);
    RUN(an_open_database_keeps_its_name);
    RUN(a_new_database_can_be_copied_while_it_is_open);
    RUN(output_goes_to_another_file);
    RUN(direct_mode_keeps_what_was_committed);
    RUN(keys_and_persistence_of_tables);
    RUN(states_of_what_is_no_database);
}
