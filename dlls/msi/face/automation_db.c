/*
 * The Database, View and UIPreview objects.
 */
#include "automation.h"

static struct auto_object *plain(const struct auto_class *class, MSIHANDLE h)
{
    return auto_new(class, sizeof(struct auto_object), h);
}

/* --- Database -----------------------------------------------------------------------------------
 */

static HRESULT database_state(struct auto_call *c)
{
    MSIDBSTATE state = MsiGetDatabaseState(c->self->handle);

    return state == MSIDBSTATE_ERROR ? E_FAIL : auto_put_int(c, state);
}

static HRESULT summary_information(struct auto_call *c)
{
    MSIHANDLE h;
    int updates;
    HRESULT hr = auto_int(c, 0, 0, &updates);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiGetSummaryInformationW(c->self->handle, NULL, (UINT)updates, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_suminfo(h));
}

static HRESULT open_view(struct auto_call *c)
{
    const WCHAR *sql;
    MSIHANDLE h;
    HRESULT hr = auto_text(c, 0, &sql);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiDatabaseOpenViewW(c->self->handle, sql, &h);
    return err ? auto_failed(err) : auto_put_object(c, plain(&auto_view, h));
}

static HRESULT commit(struct auto_call *c)
{
    return auto_failed(MsiDatabaseCommit(c->self->handle));
}

static HRESULT primary_keys(struct auto_call *c)
{
    const WCHAR *table;
    MSIHANDLE h;
    HRESULT hr = auto_text(c, 0, &table);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiDatabaseGetPrimaryKeysW(c->self->handle, table, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_record(h));
}

static HRESULT import(struct auto_call *c)
{
    const WCHAR *folder, *file;
    HRESULT hr = auto_text(c, 0, &folder);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &file)))
        return hr;
    return auto_failed(MsiDatabaseImportW(c->self->handle, folder, file));
}

static HRESULT export(struct auto_call *c)
{
    const WCHAR *table, *folder, *file;
    HRESULT hr = auto_text(c, 0, &table);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &folder)) || FAILED(hr = auto_text(c, 2, &file)))
        return hr;
    return auto_failed(MsiDatabaseExportW(c->self->handle, table, folder, file));
}

static HRESULT other_database(struct auto_call *c, MSIHANDLE *h)
{
    struct auto_object *o;
    HRESULT hr = auto_arg_object(c, 0, &auto_database, &o);

    *h = o ? o->handle : 0;
    return hr;
}

/* Whether there were conflicts, which are in the table then. */
static HRESULT merge(struct auto_call *c)
{
    const WCHAR *table;
    MSIHANDLE other;
    HRESULT hr = other_database(c, &other);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &table)))
        return hr;
    err = MsiDatabaseMergeW(c->self->handle, other, table);
    return err && err != ERROR_FUNCTION_FAILED ? auto_failed(err) : auto_put_bool(c, err != 0);
}

/* Whether there are differences. */
static HRESULT generate_transform(struct auto_call *c)
{
    const WCHAR *file;
    MSIHANDLE reference;
    HRESULT hr = other_database(c, &reference);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &file)))
        return hr;
    /* without a name the two are only compared */
    err = MsiDatabaseGenerateTransformW(c->self->handle, reference, file && file[0] ? file : NULL,
                                        0, 0);
    return err && err != ERROR_NO_DATA ? auto_failed(err) : auto_put_bool(c, !err);
}

static HRESULT apply_transform(struct auto_call *c)
{
    const WCHAR *file;
    int conditions;
    HRESULT hr = auto_text(c, 0, &file);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &conditions)))
        return hr;
    return auto_failed(MsiDatabaseApplyTransformW(c->self->handle, file, conditions));
}

static HRESULT enable_preview(struct auto_call *c)
{
    MSIHANDLE h;
    UINT err = MsiEnableUIPreview(c->self->handle, &h);

    return err ? auto_failed(err) : auto_put_object(c, plain(&auto_preview, h));
}

static HRESULT table_persistent(struct auto_call *c)
{
    const WCHAR *table;
    HRESULT hr = auto_text(c, 0, &table);

    return FAILED(hr) ? hr : auto_put_int(c, MsiDatabaseIsTablePersistentW(c->self->handle, table));
}

static HRESULT transform_summary(struct auto_call *c)
{
    const WCHAR *file;
    MSIHANDLE reference;
    int conditions, validation;
    HRESULT hr = other_database(c, &reference);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &file)) ||
        FAILED(hr = auto_int(c, 2, 0, &conditions)) || FAILED(hr = auto_int(c, 3, 0, &validation)))
        return hr;
    return auto_failed(
        MsiCreateTransformSummaryInfoW(c->self->handle, reference, file, conditions, validation));
}

