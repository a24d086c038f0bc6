/*
 * A registry in memory that processes share, for tests: keys and values of a few hundred bytes, in
 * the order in which they were made. What is killed in the middle of a change leaves it done or
 * not.
 *
 *     regmem_start();      once, before any fork
 *     regmem_show()        all of it as text; free() it
 */
#ifndef TEST_REGMEM_FIXTURE_H
#define TEST_REGMEM_FIXTURE_H

#include <stdarg.h>
#include <sys/mman.h>

#include "os.h"
#include "reg_host.h"
#include "test.h"
#include "utf16.h"

enum { MEM_ENTRIES = 320, MEM_PATH = 200, MEM_BYTES = 600 };

/* A key (name[0] is 1 then: no value's name) or a value. The path has the root and the view before
 * it. */
struct mem_entry {
    char16_t path[MEM_PATH], name[MEM_PATH];
    u32 type, size;
    u8 bytes[MEM_BYTES];
    u32 there; /* a number that grows; 0: no entry */
};

static struct mem_registry {
    u32 last;
    struct mem_entry all[MEM_ENTRIES];
} * regmem;

struct reg_key {
    char16_t path[MEM_PATH];
};

static const char16_t mem_key_mark[] = {1, 0};

static u32 mem_path(enum reg_root root, enum reg_view view, const char16_t *path,
                    char16_t out[MEM_PATH])
{
    size_t n = u16_len(path);

    out[0] = (char16_t)('0' + root);
    out[1] = view == REG_VIEW_32 ? 'w' : ':';
    if (n + 3 > MEM_PATH)
        return ERROR_FILENAME_EXCED_RANGE;
    memcpy(out + 2, path, (n + 1) * sizeof(*path));
    return ERROR_SUCCESS;
}

static struct mem_entry *mem_find(const char16_t *path, const char16_t *name)
{
    struct mem_entry *best = NULL;

    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        struct mem_entry *e = &regmem->all[i];

        if (e->there && u16_equal_fold(e->path, path) && u16_equal_fold(e->name, name) &&
            (!best || e->there > best->there))
            best = e;
    }
    return best;
}

static u32 mem_add(const char16_t *path, const char16_t *name, u32 type, const void *bytes,
                   u32 size)
{
    struct mem_entry *old = mem_find(path, name);

    if (size > MEM_BYTES)
        return ERROR_DISK_FULL;
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        struct mem_entry *e = &regmem->all[i];

        if (e->there)
            continue;
        u16_copy(e->path, MEM_PATH, path);
        u16_copy(e->name, MEM_PATH, name);
        e->type = type;
        e->size = size;
        memcpy(e->bytes, bytes ? bytes : "", bytes ? size : 0);
        __atomic_store_n(&e->there, ++regmem->last, __ATOMIC_SEQ_CST);
        if (old)
            __atomic_store_n(&old->there, 0, __ATOMIC_SEQ_CST);
        return ERROR_SUCCESS;
    }
    return ERROR_DISK_FULL;
}

static u32 mem_handle(const char16_t *path, struct reg_key **key)
{
    *key = os_alloc(sizeof(**key));
    if (!*key)
        return ERROR_OUTOFMEMORY;
    u16_copy((*key)->path, MEM_PATH, path);
    return ERROR_SUCCESS;
}

static u32 mem_open(enum reg_root root, enum reg_view view, const char16_t *path,
                    struct reg_key **key)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);

    if (err)
        return err;
    return mem_find(full, mem_key_mark) ? mem_handle(full, key) : ERROR_FILE_NOT_FOUND;
}

static u32 mem_make(enum reg_root root, enum reg_view view, const char16_t *path,
                    struct reg_key **key)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);
    size_t n = u16_len(full);

    for (size_t i = 2; !err && i <= n; i++) {
        char16_t c = full[i];

        if (c && c != '\\')
            continue;
        full[i] = 0;
        if (!mem_find(full, mem_key_mark))
            err = mem_add(full, mem_key_mark, 0, NULL, 0);
        full[i] = c;
    }
    return err ? err : mem_handle(full, key);
}

static void mem_close(struct reg_key *key)
{
    os_free(key);
}

static u32 mem_get(struct reg_key *key, const char16_t *name, struct reg_data *data)
{
    struct mem_entry *e = mem_find(key->path, name);

    if (!e)
        return ERROR_FILE_NOT_FOUND;
    data->bytes = os_calloc(e->size + 4, 1);
    if (!data->bytes)
        return ERROR_OUTOFMEMORY;
    memcpy(data->bytes, e->bytes, e->size);
    data->type = e->type;
    data->size = e->size;
    return ERROR_SUCCESS;
}

static u32 mem_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes, u32 size)
{
    return mem_add(key->path, name, type, bytes, size);
}

static u32 mem_remove_value(struct reg_key *key, const char16_t *name)
{
    struct mem_entry *e = mem_find(key->path, name);

    if (!e)
        return ERROR_FILE_NOT_FOUND;
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    e->there = 0;
    return ERROR_SUCCESS;
}

