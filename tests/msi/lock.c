/*
 * Who may do what with that which a package installs; services that it configures.
 */
#include "actions.h"

#include <sddl.h>

static const char *const tables[] = {
    "CREATE TABLE `Registry` (`Registry` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` CHAR(255) "
    "NOT NULL, `Name` CHAR(255), `Value` CHAR(0), `Component_` CHAR(72) NOT NULL PRIMARY KEY "
    "`Registry`)",
    "INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Value`, `Component_`) VALUES "
    "('reg', 1, 'Software\\Decanter Lock', 'n', 'v', 'comp')",
    "CREATE TABLE `CreateFolder` (`Directory_` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL "
    "PRIMARY KEY `Directory_`, `Component_`)",
    "INSERT INTO `CreateFolder` (`Directory_`, `Component_`) VALUES ('INSTALLDIR', 'comp')",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('CreateFolders', 3700)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveFolders', 3600)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('WriteRegistryValues', "
    "5000)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveRegistryValues', "
    "2600)",
};

static MSIHANDLE begin_locked(const char *package)
{
    MSIHANDLE db = begin_package(package);

    for (unsigned i = 0; i < ARRAYSIZE(tables); i++)
        must_run(db, tables[i]);
    add_action(db, "FAIL", 19, NULL, "it fails", 6450);
    return db;
}

/* Who has what of a list: the mask, or 0. */
static DWORD rights_of(PSECURITY_DESCRIPTOR sd, const char *sid)
{
    BOOL present = FALSE, defaulted;
    DWORD rights = 0;
    PACL acl = NULL;
    ACE_HEADER *ace;
    char *text;

    GetSecurityDescriptorDacl(sd, &present, &acl, &defaulted);
    for (DWORD i = 0; present && acl && i < acl->AceCount; i++) {
        GetAce(acl, i, (void **)&ace);
        ConvertSidToStringSidA(&((ACCESS_ALLOWED_ACE *)ace)->SidStart, &text);
        if (ace->AceType == ACCESS_ALLOWED_ACE_TYPE && !strcmp(text, sid))
            rights |= ((ACCESS_ALLOWED_ACE *)ace)->Mask;
        LocalFree(text);
    }
    return rights;
}

static DWORD rights_on_key(const char *sid)
{
    BYTE sd[2048];
    DWORD size = sizeof(sd), rights = 0;
    HKEY key;

    if (RegOpenKeyExA(HKEY_CURRENT_USER, "Software\\Decanter Lock", 0, KEY_READ, &key))
        return 0;
    if (!RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, sd, &size))
        rights = rights_of(sd, sid);
    RegCloseKey(key);
    return rights;
}

static DWORD rights_on_file(const char *path, const char *sid)
{
    BYTE sd[2048];
    DWORD size = sizeof(sd);

    if (!GetFileSecurityA(path, DACL_SECURITY_INFORMATION, sd, size, &size))
        return 0;
    return rights_of(sd, sid);
}

#define USERS "S-1-5-32-545"

static void keys_and_files_are_locked(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_locked(package);
    char file[MAX_PATH + 64];
    UINT err;

    must_run(db, "CREATE TABLE `LockPermissions` (`LockObject` CHAR(72) NOT NULL, `Table` CHAR(32) "
                 "NOT NULL, `Domain` CHAR(255), `User` CHAR(255) NOT NULL, `Permission` LONG "
                 "PRIMARY KEY `LockObject`, `Table`, `Domain`, `User`)");
    must_run(db, "INSERT INTO `LockPermissions` (`LockObject`, `Table`, `User`, `Permission`) "
                 "VALUES ('reg', 'Registry', 'Administrators', 983103)"); /* KEY_ALL_ACCESS */
    must_run(db, "INSERT INTO `LockPermissions` (`LockObject`, `Table`, `User`, `Permission`) "
                 "VALUES ('reg', 'Registry', 'Everyone', 983103)");
    must_run(db, "INSERT INTO `LockPermissions` (`LockObject`, `Table`, `User`, `Permission`) "
                 "VALUES ('reg', 'Registry', 'NobodyOfThatName', 131097)");
    must_run(db, "INSERT INTO `LockPermissions` (`LockObject`, `Table`, `User`, `Permission`) "
                 "VALUES ('file1', 'File', 'Everyone', 2032127)"); /* FILE_ALL_ACCESS */
    must_run(db, "INSERT INTO `LockPermissions` (`LockObject`, `Table`, `User`, `Permission`) "
                 "VALUES ('INSTALLDIR', 'CreateFolder', 'Everyone', 2032127)");
    end_package(db);
    err = install(package, "");
    ok(!err, "install: %u\n", err);
    snprintf(file, sizeof(file), "%s\\long name.txt", actions_target);
    ok(is_there(), "no file\n");
    differs("lockpermissions-table")
        ok(rights_on_key("S-1-1-0") == KEY_ALL_ACCESS, "everyone: %lx\n", rights_on_key("S-1-1-0"));
    differs("lockpermissions-table") ok(rights_on_key("S-1-5-32-544") == KEY_ALL_ACCESS,
                                        "administrators: %lx\n", rights_on_key("S-1-5-32-544"));
    differs("lockpermissions-table") ok(rights_on_key("S-1-5-18") != 0, "the system has nothing\n");
    differs("lockpermissions-table")
        ok(!rights_on_key(USERS), "users: %lx\n", rights_on_key(USERS));
    /* Wine keeps of a file's list what the host's modes can say */
    differs("lockpermissions-table") ok(rights_on_file(file, "S-1-1-0") & FILE_WRITE_DATA,
                                        "everyone: %lx\n", rights_on_file(file, "S-1-1-0"));
    differs("lockpermissions-table") ok(rights_on_file(actions_target, "S-1-1-0") & FILE_WRITE_DATA,
                                        "folder: %lx\n", rights_on_file(actions_target, "S-1-1-0"));
    remove_product(package);
}

