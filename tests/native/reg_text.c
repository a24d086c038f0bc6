/*
 * Registry text: what each form says, and that writing and reading it gives the same.
 */
#include <stdlib.h>

#include "regtext.h"
#include "test.h"
#include "utf16.h"

/* What reading said, as ASCII lines: "key PATH", "value NAME TYPE BYTES", ... */
struct log {
    char text[8192];
    size_t len;
    u32 problems;
};

static void add(struct log *log, const char *format, ...) TEST_PRINTF(2, 3);
static void add(struct log *log, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log->len += (size_t)vsnprintf(log->text + log->len, sizeof(log->text) - log->len, format, args);
    va_end(args);
}

static void add_name(struct log *log, const char16_t *s, u32 len)
{
    log->len += u16_to_utf8(log->text + log->len, sizeof(log->text) - log->len - 1, s, len, false);
    log->text[log->len] = 0;
}

static u32 on_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    add(ctx, remove ? "remove key " : "key ");
    add_name(ctx, path, len);
    add(ctx, "\n");
    return ERROR_SUCCESS;
}

static u32 on_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data, u32 size)
{
    const u8 *bytes = data;

    add(ctx, "value ");
    add_name(ctx, name, len);
    add(ctx, " %u", type);
    for (u32 i = 0; i < size; i++)
        add(ctx, " %02x", bytes[i]);
    add(ctx, "\n");
    return ERROR_SUCCESS;
}

static u32 on_removal(void *ctx, const char16_t *name, u32 len)
{
    add(ctx, "remove value ");
    add_name(ctx, name, len);
    add(ctx, "\n");
    return ERROR_SUCCESS;
}

static u32 on_time(void *ctx, u64 time)
{
    add(ctx, "time %llx\n", (unsigned long long)time);
    return ERROR_SUCCESS;
}

static u32 on_class(void *ctx, const char16_t *text, u32 len)
{
    add(ctx, "class ");
    add_name(ctx, text, len);
    add(ctx, "\n");
    return ERROR_SUCCESS;
}

static u32 on_link(void *ctx)
{
    add(ctx, "link\n");
    return ERROR_SUCCESS;
}

static u32 on_relative(void *ctx, const char16_t *path, u32 len)
{
    add(ctx, "relative to ");
    add_name(ctx, path, len);
    add(ctx, "\n");
    return ERROR_SUCCESS;
}

static void on_problem(void *ctx, u32 line, const char *what)
{
    struct log *log = ctx;

    (void)what;
    add(log, "problem in line %u\n", line);
    log->problems++;
}

static u32 read_bytes(const void *bytes, size_t size, struct log *log)
{
    const struct regtext_sink sink = {.ctx = log,
                                      .key = on_key,
                                      .value = on_value,
                                      .remove_value = on_removal,
                                      .key_time = on_time,
                                      .key_class = on_class,
                                      .key_link = on_link,
                                      .relative_to = on_relative,
                                      .problem = on_problem};

    memset(log, 0, sizeof(*log));
    return regtext_read(bytes, size, 1252, &sink, NULL);
}

static void expect(const char *text, const char *said)
{
    struct log log;
    u32 err = read_bytes(text, strlen(text), &log);

    ok(!err, "error %u\n", err);
    ok(!strcmp(log.text, said), "got:\n%swanted:\n%s", log.text, said);
}

#define V5 "Windows Registry Editor Version 5.00\r\n\r\n"

static void values_of_each_kind_are_read(void)
{
    expect(V5 "[HKEY_CURRENT_USER\\Software\\A]\r\n@=\"x\"\r\n\"n\"=dword:0000002a\r\n"
              "\"b\"=hex:01,02,\\\r\n  03\r\n\"m\"=hex(7):61,00,00,00,00,00\r\n",
           "key HKEY_CURRENT_USER\\Software\\A\nvalue  1 78 00 00 00\nvalue n 4 2a 00 00 00\n"
           "value b 3 01 02 03\nvalue m 7 61 00 00 00 00 00\n");
}

static void quotes_and_backslashes_are_unescaped(void)
{
    expect(V5 "[A]\r\n\"a\\\"b\\\\c\"=\"\\\\\\\"\"\r\n",
           "key A\nvalue a\"b\\c 1 5c 00 22 00 00 00\n");
}

static void keys_and_values_are_removed(void)
{
    expect(V5 "[-A\\B]\r\n[A]\r\n\"v\"=-\r\n@=-\r\n",
           "remove key A\\B\nkey A\nremove value v\nremove value \n");
}

static void names_may_hold_brackets(void)
{
    expect(V5 "[A\\x[1]y]\r\n", "key A\\x[1]y\n");
}

static void what_makes_no_sense_is_left_out(void)
{
    expect(V5 "junk\r\n[A]\r\n\"v\"=dword:xyz\r\n\"w\"=dword:1\r\n\"broken\r\n",
           "problem in line 3\nkey A\nproblem in line 5\nvalue w 4 01 00 00 00\n"
           "problem in line 8\n");
}

