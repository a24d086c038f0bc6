/*
 * Cabinets that are written: what comes back of them, and what cannot be in one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cabinet.h"
#include "cabwrite.h"
#include "test.h"
#include "utf16.h"

enum { PIECE = 32768 };

/* Their sizes make files of nothing, ends of blocks, and blocks of several files. */
static const struct {
    const char16_t *name, *path;
    u32 size;
} files[] = {{u"empty", u"f0", 0},
             {u"one", u"f1", 1},
             {u"rest", u"f2", PIECE - 1},
             {u"\u00e4\u4e2d", u"f3", PIECE},
             {u"long", u"f4", 3 * PIECE + 7},
             {u"last", u"f5", 0}};

static u8 byte_of(u32 file, u32 at)
{
    return (u8)(at * 7 + at / 251 + file * 31);
}

static void make_files(void)
{
    static u8 bytes[4 * PIECE];

    for (u32 i = 0; i < ARRAY_LEN(files); i++) {
        char *path = u16_dup_to_utf8(files[i].path);
        FILE *f = fopen(path, "wb");

        for (u32 at = 0; at < files[i].size; at++)
            bytes[at] = byte_of(i, at);
        ok(f && fwrite(bytes, 1, files[i].size, f) == files[i].size && !fclose(f), "%s\n", path);
        os_free(path);
    }
}

static u32 write_cabinet(struct cab_put *puts, u32 count, u64 *size)
{
    struct os_file *to;
    u32 err = os_open(u"made.cab", OS_WRITE | OS_CREATE, &to);

    ok(!err, "cannot be made: %u\n", err);
    if (err)
        return err;
    err = cab_make(to, puts, count, size);
    os_close(to);
    return err;
}

static u32 write_files(u64 *size)
{
    struct cab_put puts[ARRAY_LEN(files)] = {0};

    for (u32 i = 0; i < ARRAY_LEN(files); i++)
        puts[i] = (struct cab_put){.name = files[i].name,
                                   .path = files[i].path,
                                   .date = 0x58a2 + i,
                                   .time = 0x6000,
                                   .attributes = CAB_ARCHIVE};
    return write_cabinet(puts, ARRAY_LEN(files), size);
}

/* --- reading it again ---------------------------------------------------------------------------
 */

struct reading {
    u32 file, at;
    bool differs;
};

static u32 read_bytes(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    return os_read_at(ctx, off, buf, n, got);
}

static void close_bytes(void *ctx)
{
    os_close(ctx);
}

static u32 open_made(void *ctx, const char16_t *name, struct cab_bytes *out)
{
    struct os_file *f;
    u32 err = os_open(name, OS_READ, &f);

    UNUSED(ctx);
    if (err)
        return err;
    *out = (struct cab_bytes){.read = read_bytes, .close = close_bytes, .ctx = f};
    return os_size(f, &out->size);
}

static u32 begin_file(void *ctx, const struct cab_file *f, bool *want)
{
    struct reading *r = ctx;

    *want = true;
    r->at = 0;
    ok(r->file < ARRAY_LEN(files) && u16_equal(f->name, files[r->file].name), "name of %u\n",
       r->file);
    ok(f->date == 0x58a2 + r->file && f->time == 0x6000 && f->attributes == CAB_ARCHIVE,
       "%u: %x, %x, %x\n", r->file, f->date, f->time, f->attributes);
    return ERROR_SUCCESS;
}

static u32 more_bytes(void *ctx, const void *bytes, u32 n)
{
    struct reading *r = ctx;

    for (u32 i = 0; i < n; i++)
        r->differs |= ((const u8 *)bytes)[i] != byte_of(r->file, r->at++);
    return ERROR_SUCCESS;
}

static u32 end_file(void *ctx, const struct cab_file *f)
{
    struct reading *r = ctx;

    UNUSED(f);
    ok(!r->differs && r->at == files[r->file].size, "bytes of %u: %u\n", r->file, r->at);
    r->file++;
    return ERROR_SUCCESS;
}

