/*
 * MsiDecomposeDescriptor: what the values of advertised shortcuts and classes are made of.
 */
#include <windows.h>
#include <msi.h>

#include "descriptor.h"
#include "strio.h"
#include "utf16.h"

/* Each buffer has room for what the document says. */
static void put(void *buf, const char16_t *text, size_t cap, bool ansi)
{
    DWORD room = (DWORD)cap;

    if (buf)
        text_put(ansi ? out_a(buf, &room) : out_w(buf, &room), text, u16_len(text));
}

static u32 answer(const char16_t *descriptor, void *product, void *feature, void *component,
                  DWORD *offset, bool ansi)
{
    struct descriptor p;

    if (!descriptor || !descriptor_read(descriptor, &p))
        return ERROR_INVALID_PARAMETER;
    put(product, p.product, ARRAY_LEN(p.product), ansi);
    put(feature, p.feature, ARRAY_LEN(p.feature), ansi);
    put(component, p.component, ARRAY_LEN(p.component), ansi);
    if (offset)
        *offset = (DWORD)p.used;
    return ERROR_SUCCESS;
}

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset);
UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset);

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset)
{
    return answer(w16(descriptor), product, feature, component, offset, false);
}

UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = answer(text.text, product, feature, component, offset, true);
    text_done(&text);
    return err;
}
