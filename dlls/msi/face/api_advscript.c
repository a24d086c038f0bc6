/*
 * MsiAdvertiseScript, MsiProcessAdvertiseScript, MsiGetProductInfoFromScript: what advertise
 * scripts (session/advscript.h) say is registered, or taken back.
 *
 * Registration goes where it belongs: a key, or a folder for icons, that the caller names instead
 * is ERROR_CALL_NOT_IMPLEMENTED.
 */
#include <windows.h>
#include <msi.h>

#include "advscript.h"
#include "dbopen.h"
#include "fullpath.h"
#include "installing.h"
#include "pathname.h"
#include "product_text.h"
#include "products.h"
#include "session_impl.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

enum { ALL_FLAGS = 0x1ed };

/* --- opening ------------------------------------------------------------------------------------
 */

static u32 open_script(const char16_t *path, struct database **db, struct advscript *script)
{
    char16_t *full;
    u32 err = full_path(path, &full);

    *db = NULL;
    if (!err) {
        err = db_open(full, DB_READONLY, false, db);
        os_free(full);
    }
    if (!err)
        err = advscript_read(*db, script);
    if (err && *db) {
        obj_unref(db_object(*db));
        *db = NULL;
    }
    TRACE(TRACE_MSI, "script %s: %u", trace_text(path, -1), err);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_FAILURE : err;
}

/* --- what one says ------------------------------------------------------------------------------
 */

struct info_out {
    struct guid_out product;
    LANGID *language;
    DWORD *version;
    struct text_out name, package;
};

static u32 give_name(struct database *db, struct text_out out)
{
    char16_t *name;
    u32 err = advscript_property(db, u"ProductName", &name);

    return err ? err : text_give(out, name, SHORT_CUT, false);
}

static u32 give_package(const struct advscript *script, struct text_out out)
{
    const char16_t *name = script->package + path_name(script->package, u16_len(script->package));
    char16_t *copy = u16_dup(name, u16_len(name));

    return copy ? text_give(out, copy, SHORT_CUT, false) : ERROR_OUTOFMEMORY;
}

static u32 give_numbers(struct database *db, const struct info_out *out)
{
    char16_t *code = NULL, *language = NULL, *version = NULL;
    u32 number = 0, err = advscript_property(db, u"ProductCode", &code);

    if (!err)
        err = advscript_property(db, u"ProductLanguage", &language);
    if (!err)
        err = advscript_property(db, u"ProductVersion", &version);
    if (!err && !guid_is(code))
        err = ERROR_INSTALL_FAILURE;
    if (!err) {
        guid_put(out->product, code);
        if (out->language)
            *out->language = u16_to_u32(language, u16_len(language), &number) ? (LANGID)number : 0;
        if (out->version)
            *out->version = product_version(version);
    }
    os_free(code);
    os_free(language);
    os_free(version);
    return err;
}

static u32 script_info(const char16_t *path, const struct info_out *out)
{
    struct advscript script;
    struct database *db;
    u32 err, more;

    if (!path || !path[0] || (out->name.buf && !out->name.size) ||
        (out->package.buf && !out->package.size))
        return ERROR_INVALID_PARAMETER;
    err = open_script(path, &db, &script);
    if (err)
        return err;
    err = give_numbers(db, out);
    if (!err) {
        err = give_name(db, out->name);
        more = give_package(&script, out->package);
        err = err ? err : more;
    }
    advscript_free(&script);
    obj_unref(db_object(db));
    return err;
}

UINT WINAPI MsiGetProductInfoFromScriptW(const WCHAR *script, WCHAR *product, LANGID *language,
                                         DWORD *version, WCHAR *name, DWORD *name_size,
                                         WCHAR *package, DWORD *package_size)
{
    return script_info(w16(script), &(struct info_out){{product, false},
                                                       language,
                                                       version,
                                                       out_w(name, name_size),
                                                       out_w(package, package_size)});
}

UINT WINAPI MsiGetProductInfoFromScriptA(const char *script, char *product, LANGID *language,
                                         DWORD *version, char *name, DWORD *name_size,
                                         char *package, DWORD *package_size)
{
    struct text_in text;
    u32 err = text_from_a(&text, script);

    if (err)
        return err;
    err = script_info(text.text, &(struct info_out){{product, true},
                                                    language,
                                                    version,
                                                    out_a(name, name_size),
                                                    out_a(package, package_size)});
    text_done(&text);
    return err;
}

