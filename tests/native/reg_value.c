/*
 * Values: all sizes of data and names, order, replacing, deleting, many in one key.
 */
#include <stdio.h>

#include "overlay.h"
#include "reg_fixture.h"

static u32 set(struct fixture *f, const char16_t *name, u32 type, const void *data, u32 size)
{
    return val_set(&f->h, f->root, name, (u32)u16_len(name), type, data, size);
}

/* The size, with the data compared; -1 where the value is not there or other than expected. */
static int has(struct fixture *f, const char16_t *name, u32 type, const void *data)
{
    struct val_info info;
    int same = -1;
    u8 *buf;
    if (val_find(&f->h, f->root, name, (u32)u16_len(name), &info))
        return -1;
    buf = os_alloc(info.size + 1);
    if (!val_data(&f->h, &info, 0, buf, info.size) && info.type == type &&
        !memcmp(buf, data, info.size))
        same = (int)info.size;
    os_free(buf);
    return same;
}

static void test_small(void)
{
    struct fixture f;
    setup(&f);
    for (u32 n = 0; n <= 9; n++) {
        ok(!set(&f, u"v", n, "123456789", n), "set of %u\n", n);
        ok(has(&f, u"V", n, "123456789") == (int)n, "size %u\n", n);
    }
    ok(!set(&f, u"", 1, "default", 7), "default value\n");
    ok(has(&f, u"", 1, "default") == 7, "default value\n");
    ok(has(&f, u"w", 1, "") == -1, "found what is not there\n");
    teardown(&f);
}

static void test_sizes(void)
{
    static const u32 sizes[] = {16343, 16344, 16345,  16348,   32687,
                                32688, 32689, 100000, 1000000, 5};
    struct fixture f;
    u8 *data = os_alloc(1000000);
    setup(&f);
    for (u32 i = 0; i < 1000000; i++)
        data[i] = (u8)(i * 7 + i / 251);
    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        ok(!set(&f, u"big", 3, data, sizes[i]), "set of %u\n", sizes[i]);
        check(&f);
        ok(has(&f, u"big", 3, data) == (int)sizes[i], "size %u\n", sizes[i]);
    }
    os_free(data);
    teardown(&f);
}

static void test_part_of_big(void)
{
    struct fixture f;
    struct val_info info;
    u8 *data = os_alloc(50000), part[300];
    setup(&f);
    for (u32 i = 0; i < 50000; i++)
        data[i] = (u8)(i % 253);
    ok(!set(&f, u"big", 3, data, 50000), "set\n");
    ok(!val_find(&f.h, f.root, u"big", 3, &info), "find\n");
    ok(!val_data(&f.h, &info, 16300, part, 300) && !memcmp(part, data + 16300, 300),
       "over a seam\n");
    ok(!val_data(&f.h, &info, 50000, part, 0), "nothing at the end\n");
    os_free(data);
    teardown(&f);
}

static void test_limit(void)
{
    struct fixture f;
    u8 data[101] = {0};
    setup(&f);
    f.h.max_value = 100;
    ok(!set(&f, u"v", 3, data, 100), "at the limit\n");
    ok(set(&f, u"v", 3, data, 101) == ERROR_NO_SYSTEM_RESOURCES, "beyond the limit\n");
    ok(!f.h.error, "a refusal is no error of the view\n");
    ok(has(&f, u"v", 3, data) == 100, "the old value stays\n");
    teardown(&f);
}

