/*
 * Single actions in a session that a program opened: what they plan, when it is done, and what
 * stays of it.
 */
#include "install_impl.h"
#include "notice.h"
#include "product_fixture.h"
#include "session_impl.h"

#include "custom.h"

#define REGISTRY_TABLE "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72"

static struct database *package(void)
{
    struct database *db = inst_package();

    INST_TABLE(db, REGISTRY_TABLE, "a;2;Software\\X;n;text;c");
    INST_TABLE(db, "CreateFolder;Directory_ s72 k;Component_ s72 k", "INSTALLDIR;c");
    INST_TABLE(db, "CustomAction;Action s72 k;Type i2;Source S72;Target S255",
               "Sets;51;THING;[ProductName]", "Runs;50;X;y");
    return db;
}

/* The last of its actions fails after it has planned something. */
static struct database *bad_package(void)
{
    struct database *db = package();

    INST_TABLE(db, "Environment;Environment s72 k;Name l255;Value L255;Component_ s72",
               "e;=-ONE;v;c");
    inst_row(db, "Registry", "b;7;Software\\Y;n;text;c");
    return db;
}

static struct session *open_asking(struct database *db)
{
    static const char *const actions[] = {"CostInitialize", "FileCost", "CostFinalize"};
    const struct session_options how = {.asks = true};
    struct session *s = NULL;

    ok(!session_open(db, &how, &s), "session\n");
    obj_unref(db_object(db));
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        ok(!inst_act(s, actions[i]), "%s\n", actions[i]);
    return s;
}

static void start(void)
{
    regmem_start();
    target_start("steps");
}

static bool spools(struct session *s)
{
    return session_mode(s, 5); /* MSIRUNMODE_OPERATIONS */
}

static void what_is_planned_is_done_at_the_end(void)
{
    struct session *s;

    start();
    s = open_asking(package());
    ok(!inst_act(s, "WriteRegistryValues"), "plan\n");
    ok(spools(s), "nothing is spooled\n");
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "no key");
    ok(!inst_act(s, "InstallFinalize"), "end\n");
    ok(!spools(s), "something is spooled\n");
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "1:text");
    inst_close(s);
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "1:text");
    target_end();
}

static void what_is_not_committed_is_undone(void)
{
    struct session *s;
    struct reg_key *root = NULL;
    char *before, *after;

    start();
    ok(!reg_make(REG_MACHINE, u"Software", &root), "key\n");
    reg_close(root);
    before = regmem_show();
    s = open_asking(package());
    ok(!inst_act(s, "WriteRegistryValues") && !inst_act(s, "InstallExecute"), "run\n");
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "1:text");
    ok(!inst_act(s, "CreateFolders"), "plan\n");
    inst_close(s);
    after = regmem_show();
    ok(!strcmp(before, after), "before\n%safter\n%s", before, after);
    free(before);
    free(after);
    target_end();
}

/* While one session has something that is not committed, another one does not begin. */
static void one_at_a_time(void)
{
    struct session *one, *two;

    start();
    one = open_asking(package());
    two = open_asking(package());
    ok(!inst_act(one, "WriteRegistryValues") && !inst_act(one, "InstallExecute"), "run\n");
    ok(inst_act(two, "InstallInitialize") == ERROR_INSTALL_ALREADY_RUNNING, "two begins\n");
    ok(!inst_act(two, "WriteRegistryValues"), "plan\n");
    ok(inst_act(two, "InstallFinalize") == ERROR_INSTALL_ALREADY_RUNNING, "two ends\n");
    ok(!inst_act(one, "InstallFinalize"), "one ends\n");
    ok(!inst_act(two, "InstallFinalize"), "two ends\n");
    inst_close(one);
    inst_close(two);
    target_end();
}

static void an_action_that_fails_plans_nothing(void)
{
    struct session *s;
    char *planned;

    start();
    s = open_asking(bad_package());
    ok(!inst_act(s, "WriteEnvironmentStrings"), "plan\n");
    planned = inst_planned(s);
    ok(inst_act(s, "WriteRegistryValues") == ERROR_INSTALL_FAILURE, "it does not fail\n");
    PLANS(s, planned);
    free(planned);
    ok(!inst_act(s, "InstallFinalize"), "end\n");
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "no key");
    inst_close(s);
    target_end();
}

