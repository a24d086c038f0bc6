/*
 * DllMain: the process's state, and nothing else.
 */
#include <windows.h>

#include "detach.h"
#include "interpose.h"
#include "leaks.h"
#include "trace.h"

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        trace_start();
        interpose_start(dll);
    } else if (reason == DLL_PROCESS_DETACH) {
        leaks_tell();
        server_detach();
    }
    return TRUE;
}
