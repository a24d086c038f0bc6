/*
 * What a session tells of errors of the inside, and of names that are no actions.
 */
#include "package.h"

static MSIHANDLE db, session;
static char told[1024];
static int answer; /* of the handlers, to messages that ask */

static void begin(const char *const *more)
{
    char handle[16];

    db = create(new_name());
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    while (more && *more)
        must_run(db, *more++);
    package_summary(db);
    MsiSetInternalUI(INSTALLUILEVEL_FULL, NULL);
    snprintf(handle, sizeof(handle), "#%lu", (unsigned long)db);
    ok(!MsiOpenPackageA(handle, &session), "open\n");
    told[0] = 0;
    answer = 0;
}

static void end(void)
{
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    MsiCloseHandle(session);
    MsiCloseHandle(db);
}

static void text_of(MSIHANDLE record, UINT i, char *text, DWORD size)
{
    text[0] = 0;
    if (record)
        MsiRecordGetStringA(record, i, text, &size);
}

/* "kind[field 0]field 1;" of each. */
static INT CALLBACK note(void *context, UINT type, MSIHANDLE record)
{
    char zero[128], one[64];
    size_t n = strlen(told);

    (void)context;
    text_of(record, 0, zero, sizeof(zero));
    text_of(record, 1, one, sizeof(one));
    snprintf(told + n, sizeof(told) - n, "%x[%s]%s;", type >> 24, zero, one);
    return answer;
}

/* The same of dialogs, which have a text. */
static INT CALLBACK show(void *context, UINT type, const char *text)
{
    size_t n = strlen(told);

    (void)context;
    snprintf(told + n, sizeof(told) - n, "%x(%s);", type >> 24, text);
    return answer;
}

#define TOLD(want) ok(!strcmp(told, want), "%s\n", told)

/* --- errors of the inside -----------------------------------------------------------------------
 */

static const char *const error_table[] = {
    "CREATE TABLE `Error` (`Error` SHORT NOT NULL, `Message` CHAR(0) LOCALIZABLE PRIMARY KEY "
    "`Error`)",
    "INSERT INTO `Error` (`Error`, `Message`) VALUES (5, 'Inside: [1]')",
    "INSERT INTO `Error` (`Error`, `Message`) VALUES (2005, 'Its own')", NULL};

static int process(int number, const char *zero)
{
    MSIHANDLE rec = MsiCreateRecord(2), before = 0;
    int result;

    (void)before;
    MsiSetExternalUIRecord(note, INSTALLLOGMODE_USER | INSTALLLOGMODE_INFO, NULL, NULL);
    if (zero)
        MsiRecordSetStringA(rec, 0, zero);
    MsiRecordSetInteger(rec, 1, number);
    told[0] = 0;
    answer = IDOK;
    result = MsiProcessMessage(session, INSTALLMESSAGE_USER, rec);
    MsiCloseHandle(rec);
    return result;
}

static void errors_of_the_inside_are_told_twice(void)
{
    begin(error_table);
    differs("K46") ok(process(2726, NULL) == 0, "nobody's answer counts\n");
    differs("K46") ok(!strncmp(told, "4[DEBUG: Error [1]:  ", 21), "the log: %s\n", told);
    differs("K46") ok(strstr(told, ";3[Inside: [1]]2726;") != NULL, "the user: %s\n", told);
    end();
}

static void other_errors_are_told_once(void)
{
    begin(error_table);
    ok(process(1311, NULL) == IDOK, "the handler's answer\n");
    ok(told[0] == '3' && strchr(told, ';') == told + strlen(told) - 1, "%s\n", told);
    ok(process(2726, "Mine [1]") == IDOK, "the handler's answer\n");
    TOLD("3[Mine [1]]2726;");
    ok(process(2005, NULL) == IDOK, "what the table has\n");
    TOLD("3[Its own]2005;");
    end();
}

/* Its fields would be lost behind what stands before the texts of errors. */
static void a_number_without_a_text_has_no_template(void)
{
    MSIHANDLE rec = MsiCreateRecord(2);

    begin(error_table);
    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ERROR, NULL, NULL);
    MsiRecordSetInteger(rec, 1, 26001);
    ok(!MsiProcessMessage(session, INSTALLMESSAGE_ERROR, rec), "nobody's answer\n");
    TOLD("1[]26001;");
    MsiCloseHandle(rec);
    end();
}

static void a_message_without_a_record_is_none(void)
{
    begin(NULL);
    ok(MsiProcessMessage(session, INSTALLMESSAGE_COMMONDATA, 0) == -1, "common data\n");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INITIALIZE, 0) == -1, "initialize\n");
    ok(MsiProcessMessage(0, INSTALLMESSAGE_TERMINATE, 0) == -1, "nor without a session\n");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_USER, 0) == ERROR_INVALID_HANDLE, "user\n");
    end();
}

/* --- what ends an installation ------------------------------------------------------------------
 */

static UINT ends(const char *action)
{
    UINT err;

    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ERROR, NULL, NULL);
    told[0] = 0;
    err = MsiDoActionA(session, action);
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    return err;
}

static void conditions_say_why(void)
{
    static const char *const more[] = {
        "CREATE TABLE `LaunchCondition` (`Condition` CHAR(255) NOT NULL, `Description` CHAR(255) "
        "NOT NULL LOCALIZABLE PRIMARY KEY `Condition`)",
        "INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('ProductName', 'met')",
        "INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('NOTHING', "
        "'[ProductName] wants it')",
        NULL};

    begin(more);
    ok(ends("LaunchConditions") == ERROR_INSTALL_FAILURE, "result\n");
    TOLD("1[[ProductName] wants it];");
    MsiSetExternalUIA(show, INSTALLLOGMODE_ERROR, NULL);
    told[0] = 0;
    ok(MsiDoActionA(session, "LaunchConditions") == ERROR_INSTALL_FAILURE, "result\n");
    TOLD("1(Test Product wants it);");
    end();
}

