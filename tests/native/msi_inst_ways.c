/*
 * Failures and kills on the ways to install beside the plain one: administrative images, installing
 * from them and patching them; transforms that are kept; instances; advertising, and installing
 * what was advertised.
 */
#include "patch_product_fixture.h"
#include "sweep_fixture.h"

#include "products.h"

#define IMAGE  "drive_c/image/"
#define SECOND u"{22222222-2222-3333-4444-555555555555}"
#define KEPT   "drive_c/windows/Installer/{11111111-2222-3333-4444-555555555555}/"

/* --- packages -----------------------------------------------------------------------------------
 */

static struct database *customized(void)
{
    struct database *db = first();

    msp_set_text(db, "File", "two", 2, "other.txt");
    return db;
}

static struct database *instance(void)
{
    struct database *db = first();

    msp_set_text(db, "Property", "ProductCode", 1, "{22222222-2222-3333-4444-555555555555}");
    msp_set_text(db, "Component", "c", 1, "{CCCCCCCC-2222-3333-4444-555555555555}");
    msp_set_text(db, "Directory", "INSTALLDIR", 2, "Second");
    msp_set_text(db, "Registry", "r", 2, "Software\\Second");
    return db;
}

static void make_mst(const char *name, struct database *(*to)(void))
{
    struct database *from = first(), *next = to();

    ok(!xform_generate(next->core, from->core, text16(package_path(name)), NULL), "%s\n", name);
    ok(!xform_summary(next->core, from->core, text16(package_path(name)), 0x1f, 0, NULL),
       "its summary\n");
    obj_unref(db_object(from));
    obj_unref(db_object(next));
}

static void make_all(const char *name)
{
    struct database *db;

    patched_make(name);
    make_mst("custom.mst", customized);
    make_mst("instance.mst", instance);
    db = first();
    INST_TABLE(db, "AdvtExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "CostInitialize;;800", "CostFinalize;;1000", "InstallValidate;;1400",
               "InstallInitialize;;1500", "RegisterExtensionInfo;;4700", "PublishFeatures;;6300",
               "PublishProduct;;6400", "InstallFinalize;;6600");
    INST_TABLE(db,
               "Extension;Extension s255 k;Component_ s72 k;ProgId_ S255;MIME_ S64;Feature_ s38",
               "app;c;App.Text;;f");
    INST_TABLE(db, "Verb;Extension_ s255 k;Verb s32 k;Sequence I2;Command L255;Argument L255",
               "app;open;1;Open;%1");
    INST_TABLE(db,
               "ProgId;ProgId s255 k;ProgId_Parent S255;Class_ S38;Description L255;Icon_ "
               "S72;IconIndex I2",
               "App.Text;;;Text;;");
    inst_row(db, "InstallExecuteSequence", "RegisterExtensionInfo;;4700");
    inst_row(db, "InstallExecuteSequence", "UnregisterExtensionInfo;;2400");
    msp_set_text(db, "Component", "c", 5, "one");
    patched_cabinet(db);
    package_save_as(db, "advertised.msi");
}

/* --- ways ---------------------------------------------------------------------------------------
 */

enum way {
    MAKES_IMAGE,
    FROM_IMAGE,
    PATCHES_IMAGE,
    KEEPS_TRANSFORM,
    DROPS_TRANSFORM,
    ADDS_INSTANCE,
    ADVERTISES,
    ADVERTISED_INSTALLED,
    WAYS
};

static enum way way;

static struct session *open_with(const char *package, const char *line)
{
    struct session_options how = {.command_line = u16_dup_utf8(line)};
    struct database *db = NULL;
    struct session *s = NULL;
    u32 err;

    ok(!db_open(text16(package), DB_READONLY, false, &db), "open %s\n", package);
    err = session_open(db, &how, &s);
    ok(!err, "session: %u\n", err);
    obj_unref(db_object(db));
    os_free((void *)how.command_line);
    return s;
}

static const char *with_file(const char *before, const char *name, const char *more)
{
    static char line[1000];

    snprintf(line, sizeof(line), "%s\"%s\" %s", before, package_path(name), more);
    return line;
}

static struct session *open_way(void)
{
    const char *package = package_path("package.msi"), *advertised = package_path("advertised.msi");
    const char *image = target_path(IMAGE "package.msi");

