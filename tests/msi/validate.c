/*
 * What MsiViewModify finds wrong by the rules of _Validation: the data types of texts, as "Column
 * Data Types" and its pages have them, and keys of other tables.
 */
#include "msitest.h"

static const char *name;
static MSIHANDLE db;

/* A table V whose text T is what `rule` says, as "`Category`) VALUES ('V', 'T', 'Y', 'Text')". */
static void begin(const char *rule)
{
    char query[256];

    name = new_name();
    db = create(name);
    must_run(db, "CREATE TABLE `_Validation` (`Table` CHAR(32) NOT NULL, `Column` CHAR(32) NOT "
                 "NULL, `Nullable` CHAR(4) NOT NULL, `MinValue` LONG, `MaxValue` LONG, `KeyTable` "
                 "CHAR(255), `KeyColumn` SHORT, `Category` CHAR(32), `Set` CHAR(255), "
                 "`Description` CHAR(255) PRIMARY KEY `Table`, `Column`)");
    must_run(db, "CREATE TABLE `V` (`K` CHAR(20) NOT NULL, `T` CHAR(0) PRIMARY KEY `K`)");
    must_run(db, "INSERT INTO `V` (`K`) VALUES ('there')");
    must_run(db,
             "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`) VALUES ('V', 'K', 'N')");
    snprintf(query, sizeof(query), "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, %s",
             rule);
    must_run(db, query);
}

static void end(void)
{
    MsiCloseHandle(db);
    DeleteFileA(name);
}

