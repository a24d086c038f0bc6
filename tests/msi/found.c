/*
 * AppSearch: what the registry's values, files and folders, and installed components come to.
 */
#include "package.h"

#include "registered.h"

#ifdef _WIN64
#define KEY       "Software\\Decanter Found 64"
#define COMPONENT "{5A8C1D20-1111-2222-3333-5555555588A1}"
#else
#define KEY       "Software\\Decanter Found 32"
#define COMPONENT "{5A8C1D20-1111-2222-3333-5555555588B1}"
#endif
#define CLIENT "{5A8C1D20-1111-2222-3333-5555555588C1}"

static MSIHANDLE db, session;
static char folder[MAX_PATH]; /* with a backslash at the end */

static const char *const tables[] = {
    "CREATE TABLE `AppSearch` (`Property` CHAR(72) NOT NULL, `Signature_` CHAR(72) NOT NULL "
    "PRIMARY KEY `Property`, `Signature_`)",
    "CREATE TABLE `RegLocator` (`Signature_` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` "
    "CHAR(255) NOT NULL, `Name` CHAR(255), `Type` SHORT PRIMARY KEY `Signature_`)",
    "CREATE TABLE `CompLocator` (`Signature_` CHAR(72) NOT NULL, `ComponentId` CHAR(38) NOT NULL, "
    "`Type` SHORT PRIMARY KEY `Signature_`)",
    "CREATE TABLE `Signature` (`Signature` CHAR(72) NOT NULL, `FileName` CHAR(255) NOT NULL, "
    "`MinVersion` CHAR(20), `MaxVersion` CHAR(20), `MinSize` LONG, `MaxSize` LONG, `MinDate` LONG, "
    "`MaxDate` LONG, `Languages` CHAR(255) PRIMARY KEY `Signature`)"};

static void begin(void)
{
    char handle[16];

    db = create(new_name());
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(tables); i++)
        must_run(db, tables[i]);
    package_summary(db);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    snprintf(handle, sizeof(handle), "#%lu", (unsigned long)db);
    ok(!MsiOpenPackageA(handle, &session), "open\n");
    GetCurrentDirectoryA(sizeof(folder) - 2, folder);
    strcat(folder, "\\");
    write_file("there.txt", "text", 4);
}

static void end(void)
{
    DeleteFileA("there.txt");
    RegDeleteKeyA(HKEY_CURRENT_USER, KEY);
    MsiCloseHandle(session);
    MsiCloseHandle(db);
}

static void value(const char *name, DWORD type, const void *data, DWORD size)
{
    HKEY key;

    ok(!RegCreateKeyExA(HKEY_CURRENT_USER, KEY, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL), "key\n");
    RegSetValueExA(key, name, 0, type, data, size);
    RegCloseKey(key);
}

static void text(const char *name, DWORD type, const char *data)
{
    value(name, type, data, (DWORD)strlen(data) + 1);
}

/* An AppSearch row, the signature named as the property. */
static void search(const char *property, const char *locator)
{
    char query[400];

    snprintf(query, sizeof(query),
             "INSERT INTO `AppSearch` (`Property`, `Signature_`) VALUES ('%s', '%s')", property,
             property);
    must_run(db, query);
    must_run(db, locator);
}

static void search_value(const char *property, const char *name, int type)
{
    char query[400];

    snprintf(query, sizeof(query),
             "INSERT INTO `RegLocator` (`Signature_`, `Root`, `Key`, `Name`, `Type`) VALUES "
             "('%s', 1, '" KEY "', '%s', %d)",
             property, name, type);
    search(property, query);
}

static void search_component(const char *property, int type)
{
    char query[400];

    snprintf(
        query, sizeof(query),
        "INSERT INTO `CompLocator` (`Signature_`, `ComponentId`, `Type`) VALUES ('%s', '" COMPONENT
        "', %d)",
        property, type);
    search(property, query);
}

static void sign(const char *property, const char *file, const char *min, const char *max)
{
    char query[400];

    snprintf(query, sizeof(query),
             "INSERT INTO `Signature` (`Signature`, `FileName`, `MinVersion`, `MaxVersion`) VALUES "
             "('%s', '%s', '%s', '%s')",
             property, file, min, max);
    must_run(db, query);
}

static const char *found(const char *property)
{
    static char texts[4][MAX_PATH];
    static unsigned n;
    char *buf = texts[n++ % 4];
    DWORD size = MAX_PATH;

    buf[0] = 0;
    MsiGetPropertyA(session, property, buf, &size);
    return buf;
}

static void act(void)
{
    ok(!MsiDoActionA(session, "AppSearch"), "AppSearch\n");
}

#define FOUND(property, want) \
    ok(!strcmp(found(property), want), "%s: '%s'\n", property, found(property))

static const char *in_folder(const char *name)
{
    static char path[MAX_PATH * 2];

    snprintf(path, sizeof(path), "%s%s", folder, name);
    return path;
}

