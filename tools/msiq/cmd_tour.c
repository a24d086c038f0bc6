/*
 * tour: all of a package for a person to read, and a handle that only its own thread closes.
 */
#include <stdio.h>

#include "msiq.h"

static DWORD WINAPI close_elsewhere(void *arg)
{
    return MsiCloseHandle((MSIHANDLE)(UINT_PTR)arg);
}

static UINT close_on_another_thread(MSIHANDLE handle)
{
    DWORD result = ERROR_NOT_ENOUGH_MEMORY;
    HANDLE thread = CreateThread(NULL, 0, close_elsewhere, (void *)(UINT_PTR)handle, 0, NULL);

    if (!thread)
        return GetLastError();
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    return result;
}

static int show_handle_rules(MSIHANDLE db)
{
    UINT wrong = close_on_another_thread(db);
    UINT state = MsiGetDatabaseState(db);
    UINT right = MsiCloseHandle(db);
    UINT again = MsiCloseHandle(db);

    out_format("A handle is closed by the thread that opened it\n");
    out_format("  closed on another thread   %s (error %u)\n", wrong ? "refused" : "ACCEPTED",
               wrong);
    out_format("  then used on its own       %s\n",
               state == MSIDBSTATE_READ ? "still open" : "GONE");
    out_format("  closed on its own thread   %s (error %u)\n", right ? "REFUSED" : "done", right);
    out_format("  closed a second time       %s (error %u)\n", again ? "refused" : "ACCEPTED",
               again);
    if (wrong == ERROR_INVALID_HANDLE && right == ERROR_SUCCESS && again == ERROR_INVALID_HANDLE)
        return EXIT_GOOD;
    out_format("This is not what the documentation says.\n");
    return EXIT_FAILED;
}

static UINT show_all_tables(MSIHANDLE db)
{
    struct rows tables, r;
    UINT err = rows_tables(db, &tables);

    for (unsigned i = 0; !err && i < tables.count; i++) {
        err = rows_table(db, tables.row[i].cells[0], &r);
        if (err)
            break;
        out_rows(&r, tables.row[i].cells[0]);
        out_format("\n");
        rows_free(&r);
    }
    rows_free(&tables);
    return err;
}

int cmd_tour(int argc, WCHAR **argv)
{
    struct pair pairs[SUMMARY_PAIRS];
    unsigned count;
    MSIHANDLE db;

    UNREFERENCED_PARAMETER(argc);
    options.form = OUT_TEXT;
    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    count = summary_pairs(db, pairs);
    out_pairs(pairs, count, L"Summary information");
    free_pairs(pairs, count);
    out_format("\n");
    if (show_all_tables(db)) {
        MsiCloseHandle(db);
        return EXIT_FAILED;
    }
    return show_handle_rules(db);
}
