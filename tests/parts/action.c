/*
 * A DLL of custom actions, for tests/msi/actions.c, which has it within itself. An action says what
 * it finds by a message of the kind INFO that begins with a star.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <stdio.h>

#define ACTION(name)                     \
    UINT WINAPI name(MSIHANDLE install); \
    __declspec(dllexport) UINT WINAPI name(MSIHANDLE install)

static void say(MSIHANDLE install, const char *text)
{
    MSIHANDLE rec = MsiCreateRecord(1);

    MsiRecordSetStringA(rec, 0, "*[1]");
    MsiRecordSetStringA(rec, 1, text);
    MsiProcessMessage(install, INSTALLMESSAGE_INFO, rec);
    MsiCloseHandle(rec);
}

static const char *property(MSIHANDLE install, const char *name)
{
    static char text[1024];
    DWORD size = sizeof(text);

    if (MsiGetPropertyA(install, name, text, &size))
        text[0] = 0;
    return text;
}

/* The function of the session's handle that fail, or answer something, in the script. */
ACTION(Deferred)
{
    char text[400];
    MSIHANDLE db = MsiGetActiveDatabase(install);
    DWORD size = 0;
    INSTALLSTATE a, b;

    snprintf(text, sizeof(text), "data %s", property(install, "CustomActionData"));
    say(install, text);
    snprintf(text, sizeof(text), "code %s", property(install, "ProductCode"));
    say(install, text);
    snprintf(text, sizeof(text), "sid %.4s", property(install, "UserSID"));
    say(install, text);
    snprintf(text, sizeof(text), "name %s", property(install, "ProductName"));
    say(install, text);
    snprintf(text, sizeof(text), "database %d", db != 0);
    say(install, text);
    snprintf(text, sizeof(text), "modes %d%d%d %d", MsiGetMode(install, MSIRUNMODE_SCHEDULED),
             MsiGetMode(install, MSIRUNMODE_ROLLBACK), MsiGetMode(install, MSIRUNMODE_COMMIT),
             MsiGetMode(install, MSIRUNMODE_ROLLBACKENABLED));
    say(install, text);
    snprintf(text, sizeof(text), "language %u", MsiGetLanguage(install));
    say(install, text);
    snprintf(text, sizeof(text), "set %u", MsiSetPropertyA(install, "NEW", "1"));
    say(install, text);
    snprintf(text, sizeof(text), "action %u", MsiDoActionA(install, "AppSearch"));
    say(install, text);
    snprintf(text, sizeof(text), "sequence %u", MsiSequenceA(install, "InstallUISequence", 0));
    say(install, text);
    snprintf(text, sizeof(text), "condition %d", MsiEvaluateConditionA(install, "1"));
    say(install, text);
    snprintf(text, sizeof(text), "target %u", MsiGetTargetPathA(install, "TARGETDIR", NULL, &size));
    say(install, text);
    snprintf(text, sizeof(text), "source %u", MsiGetSourcePathA(install, "TARGETDIR", NULL, &size));
    say(install, text);
    snprintf(text, sizeof(text), "feature %u", MsiGetFeatureStateA(install, "feat", &a, &b));
    say(install, text);
    snprintf(text, sizeof(text), "component %u", MsiGetComponentStateA(install, "comp", &a, &b));
    say(install, text);
    snprintf(text, sizeof(text), "setmode %u", MsiSetMode(install, MSIRUNMODE_REBOOTATEND, TRUE));
    say(install, text);
    snprintf(text, sizeof(text), "level %u", MsiSetInstallLevel(install, 1));
    say(install, text);
    MsiCloseHandle(db);
    return ERROR_SUCCESS;
}

ACTION(Code)
{
    return (UINT)atoi(property(install, "CODE"));
}

ACTION(Data)
{
    return (UINT)atoi(property(install, "CustomActionData"));
}

ACTION(Crash)
{
    (void)install;
    *(volatile int *)0 = 1;
    return 0;
}

ACTION(Exit)
{
    (void)install;
    ExitProcess(9);
}

ACTION(Leak)
{
    MsiGetActiveDatabase(install);
    MsiCreateRecord(1);
    return 0;
}

ACTION(Nested)
{
    char text[64];

    snprintf(text, sizeof(text), "nested %u",
             MsiInstallProductA(property(install, "OriginalDatabase"), "REMOVE=ALL"));
    say(install, text);
    return 0;
}

/* Until the event that the other sets, or too long. */
ACTION(Wait)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "decanter-test-action");

    say(install, WaitForSingleObject(event, 20000) ? "waited in vain" : "waited");
    CloseHandle(event);
    return ERROR_SUCCESS;
}

/* Once the other waits. */
ACTION(Signal)
{
    HANDLE event = NULL;

    for (int i = 0; i < 2000 && !event; i++) {
        event = OpenEventA(EVENT_MODIFY_STATE, FALSE, "decanter-test-action");
        if (!event)
            Sleep(10);
    }
    say(install, event ? "signals" : "nobody waits");
    SetEvent(event);
    CloseHandle(event);
    return ERROR_SUCCESS;
}

ACTION(WaitAndFail)
{
    Wait(install);
    return ERROR_INSTALL_FAILURE;
}
