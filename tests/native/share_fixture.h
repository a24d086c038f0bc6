/*
 * What the tests of shared hives have in common: a folder, children that are programs of their own
 * (a fork would inherit the parent's locks), and deterministic work whose traces can be judged.
 *
 * Worker i's n-th piece of work is a function of i and n alone. It is one write: some change below
 * the key "p<i>", and n in the value "n" of that key and of the volatile key "vol\p<i>". So n tells
 * what everything else must look like.
 */
#ifndef DECANTER_SHARE_FIXTURE_H
#define DECANTER_SHARE_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "hive.h"
#include "key.h"
#include "os.h"
#include "test.h"
#include "utf16.h"
#include "value.h"

#define WORKERS 8

struct progress {
    u64 begun, done;
    u32 error;
    u32 opened;
    u64 flushed; /* known to be on the medium */
};

static char share_folder[256];
static char16_t share_path[300];
static struct progress *progress;

/* --- the folder ------------------------------------------------------------------------------ */

TEST_UNUSED static void share_use(const char *folder)
{
    char name[300];
    int fd;

    snprintf(share_folder, sizeof(share_folder), "%s", folder);
    snprintf(name, sizeof(name), "%s/hive", folder);
    share_path[u16_from_utf8(share_path, 299, name, strlen(name), false)] = 0;
    snprintf(name, sizeof(name), "%s/progress", folder);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof(*progress) * WORKERS))
        abort();
    progress = mmap(NULL, sizeof(*progress) * WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
}

TEST_UNUSED static void share_setup(void)
{
    char folder[] = "/dev/shm/decanter-XXXXXX", other[] = "/tmp/decanter-XXXXXX";
    char *made = mkdtemp(folder);

    if (!made) /* memory is faster, where there is such a folder */
        made = mkdtemp(other);
    if (!made)
        abort();
    share_use(made);
}

TEST_UNUSED static void share_clear(void)
{
    DIR *d = opendir(share_folder);
    struct dirent *e;
    char name[600];

    while (d && (e = readdir(d))) {
        snprintf(name, sizeof(name), "%s/%s", share_folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(name);
    }
    if (d)
        closedir(d);
    rmdir(share_folder);
    munmap(progress, sizeof(*progress) * WORKERS);
}

/* --- children -------------------------------------------------------------------------------- */

extern char **environ;

/* Runs this program as "child FOLDER MODE I COUNT". */
TEST_UNUSED static pid_t share_spawn(const char *mode, u32 i, u32 count)
{
    char index[16], n[16], self[] = "/proc/self/exe", child[] = "child";
    char folder[256], what[32];
    char *argv[] = {self, child, folder, what, index, n, NULL};
    pid_t pid = 0;

    snprintf(index, sizeof(index), "%u", i);
    snprintf(n, sizeof(n), "%u", count);
    snprintf(folder, sizeof(folder), "%s", share_folder);
    snprintf(what, sizeof(what), "%s", mode);
    if (posix_spawn(&pid, self, NULL, NULL, argv, environ))
        abort();
    return pid;
}

TEST_UNUSED static void share_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        ;
}

TEST_UNUSED static u64 share_ms(void)
{
    return os_ticks();
}

/* --- work ------------------------------------------------------------------------------------- */

static u32 name_of(char16_t *to, const char *prefix, u32 n)
{
    char text[32];
    u32 len = (u32)snprintf(text, sizeof(text), "%s%u", prefix, n);

    for (u32 i = 0; i <= len; i++)
        to[i] = (char16_t)text[i];
    return len;
}

static u32 make_key(struct hview *v, u32 parent, const char *prefix, u32 n, bool vol, u32 *key)
{
    char16_t name[32];
    struct key_new what = {.name = name, .is_volatile = vol};
    u32 err;

    what.name_len = name_of(name, prefix, n);
    err = key_find(v, parent, name, what.name_len, key);
    return err ? key_create(v, parent, &what, key) : ERROR_SUCCESS;
}

/* What value slot holds after piece n, as n and a size; the bytes are that n and a pattern. */
static u32 data_size(u64 n)
{
    if (n % 97 == 0)
        return 30000 + (u32)(n * 31 % 20000);
    return 8 + (u32)(n * 2654435761u >> 7) % 700;
}

static void fill_data(u8 *to, u64 n, u32 size)
{
    for (u32 i = 0; i < size; i++)
        to[i] = (u8)(n * 7 + i);
    memcpy(to, &n, 8);
}

#define SLOTS     16u
#define SUBS      8u
#define IS_SET(n) ((n) % 8 < 6)

static u32 change(struct hview *v, u32 key, u64 n)
{
    static __thread u8 data[60000];
    char16_t name[32];
    u32 sub, err, len;

    if (IS_SET(n)) {
        len = name_of(name, "v", (u32)(n % SLOTS));
        fill_data(data, n, data_size(n));
        return val_set(v, key, name, len, 3, data, data_size(n));
    }
    if (n % 8 == 6)
        return make_key(v, key, "s", (u32)(n / 8 % SUBS), false, &sub);
    len = name_of(name, "s", (u32)((n / 8 + 3) % SUBS));
    err = key_find(v, key, name, len, &sub);
    return err ? ERROR_SUCCESS : key_delete_tree(v, sub, false);
}

static u32 set_n(struct hview *v, u32 key, u64 n)
{
    return val_set(v, key, u"n", 1, 11, &n, 8);
}

