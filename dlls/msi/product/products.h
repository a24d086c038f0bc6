/*
 * Products, as the registry tells of them, by product code and context (layout.h).
 *
 * A product is advertised where it has a key under Products, and installed where its
 * InstallProperties are. It may be both, or, for others than the caller, only the latter.
 */
#ifndef MSI_PRODUCTS_H
#define MSI_PRODUCTS_H

#include "layout.h"

struct product {
    u32 context; /* one of layout_context */
    char16_t code[GUID_CHARS + 1];
    char16_t sid[LAYOUT_SID]; /* empty: the caller's, or the machine's */
    struct layout_path advertised, properties;
};

/* Looks where the caller's products are: installed for an administrator's choice of users, for the
 * caller, for the machine. False: advertised in none. */
bool product_find(const char16_t *code, struct product *p);
/* Fills p for a context, be the product there or not; sid NULL is the caller. */
void product_in(const char16_t *code, const char16_t *sid, u32 context, struct product *p);
/* The SID that layout.h's functions take. */
const char16_t *product_sid(const struct product *p);

bool product_advertised(const struct product *p);
/* Whether Windows Installer installed it there (WindowsInstaller is 1). */
bool product_installed(const struct product *p);
/* Installed, as the Ex functions see it: there is a cached package. */
bool product_has_package(const struct product *p);
/* Whether it is installed for any user; the machine is none. */
bool product_for_others(const char16_t *code);

/* Whether MsiGetProductInfo knows a property of that name. */
bool product_has_property(const char16_t *name);
/* MsiGetProductInfo: a property by the name in its documentation, from os_alloc; empty where it is
 * not set. ERROR_UNKNOWN_PROPERTY, ERROR_BAD_CONFIGURATION. */
u32 product_property(const struct product *p, const char16_t *name, char16_t **text);
/* MsiGetProductInfoEx, which knows more of them, and whose product may be advertised or installed
 * alone. ERROR_UNKNOWN_PRODUCT too. */
u32 product_property_ex(const struct product *p, const char16_t *name, char16_t **text);

/* The index-th product of the caller's, in any context. ERROR_NO_MORE_ITEMS. */
u32 product_at(u32 index, char16_t code[GUID_CHARS + 1]);

struct listing_row;
/* MsiEnumProductsEx; code NULL: all of them. */
u32 product_at_ex(const char16_t *code, const char16_t *sid, u32 contexts, u32 index,
                  struct listing_row *row);
/* The caller's first product that came of a package. ERROR_UNKNOWN_PRODUCT. */
u32 product_of_package(const char16_t *package, char16_t code[GUID_CHARS + 1]);
/* Those with an upgrade code. */
u32 product_related_at(const char16_t *upgrade, u32 index, char16_t code[GUID_CHARS + 1]);

#endif