static void a_value_needs_a_key(void)
{
    expect(V5 "\"v\"=\"x\"\r\n", "problem in line 3\n");
}

static void regedit4_holds_ansi_bytes(void)
{
    expect("REGEDIT4\n\n[A]\n\"\xe4\"=hex(2):25,e4,00\n",
           "key A\nvalue \xc3\xa4 2 25 00 e4 00 00 00\n");
}

static void wine_text_has_times_classes_and_links(void)
{
    expect(
        "WINE REGISTRY Version 2\n;; All keys relative to REGISTRY\\\\Machine\n\n#arch=win64\n\n"
        "[Software\\\\a\\[b\\]\\xe4] 1700000000\n#time=1da17b0\n#class=\"c\"\n#link\n"
        "\"s\"=str(2):\"%A%\"\n\"m\"=str(7):\"a\\0b\\0\"\n\"o\"=\"\\0011\\x20acx\"\n",
        "relative to REGISTRY\\Machine\nkey Software\\a[b]\xc3\xa4\ntime 1da17b0\nclass c\nlink\n"
        "value s 2 25 00 41 00 25 00 00 00\nvalue m 7 61 00 00 00 62 00 00 00 00 00\n"
        "value o 1 01 00 31 00 ac 20 78 00 00 00\n");
}

static void utf16_and_utf8_marks_are_known(void)
{
    static const char16_t wide[] = u"\xfeffWindows Registry Editor Version 5.00\r\n[\x6f22]\r\n";
    struct log log;

    ok(!read_bytes(wide, sizeof(wide) - 2, &log), "UTF-16 is refused\n");
    ok(!strcmp(log.text, "key \xe6\xbc\xa2\n"), "got %s", log.text);
    expect("\xef\xbb\xbf" V5 "[\xe6\xbc\xa2]\r\n", "key \xe6\xbc\xa2\n");
}

static void another_first_line_is_refused(void)
{
    struct log log;

    ok(read_bytes("hello\n[A]\n", 10, &log) == ERROR_INVALID_DATA, "taken\n");
    ok(read_bytes("", 0, &log) == ERROR_INVALID_DATA, "nothing is taken\n");
}

static void write_sample(struct regtext_writer *w)
{
    static const char16_t text[] = u"tab\tquote\"back\\", multi[] = u"one\0two\0";
    u8 bytes[200];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)i;
    regtext_begin(w, u"REGISTRY\\User");
    regtext_key(w, u"A\\b[c]", 6, 0x1da17b012345678, u"cls", 3, false);
    regtext_value(w, u"", 0, 1, text, sizeof(text));
    regtext_value(w, u"multi", 5, 7, multi, sizeof(multi));
    regtext_value(w, u"odd", 3, 1, "abc", 3);
    regtext_value(w, u"long binary", 11, 3, bytes, sizeof(bytes));
    regtext_value(w, u"none", 4, 0, "", 0);
    regtext_value(w, u"number", 6, 4, "\x01\x02\x03\x04", 4);
    regtext_value(w, u"embedded", 8, 1, u"a\0b", 8);
    ok(!w->err, "error %u\n", w->err);
}

static void each_form_reads_back_what_it_writes(void)
{
    static const char *const names[] = {"version 5", "REGEDIT4", "Wine's"};
    struct log first = {0}, log;

    for (int form = REGTEXT_V5; form <= REGTEXT_WINE; form++) {
        struct buf out = {0};
        struct regtext_writer w = {.out = &out, .form = (enum regtext_form)form, .codepage = 1252};
        const char *values;

        write_sample(&w);
        ok(!read_bytes(out.data, out.len, &log), "%s form is refused\n", names[form]);
        ok(!log.problems, "%s form has problems\n", names[form]);
        values = strstr(log.text, "value");
        if (form == REGTEXT_V5)
            first = log;
        ok(values && !strcmp(values, strstr(first.text, "value")), "%s form reads back as\n%s",
           names[form], log.text);
        buf_free(&out);
    }
}

static void a_path_that_would_remove_a_key_cannot_be_said(void)
{
    ok(!regtext_can_say(REGTEXT_V5, u"-a", 2), "as the first character\n");
    ok(!regtext_can_say(REGTEXT_V4, u"-", 1), "alone\n");
    ok(regtext_can_say(REGTEXT_V5, u"a\\-", 3), "a name further on\n");
    ok(regtext_can_say(REGTEXT_WINE, u"-a", 2), "in Wine's form\n");
}

START_TEST(reg_text)
{
    RUN(values_of_each_kind_are_read);
    RUN(quotes_and_backslashes_are_unescaped);
    RUN(keys_and_values_are_removed);
    RUN(names_may_hold_brackets);
    RUN(what_makes_no_sense_is_left_out);
    RUN(a_value_needs_a_key);
    RUN(regedit4_holds_ansi_bytes);
    RUN(wine_text_has_times_classes_and_links);
    RUN(utf16_and_utf8_marks_are_known);
    RUN(another_first_line_is_refused);
    RUN(each_form_reads_back_what_it_writes);
    RUN(a_path_that_would_remove_a_key_cannot_be_said);
}