static void actions_of_errors_say_them(void)
{
    static const char *const more[] = {
        "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `Source` "
        "CHAR(72), `Target` CHAR(255) PRIMARY KEY `Action`)",
        "INSERT INTO `CustomAction` (`Action`, `Type`, `Target`) VALUES ('Text', 19, 'no more')",
        "INSERT INTO `CustomAction` (`Action`, `Type`, `Target`) VALUES ('Number', 19, '25001')",
        "INSERT INTO `CustomAction` (`Action`, `Type`, `Target`) VALUES ('Row', 19, '25002')",
        "CREATE TABLE `Error` (`Error` SHORT NOT NULL, `Message` CHAR(0) LOCALIZABLE PRIMARY KEY "
        "`Error`)",
        "INSERT INTO `Error` (`Error`, `Message`) VALUES (25002, 'Row [1]')",
        NULL};

    begin(more);
    ok(ends("Text") == ERROR_INSTALL_FAILURE, "result\n");
    TOLD("1[no more];");
    ok(ends("Number") == ERROR_INSTALL_FAILURE, "result\n");
    TOLD("1[]25001;");
    ok(ends("Row") == ERROR_INSTALL_FAILURE, "result\n");
    TOLD("1[Error [1]. Row [1]]25002;");
    end();
}

/* --- names that are no actions ------------------------------------------------------------------
 */

static const char *const dialog_table[] = {
    "CREATE TABLE `Dialog` (`Dialog` CHAR(72) NOT NULL, `HCentering` SHORT NOT NULL, `VCentering` "
    "SHORT NOT NULL, `Width` SHORT NOT NULL, `Height` SHORT NOT NULL, `Attributes` LONG, `Title` "
    "CHAR(128), `Control_First` CHAR(50) NOT NULL, `Control_Default` CHAR(50), `Control_Cancel` "
    "CHAR(50) PRIMARY KEY `Dialog`)",
    "INSERT INTO `Dialog` (`Dialog`, `HCentering`, `VCentering`, `Width`, `Height`, `Attributes`, "
    "`Control_First`) VALUES ('Wizard', 50, 50, 100, 100, 0, 'c')",
    NULL};

static UINT offer(const char *name, int value)
{
    UINT err;

    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ACTIONSTART | INSTALLLOGMODE_INFO, NULL, NULL);
    MsiSetExternalUIA(show, 1 << (INSTALLMESSAGE_SHOWDIALOG >> 24), NULL);
    told[0] = 0;
    answer = value;
    err = MsiDoActionA(session, name);
    answer = 0;
    return err;
}

#define STARTS(name) \
    "8[Action [Time]: [1]. [2]]" name ";4[Action start [Time]: [1].]" name ";e(" name ");"
#define ENDED(name) "4[Action ended [Time]: [1]. Return value [2].]" name ";"

static void names_are_offered_to_the_interface(void)
{
    static const struct {
        int value;
        const char *name;
        UINT want;
        const char *told;
    } cases[] = {{1, "Wizard", ERROR_SUCCESS, STARTS("Wizard") ENDED("Wizard")},
                 {1, "Nobody", ERROR_SUCCESS, STARTS("Nobody") ENDED("Nobody")},
                 {2, "Wizard", ERROR_INSTALL_USEREXIT, "8[Action [Time]: [1]. [2]]Wizard;"},
                 {3, "Wizard", ERROR_INSTALL_FAILURE, STARTS("Wizard") ENDED("Wizard")},
                 {7, "Wizard", ERROR_FUNCTION_FAILED, STARTS("Wizard") ENDED("Wizard")},
                 {0, "Wizard", ERROR_SUCCESS,
                  STARTS("Wizard") "8[Action [Time]: [1]. [2]]Wizard;" ENDED("Wizard")}};

    begin(dialog_table);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        UINT err = offer(cases[i].name, cases[i].value);

        ok(err == cases[i].want, "%d %s: %u\n", cases[i].value, cases[i].name, err);
        ok(!strcmp(told, cases[i].told), "%d %s: %s\n", cases[i].value, cases[i].name, told);
    }
    ok(offer("Nobody", 0) == ERROR_FUNCTION_NOT_CALLED, "nobody's\n");
    ok(strstr(told, STARTS("Nobody") "4[DEBUG: Error [1]:") == told, "%s\n", told);
    ok(offer("Nobody", -1) == ERROR_SUCCESS, "not handled\n");
    end();
}

static void an_installation_of_nothing_begins_and_ends(void)
{
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    MsiSetExternalUIRecord(note, 0x7fffffff, NULL, NULL);
    told[0] = 0;
    ok(MsiInstallProductA("nothing there.msi", NULL) == ERROR_FILE_NOT_FOUND, "install\n");
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    differs("INSTALLMESSAGE_TERMINATE") TOLD("c[];d[];");
}

START_TEST(told)
{
    test_dll("msi");
    CoInitialize(NULL);
    if (test_builtin_dlls) {
        win_skip("Wine's shows dialogs and has texts of its own\n");
        return;
    }
    RUN(errors_of_the_inside_are_told_twice);
    RUN(other_errors_are_told_once);
    RUN(a_number_without_a_text_has_no_template);
    RUN(a_message_without_a_record_is_none);
    RUN(conditions_say_why);
    RUN(actions_of_errors_say_them);
    RUN(names_are_offered_to_the_interface);
    RUN(an_installation_of_nothing_begins_and_ends);
}
