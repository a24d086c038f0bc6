/*
 * Single files beside the package.
 */
#include "package_fixture.h"

#define FILE_TABLE                                                                   \
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language " \
    "S20;Attributes I2;Sequence i2"
#define MEDIA_TABLE "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255"
#define APP         "drive_c/Program Files (x86)/App/"

static const char *const install[] = {"RemoveFiles", "CreateFolders", "InstallFiles", NULL};

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

START_TEST(msi_inst_loose)
{
    regmem_start();
    RUN(they_are_copied);
    RUN(a_missing_one_is_told_first);
}
