/*
 * Products and their components, by the registry: every product with a name and a version, every
 * component with a client and its path.
 *
 * Products have 4 components and 2 features each; the argument is how many there are.
 * BENCH_PRODUCTS is the largest number to try: some engines are quadratic. What is measured with
 * fewer counts by the product all the same; a third column says how many there were.
 */
#include "bench.h"

#include <msi.h>

#define CLASSES        L"Software\\Classes\\Installer\\"
#define DATA           L"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\"
#define KIND_PRODUCT   'A'
#define KIND_COMPONENT 'B'

enum { COMPONENTS = 4 };

static unsigned size;

/* --- the registry -------------------------------------------------------------------------------
 */

/* The packed code of a thing: eight digits of a number, and its kind in all others. */
static void packed(WCHAR to[33], unsigned n, WCHAR kind)
{
    for (int i = 0; i < 32; i++)
        to[i] = i < 8 ? L"0123456789ABCDEF"[n >> (4 * i) & 15] : kind;
    to[32] = 0;
}

static void put(const WCHAR *path, const WCHAR *name, DWORD type, const void *data, DWORD bytes)
{
    HKEY key;

    bench_must((unsigned)RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0,
                                         KEY_WRITE | KEY_WOW64_64KEY, NULL, &key, NULL),
               "create a key");
    bench_must((unsigned)RegSetValueExW(key, name, 0, type, data, bytes), "set a value");
    RegCloseKey(key);
}

static void text(const WCHAR *path, const WCHAR *name, const WCHAR *value)
{
    put(path, name, REG_SZ, value, (DWORD)((lstrlenW(value) + 1) * sizeof(WCHAR)));
}

static void make_product(unsigned n)
{
    WCHAR code[33], component[33], path[300];
    DWORD one = 1;

    packed(code, n, KIND_PRODUCT);
    swprintf(path, ARRAYSIZE(path), CLASSES L"Products\\%ls", code);
    text(path, L"ProductName", L"Product");
    swprintf(path, ARRAYSIZE(path), CLASSES L"Features\\%ls", code);
    text(path, L"Main", L"");
    text(path, L"Extra", L"");
    swprintf(path, ARRAYSIZE(path), DATA L"Products\\%ls\\InstallProperties", code);
    put(path, L"WindowsInstaller", REG_DWORD, &one, sizeof(one));
    text(path, L"LocalPackage", L"C:\\windows\\Installer\\p.msi");
    text(path, L"DisplayVersion", L"1.2.3");
    swprintf(path, ARRAYSIZE(path), DATA L"Products\\%ls\\Features", code);
    text(path, L"Main", L"");
    text(path, L"Extra", L"");
    for (unsigned i = 0; i < COMPONENTS; i++) {
        packed(component, n * COMPONENTS + i, KIND_COMPONENT);
        swprintf(path, ARRAYSIZE(path), DATA L"Components\\%ls", component);
        text(path, code, L"C:\\windows\\notepad.exe");
    }
}

/* --- what is measured ---------------------------------------------------------------------------
 */

static void properties(void)
{
    WCHAR code[39], value[100];
    unsigned n = 0;

    for (; !MsiEnumProductsW(n, code); n++) {
        DWORD a = ARRAYSIZE(value), b = ARRAYSIZE(value);

        bench_must(MsiGetProductInfoW(code, L"ProductName", value, &a), "the name");
        bench_must(MsiGetProductInfoW(code, L"VersionString", value, &b), "the version");
    }
    bench_must(n < size, "enumerate products");
}

static void products_ex(void)
{
    WCHAR code[39];
    unsigned n = 0;

    while (!MsiEnumProductsExW(NULL, NULL, MSIINSTALLCONTEXT_ALL, n, code, NULL, NULL, NULL))
        n++;
    bench_must(n < size, "enumerate products of all contexts");
}

static void clients(void)
{
    WCHAR component[39], client[39], path[MAX_PATH];
    unsigned n = 0;

    for (; !MsiEnumComponentsW(n, component); n++) {
        DWORD room = ARRAYSIZE(path);

        bench_must(MsiEnumClientsW(component, 0, client), "a client");
        bench_must(MsiGetComponentPathW(client, component, path, &room) == INSTALLSTATE_UNKNOWN,
                   "a path");
    }
    bench_must(n < size * COMPONENTS, "enumerate components");
}

int main(int argc, char **argv)
{
    unsigned wanted = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
    const char *most = getenv("BENCH_PRODUCTS");

    size = most && (unsigned)atoi(most) < wanted ? (unsigned)atoi(most) : wanted;
    bench_instead = size < wanted ? size : 0;
    for (unsigned i = 0; i < size; i++)
        make_product(i);
    BENCH("MsiEnumProducts, name and version of each", wanted, 2, size, properties());
    BENCH("MsiEnumProductsEx", wanted, 2, size, products_ex());
    BENCH("MsiEnumComponents, client and path of each", wanted, 2, size * COMPONENTS, clients());
    return 0;
}
