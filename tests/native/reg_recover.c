/*
 * Hive files with logs that do not fit, with logs whose names are in another case, and with counts
 * that are wrong: what opening, writing and recovering do to the files.
 */
#include "baseblock.h"
#include "cell.h"
#include "share_fixture.h"

/* --- files ------------------------------------------------------------------------------------ */

static void name_file(char *to, size_t cap, const char *name)
{
    snprintf(to, cap, "%s/%s", share_folder, name);
}

static u32 read_bytes(const char *name, u8 *to, u32 cap)
{
    char path[300];
    u32 got = 0;
    FILE *f;

    name_file(path, sizeof(path), name);
    if (!(f = fopen(path, "rb")))
        return 0;
    got = (u32)fread(to, 1, cap, f);
    fclose(f);
    return got;
}

static void write_bytes(const char *name, const void *bytes, u32 size)
{
    char path[300];
    FILE *f;

    name_file(path, sizeof(path), name);
    f = fopen(path, "wb");
    ok(f && fwrite(bytes, 1, size, f) == size, "write %s\n", name);
    if (f)
        fclose(f);
}

static void move_file(const char *from, const char *to)
{
    char a[300], b[300];

    name_file(a, sizeof(a), from);
    name_file(b, sizeof(b), to);
    ok(!rename(a, b), "rename %s\n", from);
}

/* All of a file, for comparing. */
struct content {
    u32 size;
    u8 bytes[0x20000];
};

static void remember(struct content *c, const char *name)
{
    c->size = read_bytes(name, c->bytes, sizeof(c->bytes));
}

static bool same(const struct content *c, const char *name)
{
    static struct content now;

    remember(&now, name);
    return now.size == c->size && !memcmp(now.bytes, c->bytes, c->size);
}

/* --- hives ------------------------------------------------------------------------------------ */

static void work(u32 pieces)
{
    struct hive *h;
    u32 err = hive_open(share_path, HIVE_CREATE, &h);

    ok(!err, "open: %u\n", err);
    for (u32 n = 1; n <= pieces && !err; n++)
        err = share_work(h, 0, n);
    ok(!err, "work: %u\n", err);
    hive_close(h);
}

/* A child that works and is killed: hive dirty, log full. */
static void leave_dirty(u32 pieces)
{
    pid_t pid = share_spawn("work", 0, pieces);

    share_wait(pid);
}

static void set_numbers(u32 seq1, u32 seq2)
{
    static u8 bytes[0x20000];
    struct base_block b;
    u32 size = read_bytes("hive", bytes, sizeof(bytes));

    memcpy(&b, bytes, sizeof(b));
    b.seq1 = seq1;
    b.seq2 = seq2;
    base_seal(&b);
    memcpy(bytes, &b, sizeof(b));
    write_bytes("hive", bytes, size);
}

/* Which piece of work the hive has, 0 for none; -1: it cannot be read. */
static i32 last_piece(void)
{
    struct hive_read r = {.tries = 0};
    struct key_ref root;
    struct val_info info;
    struct hive *h;
    u64 n = 0;
    u32 key;

    if (hive_open(share_path, HIVE_COPY, &h) || hive_read_begin(h, &r))
        return -1;
    if (!key_root(&r.view, &root) && !key_find(&r.view, root.cell, u"p0", 2, &key) &&
        !val_find(&r.view, key, u"n", 1, &info) && info.size == 8)
        val_data(&r.view, &info, 0, &n, 8);
    hive_read_end(h, &r);
    hive_close(h);
    return (i32)n;
}

