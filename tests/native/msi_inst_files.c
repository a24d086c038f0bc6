/*
 * Files of packages: where their bytes come from, what they replace, and what undoes that.
 */
#include <fcntl.h>
#include <time.h>

#include "package_fixture.h"
#include "target.h"

#define FILE_TABLE                                                                   \
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language " \
    "S20;Attributes "                                                                \
    "I2;Sequence i2"
#define MEDIA_TABLE "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255"
#define APP         "drive_c/Program Files (x86)/App/"

#define INSTALLER_KEY u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer"

static const char *const install[] = {"RemoveFiles", "CreateFolders", "InstallFiles", NULL};

enum { DATE = 0x58a1 /* 1 May 2024 */, TIME = 0x6000 /* 12:00 */ };

/* Files one and two, of three and five bytes. */
static void two_files(struct buf *cab)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, DATE, TIME, 0x20},
                                             {"two", 5, 3, 0, DATE, TIME, 0x21}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "onetwo22", .len = 8, .made = 8};

    cab_write(&p, cab);
}

static struct database *embedded(void)
{
    struct database *db = package_begin("files");
    struct buf cab = {0};

    INST_TABLE(db, FILE_TABLE, "one;c;ONE~1|One.txt;3;;;16896;1", "two;c;two.txt;5;;;16896;2");
    INST_TABLE(db, MEDIA_TABLE, "1;2;;#in.cab");
    two_files(&cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    return db;
}

static void a_cabinet_in_the_package(void)
{
    struct session *s = package_open(embedded());

    ok(!package_do(s, install), "install\n");
    HAS(APP "One.txt", "one");
    HAS(APP "two.txt", "two22");
    package_end(s);
}

static void the_cabinets_times_are_the_files(void)
{
    struct session *s = package_open(embedded());
    struct tm tm = {.tm_year = 124, .tm_mon = 4, .tm_mday = 1, .tm_hour = 12, .tm_isdst = -1};
    struct stat st;

    ok(!package_do(s, install), "install\n");
    ok(!stat(target_path(APP "One.txt"), &st) && st.st_mtime == mktime(&tm), "time\n");
    package_end(s);
}

/* Neither version nor hash, and written since it was made, or not: it is its user's, or not. */
static void what_a_user_changed_stays(void)
{
    static const struct timespec later[] = {{0, UTIME_OMIT}, {4000000000, 0}},
                                 before[] = {{0, UTIME_OMIT}, {1000000000, 0}};
    struct session *s;
    struct database *db = embedded();

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "One.txt", "mine");
    target_file(APP "two.txt", "old");
    ok(!utimensat(AT_FDCWD, target_path(APP "One.txt"), later, 0), "later\n");
    ok(!utimensat(AT_FDCWD, target_path(APP "two.txt"), before, 0), "before\n");
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "One.txt", "mine");
    HAS(APP "two.txt", "two22");
    package_end(s);
}

/* A cabinet that was made in the east says that its files are of tomorrow. */
static void what_is_of_tomorrow_is_not_changed(void)
{
    static const char16_t path[] = u"C:\\Program Files (x86)\\App\\One.txt";
    const u64 tomorrow = 0x0200000000000000; /* of 2057 */
    struct session *s = package_open(embedded());
    struct tgt_stat st;

    ok(!package_do(s, install), "install\n");
    ok(!tgt_set_times(path, tomorrow, tomorrow), "times\n");
    ok(!tgt_stat(path, &st) && st.written == tomorrow && st.created == tomorrow, "unchanged\n");
    ok(!tgt_set_times(path, tomorrow - 1, tomorrow), "times\n");
    ok(!tgt_stat(path, &st) && st.created < st.written, "changed\n");
    package_end(s);
}

/* What has the package's name before: read-only, and written by somebody. */
static void what_is_read_only_is_replaced(void)
{
    struct session *s;
    struct database *db = embedded();

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "one.TXT", "old");
    ok(!chmod(target_path(APP "one.TXT"), 0444), "chmod\n");
    s = package_open(db);
    inst_set(s, "REINSTALLMODE", "a");
    ok(!package_do(s, install), "install\n");
    HAS(APP "One.txt", "one");
    ok(!access(target_path(APP "One.txt"), W_OK), "it may be written\n");
    package_end(s);
}

