/*
 * Names from packages as names of files.
 */
#include "filename.h"
#include "os.h"
#include "test.h"
#include "utf16.h"

#define NAME_OF(name, want) check_name(__LINE__, name, ARRAY_LEN(name) - 1, want)

static void check_name(int line, const char16_t *name, size_t len, const char16_t *want)
{
    char16_t got[100];
    size_t n = file_name_of(name, len, got, ARRAY_LEN(got));

    ok(n == u16_len(want) && u16_equal(got, want), "line %d: %u units\n", line, (u32)n);
    ok(!n || file_name_is_plain(got, n), "line %d: not plain\n", line);
}

static void plain_names_stay(void)
{
    NAME_OF(u"Binary", u"Binary");
    NAME_OF(u"_a b.c-1", u"_a b.c-1");
    NAME_OF(u"Console", u"Console");
    NAME_OF(u"com10", u"com10");
    NAME_OF(u"\x00e9\x65e5", u"\x00e9\x65e5");
}

static void paths_are_no_names(void)
{
    NAME_OF(u"..\\..\\x", u"..%5C..%5Cx");
    NAME_OF(u"../x", u"..%2Fx");
    NAME_OF(u"c:x", u"c%3Ax");
    NAME_OF(u"..", u".%2E");
    NAME_OF(u".", u"%2E");
    NAME_OF(u"x. ", u"x.%20");
    NAME_OF(u"50%", u"50%25");
    NAME_OF(u"a\nb", u"a%0Ab");
}

static void devices_are_no_names(void)
{
    NAME_OF(u"Nul", u"%4Eul");
    NAME_OF(u"con.txt", u"%63on.txt");
    NAME_OF(u"COM1.x", u"%43OM1.x");
    NAME_OF(u"lpt\x00b2", u"%6Cpt\x00b2");
    NAME_OF(u"aux .x", u"%61ux .x");
    NAME_OF(u"ConOut$", u"%43onOut$");
}

static void what_does_not_fit_is_said(void)
{
    char16_t small[4];

    ok(file_name_of(u"a", 1, small, 4) == 1, "one\n");
    ok(!file_name_of(u"ab", 2, small, 4), "two and room for three more\n");
    ok(!file_name_of(u"", 0, small, 4) && !file_name_is_plain(u"", 0), "nothing\n");
}

static void names_that_differ_in_case_alone_are_marked(void)
{
    static const char16_t *const given[] = {u"Setup", u"setup", u"other", u"SETUP"};
    static const char16_t *const want[] = {u"Setup", u"setup%~2", u"other", u"SETUP%~3"};
    struct file_names set = {0};

    for (u32 i = 0; i < ARRAY_LEN(given); i++) {
        char16_t name[40];

        u16_copy(name, ARRAY_LEN(name), given[i]);
        ok(!file_names_add(&set, name, ARRAY_LEN(name)), "add %u\n", i);
        ok(u16_equal(name, want[i]), "name %u\n", i);
    }
    file_names_free(&set);
}

START_TEST(common_filename)
{
    RUN(plain_names_stay);
    RUN(paths_are_no_names);
    RUN(devices_are_no_names);
    RUN(what_does_not_fit_is_said);
    RUN(names_that_differ_in_case_alone_are_marked);
}
