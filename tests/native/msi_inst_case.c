/*
 * Names of files in cabinets, and keys, that differ in case alone.
 */
#include "package_fixture.h"
#include "target.h"

#define FILE_TABLE                                                                   \
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language " \
    "S20;Attributes "                                                                \
    "I2;Sequence i2"
#define MEDIA_TABLE "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255"
#define APP         "drive_c/Program Files (x86)/App/"

static const char *const install[] = {"CreateFolders", "InstallFiles", NULL};

enum { DATE = 0x58a1 /* 1 May 2024 */, TIME = 0x6000 /* 12:00 */ };

/* The cabinet has a file more, whose name differs from the key's in case: it is not the one. */
static void a_name_in_another_case_before_the_very_one(void)
{
    static const struct cab_entry files[] = {{"one", 5, 0, 0, DATE, TIME, 0x20},
                                             {"ONE", 3, 5, 0, DATE, TIME, 0x20}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "one22ONE", .len = 8, .made = 8};
    struct database *db = package_begin("files");
    struct buf cab = {0};
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "ONE;c;big.txt;3;;;16384;1");
    INST_TABLE(db, MEDIA_TABLE, "1;2;;#in.cab");
    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "big.txt", "ONE");
    package_end(s);
}

/* The names of a folder are known to the engine, which itself makes and removes them. */
static void a_name_that_went_comes_back_in_another_case(void)
{
    static const char16_t lower[] = u"C:\\names\\one", upper[] = u"C:\\names\\ONE";
    static const char16_t mixed[] = u"C:\\names\\oNe", other[] = u"C:\\names\\two";
    struct tgt_stat st;

    target_start("names");
    ok(!tgt_make_folder(u"C:\\names") && !tgt_make_folder(lower), "make\n");
    for (u32 turn = 0; turn < 2; turn++) {
        ok(!tgt_stat(upper, &st), "the same in another case\n");
        ok(turn ? !tgt_rename(upper, other) : !tgt_remove_folder(upper), "away\n");
        ok(tgt_stat(lower, &st) == ERROR_FILE_NOT_FOUND, "it is still there\n");
        ok(tgt_stat(upper, &st) == ERROR_FILE_NOT_FOUND, "it is still there\n");
        ok(!tgt_make_folder(mixed) && !tgt_stat(lower, &st) && !tgt_stat(upper, &st), "again\n");
    }
    ok(!tgt_remove_folder(lower) && !tgt_stat(other, &st), "one went, the other not\n");
    target_end();
}

START_TEST(msi_inst_case)
{
    regmem_start();
    RUN(a_name_that_went_comes_back_in_another_case);
    RUN(a_name_in_another_case_before_the_very_one);
}
