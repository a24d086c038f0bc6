/* Printers, ODBC, network and proxy, services, time zones, locales, fonts, DirectX and sound, event
 * log, tasks, packages, performance counters, environment, keyboards. */
#include "sweep.h"

#include <winspool.h>
#include <sql.h>
#include <sqlext.h>
#include <odbcinst.h>
#include <wininet.h>
#include <iphlpapi.h>
#include <mmsystem.h>
#include <msi.h>
#include <pdh.h>
#include <ddraw.h>
#include <dsound.h>
#include <userenv.h>
#include <powrprof.h>

/* A function of a DLL that may not be there. */
static void *find(const char *dll, const char *name)
{
    HMODULE module = LoadLibraryA(dll);
    return module ? (void *)GetProcAddress(module, name) : NULL;
}

static void printers(void)
{
    DWORD need = 0, count = 0, len = 300;
    WCHAR text[300] = L"";
    BOOL ok = EnumPrintersW(PRINTER_ENUM_LOCAL, NULL, 2, NULL, 0, &need, &count);
    say("printer", "printers", FAILED_WITH(ok || need), NULL);
    need = 0;
    ok = EnumPrinterDriversW(NULL, NULL, 2, NULL, 0, &need, &count);
    say("printer", "drivers", FAILED_WITH(ok || need), NULL);
    need = 0;
    ok = EnumMonitorsW(NULL, 1, NULL, 0, &need, &count);
    say("printer", "monitors", (long)need, NULL);
    need = 0;
    ok = EnumPortsW(NULL, 1, NULL, 0, &need, &count);
    say("printer", "ports", (long)need, NULL);
    need = 0;
    ok = EnumPrintProcessorsW(NULL, NULL, 1, NULL, 0, &need, &count);
    say("printer", "processors", (long)need, NULL);
    SetLastError(0);
    ok = GetDefaultPrinterW(text, &len);
    say("printer", "default", FAILED_WITH(ok), text);
    ok = GetPrinterDriverDirectoryW(NULL, NULL, 1, (BYTE *)text, sizeof(text), &need);
    say("printer", "driver folder", FAILED_WITH(ok), text);
    ok = GetPrintProcessorDirectoryW(NULL, NULL, 1, (BYTE *)text, sizeof(text), &need);
    say("printer", "processor folder", FAILED_WITH(ok), text);
    HANDLE printer = NULL;
    WCHAR local[] = L"", none[] = L"no such printer";
    ok = OpenPrinterW(NULL, &printer, NULL);
    say("printer", "server", FAILED_WITH(ok), local);
    if (ok)
        ClosePrinter(printer);
    ok = OpenPrinterW(none, &printer, NULL);
    say("printer", "none", FAILED_WITH(ok), NULL);
    GetProfileStringW(L"windows", L"device", L"none", text, 300);
    say("printer", "profile", 0, text);
}

static void odbc(void)
{
    WCHAR text[600] = L"";
    WORD len = 0;
    BOOL ok = SQLGetInstalledDriversW(text, 600, &len);
    say("odbc", "drivers", ok, text);
    ok = SQLWriteDSNToIniW(L"sweep", L"no such driver");
    say("odbc", "write", ok, NULL);
    int n = SQLGetPrivateProfileStringW(L"sweep", L"Driver", L"none", text, 600, L"ODBC.INI");
    say("odbc", "profile", n, text);
    ok = SQLWritePrivateProfileStringW(L"sweep2", L"a", L"b", L"ODBC.INI");
    say("odbc", "write profile", ok, NULL);
    n = SQLGetPrivateProfileStringW(L"sweep2", L"a", L"none", text, 600, L"ODBC.INI");
    say("odbc", "profile 2", n, text);
    ok = SQLRemoveDSNFromIniW(L"sweep");
    say("odbc", "remove", ok, NULL);
    UWORD mode = 77;
    ok = SQLGetConfigMode(&mode);
    say("odbc", "mode", ok * 256 + mode, NULL);
    DWORD usage = 0;
    ok = SQLInstallDriverExW(L"Sweep Driver\0Driver=sweep.dll\0\0", NULL, text, 600, NULL,
                             ODBC_INSTALL_COMPLETE, &usage);
    say("odbc", "install driver", ok, text);
    ok = SQLGetInstalledDriversW(text, 600, &len);
    say("odbc", "drivers 2", ok, text);
    ok = SQLRemoveDriverW(L"Sweep Driver", TRUE, &usage);
    say("odbc", "remove driver", ok, NULL);
}

