/* Certificate stores and chains, providers and hashes, INF and setup functions, tasks, and handles
 * of keys outside of the registry's functions. */
#include "sweep.h"

#include <wincrypt.h>
#include <bcrypt.h>
#include <ncrypt.h>
#include <wintrust.h>
#include <mscat.h>
#include <setupapi.h>
#include <devguid.h>
#include <aclapi.h>
#include <taskschd.h>
#include <softpub.h>

static int certificates_in(HCERTSTORE store)
{
    const CERT_CONTEXT *c = NULL;
    int n = 0;
    while (store && (c = CertEnumCertificatesInStore(store, c)))
        n++;
    return n;
}

static BOOL WINAPI each_store(const void *name, DWORD flags, CERT_SYSTEM_STORE_INFO *info,
                              void *reserved, void *arg)
{
    (void)flags, (void)info, (void)reserved, (void)arg;
    say("store", "listed", 0, name);
    return TRUE;
}

static void stores(void)
{
    static const WCHAR *const names[] = {
        L"MY", L"ROOT", L"CA", L"TRUST", L"AuthRoot", L"Disallowed", L"TrustedPeople", L"Sweep"};
    static const DWORD where[] = {CERT_SYSTEM_STORE_CURRENT_USER, CERT_SYSTEM_STORE_LOCAL_MACHINE,
                                  CERT_SYSTEM_STORE_USERS, CERT_SYSTEM_STORE_SERVICES};
    for (int w = 0; w < 4; w++)
        for (int i = 0; i < 8; i++) {
            SetLastError(0);
            HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                                             where[w] | CERT_STORE_MAXIMUM_ALLOWED_FLAG, names[i]);
            say("store", at("open", w * 10 + i), FAILED_WITH(store != NULL), names[i]);
            say("store", at("certificates", w * 10 + i), certificates_in(store), NULL);
            if (store)
                CertCloseStore(store, 0);
        }
    say("store", "enumerate",
        CertEnumSystemStore(CERT_SYSTEM_STORE_CURRENT_USER, NULL, NULL, each_store), NULL);
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_REGISTRY_W, 0, 0,
                                     CERT_SYSTEM_STORE_CURRENT_USER, L"Sweep");
    say("store", "system registry", FAILED_WITH(store != NULL), NULL);
    if (store)
        say("store", "resync", CertControlStore(store, 0, CERT_STORE_CTRL_RESYNC, NULL), NULL);
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (store)
        say("store", "notify", CertControlStore(store, 0, CERT_STORE_CTRL_NOTIFY_CHANGE, &event),
            NULL);
    if (store)
        CertCloseStore(store, 0);
    say("store", "unregister", CertUnregisterSystemStore(L"Sweep", CERT_SYSTEM_STORE_CURRENT_USER),
        NULL);
}

/* A store in a key of the program's own. */
static void store_in_a_key(const CERT_CONTEXT *some)
{
    HKEY key;
    long err = RegCreateKeyA(HKEY_CURRENT_USER, "Software\\SweepStore", &key);
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_REG, 0, 0, 0, key);
    say("store", "in a key", FAILED_WITH(store != NULL), NULL);
    say("store", "close the key", RegCloseKey(key), NULL);
    say("store", "add", CertAddCertificateContextToStore(store, some, CERT_STORE_ADD_ALWAYS, NULL),
        NULL);
    say("store", "commit", CertControlStore(store, 0, CERT_STORE_CTRL_COMMIT, NULL), NULL);
    say("store", "close", CertCloseStore(store, 0), NULL);
    err = RegOpenKeyA(HKEY_CURRENT_USER, "Software\\SweepStore", &key);
    store = CertOpenStore(CERT_STORE_PROV_REG, 0, 0, CERT_STORE_READONLY_FLAG, key);
    say("store", "read again", certificates_in(store), NULL);
    CertCloseStore(store, 0);
    RegCloseKey(key);
    err = RegDeleteTreeA(HKEY_CURRENT_USER, "Software\\SweepStore");
    say("store", "delete", err, NULL);
}

