/*
 * What hostile files, full disks, dead threads and moments between two moments do to a hive that
 * many have open: what stands beside it, what a look changes, and whom a dead thread costs
 * something.
 */
#include "faults_fixture.h"

#include "image.h"
#include "logfmt.h"

#include <pthread.h>

/* --- copies ------------------------------------------------------------------------------------
 */

#define TWINS 40u

static u32 set_twins(struct hview *v, u32 n)
{
    struct key_ref root;
    u32 key, err = key_root(v, &root);

    for (u32 i = 0; i < TWINS && !err; i++) {
        err = make_key(v, root.cell, "twin", i, false, &key);
        if (!err)
            err = val_set(v, key, u"n", 1, 4, &n, 4);
    }
    return err;
}

/* Keeps forty keys the same, with a flush now and then. */
static void twins(void)
{
    struct hive *h = open_hive(HIVE_CREATE);

    for (u32 n = 1;; n++) {
        struct hive_write w;

        if (hive_write_begin(h, HIVE_WAIT, &w))
            exit(1);
        progress[0].error = set_twins(&w.view, n);
        if (progress[0].error || hive_write_commit(h, &w))
            exit(1);
        progress[0].opened = 1;
        if (n % 3 == 0)
            hive_flush(h);
    }
}

static bool twins_equal(struct hview *v)
{
    struct key_ref root;
    char16_t name[32];
    u32 key, first = 0;

    if (key_root(v, &root))
        return false;
    for (u32 i = 0; i < TWINS; i++) {
        struct val_info info;
        u32 n = 0;

        if (key_find(v, root.cell, name, name_of(name, "twin", i), &key) ||
            val_find(v, key, u"n", 1, &info) || val_data(v, &info, 0, &n, 4))
            return false;
        if (i && n != first)
            return false;
        first = n;
    }
    return true;
}

static void look_at_copies(u32 tries)
{
    u32 failed = 0, mixed = 0;

    for (u32 i = 0; i < tries; i++) {
        struct hive_read r = {.tries = 0};
        struct hive *h;

        if (hive_open(share_path, HIVE_COPY, &h)) {
            failed++;
            continue;
        }
        if (hive_read_begin(h, &r) || !twins_equal(&r.view))
            mixed++;
        share_check(h);
        hive_close(h);
    }
    ok(!failed && !mixed, "%u of %u failed, %u mixed\n", failed, tries, mixed);
}

static void a_copy_is_of_one_moment(void)
{
    pid_t pid;

    share_setup();
    pid = share_spawn("twins", 0, 0);
    wait_opened(0);
    look_at_copies(150);
    end(pid);
    look_at_copies(1);
    share_clear();
}

/* The same for somebody who may read the files and no more. */
static void a_readers_copy_is_of_one_moment(void)
{
    pid_t pid, reader;

    if (geteuid()) {
        skip("needs root\n");
        return;
    }
    share_setup();
    chmod(share_folder, 0755);
    pid = share_spawn("twins", 0, 0);
    wait_opened(0);
    progress[1].error = 99;
    reader = share_spawn("copies", 1, 50);
    share_wait(reader);
    ok(!progress[1].error, "%u copies were mixed\n", progress[1].error);
    end(pid);
    share_clear();
}

static void copies(u32 i, u32 count)
{
    u32 mixed = 0;

    if (setgid(65534) || setuid(65534))
        exit(1);
    for (u32 k = 0; k < count; k++) {
        struct hive_read r = {.tries = 0};
        struct hive *h;

        if (hive_open(share_path, HIVE_COPY, &h)) {
            mixed++;
            continue;
        }
        mixed += hive_read_begin(h, &r) || !twins_equal(&r.view);
        hive_close(h);
    }
    progress[i].error = mixed;
    exit(0);
}

/* --- another file in its place -----------------------------------------------------------------
 */

