/*
 * Tags, texts and references of XML.
 */
#include "xmlread.h"

#include <string.h>

#include "utf16.h"

void xml_begin(struct xml *x, const char16_t *s, size_t len)
{
    memset(x, 0, sizeof(*x));
    x->at = s;
    x->end = s + len;
    if (len && *s == 0xfeff)
        x->at++;
    /* texts that came as bytes may have their terminator with them */
    while (x->end > x->at && !x->end[-1])
        x->end--;
}

static bool is_space(char16_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char16_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || c >= 0x80;
}

static void skip_space(struct xml *x)
{
    while (x->at < x->end && is_space(*x->at))
        x->at++;
}

static bool starts(const struct xml *x, const char *ascii)
{
    size_t n = strlen(ascii);

    return (size_t)(x->end - x->at) >= n && u16_is(x->at, n, ascii);
}

/* Goes past the next `ascii`. */
static bool skip_past(struct xml *x, const char *ascii)
{
    while (x->at < x->end && !starts(x, ascii))
        x->at++;
    if (x->at == x->end)
        return false;
    x->at += strlen(ascii);
    return true;
}

static size_t take_name(struct xml *x, const char16_t **name)
{
    *name = x->at;
    while (x->at < x->end && is_name(*x->at))
        x->at++;
    return (size_t)(x->at - *name);
}

/* Without what stands before the colon. */
static bool local_name(const char16_t *name, size_t len, char16_t to[XML_NAME + 1])
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++)
        if (name[i] == ':')
            from = i + 1;
    len -= from;
    if (!len || len > XML_NAME)
        return false;
    memcpy(to, name + from, len * sizeof(*to));
    to[len] = 0;
    return true;
}

/* --- characters and references ------------------------------------------------------------------
 */

static bool put(char16_t *to, size_t *len, u32 c)
{
    size_t units = c > 0xffff ? 2 : 1;

    if (*len + units > XML_TEXT)
        return false;
    if (units == 2) {
        to[(*len)++] = (char16_t)(0xd800 + ((c - 0x10000) >> 10));
        c = 0xdc00 + ((c - 0x10000) & 0x3ff);
    }
    to[(*len)++] = (char16_t)c;
    return true;
}

