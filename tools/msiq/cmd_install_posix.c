/*
 * install, uninstall, installed, recover: packages into a folder with drives and hives, without
 * Windows and without Wine.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "database.h"
#include "guid.h"
#include "hives.h"
#include "install.h"
#include "patching.h"
#include "msiq.h"
#include "notice.h"
#include "products.h"
#include "reg.h"
#include "rows.h"
#include "run.h"
#include "session_impl.h"
#include "target.h"
#include "target_host.h"

/* --- the machine --------------------------------------------------------------------------------
 */

/* Makes the folders of the path that are missing. */
static void make_folders(const char16_t *path)
{
    char *name = must(u16_dup_to_utf8(path));

    for (char *p = name + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            mkdir(name, 0777);
            *p = '/';
        }
    mkdir(name, 0777);
    os_free(name);
}

static u32 use_root(const char16_t *root)
{
    char *name = must(u16_dup_to_utf8(root));
    u32 err = tgt_use(name);

    os_free(name);
    return err;
}

/* A folder that is there, and its registry. */
static u32 open_machine(void)
{
    char16_t *drive, *hives;
    u32 err;

    if (!options.root) {
        wrong_usage("install", "a folder is missing: --root FOLDER", NULL);
        return ERROR_INVALID_PARAMETER;
    }
    drive = join(options.root, u"/drive_c", NULL);
    hives =
        options.hives ? must_dup(options.hives) : join(drive, u"/windows/system32/config", NULL);
    err = os_exists(options.root) ? ERROR_SUCCESS : ERROR_PATH_NOT_FOUND;
    if (!err) {
        make_folders(drive);
        make_folders(hives);
        err = use_root(options.root);
    }
    if (err)
        complain(options.root, err);
    else if ((err = hives_start(hives)))
        complain(hives, err);
    os_free(drive);
    os_free(hives);
    return err;
}

static int close_machine(int code)
{
    u32 err = hives_stop();

    if (err)
        complain(u"the hives", err);
    tgt_use(NULL);
    return err ? EXIT_FAILED : code;
}

/* What a killed msiq left is undone before anything is looked at. */
static int recover_first(void)
{
    u32 err = run_recover();

    if (err)
        complain(options.root, err);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

/* --- custom actions -----------------------------------------------------------------------------
 */

static u32 read_type(void *type, struct record *row)
{
    *(i32 *)type = rec_get_int(row, 1);
    return ERROR_NO_MORE_ITEMS;
}

/* They are programs for Windows. */
static u32 skip_custom(struct session *s, const char16_t *action, size_t len)
{
    struct database *db = session_database(s);
    i32 type = 0;
    u32 err = rows_each_named(db, u"SELECT `Type` FROM `CustomAction` WHERE `Action` = ?", action,
                              len, read_type, &type);

    obj_unref(db_object(db));
    if (err)
        return err;
    out_format("skipped: custom action ");
    out_text(action);
    out_format(" (type %d)\n", type);
    return ERROR_SUCCESS;
}

/* --- messages -----------------------------------------------------------------------------------
 */

static int hear(struct session *s, u32 type, struct record *r)
{
    static u64 done, total;

    UNUSED(s);
    if ((type & 0xff000000u) != NOTICE_PROGRESS || !r)
        return 0;
    if (rec_get_int(r, 1) == 0) {
        done = 0;
        total = (u64)rec_get_int(r, 2);
    } else {
        done += (u64)rec_get_int(r, 2);
        progress("operations", MIN(done, total), total);
    }
    return 0;
}

/* --- running a session --------------------------------------------------------------------------
 */

/* The arguments as a command line has them: a value that has blanks stands in quotes. */
static char16_t *command_line(int argc, char16_t **argv, const char16_t *more)
{
    char16_t *line = must_dup(more);

    for (int i = 0; i < argc; i++) {
        size_t n = u16_len(argv[i]), name = 0, at = 0;
        char16_t *quoted = must_alloc((n * 2 + 4) * sizeof(*quoted)), *longer;

        while (name < n && argv[i][name] != '=')
            name++;
        for (size_t k = 0; k < n; k++) {
            quoted[at++] = argv[i][k];
            if (argv[i][k] == '"' && k > name)
                quoted[at++] = '"';
            if (k == name)
                quoted[at++] = '"';
        }
        quoted[at++] = '"';
        quoted[at] = 0;
        longer = join(line, u" ", quoted, NULL);
        os_free(quoted);
        os_free(line);
        line = longer;
    }
    return line;
}

static bool are_properties(int argc, char16_t **argv)
{
    for (int i = 0; i < argc; i++) {
        size_t n = 0;

        while (argv[i][n] && argv[i][n] != '=')
            n++;
        if (!n || !argv[i][n]) {
            wrong_usage("install", "no PROPERTY=value:", argv[i]);
            return false;
        }
    }
    return true;
}

static void say_product(struct session *s, const char *what)
{
    static const char16_t *const names[] = {u"ProductName", u"ProductVersion", u"ProductCode"};

    out_format("%s:", what);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct text_buf text;

        tb_init(&text);
        if (!session_get_property(s, names[i], u16_len(names[i]), &text) && text.s) {
            out_format(" ");
            out_text(text.s);
        }
        tb_free(&text);
    }
    out_format("\n");
}

/* Which operation it was that failed, and why. */
static void say_cause(struct session *s)
{
    struct install *in;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    os_mutex_unlock(&s->lock);
    if (in && in->failure && in->failed.s)
        complain(in->failed.s, in->failure);
    if (in && in->left)
        complain(u"not everything could be undone yet, 'msiq recover' tries again", in->left);
    else if (in && in->committed)
        warn("the package is installed; what came after that failed");
    else
        warn("all that it did is undone");
}

