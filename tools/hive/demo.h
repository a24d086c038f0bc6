/*
 * demo: the registry functions at work, for `make run`.
 */
#ifndef HIVE_DEMO_H
#define HIVE_DEMO_H

#include "base.h"

int cmd_demo(int argc, char16_t **argv);

#endif