static void work_once(u32 i, u32 n)
{
    struct hive *h = NULL;

    progress[i].opened = 1;
    progress[i].error = hive_open(share_path, 0, &h);
    if (!progress[i].error)
        progress[i].error = share_work(h, i, n);
    hive_close(h);
    exit(0);
}

/* Who has waited for the old file goes on with the new one. */
static void nobody_writes_into_a_replaced_file(void)
{
    char16_t other[300];
    struct os_file *f;
    struct verdict v;
    struct hive *h;
    pid_t pid;

    share_setup();
    make_hive(3);
    h = open_hive(HIVE_COPY);
    wide("other", other);
    ok(!hive_save(h, other, 0), "save\n");
    hive_close(h);
    ok(!os_open(share_path, OS_READ | OS_WRITE, &f), "open\n");
    ok(!os_lock(f, IMAGE_LOCK_OPEN, 1, true, 0), "lock\n");
    pid = share_spawn("once", 1, 1);
    wait_opened(1);
    os_sleep(200); /* it has the old file open by now, or gets the new one at once */
    ok(!os_rename(other, share_path), "rename\n");
    os_close(f);
    share_wait(pid);
    ok(!progress[1].error, "work: %u\n", progress[1].error);
    h = open_hive(0);
    ok(!share_judge(h, 1, &v) && v.n == 1, "what was written is not there\n");
    hive_close(h);
    share_clear();
}

static void a_replacement_is_made_alone(void)
{
    char16_t aside[300];
    struct hive *h, *other;
    struct verdict v;
    pid_t pid;

    share_setup();
    make_hive(3);
    wide("aside", aside);
    h = open_hive(HIVE_PRIVATE | HIVE_REPLACED);
    ok(!hive_save(h, aside, 0), "save\n");
    pid = share_spawn("once", 1, 1);
    share_wait(pid);
    ok(progress[1].error == ERROR_SHARING_VIOLATION, "another process got it: %u\n",
       progress[1].error);
    ok(!hive_replace(h, aside), "replace\n");
    ok(access(path_of("hive.image"), F_OK), "the image of the old file is there\n");
    pid = share_spawn("once", 1, 1);
    share_wait(pid);
    ok(!progress[1].error, "after it: %u\n", progress[1].error);
    hive_close(h);
    other = open_hive(0);
    ok(!share_judge(other, 1, &v) && v.n == 1, "what was written after it is not there\n");
    ok(!share_judge(other, 0, &v) && v.n == 3, "what was there before is not\n");
    hive_close(other);
    share_clear();
}

/* --- dead threads ------------------------------------------------------------------------------
 */

static void *take_and_die(void *arg)
{
    struct hive_write w;

    if (!hive_write_begin(arg, HIVE_WAIT, &w))
        do_piece(&w.view, 0, 1);
    return NULL;
}

/* A thread takes the lock and is no more; the process lives on. */
static void let_die(struct hive *h)
{
    pthread_t thread;

    pthread_create(&thread, NULL, take_and_die, h);
    pthread_join(thread, NULL);
}

static void lose_thread(void)
{
    struct hive *h = open_hive(HIVE_CREATE);

    let_die(h);
    progress[0].opened = 1;
    for (;;)
        pause();
}

static void a_dead_thread_is_noticed_by_other_processes(void)
{
    struct verdict v;
    struct hive *h;
    pid_t pid;

    share_setup();
    pid = share_spawn("lose", 0, 0);
    wait_opened(0);
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 1, 1), "a dead thread keeps the lock\n");
    ok(!share_judge(h, 0, &v) && !v.n, "what it had not committed is there\n");
    share_check(h);
    hive_close(h);
    end(pid);
    share_clear();
}

static void a_dead_thread_is_noticed_by_its_own_process(void)
{
    struct verdict v;
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    let_die(h);
    ok(!share_work(h, 0, 1), "work\n");
    ok(!share_judge(h, 0, &v) && v.n == 1 && !v.wrong, "%u\n", (u32)v.n);
    share_check(h);
    hive_close(h);
    share_clear();
}

