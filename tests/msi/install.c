/*
 * Installing, repairing and removing by the exported functions: a package of one loose file, put
 * into a folder of the test's.
 */
#include "package.h"

#include <sddl.h>

#define CODE "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"

static const char *const sequence[] = {
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
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveFiles', 3500)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFiles', 4000)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Program', "
    "'RUN', 4100)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RegisterProduct', 6100)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('PublishFeatures', 6300)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('PublishProduct', 6400)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('InstallFinalize', 6600)",
    "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `Source` "
    "CHAR(72), `Target` CHAR(255) PRIMARY KEY `Action`)",
    /* in the script, a command line */
    "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Program', 1074, "
    "'RUN', '/c exit [CODE]')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0.0')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('Manufacturer', 'Decanter')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ALLUSERS', '1')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', 'SECRET')",
};

static char folder[MAX_PATH], target[MAX_PATH + 32];

/* The package, its file beside it in the folder of the source, and the folder that it goes to. */
static const char *make_installer(void)
{
    const char *name = new_name();
    MSIHANDLE db = create(name);
    FILE *f;

    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(sequence); i++)
        must_run(db, sequence[i]);
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    CreateDirectoryA("src", NULL);
    f = fopen("src\\long name.txt", "wb");
    ok(f != NULL, "no source\n");
    if (f) {
        for (int i = 0; i < 100; i++)
            putc('x', f);
        fclose(f);
    }
    GetCurrentDirectoryA(sizeof(folder), folder);
    snprintf(target, sizeof(target), "%s\\target", folder);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    return name;
}

static BOOL is_there(void)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\long name.txt", target);
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

static UINT install(const char *package, const char *more)
{
    char line[MAX_PATH * 2];

    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\" %s", target, more);
    return MsiInstallProductA(package, line);
}

