/*
 * An installation by our engine.
 */
#include "installing.h"

#include <msi.h>

#include "basicui.h"
#include "cmdline.h"
#include "door.h"
#include "errorrec.h"
#include "execmutex.h"
#include "guid.h"
#include "install.h"
#include "log.h"
#include "notice.h"
#include "os.h"
#include "patching.h"
#include "pkgopen.h"
#include "prodpackage.h"
#include "restart.h"
#include "rows.h"
#include "runaction.h"
#include "session_impl.h"
#include "trace.h"
#include "transacting.h"
#include "transaction.h"
#include "utf16.h"

/* --- command lines ------------------------------------------------------------------------------
 */

void line_add(struct text_buf *out, const char *name, const char16_t *value)
{
    if (out->len)
        tb_char(out, ' ');
    tb_ascii(out, name);
    tb_ascii(out, "=\"");
    for (; *value; value++) {
        tb_char(out, *value);
        if (*value == '"')
            tb_char(out, '"');
    }
    tb_char(out, '"');
}

void reinstall_letters(u32 bits, char16_t letters[12])
{
    static const struct {
        u32 bit;
        char letter;
    } all[] = {{REINSTALLMODE_FILEMISSING, 'p'},      {REINSTALLMODE_FILEOLDERVERSION, 'o'},
               {REINSTALLMODE_FILEEQUALVERSION, 'e'}, {REINSTALLMODE_FILEEXACT, 'd'},
               {REINSTALLMODE_FILEVERIFY, 'c'},       {REINSTALLMODE_FILEREPLACE, 'a'},
               {REINSTALLMODE_MACHINEDATA, 'm'},      {REINSTALLMODE_USERDATA, 'u'},
               {REINSTALLMODE_SHORTCUT, 's'},         {REINSTALLMODE_PACKAGE, 'v'}};
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (bits & all[i].bit)
            letters[n++] = (unsigned char)all[i].letter;
    letters[n] = 0;
}

/* --- opening ------------------------------------------------------------------------------------
 */

static u32 take_mode(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                     size_t len)
{
    bool *from_source = ctx;

    if (!u16_is(name, name_len, "REINSTALLMODE"))
        return ERROR_SUCCESS;
    *from_source = false;
    for (size_t i = 0; i < len; i++)
        *from_source = *from_source || u16_upper(value[i]) == 'V';
    return ERROR_SUCCESS;
}

/* Where the product's package is: at its source, if it is to be cached anew and is there. */
static u32 package_of(const struct product *p, const char16_t *line, char16_t **path,
                      char16_t **source)
{
    bool from_source = false;

    *source = NULL;
    cmdline_each(line ? line : u"", line ? u16_len(line) : 0, take_mode, &from_source);
    if (from_source && !product_source_package(p, path))
        return ERROR_SUCCESS;
    return product_package(p, path, source);
}

/* With the transforms that the product was installed with. */
static u32 open_of_product(const char16_t *code, struct session_options *o, struct session **out)
{
    struct product p;
    char16_t *path, *source, *transforms = NULL;
    u32 err;

    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = package_of(&p, o->command_line, &path, &source);
    if (err)
        return err;
    err = product_property(&p, u"Transforms", &transforms);
    if (!err || err == ERROR_UNKNOWN_PROPERTY) {
        o->original = source;
        o->transforms = transforms;
        o->product = code;
        err = package_open(path, o, out);
    }
    os_free(path);
    os_free(source);
    os_free(transforms);
    return err;
}

/* Of the command line: the instance of the package that is meant. */
static u32 take_instance(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                         size_t len)
{
    char16_t *code = ctx;

    if (u16_is(name, name_len, "MSIINSTANCEGUID") && len == GUID_CHARS)
        u16_copy(code, GUID_CHARS + 1, value);
    return ERROR_SUCCESS;
}

/* A package of which an installed instance is named is opened with that one's transforms, from
 * os_alloc, unless the command line names others. ERROR_UNKNOWN_PRODUCT. */
