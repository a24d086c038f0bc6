/*
 * Paths that other processes understand, and the machine's start, on the host.
 */
#include "hash.h"
#include "os.h"
#include "utf16.h"

#include <limits.h>
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
