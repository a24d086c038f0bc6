/*
 * What a session's properties say about the machine: names as in "Property Reference".
 */
#include <windows.h>
#include <shlobj.h>

#include "sysprops.h"

#include "record.h"
#include "sysfiles.h"
#include "utf16.h"

/* What only sessions need is loaded for them: a program that reads a database does not wait for the
 * shell and the desktop. */
static struct {
    HRESULT(WINAPI *folder)(HWND, int, HANDLE, DWORD, WCHAR *);
    int(WINAPI *metric)(int);
    BOOL(WINAPI *display)(const WCHAR *, DWORD, DEVMODEW *);
    BOOL(WINAPI *open_token)(HANDLE, DWORD, HANDLE *);
    BOOL(WINAPI *token_info)(HANDLE, TOKEN_INFORMATION_CLASS, void *, DWORD, DWORD *);
    BOOL(WINAPI *sid_text)(PSID, WCHAR **);
    BOOL(WINAPI *is_admin)(void);
    HDC(WINAPI *get_dc)(HWND);
    int(WINAPI *release_dc)(HWND, HDC);
    BOOL(WINAPI *text_metrics)(HDC, TEXTMETRICW *);
} late;

static void load_late(void)
{
    HMODULE shell = LoadLibraryW(L"shell32.dll"), user = LoadLibraryW(L"user32.dll");
    HMODULE api = LoadLibraryW(L"advapi32.dll"), gdi = LoadLibraryW(L"gdi32.dll");

    if (shell) {
        late.folder = (void *)GetProcAddress(shell, "SHGetFolderPathW");
        late.is_admin = (void *)GetProcAddress(shell, "IsUserAnAdmin");
    }
    if (user) {
        late.metric = (void *)GetProcAddress(user, "GetSystemMetrics");
        late.display = (void *)GetProcAddress(user, "EnumDisplaySettingsW");
        late.get_dc = (void *)GetProcAddress(user, "GetDC");
        late.release_dc = (void *)GetProcAddress(user, "ReleaseDC");
    }
    if (gdi)
        late.text_metrics = (void *)GetProcAddress(gdi, "GetTextMetricsW");
    if (api) {
        late.open_token = (void *)GetProcAddress(api, "OpenProcessToken");
        late.token_info = (void *)GetProcAddress(api, "GetTokenInformation");
        late.sid_text = (void *)GetProcAddress(api, "ConvertSidToStringSidW");
    }
}

/* Where the properties go, and the first error of it. */
struct sink {
    u32 (*set)(void *ctx, const char *name, const char16_t *value);
    void *ctx;
    u32 err;
};

static void put(struct sink *s, const char *name, const WCHAR *value)
{
    if (!s->err && value[0])
        s->err = s->set(s->ctx, name, (const char16_t *)value);
}

static void put_number(struct sink *s, const char *name, int n)
{
    char16_t text[12];

    rec_format_int(n, text);
    put(s, name, (const WCHAR *)text);
}

/* --- folders ------------------------------------------------------------------------------------
 */

static void put_folder(struct sink *s, const char *name, const WCHAR *path)
{
    char16_t text[MAX_PATH + 2];
    size_t n = u16_copy(text, MAX_PATH + 1, (const char16_t *)path);

    if (!n)
        return;
    if (text[n - 1] != '\\')
        u16_copy(text + n, 2, u"\\");
    put(s, name, (const WCHAR *)text);
}

static void put_special(struct sink *s, const char *name, int csidl)
{
    WCHAR path[MAX_PATH];

    if (late.folder && late.folder(NULL, csidl, NULL, SHGFP_TYPE_CURRENT, path) == S_OK)
        put_folder(s, name, path);
}

