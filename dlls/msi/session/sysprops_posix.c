/*
 * What a session's properties say about the machine, for the host: enough for its tests.
 */
#include "sysprops.h"

u32 sys_properties(u32 (*set)(void *ctx, const char *name, const char16_t *value), void *ctx)
{
    static const struct {
        const char *name;
        const char16_t *value;
    } all[] = {{"VersionNT", u"601"},
               {"VersionMsi", u"5.00"},
               {"WindowsFolder", u"C:\\windows\\"},
               {"ProgramFilesFolder", u"C:\\Program Files (x86)\\"},
               {"ProgramFiles64Folder", u"C:\\Program Files\\"}};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(all); i++)
        err = set(ctx, all[i].name, all[i].value);
    return err;
}

bool sys_is_64bit(void)
{
    return true;
}

bool sys_language_known(u32 language)
{
    return language < 9000;
}

void sys_root_drive(char16_t drive[4])
{
    static const char16_t c[4] = u"C:\\";

    for (int i = 0; i < 4; i++)
        drive[i] = c[i];
}

bool sys_free_space(char16_t letter, u64 *bytes)
{
    *bytes = 1u << 30;
    return letter == 'C';
}
