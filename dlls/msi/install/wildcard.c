/*
 * Names of files with wild cards.
 */
#include "wildcard.h"

#include "filename.h"
#include "utf16.h"

bool wildcard_is_one(const char16_t *pattern, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (pattern[i] == '*' || pattern[i] == '?')
            return true;
    return false;
}

/* The last star is gone back to where what is behind it does not match: so the steps are at most
 * the product of the lengths. */
bool wildcard_matches(const char16_t *pattern, size_t pattern_len, const char16_t *name, size_t len)
{
    size_t p = 0, n = 0, star = pattern_len, from = 0;

    if (u16_is(pattern, pattern_len, "*.*"))
        return true;
    while (n < len) {
        if (p < pattern_len && pattern[p] == '*') {
            star = p++;
            from = n;
        } else if (p < pattern_len &&
                   (pattern[p] == '?' || u16_upper(pattern[p]) == u16_upper(name[n]))) {
            p++;
            n++;
        } else if (star < pattern_len) {
            p = star + 1;
            n = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern_len && pattern[p] == '*')
        p++;
    return p == pattern_len;
}

u32 wildcard_take_long(const char16_t **pattern, size_t *len)
{
    const char16_t *s = *pattern;
    size_t bar = 0;

    while (bar < *len && s[bar] != '|')
        bar++;
    if (bar < *len) {
        s += bar + 1;
        *len -= bar + 1;
    }
    *pattern = s;
    if (!wildcard_is_one(s, *len))
        return file_name_is_plain(s, *len) ? ERROR_SUCCESS : ERROR_BAD_PATHNAME;
    for (size_t i = 0; i < *len; i++)
        if (s[i] < ' ' || s[i] == '\\' || s[i] == '/' || s[i] == ':' || s[i] == '|')
            return ERROR_BAD_PATHNAME;
    return ERROR_SUCCESS;
}
