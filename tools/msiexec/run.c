/* SPDX-License-Identifier: MIT */
/*
 * What msiexec does, by exported functions of msi.dll alone.
 */
#include "msiexec.h"

#include <msiquery.h>
#include <wchar.h>

/* No header of mingw-w64 has it. */
UINT WINAPI MsiCreateAndVerifyInstallerDirectory(DWORD reserved);

static const WCHAR *text(const char16_t *s)
{
    return (const WCHAR *)s;
}

/* "FIRST rest" in one text from the heap, which lives as long as the process. */
static const WCHAR *with(const WCHAR *first, const char16_t *rest)
{
    size_t n = wcslen(first), m = rest ? wcslen(text(rest)) : 0;
    WCHAR *both = HeapAlloc(GetProcessHeap(), 0, (n + m + 2) * sizeof(*both));

    if (!both)
        return NULL;
    wcscpy(both, first);
    if (m) {
        both[n] = ' ';
        wcscpy(both + n + 1, text(rest));
    }
    return both;
}

/* The code of the package's product, where it has one. */
static UINT code_in(const WCHAR *package, WCHAR code[39])
{
    MSIHANDLE db, view = 0, row = 0;
    DWORD size = 39;
    UINT err = MsiOpenDatabaseW(package, MSIDBOPEN_READONLY, &db);

    if (err)
        return err == ERROR_OPEN_FAILED ? ERROR_INSTALL_PACKAGE_INVALID
                                        : ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    err = MsiDatabaseOpenViewW(
        db, L"SELECT `Value` FROM `Property` WHERE `Property` = 'ProductCode'", &view);
    if (!err)
        err = MsiViewExecute(view, 0);
    if (!err)
        err = MsiViewFetch(view, &row);
    if (!err)
        err = MsiRecordGetStringW(row, 1, code, &size);
    MsiCloseHandle(row);
    MsiCloseHandle(view);
    MsiCloseHandle(db);
    return err ? ERROR_INSTALL_PACKAGE_INVALID : ERROR_SUCCESS;
}

static UINT install(const struct cmdline *c)
{
    if (cmdline_is_code(c->what))
        return MsiConfigureProductExW(text(c->what), INSTALLLEVEL_DEFAULT, INSTALLSTATE_DEFAULT,
                                      text(c->properties));
    return MsiInstallProductW(text(c->what), text(c->properties));
}

static UINT uninstall(const struct cmdline *c)
{
    const WCHAR *line;

    if (cmdline_is_code(c->what))
        return MsiConfigureProductExW(text(c->what), INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT,
                                      text(c->properties));
    line = with(L"REMOVE=ALL", c->properties);
    return line ? MsiInstallProductW(text(c->what), line) : ERROR_OUTOFMEMORY;
}

/* The properties of the line do not count. With v the package given is the source. */
static UINT repair(const struct cmdline *c)
{
    static const struct {
        WCHAR letter;
        DWORD bit;
    } letters[] = {{'p', 2},    {'o', 4},    {'e', 8},     {'d', 0x10},  {'c', 0x20},
                   {'a', 0x40}, {'m', 0x80}, {'u', 0x100}, {'s', 0x200}, {'v', 0x400}};
    WCHAR code[39], line[64] = L"REINSTALL=ALL REINSTALLMODE=";
    size_t n = wcslen(line);
    UINT err;

    if (cmdline_is_code(c->what))
        return MsiReinstallProductW(text(c->what), c->reinstall);
    err = code_in(text(c->what), code);
    if (err)
        return err;
    if (!(c->reinstall & 0x400))
        return MsiReinstallProductW(code, c->reinstall);
    if (MsiQueryProductStateW(code) != INSTALLSTATE_DEFAULT)
        return ERROR_UNKNOWN_PRODUCT;
    for (size_t i = 0; i < ARRAY_LEN(letters); i++)
        if (c->reinstall & letters[i].bit)
            line[n++] = letters[i].letter;
    line[n] = 0;
    return MsiInstallProductW(text(c->what), line);
}

static UINT administer(const struct cmdline *c)
{
    const WCHAR *line = with(L"ACTION=ADMIN", c->properties);

    return line ? MsiInstallProductW(text(c->what), line) : ERROR_OUTOFMEMORY;
}

static UINT advertise(const struct cmdline *c)
{
    const WCHAR *where = (const WCHAR *)(ULONG_PTR)(c->for_user ? ADVERTISEFLAGS_USERASSIGN
                                                                : ADVERTISEFLAGS_MACHINEASSIGN);

    if (c->instance)
        return MsiAdvertiseProductExW(text(c->what), where, text(c->transforms),
                                      (LANGID)c->language, 0, MSIADVERTISEOPTIONFLAGS_INSTANCE);
    return MsiAdvertiseProductW(text(c->what), where, text(c->transforms), (LANGID)c->language);
}

static UINT patch(const struct cmdline *c)
{
    if (c->instance_of || wcschr(text(c->what), ';'))
        return MsiApplyMultiplePatchesW(text(c->what), text(c->instance_of), text(c->properties));
    return MsiApplyPatchW(text(c->what), NULL, INSTALLTYPE_DEFAULT, text(c->properties));
}

typedef HRESULT(WINAPI *register_fn)(void);

static UINT call_module(const struct cmdline *c, const char *function)
{
    HMODULE module;
    register_fn call;
    HRESULT result;

    OleInitialize(NULL);
    module = LoadLibraryExW(text(c->what), NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!module)
        return GetLastError();
    call = (register_fn)(void *)GetProcAddress(module, function);
    if (!call)
        return ERROR_PROC_NOT_FOUND;
    result = call();
    return FAILED(result) ? (UINT)result : ERROR_SUCCESS;
}

static UINT dispatch(const struct cmdline *c)
{
    switch (c->command) {
    case COMMAND_INSTALL:
        return install(c);
    case COMMAND_UNINSTALL:
        return uninstall(c);
    case COMMAND_REPAIR:
        return repair(c);
    case COMMAND_ADMIN:
        return administer(c);
    case COMMAND_ADVERTISE:
        return advertise(c);
    case COMMAND_PATCH:
        return patch(c);
    case COMMAND_PATCH_ADMIN:
        return MsiApplyPatchW(text(c->what), text(c->image), INSTALLTYPE_NETWORK_IMAGE,
                              text(c->properties));
    case COMMAND_REGISTER:
        return call_module(c, "DllRegisterServer");
    case COMMAND_UNREGISTER:
        return call_module(c, "DllUnregisterServer");
    case COMMAND_RECOVER:
        return MsiCreateAndVerifyInstallerDirectory(0);
    default:
        return ERROR_INVALID_COMMAND_LINE;
    }
}

UINT run_command(const struct cmdline *c)
{
    UINT err = ERROR_SUCCESS;

    MsiSetInternalUI((INSTALLUILEVEL)(c->ui ? c->ui : UI_FULL), NULL);
    if (c->log)
        err = MsiEnableLogW(c->log_modes, text(c->log), c->log_attributes);
    if (!err && c->progress)
        progress_begin();
    if (!err)
        err = dispatch(c);
    if (c->progress)
        progress_end();
    /* what the functions say of a package that is not there */
    if (err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND)
        return c->command == COMMAND_PATCH || c->command == COMMAND_PATCH_ADMIN
                   ? ERROR_PATCH_PACKAGE_OPEN_FAILED
                   : ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    return err;
}
