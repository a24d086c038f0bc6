/*
 * MsiDatabaseImport, MsiDatabaseExport and MsiDatabaseMerge.
 */
#include "rows.h"

static char folder[MAX_PATH];

/* --- helpers ------------------------------------------------------------------------------ */

static UINT import_text(MSIHANDLE db, const char *text)
{
    put_file("in.idt", text, (DWORD)strlen(text));
    return MsiDatabaseImportA(db, folder, "in.idt");
}

static void exports_as(int line, MSIHANDLE db, const char *table, const char *text)
{
    UINT r = MsiDatabaseExportA(db, table, folder, "out.idt");
    const char *got = file_text("out.idt");

    ok(!r, "line %d: export: %u\n", line, r);
    ok(!strcmp(got, text), "line %d: %s\n", line, got);
}
#define EXPORTS_AS(db, table, text) exports_as(__LINE__, db, table, text)

#define HEAD "Key\tText\tNumber\r\ns72\tL0\tI4\r\nSmall\tKey\r\n"

/* --- text archives ---------------------------------------------------------------------------- */

static void a_table_goes_out_as_it_came_in(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r = import_text(db, HEAD "a\ttext\t-7\r\nb\t\t\r\n");

    ok(!r, "import: %u\n", r);
    ROWS(db, "SELECT * FROM `Small`", "a|text|-7;b|-|-");
    ok(!strcmp(columns_of(db, "Small", MSICOLINFO_TYPES), "s72 L0 I4"), "%s\n",
       columns_of(db, "Small", MSICOLINFO_TYPES));
    EXPORTS_AS(db, "Small", HEAD "a\ttext\t-7\r\nb\t\t\r\n");
    MsiCloseHandle(db);
}

static void control_characters_are_translated(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r = import_text(db, HEAD "a\tx\x10y\x11\x19z\t1\r\n");

    ok(!r, "import: %u\n", r);
    differs("archive-file-format") ROWS(db, "SELECT `Text` FROM `Small`", "x\ty\r\nz");
    differs("archive-file-format") EXPORTS_AS(db, "Small", HEAD "a\tx\x10y\x11\x19z\t1\r\n");
    MsiCloseHandle(db);
}

/* As they are, and not in the form that archives have for them. */
static void raw_control_characters(void)
{
    MSIHANDLE db = make_database("a.msi");
    static const char zero[] = HEAD "a\tup\x11\x19mid\0end\t1\r\n";
    UINT r = import_text(db, HEAD "a\t\rtw\ro\t1\r\n");

    ok(!r, "import: %u\n", r);
    ROWS(db, "SELECT `Text` FROM `Small`", "two");
    put_file("in.idt", zero, sizeof(zero) - 1);
    r = MsiDatabaseImportA(db, folder, "in.idt");
    ok(!r, "import: %u\n", r);
    ROWS(db, "SELECT `Text` FROM `Small`", "up\r\nmid\nend");
    EXPORTS_AS(db, "Small",
               HEAD "a\tup\x11\x19mid\x19"
                    "end\t1\r\n");
    MsiCloseHandle(db);
}

static void a_row_needs_all_its_fields(void)
{
    MSIHANDLE db = make_database("a.msi");

    ok(!import_text(db, HEAD "kept\t\t\r\n"), "import\n");
    ok(import_text(db, HEAD "a\tx\r\n") == ERROR_FUNCTION_FAILED, "a short row\n");
    ok(import_text(db, HEAD "a\tx\ny\t1\r\n") == ERROR_FUNCTION_FAILED, "a raw line feed\n");
    ROWS(db, "SELECT `Key` FROM `Small`", "kept");
    MsiCloseHandle(db);
}

/* The widths that WiX writes, and that packages have. */
static void types_stay_as_they_are(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r = import_text(db, "K\tA\tB\tC\r\ns72\tI1\ti0\tS256\r\nW\tK\r\nk\t5\t-3\ttext\r\n");

    ok(!r, "import: %u\n", r);
    ok(!strcmp(columns_of(db, "W", MSICOLINFO_TYPES), "s72 I1 i0 S0"), "%s\n",
       columns_of(db, "W", MSICOLINFO_TYPES));
    ROWS(db, "SELECT `Type` FROM `_Columns` WHERE `Table` = 'W' AND `Number` = 2", "5377");
    EXPORTS_AS(db, "W", "K\tA\tB\tC\r\ns72\tI1\ti0\tS0\r\nW\tK\r\nk\t5\t-3\ttext\r\n");
    MsiCloseHandle(db);
}

