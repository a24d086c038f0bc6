/*
 * Patches for a package: which of them, in which order, and what a patch file says of itself.
 */
#include "msitest.h"

#include <objbase.h>

#define CODE    "{5A8C1D20-7777-2222-3333-4444555566A1}"
#define UPGRADE "{5A8C1D20-7777-2222-3333-4444555566A2}"
#define PATCH_1 "{5A8C1D20-7777-2222-3333-4444555566B1}"
#define PATCH_2 "{5A8C1D20-7777-2222-3333-4444555566B2}"

#ifndef ERROR_INVALID_PATCH_XML
#define ERROR_INVALID_PATCH_XML 1650
#endif
/* MSIDBOPEN_CREATE and MSIDBOPEN_PATCHFILE, which is 32 bytes of the build's characters. */
#define CREATE_PATCH ((const char *)(3 + 32))
#define VALIDATION                                                         \
    (MSITRANSFORM_VALIDATE_PRODUCT | MSITRANSFORM_VALIDATE_UPDATEVERSION | \
     MSITRANSFORM_VALIDATE_NEWEQUALBASEVERSION | MSITRANSFORM_VALIDATE_UPGRADECODE)

/* --- a package and patches of it ----------------------------------------------------------------
 */

static void set_summary(MSIHANDLE db, const char *subject, const char *template, const char *author,
                        const char *code, int words)
{
    MSIHANDLE sum = 0;

    ok(!MsiGetSummaryInformationA(db, NULL, 8, &sum), "summary\n");
    MsiSummaryInfoSetPropertyA(sum, 3, VT_LPSTR, 0, NULL, subject);
    MsiSummaryInfoSetPropertyA(sum, 7, VT_LPSTR, 0, NULL, template);
    MsiSummaryInfoSetPropertyA(sum, 8, VT_LPSTR, 0, NULL, author);
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, code);
    MsiSummaryInfoSetPropertyA(sum, 14, VT_I4, 200, NULL, NULL);
    MsiSummaryInfoSetPropertyA(sum, 15, VT_I4, words, NULL, NULL);
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    MsiCloseHandle(sum);
}

/* One file that every patch changes, one that none does, and one of a component that is never
 * installed. */
static void add_files(MSIHANDLE db, BOOL after)
{
    static const char *const rows[] = {"'lamp', 'Core', 'LAMP~1.TXT|lamp.txt'",
                                       "'same', 'Core', 'same.txt'",
                                       "'other', 'Else', 'other.txt'"};
    char query[400];

    must_run(db, "CREATE TABLE `Component` (`Component` CHAR(72) NOT NULL, `ComponentId` CHAR(38), "
                 "`Directory_` CHAR(72) NOT NULL, `Attributes` SHORT NOT NULL, `Condition` "
                 "CHAR(255), `KeyPath` CHAR(72) PRIMARY KEY `Component`)");
    must_run(db, "INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`, "
                 "`KeyPath`) VALUES ('Core', '" PATCH_1 "', 'TARGETDIR', 0, 'lamp')");
    must_run(db, "INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`, "
                 "`KeyPath`) VALUES ('Else', '" PATCH_2 "', 'TARGETDIR', 0, 'other')");
    must_run(db, "CREATE TABLE `File` (`File` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL, "
                 "`FileName` CHAR(255) NOT NULL, `FileSize` LONG NOT NULL, `Version` CHAR(72), "
                 "`Language` CHAR(20), `Attributes` SHORT, `Sequence` LONG NOT NULL "
                 "PRIMARY KEY `File`)");
    for (int i = 0; i < 3; i++) {
        snprintf(query, sizeof(query),
                 "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Sequence`) "
                 "VALUES (%s, %d, %d)",
                 rows[i], after && i != 1 ? 20 : 10, i + 1);
        must_run(db, query);
    }
}