static void chains(void)
{
    HCERTSTORE root = CertOpenSystemStoreW(0, L"ROOT");
    const CERT_CONTEXT *c = NULL;
    CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
    for (int i = 0; i < 12 && (c = CertEnumCertificatesInStore(root, c)); i++) {
        const CERT_CHAIN_CONTEXT *chain = NULL;
        WCHAR name[300] = L"";
        CertGetNameStringW(c, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL, name, 300);
        BOOL ok = CertGetCertificateChain(NULL, c, NULL, NULL, &para, 0, NULL, &chain);
        say("chain", at("status", i), ok ? (long)chain->TrustStatus.dwErrorStatus : -1, name);
        CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof(policy)};
        CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
        if (ok) {
            ok = CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_BASE, chain, &policy, &status);
            say("chain", at("policy", i), ok ? (long)status.dwError : -1, NULL);
            CertFreeCertificateChain(chain);
        }
        if (!i)
            store_in_a_key(c);
    }
    if (root)
        CertCloseStore(root, 0);
    CRYPT_OID_INFO *info =
        (CRYPT_OID_INFO *)CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, szOID_RSA_SHA256RSA, 0);
    say("crypt", "oid", info != NULL, info ? info->pwszName : NULL);
    DATA_BLOB in = {5, (BYTE *)"hello"}, out = {0}, back = {0};
    BOOL ok = CryptProtectData(&in, L"d", NULL, NULL, NULL, 0, &out);
    say("crypt", "protect", FAILED_WITH(ok), NULL);
    ok = ok && CryptUnprotectData(&out, NULL, NULL, NULL, NULL, 0, &back);
    say("crypt", "unprotect", ok ? (long)back.cbData : -1, NULL);
}

static void providers(void)
{
    WCHAR name[200];
    for (DWORD i = 0; i < 12; i++) {
        DWORD type = 0, size = sizeof(name);
        name[0] = 0;
        BOOL ok = CryptEnumProvidersW(i, NULL, 0, &type, name, &size);
        say("provider", at("name", (int)i), ok ? (long)type : -1, name);
        size = sizeof(name);
        name[0] = 0;
        ok = CryptEnumProviderTypesW(i, NULL, 0, &type, name, &size);
        say("provider", at("type", (int)i), ok ? (long)type : -1, name);
    }
    static const DWORD types[] = {PROV_RSA_FULL, PROV_RSA_AES, PROV_DSS, PROV_RSA_SCHANNEL};
    for (int i = 0; i < 4; i++) {
        HCRYPTPROV p = 0;
        DWORD size = sizeof(name);
        BOOL ok = CryptGetDefaultProviderW(types[i], NULL, CRYPT_MACHINE_DEFAULT, name, &size);
        say("provider", at("default", i), FAILED_WITH(ok), ok ? name : NULL);
        ok = CryptAcquireContextW(&p, NULL, NULL, types[i], CRYPT_VERIFYCONTEXT);
        say("provider", at("context", i), FAILED_WITH(ok), NULL);
        if (ok)
            CryptReleaseContext(p, 0);
    }
    HCRYPTPROV p = 0;
    HCRYPTKEY key = 0;
    BOOL ok = CryptAcquireContextW(&p, L"sweep", NULL, PROV_RSA_FULL, CRYPT_NEWKEYSET);
    say("provider", "new key set", FAILED_WITH(ok), NULL);
    ok = CryptGenKey(p, AT_SIGNATURE, 1024 << 16, &key);
    say("provider", "key", FAILED_WITH(ok), NULL);
    CryptDestroyKey(key);
    CryptReleaseContext(p, 0);
    ok = CryptAcquireContextW(&p, L"sweep", NULL, PROV_RSA_FULL, 0);
    say("provider", "again", FAILED_WITH(ok), NULL);
    ok = CryptGetUserKey(p, AT_SIGNATURE, &key);
    say("provider", "its key", FAILED_WITH(ok), NULL);
    CryptDestroyKey(key);
    CryptReleaseContext(p, 0);
    ok = CryptAcquireContextW(&p, L"sweep", NULL, PROV_RSA_FULL, CRYPT_DELETEKEYSET);
    say("provider", "delete", FAILED_WITH(ok), NULL);
    static const WCHAR *const algorithms[] = {L"SHA256", L"SHA1", L"MD5", L"AES",
                                              L"RNG",    L"RSA",  L"none"};
    for (int i = 0; i < 7; i++) {
        BCRYPT_ALG_HANDLE h = NULL;
        say("bcrypt", at("algorithm", i), BCryptOpenAlgorithmProvider(&h, algorithms[i], NULL, 0),
            algorithms[i]);
    }
    NCRYPT_PROV_HANDLE n = 0;
    say("ncrypt", "provider", NCryptOpenStorageProvider(&n, NULL, 0), NULL);
    GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
    WINTRUST_FILE_INFO file = {.cbStruct = sizeof(file),
                               .pcwszFilePath = L"c:\\windows\\system32\\kernel32.dll"};
    WINTRUST_DATA data = {
        .cbStruct = sizeof(data), .dwUIChoice = WTD_UI_NONE, .dwUnionChoice = WTD_CHOICE_FILE};
    data.pFile = &file;
    say("trust", "verify", WinVerifyTrust(NULL, &action, &data), NULL);
    HCATADMIN catalogs = NULL;
    say("trust", "catalogs", CryptCATAdminAcquireContext(&catalogs, NULL, 0), NULL);
}

