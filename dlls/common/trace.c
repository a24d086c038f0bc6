/*
 * Trace lines. Each goes out in one write, so that lines of several processes do not mix.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "trace.h"
#include "trace_out.h"
#include "utf16.h"

u32 trace_channels;

static const struct {
    const char *name;
    u32 bits;
} channels[] = {
    {"msi", TRACE_MSI},
    {"winreg", TRACE_WINREG},
    {"advapi32", TRACE_ADVAPI32},
    {"all", TRACE_MSI | TRACE_WINREG | TRACE_ADVAPI32},
};

static u32 bits_of(const char16_t *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(channels); i++)
        if (u16_is(word, len, channels[i].name))
            return channels[i].bits;
    return 0;
}

void trace_start(void)
{
    char16_t text[128];
    u32 bits = 0;

    if (!os_env("DECANTER_TRACE", text, ARRAY_LEN(text)))
        return;
    for (size_t i = 0; text[i];) {
        size_t n = 0;

        while (text[i + n] && text[i + n] != ',')
            n++;
        bits |= bits_of(text + i, n);
        i += n + (text[i + n] == ',');
    }
    trace_channels = bits;
}

static const char *channel_name(u32 channel)
{
    for (size_t i = 0; i < ARRAY_LEN(channels); i++)
        if (channels[i].bits == channel)
            return channels[i].name;
    return "?";
}

void trace_line(enum trace_channel channel, const char *format, ...)
{
    char line[1024];
    va_list args;
    int n, more;

    n = snprintf(line, sizeof(line), "decanter:%s:%04x: ", channel_name(channel),
                 (unsigned)os_tid());
    va_start(args, format);
    more = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
    va_end(args);
    if (more < 0)
        return;
    n = (int)strlen(line);
    line[n++] = '\n';
    trace_out(line, (u32)n);
}

const char *trace_text(const char16_t *s, int len)
{
    enum { BUFFERS = 4, CUT = 192 };
    static __thread char buffers[BUFFERS][CUT + 8];
    static __thread u32 turn;
    char *out = buffers[turn++ % BUFFERS];
    size_t n;

    if (!s)
        return "(null)";
    n = len < 0 ? u16_nlen(s, CUT) : MIN((size_t)len, (size_t)CUT);
    n = u16_to_utf8(out, CUT, s, n, false);
    if (n > CUT) {
        memcpy(out + CUT - 4, "...", 4);
        n = CUT;
    }
    out[n] = 0;
    return out;
}
