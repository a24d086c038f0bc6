/*
 * A server on a folder of its own, and short ways to call the methods.
 */
#ifndef DECANTER_RRP_FIXTURE_H
#define DECANTER_RRP_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    char path[64];
    char16_t folder[64];
};

static inline void fixture_start(struct fixture *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/rrp.XXXXXX");
    ok(mkdtemp(f->path) != NULL, "no folder\n");
    u16_from_utf8(f->folder, ARRAY_LEN(f->folder), f->path, strlen(f->path) + 1, false);
    DWORD err = WinregStart(f->folder);
    ok(!err, "start gave %u\n", err);
}

static inline int fixture_remove(const char *path, const struct stat *st, int flag, struct FTW *w)
{
    (void)st, (void)flag, (void)w;
    return remove(path);
}

static inline void fixture_stop(struct fixture *f)
{
    u32 left = hnd_count();
    ok(left == 0, "%u handles left\n", left);
    DWORD err = WinregShutdown();
    ok(!err, "shutdown gave %u\n", err);
    nftw(f->path, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline RRP_UNICODE_STRING str(const char16_t *s)
{
    USHORT n = (USHORT)(u16_len(s) * 2 + 2);
    return (RRP_UNICODE_STRING){n, n, (PWCHAR)(uintptr_t)s};
}

static inline void close_key(RPC_HKEY key)
{
    DWORD err = BaseRegCloseKey(&key);
    ok(!err, "close gave %u\n", err);
}

static inline DWORD open_key(RPC_HKEY root, const char16_t *path, REGSAM sam, PRPC_HKEY key)
{
    RRP_UNICODE_STRING s = str(path);
    return BaseRegOpenKey(root, &s, 0, sam, key);
}

static inline DWORD create_key(RPC_HKEY root, const char16_t *path, DWORD options, REGSAM sam,
                               PRPC_HKEY key)
{
    RRP_UNICODE_STRING s = str(path), none = {0};
    return BaseRegCreateKey(root, &s, &none, options, sam, NULL, key, NULL);
}

/* A key below the current user's root, with all rights. */
static inline RPC_HKEY make_key(const char16_t *path)
{
    RPC_HKEY root = NULL, key = NULL;
    DWORD err = OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root);
    if (!err)
        err = create_key(root, path, 0, KEY_ALL_ACCESS, &key);
    ok(!err, "making %s gave %u\n", trace_text(path, -1), err);
    if (root)
        close_key(root);
    return key;
}

static inline DWORD set_value(RPC_HKEY key, const char16_t *name, DWORD type, const void *data,
                              DWORD n)
{
    RRP_UNICODE_STRING s = str(name);
    return BaseRegSetValue(key, &s, type, (LPBYTE)(uintptr_t)data, n);
}

static inline DWORD delete_value(RPC_HKEY key, const char16_t *name)
{
    RRP_UNICODE_STRING s = str(name);
    return BaseRegDeleteValue(key, &s);
}

static inline DWORD query_value(RPC_HKEY key, const char16_t *name, LPDWORD type, void *data,
                                LPDWORD size, LPDWORD len)
{
    RRP_UNICODE_STRING s = str(name);
    return BaseRegQueryValue(key, &s, type, data, size, len);
}

/* A DWORD value of a key below root; 0xffffffff where it is not there. */
static inline u32 number_at(RPC_HKEY root, const char16_t *path, REGSAM view)
{
    RPC_HKEY key;
    u32 n = 0xffffffff;
    DWORD type, size = 4, len;
    if (open_key(root, path, KEY_QUERY_VALUE | view, &key))
        return n;
    if (query_value(key, u"v", &type, &n, &size, &len))
        n = 0xffffffff;
    close_key(key);
    return n;
}

static inline void put_number(RPC_HKEY root, const char16_t *path, REGSAM view, u32 n)
{
    RPC_HKEY key;
    DWORD err = create_key(root, path, 0, KEY_ALL_ACCESS | view, &key);
    ok(!err, "making %s gave %u\n", trace_text(path, -1), err);
    if (err)
        return;
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    close_key(key);
}

#endif
