/*
 * Security cells (sk): descriptors shared by the keys that have the same one, in a ring for each
 * storage. The bytes are not looked at.
 */
#ifndef DECANTER_SK_H
#define DECANTER_SK_H

#include "cell.h"

#define SK_SIZE_MAX 0x10000u /* the largest descriptor taken, in bytes */

/* Whether an sk with all of its descriptor begins there; *size of the descriptor. */
bool sk_open(struct hview *h, u32 cell, u32 *size);
/* Whether all that are in the ring of that one have the same descriptor. */
bool sk_alike(struct hview *h, u32 cell);
/* The sk of that storage with that descriptor, one user more; made where there is none.
 * ERROR_INVALID_PARAMETER: larger than SK_SIZE_MAX. */
u32 sk_take(struct hview *h, enum hv_storage st, const void *sd, u32 size, u32 *cell);
/* The same for the descriptor of another sk, which may be in the other storage. */
u32 sk_take_same(struct hview *h, enum hv_storage st, u32 other, u32 *cell);
/* One user less; without users it goes. */
u32 sk_drop(struct hview *h, u32 cell);

#endif
