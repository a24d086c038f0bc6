/*
 * Values on their way into columns.
 */
#include "sql_value.h"

#include "utf16.h"

struct value sql_value_of(const struct ast_operand *a, const struct value *params)
{
    struct value v = {.kind = VALUE_NULL};
    switch (a->kind) {
    case AST_INT:
        v.kind = VALUE_INT;
        v.i = a->value;
        break;
    case AST_STRING:
        v.kind = VALUE_TEXT;
        v.text = a->name.text;
        v.len = a->name.len;
        break;
    case AST_PARAM:
        v = params[a->param];
        break;
    default:
        break;
    }
    return v;
}

bool sql_value_to_int(const char16_t *s, size_t len, i32 *out)
{
    bool negative = len && *s == '-';
    u32 v;
    if (!u16_to_u32(s + negative, len - negative, &v) || v > 0x7fffffffu + negative)
        return false;
    *out = (i32)(negative ? 0u - v : v);
    return true;
}

static void print_int(struct value *v, char16_t *digits)
{
    u32 n = v->i < 0 ? 0u - (u32)v->i : (u32)v->i;
    size_t at = SQL_VALUE_TEXT;
    do {
        digits[--at] = (char16_t)('0' + n % 10);
        n /= 10;
    } while (n);
    if (v->i < 0)
        digits[--at] = '-';
    v->kind = VALUE_TEXT;
    v->text = digits + at;
    v->len = SQL_VALUE_TEXT - at;
}

u32 sql_value_fit(struct value *v, u32 type, char16_t digits[SQL_VALUE_TEXT])
{
    if (v->kind == VALUE_TEXT && !v->len)
        v->kind = VALUE_NULL;
    if (v->kind == VALUE_NULL)
        return ERROR_SUCCESS;
    if (col_is_object(type))
        return v->kind == VALUE_STREAM ? ERROR_SUCCESS : ERROR_DATATYPE_MISMATCH;
    if (v->kind == VALUE_STREAM)
        return ERROR_DATATYPE_MISMATCH;
    if (col_is_int(type)) {
        if (v->kind == VALUE_TEXT && !sql_value_to_int(v->text, v->len, &v->i))
            return ERROR_DATATYPE_MISMATCH;
        v->kind = VALUE_INT;
    } else if (v->kind == VALUE_INT) {
        print_int(v, digits);
    }
    return ERROR_SUCCESS;
}