static void make_package(const char *name, const char *version, const char *note)
{
    MSIHANDLE db = create(name);
    char query[256];

    set_summary(db, "Lamp", "Intel;1033", "Ann", CODE, 2);
    must_run(db, "CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL "
                 "PRIMARY KEY `Property`)");
    must_run(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', '" CODE "')");
    must_run(db,
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('UpgradeCode', '" UPGRADE "')");
    must_run(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductLanguage', '1033')");
    snprintf(query, sizeof(query),
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '%s')",
             version);
    must_run(db, query);
    snprintf(query, sizeof(query),
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('Note', '%s')", note);
    must_run(db, query);
    add_files(db, !strcmp(note, "after"));
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

static void make_transform(const char *from, const char *to, const char *name)
{
    MSIHANDLE a = 0, b = 0;

    ok(!MsiOpenDatabaseA(from, OPEN_READONLY, &a) && !MsiOpenDatabaseA(to, OPEN_READONLY, &b),
       "open\n");
    ok(!MsiDatabaseGenerateTransformA(b, a, name, 0, 0), "transform\n");
    ok(!MsiCreateTransformSummaryInfoA(b, a, name, 0, VALIDATION), "its summary\n");
    MsiCloseHandle(a);
    MsiCloseHandle(b);
}

static void put_storage(MSIHANDLE db, const char *name, const char *file)
{
    MSIHANDLE rec = MsiCreateRecord(2), view = 0;

    MsiRecordSetStringA(rec, 1, name);
    ok(!MsiRecordSetStreamA(rec, 2, file), "stream\n");
    ok(!MsiDatabaseOpenViewA(db, "INSERT INTO `_Storages` (`Name`, `Data`) VALUES (?, ?)", &view),
       "view\n");
    ok(!MsiViewExecute(view, rec), "storage\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
}

/* From one version to another, in the family App where it has a place there. */
static void make_patch(const char *name, const char *code, const char *from, const char *to,
                       const char *place)
{
    MSIHANDLE db = 0;
    char query[256];

    make_package("from.msi", from, "before");
    make_package("to.msi", to, "after");
    make_transform("from.msi", "to.msi", "one.mst");
    DeleteFileA(name);
    ok(!MsiOpenDatabaseA(name, CREATE_PATCH, &db), "create\n");
    set_summary(db, "Lamp", CODE, ":one;:#one", code, 3);
    put_storage(db, "one", "one.mst");
    put_storage(db, "#one", "one.mst");
    if (place) {
        must_run(db, "CREATE TABLE `MsiPatchSequence` (`PatchFamily` CHAR(72) NOT NULL, "
                     "`ProductCode` CHAR(38), `Sequence` CHAR(72) NOT NULL, `Attributes` LONG "
                     "PRIMARY KEY `PatchFamily`, `ProductCode`)");
        snprintf(query, sizeof(query),
                 "INSERT INTO `MsiPatchSequence` (`PatchFamily`, `Sequence`) VALUES ('App', '%s')",
                 place);
        must_run(db, query);
    }
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    DeleteFileA("from.msi");
    DeleteFileA("to.msi");
    DeleteFileA("one.mst");
}

static const char *package_path(const char *name)
{
    static char path[MAX_PATH];

    GetFullPathNameA(name, sizeof(path), path, NULL);
    return path;
}

/* --- tests --------------------------------------------------------------------------------------
 */

static void by_their_places(void)
{
    MSIPATCHSEQUENCEINFOA info[] = {{"p2.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9},
                                    {"p1.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9}};
    UINT err;

    make_package("base.msi", "1.0.0", "before");
    make_patch("p1.msp", PATCH_1, "1.0.0", "1.0.0", "1.1");
    make_patch("p2.msp", PATCH_2, "1.0.0", "1.0.0", "1.2");
    err = MsiDetermineApplicablePatchesA(package_path("base.msi"), 2, info);
    ok(!err, "error %u\n", err);
    ok(info[0].dwOrder == 1 && !info[0].uStatus && !info[1].dwOrder && !info[1].uStatus,
       "%ld %u, %ld %u\n", (long)info[0].dwOrder, info[0].uStatus, (long)info[1].dwOrder,
       info[1].uStatus);
}

static void of_another_version(void)
{
    MSIPATCHSEQUENCEINFOW info[] = {{L"p3.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9}};
    WCHAR path[MAX_PATH];

    make_package("base.msi", "1.0.0", "before");
    make_patch("p3.msp", PATCH_1, "1.0.1", "1.0.1", NULL);
    GetFullPathNameW(L"base.msi", MAX_PATH, path, NULL);
    ok(!MsiDetermineApplicablePatchesW(path, 1, info), "call\n");
    ok(info[0].dwOrder == (DWORD)-1 && info[0].uStatus == ERROR_PATCH_TARGET_NOT_FOUND, "%ld %u\n",
       (long)info[0].dwOrder, info[0].uStatus);
    make_package("base.msi", "1.0.1", "before");
    ok(!MsiDetermineApplicablePatchesW(path, 1, info), "call\n");
    ok(!info[0].dwOrder && !info[0].uStatus, "%ld %u\n", (long)info[0].dwOrder, info[0].uStatus);
}

/* What the one function says of the patch does for the other. */
static void as_xml(void)
{
    static WCHAR xml[4096];
    MSIPATCHSEQUENCEINFOW info[] = {{xml, MSIPATCH_DATATYPE_XMLBLOB, 9, 9}};
    WCHAR path[MAX_PATH], file[MAX_PATH];
    DWORD size = 0, again = ARRAYSIZE(xml), small = 5;
    char narrow[8];
    UINT err;

    make_package("base.msi", "1.0.0", "before");
    make_patch("p1.msp", PATCH_1, "1.0.0", "1.0.1", "1.1");
    GetFullPathNameW(L"base.msi", MAX_PATH, path, NULL);
    GetFullPathNameW(L"p1.msp", MAX_PATH, file, NULL);
    err = MsiExtractPatchXMLDataW(file, 0, NULL, &size);
    ok(!err && size > 100, "error %u, size %lu\n", err, size);
    ok(!MsiExtractPatchXMLDataW(file, 0, xml, &again) && again == size &&
           lstrlenW(xml) == (int)size,
       "%lu, %lu\n", again, size);
    ok(wcsstr(xml,
              L"<MsiPatch xmlns=\"http://www.microsoft.com/msi/patch_applicability.xsd\" "
              L"SchemaVersion=\"1.0.0.0\" PatchGUID=\"" PATCH_1 "\" MinMsiVersion=\"3\">") == xml,
       "%ls\n", xml);
    ok(wcsstr(xml, L"<UpdatedVersion>1.0.1</UpdatedVersion>") != NULL, "%ls\n", xml);
    ok(wcsstr(xml, L"<TargetVersion Validate=\"true\" ComparisonType=\"Equal\" "
                   L"ComparisonFilter=\"MajorMinorUpdate\">1.0.0</TargetVersion>") != NULL,
       "%ls\n", xml);
    ok(wcsstr(xml, L"<PatchFamily>App</PatchFamily><Sequence>1.1</Sequence>") != NULL, "%ls\n",
       xml);
    ok(!MsiDetermineApplicablePatchesW(path, 1, info), "call\n");
    ok(!info[0].dwOrder && !info[0].uStatus, "%ld %u\n", (long)info[0].dwOrder, info[0].uStatus);
    ok(MsiExtractPatchXMLDataA("p1.msp", 0, narrow, &small) == ERROR_MORE_DATA && small == size &&
           !strcmp(narrow, "<Msi"),
       "A: %lu\n", small);
}

static void xml_in_a_file(void)
{
    MSIPATCHSEQUENCEINFOA info[] = {{"p.xml", MSIPATCH_DATATYPE_XMLPATH, 9, 9}};
    static const char text[] =
        "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<MsiPatch PatchGUID=\"" PATCH_1
        "\"><TargetProduct><TargetProductCode>" CODE "</TargetProductCode></TargetProduct>"
        "</MsiPatch>";

    make_package("base.msi", "1.0.0", "before");
    write_file("p.xml", text, sizeof(text) - 1);
    ok(!MsiDetermineApplicablePatchesA(package_path("base.msi"), 1, info), "call\n");
    ok(!info[0].dwOrder && !info[0].uStatus, "%ld %u\n", (long)info[0].dwOrder, info[0].uStatus);
    write_file("p.xml", text, sizeof(text) - 5);
    ok(MsiDetermineApplicablePatchesA(package_path("base.msi"), 1, info) ==
               ERROR_INVALID_PATCH_XML &&
           info[0].dwOrder == (DWORD)-1 && info[0].uStatus == ERROR_INVALID_PATCH_XML,
       "damaged: %ld %u\n", (long)info[0].dwOrder, info[0].uStatus);
    DeleteFileA("p.xml");
}

static void what_is_no_patch(void)
{
    MSIPATCHSEQUENCEINFOA info[] = {{"base.msi", MSIPATCH_DATATYPE_PATCHFILE, 9, 9},
                                    {"nofile.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9},
                                    {"p1.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9}};
    DWORD size = 0;

    make_package("base.msi", "1.0.0", "before");
    make_patch("p1.msp", PATCH_1, "1.0.0", "1.0.0", NULL);
    ok(!MsiDetermineApplicablePatchesA(package_path("base.msi"), 3, info), "call\n");
    ok(info[0].dwOrder == (DWORD)-1 && info[0].uStatus, "a package\n");
    ok(info[1].dwOrder == (DWORD)-1 && info[1].uStatus, "nothing\n");
    ok(!info[2].dwOrder && !info[2].uStatus, "a patch: %ld\n", (long)info[2].dwOrder);
    ok(MsiExtractPatchXMLDataA("nofile.msp", 0, NULL, &size) == ERROR_PATCH_PACKAGE_OPEN_FAILED,
       "nothing\n");
    ok(MsiExtractPatchXMLDataA("base.msi", 0, NULL, &size) == ERROR_PATCH_PACKAGE_INVALID,
       "a package\n");
}

static void wrong_arguments(void)
{
    MSIPATCHSEQUENCEINFOA info[] = {{NULL, MSIPATCH_DATATYPE_PATCHFILE, 9, 9}};
    DWORD size = 0;

    make_package("base.msi", "1.0.0", "before");
    ok(MsiDetermineApplicablePatchesA(NULL, 1, info) == ERROR_INVALID_PARAMETER, "no package\n");
    ok(MsiDetermineApplicablePatchesA("base.msi", 0, info) == ERROR_INVALID_PARAMETER, "none\n");
    ok(MsiDetermineApplicablePatchesA("base.msi", 1, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    ok(MsiDetermineApplicablePatchesA("base.msi", 1, info) == ERROR_INVALID_PARAMETER, "no text\n");
    ok(MsiDetermineApplicablePatchesA("nofile.msi", 1, info) == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(MsiDetermineApplicablePatchesA("C:\\no\\such.msi", 1, info) == ERROR_PATH_NOT_FOUND,
       "no folder\n");
    ok(MsiDeterminePatchSequenceA(NULL, NULL, MSIINSTALLCONTEXT_MACHINE, 1, info) ==
           ERROR_INVALID_PARAMETER,
       "no product\n");
    ok(MsiDeterminePatchSequenceA(CODE, NULL, 0, 1, info) == ERROR_INVALID_PARAMETER,
       "no context\n");
    ok(MsiDeterminePatchSequenceA(CODE, "S-1-5-18", MSIINSTALLCONTEXT_USERMANAGED, 1, info) ==
           ERROR_INVALID_PARAMETER,
       "the system\n");
    ok(MsiDeterminePatchSequenceA(CODE, "S-1-1-0", MSIINSTALLCONTEXT_USERMANAGED, 1, info) ==
           ERROR_INVALID_PARAMETER,
       "everyone\n");
    ok(MsiDeterminePatchSequenceA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 1, info) ==
               ERROR_UNKNOWN_PRODUCT &&
           info[0].dwOrder == (DWORD)-1,
       "an unknown product\n");
    ok(MsiExtractPatchXMLDataA(NULL, 0, NULL, &size) == ERROR_INVALID_PARAMETER, "no patch\n");
    ok(MsiExtractPatchXMLDataA("p1.msp", 1, NULL, &size) == ERROR_INVALID_PARAMETER, "reserved\n");
    ok(MsiExtractPatchXMLDataA("p1.msp", 0, NULL, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
}

/* --- a product that is installed ----------------------------------------------------------------
 */

#define PACKED   "02D1C8A577772222333344445555661A"
#define PACKED_1 "02D1C8A577772222333344445555661B"
#define CURRENT  "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\"
#define PRODUCT  "Software\\Classes\\Installer\\Products\\" PACKED

static void put(const char *path, const char *name, DWORD type, const void *data, DWORD size)
{
    HKEY key;

    ok(!RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL,
                        &key, NULL),
       "create %s\n", path);
    RegSetValueExA(key, name, 0, type, data, size);
    RegCloseKey(key);
}

static void drop(const char *path)
{
    HKEY key;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &key))
        return;
    RegDeleteTreeA(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, 0);
}

static void put_path(const char *key, const char *file)
{
    char path[MAX_PATH];

    GetFullPathNameA(file, sizeof(path), path, NULL);
    put(key, "LocalPackage", REG_SZ, path, (DWORD)strlen(path) + 1);
}

/* Patches that the product has stand among the others, and have no place in the answer. */
static void for_an_installed_product(void)
{
    MSIPATCHSEQUENCEINFOA info[] = {{"p2.msp", MSIPATCH_DATATYPE_PATCHFILE, 9, 9}};
    DWORD applied = 1;
    UINT err;

    make_package("base.msi", "1.0.0", "before");
    make_patch("p1.msp", PATCH_1, "1.0.0", "1.0.1", "1.1");
    make_patch("p2.msp", PATCH_2, "1.0.1", "1.0.1", "1.2");
    put(PRODUCT, "ProductName", REG_SZ, "Lamp", 5);
    put_path(CURRENT "Products\\" PACKED "\\InstallProperties", "base.msi");
    err = MsiDeterminePatchSequenceA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 1, info);
    ok(!err && info[0].uStatus == ERROR_PATCH_TARGET_NOT_FOUND, "alone: %u, %u\n", err,
       info[0].uStatus);
    put(PRODUCT "\\Patches", "Patches", REG_MULTI_SZ, PACKED_1 "\0", sizeof(PACKED_1) + 1);
    put(CURRENT "Products\\" PACKED "\\Patches\\" PACKED_1, "State", REG_DWORD, &applied, 4);
    put_path(CURRENT "Patches\\" PACKED_1, "p1.msp");
    err = MsiDeterminePatchSequenceA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 1, info);
    ok(!err && !info[0].uStatus && !info[0].dwOrder, "behind the other: %u, %u %ld\n", err,
       info[0].uStatus, (long)info[0].dwOrder);
    drop(PRODUCT);
    drop(CURRENT "Products\\" PACKED);
    drop(CURRENT "Patches\\" PACKED_1);
}

/* The file of the component that is installed, where it is installed. */
static void files_of_patches(void)
{
    static const char key_path[] = "C:\\lit\\lamp.txt";
    MSIHANDLE *records = NULL;
    char path[MAX_PATH] = "";
    DWORD count = 9, size = sizeof(path);
    UINT err;

    make_package("base.msi", "1.0.0", "before");
    make_patch("p1.msp", PATCH_1, "1.0.0", "1.0.1", "1.1");
    make_patch("p2.msp", PATCH_2, "7.0.0", "7.0.1", "1.2");
    put(PRODUCT, "ProductName", REG_SZ, "Lamp", 5);
    put_path(CURRENT "Products\\" PACKED "\\InstallProperties", "base.msi");
    put(CURRENT "Components\\" PACKED_1, PACKED, REG_SZ, key_path, sizeof(key_path));
    err = MsiGetPatchFileListA(CODE, " p2.msp ;p1.msp", &count, &records);
    ok(!err && count == 1, "error %u, %lu\n", err, count);
    if (!err && count) {
        ok(!MsiRecordGetStringA(records[0], 0, path, &size) && !strcmp(path, key_path), "%s\n",
           path);
        MsiCloseHandle(records[0]);
    }
    LocalFree(records);
    count = 9;
    ok(!MsiGetPatchFileListW(L"" CODE, L"p2.msp", &count, &records) && !count, "%lu\n", count);
    LocalFree(records);
    ok(MsiGetPatchFileListA(CODE, "nofile.msp", &count, &records) == ERROR_FUNCTION_FAILED,
       "no file\n");
    ok(MsiGetPatchFileListA(CODE, "p1.msp;;", &count, &records) == ERROR_INVALID_PARAMETER,
       "an empty name\n");
    ok(MsiGetPatchFileListA(CODE, NULL, &count, &records) == ERROR_INVALID_PARAMETER, "no list\n");
    ok(MsiGetPatchFileListA(CODE, "p1.msp", NULL, &records) == ERROR_INVALID_PARAMETER,
       "no count\n");
    ok(MsiGetPatchFileListA(CODE, "p1.msp", &count, NULL) == ERROR_INVALID_PARAMETER,
       "no records\n");
    drop(CURRENT "Components\\" PACKED_1);
    drop(PRODUCT);
    drop(CURRENT "Products\\" PACKED);
    ok(MsiGetPatchFileListA(CODE, "p1.msp", &count, &records) == ERROR_UNKNOWN_PRODUCT,
       "unknown\n");
}

START_TEST(patchseq)
{
    test_dll("msi");
    if (test_builtin_dlls) {
        win_skip("it makes no transforms\n");
        return;
    }
    RUN(by_their_places);
    RUN(of_another_version);
    RUN(as_xml);
    RUN(xml_in_a_file);
    RUN(for_an_installed_product);
    RUN(files_of_patches);
    RUN(what_is_no_patch);
    RUN(wrong_arguments);
    DeleteFileA("base.msi");
    DeleteFileA("p1.msp");
    DeleteFileA("p2.msp");
    DeleteFileA("p3.msp");
}
