/*
 * What the stubs that widl makes of actionhost.idl are compiled with (the Makefile includes it
 * before them).
 *
 * They are written for a compiler with structured exceptions. Ours has none, so an exception leaves
 * a stub without what its finally block frees. On the side that serves, rpcrt4 catches it and
 * answers the caller with a fault; in a host it is the end of the process (host_client.c).
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

#endif