static void put_special_folders(struct sink *s)
{
    static const struct {
        const char *name;
        int csidl;
    } folders[] = {{"CommonAppDataFolder", CSIDL_COMMON_APPDATA},
                   {"FavoritesFolder", CSIDL_FAVORITES},
                   {"FontsFolder", CSIDL_FONTS},
                   {"SendToFolder", CSIDL_SENDTO},
                   {"StartMenuFolder", CSIDL_STARTMENU},
                   {"StartupFolder", CSIDL_STARTUP},
                   {"TemplateFolder", CSIDL_TEMPLATES},
                   {"DesktopFolder", CSIDL_DESKTOP},
                   {"ProgramMenuFolder", CSIDL_PROGRAMS},
                   {"AdminToolsFolder", CSIDL_ADMINTOOLS},
                   {"AppDataFolder", CSIDL_APPDATA},
                   {"MyPicturesFolder", CSIDL_MYPICTURES},
                   {"PersonalFolder", CSIDL_PERSONAL},
                   {"LocalAppDataFolder", CSIDL_LOCAL_APPDATA},
                   {"NetHoodFolder", CSIDL_NETHOOD},
                   {"PrintHoodFolder", CSIDL_PRINTHOOD},
                   {"RecentFolder", CSIDL_RECENT},
                   {"WindowsFolder", CSIDL_WINDOWS}};

    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        put_special(s, folders[i].name, folders[i].csidl);
}

/* A path with a backslash at its end; false where there is no such folder. */
static bool special_path(int csidl, char16_t path[MAX_PATH + 2])
{
    size_t n;

    if (!late.folder || late.folder(NULL, csidl | CSIDL_FLAG_DONT_VERIFY, NULL, SHGFP_TYPE_CURRENT,
                                    (WCHAR *)path) != S_OK)
        return false;
    n = u16_len(path);
    if (n && path[n - 1] != '\\')
        u16_copy(path + n, 2, u"\\");
    return n;
}

u32 sys_shared_folders(bool all_users,
                       u32 (*change)(void *ctx, const char *name, const char16_t *from,
                                     const char16_t *to),
                       void *ctx)
{
    static const struct {
        const char *name;
        int csidl[2]; /* the user's, everybody's */
    } folders[] = {{"DesktopFolder", {CSIDL_DESKTOP, CSIDL_COMMON_DESKTOPDIRECTORY}},
                   {"StartMenuFolder", {CSIDL_STARTMENU, CSIDL_COMMON_STARTMENU}},
                   {"ProgramMenuFolder", {CSIDL_PROGRAMS, CSIDL_COMMON_PROGRAMS}},
                   {"StartupFolder", {CSIDL_STARTUP, CSIDL_COMMON_STARTUP}},
                   {"AdminToolsFolder", {CSIDL_ADMINTOOLS, CSIDL_COMMON_ADMINTOOLS}},
                   {"TemplateFolder", {CSIDL_TEMPLATES, CSIDL_COMMON_TEMPLATES}}};
    char16_t from[MAX_PATH + 2], to[MAX_PATH + 2];
    u32 err = ERROR_SUCCESS;

    load_late();
    for (size_t i = 0; !err && i < ARRAY_LEN(folders); i++)
        if (special_path(folders[i].csidl[!all_users], from) &&
            special_path(folders[i].csidl[all_users], to))
            err = change(ctx, folders[i].name, from, to);
    return err;
}

static void put_system_folders(struct sink *s)
{
    WCHAR path[MAX_PATH], wow[MAX_PATH];
    UINT n = GetSystemWow64DirectoryW(wow, MAX_PATH), m;

    m = GetWindowsDirectoryW(path, MAX_PATH);
    if (m && m + 10 < MAX_PATH)
        u16_copy((char16_t *)path + m, MAX_PATH - m, u"\\system32");
    put_folder(s, "System64Folder", sys_is_64bit() ? path : L"");
    put_folder(s, "SystemFolder", n ? wow : path); /* the 32-bit one, whatever the package is */
    m = GetWindowsDirectoryW(path, MAX_PATH);
    if (m && m + 8 < MAX_PATH)
        u16_copy((char16_t *)path + m, MAX_PATH - m, u"\\system");
    put_folder(s, "System16Folder", path);
    path[3] = 0;
    put_folder(s, "WindowsVolume", path);
    if (GetTempPathW(MAX_PATH, path))
        put_folder(s, "TempFolder", path);
}

