/*
 * The logs of an open hive: their files, their space, and which of the two is written. All of it is
 * for the thread that has the writers' lock.
 */
#ifndef DECANTER_HIVE_LOG_H
#define DECANTER_HIVE_LOG_H

#include "base.h"
#include "error.h"

struct hive;
struct os_file;

#define HLOG_LIMIT 0x2000000u  /* a log that long calls for a checkpoint */
#define HLOG_MAX   0x20000000u /* none is longer, being written or read */

/* Opens both logs, making them where missing. What was in them before the image was made is gone
 * then, or put aside (hlog_take_over). */
u32 hlog_open(struct hive *h);
/* The same, and what is in them stays. */
u32 hlog_open_files(struct hive *h);
/* The logs are ours from now on: closes and empties what is there, durably, for a log of another
 * life of the hive could have entries whose numbers come again. One that holds what nobody applied
 * (keep, image.h) gets another name instead: X.LOG1.kept. */
u32 hlog_take_over(struct hive *h);
void hlog_close(struct hive *h);
/* Makes size bytes at the end of the current log real blocks, many at a time: that is cheaper than
 * a log that grows with each entry. ERROR_NO_LOG_SPACE, ERROR_DISK_FULL. */
u32 hlog_reserve(struct hive *h, u32 size);
/* Begins the other log: entries from number seq on go there. */
void hlog_switch(struct hive *h, u32 seq);
/* Alone, and the hive file has everything: empties the logs, where they are ours. */
u32 hlog_empty(struct hive *h);
/* Makes the hive file dirty where it is not: what is in the log counts from now on. */
u32 hlog_mark(struct hive *h);
/* The current log is on the medium: the hive file needs no other from now on (image.h, behind). */
u32 hlog_settle(struct hive *h);
/* The entry and a header become the beginning of the other log, which is not switched to. */
u32 hlog_prepare(struct hive *h, const void *entry, u32 size, u32 seq);
/* What hlog_prepare wrote continues the current log, and is the current one from now on. */
void hlog_continue(struct hive *h, u32 size, u32 seq);
/* Writes zeros: real blocks. */
u32 hlog_zeros(struct os_file *f, u64 off, u32 size);

#endif
