/*
 * The words, the tree and the text of queries. No database takes part.
 */
#include "os.h"
#include "sql_lex.h"
#include "sql_parse.h"
#include "sql_print.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------ */

struct parsed {
    struct sql_arena arena;
    struct sql_error err;
    struct ast_query *query;
    char16_t *text;
    u32 code;
};

static struct parsed parse(const char *text)
{
    struct parsed p = {.text = u16_dup_utf8(text)};
    sql_arena_init(&p.arena, NULL, 0);
    p.code = sql_parse(&p.arena, p.text, u16_len(p.text), &p.query, &p.err);
    return p;
}

static void drop(struct parsed *p)
{
    sql_arena_free(&p->arena);
    os_free(p->text);
}

static char *printed(const struct ast_query *q)
{
    static char out[2048];
    char16_t wide[2048];
    size_t n = sql_print(q, wide, ARRAY_LEN(wide));
    n = u16_to_utf8(out, sizeof(out) - 1, wide, n, true);
    out[n] = 0;
    return out;
}

/* The query is taken, and its tree prints as `as`. */
static void check_prints(int line, const char *text, const char *as)
{
    struct parsed p = parse(text);
    ok(!p.code, "line %d: %s: code %u, number %u\n", line, text, p.code, p.err.number);
    if (!p.code)
        ok(!strcmp(printed(p.query), as), "line %d: %s\n", line, printed(p.query));
    drop(&p);
}
#define PRINTS(text, as) check_prints(__LINE__, text, as)
#define SAME(text)       check_prints(__LINE__, text, text)

/* The query is refused with that number at that character. */
static void check_fails(int line, const char *text, u32 number, const char *at)
{
    struct parsed p = parse(text);
    /* `at` is how the rest of the query starts; the last such place counts. */
    size_t place = strlen(text);
    while (at && strncmp(text + place, at, strlen(at)))
        place--;
    ok(p.code == ERROR_BAD_QUERY_SYNTAX, "line %d: %s: code %u\n", line, text, p.code);
    ok(p.err.number == number, "line %d: %s: number %u\n", line, text, p.err.number);
    ok(p.err.position == place, "line %d: %s: position %u\n", line, text, (u32)p.err.position);
    drop(&p);
}
#define FAILS(text, number, at) check_fails(__LINE__, text, number, at)

static enum sql_token_kind only_token(const char *text, struct sql_token *t)
{
    static char16_t buf[64];
    struct sql_lexer l;
    size_t n = u16_from_utf8(buf, ARRAY_LEN(buf), text, strlen(text), true);
    struct sql_token end;
    sql_lex_start(&l, buf, (u32)n);
    sql_lex_next(&l, t);
    sql_lex_next(&l, &end);
    return end.kind == TOK_END ? t->kind : TOK_BAD;
}

/* --- words --------------------------------------------------------------------------------- */

static void every_keyword_is_known_in_any_case(void)
{
    static const char *const words[] = {
        "ADD",       "ALTER",  "AND",    "BY",          "CHAR",   "CHARACTER", "CREATE", "DELETE",
        "DISTINCT",  "DROP",   "FREE",   "FROM",        "HOLD",   "INSERT",    "INT",    "INTEGER",
        "INTO",      "IS",     "KEY",    "LOCALIZABLE", "LONG",   "LONGCHAR",  "NOT",    "NULL",
        "OBJECT",    "OR",     "ORDER",  "PRIMARY",     "SELECT", "SET",       "SHORT",  "TABLE",
        "TEMPORARY", "UPDATE", "VALUES", "WHERE"};
    ok(ARRAY_LEN(words) == KW_AFTER_LAST - KW_ADD, "%u words\n", (u32)ARRAY_LEN(words));
    for (u32 i = 0; i < ARRAY_LEN(words); i++) {
        struct sql_token t;
        char lower[16];
        u32 n = 0;
        for (; words[i][n]; n++)
            lower[n] = (char)(words[i][n] | 0x20);
        lower[n] = 0;
        ok(only_token(words[i], &t) == KW_ADD + i, "%s is %d\n", words[i], t.kind);
        ok(only_token(lower, &t) == KW_ADD + i, "%s is %d\n", lower, t.kind);
    }
}

