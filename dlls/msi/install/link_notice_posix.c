/*
 * On the host nobody waits for links.
 */
#include "link_notice.h"

void link_notice(const char16_t *path)
{
    UNUSED(path);
}
