/*
 * Which paths are Wine's, and passing them on.
 *
 * A part is kept as its name below \REGISTRY, in upper case. A key of ours can have parts below it
 * but is never inside one, since a key inside is opened as Wine's. So a path given relative to a
 * key of ours is compared with what is left of each part behind that key's own name.
 *
 * Components Wow6432Node are skipped in the comparison: a part is a part in both views, and
 * kernelbase does the redirection itself.
 */
#include "wineparts.h"
#include "inside.h"
#include "open.h"
#include "os.h"
#include "parts_file.h"
#include "roots.h"
#include "user.h"
#include "utf16.h"

#include <string.h>
#include <wchar.h>

enum { PATH_MAX_CHARS = 2048 };

static const char16_t machine_name[] = u"\\REGISTRY\\MACHINE";
static const char16_t user_prefix[] = u"\\REGISTRY\\USER";

static struct parts parts;

void parts_load(void)
{
    parts_read(&parts);
}

/* --- comparing ----------------------------------------------------------------------------------
 */

static u32 component_len(const char16_t *s)
{
    u32 len = 0;
    while (s[len] && s[len] != '\\')
        len++;
    return len;
}

static const char16_t *skip_slashes(const char16_t *s)
{
    while (*s == '\\')
        s++;
    return s;
}

static bool is_view_name(const char16_t *s, u32 len)
{
    static const char16_t name[] = u"WOW6432NODE";
    return len == ARRAY_LEN(name) - 1 && !u16_compare_fold(s, len, name, len);
}

/* The next component that counts of a path; false at its end. */
static bool next_component(const char16_t **at, const char16_t **name, u32 *len)
{
    do {
        *name = skip_slashes(*at);
        *len = component_len(*name);
        *at = *name + *len;
    } while (is_view_name(*name, *len));
    return *len != 0;
}

/* How a path stands to a part, both from the same key on. */
enum relation { APART, AT_OR_BELOW, ABOVE };

/* *rest: what of the part is left where the path is above it. */
static enum relation relate(const char16_t *part, const char16_t *path, const char16_t **rest)
{
    const char16_t *a, *b;
    u32 a_len, b_len;
    for (;;) {
        part = skip_slashes(part);
        if (!*part)
            return AT_OR_BELOW;
        *rest = part;
        if (!next_component(&path, &b, &b_len))
            return ABOVE;
        next_component(&part, &a, &a_len);
        if (a_len != b_len || u16_compare_fold(a, a_len, b, b_len))
            return APART;
    }
}

/* The name of a key of ours; predefined keys have theirs without looking. */
static const char16_t *name_of(HKEY key, RPC_HKEY ours, char16_t *buf, u32 cap)
{
    u32 need;
    if (face_is_predefined(key) && !roots_overridden(key)) {
        if (face_is_root(key, HKEY_LOCAL_MACHINE))
            return machine_name;
        if (face_is_root(key, HKEY_USERS))
            return user_prefix;
        if (face_is_root(key, HKEY_CURRENT_USER))
            return parts.user;
        return NULL; /* HKEY_CLASSES_ROOT is ours or Wine's as a whole: parts_root */
    }
    return inside_name(ours, buf, cap, &need) ? NULL : buf;
}

/* Whether the path begins with a component of some part; most do not, and then the key's name is
 * not asked for. */
static bool may_match(const char16_t *path)
{
    u32 len;
    path = skip_slashes(path);
    len = component_len(path);
    for (u32 i = 0; i < parts.component_count; i++)
        if (parts.components[i].len == len &&
            !u16_compare_fold(parts.components[i].name, len, path, len))
            return true;
    return is_view_name(path, len);
}

/* What is left of a part below the key of that name; NULL where the key is not above it. */
static const char16_t *left_below(u32 i, const char16_t *name)
{
    const char16_t *rest;
    if (name == machine_name)
        return parts.below_machine[i];
    if (name == parts.user)
        return parts.below_user[i];
    return relate(parts.list[i], name, &rest) == ABOVE ? rest : NULL;
}

