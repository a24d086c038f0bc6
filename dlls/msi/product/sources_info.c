/*
 * Source lists: disks, and what is told of the list.
 */
#include "os.h"
#include "sources_key.h"
#include "utf16.h"

static const char16_t media[] = u"SourceList\\Media", list[] = u"SourceList";

/* --- disks --------------------------------------------------------------------------------------
 */

/* Without a semicolon the text is both. */
static u32 split(const char16_t *text, char16_t **label, char16_t **prompt)
{
    size_t n = 0;

    while (text[n] && text[n] != ';')
        n++;
    *label = u16_dup(text, n);
    n = text[n] ? n + 1 : 0;
    *prompt = u16_dup(text + n, u16_len(text + n));
    if (*label && *prompt)
        return ERROR_SUCCESS;
    os_free(*label);
    os_free(*prompt);
    return ERROR_OUTOFMEMORY;
}

/* The index-th value whose name is a number. */
static u32 nth_disk(struct reg_key *key, u32 index, u32 *disk, char16_t name[REG_NAME_MAX])
{
    u32 err;

    for (u32 i = 0; (err = reg_value_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (err && err != ERROR_MORE_DATA)
            return err;
        if (!err && u16_to_u32(name, u16_len(name), disk) && !index--)
            return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

u32 source_disk_at(const struct source_owner *o, u32 index, u32 *disk, char16_t **label,
                   char16_t **prompt)
{
    char16_t name[REG_NAME_MAX], *text;
    struct reg_key *key;
    u32 err = sources_open(o, media, false, &key);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : err;
    err = nth_disk(key, index, disk, name);
    if (!err)
        err = reg_get_text(key, name, &text);
    reg_close(key);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_BAD_CONFIGURATION : err;
    err = split(text, label, prompt);
    os_free(text);
    return err;
}

static char16_t *joined(const char16_t *label, const char16_t *prompt)
{
    size_t a = label ? u16_len(label) : 0, b = prompt ? u16_len(prompt) : 0;
    char16_t *text = os_alloc((a + b + 2) * sizeof(*text));

    if (!text)
        return NULL;
    u16_copy(text, a + 1, label ? label : u"");
    text[a] = ';';
    u16_copy(text + a + 1, b + 1, prompt ? prompt : u"");
    return text;
}

u32 source_disk_add(const struct source_owner *o, u32 disk, const char16_t *label,
                    const char16_t *prompt)
{
    char16_t number[12], *text = joined(label, prompt);
    struct reg_key *key;
    u32 err = text ? sources_open(o, media, true, &key) : ERROR_OUTOFMEMORY;

    if (!err) {
        sources_number(disk, number);
        err = reg_set_text(key, number, REG_TYPE_SZ, text);
        reg_close(key);
    }
    os_free(text);
    return err;
}

u32 source_disk_remove(const struct source_owner *o, u32 disk)
{
    struct reg_key *key;
    char16_t number[12];
    u32 err = sources_open(o, media, true, &key);

    if (err)
        return err;
    sources_number(disk, number);
    err = reg_remove_value(key, number);
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* --- what is told of the list -------------------------------------------------------------------
 */

static u32 text_or_empty(const struct source_owner *o, const char16_t *below, const char16_t *name,
                         char16_t **text)
{
    struct reg_key *key;
    u32 err = sources_open(o, below, false, &key);

    if (!err) {
        err = reg_get_text(key, name, text);
        reg_close(key);
    }
    if (err != ERROR_FILE_NOT_FOUND)
        return err;
    *text = u16_dup(u"", 0);
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* "n;1;C:\folder\": the kind, or the place. */
static u32 last_used(const struct source_owner *o, bool place, char16_t **text)
{
    char16_t *s = NULL, *part;
    size_t semis = 0, n = 0;
    u32 err = text_or_empty(o, list, u"LastUsedSource", text);

    if (err)
        return err;
    s = *text;
    if (place) {
        while (s[n] && semis < 2)
            semis += s[n++] == ';';
        part = u16_dup(semis == 2 ? s + n : s, u16_len(semis == 2 ? s + n : s));
    } else {
        part = u16_dup(s, s[0] != 0);
    }
    os_free(s);
    *text = part;
    return part ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static bool is(const char16_t *name, const char *ascii)
{
    return u16_is(name, u16_len(name), ascii);
}

/* Whether there is a list at all. */
static u32 check_list(const struct source_owner *o)
{
    struct reg_key *key;
    u32 err = sources_open(o, list, false, &key);

    if (!err)
        reg_close(key);
    return err;
}

u32 source_info(const struct source_owner *o, const char16_t *name, char16_t **text)
{
    u32 err;

    if (is(name, "MediaPackagePath"))
        return text_or_empty(o, media, u"MediaPackage", text);
    if (is(name, "DiskPrompt"))
        return text_or_empty(o, media, u"DiskPrompt", text);
    if (is(name, "LastUsedSource") || is(name, "LastUsedType"))
        return last_used(o, name[8] == 'S', text);
    if (is(name, "PackageName"))
        return text_or_empty(o, list, u"PackageName", text);
    err = check_list(o);
    return err ? err : ERROR_UNKNOWN_PROPERTY;
}

static u32 set_value(const struct source_owner *o, const char16_t *below, const char16_t *name,
                     u32 type, const char16_t *text)
{
    struct reg_key *key;
    u32 err = sources_open(o, below, true, &key);

    if (err)
        return err;
    err = reg_set_text(key, name, type, text);
    reg_close(key);
    return err;
}

static u32 set_last_used(const struct source_owner *o, enum source_kind kind, const char16_t *place)
{
    char16_t number_text[12], *text;
    size_t len = u16_len(place), n = 0;
    u32 number, err = source_add(o, kind, place, 0);

    if (!err)
        err = sources_place_number(o, kind, place, &number);
    if (err)
        return err;
    text = os_alloc((len + 16) * sizeof(*text));
    if (!text)
        return ERROR_OUTOFMEMORY;
    sources_number(number, number_text);
    text[n++] = kind == SOURCE_URL ? 'u' : 'n';
    text[n++] = ';';
    n += u16_copy(text + n, 12, number_text);
    text[n++] = ';';
    u16_copy(text + n, len + 1, place);
    err = set_value(o, list, u"LastUsedSource", REG_TYPE_SZ, text);
    os_free(text);
    return err;
}

u32 source_set_info(const struct source_owner *o, enum source_kind kind, const char16_t *name,
                    const char16_t *text)
{
    bool placed = kind == SOURCE_NETWORK || kind == SOURCE_URL;

    if (is(name, "LastUsedSource"))
        return placed && *text ? set_last_used(o, kind, text) : ERROR_INVALID_PARAMETER;
    if (kind & (SOURCE_NETWORK | SOURCE_URL))
        return ERROR_INVALID_PARAMETER;
    if (is(name, "MediaPackagePath"))
        return set_value(o, media, u"MediaPackage", REG_TYPE_SZ, text);
    if (is(name, "DiskPrompt"))
        return set_value(o, media, u"DiskPrompt", REG_TYPE_SZ, text);
    if (is(name, "PackageName"))
        return set_value(o, list, u"PackageName", REG_TYPE_SZ, text);
    return ERROR_UNKNOWN_PROPERTY;
}
