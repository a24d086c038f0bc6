/*
 * Packages that would never end, fill the memory, or have the engine write what it must not: an
 * error, soon, and nothing touched.
 */
#include <errno.h>

#include "package_fixture.h"

#define FILE_TABLE                                                                   \
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language " \
    "S20;Attributes I2;Sequence i2"
#define MEDIA_TABLE "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255"
#define APP         "drive_c/Program Files (x86)/App/"

enum { DATE = 0x58a1, TIME = 0x6000 };

static const char *const install[] = {"RemoveFiles",    "CreateFolders",       "InstallFiles",
                                      "DuplicateFiles", "WriteRegistryValues", NULL};

/* Each text is two of the one before: forty of them are a terabyte. */
static void texts_that_double_end_in_an_error(void)
{
    struct database *db;
    struct session *s;
    u32 err = ERROR_SUCCESS, n = 0;

    regmem_start();
    target_start("hostile");
    db = inst_package();
    INST_TABLE(db, "CustomAction;Action s72 k;Type i2;Source S72;Target S255",
               "Double;51;X;[X][X][X][X]");
    s = inst_open(db);
    inst_set(s, "X", "0123456789abcdef");
    for (; !err && n < 40; n++)
        err = inst_act(s, "Double");
    ok(err, "%u times, and no error\n", n);
    inst_close(s);
    target_end();
}

/* A sequence that runs itself. */
static void a_sequence_in_a_ring_is_an_error(void)
{
    struct database *db;
    struct session *s;
    u32 err;

    regmem_start();
    target_start("hostile");
    db = inst_package();
    INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "ExecuteAction;;100");
    s = inst_open(db);
    err = inst_act(s, "INSTALL");
    ok(err, "no error\n");
    inst_close(s);
    target_end();
}

/* --- cabinets -----------------------------------------------------------------------------------
 */

/* Two files of three and five bytes; said: how large the File table says the second is. */
static struct database *with_cabinet(const struct cab_part *p, const char *said)
{
    struct database *db = package_begin("hostile");
    struct buf cab = {0};
    char row[80];

    snprintf(row, sizeof(row), "two;c;two.txt;%s;;;16896;2", said);
    INST_TABLE(db, FILE_TABLE, "one;c;ONE~1|One.txt;3;;;16896;1", row);
    INST_TABLE(db, MEDIA_TABLE, "1;2;;#in.cab");
    cab_write(p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    return db;
}

static void have_old_file(void)
{
    struct reg_key *key = NULL;

    ok(!reg_make(REG_MACHINE, u"Software", &key), "key\n");
    reg_close(key);
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "One.txt", "what was here");
}

/* The second file as the cabinet has it, be it the size, the place or the block that lies. */
static void cabinets_that_lie_leave_nothing(void)
{
    static const struct {
        u32 size, offset, folder, len, made;
    } lies[] = {{6, 3, 0, 8, 8},        {0x7fffffff, 3, 0, 8, 8}, {0xffffffff, 3, 0, 8, 8},
                {5, 4, 0, 8, 8},        {5, 0x7fffffff, 0, 8, 8}, {5, 0xfffffffe, 0, 8, 8},
                {5, 3, 1, 8, 8},        {5, 3, 0x7000, 8, 8},     {5, 3, CAB_FROM_PREVIOUS, 8, 8},
                {5, 3, CAB_BOTH, 8, 8}, {5, 3, 0, 6, 8},          {5, 3, 0, 4, 4},
                {5, 3, 0, 8, 0},        {5, 3, 0, 8, 4},          {5, 3, 0, 8, 0x8000},
                {5, 3, 0, 8, 0xffff}};

    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        struct cab_entry files[] = {
            {"one", 3, 0, 0, DATE, TIME, 0x20},
            {"two", lies[i].size, lies[i].offset, lies[i].folder, DATE, TIME, 0x20}};
        struct cab_part p = {files, 2, "onetwo22", lies[i].len, lies[i].made, NULL, NULL, NULL, 0};
        struct session *s;
        char *was, *is;

        regmem_start();
        s = package_open(with_cabinet(&p, "5"));
        have_old_file();
        inst_set(s, "REINSTALLMODE", "a");
        was = machine_state();
        ok(package_do(s, install), "lie %u is not seen\n", (unsigned)i);
        is = machine_state();
        ok(!strcmp(was, is), "lie %u: something is left:\n%s--\n%s", (unsigned)i, was, is);
        free(was);
        free(is);
        package_end(s);
    }
}

