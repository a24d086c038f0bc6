/*
 * The file of the ledger (ledger.h), for what writes it and what reads it.
 */
#ifndef MSI_LEDGER_FILE_H
#define MSI_LEDGER_FILE_H

#include "family.h"
#include "notes.h"
#include "regbehind.h"

enum ledger_kind {
    LEDGER_JOURNAL = 0x8100,
    LEDGER_JOURNAL_GONE,
    LEDGER_BLOCK,
    LEDGER_BLOCK_END,
    LEDGER_SETTLED,
    LEDGER_MARKED,
    LEDGER_GONE,
    LEDGER_WAS,
};

struct ledger {
    struct notes notes;
    char16_t path[BEHIND_PATH];
};

/* Locked until it is closed; waits for others. OS_CREATE in flags: it is made.
 * ERROR_FILE_NOT_FOUND: there is none. */
u32 ledger_open(struct ledger *l, u32 flags);
void ledger_close(struct ledger *l);
/* A note of a text alone, to be written with the next notes_write. */
u32 ledger_add_text(struct ledger *l, u32 kind, const char16_t *text);
/* Whether the note's text is that one; case does not count. */
bool ledger_is_of(const struct op *op, const char16_t *name);
/* Whether the journal is listed. */
bool ledger_has_journal(const struct ledger *l, const char16_t *path);

/* How things are behind one installation. */
struct ledger_block {
    const char16_t *name;
    u32 first, end; /* notes */
    bool settled, marked;
    struct behind_moment at; /* server: in whose life it was told last; the rest where marked */
};

/* Those that count, in their order, from os_alloc; names live as long as nothing is added. */
u32 ledger_blocks(const struct ledger *l, struct ledger_block **out, u32 *count);
/* The fields 1 and so on of a note that has a moment. */
void ledger_add_moment(struct op *op, const struct behind_moment *m);
/* Sets the byte of each note that a journal is listed by. */
u32 ledger_live_journals(const struct ledger *l, u8 *live);
/* The first block of those that the registry may have forgotten; count: none. from: for each file
 * the first that it has not. */
u32 ledger_forgotten(const struct ledger_block *all, u32 count, const struct behind_moment *now,
                     u32 from[BEHIND_FILES]);
/* What is of no use any more goes when the file has grown; where nothing stands in it, the file. */
void ledger_leave_out(struct ledger *l);

#endif
