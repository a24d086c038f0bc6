/*
 * EstimatedSize.
 */
#include "estimate.h"

#include "apart.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"

enum { CLUSTER = 4096 }; /* where the drive does not say */

struct estimate {
    const struct session *s;
    u32 cluster;
    u64 bytes;
};

static u64 in_clusters(const struct estimate *e, u64 size)
{
    return (size + e->cluster - 1) / e->cluster * e->cluster;
}

static bool is_there_afterwards(const struct component *c)
{
    return c->action == STATE_LOCAL || (c->action == STATE_UNKNOWN && c->installed == STATE_LOCAL);
}

static u32 add_file(void *ctx, struct record *row)
{
    struct estimate *e = ctx;
    struct rec_view v;
    i32 size = rec_get_int(row, 2);
    u32 i = rec_view(row, 1, &v) ? NAME_NONE : names_find(&e->s->components, v.text, v.len);

    if (i != NAME_NONE && size > 0 && is_there_afterwards(names_at(&e->s->components, i)))
        e->bytes += in_clusters(e, (u64)size);
    return ERROR_SUCCESS;
}

static u64 package_size(const struct session *s)
{
    struct os_file *f;
    u64 size = 0;

    if (!s->db->path || os_open(apart_package(s), OS_READ, &f))
        return 0;
    if (os_size(f, &size))
        size = 0;
    os_close(f);
    return size;
}

static u32 cluster_size(struct session *s)
{
    const struct property *root = prop_get(s, "ROOTDRIVE");
    u32 cluster = 0;
    u64 room;

    if (!root || tgt_space(root->value, &room, &cluster) || !cluster)
        return CLUSTER;
    return cluster;
}

u32 estimated_size(struct install *in, u32 *kilobytes)
{
    struct estimate e = {in->s, cluster_size(in->s), 0};
    u32 err =
        rows_each(in->s->db, u"SELECT `Component_`, `FileSize` FROM `File`", NULL, add_file, &e);

    if (err)
        return err;
    e.bytes += in_clusters(&e, package_size(in->s));
    *kilobytes = (u32)MIN(e.bytes / 1024, 0xffffffffu);
    return ERROR_SUCCESS;
}
