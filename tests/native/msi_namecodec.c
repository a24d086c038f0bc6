/*
 * Packing of stream names.
 */
#include "namecodec.h"
#include "hash.h"
#include "test.h"
#include "utf16.h"

static void known_names_pack_as_installers_store_them(void)
{
    static const char16_t columns[] = {0x4840, 0x3b3f, 0x43f2, 0x4438, 0x45b1, 0};
    char16_t stored[NAME_STORED_MAX + 1];

    /* "_Columns" in every package: '_' and 'C' are 63 and 12 */
    ok(!name_encode(u"_Columns", 8, true, stored), "encode\n");
    ok(u16_equal(stored, columns), "%04x %04x %04x %04x %04x\n", stored[0], stored[1], stored[2],
       stored[3], stored[4]);
    ok(!name_encode(u"a", 1, false, stored), "encode\n");
    ok(stored[0] == 0x4800 + 36 && !stored[1], "%04x\n", stored[0]);
    ok(!name_encode(u"a b", 3, false, stored), "encode\n");
    ok(stored[0] == 0x4824 && stored[1] == ' ' && stored[2] == 0x4825 && !stored[3], "space\n");
    ok(!name_encode(u"\005SummaryInformation", 19, false, stored) && stored[0] == 5, "control\n");
}

static void names_that_do_not_fit_are_refused(void)
{
    static const char16_t x[] =
        u"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    char16_t stored[NAME_STORED_MAX + 1] = u"untouched";

    ok(!name_encode(x, 62, false, stored), "62\n");
    ok(!name_encode(x, 60, true, stored), "60 of a table\n");
    u16_copy(stored, ARRAY_LEN(stored), u"untouched");
    ok(name_encode(x, 63, false, stored) == ERROR_FILENAME_EXCED_RANGE, "63\n");
    ok(name_encode(x, 61, true, stored) == ERROR_FILENAME_EXCED_RANGE, "61 of a table\n");
    ok(name_encode(x, 0, false, stored) == ERROR_INVALID_NAME, "empty\n");
    ok(u16_equal(stored, u"untouched"), "stored was written\n");
}

static void any_name_comes_back(void)
{
    for (u32 i = 0; i < 20000; i++) {
        char16_t name[NAME_MAX_UNITS], stored[NAME_STORED_MAX + 1], back[NAME_MAX_UNITS + 1];
        u32 len = 1 + hash_shared(&(u32){i}, 4) % NAME_MAX_UNITS;
        bool table = i % 3 == 0, was_table;
        u32 err;

        for (u32 k = 0; k < len; k++) {
            u32 r = hash_shared(&(u32){i * 64 + k}, 4);

            name[k] = (char16_t)(r & 0x700 ? "019AZaz._mM5 "[r % 13] : 0x20 + r % 0x3000);
        }
        err = name_encode(name, len, table, stored);
        ok(!err || err == ERROR_FILENAME_EXCED_RANGE, "%u\n", err);
        if (err)
            continue;
        ok(u16_len(stored) <= NAME_STORED_MAX, "length\n");
        ok(name_decode(stored, back, &was_table) == len, "length back\n");
        ok(!memcmp(name, back, len * 2) && !back[len], "name back\n");
        ok(was_table == table, "mark\n");
    }
}

static void the_longest_stored_name_unpacks_within_its_buffer(void)
{
    char16_t stored[40], name[NAME_MAX_UNITS + 1];
    bool table;

    for (u32 i = 0; i < 39; i++)
        stored[i] = 0x3800;
    stored[39] = 0;
    ok(name_decode(stored, name, &table) == 62 && !name[62] && !table, "cut\n");
    ok(name_decode(u"", name, NULL) == 0 && !name[0], "empty\n");
}

START_TEST(msi_namecodec)
{
    RUN(known_names_pack_as_installers_store_them);
    RUN(names_that_do_not_fit_are_refused);
    RUN(any_name_comes_back);
    RUN(the_longest_stored_name_unpacks_within_its_buffer);
}
