/*
 * Descriptors: what the values of advertised shortcuts, classes and qualified components are made
 * of.
 *
 * A product code (code85.h), a feature's name, and either '<' or '>' and a component code; '<' says
 * that the feature has one component alone. What follows are the arguments of a command line, or a
 * qualified component's text.
 */
#ifndef MSI_DESCRIPTOR_H
#define MSI_DESCRIPTOR_H

#include "code85.h"

enum { DESCRIPTOR_FEATURE = 38 };

struct descriptor {
    char16_t product[GUID_CHARS + 1], feature[DESCRIPTOR_FEATURE + 1], component[GUID_CHARS + 1];
    size_t used; /* characters of the text; what follows begins there */
};

/* False for what is none. */
bool descriptor_read(const char16_t *s, struct descriptor *d);

#endif
