/*
 * Formatted text: what overlaps, what is not closed, and the two passes of a session.
 */
#include "format.h"
#include "os.h"
#include "test.h"
#include "utf16.h"

/* Fields 1 a, 2 [1], 3 NULL, 4 [V]; properties K 1, L [1], V slate. */
static const struct {
    const char *text, *alone, *session; /* session NULL: as alone */
} cases[] = {
    {"<[0]> x", "<<[0]> x> x", NULL},
    {"{x[0]y}", "x{x[0]y}y", NULL},
    {"[0]", "[0]", NULL},
    {"[00]", "[00]", NULL},
    {"[x[1]y", "[x[1]y", NULL},
    {"[[1]", "[[1]", NULL},
    {"[1] [ [1]", "a [ [1]", NULL},
    {"k[[]", "k[[]", NULL},
    {"{[1] [}", "a [", NULL},
    {"{[u[1]}", "{[u[1]}", NULL},
    {"{[1[} [1]", "{[1[} a", NULL},
    {"p{q{r[1]s}t}u", "pq{rast}u", NULL},
    {"{-{[1]}}", "-{a}", NULL},
    {"{-{[1]}", "-{a", NULL},
    {"{[1]{{q }}", "a{{q }", NULL},
    {"p{q{r}s}t", "p{q{r}s}t", NULL},
    {"{{[1]} x} {[1]}", "{{a} x} {a}", NULL},
    {"{[1]} {{[1]}x {[1]}", "a {{a}x {a}", NULL},
    {"{{[1]}y} {[3]}{[1]}", "{{a}y} {}{a}", NULL},
    {"{q{r[V]s}", "{q{r[V]s}", "q{rslates"},
    {"{q{r[V]s}}", "{q{r[V]s}}", "q{rslates}"},
    {"[K] [[K]] [L]", "[K] [[K]] [L]", "1 [1] [1]"},
    {"[2]", "[1]", NULL},
    {"[4]", "[V]", "slate"},
    {"{[1][V]}", "{a[V]}", "aslate"},
    {"{[3][V]}", "{[V]}", "slate"},
    {"{[1][nix]}", "{a[nix]}", ""},
    {"{[1][3]}x", "x", NULL},
    {"{x}{}{ }", "{x}{ }", NULL},
    {"a{{b}}c{{}}", "ac", NULL},
    {"{", "{", NULL},
    {"}{[1]", "}{a", NULL},
    {"[\\[][1][\\]]", "[\\[]a[\\]]", "[a]"},
    {"[\\{][1][\\}]", "[\\]a[\\]", "{a}"},
    {"[\\xyz]", "[\\xyz]", "x"},
    {"[[1]]", "[a]", ""},
    {"[[3]]", "[]", ""},
    {"{[[1]]}", "{[a]}", ""},
    {"[~]", "[~]", NULL},
};

static u32 look_up(void *session, const char16_t *name, size_t len, struct text_buf *out)
{
    UNUSED(session);
    if (u16_is(name, len, "K"))
        tb_ascii(out, "1");
    else if (u16_is(name, len, "L"))
        tb_ascii(out, "[1]");
    else if (u16_is(name, len, "V"))
        tb_ascii(out, "slate");
    return ERROR_SUCCESS;
}

static void set(struct record *r, u32 field, const char *text)
{
    char16_t wide[100];
    size_t len = u16_from_utf8(wide, 99, text, strlen(text), true);

    ok(!rec_set_text(r, field, wide, len), "field %u\n", field);
}

static struct record *record(const char *template)
{
    struct record *r = rec_create(4);

    set(r, 0, template);
    set(r, 1, "a");
    set(r, 2, "[1]");
    set(r, 4, "[V]");
    return r;
}

static const char *format(const char *template, fmt_lookup lookup)
{
    static char text[2][200];
    static unsigned n;
    char *to = text[n++ % 2];
    struct record *r = record(template);
    struct text_buf out;

    tb_init(&out);
    ok(!fmt_record(r, lookup, NULL, &out), "%s\n", template);
    for (size_t i = 0; i <= out.len && i < 199; i++)
        to[i] = (char)out.s[i];
    tb_free(&out);
    obj_unref(rec_object(r));
    return to;
}

static void without_a_session(void)
{
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = format(cases[i].text, NULL);

        ok(!strcmp(got, cases[i].alone), "%s: %s\n", cases[i].text, got);
    }
}

static void with_a_session(void)
{
    for (unsigned i = 0; i < ARRAY_LEN(cases) - 1; i++) {
        const char *want = cases[i].session ? cases[i].session : cases[i].alone;
        const char *got = format(cases[i].text, look_up);

        ok(!strcmp(got, want), "%s: %s\n", cases[i].text, got);
    }
}

static void fields_are_listed_and_looked_up_once(void)
{
    struct record *r = record("");
    struct text_buf out;

    tb_init(&out);
    ok(!fmt_record(r, look_up, NULL, &out), "format\n");
    ok(!u16_compare(out.s, out.len, u"1: a 2: [1] 3:  4: slate ", 25), "the list\n");
    tb_free(&out);
    obj_unref(rec_object(r));
}

/* The mark of a row in field 0 is no template. */
static void a_fetched_record_lists_its_fields(void)
{
    struct record *r = record("x"), *copy;
    struct text_buf out;

    rec_set_row(r);
    ok(!rec_is_null(r, 0) && rec_lacks_template(r), "field 0\n");
    tb_init(&out);
    ok(!fmt_record(r, NULL, NULL, &out), "format\n");
    ok(!u16_compare(out.s, out.len, u"1: a 2: [1] 3:  4: [V] ", 23), "the list\n");
    tb_free(&out);
    copy = rec_clone(r);
    ok(copy && rec_is_null(copy, 0), "a copy is no row\n");
    obj_unref(rec_object(copy));
    obj_unref(rec_object(r));
}

/* Texts in which each sign looks for an end that is not there. */
static void time_grows_with_the_text(void)
{
    static const char16_t *const parts[] = {u"[", u"{", u"{{", u"[\\", u"[[1]", u"{[1]", u"{[1"};
    enum { LEN = 200000 };
    char16_t *s = os_alloc((LEN + 1) * sizeof(*s));
    struct record *r = record("x");

    for (unsigned p = 0; p < ARRAY_LEN(parts); p++) {
        size_t n = u16_len(parts[p]);
        struct text_buf out;

        for (size_t i = 0; i < LEN; i++)
            s[i] = parts[p][i % n];
        tb_init(&out);
        ok(!fmt_text(r, look_up, NULL, s, LEN, &out) && out.len <= LEN, "part %u\n", p);
        tb_free(&out);
    }
    obj_unref(rec_object(r));
    os_free(s);
}

static void without_memory_at_any_moment(void)
{
    for (u32 n = 1; n < 1000; n++) {
        struct record *r = record("{[1][V]} [[K]]");
        struct text_buf out;
        u32 err, calls;

        tb_init(&out);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = fmt_record(r, look_up, NULL, &out);
        calls = os_fault_count(OS_FAULT_ALLOC);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(err == (calls < n ? ERROR_SUCCESS : ERROR_OUTOFMEMORY), "fault %u gives %u\n", n, err);
        tb_free(&out);
        obj_unref(rec_object(r));
        if (calls < n)
            return;
    }
    ok(0, "it never succeeded\n");
}

START_TEST(msi_format)
{
    RUN(without_a_session);
    RUN(with_a_session);
    RUN(fields_are_listed_and_looked_up_once);
    RUN(a_fetched_record_lists_its_fields);
    RUN(time_grows_with_the_text);
    RUN(without_memory_at_any_moment);
}
