/*
 * Compound files when something fails, and compound files that are damaged.
 */
#include "stg_fixture.h"

/* --- failures ------------------------------------------------------------------------------------
 */

/* One change of every kind, and its commit; the fault hits anywhere. */
static u32 change_and_commit(void)
{
    struct stg *s, *sub = NULL;
    u32 err = stg_open(path, STG_WRITE, &s);

    if (err)
        return err;
    err = put(s, "s0", 100, 9000);
    if (!err)
        err = put(s, "s1", 101, 90);
    if (!err)
        err = put(s, "big", 102, 700000);
    if (!err)
        err = stg_remove(s, u"s2");
    if (!err)
        err = stg_rename(s, u"s3", u"renamed");
    if (!err)
        err = stg_sub_create(s, u"sub", &sub);
    if (!err)
        err = put(sub, "inner", 103, 50);
    if (!err)
        err = stg_commit(s);
    stg_close(sub);
    stg_close(s);
    return err;
}

static bool is_old(struct stg *s)
{
    return has(s, "s0", 0, 1500) && has(s, "s1", 1, 1500) && has(s, "s2", 2, 1500) &&
           has(s, "s3", 3, 1500) && has(s, "s4", 4, 1500) && stg_kind_of(s, u"big") == STG_NONE &&
           stg_kind_of(s, u"sub") == STG_NONE;
}

static bool is_new(struct stg *s)
{
    struct stg *sub;
    bool good = has(s, "s0", 100, 9000) && has(s, "s1", 101, 90) && has(s, "big", 102, 700000) &&
                has(s, "renamed", 3, 1500) && has(s, "s4", 4, 1500) &&
                stg_kind_of(s, u"s2") == STG_NONE && stg_kind_of(s, u"s3") == STG_NONE;

    if (!good || stg_sub_open(s, u"sub", &sub))
        return false;
    good = has(sub, "inner", 103, 50);
    stg_close(sub);
    return good;
}

static void sweep(enum os_fault_kind kind, bool forever)
{
    for (u32 n = 1;; n++) {
        struct stg *s;
        u32 err, calls;

        make_file(5, 1500);
        os_fault(kind, n, forever);
        err = change_and_commit();
        calls = os_fault_count(kind);
        os_fault(kind, 0, false);
        s = must_open(STG_READ);
        ok(err ? is_old(s) : is_new(s), "kind %d, call %u: error %u, neither old nor new\n", kind,
           n, err);
        stg_close(s);
        if (calls < n)
            break;
        if (kind != OS_FAULT_ALLOC)
            ok(err, "kind %d, call %u of %u did not fail\n", kind, n, calls);
    }
    os_remove(path);
}

static void a_failed_write_leaves_the_old_file(void)
{
    fixture();
    sweep(OS_FAULT_WRITE, false);
}

static void a_failed_sync_leaves_the_old_file(void)
{
    fixture();
    sweep(OS_FAULT_SYNC, false);
}

/* A disk that goes away for the length of two calls: a sync fails, and a write, each once. */
static void a_failed_sync_and_a_failed_write_leave_the_old_or_the_new(void)
{
    fixture();
    for (u32 sync = 1; sync <= 4; sync++) {
        for (u32 write = 1; write <= 16; write++) {
            struct stg *s = NULL;
            u32 err;

            make_file(5, 1500);
            os_fault(OS_FAULT_SYNC, sync, false);
            os_fault(OS_FAULT_WRITE, write, false);
            change_and_commit();
            os_fault(OS_FAULT_SYNC, 0, false);
            os_fault(OS_FAULT_WRITE, 0, false);
            err = stg_open(path, STG_READ, &s);
            ok(!err, "sync %u, write %u: open gives %u\n", sync, write, err);
            ok(s && (is_old(s) || is_new(s)), "sync %u, write %u: neither\n", sync, write);
            stg_close(s);
        }
    }
    os_remove(path);
}

static void lack_of_memory_leaves_the_old_file(void)
{
    fixture();
    sweep(OS_FAULT_ALLOC, false);
}

static void lack_of_memory_for_good_leaves_the_old_file(void)
{
    fixture();
    sweep(OS_FAULT_ALLOC, true);
}

