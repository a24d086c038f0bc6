/*
 * On the host nobody waits for links.
 */
#include "link_notice.h"

void link_notice(const char16_t *path)
{
    UNUSED(path);
}

bool link_notice_wait(u32 *waited)
{
    UNUSED(waited);
    return false;
}
