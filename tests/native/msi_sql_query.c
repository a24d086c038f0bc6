/*
 * Queries on a database in memory: what they answer, and what is refused when.
 */
#include "sql_fixture.h"

/* P and Q: Q.PK refers to P.K; R.QK_ to Q.QK. */
static struct fixture tables_pqr(void)
{
    struct fixture f = new_database();
    DO(&f, "CREATE TABLE `P` (`K` INT NOT NULL, `V` CHAR(20), `N` LONG PRIMARY KEY `K`)");
    DO(&f, "CREATE TABLE `Q` (`QK` INT NOT NULL, `PK` INT, `W` CHAR(20) PRIMARY KEY `QK`)");
    DO(&f, "CREATE TABLE `R` (`RK` INT NOT NULL, `QK_` INT, `X` CHAR(20) PRIMARY KEY `RK`)");
    DO(&f, "INSERT INTO `P` (`K`,`V`,`N`) VALUES (1, 'p1', 5)");
    DO(&f, "INSERT INTO `P` (`K`,`V`,`N`) VALUES (2, 'p2', 4)");
    DO(&f, "INSERT INTO `P` (`K`,`V`,`N`) VALUES (3, 'p3', 3)");
    DO(&f, "INSERT INTO `Q` (`QK`,`PK`,`W`) VALUES (1, 3, 'q1')");
    DO(&f, "INSERT INTO `Q` (`QK`,`PK`,`W`) VALUES (2, 1, 'q2')");
    DO(&f, "INSERT INTO `Q` (`QK`,`PK`,`W`) VALUES (3, 1, 'q3')");
    DO(&f, "INSERT INTO `Q` (`QK`,`PK`,`W`) VALUES (4, 2, 'q4')");
    DO(&f, "INSERT INTO `R` (`RK`,`QK_`,`X`) VALUES (1, 4, 'r1')");
    DO(&f, "INSERT INTO `R` (`RK`,`QK_`,`X`) VALUES (2, 1, 'r2')");
    DO(&f, "INSERT INTO `R` (`RK`,`QK_`,`X`) VALUES (3, 3, 'r3')");
    DO(&f, "INSERT INTO `R` (`RK`,`QK_`,`X`) VALUES (4, 2, 'r4')");
    return f;
}

/* --- one table ---------------------------------------------------------------------------------
 */

static void rows_come_in_the_order_of_the_key(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T`", "-4 1 2 3 5");
    ROWS(&f, "SELECT * FROM `T` WHERE `A` = 1", "1|one|10|x|1");
    ROWS(&f, "SELECT `B`, `A`, `B` FROM `T` WHERE `A` = 2", "two|2|two");
    ROWS(&f, "SELECT `A`, * FROM `T` WHERE `A` = 5", "5|5|-|-|-|-");
    ROWS(&f, "SELECT '', `A`, `` FROM `T` WHERE `A` = 1", "-|1|-");
    ROWS(&f, "select T.A from T", "-4 1 2 3 5");
    drop_database(&f);
}

static void comparisons_of_integers(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = 3", "3");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` <> 3", "-4 1 2 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` < 2", "-4 1");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` <= 2", "-4 1 2");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` > 2", "3 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` >= -4 AND `A` <= 1", "-4 1");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = 40000", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = `E`", "1 2");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` > `E`", "-4 3 5");
    drop_database(&f);
}

static void comparisons_of_text(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = 'one'", "-4 1");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` <> 'one'", "2 3 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = 'nowhere'", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` <> 'nowhere'", "-4 1 2 3 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = 'ONE'", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = `D`", "3 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` <> `D`", "-4 1 2");
    BAD(&f, "SELECT `A` FROM `T` WHERE `B` < 'm'", 2236);
    BAD(&f, "SELECT `A` FROM `T` WHERE `B` >= `D`", 2236);
    BAD(&f, "SELECT `A` FROM `T` WHERE `B` < ?", 2236);
    drop_database(&f);
}

static void null_is_below_all_other_values(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` IS NULL", "5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` IS NULL", "-4 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` IS NOT NULL", "1 2 3");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = ''", "5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` <> ''", "-4 1 2 3");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` = NULL", "-4 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` <> 2", "-4 1 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` < 5", "-4 1 2 3 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` > -5", "1 2 3");
    BAD(&f, "SELECT `A` FROM `T` WHERE `E` < NULL", 2236);
    BAD(&f, "SELECT `A` FROM `T` WHERE `E` >= ''", 2236);
    ROWS(&f, "SELECT `A` FROM `T` WHERE `E` = `C`", "5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = `B`", "-4 1 2 3 5");
    drop_database(&f);
}

