/*
 * Installing what a package has for the registry, and removing it again.
 */
#include "product_fixture.h"

#define M REG_MACHINE
#define V REG_VIEW_32 /* component c is of 32 bits */

#define REGISTRY_TABLE "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72"

static void start(void)
{
    regmem_start();
    target_start("registry");
}

static void put(enum reg_root root, enum reg_view view, const char16_t *path, const char16_t *name,
                u32 type, const void *bytes, u32 size)
{
    struct reg_key *key = NULL;

    ok(!reg_make_view(root, view, path, &key), "key\n");
    ok(!reg_set(key, name, type, bytes, size), "value\n");
    reg_close(key);
}

/* Installs and removes; the registry is as before. */
static void removes_all(int line, struct database *(*package)(void))
{
    char *before, *after;

    put(M, V, u"Software\\Microsoft\\Windows\\CurrentVersion", u"v", REG_TYPE_SZ, "", 0);
    put(M, REG_VIEW_64, u"Software\\Microsoft\\Windows\\CurrentVersion", u"v", REG_TYPE_SZ, "", 0);
    put(M, REG_VIEW_64, u"Software\\Classes", u"v", REG_TYPE_SZ, "", 0);
    before = regmem_show();

    ok(!prod_run(package(), "A=1"), "line %d: install\n", line);
    ok(!prod_run(package(), "REMOVE=ALL"), "line %d: remove\n", line);
    after = regmem_show();
    ok(!strcmp(before, after), "line %d: before\n%safter\n%s", line, before, after);
    free(before);
    free(after);
}

/* --- the Registry table -------------------------------------------------------------------------
 */

static struct database *with_values(void)
{
    struct database *db = inst_package();

    INST_TABLE(db, REGISTRY_TABLE, "a;2;\\Software\\X\\;n;text;c", "b;2;Software\\X;;#7;c",
               "d;0;Doc;;[ProductName];c", "e;-1;Software\\Y;v;#x0a;c", "f;1;Software\\U;v;u;c",
               "g;3;S-1\\Software;v;u;c", "h;2;Software\\Plus;+;;c", "i;2;Software\\Star;*;;c",
               "j;2;Software\\Minus;-;;c", "k;2;Software\\Null;;;c");
    return db;
}

static void values_are_written(void)
{
    start();
    ok(!prod_run(with_values(), "A=1"), "install\n");
    IS(M, V, u"Software\\X", u"n", "1:text");
    IS(M, V, u"Software\\X", NULL, "4:7");
    IS(M, V, u"Software\\Classes\\Doc", NULL, "1:App");
    IS(M, V, u"Software\\Y", u"v", "3:0a");
    IS(REG_USER, V, u"Software\\U", u"v", "1:u");
    IS(REG_USERS, V, u"S-1\\Software", u"v", "1:u");
    IS(M, V, u"Software\\Plus", u"+", "none");
    IS(M, V, u"Software\\Star", u"*", "none");
    IS(M, V, u"Software\\Minus", u"-", "no key");
    IS(M, V, u"Software\\Null", NULL, "1:");
    target_end();
}

/* But for the key that a + keeps. */
static void values_are_removed_with_their_keys(void)
{
    char *all;

    start();
    ok(!prod_run(with_values(), "A=1"), "install\n");
    put(M, V, u"Software\\Star\\below", u"others", REG_TYPE_SZ, "", 0);
    put(M, V, u"Software\\Minus", u"others", REG_TYPE_SZ, "", 0);
    ok(!prod_run(with_values(), "REMOVE=ALL"), "remove\n");
    IS(M, V, u"Software\\Plus", u"+", "none");
    all = regmem_show();
    ok(!strstr(all, "Star") && !strstr(all, "Minus") && !strstr(all, "\\X") &&
           !strstr(all, "Doc") && !strstr(all, "InstallProperties"),
       "left\n%s", all);
    free(all);
    target_end();
}

static void a_product_of_a_user_has_its_values_there(void)
{
    start();
    ok(!prod_run(with_values(), "ALLUSERS="), "install\n");
    IS(REG_USER, V, u"Software\\Classes\\Doc", NULL, "1:App");
    IS(REG_USER, V, u"Software\\Y", u"v", "3:0a");
    IS(M, V, u"Software\\X", u"n", "1:text");
    target_end();
}

static struct database *with_kept_keys(void)
{
    struct database *db = inst_package();

