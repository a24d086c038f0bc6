/*
 * The registry functions at several sizes: SIZE keys in one parent, each with a value.
 * usage: registry.exe [SIZE ...]      (1000 20000 200000 without)
 */
#include "bench.h"

static const WCHAR root_name[] = L"Software\\DecanterBench";
static unsigned size; /* of what is measured */

/* Made before the clock starts: making a name costs as much as opening a key may. */
static WCHAR (*key_names)[16];

static void make_names(void)
{
    key_names = malloc(size * sizeof(*key_names));
    if (!key_names)
        exit(1);
    for (unsigned i = 0; i < size; i++)
        swprintf(key_names[i], 16, L"Key%07u", i * 7919u % 10000019u);
}

static HKEY open_root(void)
{
    HKEY root;

    bench_must(RegCreateKeyExW(HKEY_CURRENT_USER, root_name, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                               &root, NULL),
               "create the root");
    return root;
}

static void create_keys(HKEY root)
{
    for (unsigned i = 0; i < size; i++) {
        HKEY key;

        bench_must(
            RegCreateKeyExW(root, key_names[i], 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
            "create a key");
        RegCloseKey(key);
    }
}

static void set_values(HKEY root)
{
    static const WCHAR text[] = L"a value of ordinary length";
    for (unsigned i = 0; i < size; i++) {
        HKEY key;

        bench_must(RegOpenKeyExW(root, key_names[i], 0, KEY_SET_VALUE, &key), "open to set");
        bench_must(RegSetValueExW(key, L"Value", 0, REG_SZ, (const BYTE *)text, sizeof(text)),
                   "set a value");
        RegCloseKey(key);
    }
}

static void open_close(HKEY root, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        HKEY key;

        bench_must(RegOpenKeyExW(root, key_names[i * 31 % size], 0, KEY_READ, &key), "open a key");
        RegCloseKey(key);
    }
}

static void query(HKEY key, unsigned count)
{
    BYTE data[128];

    for (unsigned i = 0; i < count; i++) {
        DWORD n = sizeof(data), type;

        bench_must(RegQueryValueExW(key, L"Value", NULL, &type, data, &n), "query a value");
    }
}

static void set_one(HKEY key, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bench_must(RegSetValueExW(key, L"Number", 0, REG_DWORD, (const BYTE *)&i, sizeof(i)),
                   "set a number");
}

static void enumerate(HKEY root, unsigned count)
{
    WCHAR name[64];

    for (unsigned i = 0; i < count; i++) {
        DWORD n = ARRAYSIZE(name);

        bench_must(RegEnumKeyExW(root, i, name, &n, NULL, NULL, NULL, NULL), "enumerate");
    }
}

/* What a thread does `count` times: with a key it reads a value, without it counts, which shows
 * what the machine gives to two threads at best. */
struct reader {
    HKEY key;
    unsigned count;
};

static DWORD WINAPI reader_thread(void *arg)
{
    struct reader *r = arg;

    if (r->key)
        query(r->key, r->count);
    for (volatile unsigned i = 0; !r->key && i < r->count; i++)
        continue;
    return 0;
}

static double read_on(int count, struct reader *r)
{
    HANDLE threads[2];
    double start = bench_now();

    for (int i = 0; i < count; i++)
        threads[i] = CreateThread(NULL, 0, reader_thread, r, 0, NULL);
    WaitForMultipleObjects(count, threads, TRUE, INFINITE);
    for (int i = 0; i < count; i++)
        CloseHandle(threads[i]);
    return bench_now() - start;
}

#define TURNS 25

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* How many times as much two threads do as one: the median of so many turns of one thread and
 * two, close together, for the machine is not equally fast at any two moments. */
static double gain_of_two(struct reader *r)
{
    double gains[TURNS];

    for (int i = 0; i < TURNS; i++) {
        double one = read_on(1, r);

        gains[i] = 2 * one / read_on(2, r);
    }
    qsort(gains, TURNS, sizeof(gains[0]), by_size);
    return gains[TURNS / 2];
}

/* How often to do it so that it takes 30 ms: starting threads does not count then. */
static unsigned worth_a_thread(struct reader r)
{
    r.count = 2000;
    return (unsigned)(30e6 / (read_on(1, &r) / r.count)) + 1;
}

static void read_on_two(HKEY key)
{
    struct reader reads = {key, 0}, counts = {NULL, 0};

    reads.count = worth_a_thread(reads);
    counts.count = worth_a_thread(counts);
    printf("RegQueryValueEx at %u: two threads do %.2f times the work of one, "
           "of mere counting %.2f times\n",
           size, gain_of_two(&reads), gain_of_two(&counts));
}

static void at_size(unsigned wanted)
{
    unsigned count = 20000;
    HKEY root, key;

    size = wanted;
    make_names();
    root = open_root();
    BENCH("RegCreateKeyEx, RegCloseKey", size, 1, size, create_keys(root));
    BENCH("open, RegSetValueEx of a new value, close", size, 1, size, set_values(root));
    BENCH("RegOpenKeyEx, RegCloseKey", size, 3, count, open_close(root, count));
    bench_must(RegOpenKeyExW(root, key_names[size / 2], 0, KEY_ALL_ACCESS, &key),
               "open the middle");
    BENCH("RegQueryValueEx", size, 3, count, query(key, count));
    read_on_two(key);
    BENCH("RegSetValueEx of a number", size, 3, count, set_one(key, count));
    RegCloseKey(key);
    BENCH("RegEnumKeyEx", size, 3, size, enumerate(root, size));
    RegCloseKey(root);
    BENCH("RegDeleteTree", size, 1, size,
          bench_must(RegDeleteTreeW(HKEY_CURRENT_USER, root_name), "delete the tree"));
    free(key_names);
}

int main(int argc, char **argv)
{
    static const unsigned usual[] = {1000, 20000, 200000};

    for (int i = 1; i < argc; i++)
        at_size((unsigned)atoi(argv[i]));
    for (unsigned i = 0; argc < 2 && i < ARRAYSIZE(usual); i++)
        at_size(usual[i]);
    return 0;
}
