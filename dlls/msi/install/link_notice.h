/*
 * Telling the system that a shell link has come.
 */
#ifndef MSI_LINK_NOTICE_H
#define MSI_LINK_NOTICE_H

#include "base.h"

void link_notice(const char16_t *path);
/* Waits a little for a link that somebody reads, some seconds in all (*waited: milliseconds, 0 at
 * first). False: it is not worth it. */
bool link_notice_wait(u32 *waited);

#endif
