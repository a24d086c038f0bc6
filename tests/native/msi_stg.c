/*
 * Compound files: what is stored is read back, in place and by others, and survives failure.
 */
#include "cfb.h"
#include "os.h"
#include "stg.h"
#include "stg_root.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------- */

static char16_t path[256];

static const char16_t *temp_path(const char *name)
{
    static char16_t other[256];
    char text[200];
    char16_t *to = path[0] ? other : path;

    /* in memory: a thousand commits wait two thousand times for a disk */
    snprintf(text, sizeof(text), "%s/decanter-stg-%d-%s",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", (int)getpid(), name);
    to[u16_from_utf8(to, 255, text, strlen(text), false)] = 0;
    return to;
}

static void fixture(void)
{
    path[0] = 0;
    temp_path("file");
    os_remove(path);
}

static u8 byte_of(u32 seed, u64 i)
{
    return (u8)(hash_u32(seed) >> (i % 4 * 8) ^ (i >> 7));
}

static u32 put(struct stg *s, const char *name, u32 seed, size_t len)
{
    char16_t *wide = u16_dup_utf8(name);
    u8 *data = malloc(len + 1);
    u32 err;

    for (size_t i = 0; i < len; i++)
        data[i] = byte_of(seed, i);
    err = wide ? stg_set_bytes(s, wide, data, len) : ERROR_OUTOFMEMORY;
    free(data);
    os_free(wide);
    return err;
}

/* Whether the stream is there with the bytes of put(seed, len). */
static bool has(struct stg *s, const char *name, u32 seed, size_t len)
{
    char16_t *wide = u16_dup_utf8(name);
    size_t got = 0;
    u8 *data = NULL;
    u32 err = stg_read_all(s, wide, &data, &got);
    bool good = !err && got == len;

    for (size_t i = 0; good && i < len; i++)
        good = data[i] == byte_of(seed, i);
    if (!err)
        os_free(data);
    os_free(wide);
    return good;
}

static u64 file_size(void)
{
    struct os_file *f;
    u64 size = 0;

    if (!os_open(path, OS_READ, &f)) {
        os_size(f, &size);
        os_close(f);
    }
    return size;
}

static struct stg *must_open(u32 flags)
{
    struct stg *s = NULL;
    u32 err = stg_open(path, flags, &s);

    ok(!err, "open: %u\n", err);
    return s;
}

static void make_file(u32 streams, size_t len)
{
    struct stg *s;
    u32 err = stg_create(path, 0, &s);

    ok(!err, "create: %u\n", err);
    for (u32 i = 0; i < streams; i++) {
        char name[32];

        snprintf(name, sizeof(name), "s%u", i);
        ok(!put(s, name, i, len), "put\n");
    }
    err = stg_commit(s);
    ok(!err, "commit: %u\n", err);
    stg_close(s);
}

/* --- reading back --------------------------------------------------------------------------- */

static void streams_of_all_sizes_come_back(void)
{
    static const size_t sizes[] = {0,    1,    63,   64,    65,     511,    512,    513,
                                   4095, 4096, 4097, 65536, 100001, 600000, 3000000};
    struct stg *s;
    char name[32];

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        snprintf(name, sizeof(name), "n%u", i);
        ok(!put(s, name, i, sizes[i]), "put %u\n", i);
        ok(has(s, name, i, sizes[i]), "pending %u\n", i);
    }
    ok(!stg_commit(s), "commit\n");
    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        snprintf(name, sizeof(name), "n%u", i);
        ok(has(s, name, i, sizes[i]), "committed %u\n", i);
    }
    stg_close(s);
    s = must_open(STG_READ);
    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        snprintf(name, sizeof(name), "n%u", i);
        ok(has(s, name, i, sizes[i]), "reopened %u\n", i);
    }
    stg_close(s);
    os_remove(path);
}