static void words_near_keywords_are_names(void)
{
    static const char *const words[] = {"SELECTS",           "SELEC", "A",  "_from",   "int4",
                                        "\xc3\xa9t\xc3\xa9", "zz",    "S",  "ID",      "Ordered",
                                        "LOCALIZABLES",      "a-b",   "A-", "SELECT-1"};
    for (u32 i = 0; i < ARRAY_LEN(words); i++) {
        struct sql_token t;
        ok(only_token(words[i], &t) == TOK_NAME, "%s is %d\n", words[i], t.kind);
    }
}

static void quotes_hold_anything_but_themselves(void)
{
    struct sql_token t;
    ok(only_token("`a b'\"c`", &t) == TOK_NAME && t.len == 6, "%u\n", t.len);
    ok(only_token("'a `b` \"c\"\n'", &t) == TOK_STRING && t.len == 10, "%u\n", t.len);
    ok(only_token("''", &t) == TOK_STRING && !t.len, "%u\n", t.len);
    ok(only_token("'open", &t) == TOK_BAD, "%d\n", t.kind);
    ok(only_token("`open", &t) == TOK_BAD, "%d\n", t.kind);
    ok(only_token("\"x\"", &t) == TOK_BAD, "%d\n", t.kind);
}

static void a_number_is_at_most_two_to_the_31(void)
{
    struct sql_token t;
    ok(only_token("2147483648", &t) == TOK_NUMBER && t.value == 0x80000000u, "%u\n", t.value);
    ok(only_token("2147483649", &t) == TOK_BAD, "%d\n", t.kind);
    ok(only_token("99999999999999999999999999", &t) == TOK_BAD, "%d\n", t.kind);
}

static void comparison_signs(void)
{
    struct sql_token t;
    ok(only_token("<>", &t) == TOK_NE, "%d\n", t.kind);
    ok(only_token("!=", &t) == TOK_NE, "%d\n", t.kind);
    ok(only_token("<=", &t) == TOK_LE, "%d\n", t.kind);
    ok(only_token(">=", &t) == TOK_GE, "%d\n", t.kind);
    ok(only_token("<", &t) == TOK_LT, "%d\n", t.kind);
    ok(only_token("!", &t) == TOK_BAD, "%d\n", t.kind);
    ok(only_token("<=>", &t) == TOK_BAD, "%d\n", t.kind);
    ok(only_token("=>", &t) == TOK_BAD, "%d\n", t.kind);
}

/* --- statements ------------------------------------------------------------------------------ */

static void select_takes_what_is_documented(void)
{
    SAME("SELECT * FROM `T`");
    SAME("SELECT DISTINCT `A`, `B` FROM `T`");
    SAME("SELECT `T`.`A`, `U`.`B` FROM `T`, `U` WHERE `T`.`A` = `U`.`A` ORDER BY `T`.`A`, `B`");
    PRINTS("select a,T.b from T where a=1", "SELECT `a`, `T`.`b` FROM `T` WHERE `a` = 1");
    PRINTS("SELECT`A`FROM`T`WHERE`A`=1AND`B`='x'",
           "SELECT `A` FROM `T` WHERE `A` = 1 AND `B` = 'x'");
    PRINTS("\t SELECT\f\n`A`\n, '' FROM `T`  ", "SELECT `A`, '' FROM `T`");
    SAME("SELECT *, `A`, * FROM `T`");
    PRINTS("SELECT `T`.A`, T`.`B` FROM T` WHERE A`=1",
           "SELECT `T`.`A`, `T`.`B` FROM `T` WHERE `A` = 1");
    PRINTS("SELECT \005A, -b-, c\005 FROM -T WHERE -b- = -1",
           "SELECT `\005A`, `-b-`, `c\005` FROM `-T` WHERE `-b-` = -1");
    SAME("SELECT `A`, * FROM `T`");
    SAME("SELECT `from` FROM `select`");
}

static void where_takes_every_comparison(void)
{
    SAME("SELECT * FROM `T` WHERE `A` = 1");
    PRINTS("SELECT * FROM `T` WHERE `A` != - 1", "SELECT * FROM `T` WHERE `A` <> -1");
    SAME("SELECT * FROM `T` WHERE `A` < ? AND `A` > -2147483648");
    SAME("SELECT * FROM `T` WHERE `A` <= `B` OR `A` >= 5");
    SAME("SELECT * FROM `T` WHERE `A` IS NULL AND `B` IS NOT NULL");
    SAME("SELECT * FROM `T` WHERE `A` = NULL");
    SAME("SELECT * FROM `T` WHERE `A` = 1 AND `B` = 'x' AND `C` = ?");
}