static const struct auto_member database_members[] = {
    {1, AUTO_GET, 0, L"DatabaseState", database_state},
    {2, AUTO_GET, 0, L"SummaryInformation,UpdateCount", summary_information},
    {3, AUTO_METHOD, 1, L"OpenView,Sql", open_view},
    {4, AUTO_METHOD, 0, L"Commit", commit},
    {5, AUTO_GET, 1, L"PrimaryKeys,Table", primary_keys},
    {6, AUTO_METHOD, 2, L"Import,Folder,File", import},
    {7, AUTO_METHOD, 3, L"Export,Table,Folder,File", export},
    {8, AUTO_METHOD, 1, L"Merge,Database,ErrorTable", merge},
    {9, AUTO_METHOD, 1, L"GenerateTransform,ReferenceDatabase,TransformFile", generate_transform},
    {10, AUTO_METHOD, 2, L"ApplyTransform,TransformFile,ErrorConditions", apply_transform},
    {11, AUTO_METHOD, 0, L"EnableUIPreview", enable_preview},
    {12, AUTO_GET, 1, L"TablePersistent,Table", table_persistent},
    {13, AUTO_METHOD, 4,
     L"CreateTransformSummaryInfo,ReferenceDatabase,TransformFile,ErrorConditions,Validation",
     transform_summary}};

const struct auto_class auto_database = {AUTO_CLASS_IID(0x9d), L"Database", database_members,
                                         ARRAY_LEN(database_members), NULL};

struct auto_object *auto_new_database(MSIHANDLE h)
{
    return plain(&auto_database, h);
}

/* --- View ---------------------------------------------------------------------------------------
 */

static HRESULT execute(struct auto_call *c)
{
    struct auto_object *params;
    HRESULT hr = auto_arg_object(c, 0, &auto_record, &params);

    return FAILED(hr) ? hr
                      : auto_failed(MsiViewExecute(c->self->handle, params ? params->handle : 0));
}

static HRESULT fetch(struct auto_call *c)
{
    MSIHANDLE h;
    UINT err = MsiViewFetch(c->self->handle, &h);

    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_nothing(c);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_record(h));
}

static HRESULT modify(struct auto_call *c)
{
    struct auto_object *record;
    int mode;
    HRESULT hr = auto_int(c, 0, 0, &mode);

    if (FAILED(hr) || FAILED(hr = auto_arg_object(c, 1, &auto_record, &record)))
        return hr;
    return auto_failed(
        MsiViewModify(c->self->handle, (MSIMODIFY)mode, record ? record->handle : 0));
}

static HRESULT column_info(struct auto_call *c)
{
    MSIHANDLE h;
    int info;
    HRESULT hr = auto_int(c, 0, 0, &info);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiViewGetColumnInfo(c->self->handle, (MSICOLINFO)info, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_record(h));
}

static HRESULT close_view(struct auto_call *c)
{
    return auto_failed(MsiViewClose(c->self->handle));
}

/* The number of the error in two digits, and the column's name: "00" where there is none. */
static HRESULT get_error(struct auto_call *c)
{
    WCHAR column[256], text[260];
    DWORD size = ARRAY_LEN(column);
    MSIDBERROR error = MsiViewGetErrorW(c->self->handle, column, &size);

    if (error < 0)
        return E_FAIL;
    swprintf(text, ARRAY_LEN(text), L"%02d%ls", (int)error, column);
    return auto_put_text(c, text);
}

static const struct auto_member view_members[] = {
    {1, AUTO_METHOD, 0, L"Execute,Params", execute},
    {2, AUTO_METHOD, 0, L"Fetch", fetch},
    {3, AUTO_METHOD, 2, L"Modify,Mode,Record", modify},
    {5, AUTO_GET, 1, L"ColumnInfo,Info", column_info},
    {4, AUTO_METHOD, 0, L"Close", close_view},
    {6, AUTO_METHOD, 0, L"GetError", get_error}};

const struct auto_class auto_view = {AUTO_CLASS_IID(0x9c), L"View", view_members,
                                     ARRAY_LEN(view_members), NULL};

/* --- UIPreview ----------------------------------------------------------------------------------
 */

struct preview_property {
    MSIHANDLE h;
    const WCHAR *name;
};

static UINT ask_property(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct preview_property *p = ctx;

    return MsiGetPropertyW(p->h, p->name, buf, size);
}

static HRESULT preview_property(struct auto_call *c)
{
    struct preview_property p = {c->self->handle, NULL};
    const WCHAR *value;
    HRESULT hr = auto_text(c, 0, &p.name);

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_ask_text(c, ask_property, &p);
    hr = auto_text(c, AUTO_ARGS, &value);
    return FAILED(hr) ? hr : auto_failed(MsiSetPropertyW(p.h, p.name, value));
}

static HRESULT view_dialog(struct auto_call *c)
{
    const WCHAR *dialog;
    HRESULT hr = auto_text(c, 0, &dialog);

    return FAILED(hr) ? hr : auto_failed(MsiPreviewDialogW(c->self->handle, dialog));
}

static HRESULT view_billboard(struct auto_call *c)
{
    const WCHAR *control, *billboard;
    HRESULT hr = auto_text(c, 0, &control);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &billboard)))
        return hr;
    return auto_failed(MsiPreviewBillboardW(c->self->handle, control, billboard));
}

static const struct auto_member preview_members[] = {
    {1, AUTO_GET | AUTO_PUT, 1, L"Property,Name", preview_property},
    {2, AUTO_METHOD, 1, L"ViewDialog,Dialog", view_dialog},
    {3, AUTO_METHOD, 2, L"ViewBillboard,Control,Billboard", view_billboard}};

const struct auto_class auto_preview = {AUTO_CLASS_IID(0x9a), L"UIPreview", preview_members,
                                        ARRAY_LEN(preview_members), NULL};
