/*
 * The actions that need no installer: costing, setting properties, checking conditions. All others
 * are refused: nothing is installed here.
 */
#include "rows.h"
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

struct text {
    struct session *s;
    char16_t *first, *second;
    size_t first_len, second_len;
    u32 type;
    bool found;
};

static u32 check_launch(void *ctx, struct record *row)
{
    struct session *s = ctx;
    size_t len;
    char16_t *condition = rec_dup_text(row, 1, &len);
    bool ok = condition && condition_true(s, condition, len);

    TRACE(TRACE_MSI, "launch condition %s: %s", trace_text(condition, -1), ok ? "met" : "not met");
    os_free(condition);
    if (!condition)
        return ERROR_OUTOFMEMORY;
    return ok ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
}

static u32 launch_conditions(struct session *s)
{
    return rows_each(s->db, u"SELECT `Condition` FROM `LaunchCondition`", NULL, check_launch, s);
}

static const struct {
    const char *name;
    u32 (*run)(struct session *s);
} standard[] = {
    {"CostInitialize", costing_load},          {"FileCost", file_cost},
    {"CostFinalize", cost_finalize},           {"LaunchConditions", launch_conditions},
    {"ResolveSource", folders_resolve_source},
};

/* Standard actions that only an installer can do. */
static const char *const installers[] = {"INSTALL",
                                         "ADMIN",
                                         "ADVERTISE",
                                         "SEQUENCE",
                                         "ExecuteAction",
                                         "AllocateRegistrySpace",
                                         "AppSearch",
                                         "BindImage",
                                         "CCPSearch",
                                         "CreateFolders",
                                         "CreateShortcuts",
                                         "DeleteServices",
                                         "DisableRollback",
                                         "DuplicateFiles",
                                         "FindRelatedProducts",
                                         "ForceReboot",
                                         "InstallAdminPackage",
                                         "InstallExecute",
                                         "InstallExecuteAgain",
                                         "InstallFiles",
                                         "InstallFinalize",
                                         "InstallInitialize",
                                         "InstallODBC",
                                         "InstallServices",
                                         "InstallValidate",
                                         "IsolateComponents",
                                         "MigrateFeatureStates",
                                         "MoveFiles",
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
                                         "RMCCPSearch",
                                         "ScheduleReboot",
                                         "SelfRegModules",
                                         "SelfUnregModules",
                                         "SetODBCFolders",
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
                                         "ValidateProductID",
                                         "WriteEnvironmentStrings",
                                         "WriteIniValues",
                                         "WriteRegistryValues"};

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
    else if (!err)
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
        return ERROR_INSTALL_FAILURE;
    }
    TRACE(TRACE_MSI, "custom action of type %u: not implemented", t->type);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

static u32 do_custom(struct session *s, const char16_t *action, size_t len)
{
    struct text t = {.s = s};
    u32 err = rows_each_named(
        s->db, u"SELECT `Type`, `Source`, `Target` FROM `CustomAction` WHERE `Action` = ?", action,
        len, read_custom, &t);

    if (!err)
        err = t.found ? run_custom(s, &t) : ERROR_FUNCTION_NOT_CALLED;
    os_free(t.first);
    os_free(t.second);
    return err;
}

static u32 do_action(struct session *s, const char16_t *action, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(standard); i++)
        if (u16_is(action, len, standard[i].name))
            return standard[i].run(s);
    for (size_t i = 0; i < ARRAY_LEN(installers); i++)
        if (u16_is(action, len, installers[i]))
            return ERROR_CALL_NOT_IMPLEMENTED;
    return do_custom(s, action, len);
}

u32 session_do_action(struct session *s, const char16_t *action, size_t len)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = do_action(s, action, len);
    os_mutex_unlock(&s->lock);
    TRACE(TRACE_MSI, "action %s = %u", trace_text(action, -1), err);
    return err;
}

/* --- sequences ----------------------------------------------------------------------------------
 */

static u32 run_step(void *ctx, struct record *row)
{
    struct session *s = ctx;
    size_t len, condition_len;
    char16_t *action = rec_dup_text(row, 1, &len);
    char16_t *condition = rec_dup_text(row, 2, &condition_len);
    u32 err = ERROR_OUTOFMEMORY;

    if (action && condition) {
        err = ERROR_SUCCESS;
        if (condition_true(s, condition, condition_len))
            err = do_action(s, action, len);
    }
    os_free(action);
    os_free(condition);
    return err;
}

/* The name goes into the text of a query, so it must be one. */
static bool is_table_name(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == '`' || s[i] < ' ')
            return false;
    return len && len <= 64;
}

u32 session_sequence(struct session *s, const char16_t *table, size_t len)
{
    struct text_buf query;
    u32 err = ERROR_BAD_QUERY_SYNTAX;

    tb_init(&query);
    tb_ascii(&query, "SELECT `Action`, `Condition` FROM `");
    tb_add(&query, table, len);
    tb_ascii(&query, "` WHERE `Sequence` > 0 ORDER BY `Sequence`");
    if (query.failed) {
        err = ERROR_OUTOFMEMORY;
    } else if (is_table_name(table, len)) {
        os_mutex_lock(&s->lock);
        err = rows_each_of(s->db, query.s, run_step, s);
        os_mutex_unlock(&s->lock);
    }
    tb_free(&query);
    return err;
}
