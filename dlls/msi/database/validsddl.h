/*
 * The category FormattedSDDLText.
 */
#ifndef MSI_VALIDSDDL_H
#define MSI_VALIDSDDL_H

#include "base.h"

/* Whether the text has the form of a security descriptor string ("Security Descriptor String
 * Format", "ACE Strings"), in which "<domain\user>" may stand for a SID, with environment variables
 * in brackets but no properties. */
bool valid_sddl(const char16_t *s, size_t len);

#endif
