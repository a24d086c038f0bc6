/*
 * What the face asks beyond the protocol's methods, and the methods where Win32 answers another way
 * than MS-RRP. The rules of rrp.h hold: every function here enters the server by itself.
 *
 * Paths and names are UTF-16, len in characters, without terminator.
 */
#ifndef DECANTER_INSIDE_H
#define DECANTER_INSIDE_H

#include "home.h"
#include "method.h"

/* As BaseRegOpenKey; a link that leads nowhere is ERROR_FILE_NOT_FOUND, and *dangling. */
u32 inside_open(RPC_HKEY key, const char16_t *path, u32 len, u32 options, u32 sam, RPC_HKEY *out,
                bool *dangling);
/* As BaseRegCreateKey, with everything checked before. */
u32 inside_create(RPC_HKEY key, const char16_t *path, u32 len, const struct nsp_new *what,
                  u32 options, u32 sam, RPC_HKEY *out, bool *created);

/* Whether the value is an open handle of the server: tells ERROR_INVALID_HANDLE from
 * ERROR_INVALID_PARAMETER after the methods that answer the latter for both. */
bool inside_is_handle(RPC_HKEY key);
/* ERROR_INVALID_HANDLE, ERROR_KEY_DELETED, or success for a key that can be used. */
u32 inside_state(RPC_HKEY key);
/* The KEY_WOW64 bits the key was opened with: 0, KEY_WOW64_32KEY or KEY_WOW64_64KEY. A 32-bit face
 * adds KEY_WOW64_32KEY to what its caller asks where this is not KEY_WOW64_64KEY. */
u32 inside_view(RPC_HKEY key);
/* The rights the handle was granted; 0 for what is no handle. */
u32 inside_access(RPC_HKEY key);
/* The key's whole name, "\REGISTRY\MACHINE\...", up to cap characters with a terminator; *need is
 * what it takes. ERROR_MORE_DATA, ERROR_KEY_DELETED. */
u32 inside_name(RPC_HKEY key, char16_t *buf, u32 cap, u32 *need);
/* Deletes the key and all below it (keep: only what is below) in one write. */
u32 inside_delete_tree(RPC_HKEY key, const char16_t *path, u32 len, u32 sam, bool keep);
/* Deletes a value that a key of HKEY_CLASSES_ROOT shows, the user's and the machine's. */
u32 inside_delete_class_value(RPC_HKEY key, const char16_t *name, u32 len);
/* RegRenameKey; below HKEY_CLASSES_ROOT of the user's key where that is there. */
u32 inside_rename(RPC_HKEY key, const char16_t *path, u32 len, const char16_t *name, u32 name_len);
/* Copies values and subkeys of `from` below it over those of `to`, as RegCopyTree. */
u32 inside_copy_tree(RPC_HKEY from, const char16_t *path, u32 len, RPC_HKEY to);
/* RegLoadAppKey: a hive by its file, whose keys are reached through *out and what is opened from it
 * alone. private: REG_PROCESS_APPKEY. */
u32 inside_load_app(const char16_t *path, u32 sam, bool private, RPC_HKEY *out);
/* Whether a handle belongs to an app hive. */
bool inside_is_app(RPC_HKEY key);
/* Registry reflection (off unless it is switched on); and for one key, as
 * RegDisableReflectionKey and its kin have it. */
void inside_reflection(bool on);

/* The folder of the running server, terminated. ERROR_NOT_READY. */
u32 inside_folder(char16_t buf[HOME_MAX]);
/* Keys under a transaction of WinregCreateTransaction: as inside_open, inside_create and
 * BaseRegDeleteKeyEx. What is opened from such a key is under its transaction too.
 * ERROR_INVALID_HANDLE, ERROR_TRANSACTION_NOT_ACTIVE. */
u32 inside_txn_open(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len, u32 sam,
                    RPC_HKEY *out);
u32 inside_txn_create(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len,
                      const struct nsp_new *what, u32 sam, RPC_HKEY *out, bool *created);
u32 inside_txn_delete(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len, u32 sam);

/* Kernel handles as keys (handle/handles.h); natively there are none. */

/* A duplicate of the key's kernel handle becomes a handle of the same key, with those rights of the
 * key's that sam names, or with all where it is 0. ERROR_NOT_SUPPORTED for a transaction. */
u32 inside_lend(RPC_HKEY key, HANDLE duplicate, u32 sam);
/* Sets and clears flags of a handle's row (ROW_LENT, ROW_PROTECTED); false where it is none. */
bool inside_flag(RPC_HKEY key, u32 set, u32 clear);
/* What a kernel handle is to the table. */
enum hnd_state inside_kernel(const void *value);
/* Keeps in mind that a kernel handle is none of the table, or forgets it. */
void inside_other(const void *value, bool is_other);
/* The system gave the value out to somebody else: what the table had there is closed. */
void inside_forget(const void *value);

/* For the methods: closes hives that nobody here has a key of any more (app hives, and those that
 * another process unloaded), and forgets transactions; to be called outside of the server. */
void inside_reap(void);
bool inside_descriptor_valid(const void *sd, u32 n);

#endif