static u32 install_fails(struct database *db)
{
    char *before, *after;
    struct session *s;
    u32 err;

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "One.txt", "what was here");
    s = package_open(db);
    inst_set(s, "REINSTALLMODE", "a");
    before = target_show();
    err = package_do(s, install);
    after = target_show();
    ok(!strcmp(before, after), "nothing is left of it:\n%s%s", before, after);
    free(before);
    free(after);
    package_end(s);
    return err;
}

/* Who may write into a folder of a drive may not make one in its root. */
static void a_drive_without_a_place_for_backups(void)
{
    struct database *db = embedded();
    struct session *s;

    package_save(db);
    target_folder("drive_d");
    target_file("drive_d/Config.Msi", "somebody's");
    target_folder("drive_d/App");
    target_file("drive_d/App/one.txt", "old");
    s = package_open_file();
    inst_set(s, "INSTALLDIR", "D:\\App\\");
    inst_set(s, "REINSTALLMODE", "a");
    inst_cost(s);
    ok(!package_do(s, install), "install\n");
    HAS("drive_d/App/One.txt", "one");
    HAS("drive_d/App/two.txt", "two22");
    HAS("drive_d/Config.Msi", "somebody's");
    ok(access(target_path("drive_c/Config.Msi"), F_OK), "nothing is left\n");
    package_end(s);
}

static void an_external_cabinet(void)
{
    struct database *db = package_begin("files");
    struct buf cab = {0};
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "one;c;one.txt;3;;;16384;1");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;Out.CAB");
    two_files(&cab);
    package_file("out.cab", cab.data, cab.len);
    buf_free(&cab);
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "one.txt", "one");
    HAS(APP "two.txt", NULL);
    package_end(s);
}

static void a_cabinet_that_is_missing(void)
{
    struct database *db = package_begin("files");

    INST_TABLE(db, FILE_TABLE, "one;c;one.txt;3;;;16384;1");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;out.cab");
    ok(install_fails(db), "missing\n");
}

static void a_cabinet_that_lacks_a_file(void)
{
    struct database *db = embedded();

    inst_row(db, "File", "three;c;three.txt;3;;;16384;2");
    ok(install_fails(db), "lacks three\n");
}

static void a_loose_file_that_is_missing(void)
{
    struct database *db = package_begin("files");

    INST_TABLE(db, FILE_TABLE, "one;c;One.txt;3;;;8192;1");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;");
    ok(install_fails(db), "missing\n");
}

/* --- continued cabinets ------------------------------------------------------------------------
 */

/* big goes through three cabinets, small is in the first alone, last begins in the third. */
static void continued(const char *second)
{
    static const struct cab_entry first[] = {{"small", 2, 0, 0, DATE, TIME, 0},
                                             {"big", 9, 2, CAB_TO_NEXT, DATE, TIME, 0}};
    static const struct cab_entry middle[] = {{"big", 9, 2, CAB_BOTH, DATE, TIME, 0}};
    static const struct cab_entry third[] = {{"big", 9, 2, CAB_FROM_PREVIOUS, DATE, TIME, 0},
                                             {"last", 4, 0, 1, DATE, TIME, 0}};
    struct cab_part parts[] = {
        {.files = first, .count = 2, .bytes = "smBIG", .len = 5, .next = second},
        {.files = middle,
         .count = 1,
         .bytes = "BIG",
         .len = 3,
         .previous = "c1.cab",
         .next = "c3.cab"},
        {.files = third,
         .count = 2,
         .bytes = "BIG",
         .len = 3,
         .own = "last",
         .made = 11,
         .previous = second},
    };
    static const char *const names[] = {"c1.cab", "c2.cab", "c3.cab"};

    for (u32 i = 0; i < 3; i++) {
        struct buf cab = {0};

        cab_write(&parts[i], &cab);
        package_file(names[i], cab.data, cab.len);
        buf_free(&cab);
    }
}

