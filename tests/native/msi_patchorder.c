/*
 * Patches in order: which of them fit, which come before which, which are superseded; and what a
 * patch says of itself as XML, whole and damaged.
 */
#include "test.h"

#include <string.h>

#include "os.h"
#include "patchorder.h"
#include "utf16.h"

#define CODE  "{11111111-1111-1111-1111-111111111111}"
#define OTHER "{22222222-2222-2222-2222-222222222222}"

/* --- making patches -----------------------------------------------------------------------------
 */

enum { PATCHES = 8 };

static struct patch_data patches[PATCHES];
static struct patch_item items[PATCHES];
static u32 count;

static u32 read_text(const char *text, struct patch_data *d)
{
    char16_t *wide = u16_dup_utf8(text);
    u32 err = patch_read_xml(wide, u16_len(wide), d);

    os_free(wide);
    return err;
}

static void forget(void)
{
    for (u32 i = 0; i < count; i++)
        patch_data_free(&patches[i]);
    count = 0;
}

/* A patch of CODE from one version to another, with its number as its code; families is what stands
 * for them in XML. */
static void patch(const char *from, const char *to, const char *families)
{
    static char xml[4096];
    u32 err;

    snprintf(xml, sizeof(xml),
             "<MsiPatch PatchGUID='{00000000-0000-0000-0000-00000000000%u}'><TargetProduct>"
             "<TargetProductCode Validate='true'>" CODE "</TargetProductCode>"
             "<TargetVersion Validate='true' ComparisonType='Equal' "
             "ComparisonFilter='MajorMinorUpdate'>%s</TargetVersion>"
             "<UpdatedVersion>%s</UpdatedVersion></TargetProduct>"
             "<TargetProductCode>" CODE "</TargetProductCode>%s</MsiPatch>",
             count, from, to, families);
    err = read_text(xml, &patches[count]);
    ok(!err, "patch %u: error %u\n", count, err);
    items[count] = (struct patch_item){.data = &patches[count]};
    count++;
}

#define FAMILY(name, seq) \
    "<SequenceData><PatchFamily>" name "</PatchFamily><Sequence>" seq "</Sequence></SequenceData>"
#define SUPERSEDING(name, seq)                                        \
    "<SequenceData><PatchFamily>" name "</PatchFamily><Sequence>" seq \
    "</Sequence><Attributes>1</Attributes></SequenceData>"
#define FAMILY_OF(name, code, seq)                                        \
    "<SequenceData><PatchFamily>" name "</PatchFamily><ProductCode>" code \
    "</ProductCode><Sequence>" seq "</Sequence></SequenceData>"

static u32 order_on(const char *version)
{
    struct patch_base base = {.language = 1033};
    char16_t *wide = u16_dup_utf8(version);

    u16_copy(base.code, ARRAY_LEN(base.code), u"" CODE);
    ok(version_read(wide, u16_len(wide), &base.version), "version\n");
    os_free(wide);
    return patch_order(&base, items, count);
}

/* The orders as "1 0 -1s -1x": s superseded or obsolete, x for something else, c circular. */
static const char *orders(void)
{
    static char text[128];
    size_t n = 0;

    text[0] = 0;
    for (u32 i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%d%s", i ? " " : "", items[i].order,
                              items[i].order >= 0                               ? ""
                              : items[i].status == ERROR_SUCCESS                ? "s"
                              : items[i].status == ERROR_PATCH_TARGET_NOT_FOUND ? "x"
                              : items[i].status == ERROR_PATCH_NO_SEQUENCE      ? "c"
                                                                                : "?");
    return text;
}

static void check(int line, const char *version, const char *wanted)
{
    u32 err = order_on(version);

    ok(!err, "line %d: error %u\n", line, err);
    ok(!strcmp(orders(), wanted), "line %d: %s, wanted %s\n", line, orders(), wanted);
    forget();
}

/* --- order --------------------------------------------------------------------------------------
 */

static void small_updates_before_the_service_pack(void)
{
    patch("1.0", "1.1", FAMILY("App", "1.3.0"));
    patch("1.0", "1.0", FAMILY("App", "1.2.0"));
    patch("1.0", "1.0", FAMILY("App", "1.1.0"));
    check(__LINE__, "1.0", "2 1 0");
}

static void a_service_pack_that_has_them_all(void)
{
    patch("1.0", "1.0", FAMILY("App", "1.1"));
    patch("1.0", "1.1", SUPERSEDING("App", "1.3"));
    patch("1.0", "1.0", FAMILY("App", "1.2"));
    check(__LINE__, "1.0", "-1s 0 -1s");
}