static void a_failed_commit_can_be_repeated(void)
{
    fixture();
    for (u32 n = 1; n < 40; n++) {
        struct stg *s;
        u32 err;

        make_file(5, 1500);
        s = must_open(STG_WRITE);
        ok(!put(s, "s0", 100, 9000) && !put(s, "s1", 101, 90), "put\n");
        os_fault(n % 2 ? OS_FAULT_WRITE : OS_FAULT_SYNC, n / 2 + 1, true);
        err = stg_commit(s);
        os_fault(OS_FAULT_WRITE, 0, false);
        os_fault(OS_FAULT_SYNC, 0, false);
        ok(has(s, "s0", 100, 9000), "the change is there still\n");
        ok(!err || stg_is_changed(s), "and known\n");
        ok(!stg_commit(s), "again\n");
        stg_close(s);
        s = must_open(STG_READ);
        ok(has(s, "s0", 100, 9000) && has(s, "s1", 101, 90) && has(s, "s4", 4, 1500), "new\n");
        stg_close(s);
    }
    os_remove(path);
}

/* --- bad files -----------------------------------------------------------------------------------
 */

static u32 open_bytes(const void *data, size_t len)
{
    struct stg *s;
    u32 err = stg_open_memory(data, len, &s);

    if (!err)
        stg_close(s);
    return err;
}

static void what_is_no_compound_file_is_told_from_a_damaged_one(void)
{
    u8 bytes[2048] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    struct stg *s;

    fixture();
    ok(stg_open(path, STG_READ, &s) == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(open_bytes("", 0) == ERROR_INVALID_DATA, "empty\n");
    ok(open_bytes("MZ and so on", 12) == ERROR_INVALID_DATA, "short\n");
    ok(open_bytes(bytes, sizeof(bytes)) == ERROR_FILE_CORRUPT, "signature alone\n");
    memset(bytes, 0, 8);
    ok(open_bytes(bytes, sizeof(bytes)) == ERROR_INVALID_DATA, "no signature\n");
}

static void every_damaged_byte_gives_an_error_or_an_answer(void)
{
    struct os_file *f;
    static u8 bytes[20000];
    u32 len;

    fixture();
    make_file(6, 1500);
    ok(!os_open(path, OS_READ, &f), "open\n");
    ok(!os_read_at(f, 0, bytes, sizeof(bytes), &len), "read\n");
    os_close(f);
    for (u32 i = 0; i < len; i++) {
        u8 old = bytes[i];
        struct stg *s;
        u32 err;

        bytes[i] ^= 1 + hash_shared(&(u32){i}, 4) % 255;
        err = stg_open_memory(bytes, len, &s);
        ok(!err || err == ERROR_FILE_CORRUPT || err == ERROR_INVALID_DATA, "%u: %u\n", i, err);
        if (!err) {
            has(s, "s3", 3, 1500);
            stg_close(s);
        }
        bytes[i] = old;
    }
    for (u32 cut = 0; cut < len; cut += 61) {
        u32 err = open_bytes(bytes, cut);

        ok(!err || err == ERROR_FILE_CORRUPT || err == ERROR_INVALID_DATA, "cut %u: %u\n", cut,
           err);
    }
    os_remove(path);
}

static void a_failed_change_of_version_leaves_the_old_file(void)
{
    fixture();
    for (u32 n = 1, calls = n; calls >= n; n++) {
        struct stg *s;
        u32 err;

        make_file(5, 1500);
        s = must_open(STG_WRITE);
        ok(!put(s, "s0", 100, 9000) && !cfb_space_load(s->c), "put\n");
        os_fault(OS_FAULT_WRITE, n, true);
        err = cfb_upgrade(s->c);
        if (!err)
            err = stg_commit(s);
        calls = os_fault_count(OS_FAULT_WRITE);
        os_fault(OS_FAULT_WRITE, 0, false);
        if (n % 2) {
            ok(!stg_commit(s), "repeated\n");
            err = 0;
        }
        stg_close(s);
        s = must_open(STG_READ);
        ok(has(s, "s0", err ? 0 : 100, err ? 1500 : 9000), "%u: %u\n", n, err);
        ok(has(s, "s4", 4, 1500), "%u: %u\n", n, err);
        stg_close(s);
    }
    os_remove(path);
}

START_TEST(msi_stg_faults)
{
    RUN(a_failed_change_of_version_leaves_the_old_file);
    RUN(a_failed_write_leaves_the_old_file);
    RUN(a_failed_sync_leaves_the_old_file);
    RUN(a_failed_sync_and_a_failed_write_leave_the_old_or_the_new);
    RUN(lack_of_memory_leaves_the_old_file);
    RUN(lack_of_memory_for_good_leaves_the_old_file);
    RUN(a_failed_commit_can_be_repeated);
    RUN(what_is_no_compound_file_is_told_from_a_damaged_one);
    RUN(every_damaged_byte_gives_an_error_or_an_answer);
}
