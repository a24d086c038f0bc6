/*
 * A small package for the tests of sessions.
 */
#ifndef PACKAGE_H
#define PACKAGE_H

#include "msitest.h"

static const char *const package_tables[] = {
    "CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL LOCALIZABLE "
    "PRIMARY KEY `Property`)",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', "
    "'{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductName', 'Test Product')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductLanguage', '1033')",
    "CREATE TABLE `Directory` (`Directory` CHAR(72) NOT NULL, `Directory_Parent` CHAR(72), "
    "`DefaultDir` CHAR(255) NOT NULL LOCALIZABLE PRIMARY KEY `Directory`)",
    "INSERT INTO `Directory` (`Directory`, `DefaultDir`) VALUES ('TARGETDIR', 'SourceDir')",
    "INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES "
    "('ProgramFilesFolder', 'TARGETDIR', '.')",
    "INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES "
    "('INSTALLDIR', 'ProgramFilesFolder', 'short|Long Name:src')",
    "CREATE TABLE `Component` (`Component` CHAR(72) NOT NULL, `ComponentId` CHAR(38), "
    "`Directory_` CHAR(72) NOT NULL, `Attributes` SHORT NOT NULL, `Condition` CHAR(255), "
    "`KeyPath` CHAR(72) PRIMARY KEY `Component`)",
    "INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`, `KeyPath`) "
    "VALUES ('comp', '{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E1111}', 'INSTALLDIR', 0, 'file1')",
    "CREATE TABLE `Feature` (`Feature` CHAR(38) NOT NULL, `Feature_Parent` CHAR(38), `Title` "
    "CHAR(64) LOCALIZABLE, `Description` CHAR(255) LOCALIZABLE, `Display` SHORT, `Level` SHORT "
    "NOT NULL, `Directory_` CHAR(72), `Attributes` SHORT NOT NULL PRIMARY KEY `Feature`)",
    "INSERT INTO `Feature` (`Feature`, `Title`, `Description`, `Display`, `Level`, `Directory_`, "
    "`Attributes`) VALUES ('feat', 'Feature title', 'Feature desc', 2, 1, 'INSTALLDIR', 0)",
    "CREATE TABLE `FeatureComponents` (`Feature_` CHAR(38) NOT NULL, `Component_` CHAR(72) NOT "
    "NULL PRIMARY KEY `Feature_`, `Component_`)",
    "INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('feat', 'comp')",
    "CREATE TABLE `File` (`File` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL, `FileName` "
    "CHAR(255) NOT NULL LOCALIZABLE, `FileSize` LONG NOT NULL, `Version` CHAR(72), `Language` "
    "CHAR(20), `Attributes` SHORT, `Sequence` SHORT NOT NULL PRIMARY KEY `File`)",
    "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Sequence`) VALUES "
    "('file1', 'comp', 'short.txt|long name.txt', 100, 1)",
    "CREATE TABLE `Media` (`DiskId` SHORT NOT NULL, `LastSequence` LONG NOT NULL, `DiskPrompt` "
    "CHAR(64) LOCALIZABLE, `Cabinet` CHAR(255), `VolumeLabel` CHAR(32), `Source` CHAR(72) PRIMARY "
    "KEY `DiskId`)",
    "INSERT INTO `Media` (`DiskId`, `LastSequence`) VALUES (1, 1)",
};

static void package_summary(MSIHANDLE db)
{
    MSIHANDLE sum = 0;

    ok(!MsiGetSummaryInformationA(db, NULL, 9, &sum), "summary\n");
    MsiSummaryInfoSetPropertyA(sum, 2, VT_LPSTR, 0, NULL, "Installation Database");
    MsiSummaryInfoSetPropertyA(sum, 7, VT_LPSTR, 0, NULL, "Intel;1033");
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, "{12345678-1234-1234-1234-123456789012}");
    MsiSummaryInfoSetPropertyA(sum, 14, VT_I4, 200, NULL, NULL);
    MsiSummaryInfoSetPropertyA(sum, 15, VT_I4, 0, NULL, NULL);
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    MsiCloseHandle(sum);
}

/* Makes the package's file. */
TEST_UNUSED static void make_package(const char *name)
{
    MSIHANDLE db = create(name);

    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

/* A session on a package of its own. */
TEST_UNUSED static MSIHANDLE open_session(const char *name)
{
    MSIHANDLE session = 0;
    UINT err;

    make_package(name);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    err = MsiOpenPackageA(name, &session);
    ok(!err, "open package: error %u\n", err);
    return session;
}

#endif
