/*
 * Calls that mix handles of ours and of Wine's msi.dll; bridge.h.
 *
 * Wine's functions are called by their names through the same door as everything that is passed on.
 * A database of ours cannot be given to Wine's functions at all: such calls fail with
 * ERROR_INVALID_HANDLE, as for any other handle that means nothing.
 */
#include "bridge.h"

#include "door.h"
#include "os.h"
#include "trace.h"
#include "strio.h"
#include "use.h"

/* Wine's functions that a copy of a record needs. */
enum { CREATE, SET_INT, SET_TEXT, SET_STREAM, CLOSE, COUNT, GET_TEXT, IS_NULL, ENTRIES };
static struct door_entry needed[ENTRIES] = {
    {"MsiCreateRecord", NULL},     {"MsiRecordSetInteger", NULL}, {"MsiRecordSetStringW", NULL},
    {"MsiRecordSetStreamW", NULL}, {"MsiCloseHandle", NULL},      {"MsiRecordGetFieldCount", NULL},
    {"MsiRecordGetStringW", NULL}, {"MsiRecordIsNull", NULL},
};

static bool all_found(void)
{
    for (int i = 0; i < ENTRIES; i++)
        if (!door_find(&needed[i]))
            return false;
    return true;
}

#define WINE(index, type) ((type)needed[index].target)
typedef MSIHANDLE(WINAPI *create_fn)(UINT);
typedef UINT(WINAPI *set_int_fn)(MSIHANDLE, UINT, int);
typedef UINT(WINAPI *set_text_fn)(MSIHANDLE, UINT, const WCHAR *);
typedef UINT(WINAPI *handle_fn)(MSIHANDLE);
typedef UINT(WINAPI *get_text_fn)(MSIHANDLE, UINT, WCHAR *, DWORD *);

UINT WINAPI bridge_MsiCloseHandle(MSIHANDLE h)
{
    if (door_foreign(h) && door_find(&needed[CLOSE]))
        return WINE(CLOSE, handle_fn)(h);
    return MsiCloseHandle(h);
}

/* --- a record of ours on Wine's side ------------------------------------------------------------
 */

static u32 spool(struct rec_stream *s, const WCHAR *path)
{
    struct os_file *f;
    u8 buf[4096];
    u64 off = 0;
    u32 got, err = os_open(w16(path), OS_WRITE | OS_CREATE | OS_TRUNCATE, &f);

    if (err)
        return err;
    while (!(err = rstream_read(s, off, buf, sizeof(buf), &got)) && got) {
        err = os_write_at(f, off, buf, got);
        if (err)
            break;
        off += got;
    }
    os_close(f);
    return err;
}

/* Wine reads a stream field from a file, at once. */
static u32 push_stream(MSIHANDLE to, UINT field, struct rec_stream *s)
{
    WCHAR folder[MAX_PATH], path[MAX_PATH];
    u32 err;

    if (!GetTempPathW(ARRAY_LEN(folder), folder) || !GetTempFileNameW(folder, L"msi", 0, path))
        return GetLastError();
    err = spool(s, path);
    if (!err)
        err = WINE(SET_STREAM, set_text_fn)(to, field, path);
    DeleteFileW(path);
    return err;
}

static u32 push_field(MSIHANDLE to, struct record *from, UINT field)
{
    struct rec_stream *s;
    char16_t *text;
    size_t len;
    u32 err;

    switch (rec_kind(from, field)) {
    case REC_NULL:
    case REC_ROW:
        return ERROR_SUCCESS;
    case REC_INT:
        return WINE(SET_INT, set_int_fn)(to, field, rec_get_int(from, field));
    case REC_TEXT:
        text = rec_dup_text(from, field, &len);
        err = text ? WINE(SET_TEXT, set_text_fn)(to, field, (WCHAR *)text) : ERROR_OUTOFMEMORY;
        os_free(text);
        return err;
    case REC_STREAM:
        s = rec_get_stream(from, field);
        err = s ? push_stream(to, field, s) : ERROR_FUNCTION_FAILED;
        rstream_release(s);
        return err;
    }
    return ERROR_FUNCTION_FAILED;
}

/* A copy of our record among Wine's handles. */
static u32 push_record(struct record *r, MSIHANDLE *to)
{
    UINT count = rec_count(r);
    u32 err = ERROR_SUCCESS;
    MSIHANDLE h;

    if (!all_found())
        return ERROR_CALL_NOT_IMPLEMENTED;
    h = WINE(CREATE, create_fn)(count);
    if (!h)
        return ERROR_OUTOFMEMORY;
    for (UINT i = 0; !err && i <= count; i++)
        err = push_field(h, r, i);
    if (err)
        WINE(CLOSE, handle_fn)(h);
    else
        *to = h;
    return err;
}

/* A text of any length. A field that holds a stream has none and stays as it is. */
static u32 pull_field(struct record *r, UINT i, MSIHANDLE from)
{
    WCHAR small[256], *text = small;
    DWORD size = ARRAY_LEN(small);
    u32 err = WINE(GET_TEXT, get_text_fn)(from, i, text, &size);

    if (err == ERROR_MORE_DATA) {
        text = os_alloc_array((u64)size + 1, sizeof(*text));
        if (!text)
            return ERROR_OUTOFMEMORY;
        size++;
        err = WINE(GET_TEXT, get_text_fn)(from, i, text, &size);
    }
    if (!err)
        err = rec_set_text(r, i, w16(text), size);
    else if (err != ERROR_OUTOFMEMORY && err != ERROR_MORE_DATA)
        err = ERROR_SUCCESS;
    if (text != small)
        os_free(text);
    return err;
}

