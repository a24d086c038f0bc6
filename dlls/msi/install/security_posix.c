/*
 * A folder that stands for drives holds no security of Windows', nor do the hives that are given.
 */
#include "security.h"

bool security_here(void)
{
    return false;
}

bool security_account(const char16_t *domain, const char16_t *user, char16_t sid[SECURITY_SID])
{
    UNUSED(domain);
    UNUSED(user);
    UNUSED(sid);
    return false;
}

u32 security_parse(const char16_t *text, u8 **descriptor, u32 *size)
{
    UNUSED(text);
    UNUSED(descriptor);
    UNUSED(size);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

u32 security_get(const struct security_object *o, u8 **descriptor, u32 *size)
{
    UNUSED(o);
    UNUSED(descriptor);
    UNUSED(size);
    return ERROR_FILE_NOT_FOUND;
}

u32 security_set(const struct security_object *o, const u8 *descriptor, u32 size)
{
    UNUSED(o);
    UNUSED(descriptor);
    UNUSED(size);
    return ERROR_CALL_NOT_IMPLEMENTED;
}
