#include "advscript.h"

#include "namecodec.h"
#include "rowcopy.h"
#include "rows.h"
#include "session_impl.h"
#include "stg.h"
#include "utf16.h"

#define VERSION    u"DecanterScriptVersion"
#define PACKAGE    u"DecanterScriptPackage"
#define TRANSFORMS u"DecanterScriptTransforms"

/* --- reading ------------------------------------------------------------------------------------
 */

u32 advscript_property(struct database *db, const char16_t *name, char16_t **value)
{
    u32 err = rows_property(db, name, value, NULL);

    if (!err && !*value && !(*value = u16_dup(u"", 0)))
        err = ERROR_OUTOFMEMORY;
    return err;
}

u32 advscript_read(struct database *db, struct advscript *out)
{
    char16_t *version;
    u32 err = advscript_property(db, VERSION, &version);
    bool is = !err && u16_is(version, u16_len(version), "1");

    *out = (struct advscript){NULL, NULL};
    os_free(version);
    if (err == ERROR_OUTOFMEMORY)
        return err;
    if (!is)
        return ERROR_INSTALL_FAILURE;
    err = advscript_property(db, PACKAGE, &out->package);
    if (!err)
        err = advscript_property(db, TRANSFORMS, &out->transforms);
    if (!err && !out->package[0])
        err = ERROR_INSTALL_FAILURE;
    if (err)
        advscript_free(out);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_FAILURE : err;
}

void advscript_free(struct advscript *script)
{
    os_free(script->package);
    os_free(script->transforms);
    *script = (struct advscript){NULL, NULL};
}

/* --- writing ------------------------------------------------------------------------------------
 */

static u32 drop_cabinet(void *ctx, struct record *row)
{
    struct database *db = ctx;
    char16_t stored[NAME_STORED_MAX + 1];
    struct rec_view name;

    if (!rec_view(row, 1, &name) && name.len > 1 && name.text[0] == '#' &&
        !name_encode(name.text + 1, name.len - 1, false, stored) &&
        stg_kind_of(db->stg, stored) == STG_STREAM)
        return stg_remove(db->stg, stored);
    return ERROR_SUCCESS;
}

static u32 put_row(struct database *db, const char16_t *name, const char16_t *text)
{
    struct value values[TBL_MAX_COLUMNS] = {{VALUE_NULL, 0, NULL, 0, NULL}};
    struct table *t;
    u32 row, err = db_core_table(db->core, u"Property", 8, &t);

    if (err || persistent_columns(t) < 2)
        return ERROR_INSTALL_PACKAGE_INVALID;
    values[0] = (struct value){VALUE_TEXT, 0, name, u16_len(name), NULL};
    values[1] = (struct value){VALUE_TEXT, 0, text, u16_len(text), NULL};
    err = db_core_find(db->core, t, values, &row);
    if (!err && row != TBL_NONE) /* the package has such a row of its own */
        return db_core_update(db->core, t, row, 2, values);
    return err ? err : db_core_insert(db->core, t, values, false, &row);
}

static u32 put_rows(struct session *s, const char16_t *package)
{
    const struct property *list = prop_get(s, "TRANSFORMS");
    u32 err = put_row(s->db, VERSION, u"1");

    if (!err)
        err = put_row(s->db, PACKAGE, package);
    return !err && list ? put_row(s->db, TRANSFORMS, list->value) : err;
}

u32 advscript_write(struct session *s, const char16_t *package, const char16_t *script)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = rows_each(s->db, u"SELECT `Cabinet` FROM `Media`", NULL, drop_cabinet, s->db);
    db_lock(s->db);
    if (!err)
        err = put_rows(s, package);
    if (!err)
        err = db_core_save(s->db->core);
    if (!err)
        err = stg_save_as(s->db->stg, script);
    db_unlock(s->db);
    os_mutex_unlock(&s->lock);
    return err;
}

/* --- parts --------------------------------------------------------------------------------------
 */

static const struct {
    u32 part;
    const char16_t *action;
} of_parts[] = {
    {SCRIPT_SHORTCUTS, u"CreateShortcuts"},          {SCRIPT_SHORTCUTS, u"RemoveShortcuts"},
    {SCRIPT_CONFIGURATION, u"PublishProduct"},       {SCRIPT_CONFIGURATION, u"PublishFeatures"},
    {SCRIPT_CONFIGURATION, u"PublishComponents"},    {SCRIPT_CONFIGURATION, u"UnpublishFeatures"},
    {SCRIPT_CONFIGURATION, u"UnpublishComponents"},  {SCRIPT_CLASSES, u"RegisterClassInfo"},
    {SCRIPT_CLASSES, u"RegisterProgIdInfo"},         {SCRIPT_CLASSES, u"RegisterMIMEInfo"},
    {SCRIPT_CLASSES, u"UnregisterClassInfo"},        {SCRIPT_CLASSES, u"UnregisterProgIdInfo"},
    {SCRIPT_CLASSES, u"UnregisterMIMEInfo"},         {SCRIPT_EXTENSIONS, u"RegisterExtensionInfo"},
    {SCRIPT_EXTENSIONS, u"UnregisterExtensionInfo"},
};

static u32 drop_step(struct database *db, const char16_t *sequence, const char16_t *action)
{
    struct value key = {VALUE_TEXT, 0, action, u16_len(action), NULL};
    struct table *t;
    u32 row = TBL_NONE, err;

    if (db_core_table(db->core, sequence, u16_len(sequence), &t) || tbl_keys(t) != 1)
        return ERROR_SUCCESS;
    err = db_core_find(db->core, t, &key, &row);
    return err || row == TBL_NONE ? err : db_core_delete(db->core, t, row);
}

static u32 drop_icons(struct database *db)
{
    struct table *t;
    u32 err = ERROR_SUCCESS;

    if (db_core_table(db->core, u"Icon", 4, &t))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && i < tbl_row_limit(t); i++)
        if (tbl_row_exists(t, i))
            err = db_core_delete(db->core, t, i);
    return err;
}

u32 advscript_limit(struct database *db, u32 parts)
{
    u32 err;

    db_lock(db);
    err = parts & SCRIPT_ICONS ? ERROR_SUCCESS : drop_icons(db);
    for (size_t i = 0; !err && i < ARRAY_LEN(of_parts); i++) {
        if (parts & of_parts[i].part)
            continue;
        err = drop_step(db, u"AdvtExecuteSequence", of_parts[i].action);
        if (!err)
            err = drop_step(db, u"InstallExecuteSequence", of_parts[i].action);
    }
    db_unlock(db);
    return err;
}
