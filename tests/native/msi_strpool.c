/*
 * The string pool: ids, counts, look-up, its stored form, and what happens without memory.
 */
#include "os.h"
#include "strpool.h"
#include "strpool_io.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------ */

static struct str_pool *new_pool(u32 codepage)
{
    struct str_pool *p = NULL;

    ok(!sp_create(codepage, &p), "create\n");
    return p;
}

static u32 intern(struct str_pool *p, const char16_t *text)
{
    u32 id = 0, err = sp_intern(p, text, u16_len(text), &id);

    ok(!err, "intern gives %u\n", err);
    return id;
}

/* A string as a saved cell has it. */
static u32 stored(struct str_pool *p, const char16_t *text)
{
    u32 id = intern(p, text);

    sp_add_ref(p, id, SP_PERSISTENT);
    sp_release(p, id, SP_TEMPORARY);
    return id;
}

static u32 find(struct str_pool *p, const char16_t *text)
{
    u32 id = 0;

    ok(!sp_find(p, text, u16_len(text), &id), "find\n");
    return id;
}

static u32 read_bytes(const void *pool, size_t pool_len, const char *data, size_t data_len,
                      struct str_pool **p)
{
    u32 ref_bytes;

    return sp_read(pool, pool_len, (const u8 *)data, data_len, &ref_bytes, p);
}

/* Writes and reads again, which must not change anything. */
static struct str_pool *reread(struct str_pool *p, u32 width)
{
    struct buf pool = {0}, data = {0};
    struct str_pool *again = NULL;
    u32 ref_bytes = 0;

    ok(!sp_write(p, width, &pool, &data), "write\n");
    ok(!sp_read(pool.data, pool.len, data.data, data.len, &ref_bytes, &again), "read\n");
    ok(ref_bytes == width, "width %u\n", ref_bytes);
    buf_free(&pool);
    buf_free(&data);
    return again;
}

/* --- ids and counts ------------------------------------------------------------------------ */

static void equal_texts_have_one_id(void)
{
    struct str_pool *p = new_pool(0);
    u32 a = intern(p, u"alpha"), b = intern(p, u"beta"), again = intern(p, u"alpha");

    ok(a && b && a != b, "ids %u and %u\n", a, b);
    ok(again == a, "%u and %u\n", again, a);
    ok(find(p, u"beta") == b, "not found\n");
    ok(find(p, u"gamma") == 0, "found what is not there\n");
    ok(!sp_check(p), "invariant %d\n", sp_check(p));
    sp_free(p);
}

static void the_empty_text_is_null(void)
{
    struct str_pool *p = new_pool(0);

    ok(intern(p, u"") == SP_NULL, "an id for nothing\n");
    ok(find(p, u"") == SP_NULL, "an id for nothing\n");
    ok(!sp_valid(p, 0), "0 is a string\n");
    sp_free(p);
}

static void a_string_goes_with_its_last_reference(void)
{
    struct str_pool *p = new_pool(0);
    u32 id = intern(p, u"alpha");

    sp_add_ref(p, id, SP_PERSISTENT);
    sp_release(p, id, SP_TEMPORARY);
    ok(find(p, u"alpha") == id, "gone too early\n");
    sp_release(p, id, SP_PERSISTENT);
    ok(find(p, u"alpha") == 0, "still there\n");
    ok(!sp_valid(p, id), "still valid\n");
    ok(intern(p, u"other") == id, "the id is not used again\n");
    ok(!sp_check(p), "invariant %d\n", sp_check(p));
    sp_free(p);
}

static void a_count_that_is_full_stops_counting(void)
{
    struct str_pool *p = new_pool(0);
    u32 id = stored(p, u"much used");

    for (u32 i = 0; i < 70000; i++)
        sp_add_ref(p, id, SP_PERSISTENT);
    ok(sp_refs(p, id, SP_PERSISTENT) == 0xffff, "count %u\n", sp_refs(p, id, SP_PERSISTENT));
    for (u32 i = 0; i < 80000; i++)
        sp_release(p, id, SP_PERSISTENT);
    ok(sp_valid(p, id), "gone although its count was not known\n");
    ok(sp_wants_recount(p), "no recount wanted\n");
    sp_recount_start(p);
    sp_recount_finish(p);
    ok(!sp_valid(p, id), "there without a reference\n");
    sp_free(p);
}

