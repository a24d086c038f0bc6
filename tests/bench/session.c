/*
 * Sessions: opening a package by its path and costing it, at SIZE components, one file each, in a
 * fortieth as many features.
 * usage: session.exe [SIZE ...]      (1000 4000 16000 without)
 */
#include "bench.h"

#include <msi.h>
#include <msiquery.h>

static void run(MSIHANDLE db, const WCHAR *query, MSIHANDLE params)
{
    MSIHANDLE view;

    bench_must(MsiDatabaseOpenViewW(db, query, &view), "open a view");
    bench_must(MsiViewExecute(view, params), "execute");
    MsiCloseHandle(view);
}

static void insert(MSIHANDLE view, unsigned count, unsigned of, const WCHAR *const *texts,
                   unsigned fields)
{
    WCHAR text[64];

    for (unsigned i = 0; i < count; i++) {
        MSIHANDLE rec = MsiCreateRecord(fields);

        for (unsigned f = 0; f < fields; f++) {
            swprintf(text, ARRAYSIZE(text), texts[f], f && of ? i % of : i);
            MsiRecordSetStringW(rec, f + 1, text);
        }
        bench_must(MsiViewExecute(view, rec), "insert");
        MsiCloseHandle(rec);
    }
}

static void fill(MSIHANDLE db, const WCHAR *query, unsigned count, unsigned of,
                 const WCHAR *const *texts, unsigned fields)
{
    MSIHANDLE view;

    bench_must(MsiDatabaseOpenViewW(db, query, &view), "open a view");
    insert(view, count, of, texts, fields);
    MsiCloseHandle(view);
}

static void make_tables(MSIHANDLE db)
{
    static const WCHAR *const tables[] = {
        L"CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL PRIMARY "
        L"KEY `Property`)",
        L"INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', "
        L"'{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}')",
        L"CREATE TABLE `Directory` (`Directory` CHAR(72) NOT NULL, `Directory_Parent` CHAR(72), "
        L"`DefaultDir` CHAR(255) NOT NULL PRIMARY KEY `Directory`)",
        L"INSERT INTO `Directory` (`Directory`, `DefaultDir`) VALUES ('TARGETDIR', 'SourceDir')",
        L"CREATE TABLE `Feature` (`Feature` CHAR(38) NOT NULL, `Feature_Parent` CHAR(38), `Title` "
        L"CHAR(64), `Description` CHAR(255), `Display` SHORT, `Level` SHORT NOT NULL, `Directory_` "
        L"CHAR(72), `Attributes` SHORT NOT NULL PRIMARY KEY `Feature`)",
        L"CREATE TABLE `Component` (`Component` CHAR(72) NOT NULL, `ComponentId` CHAR(38), "
        L"`Directory_` CHAR(72) NOT NULL, `Attributes` SHORT NOT NULL, `Condition` CHAR(255), "
        L"`KeyPath` CHAR(72) PRIMARY KEY `Component`)",
        L"CREATE TABLE `FeatureComponents` (`Feature_` CHAR(38) NOT NULL, `Component_` CHAR(72) "
        L"NOT NULL PRIMARY KEY `Feature_`, `Component_`)",
        L"CREATE TABLE `File` (`File` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL, "
        L"`FileName` CHAR(255) NOT NULL, `FileSize` LONG NOT NULL, `Version` CHAR(72), `Language` "
        L"CHAR(20), `Attributes` SHORT, `Sequence` LONG NOT NULL PRIMARY KEY `File`)",
        L"CREATE TABLE `Media` (`DiskId` SHORT NOT NULL, `LastSequence` LONG NOT NULL, "
        L"`DiskPrompt` CHAR(64), `Cabinet` CHAR(255), `VolumeLabel` CHAR(32), `Source` CHAR(72) "
        L"PRIMARY KEY `DiskId`)",
        L"INSERT INTO `Media` (`DiskId`, `LastSequence`) VALUES (1, 2000000)"};

    for (unsigned i = 0; i < ARRAYSIZE(tables); i++)
        run(db, tables[i], 0);
}

