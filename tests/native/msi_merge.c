/*
 * Merging two databases.
 */
#include "db_fixture.h"
#include "merge.h"

static void what_is_missing_is_added(void)
{
    struct mem_db to = mem_db(), from = mem_db();

    build(&to, "T;K s72 k;V L0", "own;1", "both;x", NULL);
    build(&from, "T;K s72 k;V L0", "new;2", "both;x", NULL);
    build(&from, "U;K i2 k;D V0", "1;bytes", "2;", NULL);
    ok(!merge_databases(to.core, from.core, u"Errors", NULL), "merge\n");
    SHOWS(&to, "T", "K s72!V L0;\nboth;x\nnew;2\nown;1");
    SHOWS(&to, "U", "K i2!D V0;\n1;bytes\n2;");
    ok(!has_table(&to, "Errors"), "errors without one\n");
    mem_db_free(&to);
    mem_db_free(&from);
}

static void rows_that_differ_are_counted(void)
{
    struct mem_db to = mem_db(), from = mem_db();

    build(&to, "A;K s72 k", "x", NULL);
    build(&to, "T;K s72 k;V L0", "a;1", "b;2", "c;3", NULL);
    build(&to, "S;K s72 k;V V0", "a;bytes", NULL);
    build(&from, "A;K s72 k", "y", NULL);
    build(&from, "T;K s72 k;V L0", "a;9", "b;2", "c;9", "d;4", NULL);
    build(&from, "S;K s72 k;V V0", "a;other", NULL);
    ok(merge_databases(to.core, from.core, u"Errors", NULL) == ERROR_FUNCTION_FAILED, "merge\n");
    SHOWS(&to, "Errors", "Table s255!NumRowMergeConflicts i2;\nS;1\nT;2");
    SHOWS(&to, "A", "K s72!\nx\ny");
    SHOWS(&to, "T", "K s72!V L0;\na;1\nb;2\nc;3");
    ok(merge_databases(to.core, from.core, NULL, NULL) == ERROR_FUNCTION_FAILED,
       "without a table\n");
    ok(merge_databases(to.core, from.core, u"Errors", NULL) == ERROR_FUNCTION_FAILED, "again\n");
    SHOWS(&to, "Errors", "Table s255!NumRowMergeConflicts i2;\nS;1\nT;2");
    mem_db_free(&to);
    mem_db_free(&from);
}

/* The other schema, and nothing happens at all. */
static void mismatch(const char *schema)
{
    struct mem_db to = mem_db(), from = mem_db();
    char *before, *after;

    build(&to, "T;K s72 k;V L10;N I2", NULL);
    build(&from, "A;K s72 k", "new", NULL);
    add_table(&from, schema);
    before = show(&to);
    ok(merge_databases(to.core, from.core, u"Errors", NULL) == ERROR_DATATYPE_MISMATCH, "%s\n",
       schema);
    after = show(&to);
    ok(!strcmp(before, after), "changed to %s\n", after);
    free(before);
    free(after);
    mem_db_free(&to);
    mem_db_free(&from);
}

static void other_schemas_are_refused(void)
{
    mismatch("T;K s72 k;V L10;N I2;M I2");
    mismatch("T;K s72 k;V L10;N I4");
    mismatch("T;K s72 k;V l10;N I2");
    mismatch("T;K s72 k;V L10;X I2");
    mismatch("T;K s72 k;V V0;N I2");
    mismatch("T;K s72 k;V L10 k;N I2");
}

static void a_table_may_have_more_columns_than_what_comes(void)
{
    struct mem_db to = mem_db(), from = mem_db();

    build(&to, "T;K s72 k;V L10;N I2", "a;1;5", NULL);
    build(&from, "T;K s72 k;V L10", "a;1", "b;2", NULL);
    ok(!merge_databases(to.core, from.core, u"Errors", NULL), "merge\n");
    SHOWS(&to, "T", "K s72!V L10;N I2;\na;1;5\nb;2;");
    ok(!has_table(&to, "Errors"), "errors without one\n");
    mem_db_free(&to);
    mem_db_free(&from);
}

static void widths_grow(void)
{
    struct mem_db to = mem_db(), from = mem_db();

    build(&to, "T;K s20 k;V L50;W S0", NULL);
    build(&from, "T;K s72 k;V S20;W S10", NULL);
    ok(!merge_databases(to.core, from.core, NULL, NULL), "merge\n");
    SHOWS(&to, "T", "K s72!V L50;W S0;");
    ok(!db_core_save(to.core), "save\n");
    db_core_free(to.core);
    ok(!db_core_open(to.stg, &to.core), "open\n");
    SHOWS(&to, "T", "K s72!V L50;W S0;");
    mem_db_free(&to);
    mem_db_free(&from);
}

static void code_pages_must_agree(void)
{
    struct mem_db to = mem_db(), from = mem_db();

    sp_set_codepage(db_core_strings(to.core), 1252);
    build(&from, "T;K s72 k", "x", NULL);
    ok(!merge_databases(to.core, from.core, NULL, NULL), "a neutral one\n");
    sp_set_codepage(db_core_strings(from.core), 1250);
    ok(merge_databases(to.core, from.core, NULL, NULL) == ERROR_DATATYPE_MISMATCH, "another one\n");
    mem_db_free(&to);
    mem_db_free(&from);
}

static void without_memory_at_any_moment(void)
{
    for (u32 n = 1; n < 1000; n++) {
        struct mem_db to = mem_db(), from = mem_db();
        u32 err, calls;

        build(&to, "T;K s72 k;V L0", "a;1", NULL);
        build(&from, "T;K s72 k;V L0", "a;2", NULL);
        build(&from, "U;K i2 k;D V0", "1;bytes", NULL);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = merge_databases(to.core, from.core, u"Errors", NULL);
        calls = os_fault_count(OS_FAULT_ALLOC);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(err == ERROR_OUTOFMEMORY || err == ERROR_FUNCTION_FAILED, "fault %u gives %u\n", n, err);
        mem_db_free(&to);
        mem_db_free(&from);
        if (calls < n)
            return;
    }
    ok(0, "never came through\n");
}

START_TEST(merge)
{
    RUN(what_is_missing_is_added);
    RUN(rows_that_differ_are_counted);
    RUN(other_schemas_are_refused);
    RUN(a_table_may_have_more_columns_than_what_comes);
    RUN(widths_grow);
    RUN(code_pages_must_agree);
    RUN(without_memory_at_any_moment);
}
