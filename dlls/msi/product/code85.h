/*
 * A GUID in twenty characters: four numbers of five digits to the base of 85, the lowest digit
 * first. Descriptors and the lists of a feature's components are made of them.
 */
#ifndef MSI_CODE85_H
#define MSI_CODE85_H

#include "guid.h"

enum { CODE85_CHARS = 20 };

/* s is terminated text and may be shorter: false. guid has GUID_CHARS + 1. */
bool code85_read(const char16_t *s, char16_t *guid);
/* Writes CODE85_CHARS characters, no terminator; guid must be one. */
void code85_write(const char16_t *guid, char16_t *s);

#endif
