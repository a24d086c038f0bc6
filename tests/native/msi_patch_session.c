/*
 * Sessions with patches: which are applied, in which order, what is numbered anew, and which errors
 * there are.
 */
#include "patch_product_fixture.h"

#include "rows.h"

static void make_files(void)
{
    struct database *db = first();

    /* the disk of the same number as the patches' media was not known to whoever made them */
    inst_row(db, "Media", "2;2;;#more.cab;;");
    package_save(db);
    msp_make(&one);
    msp_make(&two);
    msp_make(&three);
}

/* --- opening ------------------------------------------------------------------------------------
 */

/* names: of patches in the folder, with semicolons between. */
static u32 open_with(const char *names, const char *more, struct session **s)
{
    return patched_open("PATCH", names, more, s);
}

static u32 add_field(void *text, struct record *row)
{
    for (u32 i = 1; i <= rec_count(row); i++) {
        size_t n;
        char16_t *field = rec_dup_text(row, i, &n);
        char narrow[200];

        narrow[u16_to_utf8(narrow, sizeof(narrow) - 1, field, n, true)] = 0;
        strcat(strcat(text, narrow), i < rec_count(row) ? "," : ";");
        os_free(field);
    }
    return ERROR_SUCCESS;
}

static void query_is(int line, struct session *s, const char16_t *query, const char *want)
{
    char got[1000] = "";

    if (!s)
        return;
    ok(!rows_each(s->db, query, NULL, add_field, got), "line %d: query\n", line);
    ok(!strcmp(got, want), "line %d: %s\n", line, got);
}
#define QUERY(s, query, want) query_is(__LINE__, s, u"" query, want)

static void property_is(int line, struct session *s, const char *name, const char *want)
{
    struct text_buf text;
    const char16_t *n = text16(name);

    if (!s)
        return;
    tb_init(&text);
    ok(!session_get_property(s, n, u16_len(n), &text), "line %d\n", line);
    ok(u16_is(text.s ? text.s : u"", text.len, want), "line %d: %s is not %s\n", line, name, want);
    tb_free(&text);
}
#define PROPERTY(s, name, want) property_is(__LINE__, s, name, want)

static void close_session(struct session *s)
{
    if (s)
        obj_unref(session_object(s));
}

/* --- the tests ----------------------------------------------------------------------------------
 */

static void a_patch_is_applied_and_numbered(void)
{
    struct session *s;

    ok(!open_with("one.msp", "", &s), "open\n");
    QUERY(s, "SELECT `File`, `FileSize`, `Sequence` FROM `File`", "one,4,10000;two,3,2;");
    QUERY(
        s, "SELECT `DiskId`, `LastSequence`, `Cabinet`, `Source` FROM `Media`",
        "1,2,#in.cab,;2,2,#more.cab,;100,10000,#patch.cab,MSPSRC00000001AAAABBBBCCCC000000000001;");
    QUERY(s, "SELECT `PatchId`, `Media_` FROM `PatchPackage`", ONE ",100;");
    PROPERTY(s, "MSPSRC00000001AAAABBBBCCCC000000000001", package_path("one.msp"));
    PROPERTY(s, "PROPFOR00000001", package_path("one.msp"));
    PROPERTY(s, "PATCH", package_path("one.msp"));
    PROPERTY(s, "REINSTALL", ""); /* it is not installed */
    if (s)
        ok(patching_of_disk(s, 100) && !patching_of_disk(s, 1) && !patching_of_disk(s, 101),
           "media\n");
    close_session(s);
}

/* Whatever order they are given in, and although all have the number of the package's own disk. */
static void patches_are_put_in_order(void)
{
    struct session *s;

    ok(!open_with("three.msp;two.msp;one.msp", "", &s), "open\n");
    QUERY(s, "SELECT `File`, `FileSize`, `Sequence` FROM `File`",
          "one,4,10000;two,6,10003;three,5,10002;");
    QUERY(s, "SELECT `DiskId`, `LastSequence`, `Source` FROM `Media`",
          "1,2,;2,2,;100,10000,MSPSRC00000001AAAABBBBCCCC000000000001;"
          "101,10002,MSPSRC00000002AAAABBBBCCCC000000000002;"
          "102,10003,MSPSRC00000003AAAABBBBCCCC000000000003;");
    QUERY(s, "SELECT `PatchId`, `Media_` FROM `PatchPackage`",
          ONE ",100;" TWO ",101;" THREE ",102;");
    PROPERTY(s, "ProductVersion", "1.3.0");
    close_session(s);
}

static void one_that_does_not_fit_is_passed_over(void)
{
    struct session *s;

    ok(open_with("three.msp", "", &s) == ERROR_PATCH_TARGET_NOT_FOUND, "alone\n");
    ok(!open_with("three.msp;one.msp", "", &s), "with another\n");
    PROPERTY(s, "PATCH", package_path("one.msp"));
    QUERY(s, "SELECT `File`, `FileSize` FROM `File`", "one,4;two,3;");
    close_session(s);
}