static u32 transforms_of_instance(const struct text_buf *line, char16_t **transforms)
{
    char16_t code[GUID_CHARS + 1] = u"";
    struct product p;
    u32 err = cmdline_each(line->s ? line->s : u"", line->len, take_instance, code);

    *transforms = NULL;
    if (err == ERROR_OUTOFMEMORY)
        return err;
    if (!guid_is(code))
        return ERROR_SUCCESS; /* what is wrong with the line is told by the session */
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = product_property(&p, u"Transforms", transforms);
    return err == ERROR_UNKNOWN_PROPERTY ? ERROR_SUCCESS : err;
}

static u32 open_package(const char16_t *package, const struct text_buf *line,
                        struct session_options *o, struct session **out)
{
    char16_t *transforms;
    u32 err = transforms_of_instance(line, &transforms);

    o->transforms = transforms;
    if (!err)
        err = package_open(package, o, out);
    os_free(transforms);
    return err;
}

static u32 open_silently(const struct installation *how, struct session **out)
{
    struct session_options o = {.silent = true};
    struct text_buf line;
    u32 err;

    tb_init(&line);
    if (how->set)
        tb_add(&line, how->set, u16_len(how->set));
    if (how->line) {
        tb_char(&line, ' ');
        tb_add(&line, how->line, u16_len(how->line));
    }
    o.command_line = line.s;
    if (line.failed)
        err = ERROR_OUTOFMEMORY;
    else
        err = how->package ? open_package(how->package, &line, &o, out)
                           : open_of_product(how->product, &o, out);
    tb_free(&line);
    return err;
}

/* --- whose it is --------------------------------------------------------------------------------
 */

static bool is_set(struct session *s, const char *name, const char *value)
{
    const struct property *p;
    bool is;

    os_mutex_lock(&s->lock);
    p = prop_get(s, name);
    is = p && (!value || u16_is(p->value, p->value_len, value));
    os_mutex_unlock(&s->lock);
    return is;
}

