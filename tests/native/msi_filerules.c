/*
 * Which file replaces which, wild cards, and paths that leave their folder.
 */
#include "test.h"

#include "act_path.h"
#include "file_rules.h"
#include "utf16.h"
#include "wildcard.h"

enum { ENGLISH = 1033, FRENCH = 1036, GERMAN = 1031 };

static bool no_hash(void *ctx, u32 hash[4])
{
    (void)ctx;
    (void)hash;
    return false;
}

static bool hash_of_ones(void *ctx, u32 hash[4])
{
    (void)ctx;
    for (u32 i = 0; i < 4; i++)
        hash[i] = 1;
    return true;
}

static struct file_offer offer(const char16_t *version, const char16_t *languages)
{
    struct file_offer o = {.languages = languages, .languages_len = u16_len(languages)};

    o.versioned = version_parse(version, u16_len(version), o.version);
    o.product_language = ENGLISH;
    return o;
}

static struct file_there there(const char16_t *version, u32 language)
{
    struct file_there t = {.language = language, .hash = no_hash};

    t.versioned = version_parse(version, u16_len(version), t.version);
    t.created = t.written = 5;
    return t;
}

static bool replaces(const char *letters, const char16_t *offered, const char16_t *found)
{
    char16_t wide[8];
    struct file_offer o = offer(offered, u"1033");
    struct file_there t = there(found, ENGLISH);
    size_t n = u16_from_utf8(wide, 8, letters, strlen(letters), false);

    return file_replaces(file_mode(wide, n), &o, &t);
}

static void the_higher_version_wins(void)
{
    ok(replaces("omus", u"2.0", u"1.9.9.9"), "newer\n");
    ok(!replaces("omus", u"1.0.0.0", u"1.0"), "the same\n");
    ok(!replaces("omus", u"1.0", u"1.0.0.1"), "older\n");
    ok(replaces("omus", u"1.0", u""), "over none\n");
    ok(!replaces("omus", u"", u"1.0"), "none over one\n");
    ok(replaces("omus", u"", u""), "neither\n");
}

static void letters_say_what_is_replaced(void)
{
    ok(!replaces("p", u"2.0", u"1.0") && !replaces("p", u"", u""), "p\n");
    ok(replaces("E", u"1.0", u"1.0") && !replaces("e", u"1.0", u"1.1"), "e\n");
    ok(replaces("d", u"1.0", u"1.1") && !replaces("d", u"1.0", u"1.0"), "d\n");
    ok(replaces("a", u"1.0", u"9.0") && replaces("a", u"", u"1.0"), "a\n");
    ok(replaces("pe", u"1.0", u"1.0"), "of two the more eager\n");
    ok(!replaces("ms", u"2.0", u"1.0"), "no letter of files\n");
}

static bool language_replaces(const char16_t *offered, u32 found)
{
    struct file_offer o = offer(u"1.0", offered);
    struct file_there t = there(u"1.0", found);

    return file_replaces(MODE_OLDER, &o, &t);
}

static void languages_decide_between_equal_versions(void)
{
    ok(!language_replaces(u"1033", ENGLISH), "the same\n");
    ok(!language_replaces(u"", FRENCH), "none said\n");
    ok(language_replaces(u"1033,1036", ENGLISH), "more\n");
    ok(!language_replaces(u"1036", ENGLISH), "the product's is there\n");
    ok(language_replaces(u"1033", FRENCH), "the product's comes\n");
    ok(language_replaces(u"1036", GERMAN), "neither is the product's\n");
}

static void what_a_user_changed_stays(void)
{
    struct file_offer o = offer(u"", u"");
    struct file_there t = there(u"", 0);

    t.written = 6;
    ok(!file_replaces(MODE_OLDER, &o, &t), "changed\n");
    ok(file_replaces(MODE_DIFFERENT, &o, &t), "d\n");
    t.created = 7;
    ok(file_replaces(MODE_OLDER, &o, &t), "made later than written\n");
}

static void an_equal_hash_is_the_same_file(void)
{
    struct file_offer o = offer(u"", u"");
    struct file_there t = there(u"", 0);

    o.hashed = true;
    t.hash = hash_of_ones;
    ok(file_replaces(MODE_OLDER, &o, &t), "another\n");
    hash_of_ones(NULL, o.hash);
    ok(!file_replaces(MODE_OLDER, &o, &t) && !file_replaces(MODE_DIFFERENT, &o, &t), "the same\n");
    t.hash = no_hash;
    ok(file_replaces(MODE_OLDER, &o, &t), "one that cannot be read\n");
}