static void test_names(void)
{
    struct fixture f;
    char16_t *name = os_alloc(16385 * sizeof(*name));
    struct val_info info;
    u32 len;
    setup(&f);
    for (u32 i = 0; i < 16384; i++)
        name[i] = (char16_t)(u'A' + i % 26);
    ok(val_set(&f.h, f.root, name, 16384, 1, "x", 1) == ERROR_INVALID_PARAMETER, "16384\n");
    ok(!val_set(&f.h, f.root, name, 16383, 1, "x", 1), "16383\n");
    name[16382] = 0x20ac;
    ok(!val_set(&f.h, f.root, name, 16383, 1, "y", 1), "16383 beyond Latin-1\n");
    name[5] = u'f';
    ok(!val_find(&f.h, f.root, name, 16383, &info) && info.name_len == 16383, "find\n");
    ok(!val_name(&f.h, info.cell, name, 3, &len) && len == 16383, "length with a short buffer\n");
    ok(!val_set(&f.h, f.root, u"a\\b", 3, 1, "z", 1), "a backslash is fine in a value's name\n");
    os_free(name);
    teardown(&f);
}

/* The names in their order. */
static const char *order(struct fixture *f)
{
    static char out[256];
    struct val_info info;
    char16_t name[16];
    size_t n = 0;
    u32 len;
    for (u32 i = 0; !val_enum(&f->h, f->root, i, &info); i++) {
        val_name(&f->h, info.cell, name, 16, &len);
        for (u32 k = 0; k < len; k++)
            out[n++] = (char)name[k];
        out[n++] = ' ';
    }
    out[n] = 0;
    return out;
}

static void test_order(void)
{
    struct fixture f;
    setup(&f);
    set(&f, u"z", 1, "1", 1);
    set(&f, u"a", 1, "2", 1);
    set(&f, u"m", 1, "3", 1);
    set(&f, u"Z", 1, "a longer value", 14);
    ok(!strcmp(order(&f), "z a m "), "%s\n", order(&f));
    ok(!val_delete(&f.h, f.root, u"A", 1), "delete\n");
    set(&f, u"a", 1, "2", 1);
    ok(!strcmp(order(&f), "z m a "), "%s\n", order(&f));
    ok(val_delete(&f.h, f.root, u"q", 1) == ERROR_FILE_NOT_FOUND, "delete of what is not there\n");
    teardown(&f);
}

static void test_delete_all(void)
{
    struct fixture f;
    struct key_info info;
    setup(&f);
    set(&f, u"z", 1, "123456", 6);
    set(&f, u"a", 1, "123456", 6);
    ok(!val_delete(&f.h, f.root, u"z", 1) && !val_delete(&f.h, f.root, u"a", 1), "delete\n");
    ok(!key_query(&f.h, f.root, &info), "query\n");
    ok(!info.values && !info.max_value_name && !info.max_value_data, "lengths stay\n");
    set(&f, u"a", 1, "123456", 6);
    ok(has(&f, u"a", 1, "123456") == 6, "again\n");
    teardown(&f);
}

static void name_of(u32 i, char16_t name[16])
{
    char text[16];
    int n = snprintf(text, sizeof(text), "Value %u", i);
    for (int k = 0; k <= n; k++)
        name[k] = (char16_t)text[k];
}

static void test_many(void)
{
    struct fixture f;
    struct val_info info;
    char16_t name[16];
    u32 wrong = 0, v;
    setup(&f);
    for (u32 i = 0; i < 10000; i++) {
        name_of(i, name);
        wrong += set(&f, name, 4, &i, 4) != 0;
        if (i % 1000 == 500)
            commit(&f);
    }
    for (u32 i = 0; i < 10000; i += 2) {
        name_of(i, name);
        wrong += val_delete(&f.h, f.root, name, (u32)u16_len(name)) != 0;
    }
    for (u32 i = 0; i < 10000; i++) {
        name_of(i, name);
        bool there = !val_find(&f.h, f.root, name, (u32)u16_len(name), &info);
        wrong += there != (i % 2);
        if (there)
            wrong += val_data(&f.h, &info, 0, &v, 4) || v != i;
    }
    ok(!wrong, "%u wrong\n", wrong);
    teardown(&f);
}

