/*
 * On the host nothing is searched: its paths are none of Windows', and there are no drives.
 */
#include "sysfiles.h"

#include "utf16.h"

enum sys_kind sys_path_kind(const char16_t *path)
{
    UNUSED(path);
    return SYS_NOTHING;
}

bool sys_file_version(const char16_t *path, u64 *version)
{
    UNUSED(path);
    UNUSED(version);
    return false;
}

bool sys_each_name(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                   void *ctx)
{
    UNUSED(folder);
    UNUSED(fn);
    UNUSED(ctx);
    return false;
}

void sys_fixed_drives(char16_t letters[27])
{
    letters[0] = 0;
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
