/*
 * Calls that mix handles of ours and of somebody else's; bridge.h.
 *
 * The far side's functions are called by their names: Wine's through the same door as everything
 * that is passed on, those of the process that installs through remote.h. A database of ours cannot
 * be given to either at all: such calls fail with ERROR_INVALID_HANDLE, as for any other handle
 * that means nothing.
 */
#include "bridge.h"

#include "door.h"
#include "os.h"
#include "remote.h"
#include "trace.h"
#include "strio.h"
#include "use.h"

/* The far side's function for a call with h; NULL: ours. */
static void *far_of(MSIHANDLE h, struct door_entry *wine)
{
    if (remote_is(h))
        return remote_find(wine->name);
    return door_foreign(h) ? door_find(wine) : NULL;
}

/* The far side's functions that a copy of a record needs. */
enum { CREATE, SET_INT, SET_TEXT, SET_STREAM, CLOSE, COUNT, GET_TEXT, READ_STREAM, ENTRIES };
static struct door_entry needed[ENTRIES] = {
    {"MsiCreateRecord", NULL},     {"MsiRecordSetInteger", NULL}, {"MsiRecordSetStringW", NULL},
    {"MsiRecordSetStreamW", NULL}, {"MsiCloseHandle", NULL},      {"MsiRecordGetFieldCount", NULL},
    {"MsiRecordGetStringW", NULL}, {"MsiRecordReadStream", NULL},
};
/* Those that the far side has to which h belongs. */
struct side {
    void *at[ENTRIES];
};

static bool side_of(MSIHANDLE h, struct side *side)
{
    for (int i = 0; i < ENTRIES; i++)
        if (!(side->at[i] = far_of(h, &needed[i])))
            return false;
    return true;
}

#define THERE(index, type) ((type)side->at[index])
typedef MSIHANDLE(WINAPI *create_fn)(UINT);
typedef UINT(WINAPI *set_int_fn)(MSIHANDLE, UINT, int);
typedef UINT(WINAPI *set_text_fn)(MSIHANDLE, UINT, const WCHAR *);
typedef UINT(WINAPI *handle_fn)(MSIHANDLE);
typedef UINT(WINAPI *handle_count_fn)(void);
typedef MSIHANDLE(WINAPI *last_error_fn)(void);
typedef UINT(WINAPI *read_fn)(MSIHANDLE, UINT, char *, DWORD *);
typedef UINT(WINAPI *get_text_fn)(MSIHANDLE, UINT, WCHAR *, DWORD *);

UINT WINAPI bridge_MsiCloseHandle(MSIHANDLE h)
{
    handle_fn far_close = (handle_fn)far_of(h, &needed[CLOSE]);

    return far_close ? far_close(h) : MsiCloseHandle(h);
}

UINT WINAPI MsiCloseAllHandles(void);

UINT WINAPI bridge_MsiCloseAllHandles(void)
{
    handle_count_fn there = remote_active ? remote_find("MsiCloseAllHandles") : NULL;

    return MsiCloseAllHandles() + (there ? there() : 0);
}

MSIHANDLE WINAPI MsiGetLastErrorRecord(void);

/* An error of this process's own is the later one, as a call to the other side clears it. */
MSIHANDLE WINAPI bridge_MsiGetLastErrorRecord(void)
{
    last_error_fn there = remote_active ? remote_find("MsiGetLastErrorRecord") : NULL;
    MSIHANDLE h = MsiGetLastErrorRecord();

    return h || !there ? h : there();
}

/* --- a record of ours on the far side -----------------------------------------------------------
 */

static u32 spool(struct rec_stream *s, const WCHAR *path)
{
    struct os_file *f;
    u32 err = os_open(w16(path), OS_WRITE | OS_CREATE | OS_TRUNCATE, &f);

    if (err)
        return err;
    err = rstream_write(s, f);
    os_close(f);
    return err;
}

/* A stream field is read from a file, at once. */
static u32 push_stream(const struct side *side, MSIHANDLE to, UINT field, struct rec_stream *s)
{
    WCHAR folder[MAX_PATH], path[MAX_PATH];
    u32 err;

    if (!GetTempPathW(ARRAY_LEN(folder), folder) || !GetTempFileNameW(folder, L"msi", 0, path))
        return GetLastError();
    err = spool(s, path);
    if (!err)
        err = THERE(SET_STREAM, set_text_fn)(to, field, path);
    DeleteFileW(path);
    return err;
}

static u32 push_field(const struct side *side, MSIHANDLE to, struct record *from, UINT field)
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
        return THERE(SET_INT, set_int_fn)(to, field, rec_get_int(from, field));
    case REC_TEXT:
        text = rec_dup_text(from, field, &len);
        err = text ? THERE(SET_TEXT, set_text_fn)(to, field, (WCHAR *)text) : ERROR_OUTOFMEMORY;
        os_free(text);
        return err;
    case REC_STREAM:
        s = rec_get_stream(from, field);
        err = s ? push_stream(side, to, field, s) : ERROR_FUNCTION_FAILED;
        rstream_release(s);
        return err;
    }
    return ERROR_FUNCTION_FAILED;
}