/* --- what stands beside it ---------------------------------------------------------------------
 */

static void a_look_touches_no_log(void)
{
    struct hive *h;

    share_setup();
    make_hive(3);
    put("hive.LOG1", "somebody's");
    h = open_hive(0);
    hive_close(h);
    h = open_hive(HIVE_READ_ONLY);
    hive_close(h);
    ok(!hive_recover(share_path, NULL), "recover\n");
    ok(holds("hive.LOG1", "somebody's"), "a look changed a log\n");
    share_clear();
}

/* Links, names of other files and pipes where a log should be: they go, what they name stays. */
static void no_planted_link_is_followed(void)
{
    struct verdict v;
    struct hive *h;

    share_setup();
    make_hive(3);
    unlink(path_of("hive.LOG1"));
    unlink(path_of("hive.LOG2"));
    put("victim", "precious");
    put("second", "precious too");
    ok(!symlink(path_of("victim"), path_of("hive.LOG1")), "symlink\n");
    ok(!link(path_of("second"), path_of("hive.LOG2")), "link\n");
    ok(!symlink(path_of("victim"), path_of("hive.image")), "symlink\n");
    ok(!symlink(path_of("victim"), path_of("hive.volatile")), "symlink\n");
    h = open_hive(0);
    ok(!share_work(h, 0, 4) && !hive_flush(h), "work\n");
    ok(!share_judge(h, 0, &v) && v.n == 4 && !v.wrong, "%u\n", (u32)v.n);
    hive_close(h);
    ok(holds("victim", "precious") && holds("second", "precious too"), "a link was followed\n");
    unlink(path_of("hive.LOG1"));
    mkfifo(path_of("hive.LOG1"), 0600);
    h = open_hive(0);
    ok(!share_work(h, 0, 5), "work beside a pipe\n");
    hive_close(h);
    share_clear();
}

static void companions_have_the_hives_permissions(void)
{
    static const char *const names[] = {"hive.LOG1", "hive.LOG2", "hive.image", "hive.volatile"};
    char16_t aside[300];
    struct stat st;
    struct hive *h;

    share_setup();
    umask(022);
    make_hive(1);
    unlink(path_of("hive.LOG1"));
    unlink(path_of("hive.LOG2"));
    chmod(path_of("hive"), 0600);
    h = open_hive(HIVE_PRIVATE | HIVE_REPLACED);
    ok(!share_work(h, 0, 2), "work\n");
    for (u32 i = 0; i < ARRAY_LEN(names); i++)
        ok(!stat(path_of(names[i]), &st) && (st.st_mode & 0777) == 0600, "%s: %o\n", names[i],
           (unsigned)st.st_mode & 0777);
    wide("aside", aside);
    ok(!hive_save_beside(h, aside, h), "save\n");
    ok(!stat(path_of("aside"), &st) && (st.st_mode & 0777) == 0600, "saved: %o\n",
       (unsigned)st.st_mode & 0777);
    hive_close(h);
    share_clear();
}

static void abandon(void)
{
    struct hive *h = open_hive(0);

    progress[0].error = share_work(h, 0, 4);
    progress[0].opened = 1;
    for (;;)
        pause();
}

