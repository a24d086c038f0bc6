/*
 * validate: the summary information, without which Windows opens no package.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codepage.h"
#include "propset.h"
#include "validcat.h"

static const char16_t stream_name[] = u"\005SummaryInformation";

static const struct {
    u32 id, type;
    const char16_t *name;
    bool required;
    const char *advice;
} properties[] = {
    {SUM_CODEPAGE, SUM_I2, u"Codepage", false, ""},
    {SUM_TITLE, SUM_TEXT, u"Title", false, ""},
    {SUM_TEMPLATE, SUM_TEXT, u"Template", true,
     "set it to the platform and the languages, such as 'x64;1033'"},
    {SUM_REVNUMBER, SUM_TEXT, u"Revision", true, "set it to a new GUID: the package code"},
    {SUM_PAGECOUNT, SUM_I4, u"Version", true,
     "set it to the version of Windows Installer that is needed times 100, such as 200"},
    {SUM_WORDCOUNT, SUM_I4, u"Source", true, "set it to 0 for plain files, to 2 for cabinets"},
    {SUM_SECURITY, SUM_I4, u"Security", false, ""},
};

static void bad(struct check *c, const char16_t *name, const char *what, const char *advice)
{
    found(c, LEVEL_ERROR, u"_SummaryInformation", name, what, advice);
}

/* --- values ----------------------------------------------------------------------------------- */

static char16_t *text_of(const struct propset *set, u32 id)
{
    const struct prop *p = propset_get(set, id);
    u32 cp = propset_codepage(set);
    char16_t *text;
    size_t len;

    if (!p || p->type != PROP_LPSTR)
        return NULL;
    text = must_alloc(((size_t)p->len + 1) * sizeof(*text));
    if (codepage_decode(codepage_known(cp) ? cp : CODEPAGE_ACP, (const char *)p->data, p->len, text,
                        p->len, &len))
        len = 0;
    text[MIN(len, p->len)] = 0;
    return text;
}

enum { PLATFORM_OTHER, PLATFORM_INTEL, PLATFORM_64, PLATFORM_ARM, PLATFORM_ARM64 };

