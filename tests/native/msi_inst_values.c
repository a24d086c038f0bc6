/*
 * What installing makes of values: those of the Registry table, lists and counts and environment
 * variables in the registry, texts of INI files, names of fonts.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "fontname.h"
#include "initext.h"
#include "os.h"
#include "reglist.h"
#include "regvalue.h"
#include "utf16.h"

/* ASCII to UTF-16; `|` is a zero. */
static size_t wide(const char *s, char16_t *to)
{
    size_t n = 0;

    for (; s[n]; n++)
        to[n] = s[n] == '|' ? 0 : (unsigned char)s[n];
    to[n] = 0;
    return n;
}

static void show_bytes(const u8 *bytes, size_t len, u32 type, char *out)
{
    out += sprintf(out, "%u:", type);
    if (type == REG_TYPE_BINARY || type == REG_TYPE_DWORD)
        for (size_t i = 0; i < len; i++)
            out += sprintf(out, "%02x", bytes[i]);
    else
        for (size_t i = 0; i + 1 < len; i += 2)
            *out++ = bytes[i] || bytes[i + 1] ? (char)bytes[i] : '|';
    *out = 0;
}

/* --- the Registry table -------------------------------------------------------------------------
 */

static void value_is(int line, const char *text, const char *want)
{
    struct reg_value v;
    char16_t t[100];
    size_t len = wide(text, t);
    char got[300];

    ok(!reg_value_of(t, len, &v), "line %d: %s\n", line, text);
    show_bytes(v.bytes.data, v.bytes.len, v.type, got);
    if (v.how)
        sprintf(got + strlen(got), " %u", v.how);
    ok(!strcmp(got, want), "line %d: %s is %s\n", line, text, got);
    buf_free(&v.bytes);
}
#define VALUE(text, want) value_is(__LINE__, text, want)

static void prefixes_say_the_type(void)
{
    VALUE("text", "1:text|");
    VALUE("", "1:|");
    VALUE("##text", "1:#text|");
    VALUE("#%%A%", "2:%A%|");
    VALUE("#%", "2:|");
    VALUE("#17", "4:11000000");
    VALUE("#-5", "4:fbffffff");
    VALUE("#4294967295", "4:ffffffff");
    VALUE("#", "4:00000000");
    VALUE("#xDEad", "3:dead");
    VALUE("#x123", "3:0123");
    VALUE("#x", "3:");
    VALUE("#x12zz", "3:1200");
}

static void zeros_make_lists(void)
{
    VALUE("a|b|c", "7:a|b|c||");
    VALUE("|a|b|", "7:a|b||");
    VALUE("|", "7:|");
    VALUE("a||b", "7:a||b||");
    VALUE("|z", "7:z|| 1");
    VALUE("z|", "7:z|| 2");
}

/* --- lists --------------------------------------------------------------------------------------
 */

/* old NULL: no value. want: "same", "gone", or as show_bytes. */
static void becomes(int line, u32 type, const char *old, u32 how, const char *text,
                    const char *want)
{
    char16_t value[200], t[100];
    struct reg_data d = {.type = type, .bytes = (u8 *)value};
    struct reg_list_result r;
    size_t len = wide(text, t);
    char got[300];

    if (old)
        d.size = (u32)((wide(old, value) + 1) * sizeof(*value));
    if (old && type == REG_TYPE_MULTI) /* the end of the list */
        value[d.size / sizeof(*value)] = 0;
    if (old && type == REG_TYPE_MULTI)
        d.size += sizeof(*value);
    ok(!reg_list_apply(old ? &d : NULL, how, t, len, &r), "line %d\n", line);
    if (r.same)
        strcpy(got, "same");
    else if (r.remove)
        strcpy(got, "gone");
    else
        show_bytes(r.bytes.data, r.bytes.len, r.type, got);
    ok(!strcmp(got, want), "line %d: %s\n", line, got);
    buf_free(&r.bytes);
}
#define BECOMES(type, old, how, text, want) becomes(__LINE__, type, old, how, text, want)

