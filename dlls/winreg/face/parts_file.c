#include "face.h"
#include "parts_file.h"
#include "home.h"
#include "inside.h"
#include "os.h"
#include "user.h"
#include "utf16.h"

#include <string.h>

enum { FILE_MAX = 64 * 1024, LINE_MAX_CHARS = 1024 };

static const struct {
    const char *name;
    const char16_t *path; /* NULL: the user's */
} known_roots[] = {
    {"HKEY_LOCAL_MACHINE", u"\\REGISTRY\\MACHINE"},
    {"HKLM", u"\\REGISTRY\\MACHINE"},
    {"HKEY_USERS", u"\\REGISTRY\\USER"},
    {"HKU", u"\\REGISTRY\\USER"},
    {"HKEY_CURRENT_USER", NULL},
    {"HKCU", NULL},
};

static void set_user(struct parts *p)
{
    static const char16_t prefix[] = u"\\REGISTRY\\USER\\";
    size_t at = u16_copy(p->user, ARRAY_LEN(p->user), prefix);
    u16_copy(p->user + at, ARRAY_LEN(p->user) - at, user_name());
}

static void note_component(struct parts *p, const char16_t *name, u32 len)
{
    for (u32 i = 0; i < p->component_count; i++)
        if (p->components[i].len == len && !u16_compare(p->components[i].name, len, name, len))
            return;
    if (p->component_count == ARRAY_LEN(p->components))
        return;
    p->components[p->component_count].name = name;
    p->components[p->component_count++].len = len;
}

static void note_components(struct parts *p, const char16_t *path)
{
    while (*path) {
        u32 len = 0;
        for (path += *path == '\\'; path[len] && path[len] != '\\';)
            len++;
        note_component(p, path, len);
        path += len;
    }
}

/* What is left of a path behind a prefix, NULL where it does not begin so. */
static const char16_t *below(const char16_t *path, const char16_t *prefix)
{
    size_t len = u16_len(prefix);
    return u16_len(path) > len && !u16_compare_fold(path, len, prefix, len) && path[len] == '\\'
               ? path + len
               : NULL;
}

static void add(struct parts *p, const char16_t *root, const char16_t *rest, u32 rest_len)
{
    u32 root_len = (u32)u16_len(root), len = root_len + rest_len, last = rest_len;
    char16_t *path;
    /* A part whose components could not all be noted would not be found. */
    if (p->count == PARTS_MAX || p->component_count + 16 > ARRAY_LEN(p->components))
        return;
    while (last && rest[last - 1] != '\\')
        last--;
    path = os_alloc((len + 1) * sizeof(*path));
    p->shown[p->count] = (WCHAR *)u16_dup(rest + last, rest_len - last);
    if (!path || !p->shown[p->count]) {
        os_free(path);
        os_free(p->shown[p->count]);
        return;
    }
    memcpy(path, root, root_len * sizeof(*path));
    memcpy(path + root_len, rest, rest_len * sizeof(*path));
    path[len] = 0;
    for (u32 i = 0; i < len; i++)
        path[i] = u16_upper(path[i]);
    note_components(p, path);
    p->below_machine[p->count] = below(path, u"\\REGISTRY\\MACHINE");
    p->below_user[p->count] = below(path, p->user);
    p->list[p->count++] = path;
}

/* A line without its comment and the blanks around it. */
static void read_line(struct parts *p, const char16_t *line, u32 len)
{
    u32 root_len = 0;
    while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r' ||
                   line[len - 1] == '\\'))
        len--;
    while (len && (*line == ' ' || *line == '\t'))
        line++, len--;
    if (!len)
        return;
    while (root_len < len && line[root_len] != '\\')
        root_len++;
    for (size_t i = 0; i < ARRAY_LEN(known_roots) && root_len < len; i++) {
        if (!u16_is(line, root_len, known_roots[i].name))
            continue;
        add(p, known_roots[i].path ? known_roots[i].path : p->user, line + root_len,
            len - root_len);
        return;
    }
    FACE_TRACE("wine-parts.txt: no key's path: %s", trace_text(line, (int)len));
}

static void read_text(struct parts *p, const char16_t *text, u32 len)
{
    u32 at = 0;
    while (at < len) {
        u32 end = at, comment;
        while (end < len && text[end] != '\n')
            end++;
        for (comment = at; comment < end && text[comment] != '#'; comment++)
            ;
        if (comment - at <= LINE_MAX_CHARS)
            read_line(p, text + at, comment - at);
        at = end + 1;
    }
}

static struct os_file *open_file(void)
{
    char16_t path[HOME_MAX + 20];
    struct os_file *f;
    size_t at;
    if (inside_folder(path))
        return NULL;
    at = u16_len(path);
    path[at++] = home_separator;
    u16_copy(path + at, ARRAY_LEN(path) - at, u"wine-parts.txt");
    return os_open(path, OS_READ, &f) ? NULL : f;
}

void parts_read(struct parts *p)
{
    struct os_file *f = open_file();
    char *bytes = NULL;
    char16_t *text = NULL;
    u32 got = 0, skip;
    if (!f)
        return;
    set_user(p);
    bytes = os_alloc(FILE_MAX);
    text = os_alloc(FILE_MAX * sizeof(*text));
    if (bytes && text && !os_read_at(f, 0, bytes, FILE_MAX, &got)) {
        skip = got >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
        read_text(p, text, (u32)u16_from_utf8(text, FILE_MAX, bytes + skip, got - skip, false));
    }
    os_free(bytes);
    os_free(text);
    os_close(f);
}
