/*
 * Property sets: written and read back, and refused where their numbers lie.
 */
#include "hash.h"
#include "os.h"
#include "propset.h"
#include "test.h"

static void fill(struct propset *s)
{
    propset_init(s);
    ok(!propset_set_num(s, 14, PROP_I4, 200), "pages\n");
    ok(!propset_set_text(s, 2, "Installation Database", 21), "title\n");
    ok(!propset_set_num(s, 1, PROP_I2, (i16)65001), "code page\n");
    ok(!propset_set_time(s, 12, 0x01d0123456789abcull), "time\n");
    ok(!propset_set_text(s, 7, "x64;1033", 8), "template\n");
    ok(!propset_set_text(s, 4, "", 0), "author\n");
}

static bool is_text(const struct propset *s, u32 id, const char *text)
{
    const struct prop *p = propset_get(s, id);

    return p && p->type == PROP_LPSTR && p->len == strlen(text) && !strcmp((char *)p->data, text);
}

static bool same(const struct propset *a, const struct propset *b)
{
    if (a->count != b->count)
        return false;
    for (u32 i = 0; i < a->count; i++) {
        const struct prop *x = &a->props[i], *y = &b->props[i];

        if (x->id != y->id || x->type != y->type || x->num != y->num || x->time != y->time ||
            x->len != y->len || (x->len && memcmp(x->data, y->data, x->len)))
            return false;
    }
    return true;
}

static void a_set_comes_back(void)
{
    struct propset s, back;
    size_t len;
    u8 *data;

    fill(&s);
    ok(!propset_write(&s, &data, &len), "write\n");
    ok(len % 4 == 0 && data[0] == 0xfe && data[1] == 0xff, "header\n");
    propset_init(&back);
    ok(!propset_read(&back, data, len), "read\n");
    ok(same(&s, &back), "contents\n");
    ok(propset_codepage(&back) == 65001, "code page %u\n", propset_codepage(&back));
    ok(is_text(&back, 2, "Installation Database") && is_text(&back, 4, ""), "texts\n");
    for (u32 i = 1; i < back.count; i++)
        ok(back.props[i - 1].id < back.props[i].id, "order\n");
    propset_free(&s);
    propset_free(&back);
    os_free(data);
}

static void setting_replaces_and_removing_removes(void)
{
    struct propset s, copy;

    fill(&s);
    ok(!propset_set_text(&s, 14, "text now", 8), "replace\n");
    ok(is_text(&s, 14, "text now") && s.count == 6, "replaced\n");
    propset_remove(&s, 14);
    propset_remove(&s, 99);
    ok(!propset_get(&s, 14) && s.count == 5, "removed\n");
    propset_init(&copy);
    ok(!propset_copy(&copy, &s) && same(&copy, &s), "copy\n");
    propset_free(&copy);
    propset_free(&s);
    ok(propset_codepage(&s) == 0, "no code page\n");
}

static void types_that_msi_does_not_use_are_carried_along(void)
{
    struct propset s, back;
    struct prop odd = {.id = 0x11, .type = 71, .data = (u8 *)"\4\0\0\0\1\2\3\4", .len = 8};
    struct prop wide = {.id = 3, .type = PROP_LPWSTR, .data = (u8 *)"a\0b\0", .len = 4};
    size_t len;
    u8 *data;

    propset_init(&s);
    propset_init(&back);
    ok(!propset_add(&s, &odd) && !propset_add(&s, &wide), "add\n");
    ok(!propset_write(&s, &data, &len), "write\n");
    ok(!propset_read(&back, data, len) && same(&s, &back), "back\n");
    propset_free(&s);
    propset_free(&back);
    os_free(data);
}

static void text_of_a_utf16_set_is_whole_units(void)
{
    struct propset set, again;
    const struct prop *p;
    u8 *bytes = NULL;
    size_t n = 0;

    /* bytes of a narrow set, which then says that it is a wide one */
    propset_init(&set);
    propset_init(&again);
    ok(!propset_set_num(&set, 1, PROP_I2, 1252), "code page\n");
    ok(!propset_set_text(&set, 2, "abcd", 4), "text\n");
    ok(!propset_write(&set, &bytes, &n), "write\n");
    for (size_t i = 0x30; i + 1 < n; i++)
        if (bytes[i] == (1252 & 255) && bytes[i + 1] == 1252 >> 8)
            bytes[i] = 1200 & 255;
    ok(!propset_read(&again, bytes, n), "read\n");
    p = propset_get(&again, 2);
    ok(p && p->type == PROP_LPWSTR && p->len == 4, "%u bytes\n", p ? p->len : 0);
    os_free(bytes);
    propset_free(&set);
    propset_free(&again);
}

