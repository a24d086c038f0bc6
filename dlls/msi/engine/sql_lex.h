/*
 * The words of a query.
 *
 * A name is bare (letters, digits, '_', '-', starting with a letter or '_'; everything beyond ASCII
 * is a letter) or stands in grave accents, between which anything but a grave accent may stand. A
 * string stands in apostrophes and has no way to hold one. Keywords are bare words in any case.
 */
#ifndef MSI_SQL_LEX_H
#define MSI_SQL_LEX_H

#include "base.h"

enum sql_token_kind {
    TOK_END,
    TOK_BAD,    /* a character that is none of ours, or a quote that is not closed */
    TOK_NAME,   /* text: without its accents */
    TOK_STRING, /* text: without its apostrophes */
    TOK_NUMBER, /* value; no sign */
    TOK_PARAM,  /* ? */
    TOK_STAR,
    TOK_COMMA,
    TOK_DOT,
    TOK_MINUS,
    TOK_OPEN,
    TOK_CLOSE,
    TOK_EQ,
    TOK_NE, /* <> and != */
    TOK_LT,
    TOK_GT,
    TOK_LE,
    TOK_GE,
    /* Keywords, in the order of the alphabet. */
    KW_ADD,
    KW_ALTER,
    KW_AND,
    KW_BY,
    KW_CHAR,
    KW_CHARACTER,
    KW_CREATE,
    KW_DELETE,
    KW_DISTINCT,
    KW_DROP,
    KW_FREE,
    KW_FROM,
    KW_HOLD,
    KW_INSERT,
    KW_INT,
    KW_INTEGER,
    KW_INTO,
    KW_IS,
    KW_KEY,
    KW_LOCALIZABLE,
    KW_LONG,
    KW_LONGCHAR,
    KW_NOT,
    KW_NULL,
    KW_OBJECT,
    KW_OR,
    KW_ORDER,
    KW_PRIMARY,
    KW_SELECT,
    KW_SET,
    KW_SHORT,
    KW_TABLE,
    KW_TEMPORARY,
    KW_UPDATE,
    KW_VALUES,
    KW_WHERE,
    KW_AFTER_LAST,
};

struct sql_token {
    enum sql_token_kind kind;
    u32 pos;              /* characters from the start of the query, quotes included */
    const char16_t *text; /* into the query; not terminated */
    u32 len;
    u32 value; /* TOK_NUMBER; what does not fit is TOK_BAD */
};

struct sql_lexer {
    const char16_t *text;
    u32 len, at;
};

void sql_lex_start(struct sql_lexer *l, const char16_t *text, u32 len);
/* The next word; TOK_END for ever after the last. TOK_BAD ends the query too. */
void sql_lex_next(struct sql_lexer *l, struct sql_token *out);
/* Whether the text, written bare, would be read as that one name. */
bool sql_lex_is_bare_name(const char16_t *text, size_t len);

#endif
