/*
 * A DLL of custom actions, for tests/msi/actioncalls.c. The first calls every function that actions
 * may call and says what came of each, by messages of the kind INFO that begin with a star.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTION(name)                     \
    UINT WINAPI name(MSIHANDLE install); \
    __declspec(dllexport) UINT WINAPI name(MSIHANDLE install)

MSIHANDLE WINAPI MsiGetLastErrorRecord(void);

static MSIHANDLE session;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    MsiRecordSetStringA(rec, 0, "*[1]");
    MsiRecordSetStringA(rec, 1, text);
    MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec);
    MsiCloseHandle(rec);
}

static unsigned sum_of(const void *p, size_t n)
{
    const unsigned char *bytes = p;
    unsigned sum = 1;

    for (size_t i = 0; i < n; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

typedef UINT(WINAPI *get_a)(MSIHANDLE, const char *, char *, DWORD *);
typedef UINT(WINAPI *get_w)(MSIHANDLE, const WCHAR *, WCHAR *, DWORD *);

/* With every kind of buffer. */
static void ask_text(const char *what, MSIHANDLE h, get_a a, get_w w, const char *name)
{
    static const DWORD sizes[] = {0, 1, 3, 64, 4096, 4097, 70000};
    static char buf[70000];
    static WCHAR wide[70000];
    WCHAR name_w[64];
    DWORD n;
    UINT err;

    MultiByteToWideChar(CP_ACP, 0, name, -1, name_w, 64);
    say("%s %s: %u", what, name, a(h, name, NULL, NULL));
    n = 5;
    err = a(h, name, NULL, &n);
    say("%s %s: %u %lu", what, name, err, n);
    n = 5;
    err = w(h, name_w, NULL, &n);
    say("%s %s: %u %lu", what, name, err, n);
    say("%s %s: %u", what, name, a(h, name, buf, NULL));
    n = 10;
    say("%s: %u %u", what, a(h, NULL, buf, &n), w(h, NULL, wide, &n));
    for (unsigned i = 0; i < ARRAYSIZE(sizes); i++) {
        memset(buf, '#', sizeof(buf));
        n = sizes[i];
        err = a(h, name, buf, &n);
        say("%s %s %lu: %u %lu %u", what, name, sizes[i], err, n, sum_of(buf, sizeof(buf)));
        memset(wide, '#', sizeof(wide));
        n = sizes[i];
        err = w(h, name_w, wide, &n);
        say("%s %s %lu: %u %lu %u", what, name, sizes[i], err, n, sum_of(wide, sizeof(wide)));
    }
}

static void ask_properties(MSIHANDLE h)
{
    static char text[6000];

    memset(text, 'x', sizeof(text) - 1);
    say("set %u %u", MsiSetPropertyA(h, "LONGTEXT", text), MsiSetPropertyA(h, NULL, "x"));
    say("set %u", MsiSetPropertyW(h, L"Wide", L"\x3b1\x3b2 [Text]"));
    say("set %u %u", MsiSetPropertyA(h, "", "x"), MsiSetPropertyW(h, L"ProductName", NULL));
    ask_text("property", h, MsiGetPropertyA, MsiGetPropertyW, "LONGTEXT");
    ask_text("property", h, MsiGetPropertyA, MsiGetPropertyW, "ProductCode");
    ask_text("property", h, MsiGetPropertyA, MsiGetPropertyW, "Wide");
    ask_text("property", h, MsiGetPropertyA, MsiGetPropertyW, "NotThere");
    ask_text("target", h, MsiGetTargetPathA, MsiGetTargetPathW, "TARGETDIR");
    ask_text("target", h, MsiGetTargetPathA, MsiGetTargetPathW, "NotThere");
    ask_text("source", h, MsiGetSourcePathA, MsiGetSourcePathW, "TARGETDIR");
    say("set target %u %u", MsiSetTargetPathA(h, "NotThere", "C:\\"),
        MsiSetTargetPathW(h, L"TARGETDIR", NULL));
    for (int mode = 0; mode < 20; mode++)
        say("mode %d: %d", mode, MsiGetMode(h, (MSIRUNMODE)mode));
    say("set mode %u %u", MsiSetMode(h, MSIRUNMODE_REBOOTATEND, FALSE),
        MsiSetMode(h, MSIRUNMODE_ADMIN, TRUE));
    say("language %u", MsiGetLanguage(h));
    say("condition %d %d %d %d", MsiEvaluateConditionA(h, "1 = 1"),
        MsiEvaluateConditionW(h, L"NotThere"), MsiEvaluateConditionA(h, ""),
        MsiEvaluateConditionA(h, "= ="));
    say("action %u %u", MsiDoActionA(h, "SET2"), MsiDoActionW(h, L"NotThere"));
    ask_text("property", h, MsiGetPropertyA, MsiGetPropertyW, "SECOND");
    say("sequence %u", MsiSequenceA(h, "NotThere", 0));
}

