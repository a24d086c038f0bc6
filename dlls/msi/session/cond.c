/*
 * Conditional statements: a parser by recursive descent that evaluates as it goes.
 */
#include "cond.h"

#include "cond_compare.h"
#include "record.h"
#include "utf16.h"

enum { MAX_DEPTH = 200 };

struct cond {
    const char16_t *s;
    size_t len, pos;
    cond_lookup lookup;
    void *session;
    u32 depth;
    bool failed;
};

/* --- words --------------------------------------------------------------------------------------
 */

static bool is_digit(char16_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char16_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_name(char16_t c)
{
    return is_name_start(c) || is_digit(c) || c == '.';
}

static char16_t peek(struct cond *c)
{
    while (c->pos < c->len && c->s[c->pos] == ' ')
        c->pos++;
    return c->pos < c->len ? c->s[c->pos] : 0;
}

static bool fail(struct cond *c)
{
    c->failed = true;
    return false;
}

/* The length of the name at pos. */
static size_t name_length(const struct cond *c, size_t from)
{
    size_t n = from;

    if (n < c->len && is_name_start(c->s[n]))
        while (n < c->len && is_name(c->s[n]))
            n++;
    return n - from;
}

/* Takes the word (in upper case) if it stands here as a whole. */
static bool take_word(struct cond *c, const char *word)
{
    size_t n, i;

    peek(c);
    n = name_length(c, c->pos);
    for (i = 0; i < n && word[i]; i++)
        if (u16_upper(c->s[c->pos + i]) != (char16_t)word[i])
            return false;
    if (i != n || word[i])
        return false;
    c->pos += n;
    return true;
}

/* --- values -------------------------------------------------------------------------------------
 */

static bool is_keyword(struct cond *c)
{
    static const char *const words[] = {"NOT", "AND", "OR", "XOR", "EQV", "IMP"};
    size_t before = c->pos;

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (take_word(c, words[i])) {
            c->pos = before;
            return true;
        }
    }
    return false;
}

static bool parse_text(struct cond *c, struct cond_value *v)
{
    size_t start = ++c->pos;

    while (c->pos < c->len && c->s[c->pos] != '"')
        c->pos++;
    if (c->pos >= c->len)
        return fail(c);
    tb_add(&v->text, c->s + start, c->pos - start);
    c->pos++;
    v->kind = COND_TEXT;
    return true;
}

/* What follows a full stop in a number is not looked at. One that is too large is the largest. */
static bool parse_number(struct cond *c, struct cond_value *v)
{
    bool negative = c->s[c->pos] == '-';
    i64 n = 0;

    if (negative)
        c->pos++;
    for (; c->pos < c->len && is_digit(c->s[c->pos]); c->pos++)
        n = MIN(n * 10 + (c->s[c->pos] - '0'), (i64)INT32_MAX + 1);
    v->kind = COND_NUMBER;
    v->number = (i32)(negative ? -n : MIN(n, (i64)INT32_MAX));
    while (c->pos < c->len && (c->s[c->pos] == '.' || is_digit(c->s[c->pos])))
        c->pos++;
    return true;
}

static bool parse_name(struct cond *c, char16_t sign, struct cond_value *v)
{
    size_t n;

    if (sign)
        c->pos++;
    n = name_length(c, c->pos);
    if (!n || (!sign && is_keyword(c)))
        return fail(c);
    v->kind = COND_SYMBOL;
    if (c->lookup && c->lookup(c->session, sign, c->s + c->pos, n, &v->text))
        return fail(c);
    c->pos += n;
    /* a state is an integer */
    if (sign && sign != '%' && v->text.len) {
        v->kind = COND_NUMBER;
        v->number = rec_parse_int(v->text.s, v->text.len);
    }
    return true;
}

