/*
 * MsiFormatRecord without a session.
 */
#include "msitest.h"

/* Braces and brackets pair from left to right, and what has no pair stays. */
#define DOC_PAIRS "Formatted"

static const struct {
    const char *text, *want;
    const char *doc; /* backs it where Wine's own DLL says something else */
} cases[] = {
    {"[1]", "one", NULL},
    {"[1] [2] [3] [4]", "one two 33 ", NULL},
    {"[5]", "", NULL},
    {"[0]", "[0]", NULL},
    {"<[0]>", "<<[0]>>", NULL},
    {"[-1]", "[-1]", NULL},
    {"[01]", "one", NULL},
    {"[name]", "[name]", NULL},
    {"[1", "[1", NULL},
    {"1]", "1]", NULL},
    {"[]", "[]", NULL},
    {"[ 1]", "[ 1]", NULL},
    {"{[1]}", "one", NULL},
    {"{[4]}", "", NULL},
    {"{[4] x [1]}", "", NULL},
    {"{x}", "{x}", NULL},
    {"{}", "", NULL},
    {"{{[1]}}", "", NULL},
    {"{{x}}", "", NULL},
    {"{[1]{[4]}}", "}", DOC_PAIRS},
    {"{[1] {x}}", "one {x}", DOC_PAIRS},
    {"[\\[]", "[\\[]", NULL},
    {"[\\", "[\\", NULL},
    {"a[~]b", "a[~]b", NULL},
    {"[%PATH]", "[%PATH]", NULL},
    {"[#file]", "[#file]", NULL},
    {"[[1]]", "[one]", NULL},
    {"[[3]]", "", NULL},
    {"[[4]]", "[]", NULL},
    {"{", "{", NULL},
    {"{[1]", "{one", NULL},
    {"[1]}", "one}", NULL},
    {"{[name]}", "{[name]}", NULL},
    {"{[name] [4]}", "{[name] }", NULL},
    {"[1]{[4]}[2]", "onetwo", NULL},
    {"{[1]}}", "one}", NULL},
    {"{{[1]}", "{{one}", NULL},
    {"[{1}]", "[{1}]", NULL},
    {"[1{[2]}]", "[1two]", NULL},
    {"x[1]y{z[2]w}", "xoneyztwow", NULL},
    {"{a{b{c[1]}}}", "a{b{cone}}", DOC_PAIRS},
    {"[x[1]y", "[x[1]y", NULL},
    {"[1] [ [1]", "one [ [1]", DOC_PAIRS},
    {"{[1] [}", "one [", DOC_PAIRS},
    {"{{[1]} x} {[1]}", "{{one} x} {one}", NULL},
    {"[1]\\[2]", "one\\two", NULL},
    {"{abc}[1]", "{abc}one", NULL},
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
        differs(cases[i].doc) ok(!strcmp(buf, cases[i].want), "%s: %s\n", cases[i].text, buf);
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
