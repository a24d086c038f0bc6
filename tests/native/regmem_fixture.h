/*
 * A registry in memory that processes share, for tests: keys and values of a few hundred bytes, in
 * the order in which they were made. What is killed in the middle of a change leaves it done or
 * not.
 *
 *     regmem_start();      once, before any fork
 *     regmem_behind(files) before that: its files come behind it
 *     regmem_about(u"Software\\X", u"class", "security", u"\\link")
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
    u32 order; /* among those of its key */
    u32 there; /* a number that grows; 0: no entry */
};
/* Of the key at the same place in `all`: what is about it; made anew with it. */
struct mem_about {
    char16_t class[20], link[MEM_PATH];
    u8 security[60];
    u32 security_size;
};

static struct mem_registry {
    u32 last;
    struct mem_entry all[MEM_ENTRIES];
    struct mem_about about[MEM_ENTRIES];
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
    size_t end = MIN(u16_len(path), (size_t)MEM_PATH - 1);
    struct mem_entry *best = NULL;

    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        struct mem_entry *e = &regmem->all[i];

        /* most differ in their length */
        if (e->there && !e->path[end] && u16_equal_fold(e->path, path) &&
            u16_equal_fold(e->name, name) && (!best || e->there > best->there))
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
        e->order = old ? old->order : regmem->last + 1;
        memset(&regmem->about[i], 0, sizeof(regmem->about[i]));
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

            if (!e->there || e->order <= after || is_key != keys ||
                (next && next->order < e->order) || !mem_is_below(e->path, key->path))
                continue;
            if (keys ? u16_len(e->path) > n + 1 : !e->path[n])
                next = e;
        }
        if (!next)
            return ERROR_NO_MORE_ITEMS;
        after = next->order;
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

/* --- what is about keys ---------------------------------------------------------------------- */

static struct mem_about *mem_about_of(const char16_t *full)
{
    struct mem_entry *key = mem_find(full, mem_key_mark);

    return key ? &regmem->about[key - regmem->all] : NULL;
}

static u8 *mem_copy(const void *bytes, size_t size)
{
    u8 *copy = os_calloc(size + 2, 1);

    if (copy)
        memcpy(copy, bytes, size);
    return copy;
}

static u32 mem_look(enum reg_root root, enum reg_view view, const char16_t *path,
                    struct reg_about *out)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);
    const struct mem_about *a = err ? NULL : mem_about_of(full);

    if (!a)
        return err ? err : ERROR_FILE_NOT_FOUND;
    out->class = a->class[0] ? u16_dup(a->class, u16_len(a->class)) : NULL;
    out->security_size = a->security_size;
    out->security = a->security_size ? mem_copy(a->security, a->security_size) : NULL;
    out->link_size = (u32)(u16_len(a->link) * sizeof(*a->link));
    out->link = a->link[0] ? mem_copy(a->link, out->link_size) : NULL;
    return (a->class[0] && !out->class) || (a->security_size && !out->security) ||
                   (a->link[0] && !out->link)
               ? ERROR_OUTOFMEMORY
               : ERROR_SUCCESS;
}

static u32 mem_make_as(enum reg_root root, enum reg_view view, const char16_t *path,
                       const struct reg_about *about)
{
    char16_t full[MEM_PATH];
    u32 err = mem_path(root, view, path, full);
    bool is_new = !err && !mem_find(full, mem_key_mark);
    struct reg_key *key;
    struct mem_about *a;

    if (!err)
        err = mem_make(root, view, path, &key);
    if (err)
        return err;
    mem_close(key);
    a = mem_about_of(full);
    if (is_new && about->class)
        u16_copy(a->class, ARRAY_LEN(a->class), about->class);
    if (is_new && about->link)
        memcpy(a->link, about->link, MIN(about->link_size, (u32)sizeof(a->link) - 2));
    if (!about->security)
        return ERROR_SUCCESS;
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    a->security_size = MIN(about->security_size, (u32)sizeof(a->security));
    memcpy(a->security, about->security, a->security_size);
    return ERROR_SUCCESS;
}