static void network(void)
{
    INTERNET_PER_CONN_OPTIONW options[3] = {{.dwOption = INTERNET_PER_CONN_FLAGS},
                                            {.dwOption = INTERNET_PER_CONN_PROXY_SERVER},
                                            {.dwOption = INTERNET_PER_CONN_PROXY_BYPASS}};
    INTERNET_PER_CONN_OPTION_LISTW list = {sizeof(list), NULL, 3, 0, options};
    /* winhttp.h cannot be included beside wininet.h */
    struct {
        BOOL detect;
        WCHAR *url, *proxy, *bypass;
    } ie = {0};
    struct {
        DWORD access;
        WCHAR *proxy, *bypass;
    } proxy = {0};
    BOOL(WINAPI * user_proxy)
    (void *) = (BOOL(WINAPI *)(void *))find("winhttp", "WinHttpGetIEProxyConfigForCurrentUser");
    BOOL(WINAPI * default_proxy)
    (void *) = (BOOL(WINAPI *)(void *))find("winhttp", "WinHttpGetDefaultProxyConfiguration");
    WCHAR server[] = L"proxy.example:8080", none[] = L"";
    DWORD size;
    BOOL ok;
    for (int i = 0; i < 3; i++) {
        options[0].dwOption = INTERNET_PER_CONN_FLAGS;
        options[0].Value.dwValue =
            i == 1 ? PROXY_TYPE_DIRECT | PROXY_TYPE_PROXY : PROXY_TYPE_DIRECT;
        options[1].Value.pszValue = i == 1 ? server : none;
        options[2].Value.pszValue = none;
        size = sizeof(list);
        if (i) {
            ok = InternetSetOptionW(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, size);
            say("proxy", at("set", i), FAILED_WITH(ok), NULL);
        }
        ok = InternetQueryOptionW(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, &size);
        say("proxy", at("flags", i), (long)options[0].Value.dwValue, options[1].Value.pszValue);
        ok = user_proxy && user_proxy(&ie);
        say("proxy", at("winhttp", i), FAILED_WITH(ok) + ie.detect, ie.proxy);
        ok = default_proxy && default_proxy(&proxy);
        say("proxy", at("default", i), FAILED_WITH(ok) + (long)proxy.access, proxy.proxy);
    }
    FIXED_INFO *info = LocalAlloc(0, 100000);
    ULONG room = 100000;
    long err = (long)GetNetworkParams(info, &room);
    say_a("network", "domain", err, err ? "" : info->DomainName);
    WCHAR name[300] = L"";
    for (int i = 0; i < 8; i++) {
        DWORD len = 300;
        ok = GetComputerNameExW((COMPUTER_NAME_FORMAT)i, name, &len);
        say("network", at("computer name", i), FAILED_WITH(ok), name);
    }
    HINTERNET session = InternetOpenW(L"sweep", INTERNET_OPEN_TYPE_PRECONFIG, NULL, NULL, 0);
    say("network", "InternetOpen", session != NULL, NULL);
    DWORD state = 0;
    ok = InternetGetConnectedState(&state, 0);
    say("network", "connected", ok, NULL);
}

static void services(void)
{
    static const WCHAR *const names[] = {L"EventLog",  L"PlugPlay", L"RpcSs",    L"Spooler",
                                         L"MSIServer", L"BITS",     L"Schedule", L"Winmgmt",
                                         L"wuauserv",  L"none"};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    say("service", "manager", FAILED_WITH(manager != NULL), NULL);
    for (int i = 0; i < 10; i++) {
        SC_HANDLE service =
            OpenServiceW(manager, names[i], SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
        union {
            QUERY_SERVICE_CONFIGW config;
            SERVICE_DESCRIPTIONW description;
            BYTE room[8000];
        } u;
        DWORD need;
        say("service", at("open", i), FAILED_WITH(service != NULL), names[i]);
        if (!service)
            continue;
        BOOL ok = QueryServiceConfigW(service, &u.config, sizeof(u), &need);
        say("service", at("program", i), FAILED_WITH(ok), ok ? u.config.lpBinaryPathName : NULL);
        ok = QueryServiceConfigW(service, &u.config, sizeof(u), &need);
        say("service", at("start", i), ok ? (long)u.config.dwStartType : -1, NULL);
        ok = QueryServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, u.room, sizeof(u), &need);
        say("service", at("description", i), FAILED_WITH(ok),
            ok ? u.description.lpDescription : NULL);
        CloseServiceHandle(service);
    }
    SC_HANDLE made = CreateServiceW(
        manager, L"SweepSvc", L"A sweep", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
        SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, L"c:\\none.exe", NULL, NULL, NULL, NULL, NULL);
    say("service", "create", FAILED_WITH(made != NULL), NULL);
    WCHAR text[200] = L"";
    DWORD len = 200;
    BOOL ok = GetServiceDisplayNameW(manager, L"SweepSvc", text, &len);
    say("service", "display name", FAILED_WITH(ok), text);
    HKEY key;
    long err =
        RegOpenKeyA(HKEY_LOCAL_MACHINE, "System\\CurrentControlSet\\Services\\SweepSvc", &key);
    say("service", "key", err, NULL);
    if (!err)
        RegCloseKey(key);
    ok = DeleteService(made);
    say("service", "delete", FAILED_WITH(ok), NULL);
    CloseServiceHandle(made);
}