static void put_variable_folder(struct sink *s, const char *name, const WCHAR *variable)
{
    WCHAR path[MAX_PATH];
    DWORD n = GetEnvironmentVariableW(variable, path, MAX_PATH);

    if (n && n < MAX_PATH)
        put_folder(s, name, path);
}

static void put_program_folders(struct sink *s)
{
    if (!sys_is_64bit()) {
        put_special(s, "ProgramFilesFolder", CSIDL_PROGRAM_FILES);
        put_special(s, "CommonFilesFolder", CSIDL_PROGRAM_FILES_COMMON);
        return;
    }
    put_special(s, "ProgramFilesFolder", CSIDL_PROGRAM_FILESX86);
    put_special(s, "CommonFilesFolder", CSIDL_PROGRAM_FILES_COMMONX86);
    put_variable_folder(s, "ProgramFiles64Folder", L"ProgramW6432");
    put_variable_folder(s, "CommonFiles64Folder", L"CommonProgramW6432");
}

/* --- versions, machine, user --------------------------------------------------------------------
 */

/* What the processor calls itself. */
static int processor_level(void)
{
    SYSTEM_INFO info;

    GetNativeSystemInfo(&info);
    return info.wProcessorLevel;
}

static void put_suites(struct sink *s, WORD mask)
{
    static const struct {
        WORD bit;
        const char *name;
    } suites[] = {{VER_SUITE_BACKOFFICE, "MsiNTSuiteBackOffice"},
                  {VER_SUITE_DATACENTER, "MsiNTSuiteDataCenter"},
                  {VER_SUITE_ENTERPRISE, "MsiNTSuiteEnterprise"},
                  {VER_SUITE_SMALLBUSINESS, "MsiNTSuiteSmallBusiness"},
                  {VER_SUITE_SMALLBUSINESS_RESTRICTED, "MsiNTSuiteSmallBusinessRestricted"},
                  {VER_SUITE_BLADE, "MsiNTSuiteWebServer"},
                  {VER_SUITE_PERSONAL, "MsiNTSuitePersonal"},
                  {VER_SUITE_TERMINAL, "TerminalServer"}};
    bool one_user = mask & VER_SUITE_SINGLEUSERTS;

    for (size_t i = 0; i < ARRAY_LEN(suites); i++)
        if (mask & suites[i].bit && !(suites[i].bit == VER_SUITE_TERMINAL && one_user))
            put(s, suites[i].name, L"1");
    if (mask & VER_SUITE_TERMINAL && one_user)
        put(s, "RemoteAdminTS", L"1");
}

enum { VERSION_CHARS = 48 };

/* The version of a DLL of the system; empty where it is not there. */
static void read_version(const WCHAR *below, char16_t text[VERSION_CHARS])
{
    WCHAR path[MAX_PATH + 80];
    UINT n = GetWindowsDirectoryW(path, MAX_PATH);
    struct sys_version version;

    text[0] = 0;
    if (!n || n >= MAX_PATH)
        return;
    u16_copy((char16_t *)path + n, ARRAY_LEN(path) - n, (const char16_t *)below);
    if (!sys_file_version((const char16_t *)path, &version))
        return;
    n = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        n += (UINT)rec_format_int((i32)(version.number >> shift & 0xffff), text + n);
        text[n++] = shift ? '.' : 0;
    }
}

/* They stay as long as the program runs, and cost more to read than all else here. */
static struct {
    char16_t win32[VERSION_CHARS], net[VERSION_CHARS];
} assemblies;

static BOOL CALLBACK read_assemblies(INIT_ONCE *once, void *arg, void **out)
{
    UNUSED(once);
    UNUSED(arg);
    UNUSED(out);
    read_version(L"\\system32\\sxs.dll", assemblies.win32);
    read_version(L"\\Microsoft.NET\\Framework\\v4.0.30319\\fusion.dll", assemblies.net);
    return TRUE;
}

