/*
 * A package with an embedded chainer, which is another process: it joins the transaction, installs
 * a second package and ends it. Whichever of the two is killed, and whenever: both packages are
 * there afterwards, or neither is.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "package_fixture.h"

#include "chainer.h"
#include "custom.h"
#include "run.h"
#include "transaction.h"

enum chainer_end { CHAINER_COMMITS, CHAINER_UNDOES, CHAINER_LEAVES, CHAINER_FAILS, CHAINER_ENDS };

static enum chainer_end ends;
static u32 own_step, chainer_step; /* at which each is killed; 0: at none */

/* --- between the two ----------------------------------------------------------------------------
 */

static char16_t lent[RUN_NAME];
static int to_chainer[2], to_package[2];

static u32 make_known(const char16_t name[RUN_NAME], bool member, u32 *handle)
{
    UNUSED(member);
    u16_copy(lent, RUN_NAME, name);
    *handle = 1;
    return ERROR_SUCCESS;
}

/* What the chainer said at last is how it ended the transaction. */
static bool make_unknown(u32 handle, bool member, bool given)
{
    char said = 0;
    bool committed;

    UNUSED(handle);
    UNUSED(member);
    committed = given && read(to_package[0], &said, 1) == 1 && said == 'c';
    if (given && !committed)
        run_recover();
    return committed;
}

/* The chainer is there already: it was made before there was a journal, whose lock it would share.
 */
static u32 run_chainer(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    char said;

    UNUSED(s);
    UNUSED(a);
    UNUSED(t);
    if (write(to_chainer[1], lent, sizeof(lent)) != sizeof(lent))
        return ERROR_INSTALL_FAILURE;
    if (read(to_package[0], &said, 1) == 1 && said == 'w' && !transaction_give())
        return ERROR_SUCCESS;
    return ERROR_INSTALL_FAILURE;
}

static bool can(u32 type, const u8 *head, size_t len, bool wide)
{
    UNUSED(type);
    UNUSED(head);
    UNUSED(len);
    UNUSED(wide);
    return true;
}

/* --- the packages -------------------------------------------------------------------------------
 */

static struct session *package(const char *value, bool chained)
{
    struct database *db = inst_package();
    char row[100];

    snprintf(row, sizeof(row), "r;2;Software\\Packages;%s;there;c", value);
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               row);
    INST_TABLE(db, "InstallExecuteSequence;Action s72 k;Condition S255;Sequence I2",
               "CostInitialize;;800", "CostFinalize;;1000", "InstallInitialize;;1500",
               "CreateFolders;;3700", "WriteRegistryValues;;5000", "InstallFinalize;;6600");
    INST_TABLE(db, "CreateFolder;Directory_ s72 k;Component_ s72 k", "INSTALLDIR;c");
    inst_row(db, "Property", "CHAINER;C:\\chainer.exe");
    if (chained)
        INST_TABLE(db,
                   "MsiEmbeddedChainer;MsiEmbeddedChainer s72 k;Condition S255;CommandLine S255;"
                   "Source s72;Type i4",
                   "chainer;;;CHAINER;50");
    return inst_open(db);
}

static u32 install(const char *value, bool chained)
{
    struct session *s = package(value, chained);
    u32 err = transaction_enter(s);

    if (!err)
        err = transaction_leave(s, session_do_action(s, u"INSTALL", 7));
    inst_close(s);
    return err;
}

static u32 is_waiting(void *ctx)
{
    UNUSED(ctx);
    return write(to_package[1], "w", 1) == 1 ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
}

/* Never returns. */
static void be_the_chainer(void)
{
    u32 err;

    close(to_chainer[1]);
    close(to_package[0]);
    tgt_use(target_root);
    if (ends == CHAINER_FAILS || read(to_chainer[0], lent, sizeof(lent)) != sizeof(lent))
        _exit(1);
    if (transaction_join(lent, 20000, is_waiting, NULL))
        _exit(2);
    os_fault(OS_FAULT_STEP, chainer_step, false);
    err = install("second", false);
    if (ends == CHAINER_LEAVES)
        _exit(0);
    if (!err)
        err = transaction_end(ends == CHAINER_COMMITS);
    if (!err && ends == CHAINER_COMMITS && write(to_package[1], "c", 1) != 1)
        _exit(3);
    _exit(err != 0);
}

