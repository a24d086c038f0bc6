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

static u32 salvage(struct hive *from, struct hive *to, struct salvage_result *result)
{
    struct hive_read r = {.tries = 0};
    struct hive_write w;
    struct key_ref a, b;
    u32 err = hive_read_begin(from, &r);

    if (err)
        return err;
    err = hive_write_begin(to, HIVE_WAIT, &w);
    if (!err) {
        err = key_root(&r.view, &a);
        if (!err)
            err = key_root(&w.view, &b);
        if (!err)
            err = name_root(&r.view, a.cell, &w.view);
        if (!err)
            err = salvage_hive(&w.view, b.cell, &r.view, a.cell, salvaged, NULL, result);
        if (err)
            hive_write_abort(to, &w);
        else
            err = hive_write_commit(to, &w);
    }
    hive_read_end(from, &r);
    return err;
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
        err = salvage(from, to, &result);
        progress("salvaging keys", 0, 0);
        if (!err)
            err = hive_save(to, argv[1], 0);
        hive_close(to);
    }
    hive_close(from);
    return err ? complain(argv[1], err) : report(&result);
}
