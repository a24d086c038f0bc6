/*
 * A key of Wine's as a hive file: Wine's server writes its text, which knows classes, links and
 * times and leaves volatile keys out, and that becomes a hive in memory. The text has no security;
 * the hive gets the key's own for all of its keys.
 */
#include "wine_hives.h"
#include "hive.h"
#include "inside.h"
#include "key.h"
#include "os.h"
#include "regtext.h"
#include "user.h"
#include "value.h"
#include "wineparts.h"

#include <string.h>

enum { TEXT_MAX_BYTES = 1 << 30 };

struct saving {
    struct hview *v;
    struct key_ref key; /* that values go to */
    bool times;         /* the second pass: making a key changes the time of the one above */
    u32 problems;
};

/* The key of a path below the root, made where it is not there. */
static u32 make_path(struct hview *v, const char16_t *path, u32 len, u32 *key)
{
    struct key_ref root;
    u32 err = key_root(v, &root);
    *key = root.cell;
    while (!err && len) {
        struct key_new what = {.name = path, .any_name = true};
        while (what.name_len < len && path[what.name_len] != '\\')
            what.name_len++;
        u32 above = *key, step = what.name_len + (what.name_len < len);
        if (what.name_len)
            err = key_find(v, above, path, what.name_len, key);
        if (err == ERROR_FILE_NOT_FOUND)
            err = key_create(v, above, &what, key);
        path += step;
        len -= step;
    }
    return err;
}

static u32 put_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    struct saving *s = ctx;
    u32 key, err = remove ? (u32)ERROR_INVALID_DATA : make_path(s->v, path, len, &key);
    if (!err)
        s->key = key_ref_of(s->v, key);
    return err;
}

static u32 put_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data, u32 size)
{
    struct saving *s = ctx;
    return val_set(s->v, s->key.cell, name, len, type, data, size);
}

static u32 put_class(void *ctx, const char16_t *text, u32 len)
{
    struct saving *s = ctx;
    return key_set_class(s->v, s->key.cell, text, len * (u32)sizeof(*text));
}

static u32 put_link(void *ctx)
{
    struct saving *s = ctx;
    return key_set_flags(s->v, s->key.cell, KEYF_SYM_LINK, 0);
}

static u32 put_time(void *ctx, u64 last_write)
{
    struct saving *s = ctx;
    return last_write ? key_set_time(s->v, s->key.cell, last_write) : ERROR_SUCCESS;
}

static void count_problem(void *ctx, u32 line, const char *what)
{
    struct saving *s = ctx;
    s->problems++;
    FACE_TRACE("saving: line %u of Wine's text: %s", line, what);
}

static u32 put_security(struct hview *v, HKEY key)
{
    const SECURITY_INFORMATION all =
        OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    struct key_ref root;
    DWORD size = 0;
    void *sd;
    u32 err = WINE(GetKeySecurity, key, all, NULL, &size);
    if (err != ERROR_INSUFFICIENT_BUFFER)
        return ERROR_SUCCESS; /* READ_CONTROL is not asked for: a new hive's own stays */
    if (!(sd = os_alloc(size)))
        return ERROR_OUTOFMEMORY;
    if (!WINE(GetKeySecurity, key, all, sd, &size) && inside_descriptor_valid(sd, size) &&
        !(err = key_root(v, &root)))
        err = key_set_security(v, root.cell, sd, size);
    os_free(sd);
    return err == ERROR_INSUFFICIENT_BUFFER ? ERROR_SUCCESS : err;
}

static u32 fill(struct hview *v, HKEY key, const void *text, DWORD size)
{
    struct saving s = {.v = v};
    const struct regtext_sink sink = {.ctx = &s,
                                      .key = put_key,
                                      .value = put_value,
                                      .key_class = put_class,
                                      .key_link = put_link,
                                      .problem = count_problem};
    const struct regtext_sink times = {.ctx = &s, .key = put_key, .key_time = put_time};
    u32 err = put_security(v, key);
    if (!err)
        err = regtext_read(text, size, 0, &sink, NULL);
    if (!err)
        err = regtext_read(text, size, 0, &times, NULL);
    return err || !s.problems ? err : (u32)ERROR_INVALID_DATA;
}

/* Wine's text of the key, from os_alloc. */
static u32 read_text(const WCHAR *file, void **text, DWORD *size)
{
    LARGE_INTEGER length;
    HANDLE h = CreateFileW(file, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    u32 err = ERROR_SUCCESS;
    *text = NULL;
    if (h == INVALID_HANDLE_VALUE)
        return GetLastError();
    if (!GetFileSizeEx(h, &length) || length.QuadPart > TEXT_MAX_BYTES)
        err = ERROR_NO_SYSTEM_RESOURCES;
    else if (!(*text = os_alloc((size_t)length.QuadPart + 1)))
        err = ERROR_OUTOFMEMORY;
    else if (!ReadFile(h, *text, (DWORD)length.QuadPart, size, NULL))
        err = GetLastError();
    CloseHandle(h);
    if (err)
        os_free(*text);
    return err;
}

static u32 take_text(HKEY key, void **text, DWORD *size)
{
    WCHAR folder[MAX_PATH + 1], file[MAX_PATH + 1];
    DWORD len = GetTempPathW(MAX_PATH + 1, folder);
    u32 err;
    if (!len || len > MAX_PATH || !GetTempFileNameW(folder, L"dec", 0, file))
        return ERROR_REGISTRY_IO_FAILED;
    err = WINE(SaveKeyExW, key, file, NULL, REG_LATEST_FORMAT);
    if (!err)
        err = read_text(file, text, size);
    DeleteFileW(file);
    return err;
}

u32 wine_hive_save(HKEY key, const WCHAR *path, DWORD flags)
{
    struct hive *h = NULL;
    struct hive_write w;
    void *text = NULL;
    DWORD size;
    u32 err;
    if (!user_has(USER_BACKUP))
        return ERROR_PRIVILEGE_NOT_HELD;
    if (flags == REG_NO_COMPRESSION) /* for the root of a hive; Wine's keys are none */
        return ERROR_INVALID_PARAMETER;
    if (os_exists((const char16_t *)path))
        return ERROR_ALREADY_EXISTS;
    err = take_text(key, &text, &size);
    if (!err)
        err = hive_open(NULL, HIVE_MEMORY, &h);
    if (!err && !(err = hive_write_begin(h, HIVE_WAIT, &w))) {
        err = fill(&w.view, key, text, size);
        if (err)
            hive_write_abort(h, &w);
        else
            err = hive_write_commit(h, &w);
    }
    os_free(text);
    if (!err)
        err = hive_save(h, (const char16_t *)path, flags == REG_LATEST_FORMAT ? 5 : 3);
    hive_close(h);
    return err == ERROR_FILE_EXISTS ? (u32)ERROR_ALREADY_EXISTS : err;
}
