/*
 * Ours beside Wine's own msi.dll: what the installer does is passed on, and handles and records of
 * both get along. The test makes msi_wine.dll beside itself, as the installation in a prefix does.
 */
#include "package.h"

static const char *name;
static MSIHANDLE session;

static BYTE *read_whole(const char *path, DWORD *size)
{
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    BYTE *data;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    *size = GetFileSize(file, NULL);
    data = malloc(*size);
    if (!ReadFile(file, data, *size, size, NULL)) {
        free(data);
        data = NULL;
    }
    CloseHandle(file);
    return data;
}

/* Without the mark by which Wine would look for a DLL of its own of that name. */
static int make_copy(void)
{
    static const char mark[] = "Wine builtin DLL";
    char path[MAX_PATH];
    DWORD size;
    BYTE *data;
    int marked;

    GetSystemDirectoryA(path, sizeof(path) - 16);
    strcat(path, "\\msi.dll");
    data = read_whole(path, &size);
    if (!data)
        return 0;
    marked = size > 0x60 && !memcmp(data + 0x40, mark, sizeof(mark) - 1);
    if (marked)
        memset(data + 0x40, 0, sizeof(mark) - 1);
    write_file("msi_wine.dll", data, size);
    free(data);
    return 1;
}

/* As its installations give one to custom actions. */
static void begin(void)
{
    UINT(WINAPI * open)(const char *, MSIHANDLE *);

    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL); /* which loads it */
    open = (void *)GetProcAddress(GetModuleHandleA("msi_wine.dll"), "MsiOpenPackageA");
    make_package(name = new_name());
    ok(open && !open(name, &session), "Wine's MsiOpenPackage\n");
    ok(session && session < 0x10000, "the session is not Wine's: %lx\n", session);
}

static void end(void)
{
    ok(!MsiCloseHandle(session), "close\n");
    DeleteFileA(name);
}

static void the_installer_s_questions_are_passed_on(void)
{
    char code[40];

    ok(MsiEnumProductsA(0, code) != ERROR_CALL_NOT_IMPLEMENTED, "MsiEnumProducts\n");
    ok(MsiQueryProductStateA("{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}") == INSTALLSTATE_UNKNOWN,
       "MsiQueryProductState\n");
    ok(MsiVerifyPackageA("nofile.msi") != ERROR_CALL_NOT_IMPLEMENTED, "MsiVerifyPackage\n");
}

static void a_session_of_wine_s_has_properties(void)
{
    char value[64];
    DWORD size = sizeof(value);

    begin();
    ok(!MsiGetPropertyA(session, "ProductName", value, &size) && !strcmp(value, "Test Product"),
       "ProductName\n");
    ok(!MsiSetPropertyA(session, "mine", "yes"), "set\n");
    ok(MsiEvaluateConditionA(session, "mine = \"yes\"") == MSICONDITION_TRUE, "condition\n");
    end();
}

static void its_database_is_read_through_our_functions(void)
{
    MSIHANDLE db, view = 0, rec = 0, params = MsiCreateRecord(1);

    begin();
    db = MsiGetActiveDatabase(session);
    ok(db && db < 0x10000, "the database is not Wine's: %lx\n", db);
    ok(params >= 0x10000, "the record is not ours: %lx\n", params);
    ok(!MsiDatabaseOpenViewA(db, "SELECT `Value` FROM `Property` WHERE `Property` = ?", &view),
       "open\n");
    MsiRecordSetStringA(params, 1, "ProductName");
    ok(!MsiViewExecute(view, params), "execute with a record of ours\n");
    ok(!MsiViewFetch(view, &rec) && !strcmp(field(rec, 1), "Test Product"), "fetch\n");
    ok(rec && rec < 0x10000, "the row is not Wine's: %lx\n", rec);
    ok(!MsiCloseHandle(rec) && !MsiCloseHandle(view) && !MsiCloseHandle(db), "close\n");
    MsiCloseHandle(params);
    end();
}

static void a_stream_of_ours_goes_into_its_tables(void)
{
    MSIHANDLE db, view = 0, rec = MsiCreateRecord(1), row = 0;
    char buf[16];
    DWORD size = sizeof(buf);

    begin();
    db = MsiGetActiveDatabase(session);
    must_run(db, "CREATE TABLE `Bin` (`N` CHAR(20) NOT NULL, `D` OBJECT PRIMARY KEY `N`)");
    write_file("data.bin", "some bytes", 10);
    MsiRecordSetStreamA(rec, 1, "data.bin");
    DeleteFileA("data.bin");
    ok(!MsiDatabaseOpenViewA(db, "INSERT INTO `Bin` (`N`, `D`) VALUES ('x', ?)", &view), "open\n");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(view);
    row = first_row(db, "SELECT `D` FROM `Bin`");
    ok(!MsiRecordReadStream(row, 1, buf, &size) && size == 10 && !memcmp(buf, "some bytes", 10),
       "bytes\n");
    MsiCloseHandle(row);
    MsiCloseHandle(rec);
    MsiCloseHandle(db);
    end();
}

static void records_of_ours_are_formatted_and_shown_by_it(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    char buf[64];
    DWORD size = sizeof(buf);

    begin();
    MsiRecordSetStringA(rec, 0, "[1] of [ProductName]");
    MsiRecordSetStringA(rec, 1, "part");
    ok(!MsiFormatRecordA(session, rec, buf, &size) && !strcmp(buf, "part of Test Product"),
       "got %s\n", buf);
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec) == 0, "message\n");
    ok(!strcmp(field(rec, 1), "part"), "the record changed: %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    end();
}

static void a_session_on_a_path_is_ours(void)
{
    name = new_name();
    session = open_session(name);
    ok(session >= 0x400000, "a session of Wine's: %lx\n", session);
    end();
}

static void a_database_of_ours_stays_ours(void)
{
    MSIHANDLE db = create_with_table(new_name()), own = 0;
    char path[32];

    ok(db >= 0x10000, "the database is not ours: %lx\n", db);
    ok(count_rows(db, "SELECT * FROM `T`") == 3, "rows\n");
    package_summary(db);
    snprintf(path, sizeof(path), "#%lu", db);
    ok(!MsiOpenPackageA(path, &own) && own >= 0x10000, "a session on it: %lx\n", own);
    MsiCloseHandle(own);
    MsiCloseHandle(db);
}

START_TEST(bridge)
{
    test_dll("msi");
    if (test_builtin_dlls) {
        win_skip("there is one msi.dll\n");
        return;
    }
    ok(make_copy(), "msi_wine.dll\n");
    CoInitialize(NULL);
    RUN(the_installer_s_questions_are_passed_on);
    RUN(a_session_of_wine_s_has_properties);
    RUN(its_database_is_read_through_our_functions);
    RUN(a_stream_of_ours_goes_into_its_tables);
    RUN(records_of_ours_are_formatted_and_shown_by_it);
    RUN(a_session_on_a_path_is_ours);
    RUN(a_database_of_ours_stays_ours);
}
