/*
 * Queries that change the schema: what they make, and what is refused.
 */
#include "sql_fixture.h"

static void only_what_is_saved_counts_as_writing(void)
{
    static const struct {
        const char *text;
        bool writes;
    } cases[] = {
        {"SELECT * FROM `T`", false},
        {"ALTER TABLE `T` HOLD", false},
        {"ALTER TABLE `T` FREE", false},
        {"INSERT INTO `T` (`A`) VALUES (9)", true},
        {"INSERT INTO `T` (`A`) VALUES (9) TEMPORARY", false},
        {"INSERT INTO `U` (`A`) VALUES (9)", false},
        {"UPDATE `T` SET `B` = 'x'", true},
        {"UPDATE `U` SET `B` = 'x'", false},
        {"UPDATE `U`,`T` SET `U`.`B` = 'x'", true},
        {"DELETE FROM `T`", true},
        {"DELETE FROM `U`", false},
        {"CREATE TABLE `V` (`A` INT, `B` INT TEMPORARY PRIMARY KEY `A`)", true},
        {"CREATE TABLE `V` (`A` INT TEMPORARY PRIMARY KEY `A`)", false},
        {"ALTER TABLE `T` ADD `X` INT", true},
        {"ALTER TABLE `T` ADD `X` INT TEMPORARY", false},
        {"DROP TABLE `T`", true},
        {"DROP TABLE `U`", false},
    };
    struct fixture f = table_t();
    DO(&f, "CREATE TABLE `U` (`A` INT TEMPORARY, `B` CHAR TEMPORARY PRIMARY KEY `A`) HOLD");
    for (u32 i = 0; i < ARRAY_LEN(cases); i++) {
        struct sql_query *q;
        u32 code = prepare(&f, cases[i].text, &q);
        ok(!code, "%s: %u\n", cases[i].text, code);
        ok(code || sql_writes(q) == cases[i].writes, "%s\n", cases[i].text);
        sql_free(q);
    }
    drop_database(&f);
}

static void create_puts_the_key_first(void)
{
    struct fixture f = new_database();
    DO(&f, "CREATE TABLE `T` (`A` INT, `B` INT, `C` INT PRIMARY KEY `C`, `B`)");
    DO(&f, "INSERT INTO `T` (`A`,`B`,`C`) VALUES (1, 2, 3)");
    ROWS(&f, "SELECT * FROM `T`", "3|2|1");
    drop_database(&f);
}

static void create_refuses_what_makes_no_table(void)
{
    struct fixture f = table_t();
    BAD(&f, "CREATE TABLE `V` (`A` INT, `A` INT PRIMARY KEY `A`)", 2242);
    BAD(&f, "CREATE TABLE `V` (`A` INT PRIMARY KEY `B`)", 2235);
    BAD(&f, "CREATE TABLE `V` (`A` INT PRIMARY KEY `A`, `A`)", 2242);
    BAD(&f, "CREATE TABLE `V` (`A` INT, `B` OBJECT, `C` OBJECT PRIMARY KEY `A`)", 2244);
    BAD(&f, "CREATE TABLE `V` (`A` OBJECT PRIMARY KEY `A`)", 2244);
    BAD(&f, "CREATE TABLE `` (`A` INT PRIMARY KEY `A`)", 2227);
    check_bad(__LINE__, &f, "CREATE TABLE `V` (`A` INT TEMPORARY, `B` INT PRIMARY KEY `A`)",
              ERROR_FUNCTION_FAILED, 2211);
    check_fails(__LINE__, &f, "CREATE TABLE `T` (`A` INT PRIMARY KEY `A`)", ERROR_BAD_QUERY_SYNTAX,
                2204, NULL, 0);
    check_fails(__LINE__, &f, "CREATE TABLE `_Tables` (`A` INT PRIMARY KEY `A`)",
                ERROR_BAD_QUERY_SYNTAX, 2204, NULL, 0);
    drop_database(&f);
}

static void a_table_has_at_most_32_columns(void)
{
    struct fixture f = new_database();
    char text[1024] = "CREATE TABLE `T` (`C1` INT";
    for (int i = 2; i <= 32; i++)
        sprintf(text + strlen(text), ", `C%d` INT", i);
    size_t n = strlen(text);
    strcpy(text + n, " PRIMARY KEY `C1`)");
    DO(&f, text);
    strcpy(text + n, ", `C33` INT PRIMARY KEY `C1`)");
    text[14] = 'U';
    check_fails(__LINE__, &f, text, ERROR_BAD_QUERY_SYNTAX, 2211, NULL, 0);
    check_fails(__LINE__, &f, "ALTER TABLE `T` ADD `X` INT", ERROR_BAD_QUERY_SYNTAX, 2280, NULL, 0);
    drop_database(&f);
}