static void versions_are_four_numbers(void)
{
    u32 v[4];

    ok(version_parse(u"1.2.3.65535", 11, v) && v[0] == 1 && v[3] == 65535, "four\n");
    ok(version_parse(u"7", 1, v) && v[0] == 7 && v[1] == 0, "one\n");
    ok(!version_parse(u"1.2.3.4.5", 9, v) && !version_parse(u"1.65536", 7, v) &&
           !version_parse(u"", 0, v) && !version_parse(u"file1", 5, v) &&
           !version_parse(u"1.", 2, v),
       "others\n");
}

static bool matches(const char16_t *pattern, const char16_t *name)
{
    return wildcard_matches(pattern, u16_len(pattern), name, u16_len(name));
}

static void wild_cards_match_names(void)
{
    ok(matches(u"*", u"x") && matches(u"*.*", u"name") && matches(u"*.TXT", u"a.b.txt"), "stars\n");
    ok(matches(u"a?c*", u"abc") && !matches(u"a?c", u"ac") && !matches(u"*.txt", u"a.txt2"),
       "marks\n");
    ok(matches(u"*a*b*c", u"xxaxxbxxbxc") && !matches(u"*a*b*c", u"xxaxxcxxb"), "several\n");
}

static bool is_taken(const char16_t *pattern)
{
    size_t len = u16_len(pattern);

    return !wildcard_take_long(&pattern, &len);
}

static void wild_cards_stay_in_their_folder(void)
{
    ok(is_taken(u"*.txt") && is_taken(u"a~1.*|long name.*") && is_taken(u"plain"), "good ones\n");
    ok(!is_taken(u"..\\*") && !is_taken(u"x|a/*") && !is_taken(u"c:*") && !is_taken(u"nul") &&
           !is_taken(u"..") && !is_taken(u"x|.."),
       "others\n");
}

static bool is_full(const char16_t *path)
{
    return path_is_full(path, u16_len(path));
}

static void full_paths_are_plain(void)
{
    ok(is_full(u"C:\\") && is_full(u"C:\\a\\b c\\") && is_full(u"\\\\server\\share\\"), "good\n");
    ok(!is_full(u"C:") && !is_full(u"a\\b") && !is_full(u"\\a") && !is_full(u"\\\\server\\") &&
           !is_full(u""),
       "not full\n");
    ok(!is_full(u"C:\\a\\..\\b") && !is_full(u"C:\\a\\\\b") && !is_full(u"C:\\a\\NUL\\b") &&
           !is_full(u"\\\\?\\C:\\a") && !is_full(u"\\\\.\\C:\\a") && !is_full(u"C:\\a:b"),
       "hostile\n");
}

static void names_are_one_name(void)
{
    struct text_buf b;

    tb_init(&b);
    ok(!path_add_name(&b, u"SHORT~1|long name.txt") && u16_is(b.s, b.len, "long name.txt"),
       "long\n");
    ok(path_add_name(&b, u"..") == ERROR_BAD_PATHNAME, "up\n");
    ok(path_add_name(&b, u"ok|..\\x") == ERROR_BAD_PATHNAME, "up and down\n");
    ok(path_add_name(&b, u"com1.txt") == ERROR_BAD_PATHNAME, "a device\n");
    ok(path_add_name(&b, u"") == ERROR_BAD_PATHNAME, "nothing\n");
    tb_free(&b);
}

static void sets_of_paths_fold_case(void)
{
    struct path_set s = {.count = 0};
    bool is_new;

    ok(!path_set_add(&s, u"C:\\Folder", 9, &is_new) && is_new, "first\n");
    ok(!path_set_add(&s, u"c:\\fOLDER", 9, &is_new) && !is_new, "again\n");
    ok(path_set_has(&s, u"C:\\FOLDER", 9) && !path_set_has(&s, u"C:\\FOLDER", 8), "has\n");
    path_set_free(&s);
}

START_TEST(msi_filerules)
{
    RUN(the_higher_version_wins);
    RUN(letters_say_what_is_replaced);
    RUN(languages_decide_between_equal_versions);
    RUN(what_a_user_changed_stays);
    RUN(an_equal_hash_is_the_same_file);
    RUN(versions_are_four_numbers);
    RUN(wild_cards_match_names);
    RUN(wild_cards_stay_in_their_folder);
    RUN(full_paths_are_plain);
    RUN(names_are_one_name);
    RUN(sets_of_paths_fold_case);
}
