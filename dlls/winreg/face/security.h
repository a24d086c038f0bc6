/*
 * Security descriptors between Windows' forms and the methods'.
 */
#ifndef DECANTER_FACE_SECURITY_H
#define DECANTER_FACE_SECURITY_H

#include "face.h"

/* A self-relative copy of a descriptor of either form, from os_alloc.
 * ERROR_UNKNOWN_REVISION, ERROR_INVALID_SECURITY_DESCR, ERROR_OUTOFMEMORY. */
u32 security_flatten(PSECURITY_DESCRIPTOR sd, void **copy, DWORD *size);

/* The protocol's attributes from Windows'; sa may be NULL. The descriptor in them is freed by
 * security_attributes_free, which may be called whatever this one answered. */
u32 security_attributes(const SECURITY_ATTRIBUTES *sa, RPC_SECURITY_ATTRIBUTES *out);
void security_attributes_free(RPC_SECURITY_ATTRIBUTES *attributes);

#endif
