/*
 * Telling the programs of the desktop.
 */
#include "notify.h"

#include <windows.h>

#include <shlobj.h>

enum { WAIT_MS = 1000 }; /* for each program that does not answer */

void notify_send(enum notify what)
{
    DWORD_PTR answer;

    switch (what) {
    case NOTIFY_ENVIRONMENT:
        SendMessageTimeoutW(HWND_BROADCAST, WM_SETTINGCHANGE, 0, (LPARAM)L"Environment",
                            SMTO_ABORTIFHUNG, WAIT_MS, &answer);
        break;
    case NOTIFY_FONTS:
        SendMessageTimeoutW(HWND_BROADCAST, WM_FONTCHANGE, 0, 0, SMTO_ABORTIFHUNG, WAIT_MS,
                            &answer);
        break;
    case NOTIFY_CLASSES:
        SHChangeNotify(SHCNE_ASSOCCHANGED, SHCNF_IDLIST, NULL, NULL);
        break;
    }
}