static void time_zones(void)
{
    DYNAMIC_TIME_ZONE_INFORMATION zone;
    DWORD(WINAPI * each)
    (DWORD, DYNAMIC_TIME_ZONE_INFORMATION *) =
        (DWORD(WINAPI *)(DWORD, DYNAMIC_TIME_ZONE_INFORMATION *))find(
            "kernelbase", "EnumDynamicTimeZoneInformation");
    say("time", "zone", (long)GetDynamicTimeZoneInformation(&zone), zone.TimeZoneKeyName);
    for (DWORD i = 0; each && i < 40; i++) {
        DWORD err = each(i * 3, &zone);
        say("time", at("zone", (int)i * 3), (long)err + zone.Bias, err ? NULL : zone.StandardName);
        TIME_ZONE_INFORMATION year;
        if (!err)
            say("time", at("year", (int)i * 3),
                GetTimeZoneInformationForYear(2010, &zone, &year) ? year.DaylightDate.wMonth : -1,
                NULL);
    }
}

static int CALLBACK count_font(const LOGFONTW *font, const TEXTMETRICW *m, DWORD type, LPARAM n)
{
    (void)m, (void)type;
    if (++*(int *)n <= 15)
        say("font", at("family", *(int *)n), 0, font->lfFaceName);
    return 1;
}

static BOOL CALLBACK count_locale(WCHAR *name)
{
    static int n;
    if (n++ < 5)
        say("locale", at("name", n), 0, name);
    return TRUE;
}

static void locales(void)
{
    static const LCTYPE of[] = {LOCALE_SLANGUAGE,   LOCALE_SCOUNTRY,
                                LOCALE_SSHORTDATE,  LOCALE_SLONGDATE,
                                LOCALE_STIMEFORMAT, LOCALE_SDECIMAL,
                                LOCALE_STHOUSAND,   LOCALE_SCURRENCY,
                                LOCALE_SLIST,       LOCALE_IDEFAULTANSICODEPAGE,
                                LOCALE_S1159,       LOCALE_SNATIVEDIGITS};
    WCHAR text[300] = L"";
    for (int i = 0; i < 12; i++) {
        int n = GetLocaleInfoW(LOCALE_USER_DEFAULT, of[i], text, 300);
        say("locale", at("user", i), n, text);
    }
    BOOL ok = SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_SDECIMAL, L";");
    say("locale", "set", FAILED_WITH(ok), NULL);
    GetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_SDECIMAL, text, 300);
    say("locale", "after", 0, text);
    SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_SDECIMAL, L".");
    GetUserDefaultLocaleName(text, 85);
    say("locale", "default", (long)GetUserDefaultLCID(), text);
    say("locale", "ansi", (long)GetACP(), NULL);
    say("locale", "oem", (long)GetOEMCP(), NULL);
    say("locale", "geo", (long)GetUserGeoID(GEOCLASS_NATION), NULL);
    EnumSystemLocalesW(count_locale, LCID_INSTALLED);
    GetKeyboardLayoutNameW(text);
    say("keyboard", "name", (long)(ULONG_PTR)GetKeyboardLayout(0), text);
    HKL layouts[10];
    say("keyboard", "list", GetKeyboardLayoutList(10, layouts), NULL);
    HDC dc = GetDC(NULL);
    LOGFONTW any = {.lfCharSet = DEFAULT_CHARSET};
    int fonts = 0;
    EnumFontFamiliesExW(dc, &any, count_font, (LPARAM)&fonts, 0);
    say("font", "families", fonts, NULL);
    static const WCHAR *const faces[] = {L"Tahoma", L"MS Shell Dlg", L"MS Shell Dlg 2",
                                         L"Arial",  L"Courier New",  L"Times New Roman",
                                         L"Helv",   L"System"};
    for (int i = 0; i < 8; i++) {
        HFONT font = CreateFontW(16, 0, 0, 0, 400, 0, 0, 0, DEFAULT_CHARSET, 0, 0, 0, 0, faces[i]);
        SelectObject(dc, font);
        GetTextFaceW(dc, 300, text);
        say("font", at("face", i), 0, text);
    }
    static const UINT parameters[] = {SPI_GETWHEELSCROLLLINES,  SPI_GETKEYBOARDSPEED,
                                      SPI_GETSCREENSAVETIMEOUT, SPI_GETFONTSMOOTHING,
                                      SPI_GETDRAGFULLWINDOWS,   SPI_GETMENUSHOWDELAY};
    for (int i = 0; i < 6; i++) {
        DWORD value = 77;
        ok = SystemParametersInfoW(parameters[i], 0, &value, 0);
        say("desktop", at("parameter", i), ok * 65536 + (long)value, NULL);
    }
    for (int i = 0; i < 12; i++)
        say("desktop", at("colour", i), (long)GetSysColor(i), NULL);
}

