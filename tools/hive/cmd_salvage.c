/*
 * salvage: what can be read of a damaged hive, as a new one.
 */
#include "hivetool.h"
#include "salvage.h"

static bool salvaged(void *ctx, u32 keys)
{
    UNUSED(ctx);
    progress("salvaging keys", keys, 0);
    return true;
}

static u32 salvage(void *ctx, struct hview *to, u32 to_root, struct hview *from, u32 from_root)
{
    return salvage_hive(to, to_root, from, from_root, salvaged, NULL, ctx);
}

static int report(const struct salvage_result *r)
{
    out_format("%u keys and %u values taken over\n", (unsigned)r->keys, (unsigned)r->values);
    if (r->found)
        out_format("%u keys found that their parents' lists have not\n", (unsigned)r->found);
    if (r->strays)
        out_format("%u keys whose parents are gone, below $SALVAGED\n", (unsigned)r->strays);
    if (r->renamed)
        out_format("%u keys with a sister's name, now with ~ and a number\n", (unsigned)r->renamed);
    if (r->lost_keys || r->lost_values || r->lost_parts)
        out_format("lost: %u keys or lists of keys, %u values, %u classes and descriptors\n",
                   (unsigned)r->lost_keys, (unsigned)r->lost_values, (unsigned)r->lost_parts);
    return r->lost_keys || r->lost_values || r->lost_parts || r->strays ? EXIT_DIFFERENT
                                                                        : EXIT_GOOD;
}

int cmd_salvage(int argc, char16_t **argv)
{
    struct salvage_result result;
    struct hive *from, *to;
    u32 err;

    UNUSED(argc);
    if (open_to_read(argv[0], &from))
        return EXIT_FAILED;
    err = hive_open(NULL, HIVE_MEMORY, &to);
    if (!err) {
        err = hive_into_new(from, to, salvage, &result);
        progress("salvaging keys", 0, 0);
        if (!err)
            err = hive_save(to, argv[1], 0);
        hive_close(to);
    }
    hive_close(from);
    return err ? complain(argv[1], err) : report(&result);
}
