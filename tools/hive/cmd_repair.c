/*
 * info, check, recover and compact.
 */
#include <stdio.h>

#include "baseblock.h"
#include "check.h"
#include "copy.h"
#include "hivetool.h"
#include "os.h"
#include "utf16.h"

int cmd_info(int argc, char16_t **argv)
{
    struct hive_info info;
    struct hive *hive;
    u64 seconds;

    UNUSED(argc);
    if (open_to_read(argv[0], &hive))
        return EXIT_FAILED;
    hive_info(hive, &info);
    seconds = info.written / 10000000;
    out_format("format        1.%u\n", (unsigned)info.minor);
    out_format("bins          %u bytes\n", (unsigned)info.stable_size);
    out_format("written       %llu (seconds since 1601), 0x%016llx\n", (unsigned long long)seconds,
               (unsigned long long)info.written);
    out_format("logs          %s\n",
               info.recovered ? "hold changes that the hive file has not" : "hold nothing new");
    out_format("state         %s\n", info.damaged ? "damaged" : "whole as far as opening looks");
    hive_close(hive);
    return EXIT_GOOD;
}

/* --- check ----------------------------------------------------------------------------------- */

struct findings {
    u32 damages, remarks;
};

static void show_finding(struct findings *f, const char *place, const char *name, const char *words,
                         bool harmless)
{
    if (harmless)
        f->remarks++;
    else
        f->damages++;
    out_format("%-10s  %-20s %s%s\n", place, name, words, harmless ? " (harmless)" : "");
}

static bool show_damage(void *ctx, enum check_code code, u32 off)
{
    char place[16];

    snprintf(place, sizeof(place), "0x%08x", (unsigned)off);
    show_finding(ctx, place, check_name(code), check_words(code),
                 check_severity(code) == CHECK_HARMLESS && !options.strict);
    return true;
}

/* What is wrong with the file before one comes to its bins. */
static void show_faults(struct findings *f, const struct hive_info *info)
{
    static const struct {
        u32 fault;
        const char *place, *name, *words;
    } faults[] = {
        {BASE_BAD_MAGIC, "base block", "BASE_MAGIC", "the file does not begin with regf"},
        {BASE_BAD_CHECKSUM, "base block", "BASE_CHECKSUM", "the checksum is wrong"},
        {BASE_BAD_TYPE, "base block", "BASE_TYPE", "it is of another kind than a hive's"},
        {BASE_BAD_VERSION, "base block", "BASE_VERSION", "a version or format nobody knows"},
        {BASE_BAD_SIZE, "base block", "BASE_SIZE", "a size of the bins that cannot be"},
        {BASE_BAD_ROOT, "base block", "BASE_ROOT", "the root key is elsewhere than it says"},
        {BASE_SHORT, "file", "FILE_SHORT", "the file ends before its bins do"},
    };

    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        if (info->faults & faults[i].fault)
            show_finding(f, faults[i].place, faults[i].name, faults[i].words, false);
    if (info->faults & BASE_UNFINISHED)
        show_finding(f, "file", "UNFINISHED", "a write was not finished, and no log knows of it",
                     !options.strict);
}

static u32 check_view(struct hview *h, struct findings *f, struct check_totals *totals)
{
    struct key_ref root;
    u32 err = key_root(h, &root);

    if (err)
        root.cell = HV_NIL; /* the check says so itself */
    h->error = ERROR_SUCCESS;
    return check_hive(h, root.cell, show_damage, f, totals);
}

static void show_totals(const struct findings *f, const struct check_totals *totals)
{
    out_format("%u keys, %u values, %u bins, %u cells, %u bytes used, %u free\n",
               (unsigned)totals->keys, (unsigned)totals->values, (unsigned)totals->bins,
               (unsigned)totals->cells, (unsigned)totals->used_bytes, (unsigned)totals->free_bytes);
    if (f->damages)
        out_format("%u places are damaged\n", (unsigned)f->damages);
    else
        out_format(f->remarks ? "whole, with %u remarks\n" : "whole\n", (unsigned)f->remarks);
}

