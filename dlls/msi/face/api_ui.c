/*
 * What shows something: the levels of the user interface, external handlers, messages, previews.
 *
 * Wine's msi.dll, where it is there, is told the same, because it shows what the installer does.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "basicui.h"
#include "door.h"
#include "log.h"
#include "message.h"
#include "notice.h"
#include "os.h"
#include "preview.h"
#include "strio.h"
#include "trace.h"
#include "use.h"
#include "codepage.h"

static struct {
    struct os_mutex lock;
    INSTALLUILEVEL level;
    HWND window;
    INSTALLUI_HANDLERA ansi;
    INSTALLUI_HANDLERW wide;
    PINSTALLUI_HANDLER_RECORD record;
    DWORD filter, record_filter;
    void *context, *record_context;
} ui = {.level = INSTALLUILEVEL_DEFAULT};

static int show_notice(struct session *s, u32 type, struct record *r);

/* A session's UILevel has the levels from NONE to FULL; what the installer chooses is FULL. */
static void keep_level(INSTALLUILEVEL level)
{
    u32 bits = (u32)level & 7;

    ui.level = level;
    session_ui_level((bits == INSTALLUILEVEL_DEFAULT ? INSTALLUILEVEL_FULL : bits) |
                     ((u32)level & ~7u));
}

enum { LEVEL_UAC_ONLY = 0x200 };

/* A level and flags: INSTALLUILEVEL_HIDECANCEL (0x20) to INSTALLUILEVEL_UACONLY (0x200). */
static bool is_level(INSTALLUILEVEL level)
{
    return !((u32)level & ~0x3e7u);
}

/* What Wine's msi.dll shows is shown as here: INSTALLUILEVEL_UACONLY is newer than it. */
static void tell_level(INSTALLUILEVEL level, HWND *window)
{
    static struct door_entry wine = {"MsiSetInternalUI", NULL};

    if (door_available() && door_find(&wine))
        ((INSTALLUILEVEL(WINAPI *)(INSTALLUILEVEL, HWND *))wine.target)(
            (INSTALLUILEVEL)((u32)level & ~LEVEL_UAC_ONLY), window);
}

INSTALLUILEVEL WINAPI MsiSetInternalUI(INSTALLUILEVEL level, HWND *window)
{
    INSTALLUILEVEL before;
    HWND now = window ? *window : NULL;

    if (!is_level(level))
        return INSTALLUILEVEL_NOCHANGE;
    os_mutex_lock(&ui.lock);
    before = ui.level;
    if (level != INSTALLUILEVEL_NOCHANGE)
        keep_level(level);
    if (window) {
        *window = ui.window;
        ui.window = now;
    }
    os_mutex_unlock(&ui.lock);
    tell_level(level, window ? &now : NULL);
    return before;
}

INSTALLUI_HANDLERW WINAPI MsiSetExternalUIW(INSTALLUI_HANDLERW handler, DWORD filter, void *context)
{
    static struct door_entry wine = {"MsiSetExternalUIW", NULL};
    INSTALLUI_HANDLERW before;

    os_mutex_lock(&ui.lock);
    before = ui.wide;
    ui.wide = handler;
    ui.ansi = NULL;
    ui.filter = filter;
    ui.context = context;
    os_mutex_unlock(&ui.lock);
    notice_to(show_notice);
    if (door_available() && door_find(&wine))
        ((INSTALLUI_HANDLERW(WINAPI *)(INSTALLUI_HANDLERW, DWORD, void *))wine.target)(
            handler, filter, context);
    return before;
}

INSTALLUI_HANDLERA WINAPI MsiSetExternalUIA(INSTALLUI_HANDLERA handler, DWORD filter, void *context)
{
    static struct door_entry wine = {"MsiSetExternalUIA", NULL};
    INSTALLUI_HANDLERA before;

    os_mutex_lock(&ui.lock);
    before = ui.ansi;
    ui.ansi = handler;
    ui.wide = NULL;
    ui.filter = filter;
    ui.context = context;
    os_mutex_unlock(&ui.lock);
    notice_to(show_notice);
    if (door_available() && door_find(&wine))
        ((INSTALLUI_HANDLERA(WINAPI *)(INSTALLUI_HANDLERA, DWORD, void *))wine.target)(
            handler, filter, context);
    return before;
}

UINT WINAPI MsiSetExternalUIRecord(INSTALLUI_HANDLER_RECORD handler, DWORD filter, void *context,
                                   PINSTALLUI_HANDLER_RECORD before)
{
    static struct door_entry wine = {"MsiSetExternalUIRecord", NULL};
    UINT err = ERROR_SUCCESS;

    /* sessions on databases of ours call it too, so it is kept here besides */
    if (door_available() && door_find(&wine))
        err = ((UINT(WINAPI *)(INSTALLUI_HANDLER_RECORD, DWORD, void *,
                               PINSTALLUI_HANDLER_RECORD))wine.target)(handler, filter, context,
                                                                       NULL);
    if (err)
        return err;
    os_mutex_lock(&ui.lock);
    if (before)
        *before = (INSTALLUI_HANDLER_RECORD)ui.record;
    ui.record = (PINSTALLUI_HANDLER_RECORD)handler;
    ui.record_filter = filter;
    ui.record_context = context;
    os_mutex_unlock(&ui.lock);
    notice_to(show_notice);
    return ERROR_SUCCESS;
}

