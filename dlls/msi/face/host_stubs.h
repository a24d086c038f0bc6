/*
 * What the stubs that widl makes of actionhost.idl are compiled with (the Makefile includes it
 * before them).
 *
 * They are written for a compiler with structured exceptions. Ours has none, so an exception leaves
 * a stub without what its finally block frees. On the side that serves, rpcrt4 catches it and
 * answers the caller with a fault; in a host it is the end of the process (host_main.c).
 *
 * And they compare the count that an array travels with to nothing: a caller could send few bytes
 * and say that there are many.
 */
#ifndef MSI_HOST_STUBS_H
#define MSI_HOST_STUBS_H

#include <windows.h>

#include <rpc.h>
#include <rpcndr.h>

#undef RpcTryExcept
#undef RpcExcept
#undef RpcEndExcept
#undef RpcTryFinally
#undef RpcFinally
#undef RpcEndFinally
#define RpcTryExcept {
#define RpcExcept(expr) \
    }                   \
    if (0) {
#define RpcEndExcept  }
#define RpcTryFinally {
#define RpcFinally \
    }              \
    {
#define RpcEndFinally }

/* The count is four bytes before the array's own. */
static inline unsigned char *host_take_array(MIDL_STUB_MESSAGE *m, unsigned char **memory,
                                             PFORMAT_STRING format, unsigned char allocate,
                                             ULONG count)
{
    const unsigned char *at = (const unsigned char *)(((ULONG_PTR)m->Buffer + 3) & ~(ULONG_PTR)3);

    if (at > m->BufferEnd || (size_t)(m->BufferEnd - at) < sizeof(count) ||
        *(const ULONG *)(const void *)at != count)
        RpcRaiseException(RPC_X_BAD_STUB_DATA);
    return NdrConformantArrayUnmarshall(m, memory, format, allocate);
}
/* Of HostCall, which alone has an array to be taken: its parameter is that of the count. */
#define NdrConformantArrayUnmarshall(m, memory, format, allocate) \
    host_take_array(m, memory, format, allocate, __frame->size)

#endif
