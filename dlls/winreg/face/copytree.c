/*
 * RegCopyTree: in one write where both are ours, else through the other functions.
 */
#include "face.h"
#include "open.h"
#include "values.h"
#include "value_set.h"
#include "inside.h"
#include "wineparts.h"
#include "os.h"

enum { COPY_DEPTH_MAX = 512 };

static u32 copy_values(HKEY from, HKEY to)
{
    const DWORD cap = FACE_VALUE_NAME_MAX + 1;
    WCHAR *name = os_alloc(cap * sizeof(WCHAR));
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD len = cap, type, size;
        BYTE small[512];
        void *data = small;
        err = (u32)RegEnumValueW(from, i, name, &len, NULL, NULL, NULL, NULL);
        size = sizeof(small);
        if (!err)
            err = value_read(from, name, small, &size, &type, &data);
        if (!err) {
            err = value_set(to, name, type, data, size);
            if (data != small)
                os_free(data);
        }
    }
    os_free(name);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 copy_key(HKEY from, HKEY to, u32 depth);

static u32 copy_child(HKEY from, HKEY to, const WCHAR *name, WCHAR *class_name, u32 depth)
{
    const struct create_how how = {.access = KEY_ALL_ACCESS};
    HKEY child, target;
    DWORD made;
    u32 err = open_below(from, name, 0, KEY_READ, &child);
    if (err)
        return err;
    err = create_below(to, name, class_name, &how, &target, &made);
    if (!err) {
        err = copy_key(child, target, depth + 1);
        RegCloseKey(target);
    }
    RegCloseKey(child);
    return err;
}

static u32 copy_key(HKEY from, HKEY to, u32 depth)
{
    u32 err = depth > COPY_DEPTH_MAX ? (u32)ERROR_REGISTRY_CORRUPT : copy_values(from, to);
    for (DWORD i = 0; !err; i++) {
        WCHAR name[FACE_NAME_MAX + 1], class_name[128];
        DWORD len = ARRAY_LEN(name), class_len = ARRAY_LEN(class_name);
        err = (u32)RegEnumKeyExW(from, i, name, &len, NULL, class_name, &class_len, NULL);
        if (err == ERROR_MORE_DATA) {
            /* A class that long is no name of a type; the key goes without. */
            class_name[0] = 0;
            len = ARRAY_LEN(name);
            err = (u32)RegEnumKeyExW(from, i, name, &len, NULL, NULL, NULL, NULL);
        }
        if (!err)
            err = copy_child(from, to, name, class_name[0] ? class_name : NULL, depth);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 copy_by_steps(HKEY from, const WCHAR *subkey, HKEY to)
{
    HKEY opened;
    u32 err = open_for(from, subkey, KEY_READ, &opened);
    if (err)
        return err;
    err = copy_key(opened, to, 0);
    close_for(from, opened);
    return err;
}

/* What is wrong with the tree is told before what is wrong with the key it goes to. */
static u32 nowhere_to_copy(HKEY from, const WCHAR *subkey, u32 why)
{
    HKEY opened;
    u32 err = open_for(from, subkey, KEY_READ, &opened);
    if (err)
        return err;
    close_for(from, opened);
    return why;
}

static u32 copy_tree_of(HKEY from, const WCHAR *subkey, HKEY to)
{
    RRP_UNICODE_STRING path;
    struct face_key k, target;
    u32 err = face_begin(from, &k);
    if (err)
        return err;
    err = face_begin(to, &target);
    if (!err) {
        if (k.wine || target.wine || k.classes || target.classes ||
            parts_at_or_below(from, &k, subkey) || face_path(&k, &path, subkey))
            err = copy_by_steps(from, subkey, to);
        else
            err = inside_copy_tree(k.ours, (const char16_t *)subkey, face_out_len(&path),
                                   target.ours);
        face_end(&target);
    } else {
        err = nowhere_to_copy(from, subkey, err);
    }
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegCopyTreeW(HKEY from, LPCWSTR subkey, HKEY to)
{
    u32 err = copy_tree_of(from, subkey, to);
    FACE_TRACE("RegCopyTree(%p, %s, %p) = %lu", (void *)from, face_text(subkey), (void *)to,
               (unsigned long)err);
    return (LSTATUS)err;
}
