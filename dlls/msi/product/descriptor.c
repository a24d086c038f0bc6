/*
 * Reading descriptors.
 */
#include "descriptor.h"

#include <string.h>

bool descriptor_read(const char16_t *s, struct descriptor *d)
{
    size_t n = 0;

    memset(d, 0, sizeof(*d));
    if (!code85_read(s, d->product))
        return false;
    for (s += CODE85_CHARS; s[n] && s[n] != '<' && s[n] != '>'; n++) {
        if (n == DESCRIPTOR_FEATURE)
            return false;
        d->feature[n] = s[n];
    }
    d->used = CODE85_CHARS + n + 1;
    if (s[n] != '>')
        return s[n] == '<';
    d->used += CODE85_CHARS;
    return code85_read(s + n + 1, d->component);
}