static void put_assemblies(struct sink *s)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    InitOnceExecuteOnce(&once, read_assemblies, NULL, NULL);
    put(s, "MsiWin32AssemblySupport", (const WCHAR *)assemblies.win32);
    put(s, "MsiNetAssemblySupport", (const WCHAR *)assemblies.net);
}

/* What the system can do: all of it can what these say. */
static void put_support(struct sink *s)
{
    put(s, "GPTSupport", L"1");
    put(s, "OLEAdvtSupport", L"1");
    put(s, "ShellAdvtSupport", L"1");
    put(s, "RedirectedDllSupport", L"2");
    put_assemblies(s);
    if (late.metric && late.metric(SM_TABLETPC))
        put(s, "MsiTabletPC", L"1");
}

static void put_versions(struct sink *s)
{
    OSVERSIONINFOEXW v = {.dwOSVersionInfoSize = sizeof(v)};
    int version;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    GetVersionExW((OSVERSIONINFOW *)&v);
#pragma GCC diagnostic pop
    /* From 6.2 on Windows Installer says 603, whatever the version is. */
    version = (int)(v.dwMajorVersion * 100 + v.dwMinorVersion);
    if (version > 603)
        version = 603;
    put_number(s, "VersionNT", version);
    if (sys_is_64bit()) {
        put_number(s, "VersionNT64", version);
        put_number(s, "MsiAMD64", processor_level());
        put_number(s, "Msix64", processor_level());
    }
    put_number(s, "WindowsBuild", (int)v.dwBuildNumber);
    put_number(s, "ServicePackLevel", v.wServicePackMajor);
    put_number(s, "ServicePackLevelMinor", v.wServicePackMinor);
    put_number(s, "MsiNTProductType", v.wProductType ? v.wProductType : 1);
    put_suites(s, v.wSuiteMask);
    put(s, "VersionMsi", L"5.00");
    put(s, "VersionDatabase", L"400");
}

/* Asking for them starts drawing, which takes longer than all else here. */
static struct {
    int height, leading; /* of the characters of the system's font */
} characters;

static BOOL CALLBACK measure_characters(INIT_ONCE *once, void *arg, void **out)
{
    HDC dc = late.get_dc && late.release_dc && late.text_metrics ? late.get_dc(NULL) : NULL;
    TEXTMETRICW text;

    UNUSED(once);
    UNUSED(arg);
    UNUSED(out);
    if (!dc)
        return TRUE;
    if (late.text_metrics(dc, &text)) {
        characters.height = (int)text.tmHeight;
        characters.leading = (int)text.tmInternalLeading;
    }
    late.release_dc(NULL, dc);
    return TRUE;
}

static void put_text(struct sink *s)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    put(s, "TTCSupport", L"1"); /* collections of fonts are opened as others are */
    InitOnceExecuteOnce(&once, measure_characters, NULL, NULL);
    if (!characters.height)
        return;
    put_number(s, "TextHeight", characters.height);
    put_number(s, "TextInternalLeading", characters.leading);
}

static void put_screen(struct sink *s)
{
    static const struct {
        const char *name;
        int metric;
    } metrics[] = {{"ScreenX", SM_CXSCREEN},
                   {"ScreenY", SM_CYSCREEN},
                   {"CaptionHeight", SM_CYCAPTION},
                   {"BorderTop", SM_CYBORDER},
                   {"BorderSide", SM_CXBORDER}};
    DEVMODEW mode = {.dmSize = sizeof(mode)};

    for (size_t i = 0; late.metric && i < ARRAY_LEN(metrics); i++)
        put_number(s, metrics[i].name, late.metric(metrics[i].metric));
    if (late.display && late.display(NULL, ENUM_CURRENT_SETTINGS, &mode) && mode.dmBitsPerPel)
        put_number(s, "ColorBits", (int)mode.dmBitsPerPel);
    put_text(s);
}

static void put_machine(struct sink *s)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof(memory)};
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD n = ARRAY_LEN(name);

    put_number(s, "Intel", processor_level());
    if (GlobalMemoryStatusEx(&memory)) {
        put_number(s, "PhysicalMemory", (int)((memory.ullTotalPhys + 0xfffff) >> 20));
        put_number(s, "VirtualMemory", (int)MIN(memory.ullAvailPageFile >> 20, 0x7fffffff));
    }
    if (GetComputerNameW(name, &n))
        put(s, "ComputerName", name);
    put_screen(s);
}