static BOOL CALLBACK each_device(GUID *id, WCHAR *description, WCHAR *module, void *ctx)
{
    (void)id, (void)module, (void)ctx;
    say("sound", "device", 0, description);
    return TRUE;
}

static void devices(void)
{
    HRESULT(WINAPI * draw)
    (void *, void *, const IID *, void *) =
        (HRESULT(WINAPI *)(void *, void *, const IID *, void *))find("ddraw", "DirectDrawCreateEx");
    HRESULT(WINAPI * sound)
    (void *, void *) = (HRESULT(WINAPI *)(void *, void *))find("dsound", "DirectSoundEnumerateW");
    void *(WINAPI * d3d9)(UINT) = (void *(WINAPI *)(UINT))find("d3d9", "Direct3DCreate9");
    void *made = NULL;
    if (draw)
        say("directx", "ddraw", draw(NULL, &made, &IID_IDirectDraw7, NULL), NULL);
    if (d3d9)
        say("directx", "d3d9", d3d9(32) != NULL, NULL);
    if (sound)
        say("sound", "dsound", sound((void *)each_device, NULL), NULL);
    say("sound", "wave out", (long)waveOutGetNumDevs(), NULL);
    say("sound", "wave in", (long)waveInGetNumDevs(), NULL);
    say("sound", "midi out", (long)midiOutGetNumDevs(), NULL);
    say("sound", "mixer", (long)mixerGetNumDevs(), NULL);
    say("sound", "aux", (long)auxGetNumDevs(), NULL);
    WCHAR text[200] = L"";
    say("sound", "mci", (long)mciSendStringW(L"sysinfo waveaudio name 1", text, 200, NULL), text);
    say("sound", "mci all", (long)mciSendStringW(L"sysinfo all quantity", text, 200, NULL), text);
    say("sound", "system sound",
        PlaySoundW(L"SystemStart", NULL, SND_ALIAS | SND_NODEFAULT | SND_SYNC), NULL);
    DRIVERPROC any = NULL;
    (void)any;
    HDRVR driver = OpenDriver(L"msacm32.drv", NULL, 0);
    say("sound", "driver", driver != NULL, NULL);
    JOYCAPSW joystick;
    say("device", "joystick", joyGetDevCapsW(0, &joystick, sizeof(joystick)) != 0, NULL);
    DISPLAY_DEVICEW display = {.cb = sizeof(display)};
    say("device", "display", EnumDisplayDevicesW(NULL, 0, &display, 0), display.DeviceName);
}

static void logs(void)
{
    HANDLE log = RegisterEventSourceW(NULL, L"Sweep");
    const WCHAR *text = L"a line";
    say("events", "source", log != NULL, NULL);
    say("events", "report",
        ReportEventW(log, EVENTLOG_INFORMATION_TYPE, 0, 1, NULL, 1, 0, &text, NULL), NULL);
    say("events", "close", DeregisterEventSource(log), NULL);
    log = OpenEventLogW(NULL, L"Application");
    say("events", "open", log != NULL, NULL);
    DWORD n = 77;
    BOOL ok = GetNumberOfEventLogRecords(log, &n);
    say("events", "records", ok, NULL);
    CloseEventLog(log);
}

