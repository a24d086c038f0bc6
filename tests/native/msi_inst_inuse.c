/*
 * Files that a program holds open while they are replaced or removed: the restart does it, and an
 * installation that fails has put nothing off.
 */
#include "install.h"
#include "package_fixture.h"
#include "run.h"
#include "session_impl.h"
#include "target_host.h"

#define APP     "drive_c/Program Files (x86)/App/"
#define FOLDER  u"\\??\\C:\\Program Files (x86)\\App\\"
#define MANAGER u"SYSTEM\\CurrentControlSet\\Control\\Session Manager"
#define PENDING u"PendingFileRenameOperations"

static const char *const install[] = {"RemoveFiles", "CreateFolders", "InstallFiles",
                                      "DuplicateFiles", NULL};
static const char *const removal[] = {"RemoveDuplicateFiles", "RemoveFiles", "RemoveFolders", NULL};

static void make_package(void)
{
    static const struct cab_entry files[] = {{"one", 3, 0, 0, 0x58a1, 0x6000, 0x20},
                                             {"two", 5, 3, 0, 0x58a1, 0x6000, 0x20}};
    struct cab_part p = {.files = files, .count = 2, .bytes = "onetwo22", .len = 8, .made = 8};
    struct database *db = package_begin("inuse");
    struct buf cab = {0};

    cab_write(&p, &cab);
    package_stream(db, "in.cab", &cab);
    buf_free(&cab);
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "one;c;one.txt;3;;;16384;1", "two;c;two.txt;5;;;16384;2");
    INST_TABLE(db, "Media;DiskId i2 k;LastSequence i4;DiskPrompt L64;Cabinet S255", "1;2;;#in.cab");
    INST_TABLE(db,
               "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255;DestFolder S72",
               "d;c;two;copy.txt;");
    package_save(db);
}

