/*
 * Whether a package is for this engine: whole, or not at all.
 *
 * Everything in its execute sequence must be there: planned by an action of this room, or done by
 * the session, or a custom action that somebody does. An action that is missing is of no matter
 * where its tables have no rows, or where its condition is false and stays so.
 */
#include "chainer.h"
#include "custom.h"
#include "install_impl.h"

#include "errorrec.h"
#include "rows.h"
#include "session_impl.h"
#include "stores.h"
#include "trace.h"
#include "utf16.h"

/* Of the actions that are for nothing where these tables are empty. */
static const struct {
    const char *action;
    const char16_t *query;
} for_tables[] = {
#define FOR(action, table)                    \
    {                                         \
        action, u"SELECT * FROM `" table u"`" \
    }
    FOR("BindImage", u"BindImage"),
    FOR("CCPSearch", u"CCPSearch"),
    FOR("CreateFolders", u"CreateFolder"),
    FOR("CreateShortcuts", u"Shortcut"),
    FOR("DeleteServices", u"ServiceControl"),
    FOR("DuplicateFiles", u"DuplicateFile"),
    FOR("FindRelatedProducts", u"Upgrade"),
    FOR("InstallFiles", u"File"),
    FOR("InstallODBC", u"ODBCDriver"),
    FOR("InstallODBC", u"ODBCTranslator"),
    FOR("InstallODBC", u"ODBCDataSource"),
    FOR("InstallServices", u"ServiceInstall"),
    FOR("IsolateComponents", u"IsolatedComponent"),
    FOR("MigrateFeatureStates", u"Upgrade"),
    FOR("MoveFiles", u"MoveFile"),
    FOR("MsiConfigureServices", u"MsiServiceConfig"),
    FOR("MsiConfigureServices", u"MsiServiceConfigFailureActions"),
    FOR("MsiPublishAssemblies", u"MsiAssembly"),
    FOR("MsiUnpublishAssemblies", u"MsiAssembly"),
    FOR("PublishComponents", u"PublishComponent"),
    FOR("RMCCPSearch", u"CCPSearch"),
    FOR("RegisterClassInfo", u"Class"),
    FOR("RegisterClassInfo", u"AppId"),
    FOR("RegisterComPlus", u"Complus"),
    FOR("RegisterExtensionInfo", u"Extension"),
    FOR("RegisterFonts", u"Font"),
    FOR("RegisterMIMEInfo", u"MIME"),
    FOR("RegisterProgIdInfo", u"ProgId"),
    FOR("RegisterTypeLibraries", u"TypeLib"),
    FOR("RemoveDuplicateFiles", u"DuplicateFile"),
    FOR("RemoveEnvironmentStrings", u"Environment"),
    FOR("RemoveExistingProducts", u"Upgrade"),
    FOR("RemoveFiles", u"File"),
    FOR("RemoveFiles", u"RemoveFile"),
    FOR("RemoveFolders", u"CreateFolder"),
    FOR("RemoveIniValues", u"IniFile"),
    FOR("RemoveIniValues", u"RemoveIniFile"),
    FOR("RemoveODBC", u"ODBCDriver"),
    FOR("RemoveODBC", u"ODBCTranslator"),
    FOR("RemoveODBC", u"ODBCDataSource"),
    FOR("RemoveRegistryValues", u"Registry"),
    FOR("RemoveRegistryValues", u"RemoveRegistry"),
    FOR("RemoveShortcuts", u"Shortcut"),
    FOR("SelfRegModules", u"SelfReg"),
    FOR("SelfUnregModules", u"SelfReg"),
    FOR("SetODBCFolders", u"ODBCDriver"),
    FOR("StartServices", u"ServiceControl"),
    FOR("StopServices", u"ServiceControl"),
    FOR("UnpublishComponents", u"PublishComponent"),
    FOR("UnregisterClassInfo", u"Class"),
    FOR("UnregisterClassInfo", u"AppId"),
    FOR("UnregisterComPlus", u"Complus"),
    FOR("UnregisterExtensionInfo", u"Extension"),
    FOR("UnregisterFonts", u"Font"),
    FOR("UnregisterMIMEInfo", u"MIME"),
    FOR("UnregisterProgIdInfo", u"ProgId"),
    FOR("UnregisterTypeLibraries", u"TypeLib"),
    FOR("WriteEnvironmentStrings", u"Environment"),
    FOR("WriteIniValues", u"IniFile"),
    FOR("WriteRegistryValues", u"Registry"),
};

