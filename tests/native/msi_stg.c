/*
 * Compound files: what is stored is read back, in place and by others, and the file keeps its size.
 */
#include "stg_fixture.h"

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
        u32 which = hash_shared(&(u32){i}, 4) % 40;
        char name[32];

        snprintf(name, sizeof(name), "s%u", which);
        sizes[which] = hash_shared(&(u32){i + 5000}, 4) % 12000;
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
        ok(!put(s, "s1", i, hash_shared(&(u32){i}, 4) % 20000) && !stg_commit(s), "edit\n");
        ok(has(s, "s1", i, hash_shared(&(u32){i}, 4) % 20000) && has(s, "s2", 2, 1500), "edit %u\n",
           i);
    }
    ok(file_size() < 5000000, "size %llu\n", (unsigned long long)file_size());
    stg_close(s);
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
}
