/*
 * Bytes of a journal that say to be a security descriptor.
 */
#include <stdlib.h>
#include <string.h>

#include "security.h"
#include "test.h"

enum { OWNER = 4, DACL = 16, SIZE = 60, ACL_AT = 20, ACE_AT = 28, SID_AT = 48 };

/* Owned by S-1-5-18, who may do everything, and nobody else. */
static const u8 good[SIZE] = {
    1, 0, 4,  0x80, 48,   0, 0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, /* descriptor */
    2, 0, 28, 0,    1,    0, 0,    0,                                       /* list */
    0, 0, 20, 0,    0xff, 1, 0x1f, 0, 1,  1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, /* its entry */
    1, 1, 0,  0,    0,    0, 0,    5, 18, 0, 0, 0};                         /* owner */

/* In memory that ends where the bytes do. */
static bool is_with(u32 size, u32 at, u8 byte)
{
    u8 *copy = malloc(size ? size : 1);
    bool is;

    if (!copy)
        abort();
    memcpy(copy, good, size);
    if (at < size)
        copy[at] = byte;
    is = security_is_descriptor(copy, size);
    free(copy);
    return is;
}

static void one_is_one(void)
{
    ok(is_with(SIZE, 0, 1), "good\n");
    ok(is_with(SIZE, OWNER, 0), "without an owner\n");
    ok(is_with(SIZE, ACE_AT, 5), "an entry of a kind that is not looked into\n");
}

static void cut_short_it_is_none(void)
{
    for (u32 size = 0; size < SIZE; size++)
        ok(!is_with(size, SIZE, 0), "%u bytes\n", size);
}

static void what_leaves_it_is_none(void)
{
    ok(!is_with(SIZE, 0, 2), "revision\n");
    ok(!is_with(SIZE, 3, 0), "not self-relative\n");
    ok(!is_with(SIZE, OWNER, SIZE), "an owner at its end\n");
    ok(!is_with(SIZE, OWNER + 3, 0x80), "an owner far behind it\n");
    ok(!is_with(SIZE, OWNER, 4), "an owner in its head\n");
    ok(!is_with(SIZE, OWNER, 49), "an owner at an odd place\n");
    ok(!is_with(SIZE, DACL, 56), "a list cut short\n");
    ok(!is_with(SIZE, SID_AT + 1, 2), "a SID longer than the rest\n");
    ok(!is_with(SIZE, ACL_AT + 2, 41), "a list longer than the rest\n");
    ok(!is_with(SIZE, ACL_AT + 2, 7), "a list shorter than its head\n");
    ok(!is_with(SIZE, ACL_AT + 4, 2), "an entry behind the list\n");
    ok(!is_with(SIZE, ACL_AT + 5, 0xff), "many of them\n");
    ok(!is_with(SIZE, ACE_AT + 2, 24), "an entry longer than the list\n");
    ok(!is_with(SIZE, ACE_AT + 2, 0), "an entry of nothing\n");
    ok(!is_with(SIZE, ACE_AT + 9, 2), "a SID longer than its entry\n");
}

/* Whatever single byte is wrong: nothing is read behind the end, which is for the sanitizer. */
static void each_byte_may_be_anything(void)
{
    for (u32 at = 0; at < SIZE; at++)
        for (u32 byte = 0; byte < 256; byte++)
            is_with(SIZE, at, (u8)byte);
    ok(true, "done\n");
}

START_TEST(msi_inst_security)
{
    one_is_one();
    cut_short_it_is_none();
    what_leaves_it_is_none();
    each_byte_may_be_anything();
}