/* --- done ---------------------------------------------------------------------------------------
 */

/* Of a product that is there the transforms must be those of the script. */
static u32 check_transforms(struct database *db, const struct advscript *script)
{
    char16_t *code, *list = NULL;
    struct product p;
    u32 err = advscript_property(db, u"ProductCode", &code);

    if (!err && guid_is(code) && product_find(code, &p)) {
        err = product_property(&p, u"Transforms", &list);
        if (err == ERROR_UNKNOWN_PROPERTY)
            err = ERROR_SUCCESS;
        if (!err && !u16_equal_fold(list ? list : u"", script->transforms))
            err = ERROR_INSTALL_TRANSFORM_FAILURE;
    }
    os_free(code);
    os_free(list);
    return err;
}

static u32 run_script(struct database *db, const struct advscript *script, DWORD flags, bool remove)
{
    struct session_options o = {.silent = true, .original = script->package};
    struct session *s = NULL;
    struct text_buf line;
    u32 err;

    tb_init(&line);
    line_add(&line, "ALLUSERS", flags & SCRIPTFLAGS_MACHINEASSIGN ? u"1" : u"");
    if (remove)
        line_add(&line, "REMOVE", u"ALL");
    else
        line_add(&line, "ACTION", u"ADVERTISE");
    o.command_line = line.s;
    err = line.failed ? ERROR_OUTOFMEMORY : session_open(db, &o, &s);
    if (!err && remove && !s->registered)
        err = ERROR_UNKNOWN_PRODUCT;
    if (!err)
        err = install_in_session(s, remove ? u"INSTALL" : u"ADVERTISE");
    if (s)
        obj_unref(session_object(s));
    tb_free(&line);
    return err;
}

static u32 process(const char16_t *path, DWORD flags, bool elsewhere, bool remove)
{
    struct advscript script;
    struct database *db;
    u32 err;

    if (!path || !path[0] || flags & ~(DWORD)ALL_FLAGS)
        return ERROR_INVALID_PARAMETER;
    err = open_script(path, &db, &script);
    if (err)
        return err;
    if (elsewhere)
        err = ERROR_CALL_NOT_IMPLEMENTED;
    if (!err && flags & SCRIPTFLAGS_VALIDATE_TRANSFORMS_LIST)
        err = check_transforms(db, &script);
    if (!err)
        err = advscript_limit(db, flags);
    if (!err)
        err = run_script(db, &script, flags, remove);
    advscript_free(&script);
    obj_unref(db_object(db));
    return err;
}

UINT WINAPI MsiAdvertiseScriptW(const WCHAR *script, DWORD flags, PHKEY key, BOOL remove)
{
    return process(w16(script), flags, key != NULL, remove);
}

UINT WINAPI MsiAdvertiseScriptA(const char *script, DWORD flags, PHKEY key, BOOL remove)
{
    struct text_in text;
    u32 err = text_from_a(&text, script);

    if (err)
        return err;
    err = process(text.text, flags, key != NULL, remove);
    text_done(&text);
    return err;
}

static DWORD flags_of(BOOL shortcuts)
{
    return SCRIPTFLAGS_REGDATA_CNFGINFO | SCRIPT_CLASSES | SCRIPT_EXTENSIONS |
           (shortcuts ? SCRIPTFLAGS_SHORTCUTS : 0);
}

UINT WINAPI MsiProcessAdvertiseScriptW(const WCHAR *script, const WCHAR *icons, HKEY key,
                                       BOOL shortcuts, BOOL remove)
{
    return process(w16(script), flags_of(shortcuts), icons || key, remove);
}

UINT WINAPI MsiProcessAdvertiseScriptA(const char *script, const char *icons, HKEY key,
                                       BOOL shortcuts, BOOL remove)
{
    struct text_in text;
    u32 err = text_from_a(&text, script);

    if (err)
        return err;
    err = process(text.text, flags_of(shortcuts), icons || key, remove);
    text_done(&text);
    return err;
}
