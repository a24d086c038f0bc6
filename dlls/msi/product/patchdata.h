/*
 * What a patch says of itself: what it is for, what comes of it, and its place among others.
 *
 * It stands in the patch file (.msp):
 *
 *   summary information   Template: the product codes that it is for, with semicolons; Last Saved
 *                         By: the names of its transforms, ":name", and ":#name" for those that
 *                         number the files; Revision Number: its own code and those of the patches
 *                         that it makes obsolete, one behind the other; Word Count: the installer's
 *                         lowest version
 *   each transform        Revision Number: old product code and version; new ones; upgrade code;
 *                         Template and Last Saved By: old and new languages; Character Count: in
 *                         its high word what has to be as it was (MSITRANSFORM_VALIDATE_*)
 *   MsiPatchSequence      families, and the place in each
 *
 * and the same as a text of XML, which MsiExtractPatchXMLData makes and which does for the file
 * where patches are put in order.
 */
#ifndef MSI_PATCHDATA_H
#define MSI_PATCHDATA_H

#include "error.h"
#include "guid.h"
#include "version.h"

enum { PATCH_FAMILY_CHARS = 255, PATCH_LANGUAGES = 127, PATCH_MAX_PARTS = 4096 };

/* MSITRANSFORM_VALIDATE_* */
enum patch_validate {
    VALIDATE_LANGUAGE = 0x1,
    VALIDATE_PRODUCT = 0x2,
    VALIDATE_MAJOR = 0x8,
    VALIDATE_MINOR = 0x10,
    VALIDATE_UPDATE = 0x20,
    VALIDATE_LESS = 0x40,
    VALIDATE_LESS_EQUAL = 0x80,
    VALIDATE_EQUAL = 0x100,
    VALIDATE_GREATER_EQUAL = 0x200,
    VALIDATE_GREATER = 0x400,
    VALIDATE_UPGRADE_CODE = 0x800,
    VALIDATE_FILTERS = VALIDATE_MAJOR | VALIDATE_MINOR | VALIDATE_UPDATE,
    VALIDATE_RELATIONS = 0x7c0
};

/* A transform of the patch. Codes and texts are empty where there is none. */
struct patch_target {
    char16_t name[32]; /* of its storage; empty where it was read from XML */
    char16_t code[GUID_CHARS + 1], new_code[GUID_CHARS + 1], upgrade[GUID_CHARS + 1];
    struct version version, new_version;
    i32 language;
    char16_t new_languages[PATCH_LANGUAGES + 1];
    u32 validate; /* patch_validate */
    i32 min_msi;
};

/* A row of MsiPatchSequence. */
struct patch_family {
    char16_t name[PATCH_FAMILY_CHARS + 1], product[GUID_CHARS + 1];
    struct version sequence;
    i32 attributes;
    bool has_attributes;
};

struct patch_code {
    char16_t guid[GUID_CHARS + 1];
};

struct patch_data {
    char16_t code[GUID_CHARS + 1];
    i32 min_msi;
    bool targets_rtm; /* MinorUpdateTargetRTM */
    bool removable;   /* AllowRemoval */
    char16_t *display_name,
        *more_info; /* DisplayName, MoreInfoURL; may be NULL. From files alone */
    struct patch_code *products, *obsolete;
    struct patch_target *targets;
    struct patch_family *families;
    u32 product_count, obsolete_count, target_count, family_count;
};

/* Zeroed memory is an empty one. */
void patch_data_free(struct patch_data *d);
/* Each adds a zeroed one; NULL without memory or at PATCH_MAX_PARTS of them. */
struct patch_code *patch_add_product(struct patch_data *d);
struct patch_code *patch_add_obsolete(struct patch_data *d);
struct patch_target *patch_add_target(struct patch_data *d);
struct patch_family *patch_add_family(struct patch_data *d);

/* Fills d from a patch file. ERROR_PATCH_PACKAGE_OPEN_FAILED, ERROR_PATCH_PACKAGE_INVALID,
 * ERROR_PATCH_PACKAGE_UNSUPPORTED: it is for a later installer. */
u32 patch_read_file(const char16_t *path, struct patch_data *d);
/* Fills d from XML. ERROR_INVALID_PATCH_XML. */
u32 patch_read_xml(const char16_t *xml, size_t len, struct patch_data *d);
/* The same from a file. */
u32 patch_read_xml_file(const char16_t *path, struct patch_data *d);
/* d as XML, from os_alloc. */
u32 patch_write_xml(const struct patch_data *d, char16_t **xml);

#endif
