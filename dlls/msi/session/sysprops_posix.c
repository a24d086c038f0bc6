/*
 * What a session's properties say about the machine, for the host: that of a Wine prefix for a
 * 64-bit machine.
 */
#include "sysprops.h"

#include "filename.h"
#include "look_host.h"
#include "os.h"
#include "utf16.h"

/* --- the user's folders -------------------------------------------------------------------------
 */

enum { PATH_UNITS = 260, USER_UNITS = 64 };

static const struct {
    const char *name;
    const char16_t *own;    /* below the user's profile */
    const char16_t *shared; /* where all users have it; NULL: nowhere */
} folders[] = {
    {"DesktopFolder", u"\\Desktop\\", u"C:\\users\\Public\\Desktop\\"},
    {"StartMenuFolder", u"\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\",
     u"C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\"},
    {"ProgramMenuFolder", u"\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\",
     u"C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\"},
    {"StartupFolder", u"\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp\\",
     u"C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp\\"},
    {"AdminToolsFolder",
     u"\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Administrative Tools\\",
     u"C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\Administrative Tools\\"},
    {"TemplateFolder", u"\\AppData\\Roaming\\Microsoft\\Windows\\Templates\\",
     u"C:\\ProgramData\\Microsoft\\Windows\\Templates\\"},
    {"AppDataFolder", u"\\AppData\\Roaming\\", NULL},
    {"LocalAppDataFolder", u"\\AppData\\Local\\", NULL},
    {"FavoritesFolder", u"\\Favorites\\", NULL},
    {"PersonalFolder", u"\\Documents\\", NULL},
    {"MyPicturesFolder", u"\\Pictures\\", NULL},
    {"SendToFolder", u"\\AppData\\Roaming\\Microsoft\\Windows\\SendTo\\", NULL},
};

/* Of the user who runs the program. */
static void own_path(const char16_t *below, char16_t path[PATH_UNITS])
{
    char16_t user[USER_UNITS], plain[USER_UNITS * 3 + 1];
    size_t n = u16_copy(path, PATH_UNITS, u"C:\\users\\");

    if (!os_env("USER", user, ARRAY_LEN(user)) ||
        !file_name_of(user, u16_len(user), plain, ARRAY_LEN(plain)))
        u16_copy(plain, ARRAY_LEN(plain), u"Public");
    n += u16_copy(path + n, PATH_UNITS - n, plain);
    u16_copy(path + n, PATH_UNITS - n, below);
}

u32 sys_shared_folders(bool all_users,
                       u32 (*change)(void *ctx, const char *name, const char16_t *from,
                                     const char16_t *to),
                       void *ctx)
{
    char16_t own[PATH_UNITS];
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(folders); i++) {
        own_path(folders[i].own, own);
        if (folders[i].shared)
            err = change(ctx, folders[i].name, all_users ? own : folders[i].shared,
                         all_users ? folders[i].shared : own);
    }
    return err;
}

/* --- all of them --------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    const char16_t *value;
} fixed[] = {{"VersionNT", u"603"},
             {"VersionNT64", u"603"},
             {"Msix64", u"6"},
             {"MsiAMD64", u"6"},
             {"MsiNTProductType", u"1"},
             {"Intel", u"6"},
             {"WindowsBuild", u"19043"},
             {"VersionMsi", u"5.00"},
             {"VersionDatabase", u"400"},
             {"AdminUser", u"1"},
             {"Privileged", u"1"},
             {"WindowsFolder", u"C:\\windows\\"},
             {"WindowsVolume", u"C:\\"},
             {"SystemFolder", u"C:\\windows\\syswow64\\"},
             {"System64Folder", u"C:\\windows\\system32\\"},
             {"System16Folder", u"C:\\windows\\system\\"},
             {"FontsFolder", u"C:\\windows\\Fonts\\"},
             {"TempFolder", u"C:\\windows\\temp\\"},
             {"CommonAppDataFolder", u"C:\\ProgramData\\"},
             {"ProgramFilesFolder", u"C:\\Program Files (x86)\\"},
             {"ProgramFiles64Folder", u"C:\\Program Files\\"},
             {"CommonFilesFolder", u"C:\\Program Files (x86)\\Common Files\\"},
             {"CommonFiles64Folder", u"C:\\Program Files\\Common Files\\"}};

u32 sys_properties(u32 (*set)(void *ctx, const char *name, const char16_t *value), void *ctx)
{
    char16_t path[PATH_UNITS];
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(fixed); i++)
        err = set(ctx, fixed[i].name, fixed[i].value);
    for (size_t i = 0; !err && i < ARRAY_LEN(folders); i++) {
        own_path(folders[i].own, path);
        err = set(ctx, folders[i].name, path);
    }
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
    const struct look_host *h = look_host();

    if (h)
        return h->space(letter, bytes);
    *bytes = 1u << 30;
    return letter == 'C';
}

u32 sys_cluster(char16_t letter)
{
    UNUSED(letter);
    return 4096;
}
