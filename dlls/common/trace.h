/*
 * Lines on standard error for people who look for something.
 *
 * DECANTER_TRACE names the channels that speak: msi, winreg, advapi32, all, separated by commas.
 * Without it a trace costs one load and one branch. A line reads
 * "decanter:msi:1f4: text" with the thread's number in hexadecimal.
 */
#ifndef DECANTER_TRACE_H
#define DECANTER_TRACE_H

#include "base.h"

enum trace_channel { TRACE_MSI = 1, TRACE_WINREG = 2, TRACE_ADVAPI32 = 4 };

/* The channels that are on; read through TRACE_ON. */
extern u32 trace_channels;

/* Reads DECANTER_TRACE; called once from DllMain or main. */
void trace_start(void);

#if defined(__MINGW32__)
#define TRACE_PRINTF __attribute__((format(gnu_printf, 2, 3)))
#else
#define TRACE_PRINTF __attribute__((format(printf, 2, 3)))
#endif

/* One line, a line feed added. The format is ASCII; text goes in through trace_text(). */
void trace_line(enum trace_channel channel, const char *format, ...) TRACE_PRINTF;

/* UTF-16 as UTF-8 in one of a few buffers of this thread, long text cut; NULL gives "(null)".
 * len is in characters, or -1 for terminated text. */
const char *trace_text(const char16_t *s, int len);

#define TRACE_ON(channel) (trace_channels & (channel))
#define TRACE(channel, ...)                   \
    do {                                      \
        if (TRACE_ON(channel))                \
            trace_line(channel, __VA_ARGS__); \
    } while (0)

#endif
