/*
 * One hive, many processes: what one has written the others see, waits end, and nothing is in
 * anybody's way.
 */
#include "share_fixture.h"

#include "logfmt.h"

#define COUNT 400u

/* --- children ----------------------------------------------------------------------------------
 */

static void work(u32 i, u32 count)
{
    struct progress *p = &progress[i];

    for (u64 n = 1; n <= count && !p->error;) {
        struct hive *h = NULL;
        u64 until = MIN(n + 50 + i * 17, count + 1);

        p->error = hive_open(share_path, HIVE_CREATE, &h);
        for (; n < until && !p->error; n++) {
            p->error = share_work(h, i, n);
            p->done = n;
        }
        hive_close(h);
    }
    exit(0);
}

/* Takes the lock and keeps it. */
static void hold(void)
{
    struct hive_write w;
    struct hive *h;

    progress[0].error = hive_open(share_path, HIVE_CREATE, &h);
    if (!progress[0].error)
        progress[0].error = hive_write_begin(h, HIVE_WAIT, &w);
    progress[0].opened = 1;
    for (;;)
        pause();
}

/* Writes without a pause. */
static void hog(u32 i)
{
    struct hive *h;

    progress[i].error = hive_open(share_path, HIVE_CREATE, &h);
    progress[i].opened = 1;
    for (u64 n = 1; !progress[i].error; n++) {
        progress[i].error = share_work(h, i, n);
        progress[i].done = n;
    }
    exit(0);
}

/* As somebody who may read and no more. */
static void read_alone(void)
{
    struct progress *p = &progress[0];
    struct hive_info info;
    struct hive_write w;
    struct verdict v;
    struct hive *h;

    if (setgid(65534) || setuid(65534))
        exit(1);
    p->error = hive_open(share_path, HIVE_CREATE, &h);
    if (!p->error)
        p->error = share_judge(h, 0, &v);
    if (!p->error) {
        hive_info(h, &info);
        p->done = v.wrong || !info.read_only || info.shared ? 0 : v.n;
        p->begun = hive_write_begin(h, HIVE_WAIT, &w);
        hive_close(h);
    }
    p->opened = 1;
    exit(0);
}

static void copy_alone(void)
{
    struct hive *h = NULL;

    if (setgid(65534) || setuid(65534))
        exit(1);
    progress[0].error = hive_open(share_path, HIVE_COPY, &h);
    hive_close(h);
    exit(0);
}

static void child(void)
{
    u32 i = (u32)atoi(test_argv[4]), count = (u32)atoi(test_argv[5]);

    share_use(test_argv[2]);
    if (!strcmp(test_argv[3], "hold"))
        hold();
    if (!strcmp(test_argv[3], "hog"))
        hog(i);
    if (!strcmp(test_argv[3], "read"))
        read_alone();
    if (!strcmp(test_argv[3], "copy"))
        copy_alone();
    work(i, count);
}

static void wait_opened(u32 i)
{
    while (!__atomic_load_n(&progress[i].opened, __ATOMIC_SEQ_CST))
        os_sleep(1);
}

static struct hive *open_hive(u32 flags)
{
    struct hive *h = NULL;
    u32 err = hive_open(share_path, flags, &h);

    ok(!err, "open: %u\n", err);
    if (err)
        exit(1);
    return h;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    share_wait(pid);
}

static bool beside(const char *suffix)
{
    char name[320];

    snprintf(name, sizeof(name), "%s/hive%s", share_folder, suffix);
    return access(name, F_OK) == 0;
}

/* --- sharing ------------------------------------------------------------------------------------
 */

static void many_write_and_nothing_is_mixed_up(void)
{
    pid_t pids[WORKERS];
    struct verdict v;
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    for (u32 i = 0; i < WORKERS; i++)
        pids[i] = share_spawn("work", i, COUNT);
    for (u32 i = 0; i < WORKERS; i++)
        share_wait(pids[i]);
    for (u32 i = 0; i < WORKERS; i++) {
        ok(!progress[i].error, "worker %u: %u\n", i, progress[i].error);
        ok(!share_judge(h, i, &v) && !v.error && !v.wrong, "worker %u: %u wrong\n", i, v.wrong);
        ok(v.n == COUNT && v.vol_n == COUNT, "worker %u: %u, %u\n", i, (u32)v.n, (u32)v.vol_n);
    }
    share_check(h);
    hive_close(h);
    h = open_hive(0);
    for (u32 i = 0; i < WORKERS; i++)
        ok(!share_judge(h, i, &v) && v.n == COUNT && !v.wrong, "worker %u: %u\n", i, (u32)v.n);
    hive_close(h);
    share_clear();
}

