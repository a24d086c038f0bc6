/*
 * Paths that other processes understand, and the machine's start, on the host.
 */
#include "hash.h"
#include "os.h"
#include "utf16.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without looking at the file, which need not be there yet. */
bool os_path_shared(const char16_t *path, char16_t *buf, size_t cap)
{
    char cwd[PATH_MAX];
    size_t n = 0;

    if (*path != u'/') {
        if (!getcwd(cwd, sizeof(cwd) - 1))
            return false;
        while (cwd[n])
            n++;
        cwd[n++] = '/';
        n = u16_from_utf8(buf, cap, cwd, n, true);
    }
    if (n + u16_len(path) >= cap)
        return false;
    u16_copy(buf + n, cap - n, path);
    return true;
}

bool os_path_local(const char16_t *shared, char16_t *buf, size_t cap)
{
    if (*shared != u'/' || u16_len(shared) >= cap)
        return false;
    u16_copy(buf, cap, shared);
    return true;
}

u32 os_boot(void)
{
    char text[64];
    struct os_file *f;
    u32 n = 0;

    if (os_open(u"/proc/sys/kernel/random/boot_id", OS_READ, &f))
        return 0;
    if (os_read_at(f, 0, text, sizeof(text), &n))
        n = 0;
    os_close(f);
    return n ? hash_shared(text, n) : 0;
}

static DIR *open_folder(const char16_t *path, size_t len)
{
    char folder[PATH_MAX];
    size_t n;

    if (!len)
        return opendir(".");
    n = u16_to_utf8(folder, sizeof(folder) - 1, path, len, true);
    if (n >= sizeof(folder))
        return NULL;
    folder[n] = 0;
    return opendir(folder);
}

/* A folder's names like `name`, which has len characters; it becomes the first of them unless it is
 * there itself. */
static u32 find_alike(DIR *d, char16_t *name, size_t len)
{
    char16_t other[NAME_MAX + 1], *wanted = u16_dup(name, len);
    bool exact = false;
    struct dirent *e;
    u32 count = 0;

    while (wanted && (e = readdir(d))) {
        size_t n = u16_from_utf8(other, NAME_MAX, e->d_name, strlen(e->d_name), true);

        if (n != len || u16_compare_fold(other, n, wanted, len))
            continue;
        count++;
        exact |= !u16_compare(other, n, wanted, len);
        if (count == 1 || exact || u16_compare(other, n, name, len) < 0)
            memcpy(name, exact ? wanted : other, len * sizeof(*name));
    }
    os_free(wanted);
    return count;
}

u32 os_find_name(char16_t *path)
{
    size_t len = u16_len(path), start = len;
    u32 count;
    DIR *d;

    while (start && path[start - 1] != u'/' && path[start - 1] != u'\\')
        start--;
    if (!(d = open_folder(path, start)))
        return 0;
    count = find_alike(d, path + start, len - start);
    closedir(d);
    return count;
}

char16_t *os_resolve(const char16_t *path)
{
    char name[PATH_MAX], real[PATH_MAX];
    size_t n = u16_to_utf8(name, PATH_MAX - 1, path, u16_len(path), true);
    char16_t *out;

    if (n >= PATH_MAX)
        return u16_dup(path, u16_len(path));
    name[n] = 0;
    if (!n || !realpath(name, real))
        return u16_dup(path, u16_len(path));
    out = os_alloc(PATH_MAX * sizeof(*out));
    if (out)
        out[u16_from_utf8(out, PATH_MAX - 1, real, strlen(real), true)] = 0;
    return out;
}
