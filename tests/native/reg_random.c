/*
 * Eight processes that write at random into the same keys of one hive, and a model of it: what the
 * hive holds is compared with the model now and then and at the end, through the live image, from
 * the file after the last close, and by the whole-hive check.
 *
 *     reg_random [seconds=N] [seed=N]
 *
 * The model is in memory that all share. Who has the writers' lock may look at it and change it, so
 * its order of changes is that of the commits.
 */
#include "share_fixture.h"

#define FAN   6u
#define NODES (1u + FAN + FAN * FAN + FAN * FAN * FAN)
#define VALS  5u

/* What stands in a value is a function of its seed, never 0. */
struct mkey {
    bool there;
    u32 value[VALS];
};

struct model {
    u64 end; /* os_ticks(): until when to go on */
    u64 writes, reads, opens, deletes, renames, aborts, busy;
    u64 longest; /* ms a write or read took */
    u32 wrong, errors, last_error;
    struct mkey key[NODES];
};

static struct model *model;
static u32 random_state;

static u32 chance(u32 n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

static void use_model(void)
{
    char name[300];
    int fd;

    snprintf(name, sizeof(name), "%s/model", share_folder);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof(*model)))
        abort();
    model = mmap(NULL, sizeof(*model), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
}

static void count(u64 *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* ERROR_BUSY is an answer too: on a machine with other work a wait may take that long. */
static void note_error(u32 err)
{
    if (err == ERROR_BUSY) {
        count(&model->busy);
        return;
    }
    __atomic_add_fetch(&model->errors, 1, __ATOMIC_RELAXED);
    model->last_error = err;
}

static void note_time(u64 since)
{
    u64 took = os_ticks() - since;

    if (took > model->longest)
        model->longest = took;
}

/* --- the model's tree: node n has the children n * FAN + 1 .. n * FAN + FAN ---------------------
 */

static u32 parent_of(u32 n)
{
    return (n - 1) / FAN;
}

static bool has_children(u32 n)
{
    return n * FAN + FAN < NODES;
}

/* The last subtree is volatile. */
static bool is_volatile(u32 n)
{
    while (n > FAN)
        n = parent_of(n);
    return n == FAN;
}

static u32 node_name(u32 n, char16_t name[32])
{
    return n ? name_of(name, n % 3 ? "key" : "a longer name of a key ", (n - 1) % FAN)
             : name_of(name, "m", 0);
}

static u32 value_name(u32 v, char16_t name[32])
{
    return v ? name_of(name, "value", v) : 0;
}

static u32 value_size(u32 seed)
{
    return seed % 61 == 0 ? 17000 + seed % 30000 : seed % 400;
}

static void value_fill(u8 *to, u32 seed)
{
    for (u32 i = 0; i < value_size(seed); i++)
        to[i] = (u8)(seed * 13 + i * 7 + i / 256);
}

static void forget(u32 n)
{
    memset(&model->key[n], 0, sizeof(model->key[n]));
    for (u32 i = 1; has_children(n) && i <= FAN; i++)
        forget(n * FAN + i);
}

static void move(u32 from, u32 to)
{
    model->key[to] = model->key[from];
    for (u32 i = 1; has_children(from) && i <= FAN; i++)
        move(from * FAN + i, to * FAN + i);
    memset(&model->key[from], 0, sizeof(model->key[from]));
}

/* --- changes: to the hive and to the model ------------------------------------------------------
 */

static u32 find_node(struct hview *v, u32 n, u32 *key)
{
    char16_t name[32];
    struct key_ref root;
    u32 err, len, parent;

    if (n) {
        err = find_node(v, parent_of(n), &parent);
    } else {
        err = key_root(v, &root);
        parent = root.cell;
    }
    len = node_name(n, name);
    return err ? err : key_find(v, parent, name, len, key);
}

static u32 make_node(struct hview *v, u32 n, u32 *key)
{
    char16_t name[32];
    struct key_new what = {.name = name, .name_len = node_name(n, name)};
    struct key_ref root;
    u32 parent, err;

    what.is_volatile = is_volatile(n);
    if (n) {
        err = make_node(v, parent_of(n), &parent);
    } else {
        err = key_root(v, &root);
        parent = root.cell;
    }
    if (err)
        return err;
    err = key_create(v, parent, &what, key);
    if (!err == model->key[n].there || (err && err != ERROR_ALREADY_EXISTS))
        model->wrong++;
    model->key[n].there = true;
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

static u32 op_set(struct hview *v, u32 n)
{
    static u8 data[60000];
    u32 i = chance(VALS), seed = 1 + chance(1000000), key, err = make_node(v, n, &key);
    char16_t name[32];
    u32 len = value_name(i, name);

    if (err)
        return err;
    value_fill(data, seed);
    model->key[n].value[i] = seed;
    return val_set(v, key, name, len, 3, data, value_size(seed));
}

static u32 op_unset(struct hview *v, u32 n)
{
    u32 i = chance(VALS), key, err = find_node(v, n, &key);
    char16_t name[32];
    u32 len = value_name(i, name);

    if (!err)
        err = val_delete(v, key, name, len);
    if (!err != (model->key[n].there && model->key[n].value[i]))
        model->wrong++;
    model->key[n].value[i] = 0;
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 op_make(struct hview *v, u32 n)
{
    u32 key;

    return make_node(v, n, &key);
}

static u32 op_delete(struct hview *v, u32 n)
{
    u32 key, err = find_node(v, n, &key);

    if (!err != model->key[n].there)
        model->wrong++;
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    count(&model->deletes);
    forget(n);
    return key_delete_tree(v, key, false);
}

static u32 op_rename(struct hview *v, u32 n)
{
    u32 to = n ? parent_of(n) * FAN + 1 + chance(FAN) : 0, key, err;
    char16_t name[32];

    if (!n || to == n || is_volatile(n) != is_volatile(to) || !model->key[n].there)
        return ERROR_SUCCESS;
    err = find_node(v, n, &key);
    if (!err)
        err = key_rename(v, key, name, node_name(to, name), &key);
    if (!err == model->key[to].there)
        model->wrong++;
    if (err)
        return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
    count(&model->renames);
    move(n, to);
    return ERROR_SUCCESS;
}

static u32 one_op(struct hview *v)
{
    static u32 (*const ops[])(struct hview *, u32) = {
        op_set, op_set, op_set, op_set, op_set, op_set, op_unset, op_make, op_rename,
    };
    u32 n = chance(NODES);

    if (chance(40) == 0)
        return op_delete(v, n);
    return ops[chance(ARRAY_LEN(ops))](v, n);
}

/* A few operations in one write; one in twenty is given up, and the model goes back too. */
static u32 one_write(struct hive *h)
{
    static struct mkey saved[NODES];
    struct hive_write w;
    u64 since = os_ticks();
    bool give_up = chance(20) == 0;
    u32 err = hive_write_begin(h, HIVE_WAIT, &w);

    if (err)
        return err;
    memcpy(saved, model->key, sizeof(saved));
    for (u32 n = 1 + chance(4); n && !err; n--)
        err = one_op(&w.view);
    if (err || give_up) {
        memcpy(model->key, saved, sizeof(saved));
        hive_write_abort(h, &w);
        count(&model->aborts);
    } else {
        err = hive_write_commit(h, &w);
        count(&model->writes);
    }
    note_time(since);
    return err;
}

/* --- looking ------------------------------------------------------------------------------------
 */

static bool value_right(struct hview *v, u32 key, u32 i, u32 seed)
{
    static u8 have[60000], want[60000];
    struct val_info info;
    char16_t name[32];
    u32 err = val_find(v, key, name, value_name(i, name), &info);

    if (err || !seed)
        return err == ERROR_FILE_NOT_FOUND && !seed;
    value_fill(want, seed);
    return info.size == value_size(seed) && !val_data(v, &info, 0, have, info.size) &&
           !memcmp(have, want, info.size);
}

/* Differences between the hive and the model; whoever asks has the lock, or is alone. */
static u32 compare(struct hview *v)
{
    u32 wrong = 0, below = 0, keys = 0, key;
    struct key_info info;

    for (u32 n = 0; n < NODES; n++) {
        bool there = !find_node(v, n, &key);

        wrong += there != model->key[n].there;
        for (u32 i = 0; there && i < VALS; i++)
            wrong += !value_right(v, key, i, model->key[n].value[i]);
        if (there && !key_query(v, key, &info)) {
            below += info.subkeys;
            keys++;
        }
    }
    return wrong + (keys && keys != below + 1) + (v->error != 0);
}

static void compare_live(struct hive *h)
{
    struct hive_write w;
    u32 err = hive_write_begin(h, HIVE_WAIT, &w);

    if (err) {
        note_error(err);
        return;
    }
    model->wrong += compare(&w.view);
    hive_write_abort(h, &w);
}

/* Without the lock: what is read at one moment belongs together. */
static u32 look(struct hview *v, u32 n)
{
    static u8 data[60000];
    struct val_info info;
    u32 key, wrong = 0, err = find_node(v, n, &key);

    for (u32 i = 0; !err && !(err = val_enum(v, key, i, &info)); i++) {
        if (info.size > sizeof(data) || val_data(v, &info, 0, data, info.size))
            return 1;
        for (u32 k = 1; k < info.size; k++)
            wrong += (u8)(data[k] - data[k - 1]) != (u8)(7 + (k % 256 == 0));
    }
    return wrong + (err != ERROR_FILE_NOT_FOUND && err != ERROR_NO_MORE_ITEMS);
}

static void one_read(struct hive *h)
{
    struct hive_read r = {.tries = 0};
    u32 n = chance(NODES), wrong, err;
    u64 since = os_ticks();

    do {
        err = hive_read_begin(h, &r);
        if (err) {
            note_error(err);
            return;
        }
        wrong = look(&r.view, n);
    } while (!hive_read_end(h, &r));
    __atomic_add_fetch(&model->wrong, wrong, __ATOMIC_RELAXED);
    count(&model->reads);
    note_time(since);
}

/* --- the processes ------------------------------------------------------------------------------
 */

static void work(u32 i, u32 seed)
{
    random_state = seed + i * 7919;
    while (os_ticks() < model->end && !model->wrong && !model->errors) {
        struct hive *h;
        u32 err = hive_open(share_path, 0, &h);

        if (err) {
            note_error(err);
            continue;
        }
        count(&model->opens);
        for (u32 n = chance(3000); n && os_ticks() < model->end && !err; n--) {
            err = one_write(h);
            one_read(h);
            if (chance(3000) == 0)
                compare_live(h);
            if (chance(2000) == 0)
                err = hive_flush(h);
        }
        if (err)
            note_error(err);
        hive_close(h);
    }
    exit(0);
}

static u32 argument(const char *name, u32 otherwise)
{
    size_t n = strlen(name);

    for (int i = 1; i < test_argc; i++)
        if (!strncmp(test_argv[i], name, n))
            return (u32)strtoul(test_argv[i] + n, NULL, 10);
    return otherwise;
}

static void judge(struct hive *h)
{
    struct hive_read r = {.tries = 1000};

    ok(!hive_read_begin(h, &r), "read\n");
    ok(!compare(&r.view), "the hive is not what the model is\n");
    hive_read_end(h, &r);
    share_check(h);
}

static void run(u32 seconds, u32 seed)
{
    pid_t pids[WORKERS];
    struct hive *h;

    share_setup();
    use_model();
    ok(!hive_open(share_path, HIVE_CREATE, &h), "open\n");
    model->end = os_ticks() + seconds * 1000ull;
    for (u32 i = 0; i < WORKERS; i++)
        pids[i] = share_spawn("work", i, seed);
    for (u32 i = 0; i < WORKERS; i++) {
        int status = -1;

        ok(waitpid(pids[i], &status, 0) == pids[i] && !status, "worker %u ended with %x\n", i,
           (unsigned)status);
    }
    ok(!model->wrong, "%u differences\n", model->wrong);
    ok(!model->errors, "%u errors, the last %u\n", model->errors, model->last_error);
    ok(model->writes > 100, "%u writes\n", (u32)model->writes);
    judge(h);
    hive_close(h);
    forget(FAN); /* volatile */
    ok(!hive_open(share_path, 0, &h), "open\n");
    judge(h);
    hive_close(h);
    printf("seed %u: %u writes, %u given up, %u deletes, %u renames, %u reads, %u opens, "
           "%u times busy, the longest %u ms\n",
           seed, (u32)model->writes, (u32)model->aborts, (u32)model->deletes, (u32)model->renames,
           (u32)model->reads, (u32)model->opens, (u32)model->busy, (u32)model->longest);
    munmap(model, sizeof(*model));
    share_clear();
}

START_TEST(reg_random)
{
    if (test_child()) {
        share_use(test_argv[2]);
        use_model();
        work((u32)atoi(test_argv[4]), (u32)strtoul(test_argv[5], NULL, 10));
    }
    run(argument("seconds=", 3), argument("seed=", (u32)time(NULL)));
}
