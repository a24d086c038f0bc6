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
           "problem in line 7\n");
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

    ok(read_bytes("hello\n[A]\n", 10, &log) == ERROR_NOT_REGISTRY_FILE, "taken\n");
    ok(read_bytes("", 0, &log) == ERROR_NOT_REGISTRY_FILE, "nothing is taken\n");
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
    regtext_value(w, u"odd multi", 9, 7, "a\0b", 3);
    regtext_value(w, u"one byte", 8, 2, "a", 1);
    regtext_value(w, u"no end", 6, 1, text, 8);
    regtext_value(w, u"no end either", 13, 2, text, 8);
    regtext_value(w, u"no words", 8, 7, text, 8);
    regtext_value(w, u"no text", 7, 2, "", 0);
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

static void a_path_that_would_be_something_else_cannot_be_said(void)
{
    ok(!regtext_can_say(REGTEXT_V5, u" a", 2), "a blank\n");
    ok(!regtext_can_say(REGTEXT_V4, u"\ta", 2), "a tab\n");
    ok(!regtext_can_say(REGTEXT_V5, u"-a", 2), "as the first character\n");
    ok(!regtext_can_say(REGTEXT_V4, u"-", 1), "alone\n");
    ok(regtext_can_say(REGTEXT_V5, u"a\\-", 3), "a name further on\n");
    ok(regtext_can_say(REGTEXT_WINE, u"-a", 2), "in Wine's form\n");
}

/* Each with a value before and one behind it, which are taken whatever the line is. */
static void expect_line(const char *line, const char *said)
{
    char text[600], wanted[600];

    snprintf(text, sizeof(text), V5 "[A]\r\n\"a\"=\"1\"\r\n%s\r\n\"z\"=\"2\"\r\n", line);
    snprintf(wanted, sizeof(wanted), "key A\nvalue a 1 31 00 00 00\n%svalue z 1 32 00 00 00\n",
             said);
    expect(text, wanted);
}

#define REFUSED "problem in line 5\n"

static void a_line_is_taken_whole_or_not_at_all(void)
{
    static const char *const refused[] = {"\"v\"=dword:0x00000001",
                                          "\"v\"=dword:000000001",
                                          "\"v\"=dword:",
                                          "\"v\"=dword:1 x",
                                          "\"v\"=DWORD:1",
                                          "\"v\"=\"notepad.exe \"%1\"\"",
                                          "\"v\"=\"x\" # why",
                                          "\"v\"=\"x\"y",
                                          "\"v\"=\"x",
                                          "\"v\"=\"x\\",
                                          "\"v",
                                          "\"v\"",
                                          "\"v\"=",
                                          "\"v\"=x",
                                          "\"v\":\"x\"",
                                          "v=\"x\"",
                                          "@v=\"x\"",
                                          "\"v\"=-x",
                                          "\"v\"=hex:123,45",
                                          "\"v\"=hex:01 02",
                                          "\"v\"=hex:01 ,02",
                                          "\"v\"=hex:01,0g",
                                          "\"v\"=hex:01,,02",
                                          "\"v\"=hex:01,02 x",
                                          "\"v\"=hex(g):01",
                                          "\"v\"=hex(2:01",
                                          "\"v\"=hex2:01",
                                          "\"v\"=hex(123456789):01",
                                          "\"v\"=hex(0x2):01",
                                          "\"v\"=hex(-):01",
                                          "\"v\"=hex(2 ):01",
                                          "\"v\\0w\"=\"x\"",
                                          "\"v\"=str:\"x\"",
                                          "\"v\"=hex:01,02\\",
                                          "\"v\"=hex:-1",
                                          "\"v\"=hex:0x",
                                          "\"v\"=hex( ):01",
                                          "\"v\"=hex(1ffffffff):01",
                                          "\"v\"=dword: ",
                                          "\"v\"=dword:\v1",
                                          "# comment",
                                          "junk"};

    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        expect_line(refused[i], REFUSED);
}

