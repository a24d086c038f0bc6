/*
 * Whole-hive validation (check.h): bins, cells, free lists, and what nothing refers to. Keys,
 * values and security are in check_keys.c, check_values.c, check_security.c.
 */
#include <string.h>

#include "check_priv.h"
#include "os.h"

static const struct {
    const char *name, *words;
} codes[CHECK_CODE_COUNT] = {
#define X(code, words) {#code, words},
    CHECK_CODES(X)
#undef X
};

const char *check_name(enum check_code code)
{
    return (u32)code < CHECK_CODE_COUNT ? codes[code].name : "?";
}

const char *check_words(enum check_code code)
{
    return (u32)code < CHECK_CODE_COUNT ? codes[code].words : "?";
}

enum check_severity check_severity(enum check_code code)
{
    switch (code) {
    case CHECK_LIST_ORDER:
    case CHECK_LIST_HASH:
        return CHECK_UNSORTED;
    case CHECK_KEY_MAX:
    case CHECK_LIST_COUNT:
    case CHECK_SECURITY_COUNT:
        return CHECK_DERIVED;
    case CHECK_CELL_LOST:
    case CHECK_ROOT_FLAG:
    case CHECK_SECURITY_DESCRIPTOR:
        return CHECK_HARMLESS;
    default:
        return CHECK_SERIOUS;
    }
}

bool check_damage(struct check *c, enum check_code code, u32 off)
{
    c->totals.damages++;
    if (!c->err && c->report && !c->report(c->ctx, code, off))
        c->err = ERROR_CANCELLED;
    return false;
}

bool check_derived(struct check *c, enum check_code code, u32 cell, u32 off, u32 size, u32 value)
{
    u32 at = cell + CELL_HEAD + off;

    if (!c->mended)
        return check_damage(c, code, cell);
    if (size == 2)
        hv_put_u16(c->h, at, (u16)value);
    else
        hv_put_u32(c->h, at, value);
    c->mended(c->ctx, at, size);
    return true;
}

bool check_cell_begins(struct check *c, u32 cell, enum hv_storage st)
{
    if (!cell_aligned(cell) || (st != HV_STORES && cell_storage(cell) != st))
        return false;
    st = cell_storage(cell);
    return (cell & ~HV_VOLATILE) < c->map[st].bytes && check_bit(c->map[st].begins, cell);
}

bool check_claim(struct check *c, u32 cell, enum hv_storage st, u32 n, u32 from)
{
    u8 *seen;

    if (!check_cell_begins(c, cell, st))
        return check_damage(c, CHECK_CELL_PLACE, from);
    seen = c->map[cell_storage(cell)].seen;
    if (check_bit(seen, cell))
        return check_damage(c, CHECK_CELL_SHARED, cell);
    check_set_bit(seen, cell);
    if (cell_room(c->h, cell) < n)
        return check_damage(c, CHECK_CELL_SHORT, cell);
    return true;
}

/* --- bins and cells ------------------------------------------------------------------------------
 */

static void scan_cells(struct check *c, enum hv_storage st, u32 at, u32 end)
{
    while (at < end && !c->err) {
        u32 word = hv_u32(c->h, at), size = word < 0x80000000u ? word : 0u - word;
        if (!size || (size & 7) || size > end - at) {
            check_damage(c, CHECK_CELL_SIZE, at);
            return;
        }
        c->totals.cells++;
        if (word < 0x80000000u) {
            c->totals.free_bytes += size;
            check_set_bit(c->map[st].frees, at);
        } else {
            c->totals.used_bytes += size;
            check_set_bit(c->map[st].begins, at);
        }
        at += size;
    }
}

/* Tells what is wrong with a bin's header. */
static void bad_bin(struct check *c, u32 off)
{
    if (hv_u32(c->h, off) != SIG_HBIN)
        check_damage(c, CHECK_BIN_SIGNATURE, off);
    else if (hv_u32(c->h, off + BIN_OFFSET) != (off & ~HV_VOLATILE))
        check_damage(c, CHECK_BIN_OFFSET, off);
    else
        check_damage(c, CHECK_BIN_SIZE, off);
}

static void scan_bins(struct check *c, enum hv_storage st)
{
    u32 total = c->h->size[st], base = st == HV_VOLATILE_STORE ? HV_VOLATILE : 0, size;
    bool lost = false; /* after one damaged bin the next one is looked for in silence */

    for (u32 off = 0; off < total && !c->err; off += size) {
        if (!bin_valid(c->h, base + off, &size)) {
            if (!lost)
                bad_bin(c, base + off);
            lost = true;
            size = REGF_BIN;
            continue;
        }
        lost = false;
        c->totals.bins++;
        scan_cells(c, st, base + off + BIN_HEAD, base + off + size);
    }
}

