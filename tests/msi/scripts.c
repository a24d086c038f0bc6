/*
 * Custom actions by scripts.
 */
#include "actions.h"

enum { INLINE_JS = 37, INLINE_VBS = 38, DEFERRED = 1024, ROLLBACK = 256, COMMIT = 512, CONT = 64 };

/* Says("text") of each language. */
#define VBS_SAY                                                                                \
    "Sub Say(text)\r\nDim r\r\nSet r = Session.Installer.CreateRecord(1)\r\n"                  \
    "r.StringData(0) = \"*[1]\"\r\nr.StringData(1) = text\r\nSession.Message &H4000000, r\r\n" \
    "End Sub\r\n"
#define JS_SAY                                                                           \
    "function Say(text) { var r = Session.Installer.CreateRecord(1); r.StringData(0) = " \
    "'*[1]'; r.StringData(1) = text; Session.Message(0x4000000, r); }\n"

static void scripts_of_all_sources(void)
{
    static const char vbs[] = VBS_SAY "Say \"vbs binary \" & Session.Property(\"ProductName\")\r\n"
                                      "Function Go()\r\nSay \"vbs went\"\r\nGo = 1\r\n"
                                      "End Function\r\n",
                      js[] = JS_SAY "Say('js binary ' + Session.Property('ProductName'));\n"
                                    "function Go() { Say('js went'); return 1; }\n";
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_binary(db, "Vbs", vbs, sizeof(vbs) - 1);
    add_binary(db, "Js", js, sizeof(js) - 1);
    add_action(db, "A1", 6, "Vbs", "Go", 1010);
    add_action(db, "A2", 5, "Js", "Go", 1020);
    add_action(db, "A3", INLINE_VBS, NULL, VBS_SAY "Say \"vbs inline\"", 1030);
    add_action(db, "A4", INLINE_JS, NULL, JS_SAY "Say('js inline');", 1040);
    add_property(db, "TEXT1", VBS_SAY "Function Go\r\nSay \"vbs property\"\r\nEnd Function");
    add_action(db, "A5", 54, "TEXT1", "Go", 1050);
    add_property(db, "TEXT2", JS_SAY "Say('js property');");
    add_action(db, "A6", 53, "TEXT2", NULL, 1060);
    end_package(db);
    err = install(package, "A1=1 A2=1 A3=1 A4=1 A5=1 A6=1");
    ok(!err, "install: %u\n", err);
    ok(said("*vbs binary Test Product"), "said %s\n", actions_said);
    ok(said("*vbs went"), "said %s\n", actions_said);
    ok(said("*js binary Test Product"), "said %s\n", actions_said);
    ok(said("*js went"), "said %s\n", actions_said);
    ok(said("*vbs inline"), "said %s\n", actions_said);
    ok(said("*js inline"), "said %s\n", actions_said);
    differs("custom-action-type-54") ok(said("*vbs property"), "said %s\n", actions_said);
    ok(said("*js property"), "said %s\n", actions_said);
    ok(is_there(), "no file\n");
    remove_product(package);
}

/* An installed file that is a script. */
static void scripts_that_are_installed(void)
{
    static const char text[] = JS_SAY "function Go() { Say('js file'); return 1; }\n"
                                      "/* so long that it is 100 bytes at least ......... */";
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    char query[100];
    UINT err;

    write_file("src\\long name.txt", text, sizeof(text) - 1);
    snprintf(query, sizeof(query), "UPDATE `File` SET `FileSize` = %u", (unsigned)sizeof(text) - 1);
    must_run(db, query);
    add_action(db, "A1", 21 + DEFERRED, "file1", "Go", 4010);
    end_package(db);
    err = install(package, "A1=1");
    ok(!err, "install: %u\n", err);
    ok(said("*js file"), "said %s\n", actions_said);
    remove_product(package);
}

static void what_a_function_returns_counts(void)
{
    static const char text[] = "Function Go()\r\nGo = CInt(Session.Property(\"CODE\"))\r\n"
                               "End Function\r\n"
                               "Sub Nothing1()\r\nEnd Sub\r\n"
                               "Function Words()\r\nWords = \"no number\"\r\nEnd Function\r\n";
    static const struct {
        const char *line;
        UINT err;
        BOOL there;
    } cases[] = {
        {"CODE=0", ERROR_SUCCESS, TRUE},
        {"CODE=1", ERROR_SUCCESS, TRUE},
        {"CODE=2", ERROR_INSTALL_USEREXIT, FALSE},
        {"CODE=3", ERROR_INSTALL_FAILURE, FALSE},
        {"CODE=4", ERROR_INSTALL_SUSPEND, FALSE},
        {"CODE=5", ERROR_SUCCESS, FALSE}, /* the rest of the sequence is not run */
        {"CODE=77", ERROR_INSTALL_FAILURE, FALSE},
    };
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    char line[64];
    UINT err;

    add_binary(db, "Vbs", text, sizeof(text) - 1);
    add_action(db, "A1", 6, "Vbs", "Go", 1010);
    add_action(db, "A2", 6, "Vbs", "Nothing1", 1020);
    add_action(db, "A3", 6, "Vbs", "Words", 1030);
    end_package(db);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        snprintf(line, sizeof(line), "A1=1 %s", cases[i].line);
        err = install(package, line);
        differs("return-values-of-jscript") ok(err == cases[i].err, "%s: %u\n", cases[i].line, err);
        differs("return-values-of-jscript")
            ok(is_there() == cases[i].there, "%s: %d\n", cases[i].line, is_there());
        remove_product(package);
    }
    err = install(package, "A2=1");
    ok(!err, "without a result: %u\n", err);
    remove_product(package);
    err = install(package, "A3=1");
    differs("return-values-of-jscript") ok(err == ERROR_INSTALL_FAILURE, "a text: %u\n", err);
    remove_product(package);
}

