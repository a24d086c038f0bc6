/*
 * Sessions below the exported functions: hostile packages, and want of memory at every place.
 */
#include "test.h"

#include "database.h"
#include "errorrec.h"
#include "os.h"
#include "record.h"
#include "session.h"
#include "suminfo.h"
#include "utf16.h"
#include "view.h"
#include "want_fixture.h"

static u32 run(struct database *db, const char16_t *query)
{
    struct view *v;
    u32 err = view_open(db, query, u16_len(query), &v);

    if (err)
        return err;
    err = view_execute(v, NULL);
    obj_unref(view_object(v));
    return err;
}

static void set_text(struct suminfo *sum, u32 id, const char16_t *text)
{
    struct sum_value v = {.type = 30, .text = (char16_t *)text, .len = u16_len(text)};

    ok(!suminfo_set(sum, id, &v), "summary property %u\n", id);
}

static const char16_t *const tables[] = {
    u"CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL PRIMARY KEY "
    u"`Property`)",
    u"INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductName', 'Name')",
    u"CREATE TABLE `Directory` (`Directory` CHAR(72) NOT NULL, `Directory_Parent` CHAR(72), "
    u"`DefaultDir` CHAR(255) NOT NULL PRIMARY KEY `Directory`)",
    u"INSERT INTO `Directory` (`Directory`, `DefaultDir`) VALUES ('TARGETDIR', 'SourceDir')",
    u"INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES ('D', "
    u"'TARGETDIR', 's|Long Name:src')",
    u"CREATE TABLE `Feature` (`Feature` CHAR(38) NOT NULL, `Feature_Parent` CHAR(38), `Title` "
    u"CHAR(64), `Description` CHAR(255), `Level` SHORT NOT NULL, `Attributes` SHORT NOT NULL "
    u"PRIMARY KEY `Feature`)",
    u"INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('f', 1, 0)",
    u"CREATE TABLE `Component` (`Component` CHAR(72) NOT NULL, `Directory_` CHAR(72) NOT NULL, "
    u"`Attributes` SHORT NOT NULL, `Condition` CHAR(255), `KeyPath` CHAR(72), "
    u"`ComponentId` CHAR(38) PRIMARY KEY `Component`)",
    u"INSERT INTO `Component` (`Component`, `Directory_`, `Attributes`) VALUES ('c', 'D', 0)",
    u"CREATE TABLE `FeatureComponents` (`Feature_` CHAR(38) NOT NULL, `Component_` CHAR(72) NOT "
    u"NULL PRIMARY KEY `Feature_`, `Component_`)",
    u"INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('f', 'c')",
};

static struct database *package(void)
{
    struct database *db = NULL;
    struct suminfo *sum = NULL;
    const struct sum_value schema = {.type = 3, .num = 200};

    ok(!db_open_memory(&db), "database\n");
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        ok(!run(db, tables[i]), "table %u\n", (unsigned)i);
    ok(!suminfo_open(db, 5, &sum), "summary\n");
    set_text(sum, 7, u"Intel;1033");
    set_text(sum, 9, u"{12345678-1234-1234-1234-123456789012}");
    ok(!suminfo_set(sum, 14, &schema), "schema\n");
    ok(!suminfo_persist(sum), "persist\n");
    obj_unref(suminfo_object(sum));
    return db;
}

static u32 act(struct session *s, const char16_t *action)
{
    return session_do_action(s, action, u16_len(action));
}

static u32 cost(struct session *s)
{
    u32 err = act(s, u"CostInitialize");

    return err ? err : act(s, u"CostFinalize");
}

static bool target_is(struct session *s, const char16_t *folder, const char *want)
{
    struct text_buf path;
    bool is;

    tb_init(&path);
    is = !session_target_path(s, folder, u16_len(folder), &path) && path.s &&
         u16_is(path.s, path.len, want);
    tb_free(&path);
    return is;
}

static struct session *open_session(struct database *db)
{
    struct session *s = NULL;

    ok(!session_open(db, NULL, &s), "session\n");
    obj_unref(db_object(db));
    return s;
}

static void folders_are_resolved(void)
{
    struct session *s = open_session(package());

    ok(!cost(s), "costing\n");
    ok(target_is(s, u"D", "C:\\Long Name\\"), "D\n");
    ok(!session_set_target_path(s, u"TARGETDIR", 9, u"E:\\x", 4), "set\n");
    ok(target_is(s, u"D", "E:\\x\\Long Name\\"), "D moved along\n");
    obj_unref(session_object(s));
}