static void an_import_replaces_the_table(void)
{
    MSIHANDLE db = make_database("a.msi");

    ok(!import_text(db, HEAD "a\ttext\t1\r\n"), "import\n");
    ok(!import_text(db, HEAD "b\tother\t2\r\n"), "import\n");
    ROWS(db, "SELECT * FROM `Small`", "b|other|2");
    MsiCloseHandle(db);
}

static void a_bad_archive_is_refused(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    ok(!import_text(db, HEAD "kept\t\t\r\n"), "import\n");
    r = import_text(db, "Key\r\nx72\r\nSmall\tKey\r\n");
    differs("archive-file-format") ok(r == ERROR_FUNCTION_FAILED, "a wrong type: %u\n", r);
    if (!test_builtin_dlls) {
        int number = last_error_number();

        ok(number == 2216, "%d\n", number);
        r = import_text(db, HEAD "a\tx\tnumber\r\n");
        ok(r == ERROR_FUNCTION_FAILED, "a wrong number: %u\n", r);
        ROWS(db, "SELECT `Key` FROM `Small`", "kept");
    }
    r = MsiDatabaseImportA(db, folder, "nothing.idt");
    ok(r == ERROR_FUNCTION_FAILED, "no file: %u\n", r);
    MsiCloseHandle(db);
}

static void what_cannot_be_archived(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    ok(!import_text(db, HEAD "kept\t\t\r\n"), "import\n");
    r = import_text(db, "Key\r\ns72\tI2\r\nSmall\tKey\r\n");
    ok(r == ERROR_FUNCTION_FAILED, "a type too many: %u\n", r);
    r = import_text(db, "Name\r\ns64\r\n_Tables\tName\r\nOther\r\n");
    differs("_Tables Table, read-only") ok(r == ERROR_FUNCTION_FAILED, "a catalog: %u\n", r);
    r = MsiDatabaseExportA(db, "Absent", folder, "absent.idt");
    differs("nf-msiquery-msidatabaseexport, return values")
        ok(r == ERROR_FUNCTION_FAILED, "no table: %u\n", r);
    ROWS(db, "SELECT `Key` FROM `Small`", "kept");
    MsiCloseHandle(db);
    DeleteFileA("absent.idt");
}

static void what_the_third_line_must_have(void)
{
    MSIHANDLE db = make_database("a.msi");

    ok(import_text(db, "K\r\ns10\r\nT\r\n") == ERROR_FUNCTION_FAILED, "no key\n");
    ok(import_text(db, "K\r\ns10\r\nT\tNone\r\n") == ERROR_FUNCTION_FAILED, "no column\n");
    ok(import_text(db, "K\r\ns10\r\nT\tK\tNone\r\n") == ERROR_FUNCTION_FAILED, "the second\n");
    ok(import_text(db, "K\r\ns10\r\nword\tT\tK\r\n") == ERROR_FUNCTION_FAILED, "a stamp\n");
    ok(import_text(db, "\r\n\r\n_ForceCodepage\r\n") == ERROR_FUNCTION_FAILED, "no code page\n");
    ROWS(db, "SELECT `Name` FROM `_Tables`", "");
    MsiCloseHandle(db);
}

static void a_column_is_named_once(void)
{
    MSIHANDLE db = make_database("a.msi");

    ok(import_text(db, "A\tA\r\ns10\tS10\r\nT\tA\r\n") == ERROR_FUNCTION_FAILED, "the key\n");
    ok(import_text(db, "A\tB\tB\r\ns10\tS10\tS10\r\nT\tA\r\n") == ERROR_FUNCTION_FAILED,
       "another\n");
    differs("archive-file-format, the third row")
        ok(import_text(db, "A\tB\r\ns10\tS10\r\nT\tA\tA\r\nx\ty\r\n") == ERROR_FUNCTION_FAILED,
           "twice in the third line\n");
    if (!test_builtin_dlls) /* which crashes */
        ok(import_text(db, "A\tB\r\ns10\ts10\r\nT\tA\tB\tA\r\n") == ERROR_FUNCTION_FAILED,
           "not side by side\n");
    differs("archive-file-format, the third row") ROWS(db, "SELECT `Name` FROM `_Tables`", "");
    MsiCloseHandle(db);
}

