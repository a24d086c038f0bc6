/*
 * The notes of keys that may have gone, found by their keys: what is undone behind them makes the
 * keys again.
 */
#include "run_impl.h"

#include "utf16.h"

/* Root, view and folded key. */
static u32 hash_of(const struct op *note)
{
    const char16_t *key = op_text_at(note, 2);
    u32 parts[3] = {(u32)op_number_at(note, 0), (u32)op_number_at(note, 1), 0};

    for (; *key; key++)
        parts[2] = hash_u32(parts[2] ^ u16_upper(*key)) + 1;
    return hash_bytes(parts, sizeof(parts));
}

static bool is_of_key(const void *ctx, u32 value, const void *item)
{
    const struct run *r = ctx;
    const struct op *wanted = item;
    struct op note;

    journal_note(r->journal, value, &note);
    return op_number_at(&note, 0) == op_number_at(wanted, 0) &&
           op_number_at(&note, 1) == op_number_at(wanted, 1) &&
           u16_equal_fold(op_text_at(&note, 2), op_text_at(wanted, 2));
}

/* The last of several is that of the part of the run that is undone first. */
static u32 take_in(struct run *r, u32 i, const struct op *note)
{
    u32 hash = hash_of(note), old = hash_find(&r->kept, hash, is_of_key, r, note);

    if (old != HASH_NONE)
        hash_remove(&r->kept, hash, old);
    return hash_add(&r->kept, hash, i);
}

u32 run_kept(struct run *r, const struct op *wanted, struct op *note)
{
    u32 err = ERROR_SUCCESS, found;

    /* what is told again (ledger.h) has no journal */
    for (; !err && r->journal && r->kept_count < journal_count(r->journal); r->kept_count++) {
        journal_note(r->journal, r->kept_count, note);
        if (note->kind == OP_REG_KEPT)
            err = take_in(r, r->kept_count, note);
    }
    op_begin(note, OP_NONE);
    if (err)
        return err;
    found = hash_find(&r->kept, hash_of(wanted), is_of_key, r, wanted);
    if (found != HASH_NONE)
        journal_note(r->journal, found, note);
    return ERROR_SUCCESS;
}
