/*
 * MsiGetLastErrorRecord. Wine's own never has one.
 */
#include "msitest.h"

static void nothing_failed_nothing_told(void)
{
    const char *name = new_name();
    MSIHANDLE db = create(name);

    ok(MsiGetLastErrorRecord() == 0, "a record\n");
    MsiCloseHandle(db);
}

static void it_is_told_once(void)
{
    MSIHANDLE db = 0, rec;

    ok(MsiOpenDatabaseA("nofile.msi", OPEN_READONLY, &db), "open\n");
    rec = MsiGetLastErrorRecord();
    ok(rec != 0, "no record\n");
    ok(MsiRecordGetInteger(rec, 1) == 2203, "number %d\n", MsiRecordGetInteger(rec, 1));
    ok(strstr(field(rec, 2), "nofile.msi") != NULL, "path %s\n", field(rec, 2));
    MsiCloseHandle(rec);
    ok(MsiGetLastErrorRecord() == 0, "a second time\n");
}

static void queries_tell_what_is_wrong(void)
{
    static const struct {
        const char *query;
        int number;
        const char *text;
    } cases[] = {{"SELECT `A` FROM `Nope`", 2228, "Nope"}, {"SELECT `Zed` FROM `T`", 2235, "Zed"}};
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), view = 0, rec;

    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        ok(MsiDatabaseOpenViewA(db, cases[i].query, &view), "%s\n", cases[i].query);
        rec = MsiGetLastErrorRecord();
        ok(MsiRecordGetInteger(rec, 1) == cases[i].number, "%s: number %d\n", cases[i].query,
           MsiRecordGetInteger(rec, 1));
        ok(!strcmp(field(rec, 3), cases[i].text), "%s: 3: %s\n", cases[i].query, field(rec, 3));
        ok(!strcmp(field(rec, 4), cases[i].query), "%s: 4: %s\n", cases[i].query, field(rec, 4));
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(db);
}

static void success_forgets_it(void)
{
    const char *name = new_name();
    MSIHANDLE db = create_with_table(name), view = 0;

    MsiDatabaseOpenViewA(db, "nonsense", &view);
    ok(!MsiDatabaseOpenViewA(db, "SELECT * FROM `T`", &view), "open\n");
    ok(MsiGetLastErrorRecord() == 0, "a record\n");
    MsiCloseHandle(view);
    MsiCloseHandle(db);
}

START_TEST(errors)
{
    test_dll("msi");
    RUN(nothing_failed_nothing_told);
    if (test_builtin_dlls) {
        win_skip("it has no error records\n");
        return;
    }
    RUN(it_is_told_once);
    RUN(queries_tell_what_is_wrong);
    RUN(success_forgets_it);
}