static void small_updates_go_to_the_last_version_that_takes_them(void)
{
    patch("1.1", "1.1", FAMILY("App", "2"));
    patch("1.0", "1.0", FAMILY("App", "1"));
    patch("1.0", "1.1", FAMILY("Pack", "1"));
    check(__LINE__, "1.0", "2 0 1");
    patch("1.1", "1.1", FAMILY("App", "2"));
    patch("1.0", "1.0", FAMILY("App", "1"));
    check(__LINE__, "1.0", "-1x 0");
}

static void service_packs_by_version(void)
{
    patch("1.2", "1.3", FAMILY("App", "3"));
    patch("1.0", "1.2", FAMILY("App", "2"));
    check(__LINE__, "1.0", "1 0");
    /* the second goes on what the first has made no more */
    patch("1.0", "1.1", FAMILY("App", "1"));
    patch("1.0", "1.2", FAMILY("App", "2"));
    check(__LINE__, "1.0", "0 -1x");
    /* unless it has it all */
    patch("1.0", "1.1", FAMILY("App", "1"));
    patch("1.0", "1.2", SUPERSEDING("App", "2"));
    check(__LINE__, "1.0", "-1s 0");
}

static void superseding_is_for_every_family(void)
{
    patch("1.0", "1.0", FAMILY("A", "1") FAMILY("B", "1"));
    patch("1.0", "1.0", SUPERSEDING("A", "2"));
    check(__LINE__, "1.0", "0 1");
    patch("1.0", "1.0", FAMILY("A", "1") FAMILY("B", "1"));
    patch("1.0", "1.0", SUPERSEDING("A", "2") SUPERSEDING("B", "2"));
    check(__LINE__, "1.0", "-1s 0");
    /* an earlier one supersedes nothing */
    patch("1.0", "1.0", FAMILY("A", "3"));
    patch("1.0", "1.0", SUPERSEDING("A", "2"));
    check(__LINE__, "1.0", "1 0");
}

static void a_small_update_supersedes_no_service_pack(void)
{
    patch("1.0", "1.1", FAMILY("A", "1"));
    patch("1.1", "1.1", SUPERSEDING("A", "2"));
    check(__LINE__, "1.0", "0 1");
}

static void without_families_as_they_come(void)
{
    patch("1.1", "1.2", "");
    patch("1.0", "1.1", "");
    check(__LINE__, "1.0", "-1x 0");
    patch("1.0", "1.0", FAMILY("A", "1"));
    patch("1.0", "1.0", "");
    check(__LINE__, "1.0", "1 0");
}

static void obsolete_ones(void)
{
    patch("1.0", "1.0", "");
    patch("1.0", "1.0", "<ObsoletedPatch>{00000000-0000-0000-0000-000000000000}</ObsoletedPatch>");
    check(__LINE__, "1.0", "-1s 0");
    /* what has a place in a family is not made obsolete so */
    patch("1.0", "1.0", FAMILY("A", "1"));
    patch("1.0", "1.0", "<ObsoletedPatch>{00000000-0000-0000-0000-000000000000}</ObsoletedPatch>");
    check(__LINE__, "1.0", "1 0");
}

static void families_that_contradict(void)
{
    u32 err;

    patch("1.0", "1.0", FAMILY("A", "1") FAMILY("B", "2"));
    patch("1.0", "1.0", FAMILY("A", "2") FAMILY("B", "1"));
    patch("1.0", "1.0", FAMILY("C", "1"));
    err = order_on("1.0");
    ok(err == ERROR_PATCH_NO_SEQUENCE, "error %u\n", err);
    ok(!strcmp(orders(), "-1c -1c -1s"), "%s\n", orders());
    forget();
}

static void the_product_s_own_row_counts(void)
{
    patch("1.0", "1.0", FAMILY("A", "1") FAMILY_OF("A", CODE, "9"));
    patch("1.0", "1.0", FAMILY("A", "2") FAMILY_OF("A", OTHER, "10"));
    check(__LINE__, "1.0", "1 0");
}

