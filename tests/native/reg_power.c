/*
 * Power lost at any moment: of what was written and not yet synced, any part may be there. The hive
 * opens, is whole, and has everything from before the last flush.
 *
 *     reg_power          a hundred losses, and as many of two hives written as one
 *     reg_power runs=N   N of them
 *
 * A child works on the hive and keeps beside each file what the medium surely has of it: all of it
 * after a sync, and after each write some sectors more, as a system that writes back does. Then it
 * is killed. The disk after the power loss has, sector by sector, what the medium surely had or
 * what the file had last.
 */
#include "share_fixture.h"

#define SECTOR 512u
#define FILES  7u

static const char *const names[FILES] = {"hive",     "hive.LOG1", "hive.LOG2", "two",
                                         "two.LOG1", "two.LOG2",  "COMMITTED"};
static u32 runs = 120;
static u32 rng;
static u32 lost, kept; /* pieces begun that are gone, pieces not flushed that are there */

static u32 chance(u32 n)
{
    rng = rng * 1664525 + 1013904223;
    return (rng >> 8) % n;
}

struct bytes {
    u8 *p;
    size_t size;
    bool there;
};

static struct bytes load(const char *folder, const char *name)
{
    struct bytes b = {NULL, 0, false};
    char path[400];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f)
        return b;
    fseek(f, 0, SEEK_END);
    b.size = (size_t)ftell(f);
    rewind(f);
    b.p = calloc(1, b.size + SECTOR);
    b.there = fread(b.p, 1, b.size, f) == b.size;
    fclose(f);
    return b;
}

static void store(const char *folder, const char *name, const struct bytes *b)
{
    char path[400];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "wb");
    if (!f || fwrite(b->p, 1, b->size, f) != b->size)
        abort();
    fclose(f);
}

/* Sectors of `from` into b, each with a chance of 1 in odds; b takes from's size where resize is
 * set. */
static void mix(struct bytes *b, const struct bytes *from, u32 odds, bool resize)
{
    size_t size = resize ? from->size : b->size;
    u8 *p = calloc(1, size + SECTOR);

    memcpy(p, b->p ? b->p : p, MIN(size, b->size));
    for (size_t at = 0; at < size && at < from->size; at += SECTOR)
        if (!chance(odds))
            memcpy(p + at, from->p + at, MIN(SECTOR, MIN(size, from->size) - at));
    free(b->p);
    b->p = p;
    b->size = size;
    b->there = true;
}

/* --- the child: what the medium has --------------------------------------------------------------
 */

static char durable[300];

static void write_back(const char *name, bool all)
{
    struct bytes now = load(share_folder, name), b = load(durable, name);

    if (all)
        store(durable, name, &now);
    else {
        mix(&b, &now, 4, chance(2));
        store(durable, name, &b);
    }
    free(now.p);
    free(b.p);
}

static void watch(int fd, bool synced)
{
    char link[64], path[400];
    ssize_t n;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);
    if (n < 0)
        return;
    path[n] = 0;
    if (!chance(25)) /* during the write or the sync */
        raise(SIGKILL);
    for (u32 i = 0; i < FILES; i++)
        if (!strcmp(strrchr(path, '/') + 1, names[i]) && (synced || !chance(3)))
            write_back(names[i], synced);
}

static u32 open_hives(struct hive *h[2], bool pair)
{
    char16_t two[300];
    size_t len = u16_len(share_path) - strlen("hive");
    u32 err = hive_open(share_path, HIVE_CREATE, &h[0]);

    if (err || !pair)
        return err;
    memcpy(two, share_path, len * sizeof(*two));
    memcpy(two + len, u"two", sizeof(u"two"));
    return hive_open(two, HIVE_CREATE, &h[1]);
}

static u32 do_work(struct hive *h[2], u64 n)
{
    return h[1] ? share_work_in_both(h, 0, n) : share_work(h[0], 0, n);
}

