/*
 * Properties on a command line.
 */
#include "test.h"

#include "cmdline.h"
#include "os.h"
#include "textbuf.h"
#include "utf16.h"

/* "NAME=value;" of each. */
static u32 note(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                size_t value_len)
{
    struct text_buf *out = ctx;

    tb_add(out, name, name_len);
    tb_char(out, '=');
    tb_add(out, value, value_len);
    tb_char(out, ';');
    return ERROR_SUCCESS;
}

static void lines(void)
{
    static const struct {
        const char16_t *line, *want;
        u32 err;
    } cases[] = {{u"", u"", 0},
                 {u"  ", u"", 0},
                 {u"A=1", u"A=1;", 0},
                 {u"A=1 B=2", u"A=1;B=2;", 0},
                 {u"\tA=1\r\nB=2 ", u"A=1;B=2;", 0},
                 {u"lower=Value", u"LOWER=Value;", 0},
                 {u"A.b_1=x", u"A.B_1=x;", 0},
                 {u"A=\"a b\"", u"A=a b;", 0},
                 {u"A=\"a \"\"quoted\"\" b\"", u"A=a \"quoted\" b;", 0},
                 {u"A=\"\"", u"A=;", 0},
                 {u"A=", u"A=;", 0},
                 {u"A= B=2", u"A=;B=2;", 0},
                 {u"A = \"x y\" B=2", u"A=x y;B=2;", 0},
                 {u"A=C:\\dir\\\"a b\"\\x", u"A=C:\\dir\\a b\\x;", 0},
                 {u"A=B=C", u"A=B=C;", 0},
                 {u"A", u"", ERROR_INVALID_COMMAND_LINE},
                 {u"A B=1", u"", ERROR_INVALID_COMMAND_LINE},
                 {u"=1", u"", ERROR_INVALID_COMMAND_LINE},
                 {u"1A=1", u"", ERROR_INVALID_COMMAND_LINE},
                 {u"A=1 \"B=2\"", u"A=1;", ERROR_INVALID_COMMAND_LINE},
                 {u"A=\"open", u"", ERROR_INVALID_COMMAND_LINE},
                 {u"A-B=1", u"", ERROR_INVALID_COMMAND_LINE}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_buf out;
        u32 err;

        tb_init(&out);
        err = cmdline_each(cases[i].line, u16_len(cases[i].line), note, &out);
        ok(err == cases[i].err, "%u: error %u\n", (unsigned)i, err);
        ok(u16_equal(out.s ? out.s : u"", cases[i].want), "%u: another result\n", (unsigned)i);
        tb_free(&out);
    }
}

static u32 refuse(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                  size_t value_len)
{
    UNUSED(name);
    UNUSED(name_len);
    UNUSED(value);
    UNUSED(value_len);
    return ++*(u32 *)ctx == 2 ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static void the_first_error_ends_it(void)
{
    u32 calls = 0;

    ok(cmdline_each(u"A=1 B=2 C=3", 11, refuse, &calls) == ERROR_ACCESS_DENIED, "error\n");
    ok(calls == 2, "%u calls\n", calls);
}

START_TEST(msi_cmdline)
{
    RUN(lines);
    RUN(the_first_error_ends_it);
}
