/*
 * MsiEvaluateCondition.
 */
#include "package.h"

static const struct {
    const char *text;
    MSICONDITION want;
} cases[] = {
    {"0", MSICONDITION_FALSE},
    {"1", MSICONDITION_TRUE},
    {"-1", MSICONDITION_TRUE},
    {"", MSICONDITION_NONE},
    {"five", MSICONDITION_TRUE},
    {"nope", MSICONDITION_FALSE},
    {"not nope", MSICONDITION_TRUE},
    {"not five", MSICONDITION_FALSE},
    {"NOT 0", MSICONDITION_TRUE},
    {"1 and 0", MSICONDITION_FALSE},
    {"1 or 0", MSICONDITION_TRUE},
    {"1 xor 1", MSICONDITION_FALSE},
    {"1 eqv 1", MSICONDITION_TRUE},
    {"0 eqv 0", MSICONDITION_TRUE},
    {"1 imp 0", MSICONDITION_FALSE},
    {"0 imp 0", MSICONDITION_TRUE},
    {"five=5", MSICONDITION_TRUE},
    {"five = 5", MSICONDITION_TRUE},
    {"five<>5", MSICONDITION_FALSE},
    {"five=\"5\"", MSICONDITION_TRUE},
    {"five<6", MSICONDITION_TRUE},
    {"five>4", MSICONDITION_TRUE},
    {"five>=5", MSICONDITION_TRUE},
    {"five<=4", MSICONDITION_FALSE},
    {"5=five", MSICONDITION_TRUE},
    {"\"a\"=\"A\"", MSICONDITION_FALSE},
    {"\"a\"~=\"A\"", MSICONDITION_TRUE},
    {"\"abc\"><\"b\"", MSICONDITION_TRUE},
    {"\"abc\"<<\"ab\"", MSICONDITION_TRUE},
    {"\"abc\">>\"bc\"", MSICONDITION_TRUE},
    {"\"abc\">>\"bC\"", MSICONDITION_FALSE},
    {"\"abc\"~>>\"bC\"", MSICONDITION_TRUE},
    {"str><\"World\"", MSICONDITION_TRUE},
    {"str<<\"Hello\"", MSICONDITION_TRUE},
    {"str~<<\"hello\"", MSICONDITION_TRUE},
    {"1<\"2\"", MSICONDITION_FALSE},
    {"\"a\"<\"b\"", MSICONDITION_TRUE},
    {"1=1=1", MSICONDITION_ERROR},
    {"(1)", MSICONDITION_TRUE},
    {"((1)", MSICONDITION_ERROR},
    {"(1))", MSICONDITION_ERROR},
    {"1 2", MSICONDITION_ERROR},
    {"and", MSICONDITION_ERROR},
    {"1 and", MSICONDITION_ERROR},
    {"%NOSUCH", MSICONDITION_FALSE},
    {"&feat=3", MSICONDITION_FALSE},
    {"&feat=-1", MSICONDITION_FALSE},
    {"?feat", MSICONDITION_FALSE},
    {"$comp=3", MSICONDITION_FALSE},
    {"?comp=2", MSICONDITION_FALSE},
    {"!feat", MSICONDITION_FALSE},
    {"!nofeat", MSICONDITION_FALSE},
    {"&nofeat", MSICONDITION_FALSE},
    {"$nocomp=-1", MSICONDITION_FALSE},
    {"1.0=1", MSICONDITION_TRUE},
    {"five=5.0", MSICONDITION_TRUE},
    {"ver=\"1.2.3\"", MSICONDITION_TRUE},
    {"\"unterminated", MSICONDITION_ERROR},
    {"0x10", MSICONDITION_ERROR},
    {"2147483648", MSICONDITION_TRUE},
    {"-2147483648", MSICONDITION_TRUE},
    {"5<<1", MSICONDITION_FALSE},
    {"4><4", MSICONDITION_TRUE},
    {"3><1", MSICONDITION_TRUE},
    {"65537<<1", MSICONDITION_TRUE},
    {"65537>>1", MSICONDITION_TRUE},
    {"neg<0", MSICONDITION_TRUE},
    {"big>0", MSICONDITION_FALSE},
    {"big=\"4294967296\"", MSICONDITION_TRUE},
    {"NOT NOT 1", MSICONDITION_TRUE},
    {"not (1 or 0) and 0", MSICONDITION_FALSE},
    {"1 or 0 and 0", MSICONDITION_TRUE},
    {"0 and 0 or 1", MSICONDITION_TRUE},
    {"MYPROP=\"myprop\"", MSICONDITION_TRUE},
    {"myprop", MSICONDITION_FALSE},
    {"MYPROP", MSICONDITION_TRUE},
    {"empty", MSICONDITION_FALSE},
    {"not empty", MSICONDITION_TRUE},
    {"empty=0", MSICONDITION_FALSE},
    {"empty=\"\"", MSICONDITION_TRUE},
    {"nope=0", MSICONDITION_FALSE},
    {"nope=\"\"", MSICONDITION_TRUE},
    {"nope<>0", MSICONDITION_TRUE},
    {"nope<>\"x\"", MSICONDITION_TRUE},
    {"\"\"=nope", MSICONDITION_TRUE},
    {"\"\"", MSICONDITION_FALSE},
    {"\"x\"", MSICONDITION_TRUE},
    {"five ~= 5", MSICONDITION_TRUE},
    {"five ~<> 6", MSICONDITION_TRUE},
    {"1 AND NOT 0", MSICONDITION_TRUE},
    {"1\t=\t1", MSICONDITION_ERROR},
    {"1\n=\n1", MSICONDITION_ERROR},
    {"five = \"5 \"", MSICONDITION_FALSE},
    {"\"1\"=1", MSICONDITION_FALSE},
    {"\"01\"=1", MSICONDITION_FALSE},
    {"\"abc\"=1", MSICONDITION_FALSE},
    {"1 xor 0 xor 1", MSICONDITION_FALSE},
    {"1 imp 0 imp 0", MSICONDITION_TRUE},
    {"1 eqv 0 or 1", MSICONDITION_TRUE},
    {"five=5 and str", MSICONDITION_TRUE},
    {"~five", MSICONDITION_ERROR},
    {"5 ~= \"5\"", MSICONDITION_FALSE},
    {"\"a\" = \"a\" and \"b\" = \"b\"", MSICONDITION_TRUE},
    {"num=2147483647", MSICONDITION_TRUE},
    {"num=-1", MSICONDITION_FALSE},
    {"-five", MSICONDITION_ERROR},
    {"- 5 = -5", MSICONDITION_ERROR},
    {"-5=-5", MSICONDITION_TRUE},
    {"1=", MSICONDITION_ERROR},
    {"=1", MSICONDITION_ERROR},
    {"a b", MSICONDITION_ERROR},
    {"a=b=c", MSICONDITION_ERROR},
    {"(five=5)", MSICONDITION_TRUE},
    {"( five = 5 ) OR nope", MSICONDITION_TRUE},
    {"five = five", MSICONDITION_TRUE},
    {"_x", MSICONDITION_FALSE},
    {"x.y", MSICONDITION_FALSE},
    {"1 & 1", MSICONDITION_ERROR},
    {"?", MSICONDITION_ERROR},
    {"five == 5", MSICONDITION_ERROR},
    {"five != 5", MSICONDITION_ERROR},
    {"five => 5", MSICONDITION_ERROR},
    {"NOTfive", MSICONDITION_FALSE},
    {"not(five)", MSICONDITION_FALSE},
    {"(not five)", MSICONDITION_FALSE},
    {"1and 1", MSICONDITION_TRUE},
    {"1or0", MSICONDITION_ERROR},
    {"\"a\"<>\"b\"", MSICONDITION_TRUE},
    {"str=\"hello world\"", MSICONDITION_FALSE},
    {"five>\"\"", MSICONDITION_TRUE},
    {"\"\">five", MSICONDITION_FALSE},
    {"five<str", MSICONDITION_TRUE},
    {"str>5", MSICONDITION_FALSE},
    {"1 < x", MSICONDITION_FALSE},
    {" ", MSICONDITION_NONE},
    {"  1  ", MSICONDITION_TRUE},
    {"nope = nope", MSICONDITION_TRUE},
    {"nope ~= nope", MSICONDITION_TRUE},
    {"5 = \"5\"", MSICONDITION_FALSE},
    {"5 > \"4\"", MSICONDITION_FALSE},
    {"VersionNT", MSICONDITION_TRUE},
    {"VersionNT>=400", MSICONDITION_TRUE},
    {"&feat = 3 OR 1", MSICONDITION_TRUE},
    {"\"'\"=\"'\"", MSICONDITION_TRUE},
    {"'x'", MSICONDITION_ERROR},
    {"five = '5'", MSICONDITION_ERROR},
    {"five < ten", MSICONDITION_TRUE}, /* integers both */
    {"ten > five", MSICONDITION_TRUE},
    {"five < \"10\"", MSICONDITION_TRUE},
    {"five = \"05\"", MSICONDITION_TRUE},
    {"\"5\" < \"10\"", MSICONDITION_FALSE}, /* texts both */
    {"str > five", MSICONDITION_TRUE},
    {"ten >< five", MSICONDITION_FALSE}, /* bits */
    {"five >< \"05\"", MSICONDITION_TRUE},
    {"five << five", MSICONDITION_FALSE},
    {"five >> \"5\"", MSICONDITION_TRUE},
    {"five < 2147483648", MSICONDITION_TRUE}, /* too large to be told from the largest */
    {"num = 99999999999", MSICONDITION_TRUE},
    {"-99999999999 < neg", MSICONDITION_TRUE},
    {"\"x\" >< \"\"", MSICONDITION_TRUE},
    {"\"\" >< \"\"", MSICONDITION_FALSE},
    {"nope << \"\"", MSICONDITION_FALSE},
    {"nope >> nope", MSICONDITION_FALSE},
};