static u32 note_row(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

/* What has no tables is for something. */
u32 install_has_work(struct session *s, const char16_t *action, size_t len, bool *work)
{
    bool known = false;
    u32 err = ERROR_SUCCESS;

    *work = false;
    for (size_t i = 0; !err && !*work && i < ARRAY_LEN(for_tables); i++)
        if (u16_is(action, len, for_tables[i].action)) {
            known = true;
            err = rows_each(s->db, for_tables[i].query, NULL, note_row, work);
        }
    if (!known)
        *work = true;
    return err;
}

/* --- custom actions -----------------------------------------------------------------------------
 */

enum { TYPE_MASK = 0x3f, TYPE_ERROR = 19, TYPE_FOLDER = 35, TYPE_PROPERTY = 51 };

struct custom {
    i32 type;
    char16_t *source;
    size_t len;
};

static u32 read_custom(void *ctx, struct record *row)
{
    struct custom *c = ctx;

    c->type = rec_get_int(row, 1);
    c->source = rec_dup_text(row, 2, &c->len);
    return c->source ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

/* A name that is neither an action's nor in the CustomAction table is a dialog's or nobody's, and
 * passed over when its turn comes. */
static u32 custom_is_done(struct session *s, const char16_t *action, size_t len, bool *done)
{
    struct custom c = {REC_NULL_INT, NULL, 0};
    u32 err =
        rows_each_named(s->db, u"SELECT `Type`, `Source` FROM `CustomAction` WHERE `Action` = ?",
                        action, len, read_custom, &c);
    u32 base = (u32)c.type & TYPE_MASK;

    *done =
        c.type == REC_NULL_INT || base == TYPE_ERROR || base == TYPE_FOLDER ||
        base == TYPE_PROPERTY ||
        (install_has_custom() && (!custom_any() || custom_can(s, (u32)c.type, c.source, c.len)));
    os_free(c.source);
    return err;
}

/* --- the sequence -------------------------------------------------------------------------------
 */

struct question {
    struct session *s;
    char16_t *what;
    size_t cap;
    bool takes;
};

/* The lock is held. Before costing and searching only a condition of what is given from outside can
 * be told for good: these two say what is asked for. */
static bool stays_false(struct session *s, const char16_t *condition, size_t len)
{
    bool installed = prop_get(s, "Installed") != NULL, remove = prop_get(s, "REMOVE") != NULL;

    if (u16_is(condition, len, "Installed"))
        return !installed;
    if (u16_is(condition, len, "NOT Installed") || u16_is(condition, len, "Not Installed"))
        return installed;
    if (u16_is(condition, len, "PATCH"))
        return !prop_get(s, "PATCH");
    return !installed && !remove &&
           (u16_is(condition, len, "REMOVE=\"ALL\"") || u16_is(condition, len, "REMOVE = \"ALL\""));
}

static bool is_passed_over(struct session *s, const char16_t *condition, size_t len)
{
    bool is;

    os_mutex_lock(&s->lock);
    is = stays_false(s, condition, len);
    os_mutex_unlock(&s->lock);
    return is;
}

static u32 ask(struct question *q, const char16_t *action, size_t len, bool *done)
{
    bool work;
    u32 err;

    *done = true;
    if (install_has(action, len) || session_is_standard(action, len))
        return ERROR_SUCCESS;
    if (!session_is_installers(action, len))
        return custom_is_done(q->s, action, len, done);
    err = install_has_work(q->s, action, len, &work);
    *done = !work;
    return err;
}

static u32 see_step(void *ctx, struct record *row)
{
    struct question *q = ctx;
    size_t len, condition_len;
    char16_t *action = rec_dup_text(row, 1, &len),
             *condition = rec_dup_text(row, 2, &condition_len);
    u32 err = action && condition ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    bool done = true;

    if (!err && !is_passed_over(q->s, condition, condition_len))
        err = ask(q, action, len, &done);
    if (!err && !done) {
        q->takes = false;
        if (q->what)
            u16_copy(q->what, q->cap, action);
        TRACE(TRACE_MSI, "not for this engine: %s", trace_text(action, -1));
        err = ERROR_NO_MORE_ITEMS;
    }
    os_free(action);
    os_free(condition);
    return err;
}

/* The system has other stores for assemblies for everybody than what is known here. */
static u32 see_assemblies(struct question *q)
{
    bool suffice;
    u32 err = stores_suffice(q->s, &suffice);

    if (err || suffice)
        return err;
    q->takes = false;
    if (q->what)
        u16_copy(q->what, q->cap, u"MsiPublishAssemblies");
    TRACE(TRACE_MSI, "not for this engine: a global assembly");
    return ERROR_SUCCESS;
}

static u32 see_chainers(struct question *q)
{
    bool missing;
    u32 err = chainer_is_missing(q->s, &missing);

    if (err || !missing)
        return err;
    q->takes = false;
    if (q->what)
        u16_copy(q->what, q->cap, u"MsiEmbeddedChainer");
    return ERROR_SUCCESS;
}

/* The rows are gone through without the lock: a custom action may need a process to be started
 * first. */
bool install_takes(struct session *s, char16_t *what, size_t cap)
{
    struct question q = {s, what, cap, true};
    bool advertises;
    u32 err;

    os_mutex_lock(&s->lock);
    advertises = session_advertises(s);
    os_mutex_unlock(&s->lock);
    err =
        rows_each(s->db,
                  advertises ? u"SELECT `Action`, `Condition` FROM `AdvtExecuteSequence` WHERE "
                               u"`Sequence` > 0 ORDER BY `Sequence`"
                             : u"SELECT `Action`, `Condition` FROM `InstallExecuteSequence` WHERE "
                               u"`Sequence` > 0 ORDER BY `Sequence`",
                  NULL, see_step, &q);
    if (!err && q.takes)
        err = see_assemblies(&q);
    if (!err && q.takes)
        err = see_chainers(&q);
    return !err && q.takes;
}
