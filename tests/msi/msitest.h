/*
 * What the tests of msi.dll share: databases of their own, queries, and reading fields.
 */
#ifndef MSITEST_H
#define MSITEST_H

#include "test.h"

#include <msi.h>
#include <msiquery.h>

/* The headers' own are a long without a type, and of the type of the build's characters. */
#define NULL_INTEGER      ((int)0x80000000)
#define OPEN_READONLY     ((const char *)MSIDBOPEN_READONLY)
#define OPEN_TRANSACT     ((const char *)MSIDBOPEN_TRANSACT)
#define OPEN_DIRECT       ((const char *)MSIDBOPEN_DIRECT)
#define OPEN_CREATE       ((const char *)MSIDBOPEN_CREATE)
#define OPEN_CREATEDIRECT ((const char *)MSIDBOPEN_CREATEDIRECT)

/* A file name that no other test of this process has used. */
TEST_UNUSED static const char *new_name(void)
{
    static char names[8][32];
    static unsigned n;
    char *name = names[n % 8];

    snprintf(name, sizeof(names[0]), "t%u.msi", n++);
    DeleteFileA(name);
    return name;
}

/* One installation at a time runs on a machine, and several tests do in one prefix: each that
 * installs, or registers products by itself, waits for its turn, which it has until it ends. */
TEST_UNUSED static void wait_for_turn(void)
{
    HANDLE turn = CreateMutexA(NULL, FALSE, "Global\\DecanterTestsThatInstall");

    WaitForSingleObject(turn, INFINITE);
}

/* Runs a statement without result; its error. */
TEST_UNUSED static UINT run(MSIHANDLE db, const char *query)
{
    MSIHANDLE view = 0;
    UINT err = MsiDatabaseOpenViewA(db, query, &view);

    if (err)
        return err;
    err = MsiViewExecute(view, 0);
    MsiViewClose(view);
    MsiCloseHandle(view);
    return err;
}

TEST_UNUSED static void must_run(MSIHANDLE db, const char *query)
{
    UINT err = run(db, query);

    ok(!err, "%s: error %u\n", query, err);
}

/* An empty database, opened to be made. */
TEST_UNUSED static MSIHANDLE create(const char *name)
{
    MSIHANDLE db = 0;
    UINT err = MsiOpenDatabaseA(name, OPEN_CREATE, &db);

    ok(!err, "create: error %u\n", err);
    return db;
}

/* The same with a table `T`: A is a key, B text, C a number; rows 1 one, 2 two, 3 three. */
TEST_UNUSED static MSIHANDLE create_with_table(const char *name)
{
    MSIHANDLE db = create(name);

    must_run(db, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72), `C` LONG PRIMARY KEY `A`)");
    must_run(db, "INSERT INTO `T` (`A`, `B`, `C`) VALUES (1, 'one', 10)");
    must_run(db, "INSERT INTO `T` (`A`, `B`, `C`) VALUES (2, 'two', 20)");
    must_run(db, "INSERT INTO `T` (`A`, `B`, `C`) VALUES (3, 'three', 30)");
    return db;
}

/* A field as text, in one of a few buffers; "error n" where it is none. */
TEST_UNUSED static const char *field(MSIHANDLE rec, UINT i)
{
    static char texts[8][256];
    static unsigned n;
    char *text = texts[n++ % 8];
    DWORD size = sizeof(texts[0]);
    UINT err = MsiRecordGetStringA(rec, i, text, &size);

    if (err)
        snprintf(text, sizeof(texts[0]), "error %u", err);
    return text;
}

/* The first row of a query, or 0. */
TEST_UNUSED static MSIHANDLE first_row(MSIHANDLE db, const char *query)
{
    MSIHANDLE view = 0, rec = 0;

    if (MsiDatabaseOpenViewA(db, query, &view))
        return 0;
    if (!MsiViewExecute(view, 0))
        MsiViewFetch(view, &rec);
    MsiViewClose(view);
    MsiCloseHandle(view);
    return rec;
}

/* How many rows a query has. */
TEST_UNUSED static unsigned count_rows(MSIHANDLE db, const char *query)
{
    MSIHANDLE view = 0, rec;
    unsigned n = 0;

    if (MsiDatabaseOpenViewA(db, query, &view))
        return 0;
    MsiViewExecute(view, 0);
    while (!MsiViewFetch(view, &rec)) {
        MsiCloseHandle(rec);
        n++;
    }
    MsiViewClose(view);
    MsiCloseHandle(view);
    return n;
}

TEST_UNUSED static void write_file(const char *name, const void *data, DWORD size)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done;

    ok(file != INVALID_HANDLE_VALUE, "create %s: error %lu\n", name, GetLastError());
    WriteFile(file, data, size, &done, NULL);
    CloseHandle(file);
}

#endif
