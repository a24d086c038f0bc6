/*
 * What somebody else has written since the registry forgot an installation is not overwritten when
 * that is told again.
 *
 * A registry that has forgotten has a value as it was before the installation or as it was behind
 * it. What is neither, of a value that one operation alone has changed, and stands in a key that
 * was written in this life of the registry's server, came later.
 */
#ifndef MSI_LEDGER_WAS_H
#define MSI_LEDGER_WAS_H

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
/* now: how it was behind the installation, as op_family's `after` has it. */
bool ledger_is_of_others(const struct op *now, u64 was);

#endif