/* What the File table says of a size is what the disk is asked for; the bytes are the cabinet's. */
static void sizes_of_the_table_cut_nothing(void)
{
    static const char *const said[] = {"0", "1", "4", "6", "100000"};
    static const struct cab_entry files[] = {{"one", 3, 0, 0, DATE, TIME, 0x20},
                                             {"two", 5, 3, 0, DATE, TIME, 0x20}};
    static const struct cab_part p = {files, 2, "onetwo22", 8, 8, NULL, NULL, NULL, 0};

    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct session *s;
        u32 err;

        regmem_start();
        s = package_open(with_cabinet(&p, said[i]));
        have_old_file();
        inst_set(s, "REINSTALLMODE", "a");
        err = package_do(s, install);
        HAS(APP "two.txt", err ? NULL : "two22");
        HAS(APP "One.txt", err ? "what was here" : "one");
        package_end(s);
    }
}

/* --- links --------------------------------------------------------------------------------------
 */

static u32 step, plant_at;
static bool in_folder; /* else in the file's place */

/* Somebody who may write where a product goes, and has it go elsewhere. */
static void plant(void)
{
    if (++step != plant_at)
        return;
    if (in_folder) {
        rename(target_path("drive_c/Program Files (x86)/App"), target_path("drive_c/moved"));
        ok(!symlink(target_path("drive_c/victim"), target_path("drive_c/Program Files (x86)/App")),
           "link\n");
        return;
    }
    unlink(target_path(APP "One.txt"));
    if (symlink(target_path("drive_c/victim/One.txt"), target_path(APP "One.txt")))
        ok(errno == ENOENT, "link: %d\n", errno); /* there is no folder now */
}

static u32 install_with_link(void)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, DATE, TIME, 0x20},
                                             {"two", 5, 3, 0, DATE, TIME, 0x20}};
    static const struct cab_part p = {files, 2, "onetwo22", 8, 8, NULL, NULL, NULL, 0};
    struct session *s;

    regmem_start();
    s = package_open(with_cabinet(&p, "5"));
    have_old_file();
    target_folder("drive_c/victim");
    target_file("drive_c/victim/One.txt", "the victim's");
    target_file("drive_c/victim/mine.txt", "the victim's");
    inst_set(s, "REINSTALLMODE", "a");
    step = 0;
    os_at_step = plant;
    package_do(s, install);
    os_at_step = NULL;
    HAS("drive_c/victim/One.txt", "the victim's");
    HAS("drive_c/victim/mine.txt", "the victim's");
    HAS("drive_c/victim/two.txt", NULL);
    package_end(s);
    return step;
}

static void links_that_are_planted_meanwhile_lead_nowhere(void)
{
    u32 steps;

    for (u32 way = 0; way < 2; way++) {
        in_folder = way;
        plant_at = 0;
        steps = install_with_link();
        ok(steps > 20, "%u steps\n", steps);
        for (plant_at = 1; plant_at <= steps; plant_at++)
            install_with_link();
    }
}

/* inst_set's names and values are short ones. */
static void set_long(struct session *s, const char *name, const char *value)
{
    char16_t *wide = u16_dup_utf8(value);

    ok(!session_set_property(s, text16(name), strlen(name), wide, u16_len(wide)), "%s\n", name);
    os_free(wide);
}

/* --- texts --------------------------------------------------------------------------------------
 */

static void texts_that_are_all_brackets(void)
{
    enum { DEEP = 200000 };
    char *text = calloc(1, 2 * DEEP + 1);
    struct database *db;
    struct session *s;
    struct reg_key *key = NULL;

    for (u32 way = 0; way < 3; way++) {
        memset(text, '[', DEEP);
        memset(text + DEEP, way == 1 ? ']' : way == 2 ? '~' : '[', DEEP);
        regmem_start();
        db = package_begin("hostile");
        INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
                   "r;2;Software\\X;v;[DEEP];c");
        s = package_open(db);
        set_long(s, "DEEP", text);
        package_do(s, (const char *const[]){"WriteRegistryValues", NULL});
        ok(reg_open(REG_MACHINE, u"Software\\X", &key) != 5, "registry\n");
        reg_close(key);
        key = NULL;
        package_end(s);
    }
    free(text);
}