static void machine(void)
{
    struct reg_key *key;

    regmem_start();
    target_start("inuse");
    ok(!reg_make(REG_MACHINE, MANAGER, &key), "key\n");
    reg_close(key);
    ok(!reg_make(REG_MACHINE, u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer", &key),
       "key\n");
    ok(!reg_set(key, u"v", REG_TYPE_SZ, u"v", 4), "value\n");
    reg_close(key);
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file(APP "one.txt", "before");
    target_file(APP "copy.txt", "copied before");
}

static struct session *planned(bool removes)
{
    const char *const *actions = removes ? removal : install;
    struct session *s = package_open_file();

    inst_set(s, "REINSTALLMODE", "a");
    inst_cost(s);
    if (removes)
        package_removes(s, "c");
    for (; *actions; actions++)
        ok(!inst_act(s, *actions), "plan %s\n", *actions);
    return s;
}

static u32 pending(struct reg_data *data)
{
    struct reg_key *key;
    u32 err = reg_open(REG_MACHINE, MANAGER, &key);

    if (err)
        return err;
    err = reg_get(key, PENDING, data);
    reg_close(key);
    return err;
}

static void is_told(struct session *s, bool told)
{
    const struct property *p = prop_get(s, "ReplacedInUseFiles");
    const struct install *in = s->install;

    ok(in->reboot == told && s->reboot_at_end == told, "a restart is asked for\n");
    ok(!!p == told && (!p || p->value[0] == '1'), "ReplacedInUseFiles\n");
}

/* The pair of a replaced file: the name beside it is nobody's guess. */
static const char16_t *is_replacement(const char16_t *at, const char16_t *to, const char *bytes)
{
    char beside[600];
    size_t n = u16_len(FOLDER), m = u16_len(at);

    ok(m == n + 13 && !memcmp(at, FOLDER, n * 2) && at[n] == '~', "from\n");
    strcpy(beside, APP);
    u16_to_utf8(beside + strlen(APP), 20, at + n, m - n + 1, true);
    HAS(beside, bytes);
    at += m + 1;
    ok(u16_equal_fold(at, to), "to\n");
    return at + u16_len(at) + 1;
}

static void a_file_in_use_is_replaced_by_the_restart(void)
{
    struct reg_data data = {0};
    const char16_t *end;
    struct session *s;

    machine();
    s = planned(false);
    tgt_be_held("one.txt");
    ok(!inst_act(s, "InstallFinalize"), "it succeeds\n");
    HAS(APP "one.txt", "before");
    HAS(APP "two.txt", "two22");
    is_told(s, true);
    ok(!pending(&data) && data.type == REG_TYPE_MULTI, "pending\n");
    end = is_replacement((char16_t *)(void *)data.bytes, u"!" FOLDER u"one.txt", "one");
    ok(!*end && (u8 *)(end + 1) == data.bytes + data.size, "that is all\n");
    os_free(data.bytes);
    inst_close(s);
    tgt_be_held("");
    ok(!run_recover(), "nothing is left\n");
}

static void a_copy_over_a_file_in_use(void)
{
    struct reg_data data = {0};
    struct session *s;

    machine();
    s = planned(false);
    tgt_be_held("copy.txt");
    ok(!inst_act(s, "InstallFinalize"), "it succeeds\n");
    HAS(APP "one.txt", "one");
    HAS(APP "copy.txt", "copied before");
    ok(!pending(&data), "pending\n");
    is_replacement((char16_t *)(void *)data.bytes, u"!" FOLDER u"copy.txt", "two22");
    os_free(data.bytes);
    inst_close(s);
    tgt_be_held("");
}

/* What is put there then is newer than what was to come with the restart. */
static void a_file_is_free_again(void)
{
    struct reg_data data = {0};
    struct session *s;
    char *once, *twice;

    machine();
    s = planned(false);
    ok(!inst_act(s, "InstallFinalize"), "installed\n");
    inst_close(s);
    once = target_show();
    machine();
    s = planned(false);
    tgt_be_held("copy.txt");
    ok(!inst_act(s, "InstallExecute"), "the first time\n");
    HAS(APP "copy.txt", "copied before");
    tgt_be_held("");
    ok(!inst_act(s, "DuplicateFiles") && !inst_act(s, "InstallFinalize"), "the second\n");
    HAS(APP "copy.txt", "two22");
    ok(pending(&data) == ERROR_FILE_NOT_FOUND, "something is pending\n");
    inst_close(s);
    twice = target_show();
    ok(!strcmp(once, twice), "once\n%s-- twice\n%s", once, twice);
    free(once);
    free(twice);
    os_free(data.bytes);
}

static void put_there(void)
{
    struct session *s = planned(false);

    ok(!inst_act(s, "InstallFinalize"), "installed\n");
    is_told(s, false);
    inst_close(s);
}

/* What others have put off stays, and stays first. */
static void a_file_in_use_goes_with_the_restart(void)
{
    static const char16_t other[] = u"\\??\\C:\\a\0\0",
                          all[] = u"\\??\\C:\\a\0\0" FOLDER u"two.txt\0\0";
    struct reg_data data = {0};
    struct reg_key *key;
    struct session *s;

    machine();
    ok(!reg_make(REG_MACHINE, MANAGER, &key), "key\n");
    ok(!reg_set(key, PENDING, REG_TYPE_MULTI, other, sizeof(other)), "value\n");
    reg_close(key);
    put_there();
    s = planned(true);
    tgt_be_held("two.txt");
    ok(!inst_act(s, "InstallFinalize"), "it succeeds\n");
    HAS(APP "one.txt", NULL);
    HAS(APP "two.txt", "two22");
    is_told(s, true);
    ok(!pending(&data) && data.size == sizeof(all) && !memcmp(data.bytes, all, sizeof(all)),
       "pending: %u bytes\n", data.size);
    os_free(data.bytes);
    inst_close(s);
    tgt_be_held("");
}

/* --- failures -----------------------------------------------------------------------------------
 */

static char *state(void)
{
    char *files = target_show(), *reg = regmem_show();
    char *all = calloc(1, strlen(files) + strlen(reg) + 1);

    sprintf(all, "%s%s", files, reg);
    free(files);
    free(reg);
    return all;
}

static u32 one_failure(enum os_fault_kind kind, u32 n, bool removes, u32 *total)
{
    struct reg_data data = {0};
    struct session *s;
    char *before, *after;
    u32 err;

    machine();
    if (removes)
        put_there();
    s = planned(removes);
    before = state();
    tgt_be_held(removes ? "two.txt" : "one.txt");
    os_fault(kind, n, false);
    err = inst_act(s, "InstallFinalize");
    *total = os_fault_count(kind);
    os_fault(kind, 0, false);
    inst_close(s);
    ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
    tgt_be_held("");
    after = state();
    if (err)
        ok(!strcmp(before, after), "kind %u, failure %u:\n%s-- after\n%s", kind, n, before, after);
    else
        ok(!pending(&data), "kind %u, failure %u: nothing is pending\n", kind, n);
    os_free(data.bytes);
    free(before);
    free(after);
    return err;
}

static void sweep(enum os_fault_kind kind, bool removes)
{
    u32 total, unused, step, failed = 0;

    one_failure(kind, 0x7fffffff, removes, &total);
    ok(total > 0, "kind %u: %u calls\n", kind, total);
    step = MAX(total / 150, 1u);
    for (u32 n = 1; n <= total; n += step)
        failed += one_failure(kind, n, removes, &unused) != 0;
    ok(failed > 0, "kind %u: none of %u failed\n", kind, total);
}

static void failures(void)
{
    for (int removes = 0; removes < 2; removes++) {
        sweep(OS_FAULT_WRITE, removes);
        sweep(OS_FAULT_RENAME, removes);
        sweep(OS_FAULT_SYNC, removes);
        sweep(OS_FAULT_ALLOC, removes);
    }
}

START_TEST(msi_inst_inuse)
{
    regmem_start();
    make_package();
    RUN(a_file_in_use_is_replaced_by_the_restart);
    RUN(a_copy_over_a_file_in_use);
    RUN(a_file_is_free_again);
    RUN(a_file_in_use_goes_with_the_restart);
    RUN(failures);
    package_end(NULL);
}
