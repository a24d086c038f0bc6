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
    "`MaxDate` LONG, `Languages` CHAR(255) PRIMARY KEY `Signature`)",
    "CREATE TABLE `IniLocator` (`Signature_` CHAR(72) NOT NULL, `FileName` CHAR(255) NOT NULL, "
    "`Section` CHAR(96) NOT NULL, `Key` CHAR(128) NOT NULL, `Field` SHORT, `Type` SHORT PRIMARY "
    "KEY `Signature_`)"};

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
    search_value("PARENTOFQUOTED", "quoted", 1);
    search_value("PARENT", "file", 1);
    search_value("PARENTOFGONE", "gone", 1);
    search_value("NOFOLDER", "file", 0);
    search_value("SIGNEDFOLDER", "file", 0);
    sign("SIGNEDFOLDER", "there.txt", "", "");
    act();
    FOUND("FILE", in_folder("there.txt"));
    FOUND("GONE", "");
    FOUND("QUOTED", in_folder("there.txt"));
    differs("K16") FOUND("PARENTOFQUOTED", folder);
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

/* --- what the other columns of a signature ask --------------------------------------------------
 */

/* A search for there.txt; `limits` is of MinSize, MaxSize, MinDate, MaxDate. */
static void search_there(const char *property, const char *limits)
{
    char query[400];

    search_value(property, "file", 1);
    snprintf(query, sizeof(query),
             "INSERT INTO `Signature` (`Signature`, `FileName`, `MinSize`, `MaxSize`, `MinDate`, "
             "`MaxDate`) VALUES ('%s', 'there.txt', %s)",
             property, limits);
    must_run(db, query);
}

/* 15 May 2010, 12:30:40, local time; as the page of the Signature table has it. */
#define MAY (((2010 - 1980) * 512 + 5 * 32 + 15) * 65536 + 12 * 2048 + 30 * 32 + 40 / 2)

static void make_old(const char *name)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    FILETIME local, time;

    DosDateTimeToFileTime(HIWORD(MAY), LOWORD(MAY), &local);
    LocalFileTimeToFileTime(&local, &time);
    ok(SetFileTime(file, &time, &time, &time), "time: error %lu\n", GetLastError());
    CloseHandle(file);
}

static void sizes_lie_within(void)
{
    begin();
    text("file", REG_SZ, in_folder("there.txt"));
    search_there("JUST", "4, 4, NULL, NULL");
    search_there("LARGER", "5, NULL, NULL, NULL");
    search_there("SMALLER", "NULL, 3, NULL, NULL");
    search_there("NOTHING", "NULL, 0, NULL, NULL");
    act();
    FOUND("JUST", in_folder("there.txt"));
    differs("Signature table") FOUND("LARGER", "");
    differs("Signature table") FOUND("SMALLER", "");
    differs("Signature table") FOUND("NOTHING", "");
    end();
}

static void dates_lie_within(void)
{
    char limits[80];

    begin();
    make_old("there.txt");
    text("file", REG_SZ, in_folder("there.txt"));
    snprintf(limits, sizeof(limits), "NULL, NULL, %d, %d", MAY, MAY);
    search_there("JUST", limits);
    snprintf(limits, sizeof(limits), "NULL, NULL, %d, NULL", MAY + 1);
    search_there("NEWER", limits);
    snprintf(limits, sizeof(limits), "NULL, NULL, NULL, %d", MAY - 1);
    search_there("OLDER", limits);
    act();
    FOUND("JUST", in_folder("there.txt"));
    differs("Signature table") FOUND("NEWER", "");
    differs("Signature table") FOUND("OLDER", "");
    end();
}

#define KERNEL "C:\\windows\\system32\\kernel32.dll"

/* The language of kernel32.dll; its version, and one that is less by one. */
static unsigned read_kernel(char version[32], char before[32])
{
    DWORD n = 32, languages = 16;
    char language[16];
    unsigned v[4];

    ok(!MsiGetFileVersionA(KERNEL, version, &n, language, &languages), "version\n");
    ok(sscanf(version, "%u.%u.%u.%u", v, v + 1, v + 2, v + 3) == 4, "%s\n", version);
    snprintf(before, 32, "%u.%u.%u.%u", v[0], v[1], v[2] - !v[3], (v[3] - 1) & 0xffff);
    return (unsigned)atoi(language);
}

