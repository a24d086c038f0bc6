/*
 * One root used from several threads: each sees its own streams as it left them, whoever commits.
 */
#include <pthread.h>

#include "hash.h"
#include "os.h"
#include "stg.h"
#include "test.h"
#include "utf16.h"

enum { THREADS = 4, ROUNDS = 150 };

static struct stg *root;

static u32 set(const char16_t *name, u32 seed)
{
    static const size_t sizes[] = {10, 900, 5000, 600000};
    size_t n = seed % 37 == 0 ? sizes[3] : sizes[seed % 3];
    u8 *data = malloc(n);
    u32 err;

    memset(data, (int)seed, n);
    err = stg_set_bytes(root, name, data, n);
    free(data);
    return err;
}

static bool holds(const char16_t *name, u32 seed)
{
    size_t len;
    u8 *data;
    bool good;

    if (stg_read_all(root, name, &data, &len))
        return false;
    good = data[0] == (u8)seed && data[len - 1] == (u8)seed;
    os_free(data);
    return good;
}

static void read_slowly(const char16_t *name, u32 seed)
{
    struct stg_stream *st;
    u8 byte = 0;
    u32 got;

    if (stg_stream_open(root, name, &st))
        return;
    for (u64 at = 0; at < stg_stream_size(st); at += 1000) {
        ok(!stg_stream_read(st, at, &byte, 1, &got) && got == 1, "read\n");
        ok(byte == (u8)seed, "another byte\n");
    }
    stg_stream_close(st);
}

static void *work(void *arg)
{
    u32 me = (u32)(uintptr_t)arg;
    char16_t mine[2] = {(char16_t)('a' + me), 0};
    char16_t also[3] = {'x', (char16_t)('a' + me), 0};

    for (u32 i = 1; i <= ROUNDS; i++) {
        u32 seed = me * 1000 + i;
        struct stg_list l;

        ok(!set(mine, seed), "set\n");
        ok(holds(mine, seed), "thread %u, round %u\n", me, i);
        if (i % 5 == me)
            ok(!stg_commit(root), "commit\n");
        ok(holds(mine, seed), "thread %u, round %u, committed\n", me, i);
        read_slowly(mine, seed);
        ok(!stg_rename(root, mine, also) && !stg_rename(root, also, mine), "rename\n");
        if (i % 7 == 0)
            ok(!stg_remove(root, mine), "remove\n");
        if (!stg_list(root, &l))
            stg_list_free(&l);
    }
    return NULL;
}

static void threads_share_a_root(void)
{
    char16_t path[128];
    char text[64];
    pthread_t threads[THREADS];

    snprintf(text, sizeof(text), "%s/decanter-threads-%d",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", (int)getpid());
    path[u16_from_utf8(path, 127, text, strlen(text), false)] = 0;
    os_remove(path);
    ok(!stg_create(path, 0, &root), "create\n");
    for (u32 i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)i);
    for (u32 i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ok(!stg_commit(root), "commit\n");
    stg_close(root);
    ok(!stg_open(path, STG_READ, &root), "open\n");
    for (u32 i = 0; i < THREADS; i++) {
        char16_t name[2] = {(char16_t)('a' + i), 0};

        ok(holds(name, i * 1000 + ROUNDS), "thread %u's stream\n", i);
    }
    stg_close(root);
    os_remove(path);
}

START_TEST(msi_stg_threads)
{
    RUN(threads_share_a_root);
}
