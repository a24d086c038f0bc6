/*
 * MsiDatabaseGenerateTransform, MsiDatabaseApplyTransform, MsiCreateTransformSummaryInfo.
 *
 * Wine's msi.dll makes no transforms; what ours makes it applies (tests/scripts).
 */
#include <stdbool.h>

#include "rows.h"

/* --- helpers ------------------------------------------------------------------------------ */

#define PROPERTY                                                                                   \
    "CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL LOCALIZABLE " \
    "PRIMARY KEY `Property`)"

static MSIHANDLE base_database(void)
{
    MSIHANDLE db = make_database("base.msi");

    RUN_SQL(db, PROPERTY);
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', '{A}')");
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0')");
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('Gone', 'x')");
    RUN_SQL(db, "CREATE TABLE `Old` (`A` SHORT NOT NULL PRIMARY KEY `A`)");
    RUN_SQL(db, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(20) PRIMARY KEY `A`)");
    RUN_SQL(db, "INSERT INTO `T` (`A`, `B`) VALUES (1, 'one')");
    return db;
}

static MSIHANDLE new_database(void)
{
    MSIHANDLE db = make_database("new.msi");

    RUN_SQL(db, PROPERTY);
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', '{B}')");
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0')");
    RUN_SQL(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('New', 'y')");
    RUN_SQL(db, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(20), `C` LONG PRIMARY KEY `A`)");
    RUN_SQL(db, "INSERT INTO `T` (`A`, `B`) VALUES (1, 'one')");
    RUN_SQL(db, "INSERT INTO `T` (`A`, `B`, `C`) VALUES (2, 'two', 70000)");
    RUN_SQL(db, "CREATE TABLE `Fresh` (`A` CHAR(10) NOT NULL PRIMARY KEY `A`)");
    RUN_SQL(db, "INSERT INTO `Fresh` (`A`) VALUES ('row')");
    return db;
}

static bool make_transform(MSIHANDLE db, MSIHANDLE base)
{
    UINT r;

    DeleteFileA("t.mst");
    r = MsiDatabaseGenerateTransformA(db, base, "t.mst", 0, 0);
    if (test_builtin_dlls && r) {
        skip("this DLL makes no transforms\n");
        return false;
    }
    ok(!r, "generate: %u\n", r);
    return !r;
}

/* --- tests -------------------------------------------------------------------------------- */

static void a_transform_turns_one_into_the_other(void)
{
    MSIHANDLE base = base_database(), db = new_database();
    UINT r;

    if (make_transform(db, base)) {
        r = MsiDatabaseApplyTransformA(base, "t.mst", 0);
        ok(!r, "apply: %u\n", r);
        ROWS(base, "SELECT * FROM `Property`", "New|y;ProductCode|{B};ProductVersion|1.0");
        ROWS(base, "SELECT * FROM `T`", "1|one|-;2|two|70000");
        ROWS(base, "SELECT * FROM `Fresh`", "row");
        ROWS(base, "SELECT `Name` FROM `_Tables`", "Fresh;Property;T");
        r = MsiDatabaseGenerateTransformA(db, base, NULL, 0, 0);
        ok(r == ERROR_NO_DATA, "they differ still: %u\n", r);
        r = MsiDatabaseCommit(base);
        ok(!r, "commit: %u\n", r);
    }
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

static void equal_databases_give_no_data(void)
{
    MSIHANDLE base = base_database();
    UINT r = MsiDatabaseGenerateTransformA(base, base, NULL, 0, 0);

    ok(r == ERROR_NO_DATA || (test_builtin_dlls && r), "one with itself: %u\n", r);
    if (!test_builtin_dlls) {
        r = MsiDatabaseGenerateTransformA(base, base, "same.mst", 0, 0);
        ok(r == ERROR_NO_DATA, "with a file: %u\n", r);
        ok(GetFileAttributesA("same.mst") == INVALID_FILE_ATTRIBUTES, "a file was written\n");
    }
    MsiCloseHandle(base);
}

static MSIHANDLE small_database(const char *path, const char *more)
{
    MSIHANDLE db = make_database(path);

    RUN_SQL(db, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(20) PRIMARY KEY `A`)");
    RUN_SQL(db, "INSERT INTO `T` (`A`, `B`) VALUES (1, 'one')");
    if (more)
        RUN_SQL(db, more);
    return db;
}

static void what_is_temporary_is_no_difference(void)
{
    MSIHANDLE db = small_database("new.msi", "ALTER TABLE `T` ADD `X` SHORT TEMPORARY HOLD");
    MSIHANDLE base =
        small_database("base.msi", "INSERT INTO `T` (`A`, `B`) VALUES (2, 'x') TEMPORARY");
    UINT r = MsiDatabaseGenerateTransformA(db, base, "none.mst", 0, 0);

    ok(r == ERROR_NO_DATA || (test_builtin_dlls && r), "temporary: %u\n", r);
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

static void a_temporary_row_is_none_of_the_reference(void)
{
    MSIHANDLE db = small_database("new.msi", "INSERT INTO `T` (`A`, `B`) VALUES (2, 'two')");
    MSIHANDLE base =
        small_database("base.msi", "INSERT INTO `T` (`A`, `B`) VALUES (2, 'x') TEMPORARY");
    MSIHANDLE saved = small_database("other.msi", NULL);
    UINT r;

    if (make_transform(db, base)) {
        r = MsiDatabaseApplyTransformA(saved, "t.mst", 0);
        ok(!r, "apply: %u\n", r);
        ROWS(saved, "SELECT * FROM `T`", "1|one;2|two");
    }
    MsiCloseHandle(saved);
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

static void conditions_that_are_not_suppressed_are_errors(void)
{
    MSIHANDLE base = base_database(), db = new_database(), other;
    int number;
    UINT r;

    if (make_transform(db, base)) {
        other = make_database("other.msi");
        RUN_SQL(other, PROPERTY);
        RUN_SQL(other, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(20) PRIMARY KEY `A`)");
        r = MsiDatabaseApplyTransformA(other, "t.mst", 0);
        ok(r == ERROR_FUNCTION_FAILED, "apply: %u\n", r);
        number = last_error_number();
        ok(number >= 2250 && number <= 2254, "%d\n", number);
        ROWS(other, "SELECT `Name` FROM `_Tables`", "Property;T");
        r = MsiDatabaseApplyTransformA(other, "t.mst",
                                       MSITRANSFORM_ERROR_DELMISSINGROW |
                                           MSITRANSFORM_ERROR_DELMISSINGTABLE |
                                           MSITRANSFORM_ERROR_UPDATEMISSINGROW);
        ok(!r, "apply: %u\n", r);
        ROWS(other, "SELECT * FROM `Property`", "New|y");
        MsiCloseHandle(other);
    }
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

static void the_view_of_a_transform(void)
{
    MSIHANDLE base = base_database(), db = new_database();
    UINT r;

    if (make_transform(db, base)) {
        r = MsiDatabaseApplyTransformA(base, "t.mst", MSITRANSFORM_ERROR_VIEWTRANSFORM);
        ok(!r, "apply: %u\n", r);
        ROWS(base, "SELECT * FROM `_TransformView` WHERE `Table` = 'Property'",
             "Property|DELETE|Gone|-|-;Property|INSERT|New|-|-;Property|Value|New|y|-;"
             "Property|Value|ProductCode|{B}|{A}");
        ROWS(base, "SELECT * FROM `_TransformView` WHERE `Column` = 'DROP'", "Old|DROP|-|-|-");
        ROWS(base, "SELECT * FROM `_TransformView` WHERE `Column` = 'CREATE'",
             "Fresh|CREATE|-|-|-");
        ok(MsiDatabaseIsTablePersistentA(base, "_TransformView") == MSICONDITION_FALSE,
           "not temporary\n");
        ROWS(base, "SELECT * FROM `T`", "1|one");
        RUN_SQL(base, "ALTER TABLE `_TransformView` FREE");
        ok(MsiDatabaseIsTablePersistentA(base, "_TransformView") == MSICONDITION_NONE,
           "still there\n");
    }
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

static void what_is_no_transform(void)
{
    MSIHANDLE base = base_database();
    UINT r;

    put_file("bad.mst", "no compound file", 16);
    r = MsiDatabaseApplyTransformA(base, "bad.mst", 0);
    ok(r == ERROR_OPEN_FAILED || (test_builtin_dlls && r), "garbage: %u\n", r);
    r = MsiDatabaseApplyTransformA(base, "nothing.mst", 0);
    ok(r == ERROR_OPEN_FAILED || (test_builtin_dlls && r), "no file: %u\n", r);
    if (!test_builtin_dlls) { /* which crashes */
        r = MsiDatabaseApplyTransformA(base, NULL, 0);
        ok(r == ERROR_INVALID_PARAMETER, "NULL: %u\n", r);
    }
    r = MsiDatabaseApplyTransformA(0xdeadbee, "bad.mst", 0);
    ok(r == ERROR_INVALID_HANDLE, "no handle: %u\n", r);
    MsiCloseHandle(base);
}

static void set_template(MSIHANDLE db, const char *template)
{
    MSIHANDLE info = 0;
    UINT r = MsiGetSummaryInformationA(db, NULL, 5, &info);

    ok(!r, "summary information: %u\n", r);
    MsiSummaryInfoSetPropertyA(info, 7, VT_LPSTR, 0, NULL, template);
    r = MsiSummaryInfoPersist(info);
    ok(!r, "persist: %u\n", r);
    MsiCloseHandle(info);
}

static void the_summary_information_of_a_transform(void)
{
    MSIHANDLE base = base_database(), db = new_database(), info = 0;
    char text[100] = "";
    DWORD size = sizeof(text);
    UINT type = 0, r;
    INT value = 0;

    set_template(base, "Intel;1033");
    set_template(db, "x64;1031");
    if (make_transform(db, base)) {
        r = MsiCreateTransformSummaryInfoA(db, base, "t.mst", MSITRANSFORM_ERROR_ADDEXISTINGROW,
                                           MSITRANSFORM_VALIDATE_UPGRADECODE);
        ok(r == ERROR_INSTALL_PACKAGE_INVALID, "without an upgrade code: %u\n", r);
        ok(last_error_number() == 2271, "no error record\n");
        r = MsiCreateTransformSummaryInfoA(db, base, "t.mst", MSITRANSFORM_ERROR_ADDEXISTINGROW,
                                           MSITRANSFORM_VALIDATE_PRODUCT);
        ok(!r, "create: %u\n", r);
        r = MsiGetSummaryInformationA(0, "t.mst", 0, &info);
        ok(!r, "open: %u\n", r);
        MsiSummaryInfoGetPropertyA(info, 9, &type, NULL, NULL, text, &size);
        ok(!strcmp(text, "{A}1.0;{B}1.0;"), "revision %s\n", text);
        size = sizeof(text);
        MsiSummaryInfoGetPropertyA(info, 7, &type, NULL, NULL, text, &size);
        ok(!strcmp(text, "Intel;1033"), "template %s\n", text);
        size = sizeof(text);
        MsiSummaryInfoGetPropertyA(info, 8, &type, NULL, NULL, text, &size);
        ok(!strcmp(text, "x64;1031"), "last saved by %s\n", text);
        MsiSummaryInfoGetPropertyA(info, 16, &type, &value, NULL, NULL, NULL);
        ok(value == 0x20001, "flags %x\n", value);
        MsiCloseHandle(info);
    }
    MsiCloseHandle(base);
    MsiCloseHandle(db);
}

START_TEST(transform)
{
    test_dll("msi");
    RUN(a_transform_turns_one_into_the_other);
    RUN(equal_databases_give_no_data);
    RUN(what_is_temporary_is_no_difference);
    RUN(a_temporary_row_is_none_of_the_reference);
    RUN(conditions_that_are_not_suppressed_are_errors);
    RUN(the_view_of_a_transform);
    RUN(what_is_no_transform);
    RUN(the_summary_information_of_a_transform);
}
