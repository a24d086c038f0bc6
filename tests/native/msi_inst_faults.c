/*
 * Failures while a package with files, folders, shortcuts, duplicates and moves is installed or
 * removed: afterwards everything is as it was, or all is done.
 */
#include "package_fixture.h"
#include "run.h"

#define APP "drive_c/Program Files (x86)/App/"

static const char *const install[] = {
    "MoveFiles",       "RemoveFiles", "CreateFolders", "InstallFiles", "DuplicateFiles",
    "CreateShortcuts", NULL};
static const char *const removal[] = {"RemoveShortcuts", "RemoveDuplicateFiles", "RemoveFiles",
                                      "RemoveFolders", NULL};

static void make_package(void)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, 0x58a1, 0x6000, 0x20},
                                             {"two", 5, 3, 0, 0x58a1, 0x6000, 0x21}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "onetwo22", .len = 8, .made = 8};
    struct database *db = package_begin("faults");
    struct buf cab = {0};

    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "one;c;ONE~1|One.txt;3;;;16384;1", "two;c;two.txt;5;;;16386;2",
               "loose;c;loose.txt;5;;;8192;3");
    INST_TABLE(db, "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255", "1;3;;#in.cab");
    INST_TABLE(db,
               "RemoveFile;FileKey s72 k;Component_ s72;FileName L255;DirProperty s72;InstallMode "
               "i2",
               "r;c;*.old;INSTALLDIR;1");
    INST_TABLE(db,
               "MoveFile;FileKey s72 k;Component_ s72;SourceName L255;DestName L255;SourceFolder "
               "S72;DestFolder s72;Options i2",
               "m;c;moved.txt;;TARGETDIR;INSTALLDIR;1");
    INST_TABLE(db,
               "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255;DestFolder S72",
               "d;c;one;copy.txt;");
    INST_TABLE(db,
               "Shortcut;Shortcut s72 k;Directory_ s72;Name l128;Component_ s72;Target "
               "s72;Arguments S255;Description L255;Hotkey I2;Icon_ S72;IconIndex I2;ShowCmd "
               "I2;WkDir S72",
               "s;INSTALLDIR;Link;c;[#one];;;;;;1;INSTALLDIR");
    INST_TABLE(db, "CreateFolder;Directory_ s72 k;Component_ s72 k", "INSTALLDIR;c");
    package_save(db);
    mkdir(package_path("App"), 0755);
    package_file("App/loose.txt", "loose", 5);
}

static void machine(bool installed)
{
    struct reg_key *key;

    regmem_start();
    target_start("faults");
    ok(!reg_make(REG_MACHINE, u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer", &key),
       "key\n");
    ok(!reg_set(key, u"v", REG_TYPE_SZ, u"v", 4), "value\n");
    reg_close(key);
    target_folder("drive_c/Program Files (x86)");
    if (!installed) {
        target_folder("drive_c/Program Files (x86)/App");
        target_file(APP "one.txt", "before");
        target_file(APP "a.old", "old");
        target_file(APP "Link.lnk", "a link of before");
        target_file("drive_c/moved.txt", "moved");
        ok(!chmod(target_path(APP "one.txt"), 0444), "chmod\n");
    }
    target_age();
}

static char *state(void)
{
    char *files = target_show(), *reg = regmem_show();
    char *all = calloc(1, strlen(files) + strlen(reg) + 1);

    sprintf(all, "%s%s", files, reg);
    free(files);
    free(reg);
    return all;
}

/* Planned, up to where it would be run. */
static struct session *planned(const char *const *actions, bool removes)
{
    struct session *s = package_open_file();

    inst_set(s, "REINSTALLMODE", "a");
    inst_cost(s);
    if (removes)
        package_removes(s, "c");
    for (; *actions; actions++)
        ok(!inst_act(s, *actions), "plan %s\n", *actions);
    return s;
}

static void put_there(void)
{
    struct session *s = planned(install, false);

    ok(!inst_act(s, "InstallFinalize"), "installed\n");
    inst_close(s);
}

/* Times of what is made anew are no part of a state; those of what was there are. So the states
 * after are not compared with each other. */
static u32 one_failure(enum os_fault_kind kind, u32 n, bool removes, u32 *total)
{
    struct session *s;
    char *before, *after;
    u32 err;

    machine(removes);
    if (removes) {
        put_there();
        target_age();
    }
    s = planned(removes ? removal : install, removes);
    before = state();
    os_fault(kind, n, false);
    err = inst_act(s, "InstallFinalize");
    *total = os_fault_count(kind);
    os_fault(kind, 0, false);
    inst_close(s);
    ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
    after = state();
    if (err)
        ok(!strcmp(before, after), "kind %u, failure %u:\n%s-- after\n%s", kind, n, before, after);
    else if (removes)
        HAS(APP "One.txt", NULL);
    else
        HAS(APP "One.txt", "one");
    free(before);
    free(after);
    return err;
}

static void sweep(enum os_fault_kind kind, u32 most, bool removes)
{
    u32 total, unused, step, failed = 0, tried = 0;

    one_failure(kind, 0x7fffffff, removes, &total);
    ok(total > 0, "kind %u: %u calls\n", kind, total);
    step = MAX(total / most, 1u);
    for (u32 n = 1; n <= total; n += step) {
        failed += one_failure(kind, n, removes, &unused) != 0;
        tried++;
    }
    ok(failed > tried / 4, "kind %u: %u of %u failed\n", kind, failed, tried);
}

static void failures_of_installing(void)
{
    sweep(OS_FAULT_WRITE, 200, false);
    sweep(OS_FAULT_RENAME, 200, false);
    sweep(OS_FAULT_SYNC, 200, false);
    sweep(OS_FAULT_ALLOC, 150, false);
}

static void failures_of_removing(void)
{
    sweep(OS_FAULT_WRITE, 200, true);
    sweep(OS_FAULT_RENAME, 200, true);
    sweep(OS_FAULT_SYNC, 200, true);
    sweep(OS_FAULT_ALLOC, 150, true);
}

/* The folder of the files is a link to another device, say: nothing can be renamed into it. */
static void failures_of_what_is_apart(void)
{
    tgt_be_apart(true);
    sweep(OS_FAULT_WRITE, 200, false);
    sweep(OS_FAULT_RENAME, 200, false);
    sweep(OS_FAULT_SYNC, 200, false);
    sweep(OS_FAULT_WRITE, 200, true);
    sweep(OS_FAULT_RENAME, 200, true);
    tgt_be_apart(false);
}

START_TEST(msi_inst_faults)
{
    regmem_start();
    make_package();
    RUN(failures_of_installing);
    RUN(failures_of_removing);
    RUN(failures_of_what_is_apart);
    unlink(package_path("App/loose.txt"));
    rmdir(package_path("App"));
    package_end(NULL);
}
