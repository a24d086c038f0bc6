/*
 * Where a trace line goes: standard error, in one write. One body for each system.
 */
#ifndef DECANTER_TRACE_OUT_H
#define DECANTER_TRACE_OUT_H

#include "base.h"

void trace_out(const char *line, u32 len);

#endif
