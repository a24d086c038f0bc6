/*
 * The actions of the sequence tables that plan operations, in the order of the alphabet. One that
 * is not here is refused, so none is before it does its work.
 */
#include "install.h"

const struct install_action install_actions[] = {
    {NULL, NULL},
};
