/*
 * Times as text.
 */
#include "clock.h"

static void two_digits(struct text_buf *out, u32 n)
{
    tb_char(out, (char16_t)('0' + n / 10 % 10));
    tb_char(out, (char16_t)('0' + n % 10));
}

void clock_time(struct text_buf *out)
{
    struct local_time t;

    clock_now(&t);
    tb_number(out, (i32)t.hour);
    tb_char(out, ':');
    two_digits(out, t.minute);
    tb_char(out, ':');
    two_digits(out, t.second);
}

void clock_date(struct text_buf *out)
{
    struct local_time t;

    clock_now(&t);
    tb_number(out, (i32)t.month);
    tb_char(out, '/');
    tb_number(out, (i32)t.day);
    tb_char(out, '/');
    tb_number(out, (i32)t.year);
}
