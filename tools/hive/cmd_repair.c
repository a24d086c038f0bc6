/*
 * info, check and compact.
 */
#include <stdio.h>

#include "baseblock.h"
#include "check.h"
#include "copy.h"
#include "hivetool.h"
#include "os.h"
#include "utf16.h"

static const char *const log_words[] = {
    [RECOVER_CLEAN] = "not needed: the hive file is whole",
    [RECOVER_REPLAYED] = "hold changes that the hive file has not (hive recover)",
    [RECOVER_COMPLETE] = "hold nothing new",
    [RECOVER_NOTHING] = "a write was not finished, and there is nothing in any log",
    [RECOVER_MISFIT] = "a write was not finished, and what is in the logs does not fit",
};

int cmd_info(int argc, char16_t **argv)
{
    struct hive_recovery recovery;
    struct hive_info info;
    struct hive *hive;
    u64 seconds;

    UNUSED(argc);
    if (open_to_read(argv[0], &hive))
        return EXIT_FAILED;
    hive_info(hive, &info);
    hive_recovery(hive, &recovery);
    seconds = info.written / 10000000;
    out_format("format        1.%u\n", (unsigned)info.minor);
    out_format("bins          %u bytes\n", (unsigned)info.stable_size);
    out_format("written       %llu (seconds since 1601), 0x%016llx\n", (unsigned long long)seconds,
               (unsigned long long)info.written);
    out_format("logs          %s\n", log_words[recovery.result]);
    show_logs(&recovery);
    out_format("state         %s\n", info.damaged ? "damaged" : "whole as far as opening looks");
    hive_close(hive);
    return EXIT_GOOD;
}

/* --- check ----------------------------------------------------------------------------------- */

/* What a finding means for whoever has the hive, and how many there are of each. */
enum grade { GRADE_REMARK, GRADE_DERIVED, GRADE_ORDER, GRADE_DAMAGE, GRADES };

struct findings {
    u32 count[GRADES];
};

static const struct {
    const char *mark, *summary;
} grades[GRADES] = {
    {" (harmless)", NULL},
    {" (can be derived)",
     "can be derived from the rest: the next write corrects them, or hive recover"},
    {" (can be derived)", "are lists that other programs will not find keys in: hive compact makes "
                          "them anew"},
    {"", "may have lost data: the hive is read-only for that; hive salvage writes what can be read "
         "as a new one"},
};

static void show_finding(struct findings *f, const char *place, const char *name, const char *words,
                         enum grade grade)
{
    if (options.strict && grade == GRADE_REMARK)
        grade = GRADE_DAMAGE;
    f->count[grade]++;
    out_format("%-10s  %-20s %s%s\n", place, name, words, grades[grade].mark);
}

static bool show_damage(void *ctx, enum check_code code, u32 off)
{
    static const enum grade of[] = {GRADE_REMARK, GRADE_DERIVED, GRADE_ORDER, GRADE_DAMAGE};
    char place[16];

    snprintf(place, sizeof(place), "0x%08x", (unsigned)off);
    show_finding(ctx, place, check_name(code), check_words(code), of[check_severity(code)]);
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
            show_finding(f, faults[i].place, faults[i].name, faults[i].words, GRADE_DAMAGE);
    if (info->faults & BASE_UNFINISHED)
        show_finding(f, "file", "UNFINISHED", "a write was not finished, and no log knows of it",
                     GRADE_REMARK);
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

static bool is_bad(const struct findings *f)
{
    return f->count[GRADE_DERIVED] || f->count[GRADE_ORDER] || f->count[GRADE_DAMAGE];
}

static void show_totals(const struct findings *f, const struct check_totals *totals)
{
    out_format("%u keys, %u values, %u bins, %u cells, %u bytes used, %u free\n",
               (unsigned)totals->keys, (unsigned)totals->values, (unsigned)totals->bins,
               (unsigned)totals->cells, (unsigned)totals->used_bytes, (unsigned)totals->free_bytes);
    for (u32 i = GRADES; i-- > GRADE_DERIVED;)
        if (f->count[i])
            out_format("%u places %s\n", (unsigned)f->count[i], grades[i].summary);
    if (!is_bad(f))
        out_format(f->count[GRADE_REMARK] ? "whole, with %u remarks\n" : "whole\n",
                   (unsigned)f->count[GRADE_REMARK]);
}

static u32 check_opened(struct hive *hive, struct findings *f)
{
    struct hive_read r = {.tries = 0};
    struct check_totals totals = {0};
    struct hive_recovery recovery;
    struct hive_info info;
    u32 err = hive_read_begin(hive, &r);

    if (err)
        return err;
    hive_info(hive, &info);
    hive_recovery(hive, &recovery);
    show_faults(f, &info);
    show_logs(&recovery);
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
    return is_bad(&found) ? EXIT_DIFFERENT : EXIT_GOOD;
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

/* Written aside, then put in the place of the old one. From before it is copied until it is
 * replaced nobody else has it open, nor gets it. */
static u32 compact_to(const char16_t *path, const char16_t *aside, bool replace)
{
    struct hive *from, *to;
    u32 err = hive_open(path, replace ? HIVE_PRIVATE | HIVE_REPLACED : HIVE_COPY, &from);

    if (err)
        return err;
    err = hive_open(NULL, HIVE_MEMORY, &to);
    if (!err) {
        err = hive_into_new(from, to, copy_whole, NULL);
        if (!err)
            err = replace ? hive_save_beside(to, aside, from) : hive_save(to, aside, 0);
        hive_close(to);
    }
    if (!err && replace) {
        err = hive_replace(from, aside);
        if (err)
            os_remove(aside);
    }
    hive_close(from);
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
