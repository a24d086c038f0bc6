/*
 * Administrative images are patched: their files and their package are the new version's, and what
 * is installed from them needs no patch.
 */
#include "delta_fixture.h"

#include "products.h"
#include "rows.h"

#define IMAGE "drive_c/image/"

/* path: of a package; list: patches of the folder, or "". */
static u32 run_with(const char *path, const char *list, const char *more, const char16_t *action)
{
    struct session_options how = {0};
    struct database *db = NULL;
    struct session *s = NULL;
    char line[3000] = "";
    u32 err;

    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ";");
        char name[60];

        snprintf(name, sizeof(name), "%.*s", (int)n, at);
        strcat(strcat(line, *line ? ";" : "PATCH=\""), package_path(name));
        at += n + (at[n] == ';');
    }
    strcat(strcat(line, *line ? "\" " : ""), more);
    how.command_line = u16_dup_utf8(line);
    ok(!db_open(text16(path), DB_READONLY, false, &db), "open %s\n", path);
    err = session_open(db, &how, &s);
    obj_unref(db_object(db));
    os_free((void *)how.command_line);
    if (err)
        return err;
    ok(install_takes(s, NULL, 0), "taken\n");
    err = session_do_action(s, action, u16_len(action));
    inst_close(s);
    return err;
}

static u32 admin(const char *path, const char *list)
{
    return run_with(path, list, "ACTION=ADMIN TARGETDIR=C:\\image", u"ADMIN");
}

static const char *image_package(void)
{
    return target_path(IMAGE "package.msi");
}

static void start(void)
{
    patched_machine("patchimage");
    delta_use(delta_by_text);
    ok(!admin(package_path("package.msi"), ""), "image\n");
    HAS(IMAGE "App/one.txt", "one");
    HAS(IMAGE "App/two.txt", "two");
}

static void end(void)
{
    delta_use(NULL);
    target_end();
}

/* Nobody removes it, so what is noted for a removal would stay for ever. */
static void the_registry_knows_nothing_of_it(void)
{
    struct reg_key *key = NULL;

    start();
    ok(reg_open(REG_MACHINE, u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Folders",
                &key),
       "its folders are the installer's\n");
    reg_close(key);
    end();
}

static u32 add_number(void *sum, struct record *row)
{
    *(i32 *)sum += rec_get_int(row, 1);
    return ERROR_SUCCESS;
}

/* The sum of a column of the image's package. */
static i32 sum_of(const char16_t *query)
{
    struct database *db = NULL;
    i32 sum = 0;

    ok(!db_open(text16(image_package()), DB_READONLY, false, &db), "open\n");
    ok(!rows_each(db, query, NULL, add_number, &sum), "query\n");
    obj_unref(db_object(db));
    return sum;
}

static void whole_files(void)
{
    struct product p;

    start();
    ok(!admin(image_package(), "one.msp;two.msp"), "patch\n");
    HAS(IMAGE "App/one.txt", "ONE!");
    HAS(IMAGE "App/two.txt", "TWO-TWO");
    HAS(IMAGE "App/three.txt", "three");
    ok(sum_of(u"SELECT `DiskId` FROM `Media`") == 1, "its media\n");
    ok(!(sum_of(u"SELECT `Attributes` FROM `File`") & 0x5000), "files are not compressed\n");
    ok(!run_with(image_package(), "", "", u"INSTALL"), "install\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "TWO-TWO");
    HAS(APP "three.txt", "three");
    ok(product_find(CODE, &p), "product\n");
    ok(!patch_known(u"" ONE), "no patch is registered\n");
    end();
}

static void bytes_of_files(void)
{
    start();
    ok(!admin(image_package(), "delta1.msp;delta2.msp"), "patch\n");
    HAS(IMAGE "App/one.txt", "one-2");
    HAS(IMAGE "App/two.txt", "two");
    end();
}

/* What the machine has of the product and its patches is of no account. */
static void beside_the_product(void)
{
    patched_machine("patchimage");
    ok(!patched_run("PATCH", "two.msp", ""), "install\n");
    ok(!admin(package_path("package.msi"), ""), "image\n");
    HAS(IMAGE "App/two.txt", "two");
    ok(!admin(image_package(), "one.msp"), "patch\n");
    HAS(IMAGE "App/one.txt", "ONE!");
    HAS(IMAGE "App/two.txt", "two");
    HAS(APP "one.txt", "one");
    target_end();
}

static void with_the_image_at_once(void)
{
    patched_machine("patchimage");
    ok(!admin(package_path("package.msi"), "one.msp"), "image\n");
    HAS(IMAGE "App/one.txt", "ONE!");
    HAS(IMAGE "App/two.txt", "two");
    ok(!run_with(image_package(), "", "", u"INSTALL"), "install\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "two");
    target_end();
}

static void what_fails_leaves_the_image(void)
{
    for (u32 n = 1; n < 60; n += 7) {
        char *before, *after;
        u32 err;

        start();
        before = target_show();
        os_fault(OS_FAULT_WRITE, n, false);
        err = admin(image_package(), "one.msp");
        os_fault(OS_FAULT_WRITE, 0, false);
        ok(!run_recover(), "recover\n");
        after = target_show();
        if (err)
            ok(!strcmp(before, after), "failure %u:\n%s-- after\n%s", n, before, after);
        else
            HAS(IMAGE "App/one.txt", "ONE!");
        free(before);
        free(after);
        end();
    }
}

START_TEST(msi_patch_image)
{
    patched_make("patchimage");
    deltas_make();
    RUN(the_registry_knows_nothing_of_it);
    RUN(whole_files);
    RUN(bytes_of_files);
    RUN(beside_the_product);
    RUN(with_the_image_at_once);
    RUN(what_fails_leaves_the_image);
    package_end(NULL);
}