static void and_binds_tighter_than_or(void)
{
    struct parsed p = parse("SELECT * FROM `T` WHERE `A`=1 OR `B`=2 AND `C`=3");
    ok(!p.code && p.query->where->kind == AST_OR, "code %u\n", p.code);
    ok(p.query->where->right->kind == AST_AND, "kind %d\n", p.query->where->right->kind);
    ok(p.query->comparisons == 3, "%u\n", p.query->comparisons);
    drop(&p);
    SAME("SELECT * FROM `T` WHERE (`A` = 1 OR `B` = 2) AND `C` = 3");
    SAME("SELECT * FROM `T` WHERE `A` = 1 AND (`B` = 2 AND `C` = 3)");
    PRINTS("SELECT * FROM `T` WHERE ((`A` = 1) AND (`B` = 2)) OR ((`C` = 3))",
           "SELECT * FROM `T` WHERE `A` = 1 AND `B` = 2 OR `C` = 3");
}

static void parameters_are_counted_in_order(void)
{
    struct parsed p = parse("UPDATE `T` SET `A`=?, `B`=? WHERE `C`=? OR `D`=?");
    ok(!p.code && p.query->params == 4, "code %u\n", p.code);
    ok(p.query->sets->next->value.param == 1, "%u\n", p.query->sets->next->value.param);
    ok(p.query->where->right->b.param == 3, "%u\n", p.query->where->right->b.param);
    drop(&p);
}

static void insert_update_and_delete(void)
{
    SAME("INSERT INTO `T` (`A`, `T`.`B`, `C`) VALUES (1, 'x', ?)");
    SAME("INSERT INTO `T` (`A`, `B`) VALUES (NULL, '') TEMPORARY");
    SAME("UPDATE `T` SET `T`.`A` = 'x', `B` = NULL");
    SAME("UPDATE `T`, `U` SET `T`.`A` = 'x' WHERE `T`.`K` = `U`.`K`");
    SAME("DELETE FROM `T`");
    SAME("DELETE FROM `T` WHERE `T`.`A` = 'RED'");
}

static void create_takes_every_type(void)
{
    SAME("CREATE TABLE `T` (`A` CHAR(72) NOT NULL, `B` SHORT, `C` LONG NOT NULL TEMPORARY, "
         "`D` LONGCHAR LOCALIZABLE, `E` OBJECT PRIMARY KEY `A`)");
    PRINTS("create table T (A character, B int, C integer not null, D char(0) temporary "
           "localizable primary key A, B) hold",
           "CREATE TABLE `T` (`A` CHAR, `B` SHORT, `C` SHORT NOT NULL, `D` CHAR TEMPORARY "
           "LOCALIZABLE PRIMARY KEY `A`, `B`) HOLD");
}

static void alter_and_drop(void)
{
    SAME("ALTER TABLE `T` ADD `A` CHAR(20) NOT NULL TEMPORARY LOCALIZABLE HOLD");
    SAME("ALTER TABLE `T` ADD `A` LONG");
    SAME("ALTER TABLE `T` HOLD");
    SAME("ALTER TABLE `T` FREE");
    SAME("DROP TABLE `T`");
}

/* --- errors ---------------------------------------------------------------------------------- */

static void a_query_needs_a_statement(void)
{
    FAILS("", 2237, NULL);
    FAILS("  ", 2237, NULL);
    FAILS("EXPLAIN x", 2237, "EXPLAIN");
    FAILS("`SELECT` * FROM T", 2237, "`SELECT`");
}

static void select_needs_its_parts(void)
{
    FAILS("SELECT", 2233, NULL);
    FAILS("SELECT FROM `T`", 2233, "FROM");
    FAILS("SELECT `A`", 2238, NULL);
    FAILS("SELECT `A`, FROM `T`", 2227, "FROM");
    FAILS("SELECT `A` FROM", 2232, NULL);
    FAILS("SELECT `A` `B` FROM `T`", 2232, "`B`");
    FAILS("SELECT *, FROM `T`", 2227, "FROM");
    FAILS("SELECT `A`\r FROM `T`", 2232, "\r FROM `T`");
    FAILS("SELECT `A` FROM `T`\r\n", 2232, "\r\n");
    FAILS("SELECT\v`A` FROM `T`", 2232, "\v`A` FROM `T`");
    FAILS("SELECT `T.`A` FROM `T`", 2232, "A`");
    FAILS("SELECT `T`.`A FROM `T`", 2232, "T`");
    FAILS("SELECT `A` AS X FROM `T`", 2232, "AS");
    FAILS("SELECT `A` FROM `T` X", 2232, "X");
    FAILS("SELECT `A` FROM `T`;", 2232, ";");
    FAILS("SELECT `A` FROM `T` ORDER `A`", 2232, "`A`");
    FAILS("SELECT `A` FROM `T` ORDER BY", 2234, NULL);
    FAILS("SELECT `A` FROM `T` ORDER BY 1", 2232, "1");
    FAILS("SELECT `A` FROM `T` ORDER BY `A` DESC", 2232, "DESC");
    FAILS("SELECT `T`.* FROM `T`", 2232, "*");
    FAILS("SELECT `A FROM T", 2232, "`");
    FAILS("SELECT \"A\" FROM T", 2232, "\"A");
    FAILS("SELECT `A` FROM 'T'", 2227, "'T'");
}