/* A copy of our record among the far side's handles. */
static u32 push_record(const struct side *side, struct record *r, MSIHANDLE *to)
{
    UINT count = rec_count(r);
    u32 err = ERROR_SUCCESS;
    MSIHANDLE h = THERE(CREATE, create_fn)(count);

    if (!h)
        return ERROR_OUTOFMEMORY;
    for (UINT i = 0; !err && i <= count; i++)
        err = push_field(side, h, r, i);
    if (err)
        THERE(CLOSE, handle_fn)(h);
    else
        *to = h;
    return err;
}

/* A text of any length. A field that holds a stream has none and stays as it is. */
static u32 pull_field(const struct side *side, struct record *r, UINT i, MSIHANDLE from)
{
    WCHAR small[256], *text = small;
    DWORD size = ARRAY_LEN(small);
    u32 err = THERE(GET_TEXT, get_text_fn)(from, i, text, &size);

    if (err == ERROR_MORE_DATA) {
        text = os_alloc_array((u64)size + 1, sizeof(*text));
        if (!text)
            return ERROR_OUTOFMEMORY;
        size++;
        err = THERE(GET_TEXT, get_text_fn)(from, i, text, &size);
    }
    if (!err)
        err = rec_set_text(r, i, w16(text), size);
    else if (err != ERROR_OUTOFMEMORY && err != ERROR_MORE_DATA)
        err = ERROR_SUCCESS;
    if (text != small)
        os_free(text);
    return err;
}

/* The record's texts after the call, where the far side's function changed it. */
static u32 pull_record(const struct side *side, struct record *r, MSIHANDLE from)
{
    u32 err = ERROR_SUCCESS;

    for (UINT i = 1; !err && i <= rec_count(r); i++)
        err = pull_field(side, r, i, from);
    return err;
}

/* --- a record of the far side's on ours --------------------------------------------------------
 */

static u32 read_into(const struct side *side, MSIHANDLE from, UINT field, struct os_file *f)
{
    char buf[4096];
    DWORD n = sizeof(buf);
    u64 off = 0;
    u32 err = THERE(READ_STREAM, read_fn)(from, field, buf, &n);

    while (!err && n) {
        err = os_write_at(f, off, buf, n);
        off += n;
        n = sizeof(buf);
        if (!err)
            err = THERE(READ_STREAM, read_fn)(from, field, buf, &n);
    }
    return err;
}

static u32 keep_stream(struct record *r, UINT field, const WCHAR *path)
{
    struct rec_stream *s;
    u32 err = rstream_from_file(w16(path), &s);

    if (err)
        return err;
    err = rec_set_stream(r, field, s);
    rstream_release(s);
    return err;
}

static u32 pull_stream(const struct side *side, struct record *r, UINT field, MSIHANDLE from)
{
    WCHAR folder[MAX_PATH], path[MAX_PATH];
    struct os_file *f;
    u32 err;

    if (!GetTempPathW(ARRAY_LEN(folder), folder) || !GetTempFileNameW(folder, L"msi", 0, path))
        return GetLastError();
    err = os_open(w16(path), OS_WRITE | OS_TRUNCATE, &f);
    if (!err) {
        err = read_into(side, from, field, f);
        os_close(f);
    }
    if (!err)
        err = keep_stream(r, field, path);
    DeleteFileW(path);
    return err;
}

/* A copy of a record of the far side's; 0 and *err. What has a stream tells how much of it is left;
 * a number comes as its digits, which do wherever a number does. */
static MSIHANDLE copy_of(MSIHANDLE record, u32 *err)
{
    struct side side;
    struct record *r;
    DWORD left;
    UINT count;

    *err = ERROR_INVALID_HANDLE;
    if (!side_of(record, &side))
        return 0;
    count = ((handle_fn)side.at[COUNT])(record);
    if (count == (UINT)-1)
        return 0;
    r = rec_create(count);
    *err = r ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    for (UINT i = 0; !*err && i <= count; i++) {
        left = 0;
        if (i && !((read_fn)side.at[READ_STREAM])(record, i, NULL, &left))
            *err = pull_stream(&side, r, i, record);
        else
            *err = pull_field(&side, r, i, record);
    }
    if (!*err)
        return open_object(rec_object(r));
    if (r)
        obj_unref(rec_object(r));
    return 0;
}

/* What a far function is given for `record`: the same handle, or a copy of one of ours. */
struct lent {
    struct side side;
    MSIHANDLE handle;
    bool copied;
    u32 err; /* why there is no copy: then the call is not made, for without the record it is
                another */
};

