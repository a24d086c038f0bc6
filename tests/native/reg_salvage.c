/*
 * Salvaging: all of a whole hive, what can be had of a damaged one, and always a whole new hive.
 * And opening damaged files: what is wrong with the file as a whole is told, and nothing is
 * written.
 */
#include "baseblock.h"
#include "cell.h"
#include "reg_fixture.h"
#include "salvage.h"
#include "share_fixture.h"

/* A copy of f's hive in g, which is begun; what was taken in *r. */
static void salvage_into(struct fixture *f, struct fixture *g, struct salvage_result *r)
{
    struct hview src;
    u32 err;

    memhive_read(&f->m, &src);
    setup(g);
    err = salvage_hive(&g->h, g->root, &src, f->root, NULL, NULL, r);
    ok(!err && !src.error, "salvage: %u, %u\n", err, src.error);
    check(g);
}

static void put_value(struct fixture *f, u32 key, const char16_t *name, u32 size)
{
    static const u8 data[40000] = {1, 2, 3};

    ok(!val_set(&f->h, key, name, (u32)u16_len(name), 3, data, size), "set\n");
}

/* A\B\C and A\D, values, class, a link, a time. */
static void plant(struct fixture *f, u32 key[4])
{
    setup(f);
    key[0] = must_make(f, f->root, u"A");
    key[1] = must_make(f, key[0], u"B");
    key[2] = must_make(f, key[1], u"C");
    key[3] = must_make(f, key[0], u"D");
    put_value(f, key[0], u"", 4);
    put_value(f, key[1], u"big", 40000);
    put_value(f, key[1], u"\x416\x414", 100);
    ok(!key_set_class(&f->h, key[2], u"klass", 10), "class\n");
    ok(!key_set_flags(&f->h, key[3], KEYF_SYM_LINK, 0), "flags\n");
    ok(!key_set_time(&f->h, key[2], 0x1234567890), "time\n");
    commit(f);
}

static u32 find_path(struct fixture *f, const char16_t *const *path)
{
    u32 key = f->root;

    for (; *path; path++)
        if (find(f, key, *path, &key))
            return HV_NIL;
    return key;
}
#define PATH(...) ((const char16_t *const[]){__VA_ARGS__, NULL})

static void drop(struct fixture *f)
{
    memhive_write_abort(&f->m, &f->h);
    memhive_free(&f->m);
}

static void a_whole_hive_is_copied_whole(void)
{
    struct salvage_result r;
    struct fixture f, g;
    struct key_info info;
    struct val_info v;
    u32 key[4], c;

    plant(&f, key);
    salvage_into(&f, &g, &r);
    ok(r.keys == 5 && r.values == 3, "%u keys, %u values\n", r.keys, r.values);
    ok(!r.found && !r.strays && !r.renamed && !r.lost_keys && !r.lost_values && !r.lost_parts,
       "something lost\n");
    c = find_path(&g, PATH(u"A", u"B", u"C"));
    ok(!key_query(&g.h, c, &info) && info.class_len == 10 && info.last_write == 0x1234567890,
       "C: class %u\n", info.class_len);
    ok(key_flags(&g.h, find_path(&g, PATH(u"A", u"D"))) & KEYF_SYM_LINK, "no link\n");
    ok(!val_find(&g.h, find_path(&g, PATH(u"A", u"B")), u"BIG", 3, &v) && v.size == 40000, "big\n");
    drop(&f);
    teardown(&g);
}

/* The leaf of A's subkeys is gone: B and D say where they belong. */
static void keys_of_a_lost_list_are_found_by_their_parent(void)
{
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4], list;

    plant(&f, key);
    list = cell_u32(&f.h, key[0], NK_LIST);
    cell_put_u16(&f.h, list, 0, 0x4141);
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(r.keys == 5 && r.values == 3 && r.found == 2 && !r.strays && r.lost_keys == 1,
       "%u keys, %u values, %u found, %u strays, %u lost\n", r.keys, r.values, r.found, r.strays,
       r.lost_keys);
    ok(find_path(&g, PATH(u"A", u"B", u"C")) != HV_NIL, "C\n");
    drop(&f);
    teardown(&g);
}

/* B itself is gone: C has no parent any more. */
static void a_key_without_its_parent_is_kept_aside(void)
{
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4], top, place;

    plant(&f, key);
    cell_put_u16(&f.h, key[1], 0, 0);
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(r.keys == 4 && r.strays == 1 && r.lost_keys == 1, "%u keys, %u strays, %u lost\n", r.keys,
       r.strays, r.lost_keys);
    top = find_path(&g, PATH(u"$SALVAGED"));
    ok(!key_enum(&g.h, top, 0, NULL, &place) && !find(&g, place, u"C", &place), "C is not there\n");
    drop(&f);
    teardown(&g);
}