static void packages(void)
{
    WCHAR text[300] = L"", product[40] = L"";
    DWORD size = 300;
    say("msi", "products", (long)MsiEnumProductsW(0, product), product);
    say("msi", "state", MsiQueryProductStateW(L"{3F2504E0-4F89-41D3-9A0C-0305E82C3309}"), NULL);
    say("msi", "info",
        (long)MsiGetProductInfoW(L"{3F2504E0-4F89-41D3-9A0C-0305E82C3309}", L"ProductName", text,
                                 &size),
        NULL);
    say("msi", "components", (long)MsiEnumComponentsW(0, product), NULL);
    say("msi", "related",
        (long)MsiEnumRelatedProductsW(L"{3F2504E0-4F89-41D3-9A0C-0305E82C3309}", 0, 0, product),
        NULL);
    size = 300;
    say("msi", "version",
        (long)MsiGetFileVersionW(L"c:\\windows\\system32\\msi.dll", NULL, NULL, text, &size) & 0,
        NULL);
    size = 300;
    say("msi", "component path",
        MsiLocateComponentW(L"{0B1C2D3E-4F50-4617-8293-A4B5C6D7E8F9}", text, &size), NULL);
    say("msi", "patches",
        (long)MsiEnumPatchesW(L"{3F2504E0-4F89-41D3-9A0C-0305E82C3309}", 0, product, text, &size),
        NULL);
}

static void counters(void)
{
    PDH_HQUERY query = NULL;
    PDH_HCOUNTER counter = NULL;
    long err = PdhOpenQueryW(NULL, 0, &query);
    WCHAR text[300] = L"";
    DWORD size = 300;
    say("counter", "query", err, NULL);
    err = PdhAddEnglishCounterW(query, L"\\System\\System Up Time", 0, &counter);
    say("counter", "add", err, NULL);
    say("counter", "collect", PdhCollectQueryData(query), NULL);
    say("counter", "name", PdhLookupPerfNameByIndexW(NULL, 674, text, &size), text);
    PdhCloseQuery(query);
    BYTE data[4096];
    size = sizeof(data);
    err = RegQueryValueExA(HKEY_PERFORMANCE_DATA, "2", NULL, NULL, data, &size);
    say("counter", "performance data", err == ERROR_MORE_DATA ? 0 : err, NULL);
    RegCloseKey(HKEY_PERFORMANCE_DATA);
}

static void environment(void)
{
    static const WCHAR *const names[] = {L"ProgramFiles",
                                         L"CommonProgramFiles",
                                         L"APPDATA",
                                         L"LOCALAPPDATA",
                                         L"PATH",
                                         L"ComSpec",
                                         L"windir",
                                         L"TEMP",
                                         L"PROCESSOR_ARCHITECTURE",
                                         L"PATHEXT"};
    WCHAR text[1024];
    for (int i = 0; i < 10; i++) {
        DWORD n = ExpandEnvironmentStringsW(names[i], text, 1024);
        n = GetEnvironmentVariableW(names[i], text, 1024);
        say("environment", at("variable", i), n != 0, n ? text : NULL);
    }
    void *block = NULL;
    BOOL ok = CreateEnvironmentBlock(&block, NULL, FALSE);
    say("environment", "block", FAILED_WITH(ok), NULL);
    DWORD size = 1024;
    ok = GetProfilesDirectoryW(text, &size);
    say("environment", "profiles", FAILED_WITH(ok), text);
    size = 1024;
    ok = GetAllUsersProfileDirectoryW(text, &size);
    say("environment", "all users", FAILED_WITH(ok), text);
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof(version)};
    ok = GetVersionExW(&version);
    say("environment", "version", (long)version.dwBuildNumber, version.szCSDVersion);
    SYSTEM_POWER_STATUS power;
    say("environment", "power", GetSystemPowerStatus(&power), NULL);
    DWORD scheme = 0;
    GUID *active = NULL;
    scheme = PowerGetActiveScheme(NULL, &active);
    say("environment", "power scheme", (long)scheme, NULL);
}

int main(void)
{
    CoInitialize(NULL);
    printers();
    odbc();
    network();
    services();
    time_zones();
    locales();
    devices();
    logs();
    packages();
    counters();
    environment();
    printf("calls %d\n", calls);
    return 0;
}
