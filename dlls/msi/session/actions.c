/*
 * The actions that need no installer: costing, setting properties, checking conditions. All others
 * are the installer's, which stands above (session_installed_by), and refused where there is none.
 */
#include "errorrec.h"
#include "immediate.h"
#include "log.h"
#include "notice.h"
#include "related.h"
#include "rows.h"
#include "search.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

/* --- standard actions ---------------------------------------------------------------------------
 */

static u32 file_cost(struct session *s)
{
    return s->initialized ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
}

static u32 cost_finalize(struct session *s)
{
    return s->initialized ? costing_finalize(s) : ERROR_FUNCTION_FAILED;
}

static u32 install_validate(struct session *s)
{
    if (!s->costed)
        return ERROR_FUNCTION_FAILED;
    s->validated = true;
    return ERROR_SUCCESS;
}

struct text {
    struct session *s;
    char16_t *first, *second;
    size_t first_len, second_len;
    u32 type;
    bool found;
};

/* Messages go out without the lock: a handler may call anything. */
static void tell_error(struct session *s, const char16_t *text, size_t len)
{
    os_mutex_unlock(&s->lock);
    notice_error(s, text, len);
    os_mutex_lock(&s->lock);
}

static u32 check_launch(void *ctx, struct record *row)
{
    struct session *s = ctx;
    size_t len, why_len;
    char16_t *condition = rec_dup_text(row, 1, &len), *why = rec_dup_text(row, 2, &why_len);
    u32 err = condition && why ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    /* What is no condition is passed over. */
    if (!err && condition_of(s, condition, len) == COND_FALSE) {
        TRACE(TRACE_MSI, "launch condition %s is not met", trace_text(condition, -1));
        tell_error(s, why, why_len);
        err = ERROR_INSTALL_FAILURE;
    }
    os_free(condition);
    os_free(why);
    return err;
}

static u32 launch_conditions(struct session *s)
{
    return rows_each(s->db, u"SELECT `Condition`, `Description` FROM `LaunchCondition`", NULL,
                     check_launch, s);
}

/* `once`: a bit of its own where it does not run in the sequence of execution after it has run in
 * that of the user interface. */
static const struct {
    const char *name;
    u32 (*run)(struct session *s);
    u32 once;
} standard[] = {
    {"AllocateRegistrySpace", allocate_registry_space, 0},
    {"AppSearch", search_apps, 1},
    {"CCPSearch", search_qualifying, 2},
    {"CostFinalize", cost_finalize, 0},
    {"CostInitialize", costing_load, 0},
    {"DisableRollback", disable_rollback, 0},
    {"FileCost", file_cost, 0},
    {"FindRelatedProducts", related_find, 4},
    {"InstallValidate", install_validate, 0},
    {"LaunchConditions", launch_conditions, 0},
    {"MigrateFeatureStates", related_migrate, 8},
    {"RMCCPSearch", search_qualifying_media, 16},
    {"ResolveSource", folders_resolve_source, 0},
    {"ScheduleReboot", schedule_reboot, 0},
    {"SetODBCFolders", set_odbc_folders, 0},
    {"ValidateProductID", validate_product_id, 0},
};

