/*
 * What a log is to its hive once everything that can be applied is. For recover.c.
 */
#ifndef DECANTER_RECOVER_FIT_H
#define DECANTER_RECOVER_FIT_H

#include "recover.h"

/* Sets the result and what each log is; base->seq2 is the number that would come next. */
void recover_judge(struct recover *r);

#endif
