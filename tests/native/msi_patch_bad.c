/*
 * Patch files that are damaged, lie, or lack something: each gives the documented error, and
 * nothing of the machine is touched.
 */
#include "patch_product_fixture.h"
#include "sweep_fixture.h"

#include "trace.h"

#define BAD "{0000000B-AAAA-BBBB-CCCC-00000000000B}"

static struct msp bad = {.name = "bad.msp",
                         .code = BAD,
                         .base = first,
                         .next = small_update,
                         .files = {"one"},
                         .contents = {"ONE!"},
                         .family = "App",
                         .sequence = "1.2.1"};

static void start(void)
{
    patched_machine("patchbad");
    ok(!patched_run(NULL, "", ""), "install\n");
}

/* --- making them --------------------------------------------------------------------------------
 */

static struct database *edit(void)
{
    struct database *db = NULL;

    msp_make(&bad);
    ok(!db_open(text16(package_path("bad.msp")), DB_TRANSACT, true, &db), "open\n");
    return db;
}

static void save(struct database *db)
{
    ok(!db_commit(db), "commit\n");
    obj_unref(db_object(db));
}

/* text NULL: the property goes. */
static void summary(struct database *db, u32 id, const char16_t *text)
{
    const struct sum_value none = {.type = 0};
    struct suminfo *sum = NULL;

    ok(!suminfo_open(db, 5, &sum), "summary\n");
    if (text)
        inst_summary(sum, id, text);
    else
        ok(!suminfo_set(sum, id, &none), "property %u goes\n", id);
    ok(!suminfo_persist(sum), "persist\n");
    obj_unref(suminfo_object(sum));
}

static void words(struct database *db, i32 number)
{
    const struct sum_value v = {.type = 3, .num = number};
    struct suminfo *sum = NULL;

    ok(!suminfo_open(db, 5, &sum), "summary\n");
    ok(!suminfo_set(sum, 15, &v) && !suminfo_persist(sum), "words\n");
    obj_unref(suminfo_object(sum));
}

static struct stg *storage(struct database *db, const char16_t *name)
{
    struct stg *sub = NULL;

    ok(!stg_sub_open(db->stg, name, &sub), "storage\n");
    return sub;
}

/* --- trying them --------------------------------------------------------------------------------
 */

static void gives_of(int line, const char *files, u32 want)
{
    char *before = machine_state(), *after;
    u32 err = patched_run("PATCH", files, "");

    ok(err == want, "line %d: %u, not %u\n", line, err, want);
    after = machine_state();
    ok(!err || !strcmp(before, after), "line %d: changed\n%s\n%s", line, before, after);
    free(before);
    free(after);
    if (!err) {
        target_end();
        start();
    }
}
#define GIVES(want) gives_of(__LINE__, "bad.msp", want)

/* The file's own summary information. */
static void gives_summary(int line, u32 id, const char16_t *text, u32 want)
{
    struct database *db = edit();

    summary(db, id, text);
    save(db);
    gives_of(line, "bad.msp", want);
}
#define SUMMARY(id, text, want) gives_summary(__LINE__, id, text, want)

static void what_the_summary_lacks(void)
{
    struct database *db;

    start();
    SUMMARY(7, NULL, ERROR_PATCH_TARGET_NOT_FOUND);
    SUMMARY(7, u";;;", ERROR_PATCH_TARGET_NOT_FOUND);
    SUMMARY(7, u"{11111111-2222-3333-4444}", ERROR_PATCH_TARGET_NOT_FOUND);
    SUMMARY(7, u"{22222222-2222-3333-4444-555555555555}", ERROR_PATCH_TARGET_NOT_FOUND);
    SUMMARY(8, NULL, ERROR_PATCH_TARGET_NOT_FOUND);
    SUMMARY(8, u":none", ERROR_PATCH_PACKAGE_INVALID);
    SUMMARY(8, u":a name with more characters than names have", ERROR_PATCH_PACKAGE_INVALID);
    SUMMARY(8, u":T.1;:none;:#none", ERROR_PATCH_PACKAGE_INVALID);
    SUMMARY(9, NULL, ERROR_PATCH_PACKAGE_INVALID);
    SUMMARY(9, u"no code", ERROR_PATCH_PACKAGE_INVALID);
    SUMMARY(9, u"{0000000B-AAAA-BBBB-CCCC-00000000000B", ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    ok(!stg_remove(db->stg, u"\005SummaryInformation"), "remove\n");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    ok(!stg_set_bytes(db->stg, u"\005SummaryInformation", "no set", 6), "set\n");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    words(db, 9999);
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_UNSUPPORTED);
    target_end();
}