/* Wine's ole32 leaves away what pads the last value, and counts it. */
static void the_last_padding_may_be_missing(void)
{
    static const char *const texts[] = {"abc", "abcdefg", "ab", "a"};

    for (u32 i = 0; i < ARRAY_LEN(texts); i++) {
        u32 pad = 3 - (u32)strlen(texts[i]) % 4;
        struct propset s, back;
        size_t len;
        u8 *data, *cut;

        propset_init(&s);
        propset_init(&back);
        propset_set_num(&s, 1, PROP_I2, 1252);
        propset_set_text(&s, 4, texts[i], (u32)strlen(texts[i]));
        ok(!propset_write(&s, &data, &len), "write\n");
        cut = malloc(len - pad);
        memcpy(cut, data, len - pad);
        ok(!propset_read(&back, cut, len - pad) && same(&s, &back), "%s without %u\n", texts[i],
           pad);
        propset_free(&back);
        ok(propset_read(&back, cut, len - pad - 1) == ERROR_FILE_CORRUPT, "%s cut\n", texts[i]);
        free(cut);
        os_free(data);
        propset_free(&s);
    }
}

static void what_is_no_property_set_is_refused(void)
{
    struct propset s;
    u8 data[0x40] = {0xfe, 0xff};

    propset_init(&s);
    ok(propset_read(&s, "", 0) == ERROR_INVALID_DATA, "empty\n");
    ok(propset_read(&s, data, sizeof(data)) == ERROR_INVALID_DATA, "no section\n");
}

/* Each byte changed, each length cut: an error or an answer, and no byte read outside. */
static void lying_numbers_are_refused(void)
{
    struct propset s;
    size_t len;
    u8 *data, *tight;

    fill(&s);
    ok(!propset_write(&s, &data, &len), "write\n");
    propset_free(&s);
    for (size_t i = 0; i < len * 4; i++) {
        u8 old = data[i / 4];
        u32 err;

        data[i / 4] = (u8)(i % 4 == 0   ? 0xff
                           : i % 4 == 1 ? 0
                                        : old + hash_shared(&(u32){(u32)i}, 4));
        err = propset_read(&s, data, len);
        ok(!err || err == ERROR_FILE_CORRUPT || err == ERROR_INVALID_DATA, "%u\n", err);
        ok(!err || s.count == 0, "filled on failure\n");
        propset_free(&s);
        data[i / 4] = old;
    }
    for (size_t cut = 0; cut < len; cut++) {
        tight = malloc(cut + 1);
        memcpy(tight, data, cut);
        ok(propset_read(&s, tight, cut) != 0, "cut at %zu\n", cut);
        propset_free(&s);
        free(tight);
    }
    os_free(data);
}

static void lack_of_memory_leaves_the_set_as_it_was(void)
{
    struct propset s, copy;

    fill(&s);
    propset_init(&copy);
    ok(!propset_copy(&copy, &s), "copy\n");
    os_fault(OS_FAULT_ALLOC, 1, true);
    ok(propset_set_text(&s, 2, "other", 5) == ERROR_OUTOFMEMORY, "text\n");
    os_fault(OS_FAULT_ALLOC, 0, false);
    ok(same(&s, &copy), "changed\n");
    propset_free(&s);
    propset_free(&copy);
}

START_TEST(msi_propset)
{
    RUN(a_set_comes_back);
    RUN(setting_replaces_and_removing_removes);
    RUN(types_that_msi_does_not_use_are_carried_along);
    RUN(text_of_a_utf16_set_is_whole_units);
    RUN(the_last_padding_may_be_missing);
    RUN(what_is_no_property_set_is_refused);
    RUN(lying_numbers_are_refused);
    RUN(lack_of_memory_leaves_the_set_as_it_was);
}