static const char inf_text[] =
    "[Version]\nSignature=\"$CHICAGO$\"\nClass=Sweep\n[Install]\nAddReg=Add\nDelReg=Del\n"
    "[Add]\nHKCU,\"Software\\SweepInf\",\"text\",0,\"x\"\nHKLM,\"Software\\SweepInf\",\"n\","
    "0x10001,7\n"
    "HKR,\"sub\",\"v\",0,\"relative\"\nHKCR,\".sweep\",,0,\"sweep.file\"\n"
    "[Del]\nHKCU,\"Software\\SweepGone\"\nHKCU,\"Software\\SweepStay\",\"v\"\nHKR,\"gone\"\n["
    "Strings]\na=\"b\"\n";

static long value_of(HKEY root, const char *path, const char *name)
{
    return RegGetValueA(root, path, name, RRF_RT_ANY, NULL, NULL, NULL);
}

static void setup(void)
{
    HKEY own, key;
    FILE *f = fopen("c:\\sweep.inf", "w");
    if (!f)
        return;
    fputs(inf_text, f);
    fclose(f);
    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\SweepOwn", &own);
    RegCreateKeyA(own, "gone\\deep", &key);
    RegCloseKey(key);
    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\SweepGone\\deep", &key);
    RegCloseKey(key);
    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\SweepStay", &key);
    RegSetValueExA(key, "v", 0, REG_SZ, (const BYTE *)"x", 2);
    RegCloseKey(key);
    HINF inf = SetupOpenInfFileA("c:\\sweep.inf", NULL, INF_STYLE_WIN4, NULL);
    say("setup", "open", FAILED_WITH(inf != INVALID_HANDLE_VALUE), NULL);
    BOOL ok = SetupInstallFromInfSectionA(NULL, inf, "Install", SPINST_REGISTRY, own, NULL, 0, NULL,
                                          NULL, NULL, NULL);
    say("setup", "install", FAILED_WITH(ok), NULL);
    say("setup", "added", value_of(HKEY_CURRENT_USER, "Software\\SweepInf", "text"), NULL);
    say("setup", "added to the machine", value_of(HKEY_LOCAL_MACHINE, "Software\\SweepInf", "n"),
        NULL);
    say("setup", "added below a key", value_of(own, "sub", "v"), NULL);
    say("setup", "added to the classes", value_of(HKEY_CLASSES_ROOT, ".sweep", NULL), NULL);
    say("setup", "deleted", RegOpenKeyA(HKEY_CURRENT_USER, "Software\\SweepGone", &key), NULL);
    say("setup", "deleted below a key", RegOpenKeyA(own, "gone", &key), NULL);
    say("setup", "value deleted", value_of(HKEY_CURRENT_USER, "Software\\SweepStay", "v"), NULL);
    say("setup", "key kept", RegOpenKeyA(HKEY_CURRENT_USER, "Software\\SweepStay", &key), NULL);
    RegCloseKey(key);
    RegCloseKey(own);
    SetupCloseInfFile(inf);
    static const char *const keys[] = {"SweepOwn", "SweepInf", "SweepStay"};
    for (int i = 0; i < 3; i++) {
        char path[60];
        snprintf(path, sizeof(path), "Software\\%s", keys[i]);
        say("setup", at("clean", i), RegDeleteTreeA(HKEY_CURRENT_USER, path), NULL);
    }
    static const GUID *const of[] = {&GUID_DEVCLASS_NET, &GUID_DEVCLASS_DISPLAY,
                                     &GUID_DEVCLASS_MOUSE, &GUID_DEVCLASS_PORTS};
    for (int i = 0; i < 4; i++) {
        WCHAR text[200] = L"";
        HDEVINFO set = SetupDiGetClassDevsW(of[i], NULL, NULL, 0);
        SP_DEVINFO_DATA device = {.cbSize = sizeof(device)};
        say("device", at("set", i), set != INVALID_HANDLE_VALUE, NULL);
        ok = SetupDiEnumDeviceInfo(set, 0, &device);
        say("device", at("first", i), FAILED_WITH(ok), NULL);
        if (ok && SetupDiGetDeviceRegistryPropertyW(set, &device, SPDRP_DEVICEDESC, NULL,
                                                    (BYTE *)text, sizeof(text), NULL))
            say("device", at("description", i), 0, text);
        if (ok) {
            key = SetupDiOpenDevRegKey(set, &device, DICS_FLAG_GLOBAL, 0, DIREG_DRV, KEY_READ);
            say("device", at("key", i), key != INVALID_HANDLE_VALUE, NULL);
            if (key != INVALID_HANDLE_VALUE)
                say("device", at("key closed", i), RegCloseKey(key), NULL);
        }
        SetupDiDestroyDeviceInfoList(set);
        ok = SetupDiClassNameFromGuidW(of[i], text, 200, NULL);
        say("device", at("class", i), FAILED_WITH(ok), text);
        key = SetupDiOpenClassRegKeyExW(of[i], KEY_READ, DIOCR_INSTALLER, NULL, NULL);
        say("device", at("class key", i), key != INVALID_HANDLE_VALUE, NULL);
        if (key != INVALID_HANDLE_VALUE)
            RegCloseKey(key);
    }
}

