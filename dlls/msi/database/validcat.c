/*
 * The categories of _Validation.Category, as "Column Data Types" describes them.
 */
#include "validcat.h"

#include "utf16.h"
#include "valid.h"
#include "validsddl.h"

typedef bool (*check)(const char16_t *s, size_t len);

static bool is_digit(char16_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char16_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool any(const char16_t *s, size_t len)
{
    UNUSED(s);
    UNUSED(len);
    return true;
}

static bool upper(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] >= 'a' && s[i] <= 'z')
            return false;
    return true;
}

static bool lower(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] >= 'A' && s[i] <= 'Z')
            return false;
    return true;
}

/* Letters, digits, underscores and full stops, a letter or an underscore first. */
static bool identifier(const char16_t *s, size_t len)
{
    if (!len || !(is_letter(s[0]) || s[0] == '_'))
        return false;
    for (size_t i = 1; i < len; i++)
        if (!is_letter(s[i]) && !is_digit(s[i]) && s[i] != '_' && s[i] != '.')
            return false;
    return true;
}

static bool property(const char16_t *s, size_t len)
{
    return identifier(s, len) || (len > 1 && s[0] == '%' && identifier(s + 1, len - 1));
}

/* Brackets and braces in pairs; "[\c]" is a character. */
static bool formatted(const char16_t *s, size_t len)
{
    size_t brackets = 0, braces = 0;

    for (size_t i = 0; i < len; i++) {
        if (s[i] == '[' && i + 2 < len && s[i + 1] == '\\') {
            i += 3;
            if (i >= len || s[i] != ']')
                return false;
        } else if (s[i] == '[') {
            brackets++;
        } else if (s[i] == ']' && brackets) {
            brackets--;
        } else if (s[i] == '{') {
            braces++;
        } else if (s[i] == '}' && braces) {
            braces--;
        }
    }
    return !brackets && !braces;
}

/* --- file names ---------------------------------------------------------------------------------
 */

static size_t find(const char16_t *s, size_t len, char16_t c)
{
    size_t i = 0;

    while (i < len && s[i] != c)
        i++;
    return i;
}

static bool name_char(char16_t c, bool wild)
{
    static const char16_t bad[] = u"\\/:\"<>|";

    if (c < 32 || c == 127 || (!wild && (c == '*' || c == '?')))
        return false;
    return find(bad, ARRAY_LEN(bad) - 1, c) == ARRAY_LEN(bad) - 1;
}

static bool short_name(const char16_t *s, size_t len, bool wild)
{
    static const char16_t bad[] = u"+,;=[] ";
    size_t dot = find(s, len, '.'), ext = dot < len ? len - dot - 1 : 0;

    if (!dot || dot > 8 || ext > 3)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!name_char(s[i], wild) || (s[i] == '.' && i != dot) ||
            find(bad, ARRAY_LEN(bad) - 1, s[i]) < ARRAY_LEN(bad) - 1)
            return false;
    return true;
}

static bool long_name(const char16_t *s, size_t len, bool wild)
{
    bool dots = true;

    if (!len || len > 255)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!name_char(s[i], wild))
            return false;
        dots = dots && s[i] == '.';
    }
    return !dots;
}

/* "short" or "short|long": there must always be a short one. */
static bool file_names(const char16_t *s, size_t len, bool wild)
{
    size_t bar = find(s, len, '|');

    if (bar == len)
        return short_name(s, len, wild);
    return short_name(s, bar, wild) && long_name(s + bar + 1, len - bar - 1, wild);
}

static bool filename(const char16_t *s, size_t len)
{
    return file_names(s, len, false);
}

static bool wild_filename(const char16_t *s, size_t len)
{
    return file_names(s, len, true);
}

/* A folder's names, "target:source"; "." for the parent's. The root's is an identifier. */
static bool default_dir(const char16_t *s, size_t len)
{
    size_t colon = find(s, len, ':');

    if (colon < len && !default_dir(s + colon + 1, len - colon - 1))
        return false;
    if (colon == 1 && s[0] == '.')
        return true;
    if (colon && s[0] == '[')
        return formatted(s, colon);
    return identifier(s, colon) || file_names(s, colon, false);
}

static bool path(const char16_t *s, size_t len)
{
    if (!formatted(s, len))
        return false;
    if (len && (s[0] == '[' || s[0] == '%'))
        return true;
    return (len > 2 && is_letter(s[0]) && s[1] == ':' && s[2] == '\\') ||
           (len > 2 && s[0] == '\\' && s[1] == '\\');
}

static bool paths(const char16_t *s, size_t len)
{
    size_t semi = find(s, len, ';');

    while (semi < len) {
        if (!path(s, semi))
            return false;
        s += semi + 1;
        len -= semi + 1;
        semi = find(s, len, ';');
    }
    return path(s, len);
}

/* A bar separates the names of one file or folder, and no more of a path may stand there. */
static bool any_path(const char16_t *s, size_t len)
{
    return find(s, len, '|') < len ? file_names(s, len, false) : formatted(s, len);
}

