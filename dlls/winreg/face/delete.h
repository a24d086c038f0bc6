/*
 * Deleting trees in one step, where the objects below can.
 */
#ifndef DECANTER_FACE_DELETE_H
#define DECANTER_FACE_DELETE_H

#include "face.h"

/* Deletes all below a key, with `whole` the key too and else its values. False: not a key of ours,
 * or not to be done in one step. */
bool delete_tree_fast(HKEY key, bool whole, u32 *err);

#endif