static int platform_of(const char16_t *s, size_t len)
{
    static const struct {
        const char *name;
        int platform;
    } names[] = {
        {"Intel", PLATFORM_INTEL}, {"Alpha", PLATFORM_INTEL}, {"x64", PLATFORM_64},
        {"Intel64", PLATFORM_64},  {"AMD64", PLATFORM_64},    {"Arm", PLATFORM_ARM},
        {"Arm64", PLATFORM_ARM64}, {"", PLATFORM_INTEL},
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (u16_is(s, len, names[i].name))
            return names[i].platform;
    return PLATFORM_OTHER;
}

static void check_languages(struct check *c, const char16_t *s)
{
    while (*s) {
        size_t n = 0;
        u32 language;

        while (s[n] && s[n] != u',')
            n++;
        if (!u16_to_u32(s, n, &language) || language > 0xffff) {
            bad(c, u"Template", "a language that is no number",
                "write decimal language identifiers with commas between, such as 1033,1031");
            return;
        }
        s += n + (s[n] == u',');
    }
}

/* Returns the version that the platform needs at least. */
static i32 check_template(struct check *c, const char16_t *text)
{
    i32 least = 0;
    size_t at = 0;

    for (;;) {
        size_t n = 0;
        int platform;

        while (text[at + n] && text[at + n] != u',' && text[at + n] != u';')
            n++;
        platform = platform_of(text + at, n);
        if (platform == PLATFORM_OTHER)
            bad(c, u"Template", "a platform that Windows does not know: it answers 1633",
                "Intel, x64, Arm64, Arm and Intel64 are known");
        least = MAX(least, platform == PLATFORM_64                                  ? 200
                           : platform == PLATFORM_ARM || platform == PLATFORM_ARM64 ? 500
                                                                                    : 0);
        at += n;
        if (text[at] != u',')
            break;
        at++;
    }
    if (!text[at])
        bad(c, u"Template", "there is no semicolon after the platform: Windows answers 1620",
            "write 'platform;languages', such as 'Intel;1033'");
    else
        check_languages(c, text + at + 1);
    return least;
}

static void check_version(struct check *c, const struct propset *set, i32 least)
{
    const struct prop *p = propset_get(set, SUM_PAGECOUNT);

    if (!p || p->type != PROP_I4)
        return;
    if (p->num < least)
        bad(c, u"Version",
            least == 500 ? "an Arm package needs Windows Installer 5.0: 500 or more"
                         : "a 64-bit package needs Windows Installer 2.0: 200 or more",
            "Windows answers 1620; set the page count");
    else if (p->num > 500)
        bad(c, u"Version", "no Windows Installer of that version is there: Windows answers 1613",
            "500 is the highest that means something");
    else if (p->num < 30)
        found(c, LEVEL_WARNING, u"_SummaryInformation", u"Version", "an odd version",
              "200 is Windows Installer 2.0");
}

static bool is_guid(const char16_t *s, size_t len)
{
    return len == 38 && s[0] == u'{' && !valid_category(u"GUID", 4, s, len);
}

static void check_revision(struct check *c, const char16_t *text)
{
    size_t len = u16_len(text);
    bool good = is_guid(text, MIN(len, 38u)) && (c->kind == KIND_PATCH || len == 38);

    if (!good)
        bad(c, u"Revision",
            c->kind == KIND_PATCH ? "does not begin with a GUID: the patch code"
                                  : "not a GUID: the package code",
            "write a GUID with braces and upper-case letters");
}

static void check_values(struct check *c, const struct propset *set)
{
    char16_t *template = text_of(set, SUM_TEMPLATE), *revision = text_of(set, SUM_REVNUMBER);
    const struct prop *words = propset_get(set, SUM_WORDCOUNT);
    i32 least = 0;

    if (template && c->kind != KIND_PATCH)
        least = check_template(c, template);
    if (c->kind != KIND_PATCH)
        check_version(c, set, least);
    if (revision)
        check_revision(c, revision);
    if (words && words->type == PROP_I4 && c->kind == KIND_PACKAGE && (words->num & ~0xf))
        found(c, LEVEL_WARNING, u"_SummaryInformation", u"Source",
              "bits that mean nothing in a package", "0 to 15 have a meaning");
    os_free(template);
    os_free(revision);
}

/* --- the set ---------------------------------------------------------------------------------- */

static void check_set(struct check *c, const struct propset *set)
{
    for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
        const struct prop *p = propset_get(set, properties[i].id);
        bool text = properties[i].type == SUM_TEXT;

        if (!p && properties[i].required &&
            !(c->kind == KIND_PATCH && properties[i].id == SUM_PAGECOUNT))
            bad(c, properties[i].name, "it is missing: Windows answers 1620", properties[i].advice);
        else if (p && p->type != properties[i].type && !(text && p->type == PROP_LPWSTR) &&
                 !(properties[i].type == SUM_I4 && p->type == PROP_I2))
            bad(c, properties[i].name, "of the wrong type: Windows answers 1620",
                properties[i].advice);
    }
    check_values(c, set);
}

void check_summary(struct check *c)
{
    struct propset set;
    u8 *data;
    size_t len;
    u32 err;

    if (stg_kind_of(c->stg, stream_name) != STG_STREAM) {
        found(c, LEVEL_ERROR, u"_SummaryInformation", NULL, "there is none: Windows answers 1620",
              "import a text archive _SummaryInformation.idt with properties 7, 9, 14 and 15");
        return;
    }
    propset_init(&set);
    err = stg_read_all(c->stg, stream_name, &data, &len);
    if (!err) {
        err = propset_read(&set, data, len);
        os_free(data);
    }
    if (err)
        found(c, LEVEL_ERROR, u"_SummaryInformation", NULL,
              "it cannot be read: Windows answers 1620",
              "import a text archive _SummaryInformation.idt, which replaces it");
    else
        check_set(c, &set);
    propset_free(&set);
}