static void items_join_at_either_end(void)
{
    BECOMES(REG_TYPE_MULTI, "a", LIST_APPEND, "b", "7:a|b||");
    BECOMES(REG_TYPE_MULTI, "a", LIST_PREPEND, "b", "7:b|a||");
    BECOMES(REG_TYPE_MULTI, "a|b|c", LIST_APPEND, "a|d", "7:b|c|a|d||");
    BECOMES(REG_TYPE_MULTI, "a|b|c", LIST_PREPEND, "c", "7:c|a|b||");
    BECOMES(REG_TYPE_SZ, "a", LIST_APPEND, "b", "7:a|b||");
    BECOMES(0, NULL, LIST_APPEND, "b|c", "7:b|c||");
}

static void items_leave(void)
{
    BECOMES(REG_TYPE_MULTI, "a|b", LIST_LEAVE, "b", "7:a||");
    BECOMES(REG_TYPE_MULTI, "b|a", LIST_LEAVE, "b", "7:a||");
    BECOMES(REG_TYPE_MULTI, "b", LIST_LEAVE, "b", "gone");
    BECOMES(REG_TYPE_MULTI, "a", LIST_LEAVE, "b", "same");
    BECOMES(0, NULL, LIST_LEAVE, "b", "same");
}

static void counts_go_up_and_down(void)
{
    static const u8 two[] = {2, 0, 0, 0}, one[] = {1, 0, 0, 0};
    struct reg_data d = {REG_TYPE_DWORD, 4, (u8 *)two};
    struct reg_list_result r;

    ok(!reg_list_apply(&d, COUNT_UP, u"", 0, &r) && le32(r.bytes.data) == 3, "up\n");
    buf_free(&r.bytes);
    ok(!reg_list_apply(&d, COUNT_DOWN, u"", 0, &r) && le32(r.bytes.data) == 1, "down\n");
    buf_free(&r.bytes);
    d.bytes = (u8 *)one;
    ok(!reg_list_apply(&d, COUNT_DOWN, u"", 0, &r) && r.remove, "to nothing\n");
    ok(!reg_list_apply(NULL, COUNT_DOWN, u"", 0, &r) && r.same, "no count\n");
    ok(!reg_list_apply(NULL, COUNT_UP, u"", 0, &r) && le32(r.bytes.data) == 1, "the first\n");
    buf_free(&r.bytes);
    ok(reg_list_apply(NULL, LIST_HOWS, u"", 0, &r) == ERROR_INVALID_PARAMETER, "none\n");
}

static void variables_join(void)
{
    BECOMES(REG_TYPE_EXPAND, "%A%;b", VAR_APPEND, ";C:\\x", "2:%A%;b;C:\\x|");
    BECOMES(REG_TYPE_SZ, "b", VAR_PREPEND, "C:\\x;", "1:C:\\x;b|");
    BECOMES(REG_TYPE_SZ, "b", VAR_APPEND, ";%X%", "2:b;%X%|");
    BECOMES(REG_TYPE_SZ, "a;C:\\x;b", VAR_APPEND, ";C:\\x", "same");
    BECOMES(REG_TYPE_SZ, "C:\\xy;b", VAR_APPEND, ";C:\\x", "1:C:\\xy;b;C:\\x|");
    BECOMES(0, NULL, VAR_APPEND, ";C:\\x", "1:C:\\x|");
    BECOMES(0, NULL, VAR_PREPEND, "C:\\x;", "1:C:\\x|");
    BECOMES(REG_TYPE_SZ, "1", VAR_APPEND, ";;2;;", "1:1;;2;;|");
    BECOMES(REG_TYPE_SZ, "1", VAR_PREPEND, ";;2;;", "1:;;2;;1|");
}

static void variables_are_left(void)
{
    BECOMES(REG_TYPE_SZ, "a;C:\\x", VAR_LEAVE_END, ";C:\\x", "1:a|");
    BECOMES(REG_TYPE_SZ, "C:\\x;a", VAR_LEAVE_END, ";C:\\x", "1:a|");
    BECOMES(REG_TYPE_SZ, "a;C:\\x;b", VAR_LEAVE_END, ";C:\\x", "1:a;b|");
    BECOMES(REG_TYPE_SZ, "a;C:\\x;b", VAR_LEAVE_START, "C:\\x;", "1:a;b|");
    BECOMES(REG_TYPE_SZ, "a;C:\\x", VAR_LEAVE_START, "C:\\x;", "1:a|");
    BECOMES(REG_TYPE_SZ, "C:\\x", VAR_LEAVE_START, "C:\\x;", "gone");
    BECOMES(REG_TYPE_SZ, "C:\\xy", VAR_LEAVE_END, ";C:\\x", "same");
    BECOMES(REG_TYPE_SZ, "1;;2;;", VAR_LEAVE_END, ";;2;;", "1:1|");
    BECOMES(REG_TYPE_SZ, ";;2;;1", VAR_LEAVE_START, ";;2;;", "1:1|");
}

