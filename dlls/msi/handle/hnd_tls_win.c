/*
 * Each thread's pointer to its list of handles, for Windows: one TLS index.
 */
#include <windows.h>

#include "handle.h"

static DWORD tls_index = TLS_OUT_OF_INDEXES;

bool hnd_tls_start(void)
{
    tls_index = TlsAlloc();
    return tls_index != TLS_OUT_OF_INDEXES;
}

void hnd_tls_stop(void)
{
    TlsFree(tls_index);
}

void *hnd_tls_get(void)
{
    /* TlsGetValue sets the last error to 0, which callers of Msi* functions may be holding; but so
     * does Windows Installer. */
    return TlsGetValue(tls_index);
}

void hnd_tls_set(void *p)
{
    TlsSetValue(tls_index, p);
}
