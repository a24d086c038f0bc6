/*
 * What a file that was damaged or given up still has: broken streams are read as far as they go,
 * and a root that replaces a file and is given up takes it along.
 */
#include "cfb_format.h"
#include "stg_fixture.h"

enum { LONG_STREAM = 20000 };

/* Reads on; how many bytes came, all of them right, before the error. */
static size_t readable(struct stg_stream *st, u32 seed, u32 *err)
{
    u8 piece[1000];
    size_t at = 0, wrong = 0;
    u32 got;

    while (!(*err = stg_stream_read(st, at, piece, sizeof(piece), &got)) && got) {
        for (u32 i = 0; i < got; i++)
            wrong += piece[i] != byte_of(seed, at + i);
        at += got;
    }
    ok(!wrong, "%zu bytes are others\n", wrong);
    return at;
}

static u8 *file_bytes(size_t *len)
{
    struct os_file *f;
    u32 got = 0;
    u8 *bytes;

    *len = (size_t)file_size();
    bytes = malloc(*len);
    ok(!os_open(path, OS_READ, &f), "open\n");
    ok(!os_read_at(f, 0, bytes, (u32)*len, &got) && got == *len, "read\n");
    os_close(f);
    return bytes;
}

/* Opens the damaged copy; whether "broken" is one of which a part is left. */
static bool reads_in_part(const u8 *bytes, size_t len)
{
    struct stg_stream *st = NULL;
    bool part = false;
    struct stg *s;
    size_t n;
    u8 *data;
    u32 err;

    if (stg_open_memory(bytes, len, &s))
        return false;
    if (!stg_stream_open(s, u"broken", &st)) {
        ok(stg_stream_size(st) == LONG_STREAM, "size\n");
        n = readable(st, 2, &err);
        ok(n == LONG_STREAM || err == ERROR_FILE_CORRUPT, "%zu bytes, error %u\n", n, err);
        part = n && n < LONG_STREAM;
        if (part) {
            ok(stg_read_all(s, u"broken", &data, &n) == ERROR_FILE_CORRUPT, "all of it\n");
            ok(stg_set_stream(s, u"copy", st) == ERROR_FILE_CORRUPT, "a copy\n");
        }
        stg_stream_close(st);
    }
    if (part)
        ok(has(s, "whole", 1, LONG_STREAM), "the sound one\n");
    stg_close(s);
    return part;
}

/* One word of the FAT after the other is lost. */
static void a_broken_chain_is_read_to_the_break(void)
{
    struct stg *s;
    size_t len;
    u8 *bytes;
    u32 fat, parts = 0;

    fixture();
    ok(!stg_create(path, 0, &s), "create\n");
    ok(!put(s, "whole", 1, LONG_STREAM) && !put(s, "broken", 2, LONG_STREAM), "put\n");
    ok(!stg_commit(s), "commit\n");
    stg_close(s);
    bytes = file_bytes(&len);
    for (u32 page = 0; page < get32(bytes + 0x2c); page++) {
        fat = (get32(bytes + 0x4c + 4 * page) + 1) * 512;
        for (u32 i = 0; i < 128; i++) {
            u32 old = get32(bytes + fat + 4 * i);

            put32(bytes + fat + 4 * i, 0xffffffff);
            parts += reads_in_part(bytes, len);
            put32(bytes + fat + 4 * i, old);
        }
    }
    ok(parts > LONG_STREAM / 512 / 2, "%u of %u sectors\n", parts, LONG_STREAM / 512);
    free(bytes);
    os_remove(path);
}

static void what_replaces_a_file_and_is_given_up_takes_it_along(void)
{
    struct stg *s;

    fixture();
    make_file(3, 100);
    ok(!stg_create(path, 0, &s), "create\n");
    stg_close(s);
    ok(file_size() != 0, "gone without being asked to\n");
    ok(!stg_create(path, 0, &s), "create\n");
    stg_replaces(s);
    stg_close(s);
    ok(stg_open(path, STG_READ, &s) == ERROR_FILE_NOT_FOUND, "it is there still\n");
    make_file(3, 100);
    ok(!stg_create(path, 0, &s), "create\n");
    stg_replaces(s);
    ok(!stg_commit(s), "commit\n");
    stg_close(s);
    s = must_open(STG_READ);
    stg_close(s);
    os_remove(path);
}

static void a_stream_knows_that_it_was_removed(void)
{
    struct stg_stream *st = NULL;
    struct stg *s;
    u8 piece[16];
    u32 got;

    ok(!stg_create_memory(&s) && !put(s, "a", 1, 10) && !put(s, "b", 2, 10), "make\n");
    ok(!stg_stream_open(s, u"a", &st) && !stg_stream_is_removed(st), "open\n");
    ok(!put(s, "a", 3, 20) && !stg_stream_is_removed(st), "replaced\n");
    ok(!stg_rename(s, u"a", u"c") && !stg_stream_is_removed(st), "renamed\n");
    ok(!stg_remove(s, u"c") && stg_stream_is_removed(st), "removed\n");
    ok(!stg_stream_read(st, 0, piece, sizeof(piece), &got) && got == 10, "its bytes\n");
    stg_stream_close(st);
    stg_close(s);
}

START_TEST(msi_stg_damage)
{
    RUN(a_broken_chain_is_read_to_the_break);
    RUN(what_replaces_a_file_and_is_given_up_takes_it_along);
    RUN(a_stream_knows_that_it_was_removed);
}
