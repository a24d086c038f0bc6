/*
 * Patches are removed: what they changed is as it was, and what they brought is gone.
 */
#include "patch_product_fixture.h"

#include "products.h"

static void start(void)
{
    patched_machine("patchremove");
    ok(!patched_run(NULL, "", ""), "install\n");
}

static void patch_state_is(int line, const char *code, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err = product_find(CODE, &p) ? patch_property(&p, text16(code), u"State", &text)
                                     : ERROR_UNKNOWN_PRODUCT;

    if (!want)
        ok(err == ERROR_UNKNOWN_PATCH, "line %d: %u\n", line, err);
    else
        ok(!err && u16_is(text, u16_len(text), want), "line %d: not %s\n", line, want);
    if (!err)
        os_free(text);
}
#define STATE(code, want) patch_state_is(__LINE__, code, want)

static void state_is(int line, const char *before)
{
    char *after = machine_state();

    ok(!strcmp(before, after), "line %d:\n%s-- after\n%s", line, before, after);
    free(after);
}

/* Applied and removed, nothing tells of it. */
static void there_and_back(const char *name, const char *code)
{
    char *before, line[100];

    start();
    before = machine_state();
    ok(!patched_run("PATCH", name, ""), "patch\n");
    STATE(code, "1");
    snprintf(line, sizeof(line), "MSIPATCHREMOVE=%s", code);
    ok(!patched_run(NULL, "", line), "remove\n");
    STATE(code, NULL);
    state_is(__LINE__, before);
    free(before);
    target_end();
}

static void a_small_update_goes(void)
{
    there_and_back("one.msp", ONE);
}

static void a_service_pack_goes_with_what_it_brought(void)
{
    there_and_back("two.msp", TWO);
}

static void by_its_file(void)
{
    start();
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    ok(!patched_run("MSIPATCHREMOVE", "one.msp", ""), "remove\n");
    HAS(APP "one.txt", "one");
    target_end();
}

static void others_stay(void)
{
    start();
    ok(!patched_run("PATCH", "one.msp;two.msp;three.msp", ""), "patch\n");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" ONE), "remove one\n");
    HAS(APP "one.txt", "one");
    HAS(APP "two.txt", "twoTWO");
    HAS(APP "three.txt", "three");
    STATE(TWO, "1");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" THREE), "remove three\n");
    HAS(APP "two.txt", "TWO-TWO");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" TWO), "remove two\n");
    HAS(APP "two.txt", "two");
    HAS(APP "three.txt", NULL);
    target_end();
}

/* What a service pack was for goes with it from the database, but stays known. */
static void what_needs_it_sleeps(void)
{
    start();
    ok(!patched_run("PATCH", "two.msp;three.msp", ""), "patch\n");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" TWO), "remove two\n");
    HAS(APP "two.txt", "two");
    STATE(THREE, "4");
    ok(!patched_run("PATCH", "two.msp", ""), "again\n");
    HAS(APP "two.txt", "twoTWO");
    STATE(THREE, "1");
    target_end();
}

static void what_was_superseded_comes_back(void)
{
    struct msp newer = one;

    newer.name = "newer.msp";
    newer.code = THREE;
    newer.sequence = "1.2.7";
    newer.contents[0] = "NEW1";
    newer.supersedes = true;
    msp_make(&newer);
    start();
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    ok(!patched_run("PATCH", "newer.msp", ""), "newer\n");
    STATE(ONE, "2");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" THREE), "remove\n");
    HAS(APP "one.txt", "ONE!");
    STATE(ONE, "1");
    target_end();
    msp_make(&three);
}

static void errors(void)
{
    struct msp stays = one;
    char *before;

    stays.name = "stays.msp";
    stays.code = THREE;
    stays.stays = true;
    msp_make(&stays);
    start();
    ok(!patched_run("PATCH", "stays.msp", ""), "patch\n");
    before = machine_state();
    ok(patched_run(NULL, "", "MSIPATCHREMOVE=" ONE) == ERROR_UNKNOWN_PATCH, "unknown\n");
    ok(patched_run(NULL, "", "MSIPATCHREMOVE=" THREE) == ERROR_PATCH_REMOVAL_UNSUPPORTED,
       "stays\n");
    ok(patched_run("MSIPATCHREMOVE", "none.msp", "") == ERROR_PATCH_PACKAGE_OPEN_FAILED,
       "no file\n");
    state_is(__LINE__, before);
    free(before);
    target_end();
    msp_make(&three);
}

START_TEST(msi_patch_remove)
{
    patched_make("patchremove");
    RUN(a_small_update_goes);
    RUN(a_service_pack_goes_with_what_it_brought);
    RUN(by_its_file);
    RUN(others_stay);
    RUN(what_needs_it_sleeps);
    RUN(what_was_superseded_comes_back);
    RUN(errors);
    package_end(NULL);
}