static void folders_in_a_circle_are_an_error(void)
{
    struct database *db = package();
    struct session *s;

    run(db, u"INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES "
            u"('A', 'B', 'a')");
    run(db, u"INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES "
            u"('B', 'A', 'b')");
    s = open_session(db);
    ok(!act(s, u"CostInitialize"), "initialize\n");
    ok(!target_is(s, u"A", ""), "a path before costing\n");
    ok(act(s, u"CostFinalize") == ERROR_INSTALL_PACKAGE_INVALID, "finalize\n");
    obj_unref(session_object(s));
}

static void features_in_a_circle_are_an_error(void)
{
    struct database *db = package();
    struct session *s;

    run(db, u"INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES "
            u"('x', 'y', 1, 2)");
    run(db, u"INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES "
            u"('y', 'x', 1, 2)");
    s = open_session(db);
    ok(act(s, u"CostInitialize") == ERROR_INSTALL_FAILURE, "initialize\n");
    obj_unref(session_object(s));
}

/* A chain of features, each below the one before; the first has that level, the others 1. */
static void add_chain(struct database *db, u32 count, i32 level)
{
    static const char16_t query[] = u"INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, "
                                    u"`Attributes`) VALUES (?, ?, ?, 0)";
    struct record *r = rec_create(3);
    struct view *v;

    ok(!view_open(db, query, u16_len(query), &v), "view\n");
    for (u32 i = 0; i < count; i++) {
        const char16_t name = (char16_t)('A' + i), up = (char16_t)('A' + i - 1);

        rec_set_text(r, 1, &name, 1);
        rec_set_text(r, 2, &up, i ? 1 : 0);
        rec_set_int(r, 3, i ? 1 : level);
        ok(!view_execute(v, r), "insert %u\n", i);
    }
    obj_unref(view_object(v));
    obj_unref(rec_object(r));
}

static void features_are_sixteen_deep_at_most(void)
{
    struct database *db = package();
    struct session *s;

    add_chain(db, 16, 1);
    s = open_session(db);
    ok(!cost(s), "sixteen\n");
    obj_unref(session_object(s));
    db = package();
    add_chain(db, 17, 1);
    s = open_session(db);
    ok(act(s, u"CostInitialize") == ERROR_INSTALL_FAILURE, "seventeen\n");
    obj_unref(session_object(s));
}

static int action_of(struct session *s, char16_t feature)
{
    int installed, action = 0;

    ok(!session_feature_state(s, &feature, 1, &installed, &action), "state\n");
    return action;
}

static void what_is_below_a_disabled_feature_is_disabled(void)
{
    struct database *db = package();
    struct session *s;

    add_chain(db, 3, 0);
    s = open_session(db);
    ok(!session_set_property(s, u"ADDLOCAL", 8, u"ALL", 3), "set\n");
    ok(!cost(s), "costing\n");
    for (char16_t name = 'A'; name < 'D'; name++)
        ok(action_of(s, name) == -1, "%c: %d\n", name, action_of(s, name));
    obj_unref(session_object(s));
}

static void set_list(struct session *s, const char16_t *name, const char16_t *features)
{
    ok(!session_set_property(s, name, u16_len(name), features, u16_len(features)), "set\n");
}

static void what_is_removed_takes_along_what_is_below(void)
{
    struct database *db = package();
    struct session *s;

    add_chain(db, 3, 1);
    s = open_session(db);
    set_list(s, u"ADDLOCAL", u"ALL");
    set_list(s, u"REMOVE", u"B");
    ok(!cost(s), "costing\n");
    ok(action_of(s, 'A') == 3, "A %d\n", action_of(s, 'A'));
    ok(action_of(s, 'B') == 2, "B %d\n", action_of(s, 'B'));
    ok(action_of(s, 'C') == 2, "C %d\n", action_of(s, 'C'));
    set_list(s, u"ADDSOURCE", u"C"); /* which is evaluated later */
    ok(!cost(s), "costing\n");
    ok(action_of(s, 'B') == 4, "B again %d\n", action_of(s, 'B'));
    ok(action_of(s, 'C') == 4, "C again %d\n", action_of(s, 'C'));
    obj_unref(session_object(s));
}

static void all_that_is_removed_is_not_what_is_disabled(void)
{
    struct database *db = package();
    struct session *s;

    add_chain(db, 1, 0);
    s = open_session(db);
    set_list(s, u"REMOVE", u"ALL");
    ok(!cost(s), "costing\n");
    ok(action_of(s, 'f') == 2, "f %d\n", action_of(s, 'f'));
    ok(action_of(s, 'A') == -1, "A %d\n", action_of(s, 'A'));
    obj_unref(session_object(s));
}

