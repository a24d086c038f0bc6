/*
 * Transforms: made of two databases and applied, for chosen and for random pairs; each error
 * condition; the view of a transform; its summary information; damage and want of memory.
 */
#include <unistd.h>

#include "db_fixture.h"
#include "fault.h"
#include "namecodec.h"
#include "propset.h"
#include "transform.h"

/* --- helpers ------------------------------------------------------------------------------ */

static const char16_t *transform_path(void)
{
    static char16_t path[64];
    char text[64];

    snprintf(text, sizeof(text), "/tmp/decanter-mst-%d.mst", (int)getpid());
    path[u16_from_utf8(path, 63, text, strlen(text), false)] = 0;
    return path;
}

static void remove_transform(void)
{
    os_remove(transform_path());
}

/* The same content in another storage: what a file would be. */
static struct mem_db copy_of(struct mem_db *d)
{
    struct mem_db copy = {0};

    ok(!db_core_save(d->core), "save\n");
    ok(!stg_create_memory(&copy.stg), "storage\n");
    ok(!stg_copy(d->stg, copy.stg), "copy\n");
    ok(!db_core_open(copy.stg, &copy.core), "open\n");
    return copy;
}

static void check_equal(int line, struct mem_db *got, struct mem_db *wanted)
{
    char *a = show(got), *b = show(wanted);

    ok(!strcmp(a, b), "line %d: got\n%s\nwanted\n%s\n", line, a, b);
    free(a);
    free(b);
}

/* Makes the transform from `from` to `to`, applies it to a copy of `from`, compares. */
static void check_pair(int line, struct mem_db *from, struct mem_db *to)
{
    struct mem_db copy = copy_of(from);
    u32 err = xform_generate(to->core, from->core, transform_path(), NULL);

    ok(!err || err == ERROR_NO_DATA, "line %d: generate gives %u\n", line, err);
    if (!err) {
        err = xform_apply_file(copy.core, transform_path(), 0, NULL);
        ok(!err, "line %d: apply gives %u\n", line, err);
    }
    check_equal(line, &copy, to);
    ok(!sp_check(db_core_strings(copy.core)), "line %d: the pool\n", line);
    mem_db_free(&copy);
    remove_transform();
}
#define PAIR(from, to) check_pair(__LINE__, from, to)

/* --- pairs ---------------------------------------------------------------------------------- */

static void rows_come_go_and_change(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "T;K s72 k;V L0;N I2;L I4", "same;x;1;1", "gone;y;2;2", "changed;z;3;3", NULL);
    build(&b, "T;K s72 k;V L0;N I2;L I4", "same;x;1;1", "changed;;-3;70000", "new;y;;", NULL);
    PAIR(&a, &b);
    PAIR(&b, &a);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void tables_come_and_go(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "Both;K s72 k", "x", NULL);
    build(&a, "Old;K s72 k;V V0", "x;bytes", NULL);
    build(&b, "Both;K s72 k", "x", NULL);
    build(&b, "New;A s72 k;B i2 k;V v0;L L255", "x;1;bytes;text", "x;2;more;", NULL);
    build(&b, "Empty;A s72 k", NULL);
    PAIR(&a, &b);
    PAIR(&b, &a);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void objects_are_compared_by_their_bytes(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "B;K s72 k;D V0", "same;bytes", "other;one", "none;", "lost;x", NULL);
    build(&b, "B;K s72 k;D V0", "same;bytes", "other;two", "none;now", "lost;", NULL);
    PAIR(&a, &b);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void columns_are_added(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "T;K s72 k;V L0", "x;1", "y;2", NULL);
    build(&b, "T;K s72 k;V L0;N I2;M S20", "x;1;5;", "y;2;;", "z;3;6;new", NULL);
    PAIR(&a, &b);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void columns_that_differ_make_the_table_anew(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "T;K s72 k;V L0;N I2", "x;1;1", NULL);
    build(&b, "T;K s72 k;N I4", "x;100000", "y;2", NULL);
    PAIR(&a, &b);
    PAIR(&b, &a);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void tables_of_more_than_16_columns(void)
{
    static const char schema[] = "W;K i2 k;C1 I2;C2 I2;C3 I2;C4 I2;C5 I2;C6 I2;C7 I2;C8 I2;C9 I2;"
                                 "C10 I2;C11 I2;C12 I2;C13 I2;C14 I2;C15 I2;C16 I2;C17 L0;C18 I4";
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, schema, "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;x;1", "2;;;;;;;;;;;;;;;;;x;", NULL);
    build(&b, schema, "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;y;2", "3;;;;;;;;;;;;;;;;;x;", NULL);
    PAIR(&a, &b);
    mem_db_free(&a);
    mem_db_free(&b);
}