static void lists_of_megabytes(void)
{
    static const char *const names[] = {"ADDLOCAL", "REMOVE", "REINSTALL", "ADDDEFAULT"};
    enum { TIMES = 400000 };
    char *text = calloc(1, 5 * TIMES + 1);

    for (size_t way = 0; way < 2 * ARRAY_LEN(names); way++) {
        struct database *db;
        struct session *s;

        for (u32 i = 0; i < TIMES; i++)
            memcpy(text + 5 * i, way & 1 ? "nono," : "f, f,", 5);
        regmem_start();
        db = package_begin("hostile");
        package_save(db);
        s = package_open_file();
        set_long(s, names[way / 2], text);
        inst_act(s, "CostInitialize");
        inst_act(s, "FileCost");
        inst_act(s, "CostFinalize");
        inst_act(s, "InstallValidate");
        package_end(s);
    }
    free(text);
}

/* --- rings --------------------------------------------------------------------------------------
 */

static void folders_in_a_ring(void)
{
    static const char *const rings[][2] = {
        {"A;B;a", "B;A;b"}, {"A;A;a", "B;TARGETDIR;b"}, {"A;B;a", "B;TARGETDIR;."}};

    for (size_t i = 0; i < ARRAY_LEN(rings); i++) {
        struct database *db;
        struct session *s;
        char *was, *is;

        regmem_start();
        db = package_begin("hostile");
        inst_row(db, "Directory", rings[i][0]);
        inst_row(db, "Directory", rings[i][1]);
        inst_row(db, "Component", "d;{AAAAAAAA-2222-3333-4444-555555555556};A;0;;");
        inst_row(db, "FeatureComponents", "f;d");
        INST_TABLE(db, "CreateFolder;Directory_ s72 k;Component_ s72 k", "A;d");
        package_save(db);
        s = package_open_file();
        was = machine_state();
        inst_act(s, "CostInitialize");
        inst_act(s, "FileCost");
        inst_act(s, "CostFinalize");
        if (package_do(s, install)) {
            is = machine_state();
            ok(!strcmp(was, is), "ring %u: something is left:\n%s", (unsigned)i, is);
            free(is);
        }
        free(was);
        package_end(s);
    }
}

static void features_in_a_ring(void)
{
    struct database *db;
    struct session *s;

    regmem_start();
    db = package_begin("hostile");
    inst_row(db, "Feature", "g;h;Title;;1;1;INSTALLDIR;0");
    inst_row(db, "Feature", "h;g;Title;;1;1;INSTALLDIR;0");
    inst_row(db, "Feature", "i;i;Title;;1;1;INSTALLDIR;2");
    package_save(db);
    s = package_open_file();
    inst_set(s, "ADDLOCAL", "ALL");
    inst_act(s, "CostInitialize");
    inst_act(s, "FileCost");
    inst_act(s, "CostFinalize");
    inst_act(s, "InstallValidate");
    ok(s != NULL, "session\n");
    package_end(s);
}

/* Where it stands, under its own name. */
static void a_duplicate_of_itself(void)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, DATE, TIME, 0x20},
                                             {"two", 5, 3, 0, DATE, TIME, 0x20}};
    static const struct cab_part p = {files, 2, "onetwo22", 8, 8, NULL, NULL, NULL, 0};
    static const char *const removal[] = {"RemoveDuplicateFiles", NULL};
    struct database *db;
    struct session *s;

    regmem_start();
    db = with_cabinet(&p, "5");
    INST_TABLE(db,
               "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255;DestFolder S72",
               "d;c;two;two.txt;INSTALLDIR", "e;c;one;;", "f;c;one;ONE.TXT;");
    s = package_open(db);
    package_do(s, install);
    HAS(APP "two.txt", "two22");
    HAS(APP "One.txt", "one");
    inst_close(s);
    s = package_open_file();
    inst_cost(s);
    package_removes(s, "c");
    package_do(s, removal);
    package_end(s);
}

START_TEST(msi_inst_hostile)
{
    RUN(texts_that_double_end_in_an_error);
    RUN(a_sequence_in_a_ring_is_an_error);
    RUN(cabinets_that_lie_leave_nothing);
    RUN(sizes_of_the_table_cut_nothing);
    RUN(links_that_are_planted_meanwhile_lead_nowhere);
    RUN(texts_that_are_all_brackets);
    RUN(lists_of_megabytes);
    RUN(folders_in_a_ring);
    RUN(features_in_a_ring);
    RUN(a_duplicate_of_itself);
}
