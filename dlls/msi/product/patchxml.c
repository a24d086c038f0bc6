/*
 * What a patch says of itself, as XML: the document type "patch applicability", schema version
 * 1.0.0.0.
 *
 * Reading it, what is left out is not looked at: a version that is not there is any version. What
 * is not known is passed over.
 */
#include <string.h>

#include "os.h"
#include "patchdata.h"
#include "record.h"
#include "textbuf.h"
#include "utf16.h"
#include "xmlread.h"

enum { XML_FILE_MAX = 4 << 20 };

/* How versions are compared, in the order of VALIDATE_LESS and on. */
static const char *const relations[] = {"LessThan", "LessThanOrEqual", "Equal",
                                        "GreaterThanOrEqual", "GreaterThan"};
/* And how much of them, in the order of VALIDATE_MAJOR and on. */
static const char *const filters[] = {"Major", "MajorMinor", "MajorMinorUpdate"};

/* --- writing ------------------------------------------------------------------------------------
 */

static void add_escaped(struct text_buf *b, const char16_t *s)
{
    for (; *s; s++) {
        if (*s == '<')
            tb_ascii(b, "&lt;");
        else if (*s == '>')
            tb_ascii(b, "&gt;");
        else if (*s == '&')
            tb_ascii(b, "&amp;");
        else if (*s == '"')
            tb_ascii(b, "&quot;");
        else
            tb_char(b, *s);
    }
}

static void add_element(struct text_buf *b, const char *name, const char16_t *text)
{
    tb_char(b, '<');
    tb_ascii(b, name);
    tb_char(b, '>');
    add_escaped(b, text);
    tb_ascii(b, "</");
    tb_ascii(b, name);
    tb_char(b, '>');
}

/* Where there is one. */
static void add_some(struct text_buf *b, const char *name, const char16_t *text)
{
    if (text[0])
        add_element(b, name, text);
}

static void add_open(struct text_buf *b, const char *name, bool validate)
{
    tb_char(b, '<');
    tb_ascii(b, name);
    tb_ascii(b, " Validate=\"");
    tb_ascii(b, validate ? "true" : "false");
    tb_char(b, '"');
}

static void add_close(struct text_buf *b, const char *name, const char16_t *text)
{
    tb_char(b, '>');
    add_escaped(b, text);
    tb_ascii(b, "</");
    tb_ascii(b, name);
    tb_char(b, '>');
}

static void add_bit(struct text_buf *b, const char *attribute, u32 bits, const char *const names[],
                    size_t count)
{
    const char *name = "None";

    for (size_t i = 0; i < count; i++)
        if (bits >> i & 1)
            name = names[i];
    tb_char(b, ' ');
    tb_ascii(b, attribute);
    tb_ascii(b, "=\"");
    tb_ascii(b, name);
    tb_char(b, '"');
}

static void add_version(struct text_buf *b, const struct patch_target *t)
{
    add_open(b, "TargetVersion", (t->validate & VALIDATE_RELATIONS) != 0);
    add_bit(b, "ComparisonType", (t->validate & VALIDATE_RELATIONS) / VALIDATE_LESS, relations,
            ARRAY_LEN(relations));
    add_bit(b, "ComparisonFilter", (t->validate & VALIDATE_FILTERS) / VALIDATE_MAJOR, filters,
            ARRAY_LEN(filters));
    add_close(b, "TargetVersion", t->version.text);
}

/* "1033,1031" as a list of XML. */
static void add_languages(struct text_buf *b, const char16_t *s)
{
    char16_t list[PATCH_LANGUAGES + 1];

    u16_copy(list, ARRAY_LEN(list), s);
    for (char16_t *c = list; *c; c++)
        if (*c == ',')
            *c = ' ';
    add_some(b, "UpdatedLanguages", list);
}

