/*
 * A package with a large stream: opening it and reading a table touches little of the file.
 */
#include "dbcore.h"
#include "stg_fixture.h"

enum { STREAM = 100 * 1024 * 1024, TOUCHED = 512 * 1024 };

/* Bytes that this process has read, as the kernel counts them; 0 where it does not. */
static unsigned long long bytes_read(void)
{
    unsigned long long n = 0;
    FILE *f = fopen("/proc/self/io", "r");

    if (!f)
        return 0;
    if (fscanf(f, "rchar: %llu", &n) != 1)
        n = 0;
    fclose(f);
    return n;
}

static void make_package(void)
{
    const struct column_spec cols[] = {{u"K", 1, COL_KEY | COL_STRING | COL_PLAIN | 72},
                                       {u"V", 1, COL_NULLABLE | COL_STRING | COL_PLAIN}};
    struct value row[2] = {{.kind = VALUE_TEXT, .text = u"key", .len = 3},
                           {.kind = VALUE_TEXT, .text = u"value", .len = 5}};
    struct db_core *db;
    struct table *t;
    struct stg *s;
    u32 at;

    ok(!stg_create(path, 0, &s), "create\n");
    ok(!db_core_create(s, &db), "database\n");
    ok(!db_core_create_table(db, u"T", 1, cols, 2, false, false, &t), "table\n");
    ok(!db_core_insert(db, t, row, false, &at), "insert\n");
    ok(!db_core_save(db), "save\n");
    ok(!put(s, "cabinet", 1, STREAM), "put\n");
    ok(!stg_commit(s), "commit\n");
    db_core_free(db);
    stg_close(s);
}

static void opening_reads_the_tables_alone(void)
{
    unsigned long long before, after;
    struct db_core *db;
    struct table *t;
    struct stg *s;

    fixture();
    make_package();
    before = bytes_read();
    ok(!stg_open(path, STG_READ, &s), "open\n");
    ok(!db_core_open(s, &db), "database\n");
    ok(!db_core_table(db, u"T", 1, &t), "table\n");
    ok(tbl_rows(t) == 1, "%u rows\n", tbl_rows(t));
    after = bytes_read();
    ok(!before || after - before < TOUCHED, "%llu bytes read\n", after - before);
    db_core_free(db);
    stg_close(s);
    os_remove(path);
}

START_TEST(msi_lazy)
{
    RUN(opening_reads_the_tables_alone);
}
