/*
 * Where keys stand in the table of 32-bit and 64-bit views (redirected and shared keys, as Windows
 * 7 and later have them; MS-RRP 3.1.1.4).
 *
 * A place says which key of the table a key is, and on which side of the registry it lies: the
 * 64-bit side is the plain path, the 32-bit side the path with Wow6432Node in it. Keys below those
 * in the table inherit; of them only what a later redirection needs is kept.
 *
 *   SOFTWARE               redirected: 32-bit side SOFTWARE\Wow6432Node
 *     Classes              shared:     32-bit side SOFTWARE\Classes\Wow6432Node
 *       CLSID, ...         redirected
 *     Clients, ...         shared
 *   the user's Classes     shared, with the same redirected keys
 *
 * A place is a u32: 0 for where nothing is redirected, else the table's index, PLACE_32 on the
 * 32-bit side, PLACE_DEEP for keys below that inherit redirection and lie on the 64-bit side.
 */
#ifndef DECANTER_PLACE_H
#define DECANTER_PLACE_H

#include "base.h"

#define PLACE_NONE 0u
#define PLACE_32   0x10000u
#define PLACE_DEEP 0x20000u
#define PLACE_NODE 0xffffu

#define PLACE_SOFTWARE     1u
#define PLACE_USER_CLASSES 2u

/* Called once before anything else here; calling it again does nothing new. */
void place_start(void);

/* The place of the child `name` of a key at `place`, where the child lies as it is found, without
 * any redirection. */
u32 place_child(u32 place, const char16_t *name, u32 len);
/* Whether `name` is Wow6432Node below a key that is the 32-bit side's root already. */
bool place_is_other_side(u32 place, const char16_t *name, u32 len);
/* Whether a key at this place is seen at another by a 32-bit caller: *want is that place. */
bool place_redirects(u32 place, u32 *want);

/* The components from the hive's root to the table's key of `place` on its side; returns their
 * number, at most PLACE_PATH_MAX. */
#define PLACE_PATH_MAX 8u
u32 place_path(u32 place, const char16_t *names[PLACE_PATH_MAX]);

/* Keys that are reflected when a server has reflection on: those of SOFTWARE\Classes and a few
 * others (the table's note for Windows Vista). Tells it of a path below SOFTWARE on the 64-bit
 * side, without a backslash at its begin. */
bool place_reflected(const char16_t *path, u32 len);

#endif
