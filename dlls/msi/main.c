/*
 * DllMain: the process's state, and the reports of handles that were left open.
 */
#include <windows.h>

#include "handle.h"
#include "layout.h"
#include "ledger.h"
#include "trace.h"

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    (void)dll;
    switch (reason) {
    case DLL_PROCESS_ATTACH:
        trace_start();
        layout_prepare_by(ledger_check);
        return hnd_tls_start();
    case DLL_THREAD_DETACH:
        hnd_thread_end();
        break;
    case DLL_PROCESS_DETACH:
        hnd_process_end();
        if (!reserved) /* the process goes on without us */
            hnd_tls_stop();
        break;
    }
    return TRUE;
}
