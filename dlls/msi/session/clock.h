/*
 * The time of day here, and the name of this program.
 */
#ifndef MSI_CLOCK_H
#define MSI_CLOCK_H

#include "textbuf.h"

struct local_time {
    u32 year, month, day, hour, minute, second, ms;
};

void clock_now(struct local_time *t);
/* "9:35:58", "11/30/2019": as Windows Installer's log has them. */
void clock_time(struct text_buf *out);
void clock_date(struct text_buf *out);
/* The path of the running program; nothing where it cannot be told. */
void clock_program(struct text_buf *out);

#endif
