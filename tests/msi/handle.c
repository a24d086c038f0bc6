/*
 * MsiCloseHandle, MsiCloseAllHandles, and who may close what.
 */
#include "msitest.h"

static void closing_zero_succeeds(void)
{
    ok(MsiCloseHandle(0) == ERROR_SUCCESS, "close\n");
}

static void a_handle_is_closed_once(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(rec != 0, "no record\n");
    ok(MsiCloseHandle(rec) == ERROR_SUCCESS, "first\n");
    ok(MsiCloseHandle(rec) == ERROR_INVALID_HANDLE, "second\n");
    ok(MsiRecordSetInteger(rec, 1, 1) == ERROR_INVALID_HANDLE, "use\n");
}

static void what_is_no_handle_is_invalid(void)
{
    static const MSIHANDLE bad[] = {0x7ffffff0, 0x80000000, 0xffffffff, 0xdeadbeef};

    for (unsigned i = 0; i < ARRAYSIZE(bad); i++)
        ok(MsiCloseHandle(bad[i]) == ERROR_INVALID_HANDLE, "%lx\n", bad[i]);
}

static DWORD WINAPI close_it(void *arg)
{
    return MsiCloseHandle(*(MSIHANDLE *)arg);
}

static DWORD on_thread(LPTHREAD_START_ROUTINE body, void *arg)
{
    HANDLE thread = CreateThread(NULL, 0, body, arg, 0, NULL);
    DWORD code = 0xffffffff;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void another_thread_cannot_close(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    DWORD err = on_thread(close_it, &rec);

    differs("MsiCloseHandle, Remarks") ok(err == ERROR_INVALID_HANDLE, "closed: %lu\n", err);
    differs("MsiCloseHandle, Remarks")
        ok(MsiRecordSetInteger(rec, 1, 1) == ERROR_SUCCESS, "not usable after\n");
    differs("MsiCloseHandle, Remarks")
        ok(MsiCloseHandle(rec) == ERROR_SUCCESS, "the owner cannot close\n");
}

static DWORD WINAPI use_it(void *arg)
{
    return MsiRecordSetInteger(*(MSIHANDLE *)arg, 1, 42);
}

static void another_thread_can_use(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    ok(on_thread(use_it, &rec) == ERROR_SUCCESS, "use\n");
    ok(MsiRecordGetInteger(rec, 1) == 42, "value\n");
    MsiCloseHandle(rec);
}

static DWORD WINAPI open_one(void *arg)
{
    *(MSIHANDLE *)arg = MsiCreateRecord(1);
    return 0;
}

static void what_an_ended_thread_left_stays_open(void)
{
    MSIHANDLE rec = 0;

    on_thread(open_one, &rec);
    ok(MsiRecordSetInteger(rec, 1, 1) == ERROR_SUCCESS, "use\n");
    differs("MsiCloseHandle, Remarks")
        ok(MsiCloseHandle(rec) == ERROR_INVALID_HANDLE, "closed by another thread\n");
}

static void close_all_returns_how_many_were_open(void)
{
    MSIHANDLE rec = 0;

    MsiCloseAllHandles();
    for (int i = 0; i < 3; i++)
        rec = MsiCreateRecord(1);
    ok(MsiCloseAllHandles() == 3, "first\n");
    ok(MsiCloseAllHandles() == 0, "second\n");
    ok(MsiCloseHandle(rec) == ERROR_INVALID_HANDLE, "still open\n");
}

static DWORD WINAPI close_all(void *arg)
{
    (void)arg;
    return MsiCloseAllHandles();
}

static void close_all_is_for_the_calling_thread(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    differs("MsiCloseAllHandles, Remarks")
        ok(on_thread(close_all, NULL) == 0, "another thread's were closed\n");
    differs("MsiCloseAllHandles, Remarks") ok(MsiCloseHandle(rec) == ERROR_SUCCESS, "closed\n");
}

static void a_closed_database_lives_for_its_view(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), view = 0, rec = 0;

    ok(!MsiDatabaseOpenViewA(db, "SELECT `B` FROM `T`", &view), "open\n");
    ok(!MsiCloseHandle(db), "close\n");
    ok(!MsiViewExecute(view, 0), "execute\n");
    ok(!MsiViewFetch(view, &rec), "fetch\n");
    ok(!strcmp(field(rec, 1), "one"), "got %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    DeleteFileA(name);
}

static void a_handle_of_another_type_is_invalid(void)
{
    const char *name = new_name();
    MSIHANDLE db = create(name), rec = MsiCreateRecord(1), out = 0;

    ok(MsiRecordSetInteger(db, 1, 1) == ERROR_INVALID_HANDLE, "database as record\n");
    ok(MsiDatabaseCommit(rec) == ERROR_INVALID_HANDLE, "record as database\n");
    ok(MsiViewExecute(db, 0) == ERROR_INVALID_HANDLE, "database as view\n");
    ok(MsiViewFetch(rec, &out) == ERROR_INVALID_HANDLE, "record as view\n");
    ok(MsiSummaryInfoPersist(rec) == ERROR_INVALID_HANDLE, "record as summary\n");
    ok(MsiGetActiveDatabase(rec) == 0, "record as session\n");
    MsiCloseHandle(rec);
    MsiCloseHandle(db);
    DeleteFileA(name);
}

static void twenty_thousand_open_at_once_are_closed(void)
{
    enum { MANY = 20000 };
    static MSIHANDLE handles[MANY];
    unsigned bad = 0;

    for (unsigned i = 0; i < MANY; i++)
        bad += !(handles[i] = MsiCreateRecord(1));
    for (unsigned i = 0; i < MANY; i++)
        bad += MsiCloseHandle(handles[i]) != ERROR_SUCCESS;
    ok(!bad, "%u failed\n", bad);
}

START_TEST(handle)
{
    test_dll("msi");
    RUN(closing_zero_succeeds);
    RUN(a_handle_is_closed_once);
    RUN(what_is_no_handle_is_invalid);
    RUN(another_thread_cannot_close);
    RUN(another_thread_can_use);
    RUN(what_an_ended_thread_left_stays_open);
    RUN(close_all_returns_how_many_were_open);
    RUN(close_all_is_for_the_calling_thread);
    RUN(a_closed_database_lives_for_its_view);
    RUN(a_handle_of_another_type_is_invalid);
    RUN(twenty_thousand_open_at_once_are_closed);
}