static void texts_of_every_kind_come_back(void)
{
    static const char16_t *const texts[] = {u"plain", u"na\u00efve", u"\u65e5\u672c",
                                            u"a\U0001F600b", u"tab\tand\nline"};
    struct str_pool *p = new_pool(0);
    char16_t got[64];

    for (u32 i = 0; i < ARRAY_LEN(texts); i++) {
        u32 id = intern(p, texts[i]);
        size_t len = sp_text(p, id, got, 64);

        ok(len == u16_len(texts[i]) && sp_len(p, id) == len, "length %u\n", (unsigned)len);
        ok(!u16_compare(got, len, texts[i], len), "text %u differs\n", i);
        ok(sp_equal(p, id, texts[i], len), "text %u is not equal\n", i);
    }
    ok(sp_compare(p, 1, 2) > 0, "plain before naive\n");
    sp_free(p);
}

/* --- the stored form ------------------------------------------------------------------------ */

static void a_pool_survives_writing_and_reading(void)
{
    struct str_pool *p = new_pool(65001), *again;
    u32 a = stored(p, u"alpha"), gone = intern(p, u"temporary"), b = stored(p, u"\u00e4\u65e5");

    again = reread(p, 2);
    ok(sp_codepage(again) == 65001, "code page %u\n", sp_codepage(again));
    ok(sp_equal(again, a, u"alpha", 5), "alpha has another id\n");
    ok(sp_equal(again, b, u"\u00e4\u65e5", 2), "the other one has another id\n");
    ok(!sp_valid(again, gone), "a temporary string was saved\n");
    ok(sp_refs(again, a, SP_PERSISTENT) == 1, "count %u\n", sp_refs(again, a, SP_PERSISTENT));
    ok(!sp_check(again), "invariant %d\n", sp_check(again));
    sp_free(again);
    sp_free(p);
}

static void code_pages_of_both_kinds(void)
{
    static const struct {
        u32 codepage;
        const char16_t *text;
        const char *bytes;
    } cases[] = {
        {1252, u"\u00fcber",
         "\xfc"
         "ber"},
        {1250, u"\u0159", "\xf8"},
        {932, u"\u65e5\u672c", "\x93\xfa\x96\x7b"},
        {936, u"\u4e2d", "\xd6\xd0"},
        {949, u"\ud55c", "\xc7\xd1"},
        {950, u"\u4e2d", "\xa4\xa4"},
        {65001, u"\u20ac", "\xe2\x82\xac"},
        {0, u"\u00e9", "\xe9"},
    };

    for (u32 i = 0; i < ARRAY_LEN(cases); i++) {
        struct str_pool *p = new_pool(cases[i].codepage), *again;
        struct buf pool = {0}, data = {0};
        u32 id = stored(p, cases[i].text);

        ok(!sp_write(p, 2, &pool, &data), "write\n");
        ok(data.len == strlen(cases[i].bytes) && !memcmp(data.data, cases[i].bytes, data.len),
           "code page %u: other bytes\n", cases[i].codepage);
        again = reread(p, 2);
        ok(sp_equal(again, id, cases[i].text, u16_len(cases[i].text)), "code page %u\n",
           cases[i].codepage);
        buf_free(&pool);
        buf_free(&data);
        sp_free(again);
        sp_free(p);
    }
}

static void a_text_of_more_than_64_kb(void)
{
    static char16_t text[70000];
    struct str_pool *p = new_pool(0), *again;
    u32 first, id, last;

    for (u32 i = 0; i < ARRAY_LEN(text); i++)
        text[i] = (char16_t)(u'a' + i % 26);
    first = stored(p, u"before");
    ok(!sp_intern(p, text, ARRAY_LEN(text), &id), "intern\n");
    sp_add_ref(p, id, SP_PERSISTENT);
    last = stored(p, u"after");
    again = reread(p, 2);
    ok(sp_equal(again, id, text, ARRAY_LEN(text)), "the long one\n");
    ok(sp_equal(again, first, u"before", 6) && sp_equal(again, last, u"after", 5), "the others\n");
    sp_free(again);
    sp_free(p);
}