/* To the side of `owner`. */
static struct lent lend(MSIHANDLE owner, MSIHANDLE record)
{
    struct lent l = {.handle = record};
    struct hnd_use use;
    struct record *r;

    if (!hnd_ours(record))
        return l;
    r = use_record(record, &use);
    if (!r)
        return l;
    l.err =
        side_of(owner, &l.side) ? push_record(&l.side, r, &l.handle) : ERROR_CALL_NOT_IMPLEMENTED;
    l.copied = !l.err;
    hnd_done(&use);
    return l;
}

static void take_back(struct lent *l)
{
    if (l->copied)
        ((handle_fn)l->side.at[CLOSE])(l->handle);
}

int WINAPI bridge_MsiProcessMessage(MSIHANDLE install, INSTALLMESSAGE type, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiProcessMessage", NULL};
    int(WINAPI * far_fn)(MSIHANDLE, INSTALLMESSAGE, MSIHANDLE) = far_of(install, &wine);
    struct lent l;
    int ret;

    if (!far_fn)
        return MsiProcessMessage(install, type, record);
    l = lend(install, record);
    if (l.err)
        return -1;
    ret = far_fn(install, type, l.handle);
    take_back(&l);
    return ret;
}

/* On a view of ours; a record that was fetched on the far side is copied for it. */
static UINT execute_here(MSIHANDLE view, MSIHANDLE record)
{
    MSIHANDLE copy;
    UINT ret;
    u32 err;

    if (!remote_is(record))
        return MsiViewExecute(view, record);
    copy = copy_of(record, &err);
    if (!copy)
        return err ? err : ERROR_OUTOFMEMORY;
    ret = MsiViewExecute(view, copy);
    MsiCloseHandle(copy);
    return ret;
}

UINT WINAPI bridge_MsiViewExecute(MSIHANDLE view, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiViewExecute", NULL};
    UINT(WINAPI * far_fn)(MSIHANDLE, MSIHANDLE) = far_of(view, &wine);
    struct lent l;
    UINT ret;

    if (!far_fn)
        return execute_here(view, record);
    l = lend(view, record);
    if (l.err)
        return l.err;
    ret = far_fn(view, l.handle);
    take_back(&l);
    return ret;
}

UINT WINAPI bridge_MsiViewModify(MSIHANDLE view, MSIMODIFY mode, MSIHANDLE record)
{
    static struct door_entry wine = {"MsiViewModify", NULL};
    UINT(WINAPI * far_fn)(MSIHANDLE, MSIMODIFY, MSIHANDLE) = far_of(view, &wine);
    struct hnd_use use;
    struct lent l;
    UINT ret;

    if (!far_fn)
        return MsiViewModify(view, mode, record);
    l = lend(view, record);
    if (l.err)
        return l.err;
    ret = far_fn(view, mode, l.handle);
    if (l.copied && !ret && (mode == MSIMODIFY_REFRESH || mode == MSIMODIFY_SEEK)) {
        struct record *r = use_record(record, &use);

        if (r) {
            ret = pull_record(&l.side, r, l.handle);
            hnd_done(&use);
        }
    }
    take_back(&l);
    return ret;
}

/* Formatting goes to the side of the session, or without one of the record. */
#define FORMAT_RECORD(name, character)                                                           \
    UINT WINAPI bridge_##name(MSIHANDLE install, MSIHANDLE record, character *buf, DWORD *size)  \
    {                                                                                            \
        static struct door_entry wine = {#name, NULL};                                           \
        MSIHANDLE owner = install ? install : record;                                            \
        UINT(WINAPI *far_fn)(MSIHANDLE, MSIHANDLE, character *, DWORD *) = far_of(owner, &wine); \
        struct lent l;                                                                           \
        UINT ret;                                                                                \
                                                                                                 \
        if (!far_fn)                                                                             \
            return name(install, record, buf, size);                                             \
        l = lend(owner, record);                                                                 \
        if (l.err)                                                                               \
            return l.err;                                                                        \
        ret = far_fn(install, l.handle, buf, size);                                              \
        take_back(&l);                                                                           \
        return ret;                                                                              \
    }
FORMAT_RECORD(MsiFormatRecordA, char)
FORMAT_RECORD(MsiFormatRecordW, WCHAR)

/* --- two databases ------------------------------------------------------------------------------
 */

/* Both of one side. */
#define TWO_DATABASES(name, declared, types, passed)            \
    UINT WINAPI bridge_##name declared                          \
    {                                                           \
        static struct door_entry wine = {#name, NULL};          \
        void *far_fn = far_of(db, &wine);                       \
                                                                \
        if (far_fn && (!base || far_of(base, &wine) == far_fn)) \
            return ((UINT(WINAPI *) types)far_fn)passed;        \
        return name passed;                                     \
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
