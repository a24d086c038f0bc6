/*
 * The host's clock.
 */
#include "clock.h"

#include <time.h>
#include <unistd.h>

#include "os.h"
#include "utf16.h"

void clock_now(struct local_time *t)
{
    struct timespec now = {0};
    struct tm parts = {0};

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &parts);
    *t = (struct local_time){(u32)parts.tm_year + 1900,   (u32)parts.tm_mon + 1, (u32)parts.tm_mday,
                             (u32)parts.tm_hour,          (u32)parts.tm_min,     (u32)parts.tm_sec,
                             (u32)(now.tv_nsec / 1000000)};
}

void clock_program(struct text_buf *out)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char16_t *wide;

    if (n <= 0)
        return;
    path[n] = 0;
    wide = u16_dup_utf8(path);
    if (wide)
        tb_add(out, wide, u16_len(wide));
    os_free(wide);
}
