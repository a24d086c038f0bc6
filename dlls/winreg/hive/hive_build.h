/*
 * Filling a new image; for hive_open.c. Everything here wants its caller to be alone with the hive.
 */
#ifndef DECANTER_HIVE_BUILD_H
#define DECANTER_HIVE_BUILD_H

#include "base.h"
#include "error.h"
#include "hive.h"

struct os_file;

/* Fills the image from the hive file and its logs; h->path, ctl, overlay and regions are there. A
 * shared image's hive file is recovered and clean afterwards. Errors as hive_open. */
u32 hbuild_image(struct hive *h, struct os_file *file, struct hive_recovery *out);
/* Makes the rest of an image in own memory whose stable storage and base block are there. */
u32 hbuild_meta(struct hive *h);
/* Fills it with an empty hive. */
u32 hbuild_empty(struct hive *h);
/* Writes what hbuild_empty made, in own memory, as a new hive file. */
u32 hbuild_create(struct os_file *f, struct hive *h);
/* Whether the file is empty or was left behind by a killed hbuild_create. */
bool hbuild_is_blank(struct os_file *f);
/* The bytes of an empty hive. */
u32 hbuild_root(struct hview *view, u32 *root);
/* What was derived anew when the image was made, to the hive file. With the writers' lock. */
u32 hbuild_write_mended(struct hive *h);
/* The file beside path whose name has something added, from os_alloc; NULL: no memory. Windows does
 * not tell upper from lower case: where there is no such file and one that differs in case alone,
 * that is it. */
char16_t *hbuild_name(const char16_t *path, const char *suffix);

#endif