static void and_or_and_parentheses(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` > 1 AND `A` <> 3 OR `C` = 10", "1 2 5");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = 1 OR `A` = 2 AND `B` = 'no'", "1");
    ROWS(&f, "SELECT `A` FROM `T` WHERE (`A` = 1 OR `A` = 2) AND `B` = 'two'", "2");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = 1 AND `A` = 2", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = 1 AND `B` = 'two'", "");
    drop_database(&f);
}

static void parameters_stand_for_values(void)
{
    struct fixture f = table_t();
    ROWS_WITH(&f, "SELECT `B` FROM `T` WHERE `A` = ?", "two", int_value(2));
    ROWS_WITH(&f, "SELECT `B` FROM `T` WHERE `A` = ?", "two", text_value(u"2"));
    ROWS_WITH(&f, "SELECT `A` FROM `T` WHERE `B` = ? AND `C` > ?", "-4", text_value(u"one"),
              int_value(10));
    ROWS_WITH(&f, "SELECT `A` FROM `T` WHERE `B` = ?", "5", text_value(u""));
    ROWS_WITH(&f, "SELECT `A` FROM `T` WHERE `B` = ?", "5", null_value());
    ROWS_WITH(&f, "SELECT `A` FROM `T` WHERE `B` <> ?", "-4 1 2 3", null_value());
    ROWS_WITH(&f, "SELECT `A` FROM `T` WHERE `B` = ?", "", int_value(7));
    FAILS_WITH(&f, "SELECT `A` FROM `T` WHERE `A` = ?", 2258, text_value(u"x1"));
    FAILS(&f, "SELECT `A` FROM `T` WHERE `A` = ?", 2208);
    FAILS_WITH(&f, "SELECT `A` FROM `T` WHERE `A` = ? OR `A` = ?", 2208, int_value(1));
    drop_database(&f);
}

static void order_by_groups_text_and_sorts_integers(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` ORDER BY `C`", "5 3 1 -4 2");
    ROWS(&f, "SELECT `A` FROM `T` ORDER BY `E`, `C`", "5 -4 1 3 2");
    ROWS(&f, "SELECT `B`, `A` FROM `T` ORDER BY `B`", "-|5 one|-4 one|1 x|3 two|2");
    ROWS(&f, "SELECT `B`, `A` FROM `T` WHERE `A` > 0 ORDER BY `T`.`A`", "one|1 two|2 x|3 -|5");
    drop_database(&f);
}

static void distinct_keeps_the_first(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT DISTINCT `C` FROM `T`", "20 10 -5 -");
    ROWS(&f, "SELECT DISTINCT `B`, `C` FROM `T`", "one|20 one|10 two|20 x|-5 -|-");
    ROWS(&f, "SELECT DISTINCT `B` FROM `T` ORDER BY `B`", "- one x two");
    ROWS(&f, "SELECT DISTINCT '' FROM `T`", "-");
    drop_database(&f);
}

/* --- several tables ----------------------------------------------------------------------------
 */

static void a_join_walks_the_last_table_outermost(void)
{
    struct fixture f = tables_pqr();
    ROWS(&f, "SELECT `V`,`W` FROM `P`,`Q` WHERE `QK` < 3", "p1|q1 p2|q1 p3|q1 p1|q2 p2|q2 p3|q2");
    ROWS(&f, "SELECT `V`,`W` FROM `P`,`Q` WHERE `K` = `PK`", "p3|q1 p1|q2 p1|q3 p2|q4");
    ROWS(&f, "SELECT `V`,`W` FROM `Q`,`P` WHERE `K` = `PK`", "p1|q2 p1|q3 p2|q4 p3|q1");
    ROWS(&f, "SELECT `V`,`W` FROM `Q`,`P` WHERE `PK` = `K`", "p1|q2 p1|q3 p2|q4 p3|q1");
    ROWS(&f, "SELECT `X` FROM `P`,`Q`,`R` WHERE `PK` = `K` AND `QK_` = `QK`", "r1 r2 r3 r4");
    ROWS(&f, "SELECT `X` FROM `R`,`Q`,`P` WHERE `PK` = `K` AND `QK_` = `QK`", "r4 r3 r1 r2");
    ROWS(&f, "SELECT `X` FROM `R`,`P`,`Q` WHERE `PK` = `K` AND `QK_` = `QK`", "r2 r4 r3 r1");
    ROWS(&f, "SELECT `V`,`W` FROM `P`,`Q` WHERE `K` < `PK`", "p1|q1 p2|q1 p1|q4");
    ROWS(&f, "SELECT `V`,`W` FROM `P`,`Q` WHERE `K` = `PK` OR `QK` = 1",
         "p1|q1 p2|q1 p3|q1 p1|q2 p1|q3 p2|q4");
    drop_database(&f);
}

