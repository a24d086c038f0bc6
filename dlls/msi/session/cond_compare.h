/*
 * Comparing the values of a conditional statement.
 */
#ifndef MSI_COND_COMPARE_H
#define MSI_COND_COMPARE_H

#include "textbuf.h"

enum cond_kind {
    COND_SYMBOL, /* a property and the like: a text that may be meant as an integer */
    COND_TEXT,   /* in quotation marks */
    COND_NUMBER,
};

struct cond_value {
    enum cond_kind kind;
    i32 number;           /* COND_NUMBER */
    struct text_buf text; /* the others */
};

enum cond_operator {
    COND_NO_OPERATOR,
    COND_EQ,
    COND_NE,
    COND_LT,
    COND_GT,
    COND_LE,
    COND_GE,
    COND_CONTAINS,
    COND_BEGINS,
    COND_ENDS,
};

/* Whether the value alone is true: an integer that is not 0, a text that is not empty. */
bool cond_truth(const struct cond_value *v);
bool cond_compare(const struct cond_value *a, enum cond_operator op, bool any_case,
                  const struct cond_value *b);

#endif