static void equal_databases_have_no_transform(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "T;K s72 k;V V0", "x;1", NULL);
    build(&b, "T;K s72 k;V V0", "x;1", NULL);
    ok(xform_generate(b.core, a.core, transform_path(), NULL) == ERROR_NO_DATA, "with a file\n");
    ok(!os_exists(transform_path()), "a file was written\n");
    ok(xform_generate(b.core, a.core, NULL, NULL) == ERROR_NO_DATA, "without\n");
    add_row(&b, db_core_next_table(b.core, &(u32){0}), "y;");
    ok(!xform_generate(b.core, a.core, NULL, NULL), "they differ now\n");
    mem_db_free(&a);
    mem_db_free(&b);
}

/* --- random pairs ---------------------------------------------------------------------------- */

static u32 next_random(u32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void random_table(struct mem_db *d, u32 *state, u32 n)
{
    static const char *const schemas[] = {
        "K s72 k;V L0;N I2",       "K s72 k;V L0;N I2;M I4;D V0", "K s72 k;J i2 k;V S0",
        "K i4 k;V L0;D V0;W S255", "K s72 k;V L0;N I2",
    };
    char schema[100], row[200];
    struct table *t;

    snprintf(schema, sizeof(schema), "T%u;%s", n, schemas[next_random(state) % ARRAY_LEN(schemas)]);
    t = add_table(d, schema);
    for (u32 i = next_random(state) % 30; i; i--) {
        size_t at = 0;

        for (u32 c = 0; c < tbl_columns(t); c++) {
            u32 v = next_random(state) % 12;

            at += (size_t)snprintf(row + at, sizeof(row) - at, "%s", c ? ";" : "");
            if (v || c < tbl_keys(t))
                at += (size_t)snprintf(row + at, sizeof(row) - at, "%u", v);
        }
        add_row(d, t, row); /* a key may come twice */
    }
}

static void any_pair(void)
{
    u32 state = 99;

    for (u32 round = 0; round < 200; round++) {
        struct mem_db a = mem_db(), b = mem_db();

        for (u32 n = 0; n < 5; n++) {
            if (next_random(&state) % 4)
                random_table(&a, &state, n);
            if (next_random(&state) % 4)
                random_table(&b, &state, n);
        }
        PAIR(&a, &b);
        mem_db_free(&a);
        mem_db_free(&b);
    }
}

/* --- error conditions ------------------------------------------------------------------------- */

/* The transform of a to b, applied to c: refused without the condition, and then nothing has
 * changed; taken with it. */
static void check_condition(int line, struct mem_db *a, struct mem_db *b, struct mem_db *c,
                            u32 condition, u32 number)
{
    char *before = show(c), *after;
    struct fault fault = {0};
    u32 err;

    ok(!xform_generate(b->core, a->core, transform_path(), NULL), "line %d: generate\n", line);
    err = xform_apply_file(c->core, transform_path(), 0x3f & ~condition, &fault);
    ok(fault.number == number, "line %d: error %u\n", line, fault.number);
    ok(err == ERROR_FUNCTION_FAILED, "line %d: apply gives %u\n", line, err);
    after = show(c);
    ok(!strcmp(before, after), "line %d: changed to %s\n", line, after);
    err = xform_apply_file(c->core, transform_path(), condition, NULL);
    ok(!err, "line %d: apply gives %u\n", line, err);
    free(before);
    free(after);
    remove_transform();
    mem_db_free(a);
    mem_db_free(b);
}
#define CONDITION(c, condition, number) check_condition(__LINE__, &a, &b, c, condition, number)

static void adding_an_existing_row(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    build(&a, "T;K s72 k;V L0", NULL);
    build(&b, "T;K s72 k;V L0", "x;new", "y;1", NULL);
    build(&c, "T;K s72 k;V L0", "x;own", NULL);
    CONDITION(&c, XFORM_ADD_EXISTING_ROW, 2250);
    SHOWS(&c, "T", "K s72!V L0;\nx;new\ny;1");
    mem_db_free(&c);
}

static void deleting_a_missing_row(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    build(&a, "T;K s72 k;V L0", "x;1", "y;1", NULL);
    build(&b, "T;K s72 k;V L0", NULL);
    build(&c, "T;K s72 k;V L0", "x;1", "z;1", NULL);
    CONDITION(&c, XFORM_DELETE_MISSING_ROW, 2251);
    SHOWS(&c, "T", "K s72!V L0;\nz;1");
    mem_db_free(&c);
}

static void updating_a_missing_row(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    build(&a, "T;K s72 k;V L0", "x;1", "y;1", NULL);
    build(&b, "T;K s72 k;V L0", "x;2", "y;2", NULL);
    build(&c, "T;K s72 k;V L0", "x;0", NULL);
    CONDITION(&c, XFORM_UPDATE_MISSING_ROW, 2254);
    SHOWS(&c, "T", "K s72!V L0;\nx;2");
    mem_db_free(&c);
}

static void adding_an_existing_table(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    build(&b, "T;K s72 k;V L0", "x;1", NULL);
    build(&c, "T;K s72 k;V L0", "y;2", NULL);
    CONDITION(&c, XFORM_ADD_EXISTING_TABLE, 2252);
    SHOWS(&c, "T", "K s72!V L0;\nx;1\ny;2");
    mem_db_free(&c);
}

/* The new table is there with a column that takes none of these values: every error condition is
 * suppressed, and still nothing changes. */
static void refused_for_its_values(const char *schema, const char *row)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();
    char *before, *after;
    u32 err;

    build(&b, "A;K s72 k", "x", NULL);
    build(&b, "T;K s72 k;V L0", "x;", "y;text", NULL);
    build(&b, "Z;K s72 k", "x", NULL);
    build(&c, schema, row, NULL);
    before = show(&c);
    ok(!xform_generate(b.core, a.core, transform_path(), NULL), "generate\n");
    err = xform_apply_file(c.core, transform_path(), 0x3f, NULL);
    ok(err == ERROR_FUNCTION_FAILED || err == ERROR_DATATYPE_MISMATCH, "%s: %u\n", schema, err);
    after = show(&c);
    ok(!strcmp(before, after), "%s: changed to %s\n", schema, after);
    free(before);
    free(after);
    remove_transform();
    mem_db_free(&a);
    mem_db_free(&b);
    mem_db_free(&c);
}

