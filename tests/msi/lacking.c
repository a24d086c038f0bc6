/*
 * What is said of a source that lacks something, or of a target where something stands in the way:
 * the errors of "Windows Installer Error Messages", for a package of one file.
 */
#include "actions.h"
#include "onecab.h"

static const char *name;

/* Its file is in that cabinet. */
static void make_with_cabinet(const char *cabinet)
{
    MSIHANDLE db = begin_package(name = new_name());
    char query[100];

    must_run(db, "UPDATE `File` SET `Attributes` = 16384");
    snprintf(query, sizeof(query), "UPDATE `Media` SET `Cabinet` = '%s'", cabinet);
    must_run(db, query);
    end_package(db);
}

static void make_loose(void)
{
    end_package(begin_package(name = new_name()));
}

/* All of it fails, and says so with that number. */
static void fails_with(const char *number, const char *what)
{
    UINT err = install(name, "");

    ok(err == ERROR_INSTALL_FAILURE, "%s: %u\n", what, err);
    differs("windows-installer-error-messages")
        ok(said(number), "%s said %s\n", what, actions_said);
    ok(!is_there(), "%s: the file is there\n", what);
}

static void a_file_that_is_not_there(void)
{
    make_loose();
    DeleteFileA("src\\long name.txt");
    fails_with("1309", "no file");
    differs("windows-installer-error-messages")
        ok(said("src\\long name.txt") && said("code: 2"), "%s\n", actions_said);
}

static void a_cabinet_that_is_not_there(void)
{
    make_with_cabinet("none.cab");
    fails_with("1311", "no cabinet");
    differs("windows-installer-error-messages") ok(said("none.cab"), "%s\n", actions_said);
    make_with_cabinet("#none");
    fails_with("2356", "no stream");
}

static void a_cabinet_that_is_none(void)
{
    make_with_cabinet("bad.cab");
    write_file("bad.cab", "this is no cabinet, but as long as the head of one is", 54);
    fails_with("1335", "no cabinet");
    write_file("bad.cab", "", 0);
    fails_with("1335", "empty");
    make_onecab("bad.cab", "another", "bytes");
    fails_with("1334", "without the file");
    differs("windows-installer-error-messages")
        ok(said("'file1'") && said("bad.cab"), "%s\n", actions_said);
    DeleteFileA("bad.cab");
}

static void what_stands_in_the_way(void)
{
    char path[MAX_PATH + 64];

    make_loose();
    write_file("target", "x", 1);
    fails_with("1312", "a file for the folder");
    DeleteFileA("target");
    CreateDirectoryA("target", NULL);
    snprintf(path, sizeof(path), "%s\\long name.txt", actions_target);
    CreateDirectoryA(path, NULL);
    actions_said[0] = 0;
    ok(install(name, "") == ERROR_INSTALL_FAILURE, "a folder for the file\n");
    differs("windows-installer-error-messages") ok(said("1301"), "said %s\n", actions_said);
    RemoveDirectoryA(path);
    RemoveDirectoryA("target");
    strcpy(actions_target, "Q:\\folder");
    fails_with("1327", "no drive");
    differs("windows-installer-error-messages") ok(said("Q:\\"), "said %s\n", actions_said);
}

START_TEST(lacking)
{
    test_dll("msi");
    wait_for_turn();
    RUN(a_file_that_is_not_there);
    RUN(a_cabinet_that_is_not_there);
    RUN(a_cabinet_that_is_none);
    RUN(what_stands_in_the_way);
}