static u32 do_piece(struct hview *v, u32 i, u64 n)
{
    struct key_ref root;
    u32 key, vol, err = key_root(v, &root);

    if (!err)
        err = make_key(v, root.cell, "p", i, false, &key);
    if (!err)
        err = change(v, key, n);
    if (!err)
        err = set_n(v, key, n);
    if (!err)
        err = make_key(v, root.cell, "vol", 0, true, &vol);
    if (!err)
        err = make_key(v, vol, "p", i, true, &vol);
    return err ? err : set_n(v, vol, n);
}

/* The piece of work begun, to be committed. */
static u32 begin_piece(struct hive *h, u32 i, u64 n, struct hive_write *w)
{
    u32 err = hive_write_begin(h, HIVE_WAIT, w);

    if (err)
        return err;
    err = do_piece(&w->view, i, n);
    if (err)
        hive_write_abort(h, w);
    return err;
}

TEST_UNUSED static u32 share_work(struct hive *h, u32 i, u64 n)
{
    struct hive_write w;
    u32 err = begin_piece(h, i, n, &w);

    return err ? err : hive_write_commit(h, &w);
}

/* The same piece in two hives, as one write. */
TEST_UNUSED static u32 share_work_in_both(struct hive *const h[2], u32 i, u64 n)
{
    struct hive_write w[2];
    struct hive_part parts[2] = {{h[0], &w[0]}, {h[1], &w[1]}};
    u32 err = begin_piece(h[0], i, n, &w[0]);

    if (err)
        return err;
    err = begin_piece(h[1], i, n, &w[1]);
    if (err)
        hive_write_abort(h[0], &w[0]);
    return err ? err : hive_write_commit_all(parts, 2);
}

/* --- judging ---------------------------------------------------------------------------------- */

static u32 get_n(struct hview *v, u32 key, u64 *n)
{
    struct val_info info;
    u32 err = val_find(v, key, u"n", 1, &info);

    *n = 0;
    if (!err && info.size == 8)
        err = val_data(v, &info, 0, n, 8);
    return err;
}

static bool slot_right(struct hview *v, u32 key, u32 slot, u64 n)
{
    static __thread u8 have[60000], want[60000];
    struct val_info info;
    char16_t name[32];
    u32 len = name_of(name, "v", slot);
    u64 k = n;

    while (k && (k % SLOTS != slot || !IS_SET(k)))
        k--;
    if (val_find(v, key, name, len, &info))
        return !k;
    if (!k || info.size != data_size(k) || val_data(v, &info, 0, have, info.size))
        return false;
    fill_data(want, k, info.size);
    return !memcmp(have, want, info.size);
}

static bool sub_right(struct hview *v, u32 key, u32 sub, u64 n)
{
    char16_t name[32];
    u32 len = name_of(name, "s", sub), child;
    bool there = false;

    for (u64 k = n; k; k--) {
        if (k % 8 == 7 && (k / 8 + 3) % SUBS == sub)
            break;
        if (k % 8 == 6 && k / 8 % SUBS == sub) {
            there = true;
            break;
        }
    }
    return there == !key_find(v, key, name, len, &child);
}

struct verdict {
    u64 n;     /* worker's last piece of work there, 0: none */
    u64 vol_n; /* the same in volatile storage */
    u32 error; /* of the walk */
    u32 wrong; /* values and keys that are not as n says */
};

static void judge_key(struct hview *v, u32 i, struct verdict *to)
{
    char16_t name[32];
    struct key_ref root;
    u32 key, vol;

    memset(to, 0, sizeof(*to));
    to->error = key_root(v, &root);
    if (to->error || key_find(v, root.cell, name, name_of(name, "p", i), &key))
        return;
    to->error = get_n(v, key, &to->n);
    for (u32 s = 0; s < SLOTS; s++)
        to->wrong += !slot_right(v, key, s, to->n);
    for (u32 s = 0; s < SUBS; s++)
        to->wrong += !sub_right(v, key, s, to->n);
    if (!key_find(v, root.cell, u"vol0", 4, &vol) &&
        !key_find(v, vol, name, name_of(name, "p", i), &vol))
        get_n(v, vol, &to->vol_n);
    if (v->error)
        to->error = v->error;
}

/* What worker i has left, at one moment. */
TEST_UNUSED static u32 share_judge(struct hive *h, u32 i, struct verdict *to)
{
    struct hive_read r = {.tries = 0};
    u32 err;

    do {
        err = hive_read_begin(h, &r);
        if (err)
            return err;
        judge_key(&r.view, i, to);
    } while (!hive_read_end(h, &r));
    return ERROR_SUCCESS;
}

TEST_UNUSED static bool share_damage(void *ctx, enum check_code code, u32 off)
{
    UNUSED(ctx);
    ok(false, "%s (%s) at %x\n", check_name(code), check_words(code), off);
    return true;
}

/* The whole hive, with the writers' lock held. */
TEST_UNUSED static void share_check(struct hive *h)
{
    struct hive_read r = {.tries = 1000};
    struct key_ref root;
    u32 err = hive_read_begin(h, &r);

    ok(!err, "read: %u\n", err);
    if (err)
        return;
    ok(!key_root(&r.view, &root), "no root\n");
    err = check_hive(&r.view, root.cell, share_damage, NULL, NULL);
    ok(!err && !r.view.error, "check: %u %u\n", err, r.view.error);
    hive_read_end(h, &r);
}

#endif
