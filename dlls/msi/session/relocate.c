/*
 * Folders of a product that is there: where the key files of its components were registered.
 *
 * Whoever installed it may have chosen the folder, and does not name it again. So the folder of a
 * component is where its key file is, and those below it follow.
 */
#include "components.h"
#include "session_impl.h"
#include "utf16.h"

/* The length of the folder's part of a key path that is a file of that name, or a folder where name
 * is empty; 0: it is something else. A counted file's has ? for the colon. */
static size_t folder_length(const char16_t *path, const char16_t *name)
{
    size_t len = u16_len(path), name_len = u16_len(name);

    if (len < 3 || (path[1] != ':' && path[1] != '?' && path[1] != '\\') || path[2] < ' ')
        return 0;
    if ((path[0] >= '0' && path[0] <= '9') || path[0] == '<') /* registry, source, assembly */
        return 0;
    if (!name_len)
        return path[len - 1] == '\\' ? len : 0;
    if (len <= name_len || path[len - name_len - 1] != '\\' ||
        u16_compare_fold(path + len - name_len, name_len, name, name_len))
        return 0;
    return len - name_len;
}

/* The name of the key file; empty: the key is the folder; NULL: it is neither. */
static const char16_t *key_name(const struct session *s, const struct component *c)
{
    u32 i = names_find(&s->files, c->key_path, u16_len(c->key_path));

    if (!c->key_path[0])
        return u"";
    return i == NAME_NONE ? NULL : ((struct package_file *)names_at(&s->files, i))->long_name;
}

static u32 follow(struct session *s, const struct component *c, char16_t *path, size_t len)
{
    u32 i = names_find(&s->folders, c->folder, u16_len(c->folder));
    const struct folder *f = i == NAME_NONE ? NULL : names_at(&s->folders, i);

    if (path[1] == '?')
        path[1] = ':';
    if (!f || !f->target || !u16_compare_fold(f->target, u16_len(f->target), path, len))
        return ERROR_SUCCESS;
    return folder_move(s, c->folder, u16_len(c->folder), path, len);
}

static u32 follow_component(struct session *s, const struct component *c)
{
    const struct product *p = &s->product_there;
    const char16_t *name = key_name(s, c);
    char16_t *path;
    size_t len;
    u32 err = ERROR_SUCCESS;

    if (!name || !guid_is(c->guid) ||
        component_path_in(c->guid, p->code, product_sid(p), p->context, &path))
        return ERROR_SUCCESS;
    len = folder_length(path, name);
    if (len)
        err = follow(s, c, path, len);
    os_free(path);
    return err;
}

u32 folders_from_installed(struct session *s)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; s->registered && !err && i < s->components.count; i++) {
        const struct component *c = names_at(&s->components, i);

        /* also where the key file is missing: it is to come back where it was */
        err = follow_component(s, c);
    }
    return err;
}
