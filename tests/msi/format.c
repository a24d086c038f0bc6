/*
 * MsiFormatRecord without a session.
 */
#include "msitest.h"

static const struct {
    const char *text, *want;
} cases[] = {
    {"[1]", "one"},
    {"[1] [2] [3] [4]", "one two 33 "},
    {"[5]", ""},
    {"[0]", "[0]"},
    {"<[0]>", "<<[0]>>"},
    {"[-1]", "[-1]"},
    {"[01]", "one"},
    {"[name]", "[name]"},
    {"[1", "[1"},
    {"1]", "1]"},
    {"[]", "[]"},
    {"[ 1]", "[ 1]"},
    {"{[1]}", "one"},
    {"{[4]}", ""},
    {"{[4] x [1]}", ""},
    {"{x}", "{x}"},
    {"{}", ""},
    {"{{[1]}}", ""},
    {"{{x}}", ""},
    {"{[1]{[4]}}", "}"},
    {"{[1] {x}}", "one {x}"},
    {"[\\[]", "[\\[]"},
    {"[\\", "[\\"},
    {"a[~]b", "a[~]b"},
    {"[%PATH]", "[%PATH]"},
    {"[#file]", "[#file]"},
    {"[[1]]", "[one]"},
    {"[[3]]", ""},
    {"[[4]]", "[]"},
    {"{", "{"},
    {"{[1]", "{one"},
    {"[1]}", "one}"},
    {"{[name]}", "{[name]}"},
    {"{[name] [4]}", "{[name] }"},
    {"[1]{[4]}[2]", "onetwo"},
    {"{[1]}}", "one}"},
    {"{{[1]}", "{{one}"},
    {"[{1}]", "[{1}]"},
    {"[1{[2]}]", "[1two]"},
    {"x[1]y{z[2]w}", "xoneyztwow"},
    {"{a{b{c[1]}}}", "a{b{cone}}"},
    {"[x[1]y", "[x[1]y"},
    {"[1] [ [1]", "one [ [1]"},
    {"{[1] [}", "one ["},
    {"{{[1]} x} {[1]}", "{{one} x} {one}"},
    {"[1]\\[2]", "one\\two"},
    {"{abc}[1]", "{abc}one"},
};

static MSIHANDLE record(void)
{
    MSIHANDLE rec = MsiCreateRecord(4);

    MsiRecordSetStringA(rec, 1, "one");
    MsiRecordSetStringA(rec, 2, "two");
    MsiRecordSetInteger(rec, 3, 33);
    return rec;
}

static void texts_with_brackets_and_braces(void)
{
    MSIHANDLE rec = record();
    char buf[128];

    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        DWORD size = sizeof(buf);

        MsiRecordSetStringA(rec, 0, cases[i].text);
        ok(!MsiFormatRecordA(0, rec, buf, &size), "%s: error\n", cases[i].text);
        ok(!strcmp(buf, cases[i].want), "%s: %s\n", cases[i].text, buf);
        ok(size == strlen(buf), "%s: size %lu\n", cases[i].text, size);
    }
    MsiCloseHandle(rec);
}

static void without_a_template_all_fields_are_listed(void)
{
    MSIHANDLE rec = record();
    char buf[64];
    DWORD size = sizeof(buf);

    ok(!MsiFormatRecordA(0, rec, buf, &size), "format\n");
    ok(!strcmp(buf, "1: one 2: two 3: 33 4:  "), "got %s\n", buf);
    MsiCloseHandle(rec);
}

static void a_value_is_not_formatted_again(void)
{
    MSIHANDLE rec = record();
    char buf[64];
    DWORD size = sizeof(buf);

    MsiRecordSetStringA(rec, 0, "[1]");
    MsiRecordSetStringA(rec, 1, "[2]");
    ok(!MsiFormatRecordA(0, rec, buf, &size) && !strcmp(buf, "[2]"), "got %s\n", buf);
    ok(!strcmp(field(rec, 0), "[1]"), "the template became %s\n", field(rec, 0));
    MsiCloseHandle(rec);
}

static void no_record_is_an_error(void)
{
    char buf[8];
    DWORD size = sizeof(buf);

    ok(MsiFormatRecordA(0, 0, buf, &size) == ERROR_INVALID_HANDLE, "no record\n");
}

START_TEST(format)
{
    test_dll("msi");
    RUN(texts_with_brackets_and_braces);
    RUN(without_a_template_all_fields_are_listed);
    RUN(a_value_is_not_formatted_again);
    RUN(no_record_is_an_error);
}
