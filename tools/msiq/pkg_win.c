/*
 * Packages through the exports of msi.dll. A struct here is never looked into: its pointer is the
 * MSIHANDLE.
 */
#include <windows.h>

#include <msi.h>
#include <msiquery.h>

#include "os.h"
#include "pkg.h"
#include "utf16.h"

static inline MSIHANDLE handle_of(const void *p)
{
    return (MSIHANDLE)(ULONG_PTR)p;
}

static inline void *object_of(MSIHANDLE h)
{
    return (void *)(ULONG_PTR)h;
}

static inline const WCHAR *wide(const char16_t *s)
{
    return (const WCHAR *)s;
}

/* --- databases ---------------------------------------------------------------------------------
 */

enum { PATCHFILE = 32 };

/* One that is no patch is tried first: what is said of a file that is neither is about that. */
u32 pkg_open(const char16_t *path, enum pkg_mode mode, struct pkg **out)
{
    static const ULONG_PTR modes[] = {0, 1, 3};
    MSIHANDLE h = 0;
    u32 err = MsiOpenDatabaseW(wide(path), (const WCHAR *)(modes[mode]), &h);

    if (err && mode != PKG_NEW &&
        !MsiOpenDatabaseW(wide(path), (const WCHAR *)(modes[mode] + PATCHFILE), &h))
        err = ERROR_SUCCESS;
    *out = object_of(h);
    return err;
}

u32 pkg_open_to(const char16_t *path, const char16_t *output, struct pkg **out)
{
    MSIHANDLE h = 0;
    u32 err = MsiOpenDatabaseW(wide(path), wide(output), &h);

    *out = object_of(h);
    return err;
}

/* A database that is not committed leaves no file. */
u32 pkg_open_scratch(struct pkg **out)
{
    WCHAR folder[MAX_PATH - 14], file[MAX_PATH];
    DWORD n = GetTempPathW(ARRAY_LEN(folder), folder);

    *out = NULL;
    if (!n || n >= ARRAY_LEN(folder) || !GetTempFileNameW(folder, L"msi", 0, file))
        return ERROR_PATH_NOT_FOUND;
    DeleteFileW(file);
    return pkg_open((const char16_t *)file, PKG_NEW, out);
}

void pkg_close(struct pkg *p)
{
    if (p)
        MsiCloseHandle(handle_of(p));
}

u32 pkg_commit(struct pkg *p)
{
    return MsiDatabaseCommit(handle_of(p));
}

u32 pkg_keys(struct pkg *p, const char16_t *table)
{
    MSIHANDLE rec;
    u32 count;

    if (MsiDatabaseGetPrimaryKeysW(handle_of(p), wide(table), &rec))
        return 0;
    count = MsiRecordGetFieldCount(rec);
    MsiCloseHandle(rec);
    return count;
}

bool pkg_has_table(struct pkg *p, const char16_t *table)
{
    return MsiDatabaseIsTablePersistentW(handle_of(p), wide(table)) != MSICONDITION_NONE;
}

u32 pkg_export(struct pkg *p, const char16_t *table, const char16_t *folder, const char16_t *file)
{
    return MsiDatabaseExportW(handle_of(p), wide(table), wide(folder), wide(file));
}

u32 pkg_import(struct pkg *p, const char16_t *path)
{
    WCHAR full[1024], *name = NULL;
    DWORD n = GetFullPathNameW(wide(path), ARRAY_LEN(full), full, &name);

    if (!n || n >= ARRAY_LEN(full) || !name || name == full)
        return ERROR_PATH_NOT_FOUND;
    name[-1] = 0;
    return MsiDatabaseImportW(handle_of(p), full, name);
}

u32 pkg_merge(struct pkg *p, struct pkg *from, const char16_t *errors)
{
    return MsiDatabaseMergeW(handle_of(p), handle_of(from), wide(errors));
}

u32 pkg_generate(struct pkg *after, struct pkg *before, const char16_t *path)
{
    return MsiDatabaseGenerateTransformW(handle_of(after), handle_of(before), wide(path), 0, 0);
}

u32 pkg_transform_summary(struct pkg *after, struct pkg *before, const char16_t *path,
                          u32 conditions, u32 validation)
{
    return MsiCreateTransformSummaryInfoW(handle_of(after), handle_of(before), wide(path),
                                          (int)conditions, (int)validation);
}

u32 pkg_apply(struct pkg *p, const char16_t *path, u32 conditions)
{
    return MsiDatabaseApplyTransformW(handle_of(p), wide(path), (int)conditions);
}

/* --- queries -----------------------------------------------------------------------------------
 */

u32 pkg_run(struct pkg *p, const char16_t *query, struct pkg_row *params, struct pkg_query **out)
{
    MSIHANDLE view = 0;
    u32 err = MsiDatabaseOpenViewW(handle_of(p), wide(query), &view);

    *out = NULL;
    if (!err)
        err = MsiViewExecute(view, handle_of(params));
    if (err && view)
        MsiCloseHandle(view);
    else if (!err)
        *out = object_of(view);
    return err;
}

void pkg_query_close(struct pkg_query *q)
{
    if (q)
        MsiCloseHandle(handle_of(q));
}

