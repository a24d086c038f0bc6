/*
 * Names that a package may give to files.
 */
#include "place.h"

#include "utf16.h"

static bool is_device(const char16_t *name, size_t len)
{
    static const char *const devices[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    char16_t base[8];
    size_t n = 0;

    while (n < len && name[n] != u'.' && name[n] != u':')
        n++;
    while (n && name[n - 1] == u' ')
        n--;
    if (n > 7)
        return false;
    for (size_t i = 0; i < n; i++)
        base[i] = u16_upper(name[i]);
    for (size_t i = 0; i < ARRAY_LEN(devices); i++)
        if (u16_is(base, n, devices[i]))
            return true;
    return n == 4 && (u16_is(base, 3, "COM") || u16_is(base, 3, "LPT")) &&
           ((base[3] >= u'1' && base[3] <= u'9') || base[3] == 0xb9 || base[3] == 0xb2 ||
            base[3] == 0xb3);
}

bool place_name_good(const char16_t *name, size_t len)
{
    size_t n = len;

    while (n && (name[n - 1] == u'.' || name[n - 1] == u' '))
        n--;
    if (!n || len > 255)
        return false;
    for (size_t i = 0; i < len; i++)
        if (name[i] < u' ' || name[i] == u'/' || name[i] == u'\\' || name[i] == u':')
            return false;
    return !is_device(name, len);
}