/* A descriptor of SYSTEM's, with that number in it. */
TEST_UNUSED static void regmem_about(const char16_t *path, const char16_t *class, u8 number,
                                     const char16_t *link)
{
    static const u8 owned[] = {1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0,
                               0, 0, 0, 0,    1,  1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    char16_t full[MEM_PATH];
    struct mem_about *a;

    ok(!mem_path(REG_MACHINE, REG_VIEW_64, path, full), "path\n");
    a = mem_about_of(full);
    ok(a != NULL, "there is a key\n");
    if (!a)
        return;
    u16_copy(a->class, ARRAY_LEN(a->class), class ? class : u"");
    u16_copy(a->link, ARRAY_LEN(a->link), link ? link : u"");
    if (number) {
        memcpy(a->security, owned, sizeof(owned));
        a->security[28] = number;
        a->security_size = sizeof(owned);
    }
}

static bool mem_sid(char16_t *sid, size_t cap)
{
    u16_copy(sid, cap, u"S-1-5-21-1-2-3-1000");
    return true;
}

static const struct reg_behind *regmem_files;

/* From the next regmem_start on: NULL, or what is told of the files that it comes behind. */
TEST_UNUSED static void regmem_behind(const struct reg_behind *files)
{
    regmem_files = files;
}

TEST_UNUSED static void regmem_start(void)
{
    static struct reg_host host = {
        .open = mem_open,
        .make = mem_make,
        .close = mem_close,
        .get = mem_get,
        .set = mem_set,
        .remove_value = mem_remove_value,
        .remove = mem_remove,
        .remove_empty = mem_remove_empty,
        .look = mem_look,
        .make_as = mem_make_as,
        .key_at = mem_key_at,
        .value_at = mem_value_at,
        .user_sid = mem_sid,
    };

    if (!regmem)
        regmem =
            mmap(NULL, sizeof(*regmem), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(regmem, 0, sizeof(*regmem));
    host.behind = regmem_files;
    reg_use(&host);
}

TEST_UNUSED static int mem_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Behind the line of a value: its place among those of its key. Behind that of a key: what is about
 * it, where there is something. */
static size_t mem_show_more(char *to, const struct mem_entry *e)
{
    const struct mem_about *a = &regmem->about[e - regmem->all];
    u32 place = 0;
    size_t at = 0;

    for (u32 i = 0; e->name[0] != 1 && i < MEM_ENTRIES; i++)
        place += regmem->all[i].there && regmem->all[i].name[0] != 1 &&
                 regmem->all[i].order <= e->order && u16_equal_fold(regmem->all[i].path, e->path);
    if (place)
        return (size_t)sprintf(to, " #%u", place);
    for (const char16_t *p = a->class; *p; p++)
        at += (size_t)sprintf(to + at, "%s%c", at ? "" : " class ", (char)*p);
    for (const char16_t *p = a->link; *p; p++)
        at += (size_t)sprintf(to + at, "%s%c", p == a->link ? " link " : "", (char)*p);
    if (a->security_size)
        at += (size_t)sprintf(to + at, " security %u", a->security[28]);
    return at;
}

/* A line for each key and value in alphabetical order: 0:Software\X and 0:Software\X|name=1:6100
 * #2. */
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
        line = lines[n++] = calloc(1, sizeof(path) * 2 + 300 + e->size * 2);
        at = (size_t)sprintf(line, "%s", path);
        if (e->name[0] != 1) {
            at += (size_t)sprintf(line + at, "|%s=%u:", name, e->type);
            for (u32 k = 0; k < e->size; k++)
                at += (size_t)sprintf(line + at, "%02x", e->bytes[k]);
        }
        at += mem_show_more(line + at, e);
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