static void lists_without_end(void)
{
    enum { MANY = 20000 };
    char16_t *text = calloc(MANY * 39 + 1, sizeof(*text));

    start();
    for (u32 i = 0; i < MANY; i++) {
        char one_code[40];

        snprintf(one_code, sizeof(one_code), "{%08X-0000-0000-0000-000000000000};", i);
        for (u32 k = 0; k < 39; k++)
            text[i * 39 + k] = (char16_t)one_code[k];
    }
    SUMMARY(7, text, ERROR_PATCH_PACKAGE_INVALID);
    for (u32 i = 0; i < MANY; i++)
        memmove(text + i * 38, text + i * 39, 38 * sizeof(*text));
    text[MANY * 38] = 0;
    SUMMARY(9, text, ERROR_PATCH_PACKAGE_INVALID);
    free(text);
    target_end();
}

/* --- transforms ---------------------------------------------------------------------------------
 */

static void transform_summary(int line, u32 id, const char16_t *text, i32 number, u32 want)
{
    const struct sum_value v = {.type = 3, .num = number};
    struct database *db = edit(), *mst = NULL;
    struct stg *sub = storage(db, u"T.1");
    struct suminfo *sum = NULL;

    ok(!db_open_memory(&mst) && !stg_copy(sub, mst->stg) && !suminfo_open(mst, 5, &sum), "open\n");
    if (text)
        inst_summary(sum, id, text);
    else
        ok(!suminfo_set(sum, id, &v), "property %u\n", id);
    ok(!suminfo_persist(sum) && !stg_copy(mst->stg, sub), "persist\n");
    obj_unref(suminfo_object(sum));
    obj_unref(db_object(mst));
    stg_close(sub);
    save(db);
    gives_of(line, "bad.msp", want);
}
#define TRANSFORM(id, text, number, want) transform_summary(__LINE__, id, text, number, want)

static void transforms_that_lie(void)
{
    start();
    TRANSFORM(
        9,
        u"{22222222-2222-3333-4444-555555555555}1.2.3;{11111111-2222-3333-4444-555555555555}1.2.3;",
        0, ERROR_PATCH_TARGET_NOT_FOUND);
    TRANSFORM(9, u"{11111111-2222-3333-4444-555555555555}1.2.3", 0, ERROR_PATCH_PACKAGE_INVALID);
    TRANSFORM(9, u"{11111111-2222-3333-4444-555555555555}a.b;", 0, ERROR_PATCH_PACKAGE_INVALID);
    TRANSFORM(9, u"", 0, ERROR_PATCH_PACKAGE_INVALID);
    TRANSFORM(7, u"Intel;1041", 0, ERROR_SUCCESS);
    TRANSFORM(16, NULL, 0x10000, ERROR_SUCCESS);   /* MSITRANSFORM_VALIDATE_LANGUAGE */
    TRANSFORM(16, NULL, 0x8000000, ERROR_SUCCESS); /* the upgrade code: both have none */
    TRANSFORM(14, NULL, 9999, ERROR_PATCH_PACKAGE_UNSUPPORTED);
    target_end();
}

static void gives_without(int line, const char16_t *storage_name, const char16_t *stream, u32 want)
{
    struct database *db = edit();
    struct stg *sub;

    if (stream) {
        sub = storage(db, storage_name);
        ok(!stg_remove(sub, stream), "remove\n");
        stg_close(sub);
    } else {
        ok(!stg_remove(db->stg, storage_name), "remove\n");
    }
    save(db);
    gives_of(line, "bad.msp", want);
}
#define WITHOUT(name, stream, want) gives_without(__LINE__, name, stream, want)

