/*
 * Telling the system that a shell link has come.
 */
#ifndef MSI_LINK_NOTICE_H
#define MSI_LINK_NOTICE_H

#include "base.h"

void link_notice(const char16_t *path);

#endif