static u32 note_row(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

/* Dialogs are shown by Wine's engine alone: of a package that has some, where it would show them.
 */
static bool wants_dialogs(struct session *s)
{
    bool any = false;

    if (!is_set(s, "UILevel", "5") && !is_set(s, "UILevel", "4"))
        return false;
    if (rows_each(s->db, u"SELECT `Dialog` FROM `Dialog`", NULL, note_row, &any))
        err_clear();
    return any;
}

static bool is_ours(struct session *s)
{
    char16_t what[80] = u"";

    if (wants_dialogs(s) && door_available() && !transaction_is_open()) {
        TRACE(TRACE_MSI, "dialogs are to be shown: passed on");
        return false;
    }
    if (install_takes(s, what, ARRAY_LEN(what)))
        return true;
    TRACE(TRACE_MSI, "%s is not done here: passed on", trace_text(what, -1));
    return false;
}

/* --- what is said at the end --------------------------------------------------------------------
 */

enum purpose { PURPOSE_INSTALL, PURPOSE_REMOVE, PURPOSE_CHANGE };

static const struct {
    const char *ended, *told, *what;
} words[] = {
    {"Installation", "Windows Installer installed the product. ", "Installation"},
    {"Removal", "Windows Installer removed the product. ", "Removal"},
    {"Configuration", "Windows Installer reconfigured the product. ", "Reconfiguration"},
};

static enum purpose purpose_of(struct session *s)
{
    if (s->registered && is_set(s, "REMOVE", "ALL"))
        return PURPOSE_REMOVE;
    return is_set(s, "Installed", NULL) ? PURPOSE_CHANGE : PURPOSE_INSTALL;
}

static void add_property(struct session *s, const char *label, const char *name,
                         struct text_buf *out)
{
    const struct property *p;

    tb_ascii(out, label);
    os_mutex_lock(&s->lock);
    p = prop_get(s, name);
    if (p)
        tb_add(out, p->value, p->value_len);
    os_mutex_unlock(&s->lock);
}

static bool succeeded(u32 err)
{
    return !err || err == ERROR_SUCCESS_REBOOT_REQUIRED || err == ERROR_SUCCESS_REBOOT_INITIATED;
}

static void tell_line(struct text_buf *line)
{
    tb_ascii(line, "\r\n"); /* an empty line follows */
    if (!line->failed)
        log_verbose(line->s, line->len);
    tb_free(line);
}

/* Of one that comes or goes: by its name, or else by its code. */
static void tell_update(struct session *s, const struct session_patch *p, u32 err)
{
    const char16_t *name = p->data.display_name ? p->data.display_name : p->code;
    struct text_buf line;

    tb_init(&line);
    add_property(s, "Product: ", "ProductName", &line);
    tb_ascii(&line, " - Update '");
    tb_add(&line, name, u16_len(name));
    tb_ascii(&line, succeeded(err)
                        ? p->goes ? "' was successfully removed." : "' installed successfully."
                    : p->goes ? "' could not be removed. Error code "
                              : "' could not be installed. Error code ");
    if (!succeeded(err)) {
        tb_number(&line, (i32)err);
        tb_char(&line, '.');
    }
    tell_line(&line);
}

static void tell_updates(struct session *s, u32 err)
{
    for (u32 i = 0; s->patches && i < s->patches->count; i++)
        if (s->patches->all[i].fresh || s->patches->all[i].goes)
            tell_update(s, &s->patches->all[i], err);
}

/* What people look for at the end of a log, and administrators in the event log. */
static void tell_end(struct session *s, enum purpose why, u32 err)
{
    struct text_buf line;

    log_properties(s);
    tell_updates(s, err);
    tb_init(&line);
    add_property(s, "Product: ", "ProductName", &line);
    tb_ascii(&line, " -- ");
    tb_ascii(&line, words[why].ended);
    tb_ascii(&line, succeeded(err) ? " completed successfully." : " failed.");
    tell_line(&line);
    tb_init(&line);
    tb_ascii(&line, words[why].told);
    add_property(s, "Product Name: ", "ProductName", &line);
    add_property(s, ". Product Version: ", "ProductVersion", &line);
    add_property(s, ". Product Language: ", "ProductLanguage", &line);
    add_property(s, ". Manufacturer: ", "Manufacturer", &line);
    tb_ascii(&line, ". ");
    tb_ascii(&line, words[why].what);
    tb_ascii(&line, " success or error status: ");
    tb_number(&line, (i32)err);
    tb_char(&line, '.');
    tell_line(&line);
}

enum { ENDED_WELL = 1, ENDED_BADLY = 3 };

static void tell_handlers(struct session *s, u32 result)
{
    struct notice_field fields[4] = {{NULL, 0, false, 0}};
    struct text_buf name, code;

    tb_init(&name);
    tb_init(&code);
    add_property(s, "", "ProductName", &name);
    add_property(s, "", "ProductCode", &code);
    fields[1].text = name.s;
    fields[1].len = name.len;
    fields[2].text = code.s;
    fields[2].len = code.len;
    fields[3].is_number = true;
    fields[3].number = succeeded(result) ? ENDED_WELL : ENDED_BADLY;
    if (!name.failed && !code.failed)
        notice_send(s, NOTICE_INSTALL_END, fields, ARRAY_LEN(fields));
    tb_free(&name);
    tb_free(&code);
}

/* --- running ------------------------------------------------------------------------------------
 */

/* A product that is there from another package stays as it is, unless its package is to be taken
 * anew. */
static u32 check_version(struct session *s)
{
    const struct property *code, *mode;
    char16_t *there = NULL;
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&s->lock);
    code = prop_get(s, "PackageCode");
    mode = prop_get(s, "REINSTALLMODE");
    if (s->registered && code && !product_property(&s->product_there, u"PackageCode", &there) &&
        there[0] && !u16_equal_fold(there, code->value))
        err = ERROR_PRODUCT_VERSION;
    for (size_t i = 0; mode && i < mode->value_len; i++)
        if (mode->value[i] == 'v' || mode->value[i] == 'V')
            err = ERROR_SUCCESS;
    os_mutex_unlock(&s->lock);
    os_free(there);
    return err;
}