static void versions_are_compared_as_told(void)
{
    static const struct {
        const char *there, *kind, *filter;
        bool fits;
    } cases[] = {{"1.2.3", "Equal", "MajorMinorUpdate", true},
                 {"1.2.4", "Equal", "MajorMinorUpdate", false},
                 {"1.2.4", "Equal", "MajorMinor", true},
                 {"1.3", "Equal", "MajorMinor", false},
                 {"1.9", "Equal", "Major", true},
                 {"1.2.2", "LessThan", "MajorMinorUpdate", true},
                 {"1.2.3", "LessThan", "MajorMinorUpdate", false},
                 {"1.2.3", "LessThanOrEqual", "MajorMinorUpdate", true},
                 {"1.2.4", "GreaterThan", "MajorMinorUpdate", true},
                 {"1.2.3", "GreaterThan", "MajorMinorUpdate", false},
                 {"1.2.3", "GreaterThanOrEqual", "MajorMinorUpdate", true},
                 {"1.2.2", "GreaterThanOrEqual", "MajorMinorUpdate", false},
                 {"7", "None", "MajorMinorUpdate", true},
                 {"7", "Equal", "None", true}};
    char xml[1024];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        snprintf(xml, sizeof(xml),
                 "<MsiPatch PatchGUID='" OTHER "'><TargetProduct><TargetProductCode>" CODE
                 "</TargetProductCode><TargetVersion Validate='true' ComparisonType='%s' "
                 "ComparisonFilter='%s'>1.2.3</TargetVersion></TargetProduct></MsiPatch>",
                 cases[i].kind, cases[i].filter);
        ok(!read_text(xml, &patches[0]), "read\n");
        items[0] = (struct patch_item){.data = &patches[0]};
        count = 1;
        ok(!order_on(cases[i].there), "order\n");
        ok((items[0].order == 0) == cases[i].fits, "%s %s %s\n", cases[i].there, cases[i].kind,
           cases[i].filter);
        forget();
    }
}

static void what_cannot_be_read_is_left_out(void)
{
    patch("1.0", "1.0", "");
    patch("1.0", "1.0", "");
    items[0].error = ERROR_PATCH_PACKAGE_OPEN_FAILED;
    items[0].data = NULL;
    ok(!order_on("1.0"), "order\n");
    ok(items[0].order == -1 && items[0].status == ERROR_PATCH_PACKAGE_OPEN_FAILED, "the first\n");
    ok(items[1].order == 0, "the second\n");
    forget();
}

/* --- XML ----------------------------------------------------------------------------------------
 */

static const char whole[] =
    "<MsiPatch xmlns=\"http://www.microsoft.com/msi/patch_applicability.xsd\" "
    "SchemaVersion=\"1.0.0.0\" PatchGUID=\"" OTHER "\" MinMsiVersion=\"5\" TargetsRTM=\"true\">"
    "<TargetProduct MinMsiVersion=\"300\">"
    "<TargetProductCode Validate=\"true\">" CODE "</TargetProductCode>"
    "<UpdatedProductCode>" OTHER "</UpdatedProductCode>"
    "<TargetVersion Validate=\"true\" ComparisonType=\"Equal\" "
    "ComparisonFilter=\"MajorMinorUpdate\">1.0.0</TargetVersion>"
    "<UpdatedVersion>1.0.1</UpdatedVersion>"
    "<TargetLanguage Validate=\"false\">1033</TargetLanguage>"
    "<UpdatedLanguages>1033 1031</UpdatedLanguages>"
    "<UpgradeCode Validate=\"true\">" OTHER "</UpgradeCode></TargetProduct>"
    "<TargetProductCode>" CODE "</TargetProductCode>"
    "<ObsoletedPatch>" CODE "</ObsoletedPatch>"
    "<SequenceData><PatchFamily>A</PatchFamily><ProductCode>" CODE "</ProductCode>"
    "<Sequence>1.2.3.4</Sequence><Attributes>1</Attributes></SequenceData></MsiPatch>\r\n";

static void xml_there_and_back(void)
{
    struct patch_data d;
    char16_t *xml;
    char *back;

    ok(!read_text(whole, &d), "read\n");
    ok(!patch_write_xml(&d, &xml), "write\n");
    back = u16_dup_to_utf8(xml);
    ok(!strcmp(back, whole), "got %s\n", back);
    os_free(back);
    os_free(xml);
    patch_data_free(&d);
}

static void xml_cut_anywhere(void)
{
    char16_t *wide = u16_dup_utf8(whole);
    struct patch_data d;

    for (size_t n = 0; n < sizeof(whole) - 3; n++) {
        char16_t *part = u16_dup(wide, n);
        u32 err = patch_read_xml(part, n, &d);

        ok(err == ERROR_INVALID_PATCH_XML, "the first %zu characters: %u\n", n, err);
        os_free(part);
    }
    os_free(wide);
}

#define BODY "<TargetProduct><TargetProductCode>" CODE "</TargetProductCode></TargetProduct>"
#define ROOT "<MsiPatch PatchGUID='" OTHER "'>"

