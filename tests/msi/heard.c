/*
 * What a handler of records hears of an installation, and in which order.
 */
#include "actions.h"

enum { HEARD = 600, TEXT = 160 };

/* "kind [0] [1] [2]", a record each. */
static char heard[HEARD][TEXT];
static unsigned count;
static UINT cancel_kind;
static long total, ticks;

static void add_field(MSIHANDLE record, UINT i, char *to, size_t size)
{
    char text[100] = "";
    DWORD n = sizeof(text);
    size_t len = strlen(to);

    MsiRecordGetStringA(record, i, text, &n);
    snprintf(to + len, size - len, " [%s]", text);
}

static INT CALLBACK hear(void *context, UINT type, MSIHANDLE record)
{
    char *line = heard[count < HEARD ? count : HEARD - 1];

    (void)context;
    if (type >> 24 == INSTALLMESSAGE_PROGRESS >> 24) {
        if (MsiRecordGetInteger(record, 1) == 0)
            total += MsiRecordGetInteger(record, 2);
        else if (MsiRecordGetInteger(record, 1) == 2)
            ticks += MsiRecordGetInteger(record, 2);
        ok(!MsiRecordIsNull(record, 3) && !MsiRecordIsNull(record, 4), "progress lacks fields\n");
    }
    snprintf(line, TEXT, "%x", type >> 24);
    for (UINT i = 0; record && i < 3; i++)
        add_field(record, i, line, TEXT);
    if (count < HEARD)
        count++;
    return cancel_kind && type >> 24 == cancel_kind ? IDCANCEL : 0;
}

static void start_hearing(void)
{
    count = 0;
    total = ticks = 0;
    cancel_kind = 0;
    MsiSetExternalUIRecord(hear, 0xffffffff, NULL, NULL);
}

static void deafen(void)
{
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
}

/* Where that was heard first, not before `from`; or count. */
static unsigned find(const char *line, unsigned from)
{
    while (from < count && strcmp(heard[from], line))
        from++;
    return from;
}

static void in_this_order(const char *const *lines, unsigned n)
{
    unsigned at = 0;

    for (unsigned i = 0; i < n; i++) {
        unsigned next = find(lines[i], at);

        ok(next < count, "not heard behind %u: %s\n", at, lines[i]);
        if (next < count)
            at = next + 1;
    }
}

static UINT install_heard(const char *package, const char *more)
{
    char line[MAX_PATH * 3];
    UINT err;

    start_hearing();
    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\" %s", actions_target, more);
    err = MsiInstallProductA(package, line);
    deafen();
    return err;
}

#define COMMON "b [Message type: [1], Argument: [2]{, [3]}]"
#define STARTS "4 [Action start [Time]: [1].]"
#define ENDS   "4 [Action ended [Time]: [1]. Return value [2].]"
#define BEGINS "8 [Action [Time]: [1]. [2]]"

static void an_installation_is_told(void)
{
    static const char *const lines[] = {
        "c",
        "b [] [0] [1033]",
        COMMON " [1] [Test Product]",
        BEGINS " [INSTALL] []",
        STARTS " [INSTALL] []",
        "1a [] [Test Product] [" CODE "]",
        BEGINS " [CostInitialize] [Computing space requirements]",
        STARTS " [CostInitialize] []",
        ENDS " [CostInitialize] [1]",
        BEGINS " [InstallFiles] [Copying new files]",
        ENDS " [InstallFiles] [1]",
        STARTS " [InstallFinalize] [1]",
        BEGINS " [InstallFiles] [Copying new files]",
        "9 [{{InstallFiles: }}File: [1],  Directory: [9],  Size: [6]] [long name.txt] []",
        ENDS " [InstallFinalize] [1]",
        ENDS " [INSTALL] [1]",
        "1b [] [Test Product] [" CODE "]",
        "d",
    };
    const char *package = new_name();
    UINT err;

    end_package(begin_package(package));
    err = install_heard(package, "");
    ok(!err, "install: %u\n", err);
    differs("MsiSetExternalUIRecord") in_this_order(lines, ARRAYSIZE(lines));
    differs("MsiProcessMessage") ok(total && total == ticks, "%ld of %ld ticks\n", ticks, total);
    ok(find("1a [] [Test Product] [" CODE "]", 0) > find(STARTS " [INSTALL] []", 0),
       "it begins too early\n");
    remove_product(package);
}

static void a_failure_is_told(void)
{
    static const char *const lines[] = {
        "1a [] [Test Product] [" CODE "]",
        "1 [Error [1]. [2] broke] [1722] [BREAK]",
        ENDS " [BREAK] [3]",
        ENDS " [INSTALL] [3]",
        "1b [] [Test Product] [" CODE "]",
    };
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    must_run(db, "CREATE TABLE `Error` (`Error` SHORT NOT NULL, `Message` CHAR(0) LOCALIZABLE "
                 "PRIMARY KEY `Error`)");
    must_run(db, "INSERT INTO `Error` (`Error`, `Message`) VALUES (1722, '[2] broke')");
    add_action(db, "BREAK", 50, "CMD", "/c exit 7", 4500);
    end_package(db);
    err = install_heard(package, "BREAK=1");
    differs("custom-action-type-50") ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    differs("custom-action-type-50") in_this_order(lines, ARRAYSIZE(lines));
    remove_product(package);
}

/* By the answer to a message of progress. */
static void who_is_told_may_end_it(void)
{
    const char *package = new_name();
    char line[MAX_PATH * 2];
    UINT err;

    end_package(begin_package(package));
    start_hearing();
    cancel_kind = INSTALLMESSAGE_PROGRESS >> 24;
    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\"", actions_target);
    err = MsiInstallProductA(package, line);
    deafen();
    differs("MsiSetExternalUIRecord") ok(err == ERROR_INSTALL_USEREXIT, "install: %u\n", err);
    differs("MsiSetExternalUIRecord") ok(!is_there(), "the file is there\n");
    remove_product(package);
}

/* The package's words, those of standard actions, or none. */
static void actions_have_words(void)
{
    static const char *const lines[] = {
        BEGINS " [CostInitialize] [Mine]",
        BEGINS " [FileCost] [Computing space requirements]",
        BEGINS " [Nobody] []",
    };
    const char *package = new_name();
    MSIHANDLE db = begin_package(package), session = 0;

    must_run(db, "CREATE TABLE `ActionText` (`Action` CHAR(72) NOT NULL, `Description` CHAR(64) "
                 "LOCALIZABLE, `Template` CHAR(128) LOCALIZABLE PRIMARY KEY `Action`)");
    must_run(db, "INSERT INTO `ActionText` (`Action`, `Description`) VALUES ('CostInitialize', "
                 "'Mine')");
    end_package(db);
    ok(!MsiOpenPackageA(package, &session), "open\n");
    start_hearing();
    ok(!MsiDoActionA(session, "CostInitialize"), "cost\n");
    ok(!MsiDoActionA(session, "FileCost"), "cost\n");
    ok(MsiDoActionA(session, "Nobody") == ERROR_FUNCTION_NOT_CALLED, "nobody\n");
    deafen();
    in_this_order(lines, ARRAYSIZE(lines));
    MsiCloseHandle(session);
}

START_TEST(heard)
{
    test_dll("msi");
    wait_for_turn();
    RUN(an_installation_is_told);
    RUN(a_failure_is_told);
    RUN(who_is_told_may_end_it);
    RUN(actions_have_words);
}