static void whole_variables(void)
{
    BECOMES(REG_TYPE_SZ, "1", VAR_DEFAULT, "2", "same");
    BECOMES(0, NULL, VAR_DEFAULT, "2", "1:2|");
    BECOMES(REG_TYPE_SZ, "1", VAR_REMOVE_EQUAL, "1", "gone");
    BECOMES(REG_TYPE_SZ, "1", VAR_REMOVE_EQUAL, "", "gone");
    BECOMES(REG_TYPE_SZ, ";;2;;1", VAR_REMOVE_EQUAL, "1", "same");
    BECOMES(0, NULL, VAR_REMOVE_EQUAL, "", "same");
}

/* --- INI files ----------------------------------------------------------------------------------
 */

/* One change of a file by itself. *same: there was none, and out stays empty. */
static u32 ini_change_once(const u8 *old, size_t len, const struct ini_change *c, struct buf *out,
                           bool *same)
{
    struct ini_text *t;
    u32 err = ini_open(old, len, &t);

    if (!err)
        err = ini_change(t, c, same);
    if (!err && !*same)
        err = ini_bytes(t, out);
    ini_close(t);
    return err;
}

static void ini(int line, const char *old, u32 how, const char *section, const char *key,
                const char *value, const char *want)
{
    char16_t s[40], k[40], v[40];
    struct ini_change c = {s, k, v, how};
    struct buf out = {0};
    bool same;
    u32 err;

    wide(section, s);
    wide(key, k);
    wide(value, v);
    err = ini_change_once((const u8 *)old, strlen(old), &c, &out, &same);
    ok(!err, "line %d: %u\n", line, err);
    if (same)
        ok(!strcmp(want, "same"), "line %d: same\n", line);
    else
        ok(out.len == strlen(want) && !memcmp(out.data, want, out.len), "line %d: %.*s\n", line,
           (int)out.len, out.data);
    buf_free(&out);
}
#define INI(old, how, section, key, value, want) ini(__LINE__, old, how, section, key, value, want)

static void keys_are_set(void)
{
    INI("", INI_SET, "s", "k", "v", "[s]\r\nk=v\r\n");
    INI("[s]\nk=1\n", INI_SET, "S", "K", "2", "[s]\nK=2\n");
    INI("[s]\r\n k = v \r\n", INI_SET, "s", "k", "v", "same");
    INI("[a]\r\nk=1\r\n\r\n[s]\r\nx=1\r\n", INI_SET, "a", "n", "2",
        "[a]\r\nk=1\r\nn=2\r\n\r\n[s]\r\nx=1\r\n");
    INI("[a]\r\nk=1", INI_SET, "s", "k", "v", "[a]\r\nk=1\r\n[s]\r\nk=v\r\n");
    INI("; k=0\r\n[s]\r\n", INI_SET, "s", "k", "v", "; k=0\r\n[s]\r\nk=v\r\n");
    INI("[s]\r\nk=1\r\n", INI_DEFAULT, "s", "k", "2", "same");
    INI("[s]\r\nx=1\r\n", INI_DEFAULT, "s", "k", "2", "[s]\r\nx=1\r\nk=2\r\n");
}

static void sections_go_with_their_last_key(void)
{
    INI("[s]\r\nk=1\r\nx=2\r\n", INI_REMOVE, "s", "k", "", "[s]\r\nx=2\r\n");
    INI("[a]\r\nx=1\r\n[s]\r\nk=1\r\n\r\n[b]\r\n", INI_REMOVE, "s", "k", "",
        "[a]\r\nx=1\r\n[b]\r\n");
    INI("[s]\r\nk=1\r\n", INI_REMOVE, "s", "k", "", "");
    INI("[s]\r\nk=1\r\n", INI_REMOVE, "s", "x", "", "same");
    INI("[s]\r\n; note\r\nk=1\r\n", INI_REMOVE, "s", "k", "", "[s]\r\n; note\r\n");
}

