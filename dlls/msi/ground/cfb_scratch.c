/*
 * A temporary file for long content that is pending in a root that cannot be written: the database
 * was opened for reading and will be saved elsewhere.
 */
#include <string.h>

#include "cfb.h"
#include "utf16.h"

enum { PATH_UNITS = 512 };

static bool temp_folder(char16_t *path)
{
    static const char *const names[] = {"TMP", "TEMP", "TMPDIR"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (os_env(names[i], path, PATH_UNITS - 32))
            return true;
#ifdef _WIN32
    return false;
#else
    u16_copy(path, PATH_UNITS, u"/tmp");
    return true;
#endif
}

static void add_name(char16_t *path)
{
    static const char16_t digits[] = u"0123456789abcdef";
    u8 chance[8];
    size_t n;

    os_random(chance, sizeof(chance));
    n = u16_len(path);
    n += u16_copy(path + n, PATH_UNITS - n, u"/msi-");
    for (size_t i = 0; i < sizeof(chance); i++) {
        path[n++] = digits[chance[i] & 15];
        path[n++] = digits[chance[i] >> 4];
    }
    u16_copy(path + n, PATH_UNITS - n, u".tmp");
}

static u32 open_scratch(struct cfb *c)
{
    char16_t path[PATH_UNITS];
    u32 err;

    if (!temp_folder(path))
        return ERROR_PATH_NOT_FOUND;
    add_name(path);
    c->scratch_path = u16_dup(path, u16_len(path));
    if (!c->scratch_path)
        return ERROR_OUTOFMEMORY;
    err = os_open(path, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &c->scratch);
    if (err) {
        os_free(c->scratch_path);
        c->scratch_path = NULL;
    }
    return err;
}

u32 cfb_scratch_reserve(struct cfb *c, u64 size, u64 *off)
{
    u32 err = c->scratch ? ERROR_SUCCESS : open_scratch(c);

    if (err)
        return err;
    *off = c->scratch_end;
    c->scratch_end += size;
    return ERROR_SUCCESS;
}

void cfb_scratch_close(struct cfb *c)
{
    if (!c->scratch)
        return;
    os_close(c->scratch);
    os_remove(c->scratch_path);
    os_free(c->scratch_path);
    c->scratch = NULL;
    c->scratch_path = NULL;
}