/* What is removed, repaired or changed must be there. */
static u32 check_there(struct session *s)
{
    bool asks = is_set(s, "REMOVE", "ALL") || is_set(s, "REINSTALL", NULL);

    return asks && !s->registered ? ERROR_UNKNOWN_PRODUCT : ERROR_SUCCESS;
}

/* Without a patch that it has, a product can only be removed. */
static u32 check_patches(struct session *s)
{
    return patching_lacks(s) ? ERROR_PATCH_PACKAGE_OPEN_FAILED : ERROR_SUCCESS;
}

/* A package's conditions see what is done: ACTION and EXECUTEACTION name it, whoever set them. */
static u32 name_action(struct session *s, const struct text_buf *action)
{
    static const char *const names[] = {"ACTION", "EXECUTEACTION"};
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&s->lock);
    for (size_t i = 0; !err && i < ARRAY_LEN(names); i++)
        if (!prop_get(s, names[i]))
            err = prop_set(s, names[i], action->s, action->len);
    os_mutex_unlock(&s->lock);
    return err;
}

static u32 act(struct session *s)
{
    struct text_buf action;
    u32 err;

    tb_init(&action);
    err = session_get_property(s, u"ACTION", 6, &action);
    for (size_t i = 0; i < action.len; i++)
        action.s[i] = u16_upper(action.s[i]);
    if (!err && !action.len) {
        tb_ascii(&action, "INSTALL");
        err = action.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    }
    if (!err)
        err = name_action(s, &action);
    if (!err)
        err = session_do_action(s, action.s, action.len);
    tb_free(&action);
    /* an action of that name is nobody's */
    return err == ERROR_FUNCTION_NOT_CALLED || err == ERROR_CALL_NOT_IMPLEMENTED
               ? ERROR_INSTALL_FAILURE
               : err;
}

static void tell_code(const char *what, u32 code)
{
    struct text_buf text;

    tb_init(&text);
    tb_number(&text, (i32)code);
    if (!text.failed)
        log_tell(what, text.s, text.len);
    tb_free(&text);
}

/* Handlers are told when the first action comes, and that it has ended whatever came. */
static void announce(struct session *s)
{
    struct install *in;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    if (in)
        in->announces = true;
    os_mutex_unlock(&s->lock);
}

/* The log is open and the mutex is ours. action: the one at the top; NULL: as the property ACTION
 * says. */
static u32 run(struct session *s, const char16_t *action)
{
    enum purpose why = purpose_of(s);
    u32 err;

    log_side('s');
    log_tell("Running installation of ", s->db->path, u16_len(s->db->path));
    session_announce(s);
    announce(s);
    basicui_begin(s);
    err = action ? session_do_action(s, action, u16_len(action)) : act(s);
    basicui_end();
    err = restart_code(s, err);
    tell_handlers(s, err);
    tell_end(s, why, err);
    tell_code("MainEngineThread is returning ", err);
    log_side('c');
    if (err == ERROR_SUCCESS_REBOOT_INITIATED)
        err = restart_now(s);
    return err;
}

static u32 run_alone(struct session *s, const char16_t *action)
{
    HANDLE mutex;
    u32 err = exec_mutex_take(&mutex);

    if (err)
        return err;
    if (!transaction_is_open() && transacting_elsewhere())
        err = ERROR_INSTALL_ALREADY_RUNNING;
    if (!err)
        err = transaction_enter(s);
    if (!err)
        err = transaction_leave(s, run(s, action));
    exec_mutex_give(mutex);
    return err;
}

