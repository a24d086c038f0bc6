/*
 * A custom action's DLL: what its calls with the session's handle answer goes to C:\actions.txt.
 * The script prefix-programs compares what it writes with our msi.dll and with Wine's own.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <stdio.h>

static FILE *out;

static void property(MSIHANDLE install, const char *name)
{
    char text[200] = "?";
    DWORD size = sizeof text;
    UINT err = MsiGetPropertyA(install, name, text, &size);
    fprintf(out, "%s: %u '%s' %lu\n", name, err, text, size);
}

static void properties(MSIHANDLE install)
{
    WCHAR wide[20];
    char few[4];
    DWORD size = 20, small = 2;
    property(install, "ProductName");
    property(install, "INSTALLDIR");
    property(install, "NotThere");
    fprintf(out, "set %u\n", MsiSetPropertyA(install, "FROMCA", "val;ue"));
    property(install, "FROMCA");
    fprintf(out, "set %u\n", MsiSetPropertyW(install, L"UNI", L"\x00e4\x4e2d"));
    fprintf(out, "get %u", MsiGetPropertyW(install, L"UNI", wide, &size));
    fprintf(out, " %lu %x %x\n", size, wide[0], wide[1]);
    fprintf(out, "small %u", MsiGetPropertyA(install, "ProductName", few, &small));
    fprintf(out, " %lu %s\n", small, few);
    fprintf(out, "data %u\n", MsiSetPropertyA(install, "Deferred", "data of the action"));
}

static void record(MSIHANDLE rec)
{
    char text[200];
    for (UINT i = 1; i <= MsiRecordGetFieldCount(rec); i++) {
        DWORD size = sizeof text;
        UINT err = MsiRecordGetStringA(rec, i, text, &size);
        fprintf(out, " [%u %s %d]", err, err ? "" : text, MsiRecordGetInteger(rec, i));
    }
    fputc('\n', out);
}

static void query(MSIHANDLE db, const char *text, MSIHANDLE parameters)
{
    MSIHANDLE view = 0, rec = 0;
    UINT err = MsiDatabaseOpenViewA(db, text, &view);
    fprintf(out, "%s: %u\n", text, err);
    if (err)
        return;
    fprintf(out, "execute %u\n", MsiViewExecute(view, parameters));
    while (!(err = MsiViewFetch(view, &rec))) {
        record(rec);
        MsiCloseHandle(rec);
    }
    fprintf(out, "end %u\n", err);
    if (!MsiViewGetColumnInfo(view, MSICOLINFO_TYPES, &rec))
        record(rec);
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
}

static void modify(MSIHANDLE db, MSIHANDLE rec)
{
    MSIHANDLE view;
    MsiDatabaseOpenViewA(db, "SELECT `Property`,`Value` FROM `Property`", &view);
    MsiViewExecute(view, 0);
    fprintf(out, "insert %u\n", MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, rec));
    fprintf(out, "again %u\n", MsiViewModify(view, MSIMODIFY_INSERT_TEMPORARY, rec));
    MsiCloseHandle(view);
}

static void database(MSIHANDLE install)
{
    MSIHANDLE db = MsiGetActiveDatabase(install), rec = MsiCreateRecord(2), info;
    UINT type = 0;
    INT number = 0;
    FILETIME time;
    char text[200] = "";
    DWORD size = sizeof text;
    MsiRecordSetStringA(rec, 1, "WORDS");
    query(db, "SELECT `Property`,`Value` FROM `Property` WHERE `Property`=?", rec);
    query(db, "SELECT `File`,`FileName`,`Sequence` FROM `File`", 0);
    query(db, "SELECT nonsense FROM", 0);
    MsiRecordSetStringA(rec, 1, "ADDED");
    MsiRecordSetStringA(rec, 2, "by the action");
    modify(db, rec);
    query(db, "SELECT `Value` FROM `Property` WHERE `Property`='ADDED'", 0);
    MsiCloseHandle(rec);
    fprintf(out, "keys %u", MsiDatabaseGetPrimaryKeysA(db, "Property", &rec));
    record(rec);
    MsiCloseHandle(rec);
    fprintf(out, "summary %u", MsiGetSummaryInformationA(db, NULL, 0, &info));
    MsiSummaryInfoGetPropertyA(info, 2, &type, &number, &time, text, &size);
    fprintf(out, " %u %s\n", type, text);
    MsiCloseHandle(info);
    fprintf(out, "close %u\n", MsiCloseHandle(db));
    fprintf(out, "again %u\n", MsiCloseHandle(db));
}

static void messages(MSIHANDLE install)
{
    MSIHANDLE rec = MsiCreateRecord(2);
    char text[200] = "";
    DWORD size = sizeof text;
    UINT err;
    MsiRecordSetStringA(rec, 0, "one [1] two [2] [ProductName]");
    MsiRecordSetStringA(rec, 1, "eins");
    MsiRecordSetInteger(rec, 2, 2);
    err = MsiFormatRecordA(install, rec, text, &size);
    fprintf(out, "format %u %lu %s\n", err, size, text);
    fprintf(out, "message %d\n", MsiProcessMessage(install, INSTALLMESSAGE_INFO, rec));
    MsiCloseHandle(rec);
}

static void states(MSIHANDLE install)
{
    INSTALLSTATE is = 0, action = 0;
    char text[200] = "";
    DWORD size = sizeof text;
    UINT err = MsiGetFeatureStateA(install, "Main", &is, &action);
    fprintf(out, "feature %u %d %d\n", err, is, action);
    err = MsiGetComponentStateA(install, "Text", &is, &action);
    fprintf(out, "component %u %d %d\n", err, is, action);
    err = MsiGetTargetPathA(install, "INSTALLDIR", text, &size);
    fprintf(out, "target %u %s\n", err, text);
    fprintf(out, "condition %d\n", MsiEvaluateConditionA(install, "WORDS AND NOT Installed"));
    fprintf(out, "language %d\n", MsiGetLanguage(install));
    fprintf(out, "action %u\n", MsiDoActionA(install, "SetIt"));
    property(install, "ITSET");
}

__declspec(dllexport) UINT WINAPI Immediate(MSIHANDLE install)
{
    out = fopen("C:\\actions.txt", "a");
    fprintf(out, "== immediate\n");
    properties(install);
    database(install);
    messages(install);
    states(install);
    fclose(out);
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT WINAPI Deferred(MSIHANDLE install)
{
    out = fopen("C:\\actions.txt", "a");
    fprintf(out, "== deferred\n");
    property(install, "CustomActionData");
    property(install, "ProductName");
    fprintf(out, "database %d\n", MsiGetActiveDatabase(install) != 0);
    fprintf(out, "mode %d\n", MsiGetMode(install, MSIRUNMODE_SCHEDULED));
    messages(install);
    fclose(out);
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT WINAPI Failing(MSIHANDLE install)
{
    out = fopen("C:\\actions.txt", "a");
    fprintf(out, "== failing\n");
    property(install, "FAIL");
    fclose(out);
    return ERROR_INSTALL_FAILURE;
}