static void values_that_do_not_fit_change_nothing(void)
{
    refused_for_its_values("T;K s72 k;V I4", "own;1");
    refused_for_its_values("T;K s72 k;V I4", "y;1");
    refused_for_its_values("T;K s72 k;V l0", "own;1");
    refused_for_its_values("T;K s72 k;V L0;W i2", "own;1;1");
}

static void deleting_a_missing_table(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    build(&a, "T;K s72 k;V L0", "x;1", NULL);
    build(&c, "U;K s72 k", "x", NULL);
    CONDITION(&c, XFORM_DELETE_MISSING_TABLE, 2253);
    mem_db_free(&c);
}

static void code_pages_that_do_not_match(void)
{
    struct mem_db a = mem_db(), b = mem_db(), c = mem_db();

    sp_set_codepage(db_core_strings(a.core), 1250);
    sp_set_codepage(db_core_strings(b.core), 1250);
    sp_set_codepage(db_core_strings(c.core), 1252);
    build(&a, "T;K s72 k", NULL);
    build(&b, "T;K s72 k", "\xc5\x99", NULL);
    build(&c, "T;K s72 k", NULL);
    CONDITION(&c, XFORM_CHANGE_CODEPAGE, 2222);
    SHOWS(&c, "T", "K s72!\n\xc5\x99");
    ok(sp_codepage(db_core_strings(c.core)) == 1250, "not changed\n");
    mem_db_free(&c);
}

