/*
 * The products that Windows Installer's keys in the registry tell of, by product code and context.
 *
 * A product that is advertised or installed has a key of its packed code under Installer\Products,
 * of the machine (HKLM\Software\Classes), of a user for whom an administrator installed it (HKLM,
 * Managed) or of the user (HKCU\Software\Microsoft). One that is installed also has a key under
 * Installer\UserData, which knows the machine as S-1-5-18.
 */
#ifndef MSI_PRODUCTS_H
#define MSI_PRODUCTS_H

#include "regread.h"

#include "guid.h"

/* The largest path that products.c makes. */
enum { PRODUCT_PATH = 300, PRODUCT_SID = 192 };

struct product {
    DWORD context; /* one MSIINSTALLCONTEXT_* */
    HKEY root;     /* of `key`: what is told of an advertised product */
    WCHAR key[PRODUCT_PATH];
    WCHAR data[PRODUCT_PATH]; /* in HKLM, of an installed one: InstallProperties */
};

/* Looks where the caller's products are: installed for an administrator's choice of users, for the
 * caller, for the machine. */
bool product_find(const char16_t *guid, struct product *p);
/* Whether the product is installed there, and not only advertised. */
bool product_installed(const struct product *p);
/* Whether it is installed for anybody. */
bool product_for_others(const char16_t *guid);
/* The index-th product of the caller's. ERROR_NO_MORE_ITEMS. */
u32 product_at(DWORD index, char16_t *guid);
/* A property by the name in its documentation, in text of cap characters; empty where it is not
 * set. ERROR_UNKNOWN_PROPERTY, ERROR_MORE_DATA. */
u32 product_property(const struct product *p, const char16_t *name, WCHAR *text, DWORD cap);

/* Whether the keys know the component, the qualified component, the patch. */
bool component_known(const char16_t *guid);
bool qualified_known(const char16_t *guid);
bool patch_known(const char16_t *guid);

#endif