/* As makers of patches write it: the second as the first, for the product without the patch. */
static void both_transforms_may_be_for_the_product_as_it_was(void)
{
    struct msp minor = three;
    struct session *s;

    minor.name = "minor.msp";
    minor.base = first;
    minor.for_base = true;
    minor.validate = 0;
    msp_make(&minor);
    ok(!open_with("minor.msp", "", &s), "open\n");
    if (s)
        PROPERTY(s, "ProductVersion", "1.3.0");
    close_session(s);
}

/* Those numbers are what a package's own media have while a patch's come. */
static void a_medium_of_a_high_number_is_refused(void)
{
    struct database *db = first();
    struct session *s;

    inst_row(db, "Media", "20000;2;;#more.cab;;");
    package_save(db);
    ok(open_with("one.msp", "", &s) == ERROR_PATCH_PACKAGE_INVALID, "open\n");
    make_files();
}

static void what_is_superseded_or_obsolete_is_not_applied(void)
{
    struct msp newer = one, plain = one;
    struct session *s;

    newer.name = "newer.msp";
    newer.code = THREE;
    newer.sequence = "1.2.7";
    newer.supersedes = true;
    msp_make(&newer);
    ok(!open_with("newer.msp;one.msp", "", &s), "open\n");
    if (s)
        ok(s->patches->applied == 1 && patching_at(s, 0) &&
               u16_equal(patching_at(s, 0)->code, u"" THREE),
           "%u applied\n", s->patches->applied);
    QUERY(s, "SELECT `DiskId` FROM `Media`", "1;2;100;");
    close_session(s);
    newer.family = plain.family = NULL; /* those that have one are put in order by it alone */
    newer.obsolete = ONE;
    plain.name = "plain.msp";
    msp_make(&newer);
    msp_make(&plain);
    ok(!open_with("plain.msp;newer.msp", "", &s), "open\n");
    if (s)
        ok(s->patches->applied == 1, "%u applied\n", s->patches->applied);
    close_session(s);
}

static void errors(void)
{
    struct session *s;

    ok(open_with("none.msp", "", &s) == ERROR_PATCH_PACKAGE_OPEN_FAILED, "no file\n");
    ok(open_with("package.msi", "", &s) == ERROR_PATCH_PACKAGE_INVALID, "no patch\n");
    package_file("text.msp", "text", 4);
    ok(open_with("text.msp", "", &s) == ERROR_PATCH_PACKAGE_INVALID, "text\n");
    ok(open_with("", "MSIPATCHREMOVE=" ONE, &s) == ERROR_UNKNOWN_PATCH, "not there\n");
    ok(open_with("", "MSIPATCHREMOVE=text.msp", &s) == ERROR_PATCH_PACKAGE_OPEN_FAILED,
       "no file\n");
}

/* Without the transform that tells where the files are it is none. */
static void half_a_patch(void)
{
    struct session *s;
    struct stg *msp = NULL;
    struct msp half = one;

    half.name = "half.msp";
    msp_make(&half);
    ok(!stg_open(text16(package_path("half.msp")), STG_WRITE, &msp), "open\n");
    ok(!stg_remove(msp, u"#T.1") && !stg_commit(msp), "remove\n");
    stg_close(msp);
    ok(open_with("half.msp", "", &s) == ERROR_PATCH_PACKAGE_INVALID, "half\n");
}

/* Tables whose columns are of other kinds than those that everybody expects. */
static struct database *odd_kinds(void)
{
    struct database *db = first();
    struct table *t = NULL;

    ok(!db_core_table(db->core, u"File", 4, &t) && !db_core_drop_table(db->core, t), "drop\n");
    INST_TABLE(db,
               "File;File i2 k;Component_ i2;FileName i2;FileSize l20;Version S72;Language "
               "S20;Attributes S9;Sequence s9",
               "1;2;3;4;;;5;6");
    INST_TABLE(db, "PatchPackage;PatchId i4 k;Media_ s20", "7;x");
    INST_TABLE(db, "Patch;File_ i2 k;Sequence s2 k", "7;x");
    return db;
}

static void columns_of_other_kinds(void)
{
    struct msp odd = one;
    struct session *s;

    odd.name = "odd.msp";
    odd.files[0] = NULL;
    odd.next = odd_kinds;
    odd.odd = true;
    msp_make(&odd);
    ok(open_with("odd.msp", "", &s) == ERROR_PATCH_PACKAGE_INVALID, "odd\n");
}

START_TEST(msi_patch_session)
{
    regmem_start();
    target_start("patchsession");
    obj_unref(db_object(package_begin("patchsession")));
    make_files();
    RUN(a_patch_is_applied_and_numbered);
    RUN(patches_are_put_in_order);
    RUN(one_that_does_not_fit_is_passed_over);
    RUN(both_transforms_may_be_for_the_product_as_it_was);
    RUN(a_medium_of_a_high_number_is_refused);
    RUN(what_is_superseded_or_obsolete_is_not_applied);
    RUN(errors);
    RUN(half_a_patch);
    RUN(columns_of_other_kinds);
    package_end(NULL);
}
