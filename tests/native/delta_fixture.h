/*
 * Deltas for tests, and patches that have them: "old>new" makes a file that is `new` of one that is
 * `old`.
 *
 *     patched_make("folder");
 *     deltas_make();                  delta1.msp: one -> ONE!; delta2.msp: ONE! -> one-2
 *     delta_use(delta_by_text);
 */
#ifndef TEST_DELTA_FIXTURE_H
#define TEST_DELTA_FIXTURE_H

#include "patch_product_fixture.h"

#include "delta_host.h"
#include "target.h"

enum { DELTA_WRONG_FILE = 0xC00E4104u };

TEST_UNUSED static u32 deltas_applied;

/* At most 200 bytes of a file, as text. */
static u32 delta_text(const char16_t *path, char *text)
{
    struct tgt_file *f;
    u32 got = 0, err = tgt_open(path, &f);

    if (err)
        return err;
    err = tgt_read(f, text, 200, &got);
    text[got] = 0;
    tgt_close(f);
    return err;
}

static u32 delta_write(const char16_t *path, const char *text)
{
    struct tgt_file *f;
    u32 err = tgt_create(path, &f);

    if (err)
        return err;
    err = tgt_write(f, text, (u32)strlen(text));
    tgt_close(f);
    return err;
}

TEST_UNUSED static u32 delta_by_text(const char16_t *old, const char16_t *delta,
                                     const char16_t *made)
{
    char is[201], change[201], *to;
    u32 err = delta_text(old, is);

    if (!err)
        err = delta_text(delta, change);
    if (err)
        return err;
    to = strchr(change, '>');
    if (!to)
        return ERROR_FILE_CORRUPT;
    *to++ = 0;
    if (!strcmp(is, to))
        return DELTA_NOT_NEEDED;
    if (strcmp(is, change))
        return DELTA_WRONG_FILE;
    deltas_applied++;
    return delta_write(made, to);
}

/* --- patches ------------------------------------------------------------------------------------
 */

static struct database *delta_update(void)
{
    struct database *db = small_update();

    inst_row(db, "InstallExecuteSequence", "PatchFiles;;4090");
    return db;
}

TEST_UNUSED static struct database *delta_update_of_it(void)
{
    struct database *db = delta_update();

    msp_set(db, "File", "one", 3, 5);
    return db;
}

static const struct msp delta1 = {.name = "delta1.msp",
                                  .code = ONE,
                                  .base = first,
                                  .next = delta_update,
                                  .files = {"one"},
                                  .contents = {"one>ONE!"},
                                  .deltas = true,
                                  .family = "App",
                                  .sequence = "1.2.1"};
static const struct msp delta2 = {.name = "delta2.msp",
                                  .code = TWO,
                                  .base = delta_update,
                                  .next = delta_update_of_it,
                                  .files = {"one"},
                                  .contents = {"ONE!>one-2"},
                                  .deltas = true,
                                  .family = "App",
                                  .sequence = "1.2.2"};

TEST_UNUSED static void deltas_make(void)
{
    msp_make(&delta1);
    msp_make(&delta2);
}

#endif
