/*
 * RegDeleteKey, RegDeleteKeyEx, RegDeleteTree.
 */
#include "face.h"
#include "inside.h"
#include "open.h"
#include "wineparts.h"

#include <wchar.h>

static u32 delete_key(HKEY key, const WCHAR *subkey, REGSAM access)
{
    RRP_UNICODE_STRING path;
    struct face_key k;
    u32 err;
    if (!subkey)
        return ERROR_INVALID_PARAMETER;
    err = face_begin(key, &k);
    if (err)
        return err;
    err = open_path(&k, subkey);
    if (err)
        ;
    else if (k.wine)
        err = WINE(DeleteKeyExW, k.wine, subkey, access, 0);
    else if (!parts_delete(key, &k, subkey, access, &err)) {
        err = face_path(&k, &path, subkey);
        if (!err)
            err = face_handle_error(
                k.ours, BaseRegDeleteKeyEx(k.ours, &path, face_view(k.ours, access), 0));
    }
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR subkey, REGSAM access, DWORD reserved)
{
    u32 err;
    UNUSED(reserved);
    err = delete_key(key, subkey, access & (KEY_WOW64_32KEY | KEY_WOW64_64KEY));
    FACE_TRACE("RegDeleteKeyEx(%p, %s, %lx) = %lu", (void *)key, face_text(subkey), access,
               (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR subkey)
{
    return RegDeleteKeyExW(key, subkey, 0, 0);
}

/* Deletes the keys below one, deepest first. A name that has been seen to stay is an error, so
 * this ends even where another process makes keys as fast as they are deleted. */
static u32 delete_children(HKEY key, u32 depth)
{
    WCHAR name[FACE_NAME_MAX + 1];
    u32 err;
    if (depth > 512)
        return ERROR_REGISTRY_CORRUPT;
    for (;;) {
        DWORD len = ARRAY_LEN(name);
        HKEY child;
        err = (u32)RegEnumKeyExW(key, 0, name, &len, NULL, NULL, NULL, NULL);
        if (err)
            return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
        err = open_below(key, name, REG_OPTION_OPEN_LINK,
                         KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | KEY_SET_VALUE | DELETE, &child);
        if (err)
            return err;
        err = delete_children(child, depth + 1);
        if (!err)
            err = delete_key(child, L"", 0);
        RegCloseKey(child);
        if (err)
            return err;
    }
}

static u32 delete_value(HKEY key, const WCHAR *name)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    if (k.classes && k.ours)
        err = inside_delete_class_value(k.ours, (const char16_t *)name, (u32)wcslen(name));
    else
        err = (u32)RegDeleteValueW(key, name);
    face_end(&k);
    return err;
}

static u32 delete_values(HKEY key)
{
    static const DWORD cap = FACE_VALUE_NAME_MAX + 1;
    WCHAR *name = HeapAlloc(GetProcessHeap(), 0, cap * sizeof(WCHAR));
    u32 err = ERROR_SUCCESS;
    if (!name)
        return ERROR_OUTOFMEMORY;
    while (!err) {
        DWORD len = cap;
        err = (u32)RegEnumValueW(key, 0, name, &len, NULL, NULL, NULL, NULL);
        if (!err)
            err = delete_value(key, name);
    }
    HeapFree(GetProcessHeap(), 0, name);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* Key by key, for trees of Wine's and for those of two hives. */
static u32 delete_by_steps(HKEY key, const WCHAR *subkey)
{
    const REGSAM access = DELETE | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | KEY_SET_VALUE;
    bool whole = subkey && *subkey;
    HKEY opened;
    u32 err = open_for(key, subkey, access, &opened);
    if (err)
        return err;
    err = delete_children(opened, 0);
    if (!err)
        err = whole ? delete_key(opened, L"", 0) : delete_values(opened);
    close_for(key, opened);
    return err;
}

/* In HKEY_CLASSES_ROOT the machine's tree shows when the user's is gone. */
static u32 delete_of_both(HKEY key, const WCHAR *subkey)
{
    u32 err = delete_by_steps(key, subkey);
    if (err || !subkey || !*subkey)
        return err;
    err = delete_by_steps(key, subkey);
    return err == ERROR_FILE_NOT_FOUND ? (u32)ERROR_SUCCESS : err;
}

/* In one write: nobody sees half of it gone, and a process killed on the way leaves all of it. */
static u32 delete_at_once(const struct face_key *k, const WCHAR *subkey)
{
    RRP_UNICODE_STRING path;
    u32 err = face_path(k, &path, subkey);
    if (err)
        return err;
    err = inside_delete_tree(k->ours, (const char16_t *)subkey, face_out_len(&path),
                             face_view(k->ours, 0), !subkey || !*subkey);
    /* Values first would leave keys without them where the tree cannot be deleted. */
    return err || (subkey && *subkey) ? err : delete_values(face_hkey(k->ours));
}

static u32 delete_tree(HKEY key, const WCHAR *subkey)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    if (k.classes && k.ours)
        err = delete_of_both(key, subkey);
    else if (k.wine || parts_at_or_below(key, &k, subkey))
        err = delete_by_steps(key, subkey);
    else if (!(err = open_path(&k, subkey)))
        err = delete_at_once(&k, subkey);
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR subkey)
{
    u32 err = delete_tree(key, subkey);
    FACE_TRACE("RegDeleteTree(%p, %s) = %lu", (void *)key, face_text(subkey), (unsigned long)err);
    return (LSTATUS)err;
}
