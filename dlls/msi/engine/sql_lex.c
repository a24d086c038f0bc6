/*
 * The words of a query.
 */
#include "sql_lex.h"

static const char *const keywords[] = {
    "ADD",       "ALTER",  "AND",    "BY",          "CHAR",   "CHARACTER", "CREATE", "DELETE",
    "DISTINCT",  "DROP",   "FREE",   "FROM",        "HOLD",   "INSERT",    "INT",    "INTEGER",
    "INTO",      "IS",     "KEY",    "LOCALIZABLE", "LONG",   "LONGCHAR",  "NOT",    "NULL",
    "OBJECT",    "OR",     "ORDER",  "PRIMARY",     "SELECT", "SET",       "SHORT",  "TABLE",
    "TEMPORARY", "UPDATE", "VALUES", "WHERE",
};
STATIC_ASSERT(ARRAY_LEN(keywords) == KW_AFTER_LAST - KW_ADD);

enum { KEYWORD_MAX = 11 };

/* The first keyword of each letter, so that a word is compared with a few only. */
static const u8 first_of[27] = {
    /* A */ 0,  /* B */ 3,  /* C */ 4,  /* D */ 7,
    /* E */ 10, /* F */ 10, /* G */ 12, /* H */ 12,
    /* I */ 13, /* J */ 18, /* K */ 18, /* L */ 19,
    /* M */ 22, /* N */ 22, /* O */ 24, /* P */ 27,
    /* Q */ 28, /* R */ 28, /* S */ 28, /* T */ 31,
    /* U */ 33, /* V */ 34, /* W */ 35, /* X */ 36,
    /* Y */ 36, /* Z */ 36, 36,
};

static bool is_letter(char16_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(char16_t c)
{
    return c >= '0' && c <= '9';
}

/* The first character of a bare name. 5 begins the names of some streams. */
static bool begins(char16_t c, char16_t next)
{
    return is_letter(c) || c == 5 || (c == '-' && is_letter(next));
}

/* After the first character of a bare name. */
static bool goes_on(char16_t c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == 5;
}

/* Vertical tab and carriage return are none. */
static bool is_space(char16_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f';
}

static bool same_word(const char16_t *s, u32 len, const char *word)
{
    u32 i;
    for (i = 0; i < len; i++) {
        if (!word[i] || (s[i] & ~0x20) != word[i])
            return false;
    }
    return !word[i];
}

/* The keyword that the bare word is, or TOK_NAME. */
static enum sql_token_kind keyword(const char16_t *s, u32 len)
{
    u32 letter = (s[0] & ~0x20u) - 'A';
    if (letter >= 26 || len > KEYWORD_MAX)
        return TOK_NAME;
    for (u32 i = first_of[letter]; i < first_of[letter + 1]; i++) {
        if (same_word(s, len, keywords[i]))
            return KW_ADD + i;
    }
    return TOK_NAME;
}

void sql_lex_start(struct sql_lexer *l, const char16_t *text, u32 len)
{
    l->text = text;
    l->len = len;
    l->at = 0;
}

/* After a bad word there is nothing more to read. */
static void bad(struct sql_lexer *l, struct sql_token *t)
{
    t->kind = TOK_BAD;
    t->len = l->len - t->pos;
    l->at = l->len;
}

static void quoted(struct sql_lexer *l, struct sql_token *t, char16_t quote,
                   enum sql_token_kind kind)
{
    u32 start = ++l->at;
    while (l->at < l->len && l->text[l->at] != quote)
        l->at++;
    if (l->at == l->len) {
        bad(l, t);
        return;
    }
    t->kind = kind;
    t->text = l->text + start;
    t->len = l->at - start;
    l->at++;
}

static void number(struct sql_lexer *l, struct sql_token *t)
{
    u64 v = 0;
    while (l->at < l->len && is_digit(l->text[l->at]) && v <= 0xffffffffu)
        v = v * 10 + (l->text[l->at++] - '0');
    if (v > 0x80000000u) { /* the most that a sign can make an integer */
        bad(l, t);
        return;
    }
    t->kind = TOK_NUMBER;
    t->value = (u32)v;
    t->len = l->at - t->pos;
}

static void word(struct sql_lexer *l, struct sql_token *t)
{
    while (l->at < l->len && goes_on(l->text[l->at]))
        l->at++;
    t->len = l->at - t->pos;
    t->kind = keyword(t->text, t->len);
    if (t->kind == TOK_NAME && l->at < l->len && l->text[l->at] == '`')
        l->at++; /* scripts that work with Windows Installer forget the one before the name */
}

/* One of two characters, where the second is `second`: `two`, or else `one`. */
static enum sql_token_kind longer(struct sql_lexer *l, char16_t second, enum sql_token_kind two,
                                  enum sql_token_kind one)
{
    if (l->at < l->len && l->text[l->at] == second) {
        l->at++;
        return two;
    }
    return one;
}

static enum sql_token_kind sign(struct sql_lexer *l, char16_t c)
{
    enum sql_token_kind one;
    switch (c) {
    case '?':
        return TOK_PARAM;
    case '*':
        return TOK_STAR;
    case ',':
        return TOK_COMMA;
    case '.':
        return TOK_DOT;
    case '-':
        return TOK_MINUS;
    case '(':
        return TOK_OPEN;
    case ')':
        return TOK_CLOSE;
    case '=':
        return TOK_EQ;
    case '!':
        return longer(l, '=', TOK_NE, TOK_BAD);
    case '<':
        one = longer(l, '>', TOK_NE, TOK_LT);
        return one == TOK_LT ? longer(l, '=', TOK_LE, TOK_LT) : one;
    case '>':
        return longer(l, '=', TOK_GE, TOK_GT);
    default:
        return TOK_BAD;
    }
}

void sql_lex_next(struct sql_lexer *l, struct sql_token *t)
{
    while (l->at < l->len && is_space(l->text[l->at]))
        l->at++;
    t->pos = l->at;
    t->text = l->text + l->at;
    t->len = 0;
    if (l->at == l->len) {
        t->kind = TOK_END;
        return;
    }
    char16_t c = l->text[l->at], after = l->at + 1 < l->len ? l->text[l->at + 1] : 0;
    if (begins(c, after)) {
        word(l, t);
    } else if (is_digit(c)) {
        number(l, t);
    } else if (c == '`') {
        quoted(l, t, c, TOK_NAME);
    } else if (c == '\'') {
        quoted(l, t, c, TOK_STRING);
    } else {
        l->at++;
        t->kind = sign(l, c);
        if (t->kind == TOK_BAD)
            bad(l, t);
        else
            t->len = l->at - t->pos;
    }
}

bool sql_lex_is_bare_name(const char16_t *text, size_t len)
{
    if (!len || !begins(text[0], len > 1 ? text[1] : 0))
        return false;
    for (size_t i = 1; i < len; i++) {
        if (!goes_on(text[i]))
            return false;
    }
    return len > KEYWORD_MAX || keyword(text, (u32)len) == TOK_NAME;
}
