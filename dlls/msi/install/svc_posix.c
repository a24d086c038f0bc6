/*
 * Services where there is no service control manager: none is there, and none can be made.
 */
#include "svc.h"

bool svc_manager(void)
{
    return false;
}

u32 svc_query(const char16_t *name, struct svc_config *out, void **block)
{
    UNUSED(name);
    UNUSED(out);
    UNUSED(block);
    return ERROR_SERVICE_DOES_NOT_EXIST;
}

u32 svc_running(const char16_t *name, bool *running)
{
    UNUSED(name);
    UNUSED(running);
    return ERROR_SERVICE_DOES_NOT_EXIST;
}

u32 svc_put(const char16_t *name, const struct svc_config *c)
{
    UNUSED(name);
    UNUSED(c);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

u32 svc_delete(const char16_t *name)
{
    UNUSED(name);
    return ERROR_SERVICE_DOES_NOT_EXIST;
}

u32 svc_start(const char16_t *name, const char16_t *args, bool wait)
{
    UNUSED(name);
    UNUSED(args);
    UNUSED(wait);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

u32 svc_stop(const char16_t *name, bool wait)
{
    UNUSED(name);
    UNUSED(wait);
    return ERROR_SERVICE_DOES_NOT_EXIST;
}