    INST_TABLE(db, REGISTRY_TABLE, "a;2;Software\\K;+;;c", "b;2;software\\k\\Sub\\Deep;v;x;c",
               "d;2;Software\\K;w;y;c");
    return db;
}

static void what_a_plus_keeps_stays_when_all_below_goes(void)
{
    start();
    ok(!prod_run(with_kept_keys(), "A=1"), "install\n");
    ok(!prod_run(with_kept_keys(), "REMOVE=ALL"), "remove\n");
    IS(M, V, u"Software\\K", u"w", "none");
    IS(M, V, u"Software\\K\\Sub", NULL, "no key");
    target_end();
}

static struct database *with_lists(void)
{
    struct database *db = inst_package();

    INST_TABLE(db, REGISTRY_TABLE, "a;2;Software\\L;end;[~]b;c", "b;2;Software\\L;front;b[~];c",
               "d;2;Software\\L;new;[~]x;c", "e;2;Software\\L;whole;x[~]y;c");
    return db;
}

static void lists_are_joined_and_left(void)
{
    start();
    put(M, V, u"Software\\L", u"end", REG_TYPE_MULTI, u"a\0", 6);
    put(M, V, u"Software\\L", u"front", REG_TYPE_MULTI, u"a\0", 6);
    ok(!prod_run(with_lists(), "A=1"), "install\n");
    IS(M, V, u"Software\\L", u"end", "7:a|b||");
    IS(M, V, u"Software\\L", u"front", "7:b|a||");
    IS(M, V, u"Software\\L", u"new", "7:x||");
    IS(M, V, u"Software\\L", u"whole", "7:x|y||");
    ok(!prod_run(with_lists(), "REMOVE=ALL"), "remove\n");
    IS(M, V, u"Software\\L", u"end", "7:a||");
    IS(M, V, u"Software\\L", u"front", "7:a||");
    IS(M, V, u"Software\\L", u"new", "none");
    IS(M, V, u"Software\\L", u"whole", "none");
    target_end();
}

static void remove_registry_is_done_when_its_component_comes(void)
{
    struct database *db = inst_package();

    start();
    put(M, V, u"Software\\Old\\Tree\\a", u"v", REG_TYPE_SZ, "", 0);
    put(M, V, u"Software\\Old2", u"gone", REG_TYPE_SZ, "", 0);
    put(M, V, u"Software\\Old2", u"stays", REG_TYPE_SZ, "", 0);
    INST_TABLE(db, "RemoveRegistry;RemoveRegistry s72 k;Root i2;Key l255;Name L255;Component_ s72",
               "a;2;Software\\Old\\Tree;-;c", "b;2;Software\\Old2;gone;c");
    ok(!prod_run(db, "A=1"), "install\n");
    IS(M, V, u"Software\\Old", NULL, "no key");
    IS(M, V, u"Software\\Old2", u"gone", "none");
    IS(M, V, u"Software\\Old2", u"stays", "1:");
    target_end();
}

/* A component that is never overwritten, by its key path. */
static void what_is_not_to_be_overwritten_stays(void)
{
    struct database *db = inst_package();

    start();
    inst_row(db, "Component", "k;{BBBBBBBB-2222-3333-4444-555555555555};INSTALLDIR;132;;a");
    inst_row(db, "FeatureComponents", "f;k");
    INST_TABLE(db, REGISTRY_TABLE, "a;2;Software\\N;key;new;k", "b;2;Software\\N;other;new;k");
    put(M, V, u"Software\\N", u"key", REG_TYPE_SZ, u"old", 8);
    ok(!prod_run(db, "A=1"), "install\n");
    IS(M, V, u"Software\\N", u"key", "1:old");
    IS(M, V, u"Software\\N", u"other", "none");
    target_end();
}

static void roots_that_there_are_not_are_refused(void)
{
    struct database *db = inst_package();

    start();
    INST_TABLE(db, REGISTRY_TABLE, "a;9;Software\\X;n;text;c");
    ok(prod_run(db, "A=1") == ERROR_INSTALL_PACKAGE_INVALID, "refused\n");
    target_end();
}

