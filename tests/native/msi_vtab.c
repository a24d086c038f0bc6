/*
 * _Streams and _Storages after any changes of the storage beneath them.
 */
#include "test.h"

#include "dbcore.h"
#include "namecodec.h"
#include "stg.h"
#include "table.h"
#include "utf16.h"

enum { ROUNDS = 3000, NAMES = 10 };

static u32 next_random(u32 *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* As they are stored: plain, packed, of one name both, in capitals, of tables. */
static void make_names(char16_t names[NAMES][NAME_STORED_MAX + 1])
{
    static const char16_t *const clear[] = {u"abc", u"a stream", u"ABC", u"x.y"};

    for (size_t i = 0; i < ARRAY_LEN(clear); i++) {
        u16_copy(names[2 * i], NAME_STORED_MAX + 1, clear[i]);
        name_encode(clear[i], u16_len(clear[i]), false, names[2 * i + 1]);
    }
    u16_copy(names[8], NAME_STORED_MAX + 1, u"\005Summary");
    name_encode(u"Table", 5, true, names[9]);
}

static void change(struct stg *stg, char16_t names[NAMES][NAME_STORED_MAX + 1], u32 *random)
{
    const char16_t *name = names[next_random(random) % NAMES];
    const char16_t *other = names[next_random(random) % NAMES];
    struct stg *sub;

    switch (next_random(random) % 5) {
    case 0:
    case 1:
        stg_set_bytes(stg, name, "x", 1);
        break;
    case 2:
        stg_remove(stg, name);
        break;
    case 3:
        stg_rename(stg, name, other);
        break;
    case 4:
        if (!stg_sub_create(stg, name, &sub)) {
            stg_set_bytes(sub, other, "y", 1); /* below a sub-storage no name is the root's */
            stg_close(sub);
        }
        break;
    }
}

static bool has_row(struct db_core *db, struct table *t, const char16_t *name, size_t len)
{
    u32 cells[2] = {0, 1}, row;

    return !sp_find(db_core_strings(db), name, len, &cells[0]) && cells[0] &&
           !tbl_find_key(t, cells, &row) && row != TBL_NONE;
}

/* What the table must have, found by going over the storage. */
static void check_table(struct db_core *db, struct stg *stg, bool streams, u32 round)
{
    char16_t name[NAME_MAX_UNITS + 1], seen[NAMES][NAME_MAX_UNITS + 1];
    struct stg_list list;
    struct table *t;
    u32 n = 0;

    ok(!db_core_table(db, streams ? u"_Streams" : u"_Storages", streams ? 8 : 9, &t), "table\n");
    ok(!stg_list(stg, &list), "list\n");
    for (u32 i = 0; i < list.count; i++) {
        bool table = false, again = false;

        if (list.entries[i].kind != (streams ? STG_STREAM : STG_STORAGE))
            continue;
        if (streams)
            name_decode(list.entries[i].name, name, &table);
        else
            u16_copy(name, ARRAY_LEN(name), list.entries[i].name);
        for (u32 k = 0; k < n; k++)
            again = again || u16_equal(seen[k], name);
        if (table || again)
            continue;
        u16_copy(seen[n++], ARRAY_LEN(name), name);
        ok(has_row(db, t, name, u16_len(name)), "round %u: a row is missing\n", round);
    }
    ok(tbl_rows(t) == n, "round %u: %u rows of %u\n", round, tbl_rows(t), n);
    stg_list_free(&list);
}

static void the_tables_show_the_storage(void)
{
    char16_t names[NAMES][NAME_STORED_MAX + 1];
    struct db_core *db = NULL;
    struct stg *stg = NULL;
    u32 random = 7;

    make_names(names);
    ok(!stg_create_memory(&stg) && !db_core_create(stg, &db), "database\n");
    for (u32 round = 0; round < ROUNDS; round++) {
        for (u32 n = next_random(&random) % 12; n; n--)
            change(stg, names, &random);
        check_table(db, stg, true, round);
        check_table(db, stg, false, round);
    }
    db_core_free(db);
    stg_close(stg);
}

START_TEST(msi_vtab)
{
    RUN(the_tables_show_the_storage);
}