static void drop_removes_the_table(void)
{
    struct fixture f = table_t();
    DO(&f, "DROP TABLE `T`");
    BAD(&f, "SELECT * FROM `T`", 2228);
    ROWS(&f, "SELECT * FROM `_Tables`", "");
    ROWS(&f, "SELECT * FROM `_Columns`", "");
    FAILS(&f, "DROP TABLE `_Tables`", 2206);
    DO(&f, "CREATE TABLE `T` (`A` INT PRIMARY KEY `A`)");
    ROWS(&f, "SELECT * FROM `_Tables`", "T");
    drop_database(&f);
}

static void alter_adds_columns(void)
{
    struct fixture f = table_t();
    DO(&f, "ALTER TABLE `T` ADD `F` CHAR(20)");
    ROWS(&f, "SELECT * FROM `T` WHERE `A` = 1", "1|one|10|x|1|-");
    DO(&f, "UPDATE `T` SET `F` = 'f' WHERE `A` = 1");
    ROWS(&f, "SELECT `F` FROM `T` WHERE `A` = 1", "f");
    check_fails(__LINE__, &f, "ALTER TABLE `T` ADD `F` INT", ERROR_BAD_QUERY_SYNTAX, 2280, NULL, 0);
    DO(&f, "ALTER TABLE `T` ADD `X` INT TEMPORARY HOLD");
    check_fails(__LINE__, &f, "ALTER TABLE `T` ADD `G` INT HOLD", ERROR_BAD_QUERY_SYNTAX, 2280,
                NULL, 0); /* persistent ones come first */
    drop_database(&f);
}

static void a_temporary_column_that_nobody_holds_is_gone(void)
{
    struct fixture f = table_t();
    DO(&f, "ALTER TABLE `T` ADD `X` INT TEMPORARY");
    BAD(&f, "SELECT `X` FROM `T`", 2235);
    DO(&f, "ALTER TABLE `T` HOLD");
    DO(&f, "ALTER TABLE `T` ADD `X` INT TEMPORARY");
    ROWS(&f, "SELECT `X` FROM `T` WHERE `A` = 1", "-");
    ROWS(&f, "SELECT `Name` FROM `_Columns` WHERE `Number` > 4", "E");
    DO(&f, "ALTER TABLE `_Streams` HOLD");
    DO(&f, "ALTER TABLE `_Streams` FREE");
    drop_database(&f);
}

static void free_takes_temporary_columns_with_the_last_hold(void)
{
    struct fixture f = table_t();
    DO(&f, "ALTER TABLE `T` ADD `X` INT TEMPORARY HOLD");
    DO(&f, "ALTER TABLE `T` HOLD");
    DO(&f, "ALTER TABLE `T` FREE");
    ROWS(&f, "SELECT `X` FROM `T` WHERE `A` = 1", "-");
    DO(&f, "ALTER TABLE `T` FREE");
    BAD(&f, "SELECT `X` FROM `T`", 2235);
    DO(&f, "CREATE TABLE `U` (`A` INT TEMPORARY PRIMARY KEY `A`) HOLD");
    ROWS(&f, "SELECT * FROM `U`", "");
    DO(&f, "ALTER TABLE `U` FREE");
    BAD(&f, "SELECT * FROM `U`", 2228);
    drop_database(&f);
}

static void the_schema_is_in_tables(void)
{
    struct fixture f = table_t();
    DO(&f, "CREATE TABLE `U` (`A` CHAR(5) NOT NULL, `B` OBJECT PRIMARY KEY `A`)");
    ROWS(&f, "SELECT `Name` FROM `_Tables`", "T U");
    ROWS(&f, "SELECT `Number`,`Name`,`Type` FROM `_Columns` WHERE `Table` = 'U'",
         "1|A|11525 2|B|6400");
    ROWS(&f, "SELECT `Name` FROM `_Tables` WHERE `Name` = 'U'", "U");
    ROWS(&f, "SELECT `T`.`A` FROM `T`,`_Tables` WHERE `T`.`A` = 1 AND `_Tables`.`Name` = 'U'", "1");
    drop_database(&f);
}

/* --- views over a changing table
 * ------------------------------------------------------------------- */

START_TEST(msi_sql_schema)
{
    RUN(only_what_is_saved_counts_as_writing);
    RUN(create_puts_the_key_first);
    RUN(create_refuses_what_makes_no_table);
    RUN(a_table_has_at_most_32_columns);
    RUN(drop_removes_the_table);
    RUN(alter_adds_columns);
    RUN(a_temporary_column_that_nobody_holds_is_gone);
    RUN(free_takes_temporary_columns_with_the_last_hold);
    RUN(the_schema_is_in_tables);
}