/* Where a property that is not set makes the whole path, nothing is done to the root. */
static void a_key_that_is_all_of_a_root_is_refused(void)
{
    struct database *db = inst_package();

    start();
    put(M, V, u"Software\\Classes\\Doc", u"v", REG_TYPE_SZ, "", 0);
    INST_TABLE(db, "RemoveRegistry;RemoveRegistry s72 k;Root i2;Key l255;Name L255;Component_ s72",
               "a;0;[NOTHING]\\;-;c");
    ok(prod_run(db, "A=1") == ERROR_INSTALL_PACKAGE_INVALID, "refused\n");
    IS(M, V, u"Software\\Classes\\Doc", u"v", "1:");
    target_end();
}

/* --- the environment ----------------------------------------------------------------------------
 */

#define MACHINE_ENV u"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
#define ENV_TABLE   "Environment;Environment s72 k;Name l255;Value L255;Component_ s72"

/* A semicolon ends a field of the fixture, so the lists have another separator. */
static struct database *with_lists_of_variables(const char *second)
{
    struct database *db = inst_package();

    INST_TABLE(db, ENV_TABLE, "a;+-TWO;1;c", second, "d;=-*Path;[~],C:\\x;c", "e;!GONE;;c",
               "f;NOSIGN;n;c", "g;=EMPTY;;c", "h;-LATER;;c");
    return db;
}

static void environment_is_set_and_taken_back(const char *second, const char *joined)
{
    start();
    put(M, REG_VIEW_64, MACHINE_ENV, u"Path", REG_TYPE_EXPAND, u"%A%,b", 12);
    put(REG_USER, REG_VIEW_64, u"Environment", u"GONE", REG_TYPE_SZ, u"x", 4);
    put(REG_USER, REG_VIEW_64, u"Environment", u"EMPTY", REG_TYPE_SZ, u"x", 4);
    put(REG_USER, REG_VIEW_64, u"Environment", u"LATER", REG_TYPE_SZ, u"x", 4);
    ok(!prod_run(with_lists_of_variables(second), "A=1"), "install\n");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"TWO", joined);
    IS(REG_USER, REG_VIEW_64, u"Environment", u"GONE", "none");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"EMPTY", "none");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"LATER", "1:x");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"NOSIGN", "1:n");
    IS(M, REG_VIEW_64, MACHINE_ENV, u"Path", "2:%A%,b,C:\\x");
    ok(!prod_run(with_lists_of_variables(second), "REMOVE=ALL"), "remove\n");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"TWO", "1:1");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"NOSIGN", "none");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"LATER", "none");
    IS(M, REG_VIEW_64, MACHINE_ENV, u"Path", "2:%A%,b");
    target_end();
}

/* [~] alone is a part that is nothing. */
static void a_variable_that_nothing_is_added_to_stays(void)
{
    struct database *db = inst_package();

    INST_TABLE(db, ENV_TABLE, "a;=-OLD;[~];c", "b;=-NEW;[~];c", "d;!NOT;[~];c");
    start();
    put(REG_USER, REG_VIEW_64, u"Environment", u"OLD", REG_TYPE_SZ, u"x", 4);
    put(REG_USER, REG_VIEW_64, u"Environment", u"NOT", REG_TYPE_SZ, u"x", 4);
    ok(!prod_run(db, "A=1"), "install\n");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"OLD", "1:x");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"NOT", "1:x");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"NEW", "none");
    db = inst_package();
    INST_TABLE(db, ENV_TABLE, "a;=-OLD;[~];c", "b;=-NEW;[~];c", "d;!NOT;[~];c");
    ok(!prod_run(db, "REMOVE=ALL"), "remove\n");
    IS(REG_USER, REG_VIEW_64, u"Environment", u"OLD", "1:x");
    target_end();
}

START_TEST(msi_inst_registry)
{
    values_are_written();
    values_are_removed_with_their_keys();
    a_product_of_a_user_has_its_values_there();
    what_a_plus_keeps_stays_when_all_below_goes();
    lists_are_joined_and_left();
    remove_registry_is_done_when_its_component_comes();
    what_is_not_to_be_overwritten_stays();
    roots_that_there_are_not_are_refused();
    a_key_that_is_all_of_a_root_is_refused();
    a_variable_that_nothing_is_added_to_stays();
    environment_is_set_and_taken_back("b;+-TWO;,,2,,[~];c", "1:,,2,,1");
    environment_is_set_and_taken_back("b;+-TWO;[~],,2,,;c", "1:1,,2,,");
    start();
    removes_all(__LINE__, with_lists);
    target_end();
}
