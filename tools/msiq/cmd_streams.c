/*
 * streams: the named streams of a package, listed, taken out, put in and deleted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

/* --- the list --- */

static void stream_names(struct rows *r)
{
    static const WCHAR *const names[] = {L"Name", L"Size"}, *const types[] = {L"s62", L"i4"};

    memset(r, 0, sizeof(*r));
    r->columns = 2;
    r->names = must_alloc(2 * sizeof(*r->names));
    r->types = must_alloc(2 * sizeof(*r->types));
    for (int i = 0; i < 2; i++) {
        r->names[i] = must_dup(names[i]);
        r->types[i] = must_dup(types[i]);
    }
}

static void add_stream(struct rows *r, MSIHANDLE rec)
{
    WCHAR number[16];

    r->row = must_realloc(r->row, (r->count + 1) * sizeof(*r->row));
    r->row[r->count].cells = must_alloc(2 * sizeof(WCHAR *));
    r->row[r->count].cells[0] = record_text(rec, 1);
    swprintf(number, ARRAYSIZE(number), L"%u", MsiRecordDataSize(rec, 2));
    r->row[r->count++].cells[1] = must_dup(number);
}

static UINT list_streams(MSIHANDLE db)
{
    MSIHANDLE view = 0, rec;
    struct rows r;
    UINT err;

    stream_names(&r);
    err = MsiDatabaseOpenViewW(db, L"SELECT `Name`, `Data` FROM `_Streams`", &view);
    if (!err)
        err = MsiViewExecute(view, 0);
    while (!err && !(err = MsiViewFetch(view, &rec))) {
        add_stream(&r, rec);
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(view);
    err = err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : complain(L"_Streams", err);
    if (!err)
        out_rows(&r, NULL);
    rows_free(&r);
    return err;
}

/* --- out --- */

static UINT write_bytes(MSIHANDLE rec, unsigned field, FILE *to)
{
    unsigned size = MsiRecordDataSize(rec, field), done = 0;
    char buffer[65536];
    UINT err = ERROR_SUCCESS;

    for (DWORD n = sizeof(buffer); !err && n; done += n) {
        n = sizeof(buffer);
        err = MsiRecordReadStream(rec, field, buffer, &n);
        if (!err && n && fwrite(buffer, 1, n, to) != n)
            err = ERROR_DISK_FULL;
        progress("bytes", done, size);
    }
    progress("bytes", 1, 1);
    return err;
}

/* To a file, or to standard output where path is NULL. */
static UINT save_stream(MSIHANDLE rec, unsigned field, const WCHAR *path)
{
    FILE *to = path ? _wfopen(path, L"wb") : stdout;
    UINT err = to ? write_bytes(rec, field, to) : ERROR_ACCESS_DENIED;

    if (to && to != stdout && fclose(to) && !err)
        err = ERROR_DISK_FULL;
    return err;
}

/* A record with the stream of that name; ERROR_NO_MORE_ITEMS where there is none. */
static UINT find_stream(MSIHANDLE db, const WCHAR *name, MSIHANDLE *rec)
{
    MSIHANDLE view = 0, key = MsiCreateRecord(1);
    UINT err;

    *rec = 0;
    MsiRecordSetStringW(key, 1, name);
    err = MsiDatabaseOpenViewW(db, L"SELECT `Data` FROM `_Streams` WHERE `Name` = ?", &view);
    if (!err)
        err = MsiViewExecute(view, key);
    if (!err)
        err = MsiViewFetch(view, rec);
    MsiCloseHandle(view);
    MsiCloseHandle(key);
    return err;
}

static UINT extract_stream(MSIHANDLE db, const WCHAR *name)
{
    MSIHANDLE rec;
    UINT err = find_stream(db, name, &rec);

    if (!err)
        err = save_stream(rec, 1, options.out);
    MsiCloseHandle(rec);
    return err ? complain(name, err) : ERROR_SUCCESS;
}

/* A character that no file's name can have is written as % and two digits. */
static void file_name(const WCHAR *folder, const WCHAR *stream, WCHAR *path, size_t cap)
{
    int at = swprintf(path, cap, L"%.200ls/", folder);

    for (size_t i = 0; stream[i] && at >= 0 && (size_t)at + 4 < cap; i++) {
        bool last = !stream[i + 1] && (stream[i] == '.' || stream[i] == ' ');

        if (last || stream[i] < ' ' || wcschr(L"<>:\"/\\|?*%", stream[i]))
            at += swprintf(path + at, cap - (size_t)at, L"%%%02X", stream[i]);
        else
            path[at++] = stream[i];
    }
    path[MAX(at, 0)] = 0;
}

static UINT extract_to(MSIHANDLE rec, const WCHAR *folder)
{
    WCHAR *name = record_text(rec, 1), path[512];
    UINT err;

    file_name(folder, name, path, ARRAYSIZE(path));
    err = save_stream(rec, 2, path);
    if (err)
        complain(path, err);
    free(name);
    return err;
}

static UINT extract_all(MSIHANDLE db)
{
    const WCHAR *folder = options.out ? options.out : L".";
    MSIHANDLE view = 0, rec;
    UINT err, failed = ERROR_SUCCESS;

    CreateDirectoryW(folder, NULL);
    err = MsiDatabaseOpenViewW(db, L"SELECT `Name`, `Data` FROM `_Streams`", &view);
    if (!err)
        err = MsiViewExecute(view, 0);
    while (!err && !failed && !(err = MsiViewFetch(view, &rec))) {
        failed = extract_to(rec, folder);
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(view);
    if (failed)
        return failed;
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : complain(L"_Streams", err);
}

/* --- in --- */

static UINT has_stream(MSIHANDLE db, const WCHAR *name, bool *has)
{
    MSIHANDLE rec;
    UINT err = find_stream(db, name, &rec);

    *has = !err;
    MsiCloseHandle(rec);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static UINT put_stream(MSIHANDLE db, const WCHAR *name, const WCHAR *path)
{
    MSIHANDLE rec = MsiCreateRecord(2);
    bool has;
    UINT err = has_stream(db, name, &has);

    if (err)
        complain(name, err);
    if (!err && (err = MsiRecordSetStreamW(rec, 1, path)))
        complain(path, err);
    MsiRecordSetStringW(rec, 2, name);
    if (!err)
        err = run_query(db,
                        has ? L"UPDATE `_Streams` SET `Data` = ? WHERE `Name` = ?"
                            : L"INSERT INTO `_Streams` (`Data`, `Name`) VALUES (?, ?)",
                        rec);
    MsiCloseHandle(rec);
    return err;
}

static UINT delete_stream(MSIHANDLE db, const WCHAR *name)
{
    MSIHANDLE key = MsiCreateRecord(1);
    bool has;
    UINT err = has_stream(db, name, &has);

    if (!err && !has)
        err = ERROR_NO_MORE_ITEMS;
    if (err)
        complain(name, err);
    MsiRecordSetStringW(key, 1, name);
    if (!err)
        err = run_query(db, L"DELETE FROM `_Streams` WHERE `Name` = ?", key);
    MsiCloseHandle(key);
    return err;
}

static UINT change_streams(MSIHANDLE db, int argc, WCHAR **argv)
{
    bool put = !wcscmp(argv[0], L"put");
    UINT err = put ? put_stream(db, argv[1], argv[2]) : ERROR_SUCCESS;

    for (int i = 1; !put && !err && i < argc; i++)
        err = delete_stream(db, argv[i]);
    if (!err && (err = MsiDatabaseCommit(db)))
        complain(L"commit", err);
    return err;
}

/* --- the command --- */

int cmd_streams(int argc, WCHAR **argv)
{
    bool put = argc == 4 && !wcscmp(argv[1], L"put");
    bool del = argc > 2 && !wcscmp(argv[1], L"delete");
    UINT err;
    MSIHANDLE db;

    if (argc > 2 && !put && !del) {
        fputs("usage: msiq streams FILE [NAME | all | put NAME PATH | delete NAME ...]\n", stderr);
        return EXIT_USAGE;
    }
    if (db_open(argv[0], put || del ? MSIDBOPEN_TRANSACT : MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    if (put || del)
        err = change_streams(db, argc - 1, argv + 1);
    else if (argc == 1)
        err = list_streams(db);
    else
        err = wcscmp(argv[1], L"all") ? extract_stream(db, argv[1]) : extract_all(db);
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}