static void make_rows(MSIHANDLE db, unsigned size)
{
    static const WCHAR *const folder[] = {L"D%u", L"TARGETDIR", L"d%u|Folder %u"};
    static const WCHAR *const feature[] = {L"F%u", L"1", L"0"};
    static const WCHAR *const component[] = {L"C%u", L"{12345678-1234-1234-1234-0000%08X}", L"D%u",
                                             L"0", L"N%u"};
    static const WCHAR *const member[] = {L"C%u", L"F%u"};
    static const WCHAR *const file[] = {L"N%u", L"C%u", L"n%u.txt|Long name %u.txt", L"1000", L"1"};
    unsigned features = size / 40;

    fill(
        db,
        L"INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES (?, ?, ?)",
        features, 0, folder, 3);
    fill(db, L"INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES (?, ?, ?)", features,
         0, feature, 3);
    fill(db,
         L"INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`, "
         L"`KeyPath`) VALUES (?, ?, ?, ?, ?)",
         size, 0, component, 2 + 3);
    fill(db, L"INSERT INTO `FeatureComponents` (`Component_`, `Feature_`) VALUES (?, ?)", size,
         features, member, 2);
    fill(db,
         L"INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Sequence`) VALUES "
         L"(?, ?, ?, ?, ?)",
         size, 0, file, 5);
    run(db, L"UPDATE `Component` SET `Directory_` = 'D0'", 0);
}

static void make_package(const WCHAR *path, unsigned size)
{
    MSIHANDLE db, sum;

    DeleteFileW(path);
    bench_must(MsiOpenDatabaseW(path, MSIDBOPEN_CREATE, &db), "create");
    make_tables(db);
    make_rows(db, size);
    bench_must(MsiGetSummaryInformationW(db, NULL, 5, &sum), "summary");
    MsiSummaryInfoSetPropertyW(sum, 7, VT_LPSTR, 0, NULL, L"Intel;1033");
    MsiSummaryInfoSetPropertyW(sum, 9, VT_LPSTR, 0, NULL,
                               L"{12345678-1234-1234-1234-123456789012}");
    MsiSummaryInfoSetPropertyW(sum, 14, VT_I4, 200, NULL, NULL);
    MsiSummaryInfoSetPropertyW(sum, 15, VT_I4, 0, NULL, NULL);
    MsiSummaryInfoPersist(sum);
    MsiCloseHandle(sum);
    bench_must(MsiDatabaseCommit(db), "commit");
    MsiCloseHandle(db);
}

static void open_and_close(const WCHAR *path)
{
    MSIHANDLE session;

    bench_must(MsiOpenPackageW(path, &session), "open");
    MsiCloseHandle(session);
}

static void open_and_cost(const WCHAR *path)
{
    static const WCHAR *const actions[] = {L"CostInitialize", L"FileCost", L"CostFinalize",
                                           L"InstallValidate"};
    MSIHANDLE session;
    INSTALLSTATE installed, action;

    bench_must(MsiOpenPackageW(path, &session), "open");
    for (unsigned i = 0; i < ARRAYSIZE(actions); i++)
        bench_must(MsiDoActionW(session, actions[i]), "an action");
    bench_must(MsiGetComponentStateW(session, L"C1", &installed, &action), "a state");
    bench_must(action != INSTALLSTATE_LOCAL, "what the state is");
    MsiCloseHandle(session);
}

static void at_size(unsigned size)
{
    const WCHAR *path = L"bench-session.msi";

    make_package(path, size);
    BENCH("open a package", size, 3, 1, open_and_close(path));
    BENCH("open and cost, a component", size, 3, size, open_and_cost(path));
    DeleteFileW(path);
}

int main(int argc, char **argv)
{
    static const unsigned usual[] = {1000, 4000, 16000};

    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    for (int i = 1; i < argc; i++)
        at_size((unsigned)atoi(argv[i]));
    for (unsigned i = 0; argc < 2 && i < ARRAYSIZE(usual); i++)
        at_size(usual[i]);
    return 0;
}
