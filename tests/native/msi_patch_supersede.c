/*
 * Failures and kills while a patch takes the place of another, and while that comes back.
 */
#include "patch_faults_fixture.h"

static void one_takes_the_place_of_another(void)
{
    failures(SUPERSEDING, 3);
    kills(SUPERSEDING, 41);
}

static void one_comes_back(void)
{
    failures(RETURNING, 3);
    kills(RETURNING, 41);
}

START_TEST(msi_patch_supersede)
{
    struct msp newer = one;

    faults_folder = "supersede";
    patched_make(faults_folder);
    newer.name = "newer.msp";
    newer.code = THREE;
    newer.sequence = "1.2.7";
    newer.contents[0] = "NEW1";
    newer.supersedes = true;
    msp_make(&newer);
    RUN(one_takes_the_place_of_another);
    RUN(one_comes_back);
    package_end(NULL);
}
