/*
 * storages: what stands in a package as a storage of its own - the transforms of a patch or of
 * another language - listed, taken out as files, put in and deleted.
 *
 * No function of msi.dll reads the bytes of a storage, so this works on the compound file.
 */
#include <string.h>

#include "msiq.h"
#include "storage.h"

/* --- the list --------------------------------------------------------------------------------- */

static u32 list_storages(struct stg *root)
{
    struct stg_list list;
    struct rows r;
    u32 err = stg_list(root, &list);

    if (err)
        return err;
    rows_make(&r, u"Name:s31", u"Kind:s16", u"Size:i4", NULL);
    for (u32 i = 0; !err && i < list.count; i++) {
        struct storage_look look;

        if (list.entries[i].kind != STG_STORAGE)
            continue;
        err = storage_look(root, list.entries[i].name, &look);
        rows_add(&r, must_dup(list.entries[i].name), from_ascii(look.kind),
                 from_number(look.bytes));
    }
    if (!err)
        out_rows(&r, NULL);
    rows_free(&r);
    stg_list_free(&list);
    return err;
}

/* --- out -------------------------------------------------------------------------------------- */

static u32 save_storage(struct stg *root, const char16_t *name, const char16_t *path)
{
    struct stg *sub;
    u32 err = stg_sub_open(root, name, &sub);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : err;
    err = stg_save_as(sub, path);
    stg_close(sub);
    return err;
}

static u32 save_all(struct stg *root, const char16_t *folder)
{
    struct stg_list list;
    u32 err = make_folder(folder), failed = ERROR_SUCCESS;

    if (err)
        return complain(folder, err);
    err = stg_list(root, &list);
    if (err)
        return err;
    for (u32 i = 0; i < list.count; i++) {
        char16_t *file = file_name_for(list.entries[i].name), *path = path_in(folder, file);

        if (list.entries[i].kind == STG_STORAGE &&
            (err = save_storage(root, list.entries[i].name, path)))
            failed = complain(list.entries[i].name, err);
        os_free(path);
        os_free(file);
    }
    stg_list_free(&list);
    return failed;
}

/* --- in --------------------------------------------------------------------------------------- */

static u32 copy_in(struct stg *root, struct stg *from, const char16_t *name)
{
    struct stg *to;
    enum stg_kind kind = stg_kind_of(root, name);
    u32 err = kind == STG_STORAGE ? stg_remove(root, name) : ERROR_SUCCESS;

    if (!err)
        err = stg_sub_create(root, name, &to);
    if (err)
        return err;
    err = stg_copy(from, to);
    stg_close(to);
    return err;
}

static u32 put_storage(struct stg *root, const char16_t *name, const char16_t *path)
{
    struct stg *from;
    u32 err = stg_open(path, STG_READ | STG_DENY_WRITE, &from);

    if (err == ERROR_INVALID_DATA)
        warn_about(path, "a storage is made of a compound file (a transform, say), which this is "
                         "not");
    if (err)
        return complain(path, err);
    err = copy_in(root, from, name);
    stg_close(from);
    return err ? complain(name, err) : ERROR_SUCCESS;
}

static u32 delete_storages(struct stg *root, int argc, char16_t **argv)
{
    for (int i = 0; i < argc; i++) {
        u32 err = stg_kind_of(root, argv[i]) == STG_STORAGE ? stg_remove(root, argv[i])
                                                            : ERROR_NO_MORE_ITEMS;
        if (err)
            return complain(argv[i], err);
    }
    return ERROR_SUCCESS;
}

static u32 change(struct stg *root, int argc, char16_t **argv)
{
    u32 err = is(argv[0], "put") ? put_storage(root, argv[1], argv[2])
                                 : delete_storages(root, argc - 1, argv + 1);

    if (err)
        return err;
    err = stg_commit(root);
    return err ? complain(u"the changes are not saved", err) : ERROR_SUCCESS;
}

/* --- the command ------------------------------------------------------------------------------ */

static u32 look(struct stg *root, int argc, char16_t **argv)
{
    u32 err;

    if (argc == 1) {
        err = list_storages(root);
        return err ? complain(argv[0], err) : ERROR_SUCCESS;
    }
    if (is(argv[1], "all"))
        return save_all(root, options.out ? options.out : u".");
    err = save_storage(root, argv[1], options.out);
    return err ? complain(argv[1], err) : ERROR_SUCCESS;
}

int cmd_storages(int argc, char16_t **argv)
{
    bool put = argc > 1 && is(argv[1], "put"), del = argc > 1 && is(argv[1], "delete");
    struct stg *root;
    u32 err;

    if (put && argc != 4)
        return wrong_usage("storages", "put takes NAME PATH", NULL);
    if (del && argc < 3)
        return wrong_usage("storages", "delete takes NAME ...", NULL);
    if (!put && !del && argc > 2)
        return wrong_usage("storages", "one argument too many:", argv[2]);
    if ((put || del || argc == 1) && options.out)
        return wrong_usage("storages", "--out is for what is taken out", NULL);
    if (argc == 2 && !options.out && !is(argv[1], "all"))
        return wrong_usage("storages", "a storage is taken out to a file: --out PATH", NULL);
    err = stg_open(argv[0], (put || del ? STG_WRITE : STG_READ) | STG_DENY_WRITE, &root);
    if (err) {
        complain(argv[0], err);
        return EXIT_FAILED;
    }
    err = put || del ? change(root, argc - 1, argv + 1) : look(root, argc, argv);
    stg_close(root);
    return err ? EXIT_FAILED : EXIT_GOOD;
}
