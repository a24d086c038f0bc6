/*
 * Whole-hive validation: every kind of damage has its own code and is reported with its place.
 * Reads only; ends on any bytes; memory is one bit per 8 bytes of hive.
 */
#ifndef DECANTER_CHECK_H
#define DECANTER_CHECK_H

#include "hive_view.h"

/* X(code, words for people) */
#define CHECK_CODES(X)                                                            \
    X(BIN_SIGNATURE, "a bin does not begin with hbin")                            \
    X(BIN_OFFSET, "a bin's header has another offset than its place")             \
    X(BIN_SIZE, "a bin's size is no multiple of 4096 or reaches beyond the hive") \
    X(CELL_SIZE, "a cell's size is no multiple of 8 or reaches beyond its bin")   \
    X(CELL_PLACE, "an offset that is not where an allocated cell begins")         \
    X(CELL_SHORT, "a cell too short for what it holds")                           \
    X(CELL_SHARED, "a cell reached from two places")                              \
    X(CELL_LOST, "an allocated cell that nothing refers to")                      \
    X(FREE_LIST, "the lists of free cells and the cells disagree")                \
    X(ROOT, "there is no root key")                                               \
    X(ROOT_FLAG, "the root key is not marked as one")                             \
    X(KEY_SIGNATURE, "a key node does not begin with nk")                         \
    X(KEY_NAME, "a key's name is empty, too long or beyond its cell")             \
    X(KEY_PARENT, "a key's parent is not the key it is listed in")                \
    X(KEY_STORE, "a stable key below a volatile one, or in the wrong list")       \
    X(KEY_DEPTH, "keys nested deeper than 512")                                   \
    X(KEY_LOOP, "a key reached twice")                                            \
    X(KEY_CLASS, "a class name is beyond its cell")                               \
    X(KEY_MAX, "a longest length that is shorter than what is there")             \
    X(LIST_SIGNATURE, "a list of subkeys is none of li, lf, lh, ri")              \
    X(LIST_SIZE, "a list of subkeys is beyond its cell")                          \
    X(LIST_COUNT, "a list has another number of subkeys than its key says")       \
    X(LIST_ORDER, "subkeys are not in the order of their names")                  \
    X(LIST_TWICE, "two subkeys have one name")                                    \
    X(LIST_HASH, "a hash or hint in a list does not fit its key's name")          \
    X(LIST_NESTED, "an index root within an index root")                          \
    X(VALUES_LIST, "a list of values is beyond its cell")                         \
    X(VALUE_SIGNATURE, "a value does not begin with vk")                          \
    X(VALUE_NAME, "a value's name is beyond its cell")                            \
    X(VALUE_TWICE, "two values of a key have one name")                           \
    X(VALUE_DATA, "a value's data is beyond its cell")                            \
    X(VALUE_BIG, "a big value's segments do not add up")                          \
    X(SECURITY, "a key's security cell is none")                                  \
    X(SECURITY_SIZE, "a security descriptor is beyond its cell")                  \
    X(SECURITY_RING, "the ring of security cells is broken")                      \
    X(SECURITY_COUNT, "a security cell has another number of users than it says") \
    X(SECURITY_DESCRIPTOR, "a security descriptor is not valid")

enum check_code {
#define X(code, words) CHECK_##code,
    CHECK_CODES(X)
#undef X
        CHECK_CODE_COUNT
};

/* What a damage means for whoever uses the hive. */
enum check_severity {
    CHECK_HARMLESS, /* Windows' own hives have it too; nothing is lost by it */
    CHECK_DERIVED,  /* a count that follows from the rest: corrected by the first write */
    CHECK_UNSORTED, /* names have to be looked for one by one; other programs miss keys */
    CHECK_SERIOUS,  /* writing could make it worse: the hive is read-only */
};
enum check_severity check_severity(enum check_code code);

/* off: where in the hive; return false to stop. */
typedef bool (*check_report)(void *ctx, enum check_code code, u32 off);

struct check_totals {
    u32 damages;
    u32 keys, values, bins, cells, free_bytes, used_bytes;
};

/* Checks everything from the root key (a cell) down and all bins and cells of both storages; with
 * meta present, the free lists too. totals may be NULL. ERROR_SUCCESS when it ran through,
 * damaged or not; ERROR_CANCELLED when told to stop; ERROR_OUTOFMEMORY. */
u32 check_hive(struct hview *h, u32 root, check_report report, void *ctx,
               struct check_totals *totals);

/* Corrects what is CHECK_DERIVED, in a hive in which nothing is CHECK_SERIOUS, with a writer's
 * view; each place is told. Errors as above. */
typedef void (*check_mended)(void *ctx, u32 off, u32 size);
u32 check_mend(struct hview *h, u32 root, check_mended mended, void *ctx);

/* "LIST_ORDER" and the words; "?" for what is no code. */
const char *check_name(enum check_code code);
const char *check_words(enum check_code code);

#endif
