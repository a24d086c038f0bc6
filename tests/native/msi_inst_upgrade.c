/*
 * Upgrades with RemoveExistingProducts in each of its places: done; and failures and kills at every
 * step, after which the old product is there or the new one, or what the place says.
 */
#include "upgrade_fixture.h"

static const char *const packages[PLACES] = {"upgrade0.msi", "upgrade1.msi", "upgrade2.msi",
                                             "upgrade3.msi"};

static void the_new_one_takes_the_place_of_the_old(void)
{
    for (u32 place = 0; place < PLACES; place++) {
        u32 err;

        upgrade_start();
        ok(upgrade_there(CODE), "the old one\n");
        err = patched_run_of(packages[place], NULL, "", "");
        ok(!err && upgrade_is_done(), "place %u: %u\n", place, err);
        ok(!patched_run_of(packages[place], NULL, "", "REMOVE=ALL"), "removed\n");
        HAS(APP "one.txt", NULL);
        target_end();
    }
}

/* --- failures and kills -------------------------------------------------------------------------
 */

static enum upgrade_place now;

static struct session *open_it(void)
{
    struct session *s = NULL;

    ok(!patched_open_of(packages[now], NULL, "", "", &s), "open\n");
    return s;
}

/* Where the removal is before the installation, the old one may be gone and nothing else there;
 * where it is after it, both may. */
static bool is_between(void)
{
    bool old = upgrade_there(CODE), fresh = upgrade_there(NEW_CODE);

    if (now == BEFORE_ALL)
        return !old && !fresh && sweep_has(APP "one.txt", NULL) &&
               !sweep_count("drive_c/windows/Installer", ".msi");
    return now == AFTER_ALL && old && fresh && sweep_has(APP "one.txt", "ONE!") &&
           sweep_count("drive_c/windows/Installer", ".msi") == 2;
}

static void sweep(enum upgrade_place place)
{
    static const struct sweep_case c = {upgrade_start, open_it, NULL, upgrade_is_done, is_between};

    now = place;
    sweep_failures(&c, 4);
    sweep_kills(&c, 41);
}

static void removed_before_all(void)
{
    sweep(BEFORE_ALL);
}

static void removed_at_the_beginning(void)
{
    sweep(AT_THE_BEGINNING);
}

static void removed_at_the_end(void)
{
    sweep(AT_THE_END);
}

static void removed_after_all(void)
{
    sweep(AFTER_ALL);
}

START_TEST(msi_inst_upgrade)
{
    upgrade_make("upgrade");
    RUN(the_new_one_takes_the_place_of_the_old);
    RUN(removed_before_all);
    RUN(removed_at_the_beginning);
    RUN(removed_at_the_end);
    RUN(removed_after_all);
    package_end(NULL);
}