static void check_long(const u8 *pool, size_t pool_len)
{
    static char data[140004];
    struct str_pool *p = NULL;

    memset(data, 'x', sizeof(data));
    memcpy(data + 140001, "end", 3);
    ok(!read_bytes(pool, pool_len, data, sizeof(data), &p), "read\n");
    ok(sp_len(p, 1) == 1 && sp_len(p, 2) == 140000, "lengths %u %u\n", (unsigned)sp_len(p, 1),
       (unsigned)sp_len(p, 2));
    ok(sp_equal(p, 3, u"end", 3), "the last one\n");
    sp_free(p);
}

/* Code page 0; "T"; a text of 140000 (0x222e0) with count 3; "end". */
static void both_forms_of_a_long_text_are_read(void)
{
    static const u8 whole[] = {0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0xe0, 0x22, 2, 0, 3, 0, 1, 0};
    static const u8 high[] = {0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 2, 0, 0xe0, 0x22, 3, 0, 3, 0, 1, 0};

    check_long(whole, sizeof(whole));
    check_long(high, sizeof(high));
}

/* A text of 140000 with `refs` references, written. */
static void write_long(u32 refs, struct buf *pool, struct buf *data)
{
    static char16_t text[140000];
    struct str_pool *p = new_pool(0);
    u32 id;

    for (u32 i = 0; i < ARRAY_LEN(text); i++)
        text[i] = u'x';
    ok(!sp_intern(p, text, ARRAY_LEN(text), &id), "intern\n");
    for (u32 i = 0; i < refs; i++)
        sp_add_ref(p, id, SP_PERSISTENT);
    ok(!sp_write(p, 2, pool, data), "write\n");
    sp_free(p);
}

/* As Wine's msi.dll writes and reads it. */
static void a_long_text_is_written_with_its_length_behind(void)
{
    static const u8 wanted[] = {0, 0, 0, 0, 0, 0, 3, 0, 0xe0, 0x22, 2, 0};
    struct buf pool = {0}, data = {0};

    write_long(3, &pool, &data);
    ok(pool.len == sizeof(wanted) && !memcmp(pool.data, wanted, sizeof(wanted)), "other bytes\n");
    buf_free(&pool);
    buf_free(&data);
}

static void a_low_count_of_a_long_text_fits_both_forms(void)
{
    static const u8 wanted[] = {0, 0, 0, 0, 0, 0, 2, 0, 0xe0, 0x22, 2, 0};
    struct buf pool = {0}, data = {0};
    struct str_pool *p = NULL;

    write_long(1, &pool, &data);
    ok(pool.len == sizeof(wanted) && !memcmp(pool.data, wanted, sizeof(wanted)), "other bytes\n");
    ok(!read_bytes(pool.data, pool.len, (const char *)data.data, data.len, &p), "read\n");
    ok(sp_len(p, 1) == 140000 && sp_wants_recount(p), "the count is believed\n");
    sp_free(p);
    buf_free(&pool);
    buf_free(&data);
}

static void references_of_three_bytes(void)
{
    struct str_pool *p = new_pool(0), *again;

    stored(p, u"x");
    again = reread(p, 3);
    sp_free(again);
    sp_free(p);
}

static void damaged_pools_are_refused(void)
{
    static const u8 lying[] = {0, 0, 0, 0, 200, 0, 1, 0};
    static const u8 high_alone[] = {0, 0, 0, 0, 0, 0, 1, 0};
    static const u8 huge[] = {0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0};
    static const u8 bad_page[] = {0xff, 0xff, 0xff, 0x7f};
    static const u8 unknown_page[] = {0xfe, 0xff, 0, 0, 1, 0, 1, 0};
    static const u8 odd[] = {0, 0, 0, 0, 1, 0};
    struct str_pool *p = NULL;

    ok(read_bytes("", 0, "", 0, &p) == ERROR_INSTALL_PACKAGE_INVALID, "no header\n");
    ok(read_bytes(odd, 6, "a", 1, &p) == ERROR_INSTALL_PACKAGE_INVALID, "half an entry\n");
    ok(read_bytes(lying, 8, "abc", 3, &p) == ERROR_INSTALL_PACKAGE_INVALID, "a lying length\n");
    ok(read_bytes(high_alone, 8, "", 0, &p) == ERROR_INSTALL_PACKAGE_INVALID, "half a length\n");
    ok(read_bytes(huge, 12, "abc", 3, &p) == ERROR_INSTALL_PACKAGE_INVALID, "a huge length\n");
    ok(read_bytes(bad_page, 4, "", 0, &p) == ERROR_INSTALL_PACKAGE_INVALID, "no code page\n");
    ok(read_bytes(unknown_page, 8, "\xff", 1, &p) == ERROR_INSTALL_PACKAGE_INVALID,
       "text in a code page that nobody knows\n");
    ok(!p, "a pool came out\n");
}

