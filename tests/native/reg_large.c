/*
 * Hives at and beyond the limits of size, in files with holes: what cannot be served is refused
 * with an error of its own, and no size wraps.
 */
#include "baseblock.h"
#include "share_fixture.h"

static const char *path_of(const char *name)
{
    static char path[600];

    snprintf(path, sizeof(path), "%s/%s", share_folder, name);
    return path;
}

static void set_number(struct hive *h, u32 number)
{
    struct hive_write w;
    struct key_ref root;
    u32 err = hive_write_begin(h, HIVE_WAIT, &w);

    ok(!err && !key_root(&w.view, &root), "begin: %u\n", err);
    ok(!val_set(&w.view, root.cell, u"n", 1, 4, &number, 4), "set\n");
    err = hive_write_commit(h, &w);
    ok(!err, "commit: %u\n", err);
}

static u32 number_of(struct hive *h)
{
    struct hive_read r = {.tries = 0};
    u32 number, err;

    do {
        struct val_info info;
        struct key_ref root;

        number = 0;
        err = hive_read_begin(h, &r);
        ok(!err, "read: %u\n", err);
        if (!err && !key_root(&r.view, &root) && !val_find(&r.view, root.cell, u"n", 1, &info))
            val_data(&r.view, &info, 0, &number, sizeof(number));
    } while (!err && !hive_read_end(h, &r));
    return number;
}

static void make_hive(u32 number)
{
    struct hive *h;
    u32 err = hive_open(share_path, HIVE_CREATE, &h);

    ok(!err, "create: %u\n", err);
    if (err)
        return;
    set_number(h, number);
    hive_close(h);
}

/* The base block says so many bytes of bins; the file has so many in all. */
static void make_sparse(u32 bins, u64 file)
{
    int fd = open(path_of("hive"), O_RDWR | O_CLOEXEC);
    struct base_block b;

    ok(pread(fd, &b, sizeof(b), 0) == sizeof(b), "no base block\n");
    b.size = bins;
    base_seal(&b);
    ok(pwrite(fd, &b, sizeof(b), 0) == sizeof(b), "not written\n");
    ok(!ftruncate(fd, (off_t)file), "not longer\n");
    close(fd);
}

static void expect_refusal(u32 bins, u64 file, u32 right)
{
    static const u32 ways[] = {0, HIVE_READ_ONLY, HIVE_PRIVATE, HIVE_COPY};
    struct stat before, after;

    share_setup();
    make_hive(1);
    make_sparse(bins, file);
    ok(!stat(path_of("hive"), &before), "no hive\n");
    for (u32 i = 0; i < ARRAY_LEN(ways); i++) {
        struct hive *h = NULL;
        u32 err = hive_open(share_path, ways[i], &h);

        ok(err == right, "%x bytes, opened with %u: %u\n", bins, ways[i], err);
        if (!err)
            hive_close(h);
        ok(access(path_of("hive.image"), F_OK) != 0, "an image stays\n");
    }
    ok(!stat(path_of("hive"), &after) && after.st_size == before.st_size &&
           after.st_mtim.tv_sec == before.st_mtim.tv_sec &&
           after.st_mtim.tv_nsec == before.st_mtim.tv_nsec,
       "it was written to\n");
    share_clear();
}

static void more_than_can_be_served_is_refused(void)
{
    expect_refusal(HV_STABLE_MAX + 0x1000, 0x80000000ull + BASE_SIZE, ERROR_NO_SYSTEM_RESOURCES);
    expect_refusal(0x7ffff000, 0x100000000ull, ERROR_NO_SYSTEM_RESOURCES);
}

static void more_than_can_be_is_no_hive(void)
{
    expect_refusal(0x80000000, 0x80000000ull + BASE_SIZE, ERROR_BADDB);
    expect_refusal(0xfffff000, 0x100000000ull, ERROR_BADDB);
    expect_refusal(0, 0x100000000ull + BASE_SIZE, ERROR_BADDB);
}

/* What stands behind the bins is none of the hive's, however much it is. */
static void a_long_file_with_a_small_hive_is_that_hive(void)
{
    static const u64 sizes[] = {0x80000000ull, 0x100000000ull, 0x100001000ull, 0x200000000ull};

    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        struct stat st;
        struct hive *h;
        u32 err;

        share_setup();
        make_hive(7);
        ok(!truncate(path_of("hive"), (off_t)sizes[i]), "not longer\n");
        err = hive_open(share_path, 0, &h);
        ok(!err, "open: %u\n", err);
        if (!err) {
            ok(number_of(h) == 7, "number %u\n", number_of(h));
            set_number(h, 8);
            hive_close(h);
        }
        err = hive_open(share_path, HIVE_READ_ONLY, &h);
        ok(!err && number_of(h) == 8, "what was written: %u\n", err);
        if (!err)
            hive_close(h);
        ok(!stat(path_of("hive"), &st) && (u64)st.st_blocks * 512 < 0x1000000, "holes filled\n");
        share_clear();
    }
}

START_TEST(reg_large)
{
    more_than_can_be_served_is_refused();
    more_than_can_be_is_no_hive();
    a_long_file_with_a_small_hive_is_that_hive();
}