static void ask_states(MSIHANDLE h)
{
    char drive[64] = "untouched", title[64], help[64];
    DWORD n = sizeof(drive), title_size = sizeof(title), help_size = 2, attributes = 77;
    INSTALLSTATE a = 77, b = 77;
    INT cost = 77, temp = 77;
    UINT err = MsiGetFeatureStateA(h, "feat", &a, &b);

    say("feature %u %d %d", err, a, b);
    say("feature %u %u", MsiGetFeatureStateW(h, L"feat", NULL, &b),
        MsiGetFeatureStateA(h, "NotThere", &a, &b));
    err = MsiGetComponentStateA(h, "comp", &a, &b);
    say("component %u %d %d", err, a, b);
    say("component %u", MsiGetComponentStateW(h, L"NotThere", &a, &b));
    err = MsiGetFeatureCostA(h, "feat", MSICOSTTREE_SELFONLY, INSTALLSTATE_LOCAL, &cost);
    say("cost %u %d", err, cost);
    err = MsiGetFeatureValidStatesA(h, "feat", &n);
    say("valid %u %lu", err, n);
    err = MsiGetFeatureInfoA(h, "feat", &attributes, title, &title_size, help, &help_size);
    say("info %u %lu %lu %lu", err, attributes, title_size, help_size);
    n = sizeof(drive);
    err = MsiEnumComponentCostsA(h, "comp", 0, INSTALLSTATE_LOCAL, drive, &n, &cost, &temp);
    say("costs %u %s %lu %d %d", err, drive, n, cost, temp);
    say("costs %u",
        MsiEnumComponentCostsA(h, "comp", 99, INSTALLSTATE_LOCAL, drive, &n, &cost, &temp));
    say("set feature %u %u", MsiSetFeatureStateA(h, "feat", INSTALLSTATE_LOCAL),
        MsiSetFeatureStateW(h, L"NotThere", INSTALLSTATE_LOCAL));
    say("set component %u", MsiSetComponentStateA(h, "NotThere", INSTALLSTATE_LOCAL));
    say("set attributes %u", MsiSetFeatureAttributesA(h, "NotThere", 0));
    say("level %u", MsiSetInstallLevel(h, 1));
    say("space %u", MsiVerifyDiskSpace(h));
}

static UINT WINAPI field_a(MSIHANDLE rec, const char *name, char *buf, DWORD *size)
{
    return MsiRecordGetStringA(rec, name ? (UINT)atoi(name) : 99, buf, size);
}

static UINT WINAPI field_w(MSIHANDLE rec, const WCHAR *name, WCHAR *buf, DWORD *size)
{
    return MsiRecordGetStringW(rec, name ? (UINT)_wtoi(name) : 99, buf, size);
}

static UINT WINAPI format_a(MSIHANDLE rec, const char *name, char *buf, DWORD *size)
{
    return MsiFormatRecordA(name && name[0] == 's' ? session : 0, rec, buf, size);
}

static UINT WINAPI format_w(MSIHANDLE rec, const WCHAR *name, WCHAR *buf, DWORD *size)
{
    return MsiFormatRecordW(name && name[0] == 's' ? session : 0, rec, buf, size);
}