/* Whether path, below the key, lies in a part; then *root and *below are what to ask kernelbase. */
static bool find_part(HKEY key, RPC_HKEY ours, const WCHAR *path, HKEY *root, WCHAR *below)
{
    char16_t buf[PATH_MAX_CHARS];
    const char16_t *name, *rest;
    bool found = false;
    size_t skip, len;
    if (!path || !*path || !may_match((const char16_t *)path) ||
        !(name = name_of(key, ours, buf, PATH_MAX_CHARS)))
        return false;
    for (u32 i = 0; i < parts.count && !found; i++) {
        rest = left_below(i, name);
        found = rest && relate(rest, (const char16_t *)path, &rest) == AT_OR_BELOW;
    }
    if (!found)
        return false;
    *root = u16_compare_fold(name, MIN(u16_len(name), 17), machine_name, 17) ? HKEY_USERS
                                                                             : HKEY_LOCAL_MACHINE;
    skip = *root == HKEY_USERS ? ARRAY_LEN(user_prefix) - 1 : ARRAY_LEN(machine_name) - 1;
    name += skip;
    name += *name == '\\';
    len = u16_len(name);
    if (len + wcslen(path) + 2 > PATH_MAX_CHARS)
        return false;
    memcpy(below, name, len * sizeof(WCHAR));
    if (len)
        below[len++] = '\\';
    path += wcsspn(path, L"\\");
    memcpy(below + len, path, (wcslen(path) + 1) * sizeof(WCHAR));
    return true;
}

/* --- passing on ---------------------------------------------------------------------------------
 */

bool parts_open(HKEY key, const struct face_key *k, const WCHAR *subkey, DWORD options,
                REGSAM access, HKEY *out, u32 *err)
{
    WCHAR below[PATH_MAX_CHARS];
    HKEY root;
    if (!parts.count || !find_part(key, k->ours, subkey, &root, below))
        return false;
    *err = wine_open(root, below, options, access, out);
    FACE_TRACE("%s is Wine's: %lu", face_text(below), (unsigned long)*err);
    return true;
}

bool parts_create(HKEY key, const struct face_key *k, const WCHAR *subkey, const WCHAR *class_name,
                  const struct create_how *how, HKEY *out, DWORD *disposition, u32 *err)
{
    WCHAR below[PATH_MAX_CHARS];
    HKEY root;
    if (!parts.count || !find_part(key, k->ours, subkey, &root, below))
        return false;
    *err = wine_create(root, below, class_name, how, out, disposition);
    FACE_TRACE("%s is Wine's: %lu", face_text(below), (unsigned long)*err);
    return true;
}

bool parts_delete(HKEY key, const struct face_key *k, const WCHAR *subkey, REGSAM access, u32 *err)
{
    WCHAR below[PATH_MAX_CHARS];
    HKEY root;
    if (!parts.count || !find_part(key, k->ours, subkey, &root, below))
        return false;
    *err = WINE(DeleteKeyExW, root, below, access, 0);
    return true;
}

/* Whether a whole name lies in a part. */
static bool in_part(const char16_t *name)
{
    const char16_t *rest;
    for (u32 i = 0; i < parts.count; i++)
        if (relate(parts.list[i], name, &rest) == AT_OR_BELOW)
            return true;
    return false;
}

bool parts_root(HKEY root)
{
    if (!parts.count)
        return false;
    if (face_is_root(root, HKEY_CLASSES_ROOT))
        return in_part(u"\\REGISTRY\\MACHINE\\SOFTWARE\\CLASSES");
    if (face_is_root(root, HKEY_CURRENT_CONFIG))
        return in_part(
            u"\\REGISTRY\\MACHINE\\SYSTEM\\CURRENTCONTROLSET\\HARDWARE PROFILES\\CURRENT");
    /* Windows NT has no such key; Wine has, and fills it when a prefix starts. */
    return face_is_root(root, HKEY_DYN_DATA);
}

bool parts_at_or_below(HKEY key, const struct face_key *k, const WCHAR *subkey)
{
    char16_t buf[PATH_MAX_CHARS];
    const char16_t *name, *rest;
    if (!parts.count || !(name = name_of(key, k->ours, buf, PATH_MAX_CHARS)))
        return false;
    for (u32 i = 0; i < parts.count; i++)
        if (relate(parts.list[i], name, &rest) == ABOVE &&
            relate(rest, subkey ? (const char16_t *)subkey : u"", &rest) != APART)
            return true;
    return false;
}

/* --- parts among the subkeys --------------------------------------------------------------------
 */

