/* SPDX-License-Identifier: MIT */
/*
 * How far an installation is, as one line of a terminal that is written over again and again.
 *
 * Records of progress (INSTALLMESSAGE_PROGRESS): field 1 says what the record is, field 2 is a
 * number of ticks. 0: of the whole, which begins anew; 2: that were done; 3: that the whole has
 * more. Field 3 of the first kind says that it goes backwards: what was done is undone.
 */
#include "msiexec.h"

#include <msiquery.h>
#include <stdio.h>
#include <wchar.h>

enum { ACTION = 60, KIND = 0xff000000u };
enum { PROGRESS_BEGIN, PROGRESS_SORT, PROGRESS_DONE, PROGRESS_MORE };

static struct {
    WCHAR action[ACTION];
    ULONGLONG total, done;
    BOOL undoing, any;
    WCHAR shown[ACTION + 16];
} now;

static unsigned percent(void)
{
    ULONGLONG done = now.done < now.total ? now.done : now.total;
    unsigned part = now.total ? (unsigned)(done * 100 / now.total) : 0;

    return now.undoing ? 100 - part : part;
}

static void show(void)
{
    WCHAR line[ARRAY_LEN(now.shown)];

    swprintf(line, ARRAY_LEN(line), L"\r%3u%% %-*ls", percent(), ACTION - 1, now.action);
    if (!wcscmp(line, now.shown))
        return;
    wcscpy(now.shown, line);
    now.any = TRUE;
    say(line);
}

static void take_progress(MSIHANDLE record)
{
    int what = MsiRecordGetInteger(record, 1), ticks = MsiRecordGetInteger(record, 2);

    if (ticks < 0) /* MSI_NULL_INTEGER too */
        return;
    if (what == PROGRESS_BEGIN) {
        now.total = (ULONGLONG)ticks;
        now.done = 0;
        now.undoing = MsiRecordGetInteger(record, 3) == 1;
    } else if (what == PROGRESS_DONE) {
        now.done += (ULONGLONG)ticks;
    } else if (what == PROGRESS_MORE) {
        now.total += (ULONGLONG)ticks;
    }
}

/* The description, or else the action's name. */
static void take_action(MSIHANDLE record)
{
    for (UINT field = 2; field; field--) {
        DWORD size = ACTION;
        UINT err = MsiRecordGetStringW(record, field, now.action, &size);

        if ((!err || err == ERROR_MORE_DATA) && now.action[0])
            return;
    }
}

/* Looks on only: whoever else is to hear of it does. */
static int CALLBACK hear(void *unused, UINT message, MSIHANDLE record)
{
    (void)unused;
    if ((message & KIND) == INSTALLMESSAGE_PROGRESS)
        take_progress(record);
    else if ((message & KIND) == INSTALLMESSAGE_ACTIONSTART)
        take_action(record);
    else
        return 0;
    show();
    return 0;
}

void progress_begin(void)
{
    INSTALLUI_HANDLER_RECORD before;

    MsiSetExternalUIRecord(hear, INSTALLLOGMODE_PROGRESS | INSTALLLOGMODE_ACTIONSTART, NULL,
                           &before);
}

void progress_end(void)
{
    if (now.any)
        say(L"\n");
}