static void a_neutral_database_takes_the_code_page(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&a, "T;K s72 k", NULL);
    build(&b, "T;K s72 k", "\xc5\x99", NULL);
    sp_set_codepage(db_core_strings(b.core), 1250);
    PAIR(&a, &b);
    mem_db_free(&a);
    mem_db_free(&b);
}

/* --- embedded transforms ---------------------------------------------------------------------- */

static u32 put_transform_file(struct stream_source *source, struct stg *stg, const char16_t *name)
{
    struct os_file *f;
    u64 size = 0;
    u32 err = os_open(transform_path(), OS_READ, &f);

    UNUSED(source);
    if (err)
        return err;
    os_size(f, &size);
    err = stg_set_file(stg, name, f, 0, size);
    os_close(f);
    return err;
}

static void a_transform_in_the_database(void)
{
    struct mem_db a = mem_db(), b = mem_db();
    struct stream_source source = {put_transform_file};
    struct value row[2] = {{.kind = VALUE_TEXT, .text = u"Change", .len = 6},
                           {.kind = VALUE_STREAM, .stream = &source}};
    struct table *storages;
    struct mem_db again;
    u32 at;

    build(&a, "T;K s72 k;V L0", "x;1", NULL);
    build(&b, "T;K s72 k;V L0", "x;2", "y;3", NULL);
    ok(!xform_generate(b.core, a.core, transform_path(), NULL), "generate\n");
    ok(!db_core_table(a.core, u"_Storages", 9, &storages), "storages\n");
    ok(!db_core_insert(a.core, storages, row, false, &at), "insert\n");
    again = copy_of(&a);
    ok(!db_core_table(again.core, u"_Storages", 9, &storages) && tbl_rows(storages) == 1,
       "the storage is not there\n");
    ok(!xform_apply_file(again.core, u":Change", 0, NULL), "apply\n");
    SHOWS(&again, "T", "K s72!V L0;\nx;2\ny;3");
    ok(!db_core_delete(again.core, storages, 0), "delete\n");
    ok(xform_apply_file(again.core, u":Change", 0x3f, NULL) == ERROR_OPEN_FAILED, "still there\n");
    mem_db_free(&again);
    mem_db_free(&a);
    mem_db_free(&b);
    remove_transform();
}

static void what_is_no_storage_is_refused(void)
{
    struct mem_db a = mem_db();
    struct text_source source = {{put_text_source}, "no compound file"};
    struct value row[2] = {{.kind = VALUE_TEXT, .text = u"Change", .len = 6},
                           {.kind = VALUE_STREAM, .stream = &source.source}};
    struct table *storages;
    u32 at;

    ok(!db_core_table(a.core, u"_Storages", 9, &storages), "storages\n");
    ok(db_core_insert(a.core, storages, row, false, &at) == ERROR_FUNCTION_FAILED, "garbage\n");
    row[1] = (struct value){.kind = VALUE_NULL};
    ok(db_core_insert(a.core, storages, row, false, &at) == ERROR_FUNCTION_FAILED, "nothing\n");
    ok(!db_core_table(a.core, u"_Storages", 9, &storages) && !tbl_rows(storages),
       "a row is left\n");
    mem_db_free(&a);
}

/* --- the view --------------------------------------------------------------------------------- */

