/*
 * Each thread's pointer to its list of handles, for the host.
 */
#include <pthread.h>

#include "handle.h"

static pthread_key_t key;
static __thread void *mine;

static void thread_ends(void *p)
{
    mine = p;
    hnd_thread_end();
}

bool hnd_tls_start(void)
{
    return pthread_key_create(&key, thread_ends) == 0;
}

void hnd_tls_stop(void)
{
    pthread_key_delete(key);
}

void *hnd_tls_get(void)
{
    return mine;
}

void hnd_tls_set(void *p)
{
    mine = p;
    pthread_setspecific(key, p);
}