/* Standard actions that only an installer can do. */
static const char *const installers[] = {"INSTALL",
                                         "ADMIN",
                                         "ADVERTISE",
                                         "SEQUENCE",
                                         "ExecuteAction",
                                         "BindImage",
                                         "CreateFolders",
                                         "CreateShortcuts",
                                         "DeleteServices",
                                         "DuplicateFiles",
                                         "ForceReboot",
                                         "InstallAdminPackage",
                                         "InstallExecute",
                                         "InstallExecuteAgain",
                                         "InstallFiles",
                                         "InstallFinalize",
                                         "InstallInitialize",
                                         "InstallODBC",
                                         "InstallServices",
                                         "InstallSFPCatalogFile",
                                         "IsolateComponents",
                                         "MoveFiles",
                                         "MsiConfigureServices",
                                         "MsiPublishAssemblies",
                                         "MsiUnpublishAssemblies",
                                         "PatchFiles",
                                         "ProcessComponents",
                                         "PublishComponents",
                                         "PublishFeatures",
                                         "PublishProduct",
                                         "RegisterClassInfo",
                                         "RegisterComPlus",
                                         "RegisterExtensionInfo",
                                         "RegisterFonts",
                                         "RegisterMIMEInfo",
                                         "RegisterProduct",
                                         "RegisterProgIdInfo",
                                         "RegisterTypeLibraries",
                                         "RegisterUser",
                                         "RemoveDuplicateFiles",
                                         "RemoveEnvironmentStrings",
                                         "RemoveExistingProducts",
                                         "RemoveFiles",
                                         "RemoveFolders",
                                         "RemoveIniValues",
                                         "RemoveODBC",
                                         "RemoveRegistryValues",
                                         "RemoveShortcuts",
                                         "SelfRegModules",
                                         "SelfUnregModules",
                                         "StartServices",
                                         "StopServices",
                                         "UnpublishComponents",
                                         "UnpublishFeatures",
                                         "UnregisterClassInfo",
                                         "UnregisterComPlus",
                                         "UnregisterExtensionInfo",
                                         "UnregisterFonts",
                                         "UnregisterMIMEInfo",
                                         "UnregisterProgIdInfo",
                                         "UnregisterTypeLibraries",
                                         "WriteEnvironmentStrings",
                                         "WriteIniValues",
                                         "WriteRegistryValues"};

bool session_is_installers(const char16_t *action, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(installers); i++)
        if (u16_is(action, len, installers[i]))
            return true;
    return false;
}

bool session_is_standard(const char16_t *action, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(standard); i++)
        if (u16_is(action, len, standard[i].name))
            return true;
    return false;
}

/* --- custom actions -----------------------------------------------------------------------------
 */

enum { TYPE_MASK = 0x3f, TYPE_ERROR = 19, TYPE_FOLDER = 35, TYPE_PROPERTY = 51 };

