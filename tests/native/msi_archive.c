/*
 * Text archives: out and in again, the translation of control characters, code pages, objects,
 * the two special names, and archives that are none.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "archive.h"
#include "archive_text.h"
#include "dbcore.h"
#include "fault.h"
#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------ */

struct fixture {
    struct stg *stg;
    struct db_core *db;
    char folder[64];
    char16_t *folder16;
};

static struct fixture setup(void)
{
    struct fixture f = {0};
    static int n;

    snprintf(f.folder, sizeof(f.folder), "/tmp/decanter-idt-%d-%d", (int)getpid(), n++);
    mkdir(f.folder, 0700);
    f.folder16 = u16_dup_utf8(f.folder);
    ok(!stg_create_memory(&f.stg), "storage\n");
    ok(!db_core_create(f.stg, &f.db), "create\n");
    return f;
}

static void teardown(struct fixture *f)
{
    char command[100];

    db_core_free(f->db);
    stg_close(f->stg);
    os_free(f->folder16);
    snprintf(command, sizeof(command), "rm -rf %s", f->folder);
    ok(!system(command), "clean\n");
}

static void put_file(struct fixture *f, const char *name, const void *data, size_t len)
{
    char path[160];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", f->folder, name);
    file = fopen(path, "wb");
    ok(file && fwrite(data, 1, len, file) == len, "write %s\n", name);
    if (file)
        fclose(file);
}

static size_t get_file(struct fixture *f, const char *name, char *data, size_t cap)
{
    char path[160];
    size_t len = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", f->folder, name);
    file = fopen(path, "rb");
    ok(file != NULL, "no %s\n", name);
    if (file) {
        len = fread(data, 1, cap, file);
        fclose(file);
    }
    return len;
}

static u32 import(struct fixture *f, const char *text)
{
    put_file(f, "in.idt", text, strlen(text));
    return archive_import(f->db, f->folder16, u"in.idt", NULL);
}

/* The table exports as that text. */
static void check_export(int line, struct fixture *f, const char16_t *table, const char *text)
{
    static char got[4096];
    u32 err = archive_export(f->db, table, u16_len(table), f->folder16, u"out.idt", NULL);
    size_t len;

    ok(!err, "line %d: export gives %u\n", line, err);
    len = get_file(f, "out.idt", got, sizeof(got) - 1);
    got[len] = 0;
    ok(!strcmp(got, text), "line %d: got %s\n", line, got);
}
#define EXPORTS(f, table, text) check_export(__LINE__, f, table, text)

/* --- tables -------------------------------------------------------------------------------- */

#define SMALL "Key\tText\tNumber\r\ns72\tL0\tI4\r\nSmall\tKey\r\n"

static void a_table_comes_out_as_it_went_in(void)
{
    struct fixture f = setup();

    ok(!import(&f, SMALL "a\ttext\t-7\r\nb\t\t\r\n"), "import\n");
    EXPORTS(&f, u"Small", SMALL "a\ttext\t-7\r\nb\t\t\r\n");
    teardown(&f);
}

static void a_faulty_line_is_named(void)
{
    static const struct {
        const char *text;
        u32 line;
    } cases[] = {
        {SMALL "a\tx\r\n", 4},
        {SMALL "a\tx\t1\r\n\r\nb\tx\tno\r\n", 6},
        {SMALL "a\tx\t1\r\na\tx\t1\r\n", 5},
        {"Key\r\nx72\r\nSmall\tKey\r\n", 2},
        {"Key\r\ns72\r\nSmall\tNot\r\n", 3},
    };
    struct fixture f = setup();

    for (u32 i = 0; i < ARRAY_LEN(cases); i++) {
        struct fault fault = {0};

        put_file(&f, "in.idt", cases[i].text, strlen(cases[i].text));
        ok(archive_import(f.db, f.folder16, u"in.idt", &fault) == ERROR_FUNCTION_FAILED, "%u\n", i);
        ok(fault.number == FAULT_IMPORT_FORMAT && fault.line == cases[i].line, "%u: line %u\n", i,
           fault.line);
    }
    teardown(&f);
}

static void lines_may_end_otherwise(void)
{
    struct fixture f = setup();

    ok(!import(&f,
               "Key\tText\tNumber\ns72\tL0\tI4\nSmall\tKey\n\na\t\t\n\nb\tx\t1\tmore\tand more"),
       "import\n");
    EXPORTS(&f, u"Small", SMALL "a\t\t\r\nb\tx\t1\r\n");
    teardown(&f);
}

static void control_characters_are_translated(void)
{
    struct fixture f = setup();
    struct table *t;
    char16_t got[16];

    ok(!import(&f, SMALL "a\tx\x10y\x11\x19z\x18\x1b\x15\t1\r\n"), "import\n");
    ok(!db_core_table(f.db, u"Small", 5, &t), "table\n");
    ok(sp_text(db_core_strings(f.db), tbl_get(t, 0, 1), got, 16) == 9, "length\n");
    ok(!memcmp(got, u"x\ty\r\nz\f\b\0", 18), "other characters\n");
    EXPORTS(&f, u"Small", SMALL "a\tx\x10y\x11\x19z\x18\x1b\x15\t1\r\n");
    teardown(&f);
}

