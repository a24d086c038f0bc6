/*
 * Records and formatted text below the exported functions: memory, limits, want of memory.
 */
#include "test.h"

#include "format.h"
#include "os.h"
#include "record.h"
#include "utf16.h"

static bool field_is(struct record *r, u32 field, const char *want)
{
    struct rec_view v;

    return !rec_view(r, field, &v) && u16_is(v.text, v.len, want);
}

static void texts_of_every_length_come_back(void)
{
    struct record *r = rec_create(1);
    char16_t text[200];
    u32 bad = 0;

    for (size_t len = 1; len < ARRAY_LEN(text); len++) {
        struct rec_view v;

        for (size_t i = 0; i < len; i++)
            text[i] = (char16_t)('a' + (i + len) % 26);
        rec_set_text(r, 1, text, len);
        bad += rec_view(r, 1, &v) || v.len != len || v.text[len] ||
               u16_compare(v.text, v.len, text, len);
    }
    ok(!bad, "%u wrong\n", bad);
    obj_unref(rec_object(r));
}

static void the_most_fields_can_be_set(void)
{
    struct record *r = rec_create(REC_MAX_FIELDS);

    ok(r != NULL, "no record\n");
    ok(!rec_set_int(r, REC_MAX_FIELDS, 7), "set\n");
    ok(rec_get_int(r, REC_MAX_FIELDS) == 7, "get\n");
    ok(rec_set_int(r, REC_MAX_FIELDS + 1, 7) == ERROR_INVALID_PARAMETER, "set past the end\n");
    ok(rec_set_text(r, 0xffffffff, u"x", 1) == ERROR_INVALID_FIELD, "set far past the end\n");
    obj_unref(rec_object(r));
    ok(!rec_create(REC_MAX_FIELDS + 1), "one more\n");
}

static void integers_are_parsed_as_the_installer_does(void)
{
    static const struct {
        const char16_t *text;
        i32 value;
    } cases[] = {{u"5", 5},
                 {u"-5", -5},
                 {u"+5", REC_NULL_INT},
                 {u" 5", REC_NULL_INT},
                 {u"5x", REC_NULL_INT},
                 {u"", REC_NULL_INT},
                 {u"-", 0},
                 {u"2147483647", 2147483647},
                 {u"-2147483647", -2147483647}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        ok(rec_parse_int(cases[i].text, u16_len(cases[i].text)) == cases[i].value, "case %u\n",
           (unsigned)i);
}

static void integers_are_written(void)
{
    static const i32 values[] = {0, 1, -1, 2147483647, -2147483647, (i32)0x80000000, 1000000000};
    char16_t text[12];

    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        size_t n = rec_format_int(values[i], text);

        ok(!text[n] && rec_parse_int(text, n) == values[i], "value %d\n", values[i]);
    }
}

static void a_copy_has_all_fields(void)
{
    struct record *r = rec_create(3), *copy;
    struct rec_stream *s;
    char buf[8];
    u32 n = sizeof(buf);

    rec_set_text(r, 0, u"zero", 4);
    rec_set_int(r, 1, 42);
    rec_set_text(r, 2, u"a text that is not short", 24);
    rstream_from_bytes("bytes", 5, &s);
    rec_set_stream(r, 3, s);
    rstream_release(s);
    copy = rec_clone(r);
    obj_unref(rec_object(r));
    ok(field_is(copy, 0, "zero") && field_is(copy, 1, "42") &&
           field_is(copy, 2, "a text that is not short"),
       "fields\n");
    ok(!rec_read_stream(copy, 3, buf, &n) && n == 5 && !memcmp(buf, "bytes", 5), "stream\n");
    obj_unref(rec_object(copy));
}

static void want_of_memory_leaves_the_field(void)
{
    struct record *r = rec_create(1);

    rec_set_text(r, 1, u"old", 3);
    os_fault(OS_FAULT_ALLOC, 1, true);
    ok(rec_set_text(r, 1, u"a text that is not short", 24) == ERROR_OUTOFMEMORY, "set\n");
    os_fault(OS_FAULT_ALLOC, 0, false);
    ok(field_is(r, 1, "old"), "the field changed\n");
    obj_unref(rec_object(r));
}

/* --- formatted text -----------------------------------------------------------------------------
 */

static u32 lookup(void *session, const char16_t *name, size_t len, struct text_buf *out)
{
    UNUSED(session);
    if (u16_is(name, len, "p"))
        tb_ascii(out, "value");
    else if (u16_is(name, len, "name"))
        tb_ascii(out, "p");
    return ERROR_SUCCESS;
}

static void deep_nesting_is_plain_text(void)
{
    static char16_t text[200000];
    struct text_buf out;

    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        text[i] = i % 2 ? '[' : '{';
    tb_init(&out);
    ok(!fmt_text(NULL, lookup, NULL, text, ARRAY_LEN(text), &out), "format\n");
    ok(out.len == ARRAY_LEN(text), "length %u\n", (unsigned)out.len);
    tb_free(&out);
}

static void every_allocation_may_fail(void)
{
    static const char16_t text[] =
        u"[1] [p] {[p][name]} [[name]] {[nothing]} and more text to grow";
    struct record *r = rec_create(1);
    struct text_buf out;
    u32 n, err = ERROR_OUTOFMEMORY;

    rec_set_text(r, 1, u"a text that is not short", 24);
    for (n = 1; err == ERROR_OUTOFMEMORY && n < 1000; n++) {
        tb_init(&out);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = fmt_text(r, lookup, NULL, text, ARRAY_LEN(text) - 1, &out);
        os_fault(OS_FAULT_ALLOC, 0, false);
        tb_free(&out);
    }
    ok(!err && n > 3, "error %u after %u\n", err, n);
    obj_unref(rec_object(r));
}

START_TEST(msi_record)
{
    RUN(texts_of_every_length_come_back);
    RUN(the_most_fields_can_be_set);
    RUN(integers_are_parsed_as_the_installer_does);
    RUN(integers_are_written);
    RUN(a_copy_has_all_fields);
    RUN(want_of_memory_leaves_the_field);
    RUN(deep_nesting_is_plain_text);
    RUN(every_allocation_may_fail);
}
