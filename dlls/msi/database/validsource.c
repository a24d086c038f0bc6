/*
 * The type of a custom action: bits 0 to 2 tell what is run, bits 4 and 5 where it is ("Custom
 * Action Reference").
 */
#include "validsource.h"

enum { KIND = 0x07, KIND_DATA = 3, KIND_JSCRIPT = 5, KIND_VBSCRIPT = 6, KIND_INSTALL = 7 };
enum { PLACE = 0x30, IN_BINARY = 0x00, IN_FILE = 0x10, IN_DIRECTORY = 0x20 };

/* A package in a storage, one beside this one, or a product that is installed. */
static enum custom_source of_install(i32 place)
{
    return place == IN_DIRECTORY ? SOURCE_GUID : SOURCE_TEXT;
}

/* Error messages and texts of scripts have no source; what stands there is not used. */
static bool needs_none(i32 kind, i32 place)
{
    return (kind == KIND_DATA && place == IN_FILE) ||
           ((kind == KIND_JSCRIPT || kind == KIND_VBSCRIPT) && place == IN_DIRECTORY);
}

enum custom_source custom_source(i32 type, const char16_t **table)
{
    i32 kind = type & KIND, place = type & PLACE;

    *table = place == IN_BINARY ? u"Binary" : place == IN_FILE ? u"File" : u"Directory";
    if (kind == KIND_INSTALL)
        return of_install(place);
    if (needs_none(kind, place) || place == PLACE)
        return SOURCE_IDENTIFIER;
    return SOURCE_KEY;
}
