/*
 * The functions that a host process may call; host_calls.h.
 */
#include "host_calls.h"

#include <msi.h>
#include <msiquery.h>

MSIHANDLE WINAPI MsiGetLastErrorRecord(void);

#define BRIDGE(name, bytes, rules) REMOTE(name, bytes, rules)

/* thunks.c */
#ifdef __x86_64__
#define LABEL_OF(name, bytes) "remote_" #name
#else
#define LABEL_OF(name, bytes) "_remote_" #name "@" #bytes
#endif
#define REMOTE(name, bytes, rules) \
    extern const char remote_label_##name[] __asm__(LABEL_OF(name, bytes));
#include "bridge_list.h"
#undef REMOTE

#define REMOTE(name, bytes, rules) \
    {#name, rules, (bytes) / 4, (void *)(name), (void *)(uintptr_t)remote_label_##name},
const struct host_function host_functions[] = {
#include "bridge_list.h"
};
#undef REMOTE
enum { COUNT = ARRAY_LEN(host_functions) };

/* There is a letter for each argument. */
#define REMOTE(name, bytes, rules) STATIC_ASSERT(sizeof(rules) - 1 == (bytes) / 4);
#include "bridge_list.h"

u32 host_function_count(void)
{
    return COUNT;
}

u32 host_function_list(void)
{
    u32 sum = 1;

    for (u32 i = 0; i < COUNT; i++) {
        for (const char *p = host_functions[i].name; *p; p++)
            sum = (sum ^ (u8)*p) * 16777619;
        for (const char *p = host_functions[i].rules; *p; p++)
            sum = (sum ^ (u8)*p) * 16777619;
    }
    return sum;
}

u32 host_function_find(const char *name)
{
    u32 i = 0;

    while (i < COUNT && strcmp(host_functions[i].name, name) != 0)
        i++;
    return i;
}

bool host_function_ansi(const struct host_function *f)
{
    return f->name[strlen(f->name) - 1] == 'A';
}

bool host_function_opens(const struct host_function *f)
{
    return f->ours == (void *)MsiGetActiveDatabase || f->ours == (void *)MsiCreateRecord ||
           f->ours == (void *)MsiGetLastErrorRecord;
}

#define T       uintptr_t
#define AS(...) ((UINT(WINAPI *)(__VA_ARGS__))f->ours)

u32 host_function_call(const struct host_function *f, const uintptr_t *a)
{
    switch (f->count) {
    case 0:
        return AS(void)();
    case 1:
        return AS(T)(a[0]);
    case 2:
        return AS(T, T)(a[0], a[1]);
    case 3:
        return AS(T, T, T)(a[0], a[1], a[2]);
    case 4:
        return AS(T, T, T, T)(a[0], a[1], a[2], a[3]);
    case 5:
        return AS(T, T, T, T, T)(a[0], a[1], a[2], a[3], a[4]);
    case 6:
        return AS(T, T, T, T, T, T)(a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7:
        return AS(T, T, T, T, T, T, T)(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    default:
        return AS(T, T, T, T, T, T, T, T)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    }
}