static int lapse(struct session *s, u32 type, struct record *r)
{
    UNUSED(r);
    if (s && type == NOTICE_PROGRESS)
        install_lapse(s->install);
    return 0;
}

/* As where another thread's sequence ends meanwhile. */
static void a_deed_is_done_before_it_is_undone(void)
{
    struct session *s;

    start();
    s = open_asking(package());
    ok(!inst_act(s, "WriteRegistryValues"), "plan\n");
    notice_to(lapse);
    ok(inst_act(s, "InstallExecute") == ERROR_INSTALL_FAILURE, "it stays\n");
    notice_to(NULL);
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "no key");
    ok(!spools(s), "something is spooled\n");
    ok(!inst_act(s, "WriteRegistryValues") && !inst_act(s, "InstallFinalize"), "again\n");
    IS(REG_MACHINE, REG_VIEW_32, u"Software\\X", u"n", "1:text");
    inst_close(s);
    target_end();
}

static void what_there_is_not_is_told(void)
{
    struct session *s;

    start();
    s = open_asking(package());
    ok(!inst_act(s, "Sets"), "a property\n");
    ok(inst_act(s, "Runs") == ERROR_CALL_NOT_IMPLEMENTED, "no programs here\n");
    ok(inst_act(s, "Nobody") == ERROR_FUNCTION_NOT_CALLED, "nobody\n");
    ok(inst_act(s, "INSTALL") == ERROR_CALL_NOT_IMPLEMENTED, "nobody installs\n");
    ok(!inst_act(s, "RegisterComPlus"), "there is nothing to do\n");
    ok(!inst_act(s, "IsolateComponents"), "there is nothing to do\n");
    ok(!spools(s), "something is spooled\n");
    inst_close(s);
    target_end();
}

static void nothing_before_costing(void)
{
    const struct session_options how = {.asks = true};
    struct database *db = package();
    struct session *s = NULL;

    ok(!session_open(db, &how, &s), "session\n");
    obj_unref(db_object(db));
    ok(inst_act(s, "WriteRegistryValues") == ERROR_INSTALL_FAILURE, "plans\n");
    ok(inst_act(s, "InstallInitialize") == ERROR_INSTALL_FAILURE, "begins\n");
    ok(inst_act(s, "InstallFinalize") == ERROR_INSTALL_FAILURE, "ends\n");
    inst_close(s);
}

static struct session *asked;
static u32 times, locked;

static bool looks(u32 type, const u8 *head, size_t len, bool wide)
{
    (void)type;
    (void)head;
    (void)len;
    (void)wide;
    times++;
    if (os_mutex_try(&asked->lock))
        os_mutex_unlock(&asked->lock);
    else
        locked++;
    return false;
}

/* Who can run it may have to start something for it first, which takes its time. */
static void others_go_on_while_an_action_is_looked_at(void)
{
    static const struct custom_ways ways = {.can = looks};
    struct database *db;

    start();
    custom_by(&ways);
    install_custom_by(custom_do);
    db = package();
    INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2", "Runs;;1");
    asked = open_asking(db);
    ok(inst_act(asked, "Runs") == ERROR_CALL_NOT_IMPLEMENTED, "it cannot be run\n");
    ok(times == 1 && !locked, "asked %u times, locked %u\n", times, locked);
    ok(!install_takes(asked, NULL, 0), "it is taken\n");
    ok(times == 2 && !locked, "asked %u times, locked %u\n", times, locked);
    inst_close(asked);
    custom_by(NULL);
    install_custom_by(NULL);
    target_end();
}

START_TEST(msi_inst_steps)
{
    what_is_planned_is_done_at_the_end();
    what_is_not_committed_is_undone();
    one_at_a_time();
    an_action_that_fails_plans_nothing();
    a_deed_is_done_before_it_is_undone();
    what_there_is_not_is_told();
    nothing_before_costing();
    others_go_on_while_an_action_is_looked_at();
}
