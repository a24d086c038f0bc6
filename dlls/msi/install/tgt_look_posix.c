/*
 * The folder that is installed on, for the layers below.
 */
#include "look_host.h"
#include "target.h"
#include "tgt_dirs_posix.h"

static int kind(const char16_t *path)
{
    struct tgt_stat st;

    if (tgt_stat(path, &st) || (st.attributes & TGT_LINK))
        return 0;
    return st.attributes & TGT_FOLDER ? 2 : 1;
}

struct walk {
    bool (*fn)(void *ctx, const char16_t *name, bool folder);
    void *ctx;
    bool ended;
};

static u32 see(void *ctx, const char16_t *name, u32 attributes)
{
    struct walk *w = ctx;

    if (attributes & TGT_LINK)
        return ERROR_SUCCESS;
    w->ended = w->fn(w->ctx, name, attributes & TGT_FOLDER);
    return w->ended ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

static bool each(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                 void *ctx)
{
    struct walk w = {fn, ctx, false};

    tgt_each(folder, see, &w);
    return w.ended;
}

static bool version(const char16_t *path, u64 *out, u16 *language_out)
{
    u32 v[4], language;

    if (!tgt_version(path, v, &language))
        return false;
    *language_out = (u16)language;
    *out = (u64)v[0] << 48 | (u64)v[1] << 32 | (u64)v[2] << 16 | v[3];
    return true;
}

static bool facts(const char16_t *path, u64 *size, u64 *created, u64 *written)
{
    struct tgt_stat st;

    if (tgt_stat(path, &st) || (st.attributes & (TGT_LINK | TGT_FOLDER)))
        return false;
    *size = st.size;
    *created = st.created;
    *written = st.written;
    return true;
}

static bool space(char16_t letter, u64 *bytes)
{
    const char16_t drive[] = {letter, ':', 0};
    u32 cluster;

    return !tgt_space(drive, bytes, &cluster);
}

static bool drive(char16_t letter)
{
    const char16_t path[] = {letter, ':', 0};

    return kind(path) == 2;
}

static bool path_of_host(const char16_t *path, char16_t *out, size_t cap)
{
    return !tgt_host_path(path, out, cap);
}

void td_tell(bool there)
{
    static const struct look_host host = {kind, each, version, facts, space, drive, path_of_host};

    look_use(there ? &host : NULL);
}
