/* SPDX-License-Identifier: MIT */
/*
 * What msiexec prints: a shell of the host sees only the low byte of the code it ends with, and the
 * program itself is one of windows, so nothing may wait for somebody to look.
 */
#include "msiexec.h"

#include <stdio.h>
#include <wchar.h>

static const struct {
    UINT code;
    const WCHAR *words;
} texts[] = {
    {ERROR_INVALID_DATA, L"the data is not valid"},
    {ERROR_INVALID_PARAMETER, L"a parameter is not valid"},
    {ERROR_CALL_NOT_IMPLEMENTED, L"this is not implemented"},
    {ERROR_INSTALL_SERVICE_FAILURE, L"the installer's service cannot be reached"},
    {ERROR_INSTALL_USEREXIT, L"the user cancelled the installation"},
    {ERROR_INSTALL_FAILURE, L"a fatal error during the installation"},
    {ERROR_INSTALL_SUSPEND, L"the installation is suspended and not complete"},
    {ERROR_UNKNOWN_PRODUCT, L"this is for products that are installed, and this one is not"},
    {ERROR_UNKNOWN_FEATURE, L"there is no such feature"},
    {ERROR_UNKNOWN_COMPONENT, L"there is no such component"},
    {ERROR_UNKNOWN_PROPERTY, L"there is no such property"},
    {ERROR_INVALID_HANDLE_STATE, L"the handle is in another state"},
    {ERROR_BAD_CONFIGURATION, L"what is registered of this product is damaged"},
    {ERROR_INDEX_ABSENT, L"the component's qualifier is not there"},
    {ERROR_INSTALL_SOURCE_ABSENT, L"the source of the installation cannot be found"},
    {ERROR_INSTALL_PACKAGE_VERSION, L"the package needs a newer installer"},
    {ERROR_PRODUCT_UNINSTALLED, L"the product was uninstalled"},
    {ERROR_INSTALL_ALREADY_RUNNING, L"another installation is running; it has to end first"},
    {ERROR_INSTALL_PACKAGE_OPEN_FAILED, L"the package cannot be opened: is it there?"},
    {ERROR_INSTALL_PACKAGE_INVALID, L"the file is no package that can be installed"},
    {ERROR_INSTALL_UI_FAILURE, L"the user interface cannot be started"},
    {ERROR_INSTALL_LOG_FAILURE, L"the log file cannot be opened"},
    {ERROR_INSTALL_LANGUAGE_UNSUPPORTED, L"the package's language is not supported here"},
    {ERROR_INSTALL_TRANSFORM_FAILURE, L"a transform cannot be applied"},
    {ERROR_INSTALL_PACKAGE_REJECTED, L"the system's policy forbids this installation"},
    {ERROR_FUNCTION_NOT_CALLED, L"the function could not be called"},
    {ERROR_FUNCTION_FAILED, L"the function failed"},
    {ERROR_INSTALL_TEMP_UNWRITABLE, L"the folder for temporary files is full or not there"},
    {ERROR_INSTALL_PLATFORM_UNSUPPORTED, L"the package is for another platform"},
    {ERROR_INSTALL_NOTUSED, L"the component is not used here"},
    {ERROR_PATCH_PACKAGE_OPEN_FAILED, L"the patch cannot be opened: is it there?"},
    {ERROR_PATCH_PACKAGE_INVALID, L"the file is no patch that can be applied"},
    {ERROR_PATCH_PACKAGE_UNSUPPORTED, L"the patch needs a newer installer"},
    {ERROR_PRODUCT_VERSION, L"another version of this product is installed"},
    {ERROR_INVALID_COMMAND_LINE, L"the command line is not valid"},
    {ERROR_INSTALL_REMOTE_DISALLOWED, L"this is not allowed from a remote session"},
    {ERROR_SUCCESS_REBOOT_INITIATED, L"done; the machine is restarting"},
    {ERROR_PATCH_TARGET_NOT_FOUND, L"the patch is for a product or version that is not here"},
    {ERROR_PATCH_PACKAGE_REJECTED, L"the system's policy forbids this patch"},
    {ERROR_INSTALL_TRANSFORM_REJECTED, L"the system's policy forbids a transform"},
    {ERROR_INSTALL_REMOTE_PROHIBITED, L"this is prohibited from a remote session"},
    {1646, L"the patch cannot be removed"},
    {1647, L"the patch is not applied to this product"},
    {1648, L"no order was found for the patches"},
    {1649, L"the system's policy forbids removing patches"},
    {1650, L"the patch's description is not valid"},
    {1651, L"patching of managed products is for administrators"},
    {1652, L"this is not possible in safe mode"},
    {1653, L"several packages cannot be one transaction with rollback off"},
    {1654, L"the application is not supported by this processor"},
    {ERROR_SUCCESS_REBOOT_REQUIRED, L"done; the machine has to be restarted"},
};

/* In UTF-8, which is what terminals of the host have. */
void say(const WCHAR *text)
{
    HANDLE to = GetStdHandle(STD_ERROR_HANDLE);
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = n > 0 ? HeapAlloc(GetProcessHeap(), 0, (size_t)n) : NULL;
    DWORD done;

    if (bytes && to && to != INVALID_HANDLE_VALUE) {
        WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, n, NULL, NULL);
        WriteFile(to, bytes, (DWORD)n - 1, &done, NULL);
    }
    if (bytes)
        HeapFree(GetProcessHeap(), 0, bytes);
}

static void words_of(UINT code, WCHAR *words, size_t room)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].code == code) {
            swprintf(words, room, L"%ls", texts[i].words);
            return;
        }
    words[0] = 0;
    if (!FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0,
                        words, (DWORD)room, NULL))
        swprintf(words, room, L"error %u", code);
    words[wcscspn(words, L"\r\n")] = 0;
}

void say_error(UINT code, const WCHAR *about)
{
    WCHAR words[256], head[320];

    words_of(code, words, ARRAY_LEN(words));
    swprintf(head, ARRAY_LEN(head), L"msiexec: %u: %ls", code, words);
    say(head);
    if (about) {
        say(L" (");
        say(about);
        say(L")");
    }
    say(L"\n");
}

void say_usage(void)
{
    say(L"usage: msiexec COMMAND [OPTION ...] [PROPERTY=value ...]\n"
        L"\n"
        L"  /i, /package PACKAGE|CODE       installs or configures a product\n"
        L"  /x, /uninstall PACKAGE|CODE     uninstalls it\n"
        L"  /f[poedcaumsv] PACKAGE|CODE     repairs it (omus)\n"
        L"  /a PACKAGE                      makes an administrative image\n"
        L"  /j[u|m] PACKAGE [/t TRANSFORMS] [/g LANGUAGE] [/c]\n"
        L"                                  advertises it, to the user or to the machine\n"
        L"  /p, /update PATCH[;PATCH ...]   applies patches; with /a PACKAGE to an image\n"
        L"  /package CODE /uninstall PATCH[;PATCH ...]\n"
        L"                                  takes patches away\n"
        L"  /y MODULE, /z MODULE            registers a module, unregisters it\n"
        L"  /recover                        undoes what a killed installation left\n"
        L"  /?, /help                       this text\n"
        L"\n"
        L"  /l[iwearucmopvx+!*] FILE        a log; /log FILE is /l* FILE\n"
        L"  /q[n|b|r|f][+|-|!]              the user interface; /quiet is /qn, /passive /qb!-\n"
        L"  /progress                       how far it is, in a line of the terminal\n"
        L"  /norestart, /promptrestart, /forcerestart\n"
        L"  /n CODE                         of several instances, this one\n");
}
