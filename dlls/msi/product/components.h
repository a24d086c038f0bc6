/*
 * Installed components: who their clients are, and where they are.
 *
 * Below UserData, Components has a key for each component, with a value for each product that has
 * it, named by the packed product code; the all-zero product keeps it for ever. The value is the
 * key path:
 *
 *   C:\folder\file      a file, or a folder where it ends with a backslash
 *   C?\folder\file      a file that SharedDLLs counts
 *   02:\key\value       in the registry: 00 HKCR, 01 HKCU, 02 HKLM, 03 HKU; 2x: the 64-bit view
 *   01\folder\file      run from source: the number of the disk, and the path on it
 *   <\name,key="value"  an assembly for everybody (sxsname.h)
 *   (empty)             registered without a key path, or disabled
 */
#ifndef MSI_COMPONENTS_H
#define MSI_COMPONENTS_H

#include "layout.h"

/* The key path of a product's component, from os_alloc; code NULL: of any client. sid NULL is the
 * caller. ERROR_UNKNOWN_COMPONENT: it is not registered there. */
u32 component_path_in(const char16_t *component, const char16_t *code, const char16_t *sid,
                      u32 context, char16_t **path);
/* Whether anybody has it, in the caller's contexts. */
bool component_known(const char16_t *component);
/* Whether another product than this is a client, or keeps it for ever. */
bool component_shared(const char16_t *component, const char16_t *code, const char16_t *sid,
                      u32 context);
/* The first client. ERROR_UNKNOWN_COMPONENT. */
u32 component_client(const char16_t *component, char16_t code[GUID_CHARS + 1]);

/* An INSTALLSTATE of a key path: what is registered, without a look at the file. */
int component_registered_state(const char16_t *path);
/* Makes of a key path what MsiGetComponentPath shows, in place, and says by a look whether it is
 * there: LOCAL, SOURCE, ABSENT, NOTUSED. */
int component_look(char16_t *path);
/* The same of a product's component, from os_alloc: of one that runs from its source the path there
 * takes *path's place, and where there is none it is SOURCEABSENT, which leaves *path. contexts are
 * those that the product's source list may be in. Of a Win32 assembly for everybody it is the
 * folder of its files. */
int component_find(const char16_t *code, const char16_t *sid, u32 contexts, char16_t **path);

struct listing_row;
u32 component_at(u32 index, char16_t component[GUID_CHARS + 1]);
u32 component_at_ex(const char16_t *sid, u32 contexts, u32 index, struct listing_row *row);
/* Clients of a component. ERROR_UNKNOWN_COMPONENT; ERROR_INVALID_PARAMETER for an index after the
 * end was told. */
u32 component_client_at(const char16_t *component, u32 index, char16_t code[GUID_CHARS + 1]);
u32 component_client_at_ex(const char16_t *component, const char16_t *sid, u32 contexts, u32 index,
                           struct listing_row *row);

#endif