static void code_pages(void)
{
    MSIHANDLE db = make_database("a.msi");

    ok(!import_text(db, "\r\n\r\n1250\t_ForceCodepage\r\n"), "force\n");
    EXPORTS_AS(db, "_ForceCodepage", "\r\n\r\n1250\t_ForceCodepage\r\n");
    differs("archive-file-format")
        ok(!import_text(db, "K\r\ns10\r\n1250\tT\tK\r\n\xf8\r\n"), "import\n");
    ok(import_text(db, "K\r\ns10\r\n1252\tU\tK\r\n\xf8\r\n") == ERROR_FUNCTION_FAILED, "another\n");
    differs("archive-file-format") EXPORTS_AS(db, "T", "K\r\ns10\r\n1250\tT\tK\r\n\xf8\r\n");
    MsiCloseHandle(db);
}

static void the_summary_information(void)
{
    static const char text[] =
        "PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n"
        "1\t1252\r\n2\tTitle\r\n9\t{1-2}\r\n12\t1999/03/22 15:25:45\r\n"
        "14\t200\r\n";
    MSIHANDLE db = make_database("a.msi");
    UINT r = import_text(db, text);

    ok(!r, "import: %u\n", r);
    MsiDatabaseCommit(db);
    differs("archive-file-format") EXPORTS_AS(db, "_SummaryInformation", text);
    MsiCloseHandle(db);
}

static void objects_are_files(void)
{
    static const char text[] = "Name\tData\r\ns72\tv0\r\nBinary\tName\r\none\tone.ibd\r\n";
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    CreateDirectoryA("Binary", NULL);
    put_file("Binary\\one.ibd", "some bytes", 10);
    r = import_text(db, text);
    differs("archive-file-format") ok(!r, "import: %u\n", r);
    DeleteFileA("Binary\\one.ibd");
    differs("archive-file-format") EXPORTS_AS(db, "Binary", text);
    differs("archive-file-format") ok(!strcmp(file_text("Binary\\one.ibd"), "some bytes"), "%s\n",
                                      file_text("Binary\\one.ibd"));
    MsiCloseHandle(db);
}

static void objects_may_be_in_a_folder_named_like_the_archive(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    CreateDirectoryA("in", NULL);
    put_file("in\\two.ibd", "other bytes", 11);
    r = import_text(db, "Name\tData\r\ns72\tv0\r\nIcon\tName\r\ntwo\ttwo.ibd\r\n");
    ok(!r, "import: %u\n", r);
    ROWS(db, "SELECT `Name` FROM `Icon`", "two");
    MsiCloseHandle(db);
}

static void a_database_opened_for_reading_takes_no_archive(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    MsiDatabaseCommit(db);
    MsiCloseHandle(db);
    db = open_database("a.msi", (LPCSTR)MSIDBOPEN_READONLY);
    r = import_text(db, HEAD "a\tx\t1\r\n");
    differs("nf-msi-msiopendatabase") ok(r == ERROR_FUNCTION_FAILED, "import: %u\n", r);
    MsiCloseHandle(db);
}

/* --- merge ------------------------------------------------------------------------------------ */

#define T_TABLE "CREATE TABLE `T` (`A` CHAR(20) NOT NULL, `B` CHAR(10), `C` SHORT PRIMARY KEY `A`)"

