/*
 * Patches applied and removed by the exported functions, and what the database of a patched product
 * has.
 */
#include "package.h"
#include "onecab.h"

#define CODE    "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"
#define PATCH   "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2AB1}"
#define OTHER   "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2AB2}"
#define TURNED  "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A12}"
#define UPGRADE "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2AC1}"
/* MSIDBOPEN_CREATE and MSIDBOPEN_PATCHFILE, which is 32 bytes of the build's characters. */
#define CREATE_PATCH ((const char *)(3 + 32))
#define VALIDATION                                                         \
    (MSITRANSFORM_VALIDATE_PRODUCT | MSITRANSFORM_VALIDATE_UPDATEVERSION | \
     MSITRANSFORM_VALIDATE_NEWEQUALBASEVERSION)
#define IGNORED 0x1f
#ifndef ERROR_UNKNOWN_PATCH
#define ERROR_UNKNOWN_PATCH 1647
#endif
#ifndef ERROR_PATCH_REMOVAL_UNSUPPORTED
#define ERROR_PATCH_REMOVAL_UNSUPPORTED 1646
#endif

static const char *const installing[] = {
    "CREATE TABLE `InstallExecuteSequence` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), "
    "`Sequence` SHORT PRIMARY KEY `Action`)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('CostInitialize', 800)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('FileCost', 900)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('CostFinalize', 1000)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallValidate', 1400)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallInitialize', "
    "1500)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('ProcessComponents', "
    "1600)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('UnpublishFeatures', "
    "1800)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveRegistryValues', "
    "2600)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveFiles', 3500)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFiles', 4000)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('WriteRegistryValues', "
    "5000)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RegisterProduct', 6100)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('PublishFeatures', 6300)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('PublishProduct', 6400)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFinalize', 6600)",
    "CREATE TABLE `AdminExecuteSequence` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), "
    "`Sequence` SHORT PRIMARY KEY `Action`)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('CostInitialize', 800)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('FileCost', 900)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('CostFinalize', 1000)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallValidate', 1400)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallInitialize', 1500)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallAdminPackage', "
    "3900)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFiles', 4000)",
    "INSERT INTO `AdminExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFinalize', 6600)",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0.0')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('Manufacturer', 'Decanter')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ALLUSERS', '1')",
    "CREATE TABLE `Registry` (`Registry` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` CHAR(255) "
    "NOT NULL, `Name` CHAR(255), `Value` CHAR(0), `Component_` CHAR(72) NOT NULL PRIMARY KEY "
    "`Registry`)",
    "INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Value`, `Component_`) VALUES "
    "('r', 2, 'Software\\DecanterPatching', 'v', 'old', 'comp')",
};

/* --- the package and a patch of it --------------------------------------------------------------
 */

enum version { BEFORE, AFTER, WITH_MEDIA };

/* What is in the delta that the patch has for the file; NULL: it has none. */
static const char *delta;

/* Whether the patch makes another product of it, and where the old one is removed then; whether an
 * action fails behind that. */
static const char *turns;
static BOOL fails;