static void errors_of_scripts(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_action(db, "A1", INLINE_VBS, NULL, "Dim x\r\nx = = 1\r\n", 1010);
    add_action(db, "A2", INLINE_JS, NULL, "var x = 1;\nx.none.none = 2;\n", 1020);
    add_property(db, "TEXT", "x = 1");
    add_action(db, "A3", 54, "TEXT", "NotThere", 1030);
    add_action(db, "A4", INLINE_VBS + CONT, NULL, "Err.Raise 1234, \"me\", \"my words\"", 1040);
    add_action(db, "A5", INLINE_VBS + DEFERRED, NULL, "Err.Raise 1234, \"me\", \"my words\"", 4010);
    end_package(db);
    err = install(package, "A1=1");
    differs("custom-action-type-38") ok(err == ERROR_INSTALL_FAILURE, "syntax: %u\n", err);
    differs("custom-action-type-38") ok(said("1720"), "said %s\n", actions_said);
    differs("custom-action-type-38") ok(said("Line 2"), "said %s\n", actions_said);
    err = install(package, "A2=1");
    differs("custom-action-type-38") ok(err == ERROR_INSTALL_FAILURE, "running: %u\n", err);
    differs("custom-action-type-38") ok(said("Line 2"), "said %s\n", actions_said);
    err = install(package, "A3=1");
    differs("custom-action-type-38") ok(err == ERROR_INSTALL_FAILURE, "no function: %u\n", err);
    differs("custom-action-type-38") ok(said("1720"), "said %s\n", actions_said);
    differs("custom-action-type-38") ok(!is_there(), "the file is there\n");
    err = install(package, "A4=1");
    ok(!err, "passed over: %u\n", err);
    differs("custom-action-type-38") ok(said("my words"), "said %s\n", actions_said);
    remove_product(package);
    err = install(package, "A5=1");
    differs("custom-action-type-38") ok(err == ERROR_INSTALL_FAILURE, "deferred: %u\n", err);
    differs("custom-action-type-38") ok(said("my words"), "said %s\n", actions_said);
    differs("custom-action-type-38") ok(!is_there(), "the file is there\n");
}

/* What those of the installation's script see. */
static void scripts_in_the_script(void)
{
    static const char text[] =
        VBS_SAY "Function Go()\r\n"
                "Say Session.Property(\"CustomActionData\") & \"|\" & "
                "Session.Property(\"ProductCode\") & \"|\" & Session.Property(\"ProductName\") & "
                "\"|\" & Session.Mode(16) & Session.Mode(17) & Session.Mode(18) & \"|\" & "
                "Session.Language\r\nGo = 1\r\nEnd Function\r\n";
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_binary(db, "Vbs", text, sizeof(text) - 1);
    add_action(db, "SET1", 51, "A1", "one", 1490);
    add_action(db, "SET2", 51, "A2", "two", 1491);
    add_action(db, "SET3", 51, "A3", "three", 1492);
    add_action(db, "A2", 6 + DEFERRED + ROLLBACK, "Vbs", "Go", 3900);
    add_action(db, "A1", 6 + DEFERRED, "Vbs", "Go", 4010);
    add_action(db, "A3", 6 + DEFERRED + COMMIT, "Vbs", "Go", 4020);
    add_action(db, "STOP", INLINE_VBS + DEFERRED, NULL, "Err.Raise 1", 4030);
    end_package(db);
    err = install(package, "SET1=1 SET2=1 SET3=1");
    ok(!err, "install: %u\n", err);
    differs("obtaining-context-information")
        ok(said("*one|" CODE "||TrueFalseFalse|1033"), "said %s\n", actions_said);
    ok(!said("*two"), "said %s\n", actions_said);
    differs("obtaining-context-information")
        ok(said("*three|" CODE "||FalseFalseTrue|1033"), "said %s\n", actions_said);
    remove_product(package);
    err = install(package, "SET1=1 SET2=1 SET3=1 STOP=1");
    differs("custom-action-type-38") ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    ok(said("*one|"), "said %s\n", actions_said);
    differs("rollback") ok(said("*two|" CODE "||FalseTrueFalse|1033"), "said %s\n", actions_said);
    differs("rollback") ok(!said("*three"), "said %s\n", actions_said);
    remove_product(package);
}

/* A script changes its session as a DLL does. */
static void the_session_of_a_script(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_action(db, "A1", INLINE_JS, NULL,
               JS_SAY "Session.Property('MADE') = 'by script';\n"
                      "var v = Session.Database.OpenView('SELECT `File` FROM `File`');\n"
                      "v.Execute(); Say('row ' + v.Fetch().StringData(1));\n"
                      "Say('feature ' + Session.FeatureRequestState('feat'));\n"
                      "Say('condition ' + Session.EvaluateCondition('MADE = \"by script\"'));",
               1010);
    end_package(db);
    err = install(package, "A1=1");
    ok(!err, "install: %u\n", err);
    ok(said("*row file1"), "said %s\n", actions_said);
    ok(said("*feature 3"), "said %s\n", actions_said);
    ok(said("*condition 1"), "said %s\n", actions_said);
    remove_product(package);
}

START_TEST(scripts)
{
    test_dll("msi");
    wait_for_turn();
    RUN(scripts_of_all_sources);
    RUN(scripts_that_are_installed);
    RUN(what_a_function_returns_counts);
    RUN(errors_of_scripts);
    RUN(scripts_in_the_script);
    RUN(the_session_of_a_script);
}