static void tags_join_and_leave(void)
{
    INI("[s]\r\nk=a\r\n", INI_ADD_TAG, "s", "k", "b", "[s]\r\nk=a,b\r\n");
    INI("[s]\r\nk=a, B\r\n", INI_ADD_TAG, "s", "k", "b", "same");
    INI("[s]\r\nk=\r\n", INI_ADD_TAG, "s", "k", "b", "[s]\r\nk=b\r\n");
    INI("", INI_ADD_TAG, "s", "k", "b", "[s]\r\nk=b\r\n");
    INI("[s]\r\nk=a,b,c\r\n", INI_REMOVE_TAG, "s", "k", "b", "[s]\r\nk=a,c\r\n");
    INI("[s]\r\nk=a,b\r\n", INI_REMOVE_TAG, "s", "k", "b", "[s]\r\nk=a\r\n");
    INI("[s]\r\nk=b,a\r\n", INI_REMOVE_TAG, "s", "k", "b", "[s]\r\nk=a\r\n");
    INI("[s]\r\nk=b\r\nx=1\r\n", INI_REMOVE_TAG, "s", "k", "b", "[s]\r\nx=1\r\n");
    INI("[s]\r\nk=ab\r\n", INI_REMOVE_TAG, "s", "k", "b", "same");
}

/* Which a repair writes again, and a removal finds. */
static void tags_with_commas_are_several(void)
{
    INI("[s]\r\nk=a,b\r\n", INI_ADD_TAG, "s", "k", "a,b", "same");
    INI("[s]\r\nk=x,a,b,c\r\n", INI_ADD_TAG, "s", "k", "a,b", "same");
    INI("[s]\r\nk=b,a\r\n", INI_ADD_TAG, "s", "k", "a,b", "[s]\r\nk=b,a,a,b\r\n");
    INI("[s]\r\nk=a\r\n", INI_ADD_TAG, "s", "k", "a,b", "[s]\r\nk=a,a,b\r\n");
    INI("[s]\r\nk=a,b\r\nx=1\r\n", INI_REMOVE_TAG, "s", "k", "a,b", "[s]\r\nx=1\r\n");
    INI("[s]\r\nk=x,a,b,c\r\n", INI_REMOVE_TAG, "s", "k", "a,b", "[s]\r\nk=x,c\r\n");
    INI("[s]\r\nk=x,a,b\r\n", INI_REMOVE_TAG, "s", "k", "a,b", "[s]\r\nk=x\r\n");
    INI("[s]\r\nk=a,c,b\r\n", INI_REMOVE_TAG, "s", "k", "a,b", "same");
    INI("[s]\r\nk=a\r\n", INI_ADD_TAG, "s", "k", "", "same");
}

static u32 chance(u32 *seed, u32 n)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 16) % n;
}

/* Some of them several lines, headers where keys are meant, or twice the same with another case. */
static struct ini_change some_change(u32 *seed)
{
    static const char16_t *const sections[] = {u"a", u"A", u"b", u"c", u"", u"d\n[a]", u"e]"};
    static const char16_t *const keys[] = {u"k", u"K", u"x", u"n", u"", u"[q", u"k=1"};
    static const char16_t *const values[] = {u"1", u"a", u"b", u"a,b", u"", u"v\nk=2", u"v\r"};

    return (struct ini_change){.section = sections[chance(seed, ARRAY_LEN(sections))],
                               .key = keys[chance(seed, ARRAY_LEN(keys))],
                               .value = values[chance(seed, ARRAY_LEN(values))],
                               .how = chance(seed, INI_HOWS)};
}

static void some_file(u32 *seed, struct buf *out)
{
    static const char *const pieces[] = {"[a]", "[A]",      "[b]", "k=1", "K = 2", "; k=0", "x=a,b",
                                         " \t", "\r\n\r\n", "\r",  "[",   "=",     "no key"};

    for (u32 n = chance(seed, 12); n; n--) {
        const char *piece = pieces[chance(seed, ARRAY_LEN(pieces))];

        ok(!buf_add(out, piece, strlen(piece)), "memory\n");
        if (chance(seed, 4))
            ok(!buf_add(out, "\r\n", 2), "memory\n");
    }
}

