/*
 * On the host what a program says is the machine (look_use) is searched; without one, nothing.
 */
#include "sysfiles.h"

#include "look_host.h"
#include "utf16.h"

enum sys_kind sys_path_kind(const char16_t *path)
{
    const struct look_host *h = look_host();

    return h ? (enum sys_kind)h->kind(path) : SYS_NOTHING;
}

bool sys_file_version(const char16_t *path, u64 *version)
{
    const struct look_host *h = look_host();

    return h && h->version(path, version);
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
