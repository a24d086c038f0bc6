/*
 * The package of a product.
 */
#include "prodpackage.h"

#include "os.h"
#include "sources.h"
#include "textbuf.h"
#include "utf16.h"

/* InstallProperties of managed products have the package under a name of its own. */
static u32 cached(const struct product *p, char16_t **path)
{
    struct reg_key *key;
    u32 err = layout_open(&p->properties, &key);

    *path = NULL;
    if (err)
        return ERROR_FILE_NOT_FOUND;
    err = p->context == CONTEXT_MANAGED ? reg_get_text(key, u"ManagedLocalPackage", path)
                                        : ERROR_FILE_NOT_FOUND;
    if (err == ERROR_FILE_NOT_FOUND)
        err = reg_get_text(key, u"LocalPackage", path);
    reg_close(key);
    if (!err && !os_exists(*path))
        err = ERROR_FILE_NOT_FOUND;
    if (err) {
        os_free(*path);
        *path = NULL;
    }
    return err;
}

/* folder and name with a backslash between them; NULL without memory. */
static char16_t *join(const char16_t *folder, const char16_t *name)
{
    struct text_buf path;
    char16_t *joined;
    size_t len;

    tb_init(&path);
    tb_add(&path, folder, u16_len(folder));
    if (path.len && path.s[path.len - 1] != '\\')
        tb_char(&path, '\\');
    tb_add(&path, name, u16_len(name));
    joined = tb_take(&path, &len);
    tb_free(&path);
    return joined;
}

static u32 last_source(const struct source_owner *o, const char16_t *name, char16_t **source)
{
    char16_t *folder;
    u32 err = source_info(o, u"LastUsedSource", &folder);

    *source = NULL;
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    if (folder[0]) {
        *source = join(folder, name);
        err = *source ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    os_free(folder);
    return err;
}

/* The first folder of the network that has it. */
static u32 network_source(const struct source_owner *o, const char16_t *name, char16_t **path)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err; i++) {
        char16_t *folder;

        err = source_at(o, SOURCE_NETWORK, i, &folder);
        if (err)
            break;
        *path = join(folder, name);
        os_free(folder);
        if (!*path)
            return ERROR_OUTOFMEMORY;
        if (os_exists(*path))
            return ERROR_SUCCESS;
        os_free(*path);
        *path = NULL;
    }
    return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_SOURCE_ABSENT;
}

static u32 from_sources(const struct source_owner *o, bool wanted, char16_t **path,
                        char16_t **source)
{
    char16_t *name;
    u32 err = source_info(o, u"PackageName", &name);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_SOURCE_ABSENT;
    err = last_source(o, name, source);
    if (!err && wanted && *source && os_exists(*source)) {
        *path = u16_dup(*source, u16_len(*source));
        err = *path ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    } else if (!err && wanted) {
        err = network_source(o, name, path);
    }
    os_free(name);
    return err;
}

u32 product_package(const struct product *p, char16_t **path, char16_t **source)
{
    struct source_owner o = {p->code, product_sid(p), p->context, false};
    u32 err = cached(p, path), from;

    *source = NULL;
    if (err && err != ERROR_FILE_NOT_FOUND)
        return err;
    from = from_sources(&o, err != ERROR_SUCCESS, path, source);
    if (!err &&
        from != ERROR_OUTOFMEMORY) /* the cache has it: where else it is only matters less */
        from = ERROR_SUCCESS;
    if (from) {
        os_free(*path);
        os_free(*source);
        *path = *source = NULL;
    }
    return from;
}

u32 product_source_package(const struct product *p, char16_t **path)
{
    struct source_owner o = {p->code, product_sid(p), p->context, false};
    char16_t *source = NULL;
    u32 err;

    *path = NULL;
    err = from_sources(&o, true, path, &source);
    os_free(source);
    return err;
}