static struct database *continued_package(const char *second)
{
    struct database *db = package_begin("files");
    char row[100];

    INST_TABLE(db, FILE_TABLE, "small;c;small;2;;;16384;1", "big;c;big;9;;;16384;2",
               "last;c;last;4;;;16384;3");
    snprintf(row, sizeof(row), "2;2;;%s", second);
    INST_TABLE(db, MEDIA_TABLE, "1;1;;c1.cab", row, "3;3;;c3.cab");
    return db;
}

static void continued_cabinets(void)
{
    struct database *db = continued_package("c2.cab");
    struct session *s;

    continued("c2.cab");
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "small", "sm");
    HAS(APP "big", "BIGBIGBIG");
    HAS(APP "last", "last");
    package_end(s);
}

/* The header of the first may call the second what it likes. */
static void the_media_table_names_cabinets(void)
{
    struct database *db = continued_package("c2.cab");
    struct session *s;

    continued("other.cab");
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "big", "BIGBIGBIG");
    package_end(s);
}

static void and_nobody_else_does(void)
{
    struct database *db = continued_package("other.cab");

    continued("c2.cab");
    ok(install_fails(db), "other.cab is missing\n");
}

static void only_a_later_file_is_wanted(void)
{
    struct database *db = package_begin("files");
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "big;c;big;9;;;16384;2");
    INST_TABLE(db, MEDIA_TABLE, "1;1;;c1.cab", "2;2;;c2.cab", "3;3;;c3.cab");
    continued("c2.cab");
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "big", "BIGBIGBIG");
    package_end(s);
}

/* --- hostile ones ------------------------------------------------------------------------------
 */

static void names_that_leave_their_folder(void)
{
    static const char *const names[] = {"..\\x", "a\\b", "x|..\\y", "C:x",
                                        "nul",   "a:b",  "..",      "x."};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct database *db = package_begin("files");
        char row[100];

        snprintf(row, sizeof(row), "one;c;%s;3;;;8192;1", names[i]);
        INST_TABLE(db, FILE_TABLE, row);
        INST_TABLE(db, MEDIA_TABLE, "1;1;;");
        ok(install_fails(db), "%s\n", names[i]);
    }
}

static void cabinets_that_lie(void)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, DATE, TIME, 0}};
    struct cab_part p = {.files = files, .count = 1, .bytes = "one", .len = 3, .made = 3};
    static const u32 lies[] = {1, 1000, 0x7fff0000};

    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        struct database *db = package_begin("files");
        struct buf cab = {0};

        INST_TABLE(db, FILE_TABLE, "one;c;one.txt;3;;;16896;1");
        INST_TABLE(db, MEDIA_TABLE, "1;1;;#in.cab");
        p.size_lie = lies[i];
        cab_write(&p, &cab);
        package_stream(db, "in.cab", &cab);
        buf_free(&cab);
        ok(install_fails(db), "lie %u\n", lies[i]);
    }
}

static void a_link_in_the_way(void)
{
    struct database *db = embedded();
    struct session *s;
    char *before, *after;

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file("drive_c/victim", "mine");
    ok(!symlink(target_path("drive_c/victim"), target_path(APP "One.txt")), "link\n");
    s = package_open(db);
    before = target_show();
    ok(package_do(s, install), "refused\n");
    after = target_show();
    ok(!strcmp(before, after), "nothing is left of it:\n%s%s", before, after);
    HAS("drive_c/victim", "mine");
    free(before);
    free(after);
    package_end(s);
}

static void keys_that_differ_in_case(void)
{
    static const struct cab_entry files[] = {{"ONE", 3, 0, 0, DATE, TIME, 0x20},
                                             {"one", 5, 3, 0, DATE, TIME, 0x20}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "ONEone22", .len = 8, .made = 8};
    struct database *db = package_begin("files");
    struct buf cab = {0};
    struct session *s;

    INST_TABLE(db, FILE_TABLE, "one;c;small.txt;5;;;16384;1", "ONE;c;big.txt;3;;;16384;2");
    INST_TABLE(db, MEDIA_TABLE, "1;2;;#in.cab");
    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "small.txt", "one22");
    HAS(APP "big.txt", "ONE");
    package_end(s);
}