static void a_transform_can_be_looked_at(void)
{
    struct mem_db a = mem_db(), b = mem_db();
    struct table *t;
    char *before, *after;

    build(&a, "T;K s72 k;J I2 k;V L0", "x;1;old", "y;;gone", NULL);
    build(&a, "Old;K s72 k", NULL);
    build(&b, "T;K s72 k;J I2 k;V L0;N I4", "x;1;new;7", "z;3;more;", NULL);
    build(&b, "New;K s72 k;D V0", "q;bytes", NULL);
    ok(!xform_generate(b.core, a.core, transform_path(), NULL), "generate\n");
    before = show(&a);
    ok(!xform_apply_file(a.core, transform_path(), XFORM_VIEW, NULL), "view\n");
    SHOWS(
        &a, "_TransformView",
        "Table g0!Column g0!Row G0!Data G0;Current G0;\n"
        "New;CREATE;;;\nNew;D;;6400;2\nNew;D;q;New.q;\nNew;INSERT;q;;\nNew;K;;11592;1\n"
        "Old;DROP;;;\n"
        "T;DELETE;y\t ;;\nT;INSERT;z\t3;;\nT;N;;4356;4\nT;N;x\t1;7;\nT;N;z\t3;;\nT;V;x\t1;new;old\n"
        "T;V;z\t3;more;");
    ok(!xform_apply_file(a.core, transform_path(), XFORM_VIEW, NULL), "again\n");
    ok(!db_core_table(a.core, u"_TransformView", 14, &t) && tbl_rows(t) == 13, "other rows\n");
    ok(!db_core_unhold(a.core, t) && !has_table(&a, "_TransformView"), "not freed\n");
    after = show(&a);
    ok(!strcmp(before, after), "changed to %s\n", after);
    free(before);
    free(after);
    mem_db_free(&a);
    mem_db_free(&b);
    remove_transform();
}

/* The name of an object's stream is made of the key. */
static void an_object_is_no_key(void)
{
    struct mem_db a = mem_db(), b = mem_db();

    build(&b, "T;K s72 k;D V0 k", "a key of some thirty characters;bytes", NULL);
    ok(!xform_generate(b.core, a.core, transform_path(), NULL), "generate\n");
    for (u32 how = 0; how <= XFORM_VIEW; how += XFORM_VIEW)
        ok(xform_apply_file(a.core, transform_path(), how, NULL) == ERROR_INSTALL_TRANSFORM_FAILURE,
           "%u\n", how);
    ok(!has_table(&a, "T"), "made\n");
    mem_db_free(&a);
    mem_db_free(&b);
    remove_transform();
}

/* --- the summary information -------------------------------------------------------------------
 */

static void set_summary(struct mem_db *d, const char *subject, const char *template, i32 pages)
{
    struct propset set;
    u8 *data;
    size_t len;

    propset_init(&set);
    propset_set_num(&set, 1, PROP_I2, 1252);
    propset_set_text(&set, 2, "Title", 5);
    propset_set_text(&set, 3, subject, (u32)strlen(subject));
    propset_set_text(&set, 7, template, (u32)strlen(template));
    propset_set_time(&set, 11, 1);
    propset_set_time(&set, 12, 1);
    propset_set_num(&set, 14, PROP_I4, pages);
    propset_set_num(&set, 15, PROP_I4, 2);
    ok(!propset_write(&set, &data, &len), "write\n");
    ok(!stg_set_bytes(d->stg, u"\005SummaryInformation", data, len), "set\n");
    os_free(data);
    propset_free(&set);
}

static void text_is(const struct propset *set, u32 id, const char *text)
{
    const struct prop *p = propset_get(set, id);

    ok(p && p->len == strlen(text) && !memcmp(p->data, text, p->len), "property %u is %.*s\n", id,
       p ? (int)p->len : 0, p ? (const char *)p->data : "");
}