static void equal_texts_in_a_file_keep_their_ids(void)
{
    static const u8 pool[] = {0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0};
    struct str_pool *p = NULL;

    ok(!read_bytes(pool, sizeof(pool), "aa", 2, &p), "read\n");
    ok(sp_valid(p, 1) && sp_valid(p, 2), "one is missing\n");
    ok(find(p, u"a") == 1, "found %u\n", find(p, u"a"));
    sp_recount_start(p);
    sp_add_ref(p, 2, SP_PERSISTENT);
    sp_recount_finish(p);
    ok(find(p, u"a") == 2, "found %u\n", find(p, u"a"));
    sp_free(p);
}

/* --- growth ---------------------------------------------------------------------------------- */

static void many_edits_do_not_grow_the_pool(void)
{
    struct str_pool *p = new_pool(0);
    char16_t text[24];
    size_t after_first = 0;

    for (u32 round = 0; round < 50; round++) {
        u32 ids[500];

        for (u32 i = 0; i < 500; i++) {
            for (u32 k = 0; k < 23; k++)
                text[k] = (char16_t)(u'a' + (round * 7 + i * (k + 1)) % 26 + (i & 1 ? 0x100 : 0));
            ok(!sp_intern(p, text, 10 + i % 14, &ids[i]), "intern\n");
        }
        for (u32 i = 0; i < 500; i++)
            sp_release(p, ids[i], SP_TEMPORARY);
        if (!round)
            after_first = sp_memory(p);
    }
    ok(!sp_check(p), "invariant %d\n", sp_check(p));
    ok(sp_memory(p) < 4 * after_first, "%u bytes, then %u\n", (unsigned)after_first,
       (unsigned)sp_memory(p));
    sp_free(p);
}

/* Every allocation fails once: an error, nothing lost, the pool whole. */
static void without_memory_nothing_changes(void)
{
    for (u32 n = 1; n < 200; n++) {
        struct str_pool *p = new_pool(0);
        u32 err = 0, id, kept = intern(p, u"kept");
        char16_t text[4] = u"s00";

        os_fault(OS_FAULT_ALLOC, n, false);
        for (u32 i = 0; !err && i < 40; i++) {
            text[1] = (char16_t)(u'a' + i);
            err = sp_intern(p, text, 3, &id);
        }
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "fault %u gives %u\n", n, err);
        ok(!sp_check(p), "fault %u: invariant %d\n", n, sp_check(p));
        ok(find(p, u"kept") == kept, "fault %u: a string is lost\n", n);
        sp_free(p);
        if (!err)
            return;
    }
    ok(0, "never came through\n");
}

static void reading_without_memory(void)
{
    static const u8 pool[] = {0xe9, 0xfd, 0, 0, 3, 0, 1, 0, 2, 0, 1, 0};

    for (u32 n = 1; n < 50; n++) {
        struct str_pool *p = NULL;
        u32 err;

        os_fault(OS_FAULT_ALLOC, n, false);
        err = read_bytes(pool, sizeof(pool), "abc\xc3\xa4", 5, &p);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "fault %u gives %u\n", n, err);
        if (!err) {
            sp_free(p);
            return;
        }
    }
    ok(0, "never came through\n");
}

START_TEST(strpool)
{
    RUN(equal_texts_have_one_id);
    RUN(the_empty_text_is_null);
    RUN(a_string_goes_with_its_last_reference);
    RUN(a_count_that_is_full_stops_counting);
    RUN(texts_of_every_kind_come_back);
    RUN(a_pool_survives_writing_and_reading);
    RUN(code_pages_of_both_kinds);
    RUN(a_text_of_more_than_64_kb);
    RUN(both_forms_of_a_long_text_are_read);
    RUN(a_long_text_is_written_with_its_length_behind);
    RUN(a_low_count_of_a_long_text_fits_both_forms);
    RUN(references_of_three_bytes);
    RUN(damaged_pools_are_refused);
    RUN(equal_texts_in_a_file_keep_their_ids);
    RUN(many_edits_do_not_grow_the_pool);
    RUN(without_memory_nothing_changes);
    RUN(reading_without_memory);
}