static void transforms_that_lack_something(void)
{
    start();
    WITHOUT(u"T.1", NULL, ERROR_PATCH_PACKAGE_INVALID);
    WITHOUT(u"#T.1", NULL, ERROR_PATCH_PACKAGE_INVALID);
    WITHOUT(u"T.1", u"\005SummaryInformation", ERROR_PATCH_PACKAGE_INVALID);
    target_end();
}

/* --- the file -----------------------------------------------------------------------------------
 */

/* Cut off anywhere but in what its last sector does not use. */
static void truncated(void)
{
    char *bytes = malloc(100000);
    size_t len;
    FILE *f;

    start();
    msp_make(&bad);
    f = fopen(package_path("bad.msp"), "rb");
    len = fread(bytes, 1, 100000, f);
    fclose(f);
    for (size_t n = 0; n + 512 < len; n += n < 512 ? 73 : 512) {
        package_file("bad.msp", bytes, n);
        GIVES(ERROR_PATCH_PACKAGE_INVALID);
    }
    free(bytes);
    target_end();
}

static void cabinets(void)
{
    struct buf junk = {0};
    struct database *db;
    char16_t stored[NAME_STORED_MAX + 1];

    start();
    db = edit();
    ok(!name_encode(u"patch.cab", 9, false, stored), "name\n");
    ok(!stg_remove(db->stg, stored), "remove\n");
    save(db);
    GIVES(ERROR_INSTALL_FAILURE);
    db = edit();
    ok(!buf_add(&junk, "junk that is no cabinet", 23), "junk\n");
    package_stream(db, "patch.cab", &junk);
    save(db);
    GIVES(ERROR_INSTALL_FAILURE);
    buf_free(&junk);
    target_end();
}

static void files_of_other_kinds(void)
{
    start();
    package_file("bad.msp", "", 0);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    package_file("bad.msp", "no patch at all, only text", 26);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    gives_of(__LINE__, "package.msi", ERROR_PATCH_PACKAGE_INVALID);
    unlink(package_path("bad.msp"));
    GIVES(ERROR_PATCH_PACKAGE_OPEN_FAILED);
    mkdir(package_path("bad.msp"), 0755);
    GIVES(ERROR_PATCH_PACKAGE_OPEN_FAILED);
    rmdir(package_path("bad.msp"));
    target_end();
}

/* --- damage -------------------------------------------------------------------------------------
 */

/* Stream number i of a transform: cut to half, or filled with something. */
static void spoil(const char16_t *name, u32 i, bool fill)
{
    struct database *db = edit();
    struct stg *sub = storage(db, name);
    struct stg_list list = {0};
    u8 *data = NULL;
    size_t len = 0;

    ok(!stg_list(sub, &list) && i < list.count, "list\n");
    ok(!stg_read_all(sub, list.entries[i].name, &data, &len), "read\n");
    for (size_t n = 0; fill && n < len; n++)
        data[n] = (u8)(n * 7 + 1);
    ok(!stg_set_bytes(sub, list.entries[i].name, data, fill ? len : len / 2), "set\n");
    os_free(data);
    stg_list_free(&list);
    stg_close(sub);
    save(db);
}

static u32 streams_in(const char16_t *name)
{
    struct database *db = edit();
    struct stg *sub = storage(db, name);
    struct stg_list list = {0};
    u32 n;

    ok(!stg_list(sub, &list), "list\n");
    n = list.count;
    stg_list_free(&list);
    stg_close(sub);
    obj_unref(db_object(db));
    return n;
}

static void damaged_streams_of_transforms(void)
{
    static const char16_t *const names[] = {u"T.1", u"#T.1"};
    u32 tried = 0, failed = 0;

    start();
    for (u32 k = 0; k < 2; k++) {
        for (u32 i = 0, n = streams_in(names[k]); i < 2 * n; i++) {
            char *before = machine_state(), *after;
            u32 err;

            spoil(names[k], i / 2, i % 2);
            err = patched_run("PATCH", "bad.msp", "");
            after = machine_state();
            ok(!err || !strcmp(before, after), "%u, stream %u: %u, and changed\n", k, i, err);
            free(before);
            free(after);
            tried++;
            failed += err != 0;
            if (!err) {
                target_end();
                start();
            }
        }
    }
    ok(failed > tried * 3 / 4, "%u of %u fail\n", failed, tried);
    target_end();
}