static void where_needs_whole_conditions(void)
{
    FAILS("SELECT * FROM `T` WHERE", 2232, NULL);
    FAILS("SELECT * FROM `T` WHERE `A`", 2232, NULL);
    FAILS("SELECT * FROM `T` WHERE `A` LIKE 1", 2236, "LIKE");
    FAILS("SELECT * FROM `T` WHERE `A` == 1", 2232, "= 1");
    FAILS("SELECT * FROM `T` WHERE `A` = 1 AND", 2232, NULL);
    FAILS("SELECT * FROM `T` WHERE NOT `A` = 1", 2227, "NOT");
    FAILS("SELECT * FROM `T` WHERE (`A` = 1", 2231, NULL);
    FAILS("SELECT * FROM `T` WHERE `A` = 1)", 2232, ")");
    FAILS("SELECT * FROM `T` WHERE 1 = 1", 2232, "1 = 1");
    FAILS("SELECT * FROM `T` WHERE ? = `A`", 2232, "? = `A`");
    FAILS("SELECT * FROM `T` WHERE `A` = 'it''s'", 2232, "'s'");
    FAILS("SELECT * FROM `T` WHERE `A` = +4", 2232, "+");
    FAILS("SELECT * FROM `T` WHERE `A` = 2147483648", 2232, "2147483648");
    FAILS("SELECT * FROM `T` WHERE `A` = 1a", 2232, "a");
    FAILS("SELECT * FROM `T` WHERE `A` IS 5", 2232, "5");
}

static void insert_and_update_need_pairs(void)
{
    FAILS("INSERT INTO `T` VALUES (1)", 2241, "VALUES");
    FAILS("INSERT INTO `T` () VALUES (1)", 2241, ") V");
    FAILS("INSERT INTO `T` (*) VALUES (1)", 2232, "*");
    FAILS("INSERT INTO `T` (`A`, `B`) VALUES (1)", 2239, ")");
}

static void values_that_are_too_many_or_too_few(void)
{
    FAILS("INSERT INTO `T` (`A`) VALUES (1, 2)", 2231, ", 2");
    FAILS("INSERT INTO `T` (`A`) VALUES ()", 2239, ")");
    FAILS("UPDATE `T` SET", 2240, NULL);
    FAILS("UPDATE `T` SET WHERE `A`=1", 2240, "WHERE");
    FAILS("UPDATE `T` SET `A` = `B`", 2232, "`B`");
    FAILS("DELETE `T`", 2232, "`T`");
    FAILS("DELETE FROM `T`, `U`", 2232, ",");
}

static void create_needs_types_and_a_key(void)
{
    FAILS("CREATE TABLE `T` (`A` INT)", 2243, ")");
    FAILS("CREATE TABLE `T` (`A` VARCHAR(5) PRIMARY KEY `A`)", 2244, "VARCHAR");
    FAILS("CREATE TABLE `T` (`A` CHAR(256) PRIMARY KEY `A`)", 2244, "256");
    FAILS("CREATE TABLE `T` (`A` INT(5) PRIMARY KEY `A`)", 2232, "(5");
    FAILS("CREATE TABLE `T` (`A` INT, PRIMARY KEY `A`)", 2227, "PRIMARY");
    FAILS("CREATE TABLE `T` (`A` INT PRIMARY KEY (`A`))", 2232, "(`A`))");
    FAILS("CREATE TABLE `T` (`A` INT PRIMARY KEY `A` HOLD)", 2231, "HOLD");
    FAILS("ALTER TABLE `T` ADD COLUMN `A` INT", 2244, "`A`");
    FAILS("ALTER TABLE `T` DROP `A`", 2232, "DROP");
    FAILS("DROP `T`", 2232, "`T`");
}