/* The number of the first finding in a new row with that text, 0 for none. */
static int finding(const char *text)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(2);
    char column[16] = "";
    DWORD size = sizeof(column);
    UINT err;
    int number;

    MsiRecordSetStringA(rec, 1, "new");
    MsiRecordSetStringA(rec, 2, text);
    ok(!MsiDatabaseOpenViewA(db, "SELECT `K`, `T` FROM `V`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    err = MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, rec);
    number = MsiViewGetErrorA(view, column, &size);
    ok(err == (number ? ERROR_INVALID_DATA : ERROR_SUCCESS), "%s: %u, %d\n", text, err, number);
    ok(!strcmp(column, number ? "T" : ""), "%s: column %s\n", text, column);
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    return number;
}

static void each_category_has_its_form(void)
{
    static const struct {
        const char *category, *text;
        int number;
    } cases[] = {
        {"Filename", "status.txt", 0},
        {"Filename", "projec~1.txt|Project Status.txt", 0},
        {"Filename", "Project Status.txt", MSIDBERROR_BADFILENAME},
        {"Filename", "ninechars.txt", MSIDBERROR_BADFILENAME},
        {"Filename", "a.html", MSIDBERROR_BADFILENAME},
        {"Filename", "a+b.txt|a+b.text", MSIDBERROR_BADFILENAME},
        {"Filename", "a.txt|a?.text", MSIDBERROR_BADFILENAME},
        {"Filename", "c:\\a.txt", MSIDBERROR_BADFILENAME},
        {"WildCardFilename", "*.*", 0},
        {"WildCardFilename", "a?.txt|all of ?*.text", 0},
        {"WildCardFilename", "a<b.txt", MSIDBERROR_BADWILDCARD},
        {"Cabinet", "#Data.1", 0},
        {"Cabinet", "#1", MSIDBERROR_BADCABINET},
        {"Cabinet", "data1.cab", 0},
        {"Cabinet", "with_a_long_name.cab", MSIDBERROR_BADCABINET},
        {"Cabinet", "witha~1.cab|with a long name.cab", MSIDBERROR_BADCABINET},
        {"DefaultDir", "SourceDirectory", 0},
        {"DefaultDir", ".", 0},
        {"DefaultDir", "short:.", 0},
        {"DefaultDir", "longfo~1|Long folder:longso~1|Long source", 0},
        {"DefaultDir", "Long folder", MSIDBERROR_BADDEFAULTDIR},
        {"AnyPath", "\\\\server\\share\\temp", 0},
        {"AnyPath", "c:\\temp", 0},
        {"AnyPath", "projec~1|Project Status", 0},
        {"AnyPath", "c:\\temp\\projec~1|c:\\temp one\\Project Status", MSIDBERROR_BADPATH},
        {"Path", "[DRIVE]\\temp", 0},
        {"Path", "temp", MSIDBERROR_BADPATH},
        {"Paths", "c:\\temp;\\\\server\\share", 0},
        {"RegPath", "Software\\[Manufacturer]", 0},
        {"RegPath", "\\Software", MSIDBERROR_BADREGPATH},
        {"RegPath", "Software\\", MSIDBERROR_BADREGPATH},
        {"Version", "65535.65535.65535.65535", 0},
        {"Version", "1.00.100", 0},
        {"Version", "1.65536", MSIDBERROR_BADVERSION},
        {"Version", "1.2.3.4.5", MSIDBERROR_BADVERSION},
        {"Language", "1033,0", 0},
        {"Language", "english", MSIDBERROR_BADLANGUAGE},
        {"GUID", "{12345678-ABCD-1234-ABCD-0123456789AB}", 0},
        {"GUID", "{12345678-abcd-1234-abcd-0123456789ab}", MSIDBERROR_BADGUID},
        {"Property", "%PATH", 0},
        {"Property", "9", MSIDBERROR_BADPROPERTY},
        {"UpperCase", "PUBLIC_9", 0},
        {"UpperCase", "Public", MSIDBERROR_BADCASE},
        {"Shortcut", "[#File]", 0},
        {"Shortcut", "no feature", MSIDBERROR_BADSHORTCUT},
        {"FormattedSDDLText",
         "O:BAG:BAD:(D;OICI;GA;;;BG)(A;OICI;GRGWGX;;;SY)S:ARAI(AU;SAFA;FA;;;WD)", 0},
        {"FormattedSDDLText", "D:P(A;;0x1200a9;;;S-1-5-21-1-2-3-500)", 0},
        {"FormattedSDDLText", "O:<Domain\\User>D:(A;;GA;;;<[%USERDOMAIN]\\[%USERNAME]>)", 0},
        {"FormattedSDDLText", "D:(OA;CI;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;AU)", 0},
        {"FormattedSDDLText", "D:(XA;;FX;;;WD;(@User.Title == \"PM\"))", 0},
        {"FormattedSDDLText", "D:NO_ACCESS_CONTROL", 0},
        {"FormattedSDDLText", "D:(A;;GA;;;[OWNER])", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "D:(A;;GA;;;<[OWNER]>)", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "D:(A;;GA;;WD)", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "D:(A;;QQ;;;WD)", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "D:(A;;GA;;;WD", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "G:BAO:BA", MSIDBERROR_BADFORMATTED},
        {"FormattedSDDLText", "[SDDL]", MSIDBERROR_BADFORMATTED},
        {"Nonsense", "x", MSIDBERROR_BADCATEGORY},
    };

    for (UINT i = 0; i < ARRAYSIZE(cases); i++) {
        char rule[100];
        int number;

        snprintf(rule, sizeof(rule), "`Category`) VALUES ('V', 'T', 'Y', '%s')", cases[i].category);
        begin(rule);
        number = finding(cases[i].text);
        ok(number == cases[i].number, "%s %s: %d\n", cases[i].category, cases[i].text, number);
        end();
    }
}

static void a_key_stands_in_its_table(void)
{
    begin("`KeyTable`, `KeyColumn`, `Category`) VALUES ('V', 'T', 'Y', 'V', 1, 'Identifier')");
    ok(finding("there") == 0, "there\n");
    ok(finding("absent") == MSIDBERROR_BADLINK, "absent\n");
    end();
    begin("`KeyTable`, `KeyColumn`, `Category`) VALUES ('V', 'T', 'Y', 'U', 1, 'Identifier')");
    ok(finding("there") == MSIDBERROR_BADKEYTABLE, "no table\n");
    end();
}

static void add_key_table(const char *table, const char *key)
{
    char query[128];

    snprintf(query, sizeof(query), "CREATE TABLE `%s` (`K` CHAR(72) NOT NULL PRIMARY KEY `K`)",
             table);
    must_run(db, query);
    snprintf(query, sizeof(query), "INSERT INTO `%s` (`K`) VALUES ('%s')", table, key);
    must_run(db, query);
}

/* The finding in an action of that type and source, 0 for none. */
static int source_finding(int type, const char *source)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(3);
    char column[16] = "";
    DWORD size = sizeof(column);
    int number;

    MsiRecordSetStringA(rec, 1, "new");
    MsiRecordSetInteger(rec, 2, type);
    MsiRecordSetStringA(rec, 3, source);
    ok(!MsiDatabaseOpenViewA(db, "SELECT `K`, `Type`, `T` FROM `A`", &view), "open\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    MsiViewModify(view, MSIMODIFY_VALIDATE_NEW, rec);
    number = MsiViewGetErrorA(view, column, &size);
    ok(!strcmp(column, number ? "T" : ""), "%d %s: column %s\n", type, source, column);
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    return number;
}

static void begin_actions(void)
{
    begin("`Category`) VALUES ('A', 'T', 'Y', 'CustomSource')");
    must_run(db,
             "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`) VALUES ('A', 'K', 'N')");
    must_run(db,
             "INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`) VALUES ('A', 'Type', 'N')");
    must_run(db, "CREATE TABLE `A` (`K` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `T` CHAR(72) "
                 "PRIMARY KEY `K`)");
    add_key_table("Binary", "binary");
    add_key_table("File", "file");
    add_key_table("Directory", "folder");
}

static void the_source_of_an_action_goes_by_its_type(void)
{
    static const struct {
        int type;
        const char *source;
        BOOL good;
    } cases[] = {
        {1, "binary", TRUE},     {1, "file", FALSE},
        {2, "binary", TRUE},     {6, "folder", FALSE},
        {17, "file", TRUE},      {18, "binary", FALSE},
        {19, NULL, TRUE},        {34, "folder", TRUE},
        {35, "file", FALSE},     {37, NULL, TRUE},
        {50, "ANYTHING", TRUE},  {51, "not one", FALSE},
        {64 + 51, "PROP", TRUE}, {1024 + 1, "x", FALSE},
        {7, "Storage", TRUE},    {23, "sub\\x.msi", TRUE},
        {39, "no guid", FALSE},  {39, "{12345678-ABCD-1234-ABCD-0123456789AB}", TRUE},
    };

    begin_actions();
    for (UINT i = 0; i < ARRAYSIZE(cases); i++) {
        int number = source_finding(cases[i].type, cases[i].source);

        ok(number == (cases[i].good ? 0 : MSIDBERROR_BADCUSTOMSOURCE), "%d %s: %d\n", cases[i].type,
           cases[i].source ? cases[i].source : "NULL", number);
    }
    must_run(db, "DROP TABLE `File`");
    ok(source_finding(17, "file") == MSIDBERROR_BADCUSTOMSOURCE, "no table of files\n");
    end();
}

/* File.Version: "can also be set to contain the primary key of another record" */
static void a_version_is_no_key_but_a_companion_is(void)
{
    begin("`KeyTable`, `KeyColumn`, `Category`) VALUES ('V', 'T', 'Y', 'V', 1, 'Version')");
    ok(finding("1.2.3.4") == 0, "a version\n");
    ok(finding("there") == 0, "a companion\n");
    ok(finding("absent") == MSIDBERROR_BADLINK, "no companion\n");
    end();
}

static void a_formatted_target_is_no_feature(void)
{
    begin("`KeyTable`, `KeyColumn`, `Category`) VALUES ('V', 'T', 'Y', 'V', 1, 'Shortcut')");
    ok(finding("[#File]") == 0, "formatted\n");
    ok(finding("there") == 0, "a feature\n");
    ok(finding("absent") == MSIDBERROR_BADLINK, "no feature\n");
    end();
}

START_TEST(validate)
{
    test_dll("msi");
    if (test_builtin_dlls) {
        win_skip("it does not validate\n");
        return;
    }
    RUN(each_category_has_its_form);
    RUN(a_key_stands_in_its_table);
    RUN(the_source_of_an_action_goes_by_its_type);
    RUN(a_version_is_no_key_but_a_companion_is);
    RUN(a_formatted_target_is_no_feature);
}