/* --- removal -----------------------------------------------------------------------------------
 */

static void what_was_installed_goes_again(void)
{
    static const char *const actions[] = {"RemoveFiles", "RemoveFolders", NULL};
    struct database *db = embedded();
    struct session *s;
    char *before, *after, *reg_before, *reg_after;
    struct reg_key *key;

    regmem_start();
    ok(!reg_make(REG_MACHINE, INSTALLER_KEY, &key), "key\n"); /* as each machine has it */
    ok(!reg_set(key, u"v", REG_TYPE_SZ, u"v", 4), "value\n");
    reg_close(key);
    target_folder("drive_c/Program Files (x86)");
    before = target_show();
    reg_before = regmem_show();
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    HAS(APP "One.txt", "one");
    inst_close(s);
    s = package_open_file();
    inst_cost(s);
    package_removes(s, "c");
    ok(!package_do(s, actions), "remove\n");
    after = target_show();
    reg_after = regmem_show();
    ok(!strcmp(before, after), "files:\n%s-- after\n%s", before, after);
    ok(!strcmp(reg_before, reg_after), "registry:\n%s-- after\n%s", reg_before, reg_after);
    free(before);
    free(after);
    free(reg_before);
    free(reg_after);
    package_end(s);
}

/* What somebody put in a file's place, or where a wild card finds it. */
static void links_are_not_removed(void)
{
    static const char *const actions[] = {"RemoveFiles", "RemoveFolders", NULL};
    struct database *db = embedded();
    struct session *s;

    INST_TABLE(db,
               "RemoveFile;FileKey s72 k;Component_ s72;FileName L255;DirProperty s72;InstallMode "
               "i2",
               "r;c;*;INSTALLDIR;2");
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file("drive_c/victim", "mine");
    target_file(APP "two.txt", "two22");
    ok(!symlink(target_path("drive_c/victim"), target_path(APP "One.txt")), "link\n");
    ok(!symlink("nowhere", target_path(APP "other")), "link\n");
    s = package_open(db);
    package_removes(s, "c");
    ok(!package_do(s, actions), "remove\n");
    HAS(APP "One.txt", "mine");
    HAS(APP "two.txt", NULL);
    HAS("drive_c/victim", "mine");
    package_end(s);
}

static void folders_that_are_not_ours_stay(void)
{
    static const char *const actions[] = {"RemoveFiles", "RemoveFolders", NULL};
    struct database *db = embedded();
    struct session *s;

    regmem_start();
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    INST_TABLE(db, "CreateFolder;Directory_ s72 k;Component_ s72 k", "INSTALLDIR;c");
    s = package_open(db);
    ok(!package_do(s, install), "install\n");
    target_file(APP "users.txt", "a user's");
    inst_close(s);
    s = package_open_file();
    inst_cost(s);
    package_removes(s, "c");
    ok(!package_do(s, actions), "remove\n");
    HAS(APP "One.txt", NULL);
    HAS(APP "users.txt", "a user's");
    package_end(s);
}

static void wild_cards_remove(void)
{
    static const char *const actions[] = {"RemoveFiles", NULL};
    struct database *db = package_begin("files");
    struct session *s;

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "a.log", "1");
    target_file(APP "B.LOG", "2");
    target_file(APP "c.txt", "3");
    target_folder(APP "d.log");
    INST_TABLE(
        db, "RemoveFile;FileKey s72 k;Component_ s72;FileName L255;DirProperty s72;InstallMode i2",
        "r;c;*.log;INSTALLDIR;1", "q;c;c.txt;INSTALLDIR;2", "n;c;*;NOTHING;3");
    s = package_open(db);
    ok(!package_do(s, actions), "remove\n");
    HAS(APP "a.log", NULL);
    HAS(APP "B.LOG", NULL);
    HAS(APP "c.txt", "3");
    ok(!access(target_path(APP "d.log"), F_OK), "a folder stays\n");
    package_end(s);
}