/* What is in the logs is found under every name of the hive. */
static void logs_belong_to_the_file(void)
{
    char16_t link_path[300];
    struct hive *h = NULL;
    struct hive_info info;
    struct verdict v;
    pid_t pid;

    share_setup();
    make_hive(3);
    pid = share_spawn("abandon", 0, 0);
    wait_opened(0);
    ok(!symlink(path_of("hive"), path_of("alias")), "symlink\n");
    wide("alias", link_path);
    ok(!hive_open(link_path, 0, &h), "while it is in use\n");
    ok(h && !share_judge(h, 0, &v) && v.n == 4, "while it is in use\n");
    hive_close(h);
    end(pid);
    ok(!hive_open(link_path, 0, &h), "by a link\n");
    ok(!share_work(h, 1, 1), "work\n");
    hive_close(h);
    h = open_hive(0);
    ok(!share_judge(h, 0, &v) && v.n == 4, "what the log had is lost\n");
    ok(!share_judge(h, 1, &v) && v.n == 1, "what was written by the link is lost\n");
    hive_close(h);
    /* A second name has no log of its own that could be found. */
    ok(!link(path_of("hive"), path_of("second")), "link\n");
    wide("second", link_path);
    ok(!hive_open(link_path, 0, &h), "by a second name\n");
    hive_info(h, &info);
    ok(info.read_only, "can be written under two names\n");
    hive_close(h);
    share_clear();
}

/* --- full disks --------------------------------------------------------------------------------
 */

static void read_on_a_full_disk(bool dirty)
{
    struct hive_write w;
    struct verdict v;
    struct hive *h;
    u32 err;

    share_setup();
    make_hive(dirty ? 3 : 4);
    if (dirty) {
        pid_t pid = share_spawn("abandon", 0, 0);

        wait_opened(0);
        end(pid);
    }
    os_fault(OS_FAULT_WRITE, 1, true);
    err = hive_open(share_path, 0, &h);
    ok(!err, "open: %u\n", err);
    if (!err) {
        ok(!share_judge(h, 0, &v) && v.n == 4 && !v.wrong, "%u\n", (u32)v.n);
        err = hive_write_begin(h, HIVE_WAIT, &w);
        ok(err == ERROR_DISK_FULL, "write: %u\n", err);
        hive_close(h);
    }
    os_fault(OS_FAULT_WRITE, 0, false);
    h = open_hive(0);
    ok(!share_work(h, 0, 5), "with room again\n");
    hive_close(h);
    share_clear();
}

static void a_full_disk_keeps_nobody_from_reading(void)
{
    read_on_a_full_disk(false);
    read_on_a_full_disk(true);
}

static void a_mapping_makes_no_file_longer(void)
{
    struct os_file *f;
    char16_t path[300];
    void *view;
    u64 size;

    share_setup();
    wide("file", path);
    ok(!os_open(path, OS_READ | OS_WRITE | OS_CREATE, &f), "open\n");
    ok(!os_resize(f, 0x10000), "resize\n");
    ok(os_map(f, 0, 0x20000, true, NULL, &view) == ERROR_INVALID_PARAMETER, "mapped\n");
    ok(!os_size(f, &size) && size == 0x10000, "%x bytes\n", (unsigned)size);
    os_close(f);
    share_clear();
}

/* A log with more than any has: what is behind may count, so nothing is written. */
static void a_log_that_is_too_long_makes_it_read_only(void)
{
    struct hive_info info;
    struct verdict v;
    struct hive *h;
    struct stat st;
    pid_t pid;

    share_setup();
    make_hive(3);
    pid = share_spawn("abandon", 0, 0);
    wait_opened(0);
    end(pid);
    ok(!truncate(path_of("hive.LOG1"), 0x20000000 + 0x1000), "truncate\n");
    h = open_hive(0);
    hive_info(h, &info);
    ok(info.damaged, "can be written\n");
    ok(!share_judge(h, 0, &v) && v.n == 4, "%u\n", (u32)v.n);
    hive_close(h);
    ok(!stat(path_of("hive.LOG1"), &st) && st.st_size == 0x20000000 + 0x1000, "the log is gone\n");
    share_clear();
}

/* --- shared words ------------------------------------------------------------------------------
 */