static void the_last_one_leaves_hive_and_logs_alone(void)
{
    struct hive *a;
    struct verdict v;

    share_setup();
    a = open_hive(HIVE_CREATE);
    ok(!share_work(a, 0, 1), "work\n");
    ok(beside("") && beside(".LOG1") && beside(".image") && beside(".volatile"), "files\n");
    ok(hive_ref(a) == a, "ref\n");
    hive_close(a);
    ok(!share_work(a, 0, 2), "closed too early\n");
    hive_close(a);
    ok(beside("") && !beside(".image") && !beside(".volatile"), "files are left behind\n");
    a = open_hive(0);
    ok(!share_judge(a, 0, &v) && v.n == 2 && v.vol_n == 0, "%u, volatile %u\n", (u32)v.n,
       (u32)v.vol_n);
    hive_close(a);
    share_clear();
}

/* The root's value "n" becomes each number below count. */
static void count_up(struct hive *h, u32 count)
{
    struct hive_write w;
    struct key_ref root;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < count && !err; i++) {
        err = hive_write_begin(h, HIVE_WAIT, &w);
        if (!err)
            err = key_root(&w.view, &root);
        if (!err)
            err = val_set(&w.view, root.cell, u"n", 1, 4, &i, sizeof(i));
        if (!err)
            err = hive_write_commit(h, &w);
    }
    ok(!err, "counting gave %u\n", err);
}

/* The first entry of a log, as far as it tells of itself; false where there is none. */
static bool first_entry(const char *suffix, struct log_entry *e)
{
    char name[320];
    bool there;
    FILE *f;

    snprintf(name, sizeof(name), "%s/hive%s", share_folder, suffix);
    f = fopen(name, "rb");
    if (!f)
        return false;
    there = !fseek(f, LOG_FIRST, SEEK_SET) && fread(e, sizeof(*e), 1, f) == 1;
    fclose(f);
    return there && e->magic == LOG_MAGIC;
}

static void a_flush_merges_a_long_log_into_one_entry(void)
{
    struct log_entry e;
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    count_up(h, 10);
    ok(!hive_flush(h), "flush\n");
    count_up(h, 10);
    ok(!hive_flush(h), "flush\n");
    ok(first_entry(".LOG1", &e) && first_entry(".LOG2", &e) && e.size < 4096,
       "a short log was merged\n");
    count_up(h, 3000); /* into the first again */
    ok(!hive_flush(h), "flush\n");
    ok(first_entry(".LOG1", &e) && e.size < 4096, "the long log is gone\n");
    ok(first_entry(".LOG2", &e) && e.size > 4096 && e.size < 0x10000, "it was not merged\n");
    share_check(h);
    hive_close(h);
    share_clear();
}

static void a_change_is_noticed_in_another_process(void)
{
    struct hive *h;
    pid_t pid;
    u64 seq;

    share_setup();
    h = open_hive(HIVE_CREATE);
    seq = hive_change_seq(h);
    ok(hive_wait_change(h, seq, 30) == WAIT_TIMEOUT, "a change of nothing\n");
    pid = share_spawn("work", 0, 1);
    ok(!hive_wait_change(h, seq, 5000), "not noticed\n");
    share_wait(pid);
    ok(hive_change_seq(h) != seq, "the same\n");
    hive_close(h);
    share_clear();
}

static void an_aborted_write_leaves_nothing(void)
{
    struct hive_write w;
    struct hive *h;
    struct key_ref root;
    u64 seq;
    u32 key;

    share_setup();
    h = open_hive(HIVE_CREATE);
    seq = hive_change_seq(h);
    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    key_root(&w.view, &root);
    ok(!make_key(&w.view, root.cell, "x", 1, false, &key), "make\n");
    hive_write_abort(h, &w);
    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    ok(key_find(&w.view, root.cell, u"x1", 2, &key) == ERROR_FILE_NOT_FOUND, "still there\n");
    hv_fail(&w.view, ERROR_GEN_FAILURE);
    ok(hive_write_commit(h, &w) == ERROR_GEN_FAILURE, "committed with an error\n");
    ok(hive_change_seq(h) == seq, "a change\n");
    share_check(h);
    hive_close(h);
    share_clear();
}