static void duplicates_and_moves(void)
{
    static const char *const actions[] = {"MoveFiles", "InstallFiles", "DuplicateFiles", NULL};
    struct database *db = embedded();
    struct session *s;

    target_folder("drive_c/from");
    target_file("drive_c/from/a.dat", "a");
    target_file("drive_c/from/b.dat", "b");
    target_file("drive_c/from/c.txt", "c");
    inst_row(db, "Property", "FROM;C:\\from");
    inst_row(db, "Property", "WHOLE;C:\\from\\c.txt");
    INST_TABLE(db,
               "MoveFile;FileKey s72 k;Component_ s72;SourceName L255;DestName L255;SourceFolder "
               "S72;DestFolder s72;Options i2",
               "m;c;*.dat;ignored;FROM;INSTALLDIR;1", "n;c;;new.txt;WHOLE;INSTALLDIR;0");
    INST_TABLE(db,
               "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255;DestFolder S72",
               "d;c;one;copy.txt;", "e;c;two;;FROM", "f;c;two;x;NOWHERE");
    s = package_open(db);
    ok(!package_do(s, actions), "all\n");
    HAS(APP "a.dat", "a");
    HAS(APP "b.dat", "b");
    HAS("drive_c/from/a.dat", NULL);
    HAS(APP "new.txt", "c");
    HAS("drive_c/from/c.txt", "c");
    HAS(APP "copy.txt", "one");
    HAS("drive_c/from/two.txt", "two22");
    package_end(s);
}

static void shortcuts_come_and_go(void)
{
    static const char *const make[] = {"CreateShortcuts", NULL};
    static const char *const away[] = {"RemoveShortcuts", NULL};
    struct database *db = embedded();
    struct session *s;
    struct stat st;

    regmem_start();
    INST_TABLE(db,
               "Shortcut;Shortcut s72 k;Directory_ s72;Name l128;Component_ s72;Target "
               "s72;Arguments S255;Description L255;Hotkey I2;Icon_ S72;IconIndex I2;ShowCmd "
               "I2;WkDir S72",
               "s;INSTALLDIR;S|My Program;c;[#one];-x;Text;;;;1;INSTALLDIR");
    s = package_open(db);
    ok(!package_do(s, make), "make\n");
    ok(!stat(target_path(APP "My Program.lnk"), &st) && st.st_size > 100, "there\n");
    inst_close(s);
    s = package_open_file();
    inst_cost(s);
    package_removes(s, "c");
    ok(!package_do(s, away), "away\n");
    ok(access(target_path("drive_c/Program Files (x86)/App"), F_OK), "nothing is left\n");
    ok(!access(target_path("drive_c/Program Files (x86)"), F_OK), "the system's folder stays\n");
    package_end(s);
}

static void isolated_components_are_copied(void)
{
    static const char *const away[] = {"RemoveFiles", NULL};
    struct database *db = embedded();
    struct session *s;

    regmem_start();
    inst_row(db, "Directory", "OTHER;TARGETDIR;other");
    inst_row(db, "Component", "app;{BBBBBBBB-2222-3333-4444-555555555555};OTHER;0;;two");
    inst_row(db, "FeatureComponents", "f;app");
    inst_row(db, "File", "three;app;THREE.EXE;3;;;8192;2");
    INST_TABLE(db, "IsolatedComponent;Component_Shared s72 k;Component_Application s72 k", "c;app");
    mkdir(package_path("other"), 0755);
    package_file("other/three.exe", "exe", 3);
    package_save(db);
    s = package_open_file();
    ok(!inst_act(s, "CostInitialize") && !inst_act(s, "IsolateComponents"), "isolate\n");
    ok(!inst_act(s, "CostFinalize") && !inst_act(s, "InstallInitialize"), "cost\n");
    ok(!package_do(s, install), "install\n");
    HAS("drive_c/other/THREE.EXE", "exe");
    HAS("drive_c/other/One.txt", "one");
    HAS("drive_c/other/two.txt", "two22");
    HAS("drive_c/other/two.txt.local", "");
    HAS(APP "One.txt", "one");
    inst_close(s);
    s = package_open_file();
    ok(!inst_act(s, "CostInitialize") && !inst_act(s, "IsolateComponents"), "isolate\n");
    ok(!inst_act(s, "CostFinalize") && !inst_act(s, "InstallInitialize"), "cost\n");
    package_removes(s, "app");
    ok(!package_do(s, away), "remove\n");
    ok(access(target_path("drive_c/other"), F_OK), "all is gone there\n");
    HAS(APP "One.txt", "one");
    unlink(package_path("other/three.exe"));
    rmdir(package_path("other"));
    package_end(s);
}