static struct image_ctl *map_control(void)
{
    int fd = open(path_of("hive.image"), O_RDWR | O_CLOEXEC);
    void *at = mmap(NULL, IMAGE_STABLE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    close(fd);
    return at;
}

/* A word that cannot be ends the writing, with an error and no crash; reading may go on. */
static void no_word_of_the_control_page_is_believed(void)
{
    static const u32 words[] = {
        offsetof(struct image_ctl, log),      offsetof(struct image_ctl, alloc),
        offsetof(struct image_ctl, size),     offsetof(struct image_ctl, logs),
        offsetof(struct image_ctl, logs) + 4, offsetof(struct image_ctl, logs) + 12,
        offsetof(struct image_ctl, pending),  offsetof(struct image_ctl, pending) + 8,
        offsetof(struct image_ctl, done),     offsetof(struct image_ctl, retry_end),
        offsetof(struct image_ctl, txn),      offsetof(struct image_ctl, pending) + 12};
    static const u32 values[] = {0, 1, 0x1000000, 0x7fffffff, 0xffffffff, 0xfffffe00};

    for (u32 i = 0; i < ARRAY_LEN(words) * ARRAY_LEN(values); i++) {
        struct image_ctl *ctl;
        struct verdict v;
        struct hive *h;

        share_setup();
        h = open_hive(HIVE_CREATE);
        ok(!share_work(h, 0, 1), "work\n");
        ctl = map_control();
        *(u32 *)(void *)((u8 *)ctl + words[i / ARRAY_LEN(values)]) = values[i % ARRAY_LEN(values)];
        share_work(h, 0, 2);
        share_judge(h, 0, &v);
        hive_flush(h);
        share_work(h, 0, 3);
        hive_close(h);
        munmap(ctl, IMAGE_STABLE);
        share_clear();
    }
}

/* Words that say that there is nothing in the log do not have it emptied where others cannot be. */
static void a_log_is_not_emptied_on_words_that_cannot_be(void)
{
    struct image_ctl *ctl;
    struct verdict v;
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    ok(!share_work(h, 0, 1), "work\n");
    ctl = map_control();
    ctl->size[0] |= 1;
    ctl->marked = 0;
    ctl->logs[ctl->log].end = LOG_FIRST;
    hive_close(h);
    munmap(ctl, IMAGE_STABLE);
    h = open_hive(0);
    ok(!share_judge(h, 0, &v) && v.n == 1 && !v.wrong, "the write is gone\n");
    hive_close(h);
    share_clear();
}

static void a_lock_word_of_nobody_is_no_owner(void)
{
    static const u64 words[] = {1, 0xffff, 0x123400000001ull, 0xffffffffull, 0x1234ffff0001ull};

    for (u32 i = 0; i < ARRAY_LEN(words); i++) {
        struct image_ctl *ctl;
        struct hive *h;

        share_setup();
        h = open_hive(HIVE_CREATE);
        ctl = map_control();
        ctl->lock = words[i];
        ok(!share_work(h, 0, 1), "word %u: work\n", i);
        hive_close(h);
        munmap(ctl, IMAGE_STABLE);
        share_clear();
    }
}

/* --- memory that is not there ------------------------------------------------------------------
 */

static void a_bad_pointer_is_told(void)
{
    u8 *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    u8 have[64], out[8192];

    mprotect(page + 4096, 4096, PROT_NONE);
    memset(page, 7, 4096);
    ok(os_copy(have, page + 4096 - 64, 64) && have[63] == 7, "what is there\n");
    ok(!os_copy(out, page + 4096 - 64, 65), "one byte too many\n");
    ok(!os_copy(page + 4096 - 4, have, 8), "to what is not there\n");
    ok(!os_copy(out, (void *)(uintptr_t)16, 4), "a small number\n");
    ok(os_copy(out, NULL, 0), "nothing\n");
    ok(os_copy(have, page, 64), "after it\n");
    munmap(page, 8192);
}

/* --- mappings with no block behind them --------------------------------------------------------
 */

static u32 cut_at, steps;

static void cut(void)
{
    if (++steps == cut_at && truncate(path_of("hive.LOG1"), 0))
        abort();
}

/* The log is cut at each step of a write in turn: it is written and not stored into a mapping, so
 * that is no signal, and the write counts. */
static void a_log_cut_short_is_no_signal(void)
{
    for (cut_at = 1; cut_at < 60; cut_at++) {
        struct verdict v;
        struct hive *h;
        u32 err, cuts;

        share_setup();
        h = open_hive(HIVE_CREATE);
        ok(!share_work(h, 0, 1), "work\n");
        steps = 0;
        os_at_step = cut;
        err = share_work(h, 0, 2);
        cuts = steps;
        os_at_step = NULL;
        ok(!err, "step %u: error %u\n", cut_at, err);
        ok(!share_judge(h, 0, &v) && v.n == 2, "step %u: %u\n", cut_at, (u32)v.n);
        hive_close(h);
        share_clear();
        if (cuts < cut_at)
            break;
    }
}

/* Each single write to a file fails in turn: the error is of that write of the hive, which is not
 * there then, and the next one is. */
static void a_log_on_a_full_disk_is_an_error(void)
{
    u32 refused = 0, writes = 1;

    for (u32 at = 1; at <= writes; at++) {
        struct verdict v;
        struct hive *h;
        u32 err;

        share_setup();
        h = open_hive(HIVE_CREATE);
        ok(!share_work(h, 0, 1), "work\n");
        os_fault(OS_FAULT_WRITE, at, false);
        err = share_work(h, 0, 2);
        writes = os_fault_count(OS_FAULT_WRITE);
        os_fault(OS_FAULT_WRITE, 0, false);
        refused += err == ERROR_DISK_FULL;
        ok(!share_judge(h, 0, &v) && v.n == (err ? 1 : 2), "write %u: %u, error %u\n", at, (u32)v.n,
           err);
        ok(!share_work(h, 0, 3), "the next one\n");
        hive_close(h);
        ok(!hive_open(share_path, 0, &h), "open\n");
        ok(!share_judge(h, 0, &v) && v.n == 3, "write %u: later: %u\n", at, (u32)v.n);
        hive_close(h);
        share_clear();
    }
    ok(refused > 0, "nothing was refused\n");
}

static void child(void)
{
    u32 i = (u32)atoi(test_argv[4]), count = (u32)atoi(test_argv[5]);

    share_use(test_argv[2]);
    if (!strcmp(test_argv[3], "twins"))
        twins();
    if (!strcmp(test_argv[3], "copies"))
        copies(i, count);
    if (!strcmp(test_argv[3], "once"))
        work_once(i, count);
    if (!strcmp(test_argv[3], "lose"))
        lose_thread();
    if (!strcmp(test_argv[3], "abandon"))
        abandon();
    exit(1);
}

START_TEST(reg_share_faults)
{
    if (test_child())
        child();
    RUN(a_copy_is_of_one_moment);
    RUN(a_readers_copy_is_of_one_moment);
    RUN(nobody_writes_into_a_replaced_file);
    RUN(a_replacement_is_made_alone);
    RUN(a_dead_thread_is_noticed_by_other_processes);
    RUN(a_dead_thread_is_noticed_by_its_own_process);
    RUN(a_look_touches_no_log);
    RUN(no_planted_link_is_followed);
    RUN(companions_have_the_hives_permissions);
    RUN(logs_belong_to_the_file);
    RUN(a_full_disk_keeps_nobody_from_reading);
    RUN(a_mapping_makes_no_file_longer);
    RUN(a_log_that_is_too_long_makes_it_read_only);
    RUN(no_word_of_the_control_page_is_believed);
    RUN(a_log_is_not_emptied_on_words_that_cannot_be);
    RUN(a_lock_word_of_nobody_is_no_owner);
    RUN(a_bad_pointer_is_told);
    RUN(a_log_cut_short_is_no_signal);
    RUN(a_log_on_a_full_disk_is_an_error);
}