static void scan_lost(struct check *c, enum hv_storage st)
{
    struct cell_map *m = &c->map[st];
    u32 base = st == HV_VOLATILE_STORE ? HV_VOLATILE : 0;

    for (u32 i = 0; i < m->bytes / 64 && !c->err; i++) {
        u8 lost = m->begins[i] & (u8)~m->seen[i];
        for (u32 bit = 0; lost; bit++, lost >>= 1)
            if (lost & 1)
                check_damage(c, CHECK_CELL_LOST, base + (i * 8 + bit) * 8);
    }
}

/* --- the lists of free cells ---------------------------------------------------------------------
 */

/* Takes the cells of one list out of the map of free cells. */
static void scan_free_list(struct check *c, enum hv_storage st, u32 cls)
{
    struct hview *h = c->h;
    u32 prev = HV_NIL, head = cell_list_head(cls, st), cell = hv_u32(h, head);

    while (cell != HV_NIL && !c->err) {
        if (!cell_aligned(cell) || cell_storage(cell) != st ||
            (cell & ~HV_VOLATILE) >= c->map[st].bytes || !check_bit(c->map[st].frees, cell) ||
            cell_class(hv_u32(h, cell)) != cls || hv_u32(h, cell + 8) != prev) {
            check_damage(c, CHECK_FREE_LIST, cell);
            return;
        }
        c->map[st].frees[(cell & ~HV_VOLATILE) / 64] &= (u8) ~(1u << (cell / 8 & 7));
        prev = cell;
        cell = hv_u32(h, cell + 4);
    }
}

static void scan_free(struct check *c, enum hv_storage st)
{
    struct cell_map *m = &c->map[st];
    u32 base = st == HV_VOLATILE_STORE ? HV_VOLATILE : 0;

    for (u32 cls = 0; cls < 128; cls++)
        scan_free_list(c, st, cls);
    for (u32 i = 0; i < m->bytes / 64 && !c->err; i++) {
        u8 left = m->frees[i];
        for (u32 bit = 0; left; bit++, left >>= 1) {
            u32 cell = base + (i * 8 + bit) * 8;
            if ((left & 1) && hv_u32(c->h, cell) >= CELL_MIN)
                check_damage(c, CHECK_FREE_LIST, cell);
        }
    }
}

/* ---------------------------------------------------------------------------------------------------
 */

static u32 start(struct check *c)
{
    for (u32 st = 0; st < HV_META_STORE; st++) {
        struct cell_map *m = &c->map[st];
        size_t n = c->h->size[st] / 64 + 1;
        m->bytes = c->h->size[st];
        if (!(m->begins = os_calloc(3, n)))
            return ERROR_OUTOFMEMORY;
        m->frees = m->begins + n;
        m->seen = m->frees + n;
    }
    return ERROR_SUCCESS;
}

/* An image has a map of its bins in the volatile storage, and free lists. */
static void check_image(struct check *c)
{
    u32 map = hv_u32(c->h, HM_BINMAP);

    if (map != HV_NIL)
        check_claim(c, map, HV_VOLATILE_STORE, hv_u32(c->h, HM_BINMAP_SIZE), HM_BINMAP);
    if (hv_u32(c->h, HM_FLAGS) & META_READ_ONLY) /* then nobody looks at the lists */
        return;
    scan_free(c, HV_STABLE_STORE);
    scan_free(c, HV_VOLATILE_STORE);
}

static void run(struct check *c, u32 root)
{
    struct hview *h = c->h;

    hash_init(&c->sk_map);
    c->err = start(c);
    if (!c->err) {
        scan_bins(c, HV_STABLE_STORE);
        scan_bins(c, HV_VOLATILE_STORE);
        check_keys(c, root);
        check_security(c);
        if (h->size[HV_META_STORE])
            check_image(c);
        scan_lost(c, HV_STABLE_STORE);
        scan_lost(c, HV_VOLATILE_STORE);
    }
    for (u32 st = 0; st < HV_META_STORE; st++)
        os_free(c->map[st].begins);
    hash_free(&c->sk_map);
    os_free(c->sks);
    os_free(c->names);
}

u32 check_hive(struct hview *h, u32 root, check_report report, void *ctx,
               struct check_totals *totals)
{
    struct check c = {.h = h, .report = report, .ctx = ctx};
    u32 before = h->error;

    run(&c, root);
    if (totals)
        *totals = c.totals;
    h->error = before;
    return c.err;
}

u32 check_mend(struct hview *h, u32 root, check_mended mended, void *ctx)
{
    struct check c = {.h = h, .mended = mended, .ctx = ctx};

    run(&c, root);
    return c.err;
}