static void ask_record(MSIHANDLE rec)
{
    UINT count = MsiRecordGetFieldCount(rec);

    say("fields %u", count);
    for (UINT i = 0; i <= count + 1 && count < 99; i++)
        say("field %u: null %d int %d size %u", i, MsiRecordIsNull(rec, i),
            MsiRecordGetInteger(rec, i), MsiRecordDataSize(rec, i));
    ask_text("field", rec, field_a, field_w, "1");
    ask_text("field", rec, field_a, field_w, "2");
    ask_text("format", rec, format_a, format_w, "session");
    ask_text("format", rec, format_a, format_w, "none");
}

static void ask_stream(MSIHANDLE rec, UINT field, DWORD piece)
{
    static char buf[70000];
    DWORD n = 0, all = 0;
    unsigned sum = 1;
    UINT err = MsiRecordReadStream(rec, field, NULL, &n);

    say("stream %u: %lu left", err, n);
    do {
        n = piece;
        err = MsiRecordReadStream(rec, field, buf, &n);
        sum = sum * 31 + sum_of(buf, err ? 0 : n);
        all += err ? 0 : n;
    } while (!err && n == piece);
    say("stream %u: %lu %u", err, all, sum);
}

static void ask_view(MSIHANDLE db)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(1), row = 0;
    char name[64];
    DWORD n = sizeof(name);

    say("view %u %u", MsiDatabaseOpenViewA(db, "SELECT nothing", &view),
        MsiDatabaseOpenViewA(db, NULL, &view));
    say("view %u", MsiDatabaseOpenViewW(db,
                                        L"SELECT `Property`, `Value` FROM `Property` WHERE "
                                        L"`Property` = ?",
                                        &view));
    MsiRecordSetStringA(rec, 1, "Manufacturer");
    say("execute %u %u", MsiViewExecute(view, 0), MsiViewExecute(view, rec));
    say("fetch %u %d", MsiViewFetch(view, &row), row != 0);
    ask_record(row);
    say("set %u %u", MsiRecordSetStringA(row, 2, "another"), MsiRecordSetInteger(row, 2, 7));
    say("set %u", MsiRecordSetStringW(row, 2, L"a third [ProductName]"));
    ask_record(row);
    say("modify %u %u", MsiViewModify(view, MSIMODIFY_UPDATE, row),
        MsiViewModify(view, MSIMODIFY_REFRESH, row));
    ask_record(row);
    say("clear %u", MsiRecordClearData(row));
    ask_record(row);
    MsiCloseHandle(row);
    say("fetch %u", MsiViewFetch(view, &row));
    row = 0;
    say("columns %u %d", MsiViewGetColumnInfo(view, MSICOLINFO_NAMES, &row), row != 0);
    ask_record(row);
    MsiCloseHandle(row);
    say("error %d %lu", MsiViewGetErrorA(view, name, &n), n);
    say("close %u %u", MsiViewClose(view), MsiCloseHandle(view));
    say("closed %u %u", MsiViewClose(view), MsiViewExecute(view, rec));
    MsiCloseHandle(rec);
}

/* A row with a record of the action's own, and its stream. */
static void ask_insert(MSIHANDLE db)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(2), row = 0;
    FILE *f = fopen("asker.tmp", "wb");

    for (int i = 0; f && i < 30000; i++)
        fputc(i * 7 & 0xff, f);
    if (f)
        fclose(f);
    say("view %u", MsiDatabaseOpenViewA(db, "SELECT `Name`, `Data` FROM `Binary`", &view));
    say("execute %u", MsiViewExecute(view, 0));
    MsiRecordSetStringA(rec, 1, "Mine");
    say("stream %u %u", MsiRecordSetStreamA(rec, 2, "asker.tmp"),
        MsiRecordSetStreamW(rec, 2, L"not there"));
    say("insert %u", MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, rec));
    say("again %u", MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, rec));
    MsiCloseHandle(view);
    MsiDatabaseOpenViewA(db, "SELECT `Name`, `Data` FROM `Binary` WHERE `Name` = 'Mine'", &view);
    MsiViewExecute(view, 0);
    say("fetch %u", MsiViewFetch(view, &row));
    ask_stream(row, 2, 70000);
    say("back %u", MsiRecordSetStreamA(row, 2, NULL));
    ask_stream(row, 2, 777);
    say("replace %u", MsiRecordSetStreamA(row, 2, "asker.tmp"));
    ask_stream(row, 2, 30000);
    ask_stream(row, 1, 30000);
    MsiCloseHandle(row);
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    DeleteFileA("asker.tmp");
}