/* The record's texts after the call, where Wine's function changed it. */
static u32 pull_record(struct record *r, MSIHANDLE from)
{
    u32 err = ERROR_SUCCESS;

    for (UINT i = 1; !err && i <= rec_count(r); i++)
        err = pull_field(r, i, from);
    return err;
}

/* What Wine's function is given for `record`: the same handle, or a copy of one of ours. */
struct lent {
    MSIHANDLE handle;
    bool copied;
    u32 err; /* why there is no copy: then the call is not made, for without the record it is
                another */
};

static struct lent lend(MSIHANDLE record)
{
    struct lent l = {record, false, ERROR_SUCCESS};
    struct hnd_use use;
    struct record *r;

    if (!hnd_ours(record))
        return l;
    r = use_record(record, &use);
    if (!r)
        return l;
    l.err = push_record(r, &l.handle);
    l.copied = !l.err;
    hnd_done(&use);
    return l;
}

static void take_back(struct lent l)
{
    if (l.copied)
        WINE(CLOSE, handle_fn)(l.handle);
}

int WINAPI bridge_MsiProcessMessage(MSIHANDLE install, INSTALLMESSAGE type, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiProcessMessage", NULL};
    struct lent l;
    int ret;

    if (!door_foreign(install) || !door_find(&wine))
        return MsiProcessMessage(install, type, record);
    l = lend(record);
    if (l.err)
        return -1;
    ret =
        ((int(WINAPI *)(MSIHANDLE, INSTALLMESSAGE, MSIHANDLE))wine.target)(install, type, l.handle);
    take_back(l);
    return ret;
}

UINT WINAPI bridge_MsiViewExecute(MSIHANDLE view, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiViewExecute", NULL};
    struct lent l;
    UINT ret;

    if (!door_foreign(view) || !door_find(&wine))
        return MsiViewExecute(view, record);
    l = lend(record);
    if (l.err)
        return l.err;
    ret = ((UINT(WINAPI *)(MSIHANDLE, MSIHANDLE))wine.target)(view, l.handle);
    take_back(l);
    return ret;
}

UINT WINAPI bridge_MsiViewModify(MSIHANDLE view, MSIMODIFY mode, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiViewModify", NULL};
    struct hnd_use use;
    struct lent l;
    UINT ret;

    if (!door_foreign(view) || !door_find(&wine))
        return MsiViewModify(view, mode, record);
    l = lend(record);
    if (l.err)
        return l.err;
    ret = ((UINT(WINAPI *)(MSIHANDLE, MSIMODIFY, MSIHANDLE))wine.target)(view, mode, l.handle);
    if (l.copied && !ret && (mode == MSIMODIFY_REFRESH || mode == MSIMODIFY_SEEK)) {
        struct record *r = use_record(record, &use);

        if (r) {
            ret = pull_record(r, l.handle);
            hnd_done(&use);
        }
    }
    take_back(l);
    return ret;
}

/* Formatting goes to Wine for a session or a record of Wine's. */
#define FORMAT_RECORD(name, character)                                                           \
    UINT WINAPI bridge_##name(MSIHANDLE install, MSIHANDLE record, character *buf, DWORD *size)  \
    {                                                                                            \
        static struct door_entry wine = {#name, NULL};                                           \
        struct lent l;                                                                           \
        UINT ret;                                                                                \
                                                                                                 \
        if ((!door_foreign(install) && (install || !door_foreign(record))) || !door_find(&wine)) \
            return name(install, record, buf, size);                                             \
        l = lend(record);                                                                        \
        if (l.err)                                                                               \
            return l.err;                                                                        \
        ret = ((UINT(WINAPI *)(MSIHANDLE, MSIHANDLE, character *, DWORD *))wine.target)(         \
            install, l.handle, buf, size);                                                       \
        take_back(l);                                                                            \
        return ret;                                                                              \
    }
FORMAT_RECORD(MsiFormatRecordA, char)
FORMAT_RECORD(MsiFormatRecordW, WCHAR)

/* --- two databases ------------------------------------------------------------------------------
 */

/* Both of Wine's, or both ours. */
#define TWO_DATABASES(name, declared, types, passed)                               \
    UINT WINAPI bridge_##name declared                                             \
    {                                                                              \
        static struct door_entry wine = {#name, NULL};                             \
                                                                                   \
        if (door_foreign(db) && (!base || door_foreign(base)) && door_find(&wine)) \
            return ((UINT(WINAPI *) types)wine.target)passed;                      \
        return name passed;                                                        \
    }

#define MERGE_ARGS(c)  (MSIHANDLE db, MSIHANDLE base, const c *table)
#define MERGE_TYPES(c) (MSIHANDLE, MSIHANDLE, const c *)
TWO_DATABASES(MsiDatabaseMergeA, MERGE_ARGS(char), MERGE_TYPES(char), (db, base, table))
TWO_DATABASES(MsiDatabaseMergeW, MERGE_ARGS(WCHAR), MERGE_TYPES(WCHAR), (db, base, table))

#define XFORM_ARGS(c)  (MSIHANDLE db, MSIHANDLE base, const c *file, int a, int b)
#define XFORM_TYPES(c) (MSIHANDLE, MSIHANDLE, const c *, int, int)
#define XFORM(name, c) TWO_DATABASES(name, XFORM_ARGS(c), XFORM_TYPES(c), (db, base, file, a, b))
XFORM(MsiDatabaseGenerateTransformA, char)
XFORM(MsiDatabaseGenerateTransformW, WCHAR)
XFORM(MsiCreateTransformSummaryInfoA, char)
XFORM(MsiCreateTransformSummaryInfoW, WCHAR)