/* A node nobody lists, of a parent whose list is whole, was deleted. */
static void what_was_deleted_stays_deleted(void)
{
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4], list;

    plant(&f, key);
    list = cell_u32(&f.h, key[1], NK_LIST);
    cell_put_u16(&f.h, list, LIST_COUNT, 0);
    cell_put_u32(&f.h, key[1], NK_COUNT, 0);
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(r.keys == 4 && !r.found && !r.strays, "%u keys, %u found\n", r.keys, r.found);
    drop(&f);
    teardown(&g);
}

static void a_key_in_two_lists_goes_where_it_belongs(void)
{
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4], first, c;

    plant(&f, key);
    c = must_make(&f, f.root, u"0"); /* is looked at before A */
    must_make(&f, c, u"x");
    first = cell_u32(&f.h, c, NK_LIST);
    cell_put_u32(&f.h, first, LIST_ENTRIES, key[2]);
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(find_path(&g, PATH(u"A", u"B", u"C")) != HV_NIL, "C is not below B\n");
    ok(find_path(&g, PATH(u"0", u"C")) == HV_NIL, "C is below 0\n");
    drop(&f);
    teardown(&g);
}

static void two_with_one_name_are_both_kept(void)
{
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4];

    plant(&f, key);
    hv_put_u8(&f.h, key[3] + CELL_HEAD + NK_NAME, 'b');
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(r.keys == 5 && r.renamed == 1, "%u keys, %u renamed\n", r.keys, r.renamed);
    ok(find_path(&g, PATH(u"A", u"b~2")) != HV_NIL, "no b~2\n");
    drop(&f);
    teardown(&g);
}

static void thousands_with_one_name_are_all_kept(void)
{
    static const char16_t digits[] = u"0123456789";
    struct salvage_result r;
    struct fixture f, g;
    u32 key[4], child;

    plant(&f, key);
    for (u32 i = 0; i < 11000; i++) {
        char16_t name[7] = u"k";
        for (u32 k = 5, left = i; k; k--, left /= 10)
            name[k] = digits[left % 10];
        child = must_make(&f, key[3], name);
        for (u32 k = 1; k < 6; k++)
            hv_put_u8(&f.h, child + CELL_HEAD + NK_NAME + k, (u8)(i ? 'x' : 'y'));
    }
    commit(&f);
    salvage_into(&f, &g, &r);
    ok(r.keys == 11005 && r.renamed == 10998, "%u keys, %u renamed\n", r.keys, r.renamed);
    ok(find_path(&g, PATH(u"A", u"D", u"kxxxxx~10999")) != HV_NIL, "not all\n");
    drop(&f);
    teardown(&g);
}

static void a_damaged_value_costs_no_other(void)
{
    struct salvage_result r;
    struct fixture f, g;
    struct val_info v;
    u32 key[4], b;

    plant(&f, key);
    ok(!val_find(&f.h, key[1], u"big", 3, &v), "find\n");
    cell_put_u32(&f.h, v.cell, VK_SIZE, 0x7fffff00);
    commit(&f);
    salvage_into(&f, &g, &r);
    b = find_path(&g, PATH(u"A", u"B"));
    ok(r.values == 2 && r.lost_values == 1, "%u values, %u lost\n", r.values, r.lost_values);
    ok(!val_find(&g.h, b, u"\x416\x414", 2, &v) && v.size == 100, "the other\n");
    drop(&f);
    teardown(&g);
}

/* Whatever is in the bytes, what comes out is a whole hive (check() in salvage_into). */
static void any_damage_gives_a_whole_hive(void)
{
    u32 seed = 12345;

    for (u32 round = 0; round < 300; round++) {
        struct salvage_result r;
        struct fixture f, g;
        u32 key[4];

        plant(&f, key);
        for (u32 i = 0; i < 40; i++) {
            must_make(&f, key[i % 4], (char16_t[]){(char16_t)('a' + i % 26), (char16_t)i, 0});
            put_value(&f, key[i % 4], (char16_t[]){(char16_t)('a' + i), 0}, i * 3);
        }
        commit(&f);
        for (u32 i = 0; i < 1 + round % 20; i++) {
            u32 at;

            seed = seed * 1664525 + 1013904223;
            at = seed >> 4;
            at = f.root + 80 + at % (f.h.size[0] - f.root - 96);
            hv_put_u8(&f.h, at, (u8)(seed >> 24));
        }
        commit(&f);
        salvage_into(&f, &g, &r);
        drop(&f);
        teardown(&g);
    }
}

/* --- files --------------------------------------------------------------------------------------
 */

static u8 before[1 << 20];
static size_t before_size;

static size_t read_all(const char *suffix, u8 *to)
{
    char name[300];
    FILE *f;
    size_t n;

    snprintf(name, sizeof(name), "%s/hive%s", share_folder, suffix);
    f = fopen(name, "rb");
    if (!f)
        return 0;
    n = fread(to, 1, sizeof(before), f);
    fclose(f);
    return n;
}

static void write_all(const char *suffix, const u8 *bytes, size_t n)
{
    char name[300];
    FILE *f;

    snprintf(name, sizeof(name), "%s/hive%s", share_folder, suffix);
    f = fopen(name, "wb");
    ok(f && fwrite(bytes, 1, n, f) == n, "write\n");
    if (f)
        fclose(f);
}

