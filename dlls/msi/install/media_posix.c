/*
 * Sources on the host: paths of packages have backslashes and any case.
 */
#include <limits.h>
#include <sys/stat.h>
#include <time.h>

#include "media.h"
#include "utf16.h"

enum { YEAR_1601_TO_1970 = 11644473600 };

static u64 filetime(i64 seconds, u32 nanoseconds)
{
    seconds += (i64)YEAR_1601_TO_1970;
    return seconds < 0 ? 0 : (u64)seconds * 10000000 + nanoseconds / 100;
}

/* Name by name from the root: each takes the case that it has there. */
void media_host_path(char16_t *path)
{
    size_t len = u16_len(path);

    for (size_t i = 0; i < len; i++)
        if (path[i] == '\\')
            path[i] = '/';
    if (os_exists(path))
        return;
    for (size_t end = 1; end <= len; end++) {
        char16_t next = path[end];

        if (end < len && next != '/')
            continue;
        path[end] = 0;
        if (path[end - 1] != '/' && !os_exists(path))
            os_find_name(path);
        path[end] = next;
    }
}

u64 media_time(u32 date, u32 time)
{
    struct tm tm = {
        .tm_year = (int)(date >> 9 & 127) + 80,
        .tm_mon = (int)(date >> 5 & 15) - 1,
        .tm_mday = (int)(date & 31),
        .tm_hour = (int)(time >> 11 & 31),
        .tm_min = (int)(time >> 5 & 63),
        .tm_sec = (int)(time & 31) * 2,
        .tm_isdst = -1,
    };
    time_t t;

    if (tm.tm_mon < 0 || tm.tm_mon > 11 || !tm.tm_mday)
        return 0;
    t = mktime(&tm);
    return t == (time_t)-1 ? 0 : filetime(t, 0);
}

bool media_written(const char16_t *path, u64 *written)
{
    char name[PATH_MAX];
    size_t n = u16_to_utf8(name, PATH_MAX - 1, path, u16_len(path), true);
    struct stat st;

    if (n >= PATH_MAX)
        return false;
    name[n] = 0;
    if (stat(name, &st))
        return false;
    *written = filetime(st.st_mtim.tv_sec, (u32)st.st_mtim.tv_nsec);
    return true;
}