static void private_means_alone(void)
{
    struct hive *h, *other;
    pid_t pid;

    share_setup();
    h = open_hive(HIVE_CREATE | HIVE_PRIVATE);
    ok(hive_open(share_path, 0, &other) == ERROR_SHARING_VIOLATION, "shared in this process\n");
    pid = share_spawn("work", 0, 1);
    share_wait(pid);
    ok(progress[0].error == ERROR_SHARING_VIOLATION, "in another: %u\n", progress[0].error);
    hive_close(h);
    progress[0].error = 0;
    pid = share_spawn("hold", 0, 1);
    wait_opened(0);
    ok(hive_open(share_path, HIVE_PRIVATE, &h) == ERROR_SHARING_VIOLATION, "not alone\n");
    end(pid);
    h = open_hive(HIVE_PRIVATE);
    ok(!share_work(h, 0, 1), "work\n");
    hive_close(h);
    share_clear();
}

static void read_only_is_refused_writes(void)
{
    struct hive_write w;
    struct hive_info info;
    struct hive *h, *again;

    share_setup();
    hive_close(open_hive(HIVE_CREATE));
    h = open_hive(HIVE_READ_ONLY);
    ok(hive_write_begin(h, HIVE_WAIT, &w) == ERROR_ACCESS_DENIED, "written\n");
    hive_info(h, &info);
    ok(info.read_only && info.shared && !info.dirty && info.minor == 5, "info\n");
    again = open_hive(0);
    ok(!share_work(again, 0, 1), "the second open may write\n");
    hive_close(again);
    hive_close(h);
    share_clear();
}

static void a_copy_is_nobodys_business(void)
{
    struct hive *h, *copy, *saved;
    struct verdict v;
    char16_t name[320];
    size_t len = u16_len(share_path);

    share_setup();
    h = open_hive(HIVE_CREATE);
    for (u64 n = 1; n < 30; n++)
        ok(!share_work(h, 0, n), "work\n");
    ok(!hive_open(share_path, HIVE_COPY, &copy), "copy\n");
    ok(!share_judge(copy, 0, &v) && v.n == 29 && !v.wrong, "copy: %u\n", (u32)v.n);
    ok(!share_work(copy, 0, 30) && !share_judge(h, 0, &v) && v.n == 29, "copy goes through\n");
    u16_copy(name, 320, share_path);
    u16_copy(name + len, 320 - len, u".saved");
    ok(!hive_save(copy, name, 3), "save\n");
    ok(hive_save(copy, name, 3) == ERROR_FILE_EXISTS, "saved over\n");
    ok(!hive_open(name, 0, &saved), "open what was saved\n");
    ok(!share_judge(saved, 0, &v) && v.n == 30 && !v.wrong && !v.vol_n, "saved: %u\n", (u32)v.n);
    share_check(saved);
    hive_close(saved);
    hive_close(copy);
    hive_close(h);
    share_clear();
}

static void who_may_not_write_reads_a_copy(void)
{
    struct hive *h;
    char name[320];

    if (getuid()) {
        skip("needs root to become somebody else\n");
        return;
    }
    share_setup();
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1) && !hive_flush(h) && !share_work(h, 0, 2), "work\n");
    chmod(share_folder, 0755);
    snprintf(name, sizeof(name), "%s/progress", share_folder);
    chmod(name, 0666);
    share_wait(share_spawn("read", 0, 0));
    ok(progress[0].opened && !progress[0].error, "open: %u\n", progress[0].error);
    ok(progress[0].done == 2, "saw %u\n", (u32)progress[0].done);
    ok(progress[0].begun == ERROR_WRITE_PROTECT, "write: %u\n", (u32)progress[0].begun);
    ok(!share_work(h, 0, 3), "in the way\n");
    hive_close(h);
    share_clear();
}

/* --- waiting ------------------------------------------------------------------------------------
 */

static void a_stopped_owner_keeps_the_lock_and_nobody_waits_forever(void)
{
    struct hive_write w;
    struct verdict v;
    struct hive *h;
    pid_t pid;
    u64 since;

    share_setup();
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1), "work\n");
    pid = share_spawn("hold", 0, 1);
    wait_opened(0);
    kill(pid, SIGSTOP);
    since = os_ticks();
    ok(hive_write_begin(h, 300, &w) == ERROR_BUSY, "robbed\n");
    ok(os_ticks() - since >= 300 && os_ticks() - since < 1500, "%u ms\n",
       (u32)(os_ticks() - since));
    ok(!share_judge(h, 0, &v) && v.n == 1, "readers wait\n");
    since = os_ticks();
    end(pid);
    ok(!share_work(h, 0, 2), "after its end\n");
    ok(os_ticks() - since < 2000, "%u ms to go on\n", (u32)(os_ticks() - since));
    hive_close(h);
    share_clear();
}

