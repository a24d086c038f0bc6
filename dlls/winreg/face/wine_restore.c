/*
 * A hive file into a key of Wine's, key by key through kernelbase. All of it is read before the
 * first change, as it is read again when it is written: a damaged file costs nothing. What Wine
 * refuses in the middle ends it there.
 */
#include "wine_hives.h"
#include "hive.h"
#include "key.h"
#include "os.h"
#include "user.h"
#include "value.h"
#include "wineparts.h"

#include <string.h>

struct restoring {
    struct hview *v;
    bool as_volatile, only_read;
    u32 keys;    /* that may still come: lists of a damaged file lead to one key again and again */
    WCHAR *name; /* of VAL_NAME_MAX + 1 characters */
};

static u32 put_values(struct restoring *s, u32 from, HKEY to)
{
    for (u32 i = 0;; i++) {
        struct val_info info;
        u32 len, err = val_enum(s->v, from, i, &info);
        if (err)
            return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
        err = val_name(s->v, info.cell, (char16_t *)s->name, VAL_NAME_MAX, &len);
        if (err)
            return err;
        s->name[MIN(len, VAL_NAME_MAX)] = 0;
        BYTE *data = os_alloc((size_t)info.size + 1);
        if (!data)
            return ERROR_OUTOFMEMORY;
        err = val_data(s->v, &info, 0, data, info.size);
        if (!err && !s->only_read)
            err = WINE(SetValueExW, to, s->name, 0, info.type, data, info.size);
        os_free(data);
        if (err)
            return err;
    }
}

static u32 put_key(struct restoring *s, u32 from, HKEY to, u32 depth);

static u32 put_child(struct restoring *s, u32 child, HKEY to, u32 depth)
{
    WCHAR name[FACE_NAME_MAX + 2], class_name[FACE_NAME_MAX + 1];
    DWORD options = s->as_volatile ? REG_OPTION_VOLATILE : 0;
    u32 len, size = 0, err = key_name(s->v, child, (char16_t *)name, &len);
    HKEY made = NULL;
    if (!err && !s->keys--)
        err = ERROR_REGISTRY_CORRUPT;
    if (err)
        return err;
    name[len] = 0;
    if (key_class(s->v, child, class_name, sizeof(class_name) - sizeof(WCHAR), &size) ||
        size > sizeof(class_name) - sizeof(WCHAR))
        size = 0;
    class_name[size / sizeof(WCHAR)] = 0;
    if (key_flags(s->v, child) & KEYF_SYM_LINK)
        options |= REG_OPTION_CREATE_LINK;
    if (!s->only_read)
        err = WINE(CreateKeyExW, to, name, 0, size ? class_name : NULL, options, KEY_ALL_ACCESS,
                   NULL, &made, NULL);
    if (err)
        return err;
    err = put_key(s, child, made, depth + 1);
    if (made)
        wine_close(made);
    return err;
}

static u32 put_key(struct restoring *s, u32 from, HKEY to, u32 depth)
{
    struct key_pos pos = {0};
    u32 child, err = depth > KEY_DEPTH_MAX ? (u32)ERROR_REGISTRY_CORRUPT : put_values(s, from, to);
    for (u32 i = 0; !err; i++) {
        err = key_enum(s->v, from, i, &pos, &child);
        if (!err)
            err = put_child(s, child, to, depth);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 put_tree(struct restoring *s, HKEY key, bool only_read)
{
    struct key_ref root;
    u32 err = key_root(s->v, &root);
    s->only_read = only_read;
    s->keys = key_bound(s->v);
    if (!err && !only_read)
        err = WINE(DeleteTreeW, key, NULL); /* what is below the key, and its values */
    return err ? err : put_key(s, root.cell, key, 0);
}

static u32 put_hive(struct hive *h, HKEY key, bool as_volatile)
{
    struct restoring s = {.as_volatile = as_volatile};
    struct hive_read r = {.tries = 0};
    u32 err = hive_read_begin(h, &r);
    if (err)
        return err;
    s.v = &r.view;
    s.name = os_alloc((VAL_NAME_MAX + 1) * sizeof(WCHAR));
    err = s.name ? put_tree(&s, key, true) : (u32)ERROR_OUTOFMEMORY;
    if (!err)
        err = put_tree(&s, key, false);
    os_free(s.name);
    hive_read_end(h, &r); /* a copy of this process alone: nobody changes it */
    return err;
}

u32 wine_hive_restore(HKEY key, const WCHAR *path, DWORD flags)
{
    struct hive *h;
    u32 err;
    if (!user_has(USER_RESTORE))
        return ERROR_PRIVILEGE_NOT_HELD;
    if (flags & ~(DWORD)(REG_WHOLE_HIVE_VOLATILE | REG_FORCE_RESTORE | REG_NO_LAZY_FLUSH))
        return ERROR_INVALID_PARAMETER;
    if (!os_exists((const char16_t *)path))
        return ERROR_FILE_NOT_FOUND;
    err = hive_open((const char16_t *)path, HIVE_COPY, &h);
    if (err)
        return err == ERROR_BADDB ? (u32)ERROR_NOT_REGISTRY_FILE : err;
    err = put_hive(h, key, (flags & REG_WHOLE_HIVE_VOLATILE) != 0);
    hive_close(h);
    return err;
}
