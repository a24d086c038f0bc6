/*
 * What the tests of hostile surroundings have in common, over share_fixture.h: a hive in the test's
 * folder, and files beside it.
 */
#ifndef DECANTER_FAULTS_FIXTURE_H
#define DECANTER_FAULTS_FIXTURE_H

#include "share_fixture.h"

TEST_UNUSED static struct hive *open_hive(u32 flags)
{
    struct hive *h = NULL;
    u32 err = hive_open(share_path, flags, &h);

    ok(!err, "open: %u\n", err);
    if (err)
        exit(1);
    return h;
}

TEST_UNUSED static const char *path_of(const char *name)
{
    static char path[4][600];
    static u32 turn;
    char *to = path[turn++ % 4];

    snprintf(to, sizeof(path[0]), "%s/%s", share_folder, name);
    return to;
}

TEST_UNUSED static void wide(const char *name, char16_t *to)
{
    const char *path = path_of(name);

    to[u16_from_utf8(to, 299, path, strlen(path), false)] = 0;
}

/* A hive with some content that nobody has open. */
TEST_UNUSED static void make_hive(u64 pieces)
{
    struct hive *h = open_hive(HIVE_CREATE);

    for (u64 n = 1; n <= pieces; n++)
        ok(!share_work(h, 0, n), "work\n");
    hive_close(h);
}

TEST_UNUSED static void put(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "wb");

    fputs(text, f);
    fclose(f);
}

TEST_UNUSED static bool holds(const char *name, const char *text)
{
    char have[64] = "";
    FILE *f = fopen(path_of(name), "rb");
    size_t n = f ? fread(have, 1, sizeof(have) - 1, f) : 0;

    if (f)
        fclose(f);
    return n == strlen(text) && !memcmp(have, text, n);
}

TEST_UNUSED static void wait_opened(u32 i)
{
    while (!__atomic_load_n(&progress[i].opened, __ATOMIC_SEQ_CST))
        os_sleep(1);
}

TEST_UNUSED static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    share_wait(pid);
}

#endif
