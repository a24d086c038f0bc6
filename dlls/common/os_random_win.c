/*
 * Random numbers for what others must not guess: the seeds of hashes, the names of new files.
 *
 * What advapi32 and bcrypt have for that is out of reach: the one is ours, and to load the other
 * is not for a DLL that may be loaded early. So two keys are made once in the process, of what the
 * system has that is random - RtlGenRandom where cryptbase is there, as on Windows; the numbers of
 * interrupts, which Wine answers with random bytes - with the clock and addresses beside it, and a
 * counter goes through both.
 */
#include <windows.h>

#include "os.h"

#define INTERRUPTS 23
#define ROOM       1024u

typedef LONG(WINAPI *query_function)(ULONG what, void *buf, ULONG size, ULONG *got);
typedef BOOLEAN(WINAPI *random_function)(void *buf, ULONG size);

static u64 mix(u64 x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static u64 clock_now(void)
{
    LARGE_INTEGER count;

    QueryPerformanceCounter(&count);
    return (u64)count.QuadPart;
}

static FARPROC function_of(const WCHAR *dll, const char *name)
{
    HMODULE found = GetModuleHandleW(dll);

    return found ? GetProcAddress(found, name) : NULL;
}

/* Never 0. */
static u64 gather(void)
{
    random_function random =
        (random_function)(void *)function_of(L"cryptbase.dll", "SystemFunction036");
    query_function query =
        (query_function)(void *)function_of(L"ntdll.dll", "NtQuerySystemInformation");
    u64 words[ROOM / sizeof(u64)] = {0};
    u64 all = mix(clock_now() ^ (u64)(uintptr_t)words);
    ULONG got = 0;

    if (query)
        query(INTERRUPTS, words, ROOM, &got);
    if (random)
        random(words, 64);
    all = mix(all ^ (u64)GetCurrentThreadId() << 32 ^ GetCurrentProcessId());
    all = mix(all ^ (u64)(uintptr_t)GetProcessHeap());
    for (u32 i = 0; i < ROOM / sizeof(u64); i++)
        all = mix((all + 0x9e3779b97f4a7c15) ^ words[i]);
    return mix(all ^ clock_now()) | 1;
}

static u64 key(u32 which)
{
    static u64 keys[2];
    u64 none = 0, made, is = __atomic_load_n(&keys[which], __ATOMIC_ACQUIRE);

    if (is)
        return is;
    made = gather();
    return __atomic_compare_exchange_n(&keys[which], &none, made, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE)
               ? made
               : none;
}

void os_random(void *buf, size_t n)
{
    static u64 state;
    u8 *to = buf;

    for (size_t i = 0; i < n; i++) {
        u64 x = __atomic_add_fetch(&state, 0x9e3779b97f4a7c15, __ATOMIC_RELAXED) ^ clock_now();

        to[i] = (u8)(mix(mix(x ^ key(0)) + key(1)) >> 32);
    }
}
