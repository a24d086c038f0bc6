/*
 * transform: made of two packages, applied to one, shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

static UINT make_transform(const WCHAR *before, const WCHAR *after, const WCHAR *path)
{
    MSIHANDLE a = 0, b = 0;
    UINT err = db_open(before, MSIDBOPEN_READONLY, &a);

    if (!err)
        err = db_open(after, MSIDBOPEN_READONLY, &b);
    if (!err) {
        err = MsiDatabaseGenerateTransformW(b, a, path, 0, 0);
        if (err == ERROR_NO_DATA)
            fputs("msiq: the packages are the same\n", stderr);
        else if (!err)
            err = MsiCreateTransformSummaryInfoW(b, a, path, 0, 0);
        if (err && err != ERROR_NO_DATA)
            complain(path, err);
    }
    MsiCloseHandle(a);
    MsiCloseHandle(b);
    return err == ERROR_NO_DATA ? ERROR_SUCCESS : err;
}

static UINT apply_transform(const WCHAR *file, const WCHAR *path)
{
    MSIHANDLE db;
    UINT err = db_open(file, options.out ? options.out : MSIDBOPEN_TRANSACT, &db);

    if (err)
        return err;
    err = MsiDatabaseApplyTransformW(db, path, 0);
    if (!err)
        err = MsiDatabaseCommit(db);
    if (err)
        complain(path, err);
    MsiCloseHandle(db);
    return err;
}

/* --- show --- */

struct flag {
    DWORD bit;
    const WCHAR *word;
};

/* The words of the bits that are set, with commas between; allocated. */
static WCHAR *flag_words(DWORD value, const struct flag *flags, unsigned count)
{
    WCHAR *text = must_alloc(count * 40 * sizeof(*text));

    text[0] = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!(value & flags[i].bit))
            continue;
        if (*text)
            wcscat(text, L", ");
        wcscat(text, flags[i].word);
    }
    return text;
}

static WCHAR *condition_words(DWORD flags)
{
    static const struct flag words[] = {
        {MSITRANSFORM_ERROR_ADDEXISTINGROW, L"row exists"},
        {MSITRANSFORM_ERROR_DELMISSINGROW, L"row to delete is missing"},
        {MSITRANSFORM_ERROR_ADDEXISTINGTABLE, L"table exists"},
        {MSITRANSFORM_ERROR_DELMISSINGTABLE, L"table to drop is missing"},
        {MSITRANSFORM_ERROR_UPDATEMISSINGROW, L"row to update is missing"},
        {MSITRANSFORM_ERROR_CHANGECODEPAGE, L"other code page"},
    };

    return flag_words(flags, words, ARRAYSIZE(words));
}

static WCHAR *validation_words(DWORD flags)
{
    static const struct flag words[] = {
        {MSITRANSFORM_VALIDATE_LANGUAGE, L"language"},
        {MSITRANSFORM_VALIDATE_PRODUCT, L"product"},
        {MSITRANSFORM_VALIDATE_MAJORVERSION, L"major version"},
        {MSITRANSFORM_VALIDATE_MINORVERSION, L"minor version"},
        {MSITRANSFORM_VALIDATE_UPDATEVERSION, L"update version"},
        {MSITRANSFORM_VALIDATE_NEWLESSBASEVERSION, L"version <"},
        {MSITRANSFORM_VALIDATE_NEWLESSEQUALBASEVERSION, L"version <="},
        {MSITRANSFORM_VALIDATE_NEWEQUALBASEVERSION, L"version ="},
        {MSITRANSFORM_VALIDATE_NEWGREATEREQUALBASEVERSION, L"version >="},
        {MSITRANSFORM_VALIDATE_NEWGREATERBASEVERSION, L"version >"},
        {MSITRANSFORM_VALIDATE_UPGRADECODE, L"upgrade code"},
    };

    return flag_words(flags, words, ARRAYSIZE(words));
}

/* What the summary information tells; a transform may have none. */
static void show_purpose(const WCHAR *path)
{
    struct pair pairs[5];
    unsigned count = 0;
    MSIHANDLE info;
    WCHAR *flags;
    DWORD bits;

    if (MsiGetSummaryInformationW(0, path, 0, &info))
        return;
    flags = summary_text(info, PID_CHARCOUNT);
    if (!flags) {
        MsiCloseHandle(info);
        return;
    }
    bits = wcstoul(flags, NULL, 10);
    free(flags);
    pairs[count++] = (struct pair){L"For", summary_text(info, PID_TEMPLATE)};
    pairs[count++] = (struct pair){L"Makes", summary_text(info, PID_LASTAUTHOR)};
    pairs[count++] = (struct pair){L"Products", summary_text(info, PID_REVNUMBER)};
    pairs[count++] = (struct pair){L"Validates", validation_words(bits >> 16)};
    pairs[count++] = (struct pair){L"No error", condition_words(bits & 0xffff)};
    for (unsigned i = 0; i < count; i++)
        if (!pairs[i].value)
            pairs[i].value = must_dup(L"");
    out_between();
    out_pairs(pairs, count, L"Transform");
    free_pairs(pairs, count);
    MsiCloseHandle(info);
}

/* Without a base only tables that the transform itself makes or drops can be told: the columns of
 * others are the base's. */
static UINT open_base(const WCHAR *base, WCHAR temporary[MAX_PATH], MSIHANDLE *db)
{
    WCHAR folder[MAX_PATH];

    temporary[0] = 0;
    if (base)
        return db_open(base, MSIDBOPEN_READONLY, db);
    fputs("msiq: without a base: tables that it makes or drops, not changes of others\n", stderr);
    if (!GetTempPathW(MAX_PATH, folder) || !GetTempFileNameW(folder, L"msi", 0, temporary))
        return complain(L"a temporary file", GetLastError());
    return db_open(temporary, MSIDBOPEN_CREATE, db);
}

static UINT show_changes(MSIHANDLE db, const WCHAR *path)
{
    struct rows r;
    UINT err = MsiDatabaseApplyTransformW(db, path, MSITRANSFORM_ERROR_VIEWTRANSFORM);

    if (err)
        return complain(path, err);
    err = rows_table(db, L"_TransformView", &r);
    if (err)
        return err;
    out_begin_many();
    show_purpose(path);
    out_between();
    out_rows(&r, L"Changes");
    out_end_many();
    rows_free(&r);
    return ERROR_SUCCESS;
}

static UINT show_transform(const WCHAR *path, const WCHAR *base)
{
    WCHAR temporary[MAX_PATH];
    MSIHANDLE db = 0;
    UINT err = open_base(base, temporary, &db);

    if (!err)
        err = show_changes(db, path);
    MsiCloseHandle(db);
    if (temporary[0])
        DeleteFileW(temporary);
    return err;
}

/* --- the command --- */

int cmd_transform(int argc, WCHAR **argv)
{
    if (argc == 4 && !wcscmp(argv[0], L"make"))
        return make_transform(argv[1], argv[2], argv[3]) ? EXIT_FAILED : EXIT_GOOD;
    if (argc == 3 && !wcscmp(argv[0], L"apply"))
        return apply_transform(argv[1], argv[2]) ? EXIT_FAILED : EXIT_GOOD;
    if ((argc == 2 || argc == 3) && !wcscmp(argv[0], L"show"))
        return show_transform(argv[1], argc == 3 ? argv[2] : NULL) ? EXIT_FAILED : EXIT_GOOD;
    fputs("usage: msiq transform make OLD NEW MST | apply FILE MST | show MST [BASE]\n", stderr);
    return EXIT_USAGE;
}