static void what_regedit_takes_is_taken(void)
{
    static const struct {
        const char *line, *said;
    } taken[] = {
        {"\"v\"=dword:1", "value v 4 01 00 00 00\n"},
        {" \t\"v\" = dword: 1 ; why", "value v 4 01 00 00 00\n"},
        {"\"v\"=\"x\";why", "value v 1 78 00 00 00\n"},
        {"\"v\"=\"\\q\"", "value v 1 71 00 00 00\n"},
        {"@=-", "remove value \n"},
        {"\"v\"=- ; why", "remove value v\n"},
        {"\"v\"=hex:", "value v 3\n"},
        {"\"v\"=hex:1, 02,", "value v 3 01 02\n"},
        {"\"v\"=hex:0x01 ; why", "value v 3 01\n"},
        {"\"v\"=hex( 2):61,00,00,00", "value v 2 61 00 00 00\n"},
        {"\"v\"=hex(ffffffff):61", "value v 4294967295 61\n"},
        {"\"v\"=hex(00000000002):00,00", "value v 2 00 00\n"},
        {"\"v\"=hex(+2):00,00", "value v 2 00 00\n"},
        {"\"v\"=hex( 0x2):00,00", "value v 2 00 00\n"},
        {"\"v\"=hex(\v2):00,00", "value v 2 00 00\n"},
        {"\"v\"=hex(\xa0\x32):00,00", "value v 2 00 00\n"},
        {"\"v\"=hex:+1,\v2,00000003,-0", "value v 3 01 02 03 00\n"},
        {"\"v\"=dword:;why", "value v 4 00 00 00 00\n"},
        {"\"v\"=hex(-2):61", "value v 4294967294 61\n"},
        {"\"v\"=hex():61", "value v 0 61\n"},
        {"\"v\"=hex(1100):61", "value v 4352 61\n"},
        {"; a comment", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(taken); i++)
        expect_line(taken[i].line, taken[i].said);
}

static void a_list_goes_on_behind_comments_and_empty_lines(void)
{
    static const char *const lists[] = {
        "\"v\"=hex:01,\\\r\n  02",       "\"v\"=hex:01,\\ ; why\r\n  02",
        "\"v\"=hex:01, \\ \r\n02 ; why", "\"v\"=hex:01,\\\r\n\r\n  ; a comment\r\n\r\n 02",
        "\"v\"=hex:\\\r\n01,02",
    };

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        expect_line(lists[i], "value v 3 01 02\n");
}

/* The first byte of a line that goes on is a digit. */
static void a_list_goes_on_with_a_digit_alone(void)
{
    static const char *const rests[] = {"+2", "-0", "\v2", "\xa0\x32", "\\", "\\\r\n02", ",02"};

    for (size_t i = 0; i < ARRAY_LEN(rests); i++) {
        char line[40];
        struct log log;
        char text[200];

        snprintf(line, sizeof(line), "\"v\"=hex:01,\\\r\n%s", rests[i]);
        snprintf(text, sizeof(text), V5 "[A]\r\n%s\r\n\"z\"=\"2\"\r\n", line);
        ok(!read_bytes(text, strlen(text), &log) && log.problems, "%u: taken\n", (unsigned)i);
        ok(!strstr(log.text, "value v") && strstr(log.text, "value z"), "%s", log.text);
    }
    expect_line("\"v\"=hex:01,\\\r\n 0x2", "value v 3 01 02\n");
}

static void digits_of_other_scripts_are_digits(void)
{
    expect("\xef\xbb\xbf" V5
           "[A]\r\n\"v\"=hex:\xd9\xa2,\xef\xbc\x91\r\n\"w\"=dword:\xef\xbc\x92\r\n"
           "\"x\"=dword:\xd9\xa2\r\n",
           "key A\nvalue v 3 02 01\nvalue w 4 02 00 00 00\nproblem in line 6\n");
}

static void text_in_a_list_gets_its_terminator(void)
{
    static const struct {
        const char *list, *said;
    } v5[] = {{"1):61,00", "1 61 00 00 00"},
              {"2):61,00,62,00", "2 61 00 62 00 00 00"},
              {"7):61,00", "7 61 00 00 00"},
              {"7):61,00,00,00", "7 61 00 00 00"},
              {"2):", "2"},
              {"1):61,00,62", "1 61 00 00 00 00"},
              {"6):61,00", "6 61 00"},
              {"3):61,00", "3 61 00"}},
      v4[] = {{"1):61", "1 61 00 00 00"},
              {"2):61,00", "2 61 00 00 00"},
              {"7):61,00,62", "7 61 00 00 00 62 00 00 00"},
              {"2):", "2"},
              {"6):61", "6 61"}};
    char text[200], said[200];

    for (size_t i = 0; i < ARRAY_LEN(v5); i++) {
        snprintf(text, sizeof(text), "\"v\"=hex(%s", v5[i].list);
        snprintf(said, sizeof(said), "value v %s\n", v5[i].said);
        expect_line(text, said);
    }
    for (size_t i = 0; i < ARRAY_LEN(v4); i++) {
        snprintf(text, sizeof(text), "REGEDIT4\r\n[A]\r\n\"v\"=hex(%s\r\n", v4[i].list);
        snprintf(said, sizeof(said), "key A\nvalue v %s\n", v4[i].said);
        expect(text, said);
    }
}

/* In the line before, where every regedit takes a comment; behind the list it was once written. */
static void a_list_without_a_terminator_is_marked(void)
{
    struct buf out = {0};
    struct regtext_writer w = {.out = &out, .form = REGTEXT_V4, .codepage = 1252};

    expect_line("; no terminator\r\n\"v\"=hex(2):61,00", "value v 2 61 00\n");
    expect_line("; no terminator \r\n\"v\"=hex(2):61,\\\r\n  00", "value v 2 61 00\n");
    expect_line("\"v\"=hex(2):61,00 ; no terminator", "value v 2 61 00\n");
    expect_line("; no terminator\r\n\r\n\"v\"=hex(2):61,00", "value v 2 61 00 00 00\n");
    expect_line("; no terminator\r\n; why\r\n\"v\"=hex(2):61,00", "value v 2 61 00 00 00\n");
    expect_line("; no terminator, no\r\n\"v\"=hex(2):61,00", "value v 2 61 00 00 00\n");
    regtext_value(&w, u"v", 1, 1, u"a", 2);
    regtext_value(&w, u"w", 1, 1, u"ab", 3);
    ok(!w.err && !buf_add(&out, "", 1), "written\n");
    ok(!strcmp((char *)out.data,
               "; no terminator\r\n\"v\"=hex(1):61\r\n; UTF-16\r\n\"w\"=hex(1):61,00,62\r\n"),
       "%s", (char *)out.data);
    buf_free(&out);
}

static void regedit4_in_utf16_has_utf16_lists(void)
{
    static const char16_t wide[] = u"\xfeffREGEDIT4\r\n[A]\r\n\"v\"=hex(2):61,00,62,00\r\n";
    struct log log;

    ok(!read_bytes(wide, sizeof(wide) - 2, &log), "refused\n");
    ok(!strcmp(log.text, "key A\nvalue v 2 61 00 62 00 00 00\n"), "got %s", log.text);
}

/* regedit goes on with the key before. */
static void what_is_no_key_line_ends_no_key(void)
{
    static const char *const lines[] = {"[", "[B", "[ B]", "[\tB]", "[-B", "[ -A]"};

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        expect_line(lines[i], REFUSED);
}

static void the_first_line_is_exact(void)
{
    static const char *const refused[] = {"\r\nREGEDIT4\r\n",
                                          "REGEDIT4 \r\n",
                                          "REGEDIT4x\r\n",
                                          "REGEDIT4;c\r\n",
                                          "REGEDIT41\r\n",
                                          "regedit4\r\n",
                                          "Windows Registry Editor Version 5.00 \r\n",
                                          "Windows Registry Editor Version 5.00;c\r\n",
                                          "\nWindows Registry Editor Version 5.00\r\n"};
    struct log log;

    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        ok(read_bytes(refused[i], strlen(refused[i]), &log) == ERROR_NOT_REGISTRY_FILE,
           "%s: taken\n", refused[i]);
    expect(" \tREGEDIT4", "");
}

static void behind_a_bad_line_each_line_is_what_it_is(void)
{
    expect(V5 "[A]\r\n\"x\"=hex:01,02\\\r\n[B]\r\n\"y\"=\"z\"\r\n",
           "key A\nproblem in line 4\nkey B\nvalue y 1 7a 00 00 00\n");
    expect(V5 "[A]\r\n\"x\"=\"y\r\n[B]\r\n\"y\"=\"z\"\r\n",
           "key A\nproblem in line 4\nkey B\nvalue y 1 7a 00 00 00\n");
}

static void every_encoding_is_known(void)
{
    static const char wide[] =
        "\0W\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0 \0E\0d\0i\0t\0o\0r"
        "\0 \0V\0e\0r\0s\0i\0o\0n\0 \0005\0.\0000\0000\0\n\0[\0\xe4\0]";
    const struct regtext_sink sink = {.key = on_key};
    struct log log;
    char marked[sizeof(wide) + 1] = "\xfe\xff";

    ok(!read_bytes(wide, sizeof(wide) - 1, &log) && !strcmp(log.text, "key \xc3\xa4\n"),
       "UTF-16BE: %s\n", log.text);
    memcpy(marked + 2, wide, sizeof(wide) - 1);
    ok(!read_bytes(marked, sizeof(wide) + 1, &log) && !strcmp(log.text, "key \xc3\xa4\n"),
       "UTF-16BE with a mark: %s\n", log.text);
    for (u32 utf8 = 0; utf8 < 2; utf8++) {
        const char *text = utf8 ? "REGEDIT4\n[\xc3\xa4]\n" : "REGEDIT4\n[\xe4]\n";
        struct regtext_sink s = sink;

        memset(&log, 0, sizeof(log));
        s.ctx = &log;
        ok(!regtext_read(text, strlen(text), 0, &s, NULL), "refused\n");
        ok(!strcmp(log.text, "key \xc3\xa4\n"), "%u: %s\n", utf8, log.text);
    }
}

START_TEST(reg_text)
{
    RUN(a_line_is_taken_whole_or_not_at_all);
    RUN(what_regedit_takes_is_taken);
    RUN(a_list_goes_on_behind_comments_and_empty_lines);
    RUN(a_list_goes_on_with_a_digit_alone);
    RUN(digits_of_other_scripts_are_digits);
    RUN(text_in_a_list_gets_its_terminator);
    RUN(a_list_without_a_terminator_is_marked);
    RUN(regedit4_in_utf16_has_utf16_lists);
    RUN(what_is_no_key_line_ends_no_key);
    RUN(the_first_line_is_exact);
    RUN(behind_a_bad_line_each_line_is_what_it_is);
    RUN(every_encoding_is_known);
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
    RUN(a_path_that_would_be_something_else_cannot_be_said);
}