static void a_join_may_start_anywhere_and_keeps_its_order(void)
{
    struct fixture f = tables_pqr();
    /* Many more rows in Q make starting with P worth it. */
    for (i32 i = 10; i < 200; i++) {
        struct value params[] = {int_value(i), int_value(i % 4)};
        ok(!run_with(&f, "INSERT INTO `Q` (`QK`,`PK`) VALUES (?, ?)", params, 2), "insert %d\n", i);
    }
    ROWS(&f, "SELECT `W` FROM `P`,`Q` WHERE `K` = `PK` AND `K` = 1 AND `QK` < 10", "q2 q3");
    ROWS(&f, "SELECT `QK`,`RK` FROM `R`,`Q` WHERE `RK` = 3 AND `Q`.`QK` = `R`.`QK_`", "3|3");
    ROWS(&f, "SELECT `QK` FROM `P`,`R`,`Q` WHERE `RK` < 3 AND `QK` = `QK_` AND `K` = `PK`", "1 4");
    drop_database(&f);
}

static void null_joins_with_null(void)
{
    struct fixture f = tables_pqr();
    DO(&f, "INSERT INTO `Q` (`QK`) VALUES (9)");
    DO(&f, "INSERT INTO `P` (`K`) VALUES (9)");
    ROWS(&f, "SELECT `QK` FROM `P`,`Q` WHERE `K` = `PK` AND `QK` = 9", "");
    ROWS(&f, "SELECT `QK` FROM `P`,`Q` WHERE `V` = `W`", "9");
    ROWS(&f, "SELECT `QK` FROM `Q`,`P` WHERE `K` = `QK` AND `V` IS NULL", "9");
    drop_database(&f);
}

static void joins_sort_and_drop_repeated(void)
{
    struct fixture f = tables_pqr();
    ROWS(&f, "SELECT `V`,`W` FROM `P`,`Q` WHERE `K` = `PK` ORDER BY `N`",
         "p3|q1 p2|q4 p1|q2 p1|q3");
    ROWS(&f, "SELECT DISTINCT `K` FROM `P`,`Q` WHERE `K` = `PK`", "3 1 2");
    ROWS(&f, "SELECT * FROM `P`,`Q` WHERE `K` = `PK` AND `K`=2", "2|p2|4|4|2|q4");
    ROWS(&f, "SELECT `V` FROM `P`,`Q`,`R` WHERE `K`=`PK` AND `QK`=`QK_` AND `RK`=`K`", "");
    drop_database(&f);
}

static void a_key_of_several_columns_is_found(void)
{
    struct fixture f = new_database();
    DO(&f, "CREATE TABLE `C` (`D` CHAR(20) NOT NULL, `N` CHAR(20) NOT NULL, `V` INT "
           "PRIMARY KEY `D`, `N`)");
    DO(&f, "INSERT INTO `C` (`D`,`N`,`V`) VALUES ('d1', 'a', 1)");
    DO(&f, "INSERT INTO `C` (`D`,`N`,`V`) VALUES ('d1', 'b', 2)");
    DO(&f, "INSERT INTO `C` (`D`,`N`,`V`) VALUES ('d2', 'a', 3)");
    ROWS(&f, "SELECT `V` FROM `C` WHERE `N` = 'b' AND `D` = 'd1'", "2");
    ROWS(&f, "SELECT `V` FROM `C` WHERE `D` = 'd1'", "1 2");
    ROWS(&f, "SELECT `V` FROM `C` WHERE `N` = 'a'", "1 3");
    ROWS(&f, "SELECT `V` FROM `C` WHERE `N` = 'a' AND `D` = 'd3'", "");
    ROWS(&f, "SELECT `V` FROM `C` WHERE `D` = 'd1' AND `N` = 'a' AND `D` = 'd2'", "");
    FAILS(&f, "INSERT INTO `C` (`D`,`N`) VALUES ('d1', 'a')", 2259);
    drop_database(&f);
}