static void search_kernel(const char *property, const char *min, const char *max,
                          const char *languages)
{
    char query[400];

    search_value(property, "dll", 1);
    snprintf(query, sizeof(query),
             "INSERT INTO `Signature` (`Signature`, `FileName`, `MinVersion`, `MaxVersion`, "
             "`Languages`) VALUES ('%s', 'kernel32.dll', '%s', '%s', '%s')",
             property, min, max, languages);
    must_run(db, query);
}

static void languages_count_where_the_version_is_the_lowest(void)
{
    char version[32], before[32], own[8], more[16];
    unsigned language;

    begin();
    text("dll", REG_SZ, KERNEL);
    language = read_kernel(version, before);
    ok(language, "no language\n");
    snprintf(own, sizeof(own), "%u", language);
    snprintf(more, sizeof(more), "%u,%u", language, language + 1);
    search_kernel("OWN", version, "", own);
    search_kernel("ALL", version, "", more);
    search_kernel("NEUTRAL", version, "", "0");
    search_kernel("NOTSAID", version, "", "");
    search_kernel("ABOVE", before, "", "0");
    search_kernel("HIGHEST", "", version, "0");
    act();
    FOUND("OWN", KERNEL);
    differs("Signature table") FOUND("ALL", "");
    differs("Signature table") FOUND("NEUTRAL", "");
    differs("Signature table") FOUND("NOTSAID", "");
    FOUND("ABOVE", KERNEL);
    FOUND("HIGHEST", KERNEL);
    end();
}

static void an_ini_file_has_two_names(void)
{
    begin();
    WritePrivateProfileStringA("Section", "key", "one,two", "decanter found.ini");
    search("VALUE",
           "INSERT INTO `IniLocator` (`Signature_`, `FileName`, `Section`, `Key`, `Field`, "
           "`Type`) VALUES ('VALUE', 'DECANT~1.INI|decanter found.ini', 'Section', 'key', "
           "2, 2)");
    act();
    differs("IniLocator table: FileName") FOUND("VALUE", "two");
    WritePrivateProfileStringA("Section", NULL, NULL, "decanter found.ini");
    end();
}

/* --- what is told of it -------------------------------------------------------------------------
 */

static char told[256];
static int answer;

static INT CALLBACK note(void *context, UINT type, MSIHANDLE record)
{
    size_t n = strlen(told);

    (void)context;
    (void)type;
    snprintf(told + n, sizeof(told) - n, "%s,%s;", field(record, 1), field(record, 2));
    return answer;
}

static void each_search_is_told(void)
{
    begin();
    search_value("ONE", "none", 2);
    search_value("TWO", "none", 2);
    told[0] = 0;
    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ACTIONDATA, NULL, NULL);
    act();
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    differs("AppSearch action: ActionData") ok(!strcmp(told, "ONE,ONE;TWO,TWO;"), "%s\n", told);
    end();
}

static void a_search_can_be_cancelled(void)
{
    UINT err;

    begin();
    search_value("ONE", "none", 2);
    search_value("TWO", "none", 2);
    told[0] = 0;
    answer = IDCANCEL;
    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ACTIONDATA, NULL, NULL);
    err = MsiDoActionA(session, "AppSearch");
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    answer = 0;
    differs("Returning Values from an External User Interface Handler")
        ok(err == ERROR_INSTALL_USEREXIT, "error %u\n", err);
    differs("AppSearch action: ActionData") ok(!strcmp(told, "ONE,ONE;"), "%s\n", told);
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
    RUN(sizes_lie_within);
    RUN(dates_lie_within);
    RUN(languages_count_where_the_version_is_the_lowest);
    RUN(an_ini_file_has_two_names);
    RUN(each_search_is_told);
    RUN(a_search_can_be_cancelled);
    RUN(files_of_components);
    RUN(folders_of_components);
    RUN(a_component_that_is_not_there);
}
