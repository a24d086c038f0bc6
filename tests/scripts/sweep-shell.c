/* COM and OLE registration, shell folders, file associations, URLs, uninstall lists. */
#include "sweep.h"

#include <shlobj.h>
#include <shlwapi.h>
#include <shellapi.h>
#include <knownfolders.h>
#include <objbase.h>
#include <oleauto.h>
#include <wininet.h>
#include <urlmon.h>

static void folders(void)
{
    for (int i = 0; i < 62; i++) {
        WCHAR path[MAX_PATH] = L"";
        HRESULT hr = SHGetFolderPathW(NULL, i, NULL, SHGFP_TYPE_CURRENT, path);
        say("folder", at("csidl", i), hr, path);
    }
    const GUID *known[] = {&FOLDERID_Desktop,         &FOLDERID_Documents,
                           &FOLDERID_Downloads,       &FOLDERID_Music,
                           &FOLDERID_Pictures,        &FOLDERID_Videos,
                           &FOLDERID_ProgramFiles,    &FOLDERID_ProgramData,
                           &FOLDERID_LocalAppData,    &FOLDERID_RoamingAppData,
                           &FOLDERID_LocalAppDataLow, &FOLDERID_Fonts,
                           &FOLDERID_Public,          &FOLDERID_Profile,
                           &FOLDERID_StartMenu,       &FOLDERID_Startup,
                           &FOLDERID_System,          &FOLDERID_Windows,
                           &FOLDERID_SavedGames,      &FOLDERID_Links};
    for (int i = 0; i < (int)(sizeof(known) / sizeof(*known)); i++) {
        WCHAR *path = NULL;
        HRESULT hr = SHGetKnownFolderPath(known[i], KF_FLAG_DONT_VERIFY, NULL, &path);
        say("folder", at("known", i), hr, path);
        CoTaskMemFree(path);
    }
}

static void associations(void)
{
    static const WCHAR *const of[] = {L".txt", L".exe", L".msi", L".htm",   L".lnk",
                                      L".url", L".reg", L"http", L"mailto", L".none"};
    static const ASSOCSTR what[] = {ASSOCSTR_COMMAND, ASSOCSTR_EXECUTABLE, ASSOCSTR_FRIENDLYDOCNAME,
                                    ASSOCSTR_DEFAULTICON, ASSOCSTR_CONTENTTYPE};
    for (int i = 0; i < 10; i++) {
        SHFILEINFOW info = {0};
        for (int k = 0; k < 5; k++) {
            WCHAR text[512] = L"";
            DWORD len = 512;
            HRESULT hr = AssocQueryStringW(0, what[k], of[i], NULL, text, &len);
            say("association", at("string", i * 10 + k), hr, text);
        }
        SHGetFileInfoW(of[i], FILE_ATTRIBUTE_NORMAL, &info, sizeof(info),
                       SHGFI_TYPENAME | SHGFI_USEFILEATTRIBUTES);
        say("association", at("type", i), 0, info.szTypeName);
    }
    WCHAR found[MAX_PATH] = L"";
    say("association", "FindExecutable",
        (long)(INT_PTR)FindExecutableW(L"c:\\windows\\win.ini", NULL, found) > 32, found);
}

static void classes(void)
{
    static const WCHAR *const ids[] = {L"Scripting.FileSystemObject",
                                       L"WScript.Shell",
                                       L"Scripting.Dictionary",
                                       L"MSXML2.DOMDocument",
                                       L"MSXML2.DOMDocument.6.0",
                                       L"Msxml2.XMLHTTP",
                                       L"WinHttp.WinHttpRequest.5.1",
                                       L"Shell.Application",
                                       L"ADODB.Connection",
                                       L"ADODB.Recordset",
                                       L"WbemScripting.SWbemLocator",
                                       L"WindowsInstaller.Installer",
                                       L"htmlfile",
                                       L"StdFont",
                                       L"StdPicture",
                                       L"VBScript.RegExp",
                                       L"SAPI.SpVoice",
                                       L"Schedule.Service",
                                       L"InternetExplorer.Application",
                                       L"WMPlayer.OCX",
                                       L"HNetCfg.FwPolicy2",
                                       L"Microsoft.Update.AutoUpdate",
                                       L"VBScript",
                                       L"JScript",
                                       L"No.Such.Class"};
    for (int i = 0; i < (int)(sizeof(ids) / sizeof(*ids)); i++) {
        CLSID id = {0};
        WCHAR *text = NULL;
        IUnknown *made = NULL;
        HRESULT hr = CLSIDFromProgID(ids[i], &id);
        StringFromCLSID(&id, &text);
        say("class", at("id", i), hr, text);
        CoTaskMemFree(text);
        text = NULL;
        hr = ProgIDFromCLSID(&id, &text);
        say("class", at("name", i), hr, text);
        CoTaskMemFree(text);
        text = NULL;
        hr = OleRegGetUserType(&id, USERCLASSTYPE_FULL, &text);
        say("class", at("user type", i), hr, text);
        CoTaskMemFree(text);
        if (i == 14 || i == 18 || i == 11)
            continue; /* windows and processes of their own */
        hr = CoCreateInstance(&id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&made);
        say("class", at("made", i), hr, NULL);
        if (made)
            IUnknown_Release(made);
    }
}

