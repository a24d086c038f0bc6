/*
 * On the host what a program says is the machine (look_use) is searched; without one, nothing.
 */
#include "sysfiles.h"

#include <time.h>

#include "look_host.h"
#include "utf16.h"

enum sys_kind sys_path_kind(const char16_t *path)
{
    const struct look_host *h = look_host();

    return h ? (enum sys_kind)h->kind(path) : SYS_NOTHING;
}

bool sys_file_version(const char16_t *path, struct sys_version *version)
{
    const struct look_host *h = look_host();

    version->language_count = 1;
    return h && h->version(path, &version->number, &version->languages[0]);
}

/* From a FILETIME. */
static bool dos_time(u64 time, u32 *out)
{
    time_t seconds = (time_t)(time / 10000000) - (time_t)11644473600;
    struct tm tm;

    if (!localtime_r(&seconds, &tm) || tm.tm_year < 80 || tm.tm_year > 207)
        return false;
    *out = (u32)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday) << 16 |
           (u32)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
    return true;
}

bool sys_file_facts(const char16_t *path, struct sys_file *file)
{
    const struct look_host *h = look_host();
    u64 created, written;

    return h && h->facts(path, &file->size, &created, &written) &&
           dos_time(created, &file->created) && dos_time(written, &file->written);
}

bool sys_each_name(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                   void *ctx)
{
    const struct look_host *h = look_host();

    return h && h->each(folder, fn, ctx);
}

void sys_fixed_drives(char16_t letters[27])
{
    const struct look_host *h = look_host();
    u32 n = 0;

    for (char16_t c = 'A'; h && c <= 'Z'; c++)
        if (h->drive(c))
            letters[n++] = c;
    letters[n] = 0;
}

void sys_expand(const char16_t *text, struct text_buf *out)
{
    tb_add(out, text, u16_len(text));
}

void sys_ini_value(const char16_t *file, const char16_t *section, const char16_t *key,
                   struct text_buf *out)
{
    UNUSED(file);
    UNUSED(section);
    UNUSED(key);
    UNUSED(out);
}