static void put_token_sid(struct sink *s, HANDLE token)
{
    union {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } u;
    WCHAR *text;
    DWORD n;

    if (!late.token_info(token, TokenUser, &u, sizeof(u), &n) ||
        !late.sid_text(u.user.User.Sid, &text))
        return;
    put(s, "UserSID", text);
    LocalFree(text);
}

static void put_user_sid(struct sink *s)
{
    HANDLE token;

    if (!late.open_token || !late.token_info || !late.sid_text ||
        !late.open_token(GetCurrentProcess(), TOKEN_QUERY, &token))
        return;
    put_token_sid(s, token);
    CloseHandle(token);
}

/* The three say the same of a session that runs in its caller's process: nobody elevates it. They
 * are not defined where the token's administrators are missing or filtered out. */
static void put_rights(struct sink *s)
{
    if (!late.is_admin || !late.is_admin())
        return;
    put(s, "AdminUser", L"1");
    put(s, "Privileged", L"1");
    put(s, "MsiRunningElevated", L"1");
}

static void put_user(struct sink *s)
{
    WCHAR text[256];
    DWORD n = GetEnvironmentVariableW(L"USERNAME", text, ARRAY_LEN(text));

    if (n && n < ARRAY_LEN(text))
        put(s, "LogonUser", text);
    put_number(s, "UserLanguageID", GetUserDefaultLangID());
    put_number(s, "SystemLanguageID", GetSystemDefaultLangID());
    put_rights(s);
    put_user_sid(s);
    if (GetDateFormatW(LOCALE_USER_DEFAULT, DATE_SHORTDATE, NULL, NULL, text, ARRAY_LEN(text)))
        put(s, "Date", text);
    if (GetTimeFormatW(LOCALE_USER_DEFAULT, TIME_FORCE24HOURFORMAT | TIME_NOTIMEMARKER, NULL, NULL,
                       text, ARRAY_LEN(text)))
        put(s, "Time", text);
}

u32 sys_properties(u32 (*set)(void *ctx, const char *name, const char16_t *value), void *ctx)
{
    struct sink s = {.set = set, .ctx = ctx};

    load_late();
    put_special_folders(&s);
    put_system_folders(&s);
    put_program_folders(&s);
    put_versions(&s);
    put_support(&s);
    put_machine(&s);
    put_user(&s);
    return s.err;
}

bool sys_is_64bit(void)
{
#ifdef _WIN64
    return true;
#else
    BOOL wow = FALSE;

    return IsWow64Process(GetCurrentProcess(), &wow) && wow;
#endif
}

bool sys_language_known(u32 language)
{
    return !language || IsValidLocale(MAKELCID(language, SORT_DEFAULT), LCID_INSTALLED);
}

void sys_root_drive(char16_t drive[4])
{
    WCHAR path[MAX_PATH];

    drive[0] = 'C';
    if (GetWindowsDirectoryW(path, MAX_PATH) && path[1] == ':')
        drive[0] = path[0];
    drive[1] = ':';
    drive[2] = '\\';
    drive[3] = 0;
}

bool sys_free_space(char16_t letter, u64 *bytes)
{
    WCHAR root[4] = {letter, ':', '\\', 0};
    ULARGE_INTEGER free;

    if (!GetDiskFreeSpaceExW(root, &free, NULL, NULL))
        return false;
    *bytes = free.QuadPart;
    return true;
}

u32 sys_cluster(char16_t letter)
{
    WCHAR root[4] = {letter, ':', '\\', 0};
    DWORD sectors, bytes, unused, all;

    if (!GetDiskFreeSpaceW(root, &sectors, &bytes, &unused, &all) || !sectors || !bytes ||
        sectors > (1u << 26) / bytes)
        return 4096;
    return sectors * bytes;
}