static bool parse_value(struct cond *c, struct cond_value *v)
{
    char16_t ch = peek(c);

    if (ch == '"')
        return parse_text(c, v);
    if (is_digit(ch) || (ch == '-' && c->pos + 1 < c->len && is_digit(c->s[c->pos + 1])))
        return parse_number(c, v);
    if (ch == '%' || ch == '$' || ch == '&' || ch == '?' || ch == '!')
        return parse_name(c, ch, v);
    return parse_name(c, 0, v);
}

/* --- comparisons --------------------------------------------------------------------------------
 */

static enum cond_operator parse_operator(struct cond *c, bool *any_case)
{
    static const struct {
        char16_t first, second;
        enum cond_operator op;
    } signs[] = {{'<', '>', COND_NE},     {'<', '=', COND_LE},   {'>', '=', COND_GE},
                 {'<', '<', COND_BEGINS}, {'>', '>', COND_ENDS}, {'>', '<', COND_CONTAINS},
                 {'=', 0, COND_EQ},       {'<', 0, COND_LT},     {'>', 0, COND_GT}};
    size_t at;

    *any_case = peek(c) == '~';
    at = c->pos + *any_case;
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (at >= c->len || c->s[at] != signs[i].first)
            continue;
        if (signs[i].second && (at + 1 >= c->len || c->s[at + 1] != signs[i].second))
            continue;
        c->pos = at + 1 + (signs[i].second != 0);
        return signs[i].op;
    }
    if (*any_case)
        fail(c);
    return COND_NO_OPERATOR;
}

static bool parse_comparison(struct cond *c)
{
    struct cond_value a = {0}, b = {0};
    enum cond_operator op;
    bool any_case, result = false;

    if (parse_value(c, &a)) {
        op = parse_operator(c, &any_case);
        if (!c->failed && op == COND_NO_OPERATOR)
            result = cond_truth(&a);
        else if (!c->failed && parse_value(c, &b))
            result = cond_compare(&a, op, any_case, &b);
    }
    if (a.text.failed || b.text.failed)
        fail(c);
    tb_free(&a.text);
    tb_free(&b.text);
    return result;
}

/* --- combinations -------------------------------------------------------------------------------
 */

static bool parse_all(struct cond *c);

static bool parse_parentheses(struct cond *c)
{
    bool result;

    c->pos++;
    result = parse_all(c);
    if (peek(c) != ')')
        return fail(c);
    c->pos++;
    return result;
}

static bool parse_not(struct cond *c)
{
    bool negate = false, result;

    while (take_word(c, "NOT"))
        negate = !negate;
    if (peek(c) == '(')
        result = parse_parentheses(c);
    else
        result = parse_comparison(c);
    return negate ? !result : result;
}

static bool parse_and(struct cond *c)
{
    bool result = parse_not(c);

    while (!c->failed && take_word(c, "AND"))
        result = parse_not(c) & result;
    return result;
}

static bool parse_or(struct cond *c)
{
    bool result = parse_and(c);

    while (!c->failed && take_word(c, "OR"))
        result = parse_and(c) | result;
    return result;
}

static bool parse_xor(struct cond *c)
{
    bool result = parse_or(c);

    while (!c->failed && take_word(c, "XOR"))
        result = parse_or(c) ^ result;
    return result;
}

static bool parse_eqv(struct cond *c)
{
    bool result = parse_xor(c);

    while (!c->failed && take_word(c, "EQV"))
        result = parse_xor(c) == result;
    return result;
}

static bool parse_all(struct cond *c)
{
    bool result;

    if (++c->depth > MAX_DEPTH)
        return fail(c);
    result = parse_eqv(c);
    while (!c->failed && take_word(c, "IMP"))
        result = parse_eqv(c) | !result;
    c->depth--;
    return result;
}

enum cond_result cond_evaluate(const char16_t *text, size_t len, cond_lookup lookup, void *session)
{
    struct cond c = {.s = text, .len = len, .lookup = lookup, .session = session};
    bool result;

    if (!peek(&c) && c.pos >= len)
        return COND_NONE;
    result = parse_all(&c);
    if (c.failed || peek(&c) || c.pos < len)
        return COND_ERROR;
    return result ? COND_TRUE : COND_FALSE;
}