static void a_product_is_installed_repaired_and_removed(void)
{
    const char *package = make_installer();
    UINT err = install(package, "");

    ok(!err, "install: %u\n", err);
    ok(is_there(), "no file\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_DEFAULT, "state %d\n",
       MsiQueryProductStateA(CODE));
    ok(MsiQueryFeatureStateA(CODE, "feat") == INSTALLSTATE_LOCAL, "feature %d\n",
       MsiQueryFeatureStateA(CODE, "feat"));
    SetCurrentDirectoryA(target);
    DeleteFileA("long name.txt");
    SetCurrentDirectoryA(folder);
    err = MsiReinstallProductA(CODE, REINSTALLMODE_FILEMISSING);
    ok(!err, "repair: %u\n", err);
    differs("REINSTALLMODE") ok(is_there(), "not repaired\n");
    err = MsiConfigureProductA(CODE, INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT);
    ok(!err, "remove: %u\n", err);
    ok(!is_there(), "the file is there\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
}

/* It would be a success without the deed. */
static void what_has_no_sequence_for_it_is_not_advertised(void)
{
    const char *package = make_installer();
    UINT err = MsiAdvertiseProductA(package, ADVERTISEFLAGS_MACHINEASSIGN, NULL, 0);

    differs("msiadvertiseproduct") ok(err == ERROR_INSTALL_FAILURE, "advertised: %u\n", err);
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
}

/* As bootstrappers do that draw a user interface of their own. */
static void a_program_installs_in_its_own_session(void)
{
    const char *package = make_installer();
    MSIHANDLE session = 0;
    UINT err;

    ok(!MsiOpenPackageA(package, &session), "open\n");
    ok(!MsiSetPropertyA(session, "INSTALLDIR", target), "set\n");
    ok(!MsiDoActionA(session, "INSTALL"), "install\n");
    MsiCloseHandle(session);
    ok(is_there(), "the file is not there\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_DEFAULT, "state %d\n",
       MsiQueryProductStateA(CODE));
    ok(!MsiOpenProductA(CODE, &session), "open the product\n");
    ok(!MsiSetPropertyA(session, "REMOVE", "ALL"), "set\n");
    err = MsiSequenceA(session, "InstallExecuteSequence", 0);
    ok(!err, "remove: %u\n", err);
    MsiCloseHandle(session);
    ok(!is_there(), "the file is there\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
}

/* Also after this process has installed something. */
static void a_session_that_a_program_opens_changes_nothing_unasked(void)
{
    static const char *const first[] = {"CostInitialize", "FileCost", "CostFinalize",
                                        "InstallValidate"};
    const char *package = make_installer();
    MSIHANDLE session = 0;

    ok(!install(package, ""), "install\n");
    ok(!MsiInstallProductA(package, "REMOVE=ALL"), "remove\n");
    ok(!MsiOpenPackageA(package, &session), "open\n");
    ok(!MsiSetPropertyA(session, "INSTALLDIR", target), "set\n");
    for (size_t i = 0; i < ARRAYSIZE(first); i++)
        ok(!MsiDoActionA(session, first[i]), "%s\n", first[i]);
    ok(!MsiDoActionA(session, "InstallInitialize"), "begin\n");
    ok(!MsiDoActionA(session, "InstallFiles"), "files\n");
    MsiCloseHandle(session);
    ok(!is_there(), "the file is there\n");
}

static void what_fails_leaves_nothing(void)
{
    const char *package = make_installer();
    char line[MAX_PATH + 64], cmd[MAX_PATH];
    UINT err;

    GetSystemDirectoryA(cmd, sizeof(cmd));
    snprintf(line, sizeof(line), "RUN=\"%s\\cmd.exe\" CODE=5", cmd);
    err = install(package, line);
    ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    ok(!is_there(), "the file is there\n");
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
    snprintf(line, sizeof(line), "RUN=\"%s\\cmd.exe\" CODE=0", cmd);
    err = install(package, line);
    ok(!err, "install: %u\n", err);
    ok(is_there(), "no file\n");
    err = MsiInstallProductA(package, "REMOVE=ALL");
    ok(!err, "remove: %u\n", err);
    ok(!is_there(), "the file is there\n");
}

#define KEYS "Software\\DecanterKeys"

static const char *const removing[] = {
    "CREATE TABLE `RemoveRegistry` (`RemoveRegistry` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, "
    "`Key` CHAR(255) NOT NULL LOCALIZABLE, `Name` CHAR(255) LOCALIZABLE, `Component_` CHAR(72) NOT "
    "NULL PRIMARY KEY `RemoveRegistry`)",
    "INSERT INTO `RemoveRegistry` (`RemoveRegistry`, `Root`, `Key`, `Name`, `Component_`) VALUES "
    "('tree', 1, 'Software\\DecanterKeys\\tree', '-', 'comp')",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveRegistryValues', "
    "2600)",
};

static HKEY make_key(const char *name, const char *class, DWORD options)
{
    HKEY key = NULL;
    LSTATUS err = RegCreateKeyExA(HKEY_CURRENT_USER, name, 0, (char *)class, options,
                                  KEY_ALL_ACCESS, NULL, &key, NULL);

    ok(!err, "%s: %ld\n", name, err);
    return key;
}

static void make_link(HKEY key, const char *below_user)
{
    HANDLE token;
    BYTE user[200];
    WCHAR *sid = NULL, path[300];
    DWORD size;
    LSTATUS err;

    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    ok(GetTokenInformation(token, TokenUser, user, sizeof(user), &size), "user\n");
    CloseHandle(token);
    ok(ConvertSidToStringSidW(((TOKEN_USER *)user)->User.Sid, &sid), "SID\n");
    swprintf(path, ARRAYSIZE(path), L"\\Registry\\User\\%ls\\%hs", sid, below_user);
    LocalFree(sid);
    err = RegSetValueExW(key, L"SymbolicLinkValue", 0, REG_LINK, (BYTE *)path,
                         (DWORD)(wcslen(path) * sizeof(WCHAR)));
    ok(!err, "link: %ld\n", err);
}

static DWORD security_of(const char *name, BYTE bytes[1000])
{
    DWORD size = 1000;
    HKEY key = NULL;

    RegOpenKeyExA(HKEY_CURRENT_USER, name, 0, KEY_READ, &key);
    ok(!RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, bytes, &size), "security\n");
    size = GetSecurityDescriptorLength(bytes);
    RegCloseKey(key);
    return size;
}

/* A tree with a class, with security of its own and with a link in it. */
static DWORD make_tree(BYTE security[1000])
{
    HKEY key = make_key(KEYS "\\elsewhere", NULL, 0);
    PSECURITY_DESCRIPTOR sd = NULL;

    RegSetValueExA(key, "kept", 0, REG_SZ, (const BYTE *)"x", 2);
    RegCloseKey(key);
    key = make_key(KEYS "\\tree", "kind", 0);
    RegSetValueExA(key, "b", 0, REG_SZ, (const BYTE *)"x", 2);
    RegCloseKey(key);
    key = make_key(KEYS "\\tree\\secure", NULL, 0);
    ok(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:P(A;;KA;;;BA)(A;;KA;;;WD)", 1, &sd,
                                                            NULL),
       "descriptor\n");
    ok(!RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, sd), "secure\n");
    LocalFree(sd);
    RegCloseKey(key);
    key = make_key(KEYS "\\tree\\link", NULL, REG_OPTION_CREATE_LINK);
    make_link(key, KEYS "\\elsewhere");
    RegCloseKey(key);
    return security_of(KEYS "\\tree\\secure", security);
}