/* A hive file with a few keys, in `before` too. */
static void make_file(void)
{
    struct hive *h;

    share_setup();
    ok(!hive_open(share_path, HIVE_CREATE, &h), "open\n");
    for (u64 n = 1; n < 20; n++)
        ok(!share_work(h, 0, n), "work\n");
    hive_close(h);
    before_size = read_all("", before);
    ok(before_size > 8192, "%u bytes\n", (u32)before_size);
}

/* Opens what is in the file now as a user of it would, and gives the error of that or of a write;
 * the file must be what it was, and nothing beside it be left. */
static u32 try_to_write(void)
{
    static u8 now[sizeof(before)], after[sizeof(before)];
    size_t n = read_all("", now), m;
    struct hive *h;
    u32 err = hive_open(share_path, 0, &h);

    if (!err) {
        err = share_work(h, 1, 1);
        hive_close(h);
    }
    m = read_all("", after);
    ok(n == m && !memcmp(now, after, n), "the damaged hive was written\n");
    ok(!read_all(".image", after) && !read_all(".volatile", after), "an image is left\n");
    return err;
}

static void expect_faults(u32 faults)
{
    struct hive_info info = {0};
    struct hive *h;
    u32 err = hive_open(share_path, HIVE_COPY | HIVE_DAMAGED, &h);

    ok(!err, "open: %u\n", err);
    if (err)
        return;
    hive_info(h, &info);
    ok(info.faults == faults, "faults %x, not %x\n", info.faults, faults);
    ok(info.damaged, "not damaged\n");
    hive_close(h);
}

static void a_base_block_of_rubbish_is_told(void)
{
    make_file();
    for (u32 i = 0; i < 4096; i++)
        before[i] = (u8)((i * 2654435761u) >> 13);
    write_all("", before, before_size);
    ok(try_to_write() == ERROR_NOT_REGISTRY_FILE, "written\n");
    expect_faults(BASE_BAD_MAGIC | BASE_BAD_CHECKSUM | BASE_BAD_TYPE | BASE_BAD_VERSION |
                  BASE_BAD_SIZE | BASE_BAD_ROOT);
    share_clear();
}

static void a_wrong_root_is_told(void)
{
    struct base_block *b = (struct base_block *)(void *)before;

    make_file();
    b->root = 0x7008;
    base_seal(b);
    write_all("", before, before_size);
    ok(try_to_write() == ERROR_REGISTRY_CORRUPT, "written\n");
    expect_faults(BASE_BAD_ROOT);
    share_clear();
}

static void a_short_file_is_told(void)
{
    make_file();
    write_all("", before, before_size - 4096);
    ok(try_to_write() == ERROR_REGISTRY_CORRUPT, "written\n");
    expect_faults(BASE_SHORT);
    share_clear();
}

static void a_log_is_no_hive(void)
{
    struct base_block *b = (struct base_block *)(void *)before;
    struct hive *h;

    make_file();
    b->type = BASE_LOG_NEW;
    base_seal(b);
    write_all("", before, before_size);
    ok(hive_open(share_path, HIVE_COPY | HIVE_DAMAGED, &h) == ERROR_NOT_REGISTRY_FILE, "opened\n");
    share_clear();
}

/* Dirty, and damaged where no log can mend it: file and logs stay as they are. */
static void a_damaged_hive_keeps_its_logs(void)
{
    static u8 log[sizeof(before)];
    struct base_block *b = (struct base_block *)(void *)before;
    struct hive_recovery r;

    make_file();
    b->seq1 = b->seq2 + 1;
    base_seal(b);
    memset(before + before_size - 4096, 0xff, 4096);
    write_all("", before, before_size);
    memset(log, 0x55, 5000);
    write_all(".LOG1", log, 5000);
    ok(try_to_write() == ERROR_REGISTRY_CORRUPT, "written\n");
    ok(hive_recover(share_path, &r) == ERROR_REGISTRY_CORRUPT, "recovered\n");
    ok(try_to_write() == ERROR_REGISTRY_CORRUPT, "written\n");
    ok(read_all(".LOG1", log) == 5000 && log[4999] == 0x55, "the log is gone\n");
    share_clear();
}

START_TEST(reg_salvage)
{
    RUN(a_whole_hive_is_copied_whole);
    RUN(keys_of_a_lost_list_are_found_by_their_parent);
    RUN(a_key_without_its_parent_is_kept_aside);
    RUN(what_was_deleted_stays_deleted);
    RUN(a_key_in_two_lists_goes_where_it_belongs);
    RUN(two_with_one_name_are_both_kept);
    RUN(thousands_with_one_name_are_all_kept);
    RUN(a_damaged_value_costs_no_other);
    RUN(any_damage_gives_a_whole_hive);
    RUN(a_base_block_of_rubbish_is_told);
    RUN(a_wrong_root_is_told);
    RUN(a_short_file_is_told);
    RUN(a_log_is_no_hive);
    RUN(a_damaged_hive_keeps_its_logs);
}