    switch (way) {
    case MAKES_IMAGE:
        return open_with(package, "ACTION=ADMIN TARGETDIR=C:\\image");
    case FROM_IMAGE:
        return open_with(image, "");
    case PATCHES_IMAGE:
        return open_with(image, with_file("PATCH=", "one.msp", "ACTION=ADMIN TARGETDIR=C:\\image"));
    case KEEPS_TRANSFORM:
        return open_with(package, with_file("TRANSFORMS=", "custom.mst", ""));
    case DROPS_TRANSFORM:
        return open_with(package, "REMOVE=ALL");
    case ADDS_INSTANCE:
        return open_with(package, with_file("TRANSFORMS=", "instance.mst", "MSINEWINSTANCE=1"));
    case ADVERTISES:
        return open_with(advertised, "ACTION=ADVERTISE");
    default:
        return open_with(advertised, "");
    }
}

static u32 do_way(struct session *s)
{
    const char16_t *action = way == MAKES_IMAGE || way == PATCHES_IMAGE ? u"ADMIN"
                             : way == ADVERTISES                        ? u"ADVERTISE"
                                                                        : u"INSTALL";

    return session_do_action(s, action, u16_len(action));
}

/* Another way that has to be gone before. */
static void go(enum way before)
{
    enum way then = way;
    struct session *s;

    way = before;
    s = open_way();
    ok(!do_way(s), "way %d before\n", (int)before);
    inst_close(s);
    way = then;
}

static void start(void)
{
    patched_machine("ways");
    if (way == FROM_IMAGE || way == PATCHES_IMAGE)
        go(MAKES_IMAGE);
    if (way == DROPS_TRANSFORM)
        go(KEEPS_TRANSFORM);
    if (way == ADVERTISED_INSTALLED)
        go(ADVERTISES);
    if (way == ADDS_INSTANCE)
        ok(!patched_run(NULL, "", ""), "the first\n");
}

static bool known(const char16_t *code, bool installed)
{
    struct product p;

    return product_find(code, &p) && product_installed(&p) == installed;
}

static bool is_done(void)
{
    struct product p;

    switch (way) {
    case MAKES_IMAGE:
        return sweep_has(IMAGE "App/one.txt", "one") && sweep_has(IMAGE "App/two.txt", "two") &&
               sweep_count(IMAGE, ".msi") == 1;
    case FROM_IMAGE:
        return known(CODE, true) && sweep_has(APP "one.txt", "one");
    case PATCHES_IMAGE:
        return sweep_has(IMAGE "App/one.txt", "ONE!") && sweep_has(IMAGE "App/two.txt", "two") &&
               sweep_count(IMAGE, ".msi") == 1;
    case KEEPS_TRANSFORM:
        return known(CODE, true) && sweep_has(APP "other.txt", "two") &&
               sweep_count(KEPT, ".mst") == 1;
    case DROPS_TRANSFORM:
        return !product_find(CODE, &p) && sweep_has(APP "other.txt", NULL) &&
               !sweep_count(KEPT, ".mst");
    case ADDS_INSTANCE:
        return known(CODE, true) && known(SECOND, true) && sweep_has(APP "one.txt", "one") &&
               sweep_has("drive_c/Program Files (x86)/Second/one.txt", "one");
    case ADVERTISES:
        return known(CODE, false) && sweep_has(APP "one.txt", NULL);
    default:
        return known(CODE, true) && sweep_has(APP "one.txt", "one");
    }
}

static void sweep(enum way which)
{
    static const struct sweep_case c = {start, open_way, do_way, is_done, NULL};

    way = which;
    sweep_failures(&c, 3);
    sweep_kills(&c, 67);
}

#define SWEEP(name, which) \
    static void name(void) \
    {                      \
        sweep(which);      \
    }
SWEEP(an_image_is_made, MAKES_IMAGE)
SWEEP(from_an_image, FROM_IMAGE)
SWEEP(an_image_is_patched, PATCHES_IMAGE)
SWEEP(a_transform_is_kept, KEEPS_TRANSFORM)
SWEEP(it_goes_with_its_product, DROPS_TRANSFORM)
SWEEP(another_instance, ADDS_INSTANCE)
SWEEP(advertised, ADVERTISES)
SWEEP(what_was_advertised, ADVERTISED_INSTALLED)

START_TEST(msi_inst_ways)
{
    make_all("ways");
    RUN(an_image_is_made);
    RUN(from_an_image);
    RUN(an_image_is_patched);
    RUN(a_transform_is_kept);
    RUN(it_goes_with_its_product);
    RUN(another_instance);
    RUN(advertised);
    RUN(what_was_advertised);
    package_end(NULL);
}
