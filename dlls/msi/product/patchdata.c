/*
 * The parts of what a patch says of itself.
 */
#include "patchdata.h"

#include <string.h>

#include "os.h"

void patch_data_free(struct patch_data *d)
{
    os_free(d->products);
    os_free(d->obsolete);
    os_free(d->targets);
    os_free(d->families);
    os_free(d->display_name);
    os_free(d->more_info);
    memset(d, 0, sizeof(*d));
}

/* Room for one more in an array whose size is the power of two that its count fills. */
static void *grown(void *array, u32 count, size_t size)
{
    void *more = array;

    if (count >= PATCH_MAX_PARTS)
        return NULL;
    if (!(count & (count - 1)))
        more = os_realloc_array(array, count ? (u64)count * 2 : 1, size);
    if (more)
        memset((u8 *)more + count * size, 0, size);
    return more;
}

static struct patch_code *add_code(struct patch_code **array, u32 *count)
{
    struct patch_code *more = grown(*array, *count, sizeof(**array));

    if (!more)
        return NULL;
    *array = more;
    return &more[(*count)++];
}

struct patch_code *patch_add_product(struct patch_data *d)
{
    return add_code(&d->products, &d->product_count);
}

struct patch_code *patch_add_obsolete(struct patch_data *d)
{
    return add_code(&d->obsolete, &d->obsolete_count);
}

struct patch_target *patch_add_target(struct patch_data *d)
{
    struct patch_target *more = grown(d->targets, d->target_count, sizeof(*more));

    if (!more)
        return NULL;
    d->targets = more;
    return &more[d->target_count++];
}

struct patch_family *patch_add_family(struct patch_data *d)
{
    struct patch_family *more = grown(d->families, d->family_count, sizeof(*more));

    if (!more)
        return NULL;
    d->families = more;
    return &more[d->family_count++];
}
