/*
 * Failures and kills while the bytes of a file are changed by the deltas of two patches.
 */
#include "patch_faults_fixture.h"

static void failures_of_changing_bytes(void)
{
    failures(CHANGING, 15);
}

static void kills_while_changing_bytes(void)
{
    kills(CHANGING, 13);
}

START_TEST(msi_patch_deltafaults)
{
    faults_folder = "deltafaults";
    patched_make(faults_folder);
    deltas_make();
    delta_use(delta_by_text);
    RUN(failures_of_changing_bytes);
    RUN(kills_while_changing_bytes);
    package_end(NULL);
}