static const struct {
    const char *name, *value;
} properties[] = {{"five", "5"},        {"str", "Hello World"}, {"bar", "5"},
                  {"ver", "1.2.3"},     {"big", "4294967296"},  {"neg", "-1"},
                  {"MYPROP", "myprop"}, {"num", "2147483647"},  {"ten", "10"}};

static void statements(void)
{
    const char *name = new_name();
    MSIHANDLE session = open_session(name);

    for (unsigned i = 0; i < ARRAYSIZE(properties); i++)
        MsiSetPropertyA(session, properties[i].name, properties[i].value);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        MSICONDITION got = MsiEvaluateConditionA(session, cases[i].text);

        ok(got == cases[i].want, "%s: %d\n", cases[i].text, got);
    }
    ok(MsiEvaluateConditionA(session, NULL) == MSICONDITION_NONE, "none\n");
    ok(MsiEvaluateConditionA(0, "1") == MSICONDITION_ERROR, "no session\n");
    MsiCloseHandle(session);
    DeleteFileA(name);
}

static void deep_parentheses_are_an_error_and_no_crash(void)
{
    static char text[100001];
    const char *name = new_name();
    MSIHANDLE session = open_session(name);

    memset(text, '(', sizeof(text) - 1);
    ok(MsiEvaluateConditionA(session, text) == MSICONDITION_ERROR, "deep\n");
    MsiCloseHandle(session);
    DeleteFileA(name);
}

START_TEST(condition)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(statements);
    if (!test_builtin_dlls)
        RUN(deep_parentheses_are_an_error_and_no_crash);
}
