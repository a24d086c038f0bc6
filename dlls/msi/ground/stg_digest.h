/*
 * What a digital signature of a compound file covers.
 *
 * A signed file has the signature (PKCS #7, in which the digest stands) in the root's stream
 * "\005DigitalSignature". The digest is over the contents. Where the root has a stream
 * "\005MsiDigitalSignatureEx" too, that stream is a digest of its own, over the entries of the
 * directory, and comes before the contents. Neither stream is covered itself.
 */
#ifndef DECANTER_STG_DIGEST_H
#define DECANTER_STG_DIGEST_H

#include "stg.h"

/* Takes bytes in order; what it returns, unless it is ERROR_SUCCESS, ends the walk. */
typedef u32 (*stg_digest_add)(void *ctx, const void *data, size_t len);

/* Storage by storage: the bytes of its streams and what is in its storages, in the order of their
 * names, and the class of the storage (16 bytes). */
u32 stg_digest_contents(struct stg *root, stg_digest_add add, void *ctx);
/* For the root and each entry in that order: the name (not for the root), the class of a storage or
 * the size of a stream (4 bytes), the state bits, and the two times (not for the root). */
u32 stg_digest_entries(struct stg *root, stg_digest_add add, void *ctx);

#endif