static void what_may_not_be_advertised_is_installed(void)
{
    struct database *db = package();
    struct session *s;

    run(db, u"INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('L', 1, 8)");
    run(db, u"INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES "
            u"('M', 'f', 1, 8)");
    s = open_session(db);
    set_list(s, u"ADVERTISE", u"f,L,M");
    ok(!cost(s), "costing\n");
    ok(action_of(s, 'f') == 1, "f %d\n", action_of(s, 'f'));
    ok(action_of(s, 'L') == 3, "L %d\n", action_of(s, 'L'));
    ok(action_of(s, 'M') == -1, "M %d\n", action_of(s, 'M'));
    obj_unref(session_object(s));
}

static void set_state(struct session *s, char16_t feature, int state, u32 want)
{
    u32 err = session_set_feature_state(s, &feature, 1, state);

    ok(err == want, "%c to %d: %u\n", feature, state, err);
}

static void a_state_is_set_of_what_is_below_too(void)
{
    struct database *db = package();
    struct session *s;

    add_chain(db, 3, 1);
    run(db, u"INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES "
            u"('L', 'A', 1, 8)");
    s = open_session(db);
    ok(!cost(s), "costing\n");
    set_state(s, 'A', 2, ERROR_SUCCESS);
    ok(action_of(s, 'B') == 2 && action_of(s, 'C') == 2, "B, C absent\n");
    set_state(s, 'B', 4, ERROR_SUCCESS);
    ok(action_of(s, 'A') == 4 && action_of(s, 'C') == 4, "A, C from the source\n");
    ok(action_of(s, 'L') == 2, "L %d\n", action_of(s, 'L'));
    set_state(s, 'A', 1, ERROR_SUCCESS);
    ok(action_of(s, 'C') == 1 && action_of(s, 'L') == -1, "advertised\n");
    set_state(s, 'L', 1, ERROR_FUNCTION_FAILED);
    obj_unref(session_object(s));
}

static void a_feature_overrides_what_was_set_of_its_components(void)
{
    struct session *s = open_session(package());
    int installed, action = 0;

    ok(!cost(s), "costing\n");
    ok(!session_set_component_state(s, u"c", 1, 2), "set\n");
    set_state(s, 'f', 3, ERROR_SUCCESS);
    ok(!session_component_state(s, u"c", 1, &installed, &action), "state\n");
    ok(action == 3, "action %d\n", action);
    obj_unref(session_object(s));
}

static void a_thousand_folders_deep_is_an_error(void)
{
    struct database *db = package();
    struct record *r = rec_create(2);
    struct session *s;
    struct view *v;
    static const char16_t query[] = u"INSERT INTO `Directory` (`Directory`, `Directory_Parent`, "
                                    u"`DefaultDir`) VALUES (?, ?, 'x')";
    char16_t name[3][12];

    ok(!view_open(db, query, u16_len(query), &v), "open\n");
    for (i32 i = 1; i < 1000; i++) {
        rec_set_text(r, 1, name[0], rec_format_int(i, name[0]));
        rec_set_text(r, 2, name[1], rec_format_int(i + 1, name[1]));
        ok(!view_execute(v, r), "insert\n");
    }
    obj_unref(view_object(v));
    obj_unref(rec_object(r));
    s = open_session(db);
    ok(cost(s) == ERROR_INSTALL_PACKAGE_INVALID, "costing\n");
    obj_unref(session_object(s));
}

/* Each step has eight ways on, all of which lead nowhere: 8 to the 32nd of them. */
static void searches_that_fork_end(void)
{
    static const char16_t insert[] =
        u"INSERT INTO `DrLocator` (`Signature_`, `Parent`, `Path`) VALUES ('S', 'S', ?)";
    struct database *db = package();
    struct record *r = rec_create(1);
    struct session *s;
    struct view *v;

    ok(!run(db, u"CREATE TABLE `AppSearch` (`Property` CHAR(72) NOT NULL, `Signature_` CHAR(72) "
                u"NOT NULL PRIMARY KEY `Property`, `Signature_`)") &&
           !run(db, u"INSERT INTO `AppSearch` (`Property`, `Signature_`) VALUES ('FOUND', 'S')") &&
           !run(db, u"CREATE TABLE `DrLocator` (`Signature_` CHAR(72) NOT NULL, `Parent` CHAR(72), "
                    u"`Path` CHAR(255), `Depth` SHORT PRIMARY KEY `Signature_`, `Parent`, `Path`)"),
       "tables\n");
    ok(!view_open(db, insert, u16_len(insert), &v), "open\n");
    for (char16_t path[] = u"C:\\a"; path[3] < 'i'; path[3]++) {
        rec_set_text(r, 1, path, 4);
        ok(!view_execute(v, r), "insert\n");
    }
    obj_unref(view_object(v));
    obj_unref(rec_object(r));
    s = open_session(db);
    ok(!act(s, u"AppSearch"), "search\n");
    obj_unref(session_object(s));
}

