/*
 * Messages, their handlers, and the levels of the user interface.
 */
#include "package.h"

static char heard[512];
static UINT heard_type;
static int answer;

static int CALLBACK hear(void *context, UINT type, const char *text)
{
    if (context != (void *)0x55)
        return 0;
    snprintf(heard, sizeof(heard), "%s", text);
    heard_type = type;
    return answer;
}

static int CALLBACK hear_wide(void *context, UINT type, const WCHAR *text)
{
    char bytes[256] = "";

    WideCharToMultiByte(CP_ACP, 0, text, -1, bytes, sizeof(bytes), NULL, NULL);
    return hear(context, type, bytes);
}

static INT CALLBACK hear_record(void *context, UINT type, MSIHANDLE record)
{
    return hear(context, type, field(record, 1));
}

static const char *name;
static MSIHANDLE session;

static void begin(void)
{
    name = new_name();
    session = open_session(name);
    heard[0] = 0;
    answer = 0;
}

static void end(void)
{
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiCloseHandle(session);
    DeleteFileA(name);
}

static void a_handler_hears_the_formatted_text(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    begin();
    MsiSetExternalUIA(hear, INSTALLLOGMODE_INFO, (void *)0x55);
    MsiRecordSetStringA(rec, 0, "[1] of [ProductName]");
    MsiRecordSetStringA(rec, 1, "part");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec) == 0, "answer\n");
    ok(!strcmp(heard, "part of Test Product"), "heard %s\n", heard);
    ok(heard_type == INSTALLMESSAGE_INFO, "type %x\n", heard_type);
    MsiCloseHandle(rec);
    end();
}

static void a_handler_hears_what_it_asked_for(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    begin();
    MsiSetExternalUIA(hear, INSTALLLOGMODE_ERROR, (void *)0x55);
    MsiRecordSetStringA(rec, 0, "text");
    MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec);
    ok(!heard[0], "heard %s\n", heard);
    answer = IDOK;
    ok(MsiProcessMessage(session, (INSTALLMESSAGE)(INSTALLMESSAGE_ERROR | MB_OK), rec) == IDOK,
       "answer\n");
    ok(!strcmp(heard, "text"), "heard %s\n", heard);
    MsiCloseHandle(rec);
    end();
}

static void a_wide_handler_replaces_one_of_bytes(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    begin();
    MsiSetExternalUIA(hear, INSTALLLOGMODE_INFO, NULL);
    MsiSetExternalUIW(hear_wide, INSTALLLOGMODE_INFO, (void *)0x55);
    MsiRecordSetStringA(rec, 0, "wide");
    MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec);
    ok(!strcmp(heard, "wide"), "heard %s\n", heard);
    ok(MsiSetExternalUIW(NULL, 0, NULL) == hear_wide, "the one before\n");
    MsiCloseHandle(rec);
    end();
}

static void a_handler_of_records_gets_the_record(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    INSTALLUI_HANDLER_RECORD before = NULL;

    begin();
    ok(!MsiSetExternalUIRecord(hear_record, INSTALLLOGMODE_INFO, (void *)0x55,
                               (PINSTALLUI_HANDLER_RECORD)(void *)&before),
       "set\n");
    MsiRecordSetStringA(rec, 1, "one");
    MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec);
    ok(!strcmp(heard, "one"), "heard %s\n", heard);
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    MsiCloseHandle(rec);
    end();
}

static void errors_have_texts_in_the_error_table(void)
{
    MSIHANDLE rec = MsiCreateRecord(2), db;

    begin();
    db = MsiGetActiveDatabase(session);
    must_run(db, "CREATE TABLE `Error` (`Error` SHORT NOT NULL TEMPORARY, `Message` CHAR(0) "
                 "TEMPORARY PRIMARY KEY `Error`) HOLD");
    must_run(db, "INSERT INTO `Error` (`Error`, `Message`) VALUES (1001, 'about [2].') TEMPORARY");
    MsiCloseHandle(db);
    MsiSetExternalUIA(hear, INSTALLLOGMODE_WARNING, (void *)0x55);
    MsiRecordSetInteger(rec, 1, 1001);
    MsiRecordSetStringA(rec, 2, "this");
    MsiProcessMessage(session, INSTALLMESSAGE_WARNING, rec);
    ok(strstr(heard, "about this.") != NULL, "heard %s\n", heard);
    MsiCloseHandle(rec);
    end();
}

static const char *said(INSTALLMESSAGE kind, int number)
{
    MSIHANDLE rec = MsiCreateRecord(3);

    heard[0] = 0;
    MsiSetExternalUIA(hear, 0xffffffff, (void *)0x55);
    MsiRecordSetInteger(rec, 1, number);
    MsiRecordSetStringA(rec, 2, "two");
    MsiRecordSetStringA(rec, 3, "three");
    MsiProcessMessage(session, kind, rec);
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiCloseHandle(rec);
    return heard;
}

