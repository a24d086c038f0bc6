/*
 * Eight threads race to close one another's handles, a million times: only owners succeed.
 */
#include "msitest.h"

enum { THREADS = 8, SHARED = 64, CLOSES = 1000000 / THREADS };

static LONG volatile shared[SHARED];
static LONG volatile wrong, failed, tried;

static DWORD WINAPI racer(void *arg)
{
    unsigned me = (unsigned)(ULONG_PTR)arg, seed = me + 1, n = 0;

    while (n < CLOSES) {
        unsigned mine, other;
        MSIHANDLE rec = MsiCreateRecord(1), old;

        seed = seed * 1664525 + 1013904223;
        mine = (seed >> 8) % (SHARED / THREADS) * THREADS + me;
        MsiRecordSetInteger(rec, 1, (int)mine);
        old = (MSIHANDLE)InterlockedExchange(&shared[mine], (LONG)rec);
        if (old && MsiCloseHandle(old))
            InterlockedIncrement(&failed);
        for (unsigned i = 0; i < 8; i++) {
            seed = seed * 1664525 + 1013904223;
            other = (seed >> 8) % SHARED;
            if (other % THREADS == me)
                continue;
            rec = (MSIHANDLE)shared[other];
            n++;
            if (rec && MsiCloseHandle(rec) == ERROR_SUCCESS)
                InterlockedIncrement(&wrong);
        }
    }
    InterlockedExchangeAdd(&tried, (LONG)n);
    for (unsigned i = me; i < SHARED; i += THREADS) {
        MSIHANDLE rec = (MSIHANDLE)InterlockedExchange(&shared[i], 0);

        if (rec && MsiCloseHandle(rec))
            InterlockedIncrement(&failed);
    }
    return 0;
}

static void only_owners_close(void)
{
    HANDLE threads[THREADS];

    for (unsigned i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, racer, (void *)(ULONG_PTR)i, 0, NULL);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (unsigned i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
    ok(tried >= 1000000, "only %ld closes were tried\n", tried);
    ok(!wrong, "%ld closes by the wrong thread succeeded\n", wrong);
    ok(!failed, "%ld closes by the owner failed\n", failed);
}

START_TEST(race)
{
    test_dll("msi");
    if (test_builtin_dlls) {
        win_skip("any thread closes any handle\n");
        return;
    }
    RUN(only_owners_close);
}