static void raw_values(void)
{
    DWORD seven = 7;

    begin();
    SetEnvironmentVariableA("DECANTER_X", "inside");
    text("expand", REG_EXPAND_SZ, "a%DECANTER_X%b");
    text("unknown", REG_EXPAND_SZ, "a%DECANTER_NOT%b");
    text("", REG_SZ, "the default");
    text("empty", REG_SZ, "");
    value("seven", REG_DWORD, &seven, sizeof(seven));
    search_value("EXPAND", "expand", 2);
    search_value("UNKNOWN", "unknown", 2);
    search_value("DEFAULT", "", 2);
    search_value("EMPTY", "empty", 2);
    search_value("SEVEN", "seven", 2);
    act();
    differs("K15") FOUND("EXPAND", "ainsideb");
    differs("K15") FOUND("UNKNOWN", "a%DECANTER_NOT%b");
    FOUND("DEFAULT", "the default");
    FOUND("EMPTY", "");
    FOUND("SEVEN", "#7");
    end();
}

static void several_texts(void)
{
    WCHAR buf[32];
    DWORD size = ARRAYSIZE(buf);

    begin();
    value("multi", REG_MULTI_SZ, "a\0b\0", 5);
    search_value("MULTI", "multi", 2);
    act();
    ok(!MsiGetPropertyW(session, L"MULTI", buf, &size), "get\n");
    differs("K15")
        ok(size == 5 && !memcmp(buf, L"\0a\0b\0", 5 * sizeof(WCHAR)), "size %lu\n", size);
    end();
}

static void paths_of_the_registry(void)
{
    char quoted[MAX_PATH + 8];

    begin();
    text("file", REG_SZ, in_folder("there.txt"));
    text("gone", REG_SZ, in_folder("gone.txt"));
    snprintf(quoted, sizeof(quoted), "\"%sthere.txt\" -x", folder);
    text("quoted", REG_SZ, quoted);
    search_value("FILE", "file", 1);
    sign("FILE", "other.txt", "", "");
    search_value("GONE", "gone", 1);
    sign("GONE", "gone.txt", "", "");
    search_value("QUOTED", "quoted", 1);
    sign("QUOTED", "there.txt", "", "");
    search_value("PARENT", "file", 1);
    search_value("PARENTOFGONE", "gone", 1);
    search_value("NOFOLDER", "file", 0);
    search_value("SIGNEDFOLDER", "file", 0);
    sign("SIGNEDFOLDER", "there.txt", "", "");
    act();
    FOUND("FILE", in_folder("there.txt"));
    FOUND("GONE", "");
    FOUND("QUOTED", in_folder("there.txt"));
    FOUND("PARENT", folder);
    FOUND("PARENTOFGONE", folder);
    FOUND("NOFOLDER", "");
    differs("K16") FOUND("SIGNEDFOLDER", "");
    end();
}

static void versions_lie_within(void)
{
    begin();
    text("dll", REG_SZ, "C:\\windows\\system32\\kernel32.dll");
    search_value("WITHIN", "dll", 1);
    sign("WITHIN", "kernel32.dll", "1.0.0.0", "99.0.0.0");
    search_value("ABOVE", "dll", 1);
    sign("ABOVE", "kernel32.dll", "1.0.0.0", "1.0.0.1");
    search_value("BELOW", "dll", 1);
    sign("BELOW", "kernel32.dll", "98.0.0.0", "99.0.0.0");
    act();
    FOUND("WITHIN", "C:\\windows\\system32\\kernel32.dll");
    FOUND("ABOVE", "");
    FOUND("BELOW", "");
    end();
}

static void files_of_components(void)
{
    begin();
    register_component(CLIENT, COMPONENT, in_folder("there.txt"));
    search_component("FILE", 1);
    sign("FILE", "other.txt", "", "");
    search_component("FOLDER", 1);
    search_component("SIGNED", 0);
    sign("SIGNED", "there.txt", "", "");
    act();
    FOUND("FILE", in_folder("there.txt"));
    FOUND("FOLDER", folder);
    differs("K17") FOUND("SIGNED", "");
    end();
    unregister_component(COMPONENT);
}

static void folders_of_components(void)
{
    begin();
    register_component(CLIENT, COMPONENT, folder);
    search_component("FOLDER", 0);
    search_component("FILEIN", 0);
    sign("FILEIN", "there.txt", "", "");
    act();
    FOUND("FOLDER", folder);
    FOUND("FILEIN", in_folder("there.txt"));
    end();
    unregister_component(COMPONENT);
    begin();
    register_component(CLIENT, COMPONENT, in_folder("gone\\"));
    search_component("FOLDER", 0);
    act();
    FOUND("FOLDER", "");
    end();
    unregister_component(COMPONENT);
}

static void a_component_that_is_not_there(void)
{
    begin();
    search_component("KEPT", 1);
    MsiSetPropertyA(session, "KEPT", "before");
    act();
    FOUND("KEPT", "before");
    end();
}

START_TEST(found)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(raw_values);
    RUN(several_texts);
    RUN(paths_of_the_registry);
    RUN(versions_lie_within);
    RUN(files_of_components);
    RUN(folders_of_components);
    RUN(a_component_that_is_not_there);
}