/* The set of names of a key must not outlive a write that was aborted. */
static void test_many_aborted(void)
{
    struct fixture f;
    struct val_info info;
    char16_t name[16];
    u32 i;
    setup(&f);
    for (i = 0; i < 200; i++) {
        name_of(i, name);
        set(&f, name, 4, &i, 4);
    }
    commit(&f);
    set(&f, u"aborted", 4, &i, 4);
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    ok(val_find(&f.h, f.root, u"aborted", 7, &info) == ERROR_FILE_NOT_FOUND, "there\n");
    set(&f, u"other", 4, &i, 4);
    set(&f, u"other", 4, &i, 4);
    set(&f, u"aborted", 4, &i, 4);
    set(&f, u"aborted", 4, &i, 4);
    for (i = 0; !val_enum(&f.h, f.root, i, &info); i++)
        ;
    ok(i == 202, "%u values\n", i);
    teardown(&f);
}

/* --- keys with many values ---------------------------------------------------------------------
 */

enum { MANY = 700 };

static u32 many_name(char16_t *to, u32 n)
{
    char text[32];
    u32 len = (u32)snprintf(text, sizeof(text), "Value %u", n);

    for (u32 i = 0; i < len; i++)
        to[i] = n % 3 || i ? (char16_t)text[i] : (char16_t)0x416; /* some beyond Latin-1 */
    return len;
}

/* Which of the values are there, as the key's list has them and as looking for each name finds. */
static void expect_many(struct fixture *f, const bool *there)
{
    u32 wrong = 0;

    for (u32 n = 0; n < MANY; n++) {
        struct val_info info;
        char16_t name[32];
        u32 len = many_name(name, n), data = 0, err;

        for (u32 i = 0; n % 2 && i < len; i++)
            name[i] = u16_upper(name[i]);
        err = val_find(&f->h, f->root, name, len, &info);
        if (!err)
            err = val_data(&f->h, &info, 0, &data, 4);
        wrong += there[n] ? err || data != n : err != ERROR_FILE_NOT_FOUND;
    }
    ok(!wrong, "%u of the names are wrong\n", wrong);
}

static void change_many(struct fixture *f, bool *there, u32 from, u32 step)
{
    for (u32 n = from; n < MANY; n += step) {
        char16_t name[32];
        u32 len = many_name(name, n), err;

        err = there[n] ? val_delete(&f->h, f->root, name, len)
                       : val_set(&f->h, f->root, name, len, 4, &n, 4);
        ok(!err, "%u: %u\n", n, err);
        there[n] = !there[n];
    }
}

static void test_many_values(void)
{
    bool there[MANY] = {false}, before[MANY];
    struct fixture f;

    setup(&f);
    change_many(&f, there, 0, 1);
    expect_many(&f, there);
    change_many(&f, there, 0, 5);
    change_many(&f, there, 600, 1);
    expect_many(&f, there);
    commit(&f);
    memcpy(before, there, sizeof(there));
    change_many(&f, there, 1, 3); /* and nothing of it stays */
    expect_many(&f, there);
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    expect_many(&f, before);
    change_many(&f, before, 0, 2);
    change_many(&f, before, 2, 4);
    expect_many(&f, before);
    teardown(&f);
}

static u32 key_with(struct fixture *f, const char16_t *name, char16_t first)
{
    u32 key = must_make(f, f->root, name), err = 0;

    for (u32 n = 0; n < 100; n++) {
        char16_t value[2] = {first, (char16_t)(0x4e00 + n)};
        err |= val_set(&f->h, key, value, 2, 4, &n, 4);
    }
    ok(!err, "set: %u\n", err);
    return key;
}

static void rename_to(struct fixture *f, u32 *key, const char16_t *name)
{
    u32 err = key_rename(&f->h, *key, name, (u32)u16_len(name), key);
    ok(!err, "rename: %u\n", err);
}