static bool has_stream(const char *path, const char16_t *name)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg = NULL;
    bool has;

    ok(!stg_open(text16(path), STG_READ, &stg), "open %s\n", path);
    if (!stg || name_encode(name, u16_len(name), false, stored))
        return false;
    has = stg_kind_of(stg, stored) == STG_STREAM;
    stg_close(stg);
    return has;
}

static bool is_property(struct session *s, const char *name, const char16_t *want)
{
    const struct property *p = prop_get(s, name);

    return p && u16_equal(p->value, want);
}

/* An image has the folders of the source, whatever the folders of the machine are called. */
static void an_image_for_others(void)
{
    static const char *const image[] = {"InstallAdminPackage", "InstallFiles", NULL};
    struct database *db = embedded(), *made = NULL;
    struct suminfo *sum = NULL;
    struct session *s;
    struct sum_value v;

    inst_row(db, "Property", "Kept;as it is");
    package_save(db);
    s = package_open_file();
    inst_set(s, "ACTION", "ADMIN");
    inst_set(s, "TARGETDIR", "C:\\image");
    inst_set(s, "LISTED", "a \"b\" c");
    inst_set(s, "AdminProperties", "Kept;LISTED"); /* rows of fixtures have no semicolons */
    inst_cost(s);
    ok(!package_do(s, image), "image\n");
    HAS("drive_c/image/App/One.txt", "one");
    ok(access(target_path("drive_c/Program Files (x86)"), F_OK), "not installed\n");
    ok(has_stream(package_path("package.msi"), u"in.cab"), "the package has it\n");
    ok(!has_stream(target_path("drive_c/image/package.msi"), u"in.cab"), "the image has not\n");
    ok(!db_open(text16(target_path("drive_c/image/package.msi")), DB_READONLY, false, &made),
       "open\n");
    ok(!suminfo_open(made, 0, &sum) && !suminfo_get(sum, 15, &v) && v.num == 4, "word count\n");
    obj_unref(suminfo_object(sum));
    inst_close(s);
    s = inst_open(made);
    ok(is_property(s, "Kept", u"as it is"), "kept\n");
    ok(is_property(s, "LISTED", u"a \"b\" c"), "kept, as it was\n");
    package_end(s);
}

START_TEST(msi_inst_files)
{
    regmem_start();
    RUN(a_cabinet_in_the_package);
    RUN(the_cabinets_times_are_the_files);
    RUN(what_a_user_changed_stays);
    RUN(what_is_of_tomorrow_is_not_changed);
    RUN(what_is_read_only_is_replaced);
    RUN(a_drive_without_a_place_for_backups);
    RUN(an_external_cabinet);
    RUN(a_cabinet_that_is_missing);
    RUN(a_cabinet_that_lacks_a_file);
    RUN(a_loose_file_that_is_missing);
    RUN(continued_cabinets);
    RUN(the_media_table_names_cabinets);
    RUN(and_nobody_else_does);
    RUN(only_a_later_file_is_wanted);
    RUN(names_that_leave_their_folder);
    RUN(cabinets_that_lie);
    RUN(a_link_in_the_way);
    RUN(keys_that_differ_in_case);
    RUN(what_was_installed_goes_again);
    RUN(links_are_not_removed);
    RUN(folders_that_are_not_ours_stay);
    RUN(wild_cards_remove);
    RUN(duplicates_and_moves);
    RUN(shortcuts_come_and_go);
    RUN(isolated_components_are_copied);
    RUN(an_image_for_others);
}
