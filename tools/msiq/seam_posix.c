#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os.h"
#include "seam.h"
#include "utf16.h"

bool stdout_is_terminal(void)
{
    return isatty(STDOUT_FILENO);
}

bool stdin_is_terminal(void)
{
    return isatty(STDIN_FILENO);
}

bool stderr_is_terminal(void)
{
    static int terminal = -1;

    if (terminal < 0)
        terminal = isatty(STDERR_FILENO);
    return terminal;
}

u32 temp_folder(char16_t **out)
{
    const char *base = getenv("TMPDIR");
    char path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s/msiq-XXXXXX", base && *base ? base : "/tmp") >=
        (int)sizeof(path))
        return ERROR_FILENAME_EXCED_RANGE;
    if (!mkdtemp(path))
        return errno == EACCES ? ERROR_ACCESS_DENIED : ERROR_PATH_NOT_FOUND;
    *out = u16_dup_utf8(path);
    return *out ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static void empty_folder(int dir, int depth)
{
    DIR *d = fdopendir(dir);
    struct dirent *e;

    if (!d) {
        close(dir);
        return;
    }
    while ((e = readdir(d))) {
        int sub;

        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        if (!unlinkat(dirfd(d), e->d_name, 0) || !depth)
            continue;
        sub = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (sub >= 0)
            empty_folder(sub, depth - 1);
        unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    closedir(d);
}

void remove_folder(const char16_t *path)
{
    char *name = u16_dup_to_utf8(path);
    int dir = name ? open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

    if (dir >= 0)
        empty_folder(dir, 2);
    if (name)
        rmdir(name);
    os_free(name);
}

bool is_writable(const char16_t *path)
{
    char *name = u16_dup_to_utf8(path);
    bool can = !name || !access(name, W_OK) || errno == ENOENT;

    os_free(name);
    return can;
}

bool is_special(const char16_t *path)
{
    char *name = u16_dup_to_utf8(path);
    struct stat st;
    bool special = name && !lstat(name, &st) && !S_ISREG(st.st_mode);

    os_free(name);
    return special;
}

FILE *open_special(const char16_t *path)
{
    char *name = u16_dup_to_utf8(path);
    FILE *f = name ? fopen(name, "wb") : NULL;

    os_free(name);
    return f;
}
