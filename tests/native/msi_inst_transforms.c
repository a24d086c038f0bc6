/*
 * Transforms of an installed product: copies of them are kept and used, and go with it; instances
 * of one package stand beside each other.
 */
#include "patch_product_fixture.h"

#include "products.h"

#define OTHER u"{22222222-2222-3333-4444-555555555555}"
#define CACHE "drive_c/windows/Installer/{11111111-2222-3333-4444-555555555555}/"

/* --- transforms ---------------------------------------------------------------------------------
 */

static struct database *customized(void)
{
    struct database *db = first();

    msp_set_text(db, "Registry", "r", 4, "custom");
    return db;
}

static struct database *instance(void)
{
    struct database *db = first();

    msp_set_text(db, "Property", "ProductCode", 1, "{22222222-2222-3333-4444-555555555555}");
    msp_set_text(db, "Property", "ProductName", 1, "Second");
    msp_set_text(db, "Component", "c", 1, "{CCCCCCCC-2222-3333-4444-555555555555}");
    msp_set_text(db, "Directory", "INSTALLDIR", 2, "Second");
    msp_set_text(db, "Registry", "r", 2, "Software\\Second");
    return db;
}

static void make_mst(const char *name, struct database *(*to)(void))
{
    struct database *from = first(), *next = to();

    unlink(package_path(name));
    ok(!xform_generate(next->core, from->core, text16(package_path(name)), NULL), "%s\n", name);
    ok(!xform_summary(next->core, from->core, text16(package_path(name)), 0x1f, 0, NULL),
       "its summary\n");
    obj_unref(db_object(from));
    obj_unref(db_object(next));
}

/* The package gets the transform as a storage. */
static void embed(const char *mst, const char *name)
{
    struct stg *root = NULL, *from = NULL, *sub = NULL;

    ok(!stg_open(text16(package_path("package.msi")), STG_WRITE, &root), "package\n");
    ok(!stg_open(text16(package_path(mst)), STG_READ, &from), "transform\n");
    ok(!stg_sub_create(root, text16(name), &sub) && !stg_copy(from, sub), "storage\n");
    stg_close(sub);
    ok(!stg_commit(root), "commit\n");
    stg_close(from);
    stg_close(root);
}

/* --- the machine --------------------------------------------------------------------------------
 */

static void start(void)
{
    patched_machine("transforms");
    make_mst("x.mst", customized);
}

static void value_is(int line, const char16_t *key, const char *want)
{
    struct reg_key *k = NULL;
    char16_t *text = NULL;
    u32 err = reg_open_view(REG_MACHINE, REG_VIEW_32, key, &k);

    if (!err)
        err = reg_get_text(k, u"v", &text);
    if (want)
        ok(!err && u16_is(text, u16_len(text), want), "line %d: not %s\n", line, want);
    else
        ok(err, "line %d: it is there\n", line);
    if (!err)
        os_free(text);
    reg_close(k);
}
#define VALUE(key, want) value_is(__LINE__, key, want)

static void registered_as(int line, const char16_t *code, const char *want)
{
    struct product p;
    char16_t *text = NULL;
    u32 err =
        product_find(code, &p) ? product_property(&p, u"Transforms", &text) : ERROR_UNKNOWN_PRODUCT;

    ok(!err && u16_is(text, u16_len(text), want), "line %d: error %u, not %s\n", line, err, want);
    if (!err)
        os_free(text);
}
#define REGISTERED(code, want) registered_as(__LINE__, code, want)

static u32 install(const char *before, const char *name, const char *more)
{
    char line[800];

    snprintf(line, sizeof(line), "TRANSFORMS=\"%s%s\" %s", before, *name ? package_path(name) : "",
             more);
    return patched_run(NULL, "", line);
}

static u32 repair(void)
{
    return patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=omus");
}

static void is_there(int line, const char *name, bool want)
{
    ok(!access(target_path(name), F_OK) == want, "line %d: %s\n", line, name);
}
#define THERE(name, want) is_there(__LINE__, name, want)

/* --- files --------------------------------------------------------------------------------------
 */

static void a_copy_is_kept(void)
{
    start();
    ok(!install("", "x.mst", ""), "install\n");
    VALUE(u"Software\\App", "custom");
    THERE(CACHE "x.mst", true);
    REGISTERED(CODE, "C:\\windows\\Installer\\{11111111-2222-3333-4444-555555555555}\\x.mst");
    unlink(package_path("x.mst"));
    ok(!repair(), "repair\n");
    VALUE(u"Software\\App", "custom");
    THERE(CACHE "x.mst", true);
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    VALUE(u"Software\\App", NULL);
    THERE(CACHE "x.mst", false);
    THERE(CACHE, false);
    target_end();
}

static void one_that_is_gone_comes_back_from_beside_the_package(void)
{
    start();
    ok(!install("", "x.mst", ""), "install\n");
    unlink(target_path(CACHE "x.mst"));
    ok(!repair(), "repair\n");
    VALUE(u"Software\\App", "custom");
    THERE(CACHE "x.mst", true);
    unlink(target_path(CACHE "x.mst"));
    unlink(package_path("x.mst"));
    ok(repair() == ERROR_INSTALL_TRANSFORM_FAILURE, "without any\n");
    VALUE(u"Software\\App", "custom");
    target_end();
}

