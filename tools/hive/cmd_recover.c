/*
 * recover, and what became of each log.
 */
#include <stdio.h>

#include "hivetool.h"

static const char *log_name(u32 i)
{
    return i == 0 ? ".LOG1" : i == 1 ? ".LOG2" : ".LOG";
}

static void show_log(const struct hive_recovery *r, u32 i)
{
    static const char *const words[] = {
        [LOG_AHEAD] = "its entries do not follow what the hive has",
        [LOG_OLDER] = "its entries come before what the hive needs",
        [LOG_TORN] = "its first entry is damaged",
        [LOG_OUTSIDE] = "an entry has pages outside the hive",
        [LOG_OTHER_TIME] = "it was written at another time than the hive",
        [LOG_UNFINISHED] = "its own write was not finished",
        [LOG_TWINS] = "two files have that name, but for upper and lower case",
    };
    enum log_fit fit = r->log[i].fit;

    if (recover_keeps(fit))
        out_format("%-12s  does not fit: %s", log_name(i), words[fit]);
    if (fit == LOG_AHEAD || fit == LOG_OLDER)
        out_format(" (%u to %u; needed: %u)", (unsigned)r->log[i].first, (unsigned)r->log[i].last,
                   (unsigned)r->needed);
    if (recover_keeps(fit))
        out_format("\n");
    else if (r->log[i].alike)
        out_format("%-12s  another file has that name, but for upper and lower case\n",
                   log_name(i));
}

void show_logs(const struct hive_recovery *r)
{
    for (u32 i = 0; i < RECOVER_LOGS; i++)
        show_log(r, i);
}

static void show_replayed(const struct hive_recovery *r)
{
    out_format("replayed: %u log entries applied, %u pieces replaced, sequence number %u%s\n",
               (unsigned)r->entries, (unsigned)r->pages, (unsigned)r->sequence,
               r->base_block ? ", base block taken from a log" : "");
    for (u32 i = 0; i < 2; i++)
        if (recover_keeps(r->log[i].fit))
            out_format("%-12s  kept as %s.kept\n", log_name(i), log_name(i));
}

static int show_result(const struct hive_recovery *r)
{
    switch (r->result) {
    case RECOVER_CLEAN:
        out_format("%s", r->mended ? "" : "the hive needs no recovery\n");
        return EXIT_GOOD;
    case RECOVER_REPLAYED:
        show_replayed(r);
        return EXIT_GOOD;
    case RECOVER_COMPLETE:
        out_format("nothing to replay: the hive has all that the logs had; it is clean now\n");
        return EXIT_NOTHING;
    case RECOVER_NOTHING:
        out_format("nothing to replay: a write was not finished, and there is nothing in any log; "
                   "the hive is kept as it is\n");
        return EXIT_NOTHING;
    case RECOVER_MISFIT:
        break;
    }
    out_format("the logs do not fit: nothing is changed, hive and logs are kept as they are\n");
    return EXIT_DIFFERENT;
}

int cmd_recover(int argc, char16_t **argv)
{
    struct hive_recovery r;
    u32 err = hive_recover(argv[0], &r);
    int code;

    UNUSED(argc);
    if (err)
        return complain(argv[0], err);
    code = show_result(&r);
    show_logs(&r);
    if (r.mended)
        out_format("counts that follow from the rest of the hive were wrong and are corrected\n");
    return code;
}