static void ask_summary(MSIHANDLE db)
{
    MSIHANDLE info = 0;
    UINT count = 0, type;
    char text[64];
    INT number;
    FILETIME time;
    DWORD n;

    say("summary %u", MsiGetSummaryInformationA(db, NULL, 3, &info));
    say("count %u %u", MsiSummaryInfoGetPropertyCount(info, &count), count);
    for (UINT id = 0; id < 21; id++) {
        UINT err;

        type = 77, number = 77, n = 10;
        memset(text, '#', sizeof(text));
        memset(&time, 0x77, sizeof(time));
        err = MsiSummaryInfoGetPropertyA(info, id, &type, &number, &time, text, &n);
        say("property %u: %u %u %d %lu %u %u", id, err, type, number, n, sum_of(text, sizeof(text)),
            sum_of(&time, sizeof(time)));
    }
    say("set %u", MsiSummaryInfoSetPropertyW(info, 2, 30, 0, NULL, L"a title"));
    say("persist %u", MsiSummaryInfoPersist(info));
    MsiCloseHandle(info);
}

static void ask_database(MSIHANDLE h)
{
    MSIHANDLE db = MsiGetActiveDatabase(h), keys = 0, error;
    char folder[MAX_PATH];

    say("database %d state %d", db != 0, MsiGetDatabaseState(db));
    say("persistent %d %d", MsiDatabaseIsTablePersistentA(db, "Property"),
        MsiDatabaseIsTablePersistentW(db, L"NotThere"));
    say("keys %u", MsiDatabaseGetPrimaryKeysA(db, "Property", &keys));
    ask_record(keys);
    MsiCloseHandle(keys);
    ask_view(db);
    ask_insert(db);
    ask_summary(db);
    GetTempPathA(sizeof(folder), folder);
    say("export %u", MsiDatabaseExportA(db, "Property", folder, "asker.idt"));
    strncat(folder, "asker.idt", sizeof(folder) - strlen(folder) - 1);
    say("exported %d", DeleteFileA(folder));
    say("commit %u", MsiDatabaseCommit(db));
    keys = 0;
    say("view %u", MsiDatabaseOpenViewA(db, "SELECT * FROM `NotThere`", &keys));
    error = MsiGetLastErrorRecord();
    say("error %d: %d", error != 0, MsiRecordGetInteger(error, 1));
    say("once %d", MsiGetLastErrorRecord() != 0);
    MsiCloseHandle(error);
    MsiCloseHandle(db);
}

/* A record that was fetched there, and a view on a database of the action's own. */
static void ask_mixed(MSIHANDLE h)
{
    MSIHANDLE db = MsiGetActiveDatabase(h), view = 0, row = 0, own = 0, mine = 0, rec;

    MsiDatabaseOpenViewA(db,
                         "SELECT `Property`, `Value` FROM `Property` WHERE `Property` = "
                         "'Manufacturer'",
                         &view);
    MsiViewExecute(view, 0);
    say("fetch %u", MsiViewFetch(view, &row));
    MsiCloseHandle(view);
    say("own %u", MsiOpenDatabaseA("asker.msi", (const char *)MSIDBOPEN_CREATE, &own));
    MsiDatabaseOpenViewA(
        own, "CREATE TABLE `T` (`A` CHAR(72) NOT NULL, `B` CHAR(0) PRIMARY KEY `A`)", &mine);
    say("create %u", MsiViewExecute(mine, 0));
    MsiCloseHandle(mine);
    say("insert %u", MsiDatabaseOpenViewA(own, "INSERT INTO `T` (`A`, `B`) VALUES (?, ?)", &mine));
    say("execute %u", MsiViewExecute(mine, row));
    MsiCloseHandle(mine);
    MsiDatabaseOpenViewA(own, "SELECT * FROM `T`", &mine);
    say("execute %u", MsiViewExecute(mine, 0));
    rec = 0;
    say("fetch %u", MsiViewFetch(mine, &rec));
    ask_record(rec);
    MsiCloseHandle(rec);
    MsiCloseHandle(mine);
    MsiCloseHandle(row);
    MsiCloseHandle(own);
    MsiCloseHandle(db);
    DeleteFileA("asker.msi");
}