static void at_most_32_comparisons(void)
{
    char text[1024] = "SELECT * FROM `T` WHERE `A`=1";
    for (u32 i = 1; i < 32; i++)
        strcat(text, " OR `A`=1");
    struct parsed p = parse(text);
    ok(!p.code, "code %u\n", p.code);
    drop(&p);
    strcat(text, " OR `Z`=1");
    FAILS(text, 2278, "`Z`");
}

static void parentheses_have_a_limit(void)
{
    char text[512] = "SELECT * FROM `T` WHERE ";
    for (u32 i = 0; i < SQL_MAX_DEPTH; i++)
        strcat(text, "(");
    size_t open = strlen(text);
    strcat(text, "`A`=1");
    memset(text + strlen(text), ')', SQL_MAX_DEPTH);
    struct parsed p = parse(text);
    ok(!p.code, "code %u\n", p.code);
    drop(&p);
    memmove(text + open + 1, text + open, strlen(text + open));
    text[open] = '(';
    p = parse(text);
    ok(p.code == ERROR_BAD_QUERY_SYNTAX && p.err.position == open, "code %u\n", p.code);
    drop(&p);
}

static void long_lists_and_long_texts_end(void)
{
    char *text = malloc(70000);
    strcpy(text, "SELECT `A`");
    for (u32 i = 1; i < SQL_MAX_LIST; i++)
        strcat(text, ",`A`");
    size_t n = strlen(text);
    strcpy(text + n, " FROM `T`");
    struct parsed p = parse(text);
    ok(!p.code, "code %u\n", p.code);
    drop(&p);
    strcpy(text + n, ",`A` FROM `T`");
    p = parse(text);
    ok(p.code == ERROR_BAD_QUERY_SYNTAX, "code %u\n", p.code);
    drop(&p);
    free(text);

    struct sql_arena arena;
    struct sql_error err;
    struct ast_query *q;
    sql_arena_init(&arena, NULL, 0);
    u32 code = sql_parse(&arena, u"", SQL_MAX_LENGTH + 1u, &q, &err);
    ok(code == ERROR_BAD_QUERY_SYNTAX && err.number == 2237, "code %u\n", code);
    sql_arena_free(&arena);
}

static void every_failed_allocation_is_an_error(void)
{
    const char *text = "SELECT `A`,`B` FROM `T`,`U` WHERE `A`=1 AND (`B`='x' OR `C` IS NULL) "
                       "ORDER BY `A`";
    char16_t *wide = u16_dup_utf8(text);
    bool failed = false;
    for (u32 n = 1; n < 50; n++) {
        struct sql_arena arena;
        struct sql_error err;
        struct ast_query *q = NULL;
        sql_arena_init(&arena, NULL, 0);
        os_fault(OS_FAULT_ALLOC, n, false);
        u32 code = sql_parse(&arena, wide, u16_len(wide), &q, &err);
        os_fault(OS_FAULT_ALLOC, 0, false);
        sql_arena_free(&arena);
        if (!code)
            break;
        failed = true;
        ok(code == ERROR_OUTOFMEMORY && err.number == 2202, "%u: code %u\n", n, code);
    }
    ok(failed, "no allocation failed\n");
    os_free(wide);
}

START_TEST(msi_sql_parse)
{
    RUN(every_keyword_is_known_in_any_case);
    RUN(words_near_keywords_are_names);
    RUN(quotes_hold_anything_but_themselves);
    RUN(a_number_is_at_most_two_to_the_31);
    RUN(comparison_signs);
    RUN(select_takes_what_is_documented);
    RUN(where_takes_every_comparison);
    RUN(and_binds_tighter_than_or);
    RUN(parameters_are_counted_in_order);
    RUN(insert_update_and_delete);
    RUN(create_takes_every_type);
    RUN(alter_and_drop);
    RUN(a_query_needs_a_statement);
    RUN(select_needs_its_parts);
    RUN(where_needs_whole_conditions);
    RUN(insert_and_update_need_pairs);
    RUN(values_that_are_too_many_or_too_few);
    RUN(create_needs_types_and_a_key);
    RUN(at_most_32_comparisons);
    RUN(parentheses_have_a_limit);
    RUN(long_lists_and_long_texts_end);
    RUN(every_failed_allocation_is_an_error);
}