static int digit(char16_t c, u32 base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (base == 16 && c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return base == 16 && c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "#65" or "#x41" */
static bool numeric(const char16_t *s, size_t len, u32 *c)
{
    u32 base = len > 1 && s[1] == 'x' ? 16 : 10;
    size_t i = base == 16 ? 2 : 1;

    *c = 0;
    if (i == len)
        return false;
    for (; i < len; i++) {
        int d = digit(s[i], base);

        if (d < 0 || *c > 0x10ffff)
            return false;
        *c = *c * base + (u32)d;
    }
    return *c && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
}

static bool reference(struct xml *x, char16_t *to, size_t *len)
{
    static const struct {
        const char *name;
        char16_t c;
    } known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    const char16_t *s = ++x->at;
    size_t n;
    u32 c;

    if (!skip_past(x, ";"))
        return false;
    n = (size_t)(x->at - s) - 1;
    if (n && s[0] == '#')
        return numeric(s, n, &c) && put(to, len, c);
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (u16_is(s, n, known[i].name))
            return put(to, len, known[i].c);
    return false;
}

static bool take_char(struct xml *x, char16_t *to, size_t *len)
{
    if (*x->at == '&')
        return reference(x, to, len);
    return *x->at && put(to, len, *x->at++);
}

/* --- tags ---------------------------------------------------------------------------------------
 */

static bool take_value(struct xml *x, char16_t value[XML_TEXT + 1])
{
    char16_t quote;
    size_t len = 0;

    if (x->at == x->end || (*x->at != '"' && *x->at != '\''))
        return false;
    quote = *x->at++;
    while (x->at < x->end && *x->at != quote)
        if (*x->at == '<' || !take_char(x, value, &len))
            return false;
    value[len] = 0;
    return x->at++ < x->end;
}

static bool take_attribute(struct xml *x)
{
    struct xml_attribute *a = &x->attributes[x->attribute_count];
    const char16_t *name;
    size_t len = take_name(x, &name);

    if (x->attribute_count == XML_ATTRIBUTES)
        return false;
    /* what names a name space is none of the element's own */
    if (len > 6 && u16_is(name, 6, "xmlns:"))
        name += 5, len = 0;
    skip_space(x);
    if (x->at == x->end || *x->at++ != '=')
        return false;
    skip_space(x);
    if (!len)
        return *name == ':' && take_value(x, a->value);
    if (!local_name(name, len, a->name) || !take_value(x, a->value))
        return false;
    for (u32 i = 0; i < x->attribute_count; i++)
        if (u16_equal(x->attributes[i].name, a->name))
            return false;
    x->attribute_count++;
    return true;
}

static enum xml_event start_tag(struct xml *x)
{
    const char16_t *name;
    size_t len = take_name(x, &name);

    if (x->depth == XML_DEPTH || (!x->depth && x->root_seen) || !local_name(name, len, x->name))
        return XML_BROKEN;
    x->root_seen = true;
    x->open[x->depth].name = name;
    x->open[x->depth++].len = len;
    x->attribute_count = 0;
    x->text_len = 0;
    for (;;) {
        const char16_t *before = x->at;

        skip_space(x);
        if (starts(x, "/>")) {
            x->at += 2;
            x->stop_next = true;
            return XML_START;
        }
        if (starts(x, ">")) {
            x->at++;
            return XML_START;
        }
        if (before == x->at || !take_attribute(x))
            return XML_BROKEN;
    }
}

static enum xml_event stop(struct xml *x)
{
    u32 i = x->depth - 1;

    local_name(x->open[i].name, x->open[i].len, x->name);
    x->text[x->text_len] = 0;
    x->text_len = 0;
    x->stopped = true;
    return XML_STOP;
}

static enum xml_event end_tag(struct xml *x)
{
    const char16_t *name;
    size_t len = take_name(x, &name);
    u32 i = x->depth - 1;

    skip_space(x);
    if (!x->depth || u16_compare(name, len, x->open[i].name, x->open[i].len) || !starts(x, ">"))
        return XML_BROKEN;
    x->at++;
    return stop(x);
}

static bool cdata(struct xml *x)
{
    x->at += 9;
    while (x->at < x->end && !starts(x, "]]>"))
        if (!put(x->text, &x->text_len, *x->at++))
            return false;
    return skip_past(x, "]]>");
}

/* --- events -------------------------------------------------------------------------------------
 */

/* What tells nothing. False: there is none here. */
static bool take_aside(struct xml *x, bool *broken)
{
    if (starts(x, "<?"))
        *broken = !skip_past(x, "?>");
    else if (starts(x, "<!--"))
        *broken = !skip_past(x, "-->");
    else if (x->depth && starts(x, "<![CDATA["))
        *broken = !cdata(x);
    else
        return false;
    return true;
}

static bool take_text(struct xml *x)
{
    if (x->depth)
        return take_char(x, x->text, &x->text_len);
    return is_space(*x->at++);
}

enum xml_event xml_next(struct xml *x)
{
    bool broken = false;

    if (x->stop_next) {
        x->stop_next = false;
        return stop(x);
    }
    x->depth -= x->stopped;
    x->stopped = false;
    while (x->at < x->end && !broken) {
        if (take_aside(x, &broken))
            continue;
        if (starts(x, "</")) {
            x->at += 2;
            return end_tag(x);
        }
        if (*x->at == '<') {
            x->at++;
            return start_tag(x);
        }
        broken = !take_text(x);
    }
    return broken || x->depth || !x->root_seen ? XML_BROKEN : XML_DONE;
}

const char16_t *xml_attribute(const struct xml *x, const char *name)
{
    for (u32 i = 0; i < x->attribute_count; i++)
        if (u16_is(x->attributes[i].name, u16_len(x->attributes[i].name), name))
            return x->attributes[i].value;
    return NULL;
}
