/* SPDX-License-Identifier: MIT */
/*
 * msiexec: installs, repairs and removes packages by msi.dll.
 *
 * It ends with the error code that Windows' does, which a shell of the host sees the low byte of;
 * so the code and its words go to standard error. It opens no window of its own: what the user
 * interface shows is msi.dll's.
 */
#include "msiexec.h"

#include <stdio.h>

#ifndef DECANTER_VERSION
#define DECANTER_VERSION "unknown"
#endif

static UINT complain(const struct cmdline *c)
{
    WCHAR why[128];

    swprintf(why, ARRAY_LEN(why), L"msiexec: %hs%ls", c->wrong ? c->wrong : "no memory",
             c->wrong_at ? L": " : L"\n");
    say(why);
    if (c->wrong_at) {
        say((const WCHAR *)c->wrong_at);
        say(L"\n");
    }
    say_usage();
    return ERROR_INVALID_COMMAND_LINE;
}

static UINT act_on(const WCHAR *arguments)
{
    struct cmdline c;
    UINT err = cmdline_parse((const char16_t *)arguments, &c);

    if (err == ERROR_INVALID_COMMAND_LINE) {
        err = complain(&c);
        say_error(err, NULL);
    } else if (!err && c.command == COMMAND_HELP) {
        say(L"Decanter msiexec " DECANTER_VERSION "\n");
        say_usage();
    } else if (!err && c.command == COMMAND_OF_WINE) {
        err = run_wines(arguments);
    } else {
        if (!err)
            err = run_command(&c);
        if (err)
            say_error(err, (const WCHAR *)c.what);
    }
    cmdline_free(&c);
    return err;
}

int wmain(void);

int wmain(void)
{
    return (int)act_on((const WCHAR *)cmdline_arguments((const char16_t *)GetCommandLineW()));
}
