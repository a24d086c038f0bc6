/*
 * Failures while a patch is applied or removed, and kills at every step: afterwards everything is
 * as it was, or all is done.
 */
#include "patch_faults_fixture.h"

static void failures_of_applying(void)
{
    failures(APPLYING, 15);
}

static void failures_of_removing(void)
{
    failures(REMOVING, 15);
}

/* --- opening without memory ---------------------------------------------------------------------
 */

static void no_memory_for_opening(void)
{
    struct session *s = NULL;
    u32 total, failed = 0;

    way = REMOVING;
    start();
    os_fault(OS_FAULT_ALLOC, 0x7fffffff, false);
    ok(!patched_open("MSIPATCHREMOVE", "two.msp", "", &s), "open\n");
    total = os_fault_count(OS_FAULT_ALLOC);
    os_fault(OS_FAULT_ALLOC, 0, false);
    inst_close(s);
    for (u32 n = 40; n <= total; n += MAX(total / 100, 1u)) {
        struct session_options how = {.command_line = u"MSIPATCHREMOVE=" TWO};
        struct database *db = NULL;
        u32 err;

        ok(!db_open(text16(package_path("package.msi")), DB_READONLY, false, &db), "open\n");
        os_fault(OS_FAULT_ALLOC, n, false);
        err = session_open(db, &how, &s);
        os_fault(OS_FAULT_ALLOC, 0, false);
        obj_unref(db_object(db));
        failed += err != 0;
        if (!err)
            inst_close(s);
    }
    ok(failed > 50, "%u failed\n", failed);
    target_end();
}

static void kills_while_applying(void)
{
    kills(APPLYING, 7);
}

static void kills_while_removing(void)
{
    kills(REMOVING, 7);
}

START_TEST(msi_patch_faults)
{
    faults_folder = "patchfaults";
    patched_make(faults_folder);
    RUN(failures_of_applying);
    RUN(failures_of_removing);
    RUN(no_memory_for_opening);
    RUN(kills_while_applying);
    RUN(kills_while_removing);
    package_end(NULL);
}