static u32 check_opened(struct hive *hive, struct findings *f)
{
    struct hive_read r = {.tries = 0};
    struct check_totals totals = {0};
    struct hive_info info;
    u32 err = hive_read_begin(hive, &r);

    if (err)
        return err;
    hive_info(hive, &info);
    show_faults(f, &info);
    err = check_view(&r.view, f, &totals);
    hive_read_end(hive, &r);
    if (!err)
        show_totals(f, &totals);
    return err;
}

int cmd_check(int argc, char16_t **argv)
{
    struct findings found = {0};
    struct hive *hive;
    u32 err = hive_open(argv[0], HIVE_COPY | HIVE_DAMAGED, &hive);

    UNUSED(argc);
    if (err == ERROR_REGISTRY_CORRUPT) {
        out_format("file        NO_ROOT              no bins, or no key that could be the root\n");
        return EXIT_DIFFERENT;
    }
    if (err)
        return complain(argv[0], err);
    err = check_opened(hive, &found);
    hive_close(hive);
    if (err)
        return complain(argv[0], err);
    return found.damages ? EXIT_DIFFERENT : EXIT_GOOD;
}

/* --- recover --------------------------------------------------------------------------------- */

int cmd_recover(int argc, char16_t **argv)
{
    struct hive_recovery r;
    u32 err = hive_recover(argv[0], &r);

    UNUSED(argc);
    if (err)
        return complain(argv[0], err);
    if (!r.dirty)
        out_format("the hive needs no recovery\n");
    else
        out_format("%u log entries applied, %u pieces replaced, sequence number %u%s\n",
                   (unsigned)r.entries, (unsigned)r.pages, (unsigned)r.sequence,
                   r.base_block ? ", base block taken from a log" : "");
    return EXIT_GOOD;
}

/* --- compact --------------------------------------------------------------------------------- */

static bool copied(void *ctx, u32 keys)
{
    UNUSED(ctx);
    progress("copying keys", keys, 0);
    return true;
}

static u32 copy_whole(void *ctx, struct hview *to, u32 to_root, struct hview *from, u32 from_root)
{
    UNUSED(ctx);
    return copy_tree(to, to_root, from, from_root, COPY_KEEP_TIMES, copied, NULL);
}

/* Written aside, then put in the place of the old one, which nobody may have open. */
static u32 compact_to(const char16_t *path, const char16_t *aside, bool replace)
{
    struct hive *from, *to;
    u32 err = hive_open(path, HIVE_COPY, &from);

    if (err)
        return err;
    err = hive_open(NULL, HIVE_MEMORY, &to);
    if (!err) {
        err = hive_into_new(from, to, copy_whole, NULL);
        if (!err)
            err = hive_save(to, aside, 0);
        hive_close(to);
    }
    hive_close(from);
    if (!err && replace) {
        /* alone with it, and its logs written in, before it is replaced */
        err = hive_recover(path, NULL);
        if (!err)
            err = os_rename(aside, path);
        if (err)
            os_remove(aside);
    }
    return err;
}

int cmd_compact(int argc, char16_t **argv)
{
    struct buf aside = {0};
    u32 err = ERROR_SUCCESS;

    UNUSED(argc);
    if (!options.out) {
        err = buf_add(&aside, argv[0], u16_len(argv[0]) * sizeof(char16_t));
        if (!err)
            err = buf_add(&aside, u".compact", 9 * sizeof(char16_t));
    }
    if (!err)
        err = compact_to(argv[0],
                         options.out ? options.out : (const char16_t *)(const void *)aside.data,
                         !options.out);
    progress("copying keys", 0, 0);
    buf_free(&aside);
    return err ? complain(argv[0], err) : EXIT_GOOD;
}