/* --- changing rows -----------------------------------------------------------------------------
 */

static void insert_keeps_the_rules_of_the_table(void)
{
    struct fixture f = table_t();
    FAILS(&f, "INSERT INTO `T` (`A`,`B`) VALUES (1, 'dup')", 2259);
    FAILS(&f, "INSERT INTO `T` (`B`) VALUES ('no key')", 2259);
    FAILS(&f, "INSERT INTO `T` (`A`) VALUES ('')", 2259);
    FAILS(&f, "INSERT INTO `T` (`A`) VALUES (NULL)", 2259);
    FAILS(&f, "INSERT INTO `T` (`A`) VALUES (32768)", 2259);
    FAILS(&f, "INSERT INTO `T` (`A`) VALUES (-32768)", 2259);
    FAILS(&f, "INSERT INTO `T` (`A`) VALUES ('foo')", 2210);
    ok(u16_equal(f.err.text, u"A"), "the column is not named\n");
    DO(&f, "INSERT INTO `T` (`A`,`E`) VALUES (32767, -32767)");
    DO(&f, "INSERT INTO `T` (`A`,`C`) VALUES ('77', '-2147483647')");
    DO(&f, "INSERT INTO `T` (`B`,`A`) VALUES (12, 78)");
    ROWS(&f, "SELECT * FROM `T` WHERE `A` > 10",
         "77|-|-2147483647|-|- 78|12|-|-|- 32767|-|-|-|-32767");
    drop_database(&f);
}

static void insert_takes_parameters_anywhere(void)
{
    struct fixture f = table_t();
    struct value params[] = {int_value(9), text_value(u"nine")};
    ok(!run_with(&f, "INSERT INTO `T` (`A`,`C`,`B`) VALUES (?, 9, ?)", params, 2), "number %u\n",
       f.err.number);
    ROWS(&f, "SELECT * FROM `T` WHERE `A` = 9", "9|nine|9|-|-");
    FAILS_WITH(&f, "INSERT INTO `T` (`A`) VALUES (?)", 2210, text_value(u"x"));
    drop_database(&f);
}

static void update_changes_what_where_finds(void)
{
    struct fixture f = table_t();
    DO(&f, "UPDATE `T` SET `B` = 'new', `C` = NULL WHERE `A` > 1");
    ROWS(&f, "SELECT `A`,`B`,`C` FROM `T`", "-4|one|20 1|one|10 2|new|- 3|new|- 5|new|-");
    DO(&f, "UPDATE `T` SET `T`.`E` = 7");
    ROWS(&f, "SELECT DISTINCT `E` FROM `T`", "7");
    /* What it sets does not make it find more. */
    DO(&f, "UPDATE `T` SET `C` = 10 WHERE `C` = 20");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `C` = 10", "-4 1");
    FAILS(&f, "UPDATE `T` SET `A` = 50 WHERE `A` = 1", 2259);
    FAILS(&f, "UPDATE `T` SET `E` = 99999", 2259);
    FAILS(&f, "UPDATE `T` SET `E` = 'x'", 2210);
    ROWS(&f, "SELECT DISTINCT `E` FROM `T`", "7");
    drop_database(&f);
}

static void update_leaves_keys_that_no_row_changes(void)
{
    struct fixture f = table_t();
    DO(&f, "UPDATE `T` SET `A` = 50 WHERE `A` = 999");
    DO(&f, "UPDATE `T` SET `A` = 1, `B` = 'same' WHERE `A` = 1");
    ROWS(&f, "SELECT `A`,`B` FROM `T` WHERE `A` = 1", "1|same");
    FAILS(&f, "UPDATE `T` SET `A` = 1, `B` = 'other'", 2259);
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = 'other'", "");
    drop_database(&f);
}