/* Never returns. */
static void be_the_package(void)
{
    static const struct custom_ways ways = {.can = can, .run = run_chainer};
    static const struct chainer_ways chaining = {make_known, make_unknown};
    u32 err;

    if (pipe(to_chainer) || pipe(to_package))
        abort();
    if (!fork())
        be_the_chainer();
    close(to_chainer[0]);
    close(to_package[1]);
    signal(SIGPIPE, SIG_IGN);
    tgt_use(target_root);
    custom_by(&ways);
    install_custom_by(custom_do);
    chainer_by(&chaining);
    os_fault(OS_FAULT_STEP, own_step, false);
    err = install("first", true);
    _exit(err != 0);
}

/* --- how it went --------------------------------------------------------------------------------
 */

static bool has(const char16_t *value)
{
    struct reg_key *key = NULL;
    char16_t *text = NULL;
    u32 err = reg_open_32(REG_MACHINE, u"Software\\Packages", &key);

    if (!err)
        err = reg_get_text(key, value, &text);
    if (!err)
        os_free(text);
    reg_close(key);
    return !err;
}

static char *before;

static void machine(void)
{
    struct reg_key *key = NULL;

    regmem_start();
    target_start("chainer");
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/windows");
    ok(!reg_make(REG_MACHINE, u"Software\\Microsoft\\Windows\\CurrentVersion", &key) &&
           !reg_set(key, u"v", 1, "v", 1),
       "key\n");
    reg_close(key);
    before = machine_state();
}

/* How a child of ours ended, or one whose parent did; all have. */
static void wait_for_all(pid_t first, int *first_status, bool *any_killed)
{
    int status;
    pid_t pid;

    while ((pid = wait(&status)) > 0) {
        *any_killed = *any_killed || WIFSIGNALED(status);
        if (pid == first)
            *first_status = status;
    }
}

static void recover(void)
{
    pid_t pid = fork();
    int status = 0;

    if (!pid) {
        tgt_use(target_root);
        _exit(run_recover() != 0);
    }
    waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && !WEXITSTATUS(status), "recover: %x\n", (unsigned)status);
}

/* Whether anybody was killed. both: whether both packages are there now. */
static bool go(int line, bool *both)
{
    bool killed = false;
    int status = 0;
    char *after;
    pid_t pid;

    machine();
    pid = fork();
    if (!pid)
        be_the_package();
    wait_for_all(pid, &status, &killed);
    recover();
    tgt_use(target_root);
    after = machine_state();
    *both = has(u"first") && has(u"second");
    ok(*both || !strcmp(before, after), "line %d, end %u, killed at %u and %u:\n%s-- before\n%s",
       line, ends, own_step, chainer_step, after, before);
    ok(killed || (*both == (WIFEXITED(status) && !WEXITSTATUS(status))), "both %d, status %x\n",
       *both, (unsigned)status);
    free(after);
    free(before);
    target_end();
    return killed;
}
#define GO(both) go(__LINE__, both)

static void each_end(void)
{
    bool both;

    own_step = chainer_step = 0;
    for (u32 i = 0; i < CHAINER_ENDS; i++) {
        ends = (enum chainer_end)i;
        ok(!GO(&both), "killed\n");
        ok(both == (ends == CHAINER_COMMITS), "end %u: both %d\n", i, both);
    }
}

static void kills(u32 *step, enum chainer_end how)
{
    u32 wholes = 0, nothings = 0;
    bool both, killed = true;

    own_step = chainer_step = 0;
    ends = how;
    for (*step = 1; killed; *step += *step < 6 ? 1 : 3) {
        killed = GO(&both);
        wholes += both;
        nothings += !both;
        ok(!both || how == CHAINER_COMMITS, "it was not committed\n");
    }
    *step = 0;
    ok(nothings > 5 && (wholes > 0 || how != CHAINER_COMMITS), "%u whole, %u nothing\n", wholes,
       nothings);
}

static void the_package_is_killed(void)
{
    kills(&own_step, CHAINER_COMMITS);
    kills(&own_step, CHAINER_UNDOES);
}

static void the_chainer_is_killed(void)
{
    kills(&chainer_step, CHAINER_COMMITS);
    kills(&chainer_step, CHAINER_UNDOES);
}

START_TEST(msi_inst_chainer)
{
    regmem_start();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    RUN(each_end);
    RUN(the_package_is_killed);
    RUN(the_chainer_is_killed);
}