static void add_target(struct text_buf *b, const struct patch_target *t)
{
    char16_t language[12];

    rec_format_int(t->language, language);
    tb_ascii(b, "<TargetProduct MinMsiVersion=\"");
    tb_number(b, t->min_msi);
    tb_ascii(b, "\">");
    add_open(b, "TargetProductCode", (t->validate & VALIDATE_PRODUCT) != 0);
    add_close(b, "TargetProductCode", t->code);
    if (!u16_equal_fold(t->code, t->new_code))
        add_some(b, "UpdatedProductCode", t->new_code);
    add_version(b, t);
    if (version_compare(&t->version, &t->new_version, VERSION_FIELDS))
        add_some(b, "UpdatedVersion", t->new_version.text);
    add_open(b, "TargetLanguage", (t->validate & VALIDATE_LANGUAGE) != 0);
    add_close(b, "TargetLanguage", language);
    add_languages(b, t->new_languages);
    add_open(b, "UpgradeCode", (t->validate & VALIDATE_UPGRADE_CODE) != 0);
    add_close(b, "UpgradeCode", t->upgrade);
    tb_ascii(b, "</TargetProduct>");
}

static void add_family(struct text_buf *b, const struct patch_family *f)
{
    tb_ascii(b, "<SequenceData>");
    add_element(b, "PatchFamily", f->name);
    add_some(b, "ProductCode", f->product);
    add_element(b, "Sequence", f->sequence.text);
    if (f->has_attributes) {
        tb_ascii(b, "<Attributes>");
        tb_number(b, f->attributes);
        tb_ascii(b, "</Attributes>");
    }
    tb_ascii(b, "</SequenceData>");
}

