/*
 * What the files of planning and executing share.
 */
#ifndef MSI_INSTALL_IMPL_H
#define MSI_INSTALL_IMPL_H

#include "install.h"

/* Whether the action plans or runs here. */
bool install_has(const char16_t *action, size_t len);
/* Whether there is somebody who does custom actions. */
bool install_has_custom(void);

#endif
