/* There are no kernel handles on the host; HND_KERNEL is 0 and nobody calls these. */
#include "kernel.h"

u32 kernel_make(u32 *handle)
{
    *handle = 0;
    return ERROR_NO_SYSTEM_RESOURCES;
}

void kernel_close(u32 handle)
{
    UNUSED(handle);
}