static void update_and_delete_take_parameters(void)
{
    struct fixture f = table_t();
    struct value params[] = {text_value(u"p"), int_value(2)};
    ok(!run_with(&f, "UPDATE `T` SET `B` = ? WHERE `A` = ?", params, 2), "%u\n", f.err.number);
    ROWS(&f, "SELECT `B` FROM `T` WHERE `A` = 2", "p");
    ok(!run_with(&f, "DELETE FROM `T` WHERE `B` = ?", params, 1), "%u\n", f.err.number);
    ROWS(&f, "SELECT `A` FROM `T`", "-4 1 3 5");
    drop_database(&f);
}

static void update_over_a_join_changes_each_row(void)
{
    struct fixture f = tables_pqr();
    DO(&f, "UPDATE `P`,`Q` SET `V` = 'hit', `W` = 'too' WHERE `K` = `PK` AND `N` = 5");
    ROWS(&f, "SELECT `V` FROM `P`", "hit p2 p3");
    ROWS(&f, "SELECT `W` FROM `Q`", "q1 too too q4");
    drop_database(&f);
}

static void delete_removes_rows(void)
{
    struct fixture f = table_t();
    DO(&f, "DELETE FROM `T` WHERE `A` = 3");
    ROWS(&f, "SELECT `A` FROM `T`", "-4 1 2 5");
    DO(&f, "DELETE FROM `T` WHERE `A` = 3");
    DO(&f, "DELETE FROM `T`");
    ROWS(&f, "SELECT `A` FROM `T`", "");
    DO(&f, "INSERT INTO `T` (`A`) VALUES (3)");
    ROWS(&f, "SELECT `A` FROM `T`", "3");
    drop_database(&f);
}

static void temporary_rows_are_rows(void)
{
    struct fixture f = table_t();
    DO(&f, "INSERT INTO `T` (`A`,`B`) VALUES (8, 'temp') TEMPORARY");
    ROWS(&f, "SELECT `B` FROM `T` WHERE `A` = 8", "temp");
    ROWS(&f, "SELECT `A` FROM `T`", "-4 1 2 3 5 8");
    drop_database(&f);
}

static void streams_come_and_go_with_rows(void)
{
    struct fixture f = new_database();
    struct text_source source;
    struct value params[] = {text_value(u"s1"), stream_value(&source, "some bytes")};
    DO(&f, "CREATE TABLE `Binary` (`Name` CHAR(72) NOT NULL, `Data` OBJECT NOT NULL "
           "PRIMARY KEY `Name`)");
    ok(!run_with(&f, "INSERT INTO `Binary` (`Name`,`Data`) VALUES (?, ?)", params, 2),
       "number %u\n", f.err.number);
    ROWS(&f, "SELECT * FROM `Binary`", "s1|#");
    ROWS(&f, "SELECT `Name` FROM `Binary` WHERE `Data` IS NULL", "");
    ROWS(&f, "SELECT `Name` FROM `Binary` WHERE `Data` IS NOT NULL", "s1");
    ROWS(&f, "SELECT `Name` FROM `_Streams`", "Binary.s1");
    FAILS(&f, "INSERT INTO `Binary` (`Name`,`Data`) VALUES ('s2', 'text')", 2210);
    FAILS(&f, "INSERT INTO `Binary` (`Name`) VALUES ('s2')", 2259);
    BAD(&f, "SELECT `Name` FROM `Binary` WHERE `Data` = 'x'", 2236);
    BAD(&f, "SELECT `Name` FROM `Binary` WHERE `Data` = ?", 2236);
    BAD(&f, "SELECT `Name` FROM `Binary` WHERE `Data` = `Name`", 2236);
    DO(&f, "DELETE FROM `Binary`");
    ROWS(&f, "SELECT `Name` FROM `_Streams`", "");
    drop_database(&f);
}

/* --- names ---------------------------------------------------------------------------------------
 */