static void what_the_package_does_not_say(void)
{
    begin();
    differs("windows-installer-error-messages")
        ok(strstr(said(INSTALLMESSAGE_ERROR, 1308), "two") != NULL, "an error: %s\n", heard);
    differs("windows-installer-error-messages")
        ok(strstr(heard, "ource file") != NULL, "an error: %s\n", heard);
    ok(strstr(said(INSTALLMESSAGE_WARNING, 1309), "Warning 1309.") == heard, "a warning: %s\n",
       heard);
    differs("windows-installer-error-messages")
        ok(strstr(heard, "three") != NULL, "a warning: %s\n", heard);
    ok(strstr(said(INSTALLMESSAGE_INFO, 1308), "Info 1308.") == heard, "%s\n", heard);
    ok(!strncmp(said(INSTALLMESSAGE_ACTIONSTART, 7), "Action ", 7), "an action: %s\n", heard);
    ok(strstr(heard, ": 7. two") != NULL, "an action: %s\n", heard);
    end();
}

static void message_arguments(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    begin();
    ok(MsiProcessMessage(0, INSTALLMESSAGE_INFO, rec) == ERROR_INVALID_HANDLE, "no session\n");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INFO, 0) == ERROR_INVALID_HANDLE, "no record\n");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INITIALIZE, rec) == -1, "a type of its own\n");
    MsiCloseHandle(rec);
    end();
}

/* What a program is told that leaves the showing to the installer. */
static void progress_is_shown_under_a_basic_interface(void)
{
    MSIHANDLE rec = MsiCreateRecord(1);
    INSTALLUILEVEL before;

    begin();
    before = MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    ok(!MsiProcessMessage(session, INSTALLMESSAGE_PROGRESS, rec), "under no interface\n");
    MsiSetInternalUI(INSTALLUILEVEL_BASIC, NULL);
    differs("MsiProcessMessage under INSTALLUILEVEL_BASIC")
        ok(MsiProcessMessage(session, INSTALLMESSAGE_ACTIONSTART, rec) == IDOK, "action start\n");
    differs("MsiProcessMessage under INSTALLUILEVEL_BASIC")
        ok(MsiProcessMessage(session, INSTALLMESSAGE_PROGRESS, rec) == IDOK, "progress\n");
    ok(!MsiProcessMessage(session, INSTALLMESSAGE_INFO, rec), "info\n");
    ok(MsiProcessMessage(session, INSTALLMESSAGE_INITIALIZE, rec) == -1, "initialize\n");
    MsiSetInternalUI((INSTALLUILEVEL)(INSTALLUILEVEL_BASIC | INSTALLUILEVEL_PROGRESSONLY), NULL);
    ok(!MsiProcessMessage(session, INSTALLMESSAGE_ERROR, rec), "error\n");
    MsiSetInternalUI(before, NULL);
    MsiCloseHandle(rec);
    end();
}

static void the_level_is_kept(void)
{
    INSTALLUILEVEL before = MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);

    ok(MsiSetInternalUI((INSTALLUILEVEL)8, NULL) == INSTALLUILEVEL_NOCHANGE, "no level\n");
    ok(MsiSetInternalUI((INSTALLUILEVEL)-1, NULL) == INSTALLUILEVEL_NOCHANGE, "nor this\n");
    ok(MsiSetInternalUI((INSTALLUILEVEL)(INSTALLUILEVEL_BASIC | 0x1000), NULL) ==
           INSTALLUILEVEL_NOCHANGE,
       "no flag\n");
    ok(MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, NULL) == INSTALLUILEVEL_NONE, "level\n");
    ok(MsiSetInternalUI(before, NULL) == INSTALLUILEVEL_NONE, "level\n");
}

static void a_level_may_ask_for_rights_alone(void)
{
    INSTALLUILEVEL before = MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    INSTALLUILEVEL asking = (INSTALLUILEVEL)(INSTALLUILEVEL_NONE | 0x200);

    differs("INSTALLUILEVEL_UACONLY of msi.h")
        ok(MsiSetInternalUI(asking, NULL) == INSTALLUILEVEL_NONE, "level\n");
    differs("INSTALLUILEVEL_UACONLY of msi.h")
        ok(MsiSetInternalUI(before, NULL) == asking, "level\n");
}

static void a_window_is_kept_and_taken_away(void)
{
    HWND desktop = GetDesktopWindow(), window = desktop, first;

    MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, &window);
    first = window;
    window = NULL;
    MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, &window);
    ok(window == desktop, "%p\n", (void *)window);
    window = first;
    MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, &window);
    ok(!window, "%p\n", (void *)window);
}

START_TEST(ui)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(a_handler_hears_the_formatted_text);
    RUN(a_handler_hears_what_it_asked_for);
    RUN(a_wide_handler_replaces_one_of_bytes);
    RUN(a_handler_of_records_gets_the_record);
    RUN(errors_have_texts_in_the_error_table);
    RUN(what_the_package_does_not_say);
    RUN(message_arguments);
    RUN(progress_is_shown_under_a_basic_interface);
    RUN(the_level_is_kept);
    RUN(a_level_may_ask_for_rights_alone);
    RUN(a_window_is_kept_and_taken_away);
}