/* --- messages -----------------------------------------------------------------------------------
 */

static int call_ansi(INSTALLUI_HANDLERA handler, void *context, UINT type, const char16_t *text,
                     size_t len)
{
    size_t need;
    char *bytes;
    int ret = 0;

    if (codepage_encode(CODEPAGE_ACP, text, len, NULL, 0, &need, NULL))
        return 0;
    bytes = os_alloc(need + 1);
    if (!bytes)
        return 0;
    if (!codepage_encode(CODEPAGE_ACP, text, len, bytes, need, &need, NULL)) {
        bytes[need] = 0;
        ret = handler(context, type, bytes);
    }
    os_free(bytes);
    return ret;
}

enum { LEVEL_MASK = 7, KIND_ACTION_START = 8, KIND_ACTION_DATA = 9, KIND_PROGRESS = 10 };

/* What is left to us where no handler answers: under the levels that show no more than progress,
 * messages that move it are as good as shown. */
static int own_answer(UINT kind)
{
    int level;

    os_mutex_lock(&ui.lock);
    level = (int)ui.level & LEVEL_MASK;
    os_mutex_unlock(&ui.lock);
    if (level != INSTALLUILEVEL_BASIC && level != INSTALLUILEVEL_REDUCED)
        return 0;
    return kind == KIND_ACTION_START || kind == KIND_ACTION_DATA || kind == KIND_PROGRESS ? IDOK
                                                                                          : 0;
}

/* No lock is held while a handler runs: it may call anything. */
static int call_handlers(UINT type, MSIHANDLE record, const struct text_buf *text)
{
    DWORD bit = 1u << (type >> 24);
    INSTALLUI_HANDLER_RECORD by_record;
    INSTALLUI_HANDLERA ansi;
    INSTALLUI_HANDLERW wide;
    void *context, *record_context;
    int ret = 0;

    os_mutex_lock(&ui.lock);
    by_record = ui.record_filter & bit ? (INSTALLUI_HANDLER_RECORD)ui.record : NULL;
    ansi = ui.filter & bit ? ui.ansi : NULL;
    wide = ui.filter & bit ? ui.wide : NULL;
    context = ui.context;
    record_context = ui.record_context;
    os_mutex_unlock(&ui.lock);
    if (by_record)
        ret = by_record(record_context, type, record);
    if (!ret && wide)
        ret = wide(context, type, text->s ? (const WCHAR *)text->s : L"");
    if (!ret && ansi)
        ret = call_ansi(ansi, context, type, text->s ? text->s : u"", text->len);
    return ret;
}

enum {
    KIND_INFO = 4,
    KIND_COMMON_DATA = 0xb,
    KIND_INITIALIZE = 0xc,
    KIND_TERMINATE = 0xd,
    KIND_LAST = 0x1f
};

/* Whether anybody listens to messages of that kind. */
static bool is_heard(const struct session *s, UINT type)
{
    DWORD bit = 1u << (type >> 24);
    bool heard;

    os_mutex_lock(&ui.lock);
    heard = (ui.record && (ui.record_filter & bit)) || ((ui.ansi || ui.wide) && (ui.filter & bit));
    os_mutex_unlock(&ui.lock);
    return heard || basicui_hears(s, type >> 24);
}

/* A session's own message: a handle of the record, or of its copy with the template of a message
 * that has a number alone, is the handlers' for the length of the call. */
static int show_notice(struct session *s, u32 type, struct record *r)
{
    struct record *copy = NULL;
    struct text_buf text;
    MSIHANDLE handle = 0;
    int answer = 0;

    if (!is_heard(s, type))
        return 0;
    tb_init(&text);
    if (r) {
        copy = s ? message_with_template(s, type >> 24, r) : NULL;
        if (!copy)
            obj_ref(rec_object(r));
        handle = hnd_open(rec_object(copy ? copy : r));
        if (s && handle)
            message_text(s, type >> 24, r, &text);
    }
    if (handle || !r)
        answer = call_handlers(type, handle, &text);
    /* what a handler has answered is shown, and not once more */
    if (!answer && r && basicui_hears(s, type >> 24))
        answer = basicui_show(type >> 24, r, text.s ? text.s : u"");
    if (handle)
        hnd_close(handle);
    tb_free(&text);
    return answer;
}

/* An error of the inside is told to the log, and then in the words that the package has for all of
 * them. Nobody's answer counts. */