static u32 run_logged(struct session *s, const char16_t *action)
{
    u32 err = log_begin();

    if (err)
        return err;
    err = check_there(s);
    if (!err)
        err = check_version(s);
    if (!err)
        err = check_patches(s);
    if (!err)
        err = run_alone(s, action);
    log_end(err);
    return err;
}

u32 install_is_ours(const struct installation *how, bool *ours)
{
    struct session *s;
    u32 err;

    *ours = true;
    install_start();
    run_actions();
    err = open_silently(how, &s);
    if (err)
        return err;
    *ours = is_ours(s);
    obj_unref(session_object(s));
    return ERROR_SUCCESS;
}

static u32 leave_to_wine(bool *ours)
{
    *ours = transaction_excludes_others();
    if (*ours)
        return ERROR_CALL_NOT_IMPLEMENTED;
    *ours = transacting_elsewhere();
    return ERROR_INSTALL_ALREADY_RUNNING;
}

static void recover(void *unused)
{
    UNUSED(unused);
    run_recover();
}

/* The cached package of a product that went is open as long as the session that removed it. */
static void close_session(struct session *s)
{
    obj_unref(session_object(s));
    if (run_has_left())
        exec_mutex_clean(recover, NULL);
}

u32 install_by_us(const struct installation *how, bool *ours)
{
    struct session *s;
    u32 err;

    *ours = true;
    if (exec_mutex_is_here()) /* an action of an installation asks, or a handler of its messages */
        return ERROR_INSTALL_ALREADY_RUNNING;
    install_start();
    run_actions();
    err = open_silently(how, &s);
    if (err) {
        /* Handlers are told as of any other opening that failed at once. */
        notice_bare(NULL, NOTICE_INITIALIZE);
        notice_bare(NULL, NOTICE_TERMINATE);
        return err;
    }
    *ours = is_ours(s);
    err = *ours ? run_logged(s, NULL) : leave_to_wine(ours);
    TRACE(TRACE_MSI, "installation by us: %u", err);
    close_session(s);
    return err;
}

/* --- what a program does itself -----------------------------------------------------------------
 */

static u32 enter(void **held)
{
    u32 err = log_begin();
    HANDLE mutex;

    if (err)
        return err;
    err = exec_mutex_take(&mutex);
    if (!err && (transaction_is_open() || transacting_elsewhere())) {
        exec_mutex_give(mutex);
        err = ERROR_INSTALL_ALREADY_RUNNING;
    }
    if (err)
        log_end(err);
    else
        *held = mutex;
    return err;
}

static void leave(void *held, u32 result)
{
    exec_mutex_give(held);
    log_end(result);
}

void install_prepare(void)
{
    static const struct install_asked how = {install_in_session, enter, leave};

    install_start();
    run_actions();
    install_asked_by(&how);
}

bool install_is_whole(struct session *s)
{
    bool begins = false;

    if (rows_each(s->db,
                  u"SELECT `Action` FROM `InstallExecuteSequence` "
                  u"WHERE `Action` = 'InstallInitialize'",
                  NULL, note_row, &begins))
        err_clear();
    return begins;
}

u32 install_in_session(struct session *s, const char16_t *action)
{
    char16_t what[80] = u"";
    u32 err;

    if (exec_mutex_is_here())
        return ERROR_INSTALL_ALREADY_RUNNING;
    install_prepare();
    if (!install_takes(s, what, ARRAY_LEN(what))) {
        TRACE(TRACE_MSI, "%s is not done here", trace_text(what, -1));
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
    os_mutex_lock(&s->lock);
    s->asks = false;
    os_mutex_unlock(&s->lock);
    err = run_logged(s, action);
    os_mutex_lock(&s->lock);
    s->asks = true;
    os_mutex_unlock(&s->lock);
    /* MsiDoAction tells of no restart, but by MsiGetMode */
    return succeeded(err) ? ERROR_SUCCESS : err;
}
