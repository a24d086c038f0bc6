/*
 * Any bytes as a compound file: refused, or read without a fault. A file that opens is then changed
 * and committed, and either the commit is refused and the file is as it was, or every stream that
 * could be read before can be read after.
 *
 * Input: byte 0 even: the rest is the file. Odd: the rest are patches (2 bytes offset, in units of
 * 2; 2 bytes value) to a whole file with a little of everything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "os.h"
#include "stg.h"
#include "utf16.h"

static char16_t path[128];
static u8 *base;
static u32 base_len;

static void need_at(bool good, int line)
{
    if (good)
        return;
    fprintf(stderr, "line %d does not hold\n", line);
    abort();
}
#define need(good) need_at(good, __LINE__)

static void read_file(u8 **data, u32 *len)
{
    struct os_file *f;
    u64 size = 0;

    need(!os_open(path, OS_READ, &f) && !os_size(f, &size));
    *data = malloc(size + 1);
    need(!os_read_at(f, 0, *data, (u32)size, len));
    os_close(f);
}

static void write_file(const u8 *data, size_t len)
{
    struct os_file *f;

    need(!os_open(path, OS_WRITE | OS_CREATE | OS_TRUNCATE, &f));
    need(!os_write_at(f, 0, data, (u32)len));
    os_close(f);
}

static void set(struct stg *s, const char16_t *name, size_t len)
{
    u8 *data = malloc(len + 1);

    memset(data, (int)len, len);
    need(!stg_set_bytes(s, name, data, len));
    free(data);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char text[64];
    struct stg *s, *sub;

    UNUSED(argc);
    UNUSED(argv);
    snprintf(text, sizeof(text), "/dev/shm/decanter-fuzz-%d", (int)getpid());
    path[u16_from_utf8(path, 127, text, strlen(text), false)] = 0;
    need(!stg_create(path, 0, &s));
    set(s, u"a", 100);
    set(s, u"bb", 1000);
    set(s, u"ccc", 5000);
    set(s, u"d", 0);
    need(!stg_sub_create(s, u"sub", &sub));
    set(sub, u"inner", 300);
    need(!stg_commit(s));
    set(s, u"bb", 4200);
    set(s, u"e", 70);
    need(!stg_commit(s));
    stg_close(sub);
    stg_close(s);
    read_file(&base, &base_len);
    os_remove(path);
    return 0;
}

/* Everything in it, as one number; *unread counts what could not be read. */
static u32 walk(struct stg *s, u32 depth, u32 *unread)
{
    struct stg_list l;
    u32 sum = 0;

    if (depth > 20 || stg_list(s, &l))
        return 0;
    for (u32 i = 0; i < l.count; i++) {
        const struct stg_entry *e = &l.entries[i];
        struct stg *sub;
        size_t len;
        u8 *data;

        if (e->kind == STG_STORAGE && !stg_sub_open(s, e->name, &sub)) {
            sum += walk(sub, depth + 1, unread);
            stg_close(sub);
        } else if (e->kind == STG_STREAM && !stg_read_all(s, e->name, &data, &len)) {
            sum += hash_bytes(e->name, u16_len(e->name) * 2) ^ hash_bytes(data, len);
            os_free(data);
        } else if (e->kind == STG_STREAM) {
            ++*unread;
        }
    }
    stg_list_free(&l);
    return sum;
}

static void change(struct stg *s, u32 seed)
{
    set(s, u"fuzz1", seed % 9000);
    set(s, u"fuzz2", seed % 3000);
}

static void take_back(struct stg *s)
{
    need(!stg_remove(s, u"fuzz1") && !stg_remove(s, u"fuzz2"));
}

/* Two commits and their undoing leave everything else as it was. */
static void edit(const u8 *data, size_t len)
{
    u32 unread = 0, after = 0;
    struct stg *s;
    u32 sum, err;

    write_file(data, len);
    need(!stg_open(path, STG_WRITE, &s));
    sum = walk(s, 0, &unread);
    change(s, hash_bytes(data, len));
    err = stg_commit(s);
    if (!err) {
        take_back(s);
        err = stg_commit(s);
        need(!err);
    }
    stg_close(s);
    need(!stg_open(path, STG_READ, &s));
    need(walk(s, 0, &after) == sum && after == unread);
    stg_close(s);
    os_remove(path);
}

static void one(const u8 *data, size_t len)
{
    u32 unread = 0;
    struct stg *s;
    bool taken;

    if (stg_open_memory(data, len, &s))
        return;
    walk(s, 0, &unread);
    taken = stg_kind_of(s, u"fuzz1") || stg_kind_of(s, u"fuzz2");
    stg_close(s);
    if (!taken)
        edit(data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u8 *copy;

    if (!size)
        return 0;
    if (data[0] % 2 == 0) {
        one(data + 1, size - 1);
        return 0;
    }
    copy = malloc(base_len);
    memcpy(copy, base, base_len);
    for (size_t i = 1; i + 4 <= size; i += 4) {
        u32 at = (u32)(data[i] | data[i + 1] << 8) * 2 % (base_len - 1);

        copy[at] = data[i + 2];
        copy[at + 1] = data[i + 3];
    }
    one(copy, base_len);
    free(copy);
    return 0;
}
