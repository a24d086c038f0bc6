/*
 * Custom actions by DLLs in a host process, which come to what they come to without one.
 */
#define IN_HOSTS
#include "actions.c"
