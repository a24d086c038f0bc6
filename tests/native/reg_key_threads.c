/*
 * Two threads on the same key, in every pair of methods.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "rrp_fixture.h"

#include <pthread.h>

#define ROUNDS 12u

struct job {
    void (*run)(RPC_HKEY key, u32 n);
    RPC_HKEY key;
    u32 *ready;
};

static void set(RPC_HKEY key, u32 n)
{
    u8 data[600] = {0};
    set_value(key, n % 2 ? u"a" : u"b", REG_BINARY, data, 8 + n * 97 % 500);
}

static void query(RPC_HKEY key, u32 n)
{
    u8 data[600];
    DWORD type, size = sizeof data, len;
    query_value(key, n % 2 ? u"a" : u"b", &type, data, &size, &len);
}

static void erase(RPC_HKEY key, u32 n)
{
    delete_value(key, n % 2 ? u"a" : u"b");
}

static void make(RPC_HKEY key, u32 n)
{
    RPC_HKEY sub;
    if (!create_key(key, n % 2 ? u"x" : u"y\\z", 0, KEY_ALL_ACCESS, &sub))
        BaseRegCloseKey(&sub);
}

static void look(RPC_HKEY key, u32 n)
{
    RPC_HKEY sub;
    if (!open_key(key, n % 2 ? u"x" : u"y\\z", KEY_READ, &sub))
        BaseRegCloseKey(&sub);
}

static void unmake(RPC_HKEY key, u32 n)
{
    RRP_UNICODE_STRING name = str(n % 2 ? u"x" : u"y\\z");
    BaseRegDeleteKey(key, &name);
}

static void list_keys(RPC_HKEY key, u32 n)
{
    char16_t buf[300], class_buf[20];
    RRP_UNICODE_STRING name = {0, sizeof buf, buf}, out = name;
    RRP_UNICODE_STRING class_name = {0, sizeof class_buf, class_buf};
    PRPC_UNICODE_STRING class_out = NULL;
    FILETIME t;
    BaseRegEnumKey(key, n % 3, &name, &out, &class_name, &class_out, &t);
}

static void list_values(RPC_HKEY key, u32 n)
{
    char16_t buf[300];
    u8 data[600];
    RRP_UNICODE_STRING name = {0, sizeof buf, buf};
    RPC_UNICODE_STRING out = {0, sizeof buf, buf};
    DWORD type, size = sizeof data, len;
    BaseRegEnumValue(key, n % 3, &name, &out, &type, data, &size, &len);
}

static void info(RPC_HKEY key, u32 n)
{
    DWORD a, b, c, d, e;
    FILETIME t;
    (void)n;
    BaseRegQueryInfoKey(key, NULL, NULL, &a, &b, NULL, &c, &d, &e, NULL, &t);
}

static void several(RPC_HKEY key, u32 n)
{
    char data[1300];
    RRP_UNICODE_STRING a = str(u"a"), b = str(u"b");
    RVALENT in[2] = {{.ve_valuename = &a}, {.ve_valuename = &b}}, out[2];
    DWORD size = sizeof data;
    (void)n;
    BaseRegQueryMultipleValues(key, in, out, 2, data, &size);
}

static void secure(RPC_HKEY key, u32 n)
{
    u8 buf[400];
    RPC_SECURITY_DESCRIPTOR sd = {buf, sizeof buf, 0}, out = sd;
    if (!BaseRegGetKeySecurity(key, 4, &sd, &out) && n % 2) {
        sd.cbInSecurityDescriptor = out.cbOutSecurityDescriptor;
        BaseRegSetKeySecurity(key, 4, &sd);
    }
}

static void flush(RPC_HKEY key, u32 n)
{
    if (n % 4 == 0)
        BaseRegFlushKey(key);
}

static void close_again(RPC_HKEY key, u32 n)
{
    RPC_HKEY again = NULL;
    (void)n;
    if (!open_key(key, u"", KEY_READ, &again))
        BaseRegCloseKey(&again);
}

static void (*const calls[])(RPC_HKEY key, u32 n) = {
    set,     query,  erase, make,        look,      unmake,      info,
    several, secure, flush, close_again, list_keys, list_values,
};

static void *work(void *arg)
{
    const struct job *j = arg;
    __atomic_fetch_add(j->ready, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(j->ready, __ATOMIC_SEQ_CST) < 2)
        os_yield();
    for (u32 n = 0; n < ROUNDS; n++)
        j->run(j->key, n);
    return NULL;
}

static void run_pair(RPC_HKEY key, u32 a, u32 b)
{
    u32 ready = 0;
    struct job jobs[2] = {{calls[a], key, &ready}, {calls[b], key, &ready}};
    pthread_t t[2];
    for (u32 i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, &jobs[i]);
    for (u32 i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
}

static void every_pair_of_calls_on_one_key(void)
{
    struct fixture f;
    u32 n = 7, got = 0;
    DWORD type, size = 4, len;
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pairs");
    for (u32 a = 0; a < ARRAY_LEN(calls); a++)
        for (u32 b = a; b < ARRAY_LEN(calls); b++)
            run_pair(key, a, b);
    ok(!set_value(key, u"last", REG_DWORD, &n, 4), "set\n");
    ok(!query_value(key, u"last", &type, &got, &size, &len) && got == 7, "query\n");
    close_key(key);
    fixture_stop(&f);
}

START_TEST(reg_key_threads)
{
    RUN(every_pair_of_calls_on_one_key);
}
