/*
 * Packages that would never end, or fill the memory: an error, soon, and nothing touched.
 */
#include "package_fixture.h"

/* Each text is two of the one before: forty of them are a terabyte. */
static void texts_that_double_end_in_an_error(void)
{
    struct database *db;
    struct session *s;
    u32 err = ERROR_SUCCESS, n = 0;

    regmem_start();
    target_start("hostile");
    db = inst_package();
    INST_TABLE(db, "CustomAction;Action s72 k;Type i2;Source S72;Target S255",
               "Double;51;X;[X][X][X][X]");
    s = inst_open(db);
    inst_set(s, "X", "0123456789abcdef");
    for (; !err && n < 40; n++)
        err = inst_act(s, "Double");
    ok(err, "%u times, and no error\n", n);
    inst_close(s);
    target_end();
}

/* A sequence that runs itself. */
static void a_sequence_in_a_ring_is_an_error(void)
{
    struct database *db;
    struct session *s;
    u32 err;

    regmem_start();
    target_start("hostile");
    db = inst_package();
    INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "ExecuteAction;;100");
    s = inst_open(db);
    err = inst_act(s, "INSTALL");
    ok(err, "no error\n");
    inst_close(s);
    target_end();
}

START_TEST(msi_inst_hostile)
{
    RUN(texts_that_double_end_in_an_error);
    RUN(a_sequence_in_a_ring_is_an_error);
}
