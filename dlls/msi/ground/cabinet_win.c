/*
 * Cabinets by cabinet.dll.
 *
 * FDI hands no context to the function that opens files: it stands in the path of the cabinet, as
 * the address of the reader in hexadecimal digits, which FDI puts before each cabinet's name.
 */
#include <windows.h>

#include <fdi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cabinet.h"
#include "os.h"
#include "utf16.h"

enum { NAME_UNITS = 260, PATH_DIGITS = 17 /* and a backslash */ };

struct reader {
    const struct cab_user *user;
    u32 err; /* the user's, which FDI knows nothing of */
};

struct stream {
    struct reader *reader;
    struct cab_bytes bytes; /* read NULL: the output */
    u64 at;
};

/* --- what FDI calls -----------------------------------------------------------------------------
 */

static void *DIAMONDAPI give_memory(ULONG size)
{
    return os_alloc(size);
}

static void DIAMONDAPI free_memory(void *p)
{
    os_free(p);
}

static struct stream *new_stream(struct reader *r)
{
    struct stream *s = os_calloc(1, sizeof(*s));

    if (s)
        s->reader = r;
    else
        r->err = ERROR_OUTOFMEMORY;
    return s;
}

static INT_PTR DIAMONDAPI open_stream(char *path, int flags, int mode)
{
    struct reader *r;
    char16_t name[NAME_UNITS];
    struct stream *s;

    UNUSED(flags);
    UNUSED(mode);
    if (strlen(path) <= PATH_DIGITS)
        return -1;
    r = (struct reader *)(UINT_PTR)strtoull(path, NULL, 16);
    s = new_stream(r);
    if (!s)
        return -1;
    cab_name(path + PATH_DIGITS, name, ARRAY_LEN(name));
    r->err = r->user->open(r->user->ctx, name, &s->bytes);
    if (!r->err)
        return (INT_PTR)s;
    os_free(s);
    return -1;
}

static int DIAMONDAPI close_stream(INT_PTR file)
{
    struct stream *s = (struct stream *)file;

    if (s->bytes.read)
        s->bytes.close(s->bytes.ctx);
    os_free(s);
    return 0;
}

static UINT DIAMONDAPI read_stream(INT_PTR file, void *buffer, UINT bytes)
{
    struct stream *s = (struct stream *)file;
    u32 got, err = s->bytes.read(s->bytes.ctx, s->at, buffer, bytes, &got);

    if (err) {
        s->reader->err = err;
        return (UINT)-1;
    }
    s->at += got;
    return got;
}

static UINT DIAMONDAPI write_stream(INT_PTR file, void *buffer, UINT bytes)
{
    struct stream *s = (struct stream *)file;

    s->reader->err = s->reader->user->data(s->reader->user->ctx, buffer, bytes);
    return s->reader->err ? (UINT)-1 : bytes;
}

static LONG DIAMONDAPI seek_stream(INT_PTR file, LONG offset, int mode)
{
    struct stream *s = (struct stream *)file;
    i64 from = mode == SEEK_CUR ? (i64)s->at : mode == SEEK_END ? (i64)s->bytes.size : 0;

    if (from + offset < 0 || from + offset > 0x7fffffff)
        return -1;
    s->at = (u64)(from + offset);
    return (LONG)s->at;
}

/* --- files --------------------------------------------------------------------------------------
 */

static struct cab_file file_of(const FDINOTIFICATION *n, char16_t name[NAME_UNITS])
{
    cab_name(n->psz1, name, NAME_UNITS);
    return (struct cab_file){
        .name = name,
        .size = (u32)n->cb,
        .date = n->date,
        .time = n->time,
        .attributes =
            n->attribs & (CAB_READONLY | CAB_HIDDEN | CAB_SYSTEM | CAB_ARCHIVE | CAB_EXECUTE),
    };
}

static INT_PTR begin_file(struct reader *r, const FDINOTIFICATION *n)
{
    char16_t name[NAME_UNITS];
    struct cab_file f = file_of(n, name);
    bool want = false;

    r->err = r->user->begin(r->user->ctx, &f, &want);
    if (r->err)
        return -1;
    return want ? (INT_PTR)new_stream(r) : 0;
}

static INT_PTR end_file(struct reader *r, const FDINOTIFICATION *n)
{
    char16_t name[NAME_UNITS];
    struct cab_file f = file_of(n, name);

    close_stream(n->hf);
    r->err = r->user->end(r->user->ctx, &f);
    return r->err ? -1 : TRUE;
}

static INT_PTR DIAMONDAPI notify(FDINOTIFICATIONTYPE type, PFDINOTIFICATION n)
{
    struct reader *r = n->pv;

    switch (type) {
    case fdintCOPY_FILE:
        return begin_file(r, n);
    case fdintCLOSE_FILE_INFO:
        return end_file(r, n);
    case fdintNEXT_CABINET: /* is asked again where the cabinet would not do */
        return n->fdie == FDIERROR_NONE ? 0 : -1;
    default:
        return 0;
    }
}

/* --- cabinets -----------------------------------------------------------------------------------
 */

static u32 error_of(const struct reader *r, const ERF *erf)
{
    if (r->err)
        return r->err;
    switch (erf->erfOper) {
    case FDIERROR_ALLOC_FAIL:
        return ERROR_OUTOFMEMORY;
    case FDIERROR_BAD_COMPR_TYPE:
        return ERROR_UNSUPPORTED_TYPE;
    default:
        return ERROR_FILE_CORRUPT;
    }
}

u32 cab_read(const struct cab_user *user, const char16_t *name)
{
    struct reader r = {.user = user};
    char path[PATH_DIGITS + 1];
    char *utf8 = u16_dup_to_utf8(name);
    ERF erf = {0};
    HFDI fdi;
    u32 err;

    if (!utf8)
        return ERROR_OUTOFMEMORY;
    snprintf(path, sizeof(path), "%016llx\\", (unsigned long long)(UINT_PTR)&r);
    fdi = FDICreate(give_memory, free_memory, open_stream, read_stream, write_stream, close_stream,
                    seek_stream, cpuUNKNOWN, &erf);
    if (!fdi) {
        os_free(utf8);
        return ERROR_OUTOFMEMORY;
    }
    err = FDICopy(fdi, utf8, path, 0, notify, NULL, &r) ? ERROR_SUCCESS : error_of(&r, &erf);
    FDIDestroy(fdi);
    os_free(utf8);
    return err;
}