static bool mem_is_below(const char16_t *path, const char16_t *of)
{
    size_t n = u16_len(of);

    return u16_len(path) >= n && !u16_compare_fold(path, n, of, n) && (!path[n] || path[n] == '\\');
}

/* The deepest go first, so that what is left is a tree. */
static u32 mem_remove(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);

    if (err || !mem_find(full, mem_key_mark))
        return err ? err : ERROR_FILE_NOT_FOUND;
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    for (;;) {
        struct mem_entry *last = NULL;

        for (u32 i = 0; i < MEM_ENTRIES; i++) {
            struct mem_entry *e = &regmem->all[i];

            if (e->there && mem_is_below(e->path, full) &&
                (!last || u16_len(e->path) > u16_len(last->path) ||
                 (u16_len(e->path) == u16_len(last->path) && last->name[0] == 1)))
                last = e;
        }
        if (!last)
            return ERROR_SUCCESS;
        last->there = 0;
        os_step();
    }
}

static u32 mem_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);
    struct mem_entry *key = err ? NULL : mem_find(full, mem_key_mark);

    if (!key)
        return err ? err : ERROR_FILE_NOT_FOUND;
    for (u32 i = 0; i < MEM_ENTRIES; i++)
        if (regmem->all[i].there && &regmem->all[i] != key &&
            mem_is_below(regmem->all[i].path, full))
            return ERROR_DIR_NOT_EMPTY;
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    key->there = 0;
    return ERROR_SUCCESS;
}

static u32 mem_name_at(struct reg_key *key, u32 index, bool keys, char16_t name[REG_NAME_MAX])
{
    u32 after = 0;
    size_t n = u16_len(key->path);

    for (;;) {
        const struct mem_entry *next = NULL;

        for (u32 i = 0; i < MEM_ENTRIES; i++) {
            const struct mem_entry *e = &regmem->all[i];
            bool is_key = e->name[0] == 1;

            if (!e->there || e->there <= after || is_key != keys ||
                (next && next->there < e->there) || !mem_is_below(e->path, key->path))
                continue;
            if (keys ? u16_len(e->path) > n + 1 : !e->path[n])
                next = e;
        }
        if (!next)
            return ERROR_NO_MORE_ITEMS;
        after = next->there;
        if (keys) {
            size_t k = n + 1;

            while (next->path[k] && next->path[k] != '\\')
                k++;
            if (next->path[k])
                continue; /* below one of them */
        }
        if (index-- == 0) {
            u16_copy(name, REG_NAME_MAX, keys ? next->path + n + 1 : next->name);
            return ERROR_SUCCESS;
        }
    }
}

static u32 mem_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    return mem_name_at(key, index, true, name);
}

static u32 mem_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    return mem_name_at(key, index, false, name);
}

static bool mem_sid(char16_t *sid, size_t cap)
{
    u16_copy(sid, cap, u"S-1-5-21-1-2-3-1000");
    return true;
}

TEST_UNUSED static void regmem_start(void)
{
    static const struct reg_host host = {
        .open = mem_open,
        .make = mem_make,
        .close = mem_close,
        .get = mem_get,
        .set = mem_set,
        .remove_value = mem_remove_value,
        .remove = mem_remove,
        .remove_empty = mem_remove_empty,
        .key_at = mem_key_at,
        .value_at = mem_value_at,
        .user_sid = mem_sid,
    };

    if (!regmem)
        regmem =
            mmap(NULL, sizeof(*regmem), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(regmem, 0, sizeof(*regmem));
    reg_use(&host);
}

TEST_UNUSED static int mem_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A line for each key and value in alphabetical order: 0:Software\X and 0:Software\X|name=1:6100.
 */
TEST_UNUSED static char *regmem_show(void)
{
    char **lines = calloc(MEM_ENTRIES, sizeof(*lines)), *all;
    size_t total = 1;
    u32 n = 0;

    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        const struct mem_entry *e = &regmem->all[i];
        char path[MEM_PATH * 3 + 1], name[MEM_PATH * 3 + 1], *line;
        size_t at;

        if (!e->there || mem_find(e->path, e->name) != e)
            continue;
        path[u16_to_utf8(path, MEM_PATH * 3, e->path, u16_len(e->path), true)] = 0;
        name[u16_to_utf8(name, MEM_PATH * 3, e->name, u16_len(e->name), true)] = 0;
        line = lines[n++] = calloc(1, sizeof(path) * 2 + 20 + e->size * 2);
        at = (size_t)sprintf(line, "%s", path);
        if (e->name[0] != 1) {
            at += (size_t)sprintf(line + at, "|%s=%u:", name, e->type);
            for (u32 k = 0; k < e->size; k++)
                at += (size_t)sprintf(line + at, "%02x", e->bytes[k]);
        }
        total += at + 1;
    }
    qsort(lines, n, sizeof(*lines), mem_by_text);
    all = calloc(1, total);
    for (u32 i = 0, at = 0; i < n; i++) {
        at += (u32)sprintf(all + at, "%s\n", lines[i]);
        free(lines[i]);
    }
    free(lines);
    return all;
}

#endif
