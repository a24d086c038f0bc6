/*
 * The category CustomSource: what the source of a custom action has to be, by its type.
 */
#ifndef MSI_VALIDSOURCE_H
#define MSI_VALIDSOURCE_H

#include "base.h"

enum custom_source {
    SOURCE_KEY,        /* a key of another table */
    SOURCE_IDENTIFIER, /* a property, which may be added at run time, or what is not used */
    SOURCE_GUID,       /* of a product */
    SOURCE_TEXT        /* a name in the database or a path */
};

/* For the value of CustomAction.Type. Of SOURCE_KEY *table is the other table's name. */
enum custom_source custom_source(i32 type, const char16_t **table);

#endif
