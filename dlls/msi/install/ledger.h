/*
 * What a registry whose files come behind (regbehind.h) may forget of installations that have
 * ended: a file beside that registry's own says how things are after each of them, until they are
 * in the registry's files too. When the registry has forgotten it, it is told again.
 *
 * And the journals whose place in the list of the registry (journal_list.h) may be forgotten.
 */
#ifndef MSI_LEDGER_H
#define MSI_LEDGER_H

#include "journal.h"
#include "run.h"

/* Durable when it returns. path: the journal's. Nothing is done where the registry keeps what is
 * written to it, nor where the caller may not write beside its files. */
u32 ledger_list(const char16_t *path);
void ledger_unlist(const char16_t *path);
u32 ledger_lists(const char16_t *path, bool *has);

/* A note of when the run began; OP_NONE: the registry forgets nothing. */
void ledger_begin(struct op *note);
/* Before the journal says that the run is committed, or undone: what its notes touched is kept as
 * it is now, durable when it returns; undone: a byte for each note. Takes the place of what was
 * kept of that journal before. Nothing likewise. */
u32 ledger_keep(struct run *r, const u8 *undone, bool committed);
/* The journal has said so. */
void ledger_settle(const char16_t *name);
/* What was forgotten is told again; what is in the registry's files is kept no longer. */
void ledger_check(void);

#endif
