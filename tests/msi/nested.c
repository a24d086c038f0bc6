/*
 * Concurrent installations: a package whose custom actions install and remove another one.
 */
#include "three_packages.h"

static void add_other(MSIHANDLE db, int n)
{
    char query[400];

    if (n)
        return;
    change(db, "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES "
               "('Other', 23, 'p1.msi', 'INSTALLDIR=\"[HOME]\\target1\" CMD=\"[CMD]\" [MORE]')");
    change(db, "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES "
               "('May', 87, 'p1.msi', 'INSTALLDIR=\"[HOME]\\target1\" CMD=\"[CMD]\" [MORE]')");
    snprintf(query, sizeof(query),
             "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES "
             "('OtherGoes', 39, '%s', 'REMOVE=ALL')",
             code_of(1));
    change(db, query);
    change(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
               "('Other', 'OTHER AND NOT Installed', 1045)");
    change(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
               "('May', 'MAY AND NOT Installed', 1046)");
    change(db, "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
               "('OtherGoes', 'GOES', 1047)");
}

static UINT outer(const char *more)
{
    char line[MAX_PATH * 2];

    snprintf(line, sizeof(line), "HOME=\"%s\" %s", folder, more);
    return install(0, line);
}

static void both_or_none(void)
{
    UINT err = outer("OTHER=1");

    ok(!err, "install: %u\n", err);
    ok(there(0) && there(1), "both are there\n");
    err = MsiConfigureProductExA(code_of(0), INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT, "GOES=1");
    ok(!err, "remove: %u\n", err);
    ok(!there(0) && !there(1), "both are gone\n");
    err = outer("OTHER=1 FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "the outer one fails: %u\n", err);
    ok(!there(0) && !there(1), "nothing is there\n");
    err = outer("OTHER=1 MORE=\"FAIL=1\"");
    ok(err == ERROR_INSTALL_FAILURE, "the inner one fails: %u\n", err);
    ok(!there(0) && !there(1), "nothing is there\n");
}

static void one_that_may_fail(void)
{
    UINT err = outer("MAY=1 MORE=\"FAIL=1\"");

    ok(!err, "install: %u\n", err);
    ok(there(0) && !there(1), "the outer one alone\n");
    remove_all();
}

START_TEST(nested)
{
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        skip("nothing is undone\n");
        return;
    }
    package_more = add_other;
    make_all();
    RUN(both_or_none);
    RUN(one_that_may_fail);
}