static void a_table_of_that_name_is_replaced(void)
{
    struct fixture f = setup();

    ok(!import(&f, SMALL "a\ttext\t1\r\n"), "import\n");
    ok(!import(&f, "K\r\ni2\r\nSmall\tK\r\n5\r\n"), "import\n");
    EXPORTS(&f, u"Small", "K\r\ni2\r\nSmall\tK\r\n5\r\n");
    teardown(&f);
}

static void keys_come_first(void)
{
    struct fixture f = setup();

    ok(!import(&f, "A\tB\r\nI2\ts72\r\nT\tB\r\n1\tx\r\n"), "import\n");
    EXPORTS(&f, u"T", "B\tA\r\ns72\tI2\r\nT\tB\r\nx\t1\r\n");
    teardown(&f);
}

static void a_bad_archive_changes_nothing(void)
{
    static const char *const bad[] = {
        "",
        "Key\r\ns72\r\n",
        "Key\r\ns72\r\nSmall\r\n",
        "Key\tText\r\ns72\r\nSmall\tKey\r\n",
        "Key\r\nx72\r\nSmall\tKey\r\n",
        "Key\r\ns72\r\nSmall\tOther\r\n",
        SMALL "a\ttext\tnumber\r\n",
        SMALL "a\ttext\t3000000000\r\n",
        SMALL "a\ttext\t1\r\na\tagain\t2\r\n",
        SMALL "\ttext\t1\r\n",
        "Key\tData\r\ns72\tV0\r\nSmall\tKey\r\na\tno such file\r\n",
        "Key\r\ns72\r\n99999\tSmall\tKey\r\n",
        "\r\n\r\n99999\t_ForceCodepage\r\n",
        "PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n77\tx\r\n",
        "PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n12\tyesterday\r\n",
    };
    struct fixture f = setup();
    u32 at = 0;

    ok(!import(&f, SMALL "kept\t\t\r\n"), "import\n");
    for (u32 i = 0; i < ARRAY_LEN(bad); i++) {
        u32 err = import(&f, bad[i]);

        ok(err == ERROR_FUNCTION_FAILED, "archive %u gives %u\n", i, err);
        EXPORTS(&f, u"Small", SMALL "kept\t\t\r\n");
    }
    ok(archive_import(f.db, f.folder16, u"none.idt", NULL) == ERROR_FUNCTION_FAILED, "no file\n");
    ok(db_core_next_table(f.db, &at) && !db_core_next_table(f.db, &at), "a table is left\n");
    teardown(&f);
}

/* --- code pages ------------------------------------------------------------------------------ */

static void text_that_is_not_ascii_is_stamped(void)
{
    struct fixture f = setup();

    ok(!import(&f, "\r\n\r\n1250\t_ForceCodepage\r\n"), "force\n");
    ok(!import(&f, "K\r\ns0\r\n1250\tT\tK\r\n\xf8\r\n"), "import\n");
    EXPORTS(&f, u"T", "K\r\ns0\r\n1250\tT\tK\r\n\xf8\r\n");
    EXPORTS(&f, u"_ForceCodepage", "\r\n\r\n1250\t_ForceCodepage\r\n");
    ok(import(&f, "K\r\ns0\r\n1252\tU\tK\r\n\xf8\r\n") == ERROR_FUNCTION_FAILED, "another one\n");
    teardown(&f);
}

static void a_neutral_database_takes_the_code_page(void)
{
    struct fixture f = setup();

    ok(!import(&f, "K\r\ns0\r\n932\tT\tK\r\n\x93\xfa\r\n"), "import\n");
    EXPORTS(&f, u"_ForceCodepage", "\r\n\r\n932\t_ForceCodepage\r\n");
    EXPORTS(&f, u"T", "K\r\ns0\r\n932\tT\tK\r\n\x93\xfa\r\n");
    ok(!import(&f, "\r\n\r\n0\t_ForceCodepage\r\n"), "neutral again\n");
    EXPORTS(&f, u"_ForceCodepage", "\r\n\r\n0\t_ForceCodepage\r\n");
    teardown(&f);
}

/* --- objects --------------------------------------------------------------------------------- */

static void objects_are_files(void)
{
    static const char text[] = "Name\tData\r\ns72\tv0\r\nBinary\tName\r\none\tone.ibd\r\n"
                               "t*w?o\tt%2Aw%3Fo.ibd\r\n";
    struct fixture f = setup();
    char16_t *path;
    char got[16];

    path = archive_path(f.folder16, u"Binary");
    ok(!os_make_folder(path), "folder\n");
    os_free(path);
    put_file(&f, "Binary/one.ibd", "ab\0cd", 5);
    put_file(&f, "Binary/t%2Aw%3Fo.ibd", "second", 6);
    ok(!import(&f, text), "import\n");
    EXPORTS(&f, u"Binary", text);
    ok(get_file(&f, "Binary/one.ibd", got, 16) == 5 && !memcmp(got, "ab\0cd", 5), "other bytes\n");
    teardown(&f);
}