/* What is no handle, or one of another kind. */
static void ask_wrong(MSIHANDLE h)
{
    static const MSIHANDLE wrong[] = {0x200000 + 4321, 0x3fffff, 0x200000 + 0x1ffff, 0x1fffff};
    MSIHANDLE db = MsiGetActiveDatabase(h), out;

    for (unsigned i = 0; i < ARRAYSIZE(wrong); i++) {
        say("wrong %u %u %u", MsiDatabaseCommit(wrong[i]), MsiRecordGetFieldCount(wrong[i]),
            MsiCloseHandle(wrong[i]));
        out = 0;
        say("wrong %u %d", MsiViewFetch(wrong[i], &out), out != 0);
        say("wrong %d", MsiProcessMessage(h, INSTALLMESSAGE_INFO, wrong[i]));
    }
    say("another %u %u %u", MsiDatabaseCommit(h), MsiRecordGetFieldCount(db),
        MsiSetPropertyA(db, "A", "b"));
    say("close %u %u", MsiCloseHandle(db), MsiCloseHandle(db));
    say("closed %d", MsiGetDatabaseState(db));
}

ACTION(Ask)
{
    session = install;
    ask_properties(install);
    ask_states(install);
    ask_database(install);
    ask_mixed(install);
    ask_wrong(install);
    return ERROR_SUCCESS;
}

/* --- threads, and the end of a process ----------------------------------------------------------
 */

enum { THREADS = 4, ROUNDS = 50 };

static DWORD WINAPI asking(void *number)
{
    char name[32], text[32];
    DWORD wrong = 0, n;

    snprintf(name, sizeof(name), "THREAD%u", (unsigned)(UINT_PTR)number);
    for (int i = 0; i < ROUNDS; i++) {
        char value[32];

        snprintf(value, sizeof(value), "%d", i);
        n = sizeof(text);
        if (MsiSetPropertyA(session, name, value) || MsiGetPropertyA(session, name, text, &n) ||
            strcmp(text, value) != 0)
            wrong++;
    }
    return wrong;
}

ACTION(Threads)
{
    HANDLE threads[THREADS];
    DWORD wrong = 0, code;

    session = install;
    for (UINT_PTR i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, asking, (void *)i, 0, NULL);
    for (int i = 0; i < THREADS; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        GetExitCodeThread(threads[i], &code);
        CloseHandle(threads[i]);
        wrong += code;
    }
    say("%lu wrong", wrong);
    return ERROR_SUCCESS;
}

ACTION(Kill)
{
    (void)install;
    TerminateProcess(GetCurrentProcess(), 5);
    return ERROR_SUCCESS;
}

static DWORD WINAPI killing(void *ready)
{
    WaitForSingleObject(ready, INFINITE);
    TerminateProcess(GetCurrentProcess(), 5);
    return 0;
}

/* Calls go on while it ends. */
ACTION(KillInCall)
{
    HANDLE ready = CreateEventA(NULL, TRUE, FALSE, NULL);

    CloseHandle(CreateThread(NULL, 0, killing, ready, 0, NULL));
    for (int i = 0;; i++) {
        MsiGetLanguage(install);
        if (i == 20)
            SetEvent(ready);
    }
}

static DWORD WINAPI using_it(void *install)
{
    for (;;)
        MsiGetLanguage((MSIHANDLE)(UINT_PTR)install);
    return 0;
}

ACTION(StayBehind)
{
    HMODULE here;

    /* the DLL must stay too */
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                       (const char *)(void *)using_it, &here);
    CloseHandle(CreateThread(NULL, 0, using_it, (void *)(UINT_PTR)install, 0, NULL));
    return ERROR_SUCCESS;
}

ACTION(Stay)
{
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, "decanter-test-asker");
    DWORD id = GetCurrentProcessId();
    FILE *f = fopen("asker.pid", "wb");

    (void)install;
    if (f) {
        fwrite(&id, sizeof(id), 1, f);
        fclose(f);
    }
    SetEvent(event);
    Sleep(INFINITE);
    return ERROR_SUCCESS;
}