static void make_another(MSIHANDLE db)
{
    char query[200];

    must_run(db, "UPDATE `Property` SET `Value` = '" TURNED "' WHERE `Property` = 'ProductCode'");
    must_run(db, "UPDATE `Property` SET `Value` = '2.0.0' WHERE `Property` = 'ProductVersion'");
    must_run(db, "CREATE TABLE `Upgrade` (`UpgradeCode` CHAR(38) NOT NULL, `VersionMin` CHAR(20), "
                 "`VersionMax` CHAR(20), `Language` CHAR(255), `Attributes` LONG NOT NULL, "
                 "`Remove` CHAR(255), `ActionProperty` CHAR(72) NOT NULL PRIMARY KEY "
                 "`UpgradeCode`, `VersionMin`, `VersionMax`, `Language`, `Attributes`)");
    must_run(db, "INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMax`, `Attributes`, "
                 "`ActionProperty`) VALUES ('" UPGRADE "', '2.0.0', 0, 'OLDER')");
    must_run(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
                 "('FindRelatedProducts', 200)");
    snprintf(query, sizeof(query),
             "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
             "('RemoveExistingProducts', %s)",
             turns);
    must_run(db, query);
    if (!fails)
        return;
    must_run(db, "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, "
                 "`Source` CHAR(72), `Target` CHAR(255) PRIMARY KEY `Action`)");
    must_run(db, "INSERT INTO `CustomAction` (`Action`, `Type`, `Target`) VALUES ('no', 19, "
                 "'no')");
    must_run(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('no', "
                 "6590)");
}

static void make_version(const char *name, enum version version)
{
    MSIHANDLE db = create(name);

    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(installing); i++)
        must_run(db, installing[i]);
    if (version >= AFTER) {
        must_run(db, "UPDATE `Registry` SET `Value` = 'new' WHERE `Registry` = 'r'");
        must_run(db, "INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Value`, "
                     "`Component_`) VALUES ('s', 2, 'Software\\DecanterPatching', 'more', 'm', "
                     "'comp')");
    }
    if (turns)
        must_run(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('UpgradeCode', "
                     "'" UPGRADE "')");
    if (turns && version >= AFTER)
        make_another(db);
    if (version >= AFTER && delta)
        must_run(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
                     "('PatchFiles', 4090)");
    if (version == WITH_MEDIA && delta) {
        must_run(db, "CREATE TABLE `Patch` (`File_` CHAR(72) NOT NULL, `Sequence` SHORT NOT NULL, "
                     "`PatchSize` LONG NOT NULL, `Attributes` SHORT NOT NULL, `Header` OBJECT, "
                     "`StreamRef_` CHAR(38) PRIMARY KEY `File_`, `Sequence`)");
        must_run(db, "INSERT INTO `Patch` (`File_`, `Sequence`, `PatchSize`, `Attributes`) VALUES "
                     "('file1', 2, 9, 0)");
    }
    if (version == WITH_MEDIA) {
        must_run(db, "INSERT INTO `Media` (`DiskId`, `LastSequence`, `Cabinet`, `Source`) VALUES "
                     "(2, 2, '#patch.cab', 'PATCHSOURCE')");
        must_run(db, "CREATE TABLE `PatchPackage` (`PatchId` CHAR(38) NOT NULL, `Media_` SHORT NOT "
                     "NULL PRIMARY KEY `PatchId`)");
        must_run(db, "INSERT INTO `PatchPackage` (`PatchId`, `Media_`) VALUES ('" PATCH "', 2)");
    }
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

static void make_transform(const char *from, const char *to, const char *name)
{
    MSIHANDLE a = 0, b = 0;

    ok(!MsiOpenDatabaseA(from, OPEN_READONLY, &a) && !MsiOpenDatabaseA(to, OPEN_READONLY, &b),
       "open\n");
    ok(!MsiDatabaseGenerateTransformA(b, a, name, 0, 0), "transform\n");
    ok(!MsiCreateTransformSummaryInfoA(b, a, name, IGNORED, VALIDATION), "its summary\n");
    MsiCloseHandle(a);
    MsiCloseHandle(b);
}

/* table: _Storages or _Streams. */
static void put(MSIHANDLE db, const char *table, const char *name, const char *file)
{
    char query[100];

    MSIHANDLE rec = MsiCreateRecord(2), view = 0;

    MsiRecordSetStringA(rec, 1, name);
    ok(!MsiRecordSetStreamA(rec, 2, file), "stream\n");
    snprintf(query, sizeof(query), "INSERT INTO `%s` (`Name`, `Data`) VALUES (?, ?)", table);
    ok(!MsiDatabaseOpenViewA(db, query, &view), "view\n");
    ok(!MsiViewExecute(view, rec), "storage\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
}

static void patch_summary(MSIHANDLE db, const char *code, const char *product)
{
    MSIHANDLE sum = 0;

    ok(!MsiGetSummaryInformationA(db, NULL, 8, &sum), "summary\n");
    MsiSummaryInfoSetPropertyA(sum, 7, VT_LPSTR, 0, NULL, product);
    MsiSummaryInfoSetPropertyA(sum, 8, VT_LPSTR, 0, NULL, ":one;:#one");
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, code);
    MsiSummaryInfoSetPropertyA(sum, 15, VT_I4, 5, NULL, NULL);
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    MsiCloseHandle(sum);
}

/* removable: AllowRemoval's value. */
static void make_patch(const char *name, const char *product, const char *removable)
{
    MSIHANDLE db = 0;
    char query[200];

    make_version("from.msi", BEFORE);
    make_version("to.msi", AFTER);
    make_version("media.msi", WITH_MEDIA);
    make_transform("from.msi", "to.msi", "one.mst");
    make_transform("to.msi", "media.msi", "two.mst");
    DeleteFileA(name);
    ok(!MsiOpenDatabaseA(name, CREATE_PATCH, &db), "create\n");
    patch_summary(db, PATCH, product);
    put(db, "_Storages", "one", "one.mst");
    put(db, "_Storages", "#one", "two.mst");
    if (delta) {
        make_onecab("patch.cab", "file1", delta);
        put(db, "_Streams", "patch.cab", "patch.cab");
    }
    must_run(db, "CREATE TABLE `MsiPatchMetadata` (`Company` CHAR(72), `Property` CHAR(72) NOT "
                 "NULL, `Value` CHAR(0) NOT NULL LOCALIZABLE PRIMARY KEY `Company`, `Property`)");
    snprintf(query, sizeof(query),
             "INSERT INTO `MsiPatchMetadata` (`Property`, `Value`) VALUES ('AllowRemoval', '%s')",
             removable);
    must_run(db, query);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    DeleteFileA("from.msi");
    DeleteFileA("to.msi");
    DeleteFileA("media.msi");
    DeleteFileA("one.mst");
    DeleteFileA("two.mst");
    DeleteFileA("patch.cab");
}

static void start(const char *removable)
{
    FILE *f;

    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    make_version("product.msi", BEFORE);
    make_patch("patch.msp", CODE, removable);
    CreateDirectoryA("src", NULL);
    f = fopen("src\\long name.txt", "wb");
    ok(f != NULL, "no source\n");
    if (f) {
        for (int i = 0; i < 100; i++)
            putc('x', f);
        fclose(f);
    }
    ok(!MsiInstallProductA("product.msi", NULL), "install\n");
}

static void stop(void)
{
    ok(!MsiConfigureProductA(CODE, 0, INSTALLSTATE_ABSENT), "remove\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "it is there\n");
}

/* --- looking ------------------------------------------------------------------------------------
 */

static const char *value_of(const char *name)
{
    static char text[64];
    DWORD size = sizeof(text);
    HKEY key;

    strcpy(text, "none");
    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterPatching", 0,
                      KEY_READ | KEY_WOW64_32KEY, &key))
        return text;
    if (RegQueryValueExA(key, name, NULL, NULL, (BYTE *)text, &size))
        strcpy(text, "none");
    RegCloseKey(key);
    return text;
}

static const char *state_of_patch(void)
{
    static char text[64];
    DWORD size = sizeof(text);
    UINT err =
        MsiGetPatchInfoExA(PATCH, CODE, NULL, MSIINSTALLCONTEXT_MACHINE, "State", text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

/* --- tests --------------------------------------------------------------------------------------
 */

static void applied_and_removed(void)
{
    UINT err;

    start("1");
    ok(!strcmp(value_of("v"), "old"), "%s\n", value_of("v"));
    err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
    ok(!err, "apply: %u\n", err);
    ok(!strcmp(value_of("v"), "new"), "%s\n", value_of("v"));
    ok(!strcmp(value_of("more"), "m"), "%s\n", value_of("more"));
    ok(!strcmp(state_of_patch(), "1"), "%s\n", state_of_patch());
    err = MsiRemovePatchesA(PATCH, CODE, INSTALLTYPE_SINGLE_INSTANCE, NULL);
    ok(!err, "remove: %u\n", err);
    ok(!strcmp(value_of("v"), "old"), "%s\n", value_of("v"));
    ok(!strcmp(value_of("more"), "none"), "%s\n", value_of("more"));
    ok(!strcmp(state_of_patch(), "error 1647"), "%s\n", state_of_patch());
    stop();
}

static void the_database_of_a_patched_product(void)
{
    MSIHANDLE session = 0, db, view = 0, row = 0;
    char source[80] = "";
    DWORD size = sizeof(source);

    start("1");
    ok(!MsiApplyPatchW(L"patch.msp", L"" CODE, INSTALLTYPE_SINGLE_INSTANCE, L""), "apply\n");
    ok(!MsiOpenProductA(CODE, &session), "open\n");
    db = MsiGetActiveDatabase(session);
    ok(db != 0, "no database\n");
    ok(!MsiDatabaseOpenViewA(db,
                             "SELECT `DiskId`, `LastSequence`, `Source` FROM `Media` WHERE "
                             "`DiskId` > 1",
                             &view),
       "view\n");
    ok(!MsiViewExecute(view, 0) && !MsiViewFetch(view, &row), "its medium\n");
    ok(MsiRecordGetInteger(row, 1) == 100, "disk %d\n", MsiRecordGetInteger(row, 1));
    ok(MsiRecordGetInteger(row, 2) == 10000, "last %d\n", MsiRecordGetInteger(row, 2));
    ok(!MsiRecordGetStringA(row, 3, source, &size) &&
           !strcmp(source, "MSPSRCA9FB2B738EA34DCD9C455FE9D23C2AB1"),
       "%s\n", source);
    MsiCloseHandle(row);
    MsiCloseHandle(view);
    MsiCloseHandle(db);
    MsiCloseHandle(session);
    stop();
}

static void with_the_product(void)
{
    char line[MAX_PATH + 32], path[MAX_PATH];

    start("1");
    stop();
    GetFullPathNameA("patch.msp", sizeof(path), path, NULL);
    snprintf(line, sizeof(line), "PATCH=\"%s\"", path);
    ok(!MsiInstallProductA("product.msi", line), "install\n");
    ok(!strcmp(value_of("v"), "new"), "%s\n", value_of("v"));
    ok(!strcmp(state_of_patch(), "1"), "%s\n", state_of_patch());
    stop();
    ok(!strcmp(value_of("v"), "none"), "%s\n", value_of("v"));
}

static void several_at_once(void)
{
    UINT err;

    start("0");
    make_patch("other.msp", OTHER, "1");
    ok(MsiApplyMultiplePatchesA("patch.msp", CODE, "") == ERROR_INVALID_PARAMETER, "empty line\n");
    ok(MsiApplyMultiplePatchesA("patch.msp", OTHER, NULL) == ERROR_UNKNOWN_PRODUCT, "unknown\n");
    err = MsiApplyMultiplePatchesA("other.msp", NULL, NULL);
    ok(!err && !strcmp(value_of("v"), "old"), "of nobody's: %u\n", err);
    err = MsiApplyMultiplePatchesA("patch.msp; patch.msp", NULL, NULL);
    ok(!err && !strcmp(value_of("v"), "new"), "%u\n", err);
    err = MsiRemovePatchesA("patch.msp", CODE, INSTALLTYPE_SINGLE_INSTANCE, NULL);
    ok(err == ERROR_PATCH_REMOVAL_UNSUPPORTED, "remove: %u\n", err);
    stop();
}

static void odd_arguments(void)
{
    start("1");
    make_patch("other.msp", OTHER, "1");
    ok(MsiApplyPatchA(NULL, NULL, INSTALLTYPE_DEFAULT, NULL) == ERROR_INVALID_PARAMETER, "none\n");
    ok(MsiApplyPatchA("none.msp", NULL, INSTALLTYPE_DEFAULT, NULL) ==
           ERROR_PATCH_PACKAGE_OPEN_FAILED,
       "no file\n");
    ok(MsiApplyPatchA("product.msi", NULL, INSTALLTYPE_DEFAULT, NULL) ==
           ERROR_PATCH_PACKAGE_INVALID,
       "no patch\n");
    ok(MsiApplyPatchA("other.msp", NULL, INSTALLTYPE_DEFAULT, NULL) == ERROR_PATCH_TARGET_NOT_FOUND,
       "of nobody's\n");
    ok(MsiRemovePatchesA(NULL, CODE, INSTALLTYPE_SINGLE_INSTANCE, NULL) == ERROR_INVALID_PARAMETER,
       "no patches\n");
    ok(MsiRemovePatchesA(PATCH, NULL, INSTALLTYPE_SINGLE_INSTANCE, NULL) == ERROR_INVALID_PARAMETER,
       "no product\n");
    ok(MsiRemovePatchesA(PATCH, CODE, INSTALLTYPE_DEFAULT, NULL) == ERROR_INVALID_PARAMETER,
       "type\n");
    ok(MsiRemovePatchesA(PATCH, OTHER, INSTALLTYPE_SINGLE_INSTANCE, NULL) == ERROR_UNKNOWN_PRODUCT,
       "unknown product\n");
    ok(MsiRemovePatchesW(L"" PATCH, L"" CODE, INSTALLTYPE_SINGLE_INSTANCE, NULL) ==
           ERROR_UNKNOWN_PATCH,
       "unknown patch\n");
    ok(!strcmp(value_of("v"), "old"), "%s\n", value_of("v"));
    stop();
}

/* --- bytes of files -----------------------------------------------------------------------------
 */

/* The first bytes of the product's file, or "none". */
static const char *bytes_of_file(void)
{
    static char text[200];
    char path[MAX_PATH] = "";
    DWORD size = sizeof(path);
    FILE *f;
    size_t n = 0;

    strcpy(text, "none");
    MsiGetComponentPathA(CODE, "{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E1111}", path, &size);
    f = fopen(path, "rb");
    if (!f)
        return text;
    n = fread(text, 1, 20, f);
    text[n] = 0;
    fclose(f);
    return text;
}

static LONG applied;

/* What stands in mspatcha's place: the new file is the delta, where the old one begins with it. */
static BOOL WINAPI apply(LPCWSTR change, LPCWSTR old, LPCWSTR made, ULONG flags)
{
    char a[20] = "", b[20] = "";
    FILE *f = _wfopen(change, L"rb"), *g = _wfopen(old, L"rb"), *h;
    size_t n = f ? fread(a, 1, 19, f) : 0;
    BOOL same = g && n && fread(b, 1, n, g) == n && a[0] == b[0];

    if (f)
        fclose(f);
    if (g)
        fclose(g);
    ok(flags == 1, "flags %lx\n", flags);
    h = same ? _wfopen(made, L"wb") : NULL;
    if (!h) {
        SetLastError(0xC00E4104);
        return FALSE;
    }
    fwrite(a, 1, n, h);
    fclose(h);
    applied++;
    return TRUE;
}

/* From then on mspatcha's function is that one. */
static void *stand_in(BYTE saved[16])
{
    FARPROC found = GetProcAddress(LoadLibraryA("mspatcha.dll"), "ApplyPatchToFileW");
    BYTE jump[12] = {0x48, 0xb8};
    unsigned wide = sizeof(void *) == 8;
    void *to = (void *)apply, *at;
    DWORD old;

    memcpy(&at, &found, sizeof(at));
    ok(at != NULL, "no mspatcha.dll\n");
    if (!at || !VirtualProtect(at, 16, PAGE_EXECUTE_READWRITE, &old))
        return NULL;
    if (!wide)
        jump[0] = 0xb8;
    memcpy(jump + 1 + wide, &to, sizeof(to));
    memcpy(jump + 1 + wide + sizeof(to), "\xff\xe0", 2);
    memcpy(saved, at, 16);
    memcpy(at, jump, 3 + wide + sizeof(to));
    return at;
}

static void bytes_are_changed(void)
{
    BYTE saved[16];
    void *at;
    UINT err;

    delta = "xyz";
    start("1");
    at = stand_in(saved);
    ok(!strncmp(bytes_of_file(), "xxxxx", 5), "%s\n", bytes_of_file());
    err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
    ok(!err && applied == 1, "apply: %u, %ld\n", err, applied);
    ok(!strcmp(bytes_of_file(), "xyz"), "%s\n", bytes_of_file());
    err = MsiRemovePatchesA(PATCH, CODE, INSTALLTYPE_SINGLE_INSTANCE, NULL);
    ok(!err, "remove: %u\n", err);
    ok(!strncmp(bytes_of_file(), "xxxxx", 5), "%s\n", bytes_of_file());
    if (at)
        memcpy(at, saved, sizeof(saved));
    stop();
    delta = NULL;
}

/* mspatcha itself is asked. */
static void bytes_that_are_no_delta(void)
{
    UINT err;

    delta = "this is no delta";
    start("1");
    err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
    ok(err == ERROR_INSTALL_FAILURE, "apply: %u\n", err);
    ok(!strncmp(bytes_of_file(), "xxxxx", 5), "%s\n", bytes_of_file());
    ok(!strcmp(value_of("v"), "old"), "%s\n", value_of("v"));
    ok(!strcmp(state_of_patch(), "error 1647"), "%s\n", state_of_patch());
    stop();
    delta = NULL;
}

/* --- images -------------------------------------------------------------------------------------
 */

static void patch_an_image(const char *image)
{
    char line[MAX_PATH + 64], path[MAX_PATH + 32];
    UINT err;

    start("1");
    stop();
    snprintf(line, sizeof(line), "ACTION=ADMIN TARGETDIR=\"%s\"", image);
    err = MsiInstallProductA("product.msi", line);
    ok(!err, "image: %u\n", err);
    ok(MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_NETWORK_IMAGE, NULL) ==
           ERROR_INVALID_PARAMETER,
       "no image\n");
    snprintf(path, sizeof(path), "%s\\product.msi", image);
    err = MsiApplyPatchA("patch.msp", path, INSTALLTYPE_NETWORK_IMAGE, NULL);
    ok(!err, "patch: %u\n", err);
    err = MsiInstallProductA(path, NULL);
    ok(!err, "install: %u\n", err);
    ok(!strcmp(value_of("v"), "new"), "%s\n", value_of("v"));
    ok(!strncmp(bytes_of_file(), "xxxxx", 5), "%s\n", bytes_of_file());
    ok(!strcmp(state_of_patch(), "error 1647"), "%s\n", state_of_patch());
    stop();
    ok(DeleteFileA(path), "%s: %lu\n", path, GetLastError());
    snprintf(path, sizeof(path), "%s\\src\\long name.txt", image);
    ok(DeleteFileA(path), "%s: %lu\n", path, GetLastError());
    snprintf(path, sizeof(path), "%s\\src", image);
    ok(RemoveDirectoryA(path), "%s: %lu\n", path, GetLastError());
    ok(RemoveDirectoryA(image), "%s: %lu\n", image, GetLastError());
}

static void an_image_is_patched(void)
{
    char folder[MAX_PATH + 8];

    GetCurrentDirectoryA(MAX_PATH, folder);
    strcat(folder, "\\image");
    patch_an_image(folder);
}

/* Where backups cannot be made by renaming: the image's package, which is open meanwhile, gives its
 * name up all the same. */
static void an_image_on_another_device_is_patched(void)
{
    char folder[64];

    if (GetFileAttributesA("Z:\\dev\\shm") == INVALID_FILE_ATTRIBUTES) {
        skip("no folder of another device is known\n");
        return;
    }
    snprintf(folder, sizeof(folder), "Z:\\dev\\shm\\decanter-image-%lx", GetCurrentProcessId());
    patch_an_image(folder);
}

/* --- another product ----------------------------------------------------------------------------
 */

static const char *state_of_turned(void)
{
    static char text[64];
    DWORD size = sizeof(text);
    UINT err = MsiGetPatchInfoExA(PATCH, TURNED, NULL, MSIINSTALLCONTEXT_MACHINE, "Uninstallable",
                                  text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

static void turned_is_whole(void)
{
    char code[39], version[20] = "";
    DWORD size = sizeof(version);
    MSIHANDLE product = 0;
    UINT err;

    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "the old one is there\n");
    ok(MsiQueryProductStateA(TURNED) == INSTALLSTATE_DEFAULT, "the new one is not\n");
    ok(!MsiEnumRelatedProductsA(UPGRADE, 0, 0, code) && !strcmp(code, TURNED), "related\n");
    ok(MsiEnumRelatedProductsA(UPGRADE, 0, 1, code) == ERROR_NO_MORE_ITEMS, "another\n");
    ok(!strcmp(value_of("v"), "new"), "%s\n", value_of("v"));
    ok(!strcmp(state_of_turned(), "0"), "%s\n", state_of_turned());
    ok(!MsiOpenProductA(TURNED, &product), "open\n");
    err = MsiGetProductPropertyA(product, "ProductVersion", version, &size);
    ok(!err && !strcmp(version, "2.0.0"), "%u, %s\n", err, version);
    MsiCloseHandle(product);
    err = MsiReinstallProductA(TURNED, REINSTALLMODE_FILEOLDERVERSION | REINSTALLMODE_MACHINEDATA);
    ok(!err, "repair: %u\n", err);
    err = MsiRemovePatchesA(PATCH, TURNED, INSTALLTYPE_SINGLE_INSTANCE, NULL);
    ok(err == ERROR_PATCH_REMOVAL_UNSUPPORTED, "remove the patch: %u\n", err);
    err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
    ok(err == ERROR_PATCH_TARGET_NOT_FOUND, "again: %u\n", err);
}

static void a_product_becomes_another(void)
{
    static const char *const places[] = {"1450", "1510", "6550", "6700"};
    UINT err;

    for (unsigned i = 0; i < ARRAYSIZE(places); i++) {
        turns = places[i];
        start("1");
        err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
        ok(!err, "at %s: %u\n", places[i], err);
        turned_is_whole();
        err = MsiConfigureProductA(TURNED, 0, INSTALLSTATE_ABSENT);
        ok(!err, "remove: %u\n", err);
        ok(MsiQueryProductStateA(TURNED) == INSTALLSTATE_UNKNOWN, "it is there\n");
        ok(!strcmp(value_of("v"), "none"), "%s\n", value_of("v"));
    }
    turns = NULL;
}

static void it_stays_what_it_was(void)
{
    UINT err;

    turns = "1510";
    fails = TRUE;
    start("1");
    err = MsiApplyPatchA("patch.msp", NULL, INSTALLTYPE_DEFAULT, NULL);
    ok(err == ERROR_INSTALL_FAILURE, "patch: %u\n", err);
    ok(MsiQueryProductStateA(TURNED) == INSTALLSTATE_UNKNOWN, "the new one is there\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_DEFAULT, "the old one is not\n");
    ok(!strcmp(value_of("v"), "old"), "%s\n", value_of("v"));
    ok(!strncmp(bytes_of_file(), "xxxxx", 5), "%s\n", bytes_of_file());
    turns = NULL;
    fails = FALSE;
    stop();
}

START_TEST(patching)
{
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        win_skip("it makes no transforms\n");
        return;
    }
    RUN(applied_and_removed);
    RUN(the_database_of_a_patched_product);
    RUN(with_the_product);
    RUN(several_at_once);
    RUN(odd_arguments);
    RUN(bytes_are_changed);
    RUN(bytes_that_are_no_delta);
    RUN(an_image_is_patched);
    RUN(an_image_on_another_device_is_patched);
    RUN(a_product_becomes_another);
    RUN(it_stays_what_it_was);
}
