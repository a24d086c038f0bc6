/*
 * MsiAdvertiseProduct, MsiAdvertiseProductEx: to this machine or user, or as a script for others
 * (session/advscript.h, api_advscript.c).
 */
#include <windows.h>
#include <msi.h>

#include "advscript.h"
#include "fullpath.h"
#include "installing.h"
#include "pkgopen.h"
#include "textbuf.h"
#include "texts.h"
#include "trace.h"

enum { OPTION_INSTANCE = 1 };

struct advertising {
    const char16_t *package, *transforms;
    uintptr_t where; /* ADVERTISEFLAGS_*, or a path of a script */
    DWORD options;
};

static u32 advertise_here(const struct advertising *a, bool *ours)
{
    struct installation how = {.package = a->package};
    struct text_buf set;
    u32 err = ERROR_OUTOFMEMORY;

    *ours = true;
    tb_init(&set);
    line_add(&set, "ACTION", u"ADVERTISE");
    line_add(&set, "ALLUSERS", a->where == ADVERTISEFLAGS_MACHINEASSIGN ? u"1" : u"");
    if (a->transforms && a->transforms[0])
        line_add(&set, "TRANSFORMS", a->transforms);
    if (a->options & OPTION_INSTANCE)
        line_add(&set, "MSINEWINSTANCE", u"1");
    how.set = set.s;
    if (!set.failed)
        err = install_by_us(&how, ours);
    tb_free(&set);
    return err;
}

static u32 write_from(struct session *s, const struct advertising *a)
{
    char16_t *package = NULL, *script = NULL;
    u32 err = full_path(a->package, &package);

    if (!err)
        err = full_path((const char16_t *)a->where, &script);
    if (!err)
        err = advscript_write(s, package, script);
    os_free(package);
    os_free(script);
    return err;
}

static u32 write_script(const struct advertising *a)
{
    struct session_options o = {.silent = true};
    struct session *s = NULL;
    struct text_buf line;
    u32 err;

    tb_init(&line);
    if (a->transforms && a->transforms[0])
        line_add(&line, "TRANSFORMS", a->transforms);
    if (a->options & OPTION_INSTANCE)
        line_add(&line, "MSINEWINSTANCE", u"1");
    o.command_line = line.s;
    err = line.failed ? ERROR_OUTOFMEMORY : package_open(a->package, &o, &s);
    if (!err)
        err = write_from(s, a);
    if (s)
        obj_unref(session_object(s));
    tb_free(&line);
    return err;
}

static u32 advertise(const struct advertising *a)
{
    bool ours = false;
    u32 err = ERROR_CALL_NOT_IMPLEMENTED;

    if (!a->package || !a->package[0] || a->options & ~(DWORD)OPTION_INSTANCE)
        return ERROR_INVALID_PARAMETER;
    if (a->where > ADVERTISEFLAGS_USERASSIGN)
        return *(const char16_t *)a->where ? write_script(a) : ERROR_INVALID_PARAMETER;
    err = advertise_here(a, &ours);
    TRACE(TRACE_MSI, "advertising: %u%s", err, ours ? "" : ", not by this engine");
    return ours ? err : ERROR_CALL_NOT_IMPLEMENTED;
}

static u32 advertise_a(const char *package, uintptr_t where, const char *transforms, DWORD options)
{
    bool script = where > ADVERTISEFLAGS_USERASSIGN;
    const char *in[] = {package, transforms, script ? (const char *)where : NULL};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    if (script)
        where = (uintptr_t)t.at[2].text;
    err = advertise(&(struct advertising){t.at[0].text, t.at[1].text, where, options});
    texts_done(&t);
    return err;
}

UINT WINAPI MsiAdvertiseProductExW(const WCHAR *package, const WCHAR *script,
                                   const WCHAR *transforms, LANGID language, DWORD platform,
                                   DWORD options)
{
    UNUSED(language); /* what a package has of languages are transforms, which are named */
    UNUSED(platform); /* of scripts */
    return advertise(&(struct advertising){(const char16_t *)package, (const char16_t *)transforms,
                                           (uintptr_t)script, options});
}

UINT WINAPI MsiAdvertiseProductExA(const char *package, const char *script, const char *transforms,
                                   LANGID language, DWORD platform, DWORD options)
{
    UNUSED(language);
    UNUSED(platform);
    return advertise_a(package, (uintptr_t)script, transforms, options);
}

UINT WINAPI MsiAdvertiseProductW(const WCHAR *package, const WCHAR *script, const WCHAR *transforms,
                                 LANGID language)
{
    return MsiAdvertiseProductExW(package, script, transforms, language, 0, 0);
}

UINT WINAPI MsiAdvertiseProductA(const char *package, const char *script, const char *transforms,
                                 LANGID language)
{
    UNUSED(language);
    return advertise_a(package, (uintptr_t)script, transforms, 0);
}