static void names_fold_case_and_have_limits(void)
{
    struct stg *s;
    u8 b = 1;

    ok(!stg_create_memory(&s), "create\n");
    ok(!stg_set_bytes(s, u"Name", &b, 1), "set\n");
    ok(stg_kind_of(s, u"nAME") == STG_STREAM, "folded\n");
    ok(stg_kind_of(s, u"Nam") == STG_NONE, "other\n");
    ok(stg_set_bytes(s, u"", &b, 1) == ERROR_INVALID_NAME, "empty\n");
    ok(stg_set_bytes(s, u"a/b", &b, 1) == ERROR_INVALID_NAME, "slash\n");
    ok(!stg_set_bytes(s, u"1234567890123456789012345678901", &b, 1), "31\n");
    ok(stg_set_bytes(s, u"12345678901234567890123456789012", &b, 1) == ERROR_FILENAME_EXCED_RANGE,
       "32\n");
    ok(!stg_rename(s, u"Name", u"name"), "case alone\n");
    ok(stg_rename(s, u"name", u"1234567890123456789012345678901") == ERROR_ALREADY_EXISTS,
       "taken\n");
    ok(!stg_rename(s, u"name", u"b"), "rename\n");
    ok(stg_kind_of(s, u"name") == STG_NONE && stg_kind_of(s, u"b") == STG_STREAM, "renamed\n");
    ok(!stg_remove(s, u"B"), "remove\n");
    ok(stg_remove(s, u"b") == ERROR_FILE_NOT_FOUND, "removed\n");
    stg_close(s);
}

static void lists_are_in_the_order_of_the_format(void)
{
    struct stg_list l;
    struct stg *s, *sub;

    ok(!stg_create_memory(&s), "create\n");
    ok(!put(s, "bb", 1, 10), "put\n");
    ok(!put(s, "C", 1, 20), "put\n");
    ok(!put(s, "a", 1, 30), "put\n");
    ok(!stg_sub_create(s, u"aaa", &sub), "sub\n");
    stg_close(sub);
    ok(!stg_list(s, &l), "list\n");
    ok(l.count == 4, "%u\n", l.count);
    ok(u16_equal(l.entries[0].name, u"a") && l.entries[0].size == 30, "0\n");
    ok(u16_equal(l.entries[1].name, u"C"), "1\n");
    ok(u16_equal(l.entries[2].name, u"bb"), "2\n");
    ok(u16_equal(l.entries[3].name, u"aaa") && l.entries[3].kind == STG_STORAGE, "3\n");
    stg_list_free(&l);
    stg_close(s);
}