static void nobody_starves(void)
{
    u64 worst = 0;
    pid_t pids[3];
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    for (u32 i = 0; i < 3; i++) {
        pids[i] = share_spawn("hog", i + 1, 0);
        wait_opened(i + 1);
    }
    for (u64 n = 1; n <= 100; n++) {
        u64 since = os_ticks();
        u32 err = share_work(h, 0, n);

        ok(!err, "work: %u\n", err);
        worst = MAX(worst, os_ticks() - since);
        os_sleep(1);
    }
    for (u32 i = 0; i < 3; i++) {
        u64 was = __atomic_load_n(&progress[i + 1].done, __ATOMIC_SEQ_CST);

        for (u32 k = 0; k < 2000 && progress[i + 1].done == was; k++)
            os_sleep(1);
        ok(progress[i + 1].done > was, "hog %u starves\n", i);
    }
    for (u32 i = 0; i < 3; i++)
        end(pids[i]);
    ok(worst < 2000, "the longest wait was %u ms\n", (u32)worst);
    share_check(h);
    hive_close(h);
    share_clear();
}

/* --- failures -----------------------------------------------------------------------------------
 */

/* Every call of a kind fails in its turn while a piece of work is done: it is done or it is not. */
static void sweep(enum os_fault_kind kind, u32 piece)
{
    struct verdict v;
    struct hive *h;
    u32 failed = 0;

    share_setup();
    h = open_hive(HIVE_CREATE);
    for (u64 n = 1; n < piece; n++)
        ok(!share_work(h, 0, n), "work\n");
    for (u32 k = 1; k < 500; k++) {
        u32 err, n = piece + failed % 2;

        if (kind == OS_FAULT_ALLOC) { /* memory is kept from one write to the next */
            hive_close(h);
            h = open_hive(0);
        }
        os_fault(kind, k, false);
        err = share_work(h, 0, piece);
        if (!err && kind != OS_FAULT_ALLOC)
            err = hive_flush(h);
        n = os_fault_count(kind);
        os_fault(kind, 0, false);
        ok(!share_judge(h, 0, &v) && !v.error && !v.wrong, "fault %u: %u wrong\n", k, v.wrong);
        ok(v.n == piece || (err && v.n == piece - 1), "fault %u: %u of %u\n", k, (u32)v.n, piece);
        failed += err != 0;
        if (n < k)
            break;
        share_check(h);
    }
    ok(failed > 0, "nothing failed\n");
    ok(!share_work(h, 0, piece + 1) && !hive_flush(h), "afterwards\n");
    hive_close(h);
    h = open_hive(0);
    ok(!share_judge(h, 0, &v) && v.n == piece + 1 && !v.wrong, "at last: %u\n", (u32)v.n);
    hive_close(h);
    share_clear();
}

static void a_full_disk_is_an_error(void)
{
    sweep(OS_FAULT_WRITE, 97); /* a large one, that grows the hive */
}

static void a_failing_sync_is_an_error(void)
{
    sweep(OS_FAULT_SYNC, 5);
}

static void no_memory_is_an_error(void)
{
    sweep(OS_FAULT_ALLOC, 97);
}

/* Opening fails whole, too, and works afterwards. */
static void an_open_that_fails_leaves_nothing(void)
{
    static const enum os_fault_kind kinds[] = {OS_FAULT_ALLOC, OS_FAULT_WRITE, OS_FAULT_SYNC};
    struct hive *h;
    u32 k;

    for (u32 i = 0; i < ARRAY_LEN(kinds); i++) {
        share_setup();
        for (k = 1; k < 200; k++) {
            os_fault(kinds[i], k, false);
            u32 err = hive_open(share_path, HIVE_CREATE, &h);
            struct hive_info info = {0};

            os_fault(kinds[i], 0, false);
            if (!err)
                hive_info(h, &info);
            if (!err && !info.read_only)
                break;
            if (!err) { /* without room for the image it is read at least */
                ok(share_work(h, 0, 1) != ERROR_SUCCESS, "wrote\n");
                hive_close(h);
            }
        }
        ok(k > 1 && k < 200, "kind %u: %u\n", i, k);
        share_check(h);
        ok(!share_work(h, 0, 1), "work\n");
        hive_close(h);
        share_clear();
    }
}

