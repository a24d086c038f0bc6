/*
 * Patches by which a product becomes another: the new one is installed from the package and the
 * patch, and the old one goes.
 */
#include "upgrade_fixture.h"

#define MAJOR "{00000009-AAAA-BBBB-CCCC-000000000009}"
#define PLAIN "{00000008-AAAA-BBBB-CCCC-000000000008}"
#define AFTER "{00000007-AAAA-BBBB-CCCC-000000000007}"

static enum upgrade_place now;

static struct database *turned(void)
{
    return upgrading(now);
}

static struct database *plain_next(void)
{
    struct database *db = upgradable();

    inst_row(db, "Registry", "p;2;Software\\App;plain;p;c");
    return db;
}

/* A small update of what the major one makes. */
static struct database *after_next(void)
{
    struct database *db = turned();

    msp_set(db, "File", "two", 3, 4);
    return db;
}

static void make_patches(void)
{
    struct msp major = {.name = "major.msp",
                        .code = MAJOR,
                        .base = upgradable,
                        .next = turned,
                        .files = {"one"},
                        .contents = {"ONE!"}};
    struct msp plain = {
        .name = "plain.msp", .code = PLAIN, .base = upgradable, .next = plain_next, .disk = 7};
    struct msp after = {.name = "after.msp",
                        .code = AFTER,
                        .base = turned,
                        .next = after_next,
                        .files = {"two"},
                        .contents = {"TWO!"},
                        .family = "App",
                        .sequence = "2.0.1",
                        .target = NEW_CODE_A};

    msp_make(&major);
    msp_make(&plain);
    msp_make(&after);
}

static void place(enum upgrade_place at)
{
    now = at;
    make_patches();
}

/* The package in the cache, of that product. */
static void cached(const char16_t *code, char *name, size_t size)
{
    char16_t *local = NULL;
    struct product p;

    name[0] = 0;
    ok(product_find(code, &p) && !product_property(&p, u"LocalPackage", &local), "cached\n");
    if (!local)
        return;
    snprintf(name, size, "drive_c/");
    for (size_t n = 8, at = 3; local[at] && n + 1 < size; n++, at++) { /* behind C:\ */
        name[n] = local[at] == '\\' ? '/' : (char)local[at];
        name[n + 1] = 0;
    }
    os_free(local);
}

/* As installations of a product by its code are: from its cached package. */
static u32 run_cached(const char16_t *code, const char *property, const char *files,
                      const char *more)
{
    struct session_options how = {.product = code};
    char name[300], line[1500] = "";
    struct database *db = NULL;
    struct session *s = NULL;
    u32 err;

    cached(code, name, sizeof(name));
    if (property)
        snprintf(line, sizeof(line), "%s=\"%s\" ", property, package_path(files));
    strcat(line, more);
    how.command_line = u16_dup_utf8(line);
    err = db_open(text16(target_path(name)), DB_READONLY, false, &db);
    ok(!err, "%s: %u\n", name, err);
    if (!err) {
        err = session_open(db, &how, &s);
        obj_unref(db_object(db));
    }
    os_free((void *)how.command_line);
    if (err)
        return err;
    ok(install_takes(s, NULL, 0), "taken\n");
    err = session_do_action(s, u"INSTALL", 7);
    inst_close(s);
    return err;
}

static void patch_is(const char *code, const char16_t *name, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err = product_find(NEW_CODE, &p) ? patch_property(&p, text16(code), name, &text)
                                         : ERROR_UNKNOWN_PRODUCT;

    ok(!err && u16_is(text, u16_len(text), want), "%s gives %u\n", want, err);
    if (!err)
        os_free(text);
}

static bool is_done(void)
{
    return upgrade_is_done() && sweep_count("drive_c/windows/Installer", ".msp") == 1 &&
           !sweep_count("drive_c/windows/temp", ".tmp");
}