static BOOL is_key(const char *name, DWORD options)
{
    HKEY key = NULL;
    LSTATUS err = RegOpenKeyExA(HKEY_CURRENT_USER, name, options, KEY_READ | DELETE, &key);

    if (!err)
        RegCloseKey(key);
    return !err;
}

static void check_tree(const BYTE *security, DWORD size)
{
    char class[20] = "";
    BYTE now[1000], type[300];
    DWORD len = sizeof(class), kind = 0;
    HKEY key = NULL;

    ok(!RegOpenKeyExA(HKEY_CURRENT_USER, KEYS "\\tree", 0, KEY_READ, &key), "no tree\n");
    RegQueryInfoKeyA(key, class, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    differs("undo") ok(!strcmp(class, "kind"), "class %s\n", class);
    RegCloseKey(key);
    len = security_of(KEYS "\\tree\\secure", now);
    differs("undo") ok(len == size && !memcmp(now, security, size), "another security\n");
    key = NULL;
    RegOpenKeyExA(HKEY_CURRENT_USER, KEYS "\\tree\\link", REG_OPTION_OPEN_LINK, KEY_READ, &key);
    len = sizeof(type);
    RegQueryValueExA(key, "SymbolicLinkValue", NULL, &kind, type, &len);
    differs("undo") ok(kind == REG_LINK, "no link: %lu\n", kind);
    RegCloseKey(key);
}

static void remove_link(const char *name)
{
    LONG(NTAPI * delete)
    (HANDLE) = (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtDeleteKey");
    HKEY key = NULL;

    if (!RegOpenKeyExA(HKEY_CURRENT_USER, name, REG_OPTION_OPEN_LINK, DELETE, &key))
        ok(!delete (key), "the link stays\n");
    RegCloseKey(key);
}

static void keys_come_back_as_they_were(void)
{
    const char *package = make_installer();
    char line[MAX_PATH + 64], cmd[MAX_PATH];
    MSIHANDLE db = 0;
    BYTE security[1000];
    DWORD size;

    ok(!MsiOpenDatabaseA(package, OPEN_TRANSACT, &db), "open\n");
    for (size_t i = 0; i < ARRAYSIZE(removing); i++)
        must_run(db, removing[i]);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    size = make_tree(security);
    GetSystemDirectoryA(cmd, sizeof(cmd));
    snprintf(line, sizeof(line), "RUN=\"%s\\cmd.exe\" CODE=5", cmd);
    ok(install(package, line) == ERROR_INSTALL_FAILURE, "it did not fail\n");
    check_tree(security, size);
    snprintf(line, sizeof(line), "RUN=\"%s\\cmd.exe\" CODE=0", cmd);
    ok(!install(package, line), "install\n");
    ok(!is_key(KEYS "\\tree", 0), "the tree is there\n");
    differs("undo") ok(is_key(KEYS "\\elsewhere", 0), "what the link led to is gone\n");
    ok(!MsiInstallProductA(package, "REMOVE=ALL"), "remove\n");
    remove_link(KEYS "\\tree\\link");
    RegDeleteTreeA(HKEY_CURRENT_USER, KEYS);
}

static void packages_that_cannot_be_installed(void)
{
    FILE *f = fopen("plain.msi", "wb");
    const char *package = make_installer();
    UINT err;

    if (f) {
        fputs("no package", f);
        fclose(f);
    }
    ok(MsiInstallProductA(NULL, NULL) == ERROR_INVALID_PARAMETER, "NULL\n");
    err = MsiInstallProductA("nowhere.msi", NULL);
    ok(err == ERROR_FILE_NOT_FOUND, "none: %u\n", err);
    err = MsiInstallProductA("plain.msi", NULL);
    differs("error-codes") ok(err == ERROR_INSTALL_PACKAGE_INVALID, "a text: %u\n", err);
    err = install(package, "REMOVE=ALL");
    differs("error-codes") ok(err == ERROR_UNKNOWN_PRODUCT, "removed: %u\n", err);
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "state %d\n",
       MsiQueryProductStateA(CODE));
}

static DWORD WINAPI hold_mutex(void *event)
{
    HANDLE *events = event, m = CreateMutexA(NULL, TRUE, "Global\\_MSIExecute");

    SetEvent(events[0]);
    WaitForSingleObject(events[1], INFINITE);
    ReleaseMutex(m);
    CloseHandle(m);
    return 0;
}

static void one_installation_runs_at_a_time(void)
{
    HANDLE events[2] = {CreateEventA(NULL, FALSE, FALSE, NULL),
                        CreateEventA(NULL, FALSE, FALSE, NULL)};
    const char *package = make_installer();
    HANDLE thread = CreateThread(NULL, 0, hold_mutex, events, 0, NULL);
    UINT err;

    WaitForSingleObject(events[0], INFINITE);
    err = install(package, "");
    differs("-msiexecute-mutex") ok(err == ERROR_INSTALL_ALREADY_RUNNING, "install: %u\n", err);
    SetEvent(events[1]);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    if (!err) /* Wine's has installed it */
        MsiInstallProductA(package, "REMOVE=ALL");
    ok(!is_there(), "the file is there\n");
}

static char log_text[65536];

static const char *log_of(const char *name)
{
    static WCHAR wide[65536];
    FILE *f = fopen(name, "rb");
    size_t n = f ? fread(wide, 1, sizeof(wide) - 2, f) : 0;

    if (f)
        fclose(f);
    wide[n / 2] = 0;
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, log_text, sizeof(log_text), NULL, NULL);
    return log_text;
}

