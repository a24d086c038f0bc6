/*
 * Shared memory that another process changes at any moment: the control page, the meta storage and
 * what lies behind them, and COMMITTED, under reads, writes, flushes, closings and what is made of
 * a dead writer's work. The input is a list of deeds, four bytes each and more for those that
 * change something: now, or at a step in the middle of a later one. Anything but a crash, a hang or
 * a read out of bounds is right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hive.h"
#include "image.h"
#include "key.h"
#include "os.h"
#include "utf16.h"
#include "value.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define HIVES   2
#define CHANGES 16u
#define REACH   (IMAGE_STABLE + 0x1000u)

static char folder[64];
static char16_t paths[HIVES][80], images[HIVES][80], committed[80];
static struct hive *hives[HIVES];

struct mutation {
    u32 step, hive, off, value;
};
static struct mutation planned[CHANGES];
static u32 plans, step;

static void wide(char16_t *to, const char *name)
{
    char path[96];
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);

    to[u16_from_utf8(to, 79, path, (size_t)n, false)] = 0;
}

static void start(void)
{
    snprintf(folder, sizeof(folder), "/dev/shm/fuzz-%d", (int)getpid());
    wide(paths[0], "a");
    wide(paths[1], "b");
    wide(images[0], "a.image");
    wide(images[1], "b.image");
    wide(committed, "COMMITTED");
    wide(paths[0], ".");
    os_make_folder(paths[0]);
    wide(paths[0], "a");
}

/* From 0xf000 in the page that nobody has on, of COMMITTED. */
static void change(const struct mutation *m)
{
    bool joint = m->off >= 0x6000 && m->off < 0x7000 && m->hive;
    struct os_file *f;

    if (os_open(joint ? committed : images[m->hive], OS_READ | OS_WRITE, &f))
        return;
    os_write_at(f, joint ? m->off & 0xfff : m->off, &m->value, 4);
    os_close(f);
}

static void at_step(void)
{
    step++;
    for (u32 i = 0; i < plans; i++)
        if (planned[i].step == step)
            change(&planned[i]);
}

static u32 put(struct hview *v, u32 n)
{
    static u8 data[20000];
    struct key_ref root;
    struct key_new what = {.name = u"key", .name_len = 3, .is_volatile = n % 3 == 0};
    u32 key, err = key_root(v, &root);

    if (!err && key_find(v, root.cell, u"key", 3, &key))
        err = key_create(v, root.cell, &what, &key);
    memset(data, (int)n, sizeof(data));
    return err ? err : val_set(v, key, u"v", 1, 3, data, n * 37 % sizeof(data));
}

static void do_write(struct hive *h, u32 n)
{
    struct hive_write w;

    if (hive_write_begin(h, 100, &w))
        return;
    if (put(&w.view, n))
        hive_write_abort(h, &w);
    else
        hive_write_commit(h, &w);
}

static void do_both(u32 n)
{
    struct hive_write w[HIVES];
    struct hive_part parts[HIVES] = {{hives[0], &w[0]}, {hives[1], &w[1]}};

    if (hive_write_begin(hives[0], 100, &w[0]))
        return;
    if (put(&w[0].view, n) || hive_write_begin(hives[1], 100, &w[1])) {
        hive_write_abort(hives[0], &w[0]);
        return;
    }
    put(&w[1].view, n);
    hive_write_commit_all(parts, HIVES);
}

static void do_read(struct hive *h)
{
    struct hive_read r = {.tries = 0};
    struct key_ref root;
    struct val_info info;
    u8 data[256];
    u32 key;

    do {
        if (hive_read_begin(h, &r))
            return;
        if (!key_root(&r.view, &root) && !key_find(&r.view, root.cell, u"key", 3, &key) &&
            !val_find(&r.view, key, u"v", 1, &info))
            val_data(&r.view, &info, 0, data, MIN(info.size, (u32)sizeof(data)));
    } while (!hive_read_end(h, &r));
}

static bool open_one(u32 i)
{
    return hives[i] || !hive_open(paths[i], HIVE_CREATE, &hives[i]);
}

static void forget_all(void)
{
    static const char *const names[] = {"a",          "a.LOG1",    "a.LOG2",    "a.image",
                                        "a.volatile", "COMMITTED", "b",         "b.LOG1",
                                        "b.LOG2",     "b.image",   "b.volatile"};
    char16_t path[80];

    for (u32 i = 0; i < HIVES; i++) {
        hive_close(hives[i]);
        hives[i] = NULL;
    }
    for (u32 i = 0; i < ARRAY_LEN(names); i++) {
        wide(path, names[i]);
        os_remove(path);
    }
}

static void plan(struct mutation m)
{
    if (!m.step)
        change(&m);
    else if (plans < CHANGES)
        planned[plans++] = m;
}

static void deed(const u8 *d)
{
    u32 i = d[1] % HIVES;
    struct mutation m = {d[2] % 40u, i, 0, 0};

    if (!open_one(0) || !open_one(1))
        return;
    switch (d[0] % 8) {
    case 0:
    case 1:
        do_write(hives[i], d[2] * 256u + d[3]);
        break;
    case 2:
        do_read(hives[i]);
        break;
    case 3:
        if (d[2] % 2)
            hive_flush(hives[i]);
        else
            do_both(d[3]);
        break;
    case 4:
        hive_close(hives[i]);
        hives[i] = NULL;
        break;
    default: /* the control page's words more often than the rest */
        memcpy(&m.value, d + 4, 4);
        m.off = d[0] % 8 == 5 ? d[3] * 4u % (u32)sizeof(struct image_ctl)
                              : (d[3] * 256u + d[7]) * 4 % REACH;
        step = 0;
        plan(m);
    }
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (!folder[0])
        start();
    plans = step = 0;
    os_at_step = at_step;
    for (size_t at = 0; at + 8 <= size && at < 8 * 24; at += 8)
        deed(data + at);
    os_at_step = NULL;
    forget_all();
    return 0;
}
