/*
 * On Windows, and in a prefix, msiexec installs.
 */
#include "msiq.h"

static int refuse(void)
{
    warn("this is for folders on a host without Windows; here msiexec installs");
    return EXIT_USAGE;
}

int cmd_install(int argc, char16_t **argv)
{
    UNUSED(argc);
    UNUSED(argv);
    return refuse();
}

int cmd_uninstall(int argc, char16_t **argv)
{
    UNUSED(argc);
    UNUSED(argv);
    return refuse();
}

int cmd_installed(int argc, char16_t **argv)
{
    UNUSED(argc);
    UNUSED(argv);
    return refuse();
}

int cmd_recover(int argc, char16_t **argv)
{
    UNUSED(argc);
    UNUSED(argv);
    return refuse();
}
