/*
 * Keys with many values: what is asked of one at several sizes, in the process that made them and
 * in one that comes to them later.
 * usage: values.exe [SIZE ...]      (100 10000 60000 without)
 */
#include "bench.h"

static const WCHAR key_name[] = L"Software\\DecanterBenchValues";
static unsigned size; /* of what is measured */
static WCHAR (*names)[20];

/* Names in no order. From `size` on they are of values that are not there. */
static void make_names(void)
{
    names = malloc(2 * size * sizeof(*names));
    if (!names)
        exit(1);
    for (unsigned i = 0; i < 2 * size; i++)
        swprintf(names[i], 20, L"Value%08u", i * 7919u % 10000019u);
}

/* Another one of the `size` each time, in no order. */
static const WCHAR *pick(unsigned i)
{
    return names[i * 65537ull % size];
}

static HKEY open_key(void)
{
    HKEY key;

    bench_must(
        RegCreateKeyExW(HKEY_CURRENT_USER, key_name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
        "create the key");
    return key;
}

static void set(HKEY key, const WCHAR *name)
{
    static const WCHAR text[] = L"a value of ordinary length";

    bench_must(RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, sizeof(text)), "set");
}

static void query(HKEY key, unsigned count, unsigned from, LSTATUS right)
{
    BYTE data[128];

    for (unsigned i = 0; i < count; i++) {
        DWORD n = sizeof(data), type;

        bench_must(RegQueryValueExW(key, from ? names[from + i % size] : pick(i), NULL, &type, data,
                                    &n) != right,
                   "query");
    }
}

static void enumerate(HKEY key)
{
    WCHAR name[64];

    for (unsigned i = 0; i < size; i++) {
        DWORD n = ARRAYSIZE(name);

        bench_must(RegEnumValueW(key, i, name, &n, NULL, NULL, NULL, NULL), "enumerate");
    }
}

static void set_new(HKEY key, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        set(key, names[size + i]);
}

static void delete_some(HKEY key, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bench_must(RegDeleteValueW(key, pick(i)), "delete");
}

static void fill(HKEY key)
{
    for (unsigned i = 0; i < size; i++)
        set(key, names[i]);
}

/* As programs empty a key. */
static void delete_first(HKEY key)
{
    WCHAR name[64];

    for (unsigned i = 0; i < size; i++) {
        DWORD n = ARRAYSIZE(name);

        bench_must(RegEnumValueW(key, 0, name, &n, NULL, NULL, NULL, NULL), "the first");
        bench_must(RegDeleteValueW(key, name), "delete the first");
    }
}

/* Another process at the same key; its first look counts with the rest. */
static void in_fresh_process(const char *what)
{
    char path[MAX_PATH], command[MAX_PATH + 64];
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION made;

    GetModuleFileNameA(NULL, path, sizeof(path));
    snprintf(command, sizeof(command), "\"%s\" --%s %u", path, what, size);
    bench_must(!CreateProcessA(path, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &made),
               "start a process");
    WaitForSingleObject(made.hProcess, INFINITE);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

static int fresh(const char *what, unsigned wanted)
{
    unsigned count = wanted / 2 < 5000 ? wanted / 2 : 5000;
    HKEY key;

    size = wanted;
    make_names();
    key = open_key();
    if (!strcmp(what, "--query"))
        BENCH("fresh process: RegQueryValueEx", size, 1, 20000, query(key, 20000, 0, 0));
    if (!strcmp(what, "--absent"))
        BENCH("fresh process: RegQueryValueEx of none", size, 1, 20000,
              query(key, 20000, size, ERROR_FILE_NOT_FOUND));
    if (!strcmp(what, "--set"))
        BENCH("fresh process: a new value", size, 1, count, set_new(key, count));
    if (!strcmp(what, "--delete"))
        BENCH("fresh process: RegDeleteValue", size, 1, count, delete_some(key, count));
    RegCloseKey(key);
    return 0;
}

static void remove_new(HKEY key, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bench_must(RegDeleteValueW(key, names[size + i]), "delete a new one");
}

static void put_back(HKEY key, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        set(key, pick(i));
}

static void at_size(unsigned wanted)
{
    unsigned count = wanted / 2 < 5000 ? wanted / 2 : 5000;
    HKEY key;

    size = wanted;
    make_names();
    RegDeleteKeyW(HKEY_CURRENT_USER, key_name); /* an interrupted run may have left it */
    key = open_key();
    BENCH("RegSetValueEx, from none on", size, 1, size, fill(key));
    BENCH("RegQueryValueEx", size, 3, 20000, query(key, 20000, 0, 0));
    BENCH("RegQueryValueEx of none", size, 3, 20000, query(key, 20000, size, ERROR_FILE_NOT_FOUND));
    BENCH("RegEnumValue", size, 3, size, enumerate(key));
    in_fresh_process("query");
    in_fresh_process("absent");
    BENCH("a new value", size, 1, count, set_new(key, count));
    remove_new(key, count);
    in_fresh_process("set");
    remove_new(key, count);
    BENCH("RegDeleteValue", size, 1, count, delete_some(key, count));
    put_back(key, count);
    in_fresh_process("delete");
    put_back(key, count);
    BENCH("RegDeleteValue of the first, to none", size, 1, size, delete_first(key));
    RegCloseKey(key);
    RegDeleteKeyW(HKEY_CURRENT_USER, key_name);
    free(names);
}

int main(int argc, char **argv)
{
    static const unsigned usual[] = {100, 10000, 60000};

    if (argc == 3 && argv[1][0] == '-')
        return fresh(argv[1], (unsigned)atoi(argv[2]));
    for (int i = 1; i < argc; i++)
        at_size((unsigned)atoi(argv[i]));
    for (unsigned i = 0; argc < 2 && i < ARRAYSIZE(usual); i++)
        at_size(usual[i]);
    return 0;
}
