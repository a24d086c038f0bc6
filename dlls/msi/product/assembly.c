/*
 * Finding assemblies by their names.
 */
#include "assembly.h"

#include "layout.h"
#include "os.h"
#include "utf16.h"

enum { LIST_MAX = 256 };

static const u32 contexts[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};

/* The name of an application's key. False: it has no room. */
static bool app_key(const char16_t *app, char16_t key[LAYOUT_PATH])
{
    if (u16_copy(key, LAYOUT_PATH, app) != u16_len(app))
        return false;
    for (; *key; key++)
        if (*key == '\\')
            *key = '|';
    return true;
}

/* The first context's list that has it. */
static u32 find_list(const char16_t *name, const char16_t *app, bool win32, struct reg_data *d)
{
    char16_t below[LAYOUT_PATH];
    struct layout_path p;
    struct reg_key *key;
    u32 err = ERROR_FILE_NOT_FOUND;

    if (!app_key(app ? app : u"Global", below))
        return ERROR_FILE_NOT_FOUND;
    for (size_t i = 0; err && i < ARRAY_LEN(contexts); i++) {
        layout_advertised(&p, contexts[i], NULL, win32 ? u"Win32Assemblies" : u"Assemblies", NULL,
                          below);
        if (layout_open(&p, &key))
            continue;
        err = reg_get(key, name, d);
        reg_close(key);
    }
    return err;
}

/* Where the texts of the list begin, and how many they are. */
static u32 texts_of(const struct reg_data *d, const char16_t *at[LIST_MAX])
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    const char16_t *end = s + d->size / sizeof(*s);
    u32 n = 0;

    for (; s < end && *s && n < LIST_MAX; s += u16_len(s) + 1)
        at[n++] = s;
    return n;
}

u32 assembly_each(const char16_t *name, const char16_t *app, bool win32, u32 next,
                  u32 (*each)(void *ctx, const struct descriptor *d), void *ctx)
{
    const char16_t *at[LIST_MAX];
    struct descriptor d;
    struct reg_data data;
    u32 n, err = find_list(name, app, win32, &data);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_COMPONENT : err;
    n = data.type == REG_TYPE_MULTI || data.type == REG_TYPE_SZ ? texts_of(&data, at) : 0;
    err = n ? next : ERROR_BAD_CONFIGURATION;
    while (n && err == next)
        err = descriptor_read(at[--n], &d) ? each(ctx, &d) : ERROR_BAD_CONFIGURATION;
    os_free(data.bytes);
    return err;
}
