/*
 * Patches are installed, with their product or after it: files, registration, states.
 */
#include "patch_product_fixture.h"

#include "products.h"
#include "trace.h"

static void start(void)
{
    patched_machine("patchinstall");
}

static void product_is(int line, const char16_t *name, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err = product_find(CODE, &p) ? product_property(&p, name, &text) : ERROR_UNKNOWN_PRODUCT;

    ok(!err && u16_is(text, u16_len(text), want), "line %d: %s gives %u\n", line, want, err);
    if (!err)
        os_free(text);
}
#define PRODUCT(name, want) product_is(__LINE__, name, want)

/* want NULL: the product has no such patch. */
static void patch_is(int line, const char *code, const char16_t *name, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err = product_find(CODE, &p) ? patch_property(&p, text16(code), name, &text)
                                     : ERROR_UNKNOWN_PRODUCT;

    if (!want)
        ok(err == ERROR_UNKNOWN_PATCH, "line %d: %u\n", line, err);
    else
        ok(!err && u16_is(text, u16_len(text), want), "line %d: %s gives %u, %s\n", line, want, err,
           err ? "" : trace_text(text, -1));
    if (!err)
        os_free(text);
}
#define PATCH_IS(code, name, want) patch_is(__LINE__, code, name, want)

static void value_is(int line, const char16_t *name, const char *want)
{
    struct reg_key *key = NULL;
    char16_t *text = NULL;
    u32 err = reg_open_view(REG_MACHINE, REG_VIEW_32, u"Software\\App", &key);

    if (!err)
        err = reg_get_text(key, name, &text);
    if (want)
        ok(!err && u16_is(text, u16_len(text), want), "line %d: %s\n", line, want);
    else
        ok(err, "line %d: it is there\n", line);
    if (!err)
        os_free(text);
    reg_close(key);
}
#define VALUE(name, want) value_is(__LINE__, name, want)

/* The number of files with that ending in the cache. */
static u32 cached(const char *ending)
{
    DIR *d = opendir(target_path("drive_c/windows/Installer"));
    struct dirent *e;
    u32 n = 0;

    while (d && (e = readdir(d)))
        n += strlen(e->d_name) > 4 && !strcmp(e->d_name + strlen(e->d_name) - 4, ending);
    if (d)
        closedir(d);
    return n;
}

static void a_patch_changes_what_is_there(void)
{
    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    HAS(APP "one.txt", "one");
    VALUE(u"v", "old");
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "two");
    VALUE(u"v", "new");
    PATCH_IS(ONE, u"State", "1");
    PATCH_IS(ONE, u"Uninstallable", "1");
    PATCH_IS(ONE, u"DisplayName", "A patch");
    PATCH_IS(ONE, u"MoreInfoURL", "http://patch/");
    PATCH_IS(ONE, u"Transforms", ":T.1;:#T.1");
    PATCH_IS(ONE, u"LUAEnabled", "0");
    PATCH_IS(TWO, u"State", NULL);
    ok(cached(".msp") == 1 && cached(".msi") == 1, "%u cached\n", cached(".msp"));
    target_end();
}

static void with_the_product_at_once(void)
{
    start();
    ok(!patched_run("PATCH", "two.msp;one.msp;three.msp", ""), "install\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "twoTWO");
    HAS(APP "three.txt", "three");
    PRODUCT(u"VersionString", "1.3.0");
    PATCH_IS(ONE, u"State", "1");
    PATCH_IS(TWO, u"State", "1");
    PATCH_IS(THREE, u"State", "1");
    ok(cached(".msp") == 3, "%u cached\n", cached(".msp"));
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    HAS(APP "three.txt", NULL);
    ok(!cached(".msp") && !cached(".msi"), "the cache is empty\n");
    ok(!patch_known(u"" ONE) && !patch_known(u"" TWO), "nothing is known\n");
    target_end();
}

/* A session on the product has them, whatever it is opened for. */
static void the_database_has_them(void)
{
    struct session *s;

    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    ok(!patched_run("PATCH", "two.msp", ""), "another\n");
    ok(!patched_open(NULL, "", "", &s), "open\n");
    ok(s && s->patches && s->patches->applied == 2 && !s->patches->fresh, "patches\n");
    if (s)
        inst_close(s);
    VALUE(u"more", "three");
    PRODUCT(u"VersionString", "1.3.0");
    unlink(target_path(APP "two.txt"));
    unlink(target_path(APP "one.txt"));
    ok(!patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "TWO-TWO");
    target_end();
}

static void what_is_superseded_stays_known(void)
{
    struct msp newer = one;

    newer.name = "newer.msp";
    newer.code = THREE;
    newer.sequence = "1.2.7";
    newer.contents[0] = "NEW1";
    newer.supersedes = true;
    msp_make(&newer);
    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    ok(!patched_run("PATCH", "newer.msp", ""), "newer\n");
    HAS(APP "one.txt", "NEW1");
    PATCH_IS(ONE, u"State", "2");
    PATCH_IS(THREE, u"State", "1");
    ok(!patched_run("PATCH", "one.msp", ""), "again\n");
    HAS(APP "one.txt", "NEW1");
    target_end();
    msp_make(&three);
}

/* A minor upgrade by its own package, which the patch is not for: no state but that is said. */
static void a_newer_package_makes_a_patch_obsolete(void)
{
    struct database *db = first();

    msp_set_text(db, "Property", "ProductVersion", 1, "1.3.0");
    patched_cabinet(db);
    package_save_as(db, "later.msi");
    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    ok(!patched_run("PATCH", "one.msp", ""), "patch\n");
    PATCH_IS(ONE, u"State", "1");
    ok(!patched_run_of("later.msi", NULL, "", "REINSTALL=ALL REINSTALLMODE=vamus"), "upgrade\n");
    PRODUCT(u"VersionString", "1.3.0");
    HAS(APP "one.txt", "one");
    PATCH_IS(ONE, u"State", "4");
    ok(!patched_run_of("later.msi", NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!cached(".msp") && !patch_known(u"" ONE), "nothing is known\n");
    target_end();
}

static void what_fails_leaves_everything(void)
{
    char *before, *after;

    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    before = machine_state();
    ok(patched_run("PATCH", "three.msp", "") == ERROR_PATCH_TARGET_NOT_FOUND, "not for this\n");
    ok(patched_run("PATCH", "none.msp", "") == ERROR_PATCH_PACKAGE_OPEN_FAILED, "no file\n");
    after = machine_state();
    ok(!strcmp(before, after), "changed:\n%s\n%s", before, after);
    free(before);
    free(after);
    target_end();
}

static void a_file_that_its_user_changed_stays(void)
{
    start();
    ok(!patched_run(NULL, "", ""), "install\n");
    target_file(APP "one.txt", "mine, my own");
    ok(!patched_run("PATCH", "one.msp", "REINSTALLMODE=pus"), "patch\n");
    HAS(APP "one.txt", "mine, my own");
    target_end();
}

START_TEST(msi_patch_install)
{
    patched_make("patchinstall");
    RUN(a_patch_changes_what_is_there);
    RUN(with_the_product_at_once);
    RUN(the_database_has_them);
    RUN(what_is_superseded_stays_known);
    RUN(a_newer_package_makes_a_patch_obsolete);
    RUN(what_fails_leaves_everything);
    RUN(a_file_that_its_user_changed_stays);
    package_end(NULL);
}