static void interfaces(void)
{
    static const WCHAR *const libraries[] = {
        L"{00020430-0000-0000-C000-000000000046}", L"{EAB22AC0-30C1-11CF-A7EB-0000C05BAE0B}",
        L"{F5078F18-C551-11D3-89B9-0000F81FE221}", L"{420B2830-E718-11CF-893D-00A0C9054228}"};
    static const WORD versions[][2] = {{2, 0}, {1, 1}, {6, 0}, {1, 0}};
    const IID *ids[] = {&IID_IUnknown,      &IID_IDispatch, &IID_IStream,   &IID_IStorage,
                        &IID_IClassFactory, &IID_IMoniker,  &IID_IOleObject};
    for (int i = 0; i < 4; i++) {
        GUID id;
        BSTR path = NULL;
        ITypeLib *lib = NULL;
        CLSIDFromString(libraries[i], &id);
        HRESULT hr = QueryPathOfRegTypeLib(&id, versions[i][0], versions[i][1], 0, &path);
        say("typelib", at("path", i), hr, path);
        SysFreeString(path);
        hr = LoadRegTypeLib(&id, versions[i][0], versions[i][1], 0, &lib);
        say("typelib", at("load", i), hr, NULL);
        if (lib)
            lib->lpVtbl->Release(lib);
    }
    for (int i = 0; i < 7; i++) {
        CLSID proxy = {0};
        HRESULT hr = CoGetPSClsid(ids[i], &proxy);
        WCHAR text[40] = L"";
        StringFromGUID2(&proxy, text, 40);
        say("interface", at("proxy", i), hr, text);
    }
    CLSID treat;
    HRESULT hr = CoGetTreatAsClass(&CLSID_ShellLink, &treat);
    say("class", "treat as", hr, NULL);
    LONG misc = 0;
    hr = OleRegGetMiscStatus(&CLSID_ShellLink, DVASPECT_CONTENT, (DWORD *)&misc);
    say("class", "misc status", hr, NULL);
}

static void urls(void)
{
    static const WCHAR *const of[] = {L"http://a.example/", L"file:///c:/x", L"c:\\x.txt",
                                      L"about:blank", L"res://x.dll/y"};
    IInternetSecurityManager *manager = NULL;
    HRESULT hr = CoInternetCreateSecurityManager(NULL, &manager, 0);
    say("url", "security manager", hr, NULL);
    for (int i = 0; i < 5; i++) {
        DWORD zone = 77, policy = 77;
        if (!manager)
            continue;
        hr = IInternetSecurityManager_MapUrlToZone(manager, of[i], &zone, 0);
        say("url", at("zone", i), hr + (long)zone, NULL);
        hr = IInternetSecurityManager_ProcessUrlAction(
            manager, of[i], URLACTION_SCRIPT_RUN, (BYTE *)&policy, sizeof(policy), NULL, 0, 0, 0);
        say("url", at("action", i), hr + (long)policy, NULL);
    }
    WCHAR text[300] = L"";
    DWORD size = 300;
    hr = UrlApplySchemeW(L"www.example.org", text, &size, URL_APPLY_GUESSSCHEME);
    say("url", "scheme", hr, text);
    WCHAR *mime = NULL;
    hr = FindMimeFromData(NULL, L"x.png", NULL, 0, NULL, 0, &mime, 0);
    say("url", "mime of a name", hr, mime);
    char agent[300] = "";
    size = sizeof(agent);
    hr = ObtainUserAgentString(0, agent, &size);
    say_a("url", "user agent", hr, agent);
}

static void uninstall_list(void)
{
    HKEY list;
    long err =
        RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
                      0, KEY_READ, &list);
    char name[256];
    say_a("uninstall", "open", err, NULL);
    for (DWORD i = 0; !err && !RegEnumKeyA(list, i, name, sizeof(name)); i++) {
        char text[256] = "";
        DWORD size = sizeof(text);
        long got = RegGetValueA(list, name, "DisplayName", RRF_RT_REG_SZ, NULL, text, &size);
        say_a("uninstall", name, got, text);
    }
}

int main(void)
{
    CoInitialize(NULL);
    folders();
    associations();
    classes();
    interfaces();
    urls();
    uninstall_list();
    printf("calls %d\n", calls);
    return 0;
}
