/*
 * The source list of a product or a patch: where its package is looked for.
 *
 * Below Products\code, or Patches\code, SourceList has
 *
 *   PackageName, LastUsedSource ("n;1;C:\folder\": kind, number, place)
 *   Net\1, 2, ...     folders, REG_EXPAND_SZ, with a backslash at the end
 *   URL\1, 2, ...     with a slash at the end
 *   Media\disk        "label;prompt"; besides MediaPackage (a folder on the disk) and DiskPrompt
 */
#ifndef MSI_SOURCES_H
#define MSI_SOURCES_H

#include "layout.h"

/* MSISOURCETYPE_* */
enum source_kind { SOURCE_NETWORK = 1, SOURCE_URL = 2, SOURCE_MEDIA = 4 };

struct source_owner {
    const char16_t *code, *sid; /* sid NULL: the caller, or the machine */
    u32 context;
    bool patch;
};

/* All of them: ERROR_UNKNOWN_PRODUCT, ERROR_UNKNOWN_PATCH; ERROR_BAD_CONFIGURATION where there is
 * no source list. */

/* The index-th place of a kind, from os_alloc. ERROR_NO_MORE_ITEMS. */
u32 source_at(const struct source_owner *o, enum source_kind kind, u32 index, char16_t **place);
/* Puts it at the number (1: first; 0, or more than there are: at the end, and where it is there
 * already, 0 leaves it in its place). */
u32 source_add(const struct source_owner *o, enum source_kind kind, const char16_t *place,
               u32 number);
u32 source_remove(const struct source_owner *o, enum source_kind kind, const char16_t *place);
/* Of a kind, SOURCE_MEDIA too. */
u32 source_clear(const struct source_owner *o, enum source_kind kind);
/* The next look for the package begins anew. */
u32 source_forget(const struct source_owner *o);

/* The index-th disk; label and prompt are from os_alloc. ERROR_NO_MORE_ITEMS. */
u32 source_disk_at(const struct source_owner *o, u32 index, u32 *disk, char16_t **label,
                   char16_t **prompt);
/* label and prompt may be NULL. */
u32 source_disk_add(const struct source_owner *o, u32 disk, const char16_t *label,
                    const char16_t *prompt);
u32 source_disk_remove(const struct source_owner *o, u32 disk);

/* MediaPackagePath, DiskPrompt, LastUsedSource, LastUsedType, PackageName; from os_alloc.
 * ERROR_UNKNOWN_PROPERTY. */
u32 source_info(const struct source_owner *o, const char16_t *name, char16_t **text);
/* Sets one of them; LastUsedSource is of a kind, and added where it is not in the list. */
u32 source_set_info(const struct source_owner *o, enum source_kind kind, const char16_t *name,
                    const char16_t *text);

#endif
