/*
 * Opening the predefined keys: opnums 0 to 4, 27, 32 and 33.
 */
#include "method.h"

#include <string.h>

static void root_row(struct reg_row *row, enum space_key key, u32 access)
{
    memset(row, 0, sizeof *row);
    row->id = (u32)key;
    row->access = access;
    row->flags = key == SPACE_CLASSES ? ROW_CLASSES : 0;
}

/* Begins a method that opens a root: parameters and life, in the order of the protocol. */
static u32 begin_root(struct call *c, REGSAM sam, PRPC_HKEY out, u32 *wanted, u32 *view)
{
    u32 err = call_begin_open(c);
    if (err)
        return err;
    if (!out)
        return call_end(c, ERROR_INVALID_PARAMETER);
    *out = NULL;
    err = access_parse(sam, wanted, view);
    return err ? call_end(c, err) : ERROR_SUCCESS;
}

static DWORD open_top(enum space_key key, REGSAM sam, PRPC_HKEY out)
{
    struct call c;
    struct reg_row row;
    u32 wanted, view, granted, err = begin_root(&c, sam, out, &wanted, &view);
    if (err)
        return err;
    err = access_check_top(wanted, &granted);
    root_row(&row, key, granted | view);
    return call_end(&c, err ? err : call_give(&row, out));
}

DWORD WINAPI OpenClassesRoot(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    return open_top(SPACE_CLASSES, samDesired, phKey);
}

DWORD WINAPI OpenLocalMachine(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    return open_top(SPACE_MACHINE, samDesired, phKey);
}

DWORD WINAPI OpenUsers(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    return open_top(SPACE_USER, samDesired, phKey);
}

/* A root that is a key with a path. */
static u32 open_path(enum space_key top, const char16_t *path, u32 wanted, u32 view,
                     struct reg_row *row)
{
    struct reg_row base;
    struct nsp_path p = {.base = &base, .path = path, .wanted = wanted, .view = view};
    root_row(&base, top, 0);
    while (path[p.len])
        p.len++;
    return nsp_open(&p, row, NULL);
}

DWORD WINAPI OpenCurrentUser(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    struct call c;
    struct reg_row row;
    u32 wanted, view;
    UNUSED(ServerName);
    u32 err = begin_root(&c, samDesired, phKey, &wanted, &view);
    if (err)
        return err;
    err = open_path(SPACE_USER, space_user()->name, wanted, view, &row);
    return call_end(&c, err ? err : call_give(&row, phKey));
}

/* Other tools' SYSTEM hives may have no hardware profile; it is made where it is missing. */
static u32 open_profile(u32 wanted, u32 view, struct reg_row *row)
{
    static const char16_t path[] = u"SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current";
    struct reg_row base;
    struct nsp_new none = {0};
    bool created;
    u32 err = open_path(SPACE_MACHINE, path, wanted, view, row);
    if (err != ERROR_FILE_NOT_FOUND)
        return err;
    root_row(&base, SPACE_MACHINE, 0);
    struct nsp_path p = {
        .base = &base, .path = path, .len = ARRAY_LEN(path) - 1, .wanted = wanted, .view = view};
    return nsp_create(&p, &none, row, &created);
}

DWORD WINAPI OpenCurrentConfig(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    struct call c;
    struct reg_row row;
    u32 wanted, view;
    UNUSED(ServerName);
    u32 err = begin_root(&c, samDesired, phKey, &wanted, &view);
    if (err)
        return err;
    err = open_profile(wanted, view, &row);
    return call_end(&c, err ? err : call_give(&row, phKey));
}

/* samDesired is ignored; the key gives all it has. */
static DWORD open_perf(enum space_key key, PRPC_HKEY out)
{
    struct call c;
    struct reg_row row;
    u32 wanted, view, err = begin_root(&c, ACCESS_MAXIMUM, out, &wanted, &view);
    if (err)
        return err;
    root_row(&row, key, 0x20019);
    return call_end(&c, call_give(&row, out));
}

DWORD WINAPI OpenPerformanceData(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    return open_perf(SPACE_PERF_DATA, phKey);
}

DWORD WINAPI OpenPerformanceText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    return open_perf(SPACE_PERF_TEXT, phKey);
}

DWORD WINAPI OpenPerformanceNlsText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                    PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    return open_perf(SPACE_PERF_NLSTEXT, phKey);
}
