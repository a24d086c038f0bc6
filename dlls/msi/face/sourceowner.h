/*
 * Whose source list a call speaks of.
 */
#ifndef MSI_SOURCEOWNER_H
#define MSI_SOURCEOWNER_H

#include <windows.h>

#include "sources.h"
#include "texts.h"
#include "utf16.h"

enum {
    SOURCE_OPTION_PATCH = 0x40000000, /* MSICODE_PATCH */
    SOURCE_KINDS = SOURCE_NETWORK | SOURCE_URL | SOURCE_MEDIA
};

/* ERROR_INVALID_PARAMETER: no GUID, a wrong context, everyone (S-1-1-0), unknown options. */
static inline u32 source_owner_of(const char16_t *code, const char16_t *sid, DWORD context,
                                  DWORD options, struct source_owner *o)
{
    if (!code || !guid_is(code) || !context_one(sid, context) ||
        (sid && u16_equal_fold(sid, LAYOUT_EVERYONE)) ||
        (options & ~(DWORD)(SOURCE_OPTION_PATCH | SOURCE_KINDS)))
        return ERROR_INVALID_PARAMETER;
    *o = (struct source_owner){code, user_of(sid), context, (options & SOURCE_OPTION_PATCH) != 0};
    return ERROR_SUCCESS;
}

#endif
