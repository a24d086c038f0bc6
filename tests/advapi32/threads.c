/* Many threads on one registry. */
#include "fixture.h"

enum { THREADS = 8, ROUNDS = 300 };

static HKEY shared;
static volatile LONG wrong;

static void must(LONG err)
{
    if (err)
        InterlockedIncrement(&wrong);
}

/* A key of its own, made, filled, read and deleted again and again. */
static DWORD WINAPI live_alone(void *number)
{
    char name[20];
    sprintf(name, "t%u", (unsigned)(ULONG_PTR)number);
    for (DWORD i = 0; i < ROUNDS; i++) {
        DWORD value = 0, size = sizeof(value);
        HKEY key = NULL;
        must(RegCreateKeyExA(shared, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL));
        must(RegSetValueExA(key, "v", 0, REG_DWORD, (const BYTE *)&i, sizeof(i)));
        must(RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)&value, &size));
        must(value != i);
        must(RegCloseKey(key));
        must(RegDeleteKeyA(shared, name));
    }
    return 0;
}

/* A value that others write; it is always one of those written, whole. */
static DWORD WINAPI share_a_value(void *number)
{
    BYTE in[64], out[64];
    memset(in, (int)(ULONG_PTR)number, sizeof(in));
    for (DWORD i = 0; i < ROUNDS; i++) {
        DWORD size = sizeof(out);
        must(RegSetValueExA(shared, "both", 0, REG_BINARY, in, sizeof(in)));
        must(RegQueryValueExA(shared, "both", NULL, NULL, out, &size));
        must(size != sizeof(out));
        for (DWORD j = 1; j < sizeof(out); j++)
            must(out[j] != out[0]);
    }
    return 0;
}

static HKEY volatile racing;

/* Of all that close one handle, one succeeds. */
static volatile LONG closed;

static DWORD WINAPI close_it(void *unused)
{
    (void)unused;
    if (!RegCloseKey(racing))
        InterlockedIncrement(&closed);
    return 0;
}

static void run_all(DWORD(WINAPI *function)(void *))
{
    HANDLE threads[THREADS];
    for (ULONG_PTR i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, function, (void *)(i + 1), 0, NULL);
    ok(WaitForMultipleObjects(THREADS, threads, TRUE, 120000) != WAIT_TIMEOUT, "they hang\n");
    for (int i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
}

static void keys_of_their_own(void)
{
    FIXTURE(key);
    DWORD subkeys = 9;
    shared = key;
    wrong = 0;
    run_all(live_alone);
    ok(!wrong, "%ld wrong\n", wrong);
    RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    ok(!subkeys, "%lu are left\n", subkeys);
    END(key);
}

static void one_value_for_all(void)
{
    FIXTURE(key);
    shared = key;
    wrong = 0;
    run_all(share_a_value);
    ok(!wrong, "%ld wrong\n", wrong);
    END(key);
}

static void one_handle_closes_once(void)
{
    FIXTURE(key);
    if (test_builtin_dlls) {
        skip("Wine's own closes kernel handles\n");
    } else {
        for (int i = 0; i < 20; i++) {
            racing = make_key(key, "");
            closed = 0;
            run_all(close_it);
            ok(closed == 1, "closed %ld times\n", closed);
        }
    }
    END(key);
}

static DWORD WINAPI first_use(void *unused)
{
    HKEY key = NULL;
    (void)unused;
    must(RegOpenKeyExA(HKEY_CURRENT_USER, "Software", 0, KEY_READ, &key));
    must(RegCloseKey(key));
    return 0;
}

START_TEST(threads)
{
    test_dll("advapi32");
    run_all(first_use); /* the server's start is raced for */
    ok(!wrong, "%ld wrong at the first use\n", wrong);
    RUN(keys_of_their_own);
    RUN(one_value_for_all);
    RUN(one_handle_closes_once);
}