static void the_product_becomes_another(void)
{
    for (u32 at = 0; at < PLACES; at++) {
        u32 err;

        place(at);
        upgrade_start();
        err = run_cached(CODE, "PATCH", "major.msp", "");
        ok(!err && is_done(), "place %u: %u\n", at, err);
        patch_is(MAJOR, u"State", "1");
        patch_is(MAJOR, u"Uninstallable", "0");
        target_end();
    }
}

/* It is repaired, patched and removed as any: by its code. */
static void the_new_one_is_a_product(void)
{
    place(BEFORE_ALL);
    upgrade_start();
    ok(!run_cached(CODE, "PATCH", "major.msp", ""), "patch\n");
    unlink(target_path(APP "one.txt"));
    ok(!run_cached(NEW_CODE, NULL, "", "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
    HAS(APP "one.txt", "ONE!");
    ok(run_cached(NEW_CODE, NULL, "", "MSIPATCHREMOVE=" MAJOR) == ERROR_PATCH_REMOVAL_UNSUPPORTED,
       "it stays\n");
    ok(run_cached(NEW_CODE, "PATCH", "plain.msp", "") == ERROR_PATCH_TARGET_NOT_FOUND,
       "not for this\n");
    ok(!run_cached(NEW_CODE, "PATCH", "after.msp", ""), "another patch\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "TWO!");
    patch_is(AFTER, u"State", "1");
    ok(!run_cached(NEW_CODE, NULL, "", "MSIPATCHREMOVE=" AFTER), "which goes\n");
    HAS(APP "two.txt", "two");
    ok(!run_cached(NEW_CODE, NULL, "", "REMOVE=ALL"), "remove\n");
    HAS(APP "one.txt", NULL);
    ok(!sweep_count("drive_c/windows/Installer", ".msp") &&
           !sweep_count("drive_c/windows/Installer", ".msi"),
       "the cache is empty\n");
    target_end();
}

/* What the old one was patched with before has its part in the new one. */
static void the_old_patches_come_along(void)
{
    for (u32 at = 0; at < PLACES; at++) {
        place(at);
        upgrade_start();
        ok(!run_cached(CODE, "PATCH", "plain.msp", ""), "patch\n");
        ok(!run_cached(CODE, "PATCH", "major.msp", ""), "another\n");
        ok(upgrade_is_done(), "place %u\n", at);
        patch_is(PLAIN, u"State", "1");
        patch_is(MAJOR, u"State", "1");
        ok(sweep_count("drive_c/windows/Installer", ".msp") == 2, "both are cached\n");
        ok(!sweep_count("drive_c/windows/temp", ".tmp"), "nothing is left\n");
        ok(!run_cached(NEW_CODE, NULL, "", "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
        ok(!run_cached(NEW_CODE, NULL, "", "REMOVE=ALL"), "remove\n");
        ok(!sweep_count("drive_c/windows/Installer", ".msp"), "nothing is cached\n");
        target_end();
    }
}

/* --- failures and kills -------------------------------------------------------------------------
 */

static struct session *open_it(void)
{
    struct session *s = NULL;

    ok(!patched_open("PATCH", "major.msp", "", &s), "open\n");
    return s;
}

static bool is_between(void)
{
    bool old = upgrade_there(CODE), fresh = upgrade_there(NEW_CODE);

    if (now == BEFORE_ALL)
        return !old && !fresh && sweep_has(APP "one.txt", NULL);
    return now == AFTER_ALL && old && fresh && sweep_has(APP "one.txt", "ONE!");
}

static void done_or_undone(void)
{
    static const struct sweep_case c = {upgrade_start, open_it, NULL, is_done, is_between};

    for (u32 at = 0; at < PLACES; at++) {
        place(at);
        sweep_failures(&c, 3);
        sweep_kills(&c, 67);
    }
}

START_TEST(msi_patch_major)
{
    upgrade_make("patchmajor");
    RUN(the_product_becomes_another);
    RUN(the_new_one_is_a_product);
    RUN(the_old_patches_come_along);
    RUN(done_or_undone);
    package_end(NULL);
}