/* Two databases with these rows of Property, and a transform between them. */
static void begin_summary(struct mem_db *a, struct mem_db *b, const char *upgrade_a)
{
    *a = mem_db();
    *b = mem_db();
    build(a, "Property;Property s72 k;Value l0", "ProductCode;{A}", "ProductVersion;1.0", upgrade_a,
          NULL);
    build(b, "Property;Property s72 k;Value l0", "ProductCode;{B}", "ProductVersion;2.0",
          "UpgradeCode;{U}", NULL);
    ok(!xform_generate(b->core, a->core, transform_path(), NULL), "generate\n");
}

static void end_summary(struct mem_db *a, struct mem_db *b)
{
    mem_db_free(a);
    mem_db_free(b);
    remove_transform();
}

static void read_summary(struct propset *set)
{
    struct stg *stg;
    u8 *data;
    size_t len;

    propset_init(set);
    ok(!stg_open(transform_path(), STG_READ, &stg), "open\n");
    ok(!stg_read_all(stg, u"\005SummaryInformation", &data, &len), "read\n");
    ok(!propset_read(set, data, len), "parse\n");
    os_free(data);
    stg_close(stg);
}

static void the_summary_information_names_both(void)
{
    struct mem_db a, b;
    struct propset set;

    begin_summary(&a, &b, "UpgradeCode;{U}");
    set_summary(&a, "Old", "Intel;1033,2057", 200);
    set_summary(&b, "New", "x64;1031,1033", 100);
    ok(!xform_summary(b.core, a.core, transform_path(), 0x1f, 0x922, NULL), "summary\n");
    read_summary(&set);
    text_is(&set, 2, "Title");
    text_is(&set, 3, "Old");
    text_is(&set, 7, "Intel;1033");
    text_is(&set, 8, "x64;1031,1033");
    text_is(&set, 9, "{A}1.0;{B}2.0;{U}");
    ok(!propset_get(&set, 11), "last printed\n");
    ok(propset_get(&set, 12)->time > 1 && propset_get(&set, 13), "times\n");
    ok(propset_get(&set, 14)->num == 200, "pages\n");
    ok(propset_get(&set, 16)->num == 0x0922001f, "flags %x\n", propset_get(&set, 16)->num);
    ok(propset_get(&set, 19)->num == 4, "security\n");
    ok(!propset_get(&set, 15), "word count\n");
    propset_free(&set);
    end_summary(&a, &b);
}

static void what_the_databases_lack_is_blank(void)
{
    struct mem_db a, b;
    struct propset set;

    begin_summary(&a, &b, NULL);
    ok(!xform_summary(b.core, a.core, transform_path(), 0, 0, NULL), "summary\n");
    read_summary(&set);
    text_is(&set, 7, "");
    text_is(&set, 8, "");
    text_is(&set, 9, "{A}1.0;{B}2.0;");
    ok(propset_get(&set, 14)->num == 0, "pages\n");
    propset_free(&set);
    end_summary(&a, &b);
}

/* Takes the property out of the database, and the summary information cannot be made. */
static void cannot_do_without(struct mem_db *a, struct mem_db *b, struct mem_db *from,
                              const char *property, u32 validation)
{
    struct value key = {.kind = VALUE_TEXT, .text = text16(property), .len = strlen(property)};
    struct table *t;
    u32 row, err;

    ok(!xform_summary(b->core, a->core, transform_path(), 0, validation, NULL), "before\n");
    ok(!db_core_table(from->core, u"Property", 8, &t), "table\n");
    ok(!db_core_find(from->core, t, &key, &row), "find\n");
    ok(!db_core_delete(from->core, t, row), "delete\n");
    err = xform_summary(b->core, a->core, transform_path(), 0, validation, NULL);
    ok(err == ERROR_INSTALL_PACKAGE_INVALID, "without %s: %u\n", property, err);
}

static void properties_that_both_must_have(void)
{
    static const char *const names[] = {"ProductCode", "ProductVersion", "UpgradeCode"};

    for (u32 i = 0; i < 2 * ARRAY_LEN(names); i++) {
        struct mem_db a, b;

        begin_summary(&a, &b, "UpgradeCode;{U}");
        cannot_do_without(&a, &b, i % 2 ? &a : &b, names[i / 2], 0x800);
        end_summary(&a, &b);
        if (i / 2 == 2)
            continue;
        begin_summary(&a, &b, NULL);
        cannot_do_without(&a, &b, i % 2 ? &a : &b, names[i / 2], 0x7ff);
        end_summary(&a, &b);
    }
}