static void tasks(void)
{
    ITaskService *service = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_TaskScheduler, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ITaskService, (void **)&service);
    VARIANT none = {.vt = VT_EMPTY};
    ITaskFolder *folder = NULL;
    say("task", "service", hr, NULL);
    if (hr)
        return;
    hr = ITaskService_Connect(service, none, none, none, none);
    say("task", "connect", hr, NULL);
    hr = ITaskService_GetFolder(service, NULL, &folder);
    say("task", "folder", hr, NULL);
    if (!hr)
        ITaskFolder_Release(folder);
    ITaskService_Release(service);
}

static void handles(void)
{
    HANDLE self = GetCurrentProcess(), copy = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    HKEY key;
    DWORD flags = 77;
    long err = RegCreateKeyA(HKEY_CURRENT_USER, "Software\\SweepHandle", &key);
    say("handle", "create", err, NULL);
    say("handle", "information", GetHandleInformation(key, &flags) * 256 + (long)flags, NULL);
    say("handle", "duplicate",
        DuplicateHandle(self, key, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), NULL);
    say("handle", "query",
        RegQueryInfoKeyA(copy, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        NULL);
    say("handle", "wait", (long)WaitForSingleObject(key, 0), NULL);
    say("handle", "close the duplicate", CloseHandle(copy), NULL);
    err = (long)GetSecurityInfo(key, SE_REGISTRY_KEY,
                                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, NULL, NULL,
                                NULL, NULL, &sd);
    say("handle", "security", err, NULL);
    say("handle", "set security",
        (long)SetSecurityInfo(key, SE_REGISTRY_KEY, 0, NULL, NULL, NULL, NULL), NULL);
    say("handle", "kernel security",
        GetKernelObjectSecurity(key, OWNER_SECURITY_INFORMATION, sd, 0, &flags), NULL);
    say("handle", "file type", (long)GetFileType(key), NULL);
    say("handle", "delete", RegDeleteKeyA(key, ""), NULL);
    say("handle", "close", CloseHandle(key), NULL);
    say("handle", "named security",
        (long)GetNamedSecurityInfoA((char *)"MACHINE\\Software", SE_REGISTRY_KEY,
                                    DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &sd),
        NULL);
}

int main(void)
{
    CoInitialize(NULL);
    stores();
    chains();
    providers();
    setup();
    tasks();
    handles();
    printf("calls %d\n", calls);
    return 0;
}
