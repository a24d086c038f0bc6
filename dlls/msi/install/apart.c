/*
 * What a product is made of that takes the place of the one whose patch it is: the old one's cached
 * package and patches, which go with it before the new one keeps them. Copies of them are made when
 * the old one is about to go, and live as long as the installation.
 */
#include "apart.h"

#include "custom.h"
#include "op_undo.h"
#include "os.h"
#include "patches.h"
#include "patching.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

/* *host, from os_alloc, becomes the copy's path, as os.h opens it. */
static u32 copy_one(struct install *in, const char16_t *path, char16_t **host)
{
    char16_t *copy = os_alloc_array(TGT_PATH, sizeof(*copy));
    struct text_buf to;
    u32 err = copy ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    tb_init(&to);
    if (!err)
        err = custom_temp_path(in->s, &to);
    if (!err)
        err = copy_file(path, to.s);
    if (!err)
        err = tgt_host_path(to.s, copy, TGT_PATH);
    tb_free(&to);
    TRACE(TRACE_MSI, "kept apart: %s: %u", trace_text(path, -1), err);
    if (err) {
        os_free(copy);
        return err;
    }
    os_free(*host);
    *host = copy;
    return ERROR_SUCCESS;
}

static bool runs_from(struct install *in, const char16_t *local)
{
    char16_t *host = os_alloc_array(TGT_PATH, sizeof(*host));
    bool is = host && local[0] && !tgt_host_path(local, host, TGT_PATH) &&
              u16_equal_fold(host, in->s->db->path);

    os_free(host);
    return is;
}

static u32 keep_package(struct install *in)
{
    char16_t *local;
    u32 err = product_property(&in->s->patches->of, u"LocalPackage", &local);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    err = runs_from(in, local) ? copy_one(in, local, &in->package) : ERROR_SUCCESS;
    os_free(local);
    return err;
}

static u32 keep_patch(struct install *in, struct session_patch *p)
{
    char16_t *local;
    u32 err = patch_property(&in->s->patches->of, p->code, u"LocalPackage", &local);

    if (err)
        return err;
    err = copy_one(in, local, &p->path);
    p->apart = !err;
    os_free(local);
    return err;
}

static u32 keep_patches(struct install *in)
{
    struct session_patches *l = in->s->patches;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < l->count; i++)
        if (l->all[i].handed && !l->all[i].apart)
            err = keep_patch(in, &l->all[i]);
    return err;
}

u32 apart_keep(struct install *in)
{
    struct session_patches *l = in->s->patches;
    u32 err = ERROR_SUCCESS;

    if (!l || !l->other_product || !l->known)
        return ERROR_SUCCESS;
    if (!in->package)
        err = keep_package(in);
    return err ? err : keep_patches(in);
}

const char16_t *apart_package(const struct session *s)
{
    const struct install *in = s->install;

    return in && in->package ? in->package : s->db->path;
}

void apart_end(struct install *in)
{
    struct session_patches *l = in->s->patches;

    if (in->package)
        os_remove(in->package);
    os_free(in->package);
    for (u32 i = 0; l && i < l->count; i++)
        if (l->all[i].apart)
            os_remove(l->all[i].path);
}