/* A key that a rename puts where another one stood has its own values. */
static void test_many_moved(void)
{
    u32 one, two, was;
    struct val_info info;
    struct fixture f;

    setup(&f);
    one = was = key_with(&f, u"one key's name of some length", u'a');
    two = key_with(&f, u"two", u'b');
    ok(val_find(&f.h, one, u"b\x4e00", 2, &info) == ERROR_FILE_NOT_FOUND, "not there\n");
    rename_to(&f, &one, u"one key's name is now so much longer that it needs another cell");
    ok(one != was, "did not move\n");
    rename_to(&f, &two, u"two key's name of some length");
    ok(two == was, "moved elsewhere\n");
    for (char16_t n = 0; n < 100; n++) {
        char16_t value[2] = {u'b', (char16_t)(0x4e00 + n)};
        ok(!val_find(&f.h, two, value, 2, &info), "value %u is lost\n", n);
        value[0] = u'a';
        ok(!val_find(&f.h, one, value, 2, &info), "value %u of the other is lost\n", n);
    }
    teardown(&f);
}

static void fill_with(struct fixture *f, u32 count)
{
    for (u32 n = 0; n < count; n++) {
        char16_t name[2] = {u'v', (char16_t)(0x4e00 + n)};
        u32 err = val_set(&f->h, f->root, name, 2, 4, &n, 4);
        ok(!err, "%u: %u\n", n, err);
    }
}

/* What a deletion changes, and with it what it costs, does not grow with the key. */
static void test_delete_among_many(void)
{
    struct fixture f;
    u32 bytes;

    setup(&f);
    fill_with(&f, 10000);
    commit(&f);
    ok(!val_delete(&f.h, f.root, u"v\x4e03", 2), "delete\n");
    bytes = overlay_dirty_bytes(f.h.overlay, HV_STABLE_STORE);
    ok(bytes <= 8 * OV_SECTOR, "%u bytes were written to\n", bytes);
    teardown(&f);
}

/* Value and data are neighbours, and the links of free cells stay out of the log: what is set and
 * deleted is logged, and with it hashed and written,
 * by sectors. */
static void test_few_sectors(void)
{
    char16_t data[30] = u"of ordinary length", name[16];
    u32 most = 0, bytes, key;
    struct fixture f;

    setup(&f);
    key = must_make(&f, f.root, u"K");
    for (u32 i = 0; i < 2000; i++) {
        name_of(i * 7919u % 2003, name);
        ok(!val_set(&f.h, key, name, (u32)u16_len(name), 1, data, sizeof(data)), "set\n");
    }
    commit(&f);
    for (u32 i = 0; i < 200; i++) {
        name_of(i * 9u * 7919u % 2003, name);
        ok(!val_delete(&f.h, key, name, (u32)u16_len(name)), "delete\n");
        bytes = overlay_dirty_bytes(f.h.overlay, HV_STABLE_STORE);
        most = MAX(most, bytes);
        commit(&f);
    }
    ok(most <= 4 * OV_SECTOR, "a deletion logs %u sectors\n", most / OV_SECTOR);
    teardown(&f);
}

/* In a list of up to 512 the others keep their order. */
static void test_delete_keeps_order(void)
{
    struct val_info info;
    char16_t name[2];
    struct fixture f;
    u32 len;

    setup(&f);
    fill_with(&f, 512);
    ok(!val_delete(&f.h, f.root, u"v\x4e03", 2), "delete\n");
    for (u32 n = 0; n < 511; n++) {
        ok(!val_enum(&f.h, f.root, n, &info) && !val_name(&f.h, info.cell, name, 2, &len), "\n");
        ok(name[1] == 0x4e00 + n + (n >= 3), "%u is %x\n", n, name[1]);
    }
    teardown(&f);
}

START_TEST(reg_value)
{
    test_delete_among_many();
    test_few_sectors();
    test_delete_keeps_order();
    test_many_moved();
    test_many_values();
    test_small();
    test_sizes();
    test_part_of_big();
    test_limit();
    test_names();
    test_order();
    test_delete_all();
    test_many();
    test_many_aborted();
}