/* A link of ours is, wherever it leads, and a key that may not be opened. */
static bool is_ours(RPC_HKEY key, const char16_t *name, u32 len)
{
    RPC_HKEY opened = NULL;
    bool dangling;
    u32 err = inside_open(key, name, len, REG_OPTION_OPEN_LINK, READ_CONTROL, &opened, &dangling);
    if (!err)
        BaseRegCloseKey(&opened);
    return err != ERROR_FILE_NOT_FOUND;
}

/* A part directly below the key that Wine has and we have not: its name as Wine writes it, and the
 * key itself, which the caller closes. */
static bool child_at(HKEY key, const struct face_key *k, const char16_t *name, u32 i, WCHAR *child,
                     HKEY *opened)
{
    WCHAR below[PATH_MAX_CHARS];
    const char16_t *rest;
    HKEY root;
    u32 len;
    if (relate(parts.list[i], name, &rest) != ABOVE)
        return false;
    len = component_len(rest);
    if (rest[len] || len > FACE_NAME_MAX || is_ours(k->ours, rest, len))
        return false;
    memcpy(child, rest, len * sizeof(WCHAR));
    child[len] = 0;
    if (!find_part(key, k->ours, child, &root, below) ||
        WINE(OpenKeyExW, root, below, 0, KEY_READ, opened))
        return false;
    memcpy(child, parts.shown[i], len * sizeof(WCHAR));
    return true;
}

static u32 own_subkeys(RPC_HKEY key)
{
    DWORD n = 0, x;
    FILETIME t;
    if (BaseRegQueryInfoKey(key, NULL, NULL, &n, &x, &x, &x, &x, &x, &x, &t))
        return 0;
    return n;
}

static void put_name(const WCHAR *from, WCHAR *name, DWORD *name_len)
{
    size_t len = wcslen(from);
    memcpy(name, from, (len + 1) * sizeof(WCHAR));
    *name_len = (DWORD)len;
}

/* The class of Wine's key, by the rules of RegEnumKeyEx: too little room leaves the length alone,
 * and not even the terminator of an empty class has room in none. */
static u32 put_class(HKEY opened, WCHAR *class_name, DWORD *class_len, FILETIME *time)
{
    DWORD len = class_name ? *class_len : 0;
    u32 err;
    if (class_name && !len)
        return ERROR_MORE_DATA;
    err = WINE(QueryInfoKeyW, opened, class_name, class_len ? &len : NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, NULL, time);
    if (err == ERROR_INSUFFICIENT_BUFFER) /* as Wine calls too little room */
        err = ERROR_MORE_DATA;
    if (!err && class_len)
        *class_len = len;
    return err;
}

u32 parts_enum(HKEY key, const struct face_key *k, DWORD index, const struct enum_room *to)
{
    char16_t buf[PATH_MAX_CHARS];
    WCHAR child[FACE_NAME_MAX + 1];
    const char16_t *own;
    HKEY opened;
    u32 at, err;
    if (!parts.count || !(own = name_of(key, k->ours, buf, PATH_MAX_CHARS)))
        return ERROR_NO_MORE_ITEMS;
    at = own_subkeys(k->ours);
    for (u32 i = 0; i < parts.count && at <= index; i++) {
        if (!child_at(key, k, own, i, child, &opened))
            continue;
        err = ERROR_SUCCESS;
        if (at == index && wcslen(child) >= *to->name_len)
            err = ERROR_MORE_DATA;
        else if (at == index && !(err = put_class(opened, to->class_name, to->class_len, to->time)))
            put_name(child, to->name, to->name_len);
        wine_close(opened);
        if (at++ == index)
            return err;
    }
    return ERROR_NO_MORE_ITEMS;
}

void parts_count(HKEY key, const struct face_key *k, DWORD *subkeys, DWORD *max_len)
{
    char16_t buf[PATH_MAX_CHARS];
    WCHAR child[FACE_NAME_MAX + 1];
    const char16_t *own;
    HKEY opened;
    if (!parts.count || (!subkeys && !max_len) ||
        !(own = name_of(key, k->ours, buf, PATH_MAX_CHARS)))
        return;
    for (u32 i = 0; i < parts.count; i++) {
        if (!child_at(key, k, own, i, child, &opened))
            continue;
        wine_close(opened);
        if (subkeys)
            ++*subkeys;
        if (max_len)
            *max_len = MAX(*max_len, (DWORD)wcslen(child));
    }
}