static void the_log_tells_what_was_done(void)
{
    const char *package = make_installer(), *text;

    ok(!MsiEnableLogA(INSTALLLOGMODE_VERBOSE, "install.log", 0), "log\n");
    ok(!install(package, "SECRET=hush"), "install\n");
    ok(!MsiEnableLogA(0, NULL, 0), "log off\n");
    text = log_of("install.log");
    differs("logging") ok(strstr(text, "Action start ") != NULL, "no start\n");
    differs("logging")
        ok(strstr(text, ": InstallFiles. Return value 1.") != NULL, "no end:\n%.1500s\n", text);
    differs("logging") ok(strstr(text, "Executing op: ") != NULL, "no operations\n");
    differs("logging") ok(strstr(text, "Property(S): SECRET = **********") != NULL, "no dump\n");
    ok(!strstr(text, "hush"), "the secret is told\n");
    differs("logging")
        ok(strstr(text, "Product: Test Product -- Installation completed successfully.") != NULL,
           "no last word:\n%.1500s\n", text);
    ok(!MsiInstallProductA(package, "REMOVE=ALL"), "remove\n");
    ok(!MsiEnableLogA(INSTALLLOGMODE_VERBOSE, "no\\such\\folder.log", 0) || test_builtin_dlls,
       "log\n");
    differs("error-codes") ok(install(package, "") == ERROR_INSTALL_LOG_FAILURE, "installed\n");
    MsiEnableLogA(0, NULL, 0);
    if (is_there())
        MsiInstallProductA(package, "REMOVE=ALL");
}