static u32 read_custom(void *ctx, struct record *row)
{
    struct text *t = ctx;

    t->type = (u32)rec_get_int(row, 1);
    t->first = rec_dup_text(row, 2, &t->first_len);
    t->second = rec_dup_text(row, 3, &t->second_len);
    t->found = true;
    return t->first && t->second ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

static u32 set_from_custom(struct session *s, const struct text *t)
{
    struct text_buf value;
    u32 err;

    tb_init(&value);
    err = format_text(s, t->second, t->second_len, &value);
    if (!err && (t->type & TYPE_MASK) == TYPE_FOLDER && s->costed)
        err = folder_move(s, t->first, t->first_len, value.s, value.len);
    else if (!err && t->first_len)
        err = props_set(&s->props, t->first, t->first_len, value.s, value.len);
    tb_free(&value);
    return err;
}

static u32 run_custom(struct session *s, const struct text *t)
{
    switch (t->type & TYPE_MASK) {
    case TYPE_PROPERTY:
    case TYPE_FOLDER:
        return set_from_custom(s, t);
    case TYPE_ERROR:
        tell_error(s, t->second, t->second_len);
        return ERROR_INSTALL_FAILURE;
    }
    if (s->restricted)
        return ERROR_FUNCTION_NOT_CALLED;
    TRACE(TRACE_MSI, "custom action of type %u: not implemented", t->type);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

enum {
    TYPE_FIRST_SEQUENCE = 0x100,
    TYPE_ONCE_PER_PROCESS = 0x200,
    TYPE_CLIENT_REPEAT = 0x300,
    TYPE_IN_SCRIPT = 0x400
};

/* An action of both sequences (Custom Action Execution Scheduling Options): that of execution is
 * run in the process of the other one here. */
static bool is_skipped(const struct session *s, u32 type)
{
    if (type & TYPE_IN_SCRIPT)
        return false;
    switch (type & TYPE_CLIENT_REPEAT) {
    case TYPE_FIRST_SEQUENCE:
    case TYPE_ONCE_PER_PROCESS:
        return s->phase == PHASE_EXECUTION && s->interface_ran;
    case TYPE_CLIENT_REPEAT:
        return s->phase == PHASE_INTERFACE || (s->phase == PHASE_EXECUTION && !s->interface_ran);
    }
    return false;
}

static u32 do_custom(struct session *s, const char16_t *action, size_t len)
{
    struct text t = {.s = s};
    u32 err = rows_each_named(
        s->db, u"SELECT `Type`, `Source`, `Target` FROM `CustomAction` WHERE `Action` = ?", action,
        len, read_custom, &t);

    if (!err)
        err = !t.found                ? ERROR_FUNCTION_NOT_CALLED
              : is_skipped(s, t.type) ? ERROR_SUCCESS
                                      : run_custom(s, &t);
    os_free(t.first);
    os_free(t.second);
    return err;
}

/* What a restricted handle permits (MsiOpenPackageEx, Remarks). */
static bool restricted_may(const char16_t *action, size_t len)
{
    static const char *const allowed[] = {"ADMIN",
                                          "ADVERTISE",
                                          "INSTALL",
                                          "SEQUENCE",
                                          "AppSearch",
                                          "CCPSearch",
                                          "CostFinalize",
                                          "CostInitialize",
                                          "FileCost",
                                          "FindRelatedProducts",
                                          "IsolateComponents",
                                          "LaunchConditions",
                                          "MigrateFeatureStates",
                                          "ResolveSource",
                                          "RMCCPSearch",
                                          "ValidateProductID"};

    for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
        if (u16_is(action, len, allowed[i]))
            return true;
    return false;
}

static u32 run_standard(struct session *s, size_t i)
{
    if (s->phase == PHASE_EXECUTION && s->ran_in_ui & standard[i].once)
        return ERROR_SUCCESS;
    if (s->phase == PHASE_INTERFACE)
        s->ran_in_ui |= standard[i].once;
    return standard[i].run(s);
}

static u32 do_action(struct session *s, const char16_t *action, size_t len)
{
    if (s->restricted && (session_is_standard(action, len) || session_is_installers(action, len)) &&
        !restricted_may(action, len))
        return ERROR_FUNCTION_NOT_CALLED;
    for (size_t i = 0; i < ARRAY_LEN(standard); i++)
        if (u16_is(action, len, standard[i].name))
            return run_standard(s, i);
    if (session_is_installers(action, len))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return do_custom(s, action, len);
}

/* What an action came to, in the log and in messages. */
enum action_result {
    RESULT_NOT_THERE,
    RESULT_DONE,
    RESULT_CANCELLED,
    RESULT_FAILED,
    RESULT_SUSPENDED,
    RESULT_FINISHED
};

static enum action_result result_of(u32 err)
{
    return err == ERROR_SUCCESS               ? RESULT_DONE
           : err == ERROR_FUNCTION_NOT_CALLED ? RESULT_NOT_THERE
           : err == ERROR_INSTALL_USEREXIT    ? RESULT_CANCELLED
           : err == ERROR_INSTALL_SUSPEND     ? RESULT_SUSPENDED
           : err == ERROR_NO_MORE_ITEMS       ? RESULT_FINISHED
                                              : RESULT_FAILED;
}

enum { ANSWER_NONE = 0, ANSWER_OK = 1, ANSWER_CANCEL = 2, ANSWER_ABORT = 3 };
enum { ANSWER_ERROR = -1, ANSWER_LATER = -2 };

static u32 note_row(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

/* Whether dialogs are shown at all: the user interface is full, and the package has some. */
static bool shows_dialogs(struct session *s)
{
    const struct property *level;
    bool full, any = false;
    u32 err;

    os_mutex_lock(&s->lock);
    level = prop_get(s, "UILevel");
    full = level && u16_is(level->value, level->value_len, "5");
    os_mutex_unlock(&s->lock);
    if (!full)
        return false;
    err = rows_each_of(s->db, u"SELECT `Dialog` FROM `Dialog`", note_row, &any);
    if (err) /* no such table is nobody's error */
        err_clear();
    return !err;
}

static u32 dialog_answered(struct session *s, const char16_t *name, size_t len, int answer,
                           bool exists)
{
    switch (answer) {
    case ANSWER_OK:
        return ERROR_SUCCESS;
    case ANSWER_CANCEL:
        return ERROR_INSTALL_USEREXIT;
    case ANSWER_ABORT:
        return ERROR_INSTALL_FAILURE;
    case ANSWER_ERROR:
        return ERROR_SUCCESS;
    case ANSWER_NONE:
    case ANSWER_LATER:
        if (exists) {
            notice_dialog_made(s, name, len);
            return ERROR_SUCCESS;
        }
        notice_not_found(s, name, len);
        return ERROR_FUNCTION_NOT_CALLED;
    }
    return ERROR_FUNCTION_FAILED;
}

static bool is_custom(struct session *s, const char16_t *name, size_t len)
{
    bool is = false;

    rows_each_named(s->db, u"SELECT `Action` FROM `CustomAction` WHERE `Action` = ?", name, len,
                    note_row, &is);
    return is;
}

/* A name that is no action is offered to the user interface. */
static u32 offer_dialog(struct session *s, const char16_t *name, size_t len)
{
    bool exists = false;

    if (is_custom(s, name, len) || !shows_dialogs(s))
        return ERROR_FUNCTION_NOT_CALLED;
    rows_each_named(s->db, u"SELECT `Dialog` FROM `Dialog` WHERE `Dialog` = ?", name, len, note_row,
                    &exists);
    return dialog_answered(s, name, len, notice_dialog(s, name, len), exists);
}

/* What this room has not is the installer's, where there is one. */
static u32 do_action_somewhere(struct session *s, const char16_t *action, size_t len)
{
    const struct session_installer *by = session_installer();
    u32 err;

    os_mutex_lock(&s->lock);
    err = do_action(s, action, len);
    os_mutex_unlock(&s->lock);
    if (err == ERROR_CALL_NOT_IMPLEMENTED && by)
        err = by->act(s, action, len);
    if (err == ERROR_CALL_NOT_IMPLEMENTED && u16_is(action, len, "IsolateComponents")) {
        os_mutex_lock(&s->lock);
        err = isolate_components(s);
        os_mutex_unlock(&s->lock);
    }
    return err;
}

/* Without the lock: messages go out before and after. */
static u32 do_told(struct session *s, const char16_t *action, size_t len)
{
    i32 before;
    u32 err;

    if (notice_action(s, action, len) == ANSWER_CANCEL)
        return ERROR_INSTALL_USEREXIT;
    os_mutex_lock(&s->lock);
    before = s->any_result ? (i32)s->last_result : -1;
    os_mutex_unlock(&s->lock);
    notice_action_begins(s, action, len, before);
    err = do_action_somewhere(s, action, len);
    if (err == ERROR_FUNCTION_NOT_CALLED)
        err = offer_dialog(s, action, len);
    os_mutex_lock(&s->lock);
    s->any_result = true;
    s->last_result = (u32)result_of(err);
    os_mutex_unlock(&s->lock);
    notice_action_ended(s, action, len, (i32)result_of(err));
    return err;
}

u32 session_do_action(struct session *s, const char16_t *action, size_t len)
{
    u32 err = do_told(s, action, len);

    TRACE(TRACE_MSI, "action %s = %u", trace_text(action, -1), err);
    return err;
}

/* --- sequences ----------------------------------------------------------------------------------
 */

enum { STEPS_MAX = 65536 };

/* The steps are read first: what an action does may change the table, and no lock is held then. */
struct step {
    char16_t *action, *condition;
    size_t len, condition_len;
};

struct steps {
    struct step *all;
    u32 count, cap;
};

static u32 more_steps(struct steps *l)
{
    u32 cap = l->cap ? l->cap * 2 : 64;
    struct step *more;

    if (l->count < l->cap)
        return ERROR_SUCCESS;
    more = cap <= STEPS_MAX ? os_realloc(l->all, cap * sizeof(*more)) : NULL;
    if (!more)
        return ERROR_OUTOFMEMORY;
    l->all = more;
    l->cap = cap;
    return ERROR_SUCCESS;
}

static u32 add_step(void *ctx, struct record *row)
{
    struct steps *l = ctx;
    u32 err = more_steps(l);
    struct step *step;

    if (err)
        return err;
    step = &l->all[l->count++];
    step->action = rec_dup_text(row, 1, &step->len);
    step->condition = rec_dup_text(row, 2, &step->condition_len);
    return step->action && step->condition ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static void free_steps(struct steps *l)
{
    for (u32 i = 0; i < l->count; i++) {
        os_free(l->all[i].action);
        os_free(l->all[i].condition);
    }
    os_free(l->all);
}

static void tell_skipped(const struct step *step)
{
    struct text_buf text;

    tb_init(&text);
    tb_add(&text, step->action, step->len);
    tb_ascii(&text, " (condition is false)");
    if (!text.failed)
        log_tell("Skipping action: ", text.s, text.len);
    tb_free(&text);
}

static u32 run_step(struct session *s, const struct step *step)
{
    bool wanted;
    u32 err;

    os_mutex_lock(&s->lock);
    wanted = condition_true(s, step->condition, step->condition_len);
    os_mutex_unlock(&s->lock);
    if (!wanted) {
        tell_skipped(step);
        return ERROR_SUCCESS;
    }
    err = do_told(s, step->action, step->len);
    /* What is nobody's was told of, and the sequence goes on. */
    return err == ERROR_FUNCTION_NOT_CALLED ? ERROR_SUCCESS : err;
}

/* The name goes into the text of a query, so it must be one. */
static bool is_table_name(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == '`' || s[i] < ' ')
            return false;
    return len && len <= 64;
}

static u32 read_steps(struct session *s, const char16_t *table, size_t len, struct steps *l)
{
    struct text_buf query;
    u32 err = ERROR_BAD_QUERY_SYNTAX;

    tb_init(&query);
    tb_ascii(&query, "SELECT `Action`, `Condition` FROM `");
    tb_add(&query, table, len);
    tb_ascii(&query, "` WHERE `Sequence` > 0 ORDER BY `Sequence`");
    if (query.failed)
        err = ERROR_OUTOFMEMORY;
    else if (is_table_name(table, len))
        err = rows_each_of(s->db, query.s, add_step, l);
    tb_free(&query);
    return err;
}

static bool ends_with(const char16_t *s, size_t len, const char *end)
{
    size_t n = 0;

    while (end[n])
        n++;
    return len >= n && u16_is(s + len - n, n, end);
}

/* The phase that the table stands for, and the one before. */
static u32 enter_phase(struct session *s, const char16_t *table, size_t len)
{
    u32 before;

    os_mutex_lock(&s->lock);
    before = s->phase;
    if (ends_with(table, len, "UISequence")) {
        s->phase = PHASE_INTERFACE;
        s->interface_ran = true;
    } else if (ends_with(table, len, "ExecuteSequence")) {
        s->phase = PHASE_EXECUTION;
    }
    os_mutex_unlock(&s->lock);
    return before;
}

static void leave_phase(struct session *s, u32 before)
{
    os_mutex_lock(&s->lock);
    s->phase = before;
    os_mutex_unlock(&s->lock);
}

u32 session_sequence(struct session *s, const char16_t *table, size_t len)
{
    struct steps l = {NULL, 0, 0};
    u32 err = read_steps(s, table, len, &l), before = enter_phase(s, table, len);

    for (u32 i = 0; !err && i < l.count; i++)
        err = run_step(s, &l.all[i]);
    leave_phase(s, before);
    free_steps(&l);
    return err;
}
