/*
 * The MSI functions: records, handles, and a database of SIZE rows.
 * usage: database.exe [SIZE ...]      (1000 10000 20000 100000 without)
 *
 * BENCH_ROWS is the largest size to try and BENCH_JOIN_ROWS the largest for joins: some engines are
 * quadratic. A join over fewer rows than SIZE still counts by the row; a third column says how many
 * there were.
 */
#include "bench.h"

#include <msi.h>
#include <msiquery.h>

static unsigned size;

static unsigned limit(const char *variable)
{
    const char *text = getenv(variable);

    return text ? (unsigned)atoi(text) : 0xffffffff;
}

static void hold_records(unsigned count)
{
    MSIHANDLE *held = malloc(count * sizeof(*held));

    for (unsigned i = 0; i < count; i++)
        held[i] = MsiCreateRecord(1);
    for (unsigned i = 0; i < count; i++)
        bench_must(MsiCloseHandle(held[i]), "close a record");
    free(held);
}

static void record_life(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        MSIHANDLE rec = MsiCreateRecord(8);
        WCHAR text[32];

        for (unsigned f = 1; f <= 8; f++) {
            if (f & 1)
                MsiRecordSetInteger(rec, f, (int)i);
            else
                MsiRecordSetStringW(rec, f, L"some text");
        }
        for (unsigned f = 1; f <= 8; f++) {
            DWORD n = ARRAYSIZE(text);

            if (f & 1)
                MsiRecordGetInteger(rec, f);
            else
                bench_must(MsiRecordGetStringW(rec, f, text, &n), "get a string");
        }
        MsiCloseHandle(rec);
    }
}

static void run(MSIHANDLE db, const WCHAR *query, MSIHANDLE params)
{
    MSIHANDLE view;

    bench_must(MsiDatabaseOpenViewW(db, query, &view), "open a view");
    bench_must(MsiViewExecute(view, params), "execute");
    MsiViewClose(view);
    MsiCloseHandle(view);
}

static void insert_rows(MSIHANDLE db, const WCHAR *query)
{
    MSIHANDLE rec = MsiCreateRecord(4), view;
    WCHAR text[64];

    bench_must(MsiDatabaseOpenViewW(db, query, &view), "open the insert");
    for (unsigned i = 0; i < size; i++) {
        swprintf(text, ARRAYSIZE(text), L"key%07u", i * 7919u % 10000019u);
        MsiRecordSetStringW(rec, 1, text);
        MsiRecordSetInteger(rec, 2, (int)i);
        swprintf(text, ARRAYSIZE(text), L"text of row %u", i % 1000);
        MsiRecordSetStringW(rec, 3, text);
        MsiRecordSetInteger(rec, 4, (int)(i % 100));
        bench_must(MsiViewExecute(view, rec), "insert");
    }
    MsiViewClose(view);
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
}

static void make_tables(MSIHANDLE db)
{
    run(db,
        L"CREATE TABLE `A` (`K` CHAR(72) NOT NULL, `N` LONG, `T` CHAR(255), `G` SHORT "
        L"PRIMARY KEY `K`)",
        0);
    run(db,
        L"CREATE TABLE `B` (`K` CHAR(72) NOT NULL, `N` LONG, `T` CHAR(255), `G` SHORT "
        L"PRIMARY KEY `K`)",
        0);
}