static void names_must_be_known_and_clear(void)
{
    struct fixture f = tables_pqr();
    BAD(&f, "SELECT * FROM `Nope`", 2228);
    BAD(&f, "SELECT * FROM `p`", 2228);
    BAD(&f, "SELECT `k` FROM `P`", 2235);
    BAD(&f, "SELECT `R`.`RK` FROM `P`", 2228);
    BAD(&f, "SELECT `P`.`QK` FROM `P`,`Q`", 2235);
    BAD(&f, "SELECT `K` FROM `P`,`P`", 2230);
    BAD(&f, "SELECT `K` FROM `P` WHERE `Z` = 1", 2235);
    BAD(&f, "SELECT `K` FROM `P` ORDER BY `Z`", 2235);
    BAD(&f, "SELECT ? FROM `P`", 2235);
    BAD(&f, "SELECT NULL FROM `P`", 2235);
    BAD(&f, "INSERT INTO `P` (`K`,`Z`) VALUES (1, 2)", 2235);
    BAD(&f, "INSERT INTO `P` (`K`,`K`) VALUES (1, 2)", 2242);
    BAD(&f, "UPDATE `P` SET `V` = 'a', `V` = 'b'", 2242);
    BAD(&f, "DELETE FROM `P` WHERE `QK` = 1", 2235);
    BAD(&f, "DROP TABLE `Nope`", 2228);
    BAD(&f, "ALTER TABLE `Nope` HOLD", 2228);
    DO(&f, "CREATE TABLE `P2` (`K` INT NOT NULL PRIMARY KEY `K`)");
    BAD(&f, "SELECT `K` FROM `P`,`P2`", 2235);
    ok(u16_equal(f.err.text, u"K") && f.err.position == 7, "position %u\n", (u32)f.err.position);
    drop_database(&f);
}