static bool reg_path(const char16_t *s, size_t len)
{
    return len && s[0] != '\\' && s[len - 1] != '\\' && formatted(s, len);
}

static bool cabinet(const char16_t *s, size_t len)
{
    if (len > 1 && s[0] == '#')
        return identifier(s + 1, len - 1);
    return short_name(s, len, false);
}

/* --- numbers, versions, identifiers of other kinds ----------------------------------------------
 */

/* Up to `parts` decimal numbers of at most 65535, between full stops or commas. */
static bool numbers(const char16_t *s, size_t len, char16_t between, u32 parts)
{
    u32 value = 0, count = 1;
    bool digits = false;

    for (size_t i = 0; i < len; i++) {
        if (is_digit(s[i])) {
            digits = true;
            value = value * 10 + (s[i] - '0');
            if (value > 65535)
                return false;
        } else if (s[i] == between && digits && count < parts) {
            count++;
            value = 0;
            digits = false;
        } else {
            return false;
        }
    }
    return digits;
}

static bool version(const char16_t *s, size_t len)
{
    return numbers(s, len, '.', 4);
}

static bool language(const char16_t *s, size_t len)
{
    return numbers(s, len, ',', 0xffffffff);
}

static bool guid(const char16_t *s, size_t len)
{
    if (len != 38 || s[0] != '{' || s[37] != '}')
        return false;
    for (size_t i = 1; i < 37; i++) {
        bool dash = i == 9 || i == 14 || i == 19 || i == 24;

        if (dash ? s[i] != '-' : !(is_digit(s[i]) || (s[i] >= 'A' && s[i] <= 'F')))
            return false;
    }
    return true;
}

static bool integer(const char16_t *s, size_t len)
{
    size_t i = len && s[0] == '-';

    if (i == len)
        return false;
    for (; i < len; i++)
        if (!is_digit(s[i]))
            return false;
    return true;
}

/* A feature's identifier or formatted text. */
static bool shortcut(const char16_t *s, size_t len)
{
    return find(s, len, '[') < len ? formatted(s, len) : identifier(s, len);
}

/* Parentheses and quotation marks in pairs. */
static bool condition(const char16_t *s, size_t len)
{
    size_t open = 0;
    bool quoted = false;

    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"')
            quoted = !quoted;
        else if (!quoted && s[i] == '(')
            open++;
        else if (!quoted && s[i] == ')' && !open--)
            return false;
    }
    return !open && !quoted;
}

static const struct {
    const char *name;
    check ok;
    int error;
} categories[] = {
    {"Text", any, 0},
    {"UpperCase", upper, VALID_BADCASE},
    {"LowerCase", lower, VALID_BADCASE},
    {"Integer", integer, VALID_BADCATEGORY},
    {"DoubleInteger", integer, VALID_BADCATEGORY},
    {"TimeDate", integer, VALID_BADCATEGORY},
    {"Time/Date", integer, VALID_BADCATEGORY},
    {"Identifier", identifier, VALID_BADIDENTIFIER},
    {"Property", property, VALID_BADPROPERTY},
    {"Filename", filename, VALID_BADFILENAME},
    {"WildCardFilename", wild_filename, VALID_BADWILDCARD},
    {"Path", path, VALID_BADPATH},
    {"Paths", paths, VALID_BADPATH},
    {"AnyPath", any_path, VALID_BADPATH},
    {"DefaultDir", default_dir, VALID_BADDEFAULTDIR},
    {"RegPath", reg_path, VALID_BADREGPATH},
    {"Formatted", formatted, VALID_BADFORMATTED},
    {"FormattedSDDLText", valid_sddl, VALID_BADFORMATTED},
    {"KeyFormatted", formatted, VALID_BADFORMATTED},
    {"Template", formatted, VALID_BADTEMPLATE},
    {"Condition", condition, VALID_BADCONDITION},
    {"GUID", guid, VALID_BADGUID},
    {"Guid", guid, VALID_BADGUID},
    {"Version", version, VALID_BADVERSION},
    {"Language", language, VALID_BADLANGUAGE},
    {"Binary", any, 0},
    {"CustomSource", identifier, VALID_BADCUSTOMSOURCE},
    {"Cabinet", cabinet, VALID_BADCABINET},
    {"Shortcut", shortcut, VALID_BADSHORTCUT},
    {"URL", any, 0},
};

bool valid_is_no_key(const char16_t *category, size_t category_len, const char16_t *text,
                     size_t len)
{
    if (u16_is(category, category_len, "Version"))
        return version(text, len);
    return u16_is(category, category_len, "Shortcut") && find(text, len, '[') < len;
}

int valid_category(const char16_t *category, size_t category_len, const char16_t *text, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(categories); i++)
        if (u16_is(category, category_len, categories[i].name))
            return categories[i].ok(text, len) ? VALID_NOERROR : categories[i].error;
    return VALID_BADCATEGORY;
}
