/*
 * What the storage tests share: a file of their own, streams with known bytes.
 */
#ifndef STG_FIXTURE_H
#define STG_FIXTURE_H

#include <unistd.h>

#include "cfb.h"
#include "os.h"
#include "stg.h"
#include "stg_root.h"
#include "test.h"
#include "utf16.h"

static char16_t path[256];

TEST_UNUSED static const char16_t *temp_path(const char *name)
{
    static char16_t other[256];
    char text[200];
    char16_t *to = path[0] ? other : path;

    /* in memory: a thousand commits wait two thousand times for a disk */
    snprintf(text, sizeof(text), "%s/decanter-stg-%d-%s",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", (int)getpid(), name);
    to[u16_from_utf8(to, 255, text, strlen(text), false)] = 0;
    return to;
}

TEST_UNUSED static void fixture(void)
{
    path[0] = 0;
    temp_path("file");
    os_remove(path);
}

TEST_UNUSED static u8 byte_of(u32 seed, u64 i)
{
    u32 mixed = seed * 2654435761u; /* the same in the process that looks after a kill */

    return (u8)(mixed >> (i % 4 * 8) ^ (i >> 7));
}

TEST_UNUSED static u32 put(struct stg *s, const char *name, u32 seed, size_t len)
{
    char16_t *wide = u16_dup_utf8(name);
    u8 *data = malloc(len + 1);
    u32 err;

    for (size_t i = 0; i < len; i++)
        data[i] = byte_of(seed, i);
    err = wide ? stg_set_bytes(s, wide, data, len) : ERROR_OUTOFMEMORY;
    free(data);
    os_free(wide);
    return err;
}

/* Whether the stream is there with the bytes of put(seed, len). */
TEST_UNUSED static bool has(struct stg *s, const char *name, u32 seed, size_t len)
{
    char16_t *wide = u16_dup_utf8(name);
    size_t got = 0;
    u8 *data = NULL;
    u32 err = stg_read_all(s, wide, &data, &got);
    bool good = !err && got == len;

    for (size_t i = 0; good && i < len; i++)
        good = data[i] == byte_of(seed, i);
    if (!err)
        os_free(data);
    os_free(wide);
    return good;
}

TEST_UNUSED static u64 file_size(void)
{
    struct os_file *f;
    u64 size = 0;

    if (!os_open(path, OS_READ, &f)) {
        os_size(f, &size);
        os_close(f);
    }
    return size;
}

TEST_UNUSED static struct stg *must_open(u32 flags)
{
    struct stg *s = NULL;
    u32 err = stg_open(path, flags, &s);

    ok(!err, "open: %u\n", err);
    return s;
}

TEST_UNUSED static void make_file(u32 streams, size_t len)
{
    struct stg *s;
    u32 err = stg_create(path, 0, &s);

    ok(!err, "create: %u\n", err);
    for (u32 i = 0; i < streams; i++) {
        char name[32];

        snprintf(name, sizeof(name), "s%u", i);
        ok(!put(s, name, i, len), "put\n");
    }
    err = stg_commit(s);
    ok(!err, "commit: %u\n", err);
    stg_close(s);
}

/* What a file over 2 GB goes through, on a small one. */
TEST_UNUSED static void upgrade(struct stg *s)
{
    u32 err = cfb_space_load(s->c);

    if (!err)
        err = cfb_upgrade(s->c);
    ok(!err, "upgrade: %u\n", err);
}

#endif