static void work(u32 seed, bool pair)
{
    struct progress *p = &progress[0];
    struct verdict v;
    struct hive *h[2] = {NULL, NULL};

    rng = seed;
    snprintf(durable, sizeof(durable), "%s/durable", share_folder);
    os_watch = watch;
    if (chance(2)) /* every checkpoint merges its log */
        hive_merge_gain = INT64_MIN;
    os_fault(OS_FAULT_STEP, 1 + chance(600), false);
    p->error = open_hives(h, pair);
    if (!p->error)
        p->error = share_judge(h[0], 0, &v);
    for (u64 n = v.n + 1; n < v.n + 40 && !p->error; n++) {
        p->begun = n;
        p->error = do_work(h, n);
        if (!p->error && !chance(3))
            write_back(names[1 + chance(FILES - 1)], false); /* the mapped log, too */
        if (!p->error && !chance(8)) {
            p->error = hive_flush(h[0]); /* what both have is in both then */
            p->flushed = p->error ? p->flushed : n;
        }
    }
    if (!p->error && chance(2)) {
        hive_close(h[0]);
        p->flushed = p->begun;
    }
    raise(SIGKILL);
}

/* --- the parent ----------------------------------------------------------------------------------
 */

/* The files of the folder become what the medium may have. */
static void lose_power(void)
{
    static const u32 odds[] = {1, 2, 10, 1000};
    u32 o = odds[chance(4)];

    for (u32 i = 0; i < FILES; i++) {
        struct bytes now = load(share_folder, names[i]), b = load(durable, names[i]);

        if (now.there)
            mix(&b, &now, o, !b.there || chance(2));
        if (b.there) {
            store(share_folder, names[i], &b);
            store(durable, names[i], &b);
        }
        free(now.p);
        free(b.p);
    }
}

static u64 judge_hive(struct hive *h, u32 run)
{
    struct progress *p = &progress[0];
    struct verdict v;
    u32 err = share_judge(h, 0, &v);

    ok(!err && !v.error && !v.wrong, "run %u: %u %u, %u wrong after %u\n", run, err, v.error,
       v.wrong, (u32)v.n);
    ok(v.n >= p->flushed && v.n <= p->begun, "run %u: has %u, flushed %u, begun %u\n", run,
       (u32)v.n, (u32)p->flushed, (u32)p->begun);
    share_check(h);
    return v.n;
}

static bool judge(u32 run, bool pair)
{
    struct progress *p = &progress[0];
    struct hive *h[2] = {NULL, NULL};
    long before = test_failures;
    u32 err = open_hives(h, pair);
    u64 n;

    ok(!err, "run %u: open: %u\n", run, err);
    if (err)
        return false;
    ok(!p->error, "run %u: error %u\n", run, p->error);
    n = judge_hive(h[0], run);
    if (pair)
        ok(judge_hive(h[1], run) == n, "run %u: not %u in the other\n", run, (u32)n);
    lost += (u32)(p->begun - n);
    kept += (u32)(n - p->flushed);
    p->flushed = p->begun = n;
    hive_close(h[0]);
    hive_close(h[1]);
    return test_failures == before;
}

/* A hive through several losses, each beginning with what the one before left. */
static void one_life(u32 *run, bool pair)
{
    bool good = true;

    share_setup();
    snprintf(durable, sizeof(durable), "%s/durable", share_folder);
    mkdir(durable, 0700);
    for (u32 i = 0; i < 10 && good; i++, ++*run) {
        share_wait(share_spawn(pair ? "pair" : "work", 0, chance(0x7fffffff)));
        lose_power();
        good = judge(*run, pair);
        for (u32 k = 0; k < FILES; k++) {
            struct bytes now = load(share_folder, names[k]);

            if (now.there)
                store(durable, names[k], &now);
            free(now.p);
        }
    }
    for (u32 k = 0; k < FILES; k++) {
        char path[400];

        snprintf(path, sizeof(path), "%s/%s", durable, names[k]);
        unlink(path);
    }
    rmdir(durable);
    share_clear();
}

static void losses(bool pair)
{
    u32 run = 0;

    lost = kept = 0;
    while (run < runs)
        one_life(&run, pair);
    printf("%u losses%s: %u writes not flushed were there, %u were gone\n", run,
           pair ? " of two hives" : "", kept, lost);
    ok(runs < 100 || (lost && kept) || pair, "nothing was at stake\n");
}

START_TEST(reg_power)
{
    u32 seed = (u32)time(NULL);

    if (test_child()) {
        share_use(test_argv[2]);
        work((u32)atoi(test_argv[5]), !strcmp(test_argv[3], "pair"));
    }
    for (int i = 1; i < test_argc; i++) {
        if (!strncmp(test_argv[i], "runs=", 5))
            runs = (u32)atoi(test_argv[i] + 5);
        if (!strncmp(test_argv[i], "seed=", 5))
            seed = (u32)atoi(test_argv[i] + 5);
    }
    rng = seed;
    printf("seed %u\n", seed);
    losses(false);
    losses(true);
}
