/*
 * Cabinets as streams and as files.
 */
#include "cabsource.h"

#include "msiq.h"
#include "namecodec.h"
#include "place.h"

/* --- streams ---------------------------------------------------------------------------------- */

static u32 read_stream(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    return stg_stream_read(ctx, off, buf, n, got);
}

static void close_stream(void *ctx)
{
    stg_stream_close(ctx);
}

static u32 open_stream(struct stg *stg, const char16_t *name, struct cab_bytes *out)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg_stream *st;
    u32 err = name_encode(name, u16_len(name), false, stored);

    if (!err)
        err = stg_stream_open(stg, stored, &st);
    if (err) /* other writers do not pack all names */
        err = stg_stream_open(stg, name, &st);
    if (err)
        return err;
    *out = (struct cab_bytes){stg_stream_size(st), read_stream, close_stream, st};
    return ERROR_SUCCESS;
}

/* --- files ------------------------------------------------------------------------------------ */

static u32 read_file(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    return os_read_at(ctx, off, buf, n, got);
}

static void close_file(void *ctx)
{
    os_close(ctx);
}

char16_t *folder_of_path(const char16_t *path)
{
    size_t n = u16_len(path);

    while (n && path[n - 1] != u'/' && path[n - 1] != u'\\')
        n--;
    return must(u16_dup(path, n > 1 ? n - 1 : n));
}

static u32 open_beside(const char16_t *package, const char16_t *name, struct cab_bytes *out)
{
    char16_t *folder, *path;
    struct os_file *f;
    u64 size;
    u32 err;

    if (!place_name_good(name, u16_len(name)))
        return ERROR_INVALID_NAME;
    folder = folder_of_path(package);
    path = place_find(folder, name);
    os_free(folder);
    err = path ? os_open(path, OS_READ, &f) : ERROR_FILE_NOT_FOUND;
    os_free(path);
    if (err)
        return err;
    err = os_size(f, &size);
    if (err) {
        os_close(f);
        return err;
    }
    *out = (struct cab_bytes){size, read_file, close_file, f};
    return ERROR_SUCCESS;
}

u32 cabsource_open(struct stg *stg, const char16_t *package, const char16_t *name,
                   struct cab_bytes *out)
{
    return name[0] == u'#' ? open_stream(stg, name + 1, out) : open_beside(package, name, out);
}
