/*
 * What somebody else has written since the registry forgot an installation is not overwritten when
 * that is told again.
 *
 * A registry that has forgotten has a value as it was before one of the installations or as it was
 * behind one. What is neither, of a value that one operation alone has changed, and stands in a key
 * that was written in this life of the registry's server, came later. All of that is looked at
 * before anything is told: to tell is to write keys and values.
 */
#ifndef MSI_LEDGER_WAS_H
#define MSI_LEDGER_WAS_H

#include "buf.h"
#include "hash.h"
#include "journal.h"
#include "ledger_file.h"

/* The places of a run's operations on values. */
struct ledger_places {
    u64 *all; /* sorted */
    u32 count;
};

u32 ledger_places_of(const struct journal *j, struct ledger_places *out);
void ledger_places_free(struct ledger_places *p);
/* The number of how the value was before, from the note of what undoes it. false: not of a value,
 * or several operations have changed it. */
bool ledger_was(const struct ledger_places *p, const struct op *undo, u64 *was);

/* What stands at the places of what is to be told. */
struct ledger_others {
    struct hash_map map;
    struct buf seen;
};

void ledger_others_begin(struct ledger_others *o);
void ledger_others_free(struct ledger_others *o);
/* now: how it was behind an installation, as op_family's `after` has it; was: the note before. */
u32 ledger_see(struct ledger_others *o, const struct op *now, const struct op *was);
/* When all were seen. */
bool ledger_is_of_others(const struct ledger_others *o, const struct op *now);

#endif
