/*
 * Whether a file of a package replaces the one that is there.
 *
 * The higher version wins, and one with a version over one without. Of equal versions one with more
 * languages stays or comes; else the one that has the product's language, and where neither or both
 * have it, the package's. Without versions, equal hashes are the same file, and a file that was
 * changed since it was made is its user's.
 */
#include "file_rules.h"

#include <string.h>

#include "utf16.h"

u32 file_mode(const char16_t *letters, size_t len)
{
    static const char codes[] = "POEDCA";
    u32 mode = 0;

    for (size_t i = 0; i < len; i++)
        for (u32 k = 0; codes[k]; k++)
            if (u16_upper(letters[i]) == (char16_t)codes[k])
                mode |= 1u << k;
    return mode;
}

bool version_parse(const char16_t *text, size_t len, u32 version[4])
{
    u32 n = 0;

    memset(version, 0, 4 * sizeof(*version));
    for (size_t at = 0, end; at <= len; at = end + 1) {
        for (end = at; end < len && text[end] != '.';)
            end++;
        if (n == 4 || !u16_to_u32(text + at, end - at, &version[n]) || version[n] > 0xffff)
            return false;
        n++;
    }
    return true;
}

static int compare_versions(const u32 a[4], const u32 b[4])
{
    for (u32 i = 0; i < 4; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* --- languages ----------------------------------------------------------------------------------
 */

static bool offers_language(const struct file_offer *o, u32 language, u32 *count)
{
    bool has = false;
    u32 n;

    *count = 0;
    for (size_t at = 0, end; at < o->languages_len; at = end + 1) {
        for (end = at; end < o->languages_len && o->languages[end] != ',';)
            end++;
        if (!u16_to_u32(o->languages + at, end - at, &n))
            continue;
        has = has || n == language;
        ++*count;
    }
    return has;
}

static bool language_wins(const struct file_offer *o, const struct file_there *t)
{
    u32 count;

    if (offers_language(o, t->language, &count))
        return count > 1;
    if (!count)
        return false;
    return t->language != o->product_language || offers_language(o, t->language, &count);
}

/* --- the rules ----------------------------------------------------------------------------------
 */

static bool same_hash(const struct file_offer *o, const struct file_there *t)
{
    u32 hash[4];

    return o->hashed && t->hash(t->ctx, hash) && !memcmp(hash, o->hash, sizeof(hash));
}

static bool replaces_unversioned(u32 mode, const struct file_offer *o, const struct file_there *t)
{
    if (o->hashed && same_hash(o, t))
        return (mode & MODE_EQUAL) != 0;
    if (mode & MODE_DIFFERENT)
        return true;
    return (mode & (MODE_OLDER | MODE_EQUAL)) && t->written <= t->created;
}

static bool replaces_versioned(u32 mode, const struct file_offer *o, const struct file_there *t)
{
    int order = compare_versions(o->version, t->version);

    if (order > 0)
        return (mode & (MODE_OLDER | MODE_EQUAL | MODE_DIFFERENT)) != 0;
    if (order < 0)
        return (mode & MODE_DIFFERENT) != 0;
    return (mode & MODE_EQUAL) || ((mode & (MODE_OLDER | MODE_DIFFERENT)) && language_wins(o, t));
}

bool file_replaces(u32 mode, const struct file_offer *o, const struct file_there *t)
{
    if (mode & MODE_ALL)
        return true;
    if (o->versioned && t->versioned)
        return replaces_versioned(mode, o, t);
    if (o->versioned)
        return (mode & (MODE_OLDER | MODE_EQUAL | MODE_DIFFERENT)) != 0;
    if (t->versioned)
        return (mode & MODE_DIFFERENT) != 0;
    return replaces_unversioned(mode, o, t);
}