static void put_file(const char *suffix, const void *bytes, size_t n)
{
    char name[320];
    FILE *f;

    snprintf(name, sizeof(name), "%s/hive%s", share_folder, suffix);
    f = fopen(name, "wb");
    if (f)
        fwrite(bytes, 1, n, f);
    fclose(f);
}

static void what_is_no_hive_is_not_opened(void)
{
    static u8 junk[8192];
    struct hive *h;

    share_setup();
    ok(hive_open(share_path, 0, &h) == ERROR_FILE_NOT_FOUND, "opened nothing\n");
    put_file("", "", 0);
    ok(hive_open(share_path, 0, &h) == ERROR_NOT_REGISTRY_FILE, "opened an empty file\n");
    memset(junk, 'x', sizeof(junk));
    put_file("", junk, sizeof(junk));
    ok(hive_open(share_path, 0, &h) == ERROR_NOT_REGISTRY_FILE, "opened junk\n");
    ok(hive_open(share_path, HIVE_CREATE, &h) == ERROR_NOT_REGISTRY_FILE, "replaced junk\n");
    memcpy(junk, "regf", 4);
    put_file("", junk, sizeof(junk));
    ok(hive_open(share_path, 0, &h) == ERROR_BADDB, "opened a wrong base block\n");
    put_file("", "", 0);
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1), "work\n");
    hive_close(h);
    share_clear();
}

static void a_stale_image_is_never_believed(void)
{
    static u8 junk[0x40000];
    struct verdict v;
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1), "work\n");
    hive_close(h);
    memset(junk, 0xff, sizeof(junk));
    put_file(".image", junk, sizeof(junk));
    put_file(".volatile", junk, sizeof(junk));
    put_file(".LOG1", junk, sizeof(junk));
    h = open_hive(0);
    ok(!share_judge(h, 0, &v) && v.n == 1 && !v.wrong, "%u, %u wrong\n", (u32)v.n, v.wrong);
    ok(!share_work(h, 0, 2), "work\n");
    share_check(h);
    hive_close(h);
    share_clear();
}

/* Whoever may only read the hive looks whether its logs change meanwhile: at plain files alone. */
static void a_readers_copy_follows_no_link(void)
{
    char path[300];
    u32 seq = 0x1000;
    struct hive *h;
    int fd;

    if (geteuid()) {
        skip("needs root\n");
        return;
    }
    share_setup();
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1), "work\n");
    hive_close(h);
    chmod(share_folder, 0755);
    snprintf(path, sizeof(path), "%s/hive", share_folder);
    chmod(path, 0644);
    fd = open(path, O_WRONLY);
    ok(pwrite(fd, &seq, 4, 4) == 4, "not made dirty\n"); /* its logs are needed */
    close(fd);
    snprintf(path, sizeof(path), "%s/hive.LOG1", share_folder);
    unlink(path);
    ok(!symlink("/dev/zero", path), "symlink\n");
    progress[0].error = 99;
    share_wait(share_spawn("copy", 0, 0));
    ok(progress[0].error == ERROR_ACCESS_DENIED, "%u\n", progress[0].error);
    share_clear();
}

START_TEST(reg_share)
{
    if (test_child())
        child();
    RUN(many_write_and_nothing_is_mixed_up);
    RUN(the_last_one_leaves_hive_and_logs_alone);
    RUN(a_flush_merges_a_long_log_into_one_entry);
    RUN(a_change_is_noticed_in_another_process);
    RUN(an_aborted_write_leaves_nothing);
    RUN(private_means_alone);
    RUN(read_only_is_refused_writes);
    RUN(a_copy_is_nobodys_business);
    RUN(who_may_not_write_reads_a_copy);
    RUN(a_stopped_owner_keeps_the_lock_and_nobody_waits_forever);
    RUN(nobody_starves);
    RUN(a_full_disk_is_an_error);
    RUN(a_failing_sync_is_an_error);
    RUN(no_memory_is_an_error);
    RUN(an_open_that_fails_leaves_nothing);
    RUN(what_is_no_hive_is_not_opened);
    RUN(a_stale_image_is_never_believed);
    RUN(a_readers_copy_follows_no_link);
}