static void a_key_that_was_there_has_its_own_again(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_locked(package);
    DWORD before;
    HKEY key;
    UINT err;

    must_run(db, "CREATE TABLE `MsiLockPermissionsEx` (`MsiLockPermissionsEx` CHAR(72) NOT NULL, "
                 "`LockObject` CHAR(72) NOT NULL, `Table` CHAR(32) NOT NULL, `SDDLText` CHAR(0) "
                 "NOT NULL, `Condition` CHAR(255) PRIMARY KEY `MsiLockPermissionsEx`)");
    must_run(db, "INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, "
                 "`Table`, `SDDLText`, `Condition`) VALUES ('a', 'reg', 'Registry', "
                 "'D:(A;;KA;;;WD)(A;;KR;;;<Users>)', 'A')");
    must_run(db, "INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, "
                 "`Table`, `SDDLText`, `Condition`) VALUES ('b', 'reg', 'Registry', "
                 "'D:(A;;KA;;;WD)', 'B')");
    must_run(db, "INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, "
                 "`Table`, `SDDLText`, `Condition`) VALUES ('c', 'reg', 'Registry', "
                 "'no descriptor', 'C')");
    end_package(db);
    ok(!RegCreateKeyExA(HKEY_CURRENT_USER, "Software\\Decanter Lock", 0, NULL, 0, KEY_ALL_ACCESS,
                        NULL, &key, NULL),
       "key\n");
    RegCloseKey(key);
    before = rights_on_key("S-1-1-0");
    err = install(package, "A=1 FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    ok(rights_on_key("S-1-1-0") == before, "everyone: %lx, not %lx\n", rights_on_key("S-1-1-0"),
       before);
    ok(!rights_on_key(USERS), "users: %lx\n", rights_on_key(USERS));
    err = install(package, "A=1");
    ok(!err, "install: %u\n", err);
    differs("msilockpermissionsex-table")
        ok(rights_on_key("S-1-1-0") == KEY_ALL_ACCESS, "everyone: %lx\n", rights_on_key("S-1-1-0"));
    differs("msilockpermissionsex-table")
        ok(rights_on_key(USERS) == KEY_READ, "users: %lx\n", rights_on_key(USERS));
    remove_product(package);
    err = install(package, "A=1 B=1");
    differs("msilockpermissionsex-table") ok(err == ERROR_INSTALL_FAILURE, "two: %u\n", err);
    differs("msilockpermissionsex-table") ok(said("1942"), "said %s\n", actions_said);
    err = install(package, "C=1");
    differs("msilockpermissionsex-table") ok(err == ERROR_INSTALL_FAILURE, "none: %u\n", err);
    differs("msilockpermissionsex-table") ok(said("1943"), "said %s\n", actions_said);
    remove_product(package);
    RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\Decanter Lock");
}

START_TEST(lock)
{
    test_dll("msi");
    wait_for_turn();
    RUN(keys_and_files_are_locked);
    RUN(a_key_that_was_there_has_its_own_again);
}
