/*
 * A process that commits again and again is killed at random instants. What it leaves is the state
 * of one commit: the last one that returned, or the one that was under way.
 *
 * DECANTER_KILLS sets how often; every so often msiinfo, where it is installed, reads the file too.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hash.h"
#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "test.h"
#include "utf16.h"

enum { STREAMS = 24, MSIINFO_EVERY = 10 };

static char path8[128];
static char16_t path[128];

static size_t size_of(u32 generation, u32 i)
{
    u32 r = hash_shared(&(u32){generation * 64 + i}, 4);

    return i == 0 ? 600000 + r % 100000 : i % 3 ? r % 4000 : r % 40000;
}

static u8 byte_of(u32 generation, u32 i)
{
    return (u8)hash_shared(&(u32){generation ^ i << 20}, 4);
}

static void name_of(u32 i, char16_t name[8])
{
    name[0] = 's';
    name[1] = (char16_t)('a' + i);
    name[2] = 0;
}

/* In a generation a third of the streams changes; `i` changed last in this one. */
static u32 last_change(u32 generation, u32 i)
{
    return i == 0 ? generation & ~7u : generation - (generation + i) % 3;
}

static bool is_there(u32 generation, u32 i)
{
    return hash_shared(&(u32){generation * 7 + i}, 4) % 8 != 0;
}

static u32 set_stream(struct stg *s, u32 generation, u32 i)
{
    static u8 data[800000];
    char16_t name[8];
    size_t n = size_of(generation, i);

    name_of(i, name);
    if (!is_there(generation, i))
        return stg_kind_of(s, name) ? stg_remove(s, name) : 0;
    memset(data, byte_of(generation, i), n);
    return stg_set_bytes(s, name, data, n);
}

static u32 next_generation(struct stg *s, u32 generation)
{
    u32 err = stg_set_bytes(s, u"generation", &generation, sizeof(generation));

    for (u32 i = 0; i < STREAMS && !err; i++)
        if (last_change(generation, i) == generation)
            err = set_stream(s, generation, i);
    return err ? err : stg_commit(s);
}

static bool is_whole(struct stg *s, u32 generation, u32 i)
{
    u32 g = last_change(generation, i);
    char16_t name[8];
    size_t len;
    u8 *data;
    bool good;

    name_of(i, name);
    if (!is_there(g, i))
        return stg_kind_of(s, name) == STG_NONE;
    if (stg_read_all(s, name, &data, &len))
        return false;
    good = len == size_of(g, i);
    for (size_t k = 0; good && k < len; k++)
        good = data[k] == byte_of(g, i);
    os_free(data);
    return good;
}

/* The generation that the file holds whole, or 0. */
static u32 check_file(void)
{
    struct stg *s;
    u32 generation = 0;
    size_t len;
    u8 *data;
    u32 err = stg_open(path, STG_READ, &s);

    ok(!err, "open: %u\n", err);
    if (err)
        return 0;
    err = stg_read_all(s, u"generation", &data, &len);
    ok(!err && len == 4, "generation: %u\n", err);
    if (!err) {
        memcpy(&generation, data, sizeof(generation));
        os_free(data);
        for (u32 i = 0; i < STREAMS; i++)
            ok(is_whole(s, generation, i), "generation %u, stream %u\n", generation, i);
    }
    stg_close(s);
    return generation;
}

/* The class of a database and a string pool with nothing in it, so that msiinfo takes the file. */
static void start_file(void)
{
    static const u8 class[16] = {0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
    static const u8 pool[4] = {0xe4, 4, 0, 0};
    char16_t name[NAME_STORED_MAX + 1];
    struct stg *s;
    u32 err;

    os_remove(path);
    ok(!stg_create(path, 0, &s) && !stg_set_class(s, class), "create\n");
    ok(!name_encode(u"_StringPool", 11, true, name) && !stg_set_bytes(s, name, pool, 4), "pool\n");
    ok(!name_encode(u"_StringData", 11, true, name) && !stg_set_bytes(s, name, "", 0), "data\n");
    for (u32 g = 64; g < 68; g++) {
        for (u32 i = 0; g == 64 && i < STREAMS; i++)
            ok(!set_stream(s, last_change(g, i), i), "set\n");
        err = next_generation(s, g);
        ok(!err, "generation: %u\n", err);
    }
    stg_close(s);
}

static void work(u32 from, int out)
{
    struct stg *s;

    if (stg_open(path, STG_WRITE | STG_DENY_WRITE, &s))
        _exit(1);
    for (u32 g = from + 1;; g++)
        if (next_generation(s, g) || write(out, &g, sizeof(g)) != sizeof(g))
            _exit(1);
}

/* Lets a child work for a while and kills it. Returns the last generation that it finished. */
static u32 kill_one(u32 from, u32 chance)
{
    int ends[2];
    u32 done = from;
    u32 g;
    pid_t child;
    int status;

    if (pipe(ends))
        return 0;
    child = fork();
    if (child == 0)
        work(from, ends[1]);
    close(ends[1]);
    /* not before it works: that it opened the file says nothing */
    if (chance % 4 && read(ends[0], &g, sizeof(g)) == sizeof(g))
        done = g;
    usleep(chance % 12000);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ok(WIFSIGNALED(status), "the child ended by itself: %x\n", (unsigned)status);
    while (read(ends[0], &g, sizeof(g)) == sizeof(g))
        done = g;
    close(ends[0]);
    return done;
}

static bool msiinfo_reads(void)
{
    char command[200];

    snprintf(command, sizeof(command), "msiinfo streams %s > /dev/null 2>&1", path8);
    return system(command) == 0;
}

static void a_killed_commit_leaves_one_state(void)
{
    const char *times = getenv("DECANTER_KILLS");
    bool msiinfo = system("command -v msiinfo > /dev/null") == 0;
    u32 kills = times ? (u32)atoi(times) : 60;
    u32 now, first;

    snprintf(path8, sizeof(path8), "/tmp/decanter-kill-%d", (int)getpid());
    path[u16_from_utf8(path, 127, path8, strlen(path8), false)] = 0;
    start_file();
    now = first = check_file();
    for (u32 i = 0; i < kills && now; i++) {
        u32 done = kill_one(now, hash_shared(&(u32){i + (u32)getpid()}, 4));

        now = check_file();
        ok(now >= done && now <= done + 1, "finished %u, found %u\n", done, now);
        if (msiinfo && i % MSIINFO_EVERY == 0)
            ok(msiinfo_reads(), "msiinfo does not read generation %u\n", now);
    }
    ok(now > first, "no commit was finished\n");
    printf("%u kills, %u commits\n", kills, now - first);
    os_remove(path);
}

START_TEST(msi_stg_kill)
{
    RUN(a_killed_commit_leaves_one_state);
}
