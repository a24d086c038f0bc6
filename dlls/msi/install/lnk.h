/*
 * Shell links as bytes: the files that shortcuts are.
 */
#ifndef MSI_LNK_H
#define MSI_LNK_H

#include "buf.h"

/* A property of a link's property store (System.AppUserModel.ID and the like). */
struct lnk_property {
    u8 format[16]; /* as a GUID stands in memory */
    u32 id;
    const char16_t *text;
};

/* Texts are terminated, and NULL where there is none. */
struct lnk {
    const char16_t *target; /* a path, of a folder where it ends with a backslash; or anything */
    const char16_t *arguments, *description, *folder; /* folder: that the program starts in */
    const char16_t *icon;
    const char16_t *descriptor; /* of an advertised shortcut; shorter than 260 */
    i32 icon_index;
    u32 show;   /* SW_ */
    u32 hotkey; /* the key, and 256 times its modifiers */
    const struct lnk_property *properties;
    u32 property_count;
};

/* Adds the file's bytes. ERROR_OUTOFMEMORY; texts longer than 65535 characters are cut. */
u32 lnk_make(const struct lnk *l, struct buf *out);

/* "{GUID} number", or one of the names that System.AppUserModel has. False: it is neither. */
bool lnk_property_key(const char16_t *text, struct lnk_property *p);

#endif
