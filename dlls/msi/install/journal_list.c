/*
 * In the registry, where Windows has its own:
 *
 *   HKLM\Software\Microsoft\Windows\CurrentVersion\Installer\Rollback\Scripts
 *     C:\Config.Msi\NAME.rbs = REG_DWORD 0
 *
 * Below HKCU where the caller may not write there.
 */
#include "journal_list.h"

#include "ledger.h"
#include "os.h"
#include "regbehind.h"
#include "target.h"
#include "utf16.h"

#define INSTALLER u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer"
#define ROLLBACK  INSTALLER u"\\Rollback"
#define SCRIPTS   ROLLBACK u"\\Scripts"

static const enum reg_root roots[] = {REG_MACHINE, REG_USER};

static u32 add_below(enum reg_root root, const char16_t *path)
{
    static const u32 zero;
    struct reg_key *key;
    u32 err = reg_make(root, SCRIPTS, &key);

    if (err)
        return err;
    err = reg_set(key, path, REG_TYPE_DWORD, &zero, sizeof(zero));
    reg_close(key);
    return err ? err : reg_flush();
}

/* Whether the registry may forget the list. */
static bool may_be_forgotten(void)
{
    return behind_has(REG_MACHINE, REG_VIEW_64, SCRIPTS);
}

u32 journal_list_add(const char16_t *path)
{
    u32 err = may_be_forgotten() ? ledger_list(path) : ERROR_SUCCESS;

    if (err)
        return err;
    err = ERROR_ACCESS_DENIED;
    for (size_t i = 0; err == ERROR_ACCESS_DENIED && i < ARRAY_LEN(roots); i++) {
        err = add_below(roots[i], path);
        if (err == ERROR_KEY_DELETED) /* empty, and removed by another that ends */
            err = add_below(roots[i], path);
    }
    return err;
}

u32 journal_list_has(const char16_t *path, bool *has)
{
    struct reg_key *key;

    *has = false;
    for (size_t i = 0; !*has && i < ARRAY_LEN(roots); i++)
        if (!reg_open(roots[i], SCRIPTS, &key)) {
            *has = reg_has_value(key, path);
            reg_close(key);
        }
    return *has || !may_be_forgotten() ? ERROR_SUCCESS : ledger_lists(path, has);
}

static bool is_missing(u32 err)
{
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND;
}

/* Those that are empty: that there is more in them, or that the caller may not, is no error. */
static void remove_keys(enum reg_root root)
{
    /* in a registry of our own making all of them are new */
    static const char16_t *const keys[] = {SCRIPTS,
                                           ROLLBACK,
                                           INSTALLER,
                                           u"Software\\Microsoft\\Windows\\CurrentVersion",
                                           u"Software\\Microsoft\\Windows",
                                           u"Software\\Microsoft"};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; (!err || is_missing(err)) && i < ARRAY_LEN(keys); i++)
        err = reg_remove_empty(root, REG_VIEW_64, keys[i]);
}

static u32 remove_below(enum reg_root root, const char16_t *path)
{
    struct reg_key *key;
    u32 err;

    if (!reg_has(root, SCRIPTS))
        return ERROR_SUCCESS;
    err = reg_make(root, SCRIPTS, &key);
    if (err)
        return err;
    err = reg_remove_value(key, path);
    reg_close(key);
    remove_keys(root);
    return is_missing(err) ? ERROR_SUCCESS : err;
}

u32 journal_list_remove(const char16_t *path)
{
    u32 first = ERROR_SUCCESS;

    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        u32 err = remove_below(roots[i], path);

        if (err && err != ERROR_ACCESS_DENIED && !first)
            first = err;
    }
    if (!first && may_be_forgotten())
        ledger_unlist(path);
    return first;
}

/* The first value from *index on whose file is gone. */
static u32 next_gone(enum reg_root root, u32 *index, char16_t name[REG_NAME_MAX])
{
    struct reg_key *key;
    struct tgt_stat st;
    u32 err = reg_open(root, SCRIPTS, &key);

    if (err)
        return ERROR_NO_MORE_ITEMS;
    while (!(err = reg_value_at(key, *index, name)) && !is_missing(tgt_stat(name, &st)))
        ++*index;
    reg_close(key);
    return err;
}

u32 journal_list_tidy(void)
{
    char16_t name[REG_NAME_MAX];
    u32 first = ERROR_SUCCESS, err;

    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        u32 index = 0;

        while (!(err = next_gone(roots[i], &index, name)))
            if ((err = remove_below(roots[i], name)))
                break;
        if (err != ERROR_NO_MORE_ITEMS && err != ERROR_ACCESS_DENIED && !first)
            first = err;
        remove_keys(roots[i]); /* one may have been killed between the keys and the value */
    }
    return first;
}