/* No machine runs here that could be, unless it is asked for. */
static u32 never_restart(struct session *s)
{
    struct text_buf value;
    u32 err;

    tb_init(&value);
    err = session_get_property(s, u"REBOOT", 6, &value);
    if (!err && !value.len)
        err = session_set_property(s, u"REBOOT", 6, u"ReallySuppress", 14);
    tb_free(&value);
    return err;
}

static int run_session(struct session *s, const char16_t *path, const char *done)
{
    char16_t what[80];
    u32 err;

    if (!install_takes(s, what, ARRAY_LEN(what))) {
        warn_about(path,
                   "refused, and nothing was changed: an action that it needs is not done here");
        warn_about(what, "the action");
        return EXIT_FAILED;
    }
    if (patching_lacks(s)) {
        complain(path, ERROR_PATCH_PACKAGE_OPEN_FAILED);
        warn("a patch that the product has is gone from the cache: it can only be removed");
        return EXIT_FAILED;
    }
    err = never_restart(s);
    if (!err)
        err = session_do_action(s, u"INSTALL", 7);
    if (err) {
        complain(path, err);
        say_cause(s);
        return EXIT_FAILED;
    }
    say_product(s, done);
    return EXIT_GOOD;
}

static bool is_installed(struct session *s)
{
    struct text_buf value;
    bool is;

    tb_init(&value);
    is = !session_get_property(s, u"Installed", 9, &value) && value.len;
    tb_free(&value);
    return is;
}

/* product: that it is the cached package of, or NULL. removes: what is not there is not removed. */
static int install_package(const char16_t *path, const char16_t *product, char16_t *line,
                           const char *done, bool removes)
{
    struct session_options how = {.command_line = line, .product = product};
    struct database *db = NULL;
    struct session *s = NULL;
    int code = EXIT_FAILED;
    u32 err;

    session_ui_level(2);
    notice_to(hear);
    install_start();
    install_custom_by(skip_custom);
    err = db_open(path, DB_READONLY, false, &db);
    if (!err)
        err = session_open(db, &how, &s);
    if (!err && removes && !is_installed(s))
        err = ERROR_UNKNOWN_PRODUCT;
    if (err) {
        complain(path, err);
    } else {
        code = run_session(s, path, done);
    }
    if (s)
        obj_unref(session_object(s));
    if (db)
        obj_unref(db_object(db));
    return code;
}

int cmd_install(int argc, char16_t **argv)
{
    char16_t *line;
    int code;

    if (!are_properties(argc - 1, argv + 1) || open_machine())
        return EXIT_USAGE;
    code = recover_first();
    if (code == EXIT_GOOD) {
        line = command_line(argc - 1, argv + 1, u"");
        code = install_package(argv[0], NULL, line, "installed", false);
        os_free(line);
    }
    return close_machine(code);
}

/* --- uninstall ----------------------------------------------------------------------------------
 */

/* The cached package of a product, as the host's path. */
static u32 package_of(const char16_t *code, char16_t *path, size_t cap)
{
    struct product p;
    char16_t *local = NULL;
    u32 err;

    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = product_property(&p, u"LocalPackage", &local);
    if (!err && !*local)
        err = ERROR_INSTALL_SOURCE_ABSENT;
    if (!err)
        err = tgt_host_path(local, path, cap);
    os_free(local);
    return err;
}

int cmd_uninstall(int argc, char16_t **argv)
{
    char16_t cached[4096], *line;
    const char16_t *path = argv[0];
    int code;
    u32 err = ERROR_SUCCESS;

    if (!are_properties(argc - 1, argv + 1) || open_machine())
        return EXIT_USAGE;
    code = recover_first();
    if (code == EXIT_GOOD && guid_is(path)) {
        err = package_of(path, cached, ARRAY_LEN(cached));
        if (err)
            complain(path, err);
        path = cached;
    }
    if (code == EXIT_GOOD && !err) {
        line = command_line(argc - 1, argv + 1, u"REMOVE=ALL");
        code = install_package(path, path == cached ? argv[0] : NULL, line, "removed", true);
        os_free(line);
    }
    return close_machine(err ? EXIT_FAILED : code);
}

/* --- installed, recover -------------------------------------------------------------------------
 */

static char16_t *property(const struct product *p, const char16_t *name)
{
    char16_t *text = NULL;

    return product_property(p, name, &text) ? must_dup(u"") : must(text);
}

int cmd_installed(int argc, char16_t **argv)
{
    char16_t code[GUID_CHARS + 1];
    struct rows found;

    UNUSED(argc);
    UNUSED(argv);
    if (open_machine())
        return EXIT_USAGE;
    rows_make(&found, u"ProductCode:s38", u"Name:s0", u"Version:s0", u"Package:s0", NULL);
    for (u32 i = 0; !product_at(i, code); i++) {
        struct product p;

        if (product_find(code, &p))
            rows_add(&found, must_dup(code), property(&p, u"ProductName"),
                     property(&p, u"VersionString"), property(&p, u"LocalPackage"));
    }
    out_rows(&found, NULL);
    rows_free(&found);
    return close_machine(EXIT_GOOD);
}

int cmd_recover(int argc, char16_t **argv)
{
    UNUSED(argc);
    UNUSED(argv);
    if (open_machine())
        return EXIT_USAGE;
    return close_machine(recover_first());
}