static void secure_at_source(void)
{
    start();
    ok(!install("@x.mst", "", ""), "install\n");
    VALUE(u"Software\\App", "custom");
    REGISTERED(CODE, "@x.mst");
    THERE(CACHE "x.mst", true);
    unlink(package_path("x.mst"));
    ok(!repair(), "repair\n");
    VALUE(u"Software\\App", "custom");
    unlink(target_path(CACHE "x.mst"));
    ok(repair() == ERROR_INSTALL_TRANSFORM_FAILURE, "without any\n");
    target_end();
}

static void secure_by_full_path(void)
{
    char list[800];

    start();
    ok(!install("|", "x.mst", ""), "install\n");
    VALUE(u"Software\\App", "custom");
    snprintf(list, sizeof(list), "|%s", package_path("x.mst"));
    REGISTERED(CODE, list);
    THERE(CACHE "x.mst", true);
    unlink(package_path("x.mst"));
    ok(!repair(), "repair\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    THERE(CACHE "x.mst", false);
    target_end();
}

static void secured_by_a_property(void)
{
    start();
    ok(!install("x.mst", "", "TRANSFORMSSECURE=1"), "install\n");
    REGISTERED(CODE, "@x.mst");
    THERE(CACHE "x.mst", true);
    target_end();
}

static void of_a_user(void)
{
    char *state;

    start();
    ok(!install("", "x.mst", "ALLUSERS=\"\""), "install\n");
    VALUE(u"Software\\App", "custom");
    THERE(CACHE "x.mst", false);
    state = target_show();
    ok(strstr(state, "Microsoft/Installer/{11111111-2222-3333-4444-555555555555}/x.mst") != NULL,
       "%s\n", state);
    free(state);
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    state = target_show();
    ok(!strstr(state, "x.mst"), "%s\n", state);
    free(state);
    target_end();
}

static void what_fails_keeps_none(void)
{
    char *before, *after;
    struct session *s = NULL;
    char line[800];

    start();
    before = target_show();
    snprintf(line, sizeof(line), "TRANSFORMS=\"%s\"", package_path("x.mst"));
    ok(!patched_open(NULL, "", line, &s), "open\n");
    os_fault(OS_FAULT_SYNC, 3, false);
    ok(session_do_action(s, u"INSTALL", 7), "it is installed\n");
    os_fault(OS_FAULT_SYNC, 0, false);
    inst_close(s);
    ok(!run_recover(), "recover\n");
    after = target_show();
    ok(!strcmp(before, after), "%s-- after\n%s", before, after);
    VALUE(u"Software\\App", NULL);
    free(before);
    free(after);
    target_end();
}

/* --- instances ----------------------------------------------------------------------------------
 */

#define SECOND "TRANSFORMS=:second "

static void instances_beside_each_other(void)
{
    struct msp second = one;

    second.name = "second.msp";
    second.code = TWO;
    second.target = "{22222222-2222-3333-4444-555555555555}";
    second.validate = 0x120;
    start();
    msp_make(&second);
    ok(!patched_run(NULL, "", ""), "the first\n");
    ok(!patched_run(NULL, "", "MSINEWINSTANCE=1 " SECOND), "the second\n");
    HAS(APP "one.txt", "one");
    HAS("drive_c/Program Files (x86)/Second/one.txt", "one");
    REGISTERED(OTHER, ":second");
    VALUE(u"Software\\App", "old");
    VALUE(u"Software\\Second", "old");
    unlink(target_path("drive_c/Program Files (x86)/Second/one.txt"));
    ok(!patched_run(NULL, "", SECOND "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
    HAS("drive_c/Program Files (x86)/Second/one.txt", "one");
    ok(!patched_run("PATCH", "second.msp", SECOND), "patch\n");
    HAS("drive_c/Program Files (x86)/Second/one.txt", "ONE!");
    HAS(APP "one.txt", "one");
    VALUE(u"Software\\App", "old");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove the first\n");
    HAS(APP "one.txt", NULL);
    HAS("drive_c/Program Files (x86)/Second/one.txt", "ONE!");
    ok(!patched_run(NULL, "", SECOND "REMOVE=ALL"), "remove the second\n");
    HAS("drive_c/Program Files (x86)/Second/one.txt", NULL);
    VALUE(u"Software\\Second", NULL);
    target_end();
}

START_TEST(msi_inst_transforms)
{
    patched_make("transforms");
    make_mst("second.mst", instance);
    embed("second.mst", "second");
    RUN(a_copy_is_kept);
    RUN(one_that_is_gone_comes_back_from_beside_the_package);
    RUN(secure_at_source);
    RUN(secure_by_full_path);
    RUN(secured_by_a_property);
    RUN(of_a_user);
    RUN(what_fails_keeps_none);
    RUN(instances_beside_each_other);
    package_end(NULL);
}
