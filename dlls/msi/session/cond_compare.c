/*
 * Comparing the values of a conditional statement.
 */
#include "cond_compare.h"

#include "record.h"
#include "utf16.h"

bool cond_truth(const struct cond_value *v)
{
    return v->kind == COND_NUMBER ? v->number != 0 : v->text.len != 0;
}

static bool compare_numbers(u32 a, enum cond_operator op, u32 b)
{
    switch (op) {
    case COND_EQ:
        return a == b;
    case COND_NE:
        return a != b;
    case COND_LT:
        return (i32)a < (i32)b;
    case COND_GT:
        return (i32)a > (i32)b;
    case COND_LE:
        return (i32)a <= (i32)b;
    case COND_GE:
        return (i32)a >= (i32)b;
    case COND_CONTAINS:
        return (a & b) != 0;
    case COND_BEGINS:
        return a >> 16 == b;
    case COND_ENDS:
        return (a & 0xffff) == b;
    case COND_NO_OPERATOR:
        break;
    }
    return false;
}

struct span {
    const char16_t *s;
    size_t len;
};

static struct span span_of(const struct text_buf *t)
{
    return (struct span){t->s ? t->s : u"", t->len};
}

static int order(struct span a, struct span b, bool any_case)
{
    return any_case ? u16_compare_fold(a.s, a.len, b.s, b.len)
                    : u16_compare(a.s, a.len, b.s, b.len);
}

static bool stands_at(struct span a, size_t at, struct span b, bool any_case)
{
    return at + b.len <= a.len && !order((struct span){a.s + at, b.len}, b, any_case);
}

static bool contains(struct span a, struct span b, bool any_case)
{
    for (size_t i = 0; i + b.len <= a.len; i++)
        if (stands_at(a, i, b, any_case))
            return true;
    return false;
}

static bool compare_texts(struct span a, enum cond_operator op, struct span b, bool any_case)
{
    switch (op) {
    case COND_EQ:
        return !order(a, b, any_case);
    case COND_NE:
        return order(a, b, any_case) != 0;
    case COND_LT:
        return order(a, b, any_case) < 0;
    case COND_GT:
        return order(a, b, any_case) > 0;
    case COND_LE:
        return order(a, b, any_case) <= 0;
    case COND_GE:
        return order(a, b, any_case) >= 0;
    case COND_CONTAINS: /* an empty text has nothing in it, not even another one */
        return a.len && contains(a, b, any_case);
    case COND_BEGINS:
        return a.len && stands_at(a, 0, b, any_case);
    case COND_ENDS:
        return a.len && b.len <= a.len && stands_at(a, a.len - b.len, b, any_case);
    case COND_NO_OPERATOR:
        break;
    }
    return false;
}

/* A sign alone is no integer here, though it is one in a record's field. */
static bool says_integer(const struct text_buf *t, i32 *n)
{
    if (!t->len || (t->len == 1 && t->s[0] == '-'))
        return false;
    *n = rec_parse_int(t->s, t->len);
    return *n != REC_NULL_INT;
}

/* The integer that the value is or, of a symbol, says. */
static bool as_number(const struct cond_value *v, i32 *n)
{
    *n = v->number;
    if (v->kind == COND_NUMBER)
        return true;
    return v->kind != COND_TEXT && says_integer(&v->text, n);
}

/* Whether two texts, one of them at least a symbol's value, both say integers. */
static bool two_numbers(const struct cond_value *a, i32 *x, const struct cond_value *b, i32 *y)
{
    if (a->kind == COND_TEXT && b->kind == COND_TEXT)
        return false;
    return says_integer(&a->text, x) && says_integer(&b->text, y);
}

bool cond_compare(const struct cond_value *a, enum cond_operator op, bool any_case,
                  const struct cond_value *b)
{
    i32 x, y;

    if (a->kind != COND_NUMBER && b->kind != COND_NUMBER) {
        if (two_numbers(a, &x, b, &y))
            return compare_numbers((u32)x, op, (u32)y);
        return compare_texts(span_of(&a->text), op, span_of(&b->text), any_case);
    }
    if (as_number(a, &x) && as_number(b, &y))
        return compare_numbers((u32)x, op, (u32)y);
    return op == COND_NE;
}
