/*
 * Installing, for tests: a package in memory, a session on it, its actions, and what they plan.
 *
 *     struct database *db = inst_package();
 *     INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
 *                "r;2;Software\\X;n;v;c");
 *     struct session *s = inst_open(db);
 *     inst_cost(s);
 *     ok(!inst_act(s, "WriteRegistryValues"), "plan\n");
 *     PLANS(s, "RegAddValue(...)\n");
 *     inst_close(s);
 * inst_package has a folder INSTALLDIR, C:\Program Files\App, a feature f that is installed, and a
 * component c in both. db_fixture.h says how tables are written.
 */
#ifndef TEST_INSTALL_FIXTURE_H
#define TEST_INSTALL_FIXTURE_H

#include "database.h"
#include "db_fixture.h"
#include "install.h"
#include "object.h"
#include "session_impl.h"
#include "suminfo.h"
#include "test.h"
#include "textbuf.h"

#define INST_TABLE(db, ...) build(&(struct mem_db){NULL, (db)->core}, __VA_ARGS__, NULL)

/* More rows for a table that is there. */
TEST_UNUSED static void inst_row(struct database *db, const char *name, const char *fields)
{
    struct mem_db d = {NULL, db->core};
    struct table *t = NULL;
    u32 err = db_core_table(db->core, text16(name), strlen(name), &t);

    ok(!err, "table %s gives %u\n", name, err);
    if (!err)
        err = add_row(&d, t, fields);
    ok(!err, "row %s of %s gives %u\n", fields, name, err);
}

static void inst_summary(struct suminfo *sum, u32 id, const char16_t *text)
{
    struct sum_value v = {.type = 30, .text = (char16_t *)text, .len = u16_len(text)};

    ok(!suminfo_set(sum, id, &v), "summary property %u\n", id);
}

TEST_UNUSED static struct database *inst_package(void)
{
    struct database *db = NULL;
    struct suminfo *sum = NULL;
    const struct sum_value schema = {.type = 3, .num = 200};

    install_start();
    ok(!db_open_memory(&db), "database\n");
    INST_TABLE(db, "Property;Property s72 k;Value l0", "ProductName;App",
               "ProductCode;{11111111-2222-3333-4444-555555555555}", "ProductVersion;1.2.3",
               "ProductLanguage;1033", "Manufacturer;Maker", "ALLUSERS;1");
    INST_TABLE(db, "Directory;Directory s72 k;Directory_Parent S72;DefaultDir l255",
               "TARGETDIR;;SourceDir", "ProgramFilesFolder;TARGETDIR;.",
               "INSTALLDIR;ProgramFilesFolder;App");
    INST_TABLE(db,
               "Feature;Feature s38 k;Feature_Parent S38;Title L64;Description L255;Display I2;"
               "Level i2;Directory_ S72;Attributes i2",
               "f;;Title;;1;1;INSTALLDIR;0");
    INST_TABLE(db,
               "Component;Component s72 k;ComponentId S38;Directory_ s72;Attributes i2;"
               "Condition S255;KeyPath S72",
               "c;{AAAAAAAA-2222-3333-4444-555555555555};INSTALLDIR;0;;");
    INST_TABLE(db, "FeatureComponents;Feature_ s38 k;Component_ s72 k", "f;c");
    ok(!suminfo_open(db, 5, &sum), "summary\n");
    inst_summary(sum, 7, u"x64;1033");
    inst_summary(sum, 9, u"{12345678-1234-1234-1234-123456789012}");
    ok(!suminfo_set(sum, 14, &schema), "schema\n");
    ok(!suminfo_persist(sum), "persist\n");
    obj_unref(suminfo_object(sum));
    return db;
}

TEST_UNUSED static struct session *inst_open(struct database *db)
{
    struct session *s = NULL;
    u32 err = session_open(db, NULL, &s);

    ok(!err, "session: %u\n", err);
    obj_unref(db_object(db));
    return s;
}

TEST_UNUSED static void inst_close(struct session *s)
{
    obj_unref(session_object(s));
}

TEST_UNUSED static void inst_set(struct session *s, const char *name, const char *value)
{
    const char16_t *n = text16(name), *v = text16(value);

    ok(!session_set_property(s, n, u16_len(n), v, u16_len(v)), "property %s\n", name);
}

TEST_UNUSED static u32 inst_act(struct session *s, const char *action)
{
    const char16_t *a = text16(action);

    return session_do_action(s, a, u16_len(a));
}

/* Up to where actions may plan. */
TEST_UNUSED static void inst_cost(struct session *s)
{
    static const char *const actions[] = {"CostInitialize", "FileCost", "CostFinalize",
                                          "InstallValidate", "InstallInitialize"};

    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        u32 err = inst_act(s, actions[i]);

        ok(!err, "%s gives %u\n", actions[i], err);
    }
}

/* The operations planned so far, a line each. free() it. */
TEST_UNUSED static char *inst_planned(struct session *s)
{
    struct install *in = s->install;
    struct text_buf text;
    size_t at = 0, n;
    struct op op;
    char *out;

    tb_init(&text);
    while (in && at < in->script.len) {
        u32 err = op_read(in->script.data, in->script.len, &at, &op);

        ok(!err, "the script is read: %u\n", err);
        if (err)
            break;
        op_show(&op, &text);
        tb_char(&text, '\n');
    }
    n = u16_to_utf8(NULL, 0, text.s, text.len, true);
    out = calloc(1, n + 1);
    u16_to_utf8(out, n, text.s, text.len, true);
    tb_free(&text);
    return out;
}

TEST_UNUSED static void inst_plans(int line, struct session *s, const char *want)
{
    char *got = inst_planned(s);

    ok(!strcmp(got, want), "line %d: planned\n%swanted\n%s", line, got, want);
    free(got);
}
#define PLANS(s, want) inst_plans(__LINE__, s, want)

#endif
