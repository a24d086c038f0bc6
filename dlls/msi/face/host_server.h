/*
 * For the files of the process that installs: a host as it is known there.
 */
#ifndef MSI_HOST_SERVER_H
#define MSI_HOST_SERVER_H

#include "actionhost.h"
#include "buf.h"
#include "host.h"

/* A call of a host's that waits on one of rpcrt4's threads until the action's thread has done it.
 */
struct host_call {
    struct host_call *next;
    u32 function;
    const u8 *request;
    size_t size;
    struct buf reply;
    u32 err;
    HANDLE done;
};

struct host {
    struct host *next; /* of those that are to greet; host_start.c */
    LONG refs;         /* who started or runs it, and its RPC context */
    u32 machine;
    DWORD pid;
    u8 secret[HOST_SECRET];
    HANDLE process;
    HANDLE greeted; /* for who started it */
    HANDLE wake;    /* for the action's thread: a call, or the end */
    HANDLE work;    /* for the host: an action, or the end */
    SRWLOCK lock;   /* of what follows */
    bool gone;      /* its connection is, or it broke the rules */
    bool leave;     /* it is not needed any more */
    bool running;   /* an action, whose calls are served */
    bool finished;
    struct buf errand;       /* the next action, until the host has it */
    struct host_call *calls; /* the oldest first */
    struct host_result result;
};

/* --- host_server.c ------------------------------------------------------------------------------
 */

/* Begins to serve; the endpoint's name, or NULL where that cannot be. */
const WCHAR *host_endpoint(void);
void host_drop(struct host *h);

/* --- host_start.c -------------------------------------------------------------------------------
 */

/* The host with that secret, which had not greeted yet: with a reference. NULL: there is none. */
struct host *host_welcome(const u8 *secret);
/* A host has had nothing to do for a while: true, if it is to go, and then nobody takes it. */
bool host_send_away(struct host *h);

#endif