static void open_and_close(void)
{
    struct hive *h;
    u32 err = hive_open(share_path, 0, &h);

    ok(!err, "open: %u\n", err);
    if (!err)
        hive_close(h);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void logs_that_do_not_fit_stay_as_they_are(void)
{
    static struct content hive, log;
    struct hive_recovery r;
    u32 err;

    share_setup();
    work(3);
    leave_dirty(5);
    set_numbers(5001, 5000);
    remember(&hive, "hive");
    remember(&log, "hive.LOG1");
    ok(log.size > 512, "no log\n");
    open_and_close();
    ok(same(&hive, "hive") && same(&log, "hive.LOG1"), "changed by looking\n");
    err = hive_recover(share_path, &r);
    ok(!err && r.result == RECOVER_MISFIT && r.log[0].fit == LOG_OLDER, "%u, result %u, %u\n", err,
       r.result, r.log[0].fit);
    ok(same(&hive, "hive") && same(&log, "hive.LOG1"), "changed by recovering\n");
    work(1);
    ok(!same(&hive, "hive") && same(&log, "hive.LOG1.kept"), "not kept aside\n");
    ok(last_piece() == 1, "piece %d\n", last_piece());
    share_clear();
}

static void a_clean_hives_logs_stay_until_something_is_written(void)
{
    static struct content log;
    struct hive_recovery r;

    share_setup();
    work(3);
    write_bytes("hive.LOG2", "something", 9);
    remember(&log, "hive.LOG2");
    open_and_close();
    ok(!hive_recover(share_path, &r) && r.result == RECOVER_CLEAN, "result %u\n", r.result);
    ok(same(&log, "hive.LOG2"), "emptied by looking\n");
    work(4);
    ok(!read_bytes("hive.LOG2", log.bytes, 16), "not emptied\n");
    share_clear();
}

static void a_dirty_hive_without_logs_stays_dirty(void)
{
    static struct content hive;
    struct hive_recovery r;
    u32 err;

    share_setup();
    work(3);
    write_bytes("hive.LOG1", "", 0);
    write_bytes("hive.LOG2", "", 0);
    set_numbers(71, 70);
    remember(&hive, "hive");
    err = hive_recover(share_path, &r);
    ok(!err && r.result == RECOVER_NOTHING && same(&hive, "hive"), "%u, result %u\n", err,
       r.result);
    work(4);
    ok(!hive_recover(share_path, &r) && r.result == RECOVER_CLEAN, "result %u\n", r.result);
    ok(last_piece() == 4, "piece %d\n", last_piece());
    share_clear();
}

static void logs_are_found_in_any_case(void)
{
    struct hive_recovery r;
    u32 err;

    share_setup();
    leave_dirty(5);
    move_file("hive.LOG1", "HIVE.log1");
    ok(last_piece() == 5, "piece %d\n", last_piece());
    err = hive_recover(share_path, &r);
    ok(!err && r.result == RECOVER_REPLAYED && !r.log[0].alike, "%u, result %u\n", err, r.result);
    ok(last_piece() == 5, "piece %d\n", last_piece());
    share_clear();
}

static void two_names_that_differ_in_case_are_told(void)
{
    static struct content one;
    struct hive_recovery r;
    u32 err;

    share_setup();
    leave_dirty(5);
    remember(&one, "hive.LOG1");
    move_file("hive.LOG1", "HIVE.log1");
    write_bytes("Hive.Log1", one.bytes, one.size);
    err = hive_recover(share_path, &r);
    ok(!err && r.result == RECOVER_MISFIT && r.log[0].fit == LOG_TWINS, "%u, result %u\n", err,
       r.result);
    ok(same(&one, "HIVE.log1") && same(&one, "Hive.Log1"), "changed\n");
    move_file("HIVE.log1", "hive.LOG1"); /* the one whose name is the hive's is meant */
    err = hive_recover(share_path, &r);
    ok(!err && r.result == RECOVER_REPLAYED && r.log[0].alike, "%u, result %u\n", err, r.result);
    share_clear();
}

/* --- counts that follow from the rest ----------------------------------------------------------
 */

/* The root's security cell has one user too few, and the root says of the longest name below it
 * that it is short. Gives where the first number is in the file. */
static u32 spoil_counts(void)
{
    static u8 bytes[0x20000];
    u32 size = read_bytes("hive", bytes, sizeof(bytes)), root, sk, users;

    memcpy(&root, bytes + offsetof(struct base_block, root), 4);
    root += BASE_SIZE + CELL_HEAD;
    memcpy(&sk, bytes + root + NK_SK, 4);
    sk += BASE_SIZE + CELL_HEAD + SK_USERS;
    memcpy(&users, bytes + sk, 4);
    users--;
    memcpy(bytes + sk, &users, 4);
    memset(bytes + root + NK_MAX_NAME, 0, 2);
    write_bytes("hive", bytes, size);
    return sk;
}

static u32 users_at(u32 at)
{
    static u8 bytes[0x20000];
    u32 users;

    read_bytes("hive", bytes, sizeof(bytes));
    memcpy(&users, bytes + at, 4);
    return users;
}

static void counts_are_corrected_by_a_write(void)
{
    struct hive_info info;
    struct hive *h;
    u32 at, before;

    share_setup();
    work(3);
    at = spoil_counts();
    before = users_at(at);
    open_and_close();
    ok(users_at(at) == before, "changed by looking\n");
    ok(!hive_open(share_path, HIVE_COPY, &h), "open\n");
    hive_info(h, &info);
    ok(!info.damaged, "damaged\n");
    hive_close(h);
    work(4);
    ok(users_at(at) == before + 1, "%u users, were %u\n", users_at(at), before);
    share_clear();
}

static void counts_are_corrected_by_recover(void)
{
    struct hive_recovery r;
    u32 at, before, err;

    share_setup();
    work(3);
    at = spoil_counts();
    before = users_at(at);
    err = hive_recover(share_path, &r);
    ok(!err && r.mended && r.result == RECOVER_CLEAN, "%u, result %u\n", err, r.result);
    ok(users_at(at) == before + 1, "%u users, were %u\n", users_at(at), before);
    err = hive_recover(share_path, &r);
    ok(!err && !r.mended && r.result == RECOVER_CLEAN, "again: %u, result %u\n", err, r.result);
    ok(last_piece() == 3, "piece %d\n", last_piece());
    share_clear();
}

static void child_work(u32 count)
{
    struct hive *h;
    u32 err = hive_open(share_path, HIVE_CREATE, &h);

    for (u32 n = 1; n <= count && !err; n++)
        err = share_work(h, 0, n);
    raise(SIGKILL);
}

START_TEST(reg_recover)
{
    if (test_child()) {
        share_use(test_argv[2]);
        child_work((u32)atoi(test_argv[5]));
    }
    RUN(logs_that_do_not_fit_stay_as_they_are);
    RUN(a_clean_hives_logs_stay_until_something_is_written);
    RUN(a_dirty_hive_without_logs_stays_dirty);
    RUN(logs_are_found_in_any_case);
    RUN(two_names_that_differ_in_case_are_told);
    RUN(counts_are_corrected_by_a_write);
    RUN(counts_are_corrected_by_recover);
}