/* --- the summary information ------------------------------------------------------------------ */

static void the_summary_information_comes_back(void)
{
    static const char text[] =
        "PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n"
        "1\t1252\r\n2\tTitle\r\n4\tAuth\xf6r\r\n9\t{1-2}\r\n"
        "12\t1999/03/22 15:25:45\r\n13\t2024/02/29 00:00:00\r\n"
        "14\t200\r\n19\t2\r\n";
    struct fixture f = setup();

    ok(!import(&f, "\r\n\r\n1252\t_ForceCodepage\r\n"), "force\n");
    ok(!import(&f, text), "import\n");
    EXPORTS(&f, u"_SummaryInformation", text);
    teardown(&f);
}

/* --- memory ------------------------------------------------------------------------------------
 */

static void without_memory_at_any_moment(void)
{
    for (u32 n = 1; n < 1000; n++) {
        struct fixture f = setup();
        u32 err, calls;

        put_file(&f, "in.idt", SMALL "a\tx\t1\r\n", sizeof(SMALL "a\tx\t1\r\n") - 1);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = archive_import(f.db, f.folder16, u"in.idt", NULL);
        if (!err)
            err = archive_export(f.db, u"Small", 5, f.folder16, u"out.idt", NULL);
        calls = os_fault_count(OS_FAULT_ALLOC);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY || err == ERROR_NOT_ENOUGH_MEMORY,
           "fault %u gives %u\n", n, err);
        teardown(&f);
        if (calls < n)
            return;
    }
    ok(0, "never came through\n");
}

/* --- names as files --------------------------------------------------------------------------- */

#define OBJECTS "Name\tData\r\ns72\tv0\r\nObjects\tName\r\n"

static void objects_whose_names_differ_in_case_have_files_of_their_own(void)
{
    struct fixture f = setup();
    char folder[100];

    snprintf(folder, sizeof(folder), "%s/Objects", f.folder);
    mkdir(folder, 0700);
    put_file(&f, "Objects/1.ibd", "one", 3);
    put_file(&f, "Objects/2.ibd", "two", 3);
    put_file(&f, "Objects/3.ibd", "three", 5);
    ok(!import(&f, OBJECTS "Nul\t3.ibd\r\nSetup\t1.ibd\r\nsetup\t2.ibd\r\n"), "import\n");
    EXPORTS(&f, u"Objects",
            OBJECTS "Nul\t%4Eul.ibd\r\nSetup\tSetup.ibd\r\nsetup\tsetup.ibd%~2\r\n");
    ok(!archive_import(f.db, f.folder16, u"out.idt", NULL), "and in again\n");
    teardown(&f);
}

static void an_archive_names_files_of_its_folder_alone(void)
{
    struct fixture f = setup();
    char folder[100];

    snprintf(folder, sizeof(folder), "%s/Objects", f.folder);
    mkdir(folder, 0700);
    put_file(&f, "secret", "one", 3);
    ok(import(&f, OBJECTS "a\t../secret\r\n") == ERROR_FUNCTION_FAILED, "a path\n");
    ok(import(&f, OBJECTS "a\t..\r\n") == ERROR_FUNCTION_FAILED, "a folder\n");
    teardown(&f);
}

/* The pool's text of a table's name, changed to what CREATE TABLE refuses. */
static void a_table_whose_name_is_a_path_is_damage(void)
{
    static const char16_t data_name[] = u"_StringData";
    char16_t stored[NAME_STORED_MAX + 1];
    struct fixture f = setup();
    struct db_core *again;
    size_t len = 0;
    u8 *data = NULL;

    ok(!import(&f, "Key\r\ns72\r\nzz\tKey\r\na\r\n"), "import\n");
    ok(!db_core_save(f.db), "save\n");
    ok(!name_encode(data_name, ARRAY_LEN(data_name) - 1, true, stored), "name\n");
    ok(!stg_read_all(f.stg, stored, &data, &len), "read\n");
    for (size_t i = 0; data && i + 1 < len; i++)
        if (data[i] == 'z' && data[i + 1] == 'z')
            data[i] = data[i + 1] = '.';
    ok(!stg_set_bytes(f.stg, stored, data, len), "write\n");
    ok(db_core_open(f.stg, &again) == ERROR_INSTALL_PACKAGE_INVALID, "open\n");
    os_free(data);
    teardown(&f);
}

START_TEST(archive)
{
    RUN(a_table_comes_out_as_it_went_in);
    RUN(a_faulty_line_is_named);
    RUN(lines_may_end_otherwise);
    RUN(control_characters_are_translated);
    RUN(a_table_of_that_name_is_replaced);
    RUN(keys_come_first);
    RUN(a_bad_archive_changes_nothing);
    RUN(text_that_is_not_ascii_is_stamped);
    RUN(a_neutral_database_takes_the_code_page);
    RUN(objects_are_files);
    RUN(the_summary_information_comes_back);
    RUN(without_memory_at_any_moment);
    RUN(objects_whose_names_differ_in_case_have_files_of_their_own);
    RUN(an_archive_names_files_of_its_folder_alone);
    RUN(a_table_whose_name_is_a_path_is_damage);
}
