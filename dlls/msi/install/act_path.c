/*
 * Paths that actions plan with.
 */
#include "act_path.h"

#include "filename.h"
#include "session_impl.h"
#include "utf16.h"

/* --- full paths ---------------------------------------------------------------------------------
 */

static bool is_letter(char16_t c)
{
    return u16_upper(c) >= 'A' && u16_upper(c) <= 'Z';
}

/* The names from `at` on, each plain, up to an end that may be a backslash. */
static bool names_are_plain(const char16_t *path, size_t len, size_t at, u32 *count)
{
    for (size_t end; at < len; at = end + 1) {
        for (end = at; end < len && path[end] != '\\';)
            end++;
        if (!file_name_is_plain(path + at, end - at))
            return false;
        ++*count;
    }
    return true;
}

bool path_is_full(const char16_t *path, size_t len)
{
    u32 names = 0;

    if (len >= 3 && is_letter(path[0]) && path[1] == ':' && path[2] == '\\')
        return names_are_plain(path, len, 3, &names);
    /* a server and what it shares come first */
    return len > 2 && path[0] == '\\' && path[1] == '\\' && names_are_plain(path, len, 2, &names) &&
           names >= 2;
}

static u32 finish_folder(struct text_buf *out, size_t start)
{
    if (out->failed)
        return ERROR_OUTOFMEMORY;
    if (out->len == start || out->s[out->len - 1] != '\\')
        tb_char(out, '\\');
    if (out->failed)
        return ERROR_OUTOFMEMORY;
    return path_is_full(out->s + start, out->len - start) ? ERROR_SUCCESS : ERROR_BAD_PATHNAME;
}

u32 path_of_folder(struct install *in, const char16_t *name, struct text_buf *out)
{
    size_t start = out->len, len = u16_len(name);
    u32 err = folder_target(in->s, name, len, out);
    const struct property *p;

    if (err == ERROR_DIRECTORY) {
        p = props_get(&in->s->props, name, len);
        if (!p || !p->value_len)
            return ERROR_PATH_NOT_FOUND;
        tb_add(out, p->value, p->value_len);
        err = ERROR_SUCCESS;
    }
    return err ? err : finish_folder(out, start);
}

u32 path_of_property(struct install *in, const char16_t *name, struct text_buf *out, bool *found)
{
    size_t start = out->len;
    u32 err = path_of_folder(in, name, out);

    *found = !err;
    if (err != ERROR_PATH_NOT_FOUND && err != ERROR_BAD_PATHNAME)
        return err;
    tb_cut(out, start);
    return ERROR_SUCCESS;
}

u32 path_add_name(struct text_buf *out, const char16_t *text)
{
    size_t len = u16_len(text), bar = 0;

    while (bar < len && text[bar] != '|')
        bar++;
    if (bar < len) {
        text += bar + 1;
        len -= bar + 1;
    }
    if (!file_name_is_plain(text, len))
        return ERROR_BAD_PATHNAME;
    tb_add(out, text, len);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- sets of paths ------------------------------------------------------------------------------
 */

struct wanted {
    const char16_t *path;
    size_t len;
};

static bool same_path(const void *ctx, u32 value, const void *item)
{
    const struct path_set *s = ctx;
    const struct wanted *w = item;
    const char16_t *path = s->paths[value];

    return !u16_compare_fold(path, u16_len(path), w->path, w->len);
}

bool path_set_has(const struct path_set *s, const char16_t *path, size_t len)
{
    struct wanted w = {path, len};

    return hash_find(&s->map, hash_name(path, len), same_path, s, &w) != HASH_NONE;
}

u32 path_set_add(struct path_set *s, const char16_t *path, size_t len, bool *is_new)
{
    char16_t **more;

    *is_new = !path_set_has(s, path, len);
    if (!*is_new)
        return ERROR_SUCCESS;
    if (s->count == s->cap) {
        more = os_realloc_array(s->paths, s->cap ? s->cap * 2u : 64, sizeof(*more));
        if (!more)
            return ERROR_OUTOFMEMORY;
        s->paths = more;
        s->cap = s->cap ? s->cap * 2 : 64;
    }
    s->paths[s->count] = u16_dup(path, len);
    if (!s->paths[s->count])
        return ERROR_OUTOFMEMORY;
    if (hash_add(&s->map, hash_name(path, len), s->count)) {
        os_free(s->paths[s->count]);
        return ERROR_OUTOFMEMORY;
    }
    s->count++;
    return ERROR_SUCCESS;
}

void path_set_free(struct path_set *s)
{
    for (u32 i = 0; i < s->count; i++)
        os_free(s->paths[i]);
    os_free(s->paths);
    hash_free(&s->map);
}