static unsigned fetch_all(MSIHANDLE db, const WCHAR *query)
{
    MSIHANDLE view, rec;
    unsigned rows = 0;

    bench_must(MsiDatabaseOpenViewW(db, query, &view), "open a view");
    bench_must(MsiViewExecute(view, 0), "execute");
    while (!MsiViewFetch(view, &rec)) {
        rows++;
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(view);
    return rows;
}

static void look_up(MSIHANDLE db, unsigned count)
{
    MSIHANDLE view, rec, key = MsiCreateRecord(1);
    WCHAR text[64];

    bench_must(MsiDatabaseOpenViewW(db, L"SELECT `N` FROM `A` WHERE `K` = ?", &view), "open");
    for (unsigned i = 0; i < count; i++) {
        swprintf(text, ARRAYSIZE(text), L"key%07u", (i * 31 % size) * 7919u % 10000019u);
        MsiRecordSetStringW(key, 1, text);
        bench_must(MsiViewExecute(view, key), "execute a look-up");
        bench_must(MsiViewFetch(view, &rec), "fetch");
        MsiCloseHandle(rec);
        MsiViewClose(view);
    }
    MsiCloseHandle(view);
    MsiCloseHandle(key);
}

static void first_view(const WCHAR *path)
{
    MSIHANDLE db, view, rec;

    bench_must(MsiOpenDatabaseW(path, MSIDBOPEN_READONLY, &db), "open the database");
    bench_must(MsiDatabaseOpenViewW(db, L"SELECT * FROM `A`", &view), "open the first view");
    bench_must(MsiViewExecute(view, 0), "execute the first view");
    bench_must(MsiViewFetch(view, &rec), "fetch the first row");
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    MsiCloseHandle(db);
}

static const WCHAR *const into_a = L"INSERT INTO `A` (`K`, `N`, `T`, `G`) VALUES (?, ?, ?, ?)";
static const WCHAR *const into_b = L"INSERT INTO `B` (`K`, `N`, `T`, `G`) VALUES (?, ?, ?, ?)";

/* Joins the tables of a database of their own with at most BENCH_JOIN_ROWS rows. */
static void join(void)
{
    const WCHAR *path = L"bench-join.msi";
    const WCHAR *query = L"SELECT `A`.`N`, `B`.`T` FROM `A`, `B` WHERE `A`.`K` = `B`.`K`";
    unsigned whole = size, most = limit("BENCH_JOIN_ROWS");
    MSIHANDLE db;
    double ns = 0;

    size = size < most ? size : most;
    DeleteFileW(path);
    bench_must(MsiOpenDatabaseW(path, MSIDBOPEN_CREATE, &db), "create");
    make_tables(db);
    insert_rows(db, into_a);
    insert_rows(db, into_b);
    for (int round = 0; round < 3; round++) {
        double start = bench_now(), took;

        fetch_all(db, query);
        took = (bench_now() - start) / size;
        ns = round && ns < took ? ns : took;
        if (took * size > 2e9)
            break;
    }
    MsiCloseHandle(db);
    DeleteFileW(path);
    printf("join on the key, a row at %u\t%.1f\t%u\n", whole, ns, size);
    fflush(stdout);
    size = whole;
}

static void at_size(const WCHAR *path)
{
    unsigned count = size < 200 ? size : 200;
    MSIHANDLE db;

    if (size > limit("BENCH_ROWS"))
        return;
    DeleteFileW(path);
    bench_must(MsiOpenDatabaseW(path, MSIDBOPEN_CREATE, &db), "create");
    make_tables(db);
    BENCH("INSERT by parameters", size, 1, size, insert_rows(db, into_a));
    insert_rows(db, into_b);
    BENCH("MsiDatabaseCommit", size, 1, 1, bench_must(MsiDatabaseCommit(db), "commit"));
    MsiCloseHandle(db);
    BENCH("open and first view", size, 3, 1, first_view(path));
    bench_must(MsiOpenDatabaseW(path, MSIDBOPEN_READONLY, &db), "open");
    BENCH("look-up by key", size, 2, count, look_up(db, count));
    BENCH("full scan, a row", size, 3, size, fetch_all(db, L"SELECT * FROM `A`"));
    BENCH("DISTINCT, a row", size, 3, size, fetch_all(db, L"SELECT DISTINCT `G` FROM `A`"));
    BENCH("ORDER BY, a row", size, 3, size, fetch_all(db, L"SELECT `K` FROM `A` ORDER BY `N`"));
    MsiCloseHandle(db);
    DeleteFileW(path);
    join();
}

int main(int argc, char **argv)
{
    static const unsigned usual[] = {1000, 10000, 20000, 100000};
    const WCHAR *path = L"bench.msi";

    BENCH("records held open and closed", 20000, 3, 20000, hold_records(20000));
    BENCH("a record's life", 8, 3, 20000, record_life(20000));
    for (int i = 1; i < argc; i++) {
        size = (unsigned)atoi(argv[i]);
        at_size(path);
    }
    for (unsigned i = 0; argc < 2 && i < ARRAYSIZE(usual); i++) {
        size = usual[i];
        at_size(path);
    }
    return 0;
}
