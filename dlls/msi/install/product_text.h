/*
 * Texts about the product that its registration is made of.
 */
#ifndef MSI_PRODUCT_TEXT_H
#define MSI_PRODUCT_TEXT_H

#include "install.h"
#include "textbuf.h"

/* All of them add to *out. ERROR_OUTOFMEMORY, and what is said besides. */

/* The folder of the source, with a backslash at the end, and the name of the package in it; a path
 * of the host is told as drive Z, which Wine has for it. */
u32 product_source(struct install *in, struct text_buf *out);
u32 product_package_name(struct install *in, struct text_buf *out);
/* The folder of a package or a patch, which may have been opened by less than its full path; with
 * the backslash, if there is one. */
u32 product_folder_of(const char16_t *path, struct text_buf *out);
/* Where Windows Installer keeps packages, and where the product's icons; with a backslash. */
u32 product_cache_folder(struct install *in, struct text_buf *out);
u32 product_icon_folder(struct install *in, struct text_buf *out);
/* The path of one of its icons, by its name in the Icon table. */
u32 product_icon(struct install *in, const char16_t *name, struct text_buf *out);
/* ProductVersion as a number: 8 bits, 8 bits, 16 bits. */
u32 product_version(const char16_t *text);
/* A descriptor (descriptor.h) of one of its components; component NULL or empty: of the feature. */
u32 product_descriptor(struct install *in, const char16_t *feature, const char16_t *component,
                       struct text_buf *out);
/* Of the day that it is in UTC: 20261130. */
void product_date(char16_t date[9]);

#endif