static void xml_in_its_forms(void)
{
    static const char *const good[] = {
        "<?xml version='1.0'?>" ROOT BODY "</MsiPatch>",
        "<!-- a --> " ROOT "<!-- b -->" BODY "</MsiPatch><!-- c -->",
        "<m:MsiPatch xmlns:m='x' PatchGUID='" OTHER "'>" BODY "</m:MsiPatch>",
        ROOT "<TargetProduct><TargetProductCode> <![CDATA[" CODE "]]>\n</TargetProductCode>"
             "</TargetProduct></MsiPatch>",
        ROOT "<TargetProduct><TargetProductCode>&#123;"
             "11111111-1111-1111-1111-111111111111&#x7d;"
             "</TargetProductCode></TargetProduct></MsiPatch>",
        ROOT "<Unknown a='1'><b/></Unknown>" BODY "</MsiPatch>"};
    static const char *const bad[] = {
        "",
        "MsiPatch",
        "<MsiPatch>" BODY "</MsiPatch>",
        "<MsiPatch PatchGUID='x'>" BODY "</MsiPatch>",
        "<Other PatchGUID='" OTHER "'>" BODY "</Other>",
        "<!DOCTYPE x>" ROOT BODY "</MsiPatch>",
        ROOT BODY "</MsiPatch>" ROOT BODY "</MsiPatch>",
        ROOT BODY "</MsiPatch>x",
        ROOT "<TargetProductCode>x</TargetProductCode></MsiPatch>",
        ROOT BODY "&unknown;</MsiPatch>",
        ROOT BODY "<a></b></MsiPatch>",
        ROOT BODY "<a b='1' b='2'/></MsiPatch>",
        ROOT BODY "<a b=1/></MsiPatch>",
        ROOT BODY "<a b='<'/></MsiPatch>",
        ROOT BODY "&#0;</MsiPatch>",
        ROOT BODY "&#xd800;</MsiPatch>",
        ROOT BODY "&#x110000;</MsiPatch>",
        ROOT BODY "<SequenceData><Sequence>1</Sequence></SequenceData></MsiPatch>",
        ROOT BODY "<SequenceData><PatchFamily>A</PatchFamily><Sequence>1.2.3.4.5</Sequence>"
                  "</SequenceData></MsiPatch>",
        ROOT "</MsiPatch>"};
    struct patch_data d;

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        u32 err = read_text(good[i], &d);

        ok(!err && d.product_count == 1, "%s: %u\n", good[i], err);
        patch_data_free(&d);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        u32 err = read_text(bad[i], &d);

        ok(err == ERROR_INVALID_PATCH_XML, "%s: %u\n", bad[i], err);
    }
}

static void xml_too_deep_or_too_long(void)
{
    static char text[20000];
    struct patch_data d;
    size_t n = (size_t)snprintf(text, sizeof(text), "%s", ROOT BODY);

    for (u32 i = 0; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "<a>");
    for (u32 i = 0; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "</a>");
    snprintf(text + n, sizeof(text) - n, "</MsiPatch>");
    ok(read_text(text, &d) == ERROR_INVALID_PATCH_XML, "40 deep\n");
    n = (size_t)snprintf(text, sizeof(text), "%s<a>", ROOT BODY);
    memset(text + n, 'x', 9000);
    snprintf(text + n + 9000, sizeof(text) - n - 9000, "</a></MsiPatch>");
    ok(read_text(text, &d) == ERROR_INVALID_PATCH_XML, "9000 characters\n");
}

static void want_of_memory(void)
{
    struct patch_data d;
    u32 err = ERROR_OUTOFMEMORY;

    for (u32 n = 1; err && n < 200; n++) {
        char16_t *wide = u16_dup_utf8(whole);

        os_fault(OS_FAULT_ALLOC, n, false);
        err = patch_read_xml(wide, u16_len(wide), &d);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY || err == ERROR_INVALID_PATCH_XML, "%u: %u\n", n, err);
        os_free(wide);
    }
    ok(!err, "never got through\n");
    patch_data_free(&d);
}

START_TEST(msi_patchorder)
{
    RUN(small_updates_before_the_service_pack);
    RUN(a_service_pack_that_has_them_all);
    RUN(small_updates_go_to_the_last_version_that_takes_them);
    RUN(service_packs_by_version);
    RUN(superseding_is_for_every_family);
    RUN(a_small_update_supersedes_no_service_pack);
    RUN(without_families_as_they_come);
    RUN(obsolete_ones);
    RUN(families_that_contradict);
    RUN(the_product_s_own_row_counts);
    RUN(versions_are_compared_as_told);
    RUN(what_cannot_be_read_is_left_out);
    RUN(xml_there_and_back);
    RUN(xml_cut_anywhere);
    RUN(xml_in_its_forms);
    RUN(xml_too_deep_or_too_long);
    RUN(want_of_memory);
}