/* --- their tables -------------------------------------------------------------------------------
 */

#define SEQUENCE "MsiPatchSequence;PatchFamily s72 k;ProductCode S38 k;Sequence s72;Attributes I2"

static void drop(struct database *db, const char16_t *name)
{
    struct table *t = NULL;

    ok(!db_core_table(db->core, name, u16_len(name), &t) && !db_core_drop_table(db->core, t),
       "drop\n");
}

static void tables_that_are_none(void)
{
    struct database *db;

    start();
    db = edit();
    drop(db, u"MsiPatchSequence");
    INST_TABLE(db, SEQUENCE, "App;;not a version;0");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    drop(db, u"MsiPatchSequence");
    INST_TABLE(db, SEQUENCE, "App;;1.2.65536;0");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    drop(db, u"MsiPatchSequence");
    INST_TABLE(db, "MsiPatchSequence;PatchFamily s72 k;ProductCode S38 k", "App;");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    drop(db, u"MsiPatchMetadata");
    INST_TABLE(db, "MsiPatchMetadata;Company S72 k;Property s72 k", ";AllowRemoval");
    save(db);
    GIVES(ERROR_PATCH_PACKAGE_INVALID);
    db = edit();
    drop(db, u"MsiPatchMetadata");
    save(db);
    GIVES(ERROR_SUCCESS);
    target_end();
}

/* Each is to come before the other. */
static void a_ring_of_sequences(void)
{
    struct msp other = bad;
    struct database *db;

    start();
    other.name = "other.msp";
    other.code = "{0000000C-AAAA-BBBB-CCCC-00000000000C}";
    msp_make(&other);
    db = NULL;
    ok(!db_open(text16(package_path("other.msp")), DB_TRANSACT, true, &db), "open\n");
    inst_row(db, "MsiPatchSequence", "Else;;1;0");
    save(db);
    db = edit();
    drop(db, u"MsiPatchSequence");
    INST_TABLE(db, SEQUENCE, "App;;1.2.0;0", "Else;;2;0");
    save(db);
    gives_of(__LINE__, "bad.msp;other.msp", ERROR_PATCH_NO_SEQUENCE);
    ok(!patched_run("PATCH", "other.msp", ""), "one of them\n");
    gives_of(__LINE__, "bad.msp", ERROR_PATCH_NO_SEQUENCE);
    unlink(package_path("other.msp"));
    target_end();
}

/* Without a family, so that the list counts. */
static void what_makes_itself_obsolete(void)
{
    struct msp plain = bad, other;

    start();
    plain.family = NULL;
    plain.obsolete = BAD;
    msp_make(&plain);
    GIVES(ERROR_SUCCESS);
    ok(!patched_run("PATCH", "bad.msp", ""), "patch\n");
    HAS(APP "one.txt", "ONE!");
    ok(!patched_run("PATCH", "bad.msp", ""), "again\n");
    HAS(APP "one.txt", "ONE!");
    target_end();
    start();
    other = plain;
    plain.obsolete = "{0000000C-AAAA-BBBB-CCCC-00000000000C}";
    msp_make(&plain);
    other.name = "other.msp";
    other.code = plain.obsolete;
    msp_make(&other);
    ok(!patched_run("PATCH", "bad.msp;other.msp", ""), "each makes the other obsolete\n");
    HAS(APP "one.txt", "one");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!sweep_count("drive_c/windows/Installer", ".msp"), "one stays in the cache\n");
    unlink(package_path("other.msp"));
    target_end();
}

START_TEST(msi_patch_bad)
{
    patched_make("patchbad");
    RUN(what_the_summary_lacks);
    RUN(lists_without_end);
    RUN(transforms_that_lie);
    RUN(transforms_that_lack_something);
    RUN(truncated);
    RUN(cabinets);
    RUN(files_of_other_kinds);
    RUN(tables_that_are_none);
    RUN(a_ring_of_sequences);
    RUN(what_makes_itself_obsolete);
    RUN(damaged_streams_of_transforms);
    package_end(NULL);
}