static void many_changes_are_as_one_by_one(void)
{
    u32 seed = 1;

    for (int file = 0; file < 300; file++) {
        struct buf bytes = {0};
        struct ini_text *held;

        some_file(&seed, &bytes);
        ok(!ini_open(bytes.data, bytes.len, &held), "open\n");
        for (int i = 0; i < 20; i++) {
            struct ini_change c = some_change(&seed);
            struct buf one = {0}, all = {0};
            bool same, same_held;

            ok(!ini_change_once(bytes.data, bytes.len, &c, &one, &same), "once\n");
            ok(!ini_change(held, &c, &same_held) && !ini_bytes(held, &all), "held\n");
            if (!same) {
                buf_free(&bytes);
                bytes = one;
            }
            ok(same == same_held && bytes.len == all.len &&
                   (!all.len || !memcmp(bytes.data, all.data, all.len)),
               "file %d, change %d: %.*s\n", file, i, (int)all.len, all.data);
            buf_free(&all);
        }
        ini_close(held);
        buf_free(&bytes);
    }
}

/* Bytes that stand for nothing stay; a marked file is in UTF-16. */
static void encodings_are_kept(void)
{
    static const u8 wide_file[] = {0xff, 0xfe, '[', 0, 's', 0, ']', 0, '\n', 0};
    struct ini_change c = {u"s", u"k", u"\x20ac", INI_SET};
    struct buf out = {0};
    bool same;

    INI("[s]\r\nx=\x81\xff\r\n", INI_SET, "s", "k", "v", "[s]\r\nx=\x81\xff\r\nk=v\r\n");
    ok(!ini_change_once(wide_file, sizeof(wide_file), &c, &out, &same) && out.len == 20 &&
           out.data[14] == 0xac && out.data[15] == 0x20,
       "wide: %u\n", (unsigned)out.len);
    buf_free(&out);
    c.how = INI_HOWS;
    ok(ini_change_once(NULL, 0, &c, &out, &same) == ERROR_INVALID_PARAMETER, "none\n");
    ok(ini_is_empty((const u8 *)" \r\n\t", 4) && !ini_is_empty((const u8 *)";", 1), "empty\n");
}

/* --- fonts --------------------------------------------------------------------------------------
 */

static void put16(u8 *p, u32 n)
{
    p[0] = (u8)(n >> 8);
    p[1] = (u8)n;
}

/* A file with a table of names of one record. */
static size_t font_file(u8 *f, u32 platform, const char *name, size_t len)
{
    memset(f, 0, 200);
    put16(f + 4, 1);
    memcpy(f + 12, "name", 4);
    put16(f + 22, 28);
    put16(f + 26, (u32)(18 + len));
    put16(f + 30, 1);
    put16(f + 32, 18);
    put16(f + 34, platform);
    put16(f + 38, platform == 3 ? 0x409 : 0);
    put16(f + 40, 4);
    put16(f + 42, (u32)len);
    memcpy(f + 46, name, len);
    return 46 + len;
}

static void font_is(const u8 *bytes, size_t len, const char *want)
{
    struct text_buf name;
    u32 err;

    tb_init(&name);
    err = font_name(bytes, len, &name);
    ok(want ? !err && u16_is(name.s, name.len, want) : err == ERROR_FILE_CORRUPT, "%s: %u\n",
       want ? want : "none", err);
    tb_free(&name);
}

static void fonts_tell_their_names(void)
{
    u8 f[200];
    size_t len = font_file(f, 3, "\0A\0 \0B", 6);

    font_is(f, len, "A B (TrueType)");
    for (size_t n = 0; n < len; n++) {
        u8 *cut = os_alloc(n + 1);

        memcpy(cut, f, n);
        font_is(cut, n, NULL);
        os_free(cut);
    }
    len = font_file(f, 1, "Mac", 3);
    font_is(f, len, "Mac (TrueType)");
    len = font_file(f, 7, "Odd", 3);
    font_is(f, len, NULL);
}

START_TEST(msi_inst_values)
{
    prefixes_say_the_type();
    zeros_make_lists();
    items_join_at_either_end();
    items_leave();
    counts_go_up_and_down();
    variables_join();
    variables_are_left();
    whole_variables();
    keys_are_set();
    sections_go_with_their_last_key();
    tags_join_and_leave();
    tags_with_commas_are_several();
    many_changes_are_as_one_by_one();
    encodings_are_kept();
    fonts_tell_their_names();
}