static void merging_adds_what_is_missing(void)
{
    MSIHANDLE to = make_database("a.msi"), from = make_database("b.msi");
    UINT r;

    RUN_SQL(to, T_TABLE);
    RUN_SQL(from, T_TABLE);
    RUN_SQL(to, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('own', 'x', 1)");
    RUN_SQL(to, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('both', 'x', 1)");
    RUN_SQL(from, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('both', 'x', 1)");
    RUN_SQL(from, "INSERT INTO `T` (`A`, `B`) VALUES ('new', 'y')");
    RUN_SQL(from, "CREATE TABLE `N` (`A` CHAR(72) NOT NULL PRIMARY KEY `A`)");
    RUN_SQL(from, "INSERT INTO `N` (`A`) VALUES ('row')");
    r = MsiDatabaseMergeA(to, from, "Errors");
    ok(!r, "merge: %u\n", r);
    ROWS(to, "SELECT * FROM `T`", "both|x|1;new|y|-;own|x|1");
    ROWS(to, "SELECT * FROM `N`", "row");
    ok(MsiDatabaseIsTablePersistentA(to, "Errors") == MSICONDITION_NONE, "errors without one\n");
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

static void conflicts_are_counted(void)
{
    MSIHANDLE to = make_database("a.msi"), from = make_database("b.msi");
    UINT r;

    RUN_SQL(to, T_TABLE);
    RUN_SQL(from, T_TABLE);
    RUN_SQL(to, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('x', 'own', 1)");
    RUN_SQL(to, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('y', 'own', 1)");
    RUN_SQL(from, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('x', 'other', 1)");
    RUN_SQL(from, "INSERT INTO `T` (`A`, `B`, `C`) VALUES ('y', 'own', 2)");
    r = MsiDatabaseMergeA(to, from, "Errors");
    ok(r == ERROR_FUNCTION_FAILED, "merge: %u\n", r);
    ROWS(to, "SELECT * FROM `Errors`", "T|2");
    ok(!strcmp(columns_of(to, "Errors", MSICOLINFO_NAMES), "Table NumRowMergeConflicts"), "%s\n",
       columns_of(to, "Errors", MSICOLINFO_NAMES));
    ROWS(to, "SELECT * FROM `T`", "x|own|1;y|own|1");
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

static MSIHANDLE with_stream(const char *path, const char *text)
{
    MSIHANDLE db = make_database(path), view = 0, rec = MsiCreateRecord(1);
    UINT r;

    RUN_SQL(db, "CREATE TABLE `S` (`K` CHAR(9) NOT NULL, `O` OBJECT PRIMARY KEY `K`)");
    put_file("stream.bin", text, (DWORD)strlen(text));
    MsiRecordSetStreamA(rec, 1, "stream.bin");
    r = MsiDatabaseOpenViewA(db, "INSERT INTO `S` (`K`, `O`) VALUES ('x', ?)", &view);
    ok(!r, "open: %u\n", r);
    r = MsiViewExecute(view, rec);
    ok(!r, "insert: %u\n", r);
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    return db;
}

/* Wine's takes any two streams of one row for a conflict. */
static void streams_of_the_same_bytes_are_no_conflict(void)
{
    for (int committed = 0; committed < 4; committed++) {
        MSIHANDLE to = with_stream("a.msi", "bytes"), from = with_stream("b.msi", "bytes");
        UINT r;

        if (committed & 1)
            MsiDatabaseCommit(to);
        if (committed & 2)
            MsiDatabaseCommit(from);
        r = MsiDatabaseMergeA(to, from, "Errors");
        differs("nf-msiquery-msidatabasemerge, remarks") ok(!r, "%d: merge: %u\n", committed, r);
        MsiCloseHandle(from);
        from = with_stream("b.msi", "other");
        r = MsiDatabaseMergeA(to, from, "Errors");
        ok(r == ERROR_FUNCTION_FAILED, "%d: other bytes: %u\n", committed, r);
        MsiCloseHandle(to);
        MsiCloseHandle(from);
    }
}

static MSIHANDLE with_row(const char *path, const char *text)
{
    MSIHANDLE db = make_database(path);
    char query[80];

    RUN_SQL(db, T_TABLE);
    snprintf(query, sizeof(query), "INSERT INTO `T` (`A`, `B`) VALUES ('x', '%s')", text);
    RUN_SQL(db, query);
    return db;
}

/* "the general error message provides the number of tables" */
static void the_error_record_counts_tables(void)
{
    MSIHANDLE to = with_row("a.msi", "own"), from = with_row("b.msi", "other"), rec;
    char text[20] = "";
    DWORD size = sizeof(text);
    UINT r;

    r = MsiDatabaseMergeA(to, from, test_builtin_dlls ? "Errors" : NULL); /* which crashes */
    ok(r == ERROR_FUNCTION_FAILED, "merge: %u\n", r);
    rec = MsiGetLastErrorRecord();
    differs("Database.Merge")
    {
        ok(MsiRecordGetInteger(rec, 1) == 2268, "number %d\n", MsiRecordGetInteger(rec, 1));
        MsiRecordGetStringA(rec, 3, text, &size);
        ok(!strcmp(text, "1"), "tables %s\n", text);
    }
    MsiCloseHandle(rec);
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

/* "Any table can be passed in, but all other columns must be nullable" */
static void the_table_of_errors_may_have_more_columns(void)
{
    MSIHANDLE to = with_row("a.msi", "own"), from = with_row("b.msi", "other");

    RUN_SQL(to, "CREATE TABLE `E` (`N` CHAR(64) NOT NULL, `C` SHORT, `X` LONG PRIMARY KEY `N`)");
    RUN_SQL(
        to,
        "CREATE TABLE `F` (`N` CHAR(64) NOT NULL, `C` SHORT, `X` LONG NOT NULL PRIMARY KEY `N`)");
    ok(MsiDatabaseMergeA(to, from, "E") == ERROR_FUNCTION_FAILED, "merge\n");
    differs("Database.Merge") ROWS(to, "SELECT * FROM `E`", "T|1|-");
    ok(MsiDatabaseMergeA(to, from, "F") == ERROR_FUNCTION_FAILED, "not nullable\n");
    differs("Database.Merge")
    {
        int number = last_error_number();

        ok(number == 2274, "%d\n", number);
        ROWS(to, "SELECT * FROM `F`", "");
    }
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

static void a_database_is_not_merged_into_itself(void)
{
    MSIHANDLE db = make_database("a.msi");
    UINT r;

    RUN_SQL(db, T_TABLE);
    r = MsiDatabaseMergeA(db, db, "Errors");
    differs("windows-installer-error-messages, 2273")
        ok(r == ERROR_FUNCTION_FAILED, "merge: %u\n", r);
    MsiCloseHandle(db);
}

static void a_table_may_have_more_columns_than_what_comes(void)
{
    MSIHANDLE to = make_database("a.msi"), from = make_database("b.msi");
    UINT r;

    RUN_SQL(to, "CREATE TABLE `Car` (`Id` SHORT, `Hp` SHORT, `Doors` SHORT PRIMARY KEY `Id`)");
    RUN_SQL(from, "CREATE TABLE `Car` (`Id` SHORT, `Hp` SHORT PRIMARY KEY `Id`)");
    RUN_SQL(from, "INSERT INTO `Car` (`Id`, `Hp`) VALUES (4, 90)");
    r = MsiDatabaseMergeA(to, from, "Conf");
    ok(!r, "merge: %u\n", r);
    ROWS(to, "SELECT * FROM `Car`", "4|90|-");
    ok(MsiDatabaseIsTablePersistentA(to, "Conf") == MSICONDITION_NONE, "a table of conflicts\n");
    ok(MsiDatabaseMergeA(to, to, "") == ERROR_INVALID_TABLE, "no name\n");
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

static void other_columns_do_not_merge(void)
{
    MSIHANDLE to = make_database("a.msi"), from = make_database("b.msi");
    UINT r;

    RUN_SQL(to, T_TABLE);
    RUN_SQL(from, "CREATE TABLE `N` (`A` CHAR(72) NOT NULL PRIMARY KEY `A`)");
    RUN_SQL(from,
            "CREATE TABLE `T` (`A` CHAR(20) NOT NULL, `B` CHAR(10), `C` LONG PRIMARY KEY `A`)");
    r = MsiDatabaseMergeA(to, from, "Errors");
    ok(r == ERROR_DATATYPE_MISMATCH, "merge: %u\n", r);
    ok(MsiDatabaseIsTablePersistentA(to, "N") == MSICONDITION_NONE, "something was merged\n");
    MsiCloseHandle(to);
    MsiCloseHandle(from);
}

START_TEST(move)
{
    test_dll("msi");
    GetCurrentDirectoryA(sizeof(folder), folder);
    RUN(a_table_goes_out_as_it_came_in);
    RUN(control_characters_are_translated);
    RUN(an_import_replaces_the_table);
    if (!test_builtin_dlls) { /* it ends the process, or keeps the file open */
        RUN(raw_control_characters);
        RUN(a_row_needs_all_its_fields);
        RUN(types_stay_as_they_are);
    }
    RUN(a_bad_archive_is_refused);
    RUN(what_cannot_be_archived);
    RUN(what_the_third_line_must_have);
    RUN(a_column_is_named_once);
    RUN(code_pages);
    RUN(the_summary_information);
    RUN(objects_are_files);
    RUN(objects_may_be_in_a_folder_named_like_the_archive);
    RUN(a_database_opened_for_reading_takes_no_archive);
    RUN(merging_adds_what_is_missing);
    RUN(conflicts_are_counted);
    RUN(streams_of_the_same_bytes_are_no_conflict);
    RUN(the_error_record_counts_tables);
    RUN(the_table_of_errors_may_have_more_columns);
    RUN(a_database_is_not_merged_into_itself);
    RUN(a_table_may_have_more_columns_than_what_comes);
    RUN(other_columns_do_not_merge);
}