u32 patch_write_xml(const struct patch_data *d, char16_t **xml)
{
    struct text_buf b;
    size_t len;

    tb_init(&b);
    tb_ascii(&b, "<MsiPatch xmlns=\"http://www.microsoft.com/msi/patch_applicability.xsd\" "
                 "SchemaVersion=\"1.0.0.0\" PatchGUID=\"");
    add_escaped(&b, d->code);
    tb_ascii(&b, "\" MinMsiVersion=\"");
    tb_number(&b, d->min_msi);
    tb_ascii(&b, d->targets_rtm ? "\" TargetsRTM=\"true\">" : "\">");
    for (u32 i = 0; i < d->target_count; i++)
        add_target(&b, &d->targets[i]);
    for (u32 i = 0; i < d->product_count; i++)
        add_element(&b, "TargetProductCode", d->products[i].guid);
    for (u32 i = 0; i < d->obsolete_count; i++)
        add_element(&b, "ObsoletedPatch", d->obsolete[i].guid);
    for (u32 i = 0; i < d->family_count; i++)
        add_family(&b, &d->families[i]);
    /* Windows' ends with a line's end */
    tb_ascii(&b, "</MsiPatch>\r\n");
    *xml = tb_take(&b, &len);
    return *xml ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static void trim(char16_t *s)
{
    size_t from = 0, len = u16_len(s);

    while (len && s[len - 1] <= ' ')
        len--;
    while (from < len && s[from] <= ' ')
        from++;
    memmove(s, s + from, (len - from) * sizeof(*s));
    s[len - from] = 0;
}

static bool take_guid(const char16_t *s, char16_t guid[GUID_CHARS + 1])
{
    if (!guid_is(s))
        return false;
    u16_copy(guid, GUID_CHARS + 1, s);
    return true;
}

static bool take_number(const char16_t *s, i32 *n)
{
    *n = rec_parse_int(s, u16_len(s));
    return *n != REC_NULL_INT;
}

static bool take_version(const char16_t *s, struct version *v)
{
    return version_read(s, u16_len(s), v);
}

/* "true" and "1" are; what is not there is `otherwise`. */
static bool is_true(const char16_t *s, bool otherwise)
{
    return s ? u16_is(s, u16_len(s), "true") || u16_is(s, u16_len(s), "1") : otherwise;
}

static u32 named_bit(const char16_t *s, const char *const names[], size_t count, u32 first)
{
    for (size_t i = 0; s && i < count; i++)
        if (u16_is(s, u16_len(s), names[i]))
            return first << i;
    return 0;
}

static bool is(const struct xml *x, const char *name)
{
    return u16_is(x->name, u16_len(x->name), name);
}

/* What the start of an element of TargetProduct says of how it is looked at. */
static void start_target(const struct xml *x, struct patch_target *t)
{
    bool validate = is_true(xml_attribute(x, "Validate"), false);

    if (is(x, "TargetVersion") && is_true(xml_attribute(x, "Validate"), true))
        t->validate |= named_bit(xml_attribute(x, "ComparisonType"), relations,
                                 ARRAY_LEN(relations), VALIDATE_LESS) |
                       named_bit(xml_attribute(x, "ComparisonFilter"), filters, ARRAY_LEN(filters),
                                 VALIDATE_MAJOR);
    else if (is(x, "TargetProductCode") && validate)
        t->validate |= VALIDATE_PRODUCT;
    else if (is(x, "TargetLanguage") && validate)
        t->validate |= VALIDATE_LANGUAGE;
    else if (is(x, "UpgradeCode") && validate)
        t->validate |= VALIDATE_UPGRADE_CODE;
}

static bool stop_target(const struct xml *x, struct patch_target *t)
{
    if (is(x, "TargetProductCode"))
        return take_guid(x->text, t->code);
    if (is(x, "UpdatedProductCode"))
        return take_guid(x->text, t->new_code);
    if (is(x, "TargetVersion"))
        return take_version(x->text, &t->version);
    if (is(x, "UpdatedVersion"))
        return take_version(x->text, &t->new_version);
    if (is(x, "TargetLanguage"))
        return take_number(x->text, &t->language);
    if (is(x, "UpdatedLanguages"))
        u16_copy(t->new_languages, ARRAY_LEN(t->new_languages), x->text);
    if (is(x, "UpgradeCode"))
        return take_guid(x->text, t->upgrade);
    return true;
}

static bool stop_family(const struct xml *x, struct patch_family *f)
{
    if (is(x, "PatchFamily"))
        return x->text[0] && u16_copy(f->name, ARRAY_LEN(f->name), x->text) == u16_len(x->text);
    if (is(x, "ProductCode"))
        return take_guid(x->text, f->product);
    if (is(x, "Sequence"))
        return take_version(x->text, &f->sequence);
    if (is(x, "Attributes"))
        return (f->has_attributes = take_number(x->text, &f->attributes));
    return true;
}

/* What the transform does not change is as it was. */
static bool end_target(struct patch_target *t)
{
    if (!t->new_code[0])
        u16_copy(t->new_code, ARRAY_LEN(t->new_code), t->code);
    if (!t->new_version.text[0])
        t->new_version = t->version;
    return t->code[0] != 0;
}

static bool take_code(const struct xml *x, struct patch_code *code)
{
    return code && take_guid(x->text, code->guid);
}

static bool start_root(const struct xml *x, struct patch_data *d)
{
    const char16_t *code = xml_attribute(x, "PatchGUID"), *least;

    least = xml_attribute(x, "MinMsiVersion");
    d->targets_rtm = is_true(xml_attribute(x, "TargetsRTM"), false);
    return is(x, "MsiPatch") && code && take_guid(code, d->code) &&
           (!least || take_number(least, &d->min_msi));
}

static bool start_part(const struct xml *x, struct patch_data *d)
{
    const char16_t *least = xml_attribute(x, "MinMsiVersion");
    struct patch_target *t;

    if (is(x, "SequenceData"))
        return patch_add_family(d) != NULL;
    if (!is(x, "TargetProduct"))
        return true;
    t = patch_add_target(d);
    return t && (!least || take_number(least, &t->min_msi));
}

static bool stop_part(const struct xml *x, struct patch_data *d)
{
    if (is(x, "TargetProductCode"))
        return take_code(x, patch_add_product(d));
    if (is(x, "ObsoletedPatch"))
        return take_code(x, patch_add_obsolete(d));
    if (is(x, "TargetProduct"))
        return end_target(&d->targets[d->target_count - 1]);
    if (is(x, "SequenceData"))
        return d->families[d->family_count - 1].name[0] != 0;
    return true;
}

/* Which part of the document the elements at depth 3 belong to. */
enum part { PART_OTHER, PART_TARGET, PART_FAMILY };

static bool on_start(const struct xml *x, struct patch_data *d, enum part *part)
{
    if (x->depth == 1)
        return start_root(x, d);
    if (x->depth == 2) {
        *part = is(x, "TargetProduct")  ? PART_TARGET
                : is(x, "SequenceData") ? PART_FAMILY
                                        : PART_OTHER;
        return start_part(x, d);
    }
    if (x->depth == 3 && *part == PART_TARGET)
        start_target(x, &d->targets[d->target_count - 1]);
    return true;
}

static bool on_stop(struct xml *x, struct patch_data *d, enum part part)
{
    trim(x->text);
    if (x->depth == 2)
        return stop_part(x, d);
    if (x->depth == 3 && part == PART_TARGET)
        return stop_target(x, &d->targets[d->target_count - 1]);
    if (x->depth == 3 && part == PART_FAMILY)
        return stop_family(x, &d->families[d->family_count - 1]);
    return true;
}

/* A patch is for the products of its transforms where it has no list of them. */
static bool end_document(struct patch_data *d)
{
    struct patch_code *code;

    for (u32 i = 0; !d->product_count && i < d->target_count; i++) {
        code = patch_add_product(d);
        if (!code)
            return false;
        u16_copy(code->guid, GUID_CHARS + 1, d->targets[i].code);
    }
    return d->product_count != 0;
}

static bool read_document(struct xml *x, struct patch_data *d)
{
    enum part part = PART_OTHER;

    for (;;) {
        enum xml_event event = xml_next(x);

        if (event == XML_DONE)
            return end_document(d);
        if (event == XML_BROKEN || (event == XML_START && !on_start(x, d, &part)) ||
            (event == XML_STOP && !on_stop(x, d, part)))
            return false;
    }
}

u32 patch_read_xml(const char16_t *xml, size_t len, struct patch_data *d)
{
    struct xml *x = os_alloc(sizeof(*x));
    bool good;

    memset(d, 0, sizeof(*d));
    if (!x)
        return ERROR_OUTOFMEMORY;
    xml_begin(x, xml, len);
    good = read_document(x, d);
    os_free(x);
    if (!good)
        patch_data_free(d);
    return good ? ERROR_SUCCESS : ERROR_INVALID_PATCH_XML;
}

/* --- files --------------------------------------------------------------------------------------
 */

/* Of a file's bytes, by their mark: UTF-16 in either order, or UTF-8. */
static u32 read_bytes(u8 *bytes, size_t len, struct patch_data *d)
{
    bool swapped = len >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff;
    char16_t *text;
    size_t need;
    u32 err;

    for (size_t i = 0; swapped && i + 1 < len; i += 2) {
        u8 high = bytes[i];

        bytes[i] = bytes[i + 1];
        bytes[i + 1] = high;
    }
    if (len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
        return patch_read_xml((const char16_t *)(const void *)bytes, len / 2, d);
    need = u16_from_utf8(NULL, 0, (const char *)bytes, len, false);
    text = os_alloc_array((u64)need + 1, sizeof(*text));
    if (!text)
        return ERROR_OUTOFMEMORY;
    u16_from_utf8(text, need, (const char *)bytes, len, false);
    err = patch_read_xml(text, need, d);
    os_free(text);
    return err;
}

u32 patch_read_xml_file(const char16_t *path, struct patch_data *d)
{
    struct os_file *f;
    u64 size = 0;
    u32 got = 0, err = os_open(path, OS_READ, &f);
    u8 *bytes;

    memset(d, 0, sizeof(*d));
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INVALID_PATCH_XML;
    err = os_size(f, &size);
    bytes = !err && size <= XML_FILE_MAX ? os_alloc(size + 2) : NULL;
    if (bytes)
        err = os_read_at(f, 0, bytes, (u32)size, &got);
    os_close(f);
    if (bytes && !err)
        err = read_bytes(bytes, got, d);
    else if (!err)
        err = size > XML_FILE_MAX ? ERROR_INVALID_PATCH_XML : ERROR_OUTOFMEMORY;
    os_free(bytes);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INVALID_PATCH_XML : err;
}