static int show_internal(struct session *s, UINT type, struct record *r)
{
    struct record *debug = message_of_internal(s, r, true);
    struct record *plain = message_of_internal(s, r, false);

    if (debug) {
        log_message(s, KIND_INFO << 24, debug);
        show_notice(s, KIND_INFO << 24, debug);
    }
    if (plain)
        show_notice(s, type, plain);
    if (debug)
        obj_unref(rec_object(debug));
    if (plain)
        obj_unref(rec_object(plain));
    return 0;
}

/* Handlers see the template of a message that has a number alone. */
static int tell_handlers(struct session *s, UINT type, MSIHANDLE record, struct record *r,
                         const struct text_buf *text)
{
    struct record *copy = is_heard(s, type) ? message_with_template(s, type >> 24, r) : NULL;
    MSIHANDLE handle = copy ? hnd_open(rec_object(copy)) : 0;
    int ret = call_handlers(type, handle ? handle : record, text);

    if (handle)
        hnd_close(handle);
    return ret;
}

int WINAPI MsiProcessMessage(MSIHANDLE install, INSTALLMESSAGE type, MSIHANDLE record)
{
    UINT kind = (UINT)type >> 24;
    struct hnd_use use, use_rec;
    struct session *s;
    struct record *r;
    struct text_buf text;
    int ret;

    /* a session's own, whatever is given with them */
    if (kind >= KIND_COMMON_DATA && kind <= KIND_TERMINATE)
        return -1;
    s = use_session(install, &use);
    if (!s)
        return ERROR_INVALID_HANDLE;
    r = use_record(record, &use_rec);
    if (!r) {
        hnd_done(&use);
        return ERROR_INVALID_HANDLE;
    }
    /* The handler may close either handle. */
    obj_ref(session_object(s));
    obj_ref(rec_object(r));
    tb_init(&text);
    if (kind > KIND_LAST) {
        ret = -1;
    } else if (message_is_internal(s, kind, r)) {
        ret = show_internal(s, (UINT)type, r);
    } else if (message_text(s, kind, r, &text)) {
        ret = -1;
    } else {
        TRACE(TRACE_MSI, "message %x: %s", (unsigned)type, trace_text(text.s, (int)text.len));
        log_message(s, (u32)type, r);
        ret = tell_handlers(s, (UINT)type, record, r, &text);
        if (!ret && basicui_hears(s, kind))
            ret = basicui_show(kind, r, text.s ? text.s : u"");
        if (!ret)
            ret = own_answer(kind);
    }
    tb_free(&text);
    hnd_done(&use_rec);
    hnd_done(&use);
    obj_unref(rec_object(r));
    obj_unref(session_object(s));
    return ret;
}

/* --- previews -----------------------------------------------------------------------------------
 */

UINT WINAPI MsiEnableUIPreview(MSIHANDLE handle, MSIHANDLE *out)
{
    struct hnd_use use;
    struct database *db = use_database(handle, &use);
    struct preview *p;
    u32 err;

    if (!db)
        return ERROR_INVALID_HANDLE;
    err = out ? preview_open(db, &p) : ERROR_INVALID_PARAMETER;
    if (!err)
        err = give_handle(preview_object(p), out);
    hnd_done(&use);
    return err;
}

static u32 show_dialog(MSIHANDLE handle, const struct text_in *name)
{
    struct hnd_use use;
    u32 err = hnd_use(handle, OBJ_PREVIEW, &use);

    if (err)
        return err;
    if (name->text) /* none: the dialog shown is closed */
        err = preview_dialog(preview_from(use.obj), name->text, name->len);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiPreviewDialogW(MSIHANDLE handle, const WCHAR *dialog)
{
    struct text_in text;

    text_from_w(&text, dialog);
    return show_dialog(handle, &text);
}

UINT WINAPI MsiPreviewDialogA(MSIHANDLE handle, const char *dialog)
{
    struct text_in text;
    u32 err = text_from_a(&text, dialog);

    if (err)
        return err;
    err = show_dialog(handle, &text);
    text_done(&text);
    return err;
}

static u32 show_billboard(MSIHANDLE handle)
{
    struct hnd_use use;
    u32 err = hnd_use(handle, OBJ_PREVIEW, &use);

    if (err)
        return err;
    hnd_done(&use);
    TRACE(TRACE_MSI, "MsiPreviewBillboard: not implemented");
    return ERROR_CALL_NOT_IMPLEMENTED;
}

UINT WINAPI MsiPreviewBillboardW(MSIHANDLE handle, const WCHAR *control, const WCHAR *billboard)
{
    (void)control;
    (void)billboard;
    return show_billboard(handle);
}

UINT WINAPI MsiPreviewBillboardA(MSIHANDLE handle, const char *control, const char *billboard)
{
    (void)control;
    (void)billboard;
    return show_billboard(handle);
}