/* --- damage --------------------------------------------------------------------------------------
 */

static void what_is_no_transform(void)
{
    struct mem_db a = mem_db(), b = mem_db();
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg;
    char *before, *after;

    build(&a, "T;K s72 k;V L0", "x;1", NULL);
    build(&b, "T;K s72 k;V L0", "x;2", "y;2", NULL);
    ok(!xform_generate(b.core, a.core, transform_path(), NULL), "generate\n");
    ok(!stg_open(transform_path(), STG_READ, &stg), "open\n");
    name_encode(u"T", 1, true, stored);
    before = show(&a);
    for (u32 len = 1; len < 8; len++) {
        ok(!stg_set_bytes(stg, stored, "\x02\x00\x01\x00\x77\x77\x02", len), "set\n");
        ok(xform_apply(a.core, stg, 0x3f, NULL) == ERROR_INSTALL_TRANSFORM_FAILURE, "length %u\n",
           len);
    }
    stg_close(stg);
    ok(xform_apply_file(a.core, u"/nowhere/x.mst", 0, NULL) == ERROR_OPEN_FAILED, "no file\n");
    ok(xform_apply_file(a.core, u":nothing", 0, NULL) == ERROR_OPEN_FAILED, "no storage\n");
    after = show(&a);
    ok(!strcmp(before, after), "changed to %s\n", after);
    free(before);
    free(after);
    mem_db_free(&a);
    mem_db_free(&b);
    remove_transform();
}

static void without_memory_at_any_moment(void)
{
    for (u32 n = 1; n < 3000; n++) {
        struct mem_db a = mem_db(), b = mem_db();
        u32 err, calls;

        build(&a, "T;K s72 k;V L0", "x;1", "z;1", NULL);
        build(&b, "T;K s72 k;V L0;D V0", "x;2;bytes", "y;2;", NULL);
        build(&b, "N;K s72 k", "q", NULL);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = xform_generate(b.core, a.core, transform_path(), NULL);
        if (!err)
            err = xform_apply_file(a.core, transform_path(), XFORM_VIEW, NULL);
        if (!err)
            err = xform_apply_file(a.core, transform_path(), 0, NULL);
        calls = os_fault_count(OS_FAULT_ALLOC);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY || err == ERROR_NOT_ENOUGH_MEMORY ||
               err == ERROR_CREATE_FAILED,
           "fault %u gives %u\n", n, err);
        mem_db_free(&a);
        mem_db_free(&b);
        remove_transform();
        if (calls < n)
            return;
    }
    ok(0, "never came through\n");
}

START_TEST(transform)
{
    RUN(rows_come_go_and_change);
    RUN(tables_come_and_go);
    RUN(objects_are_compared_by_their_bytes);
    RUN(columns_are_added);
    RUN(columns_that_differ_make_the_table_anew);
    RUN(tables_of_more_than_16_columns);
    RUN(equal_databases_have_no_transform);
    RUN(any_pair);
    RUN(adding_an_existing_row);
    RUN(deleting_a_missing_row);
    RUN(updating_a_missing_row);
    RUN(adding_an_existing_table);
    RUN(values_that_do_not_fit_change_nothing);
    RUN(deleting_a_missing_table);
    RUN(code_pages_that_do_not_match);
    RUN(a_neutral_database_takes_the_code_page);
    RUN(a_transform_in_the_database);
    RUN(what_is_no_storage_is_refused);
    RUN(a_transform_can_be_looked_at);
    RUN(an_object_is_no_key);
    RUN(the_summary_information_names_both);
    RUN(what_the_databases_lack_is_blank);
    RUN(properties_that_both_must_have);
    RUN(what_is_no_transform);
    RUN(without_memory_at_any_moment);
}
