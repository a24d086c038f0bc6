/*
 * Reading XML, element by element: as much of it as documents of data have. There is no document
 * type (one is an error), and names lose what stands before their colon.
 *
 * Bounded: XML_DEPTH elements inside each other, XML_ATTRIBUTES in one, names and values cut
 * nowhere, but an error where they do not fit.
 */
#ifndef MSI_XMLREAD_H
#define MSI_XMLREAD_H

#include "base.h"

enum { XML_DEPTH = 32, XML_ATTRIBUTES = 16, XML_NAME = 63, XML_TEXT = 511 };

enum xml_event { XML_START, XML_STOP, XML_DONE, XML_BROKEN };

struct xml_attribute {
    char16_t name[XML_NAME + 1], value[XML_TEXT + 1];
};

struct xml {
    const char16_t *at, *end;
    bool root_seen;
    bool stop_next, stopped; /* the element that began ends with it; the last event was its end */
    u32 depth;               /* of the element that the last event is of; the root's is 1 */
    struct {
        const char16_t *name;
        size_t len;
    } open[XML_DEPTH];
    char16_t name[XML_NAME + 1];
    char16_t text[XML_TEXT + 1]; /* at XML_STOP: what stands between the last tag and this one */
    size_t text_len;
    struct xml_attribute attributes[XML_ATTRIBUTES]; /* at XML_START */
    u32 attribute_count;
};

void xml_begin(struct xml *x, const char16_t *s, size_t len);
/* Once it has said XML_DONE or XML_BROKEN it is not asked again. */
enum xml_event xml_next(struct xml *x);
/* NULL where the element that began has none of that name. */
const char16_t *xml_attribute(const struct xml *x, const char *name);

#endif