static int action_with(struct database *db, const char16_t *property, const char16_t *list)
{
    struct session *s = open_session(db);
    int installed, action = 0;

    ok(!session_set_property(s, property, u16_len(property), list, u16_len(list)), "set\n");
    ok(!cost(s), "costing\n");
    ok(!session_feature_state(s, u"f", 1, &installed, &action), "state\n");
    obj_unref(session_object(s));
    return action;
}

static void components_are_listed_by_their_codes(void)
{
    struct database *db = package();

    run(db, u"UPDATE `Component` SET `ComponentId` = '{ABCDEFAB-1234-1234-1234-ABCDEFABCDEF}'");
    ok(action_with(db, u"COMPADDLOCAL", u"x,{abcdefab-1234-1234-1234-abcdefabcdef}") == 3,
       "in small letters\n");
    db = package();
    ok(action_with(db, u"COMPADDLOCAL", u",,") == -1, "a component without a code\n");
}

static u32 costing_with(const char16_t *property, const char16_t *list, const char16_t *upgrading)
{
    struct session *s = open_session(package());
    u32 err;

    ok(!session_set_property(s, property, u16_len(property), list, u16_len(list)) &&
           !session_set_property(s, u"UPGRADINGPRODUCTCODE", 20, upgrading, u16_len(upgrading)),
       "set\n");
    err = cost(s);
    obj_unref(session_object(s));
    return err;
}

/* Nothing is installed in their stead. */
static void features_that_are_asked_for_must_be_there(void)
{
    ok(!costing_with(u"ADDLOCAL", u"f,", u""), "a feature\n");
    ok(!costing_with(u"ADDLOCAL", u"ALL", u""), "all of them\n");
    ok(costing_with(u"ADDLOCAL", u"f,F", u"") == ERROR_INSTALL_FAILURE, "of another case\n");
    ok(costing_with(u"REMOVE", u"nosuch", u"") == ERROR_INSTALL_FAILURE, "removing\n");
    ok(!costing_with(u"REMOVE", u"nosuch", u"{1}"), "what a newer product removes\n");
    ok(costing_with(u"ADDSOURCE", u"nosuch", u"{1}") == ERROR_INSTALL_FAILURE, "source\n");
    ok(!costing_with(u"FILEADDLOCAL", u"nosuch", u""), "a file\n");
}

/* Opens, costs, formats; err is the first that went wrong. */
static u32 whole_life(struct database *db)
{
    struct text_buf out;
    struct session *s;
    struct record *r;
    u32 err = session_open(db, NULL, &s);

    if (err)
        return err;
    err = cost(s);
    tb_init(&out);
    r = rec_create(1);
    if (!err)
        err = r ? rec_set_text(r, 0, u"[D] {[ProductName]} and more text than is inline", 48)
                : ERROR_OUTOFMEMORY;
    if (!err)
        err = session_format(s, r, &out);
    if (!err && session_condition(s, u"ProductName = \"Name\" AND &f = 3", 31) != 1)
        err = ERROR_OUTOFMEMORY;
    tb_free(&out);
    if (r)
        obj_unref(rec_object(r));
    obj_unref(session_object(s));
    return err;
}

static void memory_may_fail_anywhere(void)
{
    struct database *db = package();

    each_allocation_fails(whole_life, db, 100);
    obj_unref(db_object(db));
}

START_TEST(msi_session)
{
    RUN(folders_are_resolved);
    RUN(folders_in_a_circle_are_an_error);
    RUN(features_in_a_circle_are_an_error);
    RUN(features_are_sixteen_deep_at_most);
    RUN(what_is_below_a_disabled_feature_is_disabled);
    RUN(what_is_removed_takes_along_what_is_below);
    RUN(all_that_is_removed_is_not_what_is_disabled);
    RUN(what_may_not_be_advertised_is_installed);
    RUN(a_state_is_set_of_what_is_below_too);
    RUN(a_feature_overrides_what_was_set_of_its_components);
    RUN(a_thousand_folders_deep_is_an_error);
    RUN(searches_that_fork_end);
    RUN(components_are_listed_by_their_codes);
    RUN(features_that_are_asked_for_must_be_there);
    RUN(memory_may_fail_anywhere);
    err_clear();
}