static void a_number_never_equals_a_text(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = '5'", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `B` = 5", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` = `B`", "");
    ROWS(&f, "SELECT `A` FROM `T` WHERE `A` <> '5' AND `B` <> 5", "-4 1 2 3 5");
    BAD(&f, "SELECT `A` FROM `T` WHERE `A` < '5'", 2236);
    BAD(&f, "SELECT `A` FROM `T` WHERE `A` >= `B`", 2236);
    drop_database(&f);
}

static void constants_are_selected(void)
{
    struct fixture f = table_t();
    ROWS(&f, "SELECT 'x', `A`, -5, '' FROM `T` WHERE `A` < 2", "x|-4|-5|- x|1|-5|-");
    ROWS(&f, "SELECT DISTINCT 7 FROM `T`", "7");
    ROWS(&f, "SELECT 'B' FROM `T` WHERE `A` = 1", "one"); /* a column's name */
    drop_database(&f);
}

/* --- tables
 * ---------------------------------------------------------------------------------------- */

static void columns_are_described(void)
{
    struct fixture f = new_database();
    static const char16_t *const types[] = {u"i2", u"S72", u"I4", u"L0",
                                            u"v0", u"S0",  u"G5", u"J2"};
    struct sql_query *q;
    struct sql_column c;
    DO(&f, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72), `C` LONG, `D` LONGCHAR LOCALIZABLE,"
           "`E` OBJECT NOT NULL, `F` CHARACTER, `G` CHAR(5) TEMPORARY, `H` INT TEMPORARY "
           "PRIMARY KEY `A`)");
    ok(!prepare(&f, "SELECT * FROM `T`", &q), "number %u\n", f.err.number);
    ok(sql_columns(q) == ARRAY_LEN(types), "%u columns\n", sql_columns(q));
    for (u32 i = 0; i < sql_columns(q); i++) {
        char16_t name[] = {(char16_t)('A' + i), 0};
        sql_column(q, i, &c);
        ok(u16_equal(c.type, types[i]), "column %u\n", i);
        ok(u16_equal(c.name, name) && c.table_col == i, "column %u\n", i);
    }
    sql_free(q);
    ok(!prepare(&f, "SELECT '' FROM `T`", &q), "number %u\n", f.err.number);
    sql_column(q, 0, &c);
    ok(u16_equal(c.type, u"f0") && !c.name[0] && !c.table, "the constant\n");
    sql_free(q);
    ok(!prepare(&f, "INSERT INTO `T` (`A`,`E`) VALUES (?,?)", &q), "number %u\n", f.err.number);
    sql_column(q, 1, &c);
    ok(sql_columns(q) == 2 && u16_equal(c.name, u"E"), "%u columns\n", sql_columns(q));
    ok(sql_params(q) == 2 && sql_kind(q) == SQL_INSERT && sql_writes(q), "kind\n");
    sql_free(q);
    drop_database(&f);
}

static void temporary_columns_are_described(void)
{
    struct fixture f = new_database();
    static const char16_t *const types[] = {u"i2", u"O0", u"J2", u"j4", u"g10", u"G0"};
    struct sql_query *q;
    DO(&f, "CREATE TABLE `T` (`A` INT NOT NULL, `F` OBJECT TEMPORARY, `G` INT TEMPORARY, "
           "`H` LONG NOT NULL TEMPORARY, `I` CHAR(10) NOT NULL TEMPORARY, `J` CHAR TEMPORARY "
           "PRIMARY KEY `A`)");
    ok(!prepare(&f, "SELECT * FROM `T`", &q), "number %u\n", f.err.number);
    for (u32 i = 0; i < ARRAY_LEN(types); i++) {
        struct sql_column c;
        sql_column(q, i, &c);
        ok(u16_equal(c.type, types[i]), "column %u\n", i);
    }
    sql_free(q);
    drop_database(&f);
}

static void a_query_runs_again_and_from_the_start(void)
{
    struct fixture f = table_t();
    struct sql_query *q;
    ok(!prepare(&f, "SELECT `A` FROM `T` WHERE `A` > ?", &q), "number %u\n", f.err.number);
    ok(sql_fetch(q, &f.err) == ERROR_FUNCTION_FAILED && f.err.number == 2209, "fetch before\n");
    for (i32 i = 0; i < 3; i++) {
        struct value v = int_value(i);
        ok(!sql_execute(q, &v, 1, &f.err), "execute\n");
        struct sql_cell c;
        ok(!sql_fetch(q, &f.err), "fetch\n");
        sql_cell(q, 0, &c);
        ok(c.i == i + 1, "got %d\n", c.i);
    }
    sql_reset(q);
    ok(!sql_executed(q) && sql_fetch(q, &f.err) == ERROR_FUNCTION_FAILED, "fetch after reset\n");
    sql_free(q);
    drop_database(&f);
}

static void rows_may_go_while_a_view_is_open(void)
{
    static const char *const queries[] = {"SELECT `A` FROM `T`", "SELECT `A` FROM `T` ORDER BY `A`",
                                          "SELECT `A` FROM `T` WHERE `A` > -9",
                                          "SELECT DISTINCT `A` FROM `T`"};
    for (u32 i = 0; i < ARRAY_LEN(queries); i++) {
        struct fixture f = table_t();
        struct sql_query *q;
        struct sql_cell c;
        ok(!prepare(&f, queries[i], &q) && !sql_execute(q, NULL, 0, &f.err), "execute\n");
        ok(!sql_fetch(q, &f.err), "fetch\n");
        DO(&f, "DELETE FROM `T` WHERE `A` < 3");
        sql_cell(q, 0, &c);
        ok(c.kind == VALUE_NULL, "%s: a deleted row has %d\n", queries[i], c.kind);
        char *rest = fetch_all(&f, q);
        ok(!strcmp(rest, "3 5"), "%s: got %s\n", queries[i], rest);
        free(rest);
        sql_free(q);
        drop_database(&f);
    }
}

static void rows_may_come_while_a_view_is_open(void)
{
    struct fixture f = table_t();
    struct sql_query *q;
    ok(!prepare(&f, "SELECT `A` FROM `T`", &q) && !sql_execute(q, NULL, 0, &f.err), "execute\n");
    ok(!sql_fetch(q, &f.err) && !sql_fetch(q, &f.err), "fetch\n");
    DO(&f, "INSERT INTO `T` (`A`) VALUES (4)");
    DO(&f, "INSERT INTO `T` (`A`) VALUES (0)");
    char *rest = fetch_all(&f, q);
    ok(!strcmp(rest, "2 3 4 5"), "got %s\n", rest);
    free(rest);
    sql_free(q);
    drop_database(&f);
}

static void a_table_may_go_while_a_view_is_open(void)
{
    struct fixture f = tables_pqr();
    struct sql_query *q, *insert, *join;
    ok(!prepare(&f, "SELECT * FROM `P`", &q), "prepare\n");
    ok(!prepare(&f, "INSERT INTO `P` (`K`) VALUES (7)", &insert), "prepare\n");
    ok(!prepare(&f, "SELECT * FROM `Q`,`P` WHERE `K` = `PK`", &join), "prepare\n");
    ok(!sql_execute(q, NULL, 0, &f.err) && !sql_fetch(q, &f.err), "fetch\n");
    ok(!sql_execute(join, NULL, 0, &f.err) && !sql_fetch(join, &f.err), "fetch\n");
    DO(&f, "DROP TABLE `P`");
    char *rest = fetch_all(&f, q);
    ok(!strcmp(rest, ""), "got %s\n", rest);
    free(rest);
    rest = fetch_all(&f, join);
    free(rest);
    ok(sql_execute(insert, NULL, 0, &f.err) == ERROR_FUNCTION_FAILED, "insert\n");
    ok(sql_execute(q, NULL, 0, &f.err) == ERROR_FUNCTION_FAILED, "execute\n");
    ok(f.err.number == 2205, "error %u\n", f.err.number);
    sql_free(q);
    sql_free(insert);
    sql_free(join);
    drop_database(&f);
}

static void columns_may_come_between_prepare_and_execute(void)
{
    struct fixture f = table_t();
    struct sql_query *insert, *all;
    ok(!prepare(&f, "INSERT INTO `T` (`A`,`B`) VALUES (9, 'nine')", &insert), "prepare\n");
    ok(!prepare(&f, "SELECT * FROM `T` WHERE `A` = 9", &all), "prepare\n");
    DO(&f, "ALTER TABLE `T` ADD `F` CHAR(20)");
    ok(!sql_execute(insert, NULL, 0, &f.err), "number %u\n", f.err.number);
    ok(!sql_execute(all, NULL, 0, &f.err), "number %u\n", f.err.number);
    char *rows = fetch_all(&f, all);
    ok(!strcmp(rows, "9|nine|-|-|-|-"), "got %s\n", rows);
    free(rows);
    sql_free(insert);
    sql_free(all);
    drop_database(&f);
}

/* Three tables of 300 rows are 27 million: in their order they come one by one, sorted they would
 * all be held. */
static void rows_of_a_join_are_bounded(void)
{
    struct fixture f = new_database();
    char text[80];

    for (int t = 0; t < 3; t++) {
        snprintf(text, sizeof(text), "CREATE TABLE `%c` (`%c%c` INT NOT NULL PRIMARY KEY `%c%c`)",
                 'A' + t, 'K', 'A' + t, 'K', 'A' + t);
        DO(&f, text);
        for (int i = 0; i < 300; i++) {
            snprintf(text, sizeof(text), "INSERT INTO `%c` (`K%c`) VALUES (%d)", 'A' + t, 'A' + t,
                     i);
            DO(&f, text);
        }
    }
    check_fails(__LINE__, &f, "SELECT * FROM `A`, `B`, `C` ORDER BY `KA`", ERROR_OUTOFMEMORY, 2202,
                NULL, 0);
    ROWS(&f, "SELECT DISTINCT `KA` FROM `A`, `B`, `C` WHERE `KA` < 2 AND `KB` = `KA`", "0 1");
    drop_database(&f);
}

START_TEST(msi_sql_query)
{
    RUN(rows_come_in_the_order_of_the_key);
    RUN(comparisons_of_integers);
    RUN(comparisons_of_text);
    RUN(null_is_below_all_other_values);
    RUN(and_or_and_parentheses);
    RUN(parameters_stand_for_values);
    RUN(order_by_groups_text_and_sorts_integers);
    RUN(distinct_keeps_the_first);
    RUN(a_join_walks_the_last_table_outermost);
    RUN(a_join_may_start_anywhere_and_keeps_its_order);
    RUN(null_joins_with_null);
    RUN(joins_sort_and_drop_repeated);
    RUN(a_key_of_several_columns_is_found);
    RUN(insert_keeps_the_rules_of_the_table);
    RUN(insert_takes_parameters_anywhere);
    RUN(update_changes_what_where_finds);
    RUN(update_leaves_keys_that_no_row_changes);
    RUN(update_and_delete_take_parameters);
    RUN(update_over_a_join_changes_each_row);
    RUN(delete_removes_rows);
    RUN(temporary_rows_are_rows);
    RUN(streams_come_and_go_with_rows);
    RUN(names_must_be_known_and_clear);
    RUN(a_number_never_equals_a_text);
    RUN(constants_are_selected);
    RUN(columns_are_described);
    RUN(temporary_columns_are_described);
    RUN(a_query_runs_again_and_from_the_start);
    RUN(rows_may_go_while_a_view_is_open);
    RUN(rows_may_come_while_a_view_is_open);
    RUN(a_table_may_go_while_a_view_is_open);
    RUN(columns_may_come_between_prepare_and_execute);
    RUN(rows_of_a_join_are_bounded);
}