static void sub_storages_nest_and_go_with_their_parent(void)
{
    static const u8 clsid[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    struct stg *s, *a, *b;
    u8 got[16];

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    ok(!stg_sub_create(s, u"A", &a), "A\n");
    ok(stg_sub_create(s, u"a", &b) == ERROR_ALREADY_EXISTS, "twice\n");
    ok(!stg_sub_create(a, u"B", &b), "B\n");
    ok(!put(b, "x", 7, 5000), "put\n");
    ok(!put(a, "x", 8, 50), "put\n");
    ok(!stg_set_class(a, clsid), "class\n");
    ok(!stg_commit(b), "commit through a sub-storage\n");
    stg_close(b);
    stg_close(a);
    stg_close(s);
    s = must_open(STG_WRITE);
    ok(!stg_sub_open(s, u"a", &a), "A\n");
    ok(!stg_sub_open(a, u"B", &b), "B\n");
    ok(has(b, "x", 7, 5000) && has(a, "x", 8, 50), "content\n");
    ok(!stg_get_class(a, got) && !memcmp(got, clsid, 16), "class\n");
    ok(!stg_remove(s, u"A"), "remove\n");
    ok(stg_kind_of(b, u"x") == STG_NONE, "gone below an open handle\n");
    ok(put(b, "y", 1, 1) == ERROR_FILE_NOT_FOUND, "no place any more\n");
    ok(!stg_commit(s), "commit\n");
    stg_close(b);
    stg_close(a);
    stg_close(s);
    s = must_open(STG_READ);
    ok(stg_kind_of(s, u"A") == STG_NONE, "gone\n");
    stg_close(s);
    os_remove(path);
}

static void an_open_stream_keeps_its_content(void)
{
    struct stg_stream *small, *large;
    struct stg *s;
    u8 buf[100];
    u32 got;

    fixture();
    make_file(2, 20000);
    s = must_open(STG_WRITE);
    ok(!put(s, "small", 9, 100), "put\n");
    ok(!stg_stream_open(s, u"small", &small), "open\n");
    ok(!stg_stream_open(s, u"s0", &large), "open\n");
    for (u32 i = 0; i < 20; i++) {
        ok(!put(s, "small", 50 + i, 100), "put\n");
        ok(!put(s, "s0", 50 + i, 20000), "put\n");
        ok(!stg_commit(s), "commit\n");
    }
    ok(!stg_remove(s, u"s0") && !stg_commit(s), "remove\n");
    ok(!stg_stream_read(small, 0, buf, 100, &got) && got == 100, "read\n");
    ok(buf[0] == byte_of(9, 0) && buf[99] == byte_of(9, 99), "small\n");
    stg_close(s);
    ok(!stg_stream_read(large, 19950, buf, 100, &got) && got == 50, "read %u\n", got);
    ok(buf[0] == byte_of(0, 19950) && buf[49] == byte_of(0, 19999), "large\n");
    ok(!stg_stream_read(large, 20000, buf, 100, &got) && got == 0, "end\n");
    stg_stream_close(small);
    stg_stream_close(large);
    os_remove(path);
}

static void changes_are_private_until_commit(void)
{
    struct stg *s, *other;
    u64 size;

    fixture();
    make_file(3, 5000);
    size = file_size();
    s = must_open(STG_WRITE);
    ok(!put(s, "s0", 77, 2000000), "put\n");
    ok(!stg_remove(s, u"s1"), "remove\n");
    other = must_open(STG_READ);
    ok(has(other, "s0", 0, 5000) && has(other, "s1", 1, 5000), "another reader\n");
    ok(!stg_is_stale(other), "not stale\n");
    stg_close(s);
    ok(file_size() == size, "size %llu, was %llu\n", (unsigned long long)file_size(),
       (unsigned long long)size);
    s = must_open(STG_WRITE);
    ok(!stg_is_changed(s), "unchanged\n");
    ok(!put(s, "s0", 78, 600000) && stg_is_changed(s), "put\n");
    ok(!stg_revert(s), "revert\n");
    ok(has(s, "s0", 0, 5000), "reverted\n");
    ok(!put(s, "s0", 79, 600000) && !stg_commit(s), "commit\n");
    ok(stg_is_stale(other), "stale\n");
    stg_close(other);
    ok(has(s, "s0", 79, 600000) && has(s, "s2", 2, 5000), "content\n");
    stg_close(s);
    os_remove(path);
}

static void a_root_opened_for_reading_takes_changes_and_saves_them_elsewhere(void)
{
    const char16_t *copy;
    struct stg *s;

    fixture();
    copy = temp_path("copy");
    make_file(3, 5000);
    s = must_open(STG_READ);
    ok(!put(s, "s1", 31, 3000000), "put\n");
    ok(!put(s, "s3", 33, 30), "put\n");
    ok(stg_commit(s) == ERROR_WRITE_PROTECT, "commit\n");
    ok(!stg_save_as(s, copy), "save\n");
    stg_close(s);
    s = must_open(STG_READ);
    ok(has(s, "s1", 1, 5000), "the file is as it was\n");
    stg_close(s);
    ok(!stg_open(copy, STG_READ, &s), "open\n");
    ok(has(s, "s0", 0, 5000) && has(s, "s1", 31, 3000000) && has(s, "s3", 33, 30), "copy\n");
    stg_close(s);
    os_remove(copy);
    os_remove(path);
}

static void a_created_file_is_gone_without_a_commit(void)
{
    struct stg *s;

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    ok(!put(s, "x", 1, 1000000), "put\n");
    stg_close(s);
    ok(!os_exists(path), "exists\n");
    make_file(2, 100000);
    ok(!stg_create(path, 0, &s), "create again\n");
    ok(!put(s, "y", 1, 1000000), "put\n");
    stg_close(s);
    s = must_open(STG_READ);
    ok(has(s, "s1", 1, 100000), "as it was\n");
    stg_close(s);
    ok(!stg_create(path, 0, &s), "create again\n");
    ok(!put(s, "y", 1, 100), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(file_size() < 10000, "size %llu\n", (unsigned long long)file_size());
    stg_close(s);
    s = must_open(STG_READ);
    ok(has(s, "y", 1, 100) && stg_kind_of(s, u"s1") == STG_NONE, "replaced\n");
    stg_close(s);
    os_remove(path);
}

/* --- size over time --------------------------------------------------------------------------- */

static void the_file_does_not_grow_over_a_thousand_edits(void)
{
    struct stg *s;
    u64 live = 0;
    u64 most = 0;
    u32 sizes[40];

    fixture();
    make_file(40, 3000);
    s = must_open(STG_WRITE);
    for (u32 i = 0; i < 40; i++)
        sizes[i] = 3000;
    for (u32 i = 0; i < 1000; i++) {
        u32 which = hash_u32(i) % 40;
        char name[32];

        snprintf(name, sizeof(name), "s%u", which);
        sizes[which] = hash_u32(i + 5000) % 12000;
        ok(!put(s, name, i, sizes[which]), "put\n");
        ok(!stg_commit(s), "commit %u\n", i);
        most = MAX(most, file_size());
        ok(has(s, name, i, sizes[which]), "%u\n", i);
    }
    for (u32 i = 0; i < 40; i++)
        live += sizes[i];
    ok(most < 40 * 12000 * 3 / 2, "%llu bytes for about %llu\n", (unsigned long long)most,
       (unsigned long long)live);
    for (u32 i = 1; i < 40; i++) {
        char name[32];

        snprintf(name, sizeof(name), "s%u", i);
        ok(!put(s, name, 1, 10), "put\n");
    }
    ok(!stg_commit(s), "commit\n");
    ok(file_size() < 60000 + sizes[0], "cut to %llu\n", (unsigned long long)file_size());
    stg_close(s);
    os_remove(path);
}

static void room_of_a_removed_large_stream_comes_back(void)
{
    struct stg *s;

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    ok(!put(s, "large", 1, 5000000), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(!put(s, "after", 2, 300000), "put\n");
    ok(!put(s, "small", 3, 300), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(!stg_remove(s, u"large"), "remove\n");
    ok(!stg_commit(s), "commit\n");
    ok(file_size() < 400000, "size %llu\n", (unsigned long long)file_size());
    ok(has(s, "after", 2, 300000) && has(s, "small", 3, 300), "content\n");
    stg_close(s);
    s = must_open(STG_READ);
    ok(has(s, "after", 2, 300000) && has(s, "small", 3, 300), "content\n");
    stg_close(s);
    os_remove(path);
}

/* Over 109 FAT sectors: their list goes on in DIFAT sectors. */
static void a_file_with_a_long_fat_is_edited(void)
{
    struct stg *s;

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    ok(!put(s, "huge", 1, 20000000) && !put(s, "small", 2, 100), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(s->c->difat_count > 1, "%u DIFAT sectors\n", s->c->difat_count);
    stg_close(s);
    s = must_open(STG_WRITE);
    ok(has(s, "huge", 1, 20000000) && has(s, "small", 2, 100), "read\n");
    for (u32 i = 0; i < 5; i++)
        ok(!put(s, "small", i, 5000 + i * 1000) && !stg_commit(s), "edit\n");
    ok(file_size() < 20000000 + 500000, "size %llu\n", (unsigned long long)file_size());
    stg_close(s);
    s = must_open(STG_WRITE);
    ok(has(s, "huge", 1, 20000000) && has(s, "small", 4, 9000), "read again\n");
    ok(!put(s, "huge", 3, 5) && !stg_commit(s), "shrink\n");
    ok(!s->c->difat_count, "DIFAT sectors are left\n");
    ok(file_size() < 100000, "size %llu\n", (unsigned long long)file_size());
    stg_close(s);
    os_remove(path);
}

static void thousands_of_streams_are_found(void)
{
    struct stg *s;

    fixture();
    make_file(6000, 700);
    s = must_open(STG_READ);
    for (u32 i = 0; i < 6000; i += 7) {
        char name[32];

        snprintf(name, sizeof(name), "s%u", i);
        ok(has(s, name, i, 700), "%u\n", i);
    }
    stg_close(s);
    os_remove(path);
}

/* --- version 4 ------------------------------------------------------------------------------- */

/* What a file over 2 GB goes through, on a small one. */
static void upgrade(struct stg *s)
{
    u32 err = cfb_space_load(s->c);

    if (!err)
        err = cfb_upgrade(s->c);
    ok(!err, "upgrade: %u\n", err);
}

static void a_file_that_becomes_too_large_changes_its_version(void)
{
    struct stg_stream *st;
    struct stg *s;
    u8 buf[64];
    u32 got;

    fixture();
    make_file(30, 1500);
    s = must_open(STG_WRITE);
    ok(!put(s, "long", 40, 70000) && !put(s, "longer", 41, 700000), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(!put(s, "pending", 42, 600000), "put\n");
    ok(!stg_stream_open(s, u"longer", &st), "open\n");
    upgrade(s);
    ok(has(s, "s7", 7, 1500) && has(s, "long", 40, 70000) && has(s, "pending", 42, 600000),
       "before\n");
    ok(!put(s, "late", 43, 900000) && !put(s, "s8", 44, 4), "put\n");
    ok(!stg_commit(s), "commit\n");
    ok(has(s, "s7", 7, 1500) && has(s, "long", 40, 70000) && has(s, "late", 43, 900000), "after\n");
    ok(!stg_remove(s, u"longer") && !stg_commit(s), "remove\n");
    ok(!put(s, "s9", 45, 900000) && !stg_commit(s), "another\n");
    ok(!stg_stream_read(st, 699990, buf, 64, &got) && got == 10, "read\n");
    ok(buf[0] == byte_of(41, 699990), "an open stream\n");
    stg_stream_close(st);
    stg_close(s);
    s = must_open(STG_WRITE);
    ok(s->c->shift == CFB_SHIFT_V4, "shift %u\n", s->c->shift);
    ok(has(s, "s7", 7, 1500) && has(s, "s8", 44, 4) && has(s, "pending", 42, 600000), "again\n");
    ok(has(s, "late", 43, 900000) && has(s, "s9", 45, 900000), "again\n");
    for (u32 i = 0; i < 200; i++) {
        ok(!put(s, "s1", i, hash_u32(i) % 20000) && !stg_commit(s), "edit\n");
        ok(has(s, "s1", i, hash_u32(i) % 20000) && has(s, "s2", 2, 1500), "edit %u\n", i);
    }
    ok(file_size() < 5000000, "size %llu\n", (unsigned long long)file_size());
    stg_close(s);
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

        bytes[i] ^= 1 + hash_u32(i) % 255;
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

START_TEST(msi_stg)
{
    RUN(streams_of_all_sizes_come_back);
    RUN(names_fold_case_and_have_limits);
    RUN(lists_are_in_the_order_of_the_format);
    RUN(sub_storages_nest_and_go_with_their_parent);
    RUN(an_open_stream_keeps_its_content);
    RUN(changes_are_private_until_commit);
    RUN(a_root_opened_for_reading_takes_changes_and_saves_them_elsewhere);
    RUN(a_created_file_is_gone_without_a_commit);
    RUN(the_file_does_not_grow_over_a_thousand_edits);
    RUN(room_of_a_removed_large_stream_comes_back);
    RUN(a_file_with_a_long_fat_is_edited);
    RUN(thousands_of_streams_are_found);
    RUN(a_file_that_becomes_too_large_changes_its_version);
    RUN(a_failed_change_of_version_leaves_the_old_file);
    RUN(a_failed_write_leaves_the_old_file);
    RUN(a_failed_sync_leaves_the_old_file);
    RUN(lack_of_memory_leaves_the_old_file);
    RUN(lack_of_memory_for_good_leaves_the_old_file);
    RUN(a_failed_commit_can_be_repeated);
    RUN(what_is_no_compound_file_is_told_from_a_damaged_one);
    RUN(every_damaged_byte_gives_an_error_or_an_answer);
}