static u32 read_made(struct reading *r)
{
    struct cab_user user = {r, open_made, begin_file, more_bytes, end_file};

    return cab_read(&user, u"made.cab");
}

static void what_is_written_comes_back(void)
{
    struct reading r = {0};
    u64 size = 0;
    u32 err = write_files(&size);

    ok(!err, "written: %u\n", err);
    err = read_made(&r);
    ok(!err && r.file == ARRAY_LEN(files), "read: %u, %u files\n", err, r.file);
}

/* From Microsoft's description: words, then the bytes that are left, the first one highest. */
static void checksums_are_those_of_the_format(void)
{
    static const u8 bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

    ok(cab_checksum(bytes, 0, 5) == 5, "of nothing\n");
    ok(cab_checksum(bytes, 4, 0) == 0x04030201, "of a word\n");
    ok(cab_checksum(bytes, 6, 0) == (0x04030201 ^ 0x0506), "of six\n");
    ok(cab_checksum(bytes, 11, 1) == (0x04030201 ^ 0x08070605 ^ 0x090a0b ^ 1), "of eleven\n");
}

static void changed_bytes_are_seen(void)
{
    struct reading r = {0};
    u64 size = 0;
    u8 byte;
    int fd;

    ok(!write_files(&size), "written\n");
    fd = open("made.cab", O_RDWR);
    ok(pread(fd, &byte, 1, (off_t)size - 9) == 1, "read\n");
    byte ^= 4;
    ok(pwrite(fd, &byte, 1, (off_t)size - 9) == 1, "changed\n");
    close(fd);
    ok(read_made(&r) == ERROR_FILE_CORRUPT, "taken\n");
}

/* --- what cannot be in one ----------------------------------------------------------------------
 */

static u32 write_one(const char16_t *name, const char16_t *path)
{
    struct cab_put put = {.name = name, .path = path};
    u64 size = 0;

    return write_cabinet(&put, 1, &size);
}

static void names_have_255_bytes(void)
{
    char16_t name[258];

    for (u32 i = 0; i < 257; i++)
        name[i] = 'n';
    name[255] = 0;
    ok(!write_one(name, u"f1"), "255\n");
    name[255] = 'n';
    name[256] = 0;
    ok(write_one(name, u"f1") == ERROR_INVALID_NAME, "256\n");
    name[86] = 0;
    for (u32 i = 0; i < 86; i++)
        name[i] = 0x4e2d;
    ok(write_one(name, u"f1") == ERROR_INVALID_NAME, "258 in UTF-8\n");
    ok(write_one(u"", u"f1") == ERROR_INVALID_NAME, "none\n");
}

/* In a file with a hole, of which no byte is read. */
static void files_of_2_gb_are_refused(void)
{
    int fd = open("large", O_RDWR | O_CREAT, 0644);

    ok(fd >= 0 && !ftruncate(fd, 65535ll * PIECE + 1), "no large file\n");
    ok(write_one(u"n", u"large") == ERROR_FILE_TOO_LARGE, "taken\n");
    close(fd);
    unlink("large");
    ok(write_one(u"n", u"large") == ERROR_FILE_NOT_FOUND, "no file\n");
}

static void more_than_4_gb_are_refused(void)
{
    struct cab_put puts[3] = {{.name = u"a", .path = u"large"},
                              {.name = u"b", .path = u"large"},
                              {.name = u"c", .path = u"large"}};
    int fd = open("large", O_RDWR | O_CREAT, 0644);
    u64 size = 0;

    ok(fd >= 0 && !ftruncate(fd, 65535ll * PIECE), "no large file\n");
    ok(write_cabinet(puts, 3, &size) == ERROR_FILE_TOO_LARGE, "taken\n");
    close(fd);
    unlink("large");
}

START_TEST(msi_cabwrite)
{
    make_files();
    RUN(what_is_written_comes_back);
    RUN(checksums_are_those_of_the_format);
    RUN(changed_bytes_are_seen);
    RUN(names_have_255_bytes);
    RUN(files_of_2_gb_are_refused);
    RUN(more_than_4_gb_are_refused);
}
