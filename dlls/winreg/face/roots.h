/*
 * The predefined keys: opened once, overridden, or opened anew for each call.
 */
#ifndef DECANTER_FACE_ROOTS_H
#define DECANTER_FACE_ROOTS_H

#include "face.h"

/* Who serves a predefined key. ERROR_INVALID_HANDLE for what is none. */
u32 roots_get(HKEY root, struct face_key *k);
/* A new handle for the root, with those rights. ERROR_INVALID_HANDLE. */
u32 roots_open(HKEY root, REGSAM access, RPC_HKEY *out);
/* From now on `root` is the key k; k NULL puts it back. */
u32 roots_override(HKEY root, const struct face_key *k);
/* Whether it is a root of ours or a performance key: not every value that looks predefined is. */
bool roots_is_root(HKEY key);
bool roots_overridden(HKEY root);
/* Performance data is Wine's, and has rules of its own about sizes. */
bool roots_is_performance(HKEY key);
/* Whether the handle is one that is kept open here. */
bool roots_keeps(RPC_HKEY key);
/* HKEY_CURRENT_USER, or every root, is opened anew for each call. */
void roots_no_cache(bool every);

#endif