static void source_is(const char *package)
{
    char text[MAX_PATH];
    DWORD size = sizeof(text);
    UINT err = MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSICODE_PRODUCT,
                                     "PackageName", text, &size);

    ok(!err && !strcmp(text, package), "package: %u, %s\n", err, err ? "" : text);
    size = sizeof(text);
    err = MsiGetProductInfoA(CODE, "InstallSource", text, &size);
    ok(!err && !strncmp(text, folder, strlen(folder)), "source: %u, %s\n", err, err ? "" : text);
}

/* As Wine's msiexec asks for it. */
static void a_product_is_repaired_by_its_package(void)
{
    static const DWORD modes[] = {REINSTALLMODE_FILEMISSING,
                                  REINSTALLMODE_FILEMISSING | REINSTALLMODE_PACKAGE};
    const char *package = make_installer();
    UINT err;

    err = MsiReinstallProductA(package, REINSTALLMODE_FILEMISSING);
    ok(err == ERROR_UNKNOWN_PRODUCT, "not installed: %u\n", err);
    ok(!install(package, ""), "install\n");
    for (size_t i = 0; i < ARRAYSIZE(modes); i++) {
        SetCurrentDirectoryA(target);
        DeleteFileA("long name.txt");
        SetCurrentDirectoryA(folder);
        err = MsiReinstallProductA(package, modes[i]);
        differs("msiexec /f") ok(!err, "%u: %u\n", (unsigned)i, err);
        differs("msiexec /f") ok(is_there(), "%u: not repaired\n", (unsigned)i);
    }
    err = MsiReinstallProductA("none.msi", REINSTALLMODE_FILEMISSING);
    differs("msiexec /f") ok(err == ERROR_INVALID_PARAMETER, "no package: %u\n", err);
    ok(!MsiConfigureProductA(CODE, 0, INSTALLSTATE_ABSENT), "remove\n");
}

/* Never from the cached one, whose folder is no source. */
static void a_package_that_is_cached_anew_comes_from_its_source(void)
{
    const DWORD mode =
        REINSTALLMODE_PACKAGE | REINSTALLMODE_FILEMISSING | REINSTALLMODE_MACHINEDATA;
    const char *package = make_installer();
    UINT err;

    ok(!install(package, ""), "install\n");
    err = MsiReinstallProductA(CODE, mode);
    ok(!err, "from its source: %u\n", err);
    source_is(package);
    ok(MoveFileA(package, "elsewhere.msi"), "move\n");
    err = MsiReinstallProductA(CODE, mode);
    differs("REINSTALLMODE") ok(!err, "without it: %u\n", err);
    source_is(package);
    ok(!MsiConfigureProductA(CODE, 0, INSTALLSTATE_ABSENT), "remove\n");
    DeleteFileA("elsewhere.msi");
}

/* Of installations that are not cleaned up. */
static DWORD left_over(void)
{
    DWORD count = 0;
    HKEY key;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE,
                      "Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Rollback\\Scripts",
                      0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key))
        return 0;
    RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return count;
}

/* Which is removed from its cached package, that is itself removed. */
static void nothing_is_left_of_a_product_that_went(void)
{
    const char *package = make_installer();
    DWORD before;

    ok(!install(package, ""), "install\n");
    before = left_over();
    ok(!MsiConfigureProductA(CODE, 0, INSTALLSTATE_ABSENT), "remove\n");
    ok(left_over() <= before, "%lu installations are left, %lu were\n", left_over(), before);
    ok(!is_there(), "the file is there\n");
}

START_TEST(install)
{
    test_dll("msi");
    wait_for_turn();
    RUN(a_product_is_installed_repaired_and_removed);
    RUN(a_session_that_a_program_opens_changes_nothing_unasked);
    RUN(what_has_no_sequence_for_it_is_not_advertised);
    RUN(a_program_installs_in_its_own_session);
    RUN(what_fails_leaves_nothing);
    RUN(keys_come_back_as_they_were);
    RUN(packages_that_cannot_be_installed);
    RUN(one_installation_runs_at_a_time);
    RUN(the_log_tells_what_was_done);
    RUN(nothing_is_left_of_a_product_that_went);
    RUN(a_product_is_repaired_by_its_package);
    RUN(a_package_that_is_cached_anew_comes_from_its_source);
}
