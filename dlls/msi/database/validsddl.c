/*
 * The form of security descriptor strings:
 *
 *   O:sid G:sid D:flags(ace)(ace)... S:flags(ace)...
 *
 * each part at most once and each may be missing; an entry is
 *   (type;flags;rights;object;inherited object;sid) with one more field in conditional entries.
 */
#include "validsddl.h"

#include "utf16.h"

struct text {
    const char16_t *at, *end;
};

static bool is_next(const struct text *t, char16_t c)
{
    return t->at < t->end && *t->at == c;
}

static bool take(struct text *t, char16_t c)
{
    bool there = is_next(t, c);

    t->at += there;
    return there;
}

static bool take_word(struct text *t, const char *word)
{
    const char16_t *at = t->at;

    while (*word && at < t->end && *at == (char16_t)*word) {
        at++;
        word++;
    }
    if (!*word)
        t->at = at;
    return !*word;
}

/* One of words between spaces. The longer ones come first. */
static bool take_one_of(struct text *t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (take_word(t, words[i]))
            return true;
    return false;
}

static bool is_digit(char16_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char16_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* 0x and hexadecimal digits, or decimal ones. */
static bool take_number(struct text *t)
{
    bool hex = take_word(t, "0x");
    const char16_t *start = t->at;

    while (t->at < t->end && (hex ? is_hex(*t->at) : is_digit(*t->at)))
        t->at++;
    return t->at > start;
}

/* --- who -------------------------------------------------------------------------------------- */

/* "[%NAME]": the name of an environment variable. */
static bool take_variable(struct text *t)
{
    const char16_t *start;

    if (!take(t, '[') || !take(t, '%'))
        return false;
    start = t->at;
    while (t->at < t->end && *t->at != ']' && *t->at != '[' && *t->at != '>')
        t->at++;
    return t->at > start && take(t, ']');
}

/* What follows "<", up to ">". */
static bool take_account(struct text *t)
{
    const char16_t *start = t->at;

    while (t->at < t->end && *t->at != '>' && *t->at != '<') {
        if (*t->at != '[')
            t->at++;
        else if (!take_variable(t))
            return false;
    }
    return t->at > start && take(t, '>');
}

/* What follows "S-1": at least one number. */
static bool take_sid_numbers(struct text *t)
{
    u32 count = 0;

    while (take(t, '-')) {
        if (!take_number(t))
            return false;
        count++;
    }
    return count;
}

static bool take_sid(struct text *t)
{
    if (take(t, '<'))
        return take_account(t);
    if (take_word(t, "S-1"))
        return take_sid_numbers(t);
    if (t->end - t->at < 2 || t->at[0] < 'A' || t->at[0] > 'Z' || t->at[1] < 'A' || t->at[1] > 'Z')
        return false;
    t->at += 2;
    return true;
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool take_rights(struct text *t)
{
    static const char *const rights[] = {"GA", "GR", "GW", "GX", "RC", "SD", "WD", "WO", "RP", "WP",
                                         "CC", "DC", "LC", "SW", "LO", "DT", "CR", "FA", "FR", "FW",
                                         "FX", "KA", "KR", "KW", "KX", "NR", "NW", "NX"};

    if (t->at < t->end && is_digit(*t->at))
        return take_number(t);
    while (!is_next(t, ';'))
        if (!take_one_of(t, rights, ARRAY_LEN(rights)))
            return false;
    return true;
}

static bool take_flags(struct text *t)
{
    static const char *const flags[] = {"CI", "OI", "NP", "IO", "ID", "SA", "FA", "TP", "CR"};

    while (!is_next(t, ';'))
        if (!take_one_of(t, flags, ARRAY_LEN(flags)))
            return false;
    return true;
}

/* A GUID without braces, or nothing. */
static bool take_guid(struct text *t)
{
    if (is_next(t, ';'))
        return true;
    for (u32 i = 0; i < 36; i++, t->at++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (t->at == t->end || (dash ? *t->at != '-' : !is_hex(*t->at)))
            return false;
    }
    return true;
}

/* What a conditional entry has in its last field, in parentheses. */
static bool take_expression(struct text *t)
{
    u32 depth = 0;

    while (t->at < t->end) {
        if (is_next(t, ')') && !depth)
            return true;
        depth += is_next(t, '(');
        depth -= is_next(t, ')');
        t->at++;
    }
    return false;
}

static bool take_entry(struct text *t)
{
    static const char *const types[] = {"OA", "OD", "OU", "OL", "AU", "AL", "ML", "XA", "XD",
                                        "XU", "ZA", "RA", "SP", "TL", "FL", "A",  "D"};

    return take_one_of(t, types, ARRAY_LEN(types)) && take(t, ';') && take_flags(t) &&
           take(t, ';') && take_rights(t) && take(t, ';') && take_guid(t) && take(t, ';') &&
           take_guid(t) && take(t, ';') && take_sid(t) && (!take(t, ';') || take_expression(t)) &&
           take(t, ')');
}

static bool take_list(struct text *t)
{
    static const char *const flags[] = {"AR", "AI", "P"};

    if (take_word(t, "NO_ACCESS_CONTROL"))
        return true;
    while (take_one_of(t, flags, ARRAY_LEN(flags)))
        ;
    while (take(t, '('))
        if (!take_entry(t))
            return false;
    return true;
}

bool valid_sddl(const char16_t *s, size_t len)
{
    static const char *const parts[] = {"O:", "G:", "D:", "S:"};
    struct text t = {s, s + len};

    for (u32 i = 0; i < ARRAY_LEN(parts); i++)
        if (take_word(&t, parts[i]) && !(i < 2 ? take_sid(&t) : take_list(&t)))
            return false;
    return len && t.at == t.end;
}
