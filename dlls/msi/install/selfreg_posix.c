/*
 * Libraries register themselves on Windows alone.
 */
#include "selfreg.h"
#include "trace.h"

u32 selfreg_run(const char16_t *path, bool wide, bool registers)
{
    TRACE(TRACE_MSI, "skipped: %s of the %d-bit %s", registers ? "registration" : "deregistration",
          wide ? 64 : 32, trace_text(path, -1));
    return ERROR_SUCCESS;
}
