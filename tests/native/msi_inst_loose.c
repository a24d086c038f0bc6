/*
 * Single files beside the package.
 */
#include "notice.h"
#include "package_fixture.h"

#define FILE_TABLE                                                                   \
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language " \
    "S20;Attributes I2;Sequence i2"
#define MEDIA_TABLE "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255"
#define APP         "drive_c/Program Files (x86)/App/"

static const char *const install[] = {"RemoveFiles", "CreateFolders", "InstallFiles", NULL};

static const char *const install_all[] = {"CreateFolders", "InstallFiles", "DuplicateFiles",
                                          "WriteIniValues", NULL};

static void they_are_copied(void)
{
    struct database *db = package_begin("files");
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "one;c;ONE~1|One.txt;3;;;8192;1");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;");
    mkdir(package_path("app"), 0755);
    package_file("app/one.txt", "loose", 5);
    s = package_open(db);
    s->word_count = 0;
    ok(!package_do(s, install), "install\n");
    HAS(APP "One.txt", "loose");
    unlink(package_path("app/one.txt"));
    rmdir(package_path("app"));
    package_end(s);
}

/* Before any other is put: where rollback is off that one would stay. */
static void a_missing_one_is_told_first(void)
{
    struct database *db = package_begin("files");
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "one;c;One.txt;3;;;8192;1", "two;c;Two.txt;3;;;8192;2");
    INST_TABLE(db, MEDIA_TABLE, "1;2;;");
    mkdir(package_path("app"), 0755);
    package_file("app/one.txt", "loose", 5);
    s = package_open(db);
    s->word_count = 0;
    inst_set(s, "DISABLEROLLBACK", "1");
    ok(package_do(s, install) == ERROR_FILE_NOT_FOUND, "two is missing\n");
    HAS(APP "One.txt", NULL);
    unlink(package_path("app/one.txt"));
    rmdir(package_path("app"));
    package_end(s);
}

static i32 told; /* the number of the error that was told, beside its text for everybody */

static int hear(struct session *s, u32 type, struct record *r)
{
    (void)s;
    if (type == NOTICE_ERROR)
        told = rec_get_int(r, 1);
    return 0;
}

/* 2602: a file that is numbered past every medium. */
static void a_file_has_to_be_on_a_medium(void)
{
    struct database *db = package_begin("files");
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "one;c;One.txt;3;;;8192;2");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;");
    mkdir(package_path("app"), 0755);
    package_file("app/one.txt", "loose", 5);
    s = package_open(db);
    s->word_count = 0;
    told = 0;
    notice_to(hear);
    ok(package_do(s, install) == ERROR_INSTALL_FAILURE, "it is on none\n");
    notice_to(NULL);
    ok(told == 2602, "told %d\n", told);
    HAS(APP "One.txt", NULL);
    unlink(package_path("app/one.txt"));
    rmdir(package_path("app"));
    package_end(s);
}

/* A write fails, the n-th: of what cannot be undone nothing stays but what is whole. */
static u32 fail_without_rollback(u32 n, u32 *total)
{
    struct database *db = package_begin("files");
    struct session *s;
    char *now;
    u32 err;

    INST_TABLE(db, FILE_TABLE, "one;c;One.txt;3;;;8192;1");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;");
    INST_TABLE(db, "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255",
               "d;c;one;Two.txt");
    INST_TABLE(db,
               "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;"
               "Value l255;Action i2;Component_ s72",
               "i;a.ini;INSTALLDIR;s;k;v;0;c");
    mkdir(package_path("app"), 0755);
    package_file("app/one.txt", "loose", 5);
    s = package_open(db);
    s->word_count = 0;
    inst_set(s, "DISABLEROLLBACK", "1");
    os_fault(OS_FAULT_WRITE, n, false);
    err = package_do(s, install_all);
    *total = os_fault_count(OS_FAULT_WRITE);
    os_fault(OS_FAULT_WRITE, 0, false);
    now = target_show();
    ok(!strstr(now, " 0 bytes"), "failure %u: %s\n", n, now);
    free(now);
    unlink(package_path("app/one.txt"));
    rmdir(package_path("app"));
    package_end(s);
    return err;
}

static void no_part_of_a_file_stays(void)
{
    u32 total, unused, failed = 0;

    ok(!fail_without_rollback(0x7fffffff, &total), "install\n");
    for (u32 n = 1; n <= total; n++)
        failed += fail_without_rollback(n, &unused) != 0;
    ok(failed >= 3, "%u of %u failed\n", failed, total);
}

START_TEST(msi_inst_loose)
{
    regmem_start();
    RUN(they_are_copied);
    RUN(a_missing_one_is_told_first);
    RUN(a_file_has_to_be_on_a_medium);
    RUN(no_part_of_a_file_stays);
}
