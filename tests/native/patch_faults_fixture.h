/*
 * Failures and kills at every step while patches of the product come or go.
 */
#ifndef TEST_PATCH_FAULTS_FIXTURE_H
#define TEST_PATCH_FAULTS_FIXTURE_H

#include "delta_fixture.h"
#include "sweep_fixture.h"

static const char *faults_folder;

enum patch_way { APPLYING, REMOVING, CHANGING, SUPERSEDING, RETURNING, WAYS };

/* What is there before, and what is done then. */
static const struct {
    const char *there, *property, *files;
} ways[WAYS] = {
    {NULL, "PATCH", "one.msp;two.msp"},
    {"one.msp;two.msp", "MSIPATCHREMOVE", "two.msp"},
    {NULL, "PATCH", "delta1.msp;delta2.msp"},
    {"one.msp", "PATCH", "newer.msp"}, /* which supersedes it */
    {"one.msp;newer.msp", "MSIPATCHREMOVE", "newer.msp"},
};

static enum patch_way way;

static void start(void)
{
    patched_machine(faults_folder);
    ok(!patched_run(NULL, "", ""), "install\n");
    if (ways[way].there)
        ok(!patched_run("PATCH", ways[way].there, ""), "patch\n");
}

static struct session *open_way(void)
{
    struct session *s = NULL;
    u32 err = patched_open(ways[way].property, ways[way].files, "", &s);

    ok(!err, "open: %u\n", err);
    return s;
}

/* What tells the two states apart. */
static bool is_done(void)
{
    static const char *const ones[WAYS] = {"ONE!", "ONE!", "one-2", "NEW1", "ONE!"};

    return sweep_has(APP "one.txt", ones[way]) &&
           sweep_has(APP "two.txt", way ? "two" : "TWO-TWO") &&
           sweep_has(APP "three.txt", way ? NULL : "three");
}

static const struct sweep_case patching_case = {start, open_way, NULL, is_done, NULL};

TEST_UNUSED static void failures(enum patch_way which, u32 tries)
{
    way = which;
    sweep_failures(&patching_case, tries);
}

TEST_UNUSED static void kills(enum patch_way which, u32 step)
{
    way = which;
    sweep_kills(&patching_case, step);
}

#endif