u32 pkg_fetch(struct pkg_query *q, struct pkg_row **out)
{
    MSIHANDLE rec = 0;
    u32 err = MsiViewFetch(handle_of(q), &rec);

    *out = object_of(rec);
    return err;
}

u32 pkg_columns(struct pkg_query *q, bool names, struct pkg_row **out)
{
    MSIHANDLE rec = 0;
    u32 err = MsiViewGetColumnInfo(handle_of(q), names ? MSICOLINFO_NAMES : MSICOLINFO_TYPES, &rec);

    *out = object_of(rec);
    return err;
}

u32 pkg_validate(struct pkg_query *q, struct pkg_row *row)
{
    return MsiViewModify(handle_of(q), MSIMODIFY_VALIDATE, handle_of(row));
}

int pkg_next_error(struct pkg_query *q, char16_t column[PKG_COLUMN_NAME])
{
    DWORD n = PKG_COLUMN_NAME;

    return (int)MsiViewGetErrorW(handle_of(q), (WCHAR *)column, &n);
}

/* --- rows --------------------------------------------------------------------------------------
 */

struct pkg_row *row_new(u32 fields)
{
    return object_of(MsiCreateRecord(fields));
}

void row_free(struct pkg_row *r)
{
    if (r)
        MsiCloseHandle(handle_of(r));
}

u32 row_count(struct pkg_row *r)
{
    return MsiRecordGetFieldCount(handle_of(r));
}

bool row_is_null(struct pkg_row *r, u32 field)
{
    return MsiRecordIsNull(handle_of(r), field);
}

i32 row_int(struct pkg_row *r, u32 field)
{
    return MsiRecordGetInteger(handle_of(r), field);
}

char16_t *row_text(struct pkg_row *r, u32 field)
{
    DWORD n = 0;
    WCHAR probe[1], *text;

    if (MsiRecordGetStringW(handle_of(r), field, probe, &n) != ERROR_MORE_DATA)
        n = 0;
    text = os_alloc(((size_t)n + 1) * sizeof(*text));
    if (!text)
        return NULL;
    text[0] = 0;
    n++;
    if (MsiRecordGetStringW(handle_of(r), field, text, &n))
        text[0] = 0;
    return (char16_t *)text;
}

void row_set_text(struct pkg_row *r, u32 field, const char16_t *text)
{
    MsiRecordSetStringW(handle_of(r), field, wide(text));
}

u32 row_set_file(struct pkg_row *r, u32 field, const char16_t *path)
{
    return MsiRecordSetStreamW(handle_of(r), field, wide(path));
}

u32 row_size(struct pkg_row *r, u32 field)
{
    return MsiRecordDataSize(handle_of(r), field);
}

u32 row_read(struct pkg_row *r, u32 field, void *buf, u32 *n)
{
    DWORD size = *n;
    u32 err = MsiRecordReadStream(handle_of(r), field, buf, &size);

    *n = err ? 0 : size;
    return err;
}

struct pkg_row *row_last_error(void)
{
    return object_of(MsiGetLastErrorRecord());
}

/* --- summary information -----------------------------------------------------------------------
 */

u32 sum_open(const char16_t *path, struct pkg_sum **out)
{
    MSIHANDLE h = 0;
    u32 err = MsiGetSummaryInformationW(0, wide(path), 0, &h);

    *out = object_of(h);
    return err;
}

void sum_close(struct pkg_sum *s)
{
    if (s)
        MsiCloseHandle(handle_of(s));
}

u32 sum_get(struct pkg_sum *s, u32 id, struct sum_item *out)
{
    WCHAR probe[1], *text;
    FILETIME time = {0};
    DWORD n = 0;
    UINT type;
    INT number = 0;
    u32 err = MsiSummaryInfoGetPropertyW(handle_of(s), id, &type, &number, &time, probe, &n);

    *out = (struct sum_item){0};
    if (err && err != ERROR_MORE_DATA)
        return err;
    out->type = type;
    out->number = number;
    out->time = (u64)time.dwHighDateTime << 32 | time.dwLowDateTime;
    if (type != SUM_TEXT)
        return ERROR_SUCCESS;
    text = os_alloc(((size_t)++n) * sizeof(*text));
    if (!text)
        return ERROR_OUTOFMEMORY;
    text[0] = 0;
    MsiSummaryInfoGetPropertyW(handle_of(s), id, &type, &number, &time, text, &n);
    out->text = (char16_t *)text;
    return ERROR_SUCCESS;
}

/* --- the rule of handles -----------------------------------------------------------------------
 */

static DWORD WINAPI close_elsewhere(void *handle)
{
    return MsiCloseHandle(handle_of(handle));
}

struct pkg_handle_rule pkg_close_by_the_rule(struct pkg *p)
{
    struct pkg_handle_rule rule = {0};
    DWORD result = ERROR_OUTOFMEMORY;
    HANDLE thread = CreateThread(NULL, 0, close_elsewhere, p, 0, NULL);

    if (thread) {
        WaitForSingleObject(thread, INFINITE);
        GetExitCodeThread(thread, &result);
        CloseHandle(thread);
    }
    rule.elsewhere = result;
    rule.open_after = MsiGetDatabaseState(handle_of(p)) == MSIDBSTATE_READ;
    rule.here = MsiCloseHandle(handle_of(p));
    rule.again = MsiCloseHandle(handle_of(p));
    return rule;
}
