/*
 * Scripts of queries on a small database. The first byte of a line says what is done with it:
 * anything is executed with some parameters, and what it selects is fetched, while one earlier
 * view stays open; '+' keeps this one open in its place. The tables must be sound afterwards.
 *
 * The mutator puts whole statements between the lines, and changes bytes otherwise.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "stg.h"
#include "utf16.h"

static const char *const setup[] = {
    "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72), `C` LONG PRIMARY KEY `A`)",
    "CREATE TABLE `U` (`K` CHAR(9) NOT NULL, `L` CHAR NOT NULL, `D` OBJECT PRIMARY KEY `K`,`L`)",
    "INSERT INTO `T` (`A`,`B`,`C`) VALUES (1, 'one', 2)",
    "INSERT INTO `T` (`A`,`B`,`C`) VALUES (2, 'two', 1)",
    "INSERT INTO `U` (`K`,`L`) VALUES ('one', 'two')",
    "INSERT INTO `U` (`K`,`L`) VALUES ('two', 'two')",
};

struct state {
    struct db_core *db;
    struct sql_query *open; /* a view that stays while others come */
};

static struct sql_query *prepare(struct state *s, const char *text, size_t len)
{
    char16_t wide[1024];
    struct sql_query *q;
    struct sql_error err;
    len = len < 1024 ? len : 1024;
    for (size_t i = 0; i < len; i++)
        wide[i] = (unsigned char)text[i];
    u32 code = sql_prepare(s->db, wide, len, &q, &err);
    if (code && (code != err.code || err.position > len))
        abort();
    return code ? NULL : q;
}

static void read_row(const struct sql_query *q)
{
    for (u32 i = 0; i < sql_columns(q); i++) {
        struct sql_cell cell;
        struct sql_column column;
        sql_column(q, i, &column);
        sql_cell(q, i, &cell);
    }
}

static void fetch(struct sql_query *q, u32 most)
{
    while (most-- && !sql_fetch(q, NULL))
        read_row(q);
}

static void modify(struct sql_query *q, unsigned char mode)
{
    struct value fields[] = {{.kind = VALUE_INT, .i = mode / 16},
                             {.kind = VALUE_TEXT, .text = u"two", .len = 3},
                             {.kind = VALUE_NULL}};
    struct sql_row row;
    sql_row(q, &row);
    sql_modify(q, (enum sql_modify_mode)(mode % 9 - 1), fields, 3, &row, NULL);
}

static void run_line(struct state *s, const char *line, size_t len)
{
    struct value params[8] = {{.kind = VALUE_INT, .i = 1},
                              {.kind = VALUE_TEXT, .text = u"two", .len = 3},
                              {.kind = VALUE_INT, .i = 3},
                              {.kind = VALUE_TEXT, .text = u"2", .len = 1}};
    bool keep = len && *line == '+';
    struct sql_query *q = prepare(s, line + keep, len - keep);
    if (!q)
        return;
    if (!sql_execute(q, params, 8, NULL) && sql_kind(q) == SQL_SELECT) {
        fetch(q, keep ? 1 : 300);
        modify(q, (unsigned char)line[len / 2]);
    }
    if (s->open)
        fetch(s->open, 2);
    if (keep) {
        sql_free(s->open);
        s->open = q;
    } else {
        sql_free(q);
    }
}

static void check(struct db_core *db)
{
    struct table *t;
    if (sp_check(db_core_strings(db)))
        abort();
    for (u32 at = 0; (t = db_core_next_table(db, &at));) {
        if (tbl_check(t))
            abort();
    }
}

/* --- whole statements to start from ----------------------------------------------------------- */

static const char *const statements[] = {
    "SELECT * FROM `T`",
    "+SELECT `A`, `B` FROM `T` WHERE `A` = ? ORDER BY `B`, `C`",
    "+SELECT `T`.`A`, `U`.`L` FROM `T`, `U` WHERE `T`.`B` = `U`.`K` AND `U`.`L` <> 'one'",
    "SELECT DISTINCT `L` FROM `U` WHERE `K` IS NOT NULL OR (`L` = 'two' AND `K` > 'a')",
    "SELECT 'text', 7, `C` FROM `T` WHERE `C` >= -2147483647 AND `C` <= 2",
    "INSERT INTO `T` (`A`, `B`, `C`) VALUES (?, ?, ?)",
    "INSERT INTO `T` (`A`, `B`) VALUES (7, 'seven') TEMPORARY",
    "INSERT INTO `U` (`K`, `L`, `D`) VALUES ('three', 'four', NULL)",
    "UPDATE `T` SET `B` = 'other', `C` = ? WHERE `A` < 3 AND `B` IS NULL",
    "UPDATE `T`, `U` SET `T`.`C` = 5 WHERE `T`.`B` = `U`.`K`",
    "DELETE FROM `T` WHERE `A` = 1",
    "DELETE FROM `U`",
    "CREATE TABLE `V` (`A` SHORT NOT NULL, `B` LONGCHAR LOCALIZABLE PRIMARY KEY `A`) HOLD",
    "CREATE TABLE `W` (`A` INT NOT NULL, `B` CHARACTER(9) NOT NULL TEMPORARY PRIMARY KEY `A`, `B`)",
    "ALTER TABLE `T` ADD `E` CHAR(20) LOCALIZABLE",
    "ALTER TABLE `T` ADD `F` INTEGER TEMPORARY HOLD",
    "ALTER TABLE `T` HOLD",
    "ALTER TABLE `T` FREE",
    "DROP TABLE `U`",
    "SELECT `Name` FROM `_Tables`",
    "SELECT `Table`, `Number`, `Name`, `Type` FROM `_Columns` WHERE `Table` = 'T'",
    "SELECT `Name`, `Data` FROM `_Streams`",
    "INSERT INTO `_Streams` (`Name`, `Data`) VALUES ('s', ?)",
    "DELETE FROM `_Columns` WHERE `Table` = 'T' AND `Name` = 'C'",
};

/* The start of the line that holds the byte at `at`. */
static size_t line_start(const uint8_t *data, size_t at)
{
    while (at && data[at - 1] != '\n')
        at--;
    return at;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    const char *line = statements[seed / 4 % ARRAY_LEN(statements)];
    size_t len = strlen(line), at = size ? line_start(data, seed / 256 % size) : 0;

    if (seed % 4 || size + len + 1 > max)
        return LLVMFuzzerMutate(data, size, max);
    memmove(data + at + len + 1, data + at, size - at);
    memcpy(data + at, line, len);
    data[at + len] = '\n';
    return size + len + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct state s = {0};
    struct stg *stg;
    if (stg_create_memory(&stg) || db_core_create(stg, &s.db))
        abort();
    for (u32 i = 0; i < ARRAY_LEN(setup); i++)
        run_line(&s, setup[i], strlen(setup[i]));
    const char *text = (const char *)data;
    for (u32 lines = 0; size && lines < 40; lines++) {
        const char *end = memchr(text, '\n', size);
        size_t len = end ? (size_t)(end - text) : size;
        run_line(&s, text, len);
        text += len + (end != NULL);
        size -= len + (end != NULL);
    }
    check(s.db);
    sql_free(s.open);
    db_core_free(s.db);
    stg_close(stg);
    return 0;
}
